/* What would clear an order that is held: payments, a smaller order, a release. */
#include "feature/order/place.h"

#include "feature/org.h"
#include "feature/policy.h"
#include "op/run.h"
#include "rules/limit.h"
#include "rules/rate.h"

static const Sql sql_invoices_open = {
    "SELECT number, open, due_on, id FROM invoice WHERE account_id = $1 AND open > 0"
    " ORDER BY due_on, id LIMIT 100",
    .in = "k",
    .out = "tidk",
};

static const Sql sql_shipments_unbilled = {
    "SELECT id, number, shipped_on, amount - invoiced - returned FROM shipment"
    " WHERE account_id = $1 AND status = 'posted' AND amount > invoiced + returned"
    " AND shipped_on < $2 ORDER BY shipped_on, id LIMIT 100",
    .in = "kd",
    .out = "ktdi",
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
                            .invoice = db_id(invoices, 3),
                            .invoice_number = number,
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

static void clear_by_less(ClearList *list, Money smaller, const char *rule)
{
    Ctx *cx = list->cx;
    if (money_is_positive(smaller)) {
        clear_add(list, (Clear){.rule = rule,
                            .what = "smaller_order",
                            .amount = smaller,
                            .is_enough = true,
                            .text = arena_printf(
                                cx->arena, "An order of at most %s.", money_text(cx, smaller))});
    }
}

static void clear_excess(
    ClearList *list, Rows *invoices, Money asked, Money excess, const char *rule)
{
    if (excess.currency == asked.currency && money_is_positive(excess)) {
        clear_by_less(list, money_sub(asked, excess), rule);
        clear_by_payment(list, invoices, excess, rule);
    }
}

/* What is above the threshold's share of the limit, rounded to the safe side. */
static void clear_use(
    ClearList *list, Rows *invoices, const Decision *decision, Money asked, const CreditRule *rule)
{
    const CreditVerdict *verdict = &decision->verdict;
    int64_t most = 0;
    int64_t hundred = 100;
    for (int i = 0; i < rule->threshold.scale; i++) {
        hundred *= 10;
    }
    if (verdict->limit.kind != LIMIT_AMOUNT) {
        return;
    }
    Money limit = limit_money(verdict->limit, verdict->available_after.currency);
    if (scale_up(-limit.minor, rule->threshold.units, hundred, &most)) {
        Money used = money_sub(limit, verdict->available_after);
        Money allowed = money_of(used.currency, -most);
        clear_excess(list, invoices, asked, money_sub(used, allowed), "limit_use");
    }
}

static int64_t days_of(Decimal threshold)
{
    int64_t days = threshold.units;
    for (int i = 0; i < threshold.scale; i++) {
        days /= 10;
    }
    return days;
}

/* Every invoice that is past due by more than the rule allows has to be paid. */
static void clear_overdue(
    ClearList *list, Rows *invoices, Currency currency, const CreditRule *rule)
{
    Ctx *cx = list->cx;
    int64_t days = days_of(rule->threshold);
    size_t first = list->count;
    invoices->at = 0;
    while (db_next(invoices)) {
        if (cx->today - db_date(invoices, 2) > days) {
            Money open = money_of(currency, db_i64(invoices, 1));
            clear_add(
                list, (Clear){.rule = "overdue_days",
                          .what = "payment",
                          .invoice = db_id(invoices, 3),
                          .invoice_number = db_text(invoices, 0),
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

/* Every shipment that waits for its invoice longer than the rule allows has to be billed. */
static Err clear_unbilled(ClearList *list, const Account *account, const CreditRule *rule)
{
    Ctx *cx = list->cx;
    Rows rows;
    Date before = cx->today - (Date)days_of(rule->threshold);
    TRY(db_ask(cx, &sql_shipments_unbilled, ARGS(arg_id(account->id), arg_date(before)), &rows));
    while (db_next(&rows)) {
        Money open = money_of(account->currency, db_i64(&rows, 3));
        const char *number = db_text(&rows, 1);
        clear_add(list, (Clear){.rule = "unbilled_days",
                            .what = "invoice",
                            .shipment = db_id(&rows, 0),
                            .shipment_number = number,
                            .amount = open,
                            .is_enough = rows.count == 1,
                            .text = arena_printf(cx->arena,
                                "An invoice of %s for shipment %s, %d days old.",
                                money_text(cx, open), number,
                                (int)(cx->today - db_date(&rows, 2)))});
    }
    return ERR_OK;
}

/* The threshold of an amount in the account's currency; a rate was there when it was judged. */
static bool threshold_in(const Decision *decision, const CreditRule *rule, Money *ret_amount)
{
    Money home;
    return money_from_decimal(rule->currency, rule->threshold, &home) &&
           rate_from_home(home, decision->facts.rate, decision->facts.currency, ret_amount);
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

/* What only time or a release clears (broken promises, releases given) has no entry. */
static Err rule_clear(ClearList *list,
    Rows *invoices,
    const GateCall *call,
    const Decision *decision,
    const CreditRule *rule)
{
    const CreditFacts *facts = &decision->facts;
    const Policy *policy = NULL;
    Money allowed;
    switch ((RuleKind)rule->kind) {
    case RULE_LIMIT:
        clear_excess(list, invoices, call->moving, rule->excess, "limit");
        return ERR_OK;
    case RULE_LIMIT_USE:
        clear_use(list, invoices, decision, call->moving, rule);
        return ERR_OK;
    case RULE_OVERDUE_DAYS:
        clear_overdue(list, invoices, call->account->currency, rule);
        return ERR_OK;
    case RULE_OVERDUE_AMOUNT:
        if (threshold_in(decision, rule, &allowed)) {
            clear_by_payment(list, invoices, money_sub(facts->overdue, allowed), "overdue_amount");
        }
        return ERR_OK;
    case RULE_OVERDUE_SHARE:
        clear_by_payment(list, invoices, facts->overdue, "overdue_share");
        return ERR_OK;
    case RULE_UNBILLED_DAYS:
        return clear_unbilled(list, call->account, rule);
    case RULE_ORDER_AMOUNT:
        if (threshold_in(decision, rule, &allowed)) {
            clear_by_less(list, allowed, "order_amount");
        }
        return ERR_OK;
    case RULE_ACCOUNT_STATE:
        TRY(policy_load(list->cx, &policy));
        clear_state(list, decision, policy);
        return ERR_OK;
    case RULE_NONE:
    case RULE_BROKEN_PROMISES:
    case RULE_PROMISE_BROKEN_OPEN:
    case RULE_PROMISE_LEVEL:
    case RULE_RELEASES_365D:
    case RULE_RELEASE_EXCESS_PERCENT:
    case RULE_RELEASED_EXCESS_OPEN:
    case RULE_KIND_COUNT:
        break;
    }
    return ERR_OK;
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
    Rows invoices;
    TRY(db_ask(cx, &sql_invoices_open, ARGS(arg_id(call->account->id)), &invoices));
    for (size_t i = 0; i < rules.count; i++) {
        const CreditRule *rule = LIST_AT(rules, CreditRule, i);
        if (rule->outcome >= OUTCOME_HOLD) {
            TRY(rule_clear(&list, &invoices, call, decision, rule));
        }
    }
    if (decision->verdict.outcome == OUTCOME_HOLD) {
        TRY(clear_release(&list, call));
    }
    ret_clears->count = list.count;
    return ERR_OK;
}
