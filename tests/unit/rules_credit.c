/* The judgement as tables: a rule of the policy, the facts, what must come out, and why.
 *
 * A rule is "kind gate outcome [threshold] [horizon=N] [account=CODE|tier=NAME]", several with
 * ";". Facts are "name=value" words (names below); what is not named is zero, the limit not set,
 * the state normal, the currency CNY. What comes out is "outcome value threshold" for each row
 * of the decision, several with ";". `limit` rows of a chain begin with the account and a colon. */
#include "support/unit.h"

#include "rules/credit.h"
#include "rules/limit.h"
#include "rules/release.h"
#include "support/rules.h"

#include <string.h>

typedef struct Row {
    const char *rules;
    const char *facts;
    const char *expected;
    const char *why;
} Row;

/* GATE_NONE: the gate that the rule is for. */
static void rows_check(Gate gate, const Row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        Policy *policy = policy_from_text(arena, rows[i].rules);
        CreditFacts *facts = facts_from_text(arena, rows[i].facts);
        CreditVerdict verdict;
        Gate at = strstr(rows[i].rules, "shipment") != NULL ? GATE_SHIPMENT : GATE_ORDER;
        credit_judge(arena, policy, gate == GATE_NONE ? at : gate, facts, &verdict);
        const char *got = verdict_text(arena, &verdict, facts->ancestors.count > 0);
        if (strcmp(got, rows[i].expected) != 0) {
            fail_msg("row %zu: %s | %s (%s)\n  expected %s\n  got      %s", i, rows[i].rules,
                rows[i].facts, rows[i].why, rows[i].expected, got);
        }
    }
}

static const Row limit_at_order[] = {
    /* rule, facts, expected, why */
    {LIMIT_O, "limit=1000", "pass 0.00 1000.00", "nothing owed"},
    {LIMIT_O, "limit=1000 ordered=999.99", "pass 999.99 1000.00", "one below"},
    {LIMIT_O, "limit=1000 ordered=1000", "pass 1000.00 1000.00", "equal to the limit is within"},
    {LIMIT_O, "limit=1000 ordered=1000.01", "hold 1000.01 1000.00", "one cent above"},
    {LIMIT_O, "limit=1000 shipped=1000.01", "hold 1000.01 1000.00", "shipped counts"},
    {LIMIT_O, "limit=1000 receivable=1000.01", "hold 1000.01 1000.00", "receivable counts"},
    {LIMIT_O, "limit=1000 cheque=1000.01", "hold 1000.01 1000.00", "cheques on hand count"},
    {LIMIT_O, "limit=1000 ordered=250 shipped=250 receivable=250 cheque=250.01",
        "hold 1000.01 1000.00", "all four add up"},
    {LIMIT_O, "limit=1000 ordered=1500 advance=500", "pass 1000.00 1000.00",
        "failure-modes #8: an advance is a component of its own and counts against"},
    {LIMIT_O, "limit=1000 ordered=1500 advance=499.99", "hold 1000.01 1000.00",
        "an advance one cent short"},
    {LIMIT_O, "limit=1000 was.ordered=900 ordered=1100", "hold 1100.00 1000.00",
        "failure-modes #13: the state after counts though before was within"},
    {LIMIT_O, "limit=1000 was.ordered=1100 ordered=1000", "pass 1000.00 1000.00",
        "a change that brings it down to the limit passes"},
    {LIMIT_O, "limit=1000 was.ordered=600 ordered=1200", "hold 1200.00 1000.00",
        "failure-modes #2: a changed order is judged on its new figures"},
    {LIMIT_O, "limit=1000 was.ordered=60 ordered=60", "pass 60.00 1000.00",
        "failure-modes #1: the order replaces its own row and never adds"},
    {LIMIT_O, "limit=1000 ordered=1000.01 settled=5000 written_off=100", "hold 1000.01 1000.00",
        "what is settled or written off is no exposure"},
    {LIMIT_O, "limit=none", "pass 0.00 null", "failure-modes #22: not set, nothing owed"},
    {LIMIT_O, "limit=none ordered=0.01", "hold 0.01 null", "failure-modes #22: not set protects"},
    {LIMIT_O, "limit=none ordered=5 advance=5", "pass 0.00 null", "not set, paid in advance"},
    {LIMIT_O, "limit=none ordered=5 advance=6", "pass -1.00 null", "not set, more than paid"},
    {LIMIT_O, "limit=0", "pass 0.00 0.00", "failure-modes #22: zero, nothing owed"},
    {LIMIT_O, "limit=0 ordered=0.01", "hold 0.01 0.00", "failure-modes #22: zero is a number"},
    {LIMIT_O, "limit=0 ordered=5 advance=5", "pass 0.00 0.00", "zero: cash before delivery"},
    {LIMIT_O, "limit=unlimited", "pass 0.00 unlimited", "unlimited, nothing owed"},
    {LIMIT_O, "limit=unlimited ordered=9000000000000", "pass 9000000000000.00 unlimited",
        "failure-modes #22: unlimited is a decision, not the absence of one"},
    {LIMIT_O, "ordered=1", "hold 1.00 null", "absent in the facts is not set"},
    {LIMIT_O, "limit=1000 raised=500 ordered=1200", "hold 1200.00 1000.00",
        "releases raise the limit at shipment only"},
    {"limit order warn", "limit=10 ordered=11", "warn 11.00 10.00", "the rule's own outcome"},
    {"limit order refuse", "limit=10 ordered=11", "refuse 11.00 10.00", "the rule's own outcome"},
    {LIMIT_O, "cur=JPY limit=1000 ordered=1000", "pass 1000 1000", "a currency of no decimals"},
    {LIMIT_O, "cur=JPY limit=1000 ordered=1001", "hold 1001 1000", "one yen above"},
    {LIMIT_O, "cur=KWD limit=1.000 ordered=1.001", "hold 1.001 1.000", "a currency of three"},
    {LIMIT_O, "cur=USD home=CNY limit=1000 ordered=1001", "hold 1001.00 1000.00",
        "failure-modes #16: money of one account is never converted, rate or not"},
};

