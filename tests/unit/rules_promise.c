/* Promises: what counts, in which order, and their verdicts. Tolerance 3 days, partly from 0.8. */
#include "support/unit.h"

#include "rules/promise.h"
#include "support/rules.h"

#include <string.h>

static Currency cny(void)
{
    return currency_from_text("CNY");
}

static Money yuan(int64_t whole)
{
    return money_of(cny(), whole * 100);
}

/* "2025-06-05" for 5: all of it plays in June 2025. */
static Date june(int of_month)
{
    return day("2025-06-01") + (Date)(of_month - 1);
}

/* ---- counting */

typedef struct PromiseRow {
    Id id;
    int made, due;
    int64_t amount;
    Id invoices[2];
    bool release;
    int64_t first;
} PromiseRow;

typedef struct ReceiptRow {
    Id id;
    int on;
    int64_t amount;
    struct {
        Id invoice;
        int64_t amount;
    } parts[2];
} ReceiptRow;

enum { PROMISES = 3, RECEIPTS = 3 };

/* id, made, due, amount; then the invoices it names, or what comes before one with a release */
#define PLAIN(i, m, d, a)                                                                          \
    {                                                                                              \
        .id = (i), .made = (m), .due = (d), .amount = (a)                                          \
    }
#define NAMES(i, m, d, a, v, w)                                                                    \
    {                                                                                              \
        .id = (i), .made = (m), .due = (d), .amount = (a), .invoices = { v, w }                    \
    }
#define RELEASE(i, m, d, a, f)                                                                     \
    {                                                                                              \
        .id = (i), .made = (m), .due = (d), .amount = (a), .release = true, .first = (f)           \
    }
/* id, received, amount; then invoices and what was allocated to them */
#define PAID(i, o, a)                                                                              \
    {                                                                                              \
        .id = (i), .on = (o), .amount = (a)                                                        \
    }
#define PAYS(i, o, a, v, x)                                                                        \
    {                                                                                              \
        .id = (i), .on = (o), .amount = (a), .parts = { {v, x} }                                   \
    }
#define PAYS2(i, o, a, v, x, w, y)                                                                 \
    {                                                                                              \
        .id = (i), .on = (o), .amount = (a), .parts = { {v, x}, {w, y} }                           \
    }

