/* Days sales outstanding. */
#include "rules/dso.h"

Decimal dso_of(Money receivable, Money invoiced, int64_t days)
{
    int64_t tenths = 0;
    if (invoiced.minor <= 0 ||
        !scale_half_up(receivable.minor, days * 10, invoiced.minor, &tenths)) {
        return (Decimal){0};
    }
    return decimal_of(tenths, 1);
}
