/* The arithmetic of the books: rates, movements, allocation, aging, states. */
#include "support/unit.h"

#include "rules/aging.h"
#include "rules/allocation.h"
#include "rules/move.h"
#include "rules/promise.h"
#include "rules/rate.h"
#include "rules/state.h"
#include "rules/wide.h"
#include "support/rules.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static Currency cny(void)
{
    return currency_from_text("CNY");
}

static Money yuan(const char *text)
{
    return money_from_text(text, cny());
}

static bool is_amount(Money money, const char *text)
{
    char got[DECIMAL_TEXT_SIZE];
    money_format(money, got);
    return strcmp(got, text) == 0;
}

/* True when the call ends the process: a bug that is asserted. Its message goes nowhere. */
static bool is_asserted(void (*call)(void))
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)signal(SIGABRT, SIG_DFL);
        (void)close(STDERR_FILENO);
        call();
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status);
}

/* ---- rates */

static const struct {
    const char *from, *amount, *rate, *home, *converted; /* converted NULL: no rate */
    const char *why;
} rates[] = {
    {"CNY", "12.34", NULL, "CNY", "12.34", "the same currency needs no rate"},
    {"USD", "0", NULL, "CNY", "0.00", "nothing needs no rate"},
    {"USD", "1", NULL, "CNY", NULL, "without a rate"},
    {"USD", "100", "7.15", "CNY", "715.00", "home units for one unit"},
    {"USD", "0.01", "7.15", "CNY", "0.07", "rounded down"},
    {"USD", "0.10", "7.15", "CNY", "0.72", "half up"},
    {"USD", "-0.10", "7.15", "CNY", "-0.72", "half away from zero"},
    {"JPY", "1000", "0.0486", "CNY", "48.60", "from no decimals"},
    {"KWD", "1.234", "23.5", "CNY", "29.00", "from three: 28.999"},
    {"CNY", "100", "20.5", "JPY", "2050", "to no decimals"},
    {"CNY", "0.05", "10.5", "JPY", "1", "half a yen and a bit"},
    {"CNY", "1.00", "0.0425", "KWD", "0.043", "to three, half up"},
    {"USD", "1", "0", "CNY", NULL, "a rate of zero is none"},
};

static void rates_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rates); i++) {
        Decimal rate = {0};
        assert_true(rates[i].rate == NULL || decimal_parse(rates[i].rate, &rate));
        Money from = money_from_text(rates[i].amount, currency_from_text(rates[i].from));
        Money to = {0};
        bool has_rate = rate_to_home(from, rate, currency_from_text(rates[i].home), &to);
        CHECK_ROW(rates[i].why, has_rate == (rates[i].converted != NULL));
        CHECK_ROW(rates[i].why, !has_rate || is_amount(to, rates[i].converted));
    }
    Money back = {0};
    Decimal rate = decimal_of(715, 2);
    assert_true(rate_from_home(yuan("715"), rate, currency_from_text("USD"), &back));
    assert_true(is_amount(back, "100.00"));
    assert_true(
        rate_from_home(yuan("48.60"), decimal_of(486, 4), currency_from_text("JPY"), &back));
    assert_true(is_amount(back, "1000"));
    assert_false(rate_from_home(yuan("1"), (Decimal){0}, currency_from_text("USD"), &back));
}

/* ---- movements. Failure-modes #7: every kind of document with its sign, one row each. */

