/* Asking for a release of a held order, giving it, and taking it back. */
#include "feature/features.h"
#include "feature/org.h"
#include "feature/promise.h"
#include "feature/release/model.h"
#include "feature/release/plan.h"
#include "feature/release/read.h"
#include "op/run.h"
#include "rules/state.h"

#include <string.h>

static const char *const reason_code_names[] = {
    "", "cash_short", "season", "strategic", "bank_delay", "dispute", "other", NULL};

/* ---- Shared ---- */

static Err held_check(Ctx *cx, Id order_id)
{
    Order order = {0};
    TRY(order_load(cx, order_id, &order));
    TRY(order_lapse(cx, order.account_id));
    TRY(order_load(cx, order_id, &order));
    if (order.status == ORDER_HELD) {
        return ERR_OK;
    }
    return err_set(cx, ERR_STATE, "order", "Order %s is %s; only a held order is released.",
        order.number, order_status_names[order.status]);
}

/* Who placed or last changed the order counts as a requester, whoever asks. */
static ApprovalAsk ask_of(Ctx *cx, const ReleasePlan *plan, const ReleaseContent *content)
{
    return (ApprovalAsk){
        .operation = RELEASE_OPERATION,
        .account_id = plan->order.account_id,
        .subject_id = plan->order.id,
        .input = run_encode(cx, &ReleaseContent_schema, content),
        .amount = plan->ladder,
        .placed_by_id = plan->order.placed_by_id,
        .changed_by_id = plan->order.changed_by_id,
        .vouched_by_id = plan->has_promise ? cx->actor->user_id : 0,
        .lapses_on = cx->today + RELEASE_REQUEST_DAYS,
    };
}

/* ---- What approving does ---- */

static Err plan_of(Ctx *cx, const Approval *approval, ReleasePlan **ret_plan)
{
    if (*approval->plan == NULL) {
        ReleaseContent content = {0};
        ReleasePlan *plan = NULL;
        TRY(run_decode(cx, &ReleaseContent_schema, approval->input, &content));
        TRY(release_plan_make(cx, approval->subject_id, &content, &plan));
        *approval->plan = plan;
    }
    *ret_plan = *approval->plan;
    return ERR_OK;
}

static Err release_moot(Ctx *cx, const Approval *approval, bool *ret_is_moot)
{
    TRY(held_check(cx, approval->subject_id));
    Decision decision;
    return order_pass(
        cx, approval->subject_id, PASS_FOR_RELEASE, approval->id, &decision, ret_is_moot);
}

static Err release_check_now(Ctx *cx, const Approval *approval)
{
    ReleasePlan *plan = NULL;
    TRY(plan_of(cx, approval, &plan));
    return release_plan_refuse(cx, plan);
}

static Err release_amount(Ctx *cx, const Approval *approval, LadderAmount *ret_amount)
{
    ReleasePlan *plan = NULL;
    TRY(plan_of(cx, approval, &plan));
    *ret_amount = plan->ladder;
    return ERR_OK;
}

static Err release_promise_make(Ctx *cx, const Approval *approval, ReleasePlan *plan)
{
    if (!plan->has_promise) {
        return ERR_OK;
    }
    PromiseMade made;
    TRY(promise_add(cx,
        &(PromiseAsk){.account_id = plan->order.account_id,
            .amount = plan->promise_amount,
            .due_on = plan->promise_due_on,
            .vouched_by_id = approval->vouched_by_id,
            .carries_release = true},
        &made));
    plan->promise_id = made.id;
    return ERR_OK;
}

static Err release_carry_out(Ctx *cx, const Approval *approval)
{
    ReleasePlan *plan = NULL;
    TRY(plan_of(cx, approval, &plan));
    TRY(release_promise_make(cx, approval, plan));
    TRY(release_write(cx,
        &(ReleaseWrite){.account_id = plan->order.account_id,
            .order_id = plan->order.id,
            .decision_id = plan->decision.id,
            .approval_id = approval->id,
            .promise_id = plan->promise_id,
            .terms = &plan->terms,
            .verdict = &plan->decision.verdict,
            .open_amount = plan->open,
            .reason = approval->reason},
        &plan->release_id));
    if (plan->promise_id != 0) {
        TRY(promise_bind_release(cx, plan->promise_id, plan->release_id));
    }
    return order_approve(
        cx, plan->order.id, plan->terms.amount_max, plan->decision.id, plan->release_id);
}

