/* Requests for a second person: writing, loading, ending them, and who may consent. */
#include "feature/approval.h"

#include "feature/activity.h"
#include "feature/approval/kinds.h"
#include "feature/org.h"
#include "feature/policy.h"
#include "op/op.h"
#include "op/run.h"
#include "rules/state.h"

#include <string.h>

/* ---- Asking ---- */

#define APPROVAL_FACTS                                                                             \
    "id, account_id, partner_id, operation, subject_id, input, amount, is_last_step, "             \
    "reason, reason_code, promise_id, vouched_by_id, status, requested_by_id, "                    \
    "placed_by_id, changed_by_id, requested_on, lapses_on, ended_on, is_self_approved, "           \
    "version"
#define APPROVAL_LETTERS "kkktktibttkktkkkdddbi"
const Fact fact_approval = FACT("approval", 1, APPROVAL_FACTS, APPROVAL_LETTERS);

static const Sql sql_approval_insert = {
    "INSERT INTO approval (id, account_id, partner_id, operation, subject_id, input, amount, "
    "is_last_step, reason,"
    " reason_code, promise_id, vouched_by_id, status, requested_by_id, placed_by_id, "
    "changed_by_id, requested_on,"
    " lapses_on, is_self_approved, version)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'pending', $13, $14, $15, $16, "
    "$17, $18, 1) RETURNING " APPROVAL_FACTS,
    .in = "kkktktibttkkkkkddb",
    .out = APPROVAL_LETTERS,
};

static const Sql sql_account_partner = {
    "SELECT partner_id FROM account WHERE id = $1",
    .in = "k",
    .out = "k",
};

static const Sql sql_approval_end = {
    "UPDATE approval SET status = $2, ended_on = $3, version = version + 1 WHERE id = $1 "
    "RETURNING " APPROVAL_FACTS,
    .in = "ktd",
    .out = APPROVAL_LETTERS,
};

static Err partner_of(Ctx *cx, const ApprovalAsk *ask, Id *ret_partner)
{
    *ret_partner = ask->partner_id;
    if (ask->partner_id != 0 || ask->account_id == 0) {
        return ERR_OK;
    }
    Rows rows;
    TRY(db_ask(cx, &sql_account_partner, ARGS(arg_id(ask->account_id)), &rows));
    ASSERT(db_next(&rows));
    *ret_partner = db_id(&rows, 0);
    return ERR_OK;
}

static Err approval_status_put(Ctx *cx, const Approval *approval, ApprovalStatus status)
{
    run_changed(cx, approval->id, "status", approval_status_names[approval->status],
        approval_status_names[status]);
    return fact_change(cx, &fact_approval, approval->id, &sql_approval_end,
        ARGS(arg_id(approval->id), arg_text(approval_status_names[status]), arg_date(cx->today)));
}

Err approval_complete(Ctx *cx, const Approval *approval)
{
    TRY(approval_status_put(cx, approval, APPROVAL_APPROVED));
    return approval_kind(approval->operation)->carry_out(cx, approval);
}

static Id requester_of(const Ctx *cx, const ApprovalAsk *ask)
{
    Id caller_id = ask->by_approver ? 0 : cx->actor->user_id;
    return ask->requested_by_id != 0 ? ask->requested_by_id : caller_id;
}

Err approval_ask(Ctx *cx, const ApprovalAsk *ask, Id *ret_approval, bool *ret_is_done)
{
    Org org;
    TRY(org_load(cx, &org));
    Id partner_id = 0;
    TRY(partner_of(cx, ask, &partner_id));
    Id id = db_new_id(cx);
    const LadderAmount *amount = &ask->amount;
    TRY(fact_put(cx, &fact_approval, &sql_approval_insert,
        ARGS(arg_id(id), arg_id(ask->account_id), arg_id(partner_id), arg_text(ask->operation),
            arg_id(ask->subject_id), arg_text(ask->input != NULL ? ask->input : run_input(cx)),
            amount->has_amount ? arg_i64(amount->amount.minor) : arg_null(),
            arg_bool(amount->is_last_step), arg_text(ask->reason), arg_text(ask->reason_code),
            arg_id(ask->promise_id), arg_id(ask->vouched_by_id), arg_id(requester_of(cx, ask)),
            arg_id(ask->placed_by_id), arg_id(ask->changed_by_id), arg_date(cx->today),
            arg_date(ask->lapses_on), arg_bool(org.is_solo))));
    run_touch(cx, id);
    *ret_approval = id;
    *ret_is_done = org.is_solo;
    if (!org.is_solo) {
        if (!ask->by_approver) {
            run_is_pending(cx);
        }
        return ERR_OK;
    }
    Approval approval = {0};
    TRY(approval_load(cx, id, &approval));
    *approval.plan = ask->plan;
    return approval_complete(cx, &approval);
}

