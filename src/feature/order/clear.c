/* What would clear an order that is held: payments, a smaller order, a release. */
#include "feature/order/place.h"

#include "feature/org.h"
#include "feature/policy.h"
#include "op/run.h"

static const Sql sql_invoices_open = {
    "SELECT number, open, due_on FROM invoice WHERE account_id = $1 AND open > 0 ORDER BY due_on, "
    "id LIMIT 100",
    .in = "k",
    .out = "tid",
};

typedef struct ClearList {
    Ctx *cx;
    Clear *items;
    size_t count;
    size_t room;
    bool is_alone; /* one rule alone holds, so that clearing it clears the order */
} ClearList;

static void clear_add(ClearList *list, Clear clear)
{
    if (list->count < list->room) {
        clear.is_enough = clear.is_enough && list->is_alone;
        list->items[list->count++] = clear;
    }
}

static const char *money_text(Ctx *cx, Money money)
{
    char *text = arena_alloc(cx->arena, DECIMAL_TEXT_SIZE);
    money_format(money, text);
    return text;
}

/* Payments that free the excess, oldest invoices first; the last one pays what is still missing. */
static void clear_by_payment(ClearList *list, Rows *invoices, Money excess, const char *rule)
{
    Ctx *cx = list->cx;
    Money missing = excess;
    invoices->at = 0;
    while (money_is_positive(missing) && db_next(invoices)) {
        Money open = money_of(excess.currency, db_i64(invoices, 1));
        Money part = money_min(open, missing);
        const char *number = db_text(invoices, 0);
        clear_add(list, (Clear){.rule = rule,
                            .what = "payment",
                            .invoice = number,
                            .amount = part,
                            .is_enough = money_cmp(part, excess) >= 0,
                            .text = arena_printf(cx->arena, "Payment of %s on invoice %s.",
                                money_text(cx, part), number)});
        missing = money_sub(missing, part);
    }
    if (money_is_positive(missing)) {
        clear_add(list, (Clear){.rule = rule,
                            .what = "payment",
                            .amount = missing,
                            .is_enough = money_cmp(missing, excess) >= 0,
                            .text = arena_printf(cx->arena, "A payment of %s in advance.",
                                money_text(cx, missing))});
    }
}

static void clear_limit(ClearList *list, Rows *invoices, Money asked, const CreditRule *rule)
{
    Ctx *cx = list->cx;
    if (rule->excess.currency != asked.currency || !money_is_positive(rule->excess)) {
        return;
    }
    Money smaller = money_sub(asked, rule->excess);
    if (money_is_positive(smaller)) {
        clear_add(list, (Clear){.rule = "limit",
                            .what = "smaller_order",
                            .amount = smaller,
                            .is_enough = true,
                            .text = arena_printf(
                                cx->arena, "An order of at most %s.", money_text(cx, smaller))});
    }
    clear_by_payment(list, invoices, rule->excess, "limit");
}

/* Every invoice that is past due by more than the rule allows has to be paid. */
static void clear_overdue(
    ClearList *list, Rows *invoices, Currency currency, const CreditRule *rule)
{
    Ctx *cx = list->cx;
    int64_t days = rule->threshold.units;
    for (int i = 0; i < rule->threshold.scale; i++) {
        days /= 10;
    }
    size_t first = list->count;
    invoices->at = 0;
    while (db_next(invoices)) {
        if (cx->today - db_date(invoices, 2) > days) {
            Money open = money_of(currency, db_i64(invoices, 1));
            clear_add(
                list, (Clear){.rule = "overdue_days",
                          .what = "payment",
                          .invoice = db_text(invoices, 0),
                          .amount = open,
                          .text = arena_printf(cx->arena,
                              "Payment of invoice %s: %s, %d days past due.", db_text(invoices, 0),
                              money_text(cx, open), (int)(cx->today - db_date(invoices, 2)))});
        }
    }
    if (list->count == first + 1) {
        list->items[first].is_enough = list->is_alone;
    }
}

static void clear_state(ClearList *list, const Decision *decision, const Policy *policy)
{
    Money lacks = credit_state_lacks(policy, &decision->facts);
    if (money_is_positive(lacks)) {
        clear_add(list, (Clear){.rule = "account_state",
                            .what = "payment",
                            .amount = lacks,
                            .is_enough = true,
                            .text = arena_printf(
                                list->cx->arena, "A payment of %s.", money_text(list->cx, lacks))});
    }
}

/* Neither gate may refuse what is to be released, and the ladder counts in home currency. */
static Err clear_release(ClearList *list, const GateCall *call)
{
    Decimal rate;
    TRY(org_rate_find(list->cx, call->account->currency, list->cx->today, &rate));
    if (!rate.is_set || list->count == list->room) {
        return ERR_OK;
    }
    GateCall release = *call;
    release.gate = GATE_RELEASE;
    release.amount_max = call->moving;
    Decision decision;
    TRY(credit_judge_call(list->cx, &release, &decision));
    if (decision.verdict.outcome == OUTCOME_REFUSE) {
        return ERR_OK;
    }
    list->items[list->count++] = (Clear){.rule = "all",
        .what = "release",
        .amount = call->moving,
        .is_enough = true,
        .text = "A release by who may approve it."};
    return ERR_OK;
}

static size_t rules_holding(const Decision *decision)
{
    size_t holding = 0;
    for (size_t i = 0; i < decision->verdict.rules.count; i++) {
        holding += LIST_AT(decision->verdict.rules, CreditRule, i)->outcome >= OUTCOME_HOLD ? 1 : 0;
    }
    return holding;
}

Err order_clears(Ctx *cx, const GateCall *call, const Decision *decision, List *ret_clears)
{
    enum { CLEARS_MAX = 100 };
    const List rules = decision->verdict.rules;
    size_t holding = rules_holding(decision);
    ClearList list = {
        cx, arena_array(cx->arena, CLEARS_MAX, sizeof(Clear)), 0, CLEARS_MAX, holding == 1};
    *ret_clears = (List){list.items, 0};
    if (holding == 0) {
        return ERR_OK;
    }
    const Policy *policy = NULL;
    Rows invoices;
    TRY(policy_load(cx, &policy));
    TRY(db_ask(cx, &sql_invoices_open, ARGS(arg_id(call->account->id)), &invoices));
    for (size_t i = 0; i < rules.count; i++) {
        const CreditRule *rule = LIST_AT(rules, CreditRule, i);
        if (rule->outcome < OUTCOME_HOLD) {
            continue;
        }
        if (rule->kind == RULE_LIMIT) {
            clear_limit(&list, &invoices, call->moving, rule);
        } else if (rule->kind == RULE_OVERDUE_DAYS) {
            clear_overdue(&list, &invoices, call->account->currency, rule);
        } else if (rule->kind == RULE_ACCOUNT_STATE) {
            clear_state(&list, decision, policy);
        }
    }
    if (decision->verdict.outcome == OUTCOME_HOLD) {
        TRY(clear_release(&list, call));
    }
    ret_clears->count = list.count;
    return ERR_OK;
}
