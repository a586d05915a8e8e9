/* The aging report: what is open by days past due, account by account,
 * as of any day and as it was known on any day. */
#include "rules/aging.h"

#include "base/json.h"
#include "feature/features.h"
#include "feature/invoice.h"
#include "feature/org.h"
#include "op/op.h"
#include "op/run.h"

#include <string.h>

typedef struct AgingIn {
    Date as_of;
    Ref account;
    Date known_at;
} AgingIn;

SCHEMA(AgingIn,
    F_DATE(AgingIn, as_of, .doc = "The business date when absent."),
    F_REF(AgingIn, account, "account"),
    F_DATE(
        AgingIn, known_at, .doc = "Only what was booked by this business date; all when absent."));

typedef struct AgingItem {
    const char *account;
    const char *partner_name;
    Currency currency;
    Money not_due;
    Money d1_30;
    Money d31_60;
    Money d61_90;
    Money d91_plus;
    Money cheque;
    Money advance;
    Money total;
} AgingItem;

SCHEMA(AgingItem,
    F_TEXT(AgingItem, account),
    F_TEXT(AgingItem, partner_name),
    F_CURRENCY(AgingItem, currency),
    F_MONEY(AgingItem, not_due),
    F_MONEY(AgingItem, d1_30),
    F_MONEY(AgingItem, d31_60),
    F_MONEY(AgingItem, d61_90),
    F_MONEY(AgingItem, d91_plus),
    F_MONEY(AgingItem, cheque),
    F_MONEY(AgingItem, advance),
    F_MONEY(AgingItem, total, .doc = "The five buckets and cheques less the advance."));

SCHEMA(Aging, AGING_FIELDS(Aging));

typedef struct AgingOut {
    Date as_of;
    List items;
    const char *total;
} AgingOut;

SCHEMA(AgingOut,
    F_DATE(AgingOut, as_of),
    F_LIST(AgingOut, items, AgingItem, .doc = "Accounts with anything but zeros."),
    F_JSON(AgingOut, total, .doc = "Flat in one currency, else by currency."));

/* ---- What is open: by account and due date, in the order of accounts ---- */

/* As it stands: open amounts are kept with the invoices. */
static const Sql sql_open_now_list = {
    "SELECT a.id, a.code, a.currency, i.due_on, CAST(SUM(i.open) AS BIGINT), p.name"
    " FROM invoice i JOIN account a ON a.id = i.account_id JOIN partner p ON p.id = a.partner_id"
    " WHERE i.open > 0 AND ($1 = 0 OR i.account_id = $1) AND i.invoiced_on <= $2 AND i.booked_on "
    "<= $3"
    " AND {visible:p} GROUP BY a.id, a.code, a.currency, p.name, i.due_on ORDER BY a.id, i.due_on",
    .in = "idd",
    .out = "kttdit",
};

/* As of a past day: invoices dated by then and known by then, less what was allocated to them as of
 * then. A longer due date is known from the day on which it was approved; before, an invoice was
 * due by the terms. */
static const Sql sql_open_then_list = {
    "SELECT a.id, a.code, a.currency, i.due_on, CAST(SUM(i.amount - COALESCE((SELECT "
    "CAST(SUM(l.amount) AS BIGINT)"
    "   FROM allocation l WHERE l.account_id = i.account_id AND l.invoice_id = i.id"
    "   AND l.effective_on <= $2 AND l.booked_on <= $3), 0)) AS BIGINT), p.name"
    " FROM invoice i JOIN account a ON a.id = i.account_id JOIN partner p ON p.id = a.partner_id"
    " WHERE ($1 = 0 OR i.account_id = $1) AND i.invoiced_on <= $2 AND i.booked_on <= $3"
    " AND (i.reversed_on IS NULL OR i.reversed_on > $2 OR i.reversed_on > $3)"
    " AND {visible:p} GROUP BY a.id, a.code, a.currency, p.name, i.due_on ORDER BY a.id, i.due_on",
    .in = "idd",
    .out = "kttdit",
};

/* Of these the ones whose longer due date was approved later than that. */
static const Sql sql_due_later_list = {
    "SELECT a.id, a.code, a.currency, i.due_on, i.amount - CAST(COALESCE((SELECT SUM(l.amount)"
    "   FROM allocation l WHERE l.account_id = i.account_id AND l.invoice_id = i.id"
    "   AND l.effective_on <= $2 AND l.booked_on <= $3), 0) AS BIGINT), p.name, y.input"
    " FROM approval y JOIN invoice i ON i.account_id = y.account_id AND i.id = y.subject_id"
    " JOIN account a ON a.id = i.account_id JOIN partner p ON p.id = a.partner_id"
    " WHERE y.operation = 'invoice_post' AND y.status = 'approved' AND y.ended_on > $3"
    " AND ($1 = 0 OR i.account_id = $1) AND i.invoiced_on <= $2 AND i.booked_on <= $3"
    " AND (i.reversed_on IS NULL OR i.reversed_on > $2 OR i.reversed_on > $3)"
    " AND {visible:p} ORDER BY a.id",
    .in = "idd",
    .out = "kttditt",
};

