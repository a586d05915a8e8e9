/* Reading invoices, and proving what is open of them. */
#include "feature/invoice/model.h"

#include "feature/credit.h"
#include "feature/lines.h"
#include "feature/shown.h"
#include "op/run.h"
#include "rules/state.h"

typedef struct InvoiceView {
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
    Money open;
    Date invoiced_on;
    Date due_on;
    Date settled_on;
    bool is_overdue;
    Date booked_on;
    bool final;
    Money from_shipped;
    Money from_ordered;
    Money from_outside;
    int status;
    Date reversed_on;
    Id approval;
    const char *posted_by;
    Id decision_id;
    List lines;
    List allocations;
    DecisionView *decision;
} InvoiceView;

/* What has paid, credited or written off an invoice. */
typedef struct InvoicePaid {
    Id id;
    const char *by;
    Currency currency;
    Money amount;
    Date effective_on;
} InvoicePaid;

SCHEMA(InvoicePaid,
    F_ID(InvoicePaid, id, "allocation"),
    F_TEXT(InvoicePaid, by, .doc = "payment, credit_note or write_off"),
    F_CURRENCY(InvoicePaid, currency),
    F_MONEY(InvoicePaid, amount, .doc = "Below zero: taken back."),
    F_DATE(InvoicePaid, effective_on));

SCHEMA(InvoiceView,
    F_ID(InvoiceView, id, "invoice"),
    F_TEXT(InvoiceView, number, .flags = FIELD_FILTER | FIELD_SORT),
    F_ACCOUNT(InvoiceView),
    F_REF(InvoiceView, order, "order", .flags = FIELD_FILTER),
    F_ORDER_NUMBER(InvoiceView),
    F_ACCOUNT_CURRENCY(InvoiceView),
    F_MONEY(InvoiceView, amount, .flags = FIELD_SORT),
    F_TAXED(InvoiceView),
    F_MONEY(InvoiceView, open, .flags = FIELD_SORT),
    F_DATE(InvoiceView, invoiced_on, .flags = FIELD_SORT),
    F_DATE(InvoiceView, due_on, .flags = FIELD_SORT),
    F_DATE(InvoiceView,
        settled_on,
        .doc = "When the last of it was paid, credited or given up; null: something is open."),
    F_BOOL(InvoiceView,
        is_overdue,
        .column = "(r.open > 0 AND r.due_on < $1)",
        .flags = FIELD_FILTER | FIELD_OUTPUT,
        .doc = "Open and past due on the business date."),
    F_DATE(InvoiceView, booked_on),
    F_BOOL(InvoiceView, final, .column = "is_final"),
    F_MONEY(InvoiceView, from_shipped, .doc = "What of it had shipped."),
    F_MONEY(InvoiceView, from_ordered, .doc = "What of it was ordered and had not shipped."),
    F_MONEY(InvoiceView, from_outside, .doc = "What of it was neither."),
    F_ENUM(InvoiceView, status, invoice_status_names, .flags = FIELD_FILTER),
    F_DATE(InvoiceView, reversed_on),
    F_ID(InvoiceView, approval, "approval", .column = "approval_id"),
    F_USER_NAME(InvoiceView, posted_by),
    F_ID(InvoiceView, decision_id, "decision"),
    F_LIST(InvoiceView, lines, LinePartView),
    F_LIST(InvoiceView, allocations, InvoicePaid),
    F_OBJECT(InvoiceView, decision, DecisionView));

static const Sql sql_lines_shown = {
    LINE_PARTS_SHOWN("invoice_line l JOIN order_line o ON o.account_id = l.account_id AND o.id = "
                     "l.order_line_id") " WHERE l.invoice_id = $1 "
                                        "ORDER BY l.id",
    .in = "k",
    .out = LINE_PARTS_LETTERS,
};

static const Sql sql_paid = {
    "SELECT l.id, l.source_kind, a.currency, l.amount, l.effective_on FROM allocation l"
    " JOIN account a ON a.id = l.account_id WHERE l.invoice_id = $1 ORDER BY l.id",
    .in = "k",
    .out = "kttid",
};

static Err invoice_fill(Ctx *cx, void *items, size_t count)
{
    InvoiceView *invoices = items;
    for (size_t i = 0; i < count; i++) {
        TRY(credit_decision_load(cx, invoices[i].decision_id, &invoices[i].decision));
    }
    return ERR_OK;
}

static Err invoice_args(Ctx *cx, Arg *ret_args)
{
    ret_args[0] = arg_date(cx->today);
    return ERR_OK;
}

