/* Invoices. All writes of `invoice` are here. */
#ifndef GUANXI_FEATURE_INVOICE_H
#define GUANXI_FEATURE_INVOICE_H

#include "base/ctx.h"
#include "base/schema.h"

typedef struct Invoice {
    Id id;
    Id account_id;
    const char *number;
    Id order_id;
    Currency currency;
    Money amount;
    Money open;
    Date invoiced_on;
    Date due_on;
    Date settled_on; /* DATE_NONE: something of it is open */
    int status;      /* InvoiceStatus of rules/state.h */
    bool is_final;
    Money from_shipped; /* where its amount came from in the ledger */
    Money from_ordered;
    Money from_outside;
    Money dropped; /* a final one: the rest of shipped that went outside */
} Invoice;

Err invoice_load(Ctx *cx, Id invoice_id, Invoice *ret_invoice) MUST_CHECK;
/* Open ones of the account, by due date, then id. List of Invoice. */
Err invoice_open_list(Ctx *cx, Id account_id, List *ret_invoices) MUST_CHECK;
/* Changes what is open (negative: less), and with it the status and the day on which it was
 * settled: the last of the allocations that stand. */
Err invoice_open_move(Ctx *cx, Id account_id, Id invoice_id, Money change) MUST_CHECK;

/* What the invoice of a request for a longer due date (its input) was due on by the terms. */
Err invoice_due_by_terms(Ctx *cx, const char *input, Date *ret_due_on) MUST_CHECK;

#endif