/* Unallocated money and cheques on hand, from the entries as of then. */
static const Sql sql_unapplied_list = {
    "SELECT a.id, a.code, a.currency,"
    " CAST(SUM(CASE WHEN e.to_bucket = 'advance' THEN e.amount WHEN e.from_bucket = 'advance' THEN "
    "-e.amount ELSE 0 END)"
    "   AS BIGINT),"
    " CAST(SUM(CASE WHEN e.to_bucket = 'cheque' THEN e.amount WHEN e.from_bucket = 'cheque' THEN "
    "-e.amount ELSE 0 END)"
    "   AS BIGINT), p.name"
    " FROM entry e JOIN account a ON a.id = e.account_id JOIN partner p ON p.id = a.partner_id"
    " WHERE ($1 = 0 OR e.account_id = $1) AND e.posted_on <= $2 AND e.booked_on <= $3"
    " AND (e.to_bucket = 'advance' OR e.from_bucket = 'advance' OR e.to_bucket = 'cheque' OR "
    "e.from_bucket = 'cheque')"
    " AND {visible:p} GROUP BY a.id, a.code, a.currency, p.name ORDER BY a.id",
    .in = "idd",
    .out = "kttiit",
};

typedef struct AgedAccount {
    Id id;
    const char *code;
    const char *partner_name;
    Currency currency;
    Aging aging;
} AgedAccount;

/* Accounts in the order of their ids; both scans come in that order,
 * so that the second one merges. */
typedef struct Aged {
    AgedAccount *items;
    size_t count;
    size_t size;
    size_t at; /* where the scan stands; a new scan begins at 0 */
    Date as_of;
} Aged;

/* A place for one more where the scan stands. */
static AgedAccount *aged_insert(Ctx *cx, Aged *aged)
{
    size_t at = aged->at;
    if (aged->count == aged->size) {
        size_t size = aged->size == 0 ? 64 : aged->size * 2;
        AgedAccount *items = arena_array(cx->arena, size, sizeof *items);
        if (aged->count > 0) {
            memcpy(items, aged->items, aged->count * sizeof *items);
        }
        aged->items = items;
        aged->size = size;
    }
    memmove(&aged->items[at + 1], &aged->items[at], (aged->count - at) * sizeof *aged->items);
    aged->count++;
    return &aged->items[at];
}

static Err aged_at(Ctx *cx, Aged *aged, const Rows *row, AgedAccount **ret_account)
{
    Id id = db_id(row, 0);
    while (aged->at < aged->count && aged->items[aged->at].id < id) {
        aged->at++;
    }
    if (aged->at < aged->count && aged->items[aged->at].id == id) {
        *ret_account = &aged->items[aged->at];
        return ERR_OK;
    }
    Currency currency = 0;
    TRY(db_currency(cx, row, 2, &currency));
    *ret_account = aged_insert(cx, aged);
    **ret_account = (AgedAccount){
        .id = id,
        .code = arena_str(cx->arena, db_text(row, 1)),
        .partner_name = arena_str(cx->arena, db_text(row, 5)),
        .currency = currency,
        .aging = aging_empty(currency),
    };
    return ERR_OK;
}

static Err open_take(Ctx *cx, const Rows *row, void *user)
{
    Aged *aged = user;
    AgedAccount *account = NULL;
    TRY(aged_at(cx, aged, row, &account));
    aging_add(
        &account->aging, db_date(row, 3), aged->as_of, money_of(account->currency, db_i64(row, 4)));
    return ERR_OK;
}

/* Out of the bucket of the longer date, into that of the terms. */
static Err due_later_take(Ctx *cx, const Rows *row, void *user)
{
    Aged *aged = user;
    AgedAccount *account = NULL;
    Date by_terms = DATE_NONE;
    ArenaMark mark = arena_mark(cx->arena);
    Err code = invoice_due_by_terms(cx, db_text(row, 6), &by_terms);
    if (code != ERR_OK) {
        return code;
    }
    arena_rewind(cx->arena, mark);
    if (by_terms == DATE_NONE) {
        return ERR_OK; /* requests once did not tell */
    }
    TRY(aged_at(cx, aged, row, &account));
    Money open = money_of(account->currency, db_i64(row, 4));
    aging_add(&account->aging, db_date(row, 3), aged->as_of, money_neg(open));
    aging_add(&account->aging, by_terms, aged->as_of, open);
    return ERR_OK;
}

