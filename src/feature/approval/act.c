/* Approving and rejecting requests, and reading them. */
#include "feature/approval.h"

#include "feature/approval/kinds.h"
#include "feature/features.h"
#include "op/op.h"
#include "op/run.h"

typedef struct ApprovalIn {
    Ref approval;
    const char *reason;
} ApprovalIn;

SCHEMA(ApprovalIn,
    F_REF(ApprovalIn, approval, "approval", REQUIRED),
    F_TEXT(ApprovalIn, reason, REQUIRED, .max_len = 4096));

typedef struct ApprovalOut {
    Id id;
    const char *what;
    const char *status;
} ApprovalOut;

SCHEMA(ApprovalOut,
    F_ID(ApprovalOut, id, "approval"),
    F_TEXT(ApprovalOut, what),
    F_TEXT(ApprovalOut, status));

static Err pending_guard(Ctx *cx, const void *input, void *output)
{
    const ApprovalIn *in = input;
    (void)output;
    Approval approval = {0};
    TRY(approval_load(cx, in->approval.id, &approval));
    if (approval.status == APPROVAL_PENDING) {
        return ERR_OK;
    }
    return err_set(
        cx, ERR_STATE, "approval", "The request is %s.", approval_status_names[approval.status]);
}

static Err approval_step(Ctx *cx, const Approval *approval, const char *reason, bool *ret_is_done)
{
    const ApprovalKind *kind = approval_kind(approval->operation);
    if (kind->check != NULL) {
        TRY(kind->check(cx, approval));
    }
    TRY(approval_consent(cx, approval, reason, false, ret_is_done));
    if (*ret_is_done) {
        return approval_complete(cx, approval);
    }
    run_is_pending(cx);
    return ERR_OK;
}

static Err approve_guard(Ctx *cx, const void *input, void *output)
{
    if (cx->actor->user_id == 0) {
        return approval_conflict_refuse(cx, CONFLICT_SYSTEM);
    }
    return pending_guard(cx, input, output);
}

OP(approval_approve,
    ApprovalIn,
    ApprovalOut,
    POST("/approvals/{approval}/approve"),
    .effect = EFFECT_ACT,
    .needs = PERM_RELEASE_GIVE,
    .lock = "approval",
    .guard = approve_guard,
    .summary = "Consent to a request; the last consent carries it out.",
    FAILS(ERR_STATE,
        ERR_CREDIT_REFUSED,
        ERR_APPROVER_IS_REQUESTER,
        ERR_APPROVER_OWNS_RELATION,
        ERR_APPROVER_ENTERTAINED,
        ERR_APPROVER_VOUCHED,
        ERR_FORBIDDEN,
        ERR_APPROVAL_LEVEL))
{
    Approval approval = {0};
    TRY(approval_load(cx, in->approval.id, &approval));
    const ApprovalKind *kind = approval_kind(approval.operation);
    bool is_done = false;
    if (kind->moot != NULL) {
        TRY(kind->moot(cx, &approval, &is_done));
    }
    if (!is_done) {
        TRY(approval_step(cx, &approval, in->reason, &is_done));
    }
    *out = (ApprovalOut){approval.id, approval.operation, is_done ? "approved" : "pending"};
    return ERR_OK;
}

OP(approval_reject,
    ApprovalIn,
    ApprovalOut,
    POST("/approvals/{approval}/reject"),
    .effect = EFFECT_ACT,
    .needs = PERM_RELEASE_GIVE,
    .lock = "approval",
    .guard = pending_guard,
    .summary = "Reject a request; what waited for it does not take effect.",
    FAILS(ERR_STATE))
{
    Approval approval = {0};
    TRY(approval_load(cx, in->approval.id, &approval));
    TRY(approval_close(cx, &approval, APPROVAL_REJECTED));
    *out = (ApprovalOut){approval.id, approval.operation, "rejected"};
    return ERR_OK;
}

/* ---- Reading ---- */

typedef struct ConsentView {
    const char *user;
    const char *role;
    const char *reason;
    Date on;
} ConsentView;

SCHEMA(ConsentView,
    F_TEXT(ConsentView, user),
    F_TEXT(ConsentView, role),
    F_TEXT(ConsentView, reason),
    F_DATE(ConsentView, on));

typedef struct ApprovalView {
    Id id;
    const char *what;
    Ref account;
    Ref partner;
    const char *order;
    Currency currency;
    Money amount;
    const char *reason;
    const char *reason_code;
    const char *input;
    const char *requested_by;
    Date requested_on;
    Date lapses_on;
    Date ended_on;
    int status;
    bool self_approved;
    List consents;
} ApprovalView;

