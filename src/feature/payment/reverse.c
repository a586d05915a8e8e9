/* Taking payments and allocations back, reading them, and proving what is in advance. */
#include "feature/document.h"
#include "feature/features.h"
#include "feature/ledger.h"
#include "feature/org.h"
#include "feature/payment/model.h"
#include "feature/payment/read.h"
#include "feature/promise.h"
#include "op/run.h"

/* ---- payment_reverse ---- */

typedef struct PaymentReverseIn {
    Ref payment;
    const char *reason;
} PaymentReverseIn;

SCHEMA(PaymentReverseIn,
    F_REF(PaymentReverseIn, payment, "payment", REQUIRED),
    F_TEXT(PaymentReverseIn, reason, REQUIRED, .max_len = 4096));

typedef struct ReverseOut {
    Id id;
    const char *status;
    Id decision;
} ReverseOut;

SCHEMA(ReverseOut,
    F_ID(ReverseOut, id, "payment"),
    F_TEXT(ReverseOut, status),
    F_ID(ReverseOut, decision, "decision", .doc = "It is judged, never blocked."));

static const Sql sql_payment_refunded = {
    "SELECT p.id FROM refund_part p JOIN refund f ON f.account_id = p.account_id"
    " AND f.id = p.refund_id WHERE p.source_id = $1 AND f.status = 'posted' LIMIT 1",
    .in = "k",
    .out = "k",
};

static const Sql sql_payment_reverse = {
    "UPDATE payment SET status = 'reversed', advance = 0, reversed_on = $2 WHERE id = $1 "
    "RETURNING " PAYMENT_FACTS,
    .in = "kd",
    .out = PAYMENT_LETTERS,
};

Err source_reverse_check(Ctx *cx, const Source *source)
{
    const char *name = source_names[source->kind];
    if (!source_is_posted(source)) {
        return err_set(cx, ERR_STATE, name, "It is %s.", source->status);
    }
    Rows rows;
    TRY(db_ask(cx, &sql_payment_refunded, ARGS(arg_id(source->id)), &rows));
    if (rows.count > 0) {
        return err_set(cx, ERR_STATE, name, "Some of it was refunded; reverse the refund first.");
    }
    return ERR_OK;
}

static Err payment_reverse_guard(Ctx *cx, const void *input, void *output)
{
    const PaymentReverseIn *in = input;
    (void)output;
    Source payment;
    TRY(source_load(cx, SOURCE_PAYMENT, in->payment.id, &payment));
    return source_reverse_check(cx, &payment);
}

/* The money goes back the way it came: what was recovered with it is written off again. */
static Err payment_take_back(Ctx *cx, const Source *payment)
{
    List allocations;
    TRY(allocations_of_source(cx, payment->id, &allocations));
    Money received = payment->amount;
    for (size_t i = 0; i < allocations.count; i++) {
        const Allocation *allocation = LIST_AT(allocations, Allocation, i);
        if (allocation->is_recovery) {
            TRY(recovery_take_back(cx, allocation));
            received = money_sub(received, allocation->amount);
        } else {
            TRY(allocation_take_back(cx, allocation));
        }
    }
    TRY(ledger_book(cx, &(Booking){.account_id = payment->account_id,
                            .event = MOVE_PAYMENT_RECEIVED,
                            .is_reversal = true,
                            .amount = received,
                            .posted_on = cx->today,
                            .document_kind = "payment",
                            .document_id = payment->id,
                            .order_id = payment->order_id}));
    run_changed(cx, payment->id, "status", "posted", "reversed");
    return fact_change(cx, &fact_payment, payment->id, &sql_payment_reverse,
        ARGS(arg_id(payment->id), arg_date(cx->today)));
}

OP(payment_reverse,
    PaymentReverseIn,
    ReverseOut,
    POST("/payments/{payment}/reverse"),
    .effect = EFFECT_ACT,
    .needs = PERM_PAYMENT_WRITE,
    .lock = "payment",
    .guard = payment_reverse_guard,
    .summary = "Take a payment back that did not hold; its invoices are open again.",
    FAILS(ERR_STATE, ERR_PERIOD_CLOSED))
{
    TRY(org_today_check(cx));
    Source payment;
    DocumentFact fact;
    TRY(source_load(cx, SOURCE_PAYMENT, in->payment.id, &payment));
    TRY(document_fact_start(cx, payment.account_id, &fact));
    TRY(payment_take_back(cx, &payment));
    TRY(promise_rejudge(cx, payment.account_id));
    fact.document_kind = "payment";
    fact.document_id = payment.id;
    out->id = payment.id;
    out->status = "reversed";
    return document_judge(cx, &fact, &out->decision);
}

/* ---- allocation_reverse ---- */

typedef struct AllocationReverseIn {
    Ref allocation;
    const char *reason;
} AllocationReverseIn;

SCHEMA(AllocationReverseIn,
    F_REF(AllocationReverseIn, allocation, "allocation", REQUIRED),
    F_TEXT(AllocationReverseIn, reason, REQUIRED, .max_len = 4096));

typedef struct AllocationReverseOut {
    Id id;
    const char *status;
    Money advance;
} AllocationReverseOut;

SCHEMA(AllocationReverseOut,
    F_ID(AllocationReverseOut, id, "allocation"),
    F_TEXT(AllocationReverseOut, status),
    F_MONEY(AllocationReverseOut, advance, .doc = "What of its payment is not allocated now."));

static Err allocation_reverse_guard(Ctx *cx, const void *input, void *output)
{
    const AllocationReverseIn *in = input;
    (void)output;
    Allocation allocation;
    TRY(allocation_load(cx, in->allocation.id, &allocation));
    if (allocation.is_reversed || allocation.reverses_id != 0) {
        return err_set(cx, ERR_STATE, "allocation", "It is taken back already.");
    }
    if (allocation.source_kind == SOURCE_WRITE_OFF) {
        return err_set(cx, ERR_STATE, "allocation", "It is written off; reverse the write-off.");
    }
    if (allocation.is_recovery) {
        return err_set(cx, ERR_STATE, "allocation",
            "The money came in on what was written off; reverse the payment.");
    }
    return ERR_OK;
}

OP(allocation_reverse,
    AllocationReverseIn,
    AllocationReverseOut,
    POST("/allocations/{allocation}/reverse"),
    .effect = EFFECT_ACT,
    .needs = PERM_PAYMENT_WRITE,
    .lock = "allocation",
    .guard = allocation_reverse_guard,
    .summary = "Take an allocation back: its money is an advance again.",
    FAILS(ERR_STATE, ERR_PERIOD_CLOSED))
{
    TRY(org_today_check(cx));
    Allocation allocation;
    TRY(allocation_load(cx, in->allocation.id, &allocation));
    TRY(allocation_take_back(cx, &allocation));
    TRY(promise_rejudge(cx, allocation.account_id));
    Source source;
    TRY(source_load(cx, allocation.source_kind, allocation.source_id, &source));
    *out = (AllocationReverseOut){allocation.id, "reversed", source.advance};
    return ERR_OK;
}

const Feature payment_feature = {
    .name = "payment",
    .ops = (const Op *const[]){&op_payment_reverse, &op_allocation_reverse, NULL},
    .records = (const Record *const[]){&record_payment, &record_allocation, NULL},
    .refs = (const RefKind *const[]){&ref_payment, &ref_allocation, NULL},
    .checks = (const Check *const[]){&check_advance, &check_allocated, &check_position, NULL},
    .derived = (const Derived *const[]){&derived_payment, NULL},
    .facts = (const Fact *const[]){&fact_payment, &fact_allocation, NULL},
};