static const struct {
    MoveEvent event;
    const char *from, *to;
    int exposure;     /* what 1.00 of it does to exposure */
    int out_of_house; /* and to what is out of the house */
    const char *why;
} moves[] = {
    {MOVE_ORDER_APPROVED, "outside", "ordered", 1, 0,
        "failure-modes #5: an approved order counts, however it will be invoiced"},
    {MOVE_ORDER_ENDED, "ordered", "outside", -1, 0, "failure-modes #6: its rest is let go"},
    {MOVE_SHIPPED, "ordered", "shipped", 0, 1, "failure-modes #1: moved, not counted twice"},
    {MOVE_SHIPPED_AHEAD, "outside", "shipped", 1, 1, "shipped without having been ordered"},
    {MOVE_SHIPPED_UNINVOICED, "shipped", "outside", -1, -1, "a final invoice bills less"},
    {MOVE_INVOICED_SHIPPED, "shipped", "receivable", 0, 0, "invoiced after shipment"},
    {MOVE_INVOICED_ORDERED, "ordered", "receivable", 0, 1, "invoiced ahead of shipment"},
    {MOVE_INVOICED_OUTSIDE, "outside", "receivable", 1, 1, "invoiced without an order"},
    {MOVE_PAYMENT_RECEIVED, "outside", "advance", -1, -1, "money"},
    {MOVE_ALLOCATED, "receivable", "settled", -1, -1, "allocated"},
    {MOVE_ADVANCE_USED, "advance", "outside", 1, 1, "the advance is used"},
    {MOVE_CHEQUE_TAKEN, "receivable", "cheque", 0, 0, "a cheque is not money yet"},
    {MOVE_CHEQUE_CLEARED, "cheque", "settled", -1, -1, "cleared"},
    {MOVE_CHEQUE_BOUNCED, "cheque", "receivable", 0, 0, "bounced"},
    {MOVE_RETURNED, "shipped", "outside", -1, -1, "returned before the invoice"},
    {MOVE_CREDITED, "receivable", "outside", -1, -1, "failure-modes #6: credited"},
    {MOVE_CREDITED_BEYOND, "outside", "advance", -1, -1, "credited beyond what is open"},
    {MOVE_WRITTEN_OFF, "receivable", "written_off", -1, -1, "written off"},
    {MOVE_RECOVERED, "written_off", "advance", -1, -1, "recovered"},
    {MOVE_REFUNDED, "advance", "outside", 1, 1, "refunded"},
};

static bool is_empty(const Position *position)
{
    return money_is_zero(position->ordered) && money_is_zero(position->shipped) &&
           money_is_zero(position->receivable) && money_is_zero(position->cheque) &&
           money_is_zero(position->advance) && money_is_zero(position->settled) &&
           money_is_zero(position->written_off);
}

static void moves_table(void **state)
{
    (void)state;
    assert_int_equal(COUNT(moves), MOVE_EVENT_COUNT);
    for (size_t i = 0; i < COUNT(moves); i++) {
        Move move = move_of(moves[i].event, yuan("1.00"));
        Position position = position_empty(cny());
        position_apply(&position, move);
        CHECK_ROW(moves[i].why, strcmp(bucket_names[move.from], moves[i].from) == 0);
        CHECK_ROW(moves[i].why, strcmp(bucket_names[move.to], moves[i].to) == 0);
        CHECK_ROW(moves[i].why, position_exposure(&position).minor == 100 * moves[i].exposure);
        CHECK_ROW(
            moves[i].why, position_out_of_house(&position).minor == 100 * moves[i].out_of_house);
        position_apply(&position, move_reversed(move));
        CHECK_ROW(moves[i].why, is_empty(&position));
    }
}

static int64_t least_of(const Position *position)
{
    Money least = money_min(position->ordered, position->shipped);
    least = money_min(least, money_min(position->receivable, position->cheque));
    return money_min(least, position->advance).minor;
}

