/* Money that comes in on what was written off already: written_off -> advance, and at once used.
 * The invoice keeps nothing open: rows of the write-off balance those of the payment. */
#include "feature/ledger.h"
#include "feature/payment/model.h"
#include "op/run.h"

/* A write-off of an invoice, and what of it was not recovered. */
typedef struct WrittenOff {
    Id id; /* of its allocation */
    Id source_id;
    Currency currency;
    Money amount;
    Money left;
} WrittenOff;

SCHEMA(WrittenOff,
    F_ID(WrittenOff, id, "allocation"),
    F_ID(WrittenOff, source_id, "write_off"),
    F_CURRENCY(WrittenOff, currency),
    F_MONEY(WrittenOff, amount),
    F_MONEY(WrittenOff, left));

static const Sql sql_written_off = {
    "SELECT l.id, l.source_id, a.currency, l.amount, l.amount + COALESCE((SELECT"
    "   CAST(SUM(b.amount) AS BIGINT) FROM allocation b"
    "   WHERE b.account_id = l.account_id AND b.invoice_id = l.invoice_id AND b.reverses_id = "
    "l.id), 0)"
    " FROM allocation l JOIN account a ON a.id = l.account_id"
    " WHERE l.invoice_id = $1 AND l.source_kind = 'write_off' AND l.reverses_id IS NULL"
    " AND l.is_reversed = FALSE ORDER BY l.id",
    .in = "k",
    .out = "kktii",
};

static Err written_off_load(Ctx *cx, Id invoice_id, List *ret_rows)
{
    return row_list(cx, &sql_written_off, ARGS(arg_id(invoice_id)), &WrittenOff_schema, ret_rows);
}

Err recovery_room(Ctx *cx, const Invoice *invoice, Money *ret_room)
{
    List rows;
    TRY(written_off_load(cx, invoice->id, &rows));
    *ret_room = money_zero(invoice->currency);
    for (size_t i = 0; i < rows.count; i++) {
        *ret_room = money_add(*ret_room, LIST_AT(rows, WrittenOff, i)->left);
    }
    return ERR_OK;
}

/* Rows of the write-offs that balance `change` of the payment: below zero is recovered,
 * above it is written off again. */
static Err balance_write(Ctx *cx, const Allocation *of, Money change)
{
    List rows;
    TRY(written_off_load(cx, of->invoice_id, &rows));
    bool is_recovered = change.minor < 0;
    Money left = is_recovered ? money_neg(change) : change;
    for (size_t i = 0; i < rows.count && money_is_positive(left); i++) {
        const WrittenOff *row = LIST_AT(rows, WrittenOff, i);
        Money room = is_recovered ? row->left : money_sub(row->amount, row->left);
        Money part = money_min(room, left);
        if (money_is_zero(part)) {
            continue;
        }
        Id id = 0;
        TRY(allocation_row_write(cx,
            &(Allocation){.account_id = of->account_id,
                .source_kind = SOURCE_WRITE_OFF,
                .source_id = row->source_id,
                .invoice_id = of->invoice_id,
                .amount = is_recovered ? money_neg(part) : part,
                .effective_on = of->effective_on,
                .reverses_id = row->id},
            &id));
        run_touch(cx, row->source_id);
        left = money_sub(left, part);
    }
    return money_is_zero(left)
               ? ERR_OK
               : db_damaged(cx, "the write-offs of an invoice hold less than was recovered");
}

static Err recovery_book(Ctx *cx, const Allocation *row, bool is_reversal, Date posted_on)
{
    Booking booking = {
        .account_id = row->account_id,
        .event = is_reversal ? MOVE_ADVANCE_USED : MOVE_RECOVERED,
        .is_reversal = is_reversal,
        .amount = row->amount,
        .posted_on = posted_on,
        .document_kind = source_names[row->source_kind],
        .document_id = row->source_id,
        .order_id = row->order_id,
    };
    TRY(ledger_book(cx, &booking));
    booking.event = is_reversal ? MOVE_RECOVERED : MOVE_ADVANCE_USED;
    return ledger_book(cx, &booking);
}

