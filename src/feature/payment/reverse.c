/* Taking payments and allocations back. */
#include "feature/document.h"
#include "feature/features.h"
#include "feature/ledger.h"
#include "feature/note/note.h"
#include "feature/payment/model.h"
#include "feature/payment/read.h"
#include "op/run.h"

/* ---- payment_reverse ---- */

REVERSE_INPUT(PaymentReverseIn, "payment");

typedef Reversed ReverseOut;
SCHEMA(
    ReverseOut, F_ID(ReverseOut, id, "payment"), F_TEXT(ReverseOut, status), F_JUDGED(ReverseOut));

static const Sql sql_payment_reverse = {
    "UPDATE payment SET status = 'reversed', reversed_on = $2 WHERE id = $1 "
    "RETURNING " PAYMENT_FACTS,
    .in = "kd",
    .out = PAYMENT_LETTERS,
};

static Err payment_reverse_guard(Ctx *cx, const void *input, void *output)
{
    const PaymentReverseIn *in = input;
    (void)output;
    Source payment;
    TRY(source_load(cx, SOURCE_PAYMENT, in->document.id, &payment));
    return source_reverse_check(cx, &payment);
}

/* The money goes back the way it came: what was recovered with it is written off again. */
static Err payment_take_back(Ctx *cx, const Source *payment)
{
    List allocations;
    TRY(allocations_of_source(cx, payment->id, &allocations));
    for (size_t i = 0; i < allocations.count; i++) {
        const Allocation *allocation = LIST_AT(allocations, Allocation, i);
        TRY(allocation->is_recovery ? recovery_take_back(cx, allocation)
                                    : allocation_take_back(cx, allocation));
    }
    Source left;
    Money received;
    TRY(source_load(cx, SOURCE_PAYMENT, payment->id, &left));
    TRY(source_advance_end(cx, &left, &received));
    TRY(ledger_book(cx, &(Booking){.account_id = payment->account_id,
                            .event = MOVE_PAYMENT_RECEIVED,
                            .is_reversal = true,
                            .amount = received,
                            .posted_on = cx->today,
                            .document_kind = "payment",
                            .document_id = payment->id,
                            .order_id = payment->order_id}));
    return document_mark_reversed(
        cx, &fact_payment, &sql_payment_reverse, payment->id, payment->status);
}

OP(payment_reverse,
    PaymentReverseIn,
    ReverseOut,
    POST("/payments/{payment}/reverse"),
    .effect = EFFECT_ACT,
    .needs = PERM_PAYMENT_WRITE,
    .lock = "payment",
    .guard = payment_reverse_guard,
    .is_watched = true,
    .summary = "Take a payment back that did not hold; its invoices are open again, and what was "
               "refunded of it is owed.",
    FAILS(ERR_STATE, ERR_PERIOD_CLOSED))
{
    Source payment;
    DocumentFact fact;
    TRY(document_reverse_start(cx, "payment", &in->document, &fact));
    TRY(source_load(cx, SOURCE_PAYMENT, in->document.id, &payment));
    TRY(payment_take_back(cx, &payment));
    return document_reverse_end(cx, &fact, out);
}

/* ---- allocation_reverse ---- */

REVERSE_INPUT(AllocationReverseIn, "allocation");

typedef struct AllocationReverseOut {
    Id id;
    const char *status;
    Money advance;
    Id decision_id;
} AllocationReverseOut;

SCHEMA(AllocationReverseOut,
    F_ID(AllocationReverseOut, id, "allocation"),
    F_TEXT(AllocationReverseOut, status),
    F_MONEY(AllocationReverseOut, advance, .doc = "What of its payment is not allocated now."),
    F_JUDGED(AllocationReverseOut));

static Err allocation_reverse_guard(Ctx *cx, const void *input, void *output)
{
    const AllocationReverseIn *in = input;
    (void)output;
    Allocation allocation;
    TRY(allocation_load(cx, in->document.id, &allocation));
    return allocation.is_reversed || allocation.reverses_id != 0
               ? err_set(cx, ERR_STATE, "allocation", "It is taken back already.")
               : ERR_OK;
}

/* What was given up is claimed again; money stands in advance of where it came from. */
static Err allocation_undo(Ctx *cx, const Allocation *allocation)
{
    if (allocation->source_kind == SOURCE_WRITE_OFF) {
        TRY(written_off_take_off(cx, allocation));
        return write_off_settle(cx, allocation->source_id);
    }
    return allocation->is_recovery ? recovery_to_advance(cx, allocation)
                                   : allocation_take_back(cx, allocation);
}

OP(allocation_reverse,
    AllocationReverseIn,
    AllocationReverseOut,
    POST("/allocations/{allocation}/reverse"),
    .effect = EFFECT_ACT,
    .needs = PERM_PAYMENT_WRITE,
    .lock = "allocation",
    .guard = allocation_reverse_guard,
    .is_watched = true,
    .summary = "Take an allocation back: its money is an advance again, or what it wrote off is "
               "claimed again.",
    FAILS(ERR_STATE, ERR_PERIOD_CLOSED))
{
    Allocation allocation;
    DocumentFact fact;
    Reversed reversed;
    Source source;
    TRY(document_reverse_start(cx, "allocation", &in->document, &fact));
    TRY(allocation_load(cx, in->document.id, &allocation));
    TRY(allocation_undo(cx, &allocation));
    TRY(document_reverse_end(cx, &fact, &reversed));
    TRY(source_load(cx, allocation.source_kind, allocation.source_id, &source));
    *out = (AllocationReverseOut){
        allocation.id, reversed.status, source.advance, reversed.decision_id};
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
