/* The judgement. A pass over the policy's rules for the gate; each rule that applies to the
 * account writes one row (limit: one for each account of the chain); the heaviest row decides. */
#include "rules/credit.h"

#include "rules/limit.h"
#include "rules/rate.h"
#include "rules/wide.h"

#include <string.h>

/* One account of the chain with the limit that binds it. */
typedef struct Link {
    const char *account;
    Currency currency;
    LimitValue limit;       /* own, else the nearest ancestor's; raised at shipment */
    const char *limit_from; /* NULL: not set anywhere above */
    Money before;
    Money after;
    const List *horizons;
} Link;

typedef struct Judge {
    const Policy *policy;
    const CreditFacts *facts;
    CreditTrack track;
    Currency home;
    bool at_shipment;
    Position before;
    Position after;
    Link chain[CREDIT_CHAIN_MAX];
    size_t chain_count;
    const Link *tightest;
    Money excess;
    Money excess_home; /* absent without a rate */
    CreditRule *rules;
    size_t rule_count;
} Judge;

/* ---- money of the facts */

static Money money_in(Money money, Currency currency)
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
    whole.ordered = money_in(position->ordered, currency);
    whole.shipped = money_in(position->shipped, currency);
    whole.receivable = money_in(position->receivable, currency);
    whole.cheque = money_in(position->cheque, currency);
    whole.advance = money_in(position->advance, currency);
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
static Money to_home(const Judge *judge, Money money)
{
    Money converted = {0};
    bool has_rate = rate_to_home(money, judge->facts->rate, judge->home, &converted);
    ASSERT(has_rate);
    return converted;
}

static Money own(const Judge *judge, Money money)
{
    return money_in(money, judge->facts->currency);
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
            limit_raised(limit, judge->at_shipment ? money_in(raised, link->currency) : none);
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
            .before = money_in(ancestor->exposure_before, judge->home),
            .after = money_in(ancestor->exposure_after, judge->home),
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
    return judge->chain_count == 1 ? slack : to_home(judge, slack);
}

/* Does anything limit this account? Ancestors without a limit do not. */
static bool link_binds(const Judge *judge, const Link *link)
{
    return link->limit.kind == LIMIT_AMOUNT ||
           (link == judge->chain && link->limit.kind != LIMIT_UNLIMITED);
}

static void tightest_find(Judge *judge)
{
    judge->tightest = &judge->chain[0];
    bool is_bound = link_binds(judge, judge->tightest);
    for (size_t i = 1; i < judge->chain_count; i++) {
        const Link *link = &judge->chain[i];
        if (link_binds(judge, link) && (!is_bound || money_cmp(link_slack(judge, link),
                                                         link_slack(judge, judge->tightest)) < 0)) {
            judge->tightest = link;
            is_bound = true;
        }
    }
}

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
            return money_in(horizons[i].exposure_after, link->currency);
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
        if (!link_binds(judge, link)) {
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
    if (!link_binds(judge, link)) {
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
    Money overdue = own(judge, judge->facts->overdue);
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
    bool is_met = (row->state == STATE_PREPAY || row->state == STATE_PAY_DOWN) &&
                  !money_is_positive(credit_state_lacks(judge->policy, judge->facts));
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
    Money covered =
        facts->amount_max.currency != 0 ? own(judge, facts->amount_max) : own(judge, facts->moving);
    Money adds = to_home(judge, money_min(judge->excess, covered));
    return money_add(money_in(judge->track.released_excess, judge->home), adds);
}

static void judge_release_kind(const Judge *judge, const PolicyRule *rule, CreditRule *row)
{
    if (rule->kind == RULE_PROMISE_BROKEN_OPEN) {
        judge_amount(rule, row, money_in(judge->track.promise_broken_open, judge->home));
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

static void judge_rule(Judge *judge, const PolicyRule *rule, Gate gate)
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
        judge_amount(rule, row, to_home(judge, own(judge, facts->overdue)));
    } else if (rule->kind == RULE_OVERDUE_SHARE) {
        judge_overdue_share(judge, rule, row);
    } else if (rule->kind == RULE_UNBILLED_DAYS) {
        judge_number(rule, row, facts->unbilled_days);
    } else if (rule->kind == RULE_BROKEN_PROMISES) {
        judge_number(rule, row, judge->track.broken_promises);
    } else if (rule->kind == RULE_ORDER_AMOUNT) {
        judge_amount(rule, row, to_home(judge, own(judge, facts->order_amount)));
    } else if (rule->kind == RULE_ACCOUNT_STATE) {
        judge_account_state(judge, rule, row);
    } else {
        judge_release_kind(judge, rule, row);
    }
}

/* ---- the whole */

static bool rule_counts(const Policy *policy, size_t i, Gate gate, const CreditFacts *facts)
{
    return policy_applies(policy, i, gate, facts->account, facts->tier);
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
    int heaviest = OUTCOME_PASS;
    for (size_t i = first; i < judge->rule_count; i++) {
        if (judge->rules[i].outcome > heaviest) {
            heaviest = judge->rules[i].outcome;
        }
    }
    return heaviest;
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

static CreditRule *rows_reserve(Arena *arena, const Judge *judge)
{
    const PolicyRule *rules = judge->policy->rules.items;
    size_t count = 0;
    for (size_t i = 0; i < judge->policy->rules.count; i++) {
        count += rules[i].kind == RULE_LIMIT ? judge->chain_count : 1;
    }
    return arena_array(arena, count, sizeof(CreditRule));
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
    if (tightest->limit.kind == LIMIT_AMOUNT) {
        verdict->available_after =
            money_sub(limit_money(tightest->limit, tightest->currency), tightest->after);
    }
    verdict->excess = judge->excess;
    verdict->excess_home = judge->excess_home;
    verdict->open_counts = open_counts(judge);
    verdict->rules = (List){.items = judge->rules, .count = judge->rule_count};
}

void credit_judge(Arena *arena,
    const Policy *policy,
    Gate gate,
    const CreditFacts *facts,
    CreditVerdict *ret_verdict)
{
    ASSERT(gate == GATE_ORDER || gate == GATE_SHIPMENT || gate == GATE_RELEASE);
    Currency home = credit_home(facts);
    Judge judge = {.policy = policy,
        .facts = facts,
        .home = home,
        .at_shipment = gate == GATE_SHIPMENT,
        .before = position_in(facts->before, facts->currency),
        .after = position_in(facts->after, facts->currency),
        .excess = money_zero(facts->currency),
        .excess_home = money_zero(home)};
    if (facts->track != NULL) {
        judge.track = *facts->track;
    }
    chain_build(&judge);
    tightest_find(&judge);
    judge.rules = rows_reserve(arena, &judge);
    CreditVerdict verdict = {.gate = (int)gate};
    verdict.order_outcome = judge_gate(&judge, gate == GATE_RELEASE ? GATE_ORDER : gate);
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
