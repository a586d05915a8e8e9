/* Day close: judges as of a day what judges itself by the calendar, and looks for signs. Nothing
 * waits for it to be true (gates look at dates themselves); it records verdicts, ends what has
 * ended and wakes people. */
#include "feature/features.h"

#include "feature/approval/kinds.h"
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
    F_INT(DayCloseOut,
        days,
        .doc = "Days closed by this call, which the other figures add up; 0: it was closed "
               "already."),
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

/* ---- What is counted: the books after the day less the books before it ---- */

static const Sql sql_books = {
    "SELECT (SELECT COUNT(*) FROM promise WHERE ended_on = $1 AND status = 'kept'),"
    " (SELECT COUNT(*) FROM promise WHERE ended_on = $1 AND status = 'partly_kept'),"
    " (SELECT COUNT(*) FROM promise WHERE ended_on = $1 AND status = 'broken'),"
    " (SELECT COUNT(*) FROM credit_release WHERE ended_on = $1),"
    " (SELECT COUNT(*) FROM sales_order WHERE status = 'held'),"
    " (SELECT COUNT(*) FROM approval WHERE ended_on = $1 AND status = 'lapsed'),"
    " (SELECT COUNT(*) FROM alert WHERE since_on = $1)",
    .in = "d",
    .out = "iiiiiii",
};

static const Sql sql_limits_turned = {
    "SELECT (SELECT COUNT(*) FROM credit_limit WHERE status = 'in_force' AND until_on = $1)"
    " + (SELECT COUNT(*) FROM limit_step s JOIN credit_limit l ON l.account_id = s.account_id"
    "   AND l.id = s.limit_id WHERE l.status = 'in_force' AND s.from_on = $2)",
    .in = "dd",
    .out = "i",
};

/* Adds what the books say, or with -1 takes it off. */
static Err books_count(Ctx *cx, int64_t sign, DayCloseOut *day)
{
    Rows rows;
    TRY(db_one(cx, &sql_books, ARGS(arg_date(cx->today)), "the books of a day", &rows));
    int64_t *const figures[] = {&day->promises_kept, &day->promises_partly_kept,
        &day->promises_broken, &day->releases_ended, &day->orders_held, &day->requests_lapsed,
        &day->alerts_raised};
    for (size_t i = 0; i < COUNT(figures); i++) {
        *figures[i] += sign * db_i64(&rows, i);
    }
    return ERR_OK;
}

static Err limits_count(Ctx *cx, DayCloseOut *day)
{
    return db_number(cx, &sql_limits_turned, ARGS(arg_date(cx->today - 1), arg_date(cx->today)),
        &day->limits_changed);
}

/* ---- What cannot be done for an account ---- */

static const Sql sql_account_named = {
    "SELECT code, currency FROM account WHERE id = $1",
    .in = "k",
    .out = "tt",
};

Err day_refusal(Ctx *cx, Err code, Id account_id)
{
    Error kept = cx->err;
    Rows rows;
    err_clear(cx);
    bool is_about_figures = code == ERR_FIELD_INVALID || code == ERR_RATE_MISSING;
    bool is_known = is_about_figures &&
                    db_ask(cx, &sql_account_named, ARGS(arg_id(account_id)), &rows) == ERR_OK &&
                    db_next(&rows);
    cx->err = kept;
    if (is_known) {
        cx->err.detail = arena_printf(
            cx->arena, "Account %s (%s): %s", db_text(&rows, 0), db_text(&rows, 1), kept.detail);
    }
    return code;
}

/* ---- Promises, releases, requests: each a slice of its account ---- */

static const Sql sql_promises_due = {
    "SELECT DISTINCT account_id FROM promise WHERE status = 'open' AND window_end_on < $1 ORDER BY "
    "account_id",
    .in = "d",
    .out = "k",
};

static const Sql sql_releases_past = {
    "SELECT c.account_id, c.id FROM credit_release c" RELEASE_PROMISE_JOIN
    " WHERE c.status = 'active' AND " RELEASE_OVER_ON " <= $1 ORDER BY c.id",
    .in = "d",
    .out = "kk",
};