static const struct {
    PromiseRow promises[PROMISES];
    ReceiptRow receipts[RECEIPTS];
    int64_t counted[PROMISES];
    const char *why;
} counting[] = {
    {{PLAIN(1, 1, 10, 500)}, {PAID(9, 5, 500)}, {500}, "money inside the window"},
    {{PLAIN(1, 1, 10, 500)}, {PAID(9, 13, 500)}, {500}, "the last day of the tolerance"},
    {{PLAIN(1, 1, 10, 500)}, {PAID(9, 14, 500)}, {0}, "the day after"},
    {{PLAIN(1, 2, 10, 500)}, {PAID(9, 1, 500)}, {0}, "an older advance never counts"},
    {{PLAIN(1, 1, 10, 500)}, {PAID(9, 1, 500)}, {500}, "on the day it was made, posted after it"},
    {{PLAIN(5, 1, 10, 500)}, {PAID(3, 1, 500)}, {0}, "on the day it was made, posted before it"},
    {{PLAIN(1, 1, 10, 500)}, {PAID(9, 5, 300), PAID(10, 6, 300)}, {500},
        "no more than it asks for"},
    {{PLAIN(1, 1, 10, 500), PLAIN(2, 1, 10, 500)}, {PAID(9, 5, 700)}, {500, 200},
        "each amount counts once"},
    {{PLAIN(1, 1, 12, 500), PLAIN(2, 1, 10, 500)}, {PAID(9, 5, 700)}, {200, 500}, "by due_on"},
    {{PLAIN(2, 1, 10, 500), PLAIN(1, 1, 10, 500)}, {PAID(9, 5, 700)}, {200, 500},
        "then by when made"},
    {{PLAIN(1, 1, 10, 500), PLAIN(2, 8, 20, 500)}, {PAID(9, 5, 600), PAID(10, 9, 400)}, {500, 400},
        "each in its own window"},
    {{NAMES(1, 1, 10, 500, 77, 0)}, {PAYS(9, 5, 500, 77, 500)}, {500},
        "allocated to the invoice named"},
    {{NAMES(1, 1, 10, 500, 77, 0)}, {PAYS(9, 5, 500, 78, 500)}, {0}, "allocated to another"},
    {{NAMES(1, 1, 10, 500, 77, 0)}, {PAID(9, 5, 500)}, {0}, "not allocated"},
    {{NAMES(1, 1, 10, 500, 77, 78)}, {PAYS2(9, 5, 500, 77, 100, 78, 50)}, {150}, "two invoices"},
    {{PLAIN(1, 1, 10, 300), NAMES(2, 1, 20, 400, 77, 0)}, {PAYS(9, 5, 500, 77, 400)}, {100, 400},
        "those that name invoices come first, whatever is due earlier"},
    {{PLAIN(1, 1, 10, 300), NAMES(2, 1, 20, 200, 77, 0)}, {PAYS(9, 5, 500, 77, 400)}, {300, 200},
        "what a named one does not need counts for the rest"},
    {{NAMES(1, 1, 10, 300, 77, 0), NAMES(2, 1, 12, 300, 77, 0)}, {PAYS(9, 5, 400, 77, 400)},
        {300, 100}, "two on one invoice: each amount once"},
    {{RELEASE(1, 1, 10, 500, 1000)}, {PAID(9, 5, 1500)}, {500}, "a release: what comes beyond"},
    {{RELEASE(1, 1, 10, 500, 1000)}, {PAID(9, 5, 1000)}, {0}, "a release: what was due anyway"},
    {{RELEASE(1, 1, 10, 500, 1000)}, {PAID(9, 5, 600), PAID(10, 6, 600)}, {200},
        "over two payments"},
    {{RELEASE(1, 1, 10, 500, 0)}, {PAID(9, 5, 200)}, {200}, "a release: nothing came first"},
    {{PLAIN(1, 1, 5, 1000), RELEASE(2, 1, 10, 500, 1000)}, {PAID(9, 5, 1500)}, {1000, 500},
        "what came first may keep the promise about it"},
    {{PLAIN(1, 1, 12, 1000), RELEASE(2, 1, 10, 500, 1000)}, {PAID(9, 5, 1500)}, {1000, 500},
        "also when that is due later"},
    {{RELEASE(1, 1, 10, 500, 1000), RELEASE(2, 1, 12, 500, 1000)}, {PAID(9, 5, 1500)}, {500, 0},
        "two releases: the money beyond counts once"},
    {{RELEASE(1, 1, 10, 500, 1000), RELEASE(2, 1, 12, 500, 1000)},
        {PAID(9, 5, 800), PAID(10, 6, 800), PAID(11, 7, 400)}, {500, 500},
        "and what comes beyond that counts"},
    {{RELEASE(1, 1, 10, 500, 1000)}, {PAID(9, 14, 1500)}, {0}, "a release: after the window"},
};