static const Row limit_with_horizon[] = {
    {LIMIT_O " horizon=30", "limit=100 ordered=150 horizon=30:90", "pass 90.00 100.00",
        "orders wanted later do not count"},
    {LIMIT_O " horizon=30", "limit=100 ordered=150 horizon=30:100", "pass 100.00 100.00",
        "equal within the horizon"},
    {LIMIT_O " horizon=30", "limit=100 ordered=150 horizon=30:100.01", "hold 100.01 100.00",
        "one above within the horizon"},
    {LIMIT_O " horizon=30", "limit=100 ordered=150", "hold 150.00 100.00",
        "a horizon without its figure is judged on all orders"},
    {LIMIT_O " horizon=30", "limit=100 ordered=150 horizon=60:90", "hold 150.00 100.00",
        "another horizon's figure is not taken"},
    {LIMIT_O " horizon=30; limit order refuse horizon=90",
        "limit=100 ordered=150 horizon=30:90 horizon=90:120",
        "pass 90.00 100.00; refuse 120.00 100.00", "two horizons, each with its own figure"},
    {LIMIT_O, "limit=100 ordered=150 horizon=30:90", "hold 150.00 100.00",
        "without a horizon all orders count"},
    {LIMIT_O " horizon=0", "limit=100 ordered=150 horizon=0:10", "pass 10.00 100.00",
        "a horizon of no days counts what is wanted today"},
    {LIMIT_O " horizon=30", "limit=none ordered=150 horizon=30:0", "pass 0.00 null",
        "not set, and nothing wanted within the horizon"},
};

