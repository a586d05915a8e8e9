/* What happens to an order after it was placed: judged again, refused, cancelled, closed,
 * reopened; and reading it. */
#include "feature/order/place.h"

#include "feature/approval.h"
#include "feature/features.h"
#include "feature/order/model.h"
#include "feature/release.h"
#include "feature/shown.h"

typedef struct OrderIn {
    Ref order;
} OrderIn;

SCHEMA(OrderIn, F_REF(OrderIn, order, "order", REQUIRED));

typedef struct OrderReasonIn {
    Ref order;
    const char *reason;
} OrderReasonIn;

SCHEMA(OrderReasonIn,
    F_REF(OrderReasonIn, order, "order", REQUIRED),
    F_TEXT(OrderReasonIn, reason, REQUIRED, .max_len = 4096));

static Err order_reply(Ctx *cx, Id order_id, DecisionView *decision, OrderReply *out)
{
    Order order = {0};
    TRY(order_load(cx, order_id, &order));
    *out = (OrderReply){.id = order.id,
        .number = order.number,
        .status = order.status,
        .currency = order.currency,
        .total = order.total,
        .decision = decision};
    if (decision == NULL) {
        TRY(credit_decision_load(cx, order.decision_id, &out->decision));
    }
    return ERR_OK;
}

static Err guard_status(Ctx *cx, Id order_id, unsigned allowed, const char *advice)
{
    Order order = {0};
    TRY(order_load(cx, order_id, &order));
    TRY(order_lapse(cx, order.account_id));
    TRY(order_load(cx, order_id, &order));
    return order_state_check(cx, &order, allowed, advice);
}

/* ---- order_recheck ---- */

OP(order_recheck,
    OrderIn,
    OrderReply,
    POST("/orders/{order}/recheck"),
    .effect = EFFECT_ACT,
    .needs = PERM_ORDER_RECHECK,
    .lock = "order",
    .summary = "Judge a held order again; it is approved when no rule holds any more.",
    FAILS(ERR_STATE, ERR_RATE_MISSING))
{
    Decision decision;
    bool is_approved = false;
    TRY(guard_status(cx, in->order.id, 1u << ORDER_HELD, "Only a held order is judged again."));
    TRY(order_pass(cx, in->order.id, PASS_FOR_RECHECK, 0, &decision, &is_approved));
    return order_reply(cx, in->order.id, credit_decision_view(cx, &decision), out);
}

/* ---- order_refuse, order_cancel, order_close ---- */

static const Sql sql_order_reason = {
    "UPDATE sales_order SET reason = $2 WHERE id = $1 RETURNING " ORDER_FACTS,
    .in = "kt",
    .out = ORDER_LETTERS,
};

static const Sql sql_order_shipped = {
    "SELECT CAST(COALESCE(SUM(shipped), 0) AS BIGINT) FROM order_line WHERE order_id = $1",
    .in = "k",
    .out = "i",
};

/* Ends an order: its rest goes back outside, its requests are void, its release too.
 * What has shipped stays, and what was billed ahead is still owed. */
static Err order_end(Ctx *cx, const OrderReasonIn *in, bool is_close, OrderReply *out)
{
    Order order = {0};
    TRY(order_load(cx, in->order.id, &order));
    int64_t shipped = 0;
    TRY(db_number(cx, &sql_order_shipped, ARGS(arg_id(order.id)), &shipped));
    TRY(order_uncommit(cx, &order));
    TRY(fact_change(cx, &fact_order, order.id, &sql_order_reason,
        ARGS(arg_id(order.id), arg_text(in->reason))));
    if (order.release_id != 0) {
        TRY(release_end(cx, order.release_id, RELEASE_VOID));
    }
    TRY(approval_void(cx, order.id, "order_release"));
    TRY(order_status_set(cx, &order, is_close || shipped > 0 ? ORDER_CLOSED : ORDER_CANCELLED));
    return order_reply(cx, order.id, NULL, out);
}

static Err refuse_guard(Ctx *cx, const void *input, void *output)
{
    (void)output;
    return guard_status(cx, ((const OrderReasonIn *)input)->order.id, 1u << ORDER_HELD,
        "Only a held order can be refused; cancel it instead.");
}

OP(order_refuse,
    OrderReasonIn,
    OrderReply,
    POST("/orders/{order}/refuse"),
    .effect = EFFECT_ACT,
    .needs = PERM_ORDER_RECHECK,
    .lock = "order",
    .guard = refuse_guard,
    .summary = "Refuse a held order: it ends, what has shipped stays.",
    FAILS(ERR_STATE))
{
    return order_end(cx, in, false, out);
}

