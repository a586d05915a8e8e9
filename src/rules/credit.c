/* The judgement. A pass over the policy's rules for the gate; each rule that applies to the
 * account writes one row (limit: one for each account of the chain); the heaviest row decides. */
#include "rules/credit.h"

#include "rules/credit_judge.h"
#include "rules/limit.h"
#include "rules/rate.h"
#include "rules/wide.h"

#include <string.h>

/* ---- money of the facts */

Money judge_money_in(Money money, Currency currency)
{
    if (money.currency == 0) {
        return money_zero(currency);
    }
    ASSERT(money.currency == currency);
    return money;
}

static Position position_in(const Position *position, Currency currency)
{
    if (position == NULL) {
        return position_empty(currency);
    }
    ASSERT(position->currency == currency);
    Position whole = *position;
    whole.ordered = judge_money_in(position->ordered, currency);
    whole.shipped = judge_money_in(position->shipped, currency);
    whole.receivable = judge_money_in(position->receivable, currency);
    whole.cheque = judge_money_in(position->cheque, currency);
    whole.advance = judge_money_in(position->advance, currency);
    return whole;
}

Currency credit_home(const CreditFacts *facts)
{
    const CreditAncestor *ancestors = facts->ancestors.items;
    if (facts->track != NULL) {
        return facts->track->currency;
    }
    return facts->ancestors.count > 0 ? ancestors[0].currency : facts->currency;
}

/* The caller has asked credit_needs_rate(). */
Money judge_to_home(const Judge *judge, Money money)
{
    Money converted = {0};
    bool has_rate = rate_to_home(money, judge->facts->rate, judge->home, &converted);
    ASSERT(has_rate);
    return converted;
}

Money judge_own(const Judge *judge, Money money)
{
    return judge_money_in(money, judge->facts->currency);
}

/* ---- the chain */

static LimitValue limit_raised(LimitValue limit, Money raised)
{
    if (limit.kind == LIMIT_UNLIMITED) {
        return limit;
    }
    if (limit.kind == LIMIT_AMOUNT) {
        return limit_of(money_add(limit_money(limit, raised.currency), raised));
    }
    return money_is_positive(raised) ? limit_of(raised) : limit_not_set();
}

/* The link above's limit, in the currency of this one. */
static LimitValue limit_inherited(const Judge *judge, const Link *above, Currency currency)
{
    if (above->limit.kind != LIMIT_AMOUNT || above->currency == currency) {
        return above->limit;
    }
    Money money = {0};
    bool has_rate = rate_from_home(
        limit_money(above->limit, above->currency), judge->facts->rate, currency, &money);
    ASSERT(has_rate);
    return limit_of(money);
}

static bool is_set(LimitValue limit)
{
    return limit.kind == LIMIT_AMOUNT || limit.kind == LIMIT_UNLIMITED;
}

/* Fills limit and limit_from; the links above are complete. At the top nothing is inherited. */
static void link_bind(Judge *judge, size_t i, LimitValue limit, Money raised)
{
    Link *link = &judge->chain[i];
    const Link *above = i + 1 < judge->chain_count ? &judge->chain[i + 1] : NULL;
    if (is_set(limit) || above == NULL || !is_set(above->limit)) {
        Money none = money_zero(link->currency);
        link->limit =
            limit_raised(limit, judge->at_shipment ? judge_money_in(raised, link->currency) : none);
        link->limit_from = is_set(link->limit) ? link->account : NULL;
        return;
    }
    link->limit = limit_inherited(judge, above, link->currency);
    link->limit_from = above->limit_from;
}

static Money own_exposure(const Judge *judge, const Position *position)
{
    return judge->at_shipment ? position_out_of_house(position) : position_exposure(position);
}

static void chain_build(Judge *judge)
{
    const CreditFacts *facts = judge->facts;
    const CreditAncestor *ancestors = facts->ancestors.items;
    judge->chain_count = facts->ancestors.count + 1;
    ASSERT(judge->chain_count <= CREDIT_CHAIN_MAX);
    for (size_t i = judge->chain_count - 1; i > 0; i--) {
        const CreditAncestor *ancestor = &ancestors[i - 1];
        ASSERT(ancestor->currency == judge->home);
        judge->chain[i] = (Link){.account = ancestor->account,
            .currency = judge->home,
            .before = judge_money_in(ancestor->exposure_before, judge->home),
            .after = judge_money_in(ancestor->exposure_after, judge->home),
            .horizons = &ancestor->horizons};
        link_bind(judge, i, ancestor->limit, ancestor->raised);
    }
    bool is_group = facts->group_after.currency != 0;
    judge->chain[0] = (Link){.account = facts->account,
        .currency = facts->currency,
        .before = is_group ? facts->group_before : own_exposure(judge, &judge->before),
        .after = is_group ? facts->group_after : own_exposure(judge, &judge->after),
        .horizons = &facts->horizons};
    link_bind(judge, 0, facts->limit, facts->raised);
}

