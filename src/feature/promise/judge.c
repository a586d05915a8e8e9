/* Verdicts on promises: the account's promises and receipts make a book, the book is counted, and
 * what comes out is compared with what is stored. */
#include "feature/policy.h"
#include "feature/promise/model.h"
#include "op/run.h"

#include <string.h>

/* ---- SQL ---- */

static const Sql sql_named_invoices = {
    "SELECT promise_id, invoice_id FROM promise_invoice WHERE account_id = $1 ORDER BY promise_id",
    .in = "k",
    .out = "kk",
};

/* Credit notes on the named invoices since the promise was made: those of its window, and all. */
static const Sql sql_credited = {
    "SELECT n.promise_id,"
    " CAST(SUM(CASE WHEN l.effective_on <= v.window_end_on THEN l.amount ELSE 0 END) AS BIGINT),"
    " CAST(SUM(l.amount) AS BIGINT)"
    " FROM promise_invoice n JOIN promise v ON v.account_id = n.account_id AND v.id = n.promise_id"
    " JOIN allocation l ON l.account_id = n.account_id AND l.invoice_id = n.invoice_id"
    " WHERE n.account_id = $1 AND l.source_kind = 'credit_note' AND l.id > n.promise_id"
    " GROUP BY n.promise_id",
    .in = "k",
    .out = "kii",
};

/* Money that was given back has not come. */
static const Sql sql_receipts = {
    "SELECT m.id, m.received_on, m.amount - CAST(COALESCE((SELECT SUM(t.amount) FROM refund_part t"
    " JOIN refund f ON f.account_id = t.account_id AND f.id = t.refund_id"
    " WHERE t.account_id = m.account_id AND t.source_kind = 'payment' AND t.source_id = m.id"
    " AND f.status = 'posted'), 0) AS BIGINT)"
    " FROM payment m WHERE m.account_id = $1 AND m.status = 'posted' AND m.received_on >= $2"
    " ORDER BY m.id",
    .in = "kd",
    .out = "kdi",
};

static const Sql sql_receipt_parts = {
    "SELECT l.source_id, l.invoice_id, CAST(SUM(l.amount) AS BIGINT)"
    " FROM allocation l JOIN payment m ON m.account_id = l.account_id AND m.id = l.source_id"
    " WHERE l.account_id = $1 AND l.source_kind = 'payment' AND m.status = 'posted'"
    " AND m.received_on >= $2 GROUP BY l.source_id, l.invoice_id HAVING CAST(SUM(l.amount) AS "
    "BIGINT) > 0"
    " ORDER BY l.source_id",
    .in = "kd",
    .out = "kki",
};

static const Sql sql_promise_figures = {
    "UPDATE promise SET received = $3, lacks = $4 WHERE account_id = $1 AND id = $2"
    " RETURNING " PROMISE_FACTS,
    .in = "kkii",
    .out = PROMISE_LETTERS,
};

/* ---- Gathering ---- */

/* One promise of the account while it is judged. */
typedef struct Judged {
    PromiseRow row;
    Promise promise;      /* as the rules see it, credit notes of its window taken off */
    Money credited;       /* all credit notes since */
    bool is_counted;      /* takes part: not withdrawn and not replaced */
    Money counted;        /* in its window */
    PromiseStatus status; /* after the verdict */
} Judged;

typedef struct Judging {
    Ctx *cx;
    const Policy *policy;
    Id account_id;
    Judged *items;
    size_t count;
    Receipt *receipts;
    size_t receipt_count;
    Money tolerance;
} Judging;

/* Rows come by promise_id, and promises by id. */
static Judged *judged_find(Judging *judging, Id promise_id)
{
    for (size_t i = 0; i < judging->count; i++) {
        if (judging->items[i].row.id == promise_id) {
            return &judging->items[i];
        }
    }
    return NULL;
}

/* The window was fixed when the promise was made;
 * the rules reckon it from due_on and the policy of today. */
static Date due_for_window(const Policy *policy, const PromiseRow *row)
{
    return row->window_end_on - (Date)policy->promise_tolerance_days;
}

static void judged_start(const Policy *policy, const PromiseRow *row, Judged *judged)
{
    *judged = (Judged){
        .row = *row,
        .promise =
            {
                .id = row->id,
                .made_on = row->made_on,
                .due_on = due_for_window(policy, row),
                .amount = row->amount,
                .open_then = row->target,
                .credited = money_zero(row->currency),
                .carries_release = row->release_id != 0,
                .comes_first = row->comes_first,
            },
        .credited = money_zero(row->currency),
        .is_counted = row->status != PROMISE_WITHDRAWN && row->status != PROMISE_REPLACED &&
                      row->replaced_by_id == 0,
        .counted = money_zero(row->currency),
        .status = (PromiseStatus)row->status,
    };
}

