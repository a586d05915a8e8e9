/* Can stored facts be judged again, and is what that gives what was stored? */
#include "rules/credit.h"

#include "rules/limit.h"
#include "rules/wide.h"

#include <string.h>

static bool text_equals(const char *a, const char *b)
{
    return (a == NULL || b == NULL) ? a == b : strcmp(a, b) == 0;
}

static bool money_equals(Money a, Money b)
{
    return a.minor == b.minor && a.currency == b.currency;
}

static bool decimal_equals(Decimal a, Decimal b)
{
    return a.is_set == b.is_set && (!a.is_set || decimal_cmp(a, b) == 0);
}

static bool number_equals(OptInt a, OptInt b)
{
    return a.is_set == b.is_set && a.value == b.value;
}

static bool rule_equals(const CreditRule *a, const CreditRule *b)
{
    return a->kind == b->kind && a->gate == b->gate && a->outcome == b->outcome &&
           text_equals(a->account, b->account) && a->currency == b->currency &&
           money_equals(a->value, b->value) && money_equals(a->excess, b->excess) &&
           limit_cmp(a->limit, b->limit, a->currency) == 0 && number_equals(a->number, b->number) &&
           a->percent.is_set == b->percent.is_set && a->percent.per_mille == b->percent.per_mille &&
           a->state == b->state && a->state_threshold == b->state_threshold &&
           decimal_equals(a->threshold, b->threshold) &&
           number_equals(a->horizon_days, b->horizon_days);
}

static bool is_in(const Position *position, Currency currency)
{
    return position == NULL || position->currency == currency;
}

static bool ancestors_hold(List ancestors, Currency home)
{
    const CreditAncestor *items = ancestors.items;
    for (size_t i = 0; i < ancestors.count; i++) {
        if (items[i].currency != home) {
            return false;
        }
    }
    return ancestors.count < CREDIT_CHAIN_MAX;
}

static bool goods_hold(const CreditGoods *goods, Currency currency, Currency home)
{
    return goods == NULL ||
           (goods->currency == currency && ancestors_hold(goods->ancestors, home) &&
               is_in(goods->before, currency) && is_in(goods->after, currency));
}

bool credit_facts_hold(const Policy *policy, Gate gate, const CreditFacts *facts)
{
    if (gate != GATE_ORDER && gate != GATE_SHIPMENT && gate != GATE_RELEASE) {
        return false;
    }
    Currency home = credit_home(facts);
    bool is_rated = facts->rate.is_set && facts->rate.units > 0;
    return ancestors_hold(facts->ancestors, home) && is_in(facts->before, facts->currency) &&
           is_in(facts->after, facts->currency) &&
           goods_hold(facts->goods, facts->currency, home) &&
           (is_rated || !credit_needs_rate(policy, gate, facts, home));
}

bool credit_verdict_equals(const CreditVerdict *a, const CreditVerdict *b)
{
    if (a->gate != b->gate || a->outcome != b->outcome || a->rules.count != b->rules.count) {
        return false;
    }
    const CreditRule *rules_a = a->rules.items;
    const CreditRule *rules_b = b->rules.items;
    for (size_t i = 0; i < a->rules.count; i++) {
        if (!rule_equals(&rules_a[i], &rules_b[i])) {
            return false;
        }
    }
    return true;
}