Err recovery_write(Ctx *cx, const AllocationWrite *write, Id *ret_allocation)
{
    Allocation row = allocation_row(write);
    row.is_recovery = true;
    TRY(balance_write(cx, &row, money_neg(write->amount)));
    TRY(allocation_row_write(cx, &row, ret_allocation));
    return recovery_book(cx, &row, false, write->effective_on);
}

Err recovery_take_back(Ctx *cx, const Allocation *allocation)
{
    Allocation today = *allocation;
    today.effective_on = cx->today;
    TRY(balance_write(cx, &today, allocation->amount));
    TRY(allocation_row_reverse(cx, allocation));
    return recovery_book(cx, allocation, true, cx->today);
}

/* ---- A recovery becomes money like any other, and the other way round ---- */

/* What pays a claim was received; what is recovered goes from what was given up straight to its
 * use. */
static Err received_book(Ctx *cx, const Source *payment, Money amount, bool is_reversal)
{
    TRY(source_advance_move(cx, payment, is_reversal ? money_neg(amount) : amount));
    return ledger_book(cx, &(Booking){.account_id = payment->account_id,
                               .event = MOVE_PAYMENT_RECEIVED,
                               .is_reversal = is_reversal,
                               .amount = amount,
                               .posted_on = cx->today,
                               .document_kind = source_names[payment->kind],
                               .document_id = payment->id,
                               .order_id = payment->order_id});
}

Err recovery_to_advance(Ctx *cx, const Allocation *allocation)
{
    Source payment;
    TRY(source_load(cx, allocation->source_kind, allocation->source_id, &payment));
    TRY(recovery_take_back(cx, allocation));
    return received_book(cx, &payment, allocation->amount, false);
}

static Err recovery_from_advance(Ctx *cx, const AllocationWrite *write)
{
    Id id = 0;
    TRY(received_book(cx, write->source, write->amount, true));
    return recovery_write(cx, write, &id);
}

/* The money of a recovery goes to the invoice again: `paying` of it on what is claimed, the rest
 * on what is still given up. */
static Err recovery_deal(Ctx *cx, const Allocation *recovery, Money paying)
{
    Source payment;
    TRY(source_load(cx, recovery->source_kind, recovery->source_id, &payment));
    AllocationWrite write = {
        .source = &payment,
        .invoice_id = recovery->invoice_id,
        .order_id = recovery->order_id,
        .amount = paying,
        .effective_on = cx->today,
    };
    if (money_is_positive(paying)) {
        Id id = 0;
        TRY(allocation_from_advance(cx, &write, &id));
        TRY(source_advance_move(cx, &payment, money_neg(paying)));
    }
    write.amount = money_sub(recovery->amount, paying);
    return money_is_positive(write.amount) ? recovery_from_advance(cx, &write) : ERR_OK;
}

/* What was recovered of one write-off of an invoice. */
static Err recovered_of(Ctx *cx, const Allocation *written_off, Money *ret_recovered)
{
    List rows;
    TRY(written_off_load(cx, written_off->invoice_id, &rows));
    *ret_recovered = money_zero(written_off->currency);
    for (size_t i = 0; i < rows.count; i++) {
        const WrittenOff *row = LIST_AT(rows, WrittenOff, i);
        if (row->id == written_off->id) {
            *ret_recovered = money_sub(row->amount, row->left);
        }
    }
    return ERR_OK;
}

/* Rows of write-offs name no payment, so all recoveries of the invoice are dealt out anew. */
Err written_off_take_off(Ctx *cx, const Allocation *written_off)
{
    Money left;
    List recoveries = {0};
    TRY(recovered_of(cx, written_off, &left));
    if (money_is_positive(left)) {
        TRY(recoveries_of_invoice(cx, written_off->invoice_id, &recoveries));
    }
    for (size_t i = 0; i < recoveries.count; i++) {
        TRY(recovery_to_advance(cx, LIST_AT(recoveries, Allocation, i)));
    }
    TRY(allocation_take_off(cx, written_off));
    for (size_t i = 0; i < recoveries.count; i++) {
        const Allocation *recovery = LIST_AT(recoveries, Allocation, i);
        Money paying = money_min(recovery->amount, left);
        TRY(recovery_deal(cx, recovery, paying));
        left = money_sub(left, paying);
    }
    return ERR_OK;
}