/* A colleague's change or repetition does not free who had a hand in the order before. */
static Err release_binds(Ctx *cx, const Approval *approval, Id user_id, bool *ret_binds)
{
    return order_has_hand(cx, approval->subject_id, user_id, ret_binds);
}

const ApprovalKind release_approval_kind = {
    .operation = RELEASE_OPERATION,
    .carry_out = release_carry_out,
    .amount = release_amount,
    .check = release_check_now,
    .moot = release_moot,
    .binds = release_binds,
};

/* ---- order_release_request ---- */

typedef struct ReleaseRequestIn {
    Ref order;
    const char *reason;
    int reason_code;
    ReleasePromise *promise;
    Decimal amount_max;
} ReleaseRequestIn;

SCHEMA(ReleaseRequestIn,
    F_REF(ReleaseRequestIn, order, "order", REQUIRED),
    F_TEXT(ReleaseRequestIn, reason, REQUIRED, .max_len = 4096),
    F_ENUM(ReleaseRequestIn, reason_code, reason_code_names, REQUIRED),
    F_OBJECT(ReleaseRequestIn,
        promise,
        ReleasePromise,
        .doc = "A payment that the customer promises for it; at least what exceeds the limit."),
    F_DECIMAL(ReleaseRequestIn,
        amount_max,
        .scale_max = 3,
        .min = 0,
        .max = 1000000000000,
        .doc = "What is to be released; the order's open amount when absent."));

typedef struct ReleaseRequestOut {
    Id approval;
    const char *status;
} ReleaseRequestOut;

SCHEMA(ReleaseRequestOut,
    F_ID(ReleaseRequestOut, approval, "approval"),
    F_TEXT(ReleaseRequestOut, status, .doc = "pending"));

static Err request_guard(Ctx *cx, const void *input, void *output)
{
    (void)output;
    return held_check(cx, ((const ReleaseRequestIn *)input)->order.id);
}

OP(order_release_request,
    ReleaseRequestIn,
    ReleaseRequestOut,
    POST("/orders/{order}/release-request"),
    .effect = EFFECT_ACT,
    .needs = PERM_ORDER_WRITE,
    .lock = "order",
    .guard = request_guard,
    .summary = "Ask for the release of a held order; a new request takes the place of an open one.",
    FAILS(ERR_STATE, ERR_FIELD_INVALID, ERR_RATE_MISSING))
{
    ReleaseContent content = {.amount_max = in->amount_max, .promise = in->promise};
    ReleasePlan *plan = NULL;
    TRY(release_plan_make(cx, in->order.id, &content, &plan));
    TRY(approval_void(cx, in->order.id, RELEASE_OPERATION));
    ApprovalAsk ask = ask_of(cx, plan, &content);
    ask.reason = in->reason;
    ask.reason_code = reason_code_names[in->reason_code];
    TRY(approval_ask(cx, &ask, &out->approval));
    out->status = "pending";
    return order_hand_note(cx, &plan->order, "asked");
}

/* ---- order_release ---- */

typedef struct ReleaseIn {
    Ref order;
    const char *reason;
    Decimal amount_max;
    Date expires_on;
    ReleasePromise *promise;
} ReleaseIn;

SCHEMA(ReleaseIn,
    F_REF(ReleaseIn, order, "order", REQUIRED),
    F_TEXT(ReleaseIn, reason, REQUIRED, .max_len = 4096),
    F_DECIMAL(ReleaseIn,
        amount_max,
        .scale_max = 3,
        .min = 0,
        .max = 1000000000000,
        .doc = "What is released, summed over shipments; the open amount when absent."),
    F_DATE(ReleaseIn, expires_on, .doc = "Its last day; 30 days ahead when absent."),
    F_OBJECT(ReleaseIn,
        promise,
        ReleasePromise,
        .doc = "A payment promised for it; at least what exceeds the limit."));

typedef struct ReleaseOut {
    const char *number;
    const char *status;
    const char *waits_for;
    List fallen;
    Id approval;
    Id release;
    Id promise;
    Currency currency;
    Money amount_max;
    Date expires_on;
    DecisionView *decision;
} ReleaseOut;

SCHEMA(ReleaseOut,
    F_TEXT(ReleaseOut, number, .doc = "Of the order."),
    F_TEXT(ReleaseOut, status, .doc = "approved, or pending while others have to consent"),
    F_TEXT(ReleaseOut, waits_for, .doc = "The roles whose consent is still missing."),
    F_LIST_OF(ReleaseOut,
        fallen,
        FIELD_TEXT,
        .doc = "Who has consented and may not any more; these consents do not count."),
    F_ID(ReleaseOut, approval, "approval"),
    F_ID(ReleaseOut, release, "release"),
    F_ID(ReleaseOut, promise, "promise"),
    F_CURRENCY(ReleaseOut, currency),
    F_MONEY(ReleaseOut, amount_max),
    F_DATE(ReleaseOut, expires_on),
    F_DECISION(ReleaseOut, decision));

