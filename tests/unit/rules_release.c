/* Who may consent, what the ladder asks for, what a release covers, how long. It is 2025-06-30. */
#include "support/unit.h"

#include "rules/ladder.h"
#include "rules/release.h"
#include "support/rules.h"

#include <string.h>

static Currency cny(void)
{
    return currency_from_text("CNY");
}

static Money yuan(const char *text)
{
    return text == NULL ? (Money){0} : money_from_text(text, cny());
}

static Date date_or_none(const char *text)
{
    return text == NULL ? DATE_NONE : day(text);
}

/* ---- conflicts; conflict_days 90, so 2025-04-01 is the last day that counts */

static const struct {
    struct {
        bool is_system, is_solo, requested, has_owner, owns;
        const char *owned_on, *handled_on, *entertained_on;
        bool vouched, vouches_in_it;
    } who;
    Conflict conflict;
    const char *why;
} conflicts[] = {
    {{.has_owner = true}, CONFLICT_NONE, "a stranger to the relation"},
    {{.has_owner = true, .requested = true}, CONFLICT_IS_REQUESTER, "asked for it"},
    {{.has_owner = true, .owns = true}, CONFLICT_OWNS_RELATION, "its owner"},
    {{.has_owner = true, .owned_on = "2025-04-01"}, CONFLICT_OWNS_RELATION, "today - 90 counts"},
    {{.has_owner = true, .owned_on = "2025-03-31"}, CONFLICT_NONE, "today - 91 does not"},
    {{.has_owner = false, .handled_on = "2025-06-01"}, CONFLICT_OWNS_RELATION,
        "no owner: whoever placed orders or logged contacts"},
    {{.has_owner = false, .handled_on = "2025-03-31"}, CONFLICT_NONE, "long ago"},
    {{.has_owner = true, .handled_on = "2025-06-30"}, CONFLICT_NONE,
        "with an owner, handling orders is no ownership"},
    {{.has_owner = true, .entertained_on = "2025-04-01"}, CONFLICT_ENTERTAINED, "dined, day 90"},
    {{.has_owner = true, .entertained_on = "2025-03-31"}, CONFLICT_NONE, "dined, day 91"},
    {{.has_owner = true, .entertained_on = "2025-06-30"}, CONFLICT_ENTERTAINED, "dined today"},
    {{.has_owner = true, .vouched = true}, CONFLICT_VOUCHED, "vouches for the promise"},
    {{.has_owner = true, .vouched = true, .vouches_in_it = true}, CONFLICT_NONE,
        "the promise is made with the release by the approver"},
    {{.has_owner = true,
         .requested = true,
         .owns = true,
         .entertained_on = "2025-06-30",
         .vouched = true},
        CONFLICT_IS_REQUESTER, "in this order: requester first"},
    {{.has_owner = true, .owns = true, .entertained_on = "2025-06-30", .vouched = true},
        CONFLICT_OWNS_RELATION, "then owner"},
    {{.has_owner = true, .entertained_on = "2025-06-30", .vouched = true}, CONFLICT_ENTERTAINED,
        "then hospitality"},
    {{.is_system = true}, CONFLICT_SYSTEM, "the system cannot approve"},
    {{.is_solo = true, .requested = true, .owns = true}, CONFLICT_NONE, "a firm of one person"},
    {{.is_solo = true, .is_system = true}, CONFLICT_SYSTEM, "not even there the system"},
};

static void conflicts_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(conflicts); i++) {
        ConflictFacts facts = {.today = day("2025-06-30"),
            .conflict_days = 90,
            .is_system = conflicts[i].who.is_system,
            .is_solo = conflicts[i].who.is_solo,
            .requested = conflicts[i].who.requested,
            .partner_has_owner = conflicts[i].who.has_owner,
            .owns = conflicts[i].who.owns,
            .owned_on = date_or_none(conflicts[i].who.owned_on),
            .handled_on = date_or_none(conflicts[i].who.handled_on),
            .entertained_on = date_or_none(conflicts[i].who.entertained_on),
            .vouched = conflicts[i].who.vouched,
            .vouches_in_it = conflicts[i].who.vouches_in_it};
        CHECK_ROW(conflicts[i].why, ladder_conflict(&facts) == conflicts[i].conflict);
    }
}

