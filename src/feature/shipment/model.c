/* Shipments in the database, and how much of each counts as invoiced. */
#include "feature/shipment/model.h"

#include "feature/shipment.h"
#include "feature/document.h"
#include "feature/ledger.h"
#include "feature/lines.h"
#include "feature/release.h"
#include "op/run.h"

SCHEMA(Shipment,
    F_ID(Shipment, id, "shipment"),
    F_ID(Shipment, account_id, "account"),
    F_ID(Shipment, order_id, "order"),
    F_TEXT(Shipment, number),
    F_CURRENCY(Shipment, currency),
    F_DATE(Shipment, shipped_on),
    F_MONEY(Shipment, amount),
    F_MONEY(Shipment, moved),
    F_MONEY(Shipment, invoiced),
    F_MONEY(Shipment, returned),
    F_ENUM(Shipment, status, document_status_names),
    F_ID(Shipment, release_id, "release"),
    F_MONEY(Shipment, covered));

const Fact fact_shipment = FACT("shipment", 1, SHIPMENT_FACTS, SHIPMENT_LETTERS);

static const Sql sql_shipment_load = {
    "SELECT s.id, s.account_id, s.order_id, s.number, a.currency, s.shipped_on, s.amount, s.moved,"
    " s.invoiced, s.returned, s.status, s.release_id, s.covered"
    " FROM shipment s JOIN account a ON a.id = s.account_id WHERE s.id = $1",
    .in = "k",
    .out = "kkkttdiiiitki",
};

SCHEMA(ShipmentLine,
    F_ID(ShipmentLine, id, "shipment"),
    F_ID(ShipmentLine, order_line_id, "order"),
    F_INT(ShipmentLine, line),
    F_CURRENCY(ShipmentLine, currency),
    F_DECIMAL(ShipmentLine, quantity, .scale_max = QUANTITY_SCALE),
    F_MONEY(ShipmentLine, amount),
    F_MONEY(ShipmentLine, tax),
    F_DECIMAL(ShipmentLine, returned, .scale_max = QUANTITY_SCALE),
    F_MONEY(ShipmentLine, returned_amount),
    F_MONEY(ShipmentLine, returned_tax));

#define BACK_OF_LINE(figure)                                                                       \
    "(SELECT CAST(COALESCE(SUM(b." figure "), 0) AS BIGINT) FROM return_line b"                    \
    "   JOIN goods_return g ON g.account_id = b.account_id AND g.id = b.return_id"                 \
    "   WHERE b.account_id = l.account_id AND b.shipment_line_id = l.id AND g.status = 'posted')"

static const Sql sql_shipment_lines = {
    "SELECT l.id, l.order_line_id, l.line, a.currency, l.quantity, l.amount, l.tax, l.returned,"
    " " BACK_OF_LINE("amount") ", " BACK_OF_LINE(
        "tax") " FROM shipment_line l JOIN account a ON a.id = l.account_id"
               " WHERE l.shipment_id = $1 ORDER BY l.id",
    .in = "k",
    .out = "kkitiiiiii",
};

/* What a final invoice has dropped is billed as far as it ever will be. */
#define ORDER_SETTLED                                                                              \
    "(SELECT x.account_id, x.id, x.invoiced + (SELECT"                                             \
    "   CAST(COALESCE(SUM(i.dropped), 0) AS BIGINT) FROM invoice i"                                \
    "   WHERE i.account_id = x.account_id AND i.order_id = x.id AND i.status <> 'reversed')"       \
    "   AS dealt FROM sales_order x) o ON o.account_id = s.account_id AND o.id = s.order_id"

/* Oldest shipments first. The condition on shipments follows. */
#define INVOICED_OF_SHIPMENT                                                                       \
    "(SELECT s.account_id, s.id, CASE WHEN o.dealt <= s.earlier THEN 0"                            \
    "   WHEN o.dealt - s.earlier > s.amount - s.returned THEN s.amount - s.returned"               \
    "   ELSE o.dealt - s.earlier END AS invoiced"                                                  \
    "  FROM (SELECT account_id, id, order_id, amount, returned,"                                   \
    "    CAST(COALESCE(SUM(amount - returned)"                                                     \
    "    OVER (PARTITION BY account_id, order_id ORDER BY shipped_on, id"                          \
    "     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS BIGINT) AS earlier"             \
    "    FROM shipment WHERE status = 'posted'"

