/* Who may consent to a request or reject it, and the consents given. */
#include "feature/approval.h"

#include "feature/activity.h"
#include "feature/approval/kinds.h"
#include "feature/org.h"
#include "feature/policy.h"
#include "op/op.h"
#include "op/run.h"
#include "rules/state.h"

#include <string.h>

/* ---- Conflicts of interest ---- */

/* An owner who has left the firm looks after nobody any more. */
static const Sql sql_partner_owner = {
    "SELECT p.owner_id, (SELECT MAX(COALESCE(w.until_on, $3)) FROM partner_owner w"
    " WHERE w.partner_id = p.id AND w.user_id = $2), COALESCE(u.is_active, FALSE)"
    " FROM partner p LEFT JOIN app_user u ON u.id = p.owner_id WHERE p.id = $1",
    .in = "kkd",
    .out = "kdb",
};

/* Who asked for the very same first, and whose request somebody's repetition has taken the place
 * of. */
static const Sql sql_asked_before = {
    "SELECT y.id FROM approval y WHERE y.subject_id = $1 AND y.operation = $2"
    " AND y.requested_by_id = $3 AND y.status = 'void' AND y.input = $4 AND y.id > "
    "COALESCE((SELECT MAX(d.id)"
    " FROM approval d WHERE d.subject_id = $1 AND d.operation = $2 AND d.status = 'approved'), 0)"
    " LIMIT 1",
    .in = "ktkt",
    .out = "k",
};

static Err is_requester(Ctx *cx, const Approval *approval, Id user_id, bool *ret_is_requester)
{
    *ret_is_requester = user_id != 0 && (user_id == approval->requested_by_id ||
                                            user_id == approval->placed_by_id ||
                                            user_id == approval->changed_by_id);
    if (*ret_is_requester || approval->operation == NULL) {
        return ERR_OK;
    }
    const ApprovalKind *kind = NULL;
    TRY(approval_kind(cx, approval, &kind));
    if (kind->binds != NULL) {
        return kind->binds(cx, approval, user_id, ret_is_requester);
    }
    Rows rows;
    TRY(db_ask(cx, &sql_asked_before,
        ARGS(arg_id(approval->subject_id), arg_text(approval->operation), arg_id(user_id),
            arg_text(approval->input)),
        &rows));
    *ret_is_requester = rows.count > 0;
    return ERR_OK;
}

static Err conflict_with_partner(Ctx *cx, Id partner_id, Id user_id, ConflictFacts *facts)
{
    Rows rows;
    TRY(db_ask(cx, &sql_partner_owner,
        ARGS(arg_id(partner_id), arg_id(user_id), arg_date(cx->today)), &rows));
    if (!db_next(&rows)) {
        return ERR_OK;
    }
    facts->partner_has_owner = db_bool(&rows, 2);
    facts->owns = db_id(&rows, 0) == user_id;
    facts->owned_on = db_date(&rows, 1);
    if (!facts->partner_has_owner) {
        TRY(activity_handled_on(cx, partner_id, user_id, &facts->handled_on));
    }
    return activity_entertained_on(cx, partner_id, user_id, &facts->entertained_on);
}

/* Of one possible approver; user_id 0: the system. */
static Err conflict_facts(
    Ctx *cx, const Approval *approval, Id user_id, bool vouches_in_it, ConflictFacts *ret_facts)
{
    Org org;
    const Policy *policy = NULL;
    TRY(org_load(cx, &org));
    TRY(policy_load(cx, &policy));
    *ret_facts = (ConflictFacts){
        .today = cx->today,
        .conflict_days = policy->conflict_days,
        .is_system = user_id == 0,
        .is_solo = org.is_solo,
        .vouches_in_it = vouches_in_it,
    };
    if (user_id == 0) {
        return ERR_OK;
    }
    TRY(is_requester(cx, approval, user_id, &ret_facts->requested));
    ret_facts->vouched = user_id == approval->vouched_by_id;
    return approval->partner_id == 0
               ? ERR_OK
               : conflict_with_partner(cx, approval->partner_id, user_id, ret_facts);
}

Err approval_conflict(Ctx *cx, const Approval *approval, bool vouches_in_it, Conflict *ret_conflict)
{
    ConflictFacts facts;
    TRY(conflict_facts(cx, approval, cx->actor->user_id, vouches_in_it, &facts));
    *ret_conflict = ladder_conflict(&facts);
    return ERR_OK;
}

Err approval_conflict_of(
    Ctx *cx, const Approval *approval, Id user_id, Conflict *ret_conflict)
{
    ConflictFacts facts;
    TRY(conflict_facts(cx, approval, user_id, false, &facts));
    *ret_conflict = ladder_conflict(&facts);
    return ERR_OK;
}

