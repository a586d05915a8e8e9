/* Proof and rebuild of the dossiers: op/dossier.h. */
#include "feature/features.h"

#include "op/dossier.h"

#define LACKING(kind, table)                                                                       \
    "SELECT 'account ' || COALESCE(a.code, CAST(x.account_id AS TEXT))"                            \
    " || ': its dossier does not list " kind " ' || CAST(x.id AS TEXT)"                            \
    " FROM " table " x LEFT JOIN account a ON a.id = x.account_id"                                 \
    " LEFT JOIN dossier k ON k.account_id = x.account_id AND k.id = x.id"                          \
    " WHERE x.account_id <> 0 AND COALESCE(k.kind, '') <> '" kind "'"

static const Sql sql_check_lacking = {
    LACKING("entry", "entry")                     //
    " UNION ALL " LACKING("decision", "decision") //
    " UNION ALL " LACKING("order", "sales_order") //
    " UNION ALL " LACKING("audit", "audit"),
    .in = "",
    .out = "t",
};
static const Check check_lacking = {
    .name = "dossiers list what accounts have", .sql = &sql_check_lacking};

#define NONE_OF(kind, table)                                                                       \
    " NOT EXISTS (SELECT 1 FROM " table " x WHERE dossier.kind = '" kind "'"                       \
    " AND x.account_id = dossier.account_id AND x.id = dossier.id)"
#define NAMES_NOTHING                                                                              \
    NONE_OF("entry", "entry")                                                                      \
    " AND" NONE_OF("decision", "decision") " AND" NONE_OF("order", "sales_order") " AND" NONE_OF(  \
        "audit", "audit")

static const Sql sql_check_empty = {
    "SELECT 'account ' || a.code || ': its dossier lists ' || dossier.kind || ' ' ||"
    " CAST(dossier.id AS TEXT) || ', which is not there' FROM dossier"
    " JOIN account a ON a.id = dossier.account_id WHERE" NAMES_NOTHING,
    .in = "",
    .out = "t",
};
static const Check check_empty = {.name = "dossiers list nothing else", .sql = &sql_check_empty};

/* What refers to the dossier stands, so it is put right and not made anew. */
#define MISSING_ADD(kind, table)                                                                   \
    "INSERT INTO dossier (account_id, id, kind) SELECT x.account_id, x.id, '" kind "'"             \
    " FROM " table " x WHERE x.account_id <> 0 AND NOT EXISTS (SELECT 1 FROM dossier k"            \
    " WHERE k.account_id = x.account_id AND k.id = x.id AND k.kind = '" kind "')"                  \
    " ON CONFLICT (account_id, id) DO UPDATE SET kind = excluded.kind"

static const Sql sql_missing_add[] = {
    {MISSING_ADD("entry", "entry"), .in = ""},
    {MISSING_ADD("decision", "decision"), .in = ""},
    {MISSING_ADD("order", "sales_order"), .in = ""},
    {MISSING_ADD("audit", "audit"), .in = ""},
};

static const Sql sql_empty_some = {
    "SELECT dossier.account_id, dossier.id FROM dossier WHERE" NAMES_NOTHING " LIMIT 500",
    .in = "",
    .out = "kk",
};
static const Sql sql_empty_drop = {
    "DELETE FROM dossier WHERE account_id = $1 AND id = $2", .in = "kk"};

static Err empty_drop(Ctx *cx)
{
    Rows rows;
    do {
        TRY(db_ask(cx, &sql_empty_some, NO_ARGS, &rows));
        while (db_next(&rows)) {
            TRY(db_put(
                cx, &sql_empty_drop, ARGS(arg_id(db_id(&rows, 0)), arg_id(db_id(&rows, 1)))));
        }
    } while (rows.count > 0);
    return ERR_OK;
}

static Err dossier_rebuild(Ctx *cx)
{
    for (size_t i = 0; i < COUNT(sql_missing_add); i++) {
        TRY(db_put(cx, &sql_missing_add[i], NO_ARGS));
    }
    return empty_drop(cx);
}
static const Derived derived_dossier = {.table = "dossier", .rebuild = dossier_rebuild};

const Feature dossier_feature = {
    .name = "dossier",
    .checks = (const Check *const[]){&check_lacking, &check_empty, NULL},
    .derived = (const Derived *const[]){&derived_dossier, NULL},
};
