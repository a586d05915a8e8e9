/* Who may release a held order, and what bars the others: told before anybody tries. */
#include "feature/features.h"

#include "feature/account.h"
#include "feature/org.h"
#include "feature/policy.h"
#include "feature/release/model.h"
#include "feature/release/plan.h"
#include "op/run.h"
#include "rules/credit.h"
#include "rules/state.h"

enum { APPROVERS_MOST = 200 };

typedef struct ApproversIn {
    Ref order;
} ApproversIn;

SCHEMA(ApproversIn, F_REF(ApproversIn, order, "order", REQUIRED));

typedef struct Approver {
    const char *user;
    const char *role;
    bool may;
    bool has_consented;
    const char *refusal;
} Approver;

SCHEMA(Approver,
    F_TEXT(Approver, user),
    F_TEXT(Approver, role),
    F_BOOL(Approver, may, .doc = "A consent of this user would be taken."),
    F_BOOL(Approver, has_consented, .doc = "To the open request, and it holds today."),
    F_TEXT(Approver, refusal, .doc = "The code that a consent would be refused with."));

typedef struct ApproversOut {
    Id approval;
    Currency currency;
    Money amount;
    List needs;
    List refusing; /* CreditRule, shown as CreditRuleView */
    List items;
} ApproversOut;

SCHEMA(ApproversOut,
    F_ID(ApproversOut, approval, "approval", .doc = "The open request, if there is one."),
    F_CURRENCY(ApproversOut, currency, .doc = "The home currency."),
    F_MONEY(ApproversOut, amount, .doc = "What the ladder goes by."),
    F_LIST_OF(ApproversOut, needs, FIELD_TEXT, .doc = "The roles that have to consent."),
    F_LIST(ApproversOut,
        refusing,
        CreditRuleView,
        .view = credit_rules_view,
        .doc = "Rules that refuse a release of the whole order, whoever would give it."),
    F_LIST(ApproversOut,
        items,
        Approver,
        .doc = "Users of these roles in sight of it, and the caller."));

/* The caller comes along whatever the role is: one wants to know why one may not. */
static const Sql sql_approvers = {
    "SELECT u.id, u.name, u.role, EXISTS (SELECT 1 FROM approval_consent c"
    "   WHERE c.approval_id = $2 AND c.user_id = u.id)"
    " FROM app_user u JOIN partner p ON p.id = $1"
    " WHERE u.is_active = TRUE AND u.role <> 'partner' AND (p.territory_id IS NULL"
    "   OR NOT EXISTS (SELECT 1 FROM user_territory s WHERE s.user_id = u.id)"
    "   OR EXISTS (SELECT 1 FROM user_territory s WHERE s.user_id = u.id"
    "     AND s.territory_id = p.territory_id))"
    " ORDER BY u.role, u.name",
    .in = "kk",
    .out = "kttb",
};

/* As a release without terms of its own would be asked for today. */
static Err request_of(
    Ctx *cx, const ReleasePlan *plan, Id partner_id, Approval *ret_request, bool *ret_has_request)
{
    TRY(approval_pending(cx, plan->order.id, RELEASE_OPERATION, ret_request, ret_has_request));
    if (*ret_has_request) {
        return ERR_OK;
    }
    *ret_request = (Approval){
        .account_id = plan->order.account_id,
        .partner_id = partner_id,
        .operation = RELEASE_OPERATION,
        .subject_id = plan->order.id,
        .input = "",
        .amount = plan->ladder,
        .placed_by_id = plan->order.placed_by_id,
        .changed_by_id = plan->order.changed_by_id,
    };
    return ERR_OK;
}

static const char *refusal_of(Conflict conflict, bool is_needed, bool may_give)
{
    if (!may_give) {
        return err_name(ERR_FORBIDDEN);
    }
    switch (conflict) {
    case CONFLICT_IS_REQUESTER:
        return err_name(ERR_APPROVER_IS_REQUESTER);
    case CONFLICT_OWNS_RELATION:
        return err_name(ERR_APPROVER_OWNS_RELATION);
    case CONFLICT_ENTERTAINED:
        return err_name(ERR_APPROVER_ENTERTAINED);
    case CONFLICT_VOUCHED:
        return err_name(ERR_APPROVER_VOUCHED);
    case CONFLICT_NONE:
    case CONFLICT_SYSTEM:
        break;
    }
    return is_needed ? NULL : err_name(ERR_APPROVAL_LEVEL);
}

typedef struct Asked {
    const Approval *request;
    uint32_t needs;
    uint32_t given; /* roles whose consents hold today */
    bool is_solo;
} Asked;

