/* Which held orders would pass now. A payment makes room under the limits of the whole family of
 * its account, so the orders of all its members are looked at. */
#include "feature/order/model.h"

#include "feature/account.h"

#define HELD_AGAIN ORDER_IS_HELD_AGAIN("o", "$2")

/* Oldest first, and of what the caller may see alone: what is not named takes nothing from what
 * is. */
static const Sql sql_orders_held = {
    FAMILY_OF "SELECT o.id, " HELD_AGAIN " FROM member f JOIN account a ON a.id = f.id"
              " JOIN partner p ON p.id = a.partner_id JOIN sales_order o ON o.account_id = f.id"
              " WHERE (o.status = 'held' OR " HELD_AGAIN ") AND {visible:p} ORDER BY o.id",
    .in = "kd",
    .out = "kb",
};

/* What was named so far: GateBeside. */
typedef struct Named {
    GateBeside *items;
    size_t count;
} Named;

static void named_add(GateCall *call, Money named)
{
    call->before.ordered = money_add(call->before.ordered, named);
    call->after.ordered = money_add(call->after.ordered, named);
}

/* Does it pass with what was named ordered besides? */
static Err call_passes(Ctx *cx, GateCall *call, const Named *named, bool *ret_passes)
{
    Decision decision;
    call->besides = (List){named->items, named->count};
    for (size_t i = 0; i < named->count; i++) {
        if (named->items[i].account_id == call->account->id) {
            named_add(call, named->items[i].amount);
        }
    }
    *ret_passes = false;
    Err err = credit_judge_call(cx, call, &decision);
    if (err == ERR_RATE_MISSING) {
        err_clear(cx); /* what cannot be judged is not named */
        return ERR_OK;
    }
    TRY(err);
    *ret_passes = decision.verdict.outcome <= OUTCOME_WARN;
    return ERR_OK;
}

/* Would it be approved if it were judged again? `has_lapsed`: it is held since its release ran out,
 * and its account takes it for that already, though nobody has booked it. */
static Err would_pass(Ctx *cx,
    Id order_id,
    bool has_lapsed,
    const Named *named,
    GateBeside *ret_pass,
    bool *ret_would)
{
    Order order = {0};
    Account account;
    GateCall call;
    Money open;
    bool is_stopped = false;
    TRY(order_load(cx, order_id, &order));
    if (has_lapsed) {
        order.ordered = money_zero(order.currency);
    }
    TRY(account_load(cx, order.account_id, &account));
    TRY(order_open_amount(cx, &order, &open));
    *ret_pass = (GateBeside){account.id, open, order.wanted_on};
    TRY(order_gate_call(cx, &order, &account, open, &call));
    TRY(call_passes(cx, &call, named, ret_would));
    TRY(order_is_stopped(cx, &order, &is_stopped));
    if (!*ret_would || !is_stopped) {
        return ERR_OK;
    }
    TRY(order_goods_call(cx, &order, &account, PASS_FOR_RECHECK, &call));
    return call_passes(cx, &call, named, ret_would);
}

/* The head of the account's family. */
static Err family_head(Ctx *cx, Id account_id, Id *ret_head)
{
    Account chain[CREDIT_CHAIN_MAX];
    size_t count = 0;
    TRY(account_chain(cx, account_id, chain, &count));
    *ret_head = chain[count - 1].id;
    return ERR_OK;
}

/* Memory is given back after each, so that a long queue of held orders never stops a payment. */
Err order_unblocked(Ctx *cx, Id account_id, List *ret_orders)
{
    Rows rows;
    Id head = 0;
    TRY(order_lapse(cx, account_id));
    TRY(family_head(cx, account_id, &head));
    TRY(db_ask(cx, &sql_orders_held, ARGS(arg_id(head), arg_date(cx->today)), &rows));
    Id *orders = arena_array(cx->arena, rows.count, sizeof *orders);
    Named named = {arena_array(cx->arena, rows.count, sizeof *named.items), 0};
    while (db_next(&rows)) {
        Id order_id = db_id(&rows, 0);
        bool passes = false;
        GateBeside pass;
        ArenaMark mark = arena_mark(cx->arena);
        TRY(would_pass(cx, order_id, db_bool(&rows, 1), &named, &pass, &passes));
        arena_rewind(cx->arena, mark);
        if (passes) {
            orders[named.count] = order_id;
            named.items[named.count++] = pass;
        }
    }
    *ret_orders = (List){orders, named.count};
    return ERR_OK;
}
