/* Products in 128 bits. */
#include "rules/wide.h"

__extension__ typedef __int128 Wide;

int wide_product_cmp(int64_t a, int64_t b, int64_t c, int64_t d)
{
    Wide left = (Wide)a * b;
    Wide right = (Wide)c * d;
    return (left > right) - (left < right);
}

bool wide_quotient_up(int64_t a, int64_t b, int64_t c, int64_t *ret_quotient)
{
    ASSERT(a >= 0);
    ASSERT(b >= 0);
    ASSERT(c > 0);
    Wide quotient = ((Wide)a * b + c - 1) / c;
    *ret_quotient = (int64_t)quotient;
    return quotient <= INT64_MAX;
}

int64_t wide_power10(int exponent)
{
    ASSERT(exponent >= 0);
    ASSERT(exponent <= 18);
    int64_t power = 1;
    for (int i = 0; i < exponent; i++) {
        power *= 10;
    }
    return power;
}

int decimal_cmp(Decimal a, Decimal b)
{
    return wide_product_cmp(a.units, wide_power10(b.scale), b.units, wide_power10(a.scale));
}
