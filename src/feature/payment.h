/* Payments, allocations, and the open amounts of invoices they settle. */
#ifndef GUANXI_FEATURE_PAYMENT_H
#define GUANXI_FEATURE_PAYMENT_H

#include "base/ctx.h"
#include "base/money.h"

/* Allocates the account's advances to a new invoice, oldest first,
 * unless earmarked for another order. */
Err payment_advance_use(Ctx *cx, Id invoice_id) MUST_CHECK;
/* Whether there is any for it to allocate. */
Err payment_has_advance(Ctx *cx, Id account_id, bool *ret_has) MUST_CHECK;
/* Takes everything allocated to an invoice back into the advances it came from, money that came in
 * on what was written off too, and its write-offs off it (the invoice is reversed). */
Err payment_invoice_free(Ctx *cx, Id invoice_id) MUST_CHECK;

#endif
