/* The policy document: what is refused and where, its plain form, what the default says. */
#include "support/unit.h"

#include "rules/policy.h"
#include "support/rules.h"

#include <string.h>

/* One rule in a policy that is sound otherwise. */
static const struct {
    PolicyRule rule;
    const char *field; /* "": sound */
    const char *threshold;
    const char *why;
} rules[] = {
    {{RULE_LIMIT, NULL, GATE_BOTH, OUTCOME_HOLD, {0}, NULL, {0}, 0}, "", NULL, "no threshold"},
    {{RULE_LIMIT, "null", GATE_BOTH, OUTCOME_HOLD, {0}, NULL, {0}, 0}, "", NULL, "null is none"},
    {{RULE_LIMIT, "0", GATE_BOTH, OUTCOME_HOLD, {0}, NULL, {0}, 0}, "", NULL, "zero means none"},
    {{RULE_LIMIT, "5", GATE_BOTH, OUTCOME_HOLD, {0}, NULL, {0}, 0}, "rules.0.threshold", NULL,
        "limit takes none"},
    {{RULE_LIMIT, NULL, GATE_BOTH, OUTCOME_HOLD, {30, true}, NULL, {0}, 0}, "", NULL, "a horizon"},
    {{RULE_LIMIT, NULL, GATE_BOTH, OUTCOME_HOLD, {-1, true}, NULL, {0}, 0}, "rules.0.horizon_days",
        NULL, "a horizon behind us"},
    {{RULE_LIMIT_USE, "90", GATE_ORDER, OUTCOME_WARN, {0}, NULL, {0}, 0}, "", "90", "percent"},
    {{RULE_LIMIT_USE, "87.5", GATE_ORDER, OUTCOME_WARN, {0}, NULL, {0}, 0}, "", "87.5", "half"},
    {{RULE_LIMIT_USE, "90.0", GATE_ORDER, OUTCOME_WARN, {0}, NULL, {0}, 0}, "", "90", "plain form"},
    {{RULE_LIMIT_USE, "0.10000000000000001", GATE_ORDER, OUTCOME_WARN, {0}, NULL, {0}, 0}, "",
        "0.1", "as JSON libraries print it"},
    {{RULE_LIMIT_USE, "89.999999999999986", GATE_ORDER, OUTCOME_WARN, {0}, NULL, {0}, 0}, "", "90",
        "as JSON libraries print it"},
    {{RULE_LIMIT_USE, "-1", GATE_ORDER, OUTCOME_WARN, {0}, NULL, {0}, 0}, "rules.0.threshold", NULL,
        "below zero"},
    {{RULE_LIMIT_USE, "1e3", GATE_ORDER, OUTCOME_WARN, {0}, NULL, {0}, 0}, "rules.0.threshold",
        NULL, "no exponents"},
    {{RULE_LIMIT_USE, "\"90\"", GATE_ORDER, OUTCOME_WARN, {0}, NULL, {0}, 0}, "rules.0.threshold",
        NULL, "a string is no number"},
    {{RULE_LIMIT_USE, "[90]", GATE_ORDER, OUTCOME_WARN, {0}, NULL, {0}, 0}, "rules.0.threshold",
        NULL, "nor is a list"},
    {{RULE_LIMIT_USE, NULL, GATE_ORDER, OUTCOME_WARN, {0}, NULL, {0}, 0}, "rules.0.threshold",
        "missing", "needed"},
    {{RULE_LIMIT_USE, "90", GATE_ORDER, OUTCOME_WARN, {30, true}, NULL, {0}, 0},
        "rules.0.horizon_days", NULL, "limit only"},
    {{RULE_OVERDUE_DAYS, "30", GATE_BOTH, OUTCOME_HOLD, {0}, NULL, {0}, 0}, "", "30", "days"},
    {{RULE_OVERDUE_DAYS, "30.5", GATE_BOTH, OUTCOME_HOLD, {0}, NULL, {0}, 0}, "rules.0.threshold",
        NULL, "whole days"},
    {{RULE_OVERDUE_DAYS, "30.0", GATE_BOTH, OUTCOME_HOLD, {0}, NULL, {0}, 0}, "", "30",
        "a whole number however written"},
    {{RULE_LIMIT_USE, "0.12345678e5", GATE_ORDER, OUTCOME_WARN, {0}, NULL, {0}, 0},
        "rules.0.threshold", NULL, "no exponent behind many digits"},
    {{RULE_BROKEN_PROMISES, "0", GATE_ORDER, OUTCOME_WARN, {0}, NULL, {0}, 0}, "", "0", "a count"},
    {{RULE_ORDER_AMOUNT, "\"1000.00\"", GATE_ORDER, OUTCOME_WARN, {0}, NULL, {0}, 0}, "",
        "\"1000.00\"", "an amount"},
    {{RULE_ORDER_AMOUNT, "1000", GATE_ORDER, OUTCOME_WARN, {0}, NULL, {0}, 0}, "", "\"1000.00\"",
        "integers are amounts too"},
    {{RULE_ORDER_AMOUNT, "1000.5", GATE_ORDER, OUTCOME_WARN, {0}, NULL, {0}, 0},
        "rules.0.threshold", NULL, "a fraction comes as a string"},
    {{RULE_ORDER_AMOUNT, "\"ten\"", GATE_ORDER, OUTCOME_WARN, {0}, NULL, {0}, 0},
        "rules.0.threshold", NULL, "no amount"},
    {{RULE_ORDER_AMOUNT, "\"\"", GATE_ORDER, OUTCOME_WARN, {0}, NULL, {0}, 0}, "rules.0.threshold",
        NULL, "no amount"},
    {{RULE_ACCOUNT_STATE, "\"prepay\"", GATE_BOTH, OUTCOME_HOLD, {0}, NULL, {0}, 0}, "",
        "\"prepay\"", "a state"},
    {{RULE_ACCOUNT_STATE, "\"normal\"", GATE_BOTH, OUTCOME_HOLD, {0}, NULL, {0}, 0},
        "rules.0.threshold", NULL, "normal would hold everybody"},
    {{RULE_ACCOUNT_STATE, "\"frozen\"", GATE_BOTH, OUTCOME_HOLD, {0}, NULL, {0}, 0},
        "rules.0.threshold", NULL, "no such state"},
    {{RULE_ACCOUNT_STATE, "3", GATE_BOTH, OUTCOME_HOLD, {0}, NULL, {0}, 0}, "rules.0.threshold",
        NULL, "a number is no state"},
    {{RULE_PROMISE_LEVEL, "2", GATE_RELEASE, OUTCOME_REFUSE, {0}, NULL, {0}, 0}, "", "2", "level"},
    {{RULE_PROMISE_LEVEL, "2", GATE_BOTH, OUTCOME_REFUSE, {0}, NULL, {0}, 0}, "rules.0.gate", NULL,
        "release only"},
    {{RULE_OVERDUE_DAYS, "60", GATE_RELEASE, OUTCOME_REFUSE, {0}, NULL, {0}, 0}, "", "60",
        "other kinds may stand at release"},
    {{RULE_OVERDUE_DAYS, "30", GATE_BOTH, OUTCOME_PASS, {0}, NULL, {0}, 0}, "rules.0.outcome", NULL,
        "a rule that passes is none"},
    {{RULE_OVERDUE_DAYS, "30", GATE_NONE, OUTCOME_HOLD, {0}, NULL, {0}, 0}, "rules.0.gate",
        "missing", "where"},
    {{RULE_NONE, "30", GATE_BOTH, OUTCOME_HOLD, {0}, NULL, {0}, 0}, "rules.0.kind", "missing",
        "what"},
};

