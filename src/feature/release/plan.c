/* Works out a release before anybody consents to it. */
#include "feature/release/plan.h"

#include "feature/org.h"
#include "feature/policy.h"
#include "feature/release/model.h"
#include "op/run.h"

static Err money_read(
    Ctx *cx, Currency currency, const char *field, Decimal given, Money *ret_money)
{
    return given.is_set ? account_amount(cx, field, given, currency, ret_money) : ERR_OK;
}

static Err ladder_fill(Ctx *cx, ReleasePlan *plan)
{
    Money recent;
    Money recent_home;
    Money open_home;
    TRY(release_recent(cx, plan->order.account_id, plan->order.currency, &recent));
    TRY(org_to_home(cx, recent, cx->today, &recent_home));
    TRY(org_to_home(cx, plan->open, cx->today, &open_home));
    plan->ladder = (LadderAmount){
        .has_amount = true,
        .amount = release_ladder_amount(&plan->decision.verdict, open_home, recent_home),
    };
    return ERR_OK;
}

Err release_plan_make(Ctx *cx, Id order_id, const ReleaseContent *content, ReleasePlan **ret_plan)
{
    ReleasePlan *plan = arena_alloc(cx->arena, sizeof *plan);
    const Policy *policy = NULL;
    TRY(policy_load(cx, &policy));
    TRY(order_load(cx, order_id, &plan->order));
    TRY(order_open_amount(cx, &plan->order, &plan->open));
    ReleaseAsk ask = {
        .today = cx->today,
        .open_amount = plan->open,
        .expires_on = content->expires_on,
        .has_promise = content->promise != NULL,
    };
    Currency currency = plan->order.currency;
    TRY(money_read(cx, currency, "amount_max", content->amount_max, &ask.amount_max));
    if (content->promise != NULL) {
        ask.promise_due_on = content->promise->due_on;
        TRY(money_read(
            cx, currency, "promise.amount", content->promise->amount, &ask.promise_amount));
    }
    TRY(order_judge_release(cx, &plan->order, ask.amount_max, &plan->decision));
    Fault fault;
    if (!release_check(policy, &ask, plan->decision.verdict.excess, &plan->terms, &fault)) {
        return err_set(cx, ERR_FIELD_INVALID, fault.field, "%s", fault.sentence);
    }
    plan->has_promise = ask.has_promise;
    plan->promise_amount = ask.promise_amount;
    plan->promise_due_on = ask.promise_due_on;
    *ret_plan = plan;
    return ladder_fill(cx, plan);
}

Err release_plan_refuse(Ctx *cx, const ReleasePlan *plan)
{
    const List rules = plan->decision.verdict.rules;
    for (size_t i = 0; i < rules.count; i++) {
        const CreditRule *rule = LIST_AT(rules, CreditRule, i);
        if (rule->outcome == OUTCOME_REFUSE) {
            return err_set(cx, ERR_CREDIT_REFUSED, NULL, "%s No release can be given for that.",
                credit_rule_text(cx->arena, rule));
        }
    }
    return ERR_OK;
}

static bool decimal_same(Decimal a, Decimal b)
{
    int64_t x = 0;
    int64_t y = 0;
    if (!a.is_set || !b.is_set) {
        return a.is_set == b.is_set;
    }
    return decimal_at_scale(a, 3, &x) && decimal_at_scale(b, 3, &y) && x == y;
}

bool release_content_equals(const ReleaseContent *a, const ReleaseContent *b)
{
    if (!decimal_same(a->amount_max, b->amount_max) || a->expires_on != b->expires_on ||
        (a->promise == NULL) != (b->promise == NULL)) {
        return false;
    }
    return a->promise == NULL || (a->promise->due_on == b->promise->due_on &&
                                     decimal_same(a->promise->amount, b->promise->amount));
}
