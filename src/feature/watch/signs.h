/* The signs looked for at day close, in the state of the books on that day.
 * Each function raises what it finds. */
#ifndef GUANXI_FEATURE_WATCH_SIGNS_H
#define GUANXI_FEATURE_WATCH_SIGNS_H

#include "base/ctx.h"
#include "base/id.h"
#include "op/fact.h"
#include "rules/policy.h"

/* A day that cannot be closed for one account's sake tells which: adds its code and currency to the
 * refusal that is pending, and returns its code. */
Err day_refusal(Ctx *cx, Err code, Id account_id) MUST_CHECK;

/* Of accounts: over the limit, near it, overdue, invoiced beyond shipped,
 * shipped and not invoiced. */
Err signs_accounts(Ctx *cx, const Policy *policy) MUST_CHECK;
/* Of one account and the accounts above it: over the limit, near it. */
Err signs_limits(Ctx *cx, const Policy *policy, Id account_id) MUST_CHECK;
/* Is more invoiced than shipped of an order of the account; the record may be one of its
 * invoices. */
Err signs_beyond(Ctx *cx, const Policy *policy, Id account_id, Id record_id) MUST_CHECK;
/* Broken promises, by account; 0: of all. */
Err signs_promises(Ctx *cx, Id account_id) MUST_CHECK;
/* An approval by who asked for it; the record may be anything else. */
Err signs_self_approved(Ctx *cx, Id record_id) MUST_CHECK;
/* Of owners: exceptions this quarter, overdue share and its trend,
 * people who clear each other, self-approvals. */
Err signs_owners(Ctx *cx) MUST_CHECK;
/* Of hospitality: without growth, and around collection visits that ended in a new date. */
Err signs_hospitality(Ctx *cx) MUST_CHECK;

/* Listed by the feature; see op/fact.h. */
extern const Fact fact_owner_day;

#endif
