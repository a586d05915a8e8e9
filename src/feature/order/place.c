/* Placing, previewing and changing orders: the lines of an order become amounts,
 * and the amounts are judged. */
#include "feature/order/place.h"

#include "feature/approval.h"
#include "feature/features.h"
#include "feature/lines.h"
#include "feature/order/model.h"
#include "feature/org.h"
#include "feature/release.h"

/* ---- Lines as they come in ---- */

typedef struct LineIn {
    OptInt line;
    Ref product;
    Decimal quantity;
    Decimal unit_price;
} LineIn;

SCHEMA(LineIn,
    F_OPT_INT(
        LineIn, line, .min = 1, .max = 100000, .doc = "order_change: the line that this replaces."),
    F_REF(LineIn, product, "product", REQUIRED),
    F_DECIMAL(LineIn, quantity, REQUIRED, .scale_max = QUANTITY_SCALE, .min = 0, .max = 1000000000),
    F_DECIMAL(LineIn,
        unit_price,
        .scale_max = PRICE_SCALE,
        .scale_min = 2,
        .min = 0,
        .max = 1000000000,
        .doc = "In the account's currency; the product's price when absent."));

typedef struct OrderPlaceIn {
    Ref account;
    List lines;
    const char *number;
    Date ordered_on;
    Date wanted_on;
} OrderPlaceIn;

SCHEMA(OrderPlaceIn,
    F_REF(OrderPlaceIn, account, "account", REQUIRED),
    F_LIST(OrderPlaceIn, lines, LineIn, REQUIRED, .max_len = 500),
    F_TEXT(OrderPlaceIn, number, .max_len = 64, .doc = "Made from the order's id when absent."),
    F_DATE(OrderPlaceIn, ordered_on, .doc = "The business date when absent."),
    F_DATE(OrderPlaceIn, wanted_on, .doc = "When the goods are wanted."));

static const Sql sql_product_terms = {
    "SELECT unit_price, tax_rate FROM product WHERE id = $1",
    .in = "k",
    .out = "ii",
};

static const Sql sql_number_used = {
    "SELECT id FROM sales_order WHERE number = $2 AND account_id = $1",
    .in = "kt",
    .out = "k",
};

static const char *line_field(Ctx *cx, size_t index, const char *member)
{
    return arena_printf(cx->arena, "lines.%zu.%s", index, member);
}

static Err line_terms(Ctx *cx, size_t index, const LineIn *in, LineWrite *line)
{
    if (!quantity_of(in->quantity, &line->quantity_milli) || line->quantity_milli <= 0) {
        return err_set(cx, ERR_FIELD_INVALID, line_field(cx, index, "quantity"),
            "A quantity is above zero, with at most three decimals.");
    }
    Rows rows;
    TRY(db_ask(cx, &sql_product_terms, ARGS(arg_id(in->product.id)), &rows));
    ASSERT(db_next(&rows));
    line->price_micro = db_i64(&rows, 0);
    line->tax_micro = db_i64(&rows, 1);
    if (in->unit_price.is_set && !price_of(in->unit_price, &line->price_micro)) {
        return err_set(cx, ERR_FIELD_INVALID, line_field(cx, index, "unit_price"),
            "A unit price has at most six decimals.");
    }
    return ERR_OK;
}

static Err line_read(Ctx *cx, size_t index, const LineIn *in, LinePrice *price, LineWrite *ret_line)
{
    *ret_line = (LineWrite){.product_id = in->product.id};
    TRY(line_terms(cx, index, in, ret_line));
    price->price_micro = ret_line->price_micro;
    price->tax_micro = ret_line->tax_micro;
    if (!line_amount(price, ret_line->quantity_milli, &ret_line->amount)) {
        return err_set(cx, ERR_FIELD_INVALID, line_field(cx, index, "quantity"),
            "The amount of this line is too large.");
    }
    return ERR_OK;
}

static Err total_add(Ctx *cx, Money *total, Money amount)
{
    if (total->minor > MONEY_MINOR_MAX - amount.minor) {
        return err_set(cx, ERR_FIELD_INVALID, "lines", "The total of the order is too large.");
    }
    *total = money_add(*total, amount);
    return ERR_OK;
}

static Err line_price_start(Ctx *cx, Currency currency, LinePrice *ret_price)
{
    Org org;
    TRY(org_load(cx, &org));
    *ret_price = (LinePrice){.currency = currency, .includes_tax = org.prices_include_tax};
    return ERR_OK;
}

