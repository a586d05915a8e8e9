/* Day close: judges as of a day what judges itself by the calendar, and looks for signs. Nothing waits for it to be
 * true (gates look at dates themselves); it records verdicts, ends what has ended and wakes people. */
#include "feature/features.h"

#include "feature/approval/kinds.h"
#include "feature/ledger.h"
#include "feature/order.h"
#include "feature/org.h"
#include "feature/policy.h"
#include "feature/promise.h"
#include "feature/release.h"
#include "feature/watch/alert.h"
#include "feature/watch/signs.h"
#include "op/audit.h"
#include "op/idem.h"
#include "op/op.h"
#include "op/run.h"

typedef struct DayCloseIn {
    Date on;
} DayCloseIn;

SCHEMA(DayCloseIn,
    F_DATE(DayCloseIn, on, REQUIRED, .doc = "Missed days before it are closed first, in order."));

typedef struct DayCloseOut {
    Date on;
    int64_t days;
    int64_t promises_kept;
    int64_t promises_partly_kept;
    int64_t promises_broken;
    int64_t releases_ended;
    int64_t orders_held;
    int64_t requests_lapsed;
    int64_t limits_changed;
    int64_t alerts_raised;
    int64_t alerts_ended;
    const char *seal;
} DayCloseOut;

SCHEMA(DayCloseOut,
    F_DATE(DayCloseOut, on),
    F_INT(DayCloseOut, days, .doc = "Days closed by this call; 0: it was closed already."),
    F_INT(DayCloseOut, promises_kept),
    F_INT(DayCloseOut, promises_partly_kept),
    F_INT(DayCloseOut, promises_broken),
    F_INT(DayCloseOut, releases_ended),
    F_INT(DayCloseOut, orders_held),
    F_INT(DayCloseOut, requests_lapsed),
    F_INT(DayCloseOut, limits_changed, .doc = "Limits that ended or stepped down."),
    F_INT(DayCloseOut, alerts_raised),
    F_INT(DayCloseOut, alerts_ended),
    F_TEXT(DayCloseOut, seal, .doc = "Hash over the ends of all audit chains."));

/* ---- Promises, releases, requests, limits ---- */

static const Sql sql_promises_due = {
    "SELECT DISTINCT account_id FROM promise WHERE status = 'open' AND window_end_on < $1 ORDER BY "
    "account_id",
    .in = "d",
    .out = "k",
};

static const Sql sql_verdicts_of = {
    "SELECT CAST(COALESCE(SUM(CASE WHEN status = 'kept' THEN 1 ELSE 0 END), 0) AS BIGINT),"
    " CAST(COALESCE(SUM(CASE WHEN status = 'partly_kept' THEN 1 ELSE 0 END), 0) AS BIGINT),"
    " CAST(COALESCE(SUM(CASE WHEN status = 'broken' THEN 1 ELSE 0 END), 0) AS BIGINT)"
    " FROM promise WHERE ended_on = $1",
    .in = "d",
    .out = "iii",
};

static const Sql sql_releases_past = {
    "SELECT id, order_id FROM credit_release WHERE status = 'active' AND expires_on < $1 ORDER BY "
    "id",
    .in = "d",
    .out = "kk",
};

static const Sql sql_releases_ended = {
    "SELECT COUNT(*) FROM credit_release WHERE ended_on = $1",
    .in = "d",
    .out = "i",
};

static const Sql sql_orders_held = {
    "SELECT COUNT(*) FROM sales_order WHERE status = 'held' AND held_on = $1",
    .in = "d",
    .out = "i",
};

static const Sql sql_requests_past = {
    "SELECT id FROM approval WHERE status = 'pending' AND lapses_on < $1 ORDER BY id",
    .in = "d",
    .out = "k",
};

static const Sql sql_limits_turned = {
    "SELECT (SELECT COUNT(*) FROM credit_limit WHERE status = 'in_force' AND until_on = $1)"
    " + (SELECT COUNT(*) FROM limit_step s JOIN credit_limit l ON l.id = s.limit_id"
    "   WHERE l.status = 'in_force' AND s.from_on = $2)",
    .in = "dd",
    .out = "i",
};