static Err end_guard(Ctx *cx, const void *input, void *output)
{
    (void)output;
    return guard_status(cx, ((const OrderReasonIn *)input)->order.id,
        1u << ORDER_HELD | 1u << ORDER_APPROVED | 1u << ORDER_SHIPPED,
        "There is nothing left to end.");
}

OP(order_cancel,
    OrderReasonIn,
    OrderReply,
    POST("/orders/{order}/cancel"),
    .effect = EFFECT_ACT,
    .needs = PERM_ORDER_WRITE,
    .lock = "order",
    .guard = end_guard,
    .summary = "Cancel an order; after a shipment this closes the rest.",
    FAILS(ERR_STATE))
{
    return order_end(cx, in, false, out);
}

OP(order_close,
    OrderReasonIn,
    OrderReply,
    POST("/orders/{order}/close"),
    .effect = EFFECT_ACT,
    .needs = PERM_ORDER_WRITE,
    .lock = "order",
    .guard = end_guard,
    .summary = "Close an order: the rest will not be delivered.",
    FAILS(ERR_STATE))
{
    return order_end(cx, in, true, out);
}

/* ---- order_reopen ---- */

static Err reopen_guard(Ctx *cx, const void *input, void *output)
{
    (void)output;
    return guard_status(cx, ((const OrderReasonIn *)input)->order.id,
        1u << ORDER_CANCELLED | 1u << ORDER_CLOSED,
        "Only a cancelled or closed order can be reopened.");
}

OP(order_reopen,
    OrderReasonIn,
    OrderReply,
    POST("/orders/{order}/reopen"),
    .effect = EFFECT_ACT,
    .needs = PERM_ORDER_WRITE,
    .lock = "order",
    .guard = reopen_guard,
    .summary = "Reopen an ended order; its rest passes the order gate again.",
    FAILS(ERR_STATE, ERR_RATE_MISSING))
{
    Order order = {0};
    TRY(order_load(cx, in->order.id, &order));
    order.changed_by_id = cx->actor->user_id;
    TRY(order_hand_note(cx, &order, "reopened"));
    TRY(order_status_set(cx, &order, ORDER_HELD));
    order.status = ORDER_HELD;
    TRY(fact_change(cx, &fact_order, order.id, &sql_order_reason,
        ARGS(arg_id(order.id), arg_text(in->reason))));
    Money open;
    TRY(order_open_amount(cx, &order, &open));
    Decision decision;
    OrderStatus status = ORDER_HELD;
    TRY(order_decide(cx, &order, open, &decision, &status));
    TRY(order_status_decided(cx, order.id, status));
    return order_reply(cx, order.id, credit_decision_view(cx, &decision), out);
}

/* ---- Reading ---- */

typedef struct LineView {
    int64_t line;
    const char *product;
    const char *product_name;
    Decimal quantity;
    Decimal unit_price;
    Decimal tax_rate;
    Money net;
    Money tax;
    Money gross;
    Decimal shipped;
    Decimal invoiced;
    Decimal open;
} LineView;

SCHEMA(LineView,
    F_INT(LineView, line),
    F_TEXT(LineView, product),
    F_TEXT(LineView, product_name),
    F_DECIMAL(LineView, quantity, .scale_max = QUANTITY_SCALE),
    F_DECIMAL(LineView, unit_price, .scale_max = PRICE_SCALE, .scale_min = 2),
    F_DECIMAL(LineView, tax_rate, .scale_max = TAX_RATE_SCALE),
    F_MONEY(LineView, net),
    F_MONEY(LineView, tax),
    F_MONEY(LineView, gross),
    F_DECIMAL(LineView, shipped, .scale_max = QUANTITY_SCALE),
    F_DECIMAL(LineView, invoiced, .scale_max = QUANTITY_SCALE),
    F_DECIMAL(LineView, open, .scale_max = QUANTITY_SCALE, .doc = "Quantity that may still ship."));

typedef struct OrderView {
    Id id;
    const char *number;
    Ref account;
    Ref partner;
    const char *owner;
    const char *partner_name;
    int status;
    Currency currency;
    Money total;
    Money held_amount;
    Money net;
    Money tax;
    Money gross;
    Money ordered;
    Money shipped_amount;
    Money invoiced_amount;
    Date ordered_on;
    Date wanted_on;
    Date held_on;
    const char *placed_by;
    const char *changed_by;
    Id release;
    const char *reason;
    bool final;
    Id decision_id;
    List lines;
    DecisionView *decision;
    const char *fields;
} OrderView;