static const Sql sql_requests_past = {
    "SELECT account_id, id FROM approval WHERE status = 'pending' AND lapses_on < $1 ORDER BY id",
    .in = "d",
    .out = "kk",
};

/* One row, whose first column is the account. */
typedef Err (*SliceBody)(Ctx *cx, const Rows *row);

static Err slices_run(Ctx *cx, const Sql *sql, Date day, const char *what, SliceBody body)
{
    Rows rows;
    TRY(db_ask(cx, sql, ARGS(arg_date(day)), &rows));
    while (db_next(&rows)) {
        RunSlice *slice = NULL;
        TRY(run_slice_start(cx, db_id(&rows, 0), &slice));
        Err code = body(cx, &rows);
        if (code != ERR_OK) {
            return day_refusal(cx, code, db_id(&rows, 0));
        }
        TRY(run_slice_end(cx, slice, what));
    }
    return ERR_OK;
}

static Err promises_close(Ctx *cx, const Rows *row)
{
    return promise_rejudge(cx, db_id(row, 0));
}

static Err release_close(Ctx *cx, const Rows *row)
{
    return order_release_over(cx, db_id(row, 1));
}

static Err request_close(Ctx *cx, const Rows *row)
{
    Approval approval = {0};
    TRY(approval_load(cx, db_id(row, 1), &approval));
    approval.status = APPROVAL_PENDING;
    return approval_close(cx, &approval, APPROVAL_LAPSED);
}

/* ---- Orders that enter the horizon of the limit rule: the newest are judged, and go,
 * first ---- */

/* Account by account, by the index of open orders that are wanted on a day: there are fewer
 * accounts than orders that ever were. */
static const Sql sql_orders_entering = {
    "SELECT o.account_id, o.id FROM account a CROSS JOIN sales_order o WHERE o.account_id = a.id"
    " AND o.wanted_on = $1 AND o.ordered > 0 AND o.status = 'approved' AND o.release_id IS NULL"
    " AND o.wanted_on IS NOT NULL"
    " AND (o.status = 'held' OR o.status = 'approved' OR o.status = 'shipped') ORDER BY o.id DESC",
    .in = "d",
    .out = "kk",
};

static Err horizon_close(Ctx *cx, int64_t horizon_days)
{
    Rows rows;
    TRY(db_ask(cx, &sql_orders_entering, ARGS(arg_date(cx->today + (Date)horizon_days)), &rows));
    while (db_next(&rows)) {
        RunSlice *slice = NULL;
        bool is_held = false;
        TRY(run_slice_start(cx, db_id(&rows, 0), &slice));
        Err code = order_horizon_judge(cx, db_id(&rows, 1), horizon_days, &is_held);
        if (code != ERR_OK) {
            return day_refusal(cx, code, db_id(&rows, 0));
        }
        TRY(run_slice_end(cx, slice, "horizon"));
    }
    return ERR_OK;
}

static Err horizons_close(Ctx *cx, const Policy *policy)
{
    for (size_t i = 0; i < policy->rules.count; i++) {
        const PolicyRule *rule = LIST_AT(policy->rules, PolicyRule, i);
        bool is_new = rule->kind == RULE_LIMIT && rule->horizon_days.is_set;
        for (size_t k = 0; is_new && k < i; k++) {
            OptInt other = LIST_AT(policy->rules, PolicyRule, k)->horizon_days;
            is_new = !other.is_set || other.value != rule->horizon_days.value;
        }
        if (is_new) {
            TRY(horizon_close(cx, rule->horizon_days.value));
        }
    }
    return ERR_OK;
}

/* ---- One day ---- */

#define DAY_FACTS "closed_on, sealed_on, done_at, counts"
#define DAY_LETTERS "ddit"
static const Fact fact_day = FACT("day_close", 1, DAY_FACTS, DAY_LETTERS);

static const Sql sql_day_insert = {
    "INSERT INTO day_close (closed_on, sealed_on, done_at, counts) VALUES ($1, $2, $3, $4)",
    .in = DAY_LETTERS,
};