static Err invoices_gather(Judging *judging, bool *ret_has_named)
{
    Ctx *cx = judging->cx;
    Rows rows;
    TRY(db_ask(cx, &sql_named_invoices, ARGS(arg_id(judging->account_id)), &rows));
    Id *invoices = arena_array(cx->arena, rows.count, sizeof *invoices);
    *ret_has_named = rows.count > 0;
    for (size_t i = 0; db_next(&rows); i++) {
        Judged *judged = judged_find(judging, db_id(&rows, 0));
        ASSERT(judged != NULL);
        invoices[i] = db_id(&rows, 1);
        if (judged->promise.invoice_count++ == 0) {
            judged->promise.invoices = &invoices[i];
        }
    }
    TRY(db_ask(cx, &sql_credited, ARGS(arg_id(judging->account_id)), &rows));
    while (db_next(&rows)) {
        Judged *judged = judged_find(judging, db_id(&rows, 0));
        ASSERT(judged != NULL);
        judged->promise.credited.minor = db_i64(&rows, 1);
        judged->credited.minor = db_i64(&rows, 2);
    }
    return ERR_OK;
}

/* Parts come in the order of the receipts. */
static Err parts_gather(Judging *judging, Date since, Currency currency)
{
    Ctx *cx = judging->cx;
    Rows rows;
    TRY(db_ask(cx, &sql_receipt_parts, ARGS(arg_id(judging->account_id), arg_date(since)), &rows));
    ReceiptPart *parts = arena_array(cx->arena, rows.count, sizeof *parts);
    size_t at = 0;
    for (size_t i = 0; db_next(&rows); i++) {
        while (at < judging->receipt_count && judging->receipts[at].id < db_id(&rows, 0)) {
            at++;
        }
        ASSERT(at < judging->receipt_count && judging->receipts[at].id == db_id(&rows, 0));
        parts[i] = (ReceiptPart){db_id(&rows, 1), money_of(currency, db_i64(&rows, 2))};
        if (judging->receipts[at].part_count++ == 0) {
            judging->receipts[at].parts = &parts[i];
        }
    }
    return ERR_OK;
}

static Err receipts_gather(Judging *judging, bool has_named)
{
    Ctx *cx = judging->cx;
    Date since = judging->items[0].row.made_on;
    Currency currency = judging->items[0].row.currency;
    for (size_t i = 1; i < judging->count; i++) {
        Date made_on = judging->items[i].row.made_on;
        since = made_on < since ? made_on : since;
    }
    Rows rows;
    TRY(db_ask(cx, &sql_receipts, ARGS(arg_id(judging->account_id), arg_date(since)), &rows));
    judging->receipts = arena_array(cx->arena, rows.count, sizeof *judging->receipts);
    judging->receipt_count = rows.count;
    for (size_t i = 0; db_next(&rows); i++) {
        judging->receipts[i] = (Receipt){
            .id = db_id(&rows, 0),
            .received_on = db_date(&rows, 1),
            .amount = money_of(currency, db_i64(&rows, 2)),
        };
    }
    return has_named ? parts_gather(judging, since, currency) : ERR_OK;
}

/* ---- Verdicts ---- */

static PromiseBook book_of(const Judging *judging, const Promise *promises, size_t count)
{
    return (PromiseBook){
        .promises = promises,
        .promise_count = count,
        .receipts = judging->receipts,
        .receipt_count = judging->receipt_count,
    };
}

/* Counts what came for each in its window. */
static void windows_count(Judging *judging)
{
    Arena *arena = judging->cx->arena;
    Promise *promises = arena_array(arena, judging->count, sizeof *promises);
    Money *counted = arena_array(arena, judging->count, sizeof *counted);
    size_t count = 0;
    for (size_t i = 0; i < judging->count; i++) {
        if (judging->items[i].is_counted) {
            promises[count++] = judging->items[i].promise;
        }
    }
    PromiseBook book = book_of(judging, promises, count);
    promise_count_receipts(arena, judging->policy, &book, counted);
    count = 0;
    for (size_t i = 0; i < judging->count; i++) {
        if (judging->items[i].is_counted) {
            judging->items[i].counted = counted[count++];
        }
    }
}

static Date ended_on(const Judging *judging, const Judged *judged)
{
    if (judged->status == PROMISE_OPEN) {
        return DATE_NONE;
    }
    return judged->status == PROMISE_KEPT ? judging->cx->today : judged->row.window_end_on + 1;
}

/* An ended one is judged again only when the money of its window has changed. */
static Err verdict_make(Judging *judging, Judged *judged)
{
    Ctx *cx = judging->cx;
    bool has_changed = money_cmp(judged->counted, judged->row.received) != 0;
    if (!judged->is_counted || (judged->row.status != PROMISE_OPEN && !has_changed)) {
        return ERR_OK;
    }
    judged->status = promise_judge(
        judging->policy, &judged->promise, judged->counted, judging->tolerance, cx->today);
    if ((int)judged->status != judged->row.status) {
        TRY(promise_status_put(cx, &judged->row, judged->status, ended_on(judging, judged), NULL));
    } else if (judged->status == PROMISE_OPEN || judged->status == PROMISE_KEPT) {
        return ERR_OK;
    }
    return promise_verdict_add(cx, &judged->row, judged->status, judged->counted);
}

