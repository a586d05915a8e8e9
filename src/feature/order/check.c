/* What doctor looks at in orders besides what the ledger, shipments and invoices say of them. */
#include "feature/order/model.h"

static const Sql sql_check_total = {
    "SELECT 'order ' || o.number || ': its total is not the sum of its lines' FROM sales_order o"
    " LEFT JOIN (SELECT account_id, order_id, SUM(gross) AS gross FROM order_line"
    "   WHERE is_dropped = FALSE GROUP BY account_id, order_id) l"
    " ON l.account_id = o.account_id AND l.order_id = o.id WHERE o.total <> COALESCE(l.gross, 0)"
    " UNION ALL SELECT 'order ' || o.number || ', line ' || l.line || ': net and tax are not gross'"
    " FROM order_line l JOIN sales_order o ON o.account_id = l.account_id AND o.id = l.order_id"
    " WHERE l.net + l.tax <> l.gross",
    .in = "",
    .out = "t",
};
const Check check_order_total = {
    .name = "orders equal the sum of their lines", .sql = &sql_check_total};

static const Sql sql_check_ended = {
    "SELECT 'order ' || o.number || ': it is ' || o.status || ' and still commits something'"
    " FROM sales_order o WHERE o.ordered <> 0"
    " AND (o.status = 'cancelled' OR o.status = 'closed' OR o.is_final = TRUE)",
    .in = "",
    .out = "t",
};
const Check check_order_ended = {.name = "ended orders commit nothing", .sql = &sql_check_ended};

/* What was taken for one decision is not the other's: each names the document it is about. */
static const Sql sql_check_decisions = {
    "SELECT 'order ' || o.number || ': its decision is about another order' FROM sales_order o"
    " LEFT JOIN decision d ON d.account_id = o.account_id AND d.id = o.decision_id"
    " WHERE o.decision_id IS NOT NULL AND (d.id IS NULL"
    "  OR COALESCE(d.order_id, o.id) <> o.id)"
    " UNION ALL SELECT 'order ' || o.number || ': its release is about another order'"
    " FROM sales_order o LEFT JOIN credit_release r ON r.account_id = o.account_id"
    " AND r.id = o.release_id"
    " WHERE o.release_id IS NOT NULL AND (r.id IS NULL OR r.order_id <> o.id)",
    .in = "",
    .out = "t",
};
const Check check_order_papers = {
    .name = "orders have their own decisions and releases", .sql = &sql_check_decisions};
