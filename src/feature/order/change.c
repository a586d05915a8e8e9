/* Changing orders: what a change takes out is taken out before what it puts in is judged. */
#include "feature/approval.h"
#include "feature/features.h"
#include "feature/lines.h"
#include "feature/order/item.h"
#include "feature/release.h"
#include "feature/search.h"
#include "op/custom.h"
#include "op/run.h"

typedef struct OrderChangeIn {
    Ref order;
    List lines;
    Date wanted_on;
    const char *fields;
} OrderChangeIn;

SCHEMA(OrderChangeIn,
    F_REF(OrderChangeIn, order, "order", REQUIRED),
    F_LIST(OrderChangeIn,
        lines,
        LineIn,
        .max_len = 500,
        .doc = "The whole list; an item with `line` keeps that line, what is missing is dropped."),
    F_DATE(OrderChangeIn, wanted_on),
    F_CUSTOM(OrderChangeIn, "order"));

/* ---- Lines ---- */

static const Sql sql_line_drop = {
    "UPDATE order_line SET is_dropped = TRUE WHERE order_id = $1 AND id = $2 RETURNING " LINE_FACTS,
    .in = "kk",
    .out = LINE_LETTERS,
};

static const Sql sql_order_update = {
    "UPDATE sales_order SET total = $2, wanted_on = $3, changed_by_id = $4"
    " WHERE id = $1 RETURNING " ORDER_FACTS,
    .in = "kidk",
    .out = ORDER_LETTERS,
};

typedef struct LineChange {
    LineWrite *lines;
    size_t count;
    Money total;
} LineChange;

static const OrderLine *line_find(List lines, int64_t number)
{
    for (size_t i = 0; i < lines.count; i++) {
        const OrderLine *line = LIST_AT(lines, OrderLine, i);
        if (line->line == number) {
            return line;
        }
    }
    return NULL;
}

/* An amount may be so small a part of the line that no quantity stands for it. */
static bool line_has_moved(const OrderLine *line)
{
    return line->shipped.units > 0 || line->invoiced.units > 0 ||
           money_is_positive(line->invoiced_amount);
}

/* What has left the house or was invoiced stays on the order as it went. */
static Err line_is_possible(Ctx *cx, size_t index, const OrderLine *old, const LineWrite *line)
{
    int64_t shipped = 0;
    int64_t invoiced = 0;
    int64_t price = 0;
    bool is_exact = quantity_of(old->shipped, &shipped) && quantity_of(old->invoiced, &invoiced) &&
                    price_of(old->unit_price, &price);
    ASSERT(is_exact);
    if (line->quantity_milli < shipped || line->quantity_milli < invoiced) {
        return err_set(cx, ERR_STATE, item_field(cx, index, "quantity"),
            "Line %lld has more than that shipped or invoiced.", (long long)old->line);
    }
    if (line_has_moved(old) &&
        (line->product_id != old->product_id || line->price_micro != price)) {
        return err_set(cx, ERR_STATE, item_field(cx, index, "product"),
            "Line %lld has been shipped or invoiced in part: its product and price stay.",
            (long long)old->line);
    }
    return ERR_OK;
}

/* The line that an item keeps; NULL when it is a new one. */
static Err line_kept(
    Ctx *cx, const OrderChangeIn *in, size_t i, List old, const OrderLine **ret_kept)
{
    const LineIn *given = LIST_AT(in->lines, LineIn, i);
    *ret_kept = NULL;
    if (!given->line.is_set) {
        return ERR_OK;
    }
    *ret_kept = line_find(old, given->line.value);
    if (*ret_kept == NULL) {
        return err_set(cx, ERR_FIELD_INVALID, item_field(cx, i, "line"),
            "The order has no line %lld.", (long long)given->line.value);
    }
    for (size_t k = 0; k < i; k++) {
        const LineIn *other = LIST_AT(in->lines, LineIn, k);
        if (other->line.is_set && other->line.value == given->line.value) {
            return err_set(cx, ERR_FIELD_INVALID, item_field(cx, i, "line"),
                "Line %lld is named twice.", (long long)given->line.value);
        }
    }
    return ERR_OK;
}

static bool number_is_kept(List items, int64_t number)
{
    for (size_t i = 0; i < items.count; i++) {
        const LineIn *item = LIST_AT(items, LineIn, i);
        if (item->line.is_set && item->line.value == number) {
            return true;
        }
    }
    return false;
}

/* New lines take the lowest numbers that no kept line has: a list that is replaced whole begins
 * with 1 again. Nothing was done yet with a line that is dropped, so its number means nobody. */
static int64_t number_next(List items, int64_t last)
{
    do {
        last++;
    } while (number_is_kept(items, last));
    return last;
}

/* A line of which something has gone keeps its tax rate, and its amount covers what has gone; its
 * tax that of invoices before that of shipments. */
