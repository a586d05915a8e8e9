/* What the rules store comes back as it was: the policy document, the facts of a decision, the
 * rules of a verdict. A decision replayed from its text comes out the same. */
#include "support/unit.h"

#include "op/encode.h"
#include "op/run.h"
#include "rules/limit.h"
#include "support/rules.h"

#include <string.h>

/* The policy of a new database, letter by letter. */
static const char document[] =
    "{\"rules\":["
    "{\"kind\":\"limit\",\"gate\":\"both\",\"outcome\":\"hold\"},"
    "{\"kind\":\"limit_use\",\"threshold\":90,\"gate\":\"order\",\"outcome\":\"warn\"},"
    "{\"kind\":\"overdue_days\",\"threshold\":30,\"gate\":\"both\",\"outcome\":\"hold\"},"
    "{\"kind\":\"unbilled_days\",\"threshold\":60,\"gate\":\"both\",\"outcome\":\"warn\"},"
    "{\"kind\":\"broken_promises\",\"threshold\":0,\"gate\":\"order\",\"outcome\":\"warn\"},"
    "{\"kind\":\"broken_promises\",\"threshold\":2,\"gate\":\"order\",\"outcome\":\"hold\"},"
    "{\"kind\":\"account_state\",\"threshold\":\"prepay\",\"gate\":\"both\",\"outcome\":\"hold\"},"
    "{\"kind\":\"account_state\",\"threshold\":\"stop\",\"gate\":\"both\",\"outcome\":\"refuse\"},"
    "{\"kind\":\"promise_broken_open\",\"threshold\":\"0.00\",\"gate\":\"release\","
    "\"outcome\":\"refuse\"},"
    "{\"kind\":\"promise_level\",\"threshold\":2,\"gate\":\"release\",\"outcome\":\"refuse\"},"
    "{\"kind\":\"release_excess_percent\",\"threshold\":20,\"gate\":\"release\","
    "\"outcome\":\"refuse\"}],"
    "\"promise_tolerance_days\":3,\"promise_tolerance_amount\":\"0.00\",\"promise_max_days\":30,"
    "\"partly_share\":0.8,\"conflict_days\":90,\"small_amount\":\"100.00\",\"overdue_min\":\"1."
    "00\","
    "\"pay_down_ratio\":1.2,"
    "\"approval\":[{\"all_of\":[\"credit\"],\"up_to\":\"50000.00\"},"
    "{\"all_of\":[\"credit\",\"manager\"],\"up_to\":\"500000.00\"},"
    "{\"all_of\":[\"credit\",\"admin\"],\"up_to\":null}]}";

static void policy_comes_back(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    Ctx cx = {.arena = arena};
    Policy written = {0};
    Fault fault;
    assert_int_equal(run_decode(&cx, &Policy_schema, document, &written), ERR_OK);
    assert_true(policy_check(arena, &written, &fault));
    Policy given;
    policy_default(arena, &given);
    const char *text = encode_text(arena, &Policy_schema, &given);
    assert_string_equal(encode_text(arena, &Policy_schema, &written), text);
    Policy again = {0};
    assert_int_equal(run_decode(&cx, &Policy_schema, text, &again), ERR_OK);
    assert_true(policy_check(arena, &again, &fault));
    assert_string_equal(encode_text(arena, &Policy_schema, &again), text);
    assert_non_null(strstr(text, "\"partly_share\":0.8,"));
    assert_non_null(strstr(text, "\"pay_down_ratio\":1.2,"));
    assert_non_null(strstr(text, "\"threshold\":\"0.00\""));
}

static const struct {
    const char *rules;
    Gate gate;
    const char *facts;
} decisions[] = {
    {"limit both hold; limit_use order warn 90", GATE_ORDER, "limit=1000 ordered=1250.01"},
    {"limit both hold; limit_use order warn 90", GATE_ORDER, "limit=none ordered=5"},
    {"limit both hold; limit_use order warn 90", GATE_ORDER, "limit=unlimited ordered=5"},
    {"limit both hold; limit_use order warn 90", GATE_ORDER, "limit=0 ordered=5"},
    {"limit both hold", GATE_SHIPMENT, "limit=1000 raised=500 shipped=1500.01 was.ordered=9"},
    {"limit both hold horizon=30", GATE_ORDER, "limit=100 ordered=150 horizon=30:90"},
    {"limit both hold", GATE_ORDER, "cur=JPY limit=1000 ordered=1001"},
    {"limit both hold; order_amount order warn 5.00", GATE_RELEASE,
        "cur=USD home=CNY rate=7.123456789 limit=100 ordered=110 order=5 parent=P "
        "parent.limit=1000 parent.after=1070 parent.raised=5 parent.state=stop "
        "parent.horizon=30:200"},
    {"account_state both hold prepay; overdue_share order warn 20; overdue_amount order warn 0.00",
        GATE_ORDER,
        "state=pay_down moving=100 received=119.99 shipped_since=3 overdue=5 receivable=7 "
        "tier=gold"},
    {"promise_level release refuse 2; promise_broken_open release refuse 0.00; releases_365d "
     "release warn 1; released_excess_open release warn 10.00; release_excess_percent release "
     "refuse 20; broken_promises order warn 0; overdue_days order hold 30; unbilled_days order "
     "warn 60",
        GATE_RELEASE,
        "limit=100 ordered=150 level=3 lack=4.5 releases=2 released=7 amount_max=3 broken=2 "
        "overdue_days=31 unbilled_days=61"},
};

static void decisions_replay_from_their_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(decisions); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        Ctx cx = {.arena = arena};
        Policy *policy = policy_from_text(arena, decisions[i].rules);
        CreditFacts *facts = facts_from_text(arena, decisions[i].facts);
        CreditVerdict first;
        credit_judge(arena, policy, decisions[i].gate, facts, &first);
        const char *facts_text = encode_text(arena, &CreditFacts_schema, facts);
        const char *policy_text = encode_text(arena, &Policy_schema, policy);
        CreditFacts stored_facts = {0};
        Policy stored_policy = {0};
        Fault fault;
        assert_int_equal(run_decode(&cx, &CreditFacts_schema, facts_text, &stored_facts), ERR_OK);
        assert_int_equal(run_decode(&cx, &Policy_schema, policy_text, &stored_policy), ERR_OK);
        assert_true(policy_check(arena, &stored_policy, &fault));
        CreditVerdict second;
        credit_judge(arena, &stored_policy, decisions[i].gate, &stored_facts, &second);
        CHECK_ROW(decisions[i].facts, credit_verdict_equals(&first, &second));
        const CreditRule *rules = first.rules.items;
        CreditRule *stored = arena_array(arena, first.rules.count, sizeof(CreditRule));
        for (size_t r = 0; r < first.rules.count; r++) {
            const char *text = encode_text(arena, &CreditRule_schema, &rules[r]);
            assert_int_equal(run_decode(&cx, &CreditRule_schema, text, &stored[r]), ERR_OK);
        }
        second.rules.items = stored;
        CHECK_ROW(decisions[i].facts, credit_verdict_equals(&first, &second));
        bool with_accounts = facts->ancestors.count > 0;
        assert_string_equal(verdict_text(arena, &second, with_accounts),
            verdict_text(arena, &first, with_accounts));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policy_comes_back),
        cmocka_unit_test(decisions_replay_from_their_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
