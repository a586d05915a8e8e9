/* Lines of an order as they come in. */
#include "feature/order/item.h"

#include "feature/org.h"

#include <string.h>

static const Sql sql_product_terms = {
    "SELECT unit_price, tax_rate FROM product WHERE id = $1 {steady}",
    .in = "k",
    .out = "ii",
};

const char *item_field(Ctx *cx, size_t index, const char *member)
{
    return arena_printf(cx->arena, "lines.%zu.%s", index, member);
}

/* What was agreed for a line stays, whatever the list says by now. */
static void line_terms_kept(const OrderLine *kept, LineWrite *line)
{
    bool is_exact = price_of(kept->unit_price, &line->price_micro) &&
                    tax_rate_of(kept->tax_rate, &line->tax_micro);
    ASSERT(is_exact);
    line->product_id = kept->product_id;
}

static Err tax_rate_check(Ctx *cx, Id product_id, int64_t tax_micro)
{
    return tax_rate_is_sound(tax_micro)
               ? ERR_OK
               : db_damaged(cx, "product %s has %lld as its tax_rate",
                     id_text(cx->arena, 'G', product_id), (long long)tax_micro);
}

Err items_terms(Ctx *cx, List items, LineWrite *lines)
{
    for (size_t i = 0; i < items.count; i++) {
        Rows rows = {0};
        lines[i].product_id = LIST_AT(items, LineIn, i)->product.id;
        if (lines[i].product_id != 0) {
            TRY(db_ask(cx, &sql_product_terms, ARGS(arg_id(lines[i].product_id)), &rows));
        }
        if (db_next(&rows)) {
            lines[i].price_micro = db_i64(&rows, 0);
            lines[i].tax_micro = db_i64(&rows, 1);
            TRY(tax_rate_check(cx, lines[i].product_id, lines[i].tax_micro));
        }
    }
    return ERR_OK;
}

static Err line_terms(
    Ctx *cx, size_t index, const LineIn *in, const OrderLine *kept, LineWrite *line)
{
    if (!quantity_of(in->quantity, &line->quantity_milli) || line->quantity_milli <= 0) {
        return err_set(cx, ERR_FIELD_INVALID, item_field(cx, index, "quantity"),
            "A quantity is above zero, with at most three decimals.");
    }
    bool is_kept = kept != NULL && (in->product.id == 0 || in->product.id == kept->product_id);
    if (is_kept) {
        line_terms_kept(kept, line);
    } else if (in->product.id == 0) {
        return err_set(
            cx, ERR_FIELD_REQUIRED, item_field(cx, index, "product"), "Say what is ordered.");
    }
    if (in->unit_price.is_set && !price_of(in->unit_price, &line->price_micro)) {
        return err_set(cx, ERR_FIELD_INVALID, item_field(cx, index, "unit_price"),
            "A unit price has at most six decimals.");
    }
    return ERR_OK;
}

/* `kept`: the line that it changes; NULL: a new one. */
Err item_read(Ctx *cx,
    size_t index,
    const LineIn *in,
    const OrderLine *kept,
    LinePrice *price,
    LineWrite *line)
{
    TRY(line_terms(cx, index, in, kept, line));
    price->price_micro = line->price_micro;
    price->tax_micro = line->tax_micro;
    if (!line_amount(price, line->quantity_milli, &line->amount)) {
        return err_set(cx, ERR_FIELD_INVALID, item_field(cx, index, "quantity"),
            "The amount of this line is too large.");
    }
    return ERR_OK;
}

Err item_total_add(Ctx *cx, Money *total, Money amount)
{
    if (total->minor > MONEY_MINOR_MAX - amount.minor) {
        return err_set(cx, ERR_FIELD_INVALID, "lines", "The total of the order is too large.");
    }
    *total = money_add(*total, amount);
    return ERR_OK;
}

Err item_price_start(Ctx *cx, Currency currency, LinePrice *ret_price)
{
    Org org;
    TRY(org_load(cx, &org));
    *ret_price = (LinePrice){.currency = currency, .includes_tax = org.prices_include_tax};
    return ERR_OK;
}

Err items_check(Ctx *cx, List list)
{
    return list.count > 0
               ? ERR_OK
               : err_set(cx, ERR_FIELD_INVALID, "lines", "An order has at least one line.");
}

/* ---- Writing ---- */

const Fact fact_line = FACT("order_line", 1, LINE_FACTS, LINE_LETTERS);

static const Sql sql_line_insert = {
    "INSERT INTO order_line (id, account_id, order_id, line, product_id, quantity, unit_price, "
    "tax_rate, net, tax, gross,"
    " shipped, shipped_amount, shipped_tax, invoiced, invoiced_amount, invoiced_tax, returned,"
    " returned_amount, is_dropped)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, 0, 0, 0, 0, 0, 0, $12)",
    .in = LINE_LETTERS,
};

static const Sql sql_line_update = {
    "UPDATE order_line SET product_id = $3, quantity = $4, unit_price = $5, tax_rate = $6, net = "
    "$7, tax = $8, gross = $9"
    " WHERE order_id = $1 AND id = $2 RETURNING " LINE_FACTS,
    .in = "kkkiiiiii",
    .out = LINE_LETTERS,
};

enum { LINE_COLUMNS = sizeof LINE_LETTERS - 1 };

static void line_args(Ctx *cx, const Order *order, const LineWrite *line, Arg *ret_args)
{
    const Arg args[LINE_COLUMNS] = {arg_id(db_new_id(cx)), arg_id(order->account_id),
        arg_id(order->id), arg_i64(line->line), arg_id(line->product_id),
        arg_i64(line->quantity_milli), arg_i64(line->price_micro), arg_i64(line->tax_micro),
        arg_i64(line->amount.net.minor), arg_i64(line->amount.tax.minor),
        arg_i64(line->amount.gross.minor), arg_bool(false)};
    memcpy(ret_args, args, sizeof args);
}

Err item_write(Ctx *cx, const Order *order, const LineWrite *line)
{
    if (line->id != 0) {
        return fact_change(cx, &fact_line, line->id, &sql_line_update,
            ARGS(arg_id(order->id), arg_id(line->id), arg_id(line->product_id),
                arg_i64(line->quantity_milli), arg_i64(line->price_micro), arg_i64(line->tax_micro),
                arg_i64(line->amount.net.minor), arg_i64(line->amount.tax.minor),
                arg_i64(line->amount.gross.minor)));
    }
    return items_add(cx, order, line, 1);
}

Err items_add(Ctx *cx, const Order *order, const LineWrite *lines, size_t count)
{
    Arg *args = arena_array(cx->arena, count, LINE_COLUMNS * sizeof *args);
    for (size_t i = 0; i < count; i++) {
        line_args(cx, order, &lines[i], args + i * LINE_COLUMNS);
    }
    return fact_put_rows(cx, &fact_line, &sql_line_insert, args, LINE_COLUMNS, count);
}