static Err count_ask(Ctx *cx, const Sql *sql, const Arg *args, size_t count, int64_t *ret_count)
{
    Rows rows;
    TRY(db_ask(cx, sql, args, count, &rows));
    ASSERT(db_next(&rows));
    *ret_count += db_i64(&rows, 0);
    return ERR_OK;
}

static Err promises_close(Ctx *cx, DayCloseOut *out)
{
    Rows rows;
    TRY(db_ask(cx, &sql_promises_due, ARGS(arg_date(cx->today)), &rows));
    while (db_next(&rows)) {
        TRY(promise_rejudge(cx, db_id(&rows, 0)));
    }
    Rows verdicts;
    TRY(db_ask(cx, &sql_verdicts_of, ARGS(arg_date(cx->today)), &verdicts));
    ASSERT(db_next(&verdicts));
    out->promises_kept += db_i64(&verdicts, 0);
    out->promises_partly_kept += db_i64(&verdicts, 1);
    out->promises_broken += db_i64(&verdicts, 2);
    return ERR_OK;
}

/* A release that has run out no longer covers what has not shipped: the rest of its order is held again. */
static Err releases_close(Ctx *cx)
{
    Rows rows;
    TRY(db_ask(cx, &sql_releases_past, ARGS(arg_date(cx->today)), &rows));
    while (db_next(&rows)) {
        Order order = {0};
        TRY(order_load(cx, db_id(&rows, 1), &order));
        TRY(release_end(cx, db_id(&rows, 0), RELEASE_EXPIRED));
        if (order.release_id == db_id(&rows, 0)) {
            TRY(order_hold(cx, order.id, RELEASE_NONE, "its release has expired"));
        }
    }
    return ERR_OK;
}

static Err requests_close(Ctx *cx, DayCloseOut *out)
{
    Rows rows;
    TRY(db_ask(cx, &sql_requests_past, ARGS(arg_date(cx->today)), &rows));
    while (db_next(&rows)) {
        Approval approval = {0};
        TRY(approval_load(cx, db_id(&rows, 0), &approval));
        approval.status = APPROVAL_PENDING;
        TRY(approval_close(cx, &approval, APPROVAL_LAPSED));
        out->requests_lapsed++;
    }
    return ERR_OK;
}

/* ---- Orders that enter the horizon of the limit rule ---- */

static const Sql sql_orders_entering = {
    "SELECT o.id, o.account_id FROM sales_order o WHERE o.wanted_on = $1 AND o.ordered > 0 AND "
    "o.status = 'approved'"
    " AND o.release_id IS NULL ORDER BY o.account_id, o.id DESC",
    .in = "d",
    .out = "kk",
};

/* Does a limit rule hold on the account as it stands? */
static Err limit_holds(Ctx *cx, Id account_id, bool *ret_holds)
{
    Account account;
    TRY(account_load(cx, account_id, &account));
    Position position;
    TRY(ledger_position(cx, account_id, account.currency, &position));
    Money nothing = money_zero(account.currency);
    Decision decision;
    TRY(credit_judge_call(cx,
        &(GateCall){.gate = GATE_ORDER,
            .account = &account,
            .before = position,
            .after = position,
            .order_amount = nothing,
            .moving = nothing},
        &decision));
    *ret_holds = false;
    for (size_t i = 0; i < decision.verdict.rules.count; i++) {
        const CreditRule *rule = LIST_AT(decision.verdict.rules, CreditRule, i);
        *ret_holds = *ret_holds || (rule->kind == RULE_LIMIT && rule->outcome >= OUTCOME_HOLD);
    }
    return ERR_OK;
}

static Err horizon_close(Ctx *cx, const Policy *policy)
{
    for (size_t i = 0; i < policy->rules.count; i++) {
        const PolicyRule *rule = LIST_AT(policy->rules, PolicyRule, i);
        if (rule->kind != RULE_LIMIT || !rule->horizon_days.is_set) {
            continue;
        }
        Rows rows;
        TRY(db_ask(cx, &sql_orders_entering,
            ARGS(arg_date(cx->today + (Date)rule->horizon_days.value)), &rows));
        while (db_next(&rows)) {
            bool holds = false;
            TRY(limit_holds(cx, db_id(&rows, 1), &holds));
            if (holds) {
                TRY(order_hold(cx, db_id(&rows, 0), RELEASE_NONE,
                    "it entered the horizon and does not fit the limit"));
            }
        }
    }
    return ERR_OK;
}

