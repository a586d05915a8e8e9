/* Which lines of an order are meant, how much of them, and what that is worth. */
#include "feature/lines.h"

#include "op/run.h"

/* "lines.2.quantity" */
static const char *line_ask_field(Ctx *cx, size_t index, const char *member)
{
    return arena_printf(cx->arena, "lines.%zu.%s", index, member);
}

static Err line_by_number(
    Ctx *cx, size_t index, const LineAsk *ask, List lines, OrderLine **ret_line)
{
    for (size_t i = 0; i < lines.count; i++) {
        OrderLine *line = LIST_AT(lines, OrderLine, i);
        if (line->line != ask->line.value) {
            continue;
        }
        if (ask->product.id != 0 && ask->product.id != line->product_id) {
            return err_set(cx, ERR_FIELD_INVALID, line_ask_field(cx, index, "product"),
                "Line %lld of the order is another product, %s.", (long long)line->line,
                line->product);
        }
        *ret_line = line;
        return ERR_OK;
    }
    return err_set(cx, ERR_FIELD_INVALID, line_ask_field(cx, index, "line"),
        "There is no line %lld here.", (long long)ask->line.value);
}

Err line_named(Ctx *cx, size_t index, const LineAsk *ask, List lines, OrderLine **ret_line)
{
    if (ask->line.is_set) {
        return line_by_number(cx, index, ask, lines, ret_line);
    }
    if (ask->product.id == 0) {
        return err_set(cx, ERR_FIELD_REQUIRED, line_ask_field(cx, index, "line"),
            "Say which line it is, by its number or its product.");
    }
    *ret_line = NULL;
    for (size_t i = 0; i < lines.count; i++) {
        OrderLine *line = LIST_AT(lines, OrderLine, i);
        if (line->product_id != ask->product.id) {
            continue;
        }
        if (*ret_line != NULL) {
            return err_set(cx, ERR_AMBIGUOUS, line_ask_field(cx, index, "product"),
                "More than one line has the product %s; give the number of the line.",
                line->product);
        }
        *ret_line = line;
    }
    if (*ret_line == NULL) {
        return err_set(cx, ERR_FIELD_INVALID, line_ask_field(cx, index, "product"),
            "No line here has the product %s.", ask->product.text);
    }
    return ERR_OK;
}

Err line_quantity(Ctx *cx,
    size_t index,
    const LineAsk *ask,
    int64_t room_milli,
    const char *what,
    int64_t *ret_milli)
{
    const char *field = line_ask_field(cx, index, "quantity");
    if (!quantity_of(ask->quantity, ret_milli) || *ret_milli <= 0) {
        return err_set(
            cx, ERR_FIELD_INVALID, field, "A quantity is above zero, with at most three decimals.");
    }
    if (*ret_milli > room_milli) {
        char room[DECIMAL_TEXT_SIZE];
        decimal_format(quantity_to_decimal(room_milli), true, room);
        return err_set(
            cx, ERR_FIELD_INVALID, field, "At most %s of this line can be %s.", room, what);
    }
    return ERR_OK;
}

/* How far the line's amount is from what its price makes with this setting; INT64_MAX: too large.
 * */
static int64_t gross_distance(LinePrice price, bool includes_tax, int64_t quantity, Money gross)
{
    LineAmount amount;
    price.includes_tax = includes_tax;
    if (!line_amount(&price, quantity, &amount)) {
        return INT64_MAX;
    }
    int64_t distance = amount.gross.minor - gross.minor;
    return distance < 0 ? -distance : distance;
}

LinePrice line_price_of(const OrderLine *line)
{
    LinePrice price = {.currency = line->currency};
    int64_t quantity = 0;
    bool is_exact = price_of(line->unit_price, &price.price_micro) &&
                    tax_rate_of(line->tax_rate, &price.tax_micro) &&
                    quantity_of(line->quantity, &quantity);
    ASSERT(is_exact);
    price.includes_tax = gross_distance(price, true, quantity, line->gross) <=
                         gross_distance(price, false, quantity, line->gross);
    return price;
}

