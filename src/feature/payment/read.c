/* Reading payments and allocations, and proving what of them is in advance. */
#include "feature/payment/read.h"

#include "feature/payment/model.h"
#include "feature/shown.h"
#include "op/run.h"
#include "rules/state.h"

/* ---- Payments ---- */

typedef struct PaymentPart {
    Id id;
    Ref invoice;
    const char *number;
    Currency currency;
    Money amount;
    Date effective_on;
    bool reversed;
} PaymentPart;

SCHEMA(PaymentPart,
    F_ID(PaymentPart, id, "allocation"),
    F_REF(PaymentPart, invoice, "invoice"),
    F_TEXT(PaymentPart, number, .doc = "Of the invoice."),
    F_CURRENCY(PaymentPart, currency),
    F_MONEY(PaymentPart, amount, .doc = "Below zero: taken back."),
    F_DATE(PaymentPart, effective_on),
    F_BOOL(PaymentPart, reversed));

typedef struct PaymentView {
    Id id;
    Ref account;
    Ref partner;
    const char *partner_name;
    const char *owner;
    Ref order;
    const char *order_number;
    Currency currency;
    Money amount;
    Money allocated;
    Money advance;
    Date received_on;
    Date booked_on;
    const char *reference;
    int status;
    Date reversed_on;
    const char *posted_by;
    List allocations;
} PaymentView;

SCHEMA(PaymentView,
    F_ID(PaymentView, id, "payment"),
    F_ACCOUNT(PaymentView),
    F_REF(PaymentView, order, "order", .flags = FIELD_FILTER, .doc = "Earmarked for it."),
    F_ORDER_NUMBER(PaymentView),
    F_ACCOUNT_CURRENCY(PaymentView),
    F_MONEY(PaymentView, amount, .flags = FIELD_SORT),
    F_MONEY(PaymentView,
        allocated,
        .column = "(SELECT CAST(COALESCE(SUM(l.amount), 0) AS BIGINT) FROM allocation l"
                  " WHERE l.account_id = r.account_id AND l.source_id = r.id)",
        .flags = FIELD_OUTPUT),
    F_MONEY(PaymentView, advance, .flags = FIELD_SORT, .doc = "Neither allocated nor refunded."),
    F_DATE(PaymentView, received_on, .flags = FIELD_SORT),
    F_DATE(PaymentView, booked_on),
    F_TEXT(PaymentView, reference, .flags = FIELD_FILTER),
    F_ENUM(PaymentView, status, payment_status_names, .flags = FIELD_FILTER),
    F_DATE(PaymentView, reversed_on),
    F_USER_NAME(PaymentView, posted_by),
    F_LIST(PaymentView, allocations, PaymentPart));

static const Sql sql_parts = {
    "SELECT l.id, l.invoice_id, CAST(NULL AS TEXT), i.number, a.currency, l.amount,"
    " l.effective_on, l.is_reversed"
    " FROM allocation l JOIN invoice i ON i.account_id = l.account_id AND i.id = l.invoice_id"
    " JOIN account a ON a.id = l.account_id WHERE l.source_id = $1 ORDER BY l.id",
    .in = "k",
    .out = "kktttidb",
};

const Record record_payment = {
    .name = "payment",
    .path = "/payments",
    .letter = 'M',
    .schema = &PaymentView_schema,
    .verbs = VERB_READS,
    .reads = PERM_READ_OWN,
    .date_field = "received_on",
    .partner_join = ACCOUNT_JOIN,
    .parts = (const RecordPart[]){{"allocations", &sql_parts}, {0}},
    .summary = "a payment",
};

const RefKind ref_payment = {
    .name = "payment", .letter = 'M', .account = "account_id", .called = "status"};

/* ---- Allocations ---- */

typedef struct AllocationView {
    Id id;
    Ref account;
    Ref partner;
    const char *partner_name;
    const char *owner;
    int by;
    Ref payment;
    Ref invoice;
    const char *number;
    Currency currency;
    Money amount;
    Date effective_on;
    Date booked_on;
    Id reverses;
    int status;
} AllocationView;

static const char *const allocation_status_names[] = {"", "posted", "reversed", NULL};
static const char *const allocation_by_names[] = {"", "payment", "credit_note", "write_off", NULL};

SCHEMA(AllocationView,
    F_ID(AllocationView, id, "allocation"),
    F_ACCOUNT(AllocationView),
    F_ENUM(AllocationView,
        by,
        allocation_by_names,
        .column = "source_kind",
        .flags = FIELD_FILTER,
        .doc = "What reduces the invoice."),
    F_REF(AllocationView,
        payment,
        "payment",
        .column = "(SELECT m.id FROM payment m WHERE m.account_id = r.account_id AND m.id = "
                  "r.source_id)",
        .flags = FIELD_OUTPUT),
    F_REF(AllocationView, invoice, "invoice", .flags = FIELD_FILTER),
    F_TEXT(AllocationView,
        number,
        .column = "(SELECT i.number FROM invoice i WHERE i.account_id = r.account_id AND i.id = "
                  "r.invoice_id)",
        .flags = FIELD_OUTPUT,
        .doc = "Of the invoice."),
    F_ACCOUNT_CURRENCY(AllocationView),
    F_MONEY(AllocationView, amount, .doc = "Below zero: it takes another back."),
    F_DATE(AllocationView, effective_on, .flags = FIELD_SORT),
    F_DATE(AllocationView, booked_on),
    F_ID(AllocationView, reverses, "allocation", .column = "reverses_id"),
    F_ENUM(AllocationView,
        status,
        allocation_status_names,
        .column = "(CASE WHEN r.is_reversed = TRUE THEN 'reversed' ELSE 'posted' END)",
        .flags = FIELD_FILTER | FIELD_OUTPUT));