static Err line_keep_gone(Ctx *cx, size_t index, const OrderLine *kept, LineWrite *line)
{
    if (kept == NULL || (kept->shipped.units == 0 && kept->invoiced.units == 0)) {
        return ERR_OK;
    }
    int64_t shipped = 0;
    int64_t invoiced = 0;
    bool is_exact = quantity_of(kept->shipped, &shipped) && quantity_of(kept->invoiced, &invoiced);
    ASSERT(is_exact);
    LinePrice price = line_price_of(kept);
    line->tax_micro = price.tax_micro;
    Money gone = money_max(kept->shipped_amount, kept->invoiced_amount);
    bool is_all = line->quantity_milli == shipped || line->quantity_milli == invoiced;
    if (!line_amount_after(&price, line->quantity_milli, gone, is_all, &line->amount)) {
        return err_set(cx, ERR_FIELD_INVALID, item_field(cx, index, "quantity"),
            "The amount of this line is too large.");
    }
    line->amount = amount_over(line->amount, amount_taxed(kept->shipped_amount, kept->shipped_tax));
    line->amount =
        amount_over(line->amount, amount_taxed(kept->invoiced_amount, kept->invoiced_tax));
    return ERR_OK;
}

static bool line_is_kept(const LineChange *change, Id line_id)
{
    for (size_t i = 0; i < change->count; i++) {
        if (change->lines[i].id == line_id) {
            return true;
        }
    }
    return false;
}

static Err lines_drop(Ctx *cx, const Order *order, List old, const LineChange *change)
{
    for (size_t i = 0; i < old.count; i++) {
        const OrderLine *line = LIST_AT(old, OrderLine, i);
        if (line_is_kept(change, line->id)) {
            continue;
        }
        if (line_has_moved(line)) {
            return err_set(cx, ERR_STATE, "lines",
                "Line %lld has been shipped or invoiced and cannot be dropped.",
                (long long)line->line);
        }
        TRY(fact_change(
            cx, &fact_line, line->id, &sql_line_drop, ARGS(arg_id(order->id), arg_id(line->id))));
    }
    return ERR_OK;
}

static Err line_change(
    Ctx *cx, const OrderChangeIn *in, size_t i, List old, LinePrice *price, LineWrite *line)
{
    const OrderLine *kept = NULL;
    TRY(line_kept(cx, in, i, old, &kept));
    TRY(item_read(cx, i, LIST_AT(in->lines, LineIn, i), kept, price, line));
    if (kept == NULL) {
        return ERR_OK;
    }
    line->line = kept->line;
    line->id = kept->id;
    TRY(line_is_possible(cx, i, kept, line));
    return line_keep_gone(cx, i, kept, line);
}

static Err lines_change(
    Ctx *cx, const OrderChangeIn *in, const Order *order, LineChange *ret_change)
{
    List old;
    TRY(order_lines_load(cx, order->id, &old));
    if (in->lines.items == NULL) {
        *ret_change = (LineChange){.total = order->total};
        return ERR_OK;
    }
    LinePrice price;
    TRY(items_check(cx, in->lines));
    TRY(item_price_start(cx, order->currency, &price));
    ret_change->lines = arena_array(cx->arena, in->lines.count, sizeof *ret_change->lines);
    ret_change->count = in->lines.count;
    ret_change->total = money_zero(order->currency);
    TRY(items_terms(cx, in->lines, ret_change->lines));
    int64_t last = 0;
    for (size_t i = 0; i < in->lines.count; i++) {
        LineWrite *line = &ret_change->lines[i];
        TRY(line_change(cx, in, i, old, &price, line));
        if (line->id == 0) {
            last = number_next(in->lines, last);
            line->line = last;
        }
        TRY(item_total_add(cx, &ret_change->total, line->amount.gross));
    }
    TRY(lines_drop(cx, order, old, ret_change));
    for (size_t i = 0; i < ret_change->count; i++) {
        TRY(item_write(cx, order, &ret_change->lines[i]));
    }
    return ERR_OK;
}

/* ---- Judging ---- */

/* An order without a wanted date is wanted at once. */
static bool is_brought_forward(Date before, Date after)
{
    return before != DATE_NONE && (after == DATE_NONE || after < before);
}

/* The order after the change, not judged: what is committed beyond its new open
 * amount goes back. */
static Err commitment_trim(Ctx *cx, const Order *order, Money open)
{
    if (money_cmp(order->ordered, open) <= 0) {
        return ERR_OK;
    }
    TRY(order_uncommit(cx, order));
    return order_commit(cx, order, open);
}

