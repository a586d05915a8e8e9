/* The account ledger's movements: value moves between buckets and never appears or disappears. */
#ifndef GUANXI_RULES_MOVE_H
#define GUANXI_RULES_MOVE_H

#include "base/schema.h"

typedef enum Bucket {
    BUCKET_NONE,
    BUCKET_OUTSIDE,
    BUCKET_ORDERED,
    BUCKET_SHIPPED,
    BUCKET_RECEIVABLE,
    BUCKET_CHEQUE,  /* post-dated, on hand */
    BUCKET_ADVANCE, /* received, not allocated: what we owe; below zero what is owed us */
    BUCKET_SETTLED,
    BUCKET_WRITTEN_OFF,
    BUCKET_COUNT
} Bucket;

extern const char *const bucket_names[]; /* "", "outside", … NULL */

/* What can happen to an account. An amount is always positive; MOVE_x_REVERSED is the same
 * backwards. */
typedef enum MoveEvent {
    MOVE_ORDER_APPROVED,     /* outside -> ordered */
    MOVE_ORDER_ENDED,        /* ordered -> outside: held again, cancelled, closed, refused */
    MOVE_SHIPPED,            /* ordered -> shipped */
    MOVE_SHIPPED_AHEAD,      /* outside -> shipped: goods whose order was not in `ordered` */
    MOVE_SHIPPED_UNINVOICED, /* shipped -> outside: a final invoice returns what it does not bill */
    MOVE_INVOICED_SHIPPED,   /* shipped -> receivable */
    MOVE_INVOICED_ORDERED,   /* ordered -> receivable */
    MOVE_INVOICED_OUTSIDE,   /* outside -> receivable */
    MOVE_PAYMENT_RECEIVED,   /* outside -> advance */
    MOVE_ALLOCATED,          /* receivable -> settled */
    MOVE_ADVANCE_USED,       /* advance -> outside, together with MOVE_ALLOCATED */
    MOVE_CHEQUE_TAKEN,       /* receivable -> cheque */
    MOVE_CHEQUE_CLEARED,     /* cheque -> settled */
    MOVE_CHEQUE_BOUNCED,     /* cheque -> receivable */
    MOVE_RETURNED,           /* shipped -> outside: before the invoice; after it nothing moves */
    MOVE_CREDITED,           /* receivable -> outside */
    MOVE_CREDITED_BEYOND,    /* outside -> advance: what a credit note has beyond the open amount */
    MOVE_WRITTEN_OFF,        /* receivable -> written_off */
    MOVE_RECOVERED,          /* written_off -> advance */
    MOVE_REFUNDED,           /* advance -> outside */
    MOVE_EVENT_COUNT
} MoveEvent;

typedef struct Move {
    Bucket from;
    Bucket to;
    Money amount;
} Move;

/* Sum per bucket, gross, in the account's currency. `outside` is where value comes from and is
 * not kept. The columns of the position row and what is stored of it in decisions. */
typedef struct Position {
    Currency currency;
    Money ordered;
    Money shipped;
    Money receivable;
    Money cheque;
    Money advance;
    Money settled;
    Money written_off;
} Position;

SCHEMA(Position,
    F_CURRENCY(Position, currency, REQUIRED),
    F_MONEY(Position, ordered, .flags = FIELD_ZERO, .doc = "Approved orders, not shipped."),
    F_MONEY(Position, shipped, .flags = FIELD_ZERO, .doc = "Shipped, not invoiced."),
    F_MONEY(Position, receivable, .flags = FIELD_ZERO, .doc = "Invoiced and open."),
    F_MONEY(Position, cheque, .flags = FIELD_ZERO, .doc = "Post-dated cheques on hand."),
    F_MONEY(Position, advance, .flags = FIELD_ZERO, .doc = "Received and not allocated."),
    F_MONEY(Position, settled, .flags = FIELD_ZERO, .doc = "Paid, ever."),
    F_MONEY(Position, written_off, .flags = FIELD_ZERO, .doc = "Given up, ever."));

Position position_empty(Currency currency);
/* The movement of an event; amount positive (a zero amount is no movement: asserted). */
Move move_of(MoveEvent event, Money amount);
Move move_reversed(Move move);
/* Adds the movement to the position. The same function for live books, rebuild and doctor. */
void position_apply(Position *position, Move move);
/* ordered + shipped + receivable + cheque - advance; negative when more was paid in advance. */
Money position_exposure(const Position *position);
/* What is out of the house: shipped + receivable + cheque - advance. Orders in the warehouse
 * not. */
Money position_out_of_house(const Position *position);

/* How the amount of an invoice with an order splits over the buckets: that order's shipped
 * first, then its ordered, then outside. Returns the number of movements (0 to 3) in ret_moves. */
int move_invoice_split(Money amount, Money order_shipped, Money order_ordered, Move ret_moves[3]);
/* A group's exposure: the sum of max(0, member), all in the home currency (converted by the
 * caller), so that one child's advance never covers another. The parent's own exposure is one of
 * the members. */
Money exposure_group(Currency home, const Money *members, size_t count);

#endif
