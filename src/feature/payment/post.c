/* Taking money in and allocating it to invoices. */
#include "feature/document.h"
#include "feature/features.h"
#include "feature/ledger.h"
#include "feature/order.h"
#include "feature/org.h"
#include "feature/payment/model.h"
#include "feature/promise.h"
#include "op/run.h"
#include "rules/allocation.h"

/* ---- Schema ---- */

typedef struct AllocationAskIn {
    Ref invoice;
    Decimal amount;
} AllocationAskIn;

SCHEMA(AllocationAskIn,
    F_REF(AllocationAskIn, invoice, "invoice", REQUIRED),
    F_DECIMAL(AllocationAskIn, amount, REQUIRED));

typedef struct PaymentPostIn {
    Ref account;
    Decimal amount;
    Date received_on;
    const char *reference;
    Ref order;
    List allocations;
} PaymentPostIn;

SCHEMA(PaymentPostIn,
    F_REF(PaymentPostIn, account, "account", REQUIRED),
    F_DECIMAL(PaymentPostIn, amount, REQUIRED),
    F_DATE(PaymentPostIn, received_on, REQUIRED),
    F_TEXT(PaymentPostIn, reference, .doc = "The bank's, or the partner's."),
    F_REF(PaymentPostIn, order, "order", .doc = "It is for this order's invoices only."),
    F_LIST(PaymentPostIn,
        allocations,
        AllocationAskIn,
        .max_len = 500,
        .doc = "Oldest due first when absent; [] leaves it in advance."));

typedef struct AllocationMade {
    Id id;
    Ref invoice;
    const char *number;
    Money amount;
    Date effective_on;
} AllocationMade;

SCHEMA(AllocationMade,
    F_ID(AllocationMade, id, "allocation"),
    F_REF(AllocationMade, invoice, "invoice"),
    F_TEXT(AllocationMade, number, .doc = "Of the invoice."),
    F_MONEY(AllocationMade, amount),
    F_DATE(AllocationMade, effective_on));

typedef struct PaymentPostOut {
    Id id;
    const char *status;
    Currency currency;
    Money amount;
    Money allocated;
    Money advance;
    List allocations;
    List unblocked;
} PaymentPostOut;

SCHEMA(PaymentPostOut,
    F_ID(PaymentPostOut, id, "payment"),
    F_TEXT(PaymentPostOut, status),
    F_CURRENCY(PaymentPostOut, currency),
    F_MONEY(PaymentPostOut, amount),
    F_MONEY(PaymentPostOut, allocated),
    F_MONEY(PaymentPostOut, advance, .doc = "What is not allocated."),
    F_LIST(PaymentPostOut, allocations, AllocationMade),
    F_LIST_OF(PaymentPostOut,
        unblocked,
        FIELD_ID,
        .to = "order",
        .doc = "Held orders of the account and its group that would pass now, oldest first; none "
               "is approved."));

typedef struct AllocationPostIn {
    Ref payment;
    List allocations;
} AllocationPostIn;

SCHEMA(AllocationPostIn,
    F_REF(AllocationPostIn, payment, "payment", REQUIRED),
    F_LIST(AllocationPostIn, allocations, AllocationAskIn, REQUIRED, .max_len = 500));

typedef struct AllocationPostOut {
    Id payment;
    Money allocated;
    Money advance;
    List allocations;
} AllocationPostOut;

SCHEMA(AllocationPostOut,
    F_ID(AllocationPostOut, payment, "payment"),
    F_MONEY(AllocationPostOut, allocated, .doc = "Of the payment, all told."),
    F_MONEY(AllocationPostOut, advance, .doc = "What of it is not allocated."),
    F_LIST(AllocationPostOut, allocations, AllocationMade));

/* ---- Which invoices get what ---- */

/* What an invoice is to get; of one that was written off it is a recovery. */
typedef struct Share {
    Id invoice_id;
    Id order_id;
    const char *number;
    Money amount;
    Date effective_on;
    bool is_recovery;
} Share;

typedef struct Shares {
    Share *items;
    size_t count;
    Money sum;
    Money recovered;
} Shares;

/* The money that is to be shared out. */
typedef struct Purse {
    Id account_id;
    Currency currency;
    Money money;
    Date on;
    Id order_id;      /* earmark */
    bool may_recover; /* money that comes in may pay what was written off */
    List invoices;    /* AllocationInvoice: the open ones */
} Purse;