static Err approver_read(Ctx *cx, const Asked *asked, const Rows *row, Approver *ret_approver)
{
    Role role = role_by_name(db_text(row, 2));
    Conflict conflict = CONFLICT_NONE;
    TRY(approval_conflict_of(cx, asked->request, db_id(row, 0), &conflict));
    bool has_consented = db_bool(row, 3) && (asked->given & consent_of(role)) != 0;
    bool is_needed = asked->is_solo || (asked->needs & consent_of(role)) != 0;
    const char *refusal = refusal_of(conflict, is_needed, role_may(role, PERM_RELEASE_GIVE));
    *ret_approver = (Approver){
        .user = db_text(row, 1),
        .role = db_text(row, 2),
        .may = refusal == NULL && !has_consented,
        .has_consented = has_consented,
        .refusal = has_consented ? NULL : refusal,
    };
    return ERR_OK;
}

/* Those whose role is asked for, and the caller behind them when its is not. */
static Err approvers_read(Ctx *cx, const Asked *asked, List *ret_approvers)
{
    Rows rows;
    TRY(db_ask(cx, &sql_approvers,
        ARGS(arg_id(asked->request->partner_id), arg_id(asked->request->id)), &rows));
    Approver *items = arena_array(cx->arena, APPROVERS_MOST + 1, sizeof *items);
    Approver *caller = NULL;
    size_t count = 0;
    while (db_next(&rows) && count < APPROVERS_MOST) {
        bool is_caller = db_id(&rows, 0) == cx->actor->user_id;
        bool is_asked =
            asked->is_solo || (asked->needs & consent_of(role_by_name(db_text(&rows, 2)))) != 0;
        if (is_asked) {
            TRY(approver_read(cx, asked, &rows, &items[count++]));
        } else if (is_caller) {
            caller = arena_alloc(cx->arena, sizeof *caller);
            TRY(approver_read(cx, asked, &rows, caller));
        }
    }
    if (caller != NULL) {
        items[count++] = *caller;
    }
    *ret_approvers = (List){items, count};
    return ERR_OK;
}

static List roles_listed(Arena *arena, uint32_t roles)
{
    const char **names = arena_array(arena, ROLE_COUNT, sizeof *names);
    size_t count = 0;
    for (int i = 1; consent_role_names[i] != NULL; i++) {
        if ((roles & consent_of(i)) != 0) {
            names[count++] = consent_role_names[i];
        }
    }
    return (List){names, count};
}

/* Beforehand: whoever may release it should not type a reason for nothing. */
static List rules_refusing(Arena *arena, const Decision *decision)
{
    const List rules = decision->verdict.rules;
    CreditRule *refusing = arena_array(arena, rules.count, sizeof *refusing);
    size_t count = 0;
    for (size_t i = 0; i < rules.count; i++) {
        const CreditRule *rule = LIST_AT(rules, CreditRule, i);
        if (rule->outcome == OUTCOME_REFUSE) {
            refusing[count++] = *rule;
        }
    }
    return (List){refusing, count};
}

static Err approvers_guard(Ctx *cx, const void *input, void *output)
{
    (void)output;
    Order order = {0};
    TRY(order_load(cx, ((const ApproversIn *)input)->order.id, &order));
    TRY(order_lapse(cx, order.account_id));
    TRY(order_load(cx, order.id, &order));
    return order.status == ORDER_HELD
               ? ERR_OK
               : err_set(cx, ERR_STATE, "order", "Order %s is %s; only a held order is released.",
                     order.number, order_status_names[order.status]);
}

OP(order_approvers,
    ApproversIn,
    ApproversOut,
    POST("/orders/{order}/approvers"),
    .effect = EFFECT_TRY,
    .needs = PERM_READ,
    .lock = "order",
    .guard = approvers_guard,
    .summary = "Who may release a held order, and what bars the others; nothing is stored.",
    FAILS(ERR_STATE))
{
    ReleasePlan *plan = NULL;
    TRY(release_plan_make(cx, in->order.id, &(ReleaseContent){0}, &plan));
    Account account;
    Org org;
    const Policy *policy = NULL;
    TRY(account_load(cx, plan->order.account_id, &account));
    TRY(org_load(cx, &org));
    TRY(policy_load(cx, &policy));
    Approval request = {0};
    bool has_request = false;
    TRY(request_of(cx, plan, account.partner_id, &request, &has_request));
    Asked asked = {
        .request = &request,
        .needs = ladder_roles(policy, plan->ladder),
        .is_solo = org.is_solo,
    };
    if (has_request) {
        TRY(approval_roles_given(cx, &request, &asked.given));
    }
    out->approval = has_request ? request.id : 0;
    out->currency = plan->ladder.amount.currency;
    out->amount = plan->ladder.amount;
    out->needs = roles_listed(cx->arena, asked.needs);
    out->refusing = rules_refusing(cx->arena, &plan->decision);
    return approvers_read(cx, &asked, &out->items);
}

const Feature release_approver_feature = {
    .name = "release_approver",
    .ops = (const Op *const[]){&op_order_approvers, NULL},
};