/* Order, shipment, invoice, part payment, credit of the rest: nothing stays behind. */
static void life_of_an_order_leaves_nothing(void **state)
{
    (void)state;
    static const struct {
        MoveEvent event;
        const char *amount, *exposure;
    } steps[] = {
        {MOVE_PAYMENT_RECEIVED, "30", "-30.00"},
        {MOVE_ORDER_APPROVED, "100", "70.00"},
        {MOVE_SHIPPED, "80", "70.00"},
        {MOVE_INVOICED_SHIPPED, "80", "70.00"},
        {MOVE_ADVANCE_USED, "30", "100.00"},
        {MOVE_ALLOCATED, "30", "70.00"},
        {MOVE_ORDER_ENDED, "20", "50.00"},
        {MOVE_CHEQUE_TAKEN, "40", "50.00"},
        {MOVE_CHEQUE_BOUNCED, "40", "50.00"},
        {MOVE_CREDITED, "50", "0.00"},
    };
    Position position = position_empty(cny());
    for (size_t i = 0; i < COUNT(steps); i++) {
        position_apply(&position, move_of(steps[i].event, yuan(steps[i].amount)));
        CHECK_ROW(steps[i].exposure, is_amount(position_exposure(&position), steps[i].exposure));
        assert_true(least_of(&position) >= 0);
    }
    assert_int_equal(position.settled.minor, 3000);
    assert_true(is_amount(position_out_of_house(&position), "0.00"));
    position_apply(&position, move_of(MOVE_CHEQUE_CLEARED, yuan("1")));
    assert_int_equal(least_of(&position), -100);
}

static void invoice_splits_over_the_buckets(void **state)
{
    (void)state;
    static const struct {
        const char *amount, *shipped, *ordered;
        const char *parts[3]; /* from shipped, from ordered, from outside */
        const char *why;
    } rows[] = {
        {"100", "100", "0", {"100.00", NULL, NULL}, "all shipped"},
        {"100", "60", "40", {"60.00", "40.00", NULL}, "shipped first, then ordered"},
        {"100", "60", "20", {"60.00", "20.00", "20.00"}, "then outside"},
        {"100", "0", "0", {NULL, NULL, "100.00"}, "no order behind it"},
        {"50", "60", "40", {"50.00", NULL, NULL}, "a part of it"},
        {"100", "0", "500", {NULL, "100.00", NULL}, "ahead of shipment"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        static const Bucket from[] = {BUCKET_SHIPPED, BUCKET_ORDERED, BUCKET_OUTSIDE};
        Move parts[3];
        int count = move_invoice_split(
            yuan(rows[i].amount), yuan(rows[i].shipped), yuan(rows[i].ordered), parts);
        int at = 0;
        for (size_t p = 0; p < 3; p++) {
            if (rows[i].parts[p] == NULL) {
                continue;
            }
            CHECK_ROW(rows[i].why, at < count && parts[at].from == from[p]);
            CHECK_ROW(rows[i].why, parts[at].to == BUCKET_RECEIVABLE);
            CHECK_ROW(rows[i].why, is_amount(parts[at].amount, rows[i].parts[p]));
            at++;
        }
        CHECK_ROW(rows[i].why, at == count);
    }
}

static void one_childs_advance_covers_no_other(void **state)
{
    (void)state;
    const Money members[] = {yuan("100"), yuan("-500"), yuan("0"), yuan("40")};
    assert_true(is_amount(exposure_group(cny(), members, COUNT(members)), "140.00"));
    assert_true(is_amount(exposure_group(cny(), &members[1], 1), "0.00"));
    assert_true(is_amount(exposure_group(cny(), NULL, 0), "0.00"));
}

static void mix_positions(void)
{
    Position position = position_empty(cny());
    position_apply(&position, move_of(MOVE_ORDER_APPROVED, money_of(currency_from_text("USD"), 5)));
}

static void mix_groups(void)
{
    Money member = money_of(currency_from_text("USD"), 5);
    (void)exposure_group(cny(), &member, 1);
}

static void move_nothing(void)
{
    (void)move_of(MOVE_SHIPPED, money_zero(cny()));
}

/* Failure-modes #15. */
static void currencies_never_mix(void **state)
{
    (void)state;
    assert_true(is_asserted(mix_positions));
    assert_true(is_asserted(mix_groups));
    assert_true(is_asserted(move_nothing));
}

/* ---- allocation */

static AllocationInvoice invoice_of(
    Id id, Id order, const char *on, const char *due, const char *open)
{
    return (AllocationInvoice){id, order, day(on), day(due), yuan(open)};
}

static const struct {
    const char *money;
    Id order;
    const char *pieces; /* "invoice:amount …" */
    const char *why;
} oldest[] = {
    {"50", 0, "3:50.00", "the oldest due, not the oldest invoice"},
    {"100", 0, "3:100.00", "exactly"},
    {"130", 0, "3:100.00 2:30.00", "then the next"},
    {"300", 0, "3:100.00 2:100.00 7:100.00", "same due day: invoiced first"},
    {"350", 0, "3:100.00 2:100.00 7:100.00 5:50.00", "same days: smaller id"},
    {"5000", 0, "3:100.00 2:100.00 7:100.00 5:100.00 6:100.00", "what is left is an advance"},
    {"0", 0, "", "no money"},
    {"5000", 8, "3:100.00 7:100.00 5:100.00 6:100.00", "earmarked: not other orders' invoices"},
};

static size_t open_invoices(AllocationInvoice invoices[6])
{
    invoices[0] = invoice_of(6, 0, "2025-05-02", "2025-06-20", "100");
    invoices[1] = invoice_of(5, 0, "2025-05-02", "2025-06-20", "100");
    invoices[2] = invoice_of(7, 8, "2025-05-01", "2025-06-20", "100");
    invoices[3] = invoice_of(2, 9, "2025-05-09", "2025-06-10", "100");
    invoices[4] = invoice_of(3, 8, "2025-06-01", "2025-06-05", "100");
    invoices[5] = invoice_of(4, 8, "2025-01-01", "2025-01-05", "0");
    return 6;
}

static void oldest_due_first(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(oldest); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        AllocationInvoice invoices[6];
        AllocationPiece pieces[6];
        AllocationPot pot = {.money = yuan(oldest[i].money),
            .on = day("2025-05-05"),
            .order_id = oldest[i].order,
            .invoices = invoices,
            .count = open_invoices(invoices)};
        size_t count = allocation_oldest_first(&pot, pieces);
        const char *got = "";
        for (size_t p = 0; p < count; p++) {
            char amount[DECIMAL_TEXT_SIZE];
            money_format(pieces[p].amount, amount);
            got = arena_printf(
                arena, "%s%s%lld:%s", got, p > 0 ? " " : "", (long long)pieces[p].invoice, amount);
        }
        if (strcmp(got, oldest[i].pieces) != 0) {
            fail_msg("row %zu (%s): %s", i, oldest[i].why, got);
        }
    }
    assert_int_equal(
        allocation_effective_on(day("2025-05-05"), day("2025-06-01")), day("2025-06-01"));
    assert_int_equal(
        allocation_effective_on(day("2025-07-05"), day("2025-06-01")), day("2025-07-05"));
}

