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

static LinePart part_of(const OrderLine *line, const LineDone *done)
{
    Money zero = money_zero(line->currency);
    return (LinePart){
        .quantity_milli = done->whole_milli,
        .done_milli = done->done_milli,
        .whole = {done->whole, zero, done->whole},
        .done = {done->done, zero, done->done},
    };
}

/* A part is worth at most the whole, which was in bounds when the order was placed. */
Money line_part_gross(const OrderLine *line, const LineDone *done, int64_t part_milli)
{
    LinePrice price = line_price_of(line);
    LinePart part = part_of(line, done);
    LineAmount amount;
    bool is_in_bounds = line_part_amount(&price, &part, part_milli, &amount);
    ASSERT(is_in_bounds);
    return money_max(amount.gross, money_zero(line->currency));
}

Money line_back_gross(const OrderLine *line, const LineDone *done, int64_t part_milli)
{
    LinePrice price = line_price_of(line);
    LinePart part = part_of(line, done);
    LineAmount amount;
    bool is_in_bounds = line_back_amount(&price, &part, part_milli, &amount);
    ASSERT(is_in_bounds);
    return money_max(amount.gross, money_zero(line->currency));
}
