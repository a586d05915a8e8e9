/* What can be approved: each feature exports its kinds, and this is the list of them. */
#ifndef GUANXI_FEATURE_APPROVAL_KINDS_H
#define GUANXI_FEATURE_APPROVAL_KINDS_H

#include "feature/approval.h"
#include "op/fact.h"
#include "rules/state.h"

/* Asserts that the operation is one that can be approved. */
const ApprovalKind *approval_kind(const char *operation);

/* Sets the status, notes it and ends the pending record. */
Err approval_close(Ctx *cx, const Approval *approval, ApprovalStatus status) MUST_CHECK;

extern const ApprovalKind limit_approval_kind;
extern const ApprovalKind partner_approval_kind;
extern const ApprovalKind policy_approval_kind;
extern const ApprovalKind account_change_approval_kind;
extern const ApprovalKind account_state_approval_kind;
extern const ApprovalKind invoice_approval_kind;
extern const ApprovalKind credit_note_approval_kind;
extern const ApprovalKind write_off_approval_kind;
extern const ApprovalKind refund_approval_kind;
extern const ApprovalKind period_approval_kind;

/* Listed by the feature; see op/fact.h. */
extern const Fact fact_approval;
extern const Fact fact_consent;

#endif
