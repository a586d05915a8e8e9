/* The policy document: names, default, validation, choice of rules. */
#include "rules/policy.h"

#include "rules/wide.h"

#include <string.h>

const char *const rule_kind_names[] = {"", "limit", "limit_use", "overdue_days", "overdue_amount",
    "overdue_share", "unbilled_days", "broken_promises", "order_amount", "account_state",
    "promise_broken_open", "promise_level", "releases_365d", "release_excess_percent",
    "released_excess_open", NULL};
const char *const gate_names[] = {"", "order", "shipment", "both", "release", NULL};
const char *const outcome_names[] = {"", "pass", "warn", "hold", "refuse", NULL};
const char *const account_state_names[] = {
    "", "normal", "watch", "prepay", "pay_down", "stop", NULL};
const char *const consent_role_names[] = {
    "", "admin", "manager", "sales", "credit", "collections", "finance", NULL};

_Static_assert(COUNT(rule_kind_names) == RULE_KIND_COUNT + 1, "a name for each kind");
_Static_assert(COUNT(gate_names) == GATE_COUNT + 1, "a name for each gate");
_Static_assert(COUNT(outcome_names) == OUTCOME_COUNT + 1, "a name for each outcome");
_Static_assert(COUNT(account_state_names) == STATE_COUNT + 1, "a name for each state");

/* Places in consent_role_names, for the default ladder. */
enum { CONSENT_ADMIN = 1, CONSENT_MANAGER = 2, CONSENT_CREDIT = 4 };

static const RuleUnit units[RULE_KIND_COUNT] = {
    [RULE_LIMIT] = UNIT_NONE,
    [RULE_LIMIT_USE] = UNIT_PERCENT,
    [RULE_OVERDUE_DAYS] = UNIT_DAYS,
    [RULE_OVERDUE_AMOUNT] = UNIT_AMOUNT,
    [RULE_OVERDUE_SHARE] = UNIT_PERCENT,
    [RULE_UNBILLED_DAYS] = UNIT_DAYS,
    [RULE_BROKEN_PROMISES] = UNIT_COUNT,
    [RULE_ORDER_AMOUNT] = UNIT_AMOUNT,
    [RULE_ACCOUNT_STATE] = UNIT_STATE,
    [RULE_PROMISE_BROKEN_OPEN] = UNIT_AMOUNT,
    [RULE_PROMISE_LEVEL] = UNIT_COUNT,
    [RULE_RELEASES_365D] = UNIT_COUNT,
    [RULE_RELEASE_EXCESS_PERCENT] = UNIT_PERCENT,
    [RULE_RELEASED_EXCESS_OPEN] = UNIT_AMOUNT,
};

RuleUnit rule_unit(RuleKind kind)
{
    ASSERT(kind > RULE_NONE);
    ASSERT(kind < RULE_KIND_COUNT);
    return units[kind];
}

/* Kinds that only gate `release` judges. */
static bool rule_is_release_only(RuleKind kind)
{
    return kind >= RULE_PROMISE_BROKEN_OPEN;
}

/* ---- the default */