static void counting_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(counting); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        Policy policy;
        policy_default(arena, &policy);
        Promise promises[PROMISES];
        Receipt receipts[RECEIPTS];
        ReceiptPart parts[RECEIPTS][2];
        PromiseBook book = {.promises = promises, .receipts = receipts};
        for (const PromiseRow *row = counting[i].promises;
             book.promise_count < PROMISES && row->id != 0; row++) {
            size_t named = (size_t)(row->invoices[0] != 0) + (size_t)(row->invoices[1] != 0);
            promises[book.promise_count++] = (Promise){.id = row->id,
                .made_on = june(row->made),
                .due_on = june(row->due),
                .amount = yuan(row->amount),
                .invoices = row->invoices,
                .invoice_count = named,
                .open_then = yuan(row->amount),
                .carries_release = row->release,
                .comes_first = yuan(row->first)};
        }
        for (const ReceiptRow *row = counting[i].receipts;
             book.receipt_count < RECEIPTS && row->id != 0; row++) {
            ReceiptPart *own = parts[book.receipt_count];
            size_t count = 0;
            for (; count < 2 && row->parts[count].invoice != 0; count++) {
                own[count] =
                    (ReceiptPart){row->parts[count].invoice, yuan(row->parts[count].amount)};
            }
            receipts[book.receipt_count++] = (Receipt){.id = row->id,
                .received_on = june(row->on),
                .amount = yuan(row->amount),
                .parts = own,
                .part_count = count};
        }
        Money counted[PROMISES];
        promise_count_receipts(arena, &policy, &book, counted);
        for (size_t p = 0; p < book.promise_count; p++) {
            if (counted[p].minor != counting[i].counted[p] * 100) {
                fail_msg("row %zu (%s): promise %zu has %lld", i, counting[i].why, p,
                    (long long)counted[p].minor);
            }
        }
    }
}

/* ---- verdicts */

static const struct {
    int64_t amount, open_then, credited, counted, tolerance;
    int on; /* due on the 10th, so the window ends on the 13th */
    PromiseStatus status;
    const char *why;
} verdicts[] = {
    {1000, 0, 0, 0, 0, 10, PROMISE_OPEN, "due today, nothing came"},
    {1000, 0, 0, 0, 0, 13, PROMISE_OPEN, "the last day of the tolerance"},
    {1000, 0, 0, 0, 0, 14, PROMISE_BROKEN, "due on D with tolerance 3: broken from D+4"},
    {1000, 0, 0, 1000, 0, 5, PROMISE_KEPT, "kept as soon as it has come"},
    {1000, 0, 0, 999, 0, 5, PROMISE_OPEN, "almost"},
    {1000, 0, 0, 999, 0, 14, PROMISE_PARTLY_KEPT, "almost, too late"},
    {1000, 0, 0, 800, 0, 14, PROMISE_PARTLY_KEPT, "exactly the share"},
    {1000, 0, 0, 799, 0, 14, PROMISE_BROKEN, "less than the share"},
    {1000, 0, 0, 998, 2, 5, PROMISE_KEPT, "within the tolerance"},
    {1000, 0, 0, 997, 2, 14, PROMISE_PARTLY_KEPT, "beyond it"},
    {1000, 600, 0, 600, 0, 5, PROMISE_KEPT, "its invoices had less open than it says"},
    {1000, 2000, 0, 999, 0, 5, PROMISE_OPEN, "its invoices had more open"},
    {1000, 1000, 400, 600, 0, 5, PROMISE_KEPT, "credit notes reduce what is promised"},
    {1000, 1000, 400, 480, 0, 14, PROMISE_PARTLY_KEPT, "and the share is one of the rest"},
    {1000, 1000, 1000, 0, 0, 5, PROMISE_KEPT, "credited away"},
    {1000, 1000, 1500, 0, 0, 5, PROMISE_KEPT, "credited beyond"},
};

static void verdicts_table(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    Policy policy;
    policy_default(arena, &policy);
    for (size_t i = 0; i < COUNT(verdicts); i++) {
        static const Id invoice = 7;
        Promise promise = {.id = 1,
            .made_on = june(1),
            .due_on = june(10),
            .amount = yuan(verdicts[i].amount),
            .invoices = &invoice,
            .invoice_count = verdicts[i].open_then > 0 ? 1 : 0,
            .open_then = yuan(verdicts[i].open_then),
            .credited = yuan(verdicts[i].credited)};
        PromiseStatus status = promise_judge(&policy, &promise, yuan(verdicts[i].counted),
            yuan(verdicts[i].tolerance), june(verdicts[i].on));
        CHECK_ROW(verdicts[i].why, status == verdicts[i].status);
        int64_t required = promise_required(&promise).minor;
        int64_t lacks = promise_lacks(&promise, yuan(verdicts[i].counted)).minor;
        int64_t rest = required - verdicts[i].counted * 100;
        CHECK_ROW(verdicts[i].why, lacks == (rest > 0 ? rest : 0));
    }
}

