/* Comparisons of products that may leave 64 bits: a figure against a percent or a ratio,
 * unrounded. */
#ifndef GUANXI_RULES_WIDE_H
#define GUANXI_RULES_WIDE_H

#include "base/money.h"

/* a * b compared with c * d: -1, 0, 1. Exact for all values. */
int wide_product_cmp(int64_t a, int64_t b, int64_t c, int64_t d);
/* a * b / c, rounded up; a and b not below 0. False: it leaves 64 bits. */
MUST_CHECK bool wide_quotient_up(int64_t a, int64_t b, int64_t c, int64_t *ret_quotient);
/* 10^exponent, exponent 0 to 18. */
int64_t wide_power10(int exponent);
/* a compared with b, whatever their scales: -1, 0, 1. Both set. */
int decimal_cmp(Decimal a, Decimal b);

#endif