SCHEMA(ApprovalView,
    F_ID(ApprovalView, id, "approval"),
    F_TEXT(ApprovalView,
        what,
        .column = "operation",
        .flags = FIELD_FILTER,
        .doc = "The operation that waits."),
    F_REF(ApprovalView, account, "account", .flags = FIELD_FILTER),
    F_REF(ApprovalView, partner, "partner", .flags = FIELD_FILTER),
    F_TEXT(ApprovalView,
        order,
        .column = "(SELECT o.number FROM sales_order o WHERE o.id = r.subject_id)",
        .flags = FIELD_OUTPUT),
    F_CURRENCY(
        ApprovalView, currency, .column = "(SELECT g.currency FROM org g)", .flags = FIELD_OUTPUT),
    F_MONEY(ApprovalView, amount, .doc = "What the ladder looks at, in home currency."),
    F_TEXT(ApprovalView, reason),
    F_TEXT(ApprovalView, reason_code),
    F_JSON(ApprovalView, input, .doc = "What will be carried out."),
    F_TEXT(ApprovalView,
        requested_by,
        .column = "(SELECT u.name FROM app_user u WHERE u.id = COALESCE(r.requested_by_id,"
                  " (SELECT MIN(c.user_id) FROM approval_consent c WHERE c.approval_id = r.id"
                  " AND c.id = (SELECT MIN(k.id) FROM approval_consent k"
                  " WHERE k.approval_id = r.id))))",
        .flags = FIELD_OUTPUT),
    F_DATE(ApprovalView, requested_on),
    F_DATE(ApprovalView, lapses_on),
    F_DATE(ApprovalView, ended_on),
    F_ENUM(ApprovalView, status, approval_status_names, .flags = FIELD_FILTER),
    F_BOOL(ApprovalView, self_approved, .column = "is_self_approved"),
    F_LIST(ApprovalView, consents, ConsentView));

static const Sql sql_approval_consents = {
    "SELECT u.name, c.role, c.reason, c.given_on FROM approval_consent c JOIN app_user u ON u.id = "
    "c.user_id"
    " WHERE c.approval_id = $1 ORDER BY c.id",
    .in = "k",
    .out = "tttd",
};

static Err approval_fill(Ctx *cx, void *items, size_t count)
{
    ApprovalView *approvals = items;
    for (size_t i = 0; i < count; i++) {
        TRY(row_list(cx, &sql_approval_consents, ARGS(arg_id(approvals[i].id)), &ConsentView_schema,
            &approvals[i].consents));
        Date lapses_on = approvals[i].lapses_on;
        if (approvals[i].status == APPROVAL_PENDING && lapses_on != DATE_NONE &&
            lapses_on < cx->today) {
            approvals[i].status = APPROVAL_LAPSED;
        }
    }
    return ERR_OK;
}

static const Record record_approval = {
    .name = "approval",
    .path = "/approvals",
    .letter = 'Y',
    .schema = &ApprovalView_schema,
    .verbs = VERB_READS,
    .reads = PERM_READ,
    .date_field = "requested_on",
    .partner_join = "LEFT JOIN partner p ON p.id = r.partner_id",
    .fill = approval_fill,
    .summary = "a request for a second person's consent",
};

static const Sql sql_approval_by_id = {
    "SELECT id, account_id, partner_id, operation FROM approval WHERE id = $1",
    .in = "k",
    .out = "kkkt",
};
static const RefKind ref_approval = {
    .name = "approval", .letter = 'Y', .by_id = &sql_approval_by_id};

/* ---- Proof ---- */

/* What waits for consent, by its id or, of policies, its version. */
#define PENDING                                                                                    \
    "(SELECT id, 'limit_set' AS operation FROM credit_limit WHERE status = 'pending'"              \
    " UNION ALL SELECT version, 'policy_set' FROM policy WHERE status = 'pending'"                 \
    " UNION ALL SELECT id, 'period_reopen' FROM period WHERE status = 'pending'"                   \
    " UNION ALL SELECT id, 'credit_note_post' FROM credit_note WHERE status = 'pending'"           \
    " UNION ALL SELECT id, 'write_off_post' FROM write_off WHERE status = 'pending'"               \
    " UNION ALL SELECT id, 'refund_post' FROM refund WHERE status = 'pending')"

static const Sql sql_check_pending = {
    "SELECT p.operation || ': something waits, and no request asks for consent' FROM " PENDING " p"
    " WHERE NOT EXISTS (SELECT 1 FROM approval y WHERE y.status = 'pending'"
    "  AND y.subject_id = p.id AND y.operation = p.operation)"
    " UNION ALL SELECT y.operation || ': consent is asked for, and nothing waits' FROM approval y"
    " WHERE y.status = 'pending' AND y.operation IN ('limit_set', 'policy_set', 'period_reopen',"
    "  'credit_note_post', 'write_off_post', 'refund_post')"
    " AND NOT EXISTS (SELECT 1 FROM " PENDING " p WHERE p.id = y.subject_id"
    "  AND p.operation = y.operation)",
    .in = "",
    .out = "t",
};
static const Check check_pending = {
    .name = "what waits has a request, and every request something that waits",
    .sql = &sql_check_pending};

const Feature approval_feature = {
    .name = "approval",
    .ops = (const Op *const[]){&op_approval_approve, &op_approval_reject, NULL},
    .records = (const Record *const[]){&record_approval, NULL},
    .refs = (const RefKind *const[]){&ref_approval, NULL},
    .checks = (const Check *const[]){&check_pending, NULL},
    .facts = (const Fact *const[]){&fact_approval, &fact_consent, NULL},
};
