/* What a release would be on the day of the call: the terms asked for, judged anew. */
#ifndef GUANXI_FEATURE_RELEASE_PLAN_H
#define GUANXI_FEATURE_RELEASE_PLAN_H

#include "feature/order.h"
#include "feature/release.h"

typedef struct ReleasePromise {
    Date due_on;
    Decimal amount;
} ReleasePromise;

SCHEMA(ReleasePromise,
    F_DATE(ReleasePromise, due_on, REQUIRED),
    F_DECIMAL(ReleasePromise, amount, REQUIRED, .scale_max = 3, .min = 0, .max = 1000000000000));

/* What a request binds. Absent members take their defaults on the day of the release. */
typedef struct ReleaseContent {
    Decimal amount_max;
    Date expires_on;
    ReleasePromise *promise;
} ReleaseContent;

SCHEMA(ReleaseContent,
    F_DECIMAL(ReleaseContent, amount_max, .scale_max = 3, .min = 0, .max = 1000000000000),
    F_DATE(ReleaseContent, expires_on),
    F_OBJECT(ReleaseContent, promise, ReleasePromise));

typedef struct ReleasePlan {
    Order order;
    Money open;
    Decision decision; /* at the release gate */
    ReleaseTerms terms;
    bool has_promise;
    Money promise_amount;
    Date promise_due_on;
    LadderAmount ladder;
    Id release_id; /* once it is carried out */
    Id promise_id;
} ReleasePlan;

/* Judges the order at the release gate and checks the terms: ERR_FIELD_INVALID,
 * ERR_RATE_MISSING. */
Err release_plan_make(
    Ctx *cx, Id order_id, const ReleaseContent *content, ReleasePlan **ret_plan) MUST_CHECK;
/* ERR_CREDIT_REFUSED when a rule refuses. */
Err release_plan_refuse(Ctx *cx, const ReleasePlan *plan) MUST_CHECK;
/* Is it the same that is asked? */
bool release_content_equals(const ReleaseContent *a, const ReleaseContent *b);

#endif
