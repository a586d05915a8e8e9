/* The aging report: what is open by days past due, account by account,
 * as of any day and as it was known on any day. As it stands it comes from the portfolio in memory;
 * a past day from the books. */
#include "rules/aging.h"

#include "base/json.h"
#include "feature/features.h"
#include "feature/invoice.h"
#include "feature/org.h"
#include "feature/portfolio/page.h"
#include "op/op.h"
#include "op/run.h"

#include <string.h>

static const char *const aging_sort_names[] = {"", "account", "total", "overdue", NULL};
typedef enum AgingSort { SORT_NONE, SORT_ACCOUNT, SORT_TOTAL, SORT_OVERDUE } AgingSort;

typedef struct AgingIn {
    Date as_of;
    Ref account;
    Date known_at;
    int sort;
    OptInt limit;
    const char *cursor;
} AgingIn;

SCHEMA(AgingIn,
    F_DATE(AgingIn, as_of, .doc = "The business date when absent."),
    F_REF(AgingIn, account, "account"),
    F_DATE(
        AgingIn, known_at, .doc = "Only what was booked by this business date; all when absent."),
    F_ENUM(AgingIn,
        sort,
        aging_sort_names,
        .doc = "By account in the order in which they were opened, when absent; else the largest "
               "first."),
    F_PAGE_LIMIT(AgingIn, "Accounts of a page; all when it and sort are absent, else 50."),
    F_PAGE_CURSOR(AgingIn));

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
    const char *next;
} AgingOut;

SCHEMA(AgingOut,
    F_DATE(AgingOut, as_of),
    F_LIST(AgingOut, items, AgingItem, .doc = "Accounts with anything but zeros."),
    F_JSON(AgingOut, total, .doc = "Of all pages; flat in one currency, else by currency."),
    F_PAGE_NEXT(AgingOut));

/* ---- What was open: by account and due date, in the order of accounts ---- */

/* As of a past day: invoices dated by then and known by then, less what was allocated to them as of
 * then. A longer due date is known from the day on which it was approved; before, an invoice was
 * due by the terms. */
static const Sql sql_open_list = {
    "SELECT a.id, a.currency, i.due_on, CAST(SUM(i.amount - COALESCE((SELECT "
    "CAST(SUM(l.amount) AS BIGINT)"
    "   FROM allocation l WHERE l.account_id = i.account_id AND l.invoice_id = i.id"
    "   AND l.effective_on <= $2 AND l.booked_on <= $3), 0)) AS BIGINT)"
    " FROM invoice i JOIN account a ON a.id = i.account_id JOIN partner p ON p.id = a.partner_id"
    " WHERE ($1 = 0 OR i.account_id = $1) AND i.invoiced_on <= $2 AND i.booked_on <= $3"
    " AND (i.reversed_on IS NULL OR i.reversed_on > $2 OR i.reversed_on > $3)"
    " AND {visible:p} GROUP BY a.id, a.currency, i.due_on ORDER BY a.id, i.due_on",
    .in = "idd",
    .out = "ktdi",
};

/* Of these the ones whose longer due date was approved later than that. */
static const Sql sql_due_later_list = {
    "SELECT a.id, a.currency, i.due_on, i.amount - CAST(COALESCE((SELECT SUM(l.amount)"
    "   FROM allocation l WHERE l.account_id = i.account_id AND l.invoice_id = i.id"
    "   AND l.effective_on <= $2 AND l.booked_on <= $3), 0) AS BIGINT), y.input"
    " FROM approval y JOIN invoice i ON i.account_id = y.account_id AND i.id = y.subject_id"
    " JOIN account a ON a.id = i.account_id JOIN partner p ON p.id = a.partner_id"
    " WHERE y.operation = 'invoice_post' AND y.status = 'approved' AND y.ended_on > $3"
    " AND ($1 = 0 OR i.account_id = $1) AND i.invoiced_on <= $2 AND i.booked_on <= $3"
    " AND (i.reversed_on IS NULL OR i.reversed_on > $2 OR i.reversed_on > $3)"
    " AND {visible:p} ORDER BY a.id",
    .in = "idd",
    .out = "ktdit",
};