static const Row limit_at_shipment[] = {
    {LIMIT_S, "limit=1000 shipped=600 ordered=5000", "pass 600.00 1000.00",
        "orders in the warehouse do not count"},
    {LIMIT_S, "limit=1000 shipped=1000", "pass 1000.00 1000.00", "equal to the limit is within"},
    {LIMIT_S, "limit=1000 shipped=1000.01", "hold 1000.01 1000.00", "one cent above"},
    {LIMIT_S, "limit=1000 shipped=400 receivable=400 cheque=200.01", "hold 1000.01 1000.00",
        "all that is out of the house"},
    {LIMIT_S, "limit=1000 shipped=1500 advance=500", "pass 1000.00 1000.00",
        "failure-modes #8: the advance that passed the order passes the shipment"},
    {LIMIT_S, "limit=1000 shipped=1500 raised=500", "pass 1500.00 1500.00",
        "failure-modes #23: the release raises the limit at delivery"},
    {LIMIT_S, "limit=1000 shipped=1500.01 raised=500", "hold 1500.01 1500.00",
        "a cent beyond the release"},
    {LIMIT_S, "limit=0 shipped=500 raised=500", "pass 500.00 500.00", "a zero limit raised"},
    {LIMIT_S, "limit=none shipped=500 raised=500", "pass 500.00 500.00", "not set, raised"},
    {LIMIT_S, "limit=none shipped=500.01 raised=500", "hold 500.01 500.00", "a cent beyond"},
    {LIMIT_S, "limit=none shipped=1", "hold 1.00 null", "not set protects here too"},
    {LIMIT_S, "limit=unlimited shipped=9000 raised=500", "pass 9000.00 unlimited", "unlimited"},
    {LIMIT_S " horizon=30", "limit=100 shipped=150 horizon=30:10", "hold 150.00 100.00",
        "no horizon for goods that leave"},
    {LIMIT_S, "limit=1000 was.shipped=0 was.ordered=60 shipped=60 ordered=0", "pass 60.00 1000.00",
        "failure-modes #1: the delivery moved from ordered, not counted twice"},
    {"limit both hold", "limit=10 shipped=11", "hold 11.00 10.00",
        "failure-modes #21: one policy record for both gates"},
    {"limit order hold", "limit=10 shipped=11", "", "an order-gate rule is no rule here"},
    {"limit release refuse", "limit=10 shipped=11", "", "a release-gate rule is no rule here"},
};