static const struct {
    struct {
        Id invoice;
        const char *amount;
    } asks[3];
    AllocationResult result;
    size_t at;
    const char *why;
} given[] = {
    {{{7, "100"}, {2, "50"}, {0, NULL}}, ALLOCATION_DONE, 0, "as given"},
    {{{7, "60"}, {7, "40"}, {0, NULL}}, ALLOCATION_DONE, 0, "the same invoice twice"},
    {{{7, "60"}, {7, "40.01"}, {0, NULL}}, ALLOCATION_BEYOND_INVOICE, 1, "together too much"},
    {{{7, "100.01"}, {0, NULL}, {0, NULL}}, ALLOCATION_BEYOND_INVOICE, 0, "more than is open"},
    {{{7, "100"}, {2, "100"}, {3, "0.01"}}, ALLOCATION_BEYOND_PAYMENT, 2, "more than there is"},
    {{{7, "100"}, {2, "100"}, {0, NULL}}, ALLOCATION_DONE, 0, "all of it"},
    {{{7, "0"}, {0, NULL}, {0, NULL}}, ALLOCATION_NOT_POSITIVE, 0, "nothing"},
    {{{7, "-5"}, {0, NULL}, {0, NULL}}, ALLOCATION_NOT_POSITIVE, 0, "less than nothing"},
    {{{7, "5"}, {99, "5"}, {0, NULL}}, ALLOCATION_UNKNOWN_INVOICE, 1, "no such invoice"},
    {{{4, "5"}, {0, NULL}, {0, NULL}}, ALLOCATION_BEYOND_INVOICE, 0, "settled already"},
};