void policy_default(Arena *arena, Policy *ret_policy)
{
    static const PolicyRule rules[] = {
        {.kind = RULE_LIMIT, .gate = GATE_BOTH, .outcome = OUTCOME_HOLD},
        {RULE_LIMIT_USE, "90", GATE_ORDER, OUTCOME_WARN, .scope = NULL},
        {RULE_OVERDUE_DAYS, "30", GATE_BOTH, OUTCOME_HOLD, .scope = NULL},
        {RULE_UNBILLED_DAYS, "60", GATE_BOTH, OUTCOME_WARN, .scope = NULL},
        {RULE_BROKEN_PROMISES, "0", GATE_ORDER, OUTCOME_WARN, .scope = NULL},
        {RULE_BROKEN_PROMISES, "2", GATE_ORDER, OUTCOME_HOLD, .scope = NULL},
        {RULE_ACCOUNT_STATE, "\"prepay\"", GATE_BOTH, OUTCOME_HOLD, .scope = NULL},
        {RULE_ACCOUNT_STATE, "\"stop\"", GATE_BOTH, OUTCOME_REFUSE, .scope = NULL},
        {RULE_PROMISE_BROKEN_OPEN, "\"0.00\"", GATE_RELEASE, OUTCOME_REFUSE, .scope = NULL},
        {RULE_PROMISE_LEVEL, "2", GATE_RELEASE, OUTCOME_REFUSE, .scope = NULL},
        {RULE_RELEASE_EXCESS_PERCENT, "20", GATE_RELEASE, OUTCOME_REFUSE, .scope = NULL},
    };
    static const struct {
        int all_of[2];
        size_t count;
        Decimal up_to;
    } steps[] = {
        {{CONSENT_CREDIT}, 1, {5000000, 2, true}},
        {{CONSENT_CREDIT, CONSENT_MANAGER}, 2, {50000000, 2, true}},
        {{CONSENT_CREDIT, CONSENT_ADMIN}, 2, {0, 0, false}},
    };
    Policy policy = {
        .rules = {arena_array(arena, COUNT(rules), sizeof(rules[0])), COUNT(rules)},
        .promise_tolerance_days = 3,
        .promise_tolerance_amount = decimal_of(0, 2),
        .promise_max_days = 30,
        .partly_share = "0.8",
        .conflict_days = 90,
        .small_amount = decimal_of(10000, 2),
        .overdue_min = decimal_of(100, 2),
        .pay_down_ratio = "1.2",
        .approval = {arena_array(arena, COUNT(steps), sizeof(PolicyStep)), COUNT(steps)},
    };
    memcpy(policy.rules.items, rules, sizeof(rules));
    for (size_t i = 0; i < COUNT(steps); i++) {
        int *all_of = arena_array(arena, steps[i].count, sizeof *all_of);
        memcpy(all_of, steps[i].all_of, steps[i].count * sizeof *all_of);
        ((PolicyStep *)policy.approval.items)[i] =
            (PolicyStep){.all_of = {all_of, steps[i].count}, .up_to = steps[i].up_to};
    }
    Fault fault;
    bool is_sound = policy_check(arena, &policy, &fault);
    ASSERT(is_sound);
    *ret_policy = policy;
}

/* ---- reading thresholds */

static bool is_absent(const char *json)
{
    return json == NULL || strcmp(json, "null") == 0;
}

enum { NUMBER_DECIMALS = 6, AMOUNT_DECIMALS = 2 };

/* A JSON number as a decimal of at most six places. What JSON libraries print for 0.8 may be
 * 0.80000000000000004, so digits past the sixth are rounded away. */
static bool number_read(const char *json, Decimal *ret_decimal)
{
    char text[DECIMAL_TEXT_SIZE];
    const char *point = strchr(json, '.');
    size_t length = strlen(json);
    size_t kept = point == NULL ? length : (size_t)(point - json) + 1 + NUMBER_DECIMALS;
    bool is_cut = point != NULL && length > kept;
    if ((is_cut ? kept : length) >= sizeof(text) || strspn(json, "-.0123456789") != length) {
        return false;
    }
    memcpy(text, json, is_cut ? kept : length);
    text[is_cut ? kept : length] = '\0';
    Decimal decimal;
    if (!decimal_parse(text, &decimal)) {
        return false;
    }
    if (is_cut && json[kept] >= '5') {
        decimal.units += json[0] == '-' ? -1 : 1;
    }
    while (decimal.scale > 0 && decimal.units % 10 == 0) {
        decimal.units /= 10;
        decimal.scale--;
    }
    *ret_decimal = decimal;
    return true;
}

/* "1250.00" with its quotes, or a JSON integer. */
static bool amount_read(const char *json, Decimal *ret_decimal)
{
    char text[DECIMAL_TEXT_SIZE];
    size_t length = strlen(json);
    bool is_quoted = length >= 2 && json[0] == '"' && json[length - 1] == '"';
    if (is_quoted) {
        json++;
        length -= 2;
    } else if (strchr(json, '.') != NULL) {
        return false;
    }
    if (length >= sizeof(text)) {
        return false;
    }
    memcpy(text, json, length);
    text[length] = '\0';
    return decimal_parse(text, ret_decimal);
}

static int state_read(const char *json)
{
    size_t length = strlen(json);
    for (int state = STATE_WATCH; length >= 2 && state < STATE_COUNT; state++) {
        const char *name = account_state_names[state];
        if (strlen(name) == length - 2 && memcmp(json + 1, name, length - 2) == 0) {
            return state;
        }
    }
    return STATE_NONE;
}

static const char *decimal_text(Arena *arena, Decimal decimal, bool is_quoted)
{
    char text[DECIMAL_TEXT_SIZE];
    decimal_format(decimal, !is_quoted, text);
    return is_quoted ? arena_printf(arena, "\"%s\"", text) : arena_str(arena, text);
}

/* ---- validation */

