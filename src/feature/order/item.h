/* Lines of an order as they come in: read, priced, written. */
#ifndef GUANXI_FEATURE_ORDER_ITEM_H
#define GUANXI_FEATURE_ORDER_ITEM_H

#include "feature/order/model.h"

typedef struct LineIn {
    OptInt line;
    Ref product;
    Decimal quantity;
    Decimal unit_price;
} LineIn;

SCHEMA(LineIn,
    F_OPT_INT(
        LineIn, line, .min = 1, .max = 100000, .doc = "order_change: the line that this replaces."),
    F_REF(LineIn, product, "product", .doc = "Needed, but where `line` keeps a line's own."),
    F_DECIMAL(LineIn, quantity, REQUIRED, .scale_max = QUANTITY_SCALE, .min = 0, .max = 1000000000),
    F_DECIMAL(LineIn,
        unit_price,
        .scale_max = PRICE_SCALE,
        .scale_min = 2,
        .min = 0,
        .max = 1000000000,
        .doc = "In the account's currency; when absent that of the line that is kept, else the "
               "product's."));

/* A line as it is written. */
typedef struct LineWrite {
    int64_t line;
    Id id; /* 0: a new line */
    Id product_id;
    int64_t quantity_milli;
    int64_t price_micro;
    int64_t tax_micro;
    LineAmount amount;
} LineWrite;

/* "lines.2.quantity" */
const char *item_field(Ctx *cx, size_t index, const char *member);
/* An order has at least one line. ERR_FIELD_INVALID. */
Err items_check(Ctx *cx, List items) MUST_CHECK;
/* The currency and whether prices contain the tax; item_read fills the rest for each line. */
Err item_price_start(Ctx *cx, Currency currency, LinePrice *ret_price) MUST_CHECK;
/* What the list says of each line's product, where it names one: product, price and tax. */
Err items_terms(Ctx *cx, List items, LineWrite *lines) MUST_CHECK;
/* Quantity, price and amount of a line that has its terms. `kept`: the line that it changes, whose
 * product and price it keeps where none are given; NULL: a new one. ERR_FIELD_REQUIRED,
 * ERR_FIELD_INVALID. */
Err item_read(Ctx *cx,
    size_t index,
    const LineIn *in,
    const OrderLine *kept,
    LinePrice *price,
    LineWrite *line) MUST_CHECK;
/* Adds a line to an order's total. ERR_FIELD_INVALID when that is too large. */
Err item_total_add(Ctx *cx, Money *total, Money amount) MUST_CHECK;
/* What is fact in order_line; see op/fact.h. */
#define LINE_FACTS                                                                                 \
    "id, account_id, order_id, line, product_id, quantity, unit_price, tax_rate, net, "            \
    "tax, gross, is_dropped"
#define LINE_LETTERS "kkkikiiiiiib"
extern const Fact fact_line;

Err item_write(Ctx *cx, const Order *order, const LineWrite *line) MUST_CHECK;
/* Adds lines that are new. */
Err items_add(Ctx *cx, const Order *order, const LineWrite *lines, size_t count) MUST_CHECK;

#endif
