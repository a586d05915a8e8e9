/* Reading promises. */
#include "feature/policy.h"
#include "feature/promise/model.h"
#include "feature/shown.h"
#include "op/run.h"

typedef struct VerdictView {
    const char *status;
    Money received;
    Currency currency;
    Date on;
} VerdictView;

SCHEMA(VerdictView,
    F_CURRENCY(VerdictView, currency),
    F_TEXT(VerdictView, status),
    F_MONEY(VerdictView, received),
    F_DATE(VerdictView, on));

typedef struct PromiseInvoice {
    Id id;
    const char *number;
} PromiseInvoice;

SCHEMA(PromiseInvoice, F_ID(PromiseInvoice, id, "invoice"), F_TEXT(PromiseInvoice, number));

typedef struct PromiseView {
    Id id;
    Ref account;
    Ref partner;
    const char *partner_name;
    const char *owner;
    Currency currency;
    Money amount;
    Money target;
    Money received;
    Money lacks;
    Date due_on;
    Date made_on;
    Date window_end_on;
    Date ended_on;
    int status;
    int64_t level;
    const char *vouched_by;
    Id release;
    Ref order;
    const char *order_number;
    Id replaces;
    Id replaced_by;
    const char *reason;
    List invoices;
    List verdicts;
} PromiseView;

SCHEMA(PromiseView,
    F_ID(PromiseView, id, "promise"),
    F_REF(PromiseView, account, "account", .flags = FIELD_FILTER),
    F_REF(PromiseView, partner, "partner", .flags = FIELD_FILTER),
    F_PARTNER_NAME(PromiseView),
    F_OWNER(PromiseView),
    F_ACCOUNT_CURRENCY(PromiseView),
    F_MONEY(PromiseView, amount, .flags = FIELD_SORT),
    F_MONEY(PromiseView, target, .doc = "At most what its invoices had open when it was made."),
    F_MONEY(PromiseView, received, .doc = "What counted for it in its window."),
    F_MONEY(PromiseView, lacks, .doc = "What is still missing of it, late money counted."),
    F_DATE(PromiseView, due_on, .flags = FIELD_SORT),
    F_DATE(PromiseView, made_on, .flags = FIELD_SORT),
    F_DATE(PromiseView, window_end_on, .doc = "The last day on which money counts for it."),
    F_DATE(PromiseView, ended_on),
    F_ENUM(PromiseView,
        status,
        promise_status_names,
        .column = PROMISE_STATUS_NOW,
        .flags = FIELD_FILTER | FIELD_OUTPUT),
    F_INT(PromiseView, level, .flags = FIELD_FILTER),
    F_USER_NAME(PromiseView, vouched_by),
    F_ID(PromiseView, release, "release", .column = "release_id"),
    F_REF(PromiseView,
        order,
        "order",
        .column = "(SELECT c.order_id FROM credit_release c WHERE c.account_id = r.account_id AND "
                  "c.id = r.release_id)",
        .flags = FIELD_OUTPUT),
    F_TEXT(PromiseView,
        order_number,
        .column = "(SELECT o.number FROM credit_release c JOIN sales_order o"
                  " ON o.account_id = c.account_id AND o.id = c.order_id"
                  " WHERE c.account_id = r.account_id AND c.id = r.release_id)",
        .flags = FIELD_OUTPUT),
    F_ID(PromiseView, replaces, "promise", .column = "replaces_id"),
    F_ID(PromiseView, replaced_by, "promise", .column = "replaced_by_id"),
    F_TEXT(PromiseView, reason),
    F_LIST(PromiseView, invoices, PromiseInvoice, .doc = "The invoices it names."),
    F_LIST(PromiseView, verdicts, VerdictView, .doc = "What was judged, in its turn."));

static const Sql sql_promise_invoices = {
    "SELECT i.id, i.number FROM promise_invoice n JOIN invoice i ON i.account_id = n.account_id"
    " AND i.id = n.invoice_id WHERE n.promise_id = $1 ORDER BY n.id",
    .in = "k",
    .out = "kt",
};

static const Sql sql_promise_verdicts = {
    "SELECT a.currency, d.status, d.received, d.judged_on FROM promise_verdict d"
    " JOIN account a ON a.id = d.account_id WHERE d.promise_id = $1 ORDER BY d.id",
    .in = "k",
    .out = "ttid",
};

Err promise_status_args(Ctx *cx, Arg *ret_args)
{
    const Policy *policy = NULL;
    TRY(policy_load(cx, &policy));
    int64_t partly_micro = 0;
    bool fits = decimal_at_scale(policy->partly, 6, &partly_micro);
    ASSERT(fits);
    ret_args[0] = arg_date(cx->today);
    ret_args[1] = arg_i64(partly_micro);
    return ERR_OK;
}

const Record record_promise = {
    .name = "promise",
    .path = "/promises",
    .letter = 'V',
    .schema = &PromiseView_schema,
    .verbs = VERB_READS,
    .reads = PERM_READ_OWN,
    .date_field = "due_on",
    .partner_join = ACCOUNT_JOIN,
    .parts = (const RecordPart[]){{"invoices", &sql_promise_invoices},
        {"verdicts", &sql_promise_verdicts}, {0}},
    .args_in = "di",
    .args = promise_status_args,
    .summary = "a promise of payment",
};

const RefKind ref_promise = {.name = "promise",
    .letter = 'V',
    .account = "account_id",
    .partner = "partner_id",
    .called = "status"};