static const Sql sql_org_day = {
    "UPDATE org SET last_day_close = $1 WHERE id = 1 RETURNING " ORG_FACTS,
    .in = "d",
    .out = ORG_LETTERS,
};

static Err signs_look(Ctx *cx, const Policy *policy, DayCloseOut *day)
{
    TRY(signs_accounts(cx, policy));
    TRY(signs_promises(cx, 0));
    TRY(signs_owners(cx));
    TRY(signs_hospitality(cx));
    return alert_sweep(cx, &day->alerts_ended);
}

/* What a day does to no account is a slice of the organisation. */
static Err day_end(Ctx *cx, const Policy *policy, DayCloseOut *day)
{
    RunSlice *slice = NULL;
    TRY(run_slice_start(cx, 0, &slice));
    TRY(signs_look(cx, policy, day));
    TRY(books_count(cx, 1, day));
    TRY(fact_put(cx, &fact_day, &sql_day_insert,
        ARGS(arg_date(cx->today), arg_date(cx->today), arg_instant(cx->now_ms),
            arg_text(run_encode(cx, &DayCloseOut_schema, day)))));
    TRY(fact_change(cx, &fact_org, ORG_ID, &sql_org_day, ARGS(arg_date(cx->today))));
    return run_slice_end(cx, slice, "day");
}