/* ---- Loading and ending ---- */

typedef struct ApprovalRow {
    Approval approval; /* but for amount.amount and plan */
    OptInt amount;
} ApprovalRow;

SCHEMA(ApprovalRow,
    F_ID(ApprovalRow, approval.id, "approval"),
    F_ID(ApprovalRow, approval.account_id, "account"),
    F_ID(ApprovalRow, approval.partner_id, "partner"),
    F_TEXT(ApprovalRow, approval.operation),
    F_ID(ApprovalRow, approval.subject_id, "approval"),
    F_TEXT(ApprovalRow, approval.input),
    F_BOOL(ApprovalRow, approval.amount.is_last_step),
    F_TEXT(ApprovalRow, approval.reason),
    F_ID(ApprovalRow, approval.promise_id, "promise"),
    F_ID(ApprovalRow, approval.vouched_by_id, "user"),
    F_ID(ApprovalRow, approval.requested_by_id, "user"),
    F_ID(ApprovalRow, approval.placed_by_id, "user"),
    F_ID(ApprovalRow, approval.changed_by_id, "user"),
    F_DATE(ApprovalRow, approval.requested_on),
    F_DATE(ApprovalRow, approval.lapses_on),
    F_ENUM(ApprovalRow, approval.status, approval_status_names),
    F_INT(ApprovalRow, approval.version),
    F_OPT_INT(ApprovalRow, amount));

static const Sql sql_approval_load = {
    "SELECT id, account_id, partner_id, operation, subject_id, input, is_last_step, reason,"
    " promise_id, vouched_by_id, requested_by_id, placed_by_id, changed_by_id, requested_on,"
    " lapses_on, status, version, amount FROM approval WHERE id = $1",
    .in = "k",
    .out = "kkktktbtkkkkkddtii",
};

static const Sql sql_approval_pending = {
    "SELECT id FROM approval WHERE subject_id = $1 AND status = 'pending' ORDER BY id",
    .in = "k",
    .out = "k",
};

Err approval_load(Ctx *cx, Id approval_id, Approval *ret_approval)
{
    ApprovalRow row = {0};
    TRY(row_load(cx, &sql_approval_load, approval_id, &ApprovalRow_schema, "approval", &row));
    Org org;
    TRY(org_load(cx, &org));
    Approval approval = row.approval;
    approval.amount.has_amount = row.amount.is_set;
    if (row.amount.is_set) {
        approval.amount.amount = money_of(org.currency, row.amount.value);
    }
    approval.plan = arena_alloc(cx->arena, sizeof(void *));
    bool is_over = approval.lapses_on != DATE_NONE && approval.lapses_on < cx->today;
    if (approval.status == APPROVAL_PENDING && is_over) {
        approval.status = APPROVAL_LAPSED;
    }
    *ret_approval = approval;
    return ERR_OK;
}

Err approval_pending(
    Ctx *cx, Id subject_id, const char *operation, Approval *ret_approval, bool *ret_found)
{
    Rows rows;
    TRY(db_ask(cx, &sql_approval_pending, ARGS(arg_id(subject_id)), &rows));
    *ret_found = false;
    while (db_next(&rows)) {
        Approval approval = {0};
        TRY(approval_load(cx, db_id(&rows, 0), &approval));
        if (approval.status == APPROVAL_PENDING && strcmp(operation, approval.operation) == 0) {
            *ret_approval = approval;
            *ret_found = true;
        }
    }
    return ERR_OK;
}

