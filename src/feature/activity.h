/* Activities with partners, as the conflicts of interest need them. */
#ifndef GUANXI_FEATURE_ACTIVITY_H
#define GUANXI_FEATURE_ACTIVITY_H

#include "base/ctx.h"

/* The last day on which the user gave or received hospitality with the partner, reversed ones
 * included; DATE_NONE: never. */
Err activity_entertained_on(Ctx *cx, Id partner_id, Id user_id, Date *ret_on) MUST_CHECK;
/* The last day on which the user placed an order of the partner or logged a contact with it. */
Err activity_handled_on(Ctx *cx, Id partner_id, Id user_id, Date *ret_on) MUST_CHECK;

#endif
