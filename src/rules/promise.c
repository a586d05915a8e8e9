/* Windows, counting and verdicts of promises. */
#include "rules/promise.h"

#include "rules/wide.h"

const char *const promise_status_names[] = {
    "", "open", "kept", "partly_kept", "broken", "withdrawn", "replaced", NULL};

_Static_assert(COUNT(promise_status_names) == PROMISE_STATUS_COUNT + 1, "a name for each status");

enum { LEVEL_DAYS = 365 };

/* ---- windows */

Date promise_window_end(const Policy *policy, Date due_on)
{
    return due_on + (Date)policy->promise_tolerance_days;
}

/* True when the receipt may count: received between the day it was made (then only when posted
 * after it) and the window's end. Older advances never count. */
static bool promise_counts(const Policy *policy, const Promise *promise, const Receipt *receipt)
{
    if (receipt->received_on > promise_window_end(policy, promise->due_on)) {
        return false;
    }
    return receipt->received_on > promise->made_on ||
           (receipt->received_on == promise->made_on && receipt->id > promise->id);
}

Money promise_comes_first(
    Currency currency, const PromiseDue *invoices, size_t count, Date window_end)
{
    Money sum = money_zero(currency);
    for (size_t i = 0; i < count; i++) {
        if (invoices[i].due_on <= window_end) {
            sum = money_add(sum, invoices[i].open);
        }
    }
    return sum;
}

/* ---- counting */

/* What is left of the receipts while promises take from them. */
typedef struct Counting {
    const Policy *policy;
    const PromiseBook *book;
    size_t *promise_order; /* by due_on, then by when made */
    size_t *receipt_order; /* by received_on, then by when posted */
    Money *left;           /* of each receipt */
    Money **part_left;     /* of each of its parts */
    Money *taken_late;     /* of each receipt, by promises that carry a release: from its end */
    Money *counted;
} Counting;

static bool promise_before(const Promise *a, const Promise *b)
{
    return a->due_on != b->due_on ? a->due_on < b->due_on : a->id < b->id;
}

static bool receipt_before(const Receipt *a, const Receipt *b)
{
    return a->received_on != b->received_on ? a->received_on < b->received_on : a->id < b->id;
}

/* Insertion: an account has few open promises, and receipts come nearly sorted. */
static void orders_fill(Counting *counting)
{
    const PromiseBook *book = counting->book;
    for (size_t i = 0; i < book->promise_count; i++) {
        size_t at = i;
        for (; at > 0; at--) {
            size_t earlier = counting->promise_order[at - 1];
            if (promise_before(&book->promises[earlier], &book->promises[i])) {
                break;
            }
            counting->promise_order[at] = earlier;
        }
        counting->promise_order[at] = i;
    }
    for (size_t i = 0; i < book->receipt_count; i++) {
        size_t at = i;
        for (; at > 0; at--) {
            size_t earlier = counting->receipt_order[at - 1];
            if (receipt_before(&book->receipts[earlier], &book->receipts[i])) {
                break;
            }
            counting->receipt_order[at] = earlier;
        }
        counting->receipt_order[at] = i;
    }
}

static Money still_needed(const Counting *counting, size_t promise)
{
    return money_sub(
        promise_required(&counting->book->promises[promise]), counting->counted[promise]);
}

static void take(Counting *counting, size_t promise, size_t receipt, Money amount)
{
    counting->left[receipt] = money_sub(counting->left[receipt], amount);
    counting->counted[promise] = money_add(counting->counted[promise], amount);
}

static bool names_invoice(const Promise *promise, Id invoice)
{
    for (size_t i = 0; i < promise->invoice_count; i++) {
        if (promise->invoices[i] == invoice) {
            return true;
        }
    }
    return false;
}

/* A promise that names invoices takes what was allocated to them. */
static void count_named(Counting *counting, size_t p, size_t r)
{
    const Promise *promise = &counting->book->promises[p];
    const Receipt *receipt = &counting->book->receipts[r];
    for (size_t i = 0; i < receipt->part_count; i++) {
        if (!names_invoice(promise, receipt->parts[i].invoice)) {
            continue;
        }
        Money *part_left = &counting->part_left[r][i];
        Money amount = money_min(*part_left, still_needed(counting, p));
        if (money_is_positive(amount)) {
            *part_left = money_sub(*part_left, amount);
            take(counting, p, r, amount);
        }
    }
}

/* A promise without invoices takes what is left; one with a release only what lies beyond
 * `comes_first` in the sum of all receipts of its window, and that from the receipt's end. */
static void count_rest(Counting *counting, size_t p, size_t r, Money *window_sum)
{
    const Promise *promise = &counting->book->promises[p];
    const Receipt *receipt = &counting->book->receipts[r];
    Money amount = money_min(counting->left[r], still_needed(counting, p));
    *window_sum = money_add(*window_sum, receipt->amount);
    if (promise->carries_release) {
        Money beyond = money_sub(*window_sum, promise->comes_first);
        amount = money_min(amount, money_sub(beyond, counting->taken_late[r]));
    }
    if (!money_is_positive(amount)) {
        return;
    }
    if (promise->carries_release) {
        counting->taken_late[r] = money_add(counting->taken_late[r], amount);
    }
    take(counting, p, r, amount);
}