/* Unallocated money and cheques on hand, from the entries as of then. */
static const Sql sql_unapplied_list = {
    "SELECT a.id, a.currency,"
    " CAST(SUM(CASE WHEN e.to_bucket = 'advance' THEN e.amount WHEN e.from_bucket = 'advance' THEN "
    "-e.amount ELSE 0 END)"
    "   AS BIGINT),"
    " CAST(SUM(CASE WHEN e.to_bucket = 'cheque' THEN e.amount WHEN e.from_bucket = 'cheque' THEN "
    "-e.amount ELSE 0 END)"
    "   AS BIGINT)"
    " FROM entry e JOIN account a ON a.id = e.account_id JOIN partner p ON p.id = a.partner_id"
    " WHERE ($1 = 0 OR e.account_id = $1) AND e.posted_on <= $2 AND e.booked_on <= $3"
    " AND (e.to_bucket = 'advance' OR e.from_bucket = 'advance' OR e.to_bucket = 'cheque' OR "
    "e.from_bucket = 'cheque')"
    " AND {visible:p} GROUP BY a.id, a.currency ORDER BY a.id",
    .in = "idd",
    .out = "ktii",
};

typedef struct AgedAccount {
    Id id;
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
    TRY(db_currency(cx, row, 1, &currency));
    *ret_account = aged_insert(cx, aged);
    **ret_account = (AgedAccount){
        .id = id,
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
        &account->aging, db_date(row, 2), aged->as_of, money_of(account->currency, db_i64(row, 3)));
    return ERR_OK;
}

/* Out of the bucket of the longer date, into that of the terms. */
static Err due_later_take(Ctx *cx, const Rows *row, void *user)
{
    Aged *aged = user;
    AgedAccount *account = NULL;
    Date by_terms = DATE_NONE;
    ArenaMark mark = arena_mark(cx->arena);
    Err code = invoice_due_by_terms(cx, db_text(row, 4), &by_terms);
    if (code != ERR_OK) {
        return code;
    }
    arena_rewind(cx->arena, mark);
    if (by_terms == DATE_NONE) {
        return ERR_OK; /* requests once did not tell */
    }
    TRY(aged_at(cx, aged, row, &account));
    Money open = money_of(account->currency, db_i64(row, 3));
    aging_add(&account->aging, db_date(row, 2), aged->as_of, money_neg(open));
    aging_add(&account->aging, by_terms, aged->as_of, open);
    return ERR_OK;
}

static Err unapplied_take(Ctx *cx, const Rows *row, void *user)
{
    if (db_i64(row, 2) == 0 && db_i64(row, 3) == 0) {
        return ERR_OK;
    }
    AgedAccount *account = NULL;
    TRY(aged_at(cx, user, row, &account));
    aging_add_advance(&account->aging, money_of(account->currency, db_i64(row, 2)));
    aging_add_cheque(&account->aging, money_of(account->currency, db_i64(row, 3)));
    return ERR_OK;
}

static Err aged_then(Ctx *cx, const AgingIn *in, Date known_at, Aged *aged)
{
    Arg args[] = {arg_i64(in->account.id), arg_date(aged->as_of), arg_date(known_at)};
    TRY(db_scan(cx, &sql_open_list, args, COUNT(args), open_take, aged));
    aged->at = 0;
    if (known_at != DATE_MAX) {
        TRY(db_scan(cx, &sql_due_later_list, args, COUNT(args), due_later_take, aged));
        aged->at = 0;
    }
    return db_scan(cx, &sql_unapplied_list, args, COUNT(args), unapplied_take, aged);
}

/* ---- What is open ---- */

static void aged_add(Aged *aged, const PortfolioAccount *account)
{
    Currency currency = account->currency;
    AgedAccount *item = &aged->items[aged->count++];
    *item = (AgedAccount){.id = account->id, .currency = currency, .aging = aging_empty(currency)};
    aging_add_all(&item->aging, account->due_on, account->open, account->open_count, aged->as_of);
    aging_add_cheque(&item->aging, money_of(currency, account->cheque));
    aging_add_advance(&item->aging, money_of(currency, account->advance));
}

/* *ret_is_now false: something was booked later than the day that is asked about. */
static Err portfolio_age(
    Ctx *cx, const Portfolio *portfolio, Date known_at, Aged *aged, bool *ret_is_now)
{
    const bool *is_seen = NULL;
    TRY(page_sight(cx, portfolio, &is_seen));
    aged->items = arena_array(cx->arena, portfolio->count, sizeof *aged->items);
    aged->size = portfolio->count;
    Date latest = DATE_NONE;
    for (size_t i = 0; i < portfolio->count; i++) {
        const PortfolioAccount *account = &portfolio->accounts[i];
        latest = account->moved_on > latest ? account->moved_on : latest;
        if (account->currency != 0 && (is_seen == NULL || is_seen[i])) {
            aged_add(aged, account);
        }
    }
    *ret_is_now = latest <= aged->as_of && latest <= known_at;
    return ERR_OK;
}

