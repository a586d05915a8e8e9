/* Taking shipments back, and reading them. */
#include "feature/document.h"
#include "feature/features.h"
#include "feature/ledger.h"
#include "feature/lines.h"
#include "feature/org.h"
#include "feature/release.h"
#include "feature/shipment.h"
#include "feature/shipment/model.h"
#include "feature/shown.h"
#include "op/run.h"

/* ---- shipment_reverse ---- */

typedef struct ShipmentReverseIn {
    Ref shipment;
    const char *reason;
} ShipmentReverseIn;

SCHEMA(ShipmentReverseIn,
    F_REF(ShipmentReverseIn, shipment, "shipment", REQUIRED),
    F_TEXT(ShipmentReverseIn, reason, REQUIRED, .max_len = 4096));

typedef struct ShipmentReverseOut {
    Id id;
    const char *number;
    const char *status;
    const char *order_status;
} ShipmentReverseOut;

SCHEMA(ShipmentReverseOut,
    F_ID(ShipmentReverseOut, id, "shipment"),
    F_TEXT(ShipmentReverseOut, number),
    F_TEXT(ShipmentReverseOut, status),
    F_TEXT(ShipmentReverseOut, order_status));

static const Sql sql_shipment_reverse = {
    "UPDATE shipment SET status = 'reversed', reversed_on = $2 WHERE id = $1 "
    "RETURNING " SHIPMENT_FACTS,
    .in = "kd",
    .out = SHIPMENT_LETTERS,
};

static const Sql sql_shipment_has_return = {
    "SELECT id FROM goods_return WHERE shipment_id = $1 AND status = 'posted' LIMIT 1",
    .in = "k",
    .out = "k",
};

static Err shipment_reverse_guard(Ctx *cx, const void *input, void *output)
{
    const ShipmentReverseIn *in = input;
    (void)output;
    Shipment shipment;
    TRY(shipment_load(cx, in->shipment.id, &shipment));
    if (shipment.status != DOCUMENT_POSTED) {
        return err_set(cx, ERR_STATE, "shipment", "The shipment is %s.",
            document_status_names[shipment.status]);
    }
    if (money_is_positive(shipment.invoiced)) {
        return err_set(cx, ERR_STATE, "shipment",
            "Its goods are invoiced; reverse the invoice first, or post a return.");
    }
    Rows rows;
    TRY(db_ask(cx, &sql_shipment_has_return, ARGS(arg_id(shipment.id)), &rows));
    if (rows.count > 0) {
        return err_set(cx, ERR_STATE, "shipment",
            "Some of its goods have come back; reverse the return first.");
    }
    return ERR_OK;
}

static Err lines_take_back(Ctx *cx, const Shipment *shipment)
{
    List lines;
    TRY(shipment_lines_load(cx, shipment->id, &lines));
    for (size_t i = 0; i < lines.count; i++) {
        const ShipmentLine *line = LIST_AT(lines, ShipmentLine, i);
        TRY(order_line_move(cx, shipment->account_id, shipment->order_id,
            &(LineMove){.order_line_id = line->order_line_id,
                .shipped_milli = -line->quantity.units,
                .shipped_amount = money_neg(line->amount)}));
    }
    return ERR_OK;
}

static Err shipment_unmove(Ctx *cx, const Shipment *shipment)
{
    return ledger_book(cx, &(Booking){.account_id = shipment->account_id,
                               .event = MOVE_SHIPPED,
                               .is_reversal = true,
                               .amount = shipment->amount,
                               .posted_on = cx->today,
                               .document_kind = "shipment",
                               .document_id = shipment->id,
                               .order_id = shipment->order_id});
}

static Err cover_give_back(Ctx *cx, const Shipment *shipment)
{
    return shipment->release_id == 0 || money_is_zero(shipment->covered)
               ? ERR_OK
               : release_use(cx, shipment->release_id, money_neg(shipment->covered));
}