/* The parent's row is the group: the sum of max(0, child) in the home currency. */
static const Row limit_of_groups[] = {
    {LIMIT_O, "limit=100 ordered=100 parent=P parent.limit=1000 parent.after=1000",
        "A: pass 100.00 100.00; P: pass 1000.00 1000.00", "both equal"},
    {LIMIT_O, "limit=100 ordered=101 parent=P parent.limit=1000 parent.after=900",
        "A: hold 101.00 100.00; P: pass 900.00 1000.00", "the child's own limit holds"},
    {LIMIT_O, "limit=100 ordered=50 parent=P parent.limit=1000 parent.after=1000.01",
        "A: pass 50.00 100.00; P: hold 1000.01 1000.00",
        "failure-modes #20: the parent's limit against the group's exposure"},
    {LIMIT_O, "limit=none ordered=50 parent=P parent.limit=1000 parent.after=900",
        "A: pass 50.00 1000.00; P: pass 900.00 1000.00",
        "a child without a limit uses the parent's"},
    {LIMIT_O, "limit=none ordered=50 parent=P parent.limit=1000 parent.after=1001",
        "A: pass 50.00 1000.00; P: hold 1001.00 1000.00", "and fills it together with the others"},
    {LIMIT_O, "limit=none ordered=1 parent=P parent.limit=none parent.after=1",
        "A: hold 1.00 null; P: pass 1.00 null", "no limit anywhere: the account's row protects"},
    {LIMIT_O, "limit=100 ordered=50 parent=P parent.limit=none parent.after=900",
        "A: pass 50.00 100.00; P: pass 900.00 null",
        "a parent without a limit limits nobody who has one"},
    {LIMIT_O, "limit=unlimited ordered=5000 parent=P parent.limit=1000 parent.after=5000",
        "A: pass 5000.00 unlimited; P: hold 5000.00 1000.00", "unlimited child, limited group"},
    {LIMIT_O, "limit=none ordered=5000 parent=P parent.limit=unlimited parent.after=5000",
        "A: pass 5000.00 unlimited; P: pass 5000.00 unlimited", "unlimited is inherited too"},
    {LIMIT_O, "limit=0 ordered=1 parent=P parent.limit=1000 parent.after=1",
        "A: hold 1.00 0.00; P: pass 1.00 1000.00",
        "failure-modes #22: a child's zero is a limit and inherits nothing"},
    {LIMIT_O,
        "limit=none ordered=50 parent=P parent.limit=none parent.after=60 parent=G "
        "parent.limit=100 "
        "parent.after=100",
        "A: pass 50.00 100.00; P: pass 60.00 100.00; G: pass 100.00 100.00",
        "the nearest ancestor that has one"},
    {LIMIT_O,
        "limit=none ordered=50 parent=P parent.limit=70 parent.after=71 parent=G parent.limit=100 "
        "parent.after=90",
        "A: pass 50.00 70.00; P: hold 71.00 70.00; G: pass 90.00 100.00", "each ancestor's own"},
    {LIMIT_O,
        "cur=USD home=CNY rate=7.00 limit=100 ordered=100 parent=P parent.limit=1000 "
        "parent.after=1000",
        "A: pass 100.00 100.00; P: pass 1000.00 1000.00",
        "failure-modes #16: own currency below, home currency for the group"},
    {LIMIT_O,
        "cur=USD home=CNY rate=7.00 limit=none ordered=100 parent=P parent.limit=1000 "
        "parent.after=700",
        "A: pass 100.00 142.86; P: pass 700.00 1000.00",
        "an inherited limit in the child's currency"},
    {LIMIT_O, "limit=none advance=500 parent=P parent.limit=100 parent.after=100",
        "A: pass -500.00 100.00; P: pass 100.00 100.00", "a child's advance covers itself alone"},
    {LIMIT_S, "limit=100 shipped=150 raised=50 parent=P parent.limit=1000 parent.after=1000",
        "A: pass 150.00 150.00; P: pass 1000.00 1000.00",
        "a release raises only the limit it exceeds"},
    {LIMIT_S, "limit=100 shipped=50 parent=P parent.limit=1000 parent.after=1100 parent.raised=100",
        "A: pass 50.00 100.00; P: pass 1100.00 1100.00", "the group's raised"},
    {LIMIT_S, "limit=none shipped=50 parent=P parent.limit=10 parent.after=60 parent.raised=50",
        "A: pass 50.00 60.00; P: pass 60.00 60.00", "the raised one is inherited"},
    {LIMIT_O " horizon=30",
        "limit=100 ordered=150 horizon=30:90 parent=P parent.limit=200 parent.after=250 "
        "parent.horizon=30:200",
        "A: pass 90.00 100.00; P: pass 200.00 200.00", "the horizon for the group too"},
};

static const Row limit_use[] = {
    {USE, "limit=1000 ordered=900", "pass 90.0 90", "equal to the threshold"},
    {USE, "limit=1000 ordered=900.01", "warn 90.0 90",
        "compared unrounded, shown with one decimal"},
    {USE, "limit=1000 ordered=899.99", "pass 90.0 90", "shown rounded, below all the same"},
    {USE, "limit=1000 ordered=1000", "warn 100.0 90", "full"},
    {USE, "limit=1000 ordered=2000", "warn 200.0 90", "over"},
    {USE, "limit=1000", "pass 0.0 90", "empty"},
    {USE, "limit=1000 advance=100", "pass -10.0 90", "paid in advance"},
    {USE, "limit=0", "pass null 90", "limit 0, exposure 0: null, does not apply"},
    {USE, "limit=0 ordered=0.01", "warn null 90", "limit 0, exposure: applies"},
    {USE, "limit=0 advance=1", "pass null 90", "limit 0, paid in advance"},
    {USE, "limit=none", "pass null 90", "not set, exposure 0: null, does not apply"},
    {USE, "limit=none ordered=0.01", "warn null 90", "not set, exposure: applies"},
    {USE, "limit=unlimited ordered=5000", "pass null 90", "unlimited: null, does not apply"},
    {"limit_use order warn 0", "limit=10 ordered=0.01", "warn 0.1 0", "threshold zero"},
    {"limit_use order warn 87.5", "limit=1000 ordered=875", "pass 87.5 87.5", "half percents"},
    {"limit_use order warn 87.5", "limit=1000 ordered=875.01", "warn 87.5 87.5", "a cent above"},
    {"limit_use order hold 120", "limit=1000 ordered=1200", "pass 120.0 120", "beyond a hundred"},
    {"limit_use order hold 120", "limit=1000 ordered=1200.01", "hold 120.0 120", "a cent above"},
    {USE, "limit=3 ordered=2.70", "pass 90.0 90", "thirds stay exact"},
    {USE, "limit=900000000000 ordered=810000000000.01", "warn 90.0 90", "no overflow"},
    {"limit_use shipment warn 90", "limit=1000 raised=500 shipped=1350 ordered=9000",
        "pass 90.0 90", "at shipment: what is out, against the raised limit"},
    {"limit_use shipment warn 90", "limit=1000 raised=500 shipped=1350.01", "warn 90.0 90",
        "a cent above"},
    {USE, "limit=500 ordered=100 parent=P parent.limit=1000 parent.after=950", "warn 95.0 90",
        "the tightest of the chain"},
    {USE, "limit=100 ordered=95 parent=P parent.limit=1000 parent.after=500", "warn 95.0 90",
        "the tightest is its own"},
    {USE, "limit=unlimited ordered=95 parent=P parent.limit=100 parent.after=91", "warn 91.0 90",
        "unlimited itself, the group is not"},
};

