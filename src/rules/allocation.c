/* Oldest due first, or as given. */
#include "rules/allocation.h"

Date allocation_effective_on(Date allocated_on, Date invoiced_on)
{
    return allocated_on > invoiced_on ? allocated_on : invoiced_on;
}

static bool invoice_before(const AllocationInvoice *a, const AllocationInvoice *b)
{
    if (a->due_on != b->due_on) {
        return a->due_on < b->due_on;
    }
    return a->invoiced_on != b->invoiced_on ? a->invoiced_on < b->invoiced_on : a->id < b->id;
}

static bool invoice_takes(const AllocationPot *pot, const AllocationInvoice *invoice)
{
    bool is_for_it =
        pot->order_id == 0 || invoice->order_id == 0 || invoice->order_id == pot->order_id;
    return is_for_it && money_is_positive(invoice->open);
}

/* The oldest invoice after `last` that takes money; NULL: none. Looking again for each piece
 * needs no memory, and a payment reaches few invoices. */
static const AllocationInvoice *invoice_next(
    const AllocationPot *pot, const AllocationInvoice *last)
{
    const AllocationInvoice *next = NULL;
    for (size_t i = 0; i < pot->count; i++) {
        const AllocationInvoice *invoice = &pot->invoices[i];
        if (invoice_takes(pot, invoice) && (last == NULL || invoice_before(last, invoice)) &&
            (next == NULL || invoice_before(invoice, next))) {
            next = invoice;
        }
    }
    return next;
}

size_t allocation_oldest_first(const AllocationPot *pot, AllocationPiece *ret_pieces)
{
    Money left = pot->money;
    size_t count = 0;
    const AllocationInvoice *invoice = invoice_next(pot, NULL);
    while (invoice != NULL && money_is_positive(left)) {
        Money amount = money_min(left, invoice->open);
        ret_pieces[count++] = (AllocationPiece){.invoice = invoice->id,
            .amount = amount,
            .effective_on = allocation_effective_on(pot->on, invoice->invoiced_on)};
        left = money_sub(left, amount);
        invoice = invoice_next(pot, invoice);
    }
    return count;
}

static const AllocationInvoice *invoice_find(const AllocationPot *pot, Id id)
{
    for (size_t i = 0; i < pot->count; i++) {
        if (pot->invoices[i].id == id) {
            return &pot->invoices[i];
        }
    }
    return NULL;
}

/* One given piece; `earlier`: the pieces before it, which may name the same invoice. */
static AllocationResult ask_check(const AllocationPot *pot,
    const AllocationAsk *ask,
    const AllocationPiece *earlier,
    size_t earlier_count,
    AllocationPiece *ret_piece)
{
    const AllocationInvoice *invoice = invoice_find(pot, ask->invoice);
    if (invoice == NULL) {
        return ALLOCATION_UNKNOWN_INVOICE;
    }
    if (!money_is_positive(ask->amount)) {
        return ALLOCATION_NOT_POSITIVE;
    }
    Money invoice_left = invoice->open;
    Money pot_left = pot->money;
    for (size_t i = 0; i < earlier_count; i++) {
        pot_left = money_sub(pot_left, earlier[i].amount);
        if (earlier[i].invoice == ask->invoice) {
            invoice_left = money_sub(invoice_left, earlier[i].amount);
        }
    }
    if (money_cmp(ask->amount, invoice_left) > 0) {
        return ALLOCATION_BEYOND_INVOICE;
    }
    if (money_cmp(ask->amount, pot_left) > 0) {
        return ALLOCATION_BEYOND_PAYMENT;
    }
    *ret_piece = (AllocationPiece){.invoice = ask->invoice,
        .amount = ask->amount,
        .effective_on = allocation_effective_on(pot->on, invoice->invoiced_on)};
    return ALLOCATION_DONE;
}

AllocationResult allocation_given(const AllocationPot *pot,
    const AllocationAsk *asks,
    size_t count,
    AllocationPiece *ret_pieces,
    size_t *ret_at)
{
    for (size_t i = 0; i < count; i++) {
        AllocationResult result = ask_check(pot, &asks[i], ret_pieces, i, &ret_pieces[i]);
        if (result != ALLOCATION_DONE) {
            *ret_at = i;
            return result;
        }
    }
    return ALLOCATION_DONE;
}

/* ---- advances for a new invoice */

static bool advance_before(const AllocationAdvance *a, const AllocationAdvance *b)
{
    return a->received_on != b->received_on ? a->received_on < b->received_on
                                            : a->payment < b->payment;
}

static bool advance_gives(const AllocationInvoice *invoice, const AllocationAdvance *advance)
{
    return money_is_positive(advance->left) &&
           (advance->order_id == 0 || advance->order_id == invoice->order_id);
}

size_t allocation_advances(const AllocationInvoice *invoice,
    const AllocationAdvance *advances,
    size_t count,
    AdvancePiece *ret_pieces)
{
    Money left = invoice->open;
    size_t used = 0;
    const AllocationAdvance *last = NULL;
    while (money_is_positive(left)) {
        const AllocationAdvance *next = NULL;
        for (size_t i = 0; i < count; i++) {
            if (advance_gives(invoice, &advances[i]) &&
                (last == NULL || advance_before(last, &advances[i])) &&
                (next == NULL || advance_before(&advances[i], next))) {
                next = &advances[i];
            }
        }
        if (next == NULL) {
            break;
        }
        Money amount = money_min(left, next->left);
        ret_pieces[used++] = (AdvancePiece){.payment = next->payment, .amount = amount};
        left = money_sub(left, amount);
        last = next;
    }
    return used;
}
