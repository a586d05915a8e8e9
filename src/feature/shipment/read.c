/* Reading shipments, and proving what they claim. */
#include "feature/credit.h"
#include "feature/document.h"
#include "feature/lines.h"
#include "feature/shipment/model.h"
#include "feature/shown.h"
#include "op/run.h"

typedef struct ShipmentView {
    Id id;
    const char *number;
    Ref account;
    Ref partner;
    const char *partner_name;
    const char *owner;
    Ref order;
    const char *order_number;
    Currency currency;
    Money amount;
    Money net;
    Money tax;
    Money gross;
    Money invoiced;
    Money returned;
    bool is_invoiced;
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
    F_TAXED_BY_LINES(ShipmentView, "amount"),
    F_MONEY(ShipmentView, invoiced, .doc = "Oldest shipments count as invoiced first."),
    F_MONEY(ShipmentView, returned, .doc = "What came back before it was invoiced."),
    F_BOOL(ShipmentView,
        is_invoiced,
        .column = "(r.invoiced + r.returned >= r.amount)",
        .flags = FIELD_FILTER | FIELD_OUTPUT,
        .doc = "All of it that did not come back counts as invoiced."),
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
    LINE_PARTS_SHOWN("shipment_line l JOIN order_line o ON o.account_id = l.account_id AND o.id = "
                     "l.order_line_id") " WHERE l.shipment_id = $1 "
                                        "ORDER BY l.id",
    .in = "k",
    .out = LINE_PARTS_LETTERS,
};

static Err shipment_fill(Ctx *cx, void *items, size_t count)
{
    ShipmentView *shipments = items;
    for (size_t i = 0; i < count; i++) {
        ShipmentView *one = &shipments[i];
        one->tax = line_tax_sum(one->lines, one->currency);
        one->net = money_sub(one->amount, one->tax);
        TRY(credit_decision_load(cx, one->decision_id, &one->decision));
    }
    return ERR_OK;
}

const Record record_shipment = {
    .name = "shipment",
    .path = "/shipments",
    .letter = 'S',
    .schema = &ShipmentView_schema,
    .verbs = VERB_READS,
    .reads = PERM_READ_OWN,
    .date_field = "shipped_on",
    .partner_join = ACCOUNT_JOIN,
    .parts = (const RecordPart[]){{"lines", &sql_lines_shown}, {0}},
    .fill = shipment_fill,
    .summary = "a shipment",
};

const RefKind ref_shipment = {
    .name = "shipment", .letter = 'S', .account = "account_id", .called = "number"};

/* ---- Proof ---- */

static const Sql sql_check_lines = {
    "SELECT 'order ' || o.number || ', line ' || l.line || ': its shipments "
    "and returns say otherwise'"
    " FROM order_line l JOIN sales_order o ON o.account_id = l.account_id AND o.id = l.order_id"
    " LEFT JOIN (SELECT x.account_id, x.order_line_id, SUM(x.quantity) AS quantity, SUM(x.amount) "
    "AS amount,"
    "   SUM(x.tax) AS tax FROM shipment_line x JOIN shipment s ON s.account_id = x.account_id AND "
    "s.id = "
    "x.shipment_id"
    "   WHERE s.status = 'posted' GROUP BY x.account_id, x.order_line_id) s"
    " ON s.account_id = l.account_id AND s.order_line_id = l.id"
    " LEFT JOIN (SELECT x.account_id, x.order_line_id, SUM(b.moved_quantity) AS quantity,"
    "   SUM(b.moved) AS amount FROM return_line b JOIN shipment_line x"
    "   ON x.account_id = b.account_id AND x.id = b.shipment_line_id"
    "   JOIN goods_return g ON g.account_id = b.account_id AND g.id = b.return_id"
    "   WHERE g.status = 'posted' GROUP BY x.account_id, x.order_line_id) g"
    " ON g.account_id = l.account_id AND g.order_line_id = l.id"
    " WHERE l.shipped <> COALESCE(s.quantity, 0) OR l.shipped_amount <> COALESCE(s.amount, 0)"
    " OR l.shipped_tax <> COALESCE(s.tax, 0) OR l.returned <> COALESCE(g.quantity, 0) OR "
    "l.returned_amount <> COALESCE(g.amount, 0)",
    .in = "",
    .out = "t",
};
const Check check_shipment_lines = {
    .name = "orders equal their shipments", .sql = &sql_check_lines};

/* Goods that are out and not invoiced are claimed as shipped, and no more is committed than can
 * still be delivered. A final invoice ends both. */
static const Sql sql_check_claims = {
    "SELECT 'order ' || o.number || ': what it claims as shipped or ordered is not what its lines'"
    " || ' say' FROM sales_order o JOIN (SELECT account_id, order_id, SUM(gross - returned_amount) "
    "AS total,"
    "   SUM(shipped_amount - returned_amount) AS shipped, SUM(invoiced_amount) AS invoiced"
    "   FROM order_line WHERE is_dropped = FALSE GROUP BY account_id, order_id) l"
    " ON l.account_id = o.account_id AND l.order_id = o.id"
    " WHERE o.is_final = FALSE"
    " AND (o.shipped <> CASE WHEN l.shipped > l.invoiced THEN l.shipped - l.invoiced ELSE 0 END"
    "  OR (o.ordered > 0 AND o.ordered > l.total"
    "    - CASE WHEN l.shipped > l.invoiced THEN l.shipped ELSE l.invoiced END))",
    .in = "",
    .out = "t",
};
const Check check_shipment_claims = {
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
const Check check_shipment_delivered = {
    .name = "delivered orders equal their lines", .sql = &sql_check_delivered};
