/* Rules of a verdict as people and programs read them: JSON values and an English sentence, both
 * made from the stored codes and figures, never stored themselves. */
#include "rules/credit.h"

#include "rules/limit.h"

/* ---- values */

static const char *quoted(Arena *arena, const char *text)
{
    return arena_printf(arena, "\"%s\"", text);
}

static const char *money_json(Arena *arena, Money money)
{
    char text[DECIMAL_TEXT_SIZE];
    if (money.currency == 0) {
        return "null";
    }
    money_format(money, text);
    return quoted(arena, text);
}

static const char *limit_json(Arena *arena, const CreditRule *rule)
{
    if (rule->limit.kind == LIMIT_AMOUNT) {
        return money_json(arena, limit_money(rule->limit, rule->currency));
    }
    return rule->limit.kind == LIMIT_UNLIMITED ? "\"unlimited\"" : "null";
}

/* The threshold of an amount has the decimals of the amount beside it, however it was stored. */
static const char *threshold_text(Arena *arena, const CreditRule *rule, bool is_amount)
{
    char text[DECIMAL_TEXT_SIZE];
    Decimal threshold = rule->threshold;
    int64_t units;
    int decimals = is_amount && rule->currency != 0 ? currency_decimals(rule->currency) : 0;
    if (is_amount && decimal_at_scale(threshold, decimals, &units)) {
        threshold = decimal_of(units, decimals);
    }
    decimal_format(threshold, !is_amount, text);
    return arena_str(arena, text);
}

static const char *percent_json(Arena *arena, Percent percent)
{
    char text[DECIMAL_TEXT_SIZE];
    if (!percent.is_set) {
        return "null";
    }
    decimal_format(decimal_of(percent.per_mille, 1), false, text);
    return arena_str(arena, text);
}

static const char *state_name(int state)
{
    ASSERT(state >= STATE_NONE);
    ASSERT(state < STATE_COUNT);
    return account_state_names[state];
}

static const char *value_json(Arena *arena, const CreditRule *rule)
{
    switch (rule_unit((RuleKind)rule->kind)) {
    case UNIT_NONE:
    case UNIT_AMOUNT:
        return money_json(arena, rule->value);
    case UNIT_PERCENT:
        return percent_json(arena, rule->percent);
    case UNIT_STATE:
        return quoted(arena, state_name(rule->state));
    case UNIT_DAYS:
    case UNIT_COUNT:
        break;
    }
    long long number = (long long)rule->number.value;
    return rule->number.is_set ? arena_printf(arena, "%lld", number) : "null";
}

static const char *threshold_json(Arena *arena, const CreditRule *rule)
{
    RuleUnit unit = rule_unit((RuleKind)rule->kind);
    if (unit == UNIT_NONE) {
        return limit_json(arena, rule);
    }
    if (unit == UNIT_STATE) {
        return quoted(arena, state_name(rule->state_threshold));
    }
    if (!rule->threshold.is_set) {
        return "null";
    }
    const char *text = threshold_text(arena, rule, unit == UNIT_AMOUNT);
    return unit == UNIT_AMOUNT ? quoted(arena, text) : text;
}

/* ---- sentences */

static const char *amount_text(Arena *arena, Money money)
{
    char text[DECIMAL_TEXT_SIZE];
    char currency[CURRENCY_TEXT_SIZE];
    money_format(money, text);
    currency_format(money.currency, currency);
    return arena_printf(arena, "%s %s", text, currency);
}

static const char *limit_text(Arena *arena, const CreditRule *rule)
{
    bool at_shipment = rule->gate == GATE_SHIPMENT;
    const char *what = at_shipment ? "What is out of the house" : "Exposure";
    const char *value = amount_text(arena, rule->value);
    const char *account = rule->account == NULL ? "the account" : rule->account;
    const char *horizon = "";
    if (rule->horizon_days.is_set) {
        horizon = arena_printf(arena, ", not counting orders wanted later than in %lld days",
            (long long)rule->horizon_days.value);
    }
    if (rule->limit.kind == LIMIT_UNLIMITED) {
        return arena_printf(arena, "%s for %s would be %s%s; it has no limit by decision.", what,
            account, value, horizon);
    }
    if (rule->limit.kind != LIMIT_AMOUNT) {
        return arena_printf(arena, "%s for %s would be %s%s; no limit has been set.", what, account,
            value, horizon);
    }
    Money limit = limit_money(rule->limit, rule->currency);
    const char *raised = at_shipment ? " raised by releases" : "";
    if (money_cmp(rule->value, limit) > 0) {
        return arena_printf(arena, "%s for %s would be %s%s, %s above the limit of %s%s.", what,
            account, value, horizon, amount_text(arena, rule->excess), amount_text(arena, limit),
            raised);
    }
    return arena_printf(arena, "%s for %s would be %s%s, within the limit of %s%s.", what, account,
        value, horizon, amount_text(arena, limit), raised);
}

