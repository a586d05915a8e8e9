/* Shipping: the gate between the warehouse and the road. */
#include "feature/credit.h"
#include "feature/document.h"
#include "feature/features.h"
#include "feature/ledger.h"
#include "feature/lines.h"
#include "feature/org.h"
#include "feature/release.h"
#include "feature/shipment.h"
#include "feature/shipment/model.h"
#include "op/run.h"

typedef struct ShipmentPostIn {
    Ref order;
    List lines;
    Date shipped_on;
} ShipmentPostIn;

SCHEMA(ShipmentPostIn,
    F_REF(ShipmentPostIn, order, "order", REQUIRED),
    F_LIST(ShipmentPostIn, lines, LineAsk, .max_len = 500, .doc = "All that is open when absent."),
    F_DATE(ShipmentPostIn, shipped_on, .doc = "The business date when absent."));

static const char *const posting_names[] = {"", "posted", "held", NULL};
typedef enum Posting { POSTING_NONE, POSTING_POSTED, POSTING_HELD } Posting;

typedef struct ShipmentPostOut {
    Id id;
    const char *number;
    int status;
    Currency currency;
    Money amount;
    Date shipped_on;
    const char *order_status;
    DecisionView *decision;
} ShipmentPostOut;

SCHEMA(ShipmentPostOut,
    F_ID(ShipmentPostOut, id, "shipment", .doc = "When it was posted."),
    F_TEXT(ShipmentPostOut, number),
    F_ENUM(ShipmentPostOut, status, posting_names, .doc = "held: nothing was shipped"),
    F_CURRENCY(ShipmentPostOut, currency),
    F_MONEY(ShipmentPostOut, amount),
    F_DATE(ShipmentPostOut, shipped_on),
    F_TEXT(ShipmentPostOut, order_status),
    F_DECISION(ShipmentPostOut, decision));

/* A part of a line that is to go. */
typedef struct Piece {
    const OrderLine *line;
    int64_t quantity_milli;
    Money amount;
    Money tax;
} Piece;

typedef struct Plan {
    Order order;
    Account account;
    Date shipped_on;
    List lines;    /* OrderLine; `shipped` grows while pieces are cut */
    Piece *pieces; /* of it */
    size_t count;
    Money amount;
    Money moved; /* to the bucket shipped: what was not invoiced ahead */
    Release release;
    bool has_release; /* it stands on a valid one */
    Position after;
} Plan;

/* ---- What is to go ---- */

/* One piece a line, however often it is named. */
static Piece *piece_of(Plan *plan, const OrderLine *line)
{
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->pieces[i].line == line) {
            return &plan->pieces[i];
        }
    }
    Piece *piece = &plan->pieces[plan->count++];
    Money zero = money_zero(plan->order.currency);
    *piece = (Piece){.line = line, .amount = zero, .tax = zero};
    return piece;
}

static void piece_cut(Plan *plan, OrderLine *line, int64_t quantity_milli)
{
    LinePart part = {
        .quantity_milli = line->quantity.units,
        .whole = {line->net, line->tax, line->gross},
        .done_milli = line->shipped.units,
        .done = amount_taxed(line->shipped_amount, line->shipped_tax),
    };
    LineAmount amount = line_part(line, &part, quantity_milli);
    Piece *piece = piece_of(plan, line);
    piece->quantity_milli += quantity_milli;
    piece->amount = money_add(piece->amount, amount.gross);
    piece->tax = money_add(piece->tax, amount.tax);
    plan->amount = money_add(plan->amount, amount.gross);
    line->shipped.units += quantity_milli;
    line->shipped_amount = money_add(line->shipped_amount, amount.gross);
    line->shipped_tax = money_add(line->shipped_tax, amount.tax);
}

static void pieces_all(Plan *plan)
{
    for (size_t i = 0; i < plan->lines.count; i++) {
        OrderLine *line = LIST_AT(plan->lines, OrderLine, i);
        int64_t room = order_line_room(&plan->order, line);
        if (room > 0) {
            piece_cut(plan, line, room);
        }
    }
}

static Err pieces_asked(Ctx *cx, List asks, Plan *plan)
{
    if (asks.count == 0) {
        return err_set(cx, ERR_FIELD_INVALID, "lines",
            "Name at least one line, or leave `lines` out to ship all that is open.");
    }
    for (size_t i = 0; i < asks.count; i++) {
        const LineAsk *ask = LIST_AT(asks, LineAsk, i);
        OrderLine *line = NULL;
        int64_t quantity = 0;
        TRY(line_named(cx, i, ask, plan->lines, &line));
        TRY(line_quantity(cx, i, ask, order_line_room(&plan->order, line), "shipped", &quantity));
        piece_cut(plan, line, quantity);
    }
    return ERR_OK;
}