/* ---- the ladder */

static const struct {
    const char *amount; /* NULL: none; "last": the last step */
    const char *roles;
    const char *why;
} ladder[] = {
    {NULL, "credit", "what has no amount needs the first step"},
    {"0", "credit", "nothing"},
    {"50000.00", "credit", "equal to the step's end"},
    {"50000.01", "manager and credit", "a cent above"},
    {"500000.00", "manager and credit", "equal"},
    {"500000.01", "admin and credit", "above the last number"},
    {"last", "admin and credit", "policy and unlimited"},
};

static void ladder_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ladder); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        Policy policy;
        policy_default(arena, &policy);
        const char *text = ladder[i].amount;
        LadderAmount amount = {.is_last_step = text != NULL && strcmp(text, "last") == 0};
        if (text != NULL && !amount.is_last_step) {
            amount.has_amount = true;
            amount.amount = yuan(text);
        }
        const char *roles = ladder_roles_text(arena, ladder_roles(&policy, amount));
        CHECK_ROW(ladder[i].why, strcmp(roles, ladder[i].roles) == 0);
    }
}

static void consents_table(void **state)
{
    (void)state;
    enum { ADMIN = 1, MANAGER = 2, SALES = 4, CREDIT = 8 };
    static const struct {
        uint32_t needed, given, role;
        Consent consent;
        const char *why;
    } rows[] = {
        {CREDIT, 0, CREDIT, CONSENT_COMPLETE, "the only one"},
        {CREDIT, 0, ADMIN, CONSENT_NOT_NEEDED, "admin consents for admin alone"},
        {CREDIT, 0, 0, CONSENT_NOT_NEEDED, "a role that stands in no ladder"},
        {CREDIT | MANAGER, 0, CREDIT, CONSENT_PENDING, "one of two"},
        {CREDIT | MANAGER, CREDIT, MANAGER, CONSENT_COMPLETE, "the other"},
        {CREDIT | MANAGER, CREDIT, CREDIT, CONSENT_PENDING, "a second person of the same role"},
        {CREDIT | ADMIN, MANAGER, CREDIT, CONSENT_PENDING, "a consent no longer asked for"},
        {CREDIT, CREDIT, CREDIT, CONSENT_COMPLETE, "less is needed than before"},
        {CREDIT | MANAGER | ADMIN, CREDIT | ADMIN, MANAGER, CONSENT_COMPLETE, "the last of three"},
        {CREDIT | MANAGER, CREDIT, SALES, CONSENT_NOT_NEEDED, "sales"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK_ROW(rows[i].why,
            ladder_consent(rows[i].needed, rows[i].given, rows[i].role) == rows[i].consent);
    }
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    assert_string_equal(
        ladder_roles_text(arena, ADMIN | MANAGER | CREDIT), "admin, manager and credit");
    assert_string_equal(ladder_roles_text(arena, 0), "");
}

static const struct {
    const char *excess, *open, *recent;
    bool open_counts;
    const char *amount;
    bool open_decides;
    const char *why;
} ladder_amounts[] = {
    {"100", "500", "0", false, "100.00", false, "only the limit holds: the excess"},
    {"100", "500", "0", true, "500.00", true, "another rule holds: the larger, the open amount"},
    {"600", "500", "0", true, "600.00", false, "the larger, the excess"},
    {"500", "500", "0", true, "500.00", false, "equal"},
    {"100", "500", "250", false, "350.00", false, "releases of the last 30 days are added"},
    {"0", "500", "250", true, "750.00", true, "no limit set"},
};

static void ladder_amounts_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ladder_amounts); i++) {
        CreditVerdict verdict = {.excess_home = yuan(ladder_amounts[i].excess),
            .open_counts = ladder_amounts[i].open_counts};
        Money open = yuan(ladder_amounts[i].open);
        Money amount = release_ladder_amount(&verdict, open, yuan(ladder_amounts[i].recent));
        CHECK_ROW(ladder_amounts[i].why, money_cmp(amount, yuan(ladder_amounts[i].amount)) == 0);
        CHECK_ROW(ladder_amounts[i].why,
            release_open_decides(&verdict, open) == ladder_amounts[i].open_decides);
    }
}

