/* Orders in the database: what the files of this folder share. */
#ifndef GUANXI_FEATURE_ORDER_MODEL_H
#define GUANXI_FEATURE_ORDER_MODEL_H

#include "feature/order.h"
#include "op/run.h"

/* Changes status, decision, release and who changed it, and notes the change for audit: the only
 * writer of sales_order.status. Asserts that the move is allowed. */
Err order_status_set(Ctx *cx, const Order *order, OrderStatus status) MUST_CHECK;
/* The status that quantities make of an order that was just approved or held. */
Err order_status_decided(Ctx *cx, Id order_id, OrderStatus status) MUST_CHECK;
/* Moves the whole committed amount back: ordered -> outside. */
Err order_uncommit(Ctx *cx, const Order *order) MUST_CHECK;
/* Commits amount: outside -> ordered. */
Err order_commit(Ctx *cx, const Order *order, Money amount) MUST_CHECK;
/* It is approved or released: who had a hand in it before is bound no longer. */
Err order_hands_clear(Ctx *cx, Id order_id) MUST_CHECK;
/* An order that is to be judged with `open` as its open amount, its own commitment taken out. */
Err order_gate_call(
    Ctx *cx, const Order *order, const Account *account, Money open, GateCall *ret_call) MUST_CHECK;
/* Does a rule of the shipment gate hold it? */
Err order_is_stopped(Ctx *cx, const Order *order, bool *ret_is_stopped) MUST_CHECK;
/* A held order judged at the shipment gate. */
Err order_goods_call(Ctx *cx,
    const Order *order,
    const Account *account,
    PassFor pass_for,
    GateCall *ret_call) MUST_CHECK;
/* Judges, stores the decision with the order, and commits all of `open` when nothing holds; else
 * leaves it uncommitted. The order's own commitment has been taken out. *ret_status:
 * approved or held. */
Err order_decide(Ctx *cx,
    const Order *order,
    Money open,
    Decision *ret_decision,
    OrderStatus *ret_status) MUST_CHECK;
/* ERR_STATE with the order's status when it is not one of those in the mask (1u << ORDER_x). */
Err order_state_check(Ctx *cx, const Order *order, unsigned allowed, const char *advice) MUST_CHECK;

typedef struct OrderReply {
    Id id;
    const char *number;
    int status;
    Currency currency;
    Money total;
    DecisionView *decision;
} OrderReply;

SCHEMA(OrderReply,
    F_ID(OrderReply, id, "order"),
    F_TEXT(OrderReply, number),
    F_ENUM(OrderReply, status, order_status_names),
    F_CURRENCY(OrderReply, currency),
    F_MONEY(OrderReply, total),
    F_DECISION(OrderReply, decision));

/* What is fact in sales_order; see op/fact.h. */
#define ORDER_FACTS                                                                                \
    "id, account_id, number, status, ordered_on, wanted_on, total, is_final, "                     \
    "decision_id, release_id, placed_by_id, placed_on, changed_by_id, held_on, reason"
#define ORDER_LETTERS "kkttddibkkkdkdt"
extern const Fact fact_order;
extern const Fact fact_hand; /* hand.c */

/* check.c */
extern const Check check_order_total;
extern const Check check_order_ended;
extern const Check check_order_papers;

#endif
