/* Promises in the database: what the files of this folder share. */
#ifndef GUANXI_FEATURE_PROMISE_MODEL_H
#define GUANXI_FEATURE_PROMISE_MODEL_H

#include "feature/promise.h"
#include "op/op.h"
#include "rules/policy.h"

typedef struct PromiseRow {
    Id id;
    Id account_id;
    Id partner_id;
    Currency currency;
    Money amount;
    Money target; /* the smaller of amount and what its invoices had open when it was made */
    Money comes_first;
    Date due_on;
    Date made_on;
    Date window_end_on;
    int status; /* PromiseStatus as stored */
    Money received;
    Money lacks;
    Id vouched_by_id;
    Id release_id;
    Id replaced_by_id;
} PromiseRow;

/* ERR_NOT_FOUND when there is none. */
Err promise_load(Ctx *cx, Id promise_id, PromiseRow *ret_row) MUST_CHECK;
/* All promises of the account, as they were made. List of PromiseRow. */
Err promise_rows_load(Ctx *cx, Id account_id, List *ret_rows) MUST_CHECK;
/* Ends it or judges it anew: status, day and note for audit. Asserts that the move is allowed. A
 * release that rests on it ends when it is broken or withdrawn, and its order is held again. */
Err promise_status_put(Ctx *cx,
    const PromiseRow *row,
    PromiseStatus status,
    Date ended_on,
    const char *reason) MUST_CHECK;
/* One more verdict in its history. */
Err promise_verdict_add(
    Ctx *cx, const PromiseRow *row, PromiseStatus status, Money received) MUST_CHECK;
/* promise_tolerance_amount in the currency. */
Err promise_tolerance(
    Ctx *cx, const Policy *policy, Currency currency, Money *ret_tolerance) MUST_CHECK;
/* open, or what became of it: a window that is over does not wait for the close of a day. */
Err promise_status_now(
    Ctx *cx, const Policy *policy, const PromiseRow *row, PromiseStatus *ret_status) MUST_CHECK;

extern const Record record_promise;
extern const RefKind ref_promise;

/* What is fact in promise; see op/fact.h. */
#define PROMISE_FACTS                                                                              \
    "id, account_id, partner_id, amount, target, comes_first, due_on, made_on, "                   \
    "made_at, window_end_on, status, level, vouched_by_id, release_id, replaces_id, "              \
    "replaced_by_id, ended_on, reason, received, lacks"
#define PROMISE_LETTERS "kkkiiiddidtikkkkdtii"
extern const Fact fact_promise;

/* Listed by the feature; see op/fact.h. */
extern const Fact fact_promised;
extern const Fact fact_verdict;

#endif