static void recent_releases_add_up(void **state)
{
    (void)state;
    static const struct {
        const char *given_on, *excess, *settled, *sum;
        const char *why;
    } rows[] = {
        {"2025-06-30", "100", "0", "100", "given today"},
        {"2025-05-31", "100", "0", "100", "today - 30 counts"},
        {"2025-05-30", "100", "0", "0", "today - 31 does not"},
        {"2025-06-15", "100", "40", "60", "less what was settled on its invoices"},
        {"2025-06-15", "100", "100", "0", "all settled"},
        {"2025-06-15", "100", "900", "0", "never below zero"},
    };
    ReleaseGiven all[COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++) {
        all[i] = (ReleaseGiven){.given_on = day(rows[i].given_on),
            .excess = yuan(rows[i].excess),
            .settled = yuan(rows[i].settled)};
        Money sum = release_recent_sum(cny(), &all[i], 1, day("2025-06-30"));
        CHECK_ROW(rows[i].why, money_cmp(sum, yuan(rows[i].sum)) == 0);
    }
    Money sum = release_recent_sum(cny(), all, COUNT(rows), day("2025-06-30"));
    assert_int_equal(sum.minor, 26000);
    assert_int_equal(release_recent_sum(cny(), NULL, 0, day("2025-06-30")).minor, 0);
}

/* ---- terms: open amount 1000, excess 300, tolerance 3 days, at most 30 days ahead */

static const struct {
    const char *amount_max, *expires_on, *promise, *due_on;
    const char *terms; /* "amount date", or the field refused */
    const char *why;
} terms[] = {
    {NULL, NULL, NULL, NULL, "1000.00 2025-07-30", "defaults: the open amount, 30 days"},
    {"400", NULL, NULL, NULL, "400.00 2025-07-30", "less"},
    {"1000", NULL, NULL, NULL, "1000.00 2025-07-30", "all of it"},
    {"1000.01", NULL, NULL, NULL, "amount_max", "more than is open"},
    {"0", NULL, NULL, NULL, "amount_max", "nothing"},
    {"-1", NULL, NULL, NULL, "amount_max", "less than nothing"},
    {NULL, "2025-06-30", NULL, NULL, "1000.00 2025-06-30", "today only"},
    {NULL, "2025-06-29", NULL, NULL, "expires_on", "yesterday"},
    {NULL, "2025-07-30", NULL, NULL, "1000.00 2025-07-30", "the last day allowed"},
    {NULL, "2025-07-31", NULL, NULL, "expires_on", "a day too late"},
    {NULL, NULL, "300", "2025-07-10", "1000.00 2025-07-13", "ends with the promise's window"},
    {NULL, "2025-07-13", "300", "2025-07-10", "1000.00 2025-07-13", "its last day"},
    {NULL, "2025-07-14", "300", "2025-07-10", "expires_on", "after its window"},
    {NULL, NULL, "300", "2025-07-30", "1000.00 2025-07-30", "30 days come first"},
    {NULL, NULL, "300", "2025-07-31", "promise.due_on", "beyond promise_max_days"},
    {NULL, NULL, "300", "2025-06-30", "1000.00 2025-07-03", "due today"},
    {NULL, NULL, "300", "2025-06-29", "promise.due_on", "due yesterday"},
    {NULL, NULL, "299.99", "2025-07-10", "promise.amount", "a cent below the excess"},
    {"400", NULL, "299.99", "2025-07-10", "promise.amount", "of a part all the same"},
    {"200", NULL, "200", "2025-07-10", "200.00 2025-07-13", "a part smaller than the excess"},
    {"200", NULL, "199.99", "2025-07-10", "promise.amount", "a cent below the part"},
    {NULL, NULL, "0", "2025-07-10", "promise.amount", "nothing"},
    {NULL, NULL, "5000", "2025-07-10", "1000.00 2025-07-13", "more is welcome"},
};

