/* Proof and rebuild of the dossiers: op/dossier.h. */
#include "feature/features.h"

#include "op/dossier.h"

/* Of audit the rows of accounts alone. */
#define LACKING(what, table)                                                                       \
    "SELECT 'account ' || COALESCE(a.code, CAST(x.account_id AS TEXT))"                            \
    " || ': its dossier does not list " what " ' || CAST(x.id AS TEXT)"                            \
    " FROM " table " x LEFT JOIN account a ON a.id = x.account_id"                                 \
    " LEFT JOIN dossier k ON k.account_id = x.account_id AND k.from_id = " DOSSIER_BLOCK(          \
        "x.id") " WHERE x.account_id <> 0 AND k.from_id IS NULL"

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

#define NONE_OF(table) " NOT EXISTS (SELECT 1 FROM " table " x {by_id} WHERE " DOSSIER_HAS("x") ")"

static const Sql sql_check_empty = {
    "SELECT 'account ' || a.code || ': its dossier lists ' || CAST(k.from_id AS TEXT)"
    " || ', where it has nothing' FROM dossier k JOIN account a ON a.id = k.account_id"
    " WHERE" NONE_OF("entry") " AND" NONE_OF("decision") " AND" NONE_OF(
        "sales_order") " AND" NONE_OF("audit"),
    .in = "",
    .out = "t",
};
static const Check check_empty = {.name = "dossiers list nothing else", .sql = &sql_check_empty};

static const Sql sql_drop = {"DELETE FROM dossier", .in = ""};

#define BLOCKS_OF(table)                                                                           \
    "SELECT x.account_id, " DOSSIER_BLOCK("x.id") " FROM " table " x WHERE x.account_id <> 0"

static const Sql sql_add = {
    "INSERT INTO dossier (account_id, from_id) " BLOCKS_OF("entry")    //
    " UNION " BLOCKS_OF("decision") " UNION " BLOCKS_OF("sales_order") //
    " UNION " BLOCKS_OF("audit"),
    .in = "",
};

static Err dossier_rebuild(Ctx *cx)
{
    TRY(db_put(cx, &sql_drop, NO_ARGS));
    return db_put(cx, &sql_add, NO_ARGS);
}
static const Derived derived_dossier = {.table = "dossier", .rebuild = dossier_rebuild};

const Feature dossier_feature = {
    .name = "dossier",
    .checks = (const Check *const[]){&check_lacking, &check_empty, NULL},
    .derived = (const Derived *const[]){&derived_dossier, NULL},
};