static void count_promises(Counting *counting, bool named)
{
    const PromiseBook *book = counting->book;
    for (size_t i = 0; i < book->promise_count; i++) {
        size_t p = counting->promise_order[i];
        const Promise *promise = &book->promises[p];
        if ((promise->invoice_count > 0) != named) {
            continue;
        }
        Money window_sum = money_zero(promise->amount.currency);
        for (size_t j = 0; j < book->receipt_count; j++) {
            size_t r = counting->receipt_order[j];
            if (!promise_counts(counting->policy, promise, &book->receipts[r])) {
                continue;
            }
            if (named) {
                count_named(counting, p, r);
            } else {
                count_rest(counting, p, r, &window_sum);
            }
        }
    }
}

void promise_count_receipts(
    Arena *arena, const Policy *policy, const PromiseBook *book, Money *ret_counted)
{
    Counting counting = {
        .policy = policy,
        .book = book,
        .promise_order = arena_array(arena, book->promise_count, sizeof(size_t)),
        .receipt_order = arena_array(arena, book->receipt_count, sizeof(size_t)),
        .left = arena_array(arena, book->receipt_count, sizeof(Money)),
        .part_left = arena_array(arena, book->receipt_count, sizeof(Money *)),
        .taken_late = arena_array(arena, book->receipt_count, sizeof(Money)),
        .counted = ret_counted,
    };
    orders_fill(&counting);
    for (size_t r = 0; r < book->receipt_count; r++) {
        const Receipt *receipt = &book->receipts[r];
        counting.left[r] = receipt->amount;
        counting.taken_late[r] = money_zero(receipt->amount.currency);
        counting.part_left[r] = arena_array(arena, receipt->part_count, sizeof(Money));
        for (size_t i = 0; i < receipt->part_count; i++) {
            counting.part_left[r][i] = receipt->parts[i].amount;
        }
    }
    for (size_t p = 0; p < book->promise_count; p++) {
        ret_counted[p] = money_zero(book->promises[p].amount.currency);
    }
    count_promises(&counting, true);
    count_promises(&counting, false);
}

/* ---- verdicts */

Money promise_required(const Promise *promise)
{
    Money required = promise->amount;
    if (promise->invoice_count > 0) {
        required = money_min(required, promise->open_then);
    }
    if (promise->credited.currency != 0) {
        required = money_sub(required, promise->credited);
    }
    return money_max(required, money_zero(required.currency));
}

PromiseStatus promise_judge(
    const Policy *policy, const Promise *promise, Money counted, Money tolerance, Date on)
{
    Money required = promise_required(promise);
    if (money_cmp(counted, money_sub(required, tolerance)) >= 0) {
        return PROMISE_KEPT;
    }
    if (on <= promise_window_end(policy, promise->due_on)) {
        return PROMISE_OPEN;
    }
    bool is_partly = wide_product_cmp(counted.minor, wide_power10(policy->partly.scale),
                         policy->partly.units, required.minor) >= 0;
    return is_partly ? PROMISE_PARTLY_KEPT : PROMISE_BROKEN;
}

Money promise_lacks(const Promise *promise, Money come_since)
{
    Money required = promise_required(promise);
    return money_max(money_sub(required, come_since), money_zero(required.currency));
}

PromiseStatus promise_replaced_status(const Promise *old, Money old_lacks, const Promise *by)
{
    bool is_worse = by->due_on > old->due_on || money_cmp(by->amount, old->amount) < 0 ||
                    money_cmp(promise_required(by), old_lacks) < 0;
    return is_worse ? PROMISE_BROKEN : PROMISE_REPLACED;
}

bool promise_check(Date today, Date due_on, Money amount, Fault *ret_fault)
{
    if (!money_is_positive(amount)) {
        return fault_invalid(ret_fault, "amount", "Promise an amount above zero.");
    }
    return due_on >= today ||
           fault_invalid(ret_fault, "due_on", "Promise today or a day that is still to come.");
}

/* True for the ends that count for `level`. */
static bool promise_end_counts(PromiseStatus status)
{
    return status == PROMISE_BROKEN || status == PROMISE_PARTLY_KEPT ||
           status == PROMISE_REPLACED || status == PROMISE_WITHDRAWN;
}

int64_t promise_level(const PromiseEnd *ends, size_t count, Date today)
{
    int64_t level = 1;
    for (size_t i = 0; i < count; i++) {
        if (promise_end_counts(ends[i].status) && ends[i].ended_on >= today - LEVEL_DAYS) {
            level++;
        }
    }
    return level;
}
