/* Placing and previewing orders: the lines of an order become amounts, and the amounts are
 * judged. */
#include "feature/order/place.h"

#include "feature/features.h"
#include "feature/import_run.h"
#include "feature/ledger.h"
#include "feature/order/item.h"
#include "feature/org.h"
#include "feature/search.h"
#include "op/custom.h"

#include <string.h>

typedef struct OrderPlaceIn {
    Ref account;
    List lines;
    const char *number;
    Date ordered_on;
    Date wanted_on;
    const char *fields;
} OrderPlaceIn;

SCHEMA(OrderPlaceIn,
    F_REF(OrderPlaceIn, account, "account", REQUIRED),
    F_LIST(OrderPlaceIn, lines, LineIn, REQUIRED, .max_len = 500),
    F_TEXT(OrderPlaceIn, number, .max_len = 64, .doc = "Made from the order's id when absent."),
    F_DATE(OrderPlaceIn, ordered_on, .doc = "The business date when absent."),
    F_DATE(OrderPlaceIn, wanted_on, .doc = "When the goods are wanted."),
    F_CUSTOM(OrderPlaceIn, "order"));

static const Sql sql_number_used = {
    "SELECT id, status FROM sales_order WHERE number = $2 AND account_id = $1",
    .in = "kt",
    .out = "kt",
};

/* New lines, numbered from 1. */
static Err lines_read(
    Ctx *cx, List list, Currency currency, LineWrite **ret_lines, Money *ret_total)
{
    LinePrice price;
    TRY(items_check(cx, list));
    TRY(item_price_start(cx, currency, &price));
    LineWrite *lines = arena_array(cx->arena, list.count, sizeof *lines);
    *ret_total = money_zero(currency);
    TRY(items_terms(cx, list, lines));
    for (size_t i = 0; i < list.count; i++) {
        TRY(item_read(cx, i, LIST_AT(list, LineIn, i), NULL, &price, &lines[i]));
        lines[i].line = (int64_t)i + 1;
        TRY(item_total_add(cx, ret_total, lines[i].amount.gross));
    }
    *ret_lines = lines;
    return ERR_OK;
}

/* ---- Writing ---- */

static const Sql sql_order_insert = {
    "INSERT INTO sales_order (" ORDER_FACTS ", ordered, shipped, delivered, invoiced, billed)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,"
    " CASE WHEN $4 = 'approved' THEN $7 ELSE 0 END, 0, 0, 0, 0)",
    .in = ORDER_LETTERS,
};

/* Numbers of people's own are theirs to choose, unique within the account;
 * ours come from the id. */
static Err number_choose(
    Ctx *cx, Id account_id, const char *given, Id order_id, const char **ret_number)
{
    if (given == NULL) {
        *ret_number = id_text(cx->arena, 'O', order_id);
        return ERR_OK;
    }
    TRY(record_code_check(cx, "number", given));
    Rows rows;
    TRY(db_ask(cx, &sql_number_used, ARGS(arg_id(account_id), arg_text(given)), &rows));
    while (db_next(&rows)) {
        bool is_free = strcmp(db_text(&rows, 1), order_status_names[ORDER_CANCELLED]) == 0;
        if (is_free) { /* when it was taken back with its import, another one may bring it */
            TRY(import_is_undone(cx, db_id(&rows, 0), "order_cancel", &is_free));
        }
        if (!is_free || !run_is_import(cx)) {
            return err_set(
                cx, ERR_NUMBER_TAKEN, "number", "The account has an order %s already.", given);
        }
    }
    *ret_number = given;
    return ERR_OK;
}

/* ---- order_place ---- */