Err approval_conflict_refuse(Ctx *cx, Conflict conflict)
{
    switch (conflict) {
    case CONFLICT_NONE:
        return ERR_OK;
    case CONFLICT_IS_REQUESTER:
        return err_set(cx, ERR_APPROVER_IS_REQUESTER, NULL,
            "You asked for it, placed it or last changed it; someone else has to decide.");
    case CONFLICT_OWNS_RELATION:
        return err_set(cx, ERR_APPROVER_OWNS_RELATION, NULL,
            "You own this relation or did so lately; someone else has to decide.");
    case CONFLICT_ENTERTAINED:
        return err_set(cx, ERR_APPROVER_ENTERTAINED, NULL,
            "You gave or received hospitality with this partner lately; someone else has to "
            "decide.");
    case CONFLICT_VOUCHED:
        return err_set(cx, ERR_APPROVER_VOUCHED, NULL,
            "You vouch for the promise that this rests on; someone else has to decide.");
    case CONFLICT_SYSTEM:
        return err_set(
            cx, ERR_FORBIDDEN, NULL, "The system cannot approve; call as a user (--as).");
    }
    UNREACHABLE("a known conflict");
}

Err approval_bound_refuse(Ctx *cx, Id partner_id, Id vouched_by_id)
{
    Org org;
    const Policy *policy = NULL;
    TRY(org_load(cx, &org));
    TRY(policy_load(cx, &policy));
    ConflictFacts facts = {
        .today = cx->today,
        .conflict_days = policy->conflict_days,
        .is_solo = org.is_solo,
        .vouched = vouched_by_id == cx->actor->user_id,
    };
    TRY(conflict_with_partner(cx, partner_id, cx->actor->user_id, &facts));
    facts.handled_on = DATE_NONE;
    facts.entertained_on = DATE_NONE;
    return approval_conflict_refuse(cx, ladder_conflict(&facts));
}

/* ---- Consenting ---- */

static const Sql sql_consents = {
    "SELECT c.role, c.user_id, u.name, u.role, u.is_active FROM approval_consent c"
    " JOIN app_user u ON u.id = c.user_id WHERE c.approval_id = $1 ORDER BY c.id",
    .in = "k",
    .out = "tkttb",
};

#define CONSENT_FACTS "id, approval_id, user_id, role, reason, given_on"
#define CONSENT_LETTERS "kkkttd"
const Fact fact_consent = FACT("approval_consent", 1, CONSENT_FACTS, CONSENT_LETTERS);

static const Sql sql_consent_insert = {
    "INSERT INTO approval_consent (" CONSENT_FACTS ") VALUES ($1, $2, $3, $4, $5, $6)",
    .in = CONSENT_LETTERS,
};

static const Sql sql_approval_self = {
    "UPDATE approval SET is_self_approved = TRUE WHERE id = $1 RETURNING " APPROVAL_FACTS,
    .in = "k",
    .out = APPROVAL_LETTERS,
};

/* Whether a consent given earlier would still be taken: from somebody who is here, in that role,
 * and without a conflict. Its voucher was let through because the promise was made with it. */
static Err consent_holds(Ctx *cx, const Approval *approval, const Rows *row, bool *ret_holds)
{
    ConflictFacts facts;
    TRY(conflict_facts(cx, approval, db_id(row, 1), true, &facts));
    *ret_holds = db_bool(row, 4) && strcmp(db_text(row, 0), db_text(row, 3)) == 0 &&
                 ladder_conflict(&facts) == CONFLICT_NONE;
    return ERR_OK;
}

typedef struct Given {
    uint32_t roles; /* that hold */
    bool has_own;   /* the caller has consented already, which counts once */
    List fallen;    /* names of those whose consents hold no more */
} Given;

static Err consents_given(Ctx *cx, const Approval *approval, Given *ret_given)
{
    Rows rows;
    TRY(db_ask(cx, &sql_consents, ARGS(arg_id(approval->id)), &rows));
    const char **fallen = arena_array(cx->arena, rows.count, sizeof *fallen);
    *ret_given = (Given){.fallen = {fallen, 0}};
    while (db_next(&rows)) {
        bool holds = false;
        TRY(consent_holds(cx, approval, &rows, &holds));
        if (holds) {
            int role = 0;
            TRY(db_name(cx, &rows, 0, role_names, &role));
            ret_given->roles |= consent_of(role);
        } else {
            fallen[ret_given->fallen.count++] = db_text(&rows, 2);
        }
        ret_given->has_own = ret_given->has_own || db_id(&rows, 1) == cx->actor->user_id;
    }
    return ERR_OK;
}