static const Row days_and_counts[] = {
    {"overdue_days order hold 30", "overdue_days=0", "pass 0 30", "nothing overdue"},
    {"overdue_days order hold 30", "overdue_days=29", "pass 29 30", "one below"},
    {"overdue_days order hold 30", "overdue_days=30", "pass 30 30", "equal"},
    {"overdue_days order hold 30", "overdue_days=31", "hold 31 30", "one above"},
    {"overdue_days order warn 0", "overdue_days=0", "pass 0 0", "not overdue on the due day"},
    {"overdue_days order warn 0", "overdue_days=1", "warn 1 0", "overdue the day after"},
    {"overdue_days both hold 30", "overdue_days=31", "hold 31 30", "both means order too"},
    {"unbilled_days order warn 60", "unbilled_days=60", "pass 60 60", "equal"},
    {"unbilled_days order warn 60", "unbilled_days=61", "warn 61 60", "one above"},
    {"unbilled_days order warn 60", "overdue_days=99", "pass 0 60", "not the overdue days"},
    {"broken_promises order hold 2", "broken=2", "pass 2 2", "equal"},
    {"broken_promises order hold 2", "broken=3", "hold 3 2", "one above"},
    {"broken_promises order warn 0; broken_promises order hold 2", "broken=0", "pass 0 0; pass 0 2",
        "two rules of a kind, none"},
    {"broken_promises order warn 0; broken_promises order hold 2", "broken=1", "warn 1 0; pass 1 2",
        "two rules of a kind, the first"},
    {"broken_promises order warn 0; broken_promises order hold 2", "broken=3", "warn 3 0; hold 3 2",
        "two rules of a kind, both"},
};

