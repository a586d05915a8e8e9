/* Approving and rejecting requests, and reading them. */
#include "feature/approval.h"

#include "feature/approval/kinds.h"
#include "feature/features.h"
#include "feature/shown.h"
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
    const char *waits_for;
    List fallen;
} ApprovalOut;

SCHEMA(ApprovalOut,
    F_ID(ApprovalOut, id, "approval"),
    F_TEXT(ApprovalOut, what),
    F_TEXT(ApprovalOut, status),
    F_TEXT(ApprovalOut, waits_for, .doc = "The roles whose consent is still missing."),
    F_LIST_OF(ApprovalOut,
        fallen,
        FIELD_TEXT,
        .doc = "Who has consented and may not any more; these consents do not count."));

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

static Err approval_step(
    Ctx *cx, const Approval *approval, const char *reason, Consented *ret_consented)
{
    const ApprovalKind *kind = NULL;
    TRY(approval_kind(cx, approval, &kind));
    if (kind->check != NULL) {
        TRY(kind->check(cx, approval));
    }
    TRY(approval_consent(cx, approval, reason, false, ret_consented));
    if (ret_consented->is_complete) {
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
    .is_watched = true,
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
    const ApprovalKind *kind = NULL;
    TRY(approval_kind(cx, &approval, &kind));
    Consented consented = {0};
    if (kind->moot != NULL) {
        TRY(kind->moot(cx, &approval, &consented.is_complete));
    }
    if (!consented.is_complete) {
        TRY(approval_step(cx, &approval, in->reason, &consented));
    }
    *out = (ApprovalOut){
        .id = approval.id,
        .what = approval.operation,
        .status = consented.is_complete ? "approved" : "pending",
        .waits_for = consented.waits_for,
        .fallen = consented.fallen,
    };
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
    .summary = "Reject a request, or take one's own back; what waited for it does not take effect.",
    FAILS(ERR_STATE,
        ERR_APPROVER_IS_REQUESTER,
        ERR_APPROVER_OWNS_RELATION,
        ERR_APPROVER_ENTERTAINED,
        ERR_APPROVER_VOUCHED,
        ERR_FORBIDDEN,
        ERR_APPROVAL_LEVEL))
{
    Approval approval = {0};
    TRY(approval_load(cx, in->approval.id, &approval));
    TRY(approval_reject_refuse(cx, &approval));
    TRY(approval_close(cx, &approval, APPROVAL_REJECTED));
    *out = (ApprovalOut){.id = approval.id, .what = approval.operation, .status = "rejected"};
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
    const char *partner_name;
    const char *owner;
    Ref order;
    const char *order_number;
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
    F_PARTNER_NAME(ApprovalView),
    F_OWNER(ApprovalView),
    F_REF(ApprovalView,
        order,
        "order",
        .column = "(CASE WHEN r.operation = 'order_release' THEN r.subject_id END)",
        .flags = FIELD_OUTPUT | FIELD_FILTER),
    F_TEXT(ApprovalView, order_number, .flags = FIELD_OUTPUT | FIELD_NO_COLUMN),
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
        .flags = FIELD_FILTER | FIELD_OUTPUT),
    F_DATE(ApprovalView, requested_on, .flags = FIELD_SORT),
    F_DATE(ApprovalView, lapses_on),
    F_DATE(ApprovalView, ended_on),
    F_ENUM(ApprovalView,
        status,
        approval_status_names,
        .column = "(CASE WHEN r.status = 'pending' AND r.lapses_on < $1 THEN 'lapsed'"
                  " ELSE r.status END)",
        .flags = FIELD_FILTER | FIELD_OUTPUT),
    F_BOOL(ApprovalView, self_approved, .column = "is_self_approved"),
    F_LIST(ApprovalView, consents, ConsentView));

static const Sql sql_approval_consents = {
    "SELECT u.name, c.role, c.reason, c.given_on FROM approval_consent c JOIN app_user u ON u.id = "
    "c.user_id"
    " WHERE c.approval_id = $1 ORDER BY c.id",
    .in = "k",
    .out = "tttd",
};

static const Sql sql_order_number = {
    "SELECT number FROM sales_order WHERE account_id = $1 AND id = $2",
    .in = "kk",
    .out = "t",
};

static Err order_number_fill(Ctx *cx, ApprovalView *approval)
{
    Rows rows;
    if (approval->order.id == 0) {
        return ERR_OK;
    }
    TRY(db_ask(cx, &sql_order_number,
        ARGS(arg_id(approval->account.id), arg_id(approval->order.id)), &rows));
    approval->order_number = db_next(&rows) ? db_text(&rows, 0) : NULL;
    return ERR_OK;
}

static Err approval_fill(Ctx *cx, void *items, size_t count)
{
    ApprovalView *approvals = items;
    for (size_t i = 0; i < count; i++) {
        TRY(run_shown(cx, approvals[i].input, &approvals[i].input));
        TRY(order_number_fill(cx, &approvals[i]));
    }
    return ERR_OK;
}

/* Nothing waits for the close of a day: what is past its last day has lapsed. */
static Err approval_args(Ctx *cx, Arg *ret_args)
{
    ret_args[0] = arg_date(cx->today);
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
    .parts = (const RecordPart[]){{"consents", &sql_approval_consents}, {0}},
    .args_in = "d",
    .args = approval_args,
    .fill = approval_fill,
    .summary = "a request for a second person's consent",
};

static const RefKind ref_approval = {.name = "approval",
    .letter = 'Y',
    .account = "account_id",
    .partner = "partner_id",
    .called = "operation"};

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
