/* Reading releases. */
#ifndef GUANXI_FEATURE_RELEASE_READ_H
#define GUANXI_FEATURE_RELEASE_READ_H

#include "feature/release.h"
#include "op/op.h"

extern const Record record_release;
extern const RefKind ref_release;

/* Nothing waits for the close of a day: a release is over with its last day, and broken with the
 * window of its promise. $1 is the business date. */
#define RELEASE_STATUS_NOW                                                                         \
    "(CASE WHEN r.status <> 'active' THEN r.status"                                                \
    " WHEN EXISTS (SELECT 1 FROM promise v WHERE v.account_id = r.account_id"                      \
    " AND v.id = r.promise_id AND v.status <> 'kept' AND v.window_end_on < $1)"                    \
    " THEN 'broken' WHEN r.expires_on < $1 THEN 'expired' ELSE 'active' END)"
#define RELEASE_ENDED_ON_NOW                                                                       \
    "(CASE WHEN r.status <> 'active' THEN r.ended_on ELSE (SELECT " RELEASE_OVER_ON                \
    " FROM credit_release c" RELEASE_PROMISE_JOIN                                                  \
    " WHERE c.account_id = r.account_id AND c.id = r.id AND " RELEASE_OVER_ON " <= $1) END)"

#endif
