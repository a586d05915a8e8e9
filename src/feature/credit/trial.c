/* What a draft of the policy would have held or passed: decisions of the last days judged again by
 * it, from the facts that were stored with them. */
#include "feature/credit.h"
#include "feature/features.h"
#include "feature/policy.h"

#include "base/limits.h"
#include "op/op.h"
#include "op/run.h"

enum { TRIAL_DAYS = 90, TRIAL_DAYS_MAX = 366, TRIAL_SHOWN = 50, TRIAL_GROUPS = 256 };

typedef struct PolicyTrialIn {
    Policy *policy;
    OptInt days;
} PolicyTrialIn;

SCHEMA(PolicyTrialIn,
    F_OBJECT(PolicyTrialIn, policy, Policy, REQUIRED),
    F_OPT_INT(PolicyTrialIn,
        days,
        .min = 1,
        .max = TRIAL_DAYS_MAX,
        .doc = "Decisions of so many days up to today; 90 when absent."));

/* Decisions that came out one way and would come out another, or the same. */
typedef struct TrialGroup {
    int gate;
    int before;
    int after;
    Currency currency;
    int64_t count;
    Money amount;
} TrialGroup;

SCHEMA(TrialGroup,
    F_ENUM(TrialGroup, gate, gate_names),
    F_ENUM(TrialGroup, before, outcome_names, .doc = "As it was decided."),
    F_ENUM(TrialGroup, after, outcome_names, .doc = "As the draft decides."),
    F_CURRENCY(TrialGroup, currency),
    F_INT(TrialGroup, count),
    F_MONEY(TrialGroup, amount, .doc = "Totals of the orders, amounts of the shipments."));

typedef struct TrialChange {
    Id decision;
    const char *account;
    const char *number;
    Date on;
    int gate;
    int before;
    int after;
    Currency currency;
    Money amount;
} TrialChange;

SCHEMA(TrialChange,
    F_ID(TrialChange, decision, "decision"),
    F_TEXT(TrialChange, account),
    F_TEXT(TrialChange, number, .doc = "Of the order."),
    F_DATE(TrialChange, on),
    F_ENUM(TrialChange, gate, gate_names),
    F_ENUM(TrialChange, before, outcome_names),
    F_ENUM(TrialChange, after, outcome_names),
    F_CURRENCY(TrialChange, currency),
    F_MONEY(TrialChange, amount));

typedef struct PolicyTrialOut {
    Date since;
    int64_t judged;
    int64_t left_out;
    List groups;
    List changed;
} PolicyTrialOut;

SCHEMA(PolicyTrialOut,
    F_DATE(PolicyTrialOut, since),
    F_INT(PolicyTrialOut, judged),
    F_INT(PolicyTrialOut,
        left_out,
        .doc = "What was stored with them lacks a rate that the draft needs."),
    F_LIST(PolicyTrialOut, groups, TrialGroup),
    F_LIST(PolicyTrialOut, changed, TrialChange, .doc = "The latest that come out otherwise."));

static const Sql sql_trial_list = {
    "SELECT r.id, a.code, o.number, r.decided_on, r.gate, r.outcome, r.facts FROM decision r"
    " JOIN account a ON a.id = r.account_id JOIN partner p ON p.id = a.partner_id"
    " LEFT JOIN sales_order o ON o.account_id = r.account_id AND o.id = r.order_id"
    " WHERE r.decided_on >= $1 AND r.document_kind IN ('order', 'shipment')"
    " AND r.gate IN ('order', 'shipment') AND {visible:p} ORDER BY r.id DESC",
    .in = "d",
    .out = "kttdttt",
};

typedef struct Trial {
    const Policy *policy;
    PolicyTrialOut *out;
    TrialGroup groups[TRIAL_GROUPS];
    TrialChange changed[TRIAL_SHOWN];
} Trial;

