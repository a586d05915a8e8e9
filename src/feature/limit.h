/* Dated credit limits of an account. */
#ifndef GUANXI_FEATURE_LIMIT_H
#define GUANXI_FEATURE_LIMIT_H

#include "base/ctx.h"
#include "base/money.h"

/* The account's own limit in force on a date (base or seasonal, plus insured and guaranteed). */
Err limit_in_force_on(
    Ctx *cx, Id account_id, Currency currency, Date on, LimitValue *ret_limit) MUST_CHECK;
/* May the caller give a new account of the partner a limit,
 * or a parent whose limit it uses, without a second person? */
Err limit_gives_alone(Ctx *cx, Id partner_id, bool *ret_is_free) MUST_CHECK;
/* The first limit of a new account: in force at once when the caller gives alone,
 * else pending with an approval. */
Err limit_open(
    Ctx *cx, Id account_id, Currency currency, LimitValue limit, Id *ret_approval) MUST_CHECK;
/* Takes all limits of an account away that never was of use. */
Err limit_forget(Ctx *cx, Id account_id, Currency currency) MUST_CHECK;

#endif