/* All that a day notes is in its slices, so that its memory is given back. */
static Err day_run(Ctx *cx, const char **ret_seal)
{
    ArenaMark mark = arena_mark(cx->arena);
    DayCloseOut day = {.on = cx->today, .days = 1};
    const Policy *policy = NULL;
    TRY(policy_load(cx, &policy));
    TRY(books_count(cx, -1, &day));
    TRY(slices_run(cx, &sql_promises_due, cx->today, "promises", promises_close));
    TRY(slices_run(cx, &sql_releases_past, cx->today, "release", release_close));
    TRY(slices_run(cx, &sql_requests_past, cx->today, "request", request_close));
    TRY(horizons_close(cx, policy));
    TRY(limits_count(cx, &day));
    TRY(day_end(cx, policy, &day));
    arena_rewind(cx->arena, mark);
    return audit_seal(cx, cx->today, ret_seal);
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
    TRY(db_one(cx, &sql_day_first, NO_ARGS, "the row of the organisation", &rows));
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

/* The business date of the last write. */
static const Sql sql_last_write = {
    "SELECT business_on FROM audit WHERE id = (SELECT MAX(id) FROM audit)",
    .in = "",
    .out = "d",
};

/* One mistyped year would close the books for good, so a day that neither this machine's calendar
 * nor the books have come near is not closed. */
static Err leap_check(Ctx *cx, Date on)
{
    enum { LEAP_DAYS = 92 };
    Rows rows;
    TRY(db_ask(cx, &sql_last_write, NO_ARGS, &rows));
    Date last = db_next(&rows) ? db_date(&rows, 0) : DATE_NONE;
    if (last == DATE_NONE || on - last <= LEAP_DAYS || on <= date_of_instant(cx->now_ms, 0) + 1) {
        return ERR_OK;
    }
    char last_text[DATE_TEXT_SIZE];
    date_format(last, last_text);
    return err_set(cx, ERR_FIELD_INVALID, "on",
        "This is more than %d days after the last booking (%s) and after this machine's date; a "
        "closed day cannot be opened again. If it is right, close days before it first.",
        LEAP_DAYS, last_text);
}

/* ---- What a call has done ---- */

static const Sql sql_days_done = {
    "SELECT counts FROM day_close WHERE closed_on >= $1 AND closed_on <= $2 ORDER BY closed_on",
    .in = "dd",
    .out = "t",
};

static void day_add(DayCloseOut *total, const DayCloseOut *day)
{
    total->days++;
    total->promises_kept += day->promises_kept;
    total->promises_partly_kept += day->promises_partly_kept;
    total->promises_broken += day->promises_broken;
    total->releases_ended += day->releases_ended;
    total->orders_held += day->orders_held;
    total->requests_lapsed += day->requests_lapsed;
    total->limits_changed += day->limits_changed;
    total->alerts_raised += day->alerts_raised;
    total->alerts_ended += day->alerts_ended;
}

static Err day_done(Ctx *cx, const Rows *row, void *user)
{
    DayCloseOut day = {0};
    ArenaMark mark = arena_mark(cx->arena);
    Err code = run_decode(cx, &DayCloseOut_schema, db_text(row, 0), &day);
    if (code == ERR_OK) {
        day_add(user, &day);
        arena_rewind(cx->arena, mark);
    }
    return code;
}

/* One part: some of the keys that wait for their table, else a day. */
static Err part_run(Ctx *cx, Date day, bool *ret_is_merged, const char **ret_seal)
{
    enum { KEYS_A_TIME = 10000 };
    TRY(idem_merge(cx, KEYS_A_TIME, ret_is_merged));
    if (!*ret_is_merged) {
        return ERR_OK;
    }
    Date today = cx->today;
    cx->today = day;
    Err code = day_run(cx, ret_seal);
    cx->today = today;
    return code;
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
    if (in->on > cx->today) {
        return err_set(cx, ERR_FIELD_INVALID, "on", "A day can be closed when it has come.");
    }
    Date day = DATE_NONE;
    TRY(first_day(cx, in->on, &day));
    out->on = in->on;
    Date first = (Date)run_carried(cx);
    if (first == 0) {
        first = day;
        TRY(leap_check(cx, in->on));
    }
    bool is_merged = true;
    if (day <= in->on) {
        TRY(part_run(cx, day, &is_merged, &out->seal));
    }
    if (day < in->on || !is_merged) {
        run_more(cx, first);
        return ERR_OK;
    }
    return db_scan(cx, &sql_days_done, ARGS(arg_date(first), arg_date(in->on)), day_done, out);
}

/* ---- Proof ---- */

static const Sql sql_check_seals = {
    "SELECT 'the day ' || CAST(d.closed_on AS TEXT) || ' was closed, and the seal that covers it "
    "is'"
    " || ' not there, or not alone' FROM day_close d"
    " WHERE (SELECT COUNT(*) FROM seal s WHERE s.sealed_on = d.sealed_on) <> 1"
    " UNION ALL SELECT 'the seal of ' || CAST(s.sealed_on AS TEXT) || ': that day was not closed'"
    " FROM seal s WHERE NOT EXISTS (SELECT 1 FROM day_close d WHERE d.closed_on = s.sealed_on"
    "  AND d.sealed_on = s.sealed_on)"
    " UNION ALL SELECT 'the last closed day is not the one that the organisation remembers' FROM "
    "org"
    " WHERE COALESCE(CAST(last_day_close AS TEXT), '') <>"
    "  COALESCE((SELECT CAST(MAX(closed_on) AS TEXT) FROM day_close), '')",
    .in = "",
    .out = "t",
};
static const Check check_seals = {.name = "closed days are sealed", .sql = &sql_check_seals};

static const Sql sql_days = {
    "SELECT closed_on FROM day_close ORDER BY closed_on", .in = "", .out = "d"};

typedef struct Days {
    Date last;
    DbSay say;
    void *user;
} Days;

static Err day_follows(Ctx *cx, const Rows *row, void *user)
{
    Days *days = user;
    Date day = db_date(row, 0);
    if (days->last != DATE_NONE && day != days->last + 1) {
        char text[DATE_TEXT_SIZE];
        date_format(day, text);
        ArenaMark mark = arena_mark(cx->arena);
        days->say(days->user, arena_printf(cx->arena, "the day before %s was not closed", text));
        arena_rewind(cx->arena, mark);
    }
    days->last = day;
    return ERR_OK;
}

static Err days_check(Ctx *cx, DbSay say, void *user)
{
    Days days = {.say = say, .user = user};
    return db_scan(cx, &sql_days, NO_ARGS, day_follows, &days);
}
static const Check check_days = {.name = "closed days follow each other", .run = days_check};

const Feature day_close_feature = {
    .name = "day_close",
    .ops = (const Op *const[]){&op_day_close, NULL},
    .checks = (const Check *const[]){&check_seals, &check_days, NULL},
    .facts = (const Fact *const[]){&fact_day, &fact_owner_day, NULL},
};
