/* Judging held orders again. One that a rule stopped at the shipment gate is judged at that gate
 * too: the order gate alone would approve it, only for its goods to be stopped again. */
#include "feature/order/model.h"

#include "feature/approval.h"

static const Sql sql_stopped = {
    "SELECT COUNT(*) FROM sales_order o JOIN decision d ON d.account_id = o.account_id"
    " AND d.id = o.decision_id WHERE o.account_id = $1 AND o.id = $2 AND o.status = 'held'"
    " AND d.gate = 'shipment'",
    .in = "kk",
    .out = "i",
};

Err order_is_stopped(Ctx *cx, const Order *order, bool *ret_is_stopped)
{
    int64_t count = 0;
    TRY(db_number(cx, &sql_stopped, ARGS(arg_id(order->account_id), arg_id(order->id)), &count));
    *ret_is_stopped = count > 0;
    return ERR_OK;
}

Err order_goods_call(
    Ctx *cx, const Order *order, const Account *account, PassFor pass_for, GateCall *ret_call)
{
    Money open;
    TRY(order_open_amount(cx, order, &open));
    TRY(order_gate_call(cx, order, account, open, ret_call));
    ret_call->gate = GATE_SHIPMENT;
    ret_call->is_anew = pass_for == PASS_FOR_RELEASE;
    ret_call->after = ret_call->before;
    ret_call->moving = pass_for == PASS_FOR_RELEASE ? open : money_zero(order->currency);
    if (!money_is_zero(ret_call->moving)) {
        position_apply(&ret_call->after, move_of(MOVE_SHIPPED_AHEAD, ret_call->moving));
    }
    return ERR_OK;
}

/* Would its goods be stopped again? Then that is the decision shown with the order. */
static Err goods_stop(
    Ctx *cx, const Order *order, PassFor pass_for, Decision *ret_decision, bool *ret_is_stopped)
{
    TRY(order_is_stopped(cx, order, ret_is_stopped));
    if (!*ret_is_stopped) {
        return ERR_OK;
    }
    Account account;
    GateCall call;
    TRY(account_load(cx, order->account_id, &account));
    TRY(order_goods_call(cx, order, &account, pass_for, &call));
    TRY(credit_judge_call(cx, &call, ret_decision));
    *ret_is_stopped = ret_decision->verdict.outcome > OUTCOME_WARN;
    if (!*ret_is_stopped) {
        return ERR_OK;
    }
    TRY(credit_decision_store(cx, &call, ret_decision));
    return order_decision_set(cx, order, ret_decision->id);
}

Err order_pass(Ctx *cx,
    Id order_id,
    PassFor pass_for,
    Id request_id,
    Decision *ret_decision,
    bool *ret_is_approved)
{
    Order order = {0};
    TRY(order_load(cx, order_id, &order));
    Money open;
    TRY(order_open_amount(cx, &order, &open));
    TRY(order_uncommit(cx, &order));
    order.ordered = money_zero(order.currency);
    OrderStatus status = ORDER_HELD;
    bool is_stopped = false;
    TRY(goods_stop(cx, &order, pass_for, ret_decision, &is_stopped));
    if (!is_stopped) {
        TRY(order_decide(cx, &order, open, ret_decision, &status));
    }
    *ret_is_approved = status == ORDER_APPROVED;
    if (*ret_is_approved) {
        TRY(request_id == 0 ? ERR_OK : approval_grant(cx, request_id));
        TRY(approval_void(cx, order.id, "order_release"));
    }
    return order_status_decided(cx, order.id, status);
}

Err order_judge_release(Ctx *cx, const Order *order, Money amount_max, Decision *ret_decision)
{
    Account *account = arena_alloc(cx->arena, sizeof *account);
    TRY(account_load(cx, order->account_id, account));
    Money open;
    TRY(order_open_amount(cx, order, &open));
    bool is_part = amount_max.currency != 0 && money_cmp(amount_max, open) < 0;
    GateCall call;
    TRY(order_gate_call(cx, order, account, open, &call));
    TRY(order_is_stopped(cx, order, &call.with_goods));
    call.gate = GATE_RELEASE;
    call.amount_max = is_part ? amount_max : open;
    TRY(credit_judge_call(cx, &call, ret_decision));
    return credit_decision_store(cx, &call, ret_decision);
}
