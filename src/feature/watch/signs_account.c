/* Signs on accounts: what a credit controller would see on going through them one by one. */
#include "feature/watch/signs.h"

#include "feature/credit.h"
#include "feature/ledger.h"
#include "feature/limit.h"
#include "feature/org.h"
#include "feature/watch/alert.h"
#include "op/dossier.h"
#include "op/op.h"
#include "op/run.h"
#include "rules/limit.h"

/* When something was last booked about the account of position q. */
#define LAST_BOOKED_ON                                                                             \
    "(SELECT e.booked_on FROM dossier k CROSS JOIN entry e {by_id} WHERE k.account_id = "          \
    "q.account_id"                                                                                 \
    " AND " DOSSIER_ENTRIES("e") " ORDER BY k.from_id DESC, e.id DESC LIMIT 1)"

/* Accounts with anything on them, those that have moved since the day that is closed, and those
 * above others, a page at a time, with what the signs need. */
static const Sql sql_accounts_watched = {
    "SELECT a.id, a.currency, a.parent_id,"
    " q.ordered + q.shipped + q.receivable + q.cheque - q.advance,"
    " (SELECT MIN(s.shipped_on) FROM shipment s WHERE s.account_id = q.account_id AND s.status = "
    "'posted'"
    "   AND s.amount > s.invoiced + s.returned),"
    " EXISTS (SELECT 1 FROM account c WHERE c.parent_id = a.id),"
    " " LAST_BOOKED_ON " FROM account a JOIN position q ON q.account_id = a.id"
    " WHERE a.id > $1 AND (q.ordered <> 0 OR q.shipped <> 0 OR q.receivable <> 0 OR q.cheque <> 0"
    " OR q.advance < 0"
    " OR EXISTS (SELECT 1 FROM account c WHERE c.parent_id = a.id)"
    " OR " LAST_BOOKED_ON " > $3)"
    " AND a.opened_on <= $3 ORDER BY a.id LIMIT $2",
    .in = "iid",
    .out = "ktkidbd",
};

/* What was credited or given up is claimed no more. */
#define BEYOND_CREDITED                                                                            \
    " AND o.billed - CAST(COALESCE((SELECT SUM(l.amount) FROM invoice i JOIN allocation l"         \
    " ON l.account_id = i.account_id AND l.invoice_id = i.id WHERE i.account_id = o.account_id"    \
    " AND i.order_id = o.id AND l.source_kind <> 'payment'), 0) AS BIGINT) > o.delivered"

/* What was billed beyond the order's lines is billed beyond what was shipped too. */
/* Also when the order was closed since: what was billed is claimed until the goods ship or the
 * claim is credited or given up. */
static const Sql sql_invoiced_beyond = {
    "SELECT o.id, o.account_id, o.number, a.currency, o.billed, o.delivered"
    " FROM sales_order o JOIN account a ON a.id = o.account_id"
    " WHERE o.billed > o.delivered AND o.id > $1 AND o.placed_on <= $3" BEYOND_CREDITED
    " ORDER BY o.id LIMIT $2",
    .in = "iid",
    .out = "kkttii",
};

typedef struct Watched {
    Id id;
    Currency currency;
    Money exposure; /* of the whole group for an account above others */
    LimitValue limit;
    Money overdue;
    int64_t overdue_days;
    int64_t unbilled_days;
} Watched;

static const char *limit_text(Arena *arena, LimitValue limit, Currency currency)
{
    if (limit.kind != LIMIT_AMOUNT) {
        return limit.kind == LIMIT_UNLIMITED ? "unlimited" : "not set";
    }
    char *text = arena_alloc(arena, DECIMAL_TEXT_SIZE);
    money_format(limit_money(limit, currency), text);
    return text;
}

/* The days that a policy watches from: its lowest warning,
 * else its lowest rule of the kind for everybody. */
static int64_t watch_days(const Policy *policy, RuleKind kind, int64_t otherwise)
{
    Decimal level = policy_watch_level(policy, kind);
    int64_t days = otherwise;
    if (level.is_set) {
        return decimal_at_scale(level, 0, &days) ? days : otherwise;
    }
    bool has_any = false;
    for (size_t i = 0; i < policy->rules.count; i++) {
        const PolicyRule *rule = &((const PolicyRule *)policy->rules.items)[i];
        int64_t units = 0;
        bool counts = rule->kind == (int)kind && rule->scope == NULL &&
                      decimal_at_scale(rule->number, 0, &units);
        if (counts && (!has_any || units < days)) {
            days = units;
            has_any = true;
        }
    }
    return days;
}