SCHEMA(OrderView,
    F_ID(OrderView, id, "order"),
    F_TEXT(OrderView, number, .flags = FIELD_FILTER | FIELD_SORT),
    F_ACCOUNT(OrderView),
    F_ENUM(OrderView,
        status,
        order_status_names,
        .column = ORDER_STATUS_NOW("r", "$1"),
        .flags = FIELD_FILTER | FIELD_OUTPUT),
    F_ACCOUNT_CURRENCY(OrderView),
    F_MONEY(OrderView, total, .flags = FIELD_SORT),
    F_MONEY(OrderView,
        held_amount,
        .column = ORDER_HELD_AMOUNT_NOW("r", "$1"),
        .flags = FIELD_OUTPUT,
        .doc = "Of a held one: what neither went out nor was billed; null when it is not held."),
    F_TAXED_BY_LINES(OrderView, "total"),
    F_MONEY(OrderView,
        ordered,
        .column = ORDER_ORDERED_NOW("r", "$1"),
        .flags = FIELD_OUTPUT,
        .doc = "What of it counts as ordered in the exposure."),
    F_MONEY(OrderView, shipped_amount, .column = "shipped", .doc = "Shipped and not invoiced."),
    F_MONEY(OrderView, invoiced_amount, .column = "invoiced"),
    F_DATE(OrderView, ordered_on, .flags = FIELD_SORT),
    F_DATE(OrderView, wanted_on, .flags = FIELD_SORT),
    F_DATE(OrderView, held_on, .column = ORDER_HELD_ON_NOW("r", "$1"), .flags = FIELD_OUTPUT),
    F_USER_NAME(OrderView, placed_by),
    F_USER_NAME(OrderView, changed_by),
    F_ID(OrderView, release, "release", .column = "release_id"),
    F_TEXT(OrderView, reason),
    F_BOOL(OrderView, final, .column = "is_final", .doc = "A final invoice was written."),
    F_ID(OrderView, decision_id, "decision"),
    F_LIST(OrderView, lines, LineView),
    F_OBJECT(OrderView, decision, DecisionView),
    F_CUSTOM(OrderView, "order"));

static Err order_lines_view(Ctx *cx, OrderView *view)
{
    Order order = {.status = view->status, .is_final = view->final};
    List lines;
    TRY(order_lines_load(cx, view->id, &lines));
    LineView *views = arena_array(cx->arena, lines.count, sizeof *views);
    view->tax = money_zero(view->currency);
    for (size_t i = 0; i < lines.count; i++) {
        const OrderLine *line = LIST_AT(lines, OrderLine, i);
        views[i] = (LineView){
            .line = line->line,
            .product = line->product,
            .product_name = line->product_name,
            .quantity = line->quantity,
            .unit_price = line->unit_price,
            .tax_rate = line->tax_rate,
            .net = line->net,
            .tax = line->tax,
            .gross = line->gross,
            .shipped = line->shipped,
            .invoiced = line->invoiced,
            .open = quantity_to_decimal(order_line_room(&order, line)),
        };
        view->tax = money_add(view->tax, line->tax);
    }
    view->net = money_sub(view->total, view->tax);
    view->lines = (List){views, lines.count};
    return ERR_OK;
}

/* A page has at most 500 orders; lines and decision of each are read by prepared
 * statements on their own keys. */
static Err order_fill(Ctx *cx, void *items, size_t count)
{
    OrderView *orders = items;
    for (size_t i = 0; i < count; i++) {
        TRY(order_lines_view(cx, &orders[i]));
        TRY(credit_decision_load(cx, orders[i].decision_id, &orders[i].decision));
    }
    return ERR_OK;
}

static Err order_args(Ctx *cx, Arg *ret_args)
{
    ret_args[0] = arg_date(cx->today);
    return ERR_OK;
}

static const Record record_order = {
    .name = "order",
    .table = "sales_order",
    .path = "/orders",
    .letter = 'O',
    .schema = &OrderView_schema,
    .verbs = VERB_READS,
    .reads = PERM_READ_OWN,
    .date_field = "ordered_on",
    .partner_join = ACCOUNT_JOIN,
    .args_in = "d",
    .args = order_args,
    .fill = order_fill,
    .summary = "an order",
};

static const RefKind ref_order = {.name = "order",
    .letter = 'O',
    .table = "sales_order",
    .code = "number",
    .over = "cancelled",
    .account = "account_id"};

const Feature order_feature = {
    .name = "order",
    .ops = (const Op *const[]){&op_order_recheck, &op_order_refuse, &op_order_cancel,
        &op_order_close, &op_order_reopen, NULL},
    .records = (const Record *const[]){&record_order, NULL},
    .refs = (const RefKind *const[]){&ref_order, NULL},
    .checks =
        (const Check *const[]){&check_order_total, &check_order_ended, &check_order_papers, NULL},
    .facts = (const Fact *const[]){&fact_order, &fact_hand, NULL},
};
