/* Everything that happened with a partner, of all its documents and records, in one list. */
#include "feature/features.h"

#include "feature/order.h"
#include "feature/promise.h"
#include "feature/release/read.h"
#include "op/dossier.h"
#include "op/op.h"
#include "op/run.h"

#include <stdlib.h>
#include <string.h>

/* Each is the name of a reference too, which says the letter of its ids. */
static const char *const stream_kind_names[] = {"", "order", "decision", "shipment", "return",
    "invoice", "credit_note", "write_off", "payment", "refund", "promise", "release", "limit",
    "activity", "contact", NULL};

typedef struct StreamIn {
    Ref partner;
    Ref account;
    int kind;
    OptInt limit;
    const char *cursor;
} StreamIn;

SCHEMA(StreamIn,
    F_REF(StreamIn, partner, "partner", REQUIRED),
    F_REF(StreamIn,
        account,
        "account",
        .doc = "Only what is of this account, and what is of the partner itself."),
    F_ENUM(StreamIn, kind, stream_kind_names, .doc = "All kinds when absent."),
    F_OPT_INT(StreamIn, limit, .min = 1, .max = 500, .doc = "Rows of a page, 50 when absent."),
    F_TEXT(StreamIn, cursor, .doc = "`next` of the page before."));

typedef struct StreamItem {
    const char *id;
    const char *kind;
    Date on;
    const char *account;
    const char *number;
    const char *what;
    const char *status;
    Currency currency;
    Money amount;
    const char *by;
    const char *order;
    const char *note;
} StreamItem;

SCHEMA(StreamItem,
    F_TEXT(StreamItem, id),
    F_TEXT(StreamItem, kind),
    F_DATE(StreamItem, on, .doc = "The day it bears; it stands where it was recorded."),
    F_TEXT(StreamItem, account, .doc = "Absent for what is of the partner itself."),
    F_TEXT(StreamItem,
        number,
        .doc = "Or the reference of a payment, the name of a contact, the next step of an "
               "activity."),
    F_TEXT(StreamItem,
        what,
        .doc = "Decision: its gate. Promise: its level. Limit: its kind. Activity: its kind."),
    F_TEXT(StreamItem, status, .doc = "As of now; of a decision its outcome."),
    F_CURRENCY(StreamItem, currency),
    F_MONEY(StreamItem, amount),
    F_TEXT(StreamItem, by, .doc = "Who placed, posted, set, gave, logged it or vouches for it."),
    F_TEXT(StreamItem, order, .doc = "The order that it belongs to: its id."),
    F_TEXT(StreamItem, note, .doc = "The reason, outcome or note that came with it."));

typedef struct StreamOut {
    List items;
    const char *next;
} StreamOut;

SCHEMA(StreamOut, F_LIST(StreamOut, items, StreamItem), F_TEXT(StreamOut, next));

/* What a page is made of is found by the indexes alone, whatever there is of each kind: a row is
 * read when it is known to stand on the page. */
#define STREAM_KEY(kind, table, of)                                                                \
    " SELECT k.kind, k.id FROM (SELECT '" kind "' AS kind, r.id FROM " table " r WHERE r." of      \
    " = $1 AND r.id > $2 AND r.id < $3 AND ($4 = '' OR $4 = '" kind                                \
    "') ORDER BY r.id DESC LIMIT $5) k"
#define STREAM_OR " UNION ALL"
/* The same of what stands in the dossier of the account: its rows between two ids. */
#define STREAM_BETWEEN(above, below)                                                               \
    " AND " DOSSIER_ABOVE("r", above) " AND " DOSSIER_BELOW("r", below)
#define STREAM_LISTED_KEY(kind, table, rows)                                                       \
    " SELECT k.kind, k.id FROM (SELECT '" kind "' AS kind, r.id FROM dossier k CROSS JOIN " table  \
    " r {by_id} WHERE k.account_id = $1 AND " rows STREAM_BETWEEN(                                 \
        "$2", "$3") " AND ($4 = ''"                                                                \
                    " OR $4 = '" kind "') ORDER BY k.from_id DESC, r.id DESC LIMIT $5) k"

