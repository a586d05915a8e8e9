/* What became of an account's invoices month by month. The only writer of account_month. */
#ifndef GUANXI_FEATURE_MONTH_H
#define GUANXI_FEATURE_MONTH_H

#include "base/ctx.h"
#include "base/money.h"

/* What was invoiced, and by how much the receivable changed, on a document's date. */
Err month_receivable_move(
    Ctx *cx, Id account_id, Date posted_on, Money invoiced, Money receivable) MUST_CHECK;
/* An invoice of this amount that was due is settled; a negative amount: it is not any more. */
Err month_settled_move(
    Ctx *cx, Id account_id, Date due_on, Date settled_on, Money amount) MUST_CHECK;

#endif