/* New lines, numbered from 1. */
static Err lines_read(
    Ctx *cx, List list, Currency currency, LineWrite **ret_lines, Money *ret_total)
{
    if (list.count == 0) {
        return err_set(cx, ERR_FIELD_INVALID, "lines", "An order has at least one line.");
    }
    LinePrice price;
    TRY(line_price_start(cx, currency, &price));
    LineWrite *lines = arena_array(cx->arena, list.count, sizeof *lines);
    *ret_total = money_zero(currency);
    for (size_t i = 0; i < list.count; i++) {
        TRY(line_read(cx, i, LIST_AT(list, LineIn, i), &price, &lines[i]));
        lines[i].line = (int64_t)i + 1;
        TRY(total_add(cx, ret_total, lines[i].amount.gross));
    }
    *ret_lines = lines;
    return ERR_OK;
}

/* ---- Writing ---- */

static const Sql sql_order_insert = {
    "INSERT INTO sales_order (id, account_id, number, status, ordered_on, wanted_on, total, "
    "ordered, shipped, delivered, invoiced, billed,"
    " is_final, decision_id, placed_by_id, placed_on, changed_by_id, held_on, version)"
    " VALUES ($1, $2, $3, 'held', $4, $5, $6, 0, 0, 0, 0, 0, FALSE, NULL, $7, $8, $7, $8, 1) "
    "RETURNING " ORDER_FACTS,
    .in = "kktddikd",
    .out = ORDER_LETTERS,
};

#define LINE_FACTS                                                                                 \
    "id, account_id, order_id, line, product_id, quantity, unit_price, tax_rate, net, "            \
    "tax, gross, is_dropped"
#define LINE_LETTERS "kkkikiiiiiib"
static const Fact fact_line = FACT("order_line", 1, LINE_FACTS, LINE_LETTERS);

static const Sql sql_line_insert = {
    "INSERT INTO order_line (id, account_id, order_id, line, product_id, quantity, unit_price, "
    "tax_rate, net, tax, gross,"
    " shipped, shipped_amount, invoiced, invoiced_amount, returned, returned_amount, is_dropped)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, 0, 0, 0, 0, $12)",
    .in = LINE_LETTERS,
};

static const Sql sql_line_update = {
    "UPDATE order_line SET product_id = $3, quantity = $4, unit_price = $5, tax_rate = $6, net = "
    "$7, tax = $8, gross = $9"
    " WHERE order_id = $1 AND id = $2 RETURNING " LINE_FACTS,
    .in = "kkkiiiiii",
    .out = LINE_LETTERS,
};

static const Sql sql_line_drop = {
    "UPDATE order_line SET is_dropped = TRUE WHERE order_id = $1 AND id = $2 RETURNING " LINE_FACTS,
    .in = "kk",
    .out = LINE_LETTERS,
};

static const Sql sql_order_update = {
    "UPDATE sales_order SET total = $2, wanted_on = $3, changed_by_id = $4, version = version + 1 "
    "WHERE id = $1 RETURNING " ORDER_FACTS,
    .in = "kidk",
    .out = ORDER_LETTERS,
};

static Err line_write(Ctx *cx, const Order *order, const LineWrite *line)
{
    if (line->id != 0) {
        return fact_change(cx, &fact_line, line->id, &sql_line_update,
            ARGS(arg_id(order->id), arg_id(line->id), arg_id(line->product_id),
                arg_i64(line->quantity_milli), arg_i64(line->price_micro), arg_i64(line->tax_micro),
                arg_i64(line->amount.net.minor), arg_i64(line->amount.tax.minor),
                arg_i64(line->amount.gross.minor)));
    }
    return fact_put(cx, &fact_line, &sql_line_insert,
        ARGS(arg_id(db_new_id(cx)), arg_id(order->account_id), arg_id(order->id),
            arg_i64(line->line), arg_id(line->product_id), arg_i64(line->quantity_milli),
            arg_i64(line->price_micro), arg_i64(line->tax_micro), arg_i64(line->amount.net.minor),
            arg_i64(line->amount.tax.minor), arg_i64(line->amount.gross.minor), arg_bool(false)));
}

/* Numbers of people's own are theirs to choose, unique within the account;
 * ours come from the id. */
static Err number_choose(
    Ctx *cx, Id account_id, const char *given, Id order_id, const char **ret_number)
{
    if (given == NULL) {
        char text[ID_TEXT_SIZE];
        id_format('O', order_id, text);
        *ret_number = arena_str(cx->arena, text);
        return ERR_OK;
    }
    TRY(record_code_check(cx, "number", given));
    Rows rows;
    TRY(db_ask(cx, &sql_number_used, ARGS(arg_id(account_id), arg_text(given)), &rows));
    if (rows.count > 0) {
        return err_set(
            cx, ERR_NUMBER_TAKEN, "number", "The account has an order %s already.", given);
    }
    *ret_number = given;
    return ERR_OK;
}