static AllocationPot pot_of(const Purse *purse)
{
    return (AllocationPot){.money = purse->money,
        .on = purse->on,
        .order_id = purse->order_id,
        .invoices = purse->invoices.items,
        .count = purse->invoices.count};
}

static void share_add(Shares *shares, Share share)
{
    shares->items[shares->count++] = share;
    shares->sum = money_add(shares->sum, share.amount);
    if (share.is_recovery) {
        shares->recovered = money_add(shares->recovered, share.amount);
    }
}

static Err shares_oldest(Ctx *cx, const Purse *purse, Shares *ret_shares)
{
    AllocationPot pot = pot_of(purse);
    AllocationPiece *pieces = arena_array(cx->arena, pot.count, sizeof *pieces);
    size_t count = allocation_oldest_first(&pot, pieces);
    ret_shares->items = arena_array(cx->arena, count, sizeof *ret_shares->items);
    for (size_t i = 0; i < count; i++) {
        Invoice invoice;
        TRY(invoice_load(cx, pieces[i].invoice, &invoice));
        share_add(ret_shares, (Share){invoice.id, invoice.order_id, invoice.number,
                                  pieces[i].amount, pieces[i].effective_on, false});
    }
    return ERR_OK;
}

static const char *ask_field(Ctx *cx, size_t index, const char *member)
{
    return arena_printf(cx->arena, "allocations.%zu.%s", index, member);
}

static Err share_refuse(Ctx *cx, size_t index, AllocationResult result, const Invoice *invoice)
{
    char open[DECIMAL_TEXT_SIZE];
    money_format(invoice->open, open);
    if (result == ALLOCATION_BEYOND_PAYMENT) {
        return err_set(cx, ERR_OVERALLOCATED, ask_field(cx, index, "amount"),
            "The allocations come to more than there is to allocate.");
    }
    return err_set(cx, ERR_OVERALLOCATED, ask_field(cx, index, "amount"), "Invoice %s has %s open.",
        invoice->number, open);
}

/* What the caller may name at all. */
static Err share_invoice(
    Ctx *cx, const Purse *purse, size_t index, const Ref *ref, Invoice *ret_invoice)
{
    TRY(invoice_load(cx, ref->id, ret_invoice));
    if (ret_invoice->account_id != purse->account_id) {
        return err_set(cx, ERR_FIELD_INVALID, ask_field(cx, index, "invoice"),
            "Invoice %s is another account's.", ret_invoice->number);
    }
    bool is_others = purse->order_id != 0 && ret_invoice->order_id != 0 &&
                     ret_invoice->order_id != purse->order_id;
    if (is_others) {
        return err_set(cx, ERR_FIELD_INVALID, ask_field(cx, index, "invoice"),
            "The money is for another order than invoice %s.", ret_invoice->number);
    }
    return ERR_OK;
}

/* Recovered before in the same call, of the same invoice. */
static Money recovered_of(const Shares *shares, const Invoice *invoice)
{
    Money sum = money_zero(invoice->currency);
    for (size_t i = 0; i < shares->count; i++) {
        const Share *share = &shares->items[i];
        if (share->is_recovery && share->invoice_id == invoice->id) {
            sum = money_add(sum, share->amount);
        }
    }
    return sum;
}

static Err share_recovery(
    Ctx *cx, const Purse *purse, size_t index, const Invoice *invoice, Money amount, Shares *shares)
{
    Money room;
    TRY(recovery_room(cx, invoice, &room));
    room = money_sub(room, recovered_of(shares, invoice));
    if (!purse->may_recover || money_cmp(amount, room) > 0) {
        return share_refuse(cx, index, ALLOCATION_BEYOND_INVOICE, invoice);
    }
    if (money_cmp(money_add(shares->sum, amount), purse->money) > 0) {
        return share_refuse(cx, index, ALLOCATION_BEYOND_PAYMENT, invoice);
    }
    share_add(shares, (Share){invoice->id, invoice->order_id, invoice->number, amount,
                          allocation_effective_on(purse->on, invoice->invoiced_on), true});
    return ERR_OK;
}