/* Fills number or state from the threshold. */
static bool threshold_check(Arena *arena, PolicyRule *rule, const char *field, Fault *fault)
{
    RuleUnit unit = rule_unit((RuleKind)rule->kind);
    if (unit == UNIT_NONE) {
        Decimal zero = {0};
        bool is_none =
            is_absent(rule->threshold) || (amount_read(rule->threshold, &zero) && zero.units == 0);
        rule->threshold = NULL;
        return is_none || fault_invalid(fault, field,
                              "A limit rule takes no threshold: it compares with the limit "
                              "of the account. Leave it out.");
    }
    if (is_absent(rule->threshold)) {
        return fault_missing(fault, field, "Say above which value the rule applies.");
    }
    if (unit == UNIT_STATE) {
        rule->state = state_read(rule->threshold);
        return rule->state != STATE_NONE ||
               fault_invalid(fault, field, "Give watch, prepay, pay_down or stop.");
    }
    bool is_amount = unit == UNIT_AMOUNT;
    Decimal number;
    if (!(is_amount ? amount_read(rule->threshold, &number)
                    : number_read(rule->threshold, &number)) ||
        number.units < 0) {
        return fault_invalid(fault, field,
            is_amount ? "Give an amount such as \"1000.00\", not below zero."
                      : "Give a number, not below zero.");
    }
    if ((unit == UNIT_DAYS || unit == UNIT_COUNT) && number.scale > 0) {
        return fault_invalid(fault, field, "Give a whole number.");
    }
    int64_t cents;
    if (is_amount && decimal_at_scale(number, AMOUNT_DECIMALS, &cents)) {
        number = decimal_of(cents, AMOUNT_DECIMALS);
    }
    rule->number = number;
    rule->threshold = decimal_text(arena, number, is_amount);
    return true;
}

static bool scope_check(const PolicyScope *scope, const char *field, Fault *fault)
{
    bool has_account = scope->account != NULL && scope->account[0] != '\0';
    bool has_tier = scope->tier != NULL && scope->tier[0] != '\0';
    return has_account != has_tier ||
           fault_invalid(
               fault, field, "Give either an account or a tier; leave scope out for everybody.");
}

static bool rule_check(Arena *arena, PolicyRule *rule, size_t i, Fault *fault)
{
#define RULE_FIELD(name) arena_printf(arena, "rules.%zu.%s", i, name)
    if (rule->kind <= RULE_NONE || rule->kind >= RULE_KIND_COUNT) {
        return fault_missing(fault, RULE_FIELD("kind"), "Say what the rule looks at.");
    }
    if (rule->gate <= GATE_NONE || rule->gate >= GATE_COUNT) {
        return fault_missing(fault, RULE_FIELD("gate"), "Give order, shipment, both or release.");
    }
    if (rule->outcome <= OUTCOME_PASS || rule->outcome >= OUTCOME_COUNT) {
        return fault_invalid(fault, RULE_FIELD("outcome"), "Give warn, hold or refuse.");
    }
    if (rule_is_release_only((RuleKind)rule->kind) && rule->gate != GATE_RELEASE) {
        return fault_invalid(fault, RULE_FIELD("gate"), "This kind is judged at release only.");
    }
    if (rule->horizon_days.is_set && rule->kind != RULE_LIMIT) {
        return fault_invalid(fault, RULE_FIELD("horizon_days"), "Only limit rules have a horizon.");
    }
    if (rule->horizon_days.is_set && rule->horizon_days.value < 0) {
        return fault_invalid(fault, RULE_FIELD("horizon_days"), "Give days, 0 or more.");
    }
    if (rule->scope != NULL && !scope_check(rule->scope, RULE_FIELD("scope"), fault)) {
        return false;
    }
    return threshold_check(arena, rule, RULE_FIELD("threshold"), fault);
#undef RULE_FIELD
}

/* Fills roles. */
static bool step_roles(Arena *arena, PolicyStep *step, size_t i, Fault *fault)
{
    const int *all_of = step->all_of.items;
    const char *field = arena_printf(arena, "approval.%zu.all_of", i);
    step->roles = 0;
    for (size_t r = 0; r < step->all_of.count; r++) {
        uint32_t bit = consent_of(all_of[r]);
        if ((step->roles & bit) != 0) {
            return fault_invalid(fault, field, "Name each role once: one person of it consents.");
        }
        step->roles |= bit;
    }
    return step->roles != 0 || fault_missing(fault, field, "Name at least one role that consents.");
}