/* ---- order_place ---- */

static Err order_draft(
    Ctx *cx, const OrderPlaceIn *in, Account *account, Order *ret_order, LineWrite **ret_lines)
{
    TRY(account_load(cx, in->account.id, account));
    Date ordered_on = in->ordered_on;
    TRY(org_document_date(cx, "ordered_on", &ordered_on));
    *ret_order = (Order){
        .account_id = account->id,
        .currency = account->currency,
        .status = ORDER_HELD,
        .ordered_on = ordered_on,
        .wanted_on = in->wanted_on,
        .ordered = money_zero(account->currency),
        .placed_by_id = cx->actor->user_id,
        .changed_by_id = cx->actor->user_id,
    };
    return lines_read(cx, in->lines, account->currency, ret_lines, &ret_order->total);
}

static Err order_store(Ctx *cx, const OrderPlaceIn *in, Order *order, const LineWrite *lines)
{
    order->id = db_new_id(cx);
    TRY(number_choose(cx, order->account_id, in->number, order->id, &order->number));
    TRY(fact_put(cx, &fact_order, &sql_order_insert,
        ARGS(arg_id(order->id), arg_id(order->account_id), arg_text(order->number),
            arg_date(order->ordered_on), arg_date(order->wanted_on), arg_i64(order->total.minor),
            arg_id(order->placed_by_id), arg_date(cx->today))));
    for (size_t i = 0; i < in->lines.count; i++) {
        TRY(line_write(cx, order, &lines[i]));
    }
    return ERR_OK;
}

OP(order_place,
    OrderPlaceIn,
    OrderReply,
    POST("/orders"),
    .effect = EFFECT_CREATE,
    .needs = PERM_ORDER_WRITE,
    .lock = "account",
    .summary = "Book an order; it is judged as it is booked, and held when a rule holds it.",
    FAILS(ERR_FIELD_INVALID, ERR_PERIOD_CLOSED, ERR_NUMBER_TAKEN, ERR_RATE_MISSING))
{
    Account account;
    Order order;
    LineWrite *lines = NULL;
    TRY(order_draft(cx, in, &account, &order, &lines));
    TRY(order_store(cx, in, &order, lines));
    Decision decision;
    OrderStatus status = ORDER_HELD;
    TRY(order_decide(cx, &order, order.total, &decision, &status));
    TRY(order_status_set(cx, &order, status));
    *out = (OrderReply){
        .id = order.id,
        .number = order.number,
        .status = (int)status,
        .total = order.total,
        .decision = credit_decision_view(cx, &decision),
    };
    return ERR_OK;
}

/* ---- order_preview ---- */

typedef struct PreviewOut {
    Money total;
    DecisionView *decision;
    List clears;
} PreviewOut;

SCHEMA(PreviewOut,
    F_MONEY(PreviewOut, total),
    F_OBJECT(PreviewOut, decision, DecisionView),
    F_LIST(
        PreviewOut, clears, Clear, .doc = "What would clear it, each by itself where it says so."));

OP(order_preview,
    OrderPlaceIn,
    PreviewOut,
    POST("/orders/preview"),
    .effect = EFFECT_TRY,
    .needs = PERM_ORDER_WRITE,
    .lock = "account",
    .summary = "What would be decided about an order; nothing is stored.",
    FAILS(ERR_FIELD_INVALID, ERR_PERIOD_CLOSED, ERR_RATE_MISSING))
{
    Account account;
    Order order;
    LineWrite *lines = NULL;
    TRY(order_draft(cx, in, &account, &order, &lines));
    GateCall call;
    TRY(order_gate_call(cx, &order, &account, order.total, &call));
    Decision decision;
    TRY(credit_judge_call(cx, &call, &decision));
    out->total = order.total;
    out->decision = credit_decision_view(cx, &decision);
    return order_clears(cx, &call, &decision, &out->clears);
}

/* ---- order_change ---- */

typedef struct OrderChangeIn {
    Ref order;
    List lines;
    Date wanted_on;
} OrderChangeIn;

SCHEMA(OrderChangeIn,
    F_REF(OrderChangeIn, order, "order", REQUIRED),
    F_LIST(OrderChangeIn,
        lines,
        LineIn,
        .max_len = 500,
        .doc = "The whole list; an item with `line` keeps that line, what is missing is dropped."),
    F_DATE(OrderChangeIn, wanted_on));

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
        return err_set(cx, ERR_STATE, line_field(cx, index, "quantity"),
            "Line %lld has more than that shipped or invoiced.", (long long)old->line);
    }
    if (line_has_moved(old) &&
        (line->product_id != old->product_id || line->price_micro != price)) {
        return err_set(cx, ERR_STATE, line_field(cx, index, "product"),
            "Line %lld has been shipped or invoiced in part: its product and price stay.",
            (long long)old->line);
    }
    return ERR_OK;
}