/* The rules check all that was asked of open invoices so far, this piece the last. */
static Err share_open(
    Ctx *cx, const Purse *purse, size_t index, const Invoice *invoice, Money amount, Shares *shares)
{
    AllocationPot pot = pot_of(purse);
    pot.money = money_sub(purse->money, shares->recovered);
    AllocationAsk *asks = arena_array(cx->arena, shares->count + 1, sizeof *asks);
    AllocationPiece *pieces = arena_array(cx->arena, shares->count + 1, sizeof *pieces);
    size_t count = 0;
    for (size_t i = 0; i < shares->count; i++) {
        if (!shares->items[i].is_recovery) {
            asks[count++] = (AllocationAsk){shares->items[i].invoice_id, shares->items[i].amount};
        }
    }
    asks[count++] = (AllocationAsk){invoice->id, amount};
    size_t at = 0;
    AllocationResult result = allocation_given(&pot, asks, count, pieces, &at);
    if (result != ALLOCATION_DONE) {
        return share_refuse(cx, index, result, invoice);
    }
    share_add(shares, (Share){invoice->id, invoice->order_id, invoice->number, amount,
                          pieces[count - 1].effective_on, false});
    return ERR_OK;
}

static Err shares_given(Ctx *cx, const Purse *purse, List asks, Shares *ret_shares)
{
    ret_shares->items = arena_array(cx->arena, asks.count, sizeof *ret_shares->items);
    for (size_t i = 0; i < asks.count; i++) {
        const AllocationAskIn *ask = LIST_AT(asks, AllocationAskIn, i);
        Invoice invoice;
        Money amount;
        TRY(share_invoice(cx, purse, i, &ask->invoice, &invoice));
        TRY(document_amount(cx, ask_field(cx, i, "amount"), ask->amount, purse->currency, &amount));
        bool is_open = money_is_positive(invoice.open);
        TRY(is_open ? share_open(cx, purse, i, &invoice, amount, ret_shares)
                    : share_recovery(cx, purse, i, &invoice, amount, ret_shares));
    }
    return ERR_OK;
}

static Err shares_make(Ctx *cx, Purse *purse, List asks, Shares *ret_shares)
{
    Money zero = money_zero(purse->currency);
    *ret_shares = (Shares){.sum = zero, .recovered = zero};
    TRY(allocation_invoices(cx, purse->account_id, &purse->invoices));
    return asks.items == NULL ? shares_oldest(cx, purse, ret_shares)
                              : shares_given(cx, purse, asks, ret_shares);
}

static Err shares_write(Ctx *cx, const Source *source, const Shares *shares, List *ret_made)
{
    AllocationMade *made = arena_array(cx->arena, shares->count, sizeof *made);
    for (size_t i = 0; i < shares->count; i++) {
        const Share *share = &shares->items[i];
        AllocationWrite write = {
            source, share->invoice_id, share->order_id, share->amount, share->effective_on};
        made[i] = (AllocationMade){.invoice = {.id = share->invoice_id},
            .number = share->number,
            .amount = share->amount,
            .effective_on = share->effective_on};
        TRY(share->is_recovery ? recovery_write(cx, &write, &made[i].id)
                               : allocation_from_advance(cx, &write, &made[i].id));
    }
    *ret_made = (List){made, shares->count};
    return ERR_OK;
}

/* ---- payment_post ---- */

static const Sql sql_payment_insert = {
    "INSERT INTO payment (id, account_id, amount, advance, received_on, booked_on, booked_at,"
    " reference, order_id, status, posted_by_id)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'posted', $10) RETURNING " PAYMENT_FACTS,
    .in = "kkiidditkk",
    .out = PAYMENT_LETTERS,
};

static Err payment_store(Ctx *cx, const PaymentPostIn *in, const Source *payment, Money recovered)
{
    TRY(fact_put(cx, &fact_payment, &sql_payment_insert,
        ARGS(arg_id(payment->id), arg_id(payment->account_id), arg_i64(payment->amount.minor),
            arg_i64(payment->advance.minor), arg_date(payment->on), arg_date(cx->today),
            arg_instant(cx->now_ms), arg_text(in->reference), arg_id(payment->order_id),
            arg_id(cx->actor->user_id))));
    return ledger_book(cx, &(Booking){.account_id = payment->account_id,
                               .event = MOVE_PAYMENT_RECEIVED,
                               .amount = money_sub(payment->amount, recovered),
                               .posted_on = payment->on,
                               .document_kind = "payment",
                               .document_id = payment->id,
                               .order_id = payment->order_id});
}

