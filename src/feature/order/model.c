/* Loads orders, moves their state and commitment, judges them. Placing, changing and ending are in
 * the other files of this folder. */
#include "feature/order/model.h"

#include "feature/approval.h"
#include "feature/ledger.h"
#include "feature/release.h"
#include "rules/move.h"

/* ---- Loading ---- */

SCHEMA(Order,
    F_ID(Order, id, "order"),
    F_ID(Order, account_id, "account"),
    F_TEXT(Order, number),
    F_CURRENCY(Order, currency),
    F_ENUM(Order, status, order_status_names),
    F_DATE(Order, ordered_on),
    F_DATE(Order, wanted_on),
    F_MONEY(Order, total),
    F_MONEY(Order, ordered),
    F_MONEY(Order, shipped),
    F_MONEY(Order, invoiced),
    F_BOOL(Order, is_final),
    F_ID(Order, decision_id, "decision"),
    F_ID(Order, release_id, "release"),
    F_ID(Order, placed_by_id, "user"),
    F_ID(Order, changed_by_id, "user"));

static const Sql sql_order_load = {
    "SELECT o.id, o.account_id, o.number, a.currency, o.status, o.ordered_on, o.wanted_on, "
    "o.total, o.ordered,"
    " o.shipped, o.invoiced, o.is_final, o.decision_id, o.release_id, o.placed_by_id, "
    "o.changed_by_id"
    " FROM sales_order o JOIN account a ON a.id = o.account_id WHERE o.id = $1",
    .in = "k",
    .out = "kktttddiiiibkkkk",
};

SCHEMA(OrderLine,
    F_ID(OrderLine, id, "order"),
    F_ID(OrderLine, order_id, "order"),
    F_INT(OrderLine, line),
    F_ID(OrderLine, product_id, "product"),
    F_TEXT(OrderLine, product),
    F_TEXT(OrderLine, product_name),
    F_CURRENCY(OrderLine, currency),
    F_DECIMAL(OrderLine, quantity, .scale_max = QUANTITY_SCALE),
    F_DECIMAL(OrderLine, unit_price, .scale_max = PRICE_SCALE),
    F_DECIMAL(OrderLine, tax_rate, .scale_max = TAX_RATE_SCALE),
    F_DECIMAL(OrderLine, shipped, .scale_max = QUANTITY_SCALE),
    F_DECIMAL(OrderLine, invoiced, .scale_max = QUANTITY_SCALE),
    F_DECIMAL(OrderLine, returned, .scale_max = QUANTITY_SCALE),
    F_MONEY(OrderLine, net),
    F_MONEY(OrderLine, tax),
    F_MONEY(OrderLine, gross),
    F_MONEY(OrderLine, shipped_amount),
    F_MONEY(OrderLine, shipped_tax),
    F_MONEY(OrderLine, invoiced_amount),
    F_MONEY(OrderLine, invoiced_tax),
    F_MONEY(OrderLine, returned_amount));

static const Sql sql_order_lines = {
    "SELECT l.id, l.order_id, l.line, l.product_id, p.code, p.name, a.currency, l.quantity, "
    "l.unit_price, l.tax_rate,"
    " l.shipped, l.invoiced, l.returned, l.net, l.tax, l.gross, l.shipped_amount,"
    " l.shipped_tax, l.invoiced_amount, l.invoiced_tax, l.returned_amount"
    " FROM order_line l JOIN product p ON p.id = l.product_id JOIN account a ON a.id = l.account_id"
    " WHERE l.order_id = $1 AND l.is_dropped = FALSE ORDER BY l.line",
    .in = "k",
    .out = "kkiktttiiiiiiiiiiiiii",
};

/* What is neither shipped nor invoiced ahead. Amounts are those of the whole order, as in the
 * ledger, where an invoice takes what has shipped first, whichever line that was of. What came back
 * before it was invoiced is no part of the order any more. */
static const Sql sql_order_open = {
    "SELECT CAST(COALESCE(SUM(gross - returned_amount), 0) AS BIGINT),"
    " CAST(COALESCE(SUM(shipped_amount - returned_amount), 0) AS BIGINT),"
    " CAST(COALESCE(SUM(invoiced_amount), 0) AS BIGINT),"
    " CAST(COALESCE(SUM(CASE WHEN quantity > shipped AND quantity > invoiced THEN 1 ELSE 0 END), "
    "0) AS BIGINT),"
    " CAST(COALESCE(SUM(CASE WHEN quantity > shipped THEN 1 ELSE 0 END), 0) AS BIGINT),"
    " CAST(COALESCE(SUM(CASE WHEN invoiced > shipped THEN 1 ELSE 0 END), 0) AS BIGINT)"
    " FROM order_line WHERE order_id = $1 AND is_dropped = FALSE",
    .in = "k",
    .out = "iiiiii",
};

