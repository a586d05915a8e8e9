/* The verdict as a whole: its figures, the default policy, its sentences, and judging again. */
#include "support/unit.h"

#include "rules/credit.h"
#include "rules/limit.h"
#include "support/rules.h"

#include <string.h>

/* ---- the whole verdict */

typedef struct WholeRow {
    const char *rules;
    Gate gate;
    const char *facts;
    const char *outcome;
    const char *figures; /* before after limit limit_from available excess open_counts */
    const char *why;
} WholeRow;

#define DEFAULT_AT_ORDER                                                                           \
    LIMIT_O ";" USE ";overdue_days both hold 30;broken_promises order warn 0;account_state both "  \
            "refuse stop;promise_level release refuse 2"

static const WholeRow whole[] = {
    {DEFAULT_AT_ORDER, GATE_ORDER, "limit=1000 was.ordered=100 ordered=300", "pass",
        "100.00 300.00 1000.00 A 700.00 0.00 no", "within everything"},
    {DEFAULT_AT_ORDER, GATE_ORDER, "limit=1000 ordered=950", "warn",
        "0.00 950.00 1000.00 A 50.00 0.00 no", "a warning does not count for the ladder"},
    {DEFAULT_AT_ORDER, GATE_ORDER, "limit=1000 ordered=1250", "hold",
        "0.00 1250.00 1000.00 A -250.00 250.00 no", "the heaviest decides: hold over warn"},
    {DEFAULT_AT_ORDER, GATE_ORDER, "limit=1000 ordered=500 overdue_days=31", "hold",
        "0.00 500.00 1000.00 A 500.00 0.00 yes", "another rule holds: the open amount counts"},
    {DEFAULT_AT_ORDER, GATE_ORDER, "limit=1000 ordered=1250 state=stop", "refuse",
        "0.00 1250.00 1000.00 A -250.00 250.00 yes", "refuse over hold"},
    {DEFAULT_AT_ORDER, GATE_ORDER, "limit=none ordered=10", "hold", "0.00 10.00 none - - 0.00 yes",
        "no limit set: no excess, the open amount counts"},
    {DEFAULT_AT_ORDER, GATE_ORDER, "limit=unlimited ordered=10", "pass",
        "0.00 10.00 unlimited A - 0.00 no", "unlimited: nothing to say about available"},
    {DEFAULT_AT_ORDER, GATE_ORDER, "limit=0 ordered=10", "hold",
        "0.00 10.00 0.00 A -10.00 10.00 no", "zero: all of it is excess"},
    {LIMIT_O, GATE_ORDER, "limit=500 ordered=100 parent=P parent.limit=1000 parent.after=950",
        "pass", "0.00 100.00 1000.00 P 50.00 0.00 no", "the tightest fills the limit"},
    {LIMIT_O, GATE_ORDER, "limit=120 ordered=100 parent=P parent.limit=1000 parent.after=950",
        "pass", "0.00 100.00 120.00 A 20.00 0.00 no", "the tightest is its own"},
    {LIMIT_O, GATE_ORDER, "limit=100 ordered=100 parent=P parent.limit=1000 parent.after=1000",
        "pass", "0.00 100.00 100.00 A 0.00 0.00 no", "equally tight: its own"},
    {LIMIT_O, GATE_ORDER, "limit=none ordered=100 parent=P parent.limit=1000 parent.after=1300",
        "hold", "0.00 100.00 1000.00 P -300.00 300.00 no", "what it inherits, and its excess"},
    {LIMIT_O, GATE_ORDER,
        "cur=USD home=CNY rate=7 limit=100 ordered=110 parent=P parent.limit=1000 "
        "parent.after=1070",
        "hold", "0.00 110.00 100.00 A -10.00 10.00 no", "10 USD and 70 CNY over: equally tight"},
    {LIMIT_O, GATE_ORDER,
        "cur=USD home=CNY rate=7 limit=100 ordered=110 parent=P parent.limit=1000 "
        "parent.after=1140",
        "hold", "0.00 110.00 1000.00 P -140.00 20.00 no", "140 CNY are 20 USD"},
    {LIMIT_S, GATE_SHIPMENT,
        "limit=1000 raised=500 was.ordered=1500 was.receivable=100 receivable=100 ordered=1000 "
        "shipped=500",
        "pass", "100.00 600.00 1500.00 A 900.00 0.00 no", "at shipment: out of the house, raised"},
    {DEFAULT_AT_ORDER, GATE_RELEASE, "limit=1000 ordered=1250 level=1", "hold",
        "0.00 1250.00 1000.00 A -250.00 250.00 no", "release: order-gate rules are judged again"},
    {DEFAULT_AT_ORDER, GATE_RELEASE, "limit=1000 ordered=1250 level=3", "refuse",
        "0.00 1250.00 1000.00 A -250.00 250.00 no",
        "a refusal of the release gate is no other rule that holds"},
    {"promise_level release refuse 2", GATE_RELEASE, "limit=1000 ordered=1250 level=3", "refuse",
        "0.00 1250.00 1000.00 A -250.00 0.00 no", "excess is the limit rule's"},
    {LIMIT_O " horizon=30", GATE_ORDER, "limit=100 ordered=150 horizon=30:110", "hold",
        "0.00 150.00 100.00 A -50.00 10.00 no", "with a horizon the excess is that of the rule"},
    {"", GATE_ORDER, "limit=10 ordered=20", "pass", "0.00 20.00 10.00 A -10.00 0.00 no",
        "a policy without rules lets everything pass, and says what it sees"},
};