static Err payment_read(Ctx *cx, const PaymentPostIn *in, Source *ret_payment)
{
    Account account;
    TRY(account_load(cx, in->account.id, &account));
    *ret_payment = (Source){.kind = SOURCE_PAYMENT,
        .account_id = account.id,
        .currency = account.currency,
        .on = in->received_on,
        .order_id = in->order.id};
    TRY(document_amount(cx, "amount", in->amount, account.currency, &ret_payment->amount));
    if (in->order.id != 0 && in->order.account_id != account.id) {
        return err_set(
            cx, ERR_FIELD_INVALID, "order", "Order %s is another account's.", in->order.text);
    }
    return org_document_date(cx, "received_on", &ret_payment->on);
}

OP(payment_post,
    PaymentPostIn,
    PaymentPostOut,
    POST("/payments"),
    .effect = EFFECT_CREATE,
    .needs = PERM_PAYMENT_WRITE,
    .lock = "account",
    .is_watched = true,
    .inverse = "payment_reverse",
    .summary =
        "Take a payment; it pays invoices, oldest due first, and what is left is an advance.",
    FAILS(ERR_FIELD_INVALID, ERR_PERIOD_CLOSED, ERR_OVERALLOCATED))
{
    Source payment;
    TRY(payment_read(cx, in, &payment));
    Purse purse = {.account_id = payment.account_id,
        .currency = payment.currency,
        .money = payment.amount,
        .on = payment.on,
        .order_id = payment.order_id,
        .may_recover = true};
    Shares shares;
    TRY(shares_make(cx, &purse, in->allocations, &shares));
    payment.id = db_new_id(cx);
    payment.advance = money_sub(payment.amount, shares.sum);
    TRY(payment_store(cx, in, &payment, shares.recovered));
    TRY(shares_write(cx, &payment, &shares, &out->allocations));
    TRY(promise_rejudge(cx, payment.account_id));
    out->id = payment.id;
    out->status = "posted";
    out->currency = payment.currency;
    out->amount = payment.amount;
    out->allocated = shares.sum;
    out->advance = payment.advance;
    return order_unblocked(cx, payment.account_id, &out->unblocked);
}

/* ---- allocation_post ---- */

static Err allocation_guard(Ctx *cx, const void *input, void *output)
{
    const AllocationPostIn *in = input;
    (void)output;
    Source payment;
    TRY(source_load(cx, SOURCE_PAYMENT, in->payment.id, &payment));
    return source_is_posted(&payment)
               ? ERR_OK
               : err_set(cx, ERR_STATE, "payment", "The payment is %s.", payment.status);
}

OP(allocation_post,
    AllocationPostIn,
    AllocationPostOut,
    POST("/allocations"),
    .effect = EFFECT_CREATE,
    .needs = PERM_PAYMENT_WRITE,
    .lock = "payment",
    .guard = allocation_guard,
    .is_watched = true,
    .inverse = "allocation_reverse",
    .summary = "Allocate a payment's advance to invoices, as of the business date.",
    FAILS(ERR_STATE, ERR_FIELD_INVALID, ERR_PERIOD_CLOSED, ERR_OVERALLOCATED))
{
    TRY(org_today_check(cx));
    Source payment;
    TRY(source_load(cx, SOURCE_PAYMENT, in->payment.id, &payment));
    if (in->allocations.count == 0) {
        return err_set(cx, ERR_FIELD_INVALID, "allocations", "Name at least one invoice.");
    }
    Purse purse = {.account_id = payment.account_id,
        .currency = payment.currency,
        .money = payment.advance,
        .on = cx->today,
        .order_id = payment.order_id};
    Shares shares;
    TRY(shares_make(cx, &purse, in->allocations, &shares));
    TRY(shares_write(cx, &payment, &shares, &out->allocations));
    TRY(source_advance_move(cx, &payment, money_neg(shares.sum)));
    TRY(promise_rejudge(cx, payment.account_id));
    TRY(source_load(cx, SOURCE_PAYMENT, payment.id, &payment));
    out->payment = payment.id;
    out->advance = payment.advance;
    return source_allocated(cx, &payment, &out->allocated);
}

const Feature payment_entry_feature = {
    .name = "payment_entry",
    .ops = (const Op *const[]){&op_payment_post, &op_allocation_post, NULL},
};