Err order_load(Ctx *cx, Id order_id, Order *ret_order)
{
    TRY(row_load(cx, &sql_order_load, order_id, &Order_schema, "order", ret_order));
    if (ret_order->ordered.minor < 0 || ret_order->shipped.minor < 0) {
        return db_damaged(cx, "order %s has ordered or shipped less than nothing",
            id_text(cx->arena, 'O', order_id));
    }
    return ERR_OK;
}

Err order_lines_load(Ctx *cx, Id order_id, List *ret_lines)
{
    TRY(row_list(cx, &sql_order_lines, ARGS(arg_id(order_id)), &OrderLine_schema, ret_lines));
    for (size_t i = 0; i < ret_lines->count; i++) {
        const OrderLine *line = LIST_AT(*ret_lines, OrderLine, i);
        int64_t tax_micro = 0;
        if (!tax_rate_of(line->tax_rate, &tax_micro) || !tax_rate_is_sound(tax_micro)) {
            return db_damaged(cx, "line %lld of order %s has a tax_rate beyond 0 to 1",
                (long long)line->line, id_text(cx->arena, 'O', order_id));
        }
    }
    return ERR_OK;
}

int64_t order_line_room(const Order *order, const OrderLine *line)
{
    int64_t shipped = line->shipped.units;
    if (order->status == ORDER_CANCELLED || order->status == ORDER_CLOSED) {
        return 0;
    }
    if (!order->is_final) {
        return line->quantity.units - shipped;
    }
    return line->invoiced.units > shipped ? line->invoiced.units - shipped : 0;
}

typedef struct OpenFigures {
    Money total; /* less what came back */
    Money shipped;
    Money open;
    bool has_open;  /* amount, or quantity that costs nothing */
    bool has_to_go; /* quantity that may still ship, invoiced ahead or not */
} OpenFigures;

static Err order_open_read(Ctx *cx, const Order *order, OpenFigures *ret_figures)
{
    Rows rows;
    TRY(db_one(cx, &sql_order_open, ARGS(arg_id(order->id)), "what is open of an order", &rows));
    bool is_ended =
        order->status == ORDER_CANCELLED || order->status == ORDER_CLOSED || order->is_final;
    Money total = money_of(order->currency, db_i64(&rows, 0));
    Money shipped = money_of(order->currency, db_i64(&rows, 1));
    Money invoiced = money_of(order->currency, db_i64(&rows, 2));
    Money open = money_zero(order->currency);
    if (!is_ended) {
        open = money_max(open, money_sub(total, money_max(shipped, invoiced)));
    }
    *ret_figures = (OpenFigures){
        .total = total,
        .shipped = shipped,
        .open = open,
        .has_open = money_is_positive(open) || (!is_ended && db_i64(&rows, 3) > 0),
        .has_to_go = db_i64(&rows, order->is_final ? 5 : 4) > 0,
    };
    return ERR_OK;
}

Err order_open_amount(Ctx *cx, const Order *order, Money *ret_open)
{
    OpenFigures figures;
    TRY(order_open_read(cx, order, &figures));
    *ret_open = figures.open;
    return ERR_OK;
}

/* ---- State ---- */

const Fact fact_order = FACT_IN_DOSSIER(DOSSIER_ORDER, "sales_order", ORDER_FACTS, ORDER_LETTERS);

static const Sql sql_order_status = {
    "UPDATE sales_order SET status = $3, held_on = $4, changed_by_id = $5"
    " WHERE account_id = $1 AND id = $2 RETURNING " ORDER_FACTS,
    .in = "kktdk",
    .out = ORDER_LETTERS,
};

static const Sql sql_order_decision = {
    "UPDATE sales_order SET decision_id = $3 WHERE account_id = $1 AND id = $2 "
    "RETURNING " ORDER_FACTS,
    .in = "kkk",
    .out = ORDER_LETTERS,
};

static const Sql sql_order_release = {
    "UPDATE sales_order SET release_id = $3 WHERE account_id = $1 AND id = $2 "
    "RETURNING " ORDER_FACTS,
    .in = "kkk",
    .out = ORDER_LETTERS,
};

