/* The limit of an account by day, as rules/limit.h reckons it: kept, so that lists of accounts can
 * compare with it. */
#ifndef GUANXI_FEATURE_LIMIT_KEPT_H
#define GUANXI_FEATURE_LIMIT_KEPT_H

#include "op/op.h"

/* Again after what is in force was changed. */
Err limit_keep(Ctx *cx, Id account_id, Currency currency) MUST_CHECK;

extern const Check check_limit_days;
extern const Derived derived_limit_days;

#endif
