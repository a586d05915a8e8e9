/* The months of accounts: written by the transactions that invoice and settle, made again from
 * entries and invoices, and proved. Orders do not come here. */
#include "feature/month.h"

#include "feature/features.h"
#include "op/op.h"
#include "rules/lateness.h"

static const Sql sql_month_move = {
    "INSERT INTO account_month (account_id, month_on, invoiced, receivable, on_time, late,"
    " very_late) VALUES ($1, $2, $3, $4, $5, $6, $7)"
    " ON CONFLICT (account_id, month_on) DO UPDATE SET"
    " invoiced = account_month.invoiced + excluded.invoiced,"
    " receivable = account_month.receivable + excluded.receivable,"
    " on_time = account_month.on_time + excluded.on_time,"
    " late = account_month.late + excluded.late,"
    " very_late = account_month.very_late + excluded.very_late",
    .in = "kdiiiii",
};

Err month_receivable_move(Ctx *cx, Id account_id, Date posted_on, Money invoiced, Money receivable)
{
    return db_put(cx, &sql_month_move,
        ARGS(arg_id(account_id), arg_date(date_month_first(posted_on)), arg_i64(invoiced.minor),
            arg_i64(receivable.minor), arg_i64(0), arg_i64(0), arg_i64(0)));
}

Err month_settled_move(Ctx *cx, Id account_id, Date due_on, Date settled_on, Money amount)
{
    int64_t how[LATENESS_COUNT] = {0};
    how[lateness_of(due_on, settled_on)] = amount.minor;
    return db_put(cx, &sql_month_move,
        ARGS(arg_id(account_id), arg_date(date_month_first(due_on)), arg_i64(0), arg_i64(0),
            arg_i64(how[LATENESS_ON_TIME]), arg_i64(how[LATENESS_LATE]),
            arg_i64(how[LATENESS_VERY_LATE])));
}

/* ---- Proof and rebuild ---- */

/* The same from the facts, one row an entry or invoice; `s` stands before each amount. */
#define IS_INVOICED "e.event IN ('invoiced_shipped', 'invoiced_ordered', 'invoiced_outside')"
#define SETTLED(s, when) "CASE WHEN " when " THEN " s "i.amount ELSE 0 END"
#define MOVES(s)                                                                                   \
    "SELECT e.account_id, {month_of e.posted_on} AS month_on,"                                     \
    " CASE WHEN NOT (" IS_INVOICED ") THEN 0 WHEN e.to_bucket = 'receivable' THEN " s              \
    "e.amount ELSE 0 - " s "e.amount END AS invoiced,"                                             \
    " CASE WHEN e.to_bucket = 'receivable' THEN " s "e.amount ELSE 0 - " s                         \
    "e.amount END AS receivable, 0 AS on_time, 0 AS late, 0 AS very_late"                          \
    " FROM entry e WHERE e.to_bucket = 'receivable' OR e.from_bucket = 'receivable'"               \
    " UNION ALL SELECT i.account_id, {month_of i.due_on}, 0, 0, " SETTLED(                         \
        s, "i.settled_on <= i.due_on") ", " SETTLED(s,                                             \
        "i.settled_on > i.due_on AND i.settled_on <= {30_days_after i.due_on}") ", " SETTLED(s,    \
        "i.settled_on > {30_days_after i.due_on}") " FROM invoice i WHERE i.settled_on IS NOT "    \
                                                   "NULL"

static const Sql sql_check_months = {
    "SELECT 'account ' || a.code || ': its figures of the month from ' || CAST(s.month_on AS TEXT)"
    " || ' are not those of its documents' FROM (SELECT x.account_id, x.month_on FROM"
    " (SELECT m.account_id, m.month_on, m.invoiced, m.receivable, m.on_time, m.late, m.very_late"
    " FROM account_month m UNION ALL " MOVES(
        "-") ") x GROUP BY x.account_id, x.month_on"
             " HAVING SUM(x.invoiced) <> 0 OR SUM(x.receivable) <> 0 OR SUM(x.on_time) <> 0"
             " OR SUM(x.late) <> 0 OR SUM(x.very_late) <> 0) s JOIN account a ON a.id = "
             "s.account_id",
    .in = "",
    .out = "t",
};
static const Check check_months = {
    .name = "months of accounts are those of their documents", .sql = &sql_check_months};

/* A row once written stays, even when all of it was taken back. */
static const Sql sql_months_empty = {
    "UPDATE account_month SET invoiced = 0, receivable = 0, on_time = 0, late = 0, very_late = 0",
    .in = "",
};

static const Sql sql_months_rebuild = {
    "INSERT INTO account_month (account_id, month_on, invoiced, receivable, on_time, late,"
    " very_late) SELECT x.account_id, x.month_on, CAST(SUM(x.invoiced) AS BIGINT),"
    " CAST(SUM(x.receivable) AS BIGINT), CAST(SUM(x.on_time) AS BIGINT),"
    " CAST(SUM(x.late) AS BIGINT), CAST(SUM(x.very_late) AS BIGINT) FROM (" MOVES(
        "") ") x"
            " GROUP BY x.account_id, x.month_on ON CONFLICT (account_id, month_on) DO UPDATE SET"
            " invoiced = excluded.invoiced, receivable = excluded.receivable,"
            " on_time = excluded.on_time, late = excluded.late, very_late = excluded.very_late",
    .in = "",
};

static Err months_rebuild(Ctx *cx)
{
    TRY(db_put(cx, &sql_months_empty, NO_ARGS));
    return db_put(cx, &sql_months_rebuild, NO_ARGS);
}
static const Derived derived_months = {.table = "account_month", .rebuild = months_rebuild};

const Feature month_feature = {
    .name = "month",
    .checks = (const Check *const[]){&check_months, NULL},
    .derived = (const Derived *const[]){&derived_months, NULL},
};
