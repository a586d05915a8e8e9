/* Releases in the database: what the files of this folder share. */
#ifndef GUANXI_FEATURE_RELEASE_MODEL_H
#define GUANXI_FEATURE_RELEASE_MODEL_H

#include "feature/release.h"
#include "op/op.h"
#include "rules/credit.h"

/* What its requests are called. */
#define RELEASE_OPERATION "order_release"

/* A release as it is given. */
typedef struct ReleaseWrite {
    Id account_id;
    Id order_id;
    Id decision_id;
    Id approval_id;
    Id promise_id;
    const ReleaseTerms *terms;
    const CreditVerdict *verdict;
    Money open_amount;
    const char *reason;
} ReleaseWrite;

/* Writes the row; an earlier one of the same order that still stands is void. */
Err release_write(Ctx *cx, const ReleaseWrite *write, Id *ret_release) MUST_CHECK;
/* What earlier releases of the account add to the ladder's amount, in its currency. */
Err release_recent(Ctx *cx, Id account_id, Currency currency, Money *ret_sum) MUST_CHECK;

/* Listed by the feature. */
extern const Fact fact_release;
extern const Check check_release_used;
extern const Derived derived_release;

#endif