static const char *money_text(Arena *arena, Money money)
{
    char text[DECIMAL_TEXT_SIZE];
    if (money.currency == 0) {
        return "-";
    }
    money_format(money, text);
    return arena_str(arena, text);
}

static void whole_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(whole); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        const WholeRow *row = &whole[i];
        CreditVerdict verdict;
        credit_judge(arena, policy_from_text(arena, row->rules), row->gate,
            facts_from_text(arena, row->facts), &verdict);
        const char *figures = arena_printf(arena, "%s %s %s %s %s %s %s",
            money_text(arena, verdict.exposure_before), money_text(arena, verdict.exposure_after),
            limit_text(arena, verdict.limit), verdict.limit_from == NULL ? "-" : verdict.limit_from,
            money_text(arena, verdict.available_after), money_text(arena, verdict.excess),
            verdict.open_counts ? "yes" : "no");
        if (strcmp(outcome_names[verdict.outcome], row->outcome) != 0 ||
            strcmp(figures, row->figures) != 0) {
            fail_msg("row %zu (%s): expected %s %s, got %s %s", i, row->why, row->outcome,
                row->figures, outcome_names[verdict.outcome], figures);
        }
    }
}

/* Gate release: a refusal for the release alone leaves what the order gate says. */
static void release_keeps_order_outcome(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    Policy *policy = policy_from_text(arena, DEFAULT_AT_ORDER);
    CreditVerdict verdict;
    credit_judge(arena, policy, GATE_RELEASE,
        facts_from_text(arena, "limit=1000 ordered=9 level=3"), &verdict);
    assert_int_equal(verdict.order_outcome, OUTCOME_PASS);
    assert_int_equal(verdict.outcome, OUTCOME_REFUSE);
}

/* A release of an order whose goods were stopped: what the shipment gate alone looks at is listed
 * after the order gate's rules, and counts with them. */
