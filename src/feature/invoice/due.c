/* A due date later than the account's terms: asked for, and put in force when it is approved. */
#include "feature/approval/kinds.h"
#include "feature/invoice/model.h"
#include "feature/ledger.h"
#include "feature/month.h"
#include "op/run.h"

#define OPERATION "invoice_post"

typedef struct InvoiceDue {
    Date due_on;
    Date by_terms_on;
} InvoiceDue;

SCHEMA(InvoiceDue,
    F_DATE(InvoiceDue, due_on, REQUIRED),
    F_DATE(InvoiceDue, by_terms_on, .doc = "What it is until then."));

static const Sql sql_invoice_due = {
    "UPDATE invoice SET due_on = $2 WHERE id = $1 RETURNING " INVOICE_FACTS,
    .in = "kd",
    .out = INVOICE_LETTERS,
};

Err invoice_due_ask(
    Ctx *cx, const Invoice *invoice, Date asked_on, Date by_terms_on, Id *ret_approval)
{
    return approval_ask(cx,
        &(ApprovalAsk){.operation = OPERATION,
            .account_id = invoice->account_id,
            .subject_id = invoice->id,
            .input = run_encode(cx, &InvoiceDue_schema, &(InvoiceDue){asked_on, by_terms_on})},
        ret_approval);
}

Err invoice_due_by_terms(Ctx *cx, const char *input, Date *ret_due_on)
{
    InvoiceDue due = {0};
    TRY(run_decode(cx, &InvoiceDue_schema, input, &due));
    *ret_due_on = due.by_terms_on;
    return ERR_OK;
}

static Err due_carry_out(Ctx *cx, const Approval *approval)
{
    Invoice invoice;
    InvoiceDue due = {0};
    TRY(run_decode(cx, &InvoiceDue_schema, approval->input, &due));
    TRY(invoice_load(cx, approval->subject_id, &invoice));
    char before[DATE_TEXT_SIZE];
    char after[DATE_TEXT_SIZE];
    date_format(invoice.due_on, before);
    date_format(due.due_on, after);
    run_changed(cx, invoice.id, "due_on", before, after);
    if (invoice.settled_on != DATE_NONE) {
        TRY(month_settled_move(
            cx, invoice.account_id, invoice.due_on, invoice.settled_on, money_neg(invoice.amount)));
        TRY(month_settled_move(
            cx, invoice.account_id, due.due_on, invoice.settled_on, invoice.amount));
    }
    TRY(ledger_moved(cx, invoice.account_id));
    return fact_change(cx, &fact_invoice, invoice.id, &sql_invoice_due,
        ARGS(arg_id(invoice.id), arg_date(due.due_on)));
}

const ApprovalKind invoice_approval_kind = {
    .operation = OPERATION,
    .carry_out = due_carry_out,
};