static const Sql sql_invoiced_refresh = {
    "UPDATE shipment SET invoiced = f.invoiced FROM " INVOICED_OF_SHIPMENT
    " AND order_id = $1) s JOIN " ORDER_SETTLED ") f"
    " WHERE f.account_id = shipment.account_id AND f.id = shipment.id"
    " AND shipment.invoiced <> f.invoiced",
    .in = "k",
};

static const Sql sql_line_returned = {
    "UPDATE shipment_line SET returned = returned + $2 WHERE id = $1",
    .in = "ki",
};

static const Sql sql_shipment_returned = {
    "UPDATE shipment SET returned = returned + $2 WHERE id = $1",
    .in = "ki",
};

Err shipment_load(Ctx *cx, Id shipment_id, Shipment *ret_shipment)
{
    return row_load(
        cx, &sql_shipment_load, shipment_id, &Shipment_schema, "shipment", ret_shipment);
}

Err shipment_lines_load(Ctx *cx, Id shipment_id, List *ret_lines)
{
    return row_list(
        cx, &sql_shipment_lines, ARGS(arg_id(shipment_id)), &ShipmentLine_schema, ret_lines);
}

Err shipment_invoiced_refresh(Ctx *cx, Id order_id)
{
    return db_put(cx, &sql_invoiced_refresh, ARGS(arg_id(order_id)));
}

Err shipment_line_returned(Ctx *cx, Id line_id, int64_t quantity_milli)
{
    return db_put(cx, &sql_line_returned, ARGS(arg_id(line_id), arg_i64(quantity_milli)));
}

Err shipment_returned(Ctx *cx, Id shipment_id, Money amount)
{
    return db_put(cx, &sql_shipment_returned, ARGS(arg_id(shipment_id), arg_i64(amount.minor)));
}

/* ---- Proof and rebuild ---- */

static const Sql sql_check_invoiced = {
    "SELECT 'shipment ' || t.number || ': what of it counts as invoiced or returned is wrong'"
    " FROM shipment t LEFT JOIN " INVOICED_OF_SHIPMENT ") s JOIN " ORDER_SETTLED
    ") f ON f.account_id = t.account_id AND f.id = t.id"
    " LEFT JOIN (SELECT account_id, shipment_id, SUM(moved) AS moved FROM goods_return"
    "   WHERE status = 'posted' GROUP BY account_id, shipment_id) g"
    " ON g.account_id = t.account_id AND g.shipment_id = t.id"
    " WHERE t.invoiced <> COALESCE(f.invoiced, 0) OR t.returned <> COALESCE(g.moved, 0)",
    .in = "",
    .out = "t",
};
const Check check_shipment_invoiced = {
    .name = "shipments equal invoices and returns", .sql = &sql_check_invoiced};

#define RETURNED_OF_LINE                                                                           \
    "(SELECT CAST(COALESCE(SUM(b.quantity), 0) AS BIGINT)"                                         \
    " FROM return_line b JOIN goods_return g ON g.account_id = b.account_id AND g.id = "           \
    "b.return_id"                                                                                  \
    " WHERE b.account_id = shipment_line.account_id AND b.shipment_line_id = shipment_line.id"     \
    " AND g.status = 'posted')"