static const Sql sql_stream_account_keys = {
    STREAM_LISTED_KEY("order", "sales_order", DOSSIER_ORDERS("r"))              //
    STREAM_OR STREAM_LISTED_KEY("decision", "decision", DOSSIER_DECISIONS("r")) //
    STREAM_OR STREAM_KEY("shipment", "shipment", "account_id")                  //
    STREAM_OR STREAM_KEY("return", "goods_return", "account_id")                //
    STREAM_OR STREAM_KEY("invoice", "invoice", "account_id")                    //
    STREAM_OR STREAM_KEY("credit_note", "credit_note", "account_id")            //
    STREAM_OR STREAM_KEY("write_off", "write_off", "account_id")                //
    STREAM_OR STREAM_KEY("payment", "payment", "account_id")                    //
    STREAM_OR STREAM_KEY("refund", "refund", "account_id")                      //
    STREAM_OR STREAM_KEY("promise", "promise", "account_id")                    //
    STREAM_OR STREAM_KEY("release", "credit_release", "account_id")             //
    STREAM_OR STREAM_KEY("limit", "credit_limit", "account_id")                 //
    " ORDER BY 2 DESC LIMIT $5",
    .in = "kiiti",
    .out = "tk",
};

static const Sql sql_stream_partner_keys = {
    STREAM_KEY("activity", "activity", "partner_id")         //
    STREAM_OR STREAM_KEY("contact", "contact", "partner_id") //
    " ORDER BY 2 DESC LIMIT $5",
    .in = "kiiti",
    .out = "tk",
};

/* Each answers: id, day, account, number, what, status, currency, amount, by, order, note; newest
 * first, what lies between $4 and $5. $1 and $2 are those of PROMISE_STATUS_NOW, of which
 * most ask what always holds; $3 is the account, or the partner; $6 how many these are. They ask
 * about one account, because the index of its documents then has the page as it is; about several
 * at once all that they ever had would be sorted. */
#define STREAM_USER(column) " LEFT JOIN app_user u ON u.id = r." column
#define STREAM_ORDER " LEFT JOIN sales_order o ON o.account_id = r.account_id AND o.id = r.order_id"
#define STREAM_PAST " WHERE $1 IS NOT NULL AND $2 >= 0 AND r.id > $4 AND r.id < $5"
#define STREAM_OF_ACCOUNT                                                                          \
    " JOIN account a ON a.id = r.account_id JOIN partner p ON p.id = a.partner_id" STREAM_PAST     \
    " AND r.account_id = $3"
/* The same of what stands in the dossier. */
#define STREAM_LISTED(rows)                                                                        \
    " JOIN account a ON a.id = r.account_id JOIN partner p ON p.id = a.partner_id"                 \
    " WHERE $1 IS NOT NULL AND $2 >= 0 AND k.account_id = $3 AND " rows STREAM_BETWEEN("$4", "$5")
/* What is of the partner itself is of all its accounts. */
#define STREAM_OF_PARTNER                                                                          \
    " JOIN partner p ON p.id = r.partner_id" STREAM_PAST " AND r.partner_id = $3"
#define STREAM_ORDER_STATUS ORDER_STATUS_NOW("r", "$1")
#define STREAM_PAGE " ORDER BY r.id DESC LIMIT $6"
#define STREAM_LISTED_PAGE " ORDER BY k.from_id DESC, r.id DESC LIMIT $6"

static const Sql sql_stream_order_list = {
    "SELECT r.id, r.ordered_on, a.code, r.number, CAST(NULL AS TEXT), " STREAM_ORDER_STATUS
    ", a.currency, r.total, u.name, r.id, r.reason"
    " FROM dossier k CROSS JOIN sales_order r {by_id}" STREAM_USER("placed_by_id")
        STREAM_LISTED(DOSSIER_ORDERS("r")) " AND {visible:p}" STREAM_LISTED_PAGE,
    .in = "dikiii",
    .out = "kdtttttitkt",
};

static const Sql sql_stream_decision_list = {
    "SELECT r.id, r.decided_on, a.code, o.number, r.gate, r.outcome, a.currency,"
    " CAST(NULL AS BIGINT), CAST(NULL AS TEXT), r.order_id, CAST(NULL AS TEXT)"
    " FROM dossier k CROSS JOIN decision r {by_id}" STREAM_ORDER STREAM_LISTED(
        DOSSIER_DECISIONS("r")) " AND {visible:p}" STREAM_LISTED_PAGE,
    .in = "dikiii",
    .out = "kdtttttitkt",
};

static const Sql sql_stream_shipment_list = {
    "SELECT r.id, r.shipped_on, a.code, r.number, CAST(NULL AS TEXT), r.status,"
    " a.currency, r.amount, u.name, r.order_id, CAST(NULL AS TEXT)"
    " FROM shipment r" STREAM_USER("posted_by_id") STREAM_OF_ACCOUNT " AND {visible:p}" STREAM_PAGE,
    .in = "dikiii",
    .out = "kdtttttitkt",
};