OP(shipment_reverse,
    ShipmentReverseIn,
    ShipmentReverseOut,
    POST("/shipments/{shipment}/reverse"),
    .effect = EFFECT_ACT,
    .needs = PERM_SHIPMENT_WRITE,
    .lock = "shipment",
    .guard = shipment_reverse_guard,
    .summary = "Take a shipment back that was not invoiced: the goods never left.",
    FAILS(ERR_STATE, ERR_PERIOD_CLOSED))
{
    Shipment shipment;
    TRY(shipment_load(cx, in->shipment.id, &shipment));
    TRY(org_today_check(cx));
    TRY(fact_change(cx, &fact_shipment, shipment.id, &sql_shipment_reverse,
        ARGS(arg_id(shipment.id), arg_date(cx->today))));
    TRY(lines_take_back(cx, &shipment));
    TRY(shipment_unmove(cx, &shipment));
    TRY(cover_give_back(cx, &shipment));
    TRY(order_settle(cx, shipment.order_id,
        &(Booking){.account_id = shipment.account_id,
            .posted_on = cx->today,
            .document_kind = "shipment",
            .document_id = shipment.id,
            .order_id = shipment.order_id}));
    run_changed(cx, shipment.id, "status", "posted", "reversed");
    run_touch(cx, shipment.order_id);
    TRY(shipment_invoiced_refresh(cx, shipment.order_id));
    TRY(order_status_refresh(cx, shipment.order_id));
    Order order = {0};
    TRY(order_load(cx, shipment.order_id, &order));
    *out = (ShipmentReverseOut){
        shipment.id, shipment.number, "reversed", order_status_names[order.status]};
    return ERR_OK;
}

/* ---- Reading ---- */

typedef struct ShipmentView {
    Id id;
    const char *number;
    Ref account;
    Ref partner;
    const char *owner;
    Ref order;
    const char *order_number;
    Currency currency;
    Money amount;
    Money invoiced;
    Money returned;
    Date shipped_on;
    Date booked_on;
    int status;
    Date reversed_on;
    const char *posted_by;
    Id release;
    Id decision_id;
    List lines;
    DecisionView *decision;
} ShipmentView;

SCHEMA(ShipmentView,
    F_ID(ShipmentView, id, "shipment"),
    F_TEXT(ShipmentView, number, .flags = FIELD_FILTER),
    F_ACCOUNT(ShipmentView),
    F_REF(ShipmentView, order, "order", .flags = FIELD_FILTER),
    F_ORDER_NUMBER(ShipmentView),
    F_ACCOUNT_CURRENCY(ShipmentView),
    F_MONEY(ShipmentView, amount, .flags = FIELD_SORT),
    F_MONEY(ShipmentView, invoiced, .doc = "Oldest shipments count as invoiced first."),
    F_MONEY(ShipmentView, returned, .doc = "What came back before it was invoiced."),
    F_DATE(ShipmentView, shipped_on, .flags = FIELD_SORT),
    F_DATE(ShipmentView, booked_on),
    F_ENUM(ShipmentView, status, document_status_names, .flags = FIELD_FILTER),
    F_DATE(ShipmentView, reversed_on),
    F_USER_NAME(ShipmentView, posted_by),
    F_ID(ShipmentView, release, "release", .column = "release_id"),
    F_ID(ShipmentView, decision_id, "decision"),
    F_LIST(ShipmentView, lines, LinePartView),
    F_OBJECT(ShipmentView, decision, DecisionView));

static const Sql sql_lines_shown = {
    "SELECT l.line, p.code, l.quantity, a.currency, l.amount FROM shipment_line l"
    " JOIN order_line o ON o.id = l.order_line_id JOIN product p ON p.id = o.product_id"
    " JOIN account a ON a.id = l.account_id WHERE l.shipment_id = $1 ORDER BY l.id",
    .in = "k",
    .out = "ititi",
};

static Err shipment_fill(Ctx *cx, void *items, size_t count)
{
    ShipmentView *shipments = items;
    for (size_t i = 0; i < count; i++) {
        TRY(row_list(cx, &sql_lines_shown, ARGS(arg_id(shipments[i].id)), &LinePartView_schema,
            &shipments[i].lines));
        TRY(credit_decision_load(cx, shipments[i].decision_id, &shipments[i].decision));
    }
    return ERR_OK;
}

static const Record record_shipment = {
    .name = "shipment",
    .path = "/shipments",
    .letter = 'S',
    .schema = &ShipmentView_schema,
    .verbs = VERB_READS,
    .reads = PERM_READ_OWN,
    .date_field = "shipped_on",
    .partner_join = ACCOUNT_JOIN,
    .fill = shipment_fill,
    .summary = "a shipment",
};

