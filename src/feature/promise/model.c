/* Loads promises, and moves them from status to status with what hangs on them. */
#include "feature/promise/model.h"

#include "feature/order.h"
#include "feature/org.h"
#include "feature/release.h"
#include "op/run.h"
#include "rules/state.h"

/* ---- Loading ---- */

SCHEMA(PromiseRow,
    F_ID(PromiseRow, id, "promise"),
    F_ID(PromiseRow, account_id, "account"),
    F_ID(PromiseRow, partner_id, "partner"),
    F_CURRENCY(PromiseRow, currency),
    F_MONEY(PromiseRow, amount),
    F_MONEY(PromiseRow, target),
    F_MONEY(PromiseRow, comes_first),
    F_DATE(PromiseRow, due_on),
    F_DATE(PromiseRow, made_on),
    F_DATE(PromiseRow, window_end_on),
    F_ENUM(PromiseRow, status, promise_status_names),
    F_MONEY(PromiseRow, received),
    F_MONEY(PromiseRow, lacks),
    F_ID(PromiseRow, vouched_by_id, "user"),
    F_ID(PromiseRow, release_id, "release"),
    F_ID(PromiseRow, replaced_by_id, "promise"));

#define PROMISE_COLUMNS                                                                            \
    "SELECT v.id, v.account_id, v.partner_id, a.currency, v.amount, v.target, v.comes_first,"      \
    " v.due_on, v.made_on, v.window_end_on, v.status, v.received, v.lacks, v.vouched_by_id,"       \
    " v.release_id, v.replaced_by_id"                                                              \
    " FROM promise v JOIN account a ON a.id = v.account_id"
#define PROMISE_OUT "kkktiiidddtiikkk"

static const Sql sql_promise_load = {
    PROMISE_COLUMNS " WHERE v.id = $1",
    .in = "k",
    .out = PROMISE_OUT,
};

static const Sql sql_promises_of_account = {
    PROMISE_COLUMNS " WHERE v.account_id = $1 ORDER BY v.id",
    .in = "k",
    .out = PROMISE_OUT,
};

Err promise_load(Ctx *cx, Id promise_id, PromiseRow *ret_row)
{
    return row_load(cx, &sql_promise_load, promise_id, &PromiseRow_schema, "promise", ret_row);
}

Err promise_rows_load(Ctx *cx, Id account_id, List *ret_rows)
{
    return row_list(
        cx, &sql_promises_of_account, ARGS(arg_id(account_id)), &PromiseRow_schema, ret_rows);
}

/* ---- Judging one by what is stored ---- */

/* No rate is needed for a tolerance of nothing. */
Err promise_tolerance(Ctx *cx, const Policy *policy, Currency currency, Money *ret_tolerance)
{
    if (policy->promise_tolerance_amount.units == 0) {
        *ret_tolerance = money_zero(currency);
        return ERR_OK;
    }
    return org_from_home(cx, policy->promise_tolerance_amount, currency, cx->today, ret_tolerance);
}

/* What has come for an open one is kept up to date by every payment,
 * so that the date alone decides. */
Err promise_status_now(
    Ctx *cx, const Policy *policy, const PromiseRow *row, PromiseStatus *ret_status)
{
    *ret_status = (PromiseStatus)row->status;
    if (row->status != PROMISE_OPEN || row->window_end_on >= cx->today) {
        return ERR_OK;
    }
    Money tolerance;
    TRY(promise_tolerance(cx, policy, row->currency, &tolerance));
    Promise promise = {
        .due_on = row->window_end_on - (Date)policy->promise_tolerance_days,
        .amount = money_add(row->received, row->lacks),
    };
    *ret_status = promise_judge(policy, &promise, row->received, tolerance, cx->today);
    return ERR_OK;
}

/* ---- Moving ---- */

const Fact fact_promise = FACT("promise", 1, PROMISE_FACTS, PROMISE_LETTERS);

static const Sql sql_promise_status = {
    "UPDATE promise SET status = $3, ended_on = $4, reason = COALESCE($5, reason)"
    " WHERE account_id = $1 AND id = $2 RETURNING " PROMISE_FACTS,
    .in = "kktdt",
    .out = PROMISE_LETTERS,
};

#define VERDICT_FACTS "id, account_id, promise_id, status, received, judged_on"
#define VERDICT_LETTERS "kkktid"
const Fact fact_verdict = FACT("promise_verdict", 1, VERDICT_FACTS, VERDICT_LETTERS);

static const Sql sql_verdict_insert = {
    "INSERT INTO promise_verdict (id, account_id, promise_id, status, received, judged_on)"
    " VALUES ($1, $2, $3, $4, $5, $6) RETURNING " VERDICT_FACTS,
    .in = "kkktid",
    .out = VERDICT_LETTERS,
};

static const Sql sql_release_order = {
    "SELECT r.order_id, o.release_id FROM credit_release r JOIN sales_order o"
    " ON o.account_id = r.account_id AND o.id = r.order_id WHERE r.id = $1 AND r.promise_id = $2",
    .in = "kk",
    .out = "kk",
};

/* The release does not outlive its promise. What has shipped has shipped;
 * the rest is held again. */
static Err release_fall(Ctx *cx, const PromiseRow *row, ReleaseStatus status)
{
    Rows rows;
    TRY(db_ask(cx, &sql_release_order, ARGS(arg_id(row->release_id), arg_id(row->id)), &rows));
    if (!db_next(&rows)) {
        return ERR_OK;
    }
    TRY(release_end(cx, row->release_id, (int)status));
    if (db_id(&rows, 1) != row->release_id) {
        return ERR_OK;
    }
    return order_hold(cx, db_id(&rows, 0), (int)status,
        status == RELEASE_BROKEN ? "the promise of its release is broken"
                                 : "the promise of its release is withdrawn");
}

Err promise_status_put(
    Ctx *cx, const PromiseRow *row, PromiseStatus status, Date ended_on, const char *reason)
{
    ASSERT(state_may(MACHINE_PROMISE, row->status, (int)status));
    run_changed(
        cx, row->id, "status", promise_status_names[row->status], promise_status_names[status]);
    TRY(fact_change(cx, &fact_promise, row->id, &sql_promise_status,
        ARGS(arg_id(row->account_id), arg_id(row->id), arg_text(promise_status_names[status]),
            arg_date(ended_on), arg_text(reason))));
    if (row->release_id == 0) {
        return ERR_OK;
    }
    if (status == PROMISE_BROKEN) {
        return release_fall(cx, row, RELEASE_BROKEN);
    }
    return status == PROMISE_WITHDRAWN ? release_fall(cx, row, RELEASE_WITHDRAWN) : ERR_OK;
}

Err promise_verdict_add(Ctx *cx, const PromiseRow *row, PromiseStatus status, Money received)
{
    return fact_put(cx, &fact_verdict, &sql_verdict_insert,
        ARGS(arg_id(db_new_id(cx)), arg_id(row->account_id), arg_id(row->id),
            arg_text(promise_status_names[status]), arg_i64(received.minor), arg_date(cx->today)));
}