const Record record_invoice = {
    .name = "invoice",
    .path = "/invoices",
    .letter = 'I',
    .schema = &InvoiceView_schema,
    .verbs = VERB_READS,
    .reads = PERM_READ_OWN,
    .date_field = "invoiced_on",
    .means = (const RecordMeans[]){{"status", "open", "r.open > 0"}, {0}},
    .partner_join = ACCOUNT_JOIN,
    .parts = (const RecordPart[]){{"lines", &sql_lines_shown}, {"allocations", &sql_paid}, {0}},
    .args_in = "d",
    .args = invoice_args,
    .fill = invoice_fill,
    .summary = "an invoice",
};

const RefKind ref_invoice = {.name = "invoice",
    .letter = 'I',
    .code = "number",
    .over = "reversed",
    .account = "account_id"};

/* ---- Proof and rebuild ---- */

static const Sql sql_check_open = {
    "SELECT 'invoice ' || i.number || ': what is open is not its amount less what was allocated'"
    " FROM invoice i LEFT JOIN (SELECT account_id, invoice_id, SUM(amount) AS amount FROM "
    "allocation"
    "   GROUP BY account_id, invoice_id) l ON l.account_id = i.account_id AND l.invoice_id = i.id"
    " WHERE i.open <> CASE WHEN i.status = 'reversed' THEN 0 ELSE i.amount END"
    "   - COALESCE(l.amount, 0)",
    .in = "",
    .out = "t",
};
const Check check_invoice_open = {
    .name = "open amounts equal documents minus allocations", .sql = &sql_check_open};

static const Sql sql_check_over = {
    "SELECT 'invoice ' || i.number || ': more is allocated than it is about' FROM invoice i"
    " JOIN (SELECT account_id, invoice_id, SUM(amount) AS amount FROM allocation"
    "   GROUP BY account_id, invoice_id) l ON l.account_id = i.account_id AND l.invoice_id = i.id"
    " WHERE l.amount < 0 OR l.amount > CASE WHEN i.status = 'reversed' THEN 0 ELSE i.amount END",
    .in = "",
    .out = "t",
};
const Check check_invoice_over = {
    .name = "no allocation exceeds its invoice", .sql = &sql_check_over};

static const Sql sql_check_tax = {
    "SELECT 'invoice ' || i.number || ': its tax is not that of its lines' FROM invoice i"
    " LEFT JOIN (SELECT account_id, invoice_id, SUM(amount) AS amount, SUM(tax) AS tax"
    "   FROM invoice_line GROUP BY account_id, invoice_id) l"
    " ON l.account_id = i.account_id AND l.invoice_id = i.id"
    " WHERE (i.tax IS NULL AND i.amount = COALESCE(l.amount, 0)) OR i.tax < COALESCE(l.tax, 0)"
    " OR i.tax - COALESCE(l.tax, 0) > i.amount - COALESCE(l.amount, 0)",
    .in = "",
    .out = "t",
};
const Check check_invoice_tax = {
    .name = "taxes of invoices are those of their lines", .sql = &sql_check_tax};

static const Sql sql_check_receivable = {
    "SELECT 'account ' || a.code || ': the receivable is not what its invoices have open'"
    " FROM position q JOIN account a ON a.id = q.account_id"
    " LEFT JOIN (SELECT account_id, SUM(open) AS open FROM invoice GROUP BY account_id) i"
    "   ON i.account_id = q.account_id"
    " WHERE q.receivable <> COALESCE(i.open, 0)",
    .in = "",
    .out = "t",
};
const Check check_invoice_receivable = {
    .name = "receivables equal open invoices", .sql = &sql_check_receivable};

static const Sql sql_check_orders = {
    "SELECT 'order ' || o.number || ', line ' || l.line || ': its invoices say otherwise'"
    " FROM order_line l JOIN sales_order o ON o.account_id = l.account_id AND o.id = l.order_id"
    " LEFT JOIN (SELECT x.account_id, x.order_line_id, SUM(x.quantity) AS quantity, SUM(x.amount) "
    "AS amount,"
    "   SUM(x.tax) AS tax FROM invoice_line x JOIN invoice i ON i.account_id = x.account_id AND "
    "i.id = x.invoice_id"
    "   WHERE i.status <> 'reversed' GROUP BY x.account_id, x.order_line_id) s"
    " ON s.account_id = l.account_id AND s.order_line_id = l.id"
    " WHERE l.invoiced <> COALESCE(s.quantity, 0) OR l.invoiced_amount <> COALESCE(s.amount, 0)"
    " OR l.invoiced_tax <> COALESCE(s.tax, 0)",
    .in = "",
    .out = "t",
};
const Check check_invoice_orders = {
    .name = "orders equal their invoices", .sql = &sql_check_orders};