static const Sql sql_shipment_by_id = {
    "SELECT s.id, s.account_id, a.partner_id, s.number FROM shipment s"
    " JOIN account a ON a.id = s.account_id WHERE s.id = $1",
    .in = "k",
    .out = "kkkt",
};
static const RefKind ref_shipment = {
    .name = "shipment", .letter = 'S', .by_id = &sql_shipment_by_id};

/* ---- Proof ---- */

static const Sql sql_check_lines = {
    "SELECT 'order ' || o.number || ', line ' || l.line || ': its shipments "
    "and returns say otherwise'"
    " FROM order_line l JOIN sales_order o ON o.account_id = l.account_id AND o.id = l.order_id"
    " LEFT JOIN (SELECT x.order_line_id, SUM(x.quantity) AS quantity, SUM(x.amount) AS amount"
    "   FROM shipment_line x JOIN shipment s ON s.account_id = x.account_id AND s.id = "
    "x.shipment_id"
    "   WHERE s.status = 'posted' GROUP BY x.order_line_id) s ON s.order_line_id = l.id"
    " LEFT JOIN (SELECT x.order_line_id, SUM(b.moved_quantity) AS quantity, SUM(b.moved) AS amount"
    "   FROM return_line b JOIN shipment_line x ON x.id = b.shipment_line_id"
    "   JOIN goods_return g ON g.account_id = b.account_id AND g.id = b.return_id"
    "   WHERE g.status = 'posted' GROUP BY x.order_line_id) g ON g.order_line_id = l.id"
    " WHERE l.shipped <> COALESCE(s.quantity, 0) OR l.shipped_amount <> COALESCE(s.amount, 0)"
    " OR l.returned <> COALESCE(g.quantity, 0) OR l.returned_amount <> COALESCE(g.amount, 0)",
    .in = "",
    .out = "t",
};
static const Check check_lines = {.name = "orders equal their shipments", .sql = &sql_check_lines};

/* Goods that are out and not invoiced are claimed as shipped, and no more is committed than can
 * still be delivered. A final invoice ends both. */
static const Sql sql_check_claims = {
    "SELECT 'order ' || o.number || ': what it claims as shipped or ordered is not what its lines'"
    " || ' say' FROM sales_order o JOIN (SELECT order_id, SUM(gross - returned_amount) AS total,"
    "   SUM(shipped_amount - returned_amount) AS shipped, SUM(invoiced_amount) AS invoiced"
    "   FROM order_line WHERE is_dropped = FALSE GROUP BY order_id) l ON l.order_id = o.id"
    " WHERE o.is_final = FALSE"
    " AND (o.shipped <> CASE WHEN l.shipped > l.invoiced THEN l.shipped - l.invoiced ELSE 0 END"
    "  OR (o.ordered > 0 AND o.ordered > l.total"
    "    - CASE WHEN l.shipped > l.invoiced THEN l.shipped ELSE l.invoiced END))",
    .in = "",
    .out = "t",
};
static const Check check_claims = {
    .name = "orders claim what is out and open", .sql = &sql_check_claims};

static const Sql sql_check_delivered = {
    "SELECT 'order ' || o.number || ': what was delivered is not the sum of its lines'"
    " FROM sales_order o LEFT JOIN (SELECT account_id, order_id,"
    "   SUM(shipped_amount - returned_amount) AS amount"
    "   FROM order_line GROUP BY account_id, order_id) l"
    " ON l.account_id = o.account_id AND l.order_id = o.id WHERE o.delivered <> COALESCE(l.amount, "
    "0)",
    .in = "",
    .out = "t",
};
static const Check check_delivered = {
    .name = "delivered orders equal their lines", .sql = &sql_check_delivered};

const Feature shipment_feature = {
    .name = "shipment",
    .ops = (const Op *const[]){&op_shipment_reverse, NULL},
    .records = (const Record *const[]){&record_shipment, NULL},
    .refs = (const RefKind *const[]){&ref_shipment, NULL},
    .checks = (const Check *const[]){&check_lines, &check_delivered, &check_claims,
        &check_shipment_invoiced, &check_shipment_parts, NULL},
    .derived = (const Derived *const[]){&derived_shipment, NULL},
    .facts = (const Fact *const[]){&fact_shipment, NULL},
};