static Err line_match(
    Ctx *cx, const OrderChangeIn *in, size_t i, List old, LineWrite *line, int64_t *next)
{
    const LineIn *given = LIST_AT(in->lines, LineIn, i);
    if (!given->line.is_set) {
        line->line = ++*next;
        return ERR_OK;
    }
    const OrderLine *kept = line_find(old, given->line.value);
    if (kept == NULL) {
        return err_set(cx, ERR_FIELD_INVALID, line_field(cx, i, "line"),
            "The order has no line %lld.", (long long)given->line.value);
    }
    for (size_t k = 0; k < i; k++) {
        const LineIn *other = LIST_AT(in->lines, LineIn, k);
        if (other->line.is_set && other->line.value == given->line.value) {
            return err_set(cx, ERR_FIELD_INVALID, line_field(cx, i, "line"),
                "Line %lld is named twice.", (long long)given->line.value);
        }
    }
    line->line = kept->line;
    line->id = kept->id;
    return line_is_possible(cx, i, kept, line);
}

/* A line of which something has gone keeps its tax rate, and its amount covers what has gone. */
static Err line_keep_gone(Ctx *cx, size_t index, List old, LineWrite *line)
{
    const OrderLine *kept = line->id == 0 ? NULL : line_find(old, line->line);
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
        return err_set(cx, ERR_FIELD_INVALID, line_field(cx, index, "quantity"),
            "The amount of this line is too large.");
    }
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

/* Numbers of dropped lines are not given again. */
static const Sql sql_line_last = {
    "SELECT COALESCE(MAX(line), 0) FROM order_line WHERE order_id = $1",
    .in = "k",
    .out = "i",
};

static Err lines_change(
    Ctx *cx, const OrderChangeIn *in, const Order *order, LineChange *ret_change)
{
    List old;
    TRY(order_lines_load(cx, order->id, &old));
    if (in->lines.items == NULL) {
        *ret_change = (LineChange){.total = order->total};
        return ERR_OK;
    }
    TRY(lines_read(cx, in->lines, order->currency, &ret_change->lines, &ret_change->total));
    ret_change->count = in->lines.count;
    Rows rows;
    TRY(db_ask(cx, &sql_line_last, ARGS(arg_id(order->id)), &rows));
    ASSERT(db_next(&rows));
    int64_t next = db_i64(&rows, 0);
    ret_change->total = money_zero(order->currency);
    for (size_t i = 0; i < in->lines.count; i++) {
        LineWrite *line = &ret_change->lines[i];
        TRY(line_match(cx, in, i, old, line, &next));
        TRY(line_keep_gone(cx, i, old, line));
        TRY(total_add(cx, &ret_change->total, line->amount.gross));
    }
    TRY(lines_drop(cx, order, old, ret_change));
    for (size_t i = 0; i < ret_change->count; i++) {
        TRY(line_write(cx, order, &ret_change->lines[i]));
    }
    return ERR_OK;
}

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

static Err order_change_guard(Ctx *cx, const void *input, void *output)
{
    const OrderChangeIn *in = input;
    (void)output;
    Order order = {0};
    TRY(order_load(cx, in->order.id, &order));
    return order_state_check(cx, &order,
        1u << ORDER_HELD | 1u << ORDER_APPROVED | 1u << ORDER_SHIPPED,
        "Only live orders that are not wholly invoiced can be changed.");
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
    FAILS(ERR_STATE, ERR_VERSION_STALE, ERR_FIELD_INVALID, ERR_RATE_MISSING))
{
    Order order = {0};
    TRY(order_load(cx, in->order.id, &order));
    TRY(run_version_check(cx, order.version));
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
    TRY(approval_void(cx, order.id, "order_release"));
    Money open;
    TRY(order_open_amount(cx, &order, &open));
    if (is_judged) {
        TRY(order_rejudge(cx, &order, open, out));
    } else {
        TRY(commitment_trim(cx, &order, open));
        TRY(credit_decision_load(cx, order.decision_id, &out->decision));
        TRY(order_status_refresh(cx, order.id));
    }
    TRY(order_load(cx, order.id, &order));
    out->id = order.id;
    out->number = order.number;
    out->status = order.status;
    out->total = order.total;
    return ERR_OK;
}

const Feature order_entry_feature = {
    .name = "order_entry",
    .ops = (const Op *const[]){&op_order_place, &op_order_preview, &op_order_change, NULL},
    .facts = (const Fact *const[]){&fact_line, NULL},
};
