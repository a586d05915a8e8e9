/* Money that reduces invoices: where it comes from, what of it is allocated, and what stands in
 * advance. The only writer of allocation, and of what is in advance of payments
 * and credit notes. */
#ifndef GUANXI_FEATURE_PAYMENT_MODEL_H
#define GUANXI_FEATURE_PAYMENT_MODEL_H

#include "feature/invoice.h"
#include "feature/payment.h"
#include "op/op.h"

typedef enum SourceKind {
    SOURCE_NONE,
    SOURCE_PAYMENT,
    SOURCE_CREDIT_NOTE,
    SOURCE_WRITE_OFF,
    SOURCE_COUNT
} SourceKind;

extern const char *const source_names[]; /* names of reference kinds: "", "payment", … */

typedef struct Source {
    int kind; /* SourceKind */
    Id id;
    Id account_id;
    Currency currency;
    Money amount;
    Money advance; /* what stands in advance of it */
    Date on;
    Id order_id;        /* earmark; 0: none */
    const char *status; /* as stored */
} Source;

typedef struct Allocation {
    Id id;
    Id account_id;
    int source_kind;
    Id source_id;
    Id invoice_id;
    Id order_id; /* of the invoice */
    Currency currency;
    Money amount;
    Date effective_on;
    Id reverses_id; /* not 0: it takes another back */
    bool is_reversed;
    bool is_recovery;
} Allocation;

/* A payment, credit note or write-off. Asserts that it is there. */
Err source_load(Ctx *cx, int kind, Id id, Source *ret_source) MUST_CHECK;
bool source_is_posted(const Source *source);
/* What of it is allocated. */
Err source_allocated(Ctx *cx, const Source *source, Money *ret_allocated) MUST_CHECK;
/* ERR_STATE when it is not posted. */
Err source_reverse_check(Ctx *cx, const Source *source) MUST_CHECK;
/* Those of an account with money in advance, oldest first. List of Source. */
Err source_advances(Ctx *cx, Id account_id, List *ret_sources) MUST_CHECK;
/* Changes what stands in advance of it; the ledger is not touched. */
Err source_advance_move(Ctx *cx, const Source *source, Money change) MUST_CHECK;
/* Ends the advance of a source that is reversed, nothing of it being allocated any more: what is to
 * be taken out of the ledger's advance. What was refunded of it has left the house for nothing: by
 * so much its advance is below zero from now on. */
Err source_advance_end(Ctx *cx, const Source *source, Money *ret_ended) MUST_CHECK;
/* Books money in advance of the source as used for an invoice, or given back (negative). */
Err source_advance_book(
    Ctx *cx, const Source *source, Money used, Date posted_on, Id order_id) MUST_CHECK;

Err allocation_load(Ctx *cx, Id allocation_id, Allocation *ret_allocation) MUST_CHECK;
/* Those of a source that stand: Allocation, oldest first. */
Err allocations_of_source(Ctx *cx, Id source_id, List *ret_allocations) MUST_CHECK;

/* Recoveries on an invoice that stand: Allocation, oldest first. */
Err recoveries_of_invoice(Ctx *cx, Id invoice_id, List *ret_allocations) MUST_CHECK;

typedef struct AllocationWrite {
    const Source *source;
    Id invoice_id;
    Id order_id; /* of the invoice */
    Money amount;
    Date effective_on;
} AllocationWrite;
/* Writes the row, lowers what the invoice has open, books receivable -> settled, outside or
 * written_off. The advance is the caller's affair. */
Err allocation_write(Ctx *cx, const AllocationWrite *write, Id *ret_allocation) MUST_CHECK;
/* The same from money in advance: books that as used too. */
Err allocation_from_advance(Ctx *cx, const AllocationWrite *write, Id *ret_allocation) MUST_CHECK;
/* Takes it off the invoice as of the business date. The money is the caller's affair. */
Err allocation_take_off(Ctx *cx, const Allocation *allocation) MUST_CHECK;
/* Takes it back as of the business date: the invoice is open again, the money of a payment or
 * credit note stands in advance. */
Err allocation_take_back(Ctx *cx, const Allocation *allocation) MUST_CHECK;

/* The rows alone: what is written, one more, and the mark and the row that take one back. */
Allocation allocation_row(const AllocationWrite *write);
Err allocation_row_write(Ctx *cx, const Allocation *row, Id *ret_allocation) MUST_CHECK;
Err allocation_row_reverse(Ctx *cx, const Allocation *allocation) MUST_CHECK;

/* What was written off of an invoice and not recovered. */
Err recovery_room(Ctx *cx, const Invoice *invoice, Money *ret_room) MUST_CHECK;
/* Money received on what was written off: written_off -> advance and at once used.
 * Balances the write-offs' rows. */
Err recovery_write(Ctx *cx, const AllocationWrite *write, Id *ret_allocation) MUST_CHECK;
Err recovery_take_back(Ctx *cx, const Allocation *allocation) MUST_CHECK;
/* The same, and the money stands in advance of its payment: the invoice is another matter now. */
Err recovery_to_advance(Ctx *cx, const Allocation *allocation) MUST_CHECK;
/* Takes a write-off's allocation off its invoice: the claim stands again, and what came in on it
 * after all has paid it. Whether anything of the write-off is left is the caller's affair. */
Err written_off_take_off(Ctx *cx, const Allocation *written_off) MUST_CHECK;

/* A pot of open invoices for the rules of allocation. */
Err allocation_invoices(Ctx *cx, Id account_id, List *ret_invoices) MUST_CHECK;

/* What is fact in payment; see op/fact.h. */
#define PAYMENT_FACTS                                                                              \
    "id, account_id, amount, received_on, booked_on, booked_at, reference, order_id, "             \
    "status, posted_by_id, reversed_on"
#define PAYMENT_LETTERS "kkidditktkd"
extern const Fact fact_payment;

/* Listed by the feature; see op/fact.h. */
extern const Fact fact_allocation;

#endif