static const char *state_text(Arena *arena, const CreditRule *rule)
{
    const char *state = state_name(rule->state);
    const char *threshold = state_name(rule->state_threshold);
    if (rule->state < rule->state_threshold) {
        return arena_printf(arena, "The account's state is %s, lighter than %s.", state, threshold);
    }
    if (rule->outcome == OUTCOME_PASS) {
        return rule->state == STATE_PREPAY
                   ? "The account's state is prepay, and what is ordered is paid in advance."
                   : "The account's state is pay_down, and enough has been paid since.";
    }
    if (!money_is_positive(rule->value)) {
        return arena_printf(arena, "The account's state is %s.", state);
    }
    return arena_printf(arena, "The account's state is %s; it passes when %s more has %s.", state,
        amount_text(arena, rule->value),
        rule->state == STATE_PREPAY ? "been paid in advance" : "come in");
}

/* "%s" is the value; a threshold follows. */
static const char *const figures[RULE_KIND_COUNT] = {
    [RULE_LIMIT_USE] = "Use of the limit would be %s",
    [RULE_OVERDUE_DAYS] = "The oldest overdue invoice is %s days past due",
    [RULE_OVERDUE_AMOUNT] = "Overdue are %s",
    [RULE_OVERDUE_SHARE] = "Overdue are %s of the receivable",
    [RULE_UNBILLED_DAYS] = "The oldest shipment without an invoice is %s days old",
    [RULE_BROKEN_PROMISES] = "Promises broken in the last 365 days: %s",
    [RULE_ORDER_AMOUNT] = "The order comes to %s",
    [RULE_PROMISE_BROKEN_OPEN] = "Broken promises still lack %s",
    [RULE_PROMISE_LEVEL] = "A new promise would have level %s",
    [RULE_RELEASES_365D] = "Releases given in the last 365 days: %s",
    [RULE_RELEASE_EXCESS_PERCENT] = "The excess is %s of the limit",
    [RULE_RELEASED_EXCESS_OPEN] = "Valid releases, this one included, exceed limits by %s",
};

static const char *figure_text(Arena *arena, const CreditRule *rule)
{
    RuleUnit unit = rule_unit((RuleKind)rule->kind);
    bool is_null = unit == UNIT_AMOUNT ? rule->value.currency == 0
                                       : unit == UNIT_PERCENT && !rule->percent.is_set;
    if (is_null) {
        return rule->outcome == OUTCOME_PASS
                   ? "There is nothing to take a percentage of."
                   : "There is exposure without a limit to take a percentage of.";
    }
    const char *unit_text = unit == UNIT_PERCENT ? " %" : "";
    const char *value = unit == UNIT_AMOUNT
                            ? amount_text(arena, rule->value)
                            : arena_printf(arena, "%s%s", value_json(arena, rule), unit_text);
    const char *threshold = threshold_text(arena, rule, unit == UNIT_AMOUNT);
    const char *format = figures[rule->kind];
    ASSERT(format != NULL);
    const char *slot = format;
    while (slot[0] != '%') {
        slot++;
    }
    return arena_printf(arena, "%.*s%s%s, %s %s%s.", (int)(slot - format), format, value, slot + 2,
        rule->outcome == OUTCOME_PASS ? "not above" : "above", threshold, unit_text);
}

const char *credit_rule_text(Arena *arena, const CreditRule *rule)
{
    if (rule->kind == RULE_LIMIT) {
        return limit_text(arena, rule);
    }
    return rule->kind == RULE_ACCOUNT_STATE ? state_text(arena, rule) : figure_text(arena, rule);
}

List credit_rules_view(Arena *arena, List rules)
{
    CreditRuleView *views = arena_array(arena, rules.count, sizeof(CreditRuleView));
    const CreditRule *rows = rules.items;
    for (size_t i = 0; i < rules.count; i++) {
        views[i] = (CreditRuleView){.kind = rule_kind_names[rows[i].kind],
            .value = value_json(arena, &rows[i]),
            .threshold = threshold_json(arena, &rows[i]),
            .outcome = outcome_names[rows[i].outcome],
            .text = credit_rule_text(arena, &rows[i]),
            .account = rows[i].account,
            .lacks =
                rows[i].kind == RULE_ACCOUNT_STATE ? money_json(arena, rows[i].value) : "null"};
    }
    return (List){.items = views, .count = rules.count};
}
