/* Promises of payment: what counts toward them, and what becomes of them. */
#ifndef GUANXI_RULES_PROMISE_H
#define GUANXI_RULES_PROMISE_H

#include "base/date.h"
#include "rules/policy.h"

typedef enum PromiseStatus {
    PROMISE_NONE,
    PROMISE_OPEN,
    PROMISE_KEPT,
    PROMISE_PARTLY_KEPT,
    PROMISE_BROKEN,
    PROMISE_WITHDRAWN,
    PROMISE_REPLACED,
    PROMISE_STATUS_COUNT
} PromiseStatus;

extern const char *const promise_status_names[]; /* "", "open", … NULL */

/* One promise of an account. All amounts in the account's currency. */
typedef struct Promise {
    Id id; /* ascending ids were made later */
    Date made_on;
    Date due_on;
    Money amount;
    const Id *invoices; /* named ones */
    size_t invoice_count;
    Money open_then; /* with invoices: what they had open when it was made */
    Money credited;  /* credit notes on its invoices since: reduce what is promised */
    bool carries_release;
    Money comes_first; /* with a release: promise_comes_first() when it was made */
} Promise;

/* Part of a payment allocated to an invoice. */
typedef struct ReceiptPart {
    Id invoice;
    Money amount;
} ReceiptPart;

/* A payment as it stands now (reversed ones and bounced cheques are left out, a cheque or bill
 * is received when cleared). parts add up to amount at most; the rest is advance. */
typedef struct Receipt {
    Id id; /* compares with Promise.id: tells which was made first on the same day */
    Date received_on;
    Money amount;
    const ReceiptPart *parts;
    size_t part_count;
} Receipt;

/* An open invoice when a promise is made. */
typedef struct PromiseDue {
    Date due_on;
    Money open;
} PromiseDue;

/* Last day on which money counts: due_on + promise_tolerance_days. */
Date promise_window_end(const Policy *policy, Date due_on);
/* What comes before a promise that carries a release, fixed when it is made: open amounts
 * overdue or falling due by the end of its window. */
Money promise_comes_first(
    Currency currency, const PromiseDue *invoices, size_t count, Date window_end);

/* The promises of one account whose windows touch the receipts, ended ones too (not withdrawn or
 * replaced ones), and the receipts, each in any order. */
typedef struct PromiseBook {
    const Promise *promises;
    size_t promise_count;
    const Receipt *receipts;
    size_t receipt_count;
} PromiseBook;

/* Counts the receipts toward the promises: ret_counted[i] for promises[i]. Each amount counts
 * once: first for promises that name the invoice it was allocated to, then the rest for promises
 * without invoices by due_on, then by when made; those with a release only from what comes
 * beyond `comes_first`. */
void promise_count_receipts(
    Arena *arena, const Policy *policy, const PromiseBook *book, Money *ret_counted);

/* What has to come for it to be kept: the smaller of its amount and what its invoices had open,
 * less credit notes on them, at least 0. */
Money promise_required(const Promise *promise);
/* open, kept, partly_kept or broken as of a date, with `counted` money. Kept as soon as required
 * less promise_tolerance_amount (home currency: `tolerance` is it converted) has come; open
 * until the window's end; then partly_kept from partly_share of it, else broken. */
PromiseStatus promise_judge(
    const Policy *policy, const Promise *promise, Money counted, Money tolerance, Date on);
/* What a broken or partly kept one still lacks: its amount (required) less all that came since
 * for it, late money included; at least 0. */
Money promise_lacks(const Promise *promise, Money come_since);

/* How a promise ends that is replaced: broken by one with a later date or a smaller amount, or one
 * that needs less than the old one still lacks (because it names invoices with little open), else
 * replaced. */
PromiseStatus promise_replaced_status(const Promise *old, Money old_lacks, const Promise *by);
/* May this promise be made? Faults: amount (not positive, decimals are checked before), due_on
 * (before today). */
MUST_CHECK bool promise_check(Date today, Date due_on, Money amount, Fault *ret_fault);
/* level of a new promise: 1 + those of the partner that ended broken, partly_kept, replaced or
 * withdrawn in the last 365 days. */
typedef struct PromiseEnd {
    PromiseStatus status;
    Date ended_on;
} PromiseEnd;
int64_t promise_level(const PromiseEnd *ends, size_t count, Date today);

#endif