static Err aged_now(Ctx *cx, const AgingIn *in, Date known_at, Aged *aged, bool *ret_is_now)
{
    Portfolio *portfolio = NULL;
    TRY(portfolio_take(cx, in->account.id, &portfolio));
    Err code = portfolio_age(cx, portfolio, known_at, aged, ret_is_now);
    portfolio_give(cx, portfolio);
    return code;
}

static Err aged_read(Ctx *cx, const AgingIn *in, Aged *aged)
{
    Date known_at = in->known_at != DATE_NONE ? in->known_at : DATE_MAX;
    bool is_now = aged->as_of >= cx->today && known_at >= cx->today;
    if (is_now) {
        TRY(aged_now(cx, in, known_at, aged, &is_now));
    }
    if (is_now) {
        return ERR_OK;
    }
    *aged = (Aged){.as_of = aged->as_of};
    return aged_then(cx, in, known_at, aged);
}

/* ---- Totals ---- */

typedef struct Total {
    Currency currency;
    Aging aging;
} Total;

static void total_take(Ctx *cx, CurrencySums *totals, const Aging *aging)
{
    Total *total = currency_sums(cx, totals, aging->total.currency);
    if (total->aging.total.currency == 0) {
        total->aging = aging_empty(total->currency);
    }
    aging_sum(&total->aging, aging);
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

static const char *totals_text(Ctx *cx, const CurrencySums *sums, Currency home)
{
    const Total *totals = sums->items;
    Buf text = buf_in(cx->arena);
    JsonWriter w = json_writer(&text);
    if (sums->count == 0 && home != 0) {
        Aging nothing = aging_empty(home);
        total_write(&w, &nothing);
        return buf_text(&text);
    }
    if (sums->count == 1) {
        total_write(&w, &totals[0].aging);
        return buf_text(&text);
    }
    json_open(&w, '{');
    for (size_t i = 0; i < sums->count; i++) {
        char code[CURRENCY_TEXT_SIZE];
        currency_format(totals[i].currency, code);
        json_key(&w, code);
        total_write(&w, &totals[i].aging);
    }
    json_close(&w, '}');
    return buf_text(&text);
}

static AgingItem item_of(const AgedAccount *account, const PageRow *row)
{
    const Aging *aging = &account->aging;
    return (AgingItem){
        .account = row->account,
        .partner_name = row->partner_name,
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

static int64_t sort_value(const Aging *aging, int sort)
{
    switch ((AgingSort)sort) {
    case SORT_TOTAL:
        return aging->total.minor;
    case SORT_OVERDUE:
        return aging_overdue(aging).minor;
    case SORT_NONE:
    case SORT_ACCOUNT:
    default:
        return 0;
    }
}

static size_t page_limit(const AgingIn *in, const Aged *aged)
{
    if (in->limit.is_set) {
        return (size_t)in->limit.value;
    }
    return in->sort == SORT_NONE ? aged->count : LIMIT_PAGE_DEFAULT;
}

OP(aging_report,
    AgingIn,
    AgingOut,
    GET("/reports/aging"),
    .effect = EFFECT_READ,
    .needs = PERM_READ_OWN,
    .summary = "What is open by days past due, by account, as of any day.",
    FAILS(ERR_FIELD_INVALID))
{
    Aged aged = {.as_of = in->as_of != DATE_NONE ? in->as_of : cx->today};
    Page page;
    Org org;
    TRY(aged_read(cx, in, &aged));
    TRY(org_load(cx, &org));
    TRY(page_start(cx, page_limit(in, &aged), in->cursor, &page));
    CurrencySums totals = {.size = sizeof(Total)};
    for (size_t i = 0; i < aged.count; i++) {
        const AgedAccount *account = &aged.items[i];
        if (!aging_is_zero(&account->aging)) {
            total_take(cx, &totals, &account->aging);
            page_offer(&page, sort_value(&account->aging, in->sort), account->id, i);
        }
    }
    TRY(page_end(cx, &page, &out->next));
    AgingItem *items = arena_array(cx->arena, page.count, sizeof *items);
    for (size_t i = 0; i < page.count; i++) {
        items[i] = item_of(&aged.items[page.rows[i].at], &page.rows[i]);
    }
    out->as_of = aged.as_of;
    out->items = (List){items, page.count};
    out->total = totals_text(cx, &totals, org.currency);
    return ERR_OK;
}

const Feature aging_feature = {
    .name = "aging",
    .ops = (const Op *const[]){&op_aging_report, NULL},
};