static const Sql sql_stream_return_list = {
    "SELECT r.id, r.returned_on, a.code, r.number, CAST(NULL AS TEXT), r.status,"
    " a.currency, r.amount, u.name, CAST(NULL AS BIGINT), r.reason"
    " FROM goods_return r" STREAM_USER("posted_by_id") STREAM_OF_ACCOUNT
    " AND {visible:p}" STREAM_PAGE,
    .in = "dikiii",
    .out = "kdtttttitkt",
};

static const Sql sql_stream_invoice_list = {
    "SELECT r.id, r.invoiced_on, a.code, r.number, CAST(NULL AS TEXT), r.status,"
    " a.currency, r.amount, u.name, r.order_id, CAST(NULL AS TEXT)"
    " FROM invoice r" STREAM_USER("posted_by_id") STREAM_OF_ACCOUNT " AND {visible:p}" STREAM_PAGE,
    .in = "dikiii",
    .out = "kdtttttitkt",
};

static const Sql sql_stream_credit_note_list = {
    "SELECT r.id, r.posted_on, a.code, r.number, CAST(NULL AS TEXT), r.status,"
    " a.currency, r.amount, u.name, CAST(NULL AS BIGINT), r.reason"
    " FROM credit_note r" STREAM_USER("posted_by_id") STREAM_OF_ACCOUNT
    " AND {visible:p}" STREAM_PAGE,
    .in = "dikiii",
    .out = "kdtttttitkt",
};

static const Sql sql_stream_write_off_list = {
    "SELECT r.id, r.posted_on, a.code, CAST(NULL AS TEXT), CAST(NULL AS TEXT), r.status,"
    " a.currency, r.amount, u.name, CAST(NULL AS BIGINT), r.reason"
    " FROM write_off r" STREAM_USER("posted_by_id") STREAM_OF_ACCOUNT
    " AND {visible:p}" STREAM_PAGE,
    .in = "dikiii",
    .out = "kdtttttitkt",
};

static const Sql sql_stream_payment_list = {
    "SELECT r.id, r.received_on, a.code, r.reference, CAST(NULL AS TEXT), r.status,"
    " a.currency, r.amount, u.name, r.order_id, CAST(NULL AS TEXT)"
    " FROM payment r" STREAM_USER("posted_by_id") STREAM_OF_ACCOUNT " AND {visible:p}" STREAM_PAGE,
    .in = "dikiii",
    .out = "kdtttttitkt",
};

static const Sql sql_stream_refund_list = {
    "SELECT r.id, r.posted_on, a.code, CAST(NULL AS TEXT), CAST(NULL AS TEXT), r.status,"
    " a.currency, r.amount, u.name, CAST(NULL AS BIGINT), r.reason"
    " FROM refund r" STREAM_USER("posted_by_id") STREAM_OF_ACCOUNT " AND {visible:p}" STREAM_PAGE,
    .in = "dikiii",
    .out = "kdtttttitkt",
};

static const Sql sql_stream_promise_list = {
    "SELECT r.id, r.due_on, a.code, CAST(NULL AS TEXT), CAST(r.level AS TEXT),"
    " " PROMISE_STATUS_NOW ", a.currency, r.amount, u.name, CAST(NULL AS BIGINT), r.reason"
    " FROM promise r" STREAM_USER("vouched_by_id") STREAM_OF_ACCOUNT " AND {visible:p}" STREAM_PAGE,
    .in = "dikiii",
    .out = "kdtttttitkt",
};

static const Sql sql_stream_release_list = {
    "SELECT r.id, r.given_on, a.code, o.number, CAST(NULL AS TEXT), " RELEASE_STATUS_NOW ","
    " a.currency, r.amount_max, u.name, r.order_id, r.reason"
    " FROM credit_release r" STREAM_ORDER STREAM_USER("given_by_id") STREAM_OF_ACCOUNT
    " AND {visible:p}" STREAM_PAGE,
    .in = "dikiii",
    .out = "kdtttttitkt",
};

static const Sql sql_stream_limit_list = {
    "SELECT r.id, r.set_on, a.code, CAST(NULL AS TEXT), CASE r.amount_kind WHEN 'amount'"
    " THEN r.kind ELSE r.amount_kind END, r.status, a.currency, CASE r.amount_kind WHEN"
    " 'amount' THEN r.amount END, u.name, CAST(NULL AS BIGINT), r.reason"
    " FROM credit_limit r" STREAM_USER("set_by_id") STREAM_OF_ACCOUNT
    " AND {visible:p}" STREAM_PAGE,
    .in = "dikiii",
    .out = "kdtttttitkt",
};

