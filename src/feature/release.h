/* Releases of held orders. */
#ifndef GUANXI_FEATURE_RELEASE_H
#define GUANXI_FEATURE_RELEASE_H

#include "base/ctx.h"
#include "feature/approval.h"
#include "rules/release.h"

typedef struct Release {
    Id id;
    Id account_id;
    const char *account; /* code */
    Id order_id;
    Currency currency;
    Money amount_max;
    Money used;
    Money excess;
    Date expires_on;
    Id promise_id;
    List rules;  /* CreditRule: those it was given for */
    List limits; /* CreditRule: the limits of the chain that it exceeds */
    int status;  /* ReleaseStatus as stored */
    /* On the business date: not ended, not expired, its promise not past its window and unpaid. */
    bool is_valid;
} Release;

/* The first day on which an active release stands no longer: behind its last one, or behind the
 * window of a promise that is not kept. Of the rows c (credit_release) and v, its promise. */
#define RELEASE_OVER_ON                                                                            \
    "(CASE WHEN v.status <> 'kept' AND v.window_end_on < c.expires_on"                             \
    " THEN {day_after v.window_end_on} ELSE {day_after c.expires_on} END)"
#define RELEASE_PROMISE_JOIN                                                                       \
    " LEFT JOIN promise v ON v.account_id = c.account_id AND v.id = c.promise_id"

/* The order's release; is_valid false and id 0 when it has none. */
Err release_of_order(Ctx *cx, Id order_id, Release *ret_release) MUST_CHECK;
/* Whose goods the shipment gate judges. */
typedef struct RaiseFor {
    Id order_id;
    bool is_anew; /* its own releases do not count: it is judged for one that takes their place */
} RaiseFor;

/* By how much the account's valid releases raise its limit at the shipment gate of an order. */
Err release_raise_total(Ctx *cx,
    Id account_id,
    Currency currency,
    const RaiseFor *raise_for,
    Money *ret_raise) MUST_CHECK;
/* By how much the valid releases of a group raise the group's own limit, home currency: their
 * excess over the limit rule of `group_code`. */
Err release_raise_group(Ctx *cx,
    Id group_id,
    const char *group_code,
    Currency home,
    const RaiseFor *raise_for,
    Money *ret_raise) MUST_CHECK;
/* The partner's releases over all its accounts: given in the last 365 days, and the excess of the
 * valid ones in home currency. Those of `order_id` that are to be replaced count as well. */
Err release_track(Ctx *cx,
    Id partner_id,
    Currency home,
    int64_t *ret_given_365d,
    Money *ret_valid_excess) MUST_CHECK;
/* Takes cover for a shipment (negative gives back). Asserts that it is there. */
Err release_use(Ctx *cx, Id release_id, Money amount) MUST_CHECK;
/* It rests on another promise from now on, one that is as good. */
Err release_promise_set(Ctx *cx, Id release_id, Id promise_id) MUST_CHECK;
/* Ends a release as withdrawn, void, broken or expired. The order is the caller's affair. */
Err release_end(Ctx *cx, Id release_id, int status) MUST_CHECK;

extern const ApprovalKind release_approval_kind; /* order_release */

#endif