Err order_state_check(Ctx *cx, const Order *order, unsigned allowed, const char *advice)
{
    if ((allowed & (1u << (unsigned)order->status)) != 0) {
        return ERR_OK;
    }
    return err_set(cx, ERR_STATE, "order", "Order %s is %s. %s", order->number,
        order_status_names[order->status], advice);
}

Err order_status_set(Ctx *cx, const Order *order, OrderStatus status)
{
    if ((OrderStatus)order->status == status) {
        return ERR_OK;
    }
    ASSERT(state_may(MACHINE_ORDER, order->status, (int)status));
    run_changed(
        cx, order->id, "status", order_status_names[order->status], order_status_names[status]);
    return fact_change(cx, &fact_order, order->id, &sql_order_status,
        ARGS(arg_id(order->account_id), arg_id(order->id), arg_text(order_status_names[status]),
            arg_date(status == ORDER_HELD ? cx->today : DATE_NONE), arg_id(order->changed_by_id)));
}

Err order_decision_set(Ctx *cx, const Order *order, Id decision_id)
{
    run_touch(cx, order->id);
    return fact_change(cx, &fact_order, order->id, &sql_order_decision,
        ARGS(arg_id(order->account_id), arg_id(order->id), arg_id(decision_id)));
}

static Err order_release_set(Ctx *cx, const Order *order, Id release_id)
{
    run_touch(cx, order->id);
    return fact_change(cx, &fact_order, order->id, &sql_order_release,
        ARGS(arg_id(order->account_id), arg_id(order->id), arg_id(release_id)));
}

/* Statuses follow from quantities; how an order ended was somebody's decision and stays. An invoice
 * written ahead does not free the goods of a held order: they wait for somebody to clear it. */
static Err status_settle(Ctx *cx, const Order *order, const OpenFigures *open, bool is_held)
{
    if (order->status == ORDER_CANCELLED || order->status == ORDER_CLOSED) {
        return ERR_OK;
    }
    OrderFigures figures = {
        .is_final = order->is_final,
        .is_held = is_held,
        .total = open->total,
        .shipped = open->shipped,
        .invoiced = order->invoiced,
        .has_open = open->has_open || (is_held && open->has_to_go),
    };
    return order_status_set(cx, order, order_status_of(&figures));
}

Err order_status_refresh(Ctx *cx, Id order_id)
{
    Order order = {0};
    OpenFigures open;
    TRY(order_load(cx, order_id, &order));
    TRY(order_open_read(cx, &order, &open));
    /* What costs nothing commits nothing: whether it is held shows in the status alone. */
    bool is_held =
        money_is_positive(open.open) ? money_is_zero(order.ordered) : order.status == ORDER_HELD;
    return status_settle(cx, &order, &open, is_held);
}

Err order_status_decided(Ctx *cx, Id order_id, OrderStatus status)
{
    Order order = {0};
    OpenFigures open;
    TRY(order_load(cx, order_id, &order));
    TRY(order_open_read(cx, &order, &open));
    return status_settle(cx, &order, &open, status == ORDER_HELD);
}

/* ---- Commitment ---- */

/* What is done about an order that was placed is dated by the day of doing, as what is taken back
 * is: the days in between keep their figures. */
static Err order_book(Ctx *cx, const Order *order, MoveEvent event, Money amount)
{
    return ledger_book(cx, &(Booking){.account_id = order->account_id,
                               .event = event,
                               .amount = amount,
                               .posted_on = cx->today,
                               .document_kind = "order",
                               .document_id = order->id,
                               .order_id = order->id});
}

Err order_uncommit(Ctx *cx, const Order *order)
{
    return order_book(cx, order, MOVE_ORDER_ENDED, order->ordered);
}

Err order_commit(Ctx *cx, const Order *order, Money amount)
{
    return order_book(cx, order, MOVE_ORDER_APPROVED, amount);
}

/* What final invoices have left unbilled for good. */
static const Sql sql_order_dropped = {
    "SELECT CAST(COALESCE(SUM(dropped), 0) AS BIGINT) FROM invoice WHERE order_id = $1"
    " AND status <> 'reversed'",
    .in = "k",
    .out = "i",
};

static Err settle_book(Ctx *cx, const Booking *as, MoveEvent event, bool is_reversal, Money amount)
{
    Booking booking = *as;
    booking.event = event;
    booking.is_reversal = is_reversal;
    booking.amount = amount;
    return ledger_book(cx, &booking);
}

/* How much of what came back may stand in `ordered`: nothing of an order that has ended, and of
 * a held one only what its release still covers. */
