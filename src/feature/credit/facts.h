/* What a judgement is given, gathered inside the transaction with full sight:
 * never through the caller's rows. */
#ifndef GUANXI_FEATURE_CREDIT_FACTS_H
#define GUANXI_FEATURE_CREDIT_FACTS_H

#include "db/db.h"
#include "feature/credit.h"

/* What is overdue as it was known at the end of an earlier business date; parameters and columns of
 * the statement for today. */
const Sql *credit_overdue_then(void);

/* Fills the facts of a call. ERR_RATE_MISSING where something has to be converted
 * and no rate is known. */
Err facts_gather(
    Ctx *cx, const Policy *policy, const GateCall *call, CreditFacts *ret_facts) MUST_CHECK;

#endif
