/* Money of one currency said in another.
 *
 * A rate is home units for one unit of the currency (7.15: one USD is 7.15 CNY). Money of one
 * account is never converted; groups, ladders, reports and policy amounts are in the home
 * currency. */
#ifndef GUANXI_RULES_RATE_H
#define GUANXI_RULES_RATE_H

#include "base/money.h"

/* Rounded half up to the home currency's decimals, at most MONEY_MINOR_MAX. The same currency and
 * zero need no rate; otherwise an unset rate, or one that is not positive, gives false. */
MUST_CHECK bool rate_to_home(Money money, Decimal rate, Currency home, Money *ret_money);
/* The way back: money of the home currency in `currency`, half up. */
MUST_CHECK bool rate_from_home(Money money, Decimal rate, Currency currency, Money *ret_money);

#endif