Err approval_roles_given(Ctx *cx, const Approval *approval, uint32_t *ret_roles)
{
    Given given;
    TRY(consents_given(cx, approval, &given));
    *ret_roles = given.roles;
    return ERR_OK;
}

static Err level_refuse(Ctx *cx, bool has_own, uint32_t missing)
{
    return err_set(cx, ERR_APPROVAL_LEVEL, NULL, "%s the consent of %s.",
        has_own ? "You have consented already; this still needs" : "This needs",
        missing == 0 ? "nobody further" : ladder_roles_text(cx->arena, missing));
}

static uint32_t caller_bit(const Ctx *cx)
{
    return cx->actor->role < ROLE_SYSTEM ? consent_of(cx->actor->role) : 0;
}

/* The roles that the request needs on the day of the call. */
static Err roles_needed(Ctx *cx, const Approval *approval, uint32_t *ret_roles)
{
    const Policy *policy = NULL;
    TRY(policy_load(cx, &policy));
    LadderAmount amount = approval->amount;
    const ApprovalKind *kind = NULL;
    TRY(approval_kind(cx, approval, &kind));
    if (kind->amount != NULL) {
        TRY(kind->amount(cx, approval, &amount));
    }
    *ret_roles = ladder_roles(policy, amount);
    return ERR_OK;
}

static Err consent_put(Ctx *cx, const Approval *approval, const char *reason)
{
    run_touch(cx, approval->id);
    return fact_put(cx, &fact_consent, &sql_consent_insert,
        ARGS(arg_id(db_new_id(cx)), arg_id(approval->id), arg_id(cx->actor->user_id),
            arg_text(role_names[cx->actor->role]), arg_text(reason), arg_date(cx->today)));
}

/* In a firm of one person any one person is enough, and what would have barred them is marked. */
static Err solo_consent(
    Ctx *cx, const Approval *approval, const char *reason, const ConflictFacts *facts)
{
    ConflictFacts strict = *facts;
    strict.is_solo = false;
    if (ladder_conflict(&strict) != CONFLICT_NONE) {
        TRY(fact_change(
            cx, &fact_approval, approval->id, &sql_approval_self, ARGS(arg_id(approval->id))));
    }
    return consent_put(cx, approval, reason);
}

Err approval_consent(Ctx *cx,
    const Approval *approval,
    const char *reason,
    bool vouches_in_it,
    Consented *ret_consented)
{
    if (approval->status != APPROVAL_PENDING) {
        return err_set(cx, ERR_STATE, "approval", "The request is %s.",
            approval_status_names[approval->status]);
    }
    ConflictFacts facts;
    TRY(conflict_facts(cx, approval, cx->actor->user_id, vouches_in_it, &facts));
    TRY(approval_conflict_refuse(cx, ladder_conflict(&facts)));
    *ret_consented = (Consented){.is_complete = facts.is_solo};
    if (facts.is_solo) {
        return solo_consent(cx, approval, reason, &facts);
    }
    Given given;
    uint32_t needed = 0;
    TRY(roles_needed(cx, approval, &needed));
    TRY(consents_given(cx, approval, &given));
    uint32_t role = caller_bit(cx);
    Consent consent =
        given.has_own ? CONSENT_NOT_NEEDED : ladder_consent(needed, given.roles, role);
    uint32_t missing = needed & ~given.roles;
    if (consent == CONSENT_NOT_NEEDED) {
        return level_refuse(cx, given.has_own, missing);
    }
    ret_consented->is_complete = consent == CONSENT_COMPLETE;
    ret_consented->fallen = given.fallen;
    if (!ret_consented->is_complete) {
        ret_consented->waits_for = ladder_roles_text(cx->arena, missing & ~role);
    }
    return consent_put(cx, approval, reason);
}

/* ---- Rejecting ---- */

/* By the amount that was asked for: what a release would be today is not worth a judgement here. */
Err approval_reject_refuse(Ctx *cx, const Approval *approval)
{
    if (approval->requested_by_id == cx->actor->user_id) {
        return ERR_OK;
    }
    ConflictFacts facts;
    const Policy *policy = NULL;
    TRY(conflict_facts(cx, approval, cx->actor->user_id, false, &facts));
    TRY(approval_conflict_refuse(cx, ladder_conflict(&facts)));
    TRY(policy_load(cx, &policy));
    uint32_t needed = ladder_roles(policy, approval->amount);
    return facts.is_solo || (needed & caller_bit(cx)) != 0 ? ERR_OK
                                                           : level_refuse(cx, false, needed);
}
