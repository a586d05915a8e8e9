/* What a judgement is given, gathered inside the transaction with full sight:
 * never through the caller's rows. */
#ifndef GUANXI_FEATURE_CREDIT_FACTS_H
#define GUANXI_FEATURE_CREDIT_FACTS_H

#include "feature/credit.h"

/* Fills the facts of a call. ERR_RATE_MISSING where something has to be converted
 * and no rate is known. */
Err facts_gather(
    Ctx *cx, const Policy *policy, const GateCall *call, CreditFacts *ret_facts) MUST_CHECK;

#endif