/* ---- What broken ones still lack ---- */

static bool is_short(PromiseStatus status)
{
    return status == PROMISE_BROKEN || status == PROMISE_PARTLY_KEPT;
}

static Money required_of(const Judged *judged)
{
    Promise promise = judged->promise;
    promise.credited = judged->credited;
    return promise_required(&promise);
}

/* The promise that stands for it now, when it was replaced. */
static const Judged *successor_of(Judging *judging, const Judged *judged)
{
    const Judged *next = judged;
    while (next->row.replaced_by_id != 0) {
        next = judged_find(judging, next->row.replaced_by_id);
        ASSERT(next != NULL);
        if (is_short(next->status)) {
            break;
        }
    }
    return next == judged ? NULL : next;
}

/* What is to come late for a broken one: a further promise behind all others without an end. What
 * it lacks passes to the one that replaces it, as far as that one goes. */
static Promise rest_of(Judging *judging, const Judged *judged)
{
    Promise rest = judged->promise;
    Money needed = money_sub(required_of(judged), judged->counted);
    const Judged *next = successor_of(judging, judged);
    if (next != NULL) {
        needed = money_sub(required_of(judged), judged->row.received);
        needed = money_sub(needed, is_short(next->status) ? required_of(next) : next->counted);
        rest.id = next->row.id;
        rest.made_on = next->row.made_on;
    }
    rest.due_on = DATE_MAX;
    rest.amount = money_max(needed, money_zero(judged->row.currency));
    rest.open_then = rest.amount;
    rest.credited = money_zero(judged->row.currency);
    return rest;
}

/* Fills lacks of those that fell short; for all others it is what their window still asks for. */
static void lacks_count(Judging *judging, Money *lacks)
{
    Arena *arena = judging->cx->arena;
    size_t room = judging->count * 2;
    Promise *promises = arena_array(arena, room, sizeof *promises);
    Money *counted = arena_array(arena, room, sizeof *counted);
    size_t *rest_at = arena_array(arena, judging->count, sizeof *rest_at);
    size_t count = 0;
    for (size_t i = 0; i < judging->count; i++) {
        if (judging->items[i].is_counted) {
            promises[count++] = judging->items[i].promise;
        }
    }
    size_t counted_ones = count;
    for (size_t i = 0; i < judging->count; i++) {
        if (is_short(judging->items[i].status)) {
            rest_at[i] = count;
            promises[count++] = rest_of(judging, &judging->items[i]);
        }
    }
    if (count > counted_ones) {
        PromiseBook book = book_of(judging, promises, count);
        promise_count_receipts(arena, judging->policy, &book, counted);
    }
    for (size_t i = 0; i < judging->count; i++) {
        const Judged *judged = &judging->items[i];
        lacks[i] = judged->row.lacks;
        if (is_short(judged->status)) {
            lacks[i] = promise_lacks(&promises[rest_at[i]], counted[rest_at[i]]);
        } else if (judged->is_counted) {
            bool is_kept = judged->status == PROMISE_KEPT;
            lacks[i] = is_kept ? money_zero(judged->row.currency)
                               : promise_lacks(&judged->promise, judged->counted);
        }
    }
}

static Err figures_write(Judging *judging, const Money *lacks)
{
    for (size_t i = 0; i < judging->count; i++) {
        const Judged *judged = &judging->items[i];
        Money received = judged->is_counted ? judged->counted : judged->row.received;
        if (money_cmp(received, judged->row.received) != 0 ||
            money_cmp(lacks[i], judged->row.lacks) != 0) {
            run_touch(judging->cx, judged->row.id);
            TRY(fact_change(judging->cx, &fact_promise, judged->row.id, &sql_promise_figures,
                ARGS(arg_id(judging->account_id), arg_id(judged->row.id), arg_i64(received.minor),
                    arg_i64(lacks[i].minor))));
        }
    }
    return ERR_OK;
}

Err promise_rejudge(Ctx *cx, Id account_id)
{
    List rows;
    TRY(promise_rows_load(cx, account_id, &rows));
    if (rows.count == 0) {
        return ERR_OK;
    }
    Judging judging = {.cx = cx,
        .account_id = account_id,
        .items = arena_array(cx->arena, rows.count, sizeof(Judged)),
        .count = rows.count};
    TRY(policy_load(cx, &judging.policy));
    for (size_t i = 0; i < rows.count; i++) {
        judged_start(judging.policy, LIST_AT(rows, PromiseRow, i), &judging.items[i]);
    }
    TRY(promise_tolerance(cx, judging.policy, judging.items[0].row.currency, &judging.tolerance));
    bool has_named = false;
    TRY(invoices_gather(&judging, &has_named));
    TRY(receipts_gather(&judging, has_named));
    windows_count(&judging);
    for (size_t i = 0; i < judging.count; i++) {
        TRY(verdict_make(&judging, &judging.items[i]));
    }
    Money *lacks = arena_array(cx->arena, judging.count, sizeof *lacks);
    lacks_count(&judging, lacks);
    return figures_write(&judging, lacks);
}