/* ---- One day ---- */

static const Sql sql_day_insert = {
    "INSERT INTO day_close (closed_on, done_at, counts) VALUES ($1, $2, $3)",
    .in = "dit",
};

static const Sql sql_org_day = {"UPDATE org SET last_day_close = $1 WHERE id = 1", .in = "d"};

static const Sql sql_alerts_raised = {
    "SELECT COUNT(*) FROM alert WHERE since_on = $1",
    .in = "d",
    .out = "i",
};

static Err signs_look(Ctx *cx, const Policy *policy, DayCloseOut *out)
{
    TRY(signs_accounts(cx, policy));
    TRY(signs_promises(cx));
    TRY(signs_owners(cx));
    TRY(signs_hospitality(cx));
    int64_t ended = 0;
    TRY(alert_sweep(cx, &ended));
    out->alerts_ended += ended;
    return count_ask(cx, &sql_alerts_raised, ARGS(arg_date(cx->today)), &out->alerts_raised);
}

static Err day_run(Ctx *cx, DayCloseOut *out)
{
    const Policy *policy = NULL;
    TRY(policy_load(cx, &policy));
    TRY(promises_close(cx, out));
    TRY(releases_close(cx));
    TRY(requests_close(cx, out));
    TRY(horizon_close(cx, policy));
    TRY(count_ask(cx, &sql_limits_turned, ARGS(arg_date(cx->today - 1), arg_date(cx->today)),
        &out->limits_changed));
    TRY(count_ask(cx, &sql_releases_ended, ARGS(arg_date(cx->today)), &out->releases_ended));
    TRY(count_ask(cx, &sql_orders_held, ARGS(arg_date(cx->today)), &out->orders_held));
    TRY(signs_look(cx, policy, out));
    out->days++;
    TRY(db_put(cx, &sql_day_insert,
        ARGS(arg_date(cx->today), arg_instant(cx->now_ms),
            arg_text(run_encode(cx, &DayCloseOut_schema, out)))));
    return db_put(cx, &sql_org_day, ARGS(arg_date(cx->today)));
}

/* ---- day_close ---- */

static const Sql sql_day_first = {
    "SELECT COALESCE(last_day_close, first_booked_on), last_day_close FROM org WHERE id = 1",
    .in = "",
    .out = "dd",
};

/* The first day to close: the one after the last, or the earliest business date booked. */
static Err first_day(Ctx *cx, Date on, Date *ret_first)
{
    Rows rows;
    TRY(db_ask(cx, &sql_day_first, NO_ARGS, &rows));
    ASSERT(db_next(&rows));
    Date first = db_date(&rows, 0);
    if (!db_is_null(&rows, 1)) {
        first += 1;
    }
    *ret_first = first == DATE_NONE || first > on ? on : first;
    if (!db_is_null(&rows, 1) && on <= db_date(&rows, 1)) {
        *ret_first = on + 1;
    }
    return ERR_OK;
}

OP(day_close,
    DayCloseIn,
    DayCloseOut,
    POST("/day-close"),
    .effect = EFFECT_ACT,
    .needs = PERM_PERIOD_WRITE,
    .summary = "Judge promises, end what has run out and look for signs, as of a day and the "
               "missed days before it.",
    FAILS(ERR_FIELD_INVALID))
{
    enum { KEYS_A_TIME = 10000 };
    if (in->on > cx->today) {
        return err_set(cx, ERR_FIELD_INVALID, "on", "A day can be closed when it has come.");
    }
    Date today = cx->today;
    Date day = DATE_NONE;
    TRY(first_day(cx, in->on, &day));
    out->on = in->on;
    Err code = ERR_OK;
    for (; day <= in->on && code == ERR_OK; day++) {
        cx->today = day;
        code = day_run(cx, out);
    }
    cx->today = today;
    TRY(code);
    if (out->days == 0) {
        return ERR_OK;
    }
    for (bool is_done = false; !is_done;) {
        TRY(idem_merge(cx, KEYS_A_TIME, &is_done));
    }
    return audit_seal(cx, in->on, &out->seal);
}

const Feature day_close_feature = {
    .name = "day_close",
    .ops = (const Op *const[]){&op_day_close, NULL},
};
