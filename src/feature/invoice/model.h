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

/* Whether it was taken back with the import that brought it: then another one may. */
Err invoice_is_undone(Ctx *cx, Id invoice_id, const char *status, bool *ret_undone) MUST_CHECK;
/* ERR_NUMBER_TAKEN: the account has one of this number. */
Err invoice_number_check(Ctx *cx, Id account_id, const char *number) MUST_CHECK;
/* The same of several; *ret_taken: of which one, `count` where it is about none. */
Err invoice_numbers_check(
    Ctx *cx, Id account_id, const char *const *numbers, size_t count, size_t *ret_taken) MUST_CHECK;
/* Refuses the number. */
Err invoice_number_taken(Ctx *cx, const char *number) MUST_CHECK;
/* Gives it the next of our series; a number that somebody gave by hand is left out. Taken last: the
 * row of the series is one for all accounts. */
Err invoice_number_take(Ctx *cx, Id invoice_id, const char **ret_number) MUST_CHECK;
/* Asks for a later due date than the terms give; until then they hold. */
Err invoice_due_ask(
    Ctx *cx, const Invoice *invoice, Date asked_on, Date by_terms_on, Id *ret_approval) MUST_CHECK;

#endif
