/* Signs on accounts: what a credit controller would see on going through them one by one. */
#include "feature/watch/signs.h"

#include "feature/credit.h"
#include "feature/limit.h"
#include "feature/org.h"
#include "feature/watch/alert.h"
#include "op/op.h"
#include "op/run.h"
#include "rules/limit.h"

/* Accounts with anything on them, a page at a time, with what the signs need. */
static const Sql sql_accounts_watched = {
    "SELECT a.id, a.code, a.currency, q.ordered + q.shipped + q.receivable + q.cheque - q.advance,"
    " (SELECT MIN(s.shipped_on) FROM shipment s WHERE s.account_id = a.id AND s.status = 'posted'"
    "   AND s.invoiced + s.returned < s.amount)"
    " FROM account a JOIN position q ON q.account_id = a.id"
    " WHERE a.id > $1 AND (q.ordered <> 0 OR q.shipped <> 0 OR q.receivable <> 0 OR q.cheque <> 0)"
    " ORDER BY a.id LIMIT $2",
    .in = "ii",
    .out = "kttid",
};

/* What was billed beyond the order's lines is billed beyond what was shipped too. */
static const Sql sql_invoiced_beyond = {
    "SELECT b.id, b.account_id, b.number, b.currency, b.invoiced, b.shipped"
    " FROM (SELECT o.id, o.account_id, o.number, a.currency,"
    "   (SELECT CAST(COALESCE(SUM(i.amount), 0) AS BIGINT) FROM invoice i"
    "     WHERE i.order_id = o.id AND i.status <> 'reversed') AS invoiced,"
    "   (SELECT CAST(COALESCE(SUM(l.shipped_amount - l.returned_amount), 0) AS BIGINT)"
    "     FROM order_line l WHERE l.order_id = o.id) AS shipped"
    "   FROM sales_order o JOIN account a ON a.id = o.account_id"
    "   WHERE o.invoiced > 0 AND o.status <> 'cancelled' AND o.status <> 'closed') b"
    " WHERE b.invoiced > b.shipped ORDER BY b.id LIMIT 1000",
    .in = "",
    .out = "kkttii",
};

typedef struct Watched {
    Id id;
    Currency currency;
    Money exposure;
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

/* The days that a policy watches from: its lowest warning, else its lowest rule of the kind for everybody. */
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

static Err account_signs(Ctx *cx, const Policy *policy, const Watched *watched)
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
    TRY(alert_sign(cx, &(Sign){.kind = ALARM_LIMIT_USE,
                           .account_id = watched->id,
                           .because = figures,
                           .severity = alarm_limit_use(watched->exposure, watched->limit,
                               policy_watch_level(policy, RULE_LIMIT_USE))}));
    because_start(&because, cx->arena);
    because_int(&because, "oldest_overdue_days", watched->overdue_days);
    because_money(&because, "overdue", watched->overdue);
    TRY(alert_sign(cx, &(Sign){.kind = ALARM_OVERDUE,
                           .account_id = watched->id,
                           .because = because_end(&because),
                           .severity = alarm_overdue(watched->overdue_days, watched->overdue,
                               watch_days(policy, RULE_OVERDUE_DAYS, 30))}));
    because_start(&because, cx->arena);
    because_int(&because, "unbilled_days", watched->unbilled_days);
    return alert_sign(cx, &(Sign){.kind = ALARM_SHIPPED_NOT_INVOICED,
                              .account_id = watched->id,
                              .because = because_end(&because),
                              .severity = alarm_shipped_not_invoiced(watched->unbilled_days,
                                  watch_days(policy, RULE_UNBILLED_DAYS, 60))});
}

static int64_t days_since(Ctx *cx, Date day)
{
    return day != DATE_NONE && day < cx->today ? cx->today - day : 0;
}

static Err account_watch(Ctx *cx, const Policy *policy, const Rows *row)
{
    Currency currency = 0;
    bool is_known = currency_parse(db_text(row, 2), &currency);
    ASSERT(is_known);
    Watched watched = {
        .id = db_id(row, 0),
        .currency = currency,
        .exposure = money_of(currency, db_i64(row, 3)),
        .unbilled_days = days_since(cx, db_date(row, 4)),
    };
    Overdue overdue;
    TRY(credit_overdue(cx, &(Account){.id = watched.id, .currency = currency}, &overdue));
    watched.overdue = overdue.overdue;
    watched.overdue_days = overdue.oldest_days;
    TRY(limit_in_force_on(cx, watched.id, currency, cx->today, &watched.limit));
    return account_signs(cx, policy, &watched);
}

static Err beyond_signs(Ctx *cx)
{
    Rows rows;
    TRY(db_ask(cx, &sql_invoiced_beyond, NO_ARGS, &rows));
    while (db_next(&rows)) {
        Currency currency = 0;
        bool is_known = currency_parse(db_text(&rows, 3), &currency);
        ASSERT(is_known);
        Money invoiced = money_of(currency, db_i64(&rows, 4));
        Money shipped = money_of(currency, db_i64(&rows, 5));
        Because because;
        because_start(&because, cx->arena);
        because_text(&because, "order", db_text(&rows, 2));
        because_money(&because, "invoiced", invoiced);
        because_money(&because, "shipped", shipped);
        TRY(alert_sign(cx, &(Sign){.kind = ALARM_INVOICED_BEYOND_SHIPPED,
                               .account_id = db_id(&rows, 1),
                               .subject_id = db_id(&rows, 0),
                               .because = because_end(&because),
                               .severity = alarm_invoiced_beyond_shipped(invoiced, shipped)}));
    }
    return ERR_OK;
}

Err signs_accounts(Ctx *cx, const Policy *policy)
{
    enum { PAGE = 500 };
    Id after = 0;
    for (bool is_more = true; is_more;) {
        Rows rows;
        TRY(db_ask(cx, &sql_accounts_watched, ARGS(arg_i64(after), arg_i64(PAGE)), &rows));
        while (db_next(&rows)) {
            after = db_id(&rows, 0);
            TRY(account_watch(cx, policy, &rows));
        }
        is_more = rows.count == PAGE;
    }
    return beyond_signs(cx);
}