static void rules_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rules); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        PolicyRule rule = rules[i].rule;
        Policy policy;
        policy_default(arena, &policy);
        policy.rules = (List){.items = &rule, .count = 1};
        Fault fault = {.field = ""};
        bool is_sound = policy_check(arena, &policy, &fault);
        CHECK_ROW(rules[i].why, is_sound == (rules[i].field[0] == '\0'));
        CHECK_ROW(rules[i].why, strcmp(fault.field, rules[i].field) == 0);
        if (is_sound) {
            CHECK_ROW(rules[i].why, (rule.threshold == NULL) == (rules[i].threshold == NULL));
            CHECK_ROW(rules[i].why,
                rule.threshold == NULL || strcmp(rule.threshold, rules[i].threshold) == 0);
        } else {
            CHECK_ROW(rules[i].why, fault.is_missing == (rules[i].threshold != NULL));
            CHECK_ROW(rules[i].why, strlen(fault.sentence) > 5);
        }
    }
}

static void scopes_name_one_thing(void **state)
{
    (void)state;
    static const struct {
        PolicyScope scope;
        bool is_sound;
    } rows[] = {
        {{"D01", NULL}, true},
        {{NULL, "gold"}, true},
        {{"D01", "gold"}, false},
        {{NULL, NULL}, false},
        {{"", ""}, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        Policy policy;
        policy_default(arena, &policy);
        PolicyScope scope = rows[i].scope;
        ((PolicyRule *)policy.rules.items)[2].scope = &scope;
        Fault fault = {.field = "rules.2.scope"};
        assert_int_equal(policy_check(arena, &policy, &fault), rows[i].is_sound);
        assert_string_equal(fault.field, "rules.2.scope");
    }
}

/* What stands beside the rules. */
typedef enum Change {
    CHANGE_NONE,
    CHANGE_TOLERANCE_UNSET,
    CHANGE_SMALL_NEGATIVE,
    CHANGE_OVERDUE_MIN_UNSET,
    CHANGE_SHARE_ZERO,
    CHANGE_SHARE_ABOVE_ONE,
    CHANGE_SHARE_ONE,
    CHANGE_SHARE_LONG,
    CHANGE_RATIO_TEXT,
    CHANGE_RATIO_MISSING,
    CHANGE_RATIO_HUGE,
    CHANGE_NO_STEPS,
    CHANGE_STEP_WITHOUT_ROLES,
    CHANGE_STEP_ROLE_TWICE,
    CHANGE_STEPS_NOT_ASCENDING,
    CHANGE_FIRST_STEP_WITHOUT_END,
    CHANGE_LAST_STEP_WITH_END,
    CHANGE_COUNT
} Change;

static const char *const change_fields[CHANGE_COUNT] = {
    [CHANGE_NONE] = "",
    [CHANGE_TOLERANCE_UNSET] = "promise_tolerance_amount",
    [CHANGE_SMALL_NEGATIVE] = "small_amount",
    [CHANGE_OVERDUE_MIN_UNSET] = "overdue_min",
    [CHANGE_SHARE_ZERO] = "partly_share",
    [CHANGE_SHARE_ABOVE_ONE] = "partly_share",
    [CHANGE_SHARE_ONE] = "",
    [CHANGE_SHARE_LONG] = "",
    [CHANGE_RATIO_TEXT] = "pay_down_ratio",
    [CHANGE_RATIO_MISSING] = "pay_down_ratio",
    [CHANGE_RATIO_HUGE] = "pay_down_ratio",
    [CHANGE_NO_STEPS] = "approval",
    [CHANGE_STEP_WITHOUT_ROLES] = "approval.1.all_of",
    [CHANGE_STEP_ROLE_TWICE] = "approval.2.all_of",
    [CHANGE_STEPS_NOT_ASCENDING] = "approval.1.up_to",
    [CHANGE_FIRST_STEP_WITHOUT_END] = "approval.0.up_to",
    [CHANGE_LAST_STEP_WITH_END] = "approval.2.up_to",
};

static void change_numbers(Policy *policy, Change change)
{
    if (change == CHANGE_TOLERANCE_UNSET) {
        policy->promise_tolerance_amount = (Decimal){0};
    } else if (change == CHANGE_SMALL_NEGATIVE) {
        policy->small_amount = decimal_of(-1, 2);
    } else if (change == CHANGE_OVERDUE_MIN_UNSET) {
        policy->overdue_min = (Decimal){0};
    } else if (change == CHANGE_SHARE_ZERO) {
        policy->partly_share = "0";
    } else if (change == CHANGE_SHARE_ABOVE_ONE) {
        policy->partly_share = "1.000001";
    } else if (change == CHANGE_SHARE_ONE) {
        policy->partly_share = "1.0";
    } else if (change == CHANGE_SHARE_LONG) {
        policy->partly_share = "0.80000000000000004";
    } else if (change == CHANGE_RATIO_TEXT) {
        policy->pay_down_ratio = "\"1.2\"";
    } else if (change == CHANGE_RATIO_MISSING) {
        policy->pay_down_ratio = NULL;
    } else if (change == CHANGE_RATIO_HUGE) {
        policy->pay_down_ratio = "100.1";
    }
}

static void change_steps(Policy *policy, Change change)
{
    PolicyStep *steps = policy->approval.items;
    if (change == CHANGE_NO_STEPS) {
        policy->approval.count = 0;
    } else if (change == CHANGE_STEP_WITHOUT_ROLES) {
        steps[1].all_of.count = 0;
    } else if (change == CHANGE_STEP_ROLE_TWICE) {
        int *all_of = steps[2].all_of.items;
        all_of[0] = all_of[1];
    } else if (change == CHANGE_STEPS_NOT_ASCENDING) {
        steps[1].up_to = steps[0].up_to;
    } else if (change == CHANGE_FIRST_STEP_WITHOUT_END) {
        steps[0].up_to = (Decimal){0};
    } else if (change == CHANGE_LAST_STEP_WITH_END) {
        steps[2].up_to = decimal_of(1000000, 0);
    }
}

static void the_rest_is_checked(void **state)
{
    (void)state;
    for (Change change = CHANGE_NONE; change < CHANGE_COUNT; change++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        Policy policy;
        policy_default(arena, &policy);
        change_numbers(&policy, change);
        change_steps(&policy, change);
        Fault fault = {.field = ""};
        bool is_sound = policy_check(arena, &policy, &fault);
        const char *field = change_fields[change];
        if (is_sound != (field[0] == '\0') || strcmp(fault.field, field) != 0) {
            fail_msg("change %d: %s", (int)change, fault.field);
        }
    }
}

static void plain_form_of_numbers(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    Policy policy;
    policy_default(arena, &policy);
    assert_string_equal(policy.partly_share, "0.8");
    assert_string_equal(policy.pay_down_ratio, "1.2");
    Fault fault;
    policy.partly_share = "0.80000000000000004";
    policy.pay_down_ratio = "1.2000000000000002";
    assert_true(policy_check(arena, &policy, &fault));
    assert_string_equal(policy.partly_share, "0.8");
    assert_string_equal(policy.pay_down_ratio, "1.2");
}

/* A new database protects from the first order on: rule by rule. */
static void default_is_the_written_one(void **state)
{
    (void)state;
    static const struct {
        const char *kind;
        const char *threshold;
        const char *gate;
        const char *outcome;
    } rows[] = {
        {"limit", NULL, "both", "hold"},
        {"limit_use", "90", "order", "warn"},
        {"overdue_days", "30", "both", "hold"},
        {"unbilled_days", "60", "both", "warn"},
        {"broken_promises", "0", "order", "warn"},
        {"broken_promises", "2", "order", "hold"},
        {"account_state", "\"prepay\"", "both", "hold"},
        {"account_state", "\"stop\"", "both", "refuse"},
        {"promise_broken_open", "\"0.00\"", "release", "refuse"},
        {"promise_level", "2", "release", "refuse"},
        {"release_excess_percent", "20", "release", "refuse"},
    };
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    Policy policy;
    policy_default(arena, &policy);
    const PolicyRule *given = policy.rules.items;
    assert_int_equal(policy.rules.count, COUNT(rows));
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_string_equal(rule_kind_names[given[i].kind], rows[i].kind);
        assert_string_equal(gate_names[given[i].gate], rows[i].gate);
        assert_string_equal(outcome_names[given[i].outcome], rows[i].outcome);
        if (rows[i].threshold == NULL) {
            assert_null(given[i].threshold);
        } else {
            assert_string_equal(given[i].threshold, rows[i].threshold);
        }
    }
    assert_int_equal(policy.promise_tolerance_days, 3);
    assert_int_equal(policy.promise_max_days, 30);
    assert_int_equal(policy.conflict_days, 90);
    static const char *const ladder[][2] = {
        {"credit", NULL}, {"credit", "manager"}, {"credit", "admin"}};
    const PolicyStep *steps = policy.approval.items;
    assert_int_equal(policy.approval.count, COUNT(ladder));
    for (size_t i = 0; i < COUNT(ladder); i++) {
        const int *all_of = steps[i].all_of.items;
        assert_int_equal(steps[i].all_of.count, ladder[i][1] == NULL ? 1 : 2);
        for (size_t r = 0; r < steps[i].all_of.count; r++) {
            assert_string_equal(consent_role_names[all_of[r]], ladder[i][r]);
        }
    }
    Decimal watch = policy_watch_level(&policy, RULE_LIMIT_USE);
    assert_true(watch.is_set);
    assert_int_equal(watch.units, 90);
    assert_false(policy_watch_level(&policy, RULE_ORDER_AMOUNT).is_set);
    Policy *other = policy_from_text(arena,
        "limit_use order hold 50; limit_use order warn 95; limit_use order warn 85; "
        "limit_use order warn 60 tier=gold");
    assert_int_equal(policy_watch_level(other, RULE_LIMIT_USE).units, 85);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_table),
        cmocka_unit_test(scopes_name_one_thing),
        cmocka_unit_test(the_rest_is_checked),
        cmocka_unit_test(plain_form_of_numbers),
        cmocka_unit_test(default_is_the_written_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
