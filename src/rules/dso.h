/* Days sales outstanding: for how many days' sales the receivable stands. What is owed at the end
 * of a period, divided by what was invoiced in it, times its days: the usual formula of credit
 * managers (Credit Research Foundation, "days sales outstanding"). */
#ifndef GUANXI_RULES_DSO_H
#define GUANXI_RULES_DSO_H

#include "base/money.h"

/* With one decimal. Unset when nothing was invoiced, on balance: then it says nothing. */
Decimal dso_of(Money receivable, Money invoiced, int64_t days);

#endif
