/* How late an invoice was settled. */
#include "rules/lateness.h"

Lateness lateness_of(Date due_on, Date settled_on)
{
    if (settled_on <= due_on) {
        return LATENESS_ON_TIME;
    }
    return settled_on - due_on <= LATENESS_SLOW_DAYS ? LATENESS_LATE : LATENESS_VERY_LATE;
}