static Err release_guard(Ctx *cx, const void *input, void *output)
{
    (void)output;
    if (cx->actor->user_id == 0) {
        return approval_conflict_refuse(cx, CONFLICT_SYSTEM);
    }
    return held_check(cx, ((const ReleaseIn *)input)->order.id);
}

/* What the caller consents to: the terms of the open request, where the caller names no others. */
typedef struct Giving {
    ReleaseContent content;
    Approval request;
    bool has_request;
    /* the terms differ from the request's, or there is none: nobody has consented to them yet */
    bool is_new;
} Giving;

static Err giving_read(Ctx *cx, const ReleaseIn *in, Giving *ret_giving)
{
    *ret_giving = (Giving){
        .content = {in->amount_max, in->expires_on, in->promise},
        .is_new = true,
    };
    TRY(approval_pending(
        cx, in->order.id, RELEASE_OPERATION, &ret_giving->request, &ret_giving->has_request));
    if (!ret_giving->has_request) {
        return ERR_OK;
    }
    ReleaseContent asked = {0};
    TRY(run_decode(cx, &ReleaseContent_schema, ret_giving->request.input, &asked));
    ReleaseContent *content = &ret_giving->content;
    if (!in->amount_max.is_set) {
        content->amount_max = asked.amount_max;
    }
    if (in->expires_on == DATE_NONE) {
        content->expires_on = asked.expires_on;
    }
    if (in->promise == NULL) {
        content->promise = asked.promise;
    }
    ret_giving->is_new = !release_content_equals(content, &asked);
    return ERR_OK;
}

/* A request binds to its content. New terms make a new one; who asked for the old one and brought
 * its promise is still bound by it. */
static Err giving_ask(Ctx *cx,
    const ReleaseIn *in,
    const Giving *giving,
    const ReleasePlan *plan,
    Approval *ret_approval)
{
    if (!giving->is_new) {
        *ret_approval = giving->request;
        return ERR_OK;
    }
    ApprovalAsk ask = ask_of(cx, plan, &giving->content);
    ask.reason = in->reason;
    ask.by_approver = true;
    if (giving->has_request) {
        TRY(approval_void(cx, in->order.id, RELEASE_OPERATION));
        ask.reason = giving->request.reason;
        ask.requested_by_id = giving->request.requested_by_id;
        ask.lapses_on = giving->request.lapses_on;
        if (in->promise == NULL) {
            ask.vouched_by_id = giving->request.vouched_by_id;
        }
    }
    Id approval_id = 0;
    TRY(approval_ask(cx, &ask, &approval_id));
    return approval_load(cx, approval_id, ret_approval);
}

static Err giving_consent(
    Ctx *cx, const ReleaseIn *in, const Approval *approval, Consented *ret_consented)
{
    TRY(approval_consent(cx, approval, in->reason, in->promise != NULL, ret_consented));
    if (ret_consented->is_complete) {
        return approval_complete(cx, approval);
    }
    run_is_pending(cx);
    return ERR_OK;
}