static Err limit_signs(Ctx *cx, const Policy *policy, const Watched *watched)
{
    Because because;
    because_start(&because, cx->arena);
    because_money(&because, "exposure", watched->exposure);
    because_text(&because, "limit", limit_text(cx->arena, watched->limit, watched->currency));
    const char *figures = because_end(&because);
    TRY(alert_sign(
        cx, &(Sign){.kind = ALARM_EXPOSURE_OVER_LIMIT,
                .account_id = watched->id,
                .because = figures,
                .severity = alarm_exposure_over_limit(watched->exposure, watched->limit)}));
    return alert_sign(cx, &(Sign){.kind = ALARM_LIMIT_USE,
                              .account_id = watched->id,
                              .because = figures,
                              .severity = alarm_limit_use(watched->exposure, watched->limit,
                                  policy_watch_level(policy, RULE_LIMIT_USE))});
}

/* Which shipments were invoiced on a day that is past cannot be told from what stands now; nor what
 * was invoiced beyond what was shipped, which was said on the day it came about. */
static Err days_signs(Ctx *cx, const Policy *policy, const Watched *watched, bool is_past)
{
    Because because;
    because_start(&because, cx->arena);
    because_int(&because, "oldest_overdue_days", watched->overdue_days);
    because_money(&because, "overdue", watched->overdue);
    TRY(alert_sign(cx, &(Sign){.kind = ALARM_OVERDUE,
                           .account_id = watched->id,
                           .because = because_end(&because),
                           .severity = alarm_overdue(watched->overdue_days, watched->overdue,
                               watch_days(policy, RULE_OVERDUE_DAYS, 30))}));
    AlarmSeverity unbilled = alarm_shipped_not_invoiced(
        watched->unbilled_days, watch_days(policy, RULE_UNBILLED_DAYS, 60));
    if (is_past && unbilled == ALARM_OFF) {
        return alert_keep(cx, ALARM_SHIPPED_NOT_INVOICED, watched->id);
    }
    because_start(&because, cx->arena);
    because_int(&because, "unbilled_days", watched->unbilled_days);
    return alert_sign(cx, &(Sign){.kind = ALARM_SHIPPED_NOT_INVOICED,
                              .account_id = watched->id,
                              .because = because_end(&because),
                              .severity = unbilled});
}

static int64_t days_since(Ctx *cx, Date day)
{
    return day != DATE_NONE && day < cx->today ? cx->today - day : 0;
}

/* Does a limit above bind the account, so that the group's head is watched in its place? */
static Err limit_is_above(Ctx *cx, Id parent_id, bool *ret_is_above)
{
    *ret_is_above = false;
    if (parent_id == 0) {
        return ERR_OK;
    }
    Account chain[CREDIT_CHAIN_MAX];
    size_t count = 0;
    TRY(account_chain(cx, parent_id, chain, &count));
    for (size_t i = 0; i < count && !*ret_is_above; i++) {
        LimitValue limit;
        TRY(limit_in_force_on(cx, chain[i].id, chain[i].currency, cx->today, &limit));
        *ret_is_above = limit.kind == LIMIT_AMOUNT || limit.kind == LIMIT_UNLIMITED;
    }
    return ERR_OK;
}

static Err account_watch(Ctx *cx, const Policy *policy, const Rows *row)
{
    Currency currency = 0;
    TRY(db_currency(cx, row, 1, &currency));
    Watched watched = {
        .id = db_id(row, 0),
        .currency = currency,
        .exposure = money_of(currency, db_i64(row, 3)),
        .unbilled_days = days_since(cx, db_date(row, 4)),
    };
    /* A missed day is judged by what stood at its end, whatever was booked since. */
    bool is_past = db_date(row, 6) > cx->today;
    if (db_bool(row, 5)) {
        TRY(credit_group_exposure(cx, watched.id, currency, &watched.exposure));
    } else if (is_past) {
        Money later;
        TRY(credit_exposure_later(cx, watched.id, currency, cx->today, &later));
        watched.exposure = money_sub(watched.exposure, later);
    }
    Overdue overdue;
    TRY(credit_overdue(cx, &(Account){.id = watched.id, .currency = currency}, is_past, &overdue));
    watched.overdue = overdue.overdue;
    watched.overdue_days = overdue.oldest_days;
    TRY(limit_in_force_on(cx, watched.id, currency, cx->today, &watched.limit));
    bool is_above = false;
    if (watched.limit.kind == LIMIT_NOT_SET) {
        TRY(limit_is_above(cx, db_id(row, 2), &is_above));
    }
    if (!is_above) {
        TRY(limit_signs(cx, policy, &watched));
    }
    if (is_past) {
        TRY(alert_keep(cx, ALARM_INVOICED_BEYOND_SHIPPED, watched.id));
    }
    return days_signs(cx, policy, &watched, is_past);
}