static void given_allocations_are_checked(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(given); i++) {
        AllocationInvoice invoices[6];
        AllocationPiece pieces[3];
        AllocationAsk asks[3];
        size_t count = 0;
        for (; count < 3 && given[i].asks[count].amount != NULL; count++) {
            asks[count] =
                (AllocationAsk){given[i].asks[count].invoice, yuan(given[i].asks[count].amount)};
        }
        AllocationPot pot = {.money = yuan("200"),
            .on = day("2025-05-05"),
            .invoices = invoices,
            .count = open_invoices(invoices)};
        size_t at = 0;
        AllocationResult result = allocation_given(&pot, asks, count, pieces, &at);
        CHECK_ROW(given[i].why, result == given[i].result && at == given[i].at);
        if (result == ALLOCATION_DONE) {
            CHECK_ROW(given[i].why, pieces[0].effective_on == day("2025-05-05"));
        }
    }
}

static void advances_pay_a_new_invoice(void **state)
{
    (void)state;
    const AllocationAdvance advances[] = {
        {4, 0, day("2025-06-03"), yuan("10")},
        {3, 0, day("2025-06-01"), yuan("20")},
        {2, 9, day("2025-05-01"), yuan("40")},
        {1, 8, day("2025-06-02"), yuan("30")},
        {5, 0, day("2025-01-01"), yuan("0")},
    };
    static const struct {
        const char *open;
        Id order;
        size_t count;
        Id payments[3];
        const char *last;
        const char *why;
    } rows[] = {
        {"15", 0, 1, {3}, "15.00", "oldest first"},
        {"25", 0, 2, {3, 4}, "5.00", "earmarked ones are for their order"},
        {"500", 0, 2, {3, 4}, "10.00", "as far as they reach"},
        {"500", 8, 3, {3, 1, 4}, "10.00", "its own earmark among them by date"},
        {"0", 0, 0, {0}, NULL, "nothing open"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        AllocationInvoice invoice =
            invoice_of(1, rows[i].order, "2025-06-10", "2025-07-10", rows[i].open);
        AdvancePiece pieces[COUNT(advances)];
        size_t count = allocation_advances(&invoice, advances, COUNT(advances), pieces);
        CHECK_ROW(rows[i].why, count == rows[i].count);
        for (size_t p = 0; p < count; p++) {
            CHECK_ROW(rows[i].why, pieces[p].payment == rows[i].payments[p]);
        }
        CHECK_ROW(rows[i].why, count == 0 || is_amount(pieces[count - 1].amount, rows[i].last));
    }
}

/* ---- aging */

static void aging_table(void **state)
{
    (void)state;
    static const struct {
        int days;
        size_t bucket;
        const char *why;
    } rows[] = {
        {-400, 0, "due next year: a bucket of its own, so that buckets add up"},
        {0, 0, "on the due day nothing is overdue"},
        {1, 1, "overdue starts the day after"},
        {30, 1, "30"},
        {31, 2, "31"},
        {60, 2, "60"},
        {61, 3, "61"},
        {90, 3, "90"},
        {91, 4, "91"},
        {4000, 4, "very old"},
    };
    Date as_of = day("2025-06-30");
    Aging all = aging_empty(cny());
    assert_true(aging_is_zero(&all));
    for (size_t i = 0; i < COUNT(rows); i++) {
        Aging one = aging_empty(cny());
        aging_add(&one, as_of - (Date)rows[i].days, as_of, yuan("7"));
        const Money buckets[] = {one.not_due, one.d1_30, one.d31_60, one.d61_90, one.d91_plus};
        for (size_t b = 0; b < COUNT(buckets); b++) {
            CHECK_ROW(rows[i].why, buckets[b].minor == (b == rows[i].bucket ? 700 : 0));
        }
        CHECK_ROW(rows[i].why, aging_overdue(&one).minor == (rows[i].bucket == 0 ? 0 : 700));
        CHECK_ROW(rows[i].why, one.total.minor == 700 && !aging_is_zero(&one));
        aging_sum(&all, &one);
    }
    /* Failure-modes #12: the buckets, cheques and advances add up to what the ledger says. */
    aging_add_cheque(&all, yuan("5"));
    aging_add_advance(&all, yuan("11"));
    assert_true(is_amount(all.total, "64.00"));
    assert_true(is_amount(aging_overdue(&all), "56.00"));
    Aging twice = all;
    aging_sum(&twice, &all);
    assert_true(is_amount(twice.total, "128.00"));
    assert_true(is_amount(twice.advance, "22.00"));
    assert_int_equal(aging_due_on(day("2025-06-01"), DATE_NONE, 30), day("2025-07-01"));
    assert_int_equal(aging_due_on(day("2025-06-01"), day("2025-06-09"), 30), day("2025-06-09"));
    Aging offset = aging_empty(cny());
    aging_add(&offset, as_of, as_of, yuan("5"));
    aging_add_advance(&offset, yuan("5"));
    assert_false(aging_is_zero(&offset));
    Aging advance = aging_empty(cny());
    aging_add_advance(&advance, yuan("5"));
    assert_false(aging_is_zero(&advance));
}

/* ---- states */

static void moves_of_states(void **state)
{
    (void)state;
    static const struct {
        StateMachine machine;
        int from, to;
        bool may;
        const char *why;
    } rows[] = {
        {MACHINE_ORDER, ORDER_NONE, ORDER_HELD, true,
            "failure-modes #25: an order is saved as held, not refused"},
        {MACHINE_ORDER, ORDER_NONE, ORDER_SHIPPED, false, "no order begins shipped"},
        {MACHINE_ORDER, ORDER_HELD, ORDER_APPROVED, true, "released"},
        {MACHINE_ORDER, ORDER_HELD, ORDER_INVOICED, true,
            "failure-modes #24: an invoice is never blocked"},
        {MACHINE_ORDER, ORDER_APPROVED, ORDER_HELD, true, "held again"},
        {MACHINE_ORDER, ORDER_SHIPPED, ORDER_CANCELLED, false, "what has shipped is closed"},
        {MACHINE_ORDER, ORDER_SHIPPED, ORDER_CLOSED, true, "closed"},
        {MACHINE_ORDER, ORDER_CLOSED, ORDER_SHIPPED, false,
            "failure-modes #3: a closed order comes back through the gate"},
        {MACHINE_ORDER, ORDER_CLOSED, ORDER_HELD, true, "reopened, judged"},
        {MACHINE_ORDER, ORDER_CANCELLED, ORDER_APPROVED, true, "reopened, judged"},
        {MACHINE_INVOICE, INVOICE_OPEN, INVOICE_SETTLED, true, "paid"},
        {MACHINE_INVOICE, INVOICE_SETTLED, INVOICE_OPEN, true, "an allocation was reversed"},
        {MACHINE_INVOICE, INVOICE_REVERSED, INVOICE_OPEN, false, "reversed is the end"},
        {MACHINE_PROMISE, PROMISE_OPEN, PROMISE_BROKEN, true, "broken"},
        {MACHINE_PROMISE, PROMISE_BROKEN, PROMISE_KEPT, true, "a payment was posted late"},
        {MACHINE_PROMISE, PROMISE_KEPT, PROMISE_BROKEN, true, "a cheque bounced"},
        {MACHINE_PROMISE, PROMISE_WITHDRAWN, PROMISE_KEPT, false, "withdrawn is the end"},
        {MACHINE_PROMISE, PROMISE_REPLACED, PROMISE_OPEN, false, "replaced is the end"},
        {MACHINE_APPROVAL, APPROVAL_PENDING, APPROVAL_LAPSED, true, "nobody answered"},
        {MACHINE_APPROVAL, APPROVAL_REJECTED, APPROVAL_APPROVED, false, "answered once"},
        {MACHINE_APPROVAL, APPROVAL_VOID, APPROVAL_APPROVED, false, "what it was for has changed"},
        {MACHINE_RELEASE, RELEASE_ACTIVE, RELEASE_BROKEN, true, "its promise broke"},
        {MACHINE_RELEASE, RELEASE_BROKEN, RELEASE_ACTIVE, false, "no later payment revives it"},
        {MACHINE_RELEASE, RELEASE_EXPIRED, RELEASE_ACTIVE, false, "nor a later date"},
        {MACHINE_PAYMENT, PAYMENT_PENDING, PAYMENT_POSTED, true, "cleared"},
        {MACHINE_PAYMENT, PAYMENT_POSTED, PAYMENT_BOUNCED, true, "bounced after all"},
        {MACHINE_PAYMENT, PAYMENT_REVERSED, PAYMENT_POSTED, false, "reversed is the end"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK_ROW(rows[i].why, state_may(rows[i].machine, rows[i].from, rows[i].to) == rows[i].may);
    }
}

static void order_status_table(void **state)
{
    (void)state;
    static const struct {
        bool ended, final, held, open;
        const char *total, *shipped, *invoiced;
        const char *status;
        const char *why;
    } rows[] = {
        {false, false, true, true, "100", "0", "0", "held", "not approved"},
        {false, false, false, true, "100", "0", "0", "approved", "approved"},
        {false, false, true, true, "100", "60", "60", "held", "its rest is held"},
        {false, false, false, true, "100", "60", "60", "approved", "a part shipped and invoiced"},
        {false, false, false, false, "100", "100", "60", "shipped", "all shipped"},
        {false, false, true, false, "100", "100", "0", "shipped", "nothing open to hold"},
        {false, false, false, false, "100", "100", "100", "invoiced", "at the total"},
        {false, false, false, false, "100", "100", "110", "invoiced", "beyond the total"},
        {false, true, false, false, "100", "100", "90", "invoiced", "finally, for less"},
        {true, false, false, false, "100", "0", "0", "cancelled", "ended, nothing shipped"},
        {true, false, true, true, "100", "0", "0", "cancelled", "refused"},
        {true, false, false, false, "100", "0.01", "0", "closed", "ended, something shipped"},
        {true, false, false, false, "100", "0", "0.01", "cancelled", "ended, only billed"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        OrderFigures figures = {.is_ended = rows[i].ended,
            .is_final = rows[i].final,
            .is_held = rows[i].held,
            .has_open = rows[i].open,
            .total = yuan(rows[i].total),
            .shipped = yuan(rows[i].shipped),
            .invoiced = yuan(rows[i].invoiced)};
        const char *status = order_status_names[order_status_of(&figures)];
        CHECK_ROW(rows[i].why, strcmp(status, rows[i].status) == 0);
    }
}

static void wide_comparisons_are_exact(void **state)
{
    (void)state;
    assert_int_equal(wide_product_cmp(INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX), 0);
    assert_int_equal(wide_product_cmp(INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX - 1), 1);
    assert_int_equal(wide_product_cmp(INT64_MIN, INT64_MAX, INT64_MIN, INT64_MAX - 1), -1);
    assert_int_equal(decimal_cmp(decimal_of(10, 1), decimal_of(1, 0)), 0);
    assert_int_equal(decimal_cmp(decimal_of(1000000001, 9), decimal_of(1, 0)), 1);
    assert_int_equal(decimal_cmp(decimal_of(-1, 0), decimal_of(1, 9)), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_table),
        cmocka_unit_test(moves_table),
        cmocka_unit_test(life_of_an_order_leaves_nothing),
        cmocka_unit_test(invoice_splits_over_the_buckets),
        cmocka_unit_test(one_childs_advance_covers_no_other),
        cmocka_unit_test(currencies_never_mix),
        cmocka_unit_test(oldest_due_first),
        cmocka_unit_test(given_allocations_are_checked),
        cmocka_unit_test(advances_pay_a_new_invoice),
        cmocka_unit_test(aging_table),
        cmocka_unit_test(moves_of_states),
        cmocka_unit_test(order_status_table),
        cmocka_unit_test(wide_comparisons_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
