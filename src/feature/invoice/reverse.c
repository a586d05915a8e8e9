/* Taking invoices back: what they moved goes where it came from,
 * what paid them becomes an advance again. */
#include "feature/approval.h"
#include "feature/document.h"
#include "feature/features.h"
#include "feature/invoice/model.h"
#include "feature/ledger.h"
#include "feature/lines.h"
#include "feature/order.h"
#include "feature/org.h"
#include "feature/payment.h"
#include "feature/promise.h"
#include "feature/shipment.h"
#include "op/run.h"

REVERSE_INPUT(InvoiceReverseIn, "invoice");

typedef Reversed InvoiceReverseOut;
SCHEMA(InvoiceReverseOut,
    F_ID(InvoiceReverseOut, id, "invoice"),
    F_TEXT(InvoiceReverseOut, number),
    F_TEXT(InvoiceReverseOut, status),
    F_JUDGED(InvoiceReverseOut));

static const Sql sql_notes_pending = {
    "SELECT id FROM credit_note WHERE account_id = $1 AND invoice_id = $2 AND status = 'pending'"
    " UNION ALL"
    " SELECT id FROM write_off WHERE account_id = $1 AND invoice_id = $2 AND status = 'pending'"
    " ORDER BY id",
    .in = "kk",
    .out = "k",
};

static const Sql sql_invoice_reverse = {
    "UPDATE invoice SET status = 'reversed', open = 0, reversed_on = $2 WHERE id = $1 "
    "RETURNING " INVOICE_FACTS,
    .in = "kd",
    .out = INVOICE_LETTERS,
};

static const Sql sql_invoice_lines = {
    "SELECT order_line_id, quantity, amount, tax FROM invoice_line WHERE invoice_id = $1 ORDER BY "
    "id",
    .in = "k",
    .out = "kiii",
};

static const Sql sql_final_left = {
    "SELECT id FROM invoice WHERE order_id = $1 AND is_final = TRUE AND status <> 'reversed'"
    " LIMIT 1",
    .in = "k",
    .out = "k",
};

static Err invoice_reverse_guard(Ctx *cx, const void *input, void *output)
{
    const InvoiceReverseIn *in = input;
    (void)output;
    Invoice invoice;
    TRY(invoice_load(cx, in->document.id, &invoice));
    return invoice.status == INVOICE_REVERSED
               ? err_set(cx, ERR_STATE, "invoice", "The invoice is reversed already.")
               : ERR_OK;
}

static Err moves_take_back(Ctx *cx, const Invoice *invoice)
{
    const struct {
        MoveEvent event;
        Money amount;
    } moves[] = {
        {MOVE_INVOICED_SHIPPED, invoice->from_shipped},
        {MOVE_INVOICED_ORDERED, invoice->from_ordered},
        {MOVE_INVOICED_OUTSIDE, invoice->from_outside},
        {MOVE_SHIPPED_UNINVOICED, invoice->dropped},
    };
    for (size_t i = 0; i < COUNT(moves); i++) {
        TRY(ledger_book(cx, &(Booking){.account_id = invoice->account_id,
                                .event = moves[i].event,
                                .is_reversal = true,
                                .amount = moves[i].amount,
                                .posted_on = cx->today,
                                .document_kind = "invoice",
                                .document_id = invoice->id,
                                .order_id = invoice->order_id}));
    }
    return ERR_OK;
}

static Err lines_take_back(Ctx *cx, const Invoice *invoice)
{
    Rows rows;
    TRY(db_ask(cx, &sql_invoice_lines, ARGS(arg_id(invoice->id)), &rows));
    while (db_next(&rows)) {
        TRY(order_line_move(cx, invoice->account_id, invoice->order_id,
            &(LineMove){.order_line_id = db_id(&rows, 0),
                .invoiced_milli = -db_i64(&rows, 1),
                .invoiced_amount = money_of(invoice->currency, -db_i64(&rows, 2)),
                .invoiced_tax = money_of(invoice->currency, -db_i64(&rows, 3))}));
    }
    return ERR_OK;
}

static Err order_take_back(Ctx *cx, const Invoice *invoice)
{
    if (invoice->order_id == 0) {
        return ERR_OK;
    }
    Rows rows;
    TRY(lines_take_back(cx, invoice));
    TRY(order_billed_move(cx, invoice->account_id, invoice->order_id, money_neg(invoice->amount)));
    TRY(db_ask(cx, &sql_final_left, ARGS(arg_id(invoice->order_id)), &rows));
    bool is_reopened = invoice->is_final && rows.count == 0;
    if (is_reopened) {
        TRY(order_final_set(cx, invoice->order_id, false));
    }
    TRY(order_settle(cx, invoice->order_id,
        &(Booking){.account_id = invoice->account_id,
            .posted_on = cx->today,
            .document_kind = "invoice",
            .document_id = invoice->id,
            .order_id = invoice->order_id}));
    run_touch(cx, invoice->order_id);
    TRY(shipment_invoiced_refresh(cx, invoice->order_id));
    return order_status_back(
        cx, invoice->order_id, is_reopened, "an invoice was reversed; have it judged again");
}

/* Requests about the invoice were made while it stood. */
static Err requests_void(Ctx *cx, const Invoice *invoice)
{
    TRY(approval_void(cx, invoice->id, NULL));
    Rows rows;
    TRY(db_ask(
        cx, &sql_notes_pending, ARGS(arg_id(invoice->account_id), arg_id(invoice->id)), &rows));
    while (db_next(&rows)) {
        TRY(approval_void(cx, db_id(&rows, 0), NULL));
    }
    return ERR_OK;
}

OP(invoice_reverse,
    InvoiceReverseIn,
    InvoiceReverseOut,
    POST("/invoices/{invoice}/reverse"),
    .effect = EFFECT_ACT,
    .needs = PERM_INVOICE_WRITE,
    .lock = "invoice",
    .guard = invoice_reverse_guard,
    .is_watched = true,
    .summary = "Take an invoice back; what was paid or credited on it becomes an advance, and "
               "nothing of it is written off any more.",
    FAILS(ERR_STATE, ERR_PERIOD_CLOSED))
{
    DocumentFact fact;
    Invoice invoice;
    TRY(document_reverse_start(cx, "invoice", &in->document, &fact));
    TRY(payment_invoice_free(cx, in->document.id));
    TRY(invoice_load(cx, in->document.id, &invoice));
    TRY(document_mark_reversed(
        cx, &fact_invoice, &sql_invoice_reverse, invoice.id, invoice_status_names[invoice.status]));
    TRY(moves_take_back(cx, &invoice));
    TRY(order_take_back(cx, &invoice));
    TRY(requests_void(cx, &invoice));
    fact.order_id = invoice.order_id;
    out->number = invoice.number;
    return document_reverse_end(cx, &fact, out);
}

const Feature invoice_feature = {
    .name = "invoice",
    .ops = (const Op *const[]){&op_invoice_reverse, NULL},
    .records = (const Record *const[]){&record_invoice, NULL},
    .refs = (const RefKind *const[]){&ref_invoice, NULL},
    .checks =
        (const Check *const[]){&check_invoice_open, &check_invoice_over, &check_invoice_status,
            &check_invoice_settled, &check_invoice_receivable, &check_invoice_orders,
            &check_invoice_order_sums, &check_invoice_tax, &check_tax_parts, &check_tax_sums, NULL},
    .derived = (const Derived *const[]){&derived_invoice, NULL},
    .facts = (const Fact *const[]){&fact_invoice, &fact_series, NULL},
};