static Err order_draft(
    Ctx *cx, const OrderPlaceIn *in, Account *account, Order *ret_order, LineWrite **ret_lines)
{
    TRY(account_load(cx, in->account.id, account));
    TRY(order_lapse(cx, account->id));
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

/* Judged before it is written, so that it is written once, as it came out. */
static Err order_judge_new(Ctx *cx, const Account *account, Order *order, Decision *ret_decision)
{
    GateCall call;
    TRY(order_gate_call(cx, order, account, order->total, &call));
    TRY(credit_judge_call(cx, &call, ret_decision));
    TRY(credit_decision_store(cx, &call, ret_decision));
    order->decision_id = ret_decision->id;
    order->status = ret_decision->verdict.outcome <= OUTCOME_WARN ? ORDER_APPROVED : ORDER_HELD;
    return ERR_OK;
}

/* What it commits is dated by its own date. */
static Err order_store(Ctx *cx, const Order *order, const LineWrite *lines, size_t count)
{
    TRY(fact_put(cx, &fact_order, &sql_order_insert,
        ARGS(arg_id(order->id), arg_id(order->account_id), arg_text(order->number),
            arg_text(order_status_names[order->status]), arg_date(order->ordered_on),
            arg_date(order->wanted_on), arg_i64(order->total.minor), arg_bool(false),
            arg_id(order->decision_id), arg_id(0), arg_id(order->placed_by_id), arg_date(cx->today),
            arg_id(order->changed_by_id),
            arg_date(order->status == ORDER_HELD ? cx->today : DATE_NONE), arg_null())));
    TRY(items_add(cx, order, lines, count));
    if (order->status != ORDER_APPROVED) {
        return ERR_OK;
    }
    return ledger_book(cx, &(Booking){.account_id = order->account_id,
                               .event = MOVE_ORDER_APPROVED,
                               .amount = order->total,
                               .posted_on = order->ordered_on,
                               .document_kind = "order",
                               .document_id = order->id,
                               .order_id = order->id,
                               .is_in_order = true});
}

OP(order_place,
    OrderPlaceIn,
    OrderReply,
    POST("/orders"),
    .effect = EFFECT_CREATE,
    .needs = PERM_ORDER_WRITE,
    .lock = "account",
    .inverse = "order_cancel",
    .summary = "Book an order; it is judged as it is booked, and held when a rule holds it.",
    FAILS(ERR_FIELD_REQUIRED,
        ERR_FIELD_INVALID,
        ERR_PERIOD_CLOSED,
        ERR_NUMBER_TAKEN,
        ERR_RATE_MISSING))
{
    Account account;
    Order order;
    LineWrite *lines = NULL;
    TRY(order_draft(cx, in, &account, &order, &lines));
    order.id = db_new_id(cx);
    TRY(number_choose(cx, account.id, in->number, order.id, &order.number));
    Decision decision;
    TRY(order_judge_new(cx, &account, &order, &decision));
    /* Before all that is written: behind it nothing is read any more. */
    bool has_custom = false;
    TRY(custom_give(cx, "order", order.id, in->fields, true, &has_custom));
    TRY(order_store(cx, &order, lines, in->lines.count));
    TRY(has_custom ? search_refresh(cx, "order", order.id) : ERR_OK);
    *out = (OrderReply){
        .id = order.id,
        .number = order.number,
        .status = order.status,
        .currency = order.currency,
        .total = order.total,
        .decision = credit_decision_view(cx, &decision),
    };
    return ERR_OK;
}

/* ---- order_preview ---- */

typedef struct PreviewOut {
    Currency currency;
    Money total;
    DecisionView *decision;
    List clears;
} PreviewOut;

SCHEMA(PreviewOut,
    F_CURRENCY(PreviewOut, currency),
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
    FAILS(ERR_FIELD_REQUIRED, ERR_FIELD_INVALID, ERR_PERIOD_CLOSED, ERR_RATE_MISSING))
{
    Account account;
    Order order;
    LineWrite *lines = NULL;
    TRY(order_draft(cx, in, &account, &order, &lines));
    GateCall call;
    TRY(order_gate_call(cx, &order, &account, order.total, &call));
    Decision decision;
    TRY(credit_judge_call(cx, &call, &decision));
    out->currency = order.currency;
    out->total = order.total;
    out->decision = credit_decision_view(cx, &decision);
    return order_clears(cx, &call, &decision, &out->clears);
}

const Feature order_entry_feature = {
    .name = "order_entry",
    .ops = (const Op *const[]){&op_order_place, &op_order_preview, NULL},
    .facts = (const Fact *const[]){&fact_line, NULL},
};
