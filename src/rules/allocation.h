/* Which invoices a payment, an advance or a credit note pays. */
#ifndef GUANXI_RULES_ALLOCATION_H
#define GUANXI_RULES_ALLOCATION_H

#include "base/date.h"
#include "rules/policy.h"

/* An invoice that can take money. */
typedef struct AllocationInvoice {
    Id id;
    Id order_id; /* 0: none */
    Date invoiced_on;
    Date due_on;
    Money open;
} AllocationInvoice;

/* One piece of it: `effective_on` is the later of the allocation's date and the invoice's; until
 * then the money is an advance. */
typedef struct AllocationPiece {
    Id invoice;
    Money amount;
    Date effective_on;
} AllocationPiece;

typedef enum AllocationResult {
    ALLOCATION_DONE,
    ALLOCATION_UNKNOWN_INVOICE, /* a given invoice is not among the invoices */
    ALLOCATION_NOT_POSITIVE,    /* a given amount is zero or less */
    ALLOCATION_BEYOND_INVOICE,  /* ERR_OVERALLOCATED: more than the invoice has open */
    ALLOCATION_BEYOND_PAYMENT,  /* ERR_OVERALLOCATED: more than the payment has left */
} AllocationResult;

/* Date on which an allocation takes effect. */
Date allocation_effective_on(Date allocated_on, Date invoiced_on);

/* Money to be allocated and the invoices it may go to, in any order. order_id not 0: it is
 * earmarked and goes to that order's invoices and to those without an order only. */
typedef struct AllocationPot {
    Money money;
    Date on;
    Id order_id;
    const AllocationInvoice *invoices;
    size_t count;
} AllocationPot;

/* Oldest due first (then invoiced first, then smaller id), until the money is used up.
 * ret_pieces has room for pot->count; returns how many were filled; money without a piece stays
 * an advance. */
size_t allocation_oldest_first(const AllocationPot *pot, AllocationPiece *ret_pieces);

/* Pieces as the caller gave them. */
typedef struct AllocationAsk {
    Id invoice;
    Money amount;
} AllocationAsk;

/* Checks given pieces against the pot (the same invoice may come twice: summed). On ALLOCATION_DONE
 * ret_pieces[0..count) are filled; else *ret_at tells which one was wrong. */
MUST_CHECK AllocationResult allocation_given(const AllocationPot *pot,
    const AllocationAsk *asks,
    size_t count,
    AllocationPiece *ret_pieces,
    size_t *ret_at);

/* An advance that can pay a new invoice. */
typedef struct AllocationAdvance {
    Id payment;
    Id order_id; /* earmark; 0: none */
    Date received_on;
    Money left;
} AllocationAdvance;

/* One advance used for the new invoice. */
typedef struct AdvancePiece {
    Id payment;
    Money amount;
} AdvancePiece;

/* Advances for a new invoice, oldest first, earmarked ones only for their own order. ret_pieces
 * has room for `count`; returns how many were filled. */
size_t allocation_advances(const AllocationInvoice *invoice,
    const AllocationAdvance *advances,
    size_t count,
    AdvancePiece *ret_pieces);

#endif