static const Row amounts[] = {
    {"overdue_amount order hold 1000.00", "overdue=1000", "pass 1000.00 1000.00", "equal"},
    {"overdue_amount order hold 1000.00", "overdue=1000.01", "hold 1000.01 1000.00", "one above"},
    {"overdue_amount order hold 0.00", "overdue=0", "pass 0.00 0.00", "nothing is not above 0"},
    {"overdue_amount order hold 0.00", "overdue=0.01", "hold 0.01 0.00", "a cent is"},
    {"overdue_amount order hold 700.00", "cur=USD home=CNY rate=7.00 overdue=100",
        "pass 700.00 700.00", "thresholds are home currency, the value is converted"},
    {"overdue_amount order hold 700.00", "cur=USD home=CNY rate=7.01 overdue=100",
        "hold 701.00 700.00", "at the rate of the day"},
    {"overdue_amount order hold 700.00", "cur=USD home=CNY overdue=0", "pass 0.00 700.00",
        "nothing needs no rate"},
    {"overdue_amount order hold 1000.00", "cur=JPY overdue=1001", "hold 1001 1000",
        "a threshold with more decimals than the currency"},
    {"overdue_share order hold 20", "receivable=1000 overdue=200", "pass 20.0 20", "equal"},
    {"overdue_share order hold 20", "receivable=1000 overdue=200.01", "hold 20.0 20",
        "unrounded above"},
    {"overdue_share order hold 20", "receivable=1000", "pass 0.0 20", "none"},
    {"overdue_share order hold 20", "receivable=0", "pass null 20", "no receivable: null"},
    {"overdue_share order hold 20", "receivable=1000 overdue=1000", "hold 100.0 20", "all of it"},
    {"order_amount order warn 5000.00", "order=5000", "pass 5000.00 5000.00", "equal"},
    {"order_amount order warn 5000.00", "order=5000.01", "warn 5000.01 5000.00", "one above"},
    {"order_amount order warn 5000.00", "ordered=9000", "pass 0.00 5000.00", "this order alone"},
    {"order_amount order warn 5000.00", "cur=USD home=CNY rate=7.15 order=700",
        "warn 5005.00 5000.00", "in the home currency"},
    {"order_amount order warn 5000.00", "cur=JPY home=CNY rate=0.048 order=104167",
        "warn 5000.02 5000.00", "from no decimals to two"},
};

static const Row states[] = {
    {PREPAY, "", "pass normal prepay", "no state in the facts is normal"},
    {PREPAY, "state=normal ordered=10", "pass normal prepay", "normal"},
    {PREPAY, "state=watch ordered=10", "pass watch prepay", "lighter than the threshold"},
    {PREPAY, "state=prepay ordered=10", "hold prepay prepay", "not paid"},
    {PREPAY, "state=prepay ordered=10 advance=9.99", "hold prepay prepay", "a cent short"},
    {PREPAY, "state=prepay ordered=10 advance=10", "pass prepay prepay", "prepay: equal passes"},
    {PREPAY, "state=prepay ordered=4 shipped=6 advance=10", "pass prepay prepay",
        "ordered and shipped together"},
    {PREPAY, "state=prepay ordered=4 shipped=6.01 advance=10", "hold prepay prepay",
        "shipped counts too"},
    {PREPAY, "state=prepay ordered=10 receivable=500 advance=10", "pass prepay prepay",
        "old receivables do not block what is prepaid"},
    {PREPAY, "state=prepay ordered=10 cheque=10", "hold prepay prepay", "a cheque is not money"},
    {PREPAY, "state=prepay", "pass prepay prepay", "nothing ordered"},
    {PREPAY, "state=pay_down moving=100 received=120", "pass pay_down prepay",
        "pay_down: ratio 1.2 met exactly"},
    {PREPAY, "state=pay_down moving=100 received=119.99", "hold pay_down prepay", "a cent short"},
    {PREPAY, "state=pay_down moving=40 shipped_since=60 received=120", "pass pay_down prepay",
        "earlier shipments count"},
    {PREPAY, "state=pay_down moving=40.01 shipped_since=60 received=120", "hold pay_down prepay",
        "this one included"},
    {PREPAY, "state=pay_down moving=100 ordered=100 advance=100", "hold pay_down prepay",
        "the account's own state chooses: prepaid is not paid down"},
    {PREPAY, "state=prepay ordered=100 moving=100 received=500", "hold prepay prepay",
        "the account's own state chooses: paid down is not prepaid"},
    {PREPAY, "state=pay_down moving=0.01 received=0.01", "hold pay_down prepay",
        "1.2 cents are not covered by one"},
    {PREPAY, "state=pay_down moving=0.01 received=0.02", "pass pay_down prepay", "by two they are"},
    {PREPAY, "state=stop", "hold stop prepay", "stop is graver"},
    {PREPAY, "state=stop ordered=10 advance=50 received=500", "hold stop prepay",
        "nothing passes a stop"},
    {STOP, "state=stop", "refuse stop stop", "equal applies"},
    {STOP, "state=pay_down moving=10", "pass pay_down stop", "lighter"},
    {STOP, "state=prepay ordered=10", "pass prepay stop", "lighter"},
    {"account_state order warn watch", "state=watch", "warn watch watch", "watch"},
    {"account_state order warn watch", "state=prepay ordered=10", "warn prepay watch", "graver"},
    {"account_state order warn watch", "state=normal", "pass normal watch", "lighter"},
    {"account_state order hold pay_down", "state=prepay ordered=10", "pass prepay pay_down",
        "lighter"},
    {"account_state order hold pay_down", "state=pay_down moving=10", "hold pay_down pay_down",
        "equal applies"},
    {STOP, "state=normal parent=P parent.limit=10 parent.state=stop", "refuse stop stop",
        "a parent's stop binds its children"},
    {PREPAY, "state=normal parent=P parent.limit=10 parent.state=prepay ordered=5",
        "pass normal prepay", "a parent's lighter state does not"},
    {STOP, "state=normal parent=P parent.limit=10 parent=G parent.limit=10 parent.state=stop",
        "refuse stop stop", "nor only the nearest parent's"},
    {PREPAY "; " STOP, "state=stop", "hold stop prepay; refuse stop stop", "both are listed"},
};