/* What of the order's goods is out and not invoiced; the ledger has it in `shipped`. */
static Money unbilled(const Plan *plan)
{
    Money shipped = money_zero(plan->order.currency);
    Money invoiced = shipped;
    for (size_t i = 0; i < plan->lines.count; i++) {
        const OrderLine *line = LIST_AT(plan->lines, OrderLine, i);
        shipped = money_add(shipped, money_sub(line->shipped_amount, line->returned_amount));
        invoiced = money_add(invoiced, line->invoiced_amount);
    }
    return money_max(money_sub(shipped, invoiced), money_zero(plan->order.currency));
}

static Err plan_make(Ctx *cx, const ShipmentPostIn *in, Plan *plan)
{
    *plan = (Plan){.shipped_on = in->shipped_on};
    TRY(order_load(cx, in->order.id, &plan->order));
    TRY(account_load(cx, plan->order.account_id, &plan->account));
    TRY(order_lines_load(cx, plan->order.id, &plan->lines));
    plan->amount = money_zero(plan->order.currency);
    size_t room = in->lines.items != NULL ? in->lines.count : plan->lines.count;
    plan->pieces = arena_array(cx->arena, room, sizeof *plan->pieces);
    Money before = unbilled(plan);
    if (in->lines.items != NULL) {
        TRY(pieces_asked(cx, in->lines, plan));
    } else {
        pieces_all(plan);
    }
    plan->moved = money_sub(unbilled(plan), before);
    TRY(org_document_date(cx, "shipped_on", &plan->shipped_on));
    if (plan->order.release_id != 0) {
        TRY(release_of_order(cx, plan->order.id, &plan->release));
        plan->has_release = plan->release.is_valid;
    }
    return ERR_OK;
}

/* ---- May it go? ---- */

static void move_apply(Position *position, MoveEvent event, Money amount)
{
    if (!money_is_zero(amount)) {
        position_apply(position, move_of(event, amount));
    }
}

static Err plan_judge(Ctx *cx, Plan *plan, GateCall *ret_call, Decision *ret_decision)
{
    *ret_call = (GateCall){
        .gate = GATE_SHIPMENT,
        .account = &plan->account,
        .order_id = plan->order.id,
        .order_amount = plan->order.total,
        .moving = plan->amount,
        .wanted_on = plan->order.wanted_on,
        .document_kind = "shipment",
    };
    TRY(ledger_position(cx, plan->account.id, plan->account.currency, &ret_call->before));
    Money from_ordered = money_min(plan->moved, plan->order.ordered);
    ret_call->after = ret_call->before;
    move_apply(&ret_call->after, MOVE_SHIPPED, from_ordered);
    move_apply(&ret_call->after, MOVE_SHIPPED_AHEAD, money_sub(plan->moved, from_ordered));
    return credit_judge_call(cx, ret_call, ret_decision);
}

static bool rules_let_go(const Plan *plan, const Decision *decision)
{
    if (decision->verdict.outcome <= OUTCOME_WARN) {
        return true;
    }
    return plan->has_release && release_lets_ship(plan->release.rules, &decision->verdict);
}

/* A shipment beyond what is approved or released is only answered;
 * one that a rule stops holds the order again. */
static Err plan_hold(Ctx *cx, const Plan *plan, const Decision *decision)
{
    if (plan->order.status == ORDER_HELD) {
        return ERR_OK;
    }
    if (!rules_let_go(plan, decision) && money_cmp(plan->moved, plan->order.ordered) <= 0) {
        TRY(order_decision_set(cx, &plan->order, decision->id));
        return order_hold(cx, plan->order.id, RELEASE_NONE, "a rule stopped its shipment");
    }
    return ERR_OK;
}

/* ---- Going ---- */

static const Sql sql_shipment_insert = {
    "INSERT INTO shipment (id, account_id, order_id, number, shipped_on, booked_on, booked_at,"
    " amount, moved, invoiced, returned, status, decision_id, release_id, covered, posted_by_id)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 'posted', $10, $11, $12, $13) "
    "RETURNING " SHIPMENT_FACTS,
    .in = "kkktddiiikkik",
    .out = SHIPMENT_LETTERS,
};

#define LINE_FACTS "id, account_id, shipment_id, order_line_id, line, quantity, amount, tax"
#define LINE_LETTERS "kkkkiiii"
static const Fact fact_line = FACT("shipment_line", 1, LINE_FACTS, LINE_LETTERS);

static const Sql sql_line_insert = {
    "INSERT INTO shipment_line (id, account_id, shipment_id, order_line_id, line, quantity, amount,"
    " tax, returned) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)",
    .in = LINE_LETTERS,
};

