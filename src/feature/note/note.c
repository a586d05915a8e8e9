/* What credit notes, write-offs and refunds share, and where the first two go. */
#include "feature/note/note.h"

#include "op/run.h"
#include "rules/state.h"

#include <string.h>

/* ---- What waits for consent ---- */

typedef struct NoteKind {
    const char *operation; /* that writes it */
    const Fact *fact;
    Sql approval; /* notes the request */
    Sql reject;
} NoteKind;

static const NoteKind kinds[] = {
    {"credit_note_post", &fact_credit_note,
        {"UPDATE credit_note SET approval_id = $2 WHERE id = $1 RETURNING " CREDIT_NOTE_FACTS, "kk",
            CREDIT_NOTE_LETTERS},
        {"UPDATE credit_note SET status = 'rejected' WHERE id = $1 AND status = 'pending' "
         "RETURNING " CREDIT_NOTE_FACTS,
            "k", CREDIT_NOTE_LETTERS}},
    {"write_off_post", &fact_write_off,
        {"UPDATE write_off SET approval_id = $2 WHERE id = $1 RETURNING " WRITE_OFF_FACTS, "kk",
            WRITE_OFF_LETTERS},
        {"UPDATE write_off SET status = 'rejected' WHERE id = $1 AND status = 'pending' "
         "RETURNING " WRITE_OFF_FACTS,
            "k", WRITE_OFF_LETTERS}},
    {"refund_post", &fact_refund,
        {"UPDATE refund SET approval_id = $2 WHERE id = $1 RETURNING " REFUND_FACTS, "kk",
            REFUND_LETTERS},
        {"UPDATE refund SET status = 'rejected' WHERE id = $1 AND status = 'pending' "
         "RETURNING " REFUND_FACTS,
            "k", REFUND_LETTERS}},
};

static const NoteKind *kind_of(const char *operation)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (strcmp(kinds[i].operation, operation) == 0) {
            return &kinds[i];
        }
    }
    UNREACHABLE("an operation that writes notes");
}

Err note_ask(Ctx *cx, const NoteAsk *in, const LadderAmount *amount, Id id, Id *ret_approval)
{
    const NoteKind *kind = kind_of(run_op(cx)->name);
    TRY(approval_ask(cx,
        &(ApprovalAsk){.operation = kind->operation,
            .account_id = in->account.id,
            .subject_id = id,
            .amount = *amount,
            .reason = in->reason},
        ret_approval));
    return fact_change(
        cx, kind->fact, id, &kind->approval, ARGS(arg_id(id), arg_id(*ret_approval)));
}

Err note_reject(Ctx *cx, const Approval *approval)
{
    const NoteKind *kind = kind_of(approval->operation);
    run_changed(cx, approval->subject_id, "status", "pending", "rejected");
    return fact_change(
        cx, kind->fact, approval->subject_id, &kind->reject, ARGS(arg_id(approval->subject_id)));
}

/* ---- Where credit notes and write-offs go ---- */

static const Sql sql_loads[SOURCE_COUNT] = {
    [SOURCE_CREDIT_NOTE] = {"SELECT number, invoice_id FROM credit_note WHERE id = $1", .in = "k",
        .out = "tk"},
    [SOURCE_WRITE_OFF] = {"SELECT CAST(NULL AS TEXT), invoice_id FROM write_off WHERE id = $1",
        .in = "k", .out = "tk"},
};

Err note_load(Ctx *cx, SourceKind kind, Id note_id, Note *ret_note)
{
    Rows rows;
    TRY(db_one(cx, &sql_loads[kind], ARGS(arg_id(note_id)), source_names[kind], &rows));
    *ret_note = (Note){.number = db_text(&rows, 0), .invoice_id = db_id(&rows, 1)};
    return source_load(cx, (int)kind, note_id, &ret_note->source);
}

static Err pot_invoices(Ctx *cx, const Note *note, List *ret_invoices)
{
    if (note->invoice_id == 0) {
        return allocation_invoices(cx, note->source.account_id, ret_invoices);
    }
    Invoice invoice;
    TRY(invoice_load(cx, note->invoice_id, &invoice));
    AllocationInvoice *one = arena_alloc(cx->arena, sizeof *one);
    *one = (AllocationInvoice){.id = invoice.id,
        .order_id = invoice.order_id,
        .invoiced_on = invoice.invoiced_on,
        .due_on = invoice.due_on,
        .open = invoice.open};
    *ret_invoices = (List){one, 1};
    return ERR_OK;
}

static Err pieces_find(Ctx *cx, const Note *note, List *ret_invoices, List *ret_pieces)
{
    TRY(pot_invoices(cx, note, ret_invoices));
    AllocationPot pot = {.money = note->source.amount,
        .on = cx->today,
        .invoices = ret_invoices->items,
        .count = ret_invoices->count};
    AllocationPiece *pieces = arena_array(cx->arena, pot.count, sizeof *pieces);
    *ret_pieces = (List){pieces, allocation_oldest_first(&pot, pieces)};
    return ERR_OK;
}

Err note_pieces(Ctx *cx, const Note *note, List *ret_pieces)
{
    List invoices;
    return pieces_find(cx, note, &invoices, ret_pieces);
}

static Id order_of(List invoices, Id invoice_id)
{
    size_t at = 0;
    while (LIST_AT(invoices, AllocationInvoice, at)->id != invoice_id) {
        at++;
    }
    return LIST_AT(invoices, AllocationInvoice, at)->order_id;
}

Err note_allocate(Ctx *cx, const Note *note, Money *ret_allocated)
{
    List invoices;
    List pieces;
    TRY(pieces_find(cx, note, &invoices, &pieces));
    *ret_allocated = money_zero(note->source.currency);
    for (size_t i = 0; i < pieces.count; i++) {
        const AllocationPiece *piece = LIST_AT(pieces, AllocationPiece, i);
        Id id = 0;
        TRY(allocation_write(cx,
            &(AllocationWrite){.source = &note->source,
                .invoice_id = piece->invoice,
                .order_id = order_of(invoices, piece->invoice),
                .amount = piece->amount,
                .effective_on = piece->effective_on},
            &id));
        *ret_allocated = money_add(*ret_allocated, piece->amount);
    }
    return ERR_OK;
}

Err note_take_off(Ctx *cx, const Note *note)
{
    List allocations;
    TRY(allocations_of_source(cx, note->source.id, &allocations));
    for (size_t i = 0; i < allocations.count; i++) {
        TRY(allocation_take_off(cx, LIST_AT(allocations, Allocation, i)));
    }
    return ERR_OK;
}

Err note_invoice_check(Ctx *cx, Id account_id, const Ref *invoice)
{
    if (invoice->id == 0 || invoice->account_id == account_id) {
        return ERR_OK;
    }
    return err_set(
        cx, ERR_FIELD_INVALID, "invoice", "Invoice %s is another account's.", invoice->text);
}

Err note_invoice_stands(Ctx *cx, Id invoice_id)
{
    if (invoice_id == 0) {
        return ERR_OK;
    }
    Invoice invoice;
    TRY(invoice_load(cx, invoice_id, &invoice));
    if (invoice.status == INVOICE_REVERSED) {
        return err_set(cx, ERR_STATE, "invoice", "Invoice %s is reversed.", invoice.number);
    }
    return ERR_OK;
}
