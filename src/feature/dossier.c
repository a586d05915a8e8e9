/* Proof and rebuild of the dossiers: op/dossier.h. */
#include "feature/features.h"

#include "op/dossier.h"

/* Of audit the rows of accounts alone. */
#define LACKING(what, table, told)                                                                 \
    "SELECT 'account ' || COALESCE(a.code, CAST(x.account_id AS TEXT))"                            \
    " || ': its dossier does not list " what " ' || CAST(x.id AS TEXT)"                            \
    " FROM " table " x LEFT JOIN account a ON a.id = x.account_id"                                 \
    " LEFT JOIN dossier k ON k.account_id = x.account_id AND k.from_id = " DOSSIER_BLOCK(          \
        "x.id") " WHERE x.account_id <> 0 AND COALESCE(" told ", FALSE) = FALSE"

static const Sql sql_check_lacking = {
    LACKING("entry", "entry", "k.from_id IS NOT NULL")              //
    " UNION ALL " LACKING("decision", "decision", "k.has_decision") //
    " UNION ALL " LACKING("order", "sales_order", "k.has_order")    //
    " UNION ALL " LACKING("audit", "audit", "k.from_id IS NOT NULL"),
    .in = "",
    .out = "t",
};
static const Check check_lacking = {
    .name = "dossiers list what accounts have", .sql = &sql_check_lacking};

#define NONE_OF(table) " NOT EXISTS (SELECT 1 FROM " table " x {by_id} WHERE " DOSSIER_HAS("x") ")"
#define NO_ORDER NONE_OF("sales_order")
#define NO_DECISION NONE_OF("decision")
#define NOTHING_ELSE NONE_OF("entry") " AND" NONE_OF("audit")

static const Sql sql_check_empty = {
    "SELECT 'account ' || a.code || ': its dossier lists ' || CAST(k.from_id AS TEXT)"
    " || ', where it has not that' FROM dossier k JOIN account a ON a.id = k.account_id"
    " WHERE (k.has_order = TRUE AND" NO_ORDER ") OR (k.has_decision = TRUE AND" NO_DECISION ")"
    " OR (k.has_order = FALSE AND k.has_decision = FALSE AND" NOTHING_ELSE ")",
    .in = "",
    .out = "t",
};
static const Check check_empty = {.name = "dossiers list nothing else", .sql = &sql_check_empty};

static const Sql sql_drop = {"DELETE FROM dossier", .in = ""};

#define BLOCKS_OF(table, order, decision)                                                          \
    "SELECT account_id, " DOSSIER_BLOCK("id") " AS block, " order " AS orders, " decision          \
                                              " AS decisions FROM " table " WHERE account_id <> 0"

static const Sql sql_add = {
    "INSERT INTO dossier (account_id, from_id, has_order, has_decision)"
    " SELECT x.account_id, x.block, MAX(x.orders) > 0, MAX(x.decisions) > 0 FROM (" //
    BLOCKS_OF("entry", "0", "0") " UNION ALL " BLOCKS_OF("audit", "0", "0")         //
    " UNION ALL " BLOCKS_OF("sales_order", "1", "0")                                //
    " UNION ALL " BLOCKS_OF("decision", "0", "1") ") x GROUP BY x.account_id, x.block",
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