static Err lines_store(Ctx *cx, const Plan *plan, Id shipment_id)
{
    for (size_t i = 0; i < plan->count; i++) {
        const Piece *piece = &plan->pieces[i];
        TRY(fact_put(cx, &fact_line, &sql_line_insert,
            ARGS(arg_id(db_new_id(cx)), arg_id(plan->order.account_id), arg_id(shipment_id),
                arg_id(piece->line->id), arg_i64(piece->line->line), arg_i64(piece->quantity_milli),
                arg_i64(piece->amount.minor), arg_i64(piece->tax.minor))));
        TRY(order_line_move(cx, plan->order.account_id, plan->order.id,
            &(LineMove){.order_line_id = piece->line->id,
                .shipped_milli = piece->quantity_milli,
                .shipped_amount = piece->amount,
                .shipped_tax = piece->tax}));
    }
    return ERR_OK;
}

static Err plan_ship(Ctx *cx, const Plan *plan, Id id, const char *number, Id decision_id)
{
    Money left = money_zero(plan->order.currency);
    if (plan->has_release) {
        left = money_sub(plan->release.amount_max, plan->release.used);
    }
    Money covered = money_min(plan->moved, left);
    TRY(fact_put(cx, &fact_shipment, &sql_shipment_insert,
        ARGS(arg_id(id), arg_id(plan->order.account_id), arg_id(plan->order.id), arg_text(number),
            arg_date(plan->shipped_on), arg_date(cx->today), arg_instant(cx->now_ms),
            arg_i64(plan->amount.minor), arg_i64(plan->moved.minor), arg_id(decision_id),
            arg_id(plan->has_release ? plan->release.id : 0), arg_i64(covered.minor),
            arg_id(cx->actor->user_id))));
    TRY(lines_store(cx, plan, id));
    TRY(ledger_book(cx, &(Booking){.account_id = plan->order.account_id,
                            .event = MOVE_SHIPPED,
                            .amount = plan->moved,
                            .posted_on = plan->shipped_on,
                            .document_kind = "shipment",
                            .document_id = id,
                            .order_id = plan->order.id}));
    if (!money_is_zero(covered)) {
        TRY(release_use(cx, plan->release.id, covered));
    }
    TRY(shipment_invoiced_refresh(cx, plan->order.id));
    return order_status_refresh(cx, plan->order.id);
}

static Err shipment_guard(Ctx *cx, const void *input, void *output)
{
    const ShipmentPostIn *in = input;
    (void)output;
    Order order = {0};
    TRY(order_load(cx, in->order.id, &order));
    TRY(order_lapse(cx, order.account_id));
    TRY(order_load(cx, in->order.id, &order));
    if (order.status == ORDER_CANCELLED || order.status == ORDER_CLOSED) {
        return err_set(cx, ERR_STATE, "order", "Order %s is %s; reopen it first.", order.number,
            order_status_names[order.status]);
    }
    List lines;
    TRY(order_lines_load(cx, order.id, &lines));
    for (size_t i = 0; i < lines.count; i++) {
        if (order_line_room(&order, LIST_AT(lines, OrderLine, i)) > 0) {
            return ERR_OK;
        }
    }
    return err_set(cx, ERR_STATE, "order", "Nothing of order %s is open.", order.number);
}

OP(shipment_post,
    ShipmentPostIn,
    ShipmentPostOut,
    POST("/shipments"),
    .effect = EFFECT_CREATE,
    .may_hold = true,
    .needs = PERM_SHIPMENT_WRITE,
    .lock = "order",
    .guard = shipment_guard,
    .inverse = "shipment_reverse",
    .summary = "Ship goods of an order; judged on the figures after it, and held when a rule stops "
               "it or the order is held.",
    FAILS(ERR_STATE, ERR_FIELD_INVALID, ERR_PERIOD_CLOSED, ERR_AMBIGUOUS, ERR_RATE_MISSING))
{
    Plan plan;
    GateCall call;
    Decision decision;
    TRY(plan_make(cx, in, &plan));
    TRY(plan_judge(cx, &plan, &call, &decision));
    bool goes = plan.order.status != ORDER_HELD && money_cmp(plan.moved, plan.order.ordered) <= 0 &&
                rules_let_go(&plan, &decision);
    Id id = goes ? db_new_id(cx) : 0;
    call.document_id = id;
    TRY(credit_decision_store(cx, &call, &decision));
    *out = (ShipmentPostOut){
        .id = id,
        .status = goes ? POSTING_POSTED : POSTING_HELD,
        .currency = plan.order.currency,
        .amount = plan.amount,
        .shipped_on = plan.shipped_on,
        .decision = credit_decision_view(cx, &decision),
    };
    if (goes) {
        out->number = id_text(cx->arena, 'S', id);
        TRY(plan_ship(cx, &plan, id, out->number, decision.id));
    } else {
        run_is_held(cx);
        TRY(plan_hold(cx, &plan, &decision));
    }
    run_touch(cx, plan.order.id);
    TRY(order_load(cx, plan.order.id, &plan.order));
    out->order_status = order_status_names[plan.order.status];
    return ERR_OK;
}

const Feature shipment_entry_feature = {
    .name = "shipment_entry",
    .ops = (const Op *const[]){&op_shipment_post, NULL},
    .facts = (const Fact *const[]){&fact_line, NULL},
};