static LineAmount amount_not_negative(LineAmount amount)
{
    Money zero = money_zero(amount.gross.currency);
    return amount.gross.minor < 0 ? (LineAmount){zero, zero, zero} : amount;
}

/* A part is worth at most the whole, which was in bounds when the order was placed. */
LineAmount line_part(const OrderLine *line, const LinePart *part, int64_t part_milli)
{
    LinePrice price = line_price_of(line);
    LineAmount amount;
    bool is_in_bounds = line_part_amount(&price, part, part_milli, &amount);
    ASSERT(is_in_bounds);
    return amount_not_negative(amount);
}

LineAmount line_back(const OrderLine *line, const LinePart *part, int64_t part_milli)
{
    LinePrice price = line_price_of(line);
    LineAmount amount;
    bool is_in_bounds = line_back_amount(&price, part, part_milli, &amount);
    ASSERT(is_in_bounds);
    return amount_not_negative(amount);
}

LineAmount line_split(const OrderLine *line, const LinePart *part, Money gross)
{
    return line_part_split(part, line_price_of(line).tax_micro, gross);
}

Money line_tax_sum(List lines, Currency currency)
{
    Money tax = money_zero(currency);
    for (size_t i = 0; i < lines.count; i++) {
        tax = money_add(tax, LIST_AT(lines, LinePartView, i)->tax);
    }
    return tax;
}

/* ---- Proof ---- */

#define TAX_OF_PART                                                                                \
    "' || d.number || ', line ' || l.line || ': its tax is no part of its amount' FROM "
#define TAX_IS_WRONG "_line l ON l.account_id = d.account_id AND (l.tax < 0 OR l.tax > l.amount)"

static const Sql sql_check_parts = {
    "SELECT 'shipment " TAX_OF_PART "shipment d JOIN shipment" TAX_IS_WRONG
    " AND l.shipment_id = d.id"
    " UNION ALL SELECT 'return " TAX_OF_PART "goods_return d JOIN return" TAX_IS_WRONG
    " AND l.return_id = d.id"
    " UNION ALL SELECT 'invoice " TAX_OF_PART "invoice d JOIN invoice" TAX_IS_WRONG
    " AND l.invoice_id = d.id",
    .in = "",
    .out = "t",
};
const Check check_tax_parts = {
    .name = "taxes of lines are part of their amounts", .sql = &sql_check_parts};

/* What was taken back or came back has left a rest that what goes in its place may not have. An
 * order that is cut down to what has gone keeps the tax of its invoices: that of its shipments,
 * which were parted otherwise, is as far off as rounding took each part. */
static const Sql sql_check_sums = {
    "SELECT 'order ' || o.number || ', line ' || l.line"
    "   || ': its invoices or shipments have another tax than the whole'"
    " FROM order_line l JOIN sales_order o ON o.account_id = l.account_id AND o.id = l.order_id"
    " WHERE (l.invoiced_amount = l.gross AND l.invoiced_tax <> l.tax"
    "  AND NOT EXISTS (SELECT 1 FROM invoice_line x"
    "    JOIN invoice d ON d.account_id = x.account_id AND d.id = x.invoice_id"
    "    WHERE x.account_id = l.account_id AND x.order_line_id = l.id AND d.status = 'reversed')"
    "  AND NOT EXISTS (SELECT 1 FROM shipment_line x JOIN return_line b"
    "    ON b.account_id = x.account_id AND b.shipment_line_id = x.id"
    "    WHERE x.account_id = l.account_id AND x.order_line_id = l.id))"
    " OR (l.shipped_amount = l.gross AND l.shipped_tax <> l.tax"
    "  AND ABS(l.shipped_tax - l.tax)"
    "    > (SELECT COUNT(*) FROM shipment_line x WHERE x.account_id = l.account_id"
    "      AND x.order_line_id = l.id)"
    "    + (SELECT COUNT(*) FROM invoice_line x WHERE x.account_id = l.account_id"
    "      AND x.order_line_id = l.id))",
    .in = "",
    .out = "t",
};
const Check check_tax_sums = {
    .name = "taxes of lines add up to those of their orders", .sql = &sql_check_sums};