/* What is left under the link's limit, home currency. Not set counts as 0. */
static Money link_slack(const Judge *judge, const Link *link)
{
    Money limit = link->limit.kind == LIMIT_AMOUNT ? limit_money(link->limit, link->currency)
                                                   : money_zero(link->currency);
    Money slack = money_sub(limit, link->after);
    return judge->chain_count == 1 ? slack : judge_to_home(judge, slack);
}

/* Does anything limit this account? Ancestors without a limit do not. */
bool judge_link_binds(const Judge *judge, const Link *link)
{
    return link->limit.kind == LIMIT_AMOUNT ||
           (link == judge->chain && link->limit.kind != LIMIT_UNLIMITED);
}

static void tightest_find(Judge *judge)
{
    judge->tightest = &judge->chain[0];
    bool is_bound = judge_link_binds(judge, judge->tightest);
    for (size_t i = 1; i < judge->chain_count; i++) {
        const Link *link = &judge->chain[i];
        if (judge_link_binds(judge, link) &&
            (!is_bound ||
                money_cmp(link_slack(judge, link), link_slack(judge, judge->tightest)) < 0)) {
            judge->tightest = link;
            is_bound = true;
        }
    }
}

/* ---- the whole */

static bool rule_counts(const Policy *policy, size_t i, Gate gate, const CreditFacts *facts)
{
    return policy_applies(policy, i, gate, facts->account, facts->tier);
}

static int heaviest_of(const CreditRule *rules, size_t count)
{
    int heaviest = OUTCOME_PASS;
    for (size_t i = 0; i < count; i++) {
        heaviest = rules[i].outcome > heaviest ? rules[i].outcome : heaviest;
    }
    return heaviest;
}

/* Judges all rules of one gate; returns the heaviest outcome. */
static int judge_gate(Judge *judge, Gate gate)
{
    const PolicyRule *rules = judge->policy->rules.items;
    size_t first = judge->rule_count;
    for (size_t i = 0; i < judge->policy->rules.count; i++) {
        if (rule_counts(judge->policy, i, gate, judge->facts)) {
            judge_rule(judge, &rules[i], gate);
        }
    }
    return heaviest_of(&judge->rules[first], judge->rule_count - first);
}

/* Another rule than limit holds at the gate of goods, or there is no limit to exceed. */
static bool open_counts(const Judge *judge)
{
    for (size_t i = 0; i < judge->rule_count; i++) {
        const CreditRule *row = &judge->rules[i];
        if (row->kind != RULE_LIMIT && row->gate != GATE_RELEASE && row->outcome >= OUTCOME_HOLD) {
            return true;
        }
    }
    return !is_set(judge->chain[0].limit);
}

/* A rule is judged at most twice: for the order, and for its goods. */
static CreditRule *rows_reserve(Arena *arena, const Judge *judge)
{
    const PolicyRule *rules = judge->policy->rules.items;
    size_t count = 0;
    for (size_t i = 0; i < judge->policy->rules.count; i++) {
        count += rules[i].kind == RULE_LIMIT ? judge->chain_count : 1;
    }
    return arena_array(arena, judge->facts->goods != NULL ? 2 * count : count, sizeof(CreditRule));
}

/* Left under the limit that binds the link, which may be an ancestor's and then is what its whole
 * group has left. */
static Money link_available(const Judge *judge, size_t i)
{
    const Link *link = &judge->chain[i];
    if (link->limit.kind != LIMIT_AMOUNT) {
        return (Money){0};
    }
    const Link *owner = link;
    while (strcmp(owner->account, link->limit_from) != 0) {
        owner++;
    }
    Money left = money_sub(limit_money(owner->limit, owner->currency), owner->after);
    if (owner->currency != link->currency) {
        bool has_rate = rate_from_home(left, judge->facts->rate, link->currency, &left);
        ASSERT(has_rate);
    }
    return left;
}

static List chain_view(Arena *arena, const Judge *judge)
{
    CreditLink *links = arena_array(arena, judge->chain_count, sizeof *links);
    for (size_t i = 0; i < judge->chain_count; i++) {
        const Link *link = &judge->chain[i];
        links[i] = (CreditLink){.account = link->account,
            .currency = link->currency,
            .limit = link->limit,
            .limit_from = link->limit_from,
            .exposure = link->after,
            .available = link_available(judge, i)};
    }
    return (List){.items = links, .count = judge->chain_count};
}