static Err order_rejudge(Ctx *cx, Order *order, Money open, OrderReply *out)
{
    TRY(order_uncommit(cx, order));
    Order free = *order;
    free.ordered = money_zero(order->currency);
    Decision decision;
    OrderStatus status = ORDER_HELD;
    TRY(order_decide(cx, &free, open, &decision, &status));
    if (status == ORDER_HELD && order->release_id != 0) {
        TRY(release_end(cx, order->release_id, RELEASE_VOID));
    }
    out->decision = credit_decision_view(cx, &decision);
    return order_status_decided(cx, order->id, status);
}

/* Billed ahead, and not ended by a final invoice: what was billed stays, and its goods are still to
 * go. */
static Err is_ahead(Ctx *cx, const Order *order, bool *ret_is_ahead)
{
    List lines;
    *ret_is_ahead = false;
    if (order->status != ORDER_INVOICED || order->is_final) {
        return ERR_OK;
    }
    TRY(order_lines_load(cx, order->id, &lines));
    for (size_t i = 0; i < lines.count && !*ret_is_ahead; i++) {
        *ret_is_ahead = order_line_room(order, LIST_AT(lines, OrderLine, i)) > 0;
    }
    return ERR_OK;
}

/* What the organisation added says nothing of what was ordered: it may be said of any order, and
 * the order is not judged for it. */
static bool is_fields_alone(Ctx *cx, const OrderChangeIn *in)
{
    return in->fields != NULL && in->lines.items == NULL && !run_has(cx, "wanted_on");
}

static Err order_change_guard(Ctx *cx, const void *input, void *output)
{
    const OrderChangeIn *in = input;
    (void)output;
    if (is_fields_alone(cx, in)) {
        return ERR_OK;
    }
    Order order = {0};
    TRY(order_load(cx, in->order.id, &order));
    TRY(order_lapse(cx, order.account_id));
    TRY(order_load(cx, in->order.id, &order));
    bool is_live = false;
    TRY(is_ahead(cx, &order, &is_live));
    return is_live ? ERR_OK
                   : order_state_check(cx, &order,
                         1u << ORDER_HELD | 1u << ORDER_APPROVED | 1u << ORDER_SHIPPED,
                         "Only live orders of which something is still to go or to be invoiced can "
                         "be changed.");
}

/* The decision is that of the change when it was judged, else the one that stands. */
static Err change_reply(Ctx *cx, Id order_id, OrderReply *out)
{
    Order order = {0};
    TRY(order_load(cx, order_id, &order));
    out->id = order.id;
    out->number = order.number;
    out->status = order.status;
    out->currency = order.currency;
    out->total = order.total;
    return out->decision != NULL ? ERR_OK
                                 : credit_decision_load(cx, order.decision_id, &out->decision);
}

OP(order_change,
    OrderChangeIn,
    OrderReply,
    PATCH("/orders/{order}"),
    .effect = EFFECT_ACT,
    .needs = PERM_ORDER_WRITE,
    .lock = "order",
    .guard = order_change_guard,
    .summary = "Change an order; one that grows or is wanted earlier is judged again, with the old "
               "one taken out.",
    FAILS(ERR_STATE, ERR_FIELD_REQUIRED, ERR_FIELD_INVALID, ERR_RATE_MISSING))
{
    bool has_custom = false;
    TRY(custom_give(cx, "order", in->order.id, in->fields, false, &has_custom));
    TRY(has_custom ? search_refresh(cx, "order", in->order.id) : ERR_OK);
    if (is_fields_alone(cx, in)) {
        return change_reply(cx, in->order.id, out);
    }
    Order order = {0};
    TRY(order_load(cx, in->order.id, &order));
    LineChange change = {0};
    TRY(lines_change(cx, in, &order, &change));
    Date wanted_on = run_has(cx, "wanted_on") ? in->wanted_on : order.wanted_on;
    bool is_judged = order.status == ORDER_HELD || money_cmp(change.total, order.total) > 0 ||
                     is_brought_forward(order.wanted_on, wanted_on);
    TRY(fact_change(cx, &fact_order, order.id, &sql_order_update,
        ARGS(arg_id(order.id), arg_i64(change.total.minor), arg_date(wanted_on),
            arg_id(cx->actor->user_id))));
    order.total = change.total;
    order.wanted_on = wanted_on;
    order.changed_by_id = cx->actor->user_id;
    TRY(order_hand_note(cx, &order, "changed"));
    TRY(approval_void(cx, order.id, "order_release"));
    Money open;
    TRY(order_open_amount(cx, &order, &open));
    if (is_judged) {
        TRY(order_rejudge(cx, &order, open, out));
    } else {
        TRY(commitment_trim(cx, &order, open));
        TRY(order_status_refresh(cx, order.id));
    }
    return change_reply(cx, order.id, out);
}

const Feature order_change_feature = {
    .name = "order_change",
    .ops = (const Op *const[]){&op_order_change, NULL},
};
