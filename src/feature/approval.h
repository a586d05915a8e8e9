/* What needs a second person: asked for, consented to along the ladder by people without a conflict
 * of interest, carried out in the transaction of the last consent. */
#ifndef GUANXI_FEATURE_APPROVAL_H
#define GUANXI_FEATURE_APPROVAL_H

#include "base/ctx.h"
#include "base/money.h"
#include "base/schema.h"
#include "rules/ladder.h"

/* A request. `operation` names what was asked ("limit_set");
 * the kind table of approval.c tells how it is carried out. */
typedef struct ApprovalAsk {
    const char *operation;
    Id account_id; /* 0: none */
    Id partner_id; /* 0: that of the account, if any */
    /* the pending record (limit, credit note …), or what it is about (order, account, partner) */
    Id subject_id;
    const char *input;   /* JSON that is carried out; NULL: run_input(cx) */
    LadderAmount amount; /* home currency */
    const char *reason;
    const char *reason_code;
    Id vouched_by_id; /* who brings the promise that will be made with it */
    Id placed_by_id;  /* who placed the order or made the document; 0: nobody besides the caller */
    Id changed_by_id;
    Date lapses_on; /* DATE_NONE: never */
    /* Nobody asked: who calls is about to consent, and the people of the document are the
     * requesters. The caller of approval_ask tells the reply itself when it stays pending. */
    bool by_approver;
    Id requested_by_id; /* 0: the caller; another when terms of a request are changed on the way */
    /* It waits for nobody, in a firm of one person; the caller completes it at once. */
    bool is_self_approved;
} ApprovalAsk;

typedef struct Approval {
    Id id;
    Id account_id;
    Id partner_id;
    const char *operation;
    Id subject_id;
    const char *input;
    LadderAmount amount;
    const char *reason;
    Id vouched_by_id;
    Id requested_by_id;
    Id placed_by_id;
    Id changed_by_id;
    Date requested_on;
    Date lapses_on;
    int status; /* ApprovalStatus of rules/state.h, LAPSED when its day has passed */
    int64_t version;
    /* a place for what `check` has worked out, for `amount` and `carry_out`; *plan NULL: not yet */
    void **plan;
} Approval;

/* How an approved request takes effect, and what happens to the pending record when it is rejected,
 * void or lapsed (`end`, may be NULL). Each feature exports its kinds;
 * approval.c holds the list of them. */
typedef struct ApprovalKind {
    const char *operation;
    Err (*carry_out)(Ctx *cx, const Approval *approval);
    Err (*end)(Ctx *cx, const Approval *approval);
    /* The amount on the day of consent, when it is not that of the request (releases);
     * NULL: as asked. */
    Err (*amount)(Ctx *cx, const Approval *approval, LadderAmount *ret_amount);
    /* Runs first: has what was asked come about by itself,
     * so that nobody needs to consent? State refusals. May be NULL. */
    Err (*moot)(Ctx *cx, const Approval *approval, bool *ret_is_moot);
    /* Runs before conflicts and ladder are checked: state and credit refusals. May be NULL. */
    Err (*check)(Ctx *cx, const Approval *approval);
    /* Does the user count as a requester though the request does not name them? NULL: who asked
     * for the very same, and whose request was void when it was asked for again. */
    Err (*binds)(Ctx *cx, const Approval *approval, Id user_id, bool *ret_binds);
} ApprovalKind;

/* Writes the request and tells the reply that it is pending. */
Err approval_ask(Ctx *cx, const ApprovalAsk *ask, Id *ret_approval) MUST_CHECK;
Err approval_load(Ctx *cx, Id approval_id, Approval *ret_approval) MUST_CHECK;

/* The pending request of an operation about a subject, not lapsed; the latest. */
Err approval_pending(Ctx *cx,
    Id subject_id,
    const char *operation,
    Approval *ret_approval,
    bool *ret_found) MUST_CHECK;

typedef struct Consented {
    bool is_complete;      /* it was the last one; who called approval_consent() carries out */
    const char *waits_for; /* the roles that are missing; NULL: none */
    List fallen;           /* names of those who have consented and may not any more */
} Consented;

/* The caller's consent: conflicts in order, then the ladder. Consents given earlier are looked at
 * again; one that would not be taken today is not counted. In a firm of one person any consent is
 * the last, marked self_approved where the caller has a conflict. ERR_APPROVER_*,
 * ERR_APPROVAL_LEVEL (also for who has consented already), ERR_STATE (ended). */
Err approval_consent(Ctx *cx,
    const Approval *approval,
    const char *reason,
    bool vouches_in_it,
    Consented *ret_consented) MUST_CHECK;
/* The roles whose consents hold today: those given earlier, but for the fallen. */
Err approval_roles_given(Ctx *cx, const Approval *approval, uint32_t *ret_roles) MUST_CHECK;
/* Who may reject: who asked for it, else whoever could consent to it: no conflict, and a role of
 * the ladder's step. */
Err approval_reject_refuse(Ctx *cx, const Approval *approval) MUST_CHECK;
/* Would the caller have a conflict of interest (for limits given to
 * account_create)? CONFLICT_NONE: no. */
Err approval_conflict(
    Ctx *cx, const Approval *approval, bool vouches_in_it, Conflict *ret_conflict) MUST_CHECK;
/* The same of another user who would consent to it. */
Err approval_conflict_of(
    Ctx *cx, const Approval *approval, Id user_id, Conflict *ret_conflict) MUST_CHECK;
/* The refusal of a conflict; CONFLICT_NONE: none. */
Err approval_conflict_refuse(Ctx *cx, Conflict conflict) MUST_CHECK;
/* Refuses the caller who owns the relation, or did within conflict_days,
 * and who vouches (for acts besides approving). */
Err approval_bound_refuse(Ctx *cx, Id partner_id, Id vouched_by_id) MUST_CHECK;
/* Notes the last consent: the request is approved, and carried out. */
Err approval_complete(Ctx *cx, const Approval *approval) MUST_CHECK;
/* What a pending request asked for has come about by itself: it is approved, and there is nothing
 * to carry out. */
Err approval_grant(Ctx *cx, Id approval_id) MUST_CHECK;
/* Ends all pending requests about a subject (its content has changed, it ended).
 * `operation` NULL: any. */
Err approval_void(Ctx *cx, Id subject_id, const char *operation) MUST_CHECK;

#endif