static void verdict_write(const Judge *judge, CreditVerdict *verdict)
{
    const Link *tightest = judge->tightest;
    verdict->exposure_before = own_exposure(judge, &judge->before);
    verdict->exposure_after = own_exposure(judge, &judge->after);
    verdict->limit = tightest->limit;
    verdict->limit_from = tightest->limit_from;
    if (tightest != judge->chain || judge->facts->group_after.currency != 0) {
        verdict->group =
            (CreditGroup){tightest->account, tightest->currency, tightest->before, tightest->after};
    }
    if (tightest->limit.kind == LIMIT_AMOUNT) {
        verdict->available_after =
            money_sub(limit_money(tightest->limit, tightest->currency), tightest->after);
    }
    verdict->excess = judge->excess;
    verdict->excess_home = judge->excess_home;
    verdict->open_counts = open_counts(judge);
    verdict->rules = (List){.items = judge->rules, .count = judge->rule_count};
}

static void judge_start(
    Judge *judge, const Policy *policy, const CreditFacts *facts, Currency home, bool at_shipment)
{
    *judge = (Judge){.policy = policy,
        .facts = facts,
        .home = home,
        .at_shipment = at_shipment,
        .before = position_in(facts->before, facts->currency),
        .after = position_in(facts->after, facts->currency),
        .excess = money_zero(facts->currency),
        .excess_home = money_zero(home)};
    if (facts->track != NULL) {
        judge->track = *facts->track;
    }
    chain_build(judge);
    tightest_find(judge);
}

/* Does the shipment gate look at more of it than the order gate? The figures of goods are never
 * above those of orders, but for orders that a horizon leaves out. */
static bool is_of_goods_alone(const Judge *judge, size_t i)
{
    const PolicyRule *rule = &((const PolicyRule *)judge->policy->rules.items)[i];
    return rule_counts(judge->policy, i, GATE_SHIPMENT, judge->facts) &&
           (rule->horizon_days.is_set || !rule_counts(judge->policy, i, GATE_ORDER, judge->facts));
}

/* The rules that stop the goods of an order whose approval they do not hold; the heaviest. */
static int judge_goods(Judge *judge)
{
    if (judge->facts->goods == NULL) {
        return OUTCOME_PASS;
    }
    const CreditGoods *goods = judge->facts->goods;
    CreditFacts facts = *judge->facts;
    facts.before = goods->before;
    facts.after = goods->after;
    facts.group_before = goods->group_before;
    facts.group_after = goods->group_after;
    facts.ancestors = goods->ancestors;
    facts.raised = goods->raised;
    Judge shipping;
    judge_start(&shipping, judge->policy, &facts, judge->home, true);
    shipping.rules = judge->rules + judge->rule_count;
    const PolicyRule *rules = judge->policy->rules.items;
    for (size_t i = 0; i < judge->policy->rules.count; i++) {
        if (is_of_goods_alone(&shipping, i)) {
            judge_rule(&shipping, &rules[i], GATE_SHIPMENT);
        }
    }
    judge->rule_count += shipping.rule_count;
    judge->excess = money_max(judge->excess, shipping.excess);
    bool has_rate = judge->excess_home.currency != 0 && shipping.excess_home.currency != 0;
    judge->excess_home =
        has_rate ? money_max(judge->excess_home, shipping.excess_home) : (Money){0};
    return heaviest_of(shipping.rules, shipping.rule_count);
}

void credit_judge(Arena *arena,
    const Policy *policy,
    Gate gate,
    const CreditFacts *facts,
    CreditVerdict *ret_verdict)
{
    ASSERT(gate == GATE_ORDER || gate == GATE_SHIPMENT || gate == GATE_RELEASE);
    Judge judge;
    judge_start(&judge, policy, facts, credit_home(facts), gate == GATE_SHIPMENT);
    judge.rules = rows_reserve(arena, &judge);
    CreditVerdict verdict = {.gate = (int)gate};
    verdict.order_outcome = judge_gate(&judge, gate == GATE_RELEASE ? GATE_ORDER : gate);
    int goods_outcome = judge_goods(&judge);
    if (goods_outcome > verdict.order_outcome) {
        verdict.order_outcome = goods_outcome;
    }
    verdict.outcome = verdict.order_outcome;
    if (gate == GATE_RELEASE) {
        int release_outcome = judge_gate(&judge, GATE_RELEASE);
        if (release_outcome > verdict.outcome) {
            verdict.outcome = release_outcome;
        }
    }
    verdict_write(&judge, &verdict);
    verdict.chain = chain_view(arena, &judge);
    *ret_verdict = verdict;
}

bool credit_needs_rate(const Policy *policy, Gate gate, const CreditFacts *facts, Currency home)
{
    if (facts->currency == home) {
        return false;
    }
    if (gate == GATE_RELEASE || facts->ancestors.count > 0) {
        return true;
    }
    const PolicyRule *rules = policy->rules.items;
    for (size_t i = 0; i < policy->rules.count; i++) {
        bool converts = (rules[i].kind == RULE_OVERDUE_AMOUNT && facts->overdue.minor != 0) ||
                        (rules[i].kind == RULE_ORDER_AMOUNT && facts->order_amount.minor != 0);
        if (converts && rule_counts(policy, i, gate, facts)) {
            return true;
        }
    }
    return false;
}