static const Sql sql_stream_activity_list = {
    "SELECT r.id, r.held_on, CAST(NULL AS TEXT), r.next_step, r.kind, r.status,"
    " g.currency, r.cost, u.name, CAST(NULL AS BIGINT), COALESCE(r.outcome, r.note)"
    " FROM activity r JOIN org g ON g.id = 1" STREAM_USER("logged_by_id") STREAM_OF_PARTNER
    " AND {visible:p}" STREAM_PAGE,
    .in = "dikiii",
    .out = "kdtttttitkt",
};

static const Sql sql_stream_contact_list = {
    "SELECT r.id, CAST(NULL AS DATE), CAST(NULL AS TEXT), r.name, r.title, CAST(NULL AS"
    " TEXT), CAST(NULL AS TEXT), CAST(NULL AS BIGINT), CAST(NULL AS TEXT), CAST(NULL AS"
    " BIGINT), COALESCE(r.phone, r.email)"
    " FROM contact r" STREAM_OF_PARTNER " AND {visible:p}" STREAM_PAGE,
    .in = "dikiii",
    .out = "kdtttttitkt",
};

/* In the order of stream_kind_names, which begin with none: all. */
static const Sql *const sources[] = {NULL, &sql_stream_order_list, &sql_stream_decision_list,
    &sql_stream_shipment_list, &sql_stream_return_list, &sql_stream_invoice_list,
    &sql_stream_credit_note_list, &sql_stream_write_off_list, &sql_stream_payment_list,
    &sql_stream_refund_list, &sql_stream_promise_list, &sql_stream_release_list,
    &sql_stream_limit_list, &sql_stream_activity_list, &sql_stream_contact_list};

static const Sql sql_stream_account_list = {
    "SELECT a.id FROM account a JOIN partner p ON p.id = a.partner_id"
    " WHERE a.partner_id = $1 AND ($2 = 0 OR a.id = $2) AND {visible:p} ORDER BY a.id",
    .in = "ki",
    .out = "k",
};

_Static_assert(COUNT(sources) == COUNT(stream_kind_names) - 1, "a statement for each kind");

/* A row of the page and where it is read from. */
typedef struct Key {
    Id id;
    Id of; /* its account or partner */
    int kind;
} Key;

typedef struct Found {
    Id id;
    StreamItem item;
} Found;

/* The latest rows so far, as many as a page has and one more. */
typedef struct Page {
    int kind;     /* 0: all */
    size_t limit; /* with the one more */
    Id before;
    Key *keys; /* twice the limit, latest first */
    size_t count;
    Found *found;
    size_t found_count;
} Page;

static Err found_read(Ctx *cx, int kind, const Rows *row, Found *ret_found)
{
    Currency currency = 0;
    if (!db_is_null(row, 6)) {
        TRY(db_currency(cx, row, 6, &currency));
    }
    const char *name = stream_kind_names[kind];
    ret_found->id = db_id(row, 0);
    ret_found->item = (StreamItem){
        .id = id_text(cx->arena, ref_kind(name)->letter, db_id(row, 0)),
        .kind = name,
        .on = db_is_null(row, 1) ? DATE_NONE : db_date(row, 1),
        .account = db_text(row, 2),
        .number = db_text(row, 3),
        .what = db_text(row, 4),
        .status = db_text(row, 5),
        .currency = currency,
        .amount = db_is_null(row, 7) ? (Money){0} : money_of(currency, db_i64(row, 7)),
        .by = db_text(row, 8),
        .order = db_is_null(row, 9) ? NULL
                                    : id_text(cx->arena, ref_kind("order")->letter, db_id(row, 9)),
        .note = db_text(row, 10),
    };
    return ERR_OK;
}

static int id_compare(Id a, Id b)
{
    return a < b ? -1 : a > b ? 1 : 0;
}

static int key_latest_first(const void *a, const void *b)
{
    return id_compare(((const Key *)b)->id, ((const Key *)a)->id);
}

static int found_latest_first(const void *a, const void *b)
{
    return id_compare(((const Found *)b)->id, ((const Found *)a)->id);
}

/* Together what one statement reads, latest first. */
static int key_by_source(const void *a, const void *b)
{
    const Key *first = a;
    const Key *second = b;
    int by_kind = first->kind - second->kind;
    int by_of = by_kind != 0 ? by_kind : id_compare(first->of, second->of);
    return by_of != 0 ? by_of : key_latest_first(a, b);
}