static void release_lists_what_stops_goods(void **state)
{
    (void)state;
    static const struct {
        const char *rules, *goods;
        const char *expected; /* outcome, excess, open counts, rules */
        const char *why;
    } rows[] = {
        {"limit both hold; unbilled_days shipment hold 60", "limit=1000 shipped=300",
            "hold 0.00 yes pass 900.00 1000.00; hold 61 60", "a rule of goods alone"},
        {"limit both hold; unbilled_days both hold 60", "limit=1000 shipped=2000",
            "hold 0.00 yes pass 900.00 1000.00; hold 61 60", "a rule of both is judged once"},
        {"limit shipment hold", "limit=1000 shipped=1200", "hold 200.00 no hold 1200.00 1000.00",
            "a limit of goods alone"},
        {"limit shipment hold", "limit=1000 shipped=1200 raised=500",
            "pass 0.00 no pass 1200.00 1500.00", "raised by other releases"},
        {"limit both hold horizon=10", "limit=1000 shipped=1300",
            "hold 300.00 no pass 400.00 1000.00; hold 1300.00 1000.00",
            "an order beyond the horizon whose goods go now"},
        {"limit order hold; unbilled_days shipment warn 60", "limit=1000 shipped=300",
            "warn 0.00 no pass 900.00 1000.00; warn 61 60", "a warning holds nothing"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        CreditFacts *facts = facts_from_text(
            arena, "limit=1000 ordered=900 moving=500 unbilled_days=61 horizon=10:400");
        const CreditFacts *out = facts_from_text(arena, rows[i].goods);
        CreditGoods goods = {.currency = facts->currency,
            .before = out->after,
            .after = out->after,
            .raised = out->raised};
        CreditVerdict verdict;
        facts->goods = &goods;
        credit_judge(arena, policy_from_text(arena, rows[i].rules), GATE_RELEASE, facts, &verdict);
        assert_int_equal(verdict.order_outcome, verdict.outcome);
        const char *got = arena_printf(arena, "%s %s %s %s", outcome_names[verdict.outcome],
            money_text(arena, verdict.excess), verdict.open_counts ? "yes" : "no",
            verdict_text(arena, &verdict, false));
        if (strcmp(got, rows[i].expected) != 0) {
            fail_msg("%s: expected %s, got %s", rows[i].why, rows[i].expected, got);
        }
    }
}

/* The default policy, from the first order of a new database on. */
static const struct {
    const char *facts;
    const char *expected;
    const char *why;
} defaults[] = {
    {"limit=none ordered=100", "hold limit", "an account without a limit"},
    {"limit=1000 ordered=100", "pass", "within"},
    {"limit=1000 ordered=901", "warn limit_use", "above 90 percent"},
    {"limit=1000 ordered=1001", "hold limit", "above"},
    {"limit=1000 overdue_days=31", "hold overdue_days", "overdue"},
    {"limit=1000 unbilled_days=61", "warn unbilled_days", "not invoiced"},
    {"limit=1000 broken=1", "warn broken_promises", "one broken promise"},
    {"limit=1000 broken=3", "hold broken_promises", "three"},
    {"limit=1000 state=watch ordered=1", "pass", "watch only watches"},
    {"limit=1000 state=prepay ordered=1", "hold account_state", "prepay"},
    {"limit=1000 state=pay_down moving=1", "hold account_state", "pay down"},
    {"limit=1000 state=stop", "refuse account_state", "stop"},
};

static void defaults_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(defaults); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        Policy policy;
        policy_default(arena, &policy);
        CreditVerdict verdict;
        credit_judge(
            arena, &policy, GATE_ORDER, facts_from_text(arena, defaults[i].facts), &verdict);
        const CreditRule *rules = verdict.rules.items;
        assert_int_equal(verdict.rules.count, 8);
        const char *got = outcome_names[verdict.outcome];
        for (size_t r = 0; verdict.outcome != OUTCOME_PASS && r < verdict.rules.count; r++) {
            if (rules[r].outcome == verdict.outcome) {
                got = arena_printf(arena, "%s %s", got, rule_kind_names[rules[r].kind]);
                break;
            }
        }
        if (strcmp(got, defaults[i].expected) != 0) {
            fail_msg(
                "row %zu (%s): expected %s, got %s", i, defaults[i].why, defaults[i].expected, got);
        }
    }
}

