/* Terms, sums and cover of releases. */
#include "rules/release.h"

#include "rules/limit.h"
#include "rules/promise.h"
#include "rules/wide.h"

#include <string.h>

/* ---- terms */

/* Default and latest expiry: today + 30, and not after the window of the promise (due_on +
 * tolerance). */
static Date release_expiry_max(const Policy *policy, const ReleaseAsk *ask)
{
    Date latest = ask->today + RELEASE_DAYS_MAX;
    if (!ask->has_promise) {
        return latest;
    }
    Date window_end = promise_window_end(policy, ask->promise_due_on);
    return window_end < latest ? window_end : latest;
}

static bool promise_fits(const Policy *policy, const ReleaseAsk *ask, Money excess, Fault *fault)
{
    if (!money_is_positive(ask->promise_amount)) {
        return fault_invalid(fault, "promise.amount", "Promise an amount above zero.");
    }
    if (money_cmp(ask->promise_amount, excess) < 0) {
        return fault_invalid(
            fault, "promise.amount", "Promise at least what the release lets go above the limit.");
    }
    if (ask->promise_due_on < ask->today) {
        return fault_invalid(fault, "promise.due_on", "Promise a day that is still to come.");
    }
    return ask->promise_due_on <= ask->today + policy->promise_max_days ||
           fault_invalid(fault, "promise.due_on",
               "Promise an earlier day: the policy bounds how far ahead it may lie.");
}

bool release_check(const Policy *policy,
    const ReleaseAsk *ask,
    Money excess,
    ReleaseTerms *ret_terms,
    Fault *ret_fault)
{
    ReleaseTerms terms = {.amount_max = ask->open_amount, .expires_on = ask->expires_on};
    if (ask->amount_max.currency != 0) {
        if (!money_is_positive(ask->amount_max) ||
            money_cmp(ask->amount_max, ask->open_amount) > 0) {
            return fault_invalid(ret_fault, "amount_max",
                "Release more than zero and at most what the order has open.");
        }
        terms.amount_max = ask->amount_max;
    }
    Money lets_go = release_excess(excess, terms.amount_max);
    if (ask->has_promise && !promise_fits(policy, ask, lets_go, ret_fault)) {
        return false;
    }
    Date latest = release_expiry_max(policy, ask);
    if (terms.expires_on == DATE_NONE) {
        terms.expires_on = latest;
    }
    if (terms.expires_on < ask->today) {
        return fault_invalid(ret_fault, "expires_on", "Give a day that is still to come.");
    }
    if (terms.expires_on > latest) {
        return fault_invalid(ret_fault, "expires_on",
            "A release ends within 30 days and with the window of its promise.");
    }
    *ret_terms = terms;
    return true;
}

Money release_excess(Money excess, Money amount_max)
{
    return money_min(excess, amount_max);
}

Money release_raise(
    bool is_own_order, Money excess, Money amount_max, Money exposure_before, LimitValue limit)
{
    Money raise = release_excess(excess, amount_max);
    if (!is_own_order || limit.kind == LIMIT_UNLIMITED) {
        return raise;
    }
    Money above = money_add(exposure_before, amount_max);
    if (limit.kind == LIMIT_AMOUNT) {
        above = money_sub(above, limit_money(limit, amount_max.currency));
    }
    return money_max(raise, above);
}

/* ---- the ladder */

Money release_recent_sum(Currency home, const ReleaseGiven *given, size_t count, Date today)
{
    Money sum = money_zero(home);
    for (size_t i = 0; i < count; i++) {
        Money left = money_sub(given[i].excess, given[i].settled);
        if (given[i].given_on >= today - RELEASE_SUM_DAYS && money_is_positive(left)) {
            sum = money_add(sum, left);
        }
    }
    return sum;
}

bool release_open_decides(const CreditVerdict *verdict, Money open_amount)
{
    return verdict->open_counts && money_cmp(open_amount, verdict->excess_home) > 0;
}

Money release_ladder_amount(const CreditVerdict *verdict, Money open_amount, Money recent_sum)
{
    bool is_open = release_open_decides(verdict, open_amount);
    return money_add(is_open ? open_amount : verdict->excess_home, recent_sum);
}

/* ---- while it stands */

bool release_is_valid(const ReleaseFacts *facts)
{
    if (facts->is_ended || facts->today > facts->expires_on) {
        return false;
    }
    return facts->promise_is_kept || facts->promise_window_end == DATE_NONE ||
           facts->today <= facts->promise_window_end;
}

static bool is_covered_figure(int64_t given, int64_t now)
{
    return wide_product_cmp(now, 100, given, 100 + RELEASE_WORSE_PERCENT) <= 0;
}

static bool is_same_account(const CreditRule *a, const CreditRule *b)
{
    return a->account == NULL || b->account == NULL ? a->account == b->account
                                                    : strcmp(a->account, b->account) == 0;
}

/* Was `given` (a rule as it stood when the release was given) given for `rule`, at a value at
 * most 10 % worse? Same kind; `limit` also same account. null covers everything of its kind;
 * null is not covered by a number. A state covers the same and lighter ones. */
static bool release_covers_rule(const CreditRule *given, const CreditRule *rule)
{
    if (given->kind != rule->kind || !is_same_account(given, rule)) {
        return false;
    }
    RuleUnit unit = rule_unit((RuleKind)rule->kind);
    if (unit == UNIT_STATE) {
        return rule->state <= given->state;
    }
    if (unit == UNIT_PERCENT) {
        return !given->percent.is_set ||
               (rule->percent.is_set &&
                   is_covered_figure(given->percent.per_mille, rule->percent.per_mille));
    }
    if (unit == UNIT_DAYS || unit == UNIT_COUNT) {
        return is_covered_figure(given->number.value, rule->number.value);
    }
    return given->value.currency == rule->value.currency &&
           is_covered_figure(given->value.minor, rule->value.minor);
}

static bool is_covered(List given_rules, const CreditRule *rule)
{
    const CreditRule *given = given_rules.items;
    for (size_t i = 0; i < given_rules.count; i++) {
        if (release_covers_rule(&given[i], rule)) {
            return true;
        }
    }
    return false;
}

bool release_lets_ship(List given_rules, const CreditVerdict *shipment)
{
    const CreditRule *rules = shipment->rules.items;
    for (size_t i = 0; i < shipment->rules.count; i++) {
        if (rules[i].outcome < OUTCOME_HOLD) {
            continue;
        }
        if (rules[i].outcome == OUTCOME_REFUSE || rules[i].kind == RULE_LIMIT ||
            !is_covered(given_rules, &rules[i])) {
            return false;
        }
    }
    return true;
}

List release_rules(Arena *arena, const CreditVerdict *verdict)
{
    const CreditRule *rules = verdict->rules.items;
    CreditRule *held = arena_array(arena, verdict->rules.count, sizeof(CreditRule));
    size_t count = 0;
    for (size_t i = 0; i < verdict->rules.count; i++) {
        if (rules[i].outcome == OUTCOME_HOLD && rules[i].gate != GATE_RELEASE) {
            held[count++] = rules[i];
        }
    }
    return (List){.items = held, .count = count};
}