static Err unapplied_take(Ctx *cx, const Rows *row, void *user)
{
    if (db_i64(row, 3) == 0 && db_i64(row, 4) == 0) {
        return ERR_OK;
    }
    AgedAccount *account = NULL;
    TRY(aged_at(cx, user, row, &account));
    aging_add_advance(&account->aging, money_of(account->currency, db_i64(row, 3)));
    aging_add_cheque(&account->aging, money_of(account->currency, db_i64(row, 4)));
    return ERR_OK;
}

/* ---- Totals ---- */

typedef struct Totals {
    Aging *items;
    size_t count;
} Totals;

static void total_take(Totals *totals, const Aging *aging)
{
    Currency currency = aging->total.currency;
    for (size_t i = 0; i < totals->count; i++) {
        if (totals->items[i].total.currency == currency) {
            aging_sum(&totals->items[i], aging);
            return;
        }
    }
    totals->items[totals->count] = aging_empty(currency);
    aging_sum(&totals->items[totals->count++], aging);
}

static void total_put(JsonWriter *w, const char *name, Money money)
{
    char text[DECIMAL_TEXT_SIZE];
    money_format(money, text);
    json_key(w, name);
    json_put_string(w, text);
}

static void total_write(JsonWriter *w, const Aging *total)
{
    json_open(w, '{');
    for (size_t i = 0; i < Aging_schema.count; i++) {
        const Field *field = &Aging_schema.fields[i];
        total_put(
            w, field->name, *(const Money *)(const void *)((const char *)total + field->offset));
    }
    json_close(w, '}');
}

static const char *totals_text(Ctx *cx, const Totals *totals, Currency home)
{
    Buf text = buf_in(cx->arena);
    JsonWriter w = json_writer(&text);
    if (totals->count == 0 && home != 0) {
        Aging nothing = aging_empty(home);
        total_write(&w, &nothing);
        return buf_text(&text);
    }
    if (totals->count == 1) {
        total_write(&w, &totals->items[0]);
        return buf_text(&text);
    }
    json_open(&w, '{');
    for (size_t i = 0; i < totals->count; i++) {
        char code[CURRENCY_TEXT_SIZE];
        currency_format(totals->items[i].total.currency, code);
        json_key(&w, code);
        total_write(&w, &totals->items[i]);
    }
    json_close(&w, '}');
    return buf_text(&text);
}

static AgingItem item_of(const AgedAccount *account)
{
    const Aging *aging = &account->aging;
    return (AgingItem){
        .account = account->code,
        .partner_name = account->partner_name,
        .currency = account->currency,
        .not_due = aging->not_due,
        .d1_30 = aging->d1_30,
        .d31_60 = aging->d31_60,
        .d61_90 = aging->d61_90,
        .d91_plus = aging->d91_plus,
        .cheque = aging->cheque,
        .advance = aging->advance,
        .total = aging->total,
    };
}

OP(aging_report,
    AgingIn,
    AgingOut,
    GET("/reports/aging"),
    .effect = EFFECT_READ,
    .needs = PERM_READ_OWN,
    .summary = "What is open by days past due, by account, as of any day.")
{
    Date as_of = in->as_of != DATE_NONE ? in->as_of : cx->today;
    Date known_at = in->known_at != DATE_NONE ? in->known_at : DATE_MAX;
    bool is_now = as_of >= cx->today && known_at >= cx->today;
    Aged aged = {.as_of = as_of};
    const Sql *open = is_now ? &sql_open_now_list : &sql_open_then_list;
    TRY(db_scan(cx, open, ARGS(arg_i64(in->account.id), arg_date(as_of), arg_date(known_at)),
        open_take, &aged));
    aged.at = 0;
    if (known_at != DATE_MAX) {
        TRY(db_scan(cx, &sql_due_later_list,
            ARGS(arg_i64(in->account.id), arg_date(as_of), arg_date(known_at)), due_later_take,
            &aged));
        aged.at = 0;
    }
    TRY(db_scan(cx, &sql_unapplied_list,
        ARGS(arg_i64(in->account.id), arg_date(as_of), arg_date(known_at)), unapplied_take, &aged));
    AgingItem *items = arena_array(cx->arena, aged.count, sizeof *items);
    Totals totals = {arena_array(cx->arena, aged.count + 1, sizeof(Aging)), 0};
    size_t count = 0;
    Org org;
    TRY(org_load(cx, &org));
    for (size_t i = 0; i < aged.count; i++) {
        if (!aging_is_zero(&aged.items[i].aging)) {
            items[count++] = item_of(&aged.items[i]);
            total_take(&totals, &aged.items[i].aging);
        }
    }
    *out = (AgingOut){
        .as_of = as_of, .items = {items, count}, .total = totals_text(cx, &totals, org.currency)};
    return ERR_OK;
}

const Feature aging_feature = {
    .name = "aging",
    .ops = (const Op *const[]){&op_aging_report, NULL},
};