static Err beyond_watch(Ctx *cx, const Policy *policy, const Rows *row)
{
    (void)policy;
    Currency currency = 0;
    TRY(db_currency(cx, row, 3, &currency));
    Money invoiced = money_of(currency, db_i64(row, 4));
    Money shipped = money_of(currency, db_i64(row, 5));
    Because because;
    because_start(&because, cx->arena);
    because_text(&because, "order", db_text(row, 2));
    because_money(&because, "invoiced", invoiced);
    because_money(&because, "shipped", shipped);
    return alert_sign(cx, &(Sign){.kind = ALARM_INVOICED_BEYOND_SHIPPED,
                              .account_id = db_id(row, 1),
                              .subject_id = db_id(row, 0),
                              .because = because_end(&because),
                              .severity = alarm_invoiced_beyond_shipped(invoiced, shipped)});
}

typedef Err (*RowSign)(Ctx *cx, const Policy *policy, const Rows *row);

/* Page after page by id, which is the first column; the memory of each row is given back. */
static Err pages_watch(
    Ctx *cx, const Policy *policy, const Sql *sql, size_t account_column, RowSign sign)
{
    enum { PAGE = 500 };
    Id after = 0;
    for (bool is_more = true; is_more;) {
        ArenaMark page = arena_mark(cx->arena);
        Rows rows;
        TRY(db_ask(cx, sql, ARGS(arg_i64(after), arg_i64(PAGE), arg_date(cx->today)), &rows));
        while (db_next(&rows)) {
            ArenaMark mark = arena_mark(cx->arena);
            after = db_id(&rows, 0);
            Err code = sign(cx, policy, &rows);
            if (code != ERR_OK) {
                return day_refusal(cx, code, db_id(&rows, account_column));
            }
            arena_rewind(cx->arena, mark);
        }
        is_more = rows.count == PAGE;
        arena_rewind(cx->arena, page);
    }
    return ERR_OK;
}

Err signs_accounts(Ctx *cx, const Policy *policy)
{
    TRY(pages_watch(cx, policy, &sql_accounts_watched, 0, account_watch));
    return pages_watch(cx, policy, &sql_invoiced_beyond, 1, beyond_watch);
}

/* ---- Of one account, when something was done ---- */

#define NOW_LAPSED LEDGER_LAPSED("$1", "$2")

static const Sql sql_account_now = {
    "SELECT q.ordered - " NOW_LAPSED " + q.shipped + q.receivable + q.cheque - q.advance,"
    " EXISTS (SELECT 1 FROM account c WHERE c.parent_id = $1)"
    " FROM position q WHERE q.account_id = $1",
    .in = "kd",
    .out = "ib",
};

static const Sql sql_beyond_one = {
    "SELECT o.id, o.account_id, o.number, a.currency, o.billed, o.delivered"
    " FROM sales_order o JOIN account a ON a.id = o.account_id WHERE o.account_id = $1"
    " AND o.id IN ($2, (SELECT i.order_id FROM invoice i WHERE i.account_id = $1 AND i.id = $2))"
    " AND o.billed > o.delivered" BEYOND_CREDITED,
    .in = "kk",
    .out = "kkttii",
};

/* The first limit on the way up is the account's; those above it bind besides. */
static Err link_watch(Ctx *cx, const Policy *policy, const Account *account, bool is_above)
{
    Rows rows;
    TRY(db_one(cx, &sql_account_now, ARGS(arg_id(account->id), arg_date(cx->today)),
        "the position of an account", &rows));
    Watched watched = {.id = account->id,
        .currency = account->currency,
        .exposure = money_of(account->currency, db_i64(&rows, 0))};
    if (db_bool(&rows, 1)) {
        TRY(credit_group_exposure(cx, watched.id, watched.currency, &watched.exposure));
    }
    TRY(limit_in_force_on(cx, watched.id, watched.currency, cx->today, &watched.limit));
    bool is_bound = watched.limit.kind != LIMIT_NOT_SET;
    if (!is_bound && !is_above) {
        TRY(limit_is_above(cx, account->parent_id, &is_bound));
        is_bound = !is_bound;
    }
    return is_bound ? limit_signs(cx, policy, &watched) : ERR_OK;
}

Err signs_limits(Ctx *cx, const Policy *policy, Id account_id)
{
    Account chain[CREDIT_CHAIN_MAX];
    size_t count = 0;
    TRY(account_chain(cx, account_id, chain, &count));
    for (size_t i = 0; i < count; i++) {
        TRY(link_watch(cx, policy, &chain[i], i > 0));
    }
    return ERR_OK;
}

Err signs_beyond(Ctx *cx, const Policy *policy, Id account_id, Id record_id)
{
    Rows rows;
    TRY(db_ask(cx, &sql_beyond_one, ARGS(arg_id(account_id), arg_id(record_id)), &rows));
    while (db_next(&rows)) {
        TRY(beyond_watch(cx, policy, &rows));
    }
    return ERR_OK;
}
