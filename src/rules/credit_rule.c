/* The kinds of rules: what each looks at, and when it applies. */
#include "rules/credit_judge.h"

#include "rules/limit.h"
#include "rules/rate.h"
#include "rules/wide.h"

/* ---- figures against thresholds, unrounded */

/* part in percent of whole > threshold; whole positive. */
static bool percent_above(Money part, Money whole, Decimal threshold)
{
    int64_t scaled;
    bool fits = !__builtin_mul_overflow(INT64_C(100), wide_power10(threshold.scale), &scaled);
    ASSERT(fits);
    return wide_product_cmp(part.minor, scaled, threshold.units, whole.minor) > 0;
}

static bool amount_above(Money amount, Decimal threshold)
{
    return decimal_cmp(money_to_decimal(amount), threshold) > 0;
}

static CreditRule *row_add(Judge *judge, const PolicyRule *rule, Gate gate)
{
    CreditRule *row = &judge->rules[judge->rule_count++];
    *row = (CreditRule){.kind = rule->kind,
        .gate = (int)gate,
        .outcome = OUTCOME_PASS,
        .threshold = rule->number,
        .state_threshold = rule->state,
        .horizon_days = rule->horizon_days};
    return row;
}

/* ---- limit and limit_use */

static Money link_counted(const Link *link, OptInt horizon_days)
{
    const CreditHorizon *horizons = link->horizons->items;
    for (size_t i = 0; horizon_days.is_set && i < link->horizons->count; i++) {
        if (horizons[i].days == horizon_days.value) {
            return judge_money_in(horizons[i].exposure_after, link->currency);
        }
    }
    return link->after;
}

static void excess_note(Judge *judge, const CreditRule *row)
{
    Money excess = row->excess;
    if (row->currency == judge->facts->currency) {
        judge->excess = money_max(judge->excess, excess);
    } else {
        Money converted = {0};
        bool has_rate =
            rate_from_home(excess, judge->facts->rate, judge->facts->currency, &converted);
        ASSERT(has_rate);
        judge->excess = money_max(judge->excess, converted);
    }
    Money home = {0};
    if (judge->excess_home.currency != 0 &&
        rate_to_home(excess, judge->facts->rate, judge->home, &home)) {
        judge->excess_home = money_max(judge->excess_home, home);
    } else {
        judge->excess_home = (Money){0};
    }
}

static void judge_limit(Judge *judge, const PolicyRule *rule, Gate gate)
{
    for (size_t i = 0; i < judge->chain_count; i++) {
        const Link *link = &judge->chain[i];
        CreditRule *row = row_add(judge, rule, gate);
        OptInt horizon = judge->at_shipment ? (OptInt){0} : rule->horizon_days;
        row->horizon_days = horizon;
        row->account = link->account;
        row->currency = link->currency;
        row->value = link_counted(link, horizon);
        row->limit = link->limit;
        row->excess = money_zero(link->currency);
        if (!judge_link_binds(judge, link)) {
            continue;
        }
        bool has_amount = link->limit.kind == LIMIT_AMOUNT;
        Money limit =
            has_amount ? limit_money(link->limit, link->currency) : money_zero(link->currency);
        if (money_cmp(row->value, limit) > 0) {
            row->outcome = rule->outcome;
            row->excess = money_sub(row->value, limit);
        }
        if (has_amount) {
            excess_note(judge, row);
        }
    }
}

/* Limit 0 or not set: no percent can be told, and any exposure applies. */
static void judge_limit_use(const Judge *judge, const PolicyRule *rule, CreditRule *row)
{
    const Link *link = judge->tightest;
    if (!judge_link_binds(judge, link)) {
        return;
    }
    Money limit = link->limit.kind == LIMIT_AMOUNT ? limit_money(link->limit, link->currency)
                                                   : money_zero(link->currency);
    row->percent = percent_of(link->after, limit);
    bool applies = money_is_positive(limit) ? percent_above(link->after, limit, rule->number)
                                            : money_is_positive(link->after);
    row->outcome = applies ? rule->outcome : OUTCOME_PASS;
}

/* ---- the other kinds */

static void judge_amount(const PolicyRule *rule, CreditRule *row, Money amount)
{
    row->currency = amount.currency;
    row->value = amount;
    row->outcome = amount_above(amount, rule->number) ? rule->outcome : OUTCOME_PASS;
}

static void judge_number(const PolicyRule *rule, CreditRule *row, int64_t number)
{
    row->number = (OptInt){.value = number, .is_set = true};
    bool applies = decimal_cmp(decimal_of(number, 0), rule->number) > 0;
    row->outcome = applies ? rule->outcome : OUTCOME_PASS;
}