static const Row states_at_shipment[] = {
    {"account_state both hold prepay", "state=prepay ordered=4 shipped=6 advance=10",
        "pass prepay prepay", "failure-modes #8: the prepayment that passed the order passes here"},
    {"account_state both hold prepay", "state=prepay ordered=4 shipped=6.01 advance=10",
        "hold prepay prepay", "a cent short"},
    {"account_state both hold prepay", "state=pay_down moving=50 shipped_since=50 received=120",
        "pass pay_down prepay", "this shipment included"},
    {"account_state both hold prepay", "state=pay_down moving=50.01 shipped_since=50 received=120",
        "hold pay_down prepay", "a cent more"},
    {"account_state both refuse stop", "state=stop", "refuse stop stop", "stop"},
    {"overdue_days both hold 30; unbilled_days both warn 60", "overdue_days=31 unbilled_days=61",
        "hold 31 30; warn 61 60", "both means shipment too"},
    {"broken_promises order hold 2; overdue_days shipment hold 9", "broken=5 overdue_days=9",
        "pass 9 9", "only the rules of the gate"},
};

static const Row at_release[] = {
    {"promise_broken_open release refuse 0.00", "lack=0", "pass 0.00 0.00", "nothing lacks"},
    {"promise_broken_open release refuse 0.00", "lack=0.01", "refuse 0.01 0.00", "a cent lacks"},
    {"promise_broken_open release refuse 500.00", "cur=USD home=CNY rate=7 lack=500",
        "pass 500.00 500.00", "the record is in the home currency already"},
    {"promise_level release refuse 2", "level=1", "pass 1 2", "the first promise"},
    {"promise_level release refuse 2", "level=2", "pass 2 2", "equal"},
    {"promise_level release refuse 2", "level=3", "refuse 3 2", "after two failures"},
    {"releases_365d release refuse 4", "releases=4", "pass 4 4", "equal"},
    {"releases_365d release refuse 4", "releases=5", "refuse 5 4", "one above"},
    {LIMIT_O "; release_excess_percent release refuse 20", "limit=1000 ordered=1200",
        "hold 1200.00 1000.00; pass 20.0 20", "equal"},
    {LIMIT_O "; release_excess_percent release refuse 20", "limit=1000 ordered=1200.01",
        "hold 1200.01 1000.00; refuse 20.0 20", "unrounded above"},
    {"release_excess_percent release refuse 20", "limit=1000 ordered=900", "pass 0.0 20",
        "no excess"},
    {"release_excess_percent release refuse 20", "limit=0 ordered=900", "pass null 20",
        "limit 0: null, does not apply"},
    {"release_excess_percent release refuse 20", "limit=none ordered=900", "pass null 20",
        "not set: null, does not apply"},
    {"release_excess_percent release refuse 20", "limit=unlimited ordered=900", "pass null 20",
        "unlimited: null, does not apply"},
    {"release_excess_percent release refuse 20",
        "limit=1000 ordered=1100 parent=P parent.limit=1000 parent.after=1300", "refuse 30.0 20",
        "the largest of the chain"},
    {LIMIT_O "; released_excess_open release refuse 500.00",
        "limit=1000 ordered=1200 moving=200 released=300",
        "hold 1200.00 1000.00; pass 500.00 500.00", "this one included, equal"},
    {LIMIT_O "; released_excess_open release refuse 500.00",
        "limit=1000 ordered=1200 moving=200 released=300.01",
        "hold 1200.00 1000.00; refuse 500.01 500.00", "one above"},
    {LIMIT_O "; released_excess_open release refuse 500.00",
        "limit=1000 ordered=2000 moving=1000 amount_max=200 released=300",
        "hold 2000.00 1000.00; pass 500.00 500.00", "at most what it covers"},
    {LIMIT_O "; released_excess_open release refuse 5000.00",
        "cur=USD home=CNY rate=7 limit=1000 ordered=1200 moving=200 released=3600",
        "hold 1200.00 1000.00; pass 5000.00 5000.00", "converted"},
    {"overdue_days release refuse 60; overdue_days order hold 30", "overdue_days=61",
        "hold 61 30; refuse 61 60", "order-gate rules first, then those of the release"},
    {"overdue_days both hold 30", "overdue_days=61", "hold 61 30", "both is not release: once"},
    {"overdue_days shipment hold 5", "overdue_days=61", "", "shipment rules are none of it"},
};