Err approval_close(Ctx *cx, const Approval *approval, ApprovalStatus status)
{
    TRY(approval_status_put(cx, approval, status));
    const ApprovalKind *kind = approval_kind(approval->operation);
    return kind->end == NULL ? ERR_OK : kind->end(cx, approval);
}

Err approval_void(Ctx *cx, Id subject_id, const char *operation)
{
    Rows rows;
    TRY(db_ask(cx, &sql_approval_pending, ARGS(arg_id(subject_id)), &rows));
    while (db_next(&rows)) {
        Approval approval = {0};
        TRY(approval_load(cx, db_id(&rows, 0), &approval));
        if (operation == NULL || strcmp(operation, approval.operation) == 0) {
            bool is_lapsed = approval.status == APPROVAL_LAPSED;
            approval.status = APPROVAL_PENDING;
            TRY(approval_close(cx, &approval, is_lapsed ? APPROVAL_LAPSED : APPROVAL_VOID));
        }
    }
    return ERR_OK;
}

/* ---- Who may consent ---- */

/* An owner who has left the firm looks after nobody any more. */
static const Sql sql_partner_owner = {
    "SELECT p.owner_id, (SELECT MAX(COALESCE(w.until_on, $3)) FROM partner_owner w"
    " WHERE w.partner_id = p.id AND w.user_id = $2), COALESCE(u.is_active, FALSE)"
    " FROM partner p LEFT JOIN app_user u ON u.id = p.owner_id WHERE p.id = $1",
    .in = "kkd",
    .out = "kdb",
};

static const Sql sql_promise_voucher = {
    "SELECT vouched_by_id FROM promise WHERE id = $1",
    .in = "k",
    .out = "k",
};

static Err conflict_with_partner(Ctx *cx, Id partner_id, ConflictFacts *facts)
{
    Id user = cx->actor->user_id;
    Rows rows;
    TRY(db_ask(cx, &sql_partner_owner, ARGS(arg_id(partner_id), arg_id(user), arg_date(cx->today)),
        &rows));
    if (!db_next(&rows)) {
        return ERR_OK;
    }
    facts->partner_has_owner = db_bool(&rows, 2);
    facts->owns = db_id(&rows, 0) == user;
    facts->owned_on = db_date(&rows, 1);
    if (!facts->partner_has_owner) {
        TRY(activity_handled_on(cx, partner_id, user, &facts->handled_on));
    }
    return activity_entertained_on(cx, partner_id, user, &facts->entertained_on);
}

static Err conflict_facts(
    Ctx *cx, const Approval *approval, bool vouches_in_it, ConflictFacts *ret_facts)
{
    Id user = cx->actor->user_id;
    Org org;
    const Policy *policy = NULL;
    TRY(org_load(cx, &org));
    TRY(policy_load(cx, &policy));
    *ret_facts = (ConflictFacts){
        .today = cx->today,
        .conflict_days = policy->conflict_days,
        .is_system = user == 0,
        .is_solo = org.is_solo,
        .requested =
            user != 0 && (user == approval->requested_by_id || user == approval->placed_by_id ||
                             user == approval->changed_by_id),
        .vouched = user != 0 && user == approval->vouched_by_id,
        .vouches_in_it = vouches_in_it,
    };
    if (approval->promise_id != 0) {
        Rows rows;
        TRY(db_ask(cx, &sql_promise_voucher, ARGS(arg_id(approval->promise_id)), &rows));
        ret_facts->vouched =
            ret_facts->vouched || (db_next(&rows) && db_id(&rows, 0) == user && user != 0);
    }
    return approval->partner_id == 0 || user == 0
               ? ERR_OK
               : conflict_with_partner(cx, approval->partner_id, ret_facts);
}

Err approval_conflict(Ctx *cx, const Approval *approval, bool vouches_in_it, Conflict *ret_conflict)
{
    ConflictFacts facts;
    TRY(conflict_facts(cx, approval, vouches_in_it, &facts));
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
            "You asked for it, placed it or last changed it; someone else has to approve.");
    case CONFLICT_OWNS_RELATION:
        return err_set(cx, ERR_APPROVER_OWNS_RELATION, NULL,
            "You own this relation or did so lately; someone else has to approve.");
    case CONFLICT_ENTERTAINED:
        return err_set(cx, ERR_APPROVER_ENTERTAINED, NULL,
            "You gave or received hospitality with this partner lately; someone else has to "
            "approve.");
    case CONFLICT_VOUCHED:
        return err_set(cx, ERR_APPROVER_VOUCHED, NULL,
            "You vouch for the promise that this rests on; someone else has to approve.");
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
    TRY(conflict_with_partner(cx, partner_id, &facts));
    facts.handled_on = DATE_NONE;
    facts.entertained_on = DATE_NONE;
    return approval_conflict_refuse(cx, ladder_conflict(&facts));
}