static void judge_overdue_share(const Judge *judge, const PolicyRule *rule, CreditRule *row)
{
    Money overdue = judge_own(judge, judge->facts->overdue);
    Money receivable = judge->after.receivable;
    if (!money_is_positive(receivable)) {
        return;
    }
    row->percent = percent_of(overdue, receivable);
    row->outcome = percent_above(overdue, receivable, rule->number) ? rule->outcome : OUTCOME_PASS;
}

/* The account's own state, or a stop of one of its ancestors. */
static int state_in_force(const CreditFacts *facts)
{
    const CreditAncestor *ancestors = facts->ancestors.items;
    for (size_t i = 0; i < facts->ancestors.count; i++) {
        if (ancestors[i].state == STATE_STOP) {
            return STATE_STOP;
        }
    }
    return facts->state == STATE_NONE ? STATE_NORMAL : facts->state;
}

static void judge_account_state(const Judge *judge, const PolicyRule *rule, CreditRule *row)
{
    row->state = state_in_force(judge->facts);
    bool has_way = row->state == STATE_PREPAY || row->state == STATE_PAY_DOWN;
    Money lacks = credit_state_lacks(judge->policy, judge->facts);
    bool is_met = has_way && !money_is_positive(lacks);
    if (has_way && !is_met) {
        row->value = lacks;
        row->currency = lacks.currency;
    }
    row->outcome = row->state >= rule->state && !is_met ? rule->outcome : OUTCOME_PASS;
}

/* The largest excess in percent of the limit it exceeds. */
static void judge_excess_percent(const Judge *judge, const PolicyRule *rule, CreditRule *row)
{
    for (size_t i = 0; i < judge->chain_count; i++) {
        const Link *link = &judge->chain[i];
        if (link->limit.kind != LIMIT_AMOUNT) {
            continue;
        }
        Money limit = limit_money(link->limit, link->currency);
        if (!money_is_positive(limit)) {
            continue;
        }
        Money excess = money_max(money_sub(link->after, limit), money_zero(link->currency));
        Percent percent = percent_of(excess, limit);
        if (!row->percent.is_set || percent.per_mille > row->percent.per_mille) {
            row->percent = percent;
        }
        if (percent_above(excess, limit, rule->number)) {
            row->outcome = rule->outcome;
        }
    }
}

/* What the release would add is its excess, at most what it covers. */
static Money released_excess(const Judge *judge)
{
    const CreditFacts *facts = judge->facts;
    Money covered = facts->amount_max.currency != 0 ? judge_own(judge, facts->amount_max)
                                                    : judge_own(judge, facts->moving);
    Money adds = judge_to_home(judge, money_min(judge->excess, covered));
    return money_add(judge_money_in(judge->track.released_excess, judge->home), adds);
}

static void judge_release_kind(const Judge *judge, const PolicyRule *rule, CreditRule *row)
{
    if (rule->kind == RULE_PROMISE_BROKEN_OPEN) {
        judge_amount(rule, row, judge_money_in(judge->track.promise_broken_open, judge->home));
    } else if (rule->kind == RULE_PROMISE_LEVEL) {
        judge_number(rule, row, judge->track.promise_level);
    } else if (rule->kind == RULE_RELEASES_365D) {
        judge_number(rule, row, judge->track.releases_365d);
    } else if (rule->kind == RULE_RELEASE_EXCESS_PERCENT) {
        judge_excess_percent(judge, rule, row);
    } else {
        ASSERT(rule->kind == RULE_RELEASED_EXCESS_OPEN);
        judge_amount(rule, row, released_excess(judge));
    }
}

void judge_rule(Judge *judge, const PolicyRule *rule, Gate gate)
{
    const CreditFacts *facts = judge->facts;
    if (rule->kind == RULE_LIMIT) {
        judge_limit(judge, rule, gate);
        return;
    }
    CreditRule *row = row_add(judge, rule, gate);
    if (rule->kind == RULE_LIMIT_USE) {
        judge_limit_use(judge, rule, row);
    } else if (rule->kind == RULE_OVERDUE_DAYS) {
        judge_number(rule, row, facts->overdue_days);
    } else if (rule->kind == RULE_OVERDUE_AMOUNT) {
        judge_amount(rule, row, judge_to_home(judge, judge_own(judge, facts->overdue)));
    } else if (rule->kind == RULE_OVERDUE_SHARE) {
        judge_overdue_share(judge, rule, row);
    } else if (rule->kind == RULE_UNBILLED_DAYS) {
        judge_number(rule, row, facts->unbilled_days);
    } else if (rule->kind == RULE_BROKEN_PROMISES) {
        judge_number(rule, row, judge->track.broken_promises);
    } else if (rule->kind == RULE_ORDER_AMOUNT) {
        judge_amount(rule, row, judge_to_home(judge, judge_own(judge, facts->order_amount)));
    } else if (rule->kind == RULE_ACCOUNT_STATE) {
        judge_account_state(judge, rule, row);
    } else {
        judge_release_kind(judge, rule, row);
    }
}