static const Row scopes[] = {
    {"overdue_days order hold 30; overdue_days order hold 90 account=A", "overdue_days=60",
        "pass 60 90", "the account's rule decides its kind"},
    {"overdue_days order hold 30; overdue_days order hold 90 account=B", "overdue_days=60",
        "hold 60 30", "another account's does not"},
    {"overdue_days order hold 30; overdue_days order hold 45 tier=gold",
        "tier=gold overdue_days=40", "pass 40 45", "the tier's beats everybody's"},
    {"overdue_days order hold 30; overdue_days order hold 45 tier=gold", "overdue_days=40",
        "hold 40 30", "no tier"},
    {"overdue_days order hold 90 account=A; overdue_days order hold 45 tier=gold",
        "tier=gold overdue_days=60", "pass 60 90", "account beats tier"},
    {"overdue_days order hold 30; overdue_days order hold 90 account=A; " USE,
        "overdue_days=60 limit=10", "pass 60 90; pass 0.0 90", "other kinds keep their own"},
    {"overdue_days both hold 30; overdue_days shipment hold 90 account=A", "overdue_days=60", "",
        "a kind is decided by the most specific scope at all gates"},
    {"broken_promises order warn 0; broken_promises order hold 2; broken_promises order hold 9 "
     "account=A",
        "broken=5", "pass 5 9", "one scoped rule replaces all general ones of its kind"},
};

#define TABLE_TEST(name, gate)                                                                     \
    static void name##_table(void **state)                                                         \
    {                                                                                              \
        (void)state;                                                                               \
        rows_check(gate, name, COUNT(name));                                                       \
    }

TABLE_TEST(limit_at_order, GATE_ORDER)
TABLE_TEST(limit_with_horizon, GATE_ORDER)
TABLE_TEST(limit_at_shipment, GATE_SHIPMENT)
TABLE_TEST(limit_of_groups, GATE_NONE)
TABLE_TEST(limit_use, GATE_NONE)
TABLE_TEST(days_and_counts, GATE_ORDER)
TABLE_TEST(amounts, GATE_ORDER)
TABLE_TEST(states, GATE_ORDER)
TABLE_TEST(states_at_shipment, GATE_SHIPMENT)
TABLE_TEST(at_release, GATE_RELEASE)
TABLE_TEST(scopes, GATE_ORDER)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limit_at_order_table),
        cmocka_unit_test(limit_with_horizon_table),
        cmocka_unit_test(limit_at_shipment_table),
        cmocka_unit_test(limit_of_groups_table),
        cmocka_unit_test(limit_use_table),
        cmocka_unit_test(days_and_counts_table),
        cmocka_unit_test(amounts_table),
        cmocka_unit_test(states_table),
        cmocka_unit_test(states_at_shipment_table),
        cmocka_unit_test(at_release_table),
        cmocka_unit_test(scopes_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