/* ---- rates, sentences, replay */

static void rate_is_asked_for_where_it_is_needed(void **state)
{
    (void)state;
    static const struct {
        const char *rules;
        Gate gate;
        const char *facts;
        bool needed;
    } rows[] = {
        {"order_amount order warn 1.00", GATE_ORDER, "order=5", false},
        {"order_amount order warn 1.00", GATE_ORDER, "cur=USD home=CNY order=5", true},
        {"order_amount order warn 1.00", GATE_ORDER, "cur=USD home=CNY", false},
        {"order_amount order warn 1.00", GATE_SHIPMENT, "cur=USD home=CNY order=5", false},
        {"overdue_amount both warn 1.00", GATE_SHIPMENT, "cur=USD home=CNY overdue=5", true},
        {"overdue_amount both warn 1.00", GATE_SHIPMENT, "cur=USD home=CNY order=5", false},
        {LIMIT_O, GATE_ORDER, "cur=USD home=CNY limit=1 ordered=5", false},
        {LIMIT_O, GATE_ORDER, "cur=USD home=CNY limit=1 ordered=5 parent=P", true},
        {LIMIT_O, GATE_RELEASE, "cur=USD home=CNY limit=1 ordered=5", true},
        {LIMIT_O, GATE_RELEASE, "limit=1 ordered=5", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        CreditFacts *facts = facts_from_text(arena, rows[i].facts);
        bool needed = credit_needs_rate(
            policy_from_text(arena, rows[i].rules), rows[i].gate, facts, facts->track->currency);
        CHECK_ROW(rows[i].facts, needed == rows[i].needed);
    }
}

static void sentences_name_the_figures(void **state)
{
    (void)state;
    static const struct {
        const char *rules;
        Gate gate;
        const char *facts;
        const char *text;
    } rows[] = {
        {LIMIT_O, GATE_ORDER, "limit=1000 ordered=1250",
            "Exposure for A would be 1250.00 CNY, 250.00 CNY above the limit of 1000.00 CNY."},
        {LIMIT_O, GATE_ORDER, "limit=1000 ordered=900",
            "Exposure for A would be 900.00 CNY, within the limit of 1000.00 CNY."},
        {LIMIT_O, GATE_ORDER, "limit=none ordered=9",
            "Exposure for A would be 9.00 CNY; no limit has been set."},
        {LIMIT_O, GATE_ORDER, "limit=unlimited ordered=9",
            "Exposure for A would be 9.00 CNY; it has no limit by decision."},
        {LIMIT_O " horizon=30", GATE_ORDER, "limit=5 ordered=9 horizon=30:4",
            "Exposure for A would be 4.00 CNY, not counting orders wanted later than in 30 days, "
            "within the limit of 5.00 CNY."},
        {LIMIT_S, GATE_SHIPMENT, "limit=5 raised=4 shipped=10",
            "What is out of the house for A would be 10.00 CNY, 1.00 CNY above the limit of 9.00 "
            "CNY "
            "raised by releases."},
        {USE, GATE_ORDER, "limit=1000 ordered=950",
            "Use of the limit would be 95.0 %, above 90 %."},
        {USE, GATE_ORDER, "limit=0 ordered=1",
            "There is exposure without a limit to take a percentage of."},
        {"overdue_days order hold 30", GATE_ORDER, "overdue_days=45",
            "The oldest overdue invoice is 45 days past due, above 30."},
        {"overdue_amount order hold 30.00", GATE_ORDER, "overdue=30",
            "Overdue are 30.00 CNY, not above 30.00."},
        {PREPAY, GATE_ORDER, "state=prepay ordered=9",
            "The account's state is prepay; it passes when 9.00 CNY more has been paid in "
            "advance."},
        {PREPAY, GATE_ORDER, "state=prepay ordered=9 advance=9",
            "The account's state is prepay, and what is ordered is paid in advance."},
        {PREPAY, GATE_ORDER, "state=watch", "The account's state is watch, lighter than prepay."},
        {STOP, GATE_ORDER, "state=stop", "The account's state is stop."},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        CreditVerdict verdict;
        credit_judge(arena, policy_from_text(arena, rows[i].rules), rows[i].gate,
            facts_from_text(arena, rows[i].facts), &verdict);
        assert_string_equal(credit_rule_text(arena, verdict.rules.items), rows[i].text);
    }
    for (RuleKind kind = RULE_LIMIT; kind < RULE_KIND_COUNT; kind++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        CreditRule rule = {.kind = (int)kind,
            .gate = GATE_ORDER,
            .outcome = OUTCOME_HOLD,
            .threshold = decimal_of(1, 0),
            .state = STATE_STOP,
            .state_threshold = STATE_STOP,
            .currency = currency_from_text("CNY"),
            .value = money_from_text("2", currency_from_text("CNY")),
            .percent = {.per_mille = 20, .is_set = true},
            .number = {.value = 2, .is_set = true}};
        assert_true(strlen(credit_rule_text(arena, &rule)) > 20);
    }
}

static void same_facts_give_the_same_verdict(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    Policy *policy = policy_from_text(arena, DEFAULT_AT_ORDER);
    static const char *const facts[] = {
        "limit=1000 ordered=1250",
        "limit=1000 ordered=1251",
        "limit=1001 ordered=1250",
        "limit=unlimited ordered=1250",
        "ordered=1250",
        "limit=1000 ordered=1250 broken=1",
    };
    for (size_t a = 0; a < COUNT(facts); a++) {
        for (size_t b = 0; b < COUNT(facts); b++) {
            CreditVerdict first;
            CreditVerdict second;
            credit_judge(arena, policy, GATE_ORDER, facts_from_text(arena, facts[a]), &first);
            credit_judge(arena, policy, GATE_ORDER, facts_from_text(arena, facts[b]), &second);
            CHECK_ROW(facts[b], credit_verdict_equals(&first, &second) == (a == b));
        }
    }
}

/* What a stored decision can hold after somebody edited it. */
static void edited_facts_are_not_judged(void **state)
{
    (void)state;
    static const struct {
        Gate gate;
        const char *facts;
        bool holds;
    } rows[] = {
        {GATE_ORDER, "limit=1000 ordered=5", true},
        {GATE_NONE, "limit=1000 ordered=5", false},
        {GATE_BOTH, "limit=1000 ordered=5", false},
        {GATE_RELEASE, "cur=USD home=CNY rate=7 limit=1 ordered=5", true},
        {GATE_RELEASE, "cur=USD home=CNY limit=1 ordered=5", false},
        {GATE_ORDER, "cur=USD home=CNY limit=1 ordered=5 parent=P", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        CHECK_ROW(rows[i].facts, credit_facts_hold(policy_from_text(arena, LIMIT_O), rows[i].gate,
                                     facts_from_text(arena, rows[i].facts)) == rows[i].holds);
    }
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    CreditFacts *facts = facts_from_text(arena, "limit=1000 ordered=5");
    facts->before = facts->before != NULL ? facts->before : facts->after;
    facts->before->currency = currency_from_text("USD");
    assert_false(credit_facts_hold(policy_from_text(arena, LIMIT_O), GATE_ORDER, facts));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_table),
        cmocka_unit_test(release_keeps_order_outcome),
        cmocka_unit_test(release_lists_what_stops_goods),
        cmocka_unit_test(defaults_table),
        cmocka_unit_test(rate_is_asked_for_where_it_is_needed),
        cmocka_unit_test(sentences_name_the_figures),
        cmocka_unit_test(same_facts_give_the_same_verdict),
        cmocka_unit_test(edited_facts_are_not_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
