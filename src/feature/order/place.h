/* The operations that place and change orders, and what would clear a held one. */
#ifndef GUANXI_FEATURE_ORDER_PLACE_H
#define GUANXI_FEATURE_ORDER_PLACE_H

#include "feature/credit.h"
#include "feature/order.h"

/* One way to clear a rule that holds. */
typedef struct Clear {
    const char *rule; /* kind it clears */
    const char *what; /* smaller_order, payment, invoice, release */
    Id invoice;       /* payment: what it pays; 0: an advance */
    const char *invoice_number;
    Id shipment; /* invoice: the shipment to be billed */
    const char *shipment_number;
    Money amount;   /* of the payment, the bill, or the order that would pass */
    bool is_enough; /* this one alone clears the order */
    const char *text;
} Clear;

SCHEMA(Clear,
    F_TEXT(Clear, rule),
    F_TEXT(Clear, what, .doc = "smaller_order, payment, invoice or release"),
    F_ID(Clear, invoice, "invoice", .doc = "What the payment pays; null: an advance."),
    F_TEXT(Clear, invoice_number),
    F_ID(Clear, shipment, "shipment", .doc = "What is to be invoiced."),
    F_TEXT(Clear, shipment_number),
    F_MONEY(Clear, amount),
    F_BOOL(Clear, is_enough, .doc = "This alone clears the order."),
    F_TEXT(Clear, text));

/* Of an order that was judged with `call`; none when nothing holds it. List of Clear. */
Err order_clears(
    Ctx *cx, const GateCall *call, const Decision *decision, List *ret_clears) MUST_CHECK;

#endif