static int kind_named(const char *name)
{
    int kind = 1;
    while (strcmp(stream_kind_names[kind], name) != 0) {
        kind++;
    }
    return kind;
}

/* Adds what is of an account, or of the partner, and keeps the latest. */
static Err keys_add(Ctx *cx, Page *page, const Sql *sql, Id of)
{
    Id after = page->count == page->limit ? page->keys[page->limit - 1].id : 0;
    Rows rows;
    TRY(db_ask(cx, sql,
        ARGS(arg_id(of), arg_i64(after), arg_i64(page->before),
            arg_text(stream_kind_names[page->kind]), arg_i64((int64_t)page->limit)),
        &rows));
    while (db_next(&rows)) {
        page->keys[page->count++] =
            (Key){.id = db_id(&rows, 1), .of = of, .kind = kind_named(db_text(&rows, 0))};
    }
    qsort(page->keys, page->count, sizeof *page->keys, key_latest_first);
    page->count = page->count < page->limit ? page->count : page->limit;
    return ERR_OK;
}

static Err keys_read(Ctx *cx, Page *page, Id partner_id, Id account_id)
{
    Rows accounts;
    page->keys = arena_array(cx->arena, 2 * page->limit, sizeof *page->keys);
    TRY(keys_add(cx, page, &sql_stream_partner_keys, partner_id));
    TRY(db_ask(
        cx, &sql_stream_account_list, ARGS(arg_id(partner_id), arg_i64(account_id)), &accounts));
    while (db_next(&accounts)) {
        TRY(keys_add(cx, page, &sql_stream_account_keys, db_id(&accounts, 0)));
    }
    return ERR_OK;
}

/* Reads the rows of `count` keys of one kind and owner, which are its latest: from the first to the
 * last of them it has no other. */
static Err rows_read(Ctx *cx, Page *page, const Arg status[2], const Key *keys, size_t count)
{
    Rows rows;
    TRY(db_ask(cx, sources[keys->kind],
        ARGS(status[0], status[1], arg_id(keys->of), arg_i64(keys[count - 1].id - 1),
            arg_i64(page->before), arg_i64((int64_t)count)),
        &rows));
    while (db_next(&rows)) {
        TRY(found_read(cx, keys->kind, &rows, &page->found[page->found_count++]));
    }
    return ERR_OK;
}

static Err page_read(Ctx *cx, Page *page, Id partner_id, Id account_id)
{
    Arg status[2];
    TRY(promise_status_args(cx, status));
    TRY(keys_read(cx, page, partner_id, account_id));
    page->found = arena_array(cx->arena, page->count, sizeof *page->found);
    qsort(page->keys, page->count, sizeof *page->keys, key_by_source);
    for (size_t i = 0, end; i < page->count; i = end) {
        const Key *first = &page->keys[i];
        for (end = i + 1; end < page->count && page->keys[end].kind == first->kind &&
                          page->keys[end].of == first->of;) {
            end++;
        }
        TRY(rows_read(cx, page, status, first, end - i));
    }
    qsort(page->found, page->found_count, sizeof *page->found, found_latest_first);
    return ERR_OK;
}

OP(partner_stream,
    StreamIn,
    StreamOut,
    GET("/partners/{partner}/stream"),
    .effect = EFFECT_READ,
    .needs = PERM_READ,
    .summary = "Everything that happened with a partner, latest first.")
{
    Page page = {.kind = in->kind, .before = INT64_MAX};
    char letter = 0;
    if (in->cursor != NULL && !id_parse(in->cursor, &letter, &page.before)) {
        return err_set(cx, ERR_FIELD_INVALID, "cursor", "Give `next` of the page before.");
    }
    size_t limit = in->limit.is_set ? (size_t)in->limit.value : 50;
    page.limit = limit + 1;
    TRY(page_read(cx, &page, in->partner.id, in->account.id));
    size_t shown = page.found_count < limit ? page.found_count : limit;
    StreamItem *items = arena_array(cx->arena, shown, sizeof *items);
    for (size_t i = 0; i < shown; i++) {
        items[i] = page.found[i].item;
    }
    out->items = (List){items, shown};
    out->next = page.found_count > limit ? items[limit - 1].id : NULL;
    return ERR_OK;
}

const Feature stream_feature = {
    .name = "stream",
    .ops = (const Op *const[]){&op_partner_stream, NULL},
};