OP(order_release,
    ReleaseIn,
    ReleaseOut,
    POST("/orders/{order}/release"),
    .effect = EFFECT_ACT,
    .needs = PERM_RELEASE_GIVE,
    .lock = "order",
    .guard = release_guard,
    .is_watched = true,
    .summary = "Consent to the release of a held order; the last consent releases it.",
    FAILS(ERR_STATE,
        ERR_FIELD_INVALID,
        ERR_RATE_MISSING,
        ERR_CREDIT_REFUSED,
        ERR_APPROVER_IS_REQUESTER,
        ERR_APPROVER_OWNS_RELATION,
        ERR_APPROVER_ENTERTAINED,
        ERR_APPROVER_VOUCHED,
        ERR_FORBIDDEN,
        ERR_APPROVAL_LEVEL))
{
    Decision *decision = arena_alloc(cx->arena, sizeof *decision);
    bool is_done = false;
    TRY(order_pass(cx, in->order.id, PASS_FOR_RELEASE, 0, decision, &is_done));
    if (is_done) {
        Order order = {0};
        TRY(order_load(cx, in->order.id, &order));
        out->number = order.number;
        out->status = "approved";
        out->currency = order.currency;
        out->decision = credit_decision_view(cx, decision);
        return ERR_OK;
    }
    Giving giving;
    ReleasePlan *plan = NULL;
    Approval approval = {0};
    TRY(giving_read(cx, in, &giving));
    TRY(release_plan_make(cx, in->order.id, &giving.content, &plan));
    TRY(release_plan_refuse(cx, plan));
    TRY(giving_ask(cx, in, &giving, plan, &approval));
    *approval.plan = plan;
    Consented consented;
    TRY(giving_consent(cx, in, &approval, &consented));
    *out = (ReleaseOut){
        .number = plan->order.number,
        .status = consented.is_complete ? "approved" : "pending",
        .waits_for = consented.waits_for,
        .fallen = consented.fallen,
        .approval = approval.id,
        .release = plan->release_id,
        .promise = plan->promise_id,
        .currency = plan->order.currency,
        .amount_max = plan->terms.amount_max,
        .expires_on = plan->terms.expires_on,
        .decision = credit_decision_view(cx, &plan->decision),
    };
    return ERR_OK;
}

/* ---- release_withdraw ---- */

typedef struct ReleaseWithdrawIn {
    Ref order;
    const char *reason;
} ReleaseWithdrawIn;

SCHEMA(ReleaseWithdrawIn,
    F_REF(ReleaseWithdrawIn, order, "order", REQUIRED),
    F_TEXT(ReleaseWithdrawIn, reason, REQUIRED, .max_len = 4096));

typedef struct ReleaseWithdrawOut {
    Id release;
    const char *status;
    int order_status;
} ReleaseWithdrawOut;

SCHEMA(ReleaseWithdrawOut,
    F_ID(ReleaseWithdrawOut, release, "release"),
    F_TEXT(ReleaseWithdrawOut, status, .doc = "Of the release: withdrawn"),
    F_ENUM(ReleaseWithdrawOut, order_status, order_status_names));

static const Sql sql_release_standing = {
    "SELECT c.id FROM sales_order o JOIN credit_release c ON c.account_id = o.account_id"
    " AND c.order_id = o.id" RELEASE_PROMISE_JOIN
    " WHERE o.id = $1 AND c.status = 'active' AND " RELEASE_OVER_ON " > $2",
    .in = "kd",
    .out = "k",
};

static Err standing_find(Ctx *cx, Id order_id, Id *ret_release)
{
    Rows rows;
    TRY(db_ask(cx, &sql_release_standing, ARGS(arg_id(order_id), arg_date(cx->today)), &rows));
    if (!db_next(&rows)) {
        return err_set(cx, ERR_STATE, "order", "The order has no release that is still valid.");
    }
    *ret_release = db_id(&rows, 0);
    return ERR_OK;
}

static Err withdraw_guard(Ctx *cx, const void *input, void *output)
{
    (void)output;
    Id release_id = 0;
    return standing_find(cx, ((const ReleaseWithdrawIn *)input)->order.id, &release_id);
}

OP(release_withdraw,
    ReleaseWithdrawIn,
    ReleaseWithdrawOut,
    POST("/orders/{order}/release-withdraw"),
    .effect = EFFECT_ACT,
    .needs = PERM_RELEASE_WITHDRAW,
    .lock = "order",
    .guard = withdraw_guard,
    .summary = "Withdraw the release of an order; what has not shipped is held again.",
    FAILS(ERR_STATE))
{
    TRY(standing_find(cx, in->order.id, &out->release));
    Order order = {0};
    TRY(order_load(cx, in->order.id, &order));
    TRY(release_end(cx, out->release, RELEASE_WITHDRAWN));
    if (order.release_id == out->release) {
        TRY(order_hold(cx, order.id, RELEASE_WITHDRAWN, in->reason));
        TRY(order_load(cx, order.id, &order));
    }
    out->status = release_status_names[RELEASE_WITHDRAWN];
    out->order_status = order.status;
    return ERR_OK;
}

const Feature release_feature = {
    .name = "release",
    .ops = (const Op *const[]){&op_order_release_request, &op_order_release, &op_release_withdraw,
        NULL},
    .records = (const Record *const[]){&record_release, NULL},
    .refs = (const RefKind *const[]){&ref_release, NULL},
    .checks = (const Check *const[]){&check_release_used, NULL},
    .derived = (const Derived *const[]){&derived_release, NULL},
    .facts = (const Fact *const[]){&fact_release, NULL},
};