static const Sql sql_check_order_sums = {
    "SELECT 'order ' || o.number || ': what was invoiced is not the sum of its lines or invoices'"
    " FROM sales_order o LEFT JOIN (SELECT account_id, order_id, SUM(invoiced_amount) AS amount"
    "   FROM order_line GROUP BY account_id, order_id) l"
    " ON l.account_id = o.account_id AND l.order_id = o.id"
    " LEFT JOIN (SELECT account_id, order_id, SUM(amount) AS amount FROM invoice"
    "   WHERE status <> 'reversed' GROUP BY account_id, order_id) i"
    " ON i.account_id = o.account_id AND i.order_id = o.id"
    " WHERE o.invoiced <> COALESCE(l.amount, 0) OR o.billed <> COALESCE(i.amount, 0)",
    .in = "",
    .out = "t",
};
const Check check_invoice_order_sums = {
    .name = "invoiced orders equal their lines", .sql = &sql_check_order_sums};

/* That it was reversed is a fact by its day; the rest of the status follows. */
#define STATUS_OF_INVOICE                                                                          \
    "CASE WHEN reversed_on IS NOT NULL THEN 'reversed' WHEN open = 0 THEN 'settled' ELSE 'open' "  \
    "END"

static const Sql sql_check_status = {
    "SELECT 'invoice ' || number || ': its status is not what its open amount says' FROM invoice"
    " WHERE status <> " STATUS_OF_INVOICE,
    .in = "",
    .out = "t",
};
const Check check_invoice_status = {
    .name = "statuses of invoices equal their open amounts", .sql = &sql_check_status};

static const Sql sql_check_settled = {
    "SELECT 'invoice ' || i.number || ': it was not settled on the day that it says' FROM invoice i"
    " LEFT JOIN (SELECT l.account_id, l.invoice_id, MAX(l.effective_on) AS settled_on"
    "   FROM allocation l WHERE " ALLOCATION_SETTLES " GROUP BY l.account_id, l.invoice_id) s"
    " ON s.account_id = i.account_id AND s.invoice_id = i.id"
    " WHERE (i.status = 'settled' AND i.settled_on IS NULL)"
    " OR (i.status <> 'settled' AND i.settled_on IS NOT NULL) OR i.settled_on <> s.settled_on",
    .in = "",
    .out = "t",
};
const Check check_invoice_settled = {
    .name = "invoices were settled by their last allocations", .sql = &sql_check_settled};

static const Sql sql_open_rebuild = {
    "UPDATE invoice SET open = CASE WHEN reversed_on IS NOT NULL THEN 0 ELSE amount END"
    " - COALESCE((SELECT CAST(SUM(l.amount) AS BIGINT) FROM allocation l"
    "   WHERE l.account_id = invoice.account_id AND l.invoice_id = invoice.id), 0)",
    .in = "",
};
static const Sql sql_status_rebuild = {
    "UPDATE invoice SET status = " STATUS_OF_INVOICE
    ", settled_on = (SELECT MAX(l.effective_on) FROM allocation l"
    " WHERE l.account_id = invoice.account_id AND l.invoice_id = invoice.id"
    " AND invoice.open = 0 AND invoice.reversed_on IS NULL AND " ALLOCATION_SETTLES ")",
    .in = "",
};
static const Sql sql_lines_rebuild = {
    "UPDATE order_line SET (invoiced, invoiced_amount, invoiced_tax) = (SELECT"
    " CAST(COALESCE(SUM(x.quantity), 0) AS BIGINT), CAST(COALESCE(SUM(x.amount), 0) AS BIGINT),"
    " CAST(COALESCE(SUM(x.tax), 0) AS BIGINT)"
    " FROM invoice_line x JOIN invoice i ON i.account_id = x.account_id AND i.id = x.invoice_id"
    " WHERE x.account_id = order_line.account_id AND x.order_line_id = order_line.id"
    " AND i.status <> 'reversed')",
    .in = "",
};
static const Sql sql_orders_rebuild = {
    "UPDATE sales_order SET invoiced = (SELECT CAST(COALESCE(SUM(l.invoiced_amount), 0) AS BIGINT)"
    " FROM order_line l WHERE l.account_id = sales_order.account_id AND l.order_id = "
    "sales_order.id),"
    " billed = (SELECT CAST(COALESCE(SUM(i.amount), 0) AS BIGINT) FROM invoice i"
    " WHERE i.account_id = sales_order.account_id AND i.order_id = sales_order.id"
    " AND i.status <> 'reversed')",
    .in = "",
};

static Err invoice_rebuild(Ctx *cx)
{
    TRY(db_put(cx, &sql_open_rebuild, NO_ARGS));
    TRY(db_put(cx, &sql_status_rebuild, NO_ARGS));
    TRY(db_put(cx, &sql_lines_rebuild, NO_ARGS));
    return db_put(cx, &sql_orders_rebuild, NO_ARGS);
}
const Derived derived_invoice = {.table = "invoice", .rebuild = invoice_rebuild};
