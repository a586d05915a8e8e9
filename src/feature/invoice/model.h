/* What the files of this folder share. */
#ifndef GUANXI_FEATURE_INVOICE_MODEL_H
#define GUANXI_FEATURE_INVOICE_MODEL_H

#include "feature/invoice.h"
#include "op/op.h"

extern const Record record_invoice;
extern const RefKind ref_invoice;
extern const Check check_invoice_open;
extern const Check check_invoice_over;
extern const Check check_invoice_tax;
extern const Check check_invoice_status;
extern const Check check_invoice_settled;
extern const Check check_invoice_receivable;
extern const Check check_invoice_orders;
extern const Check check_invoice_order_sums;
extern const Derived derived_invoice;

/* Of an allocation l: it stands, and what it is of has settled so much of the invoice. */
#define ALLOCATION_SETTLES                                                                         \
    "l.reverses_id IS NULL AND l.is_reversed = FALSE AND l.is_recovery = FALSE"

/* What is fact in invoice; see op/fact.h. */
#define INVOICE_FACTS                                                                              \
    "id, account_id, number, order_id, amount, tax, invoiced_on, due_on, booked_on, "              \
    "is_final, from_shipped, from_ordered, from_outside, dropped, decision_id, "                   \
    "approval_id, posted_by_id, reversed_on"
#define INVOICE_LETTERS "kktkiidddbiiiikkkd"
extern const Fact fact_invoice;

#endif
