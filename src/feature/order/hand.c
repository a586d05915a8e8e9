/* Who had a hand in an order that is not approved: see order_hand in the schema. */
#include "feature/order/model.h"

#define HAND_FACTS "id, account_id, order_id, user_id, what"
#define HAND_LETTERS "kkkkt"
const Fact fact_hand = FACT("order_hand", 1, HAND_FACTS, HAND_LETTERS);

static const Sql sql_hand_insert = {
    "INSERT INTO order_hand (id, account_id, order_id, user_id, what) VALUES ($1, $2, $3, $4, $5)",
    .in = HAND_LETTERS,
};

static const Sql sql_hand_of = {
    "SELECT id FROM order_hand WHERE order_id = $1 AND user_id = $2 LIMIT 1",
    .in = "kk",
    .out = "k",
};

static const Sql sql_hands_clear = {
    "DELETE FROM order_hand WHERE order_id = $1 RETURNING " HAND_FACTS,
    .in = "k",
    .out = HAND_LETTERS,
};

/* The system gives no release, so nothing need be known of it. */
Err order_hand_note(Ctx *cx, const Order *order, const char *what)
{
    Id user_id = cx->actor->user_id;
    return user_id == 0 ? ERR_OK
                        : fact_put(cx, &fact_hand, &sql_hand_insert,
                              ARGS(arg_id(db_new_id(cx)), arg_id(order->account_id),
                                  arg_id(order->id), arg_id(user_id), arg_text(what)));
}

Err order_has_hand(Ctx *cx, Id order_id, Id user_id, bool *ret_has)
{
    Rows rows;
    TRY(db_ask(cx, &sql_hand_of, ARGS(arg_id(order_id), arg_id(user_id)), &rows));
    *ret_has = rows.count > 0;
    return ERR_OK;
}

Err order_hands_clear(Ctx *cx, Id order_id)
{
    return fact_remove(cx, &fact_hand, &sql_hands_clear, ARGS(arg_id(order_id)));
}
