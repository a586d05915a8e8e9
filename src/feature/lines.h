/* Parts of order lines, as shipments, returns and invoices name them. */
#ifndef GUANXI_FEATURE_LINES_H
#define GUANXI_FEATURE_LINES_H

#include "feature/order.h"
#include "op/op.h"

typedef struct LineAsk {
    OptInt line;
    Ref product;
    Decimal quantity;
} LineAsk;

SCHEMA(LineAsk,
    F_OPT_INT(LineAsk, line, .min = 1, .max = 100000, .doc = "Number of the order's line."),
    F_REF(LineAsk, product, "product", .doc = "Instead of the line, when one line has it."),
    F_DECIMAL(
        LineAsk, quantity, REQUIRED, .scale_max = QUANTITY_SCALE, .min = 0, .max = 1000000000));

/* A line of a shipment, return or invoice as replies show it. */
typedef struct LinePartView {
    int64_t line;
    const char *product;
    Decimal quantity;
    Currency currency;
    Money amount;
    Money net;
    Money tax;
    Money gross;
} LinePartView;

SCHEMA(LinePartView,
    F_INT(LinePartView, line, .doc = "Number of the order's line."),
    F_TEXT(LinePartView, product),
    F_DECIMAL(LinePartView, quantity, .scale_max = QUANTITY_SCALE),
    F_CURRENCY(LinePartView, currency),
    F_MONEY(LinePartView, amount),
    F_MONEY(LinePartView, net),
    F_MONEY(LinePartView, tax),
    F_MONEY(LinePartView, gross, .doc = "net and tax, the same as amount."));
/* Its columns; `from` names the lines as l and the lines of the order as o. */
#define LINE_PARTS_SHOWN(from)                                                                     \
    "SELECT l.line, p.code, l.quantity, a.currency, l.amount, l.amount - l.tax, l.tax, l.amount"   \
    " FROM " from " JOIN product p ON p.id = o.product_id JOIN account a ON a.id = l.account_id"
#define LINE_PARTS_LETTERS "ititiiii"
/* The tax of lines that are shown (LinePartView). */
Money line_tax_sum(List lines, Currency currency);

/* Which of the order's lines (OrderLine) is meant. ERR_FIELD_REQUIRED, ERR_FIELD_INVALID,
 * ERR_AMBIGUOUS. */
Err line_named(
    Ctx *cx, size_t index, const LineAsk *ask, List lines, OrderLine **ret_line) MUST_CHECK;
/* The quantity asked for, above zero and at most `room`; `what` is done with it:
 * "shipped". ERR_FIELD_INVALID. */
Err line_quantity(Ctx *cx,
    size_t index,
    const LineAsk *ask,
    int64_t room_milli,
    const char *what,
    int64_t *ret_milli) MUST_CHECK;

/* What the line was priced with. Whether prices contain the tax may have been set otherwise since:
 * the line's own amounts tell how it was made. */
LinePrice line_price_of(const OrderLine *line);

/* What a further part is worth at the line's price; the part that completes it takes the rounding
 * rest. */
LineAmount line_part(const OrderLine *line, const LinePart *part, int64_t part_milli);
/* The same of a part that comes back. */
LineAmount line_back(const OrderLine *line, const LinePart *part, int64_t part_milli);
/* A further part of so much, however large its quantity. */
LineAmount line_split(const OrderLine *line, const LinePart *part, Money gross);

extern const Check check_tax_parts;
extern const Check check_tax_sums;

#endif