static bool step_check(Arena *arena, const List *steps, size_t i, Fault *fault)
{
    PolicyStep *step = (PolicyStep *)steps->items + i;
    bool is_last = i + 1 == steps->count;
    if (!step_roles(arena, step, i, fault)) {
        return false;
    }
    const char *field = arena_printf(arena, "approval.%zu.up_to", i);
    if (is_last == step->up_to.is_set) {
        return fault_invalid(fault, field,
            is_last ? "The last step has no end: give null."
                    : "Only the last step has no end: give an amount.");
    }
    if (!is_last && step->up_to.units < 0) {
        return fault_invalid(fault, field, "Give an amount not below zero.");
    }
    if (!is_last && i > 0 && decimal_cmp(step->up_to, step[-1].up_to) <= 0) {
        return fault_invalid(fault, field, "Steps ascend: give more than the step before.");
    }
    return true;
}

/* A JSON number above 0 and at most `max`, put into its plain form. */
static bool ratio_check(Arena *arena, const char **json, int64_t max, Decimal *ret_decimal)
{
    Decimal decimal;
    if (is_absent(*json) || !number_read(*json, &decimal) || decimal.units <= 0 ||
        decimal_cmp(decimal, decimal_of(max, 0)) > 0) {
        return false;
    }
    *ret_decimal = decimal;
    *json = decimal_text(arena, decimal, false);
    return true;
}

bool policy_check(Arena *arena, Policy *policy, Fault *ret_fault)
{
    PolicyRule *rules = policy->rules.items;
    for (size_t i = 0; i < policy->rules.count; i++) {
        if (!rule_check(arena, &rules[i], i, ret_fault)) {
            return false;
        }
    }
    const struct {
        const char *field;
        Decimal amount;
    } amounts[] = {{"promise_tolerance_amount", policy->promise_tolerance_amount},
        {"small_amount", policy->small_amount}, {"overdue_min", policy->overdue_min}};
    for (size_t i = 0; i < COUNT(amounts); i++) {
        if (!amounts[i].amount.is_set) {
            return fault_missing(ret_fault, amounts[i].field, "Give an amount, \"0.00\" for none.");
        }
        if (amounts[i].amount.units < 0) {
            return fault_invalid(ret_fault, amounts[i].field, "Give an amount not below zero.");
        }
    }
    if (!ratio_check(arena, &policy->partly_share, 1, &policy->partly)) {
        return fault_invalid(ret_fault, "partly_share", "Give a number above 0, at most 1.");
    }
    if (!ratio_check(arena, &policy->pay_down_ratio, 100, &policy->ratio)) {
        return fault_invalid(ret_fault, "pay_down_ratio", "Give a number above 0, at most 100.");
    }
    if (policy->approval.count == 0) {
        return fault_invalid(ret_fault, "approval", "Give at least one step.");
    }
    for (size_t i = 0; i < policy->approval.count; i++) {
        if (!step_check(arena, &policy->approval, i, ret_fault)) {
            return false;
        }
    }
    return true;
}

/* ---- choice */

typedef enum ScopeMatch { SCOPE_OTHER, SCOPE_EVERYBODY, SCOPE_TIER, SCOPE_ACCOUNT } ScopeMatch;

static bool is_same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static ScopeMatch scope_match(const PolicyScope *scope, const char *account, const char *tier)
{
    if (scope == NULL) {
        return SCOPE_EVERYBODY;
    }
    if (scope->account != NULL) {
        return is_same(scope->account, account) ? SCOPE_ACCOUNT : SCOPE_OTHER;
    }
    return is_same(scope->tier, tier) ? SCOPE_TIER : SCOPE_OTHER;
}

static bool gate_has(int rule_gate, Gate gate)
{
    return rule_gate == (int)gate ||
           (rule_gate == GATE_BOTH && (gate == GATE_ORDER || gate == GATE_SHIPMENT));
}

bool policy_applies(
    const Policy *policy, size_t i, Gate gate, const char *account, const char *tier)
{
    ASSERT(i < policy->rules.count);
    const PolicyRule *rules = policy->rules.items;
    ScopeMatch match = scope_match(rules[i].scope, account, tier);
    if (match == SCOPE_OTHER || !gate_has(rules[i].gate, gate)) {
        return false;
    }
    for (size_t j = 0; j < policy->rules.count; j++) {
        if (rules[j].kind == rules[i].kind && scope_match(rules[j].scope, account, tier) > match) {
            return false;
        }
    }
    return true;
}

Decimal policy_watch_level(const Policy *policy, RuleKind kind)
{
    const PolicyRule *rules = policy->rules.items;
    Decimal lowest = {0};
    for (size_t i = 0; i < policy->rules.count; i++) {
        bool counts = rules[i].kind == (int)kind && rules[i].outcome == OUTCOME_WARN &&
                      rules[i].scope == NULL && rules[i].number.is_set;
        if (counts && (!lowest.is_set || decimal_cmp(rules[i].number, lowest) < 0)) {
            lowest = rules[i].number;
        }
    }
    return lowest;
}