static void terms_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(terms); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        Policy policy;
        policy_default(arena, &policy);
        ReleaseAsk ask = {.today = day("2025-06-30"),
            .open_amount = yuan("1000"),
            .amount_max = yuan(terms[i].amount_max),
            .expires_on = date_or_none(terms[i].expires_on),
            .has_promise = terms[i].promise != NULL,
            .promise_amount = yuan(terms[i].promise),
            .promise_due_on = date_or_none(terms[i].due_on)};
        ReleaseTerms given;
        Fault fault;
        const char *got;
        if (release_check(&policy, &ask, yuan("300"), &given, &fault)) {
            char amount[DECIMAL_TEXT_SIZE];
            char date[DATE_TEXT_SIZE];
            money_format(given.amount_max, amount);
            date_format(given.expires_on, date);
            got = arena_printf(arena, "%s %s", amount, date);
        } else {
            got = fault.field;
        }
        if (strcmp(got, terms[i].terms) != 0) {
            fail_msg("row %zu (%s): %s", i, terms[i].why, got);
        }
    }
}

static void excess_and_raise_table(void **state)
{
    (void)state;
    static const struct {
        bool own;
        const char *excess, *amount_max, *before, *limit, *raise;
        const char *why;
    } rows[] = {
        {false, "500", "1500", "0", "1000", "500", "the excess when given"},
        {false, "500", "200", "1300", "1000", "200", "at most what is covered"},
        {true, "500", "1500", "0", "1000", "500", "its own order, the same"},
        {true, "300", "100", "700", "500", "300",
            "failure-modes #23: the account was over its limit already; the release can ship"},
        {false, "300", "100", "700", "500", "100", "another order gets no more than is covered"},
        {true, "100", "100", "500", "none", "600", "no limit set, goods out already"},
        {false, "100", "100", "500", "none", "100", "no limit set, another order"},
        {true, "0", "100", "0", "1000", "0", "given for other rules: nothing to raise"},
        {true, "0", "100", "0", "unlimited", "0", "unlimited: nothing to raise"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Money raise = release_raise(rows[i].own, yuan(rows[i].excess), yuan(rows[i].amount_max),
            yuan(rows[i].before), limit_from_text(rows[i].limit, cny()));
        CHECK_ROW(rows[i].why, money_cmp(raise, yuan(rows[i].raise)) == 0);
    }
}

static void validity_table(void **state)
{
    (void)state;
    static const struct {
        const char *today, *expires_on, *window_end;
        bool kept, ended, valid;
        const char *why;
    } rows[] = {
        {"2025-06-30", "2025-06-30", NULL, false, false, true, "its last day"},
        {"2025-07-01", "2025-06-30", NULL, false, false, false, "the day after"},
        {"2025-06-30", "2025-07-30", "2025-06-30", false, false, true, "the window's last day"},
        {"2025-07-01", "2025-07-30", "2025-06-30", false, false, false,
            "a promise past its window and unpaid is broken before day_close says so"},
        {"2025-07-01", "2025-07-30", "2025-06-30", true, false, true, "kept"},
        {"2025-06-30", "2025-07-30", NULL, false, true, false, "withdrawn, void or broken"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        ReleaseFacts facts = {.today = day(rows[i].today),
            .expires_on = day(rows[i].expires_on),
            .is_ended = rows[i].ended,
            .promise_is_kept = rows[i].kept,
            .promise_window_end = date_or_none(rows[i].window_end)};
        CHECK_ROW(rows[i].why, release_is_valid(&facts) == rows[i].valid);
    }
}

/* ---- cover: given for the rules of one set of facts, shipping under another */

static const struct {
    const char *rules;
    const char *given;
    const char *now;
    bool ships;
    const char *why;
} covers[] = {
    {"overdue_days both hold 30", "overdue_days=40", "overdue_days=40", true,
        "failure-modes #23: the release given at the order holds at delivery"},
    {"overdue_days both hold 30", "overdue_days=40", "overdue_days=44", true, "10 % worse"},
    {"overdue_days both hold 30", "overdue_days=40", "overdue_days=45", false, "more"},
    {"overdue_days both hold 30", "overdue_days=40", "overdue_days=30", true, "it passes now"},
    {"overdue_days both hold 30", "", "overdue_days=31", false, "not given for it"},
    {"overdue_days both hold 30; unbilled_days both hold 60", "overdue_days=40",
        "overdue_days=40 unbilled_days=61", false, "a rule that did not hold then"},
    {"overdue_days both hold 30; unbilled_days both warn 60", "overdue_days=40",
        "overdue_days=40 unbilled_days=61", true, "a warning stops nothing"},
    {"overdue_amount both hold 100.00", "overdue=1000", "overdue=1100", true, "an amount, 10 %"},
    {"overdue_amount both hold 100.00", "overdue=1000", "overdue=1100.01", false, "a cent more"},
    {"overdue_share both hold 20", "receivable=1000 overdue=500", "receivable=1000 overdue=550",
        true, "a percent, 10 %"},
    {"overdue_share both hold 20", "receivable=1000 overdue=500", "receivable=1000 overdue=551",
        false, "more"},
    {"limit_use both hold 90", "limit=none ordered=1", "limit=none shipped=1", true,
        "null covers null"},
    {"limit_use both hold 90", "limit=100 ordered=95", "limit=none shipped=1", false,
        "a number does not cover null"},
    {"limit_use both hold 90", "limit=none ordered=1", "limit=100 shipped=95", true,
        "null covers a number"},
    {"account_state both hold prepay", "state=pay_down moving=5", "state=pay_down moving=9", true,
        "a state covers itself"},
    {"account_state both hold prepay", "state=pay_down moving=5", "state=prepay shipped=9", true,
        "and lighter ones"},
    {"account_state both hold prepay", "state=prepay ordered=5", "state=pay_down moving=9", false,
        "not graver ones"},
    {"account_state both hold prepay; account_state both refuse stop", "state=prepay ordered=5",
        "state=stop", false, "a refusal is never covered"},
    {"account_state both hold prepay; account_state both refuse stop", "state=stop", "state=stop",
        false, "not even where another rule of its kind was"},
    {"overdue_days both hold 30; unbilled_days both hold 10", "overdue_days=40", "unbilled_days=20",
        false, "one kind does not cover another"},
    {"limit both hold", "limit=1000 ordered=1500", "limit=1000 raised=500 shipped=1500", true,
        "the raised limit is enough"},
    {"limit both hold", "limit=1000 ordered=1500", "limit=1000 raised=500 shipped=1500.01", false,
        "the limit is raised, never covered at 10 % more"},
    {"limit both hold; overdue_days both hold 30", "limit=1000 ordered=1500",
        "limit=1000 raised=500 shipped=1500 overdue_days=31", false, "the limit is not all"},
    {"broken_promises both hold 2", "broken=3", "broken=3", true, "a count"},
    {"broken_promises both hold 2", "broken=3", "broken=4", false, "one more is a third more"},
};

static void covers_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(covers); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        Policy *policy = policy_from_text(arena, covers[i].rules);
        CreditVerdict order;
        CreditVerdict shipment;
        credit_judge(arena, policy, GATE_ORDER, facts_from_text(arena, covers[i].given), &order);
        credit_judge(
            arena, policy, GATE_SHIPMENT, facts_from_text(arena, covers[i].now), &shipment);
        bool ships = release_lets_ship(release_rules(arena, &order), &shipment);
        if (ships != covers[i].ships) {
            fail_msg("row %zu (%s): %s", i, covers[i].why, verdict_text(arena, &shipment, false));
        }
    }
}

static void rules_of_a_release_are_those_that_held(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    Policy *policy = policy_from_text(arena,
        "limit both hold; overdue_days both hold 30; limit_use order warn 90; "
        "account_state both refuse stop; promise_level release hold 2");
    CreditVerdict verdict;
    credit_judge(arena, policy, GATE_RELEASE,
        facts_from_text(arena, "limit=100 ordered=150 overdue_days=40 level=9"), &verdict);
    List held = release_rules(arena, &verdict);
    const CreditRule *rules = held.items;
    assert_int_equal(held.count, 2);
    assert_int_equal(rules[0].kind, RULE_LIMIT);
    assert_int_equal(rules[1].kind, RULE_OVERDUE_DAYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conflicts_table),
        cmocka_unit_test(ladder_table),
        cmocka_unit_test(consents_table),
        cmocka_unit_test(ladder_amounts_table),
        cmocka_unit_test(recent_releases_add_up),
        cmocka_unit_test(terms_table),
        cmocka_unit_test(excess_and_raise_table),
        cmocka_unit_test(validity_table),
        cmocka_unit_test(covers_table),
        cmocka_unit_test(rules_of_a_release_are_those_that_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