static Err settle_room(Ctx *cx, const Order *order, Money open, Money *ret_room)
{
    *ret_room = open;
    if (order->status != ORDER_HELD) {
        return ERR_OK;
    }
    Release release = {0};
    if (order->release_id != 0) {
        TRY(release_of_order(cx, order->id, &release));
    }
    *ret_room = release.is_valid ? money_min(open, money_sub(release.amount_max, release.used))
                                 : money_zero(order->currency);
    return ERR_OK;
}

Err order_settle(Ctx *cx, Id order_id, const Booking *as)
{
    Order order = {0};
    OpenFigures figures;
    TRY(order_load(cx, order_id, &order));
    TRY(order_open_read(cx, &order, &figures));
    int64_t dropped = 0;
    TRY(db_number(cx, &sql_order_dropped, ARGS(arg_id(order_id)), &dropped));
    Money billed = money_add(order.invoiced, money_of(order.currency, dropped));
    Money zero = money_zero(order.currency);
    Money out = money_max(money_sub(figures.shipped, billed), zero);
    Money missing = money_max(money_sub(out, order.shipped), zero);
    Money beyond = money_max(money_sub(order.shipped, out), zero);
    Money part = money_min(missing, order.ordered);
    TRY(settle_book(cx, as, MOVE_SHIPPED, false, part));
    TRY(settle_book(cx, as, MOVE_SHIPPED_AHEAD, false, money_sub(missing, part)));
    TRY(settle_book(cx, as, MOVE_SHIPPED, true, beyond));
    Money ordered = money_add(money_sub(order.ordered, part), beyond);
    Money room;
    TRY(settle_room(cx, &order, figures.open, &room));
    return settle_book(
        cx, as, MOVE_ORDER_ENDED, false, money_sub(ordered, money_min(ordered, room)));
}

Err order_hold(Ctx *cx, Id order_id, int release_status, const char *reason)
{
    Order order = {0};
    TRY(order_load(cx, order_id, &order));
    if (order.status == ORDER_CANCELLED || order.status == ORDER_CLOSED) {
        return ERR_OK;
    }
    TRY(order_uncommit(cx, &order));
    if (release_status != RELEASE_NONE && order.release_id != 0) {
        TRY(release_end(cx, order.release_id, release_status));
    }
    run_changed(cx, order.id, "held", NULL, reason);
    return order_status_decided(cx, order_id, ORDER_HELD);
}

Err order_status_back(Ctx *cx, Id order_id, bool is_reopened, const char *reason)
{
    Order order = {0};
    Money open;
    TRY(order_load(cx, order_id, &order));
    TRY(order_open_amount(cx, &order, &open));
    bool is_short =
        order.status != ORDER_HELD && order.release_id == 0 && money_cmp(open, order.ordered) > 0;
    return is_reopened || is_short ? order_hold(cx, order_id, RELEASE_NONE, reason)
                                   : order_status_refresh(cx, order_id);
}

Err order_approve(Ctx *cx, Id order_id, Money amount, Id decision_id, Id release_id)
{
    Order order = {0};
    TRY(order_load(cx, order_id, &order));
    TRY(order_uncommit(cx, &order));
    TRY(order_commit(cx, &order, amount));
    TRY(order_hands_clear(cx, order_id));
    TRY(order_decision_set(cx, &order, decision_id));
    TRY(order_release_set(cx, &order, release_id));
    return order_status_decided(cx, order_id, ORDER_APPROVED);
}

/* ---- Judging ---- */

Err order_gate_call(
    Ctx *cx, const Order *order, const Account *account, Money open, GateCall *ret_call)
{
    Position before;
    TRY(ledger_position(cx, account->id, account->currency, &before));
    if (!money_is_zero(order->ordered)) {
        position_apply(&before, move_of(MOVE_ORDER_ENDED, order->ordered));
    }
    Position after = before;
    if (!money_is_zero(open)) {
        position_apply(&after, move_of(MOVE_ORDER_APPROVED, open));
    }
    *ret_call = (GateCall){
        .gate = GATE_ORDER,
        .account = account,
        .before = before,
        .after = after,
        .order_id = order->id,
        .order_amount = order->total,
        .moving = open,
        .wanted_on = order->wanted_on,
        .document_kind = "order",
        .document_id = order->id,
    };
    return ERR_OK;
}

