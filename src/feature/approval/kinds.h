/* What can be approved: each feature exports its kinds, and this is the list of them. */
#ifndef GUANXI_FEATURE_APPROVAL_KINDS_H
#define GUANXI_FEATURE_APPROVAL_KINDS_H

#include "feature/approval.h"
#include "op/fact.h"
#include "rules/state.h"

/* That of a stored request; ERR_DB_DAMAGED when its operation is none that can be approved. */
Err approval_kind(Ctx *cx, const Approval *approval, const ApprovalKind **ret_kind) MUST_CHECK;

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

/* What is fact in approval; see op/fact.h. */
#define APPROVAL_FACTS                                                                             \
    "id, account_id, partner_id, operation, subject_id, input, amount, is_last_step, "             \
    "reason, reason_code, promise_id, vouched_by_id, status, requested_by_id, "                    \
    "placed_by_id, changed_by_id, requested_on, lapses_on, ended_on, is_self_approved, "           \
    "version"
#define APPROVAL_LETTERS "kkktktibttkktkkkdddbi"
extern const Fact fact_approval;
extern const Fact fact_consent;

#endif
