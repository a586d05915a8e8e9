/* The credit policy in force. */
#ifndef GUANXI_FEATURE_POLICY_H
#define GUANXI_FEATURE_POLICY_H

#include "base/ctx.h"
#include "rules/policy.h"

/* Puts the default policy in force in a new database. */
Err policy_start(Ctx *cx) MUST_CHECK;
/* The policy in force now, checked; its version in ret_policy->version.
 * Parsed once per connection and version. */
Err policy_load(Ctx *cx, const Policy **ret_policy) MUST_CHECK;
/* Any stored version (replay). */
Err policy_load_version(Ctx *cx, int64_t version, const Policy **ret_policy) MUST_CHECK;
/* A document that is not stored, as policy_set would take it: fills what is not in the document.
 * ERR_NOT_FOUND, ERR_FIELD_REQUIRED and ERR_FIELD_INVALID below `field`. */
Err policy_draft_check(Ctx *cx, const char *field, Policy *draft) MUST_CHECK;

#endif