Err order_decide(
    Ctx *cx, const Order *order, Money open, Decision *ret_decision, OrderStatus *ret_status)
{
    Account *account = arena_alloc(cx->arena, sizeof *account);
    TRY(account_load(cx, order->account_id, account));
    GateCall call;
    TRY(order_gate_call(cx, order, account, open, &call));
    TRY(credit_judge_call(cx, &call, ret_decision));
    TRY(credit_decision_store(cx, &call, ret_decision));
    TRY(order_decision_set(cx, order, ret_decision->id));
    bool is_free = ret_decision->verdict.outcome <= OUTCOME_WARN;
    if (is_free) {
        TRY(order_commit(cx, order, open));
    }
    if (is_free) {
        TRY(order_hands_clear(cx, order->id));
    }
    if (is_free && order->release_id != 0) {
        TRY(order_release_set(cx, order, 0));
    }
    *ret_status = is_free ? ORDER_APPROVED : ORDER_HELD;
    return ERR_OK;
}

static bool horizon_holds(const CreditVerdict *verdict, int64_t horizon_days)
{
    for (size_t i = 0; i < verdict->rules.count; i++) {
        const CreditRule *rule = LIST_AT(verdict->rules, CreditRule, i);
        if (rule->kind == RULE_LIMIT && rule->outcome >= OUTCOME_HOLD &&
            rule->horizon_days.is_set && rule->horizon_days.value == horizon_days) {
            return true;
        }
    }
    return false;
}

Err order_horizon_judge(Ctx *cx, Id order_id, int64_t horizon_days, bool *ret_is_held)
{
    Order order = {0};
    Account account;
    GateCall call;
    Decision decision;
    *ret_is_held = false;
    TRY(order_load(cx, order_id, &order));
    TRY(account_load(cx, order.account_id, &account));
    TRY(order_gate_call(cx, &order, &account, order.ordered, &call));
    Err code = credit_judge_call(cx, &call, &decision);
    if (code == ERR_RATE_MISSING) {
        /* Nobody asked, so there is nobody to tell; the shipment gate will. */
        err_clear(cx);
        return ERR_OK;
    }
    TRY(code);
    if (!horizon_holds(&decision.verdict, horizon_days)) {
        return ERR_OK;
    }
    *ret_is_held = true;
    TRY(credit_decision_store(cx, &call, &decision));
    TRY(order_decision_set(cx, &order, decision.id));
    return order_hold(
        cx, order.id, RELEASE_NONE, "it came within the horizon and does not fit the limit");
}

/* ---- Lines ---- */

static const Sql sql_line_move = {
    "UPDATE order_line SET shipped = shipped + $3, shipped_amount = shipped_amount + $4, invoiced "
    "= invoiced + $5,"
    " invoiced_amount = invoiced_amount + $6, returned = returned + $7,"
    " returned_amount = returned_amount + $8, shipped_tax = shipped_tax + $9,"
    " invoiced_tax = invoiced_tax + $10 WHERE account_id = $1 AND id = $2",
    .in = "kkiiiiiiii",
};

static const Sql sql_order_moved = {
    "UPDATE sales_order SET delivered = delivered + $3, invoiced = invoiced + $4"
    " WHERE account_id = $1 AND id = $2",
    .in = "kkii",
};

Err order_line_move(Ctx *cx, Id account_id, Id order_id, const LineMove *move)
{
    TRY(db_put(cx, &sql_line_move,
        ARGS(arg_id(account_id), arg_id(move->order_line_id), arg_i64(move->shipped_milli),
            arg_i64(move->shipped_amount.minor), arg_i64(move->invoiced_milli),
            arg_i64(move->invoiced_amount.minor), arg_i64(move->returned_milli),
            arg_i64(move->returned_amount.minor), arg_i64(move->shipped_tax.minor),
            arg_i64(move->invoiced_tax.minor))));
    return db_put(cx, &sql_order_moved,
        ARGS(arg_id(account_id), arg_id(order_id),
            arg_i64(move->shipped_amount.minor - move->returned_amount.minor),
            arg_i64(move->invoiced_amount.minor)));
}

static const Sql sql_order_billed = {
    "UPDATE sales_order SET billed = billed + $3 WHERE account_id = $1 AND id = $2",
    .in = "kki",
};

Err order_billed_move(Ctx *cx, Id account_id, Id order_id, Money change)
{
    return db_put(
        cx, &sql_order_billed, ARGS(arg_id(account_id), arg_id(order_id), arg_i64(change.minor)));
}

static const Sql sql_order_final = {
    "UPDATE sales_order SET is_final = $2 WHERE id = $1 RETURNING " ORDER_FACTS,
    .in = "kb",
    .out = ORDER_LETTERS,
};

Err order_final_set(Ctx *cx, Id order_id, bool is_final)
{
    return fact_change(
        cx, &fact_order, order_id, &sql_order_final, ARGS(arg_id(order_id), arg_bool(is_final)));
}
