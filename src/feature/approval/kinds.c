/* The list of what can be approved. */
#include "feature/approval/kinds.h"

#include "db/db.h"
#include "feature/release.h"

#include <string.h>

static const ApprovalKind *const kinds[] = {
    &release_approval_kind,
    &limit_approval_kind,
    &partner_approval_kind,
    &policy_approval_kind,
    &account_change_approval_kind,
    &account_state_approval_kind,
    &period_approval_kind,
    &invoice_approval_kind,
    &credit_note_approval_kind,
    &write_off_approval_kind,
    &refund_approval_kind,
};

Err approval_kind(Ctx *cx, const Approval *approval, const ApprovalKind **ret_kind)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (strcmp(kinds[i]->operation, approval->operation) == 0) {
            *ret_kind = kinds[i];
            return ERR_OK;
        }
    }
    return db_damaged(
        cx, "a request is about \"%s\", which nobody can approve", approval->operation);
}