static Err group_add(Ctx *cx, Trial *trial, const TrialChange *one)
{
    size_t *count = &trial->out->groups.count;
    size_t at = 0;
    while (
        at < *count &&
        (trial->groups[at].gate != one->gate || trial->groups[at].before != one->before ||
            trial->groups[at].after != one->after || trial->groups[at].currency != one->currency)) {
        at++;
    }
    if (at == TRIAL_GROUPS) {
        return db_damaged(cx, "the decisions are in more currencies than a firm trades in");
    }
    TrialGroup *group = &trial->groups[at];
    if (at == *count) {
        *group = (TrialGroup){.gate = one->gate,
            .before = one->before,
            .after = one->after,
            .currency = one->currency,
            .amount = money_zero(one->currency)};
        *count += 1;
    }
    group->count++;
    group->amount = money_capped(money_add(group->amount, one->amount));
    return ERR_OK;
}

typedef enum Judged { JUDGED, JUDGED_NOT, JUDGED_DAMAGED } Judged;

/* Fills what the draft says of it. All that is read for it goes when that is known. */
static Judged judge_again(Ctx *cx, const Policy *policy, const char *stored, TrialChange *ret_one)
{
    Arena *own = arena_new(LIMIT_ARENA_BYTES);
    Arena *arena = cx->arena;
    cx->arena = own;
    CreditFacts facts = {0};
    Judged judged = JUDGED;
    if (run_decode(cx, &CreditFacts_schema, stored, &facts) != ERR_OK) {
        err_clear(cx);
        judged = JUDGED_DAMAGED;
    } else if (!credit_facts_hold(policy, (Gate)ret_one->gate, &facts)) {
        judged = JUDGED_NOT;
    } else {
        CreditVerdict verdict = {0};
        credit_judge(own, policy, (Gate)ret_one->gate, &facts, &verdict);
        Money amount = ret_one->gate == GATE_ORDER ? facts.order_amount : facts.moving;
        ret_one->after = verdict.outcome;
        ret_one->currency = facts.currency;
        ret_one->amount = money_add(money_zero(facts.currency), amount);
    }
    cx->arena = arena;
    arena_free(own);
    return judged;
}

static Err decision_try(Ctx *cx, const Rows *row, void *user)
{
    Trial *trial = user;
    TrialChange one = {.decision = db_id(row, 0), .on = db_date(row, 3)};
    TRY(db_name(cx, row, 4, gate_names, &one.gate));
    TRY(db_name(cx, row, 5, outcome_names, &one.before));
    switch (judge_again(cx, trial->policy, db_text(row, 6), &one)) {
    case JUDGED_DAMAGED:
        return db_damaged(cx, "the facts of a decision cannot be read");
    case JUDGED_NOT:
        trial->out->left_out++;
        return ERR_OK;
    case JUDGED:
        break;
    }
    trial->out->judged++;
    TRY(group_add(cx, trial, &one));
    size_t *count = &trial->out->changed.count;
    if (one.before != one.after && *count < TRIAL_SHOWN) {
        one.account = arena_str(cx->arena, db_text(row, 1));
        one.number = db_is_null(row, 2) ? NULL : arena_str(cx->arena, db_text(row, 2));
        trial->changed[(*count)++] = one;
    }
    return ERR_OK;
}

OP(policy_trial,
    PolicyTrialIn,
    PolicyTrialOut,
    POST("/policy/trial"),
    .effect = EFFECT_READ,
    .needs = PERM_READ,
    .summary = "Judge the decisions of the last days again by a draft of the policy.",
    FAILS(ERR_NOT_FOUND, ERR_FIELD_REQUIRED, ERR_FIELD_INVALID))
{
    TRY(policy_draft_check(cx, "policy", in->policy));
    int64_t days = in->days.is_set ? in->days.value : TRIAL_DAYS;
    Trial *trial = arena_alloc(cx->arena, sizeof *trial);
    *trial = (Trial){.policy = in->policy, .out = out};
    out->since = cx->today - (Date)days;
    TRY(db_scan(cx, &sql_trial_list, ARGS(arg_date(out->since)), decision_try, trial));
    out->groups.items = trial->groups;
    out->changed.items = trial->changed;
    return ERR_OK;
}

const Feature trial_feature = {
    .name = "trial",
    .ops = (const Op *const[]){&op_policy_trial, NULL},
};