static void replaced_and_made(void **state)
{
    (void)state;
    static const struct {
        int due;
        int64_t amount;
        int64_t named_open; /* 0: it names no invoices */
        int64_t lacks;      /* of the old one */
        PromiseStatus status;
    } rows[] = {
        {11, 1000, 0, 1000, PROMISE_BROKEN},
        {10, 999, 0, 1000, PROMISE_BROKEN},
        {10, 1000, 0, 1000, PROMISE_REPLACED},
        {9, 2000, 0, 1000, PROMISE_REPLACED},
        {9, 999, 0, 1000, PROMISE_BROKEN},
        {10, 1000, 1, 1000, PROMISE_BROKEN},
        {10, 5000, 999, 1000, PROMISE_BROKEN},
        {10, 1000, 1000, 1000, PROMISE_REPLACED},
        {10, 1000, 600, 600, PROMISE_REPLACED},
        {10, 1000, 599, 600, PROMISE_BROKEN},
    };
    Promise old = {.due_on = june(10), .amount = yuan(1000)};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Promise by = {.due_on = june(rows[i].due),
            .amount = yuan(rows[i].amount),
            .invoice_count = rows[i].named_open > 0,
            .open_then = yuan(rows[i].named_open)};
        assert_int_equal(promise_replaced_status(&old, yuan(rows[i].lacks), &by), rows[i].status);
    }
    Fault fault;
    assert_true(promise_check(june(10), june(10), yuan(1), &fault));
    assert_false(promise_check(june(10), june(9), yuan(1), &fault));
    assert_string_equal(fault.field, "due_on");
    assert_false(promise_check(june(10), june(11), yuan(0), &fault));
    assert_string_equal(fault.field, "amount");
}

static void level_counts_failures(void **state)
{
    (void)state;
    Date today = day("2025-06-30");
    static const struct {
        PromiseStatus status;
        int days_ago;
        int64_t level;
        const char *why;
    } rows[] = {
        {PROMISE_KEPT, 1, 1, "kept"},
        {PROMISE_OPEN, 1, 1, "open"},
        {PROMISE_BROKEN, 1, 2, "broken"},
        {PROMISE_PARTLY_KEPT, 1, 2, "partly kept"},
        {PROMISE_REPLACED, 1, 2, "replaced"},
        {PROMISE_WITHDRAWN, 1, 2, "withdrawn"},
        {PROMISE_BROKEN, 365, 2, "365 days ago counts"},
        {PROMISE_BROKEN, 366, 1, "366 days ago does not"},
    };
    PromiseEnd all[COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++) {
        all[i] = (PromiseEnd){rows[i].status, today - (Date)rows[i].days_ago};
        CHECK_ROW(rows[i].why, promise_level(&all[i], 1, today) == rows[i].level);
    }
    assert_int_equal(promise_level(all, COUNT(rows), today), 6);
    assert_int_equal(promise_level(NULL, 0, today), 1);
}

static void what_comes_first(void **state)
{
    (void)state;
    const PromiseDue dues[] = {
        {june(1), yuan(100)},  /* overdue */
        {june(13), yuan(200)}, /* due on the window's last day */
        {june(14), yuan(400)}, /* after it */
    };
    assert_int_equal(promise_comes_first(cny(), dues, COUNT(dues), june(13)).minor, 30000);
    assert_int_equal(promise_comes_first(cny(), NULL, 0, june(13)).minor, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counting_table),
        cmocka_unit_test(verdicts_table),
        cmocka_unit_test(replaced_and_made),
        cmocka_unit_test(level_counts_failures),
        cmocka_unit_test(what_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