const Record record_allocation = {
    .name = "allocation",
    .path = "/allocations",
    .letter = 'L',
    .schema = &AllocationView_schema,
    .verbs = VERB_READS,
    .reads = PERM_READ,
    .date_field = "effective_on",
    .partner_join = ACCOUNT_JOIN,
    .summary = "a part of a payment, credit note or write-off that reduces an invoice",
};

const RefKind ref_allocation = {
    .name = "allocation", .letter = 'L', .account = "account_id", .called = "source_kind"};

/* ---- Proof and rebuild ---- */

/* What payments and credit notes have left after their allocations and refunds. One that was taken
 * back after a part of it was refunded lacks that part. */
#define SOURCE_LEFT(table)                                                                         \
    "CASE WHEN " table ".status = 'posted' THEN " table ".amount ELSE 0 END"                       \
    " - COALESCE((SELECT CAST(SUM(l.amount) AS BIGINT) FROM allocation l"                          \
    "   WHERE l.account_id = " table ".account_id AND l.source_id = " table ".id), 0)"             \
    " - COALESCE((SELECT CAST(SUM(x.amount) AS BIGINT) FROM refund_part x JOIN refund f"           \
    "   ON f.account_id = x.account_id AND f.id = x.refund_id"                                     \
    "   WHERE x.account_id = " table ".account_id AND x.source_id = " table ".id"                  \
    "   AND f.status = 'posted'), 0)"

static const Sql sql_check_advance = {
    "SELECT 'a payment of account ' || a.code || ', received ' || payment.received_on"
    " || ': its advance is not what is left of it'"
    " FROM payment JOIN account a ON a.id = payment.account_id"
    " WHERE (payment.status = 'posted' AND payment.advance < 0)"
    " OR payment.advance <> " SOURCE_LEFT(
        "payment") " UNION ALL"
                   " SELECT 'credit note ' || credit_note.number || ': its advance is not what is "
                   "left of it'"
                   " FROM credit_note"
                   " WHERE (credit_note.status = 'posted' AND credit_note.advance < 0)"
                   " OR credit_note.advance <> " SOURCE_LEFT("credit_note"),
    .in = "",
    .out = "t",
};
const Check check_advance = {
    .name = "advances equal payments minus allocations", .sql = &sql_check_advance};

static const Sql sql_check_allocated = {
    "SELECT 'a ' || l.source_kind || ' of account ' || a.code || ': more of it is allocated than"
    " it has'"
    " FROM (SELECT account_id, source_kind, source_id, SUM(amount) AS amount FROM allocation"
    "   GROUP BY account_id, source_kind, source_id) l JOIN account a ON a.id = l.account_id"
    " LEFT JOIN payment m ON m.account_id = l.account_id AND m.id = l.source_id"
    " LEFT JOIN credit_note n ON n.account_id = l.account_id AND n.id = l.source_id"
    " LEFT JOIN write_off w ON w.account_id = l.account_id AND w.id = l.source_id"
    " WHERE l.amount < 0 OR l.amount > COALESCE(m.amount, n.amount, w.amount, 0)",
    .in = "",
    .out = "t",
};
const Check check_allocated = {
    .name = "no allocation exceeds its payment", .sql = &sql_check_allocated};

static const Sql sql_check_position = {
    "SELECT 'account ' || a.code || ': the advance is not what its payments and credit notes have'"
    " FROM position q JOIN account a ON a.id = q.account_id"
    " LEFT JOIN (SELECT account_id, SUM(advance) AS advance FROM payment GROUP BY account_id) m"
    "   ON m.account_id = q.account_id"
    " LEFT JOIN (SELECT account_id, SUM(advance) AS advance FROM credit_note GROUP BY account_id) n"
    "   ON n.account_id = q.account_id"
    " WHERE q.advance <> COALESCE(m.advance, 0) + COALESCE(n.advance, 0)",
    .in = "",
    .out = "t",
};
const Check check_position = {.name = "advances equal the ledger", .sql = &sql_check_position};

static const Sql sql_payment_rebuild = {
    "UPDATE payment SET advance = " SOURCE_LEFT("payment"), .in = ""};
static const Sql sql_credit_note_rebuild = {
    "UPDATE credit_note SET advance = " SOURCE_LEFT("credit_note"), .in = ""};

static Err payment_rebuild(Ctx *cx)
{
    TRY(db_put(cx, &sql_payment_rebuild, NO_ARGS));
    return db_put(cx, &sql_credit_note_rebuild, NO_ARGS);
}
const Derived derived_payment = {.table = "payment", .rebuild = payment_rebuild};