/* ---- Consenting ---- */

static const Sql sql_consents = {
    "SELECT role, user_id FROM approval_consent WHERE approval_id = $1",
    .in = "k",
    .out = "tk",
};

#define CONSENT_FACTS "id, approval_id, user_id, role, reason, given_on"
#define CONSENT_LETTERS "kkkttd"
const Fact fact_consent = FACT("approval_consent", 1, CONSENT_FACTS, CONSENT_LETTERS);

static const Sql sql_consent_insert = {
    "INSERT INTO approval_consent (id, approval_id, user_id, role, reason, given_on) VALUES ($1, "
    "$2, $3, $4, $5, $6) RETURNING " CONSENT_FACTS,
    .in = "kkkttd",
    .out = CONSENT_LETTERS,
};

static uint32_t role_bit(const char *name)
{
    for (int role = 1; role_names[role] != NULL; role++) {
        if (strcmp(role_names[role], name) == 0) {
            return CONSENT_OF(role);
        }
    }
    return 0;
}

/* Roles other people have consented with; has_own: the caller has consented already,
 * which counts once. */
static Err consents_given(Ctx *cx, Id approval_id, uint32_t *ret_roles, bool *ret_has_own)
{
    Rows rows;
    TRY(db_ask(cx, &sql_consents, ARGS(arg_id(approval_id)), &rows));
    *ret_roles = 0;
    *ret_has_own = false;
    while (db_next(&rows)) {
        *ret_roles |= role_bit(db_text(&rows, 0));
        *ret_has_own = *ret_has_own || db_id(&rows, 1) == cx->actor->user_id;
    }
    return ERR_OK;
}

static Err level_refuse(Ctx *cx, uint32_t missing)
{
    return err_set(cx, ERR_APPROVAL_LEVEL, NULL, "This needs the consent of %s.",
        missing == 0 ? "nobody further" : ladder_roles_text(cx->arena, missing));
}

Err approval_consent(Ctx *cx,
    const Approval *approval,
    const char *reason,
    bool vouches_in_it,
    bool *ret_is_complete)
{
    if (approval->status != APPROVAL_PENDING) {
        return err_set(cx, ERR_STATE, "approval", "The request is %s.",
            approval_status_names[approval->status]);
    }
    Conflict conflict = CONFLICT_NONE;
    TRY(approval_conflict(cx, approval, vouches_in_it, &conflict));
    TRY(approval_conflict_refuse(cx, conflict));
    const Policy *policy = NULL;
    TRY(policy_load(cx, &policy));
    LadderAmount amount = approval->amount;
    const ApprovalKind *kind = approval_kind(approval->operation);
    if (kind->amount != NULL) {
        TRY(kind->amount(cx, approval, &amount));
    }
    uint32_t given = 0;
    bool has_own = false;
    TRY(consents_given(cx, approval->id, &given, &has_own));
    uint32_t needed = ladder_roles(policy, amount);
    uint32_t role = cx->actor->role < ROLE_SYSTEM ? CONSENT_OF(cx->actor->role) : 0;
    Consent consent = has_own ? CONSENT_NOT_NEEDED : ladder_consent(needed, given, role);
    if (consent == CONSENT_NOT_NEEDED) {
        return level_refuse(cx, needed & ~given);
    }
    TRY(fact_put(cx, &fact_consent, &sql_consent_insert,
        ARGS(arg_id(db_new_id(cx)), arg_id(approval->id), arg_id(cx->actor->user_id),
            arg_text(role_names[cx->actor->role]), arg_text(reason), arg_date(cx->today))));
    run_touch(cx, approval->id);
    *ret_is_complete = consent == CONSENT_COMPLETE;
    return ERR_OK;
}