static const Sql sql_check_parts = {
    "SELECT 'shipment ' || s.number || ': it is not the sum of its lines' FROM shipment s"
    " LEFT JOIN (SELECT account_id, shipment_id, SUM(amount) AS amount FROM shipment_line"
    "   GROUP BY account_id, shipment_id) l ON l.account_id = s.account_id AND l.shipment_id = s.id"
    " WHERE s.amount <> COALESCE(l.amount, 0)"
    " UNION ALL SELECT 'return ' || g.number || ': it is not the sum of its lines'"
    " FROM goods_return g LEFT JOIN (SELECT account_id, return_id, SUM(amount) AS amount,"
    "   SUM(moved) AS moved FROM return_line GROUP BY account_id, return_id) l"
    " ON l.account_id = g.account_id AND l.return_id = g.id"
    " WHERE g.amount <> COALESCE(l.amount, 0) OR g.moved <> COALESCE(l.moved, 0)"
    " UNION ALL SELECT 'shipment ' || s.number || ', line ' || shipment_line.line"
    "   || ': what came back of it is not the sum of its returns'"
    " FROM shipment_line JOIN shipment s ON s.account_id = shipment_line.account_id"
    " AND s.id = shipment_line.shipment_id"
    " WHERE shipment_line.returned <> " RETURNED_OF_LINE,
    .in = "",
    .out = "t",
};
const Check check_shipment_parts = {
    .name = "shipments and returns equal their lines", .sql = &sql_check_parts};

static const Sql sql_lines_returned_rebuild = {
    "UPDATE shipment_line SET returned = " RETURNED_OF_LINE,
    .in = "",
};

static const Sql sql_returned_rebuild = {
    "UPDATE shipment SET returned = (SELECT CAST(COALESCE(SUM(g.moved), 0) AS BIGINT)"
    " FROM goods_return g WHERE g.account_id = shipment.account_id"
    " AND g.shipment_id = shipment.id AND g.status = 'posted')",
    .in = "",
};

static const Sql sql_invoiced_empty = {"UPDATE shipment SET invoiced = 0", .in = ""};

static const Sql sql_invoiced_rebuild = {
    "UPDATE shipment SET invoiced = f.invoiced FROM " INVOICED_OF_SHIPMENT ") s JOIN " ORDER_SETTLED
    ") f WHERE f.account_id = shipment.account_id AND f.id = shipment.id",
    .in = "",
};

/* CROSS: from the line on, in this order; an account may have many returns. */
static const Sql sql_order_lines_rebuild = {
    "UPDATE order_line SET (shipped, shipped_amount, shipped_tax) = (SELECT"
    " CAST(COALESCE(SUM(x.quantity), 0) AS BIGINT), CAST(COALESCE(SUM(x.amount), 0) AS BIGINT),"
    " CAST(COALESCE(SUM(x.tax), 0) AS BIGINT)"
    " FROM shipment_line x JOIN shipment s ON s.account_id = x.account_id AND s.id = x.shipment_id"
    " WHERE x.account_id = order_line.account_id AND x.order_line_id = order_line.id"
    " AND s.status = 'posted'),"
    " (returned, returned_amount) = (SELECT"
    " CAST(COALESCE(SUM(b.moved_quantity), 0) AS BIGINT), CAST(COALESCE(SUM(b.moved), 0) AS BIGINT)"
    " FROM shipment_line x CROSS JOIN return_line b CROSS JOIN goods_return g"
    " WHERE x.account_id = order_line.account_id AND x.order_line_id = order_line.id"
    " AND b.account_id = x.account_id AND b.shipment_line_id = x.id"
    " AND g.account_id = b.account_id AND g.id = b.return_id AND g.status = 'posted')",
    .in = "",
};

static const Sql sql_delivered_rebuild = {
    "UPDATE sales_order SET delivered = (SELECT"
    " CAST(COALESCE(SUM(l.shipped_amount - l.returned_amount), 0) AS BIGINT) FROM order_line l"
    " WHERE l.account_id = sales_order.account_id AND l.order_id = sales_order.id)",
    .in = "",
};

static Err shipment_rebuild(Ctx *cx)
{
    TRY(db_put(cx, &sql_order_lines_rebuild, NO_ARGS));
    TRY(db_put(cx, &sql_delivered_rebuild, NO_ARGS));
    TRY(db_put(cx, &sql_lines_returned_rebuild, NO_ARGS));
    TRY(db_put(cx, &sql_returned_rebuild, NO_ARGS));
    TRY(db_put(cx, &sql_invoiced_empty, NO_ARGS));
    return db_put(cx, &sql_invoiced_rebuild, NO_ARGS);
}
const Derived derived_shipment = {.table = "shipment", .rebuild = shipment_rebuild};
