/* Finding records by what people type: names, codes, numbers, and Chinese names by their sound. */
#include "feature/features.h"

#include "base/spell.h"
#include "feature/order.h"
#include "feature/search/term.h"
#include "op/op.h"
#include "op/run.h"

#include <stdlib.h>
#include <string.h>

/* In the order in which they are shown when all else is equal. */
typedef enum Kind {
    KIND_NONE,
    KIND_ACCOUNT,
    KIND_PARTNER,
    KIND_CONTACT,
    KIND_PRODUCT,
    KIND_ORDER, /* from here on documents, which are found by their number */
    KIND_INVOICE,
    KIND_CREDIT_NOTE,
    KIND_SHIPMENT,
    KIND_RETURN,
    KIND_PAYMENT,
    KIND_COUNT
} Kind;

/* Each is the name of a reference and of a record: its letter and who reads it are said there. */
static const char *const kind_names[] = {"", "account", "partner", "contact", "product", "order",
    "invoice", "credit_note", "shipment", "return", "payment", NULL};

static const char *const how_names[] = {
    "", "exact", "code", "name", "word", "pinyin", "initials", "field", NULL};
enum {
    HOW_EXACT = 1,
    HOW_OF_TERM = 1, /* what a term's own is moved by */
    HOW_FIELD = TERM_FIELD + HOW_OF_TERM,
};

typedef struct SearchIn {
    const char *q;
    int kind;
    OptInt limit;
} SearchIn;

SCHEMA(SearchIn,
    F_TEXT(SearchIn,
        q,
        .max_len = 200,
        .doc = "Part of a name from the beginning of a word or of a Chinese character, its pinyin "
               "or the initials of that; a text in a field that the organisation "
               "added; a code, a document's number, a telephone number, a mail "
               "address from their beginning. Several words: all of them, in any order. Without it "
               "nothing is found."),
    F_ENUM(SearchIn, kind, kind_names, .doc = "Only this kind; all kinds when absent."),
    F_OPT_INT(SearchIn, limit, .min = 1, .max = 50, .doc = "20 when absent."));

typedef struct SearchHit {
    const char *id;
    int kind;
    int how;
    const char *code;
    const char *name;
    const char *account;
    const char *partner;
    const char *status;
    Currency currency;
    Money amount;
    Date on;
    const char *field;
    const char *value;
} SearchHit;

SCHEMA(SearchHit,
    F_TEXT(SearchHit, id),
    F_ENUM(SearchHit, kind, kind_names),
    F_ENUM(SearchHit, how, how_names, .doc = "How it was found; what was found better is first."),
    F_TEXT(SearchHit, code, .doc = "Or the document's number, the payment's reference."),
    F_TEXT(SearchHit, name, .doc = "Of an account and a document the partner's."),
    F_TEXT(SearchHit, account, .doc = "Its code."),
    F_TEXT(SearchHit, partner, .doc = "Its code."),
    F_TEXT(SearchHit, status, .doc = "Of an account its state; a contact's title."),
    F_CURRENCY(SearchHit, currency),
    F_MONEY(SearchHit, amount),
    F_DATE(SearchHit, on),
    F_TEXT(SearchHit, field, .doc = "By whose text it was found, when the organisation added it."),
    F_TEXT(SearchHit, value, .doc = "That text."));

typedef struct SearchOut {
    List items;
} SearchOut;

SCHEMA(SearchOut, F_LIST(SearchOut, items, SearchHit));

/* ---- What was found, before it is shown ---- */

typedef struct Hit {
    int how;
    Kind kind;
    Id id;
    Id group; /* the partner it stands with; of others its own id */
    Id found; /* the record that has the term: of an account maybe its partner */
    const char *term;
    SearchHit item;
} Hit;

enum { HITS_MAX = 2048 };

typedef struct Hits {
    Hit *items;
    size_t count;
} Hits;

static void hit_add(Hits *hits, Hit hit)
{
    for (size_t i = 0; i < hits->count; i++) {
        if (hits->items[i].id == hit.id) {
            return; /* found before, and so better */
        }
    }
    if (hits->count < HITS_MAX) {
        hits->items[hits->count++] = hit;
    }
}

/* An account stands at its partner. */
static int rank(Kind kind)
{
    return kind == KIND_PARTNER ? (int)KIND_ACCOUNT : (int)kind;
}

static int hit_compare(const void *a, const void *b)
{
    const Hit *first = a;
    const Hit *second = b;
    if (first->how != second->how) {
        return first->how - second->how;
    }
    if (rank(first->kind) != rank(second->kind)) {
        return rank(first->kind) - rank(second->kind);
    }
    int by_term = strcmp(first->term, second->term);
    if (by_term != 0) {
        return by_term;
    }
    if (first->group != second->group) {
        return first->group < second->group ? -1 : 1;
    }
    if (first->kind != second->kind) {
        return (int)first->kind - (int)second->kind;
    }
    return first->id < second->id ? -1 : first->id > second->id ? 1 : 0;
}

/* What sorts behind everything that begins with the text. */
static const char *end_of(Arena *arena, const char *text)
{
    return arena_printf(arena, "%s\xf4\x8f\xbf\xbf", text);
}

/* ---- By terms ---- */

/* The terms that begin so, of the kinds $4 (in commas); $6 of them are looked through for $5 that
 * the caller may see. */
#define TERMS_OF                                                                                   \
    "SELECT s.kind, s.record_id, s.partner_id, s.term FROM (SELECT kind, record_id, partner_id, "  \
    "term FROM search_term WHERE how = $1 AND term >= $2 AND term < $3"                            \
    " AND replace($4, ',' || kind || ',', '') <> $4 ORDER BY term, record_id LIMIT $6) s"          \
    " LEFT JOIN partner p ON p.id = s.partner_id WHERE $5 > 0"
#define TERMS_ORDER " ORDER BY s.term, s.record_id LIMIT $5"
#define TERMS_WITH(from, until)                                                                    \
    " AND EXISTS (SELECT 1 FROM search_term x WHERE x.record_id = s.record_id"                     \
    " AND x.term >= " from " AND x.term < " until ")"

static const Sql sql_term_list = {TERMS_OF " AND {visible:p}" TERMS_ORDER, "itttii", "tkkt"};
static const Sql sql_terms_list = {TERMS_OF " AND {visible:p}" TERMS_WITH("$7", "$8")
                                       TERMS_WITH("$9", "$10") TERMS_ORDER,
    "itttiitttt", "tkkt"};

static const Sql sql_accounts_of = {
    "SELECT id FROM account WHERE partner_id = $1 ORDER BY id LIMIT 3",
    .in = "k",
    .out = "k",
};

/* Who sees but part of the records may have to type one letter more than who sees all: of what
 * begins alike, so many are looked through. */
enum { DEPTH = 1000 };

typedef struct Search {
    const char *kinds;     /* ",account,partner," */
    const char *looked_at; /* the same, with partners where accounts are found by their names */
    const char *typed;     /* as it was typed, without blanks at its ends */
    const char *whole;     /* the same as a term */
    int64_t limit;
    int64_t depth; /* so many are looked through of what begins so */
    Hits *hits;
} Search;

static bool is_wanted(const Search *search, Kind kind)
{
    const char *at = strstr(search->kinds, kind_names[kind]);
    size_t length = strlen(kind_names[kind]);
    for (; at != NULL; at = strstr(at + 1, kind_names[kind])) {
        if (at[-1] == ',' && at[length] == ',') {
            return true;
        }
    }
    return false;
}

/* Whoever looks for a partner means its account as often. */
static Err partner_add(Ctx *cx, const Search *search, const Hit *partner)
{
    Rows rows;
    if (!is_wanted(search, KIND_ACCOUNT)) {
        return ERR_OK;
    }
    TRY(db_ask(cx, &sql_accounts_of, ARGS(arg_id(partner->id)), &rows));
    while (db_next(&rows)) {
        Hit hit = *partner;
        hit.kind = KIND_ACCOUNT;
        hit.id = db_id(&rows, 0);
        hit_add(search->hits, hit);
    }
    return ERR_OK;
}

static Err term_rows(Ctx *cx, const Search *search, TermHow how, const char *exact, Rows *rows)
{
    while (db_next(rows)) {
        int kind = 0;
        TRY(db_name(cx, rows, 0, kind_names, &kind));
        const char *term = db_text(rows, 3);
        bool is_exact = how == TERM_CODE && exact != NULL && strcmp(term, exact) == 0;
        Hit hit = {
            .how = is_exact ? HOW_EXACT : (int)how + HOW_OF_TERM,
            .kind = (Kind)kind,
            .id = db_id(rows, 1),
            .group = db_id(rows, 2) == 0 ? db_id(rows, 1) : db_id(rows, 2),
            .found = db_id(rows, 1),
            .term = term,
        };
        if (is_wanted(search, hit.kind)) {
            hit_add(search->hits, hit);
        }
        if (hit.kind == KIND_PARTNER) {
            TRY(partner_add(cx, search, &hit));
        }
    }
    return ERR_OK;
}

static Err by_whole(Ctx *cx, const Search *search)
{
    const char *end = end_of(cx->arena, search->whole);
    for (int how = TERM_CODE; how <= (int)TERM_FIELD; how++) {
        Rows rows;
        TRY(db_ask(cx, &sql_term_list,
            ARGS(arg_i64(how), arg_text(search->whole), arg_text(end), arg_text(search->looked_at),
                arg_i64(search->limit), arg_i64(search->depth)),
            &rows));
        TRY(term_rows(cx, search, (TermHow)how, search->whole, &rows));
    }
    return ERR_OK;
}

enum { WORDS_MAX = 3 };

/* The longest is looked for, the others have to be there too: a further word that is absent is in
 * all of them. */
static Err by_words(Ctx *cx, const Search *search)
{
    const char *words[WORDS_MAX] = {"", "", ""};
    size_t count = 0;
    for (const char *at = spell_fold(cx->arena, search->typed); *at != '\0' && count < WORDS_MAX;) {
        size_t length = strcspn(at, " ");
        words[count++] = arena_copy(cx->arena, at, length);
        at += length + strspn(at + length, " ");
        if (strlen(words[count - 1]) > strlen(words[0])) {
            const char *longest = words[count - 1];
            words[count - 1] = words[0];
            words[0] = longest;
        }
    }
    if (count < 2) {
        return ERR_OK;
    }
    const char *ends[WORDS_MAX];
    for (size_t i = 0; i < WORDS_MAX; i++) {
        words[i] = term_text(cx->arena, words[i]); /* no longer than terms are */
        ends[i] = end_of(cx->arena, words[i]);
    }
    for (int how = TERM_CODE; how <= (int)TERM_FIELD; how++) {
        Rows rows;
        TRY(db_ask(cx, &sql_terms_list,
            ARGS(arg_i64(how), arg_text(words[0]), arg_text(ends[0]), arg_text(search->looked_at),
                arg_i64(search->limit), arg_i64(DEPTH), arg_text(words[1]), arg_text(ends[1]),
                arg_text(words[2]), arg_text(ends[2])),
            &rows));
        TRY(term_rows(cx, search, (TermHow)how, NULL, &rows));
    }
    return ERR_OK;
}

/* ---- What a hit shows ---- */

/* Each answers: code, name, account, partner, status, currency. Sight was asked before. */
static const Sql sql_show_account = {
    "SELECT a.code, p.name, a.code, p.code, a.state, a.currency"
    " FROM account a JOIN partner p ON p.id = a.partner_id WHERE a.id = $1",
    "k", "tttttt"};
static const Sql sql_show_partner = {
    "SELECT p.code, p.name, CAST(NULL AS TEXT), p.code, CAST(NULL AS TEXT), CAST(NULL AS TEXT)"
    " FROM partner p WHERE p.id = $1",
    "k", "tttttt"};
static const Sql sql_show_contact = {
    "SELECT COALESCE(r.phone, r.email), r.name, CAST(NULL AS TEXT), p.code, r.title,"
    " CAST(NULL AS TEXT) FROM contact r JOIN partner p ON p.id = r.partner_id WHERE r.id = $1",
    "k", "tttttt"};
static const Sql sql_show_product = {
    "SELECT r.code, r.name, CAST(NULL AS TEXT), CAST(NULL AS TEXT), CAST(NULL AS TEXT),"
    " CAST(NULL AS TEXT) FROM product r WHERE r.id = $1",
    "k", "tttttt"};

static const Sql *const shows[KIND_COUNT] = {
    [KIND_ACCOUNT] = &sql_show_account,
    [KIND_PARTNER] = &sql_show_partner,
    [KIND_CONTACT] = &sql_show_contact,
    [KIND_PRODUCT] = &sql_show_product,
};

static Err item_read(Ctx *cx, const Rows *row, SearchHit *item)
{
    item->code = db_text(row, 0);
    item->name = db_text(row, 1);
    item->account = db_text(row, 2);
    item->partner = db_text(row, 3);
    item->status = db_text(row, 4);
    return db_is_null(row, 5) ? ERR_OK : db_currency(cx, row, 5, &item->currency);
}

static const Sql sql_show_order = {
    "SELECT o.number, p.name, a.code, p.code, " ORDER_STATUS_NOW(
        "o", "$2") ", a.currency, o.total,"
                   " o.ordered_on FROM sales_order o JOIN account a ON a.id = o.account_id"
                   " JOIN partner p ON p.id = a.partner_id WHERE o.id = $1",
    "kd", "ttttttid"};

static Err order_show(Ctx *cx, Hit *hit)
{
    Rows rows;
    TRY(db_one(cx, &sql_show_order, ARGS(arg_id(hit->id), arg_date(cx->today)), "what a term names",
        &rows));
    TRY(item_read(cx, &rows, &hit->item));
    hit->item.amount = money_of(hit->item.currency, db_i64(&rows, 6));
    hit->item.on = db_date(&rows, 7);
    return ERR_OK;
}

static const Sql sql_texts_of = {
    "SELECT f.code, v.text_value FROM custom_value v JOIN custom_field f ON f.id = v.field_id"
    " WHERE v.record_id = $1 AND f.kind = 'text' AND NOT f.is_retired ORDER BY f.place, f.id",
    .in = "k",
    .out = "tt",
};

/* No field of it when the one that has it is retired. */
static Err field_show(Ctx *cx, Hit *hit)
{
    Rows rows;
    TRY(db_ask(cx, &sql_texts_of, ARGS(arg_id(hit->found)), &rows));
    while (hit->item.field == NULL && db_next(&rows)) {
        if (term_is_of(cx->arena, db_text(&rows, 1), hit->term)) {
            hit->item.field = db_text(&rows, 0);
            hit->item.value = db_text(&rows, 1);
        }
    }
    return ERR_OK;
}

static Err hit_show(Ctx *cx, Hit *hit)
{
    SearchHit *item = &hit->item;
    if (hit->how == HOW_FIELD) {
        TRY(field_show(cx, hit));
    }
    if (hit->kind == KIND_ORDER && item->code == NULL) {
        TRY(order_show(cx, hit));
    }
    if (shows[hit->kind] != NULL) {
        Rows rows;
        TRY(db_one(cx, shows[hit->kind], ARGS(arg_id(hit->id)), "what a term names", &rows));
        TRY(item_read(cx, &rows, item));
    }
    item->id = id_text(cx->arena, ref_kind(kind_names[hit->kind])->letter, hit->id);
    item->kind = (int)hit->kind;
    item->how = hit->how;
    return ERR_OK;
}

/* ---- By numbers ---- */

/* Documents whose number begins so, with what is shown of them: the same columns as above, then
 * amount, day, id. */
#define DOCUMENT_OF(table, number, status, amount, on)                                             \
    "SELECT r." number ", p.name, a.code, p.code, " status ", a.currency, r." amount ", r." on     \
    ", r.id FROM " table " r JOIN account a ON a.id = r.account_id"                                \
    " JOIN partner p ON p.id = a.partner_id WHERE r.id IN (SELECT d.id FROM " table                \
    " d WHERE d." number " >= $1 AND d." number " < $2 ORDER BY d." number ", d.id LIMIT $4)"
#define BY_NUMBER " ORDER BY r.number, r.id LIMIT $3"
#define BY_REFERENCE " ORDER BY r.reference, r.id LIMIT $3"
#define DOCUMENT_LETTERS .in = "ttii", .out = "ttttttidk"

/* $5: the business date, by which an order is held again. */
#define ORDER_LETTERS .in = "ttiid", .out = "ttttttidk"

#define ORDERS                                                                                     \
    DOCUMENT_OF("sales_order", "number", ORDER_STATUS_NOW("r", "$5"), "total", "ordered_on")
#define INVOICES DOCUMENT_OF("invoice", "number", "r.status", "amount", "invoiced_on")
#define NOTES DOCUMENT_OF("credit_note", "number", "r.status", "amount", "posted_on")
#define SHIPMENTS DOCUMENT_OF("shipment", "number", "r.status", "amount", "shipped_on")
#define RETURNS DOCUMENT_OF("goods_return", "number", "r.status", "amount", "returned_on")
#define PAYMENTS DOCUMENT_OF("payment", "reference", "r.status", "amount", "received_on")

static const Sql sql_order_list = {ORDERS " AND {visible:p}" BY_NUMBER, ORDER_LETTERS};
static const Sql sql_invoice_list = {INVOICES " AND {visible:p}" BY_NUMBER, DOCUMENT_LETTERS};
static const Sql sql_note_list = {NOTES " AND {visible:p}" BY_NUMBER, DOCUMENT_LETTERS};
static const Sql sql_shipment_list = {SHIPMENTS " AND {visible:p}" BY_NUMBER, DOCUMENT_LETTERS};
static const Sql sql_return_list = {RETURNS " AND {visible:p}" BY_NUMBER, DOCUMENT_LETTERS};
static const Sql sql_payment_list = {PAYMENTS " AND {visible:p}" BY_REFERENCE, DOCUMENT_LETTERS};

static const Sql *const numbers[KIND_COUNT] = {
    [KIND_ORDER] = &sql_order_list,
    [KIND_INVOICE] = &sql_invoice_list,
    [KIND_CREDIT_NOTE] = &sql_note_list,
    [KIND_SHIPMENT] = &sql_shipment_list,
    [KIND_RETURN] = &sql_return_list,
    [KIND_PAYMENT] = &sql_payment_list,
};

/* The highest number, whoever may see it: of it only the form is looked at. */
static const Sql sql_order_last = {"SELECT MAX(number) FROM sales_order", .in = "", .out = "t"};
static const Sql sql_invoice_last = {"SELECT MAX(number) FROM invoice", .in = "", .out = "t"};
static const Sql sql_note_last = {"SELECT MAX(number) FROM credit_note", .in = "", .out = "t"};
static const Sql sql_shipment_last = {"SELECT MAX(number) FROM shipment", .in = "", .out = "t"};
static const Sql sql_return_last = {"SELECT MAX(number) FROM goods_return", .in = "", .out = "t"};

static const Sql *const lasts[KIND_COUNT] = {
    [KIND_ORDER] = &sql_order_last,
    [KIND_INVOICE] = &sql_invoice_last,
    [KIND_CREDIT_NOTE] = &sql_note_last,
    [KIND_SHIPMENT] = &sql_shipment_last,
    [KIND_RETURN] = &sql_return_last,
};

static Err documents_add(Ctx *cx, const Search *search, Kind kind, const char *typed)
{
    Rows rows;
    const Arg args[] = {arg_text(typed), arg_text(end_of(cx->arena, typed)), arg_i64(search->limit),
        arg_i64(search->depth), arg_date(cx->today)};
    TRY(db_ask(cx, numbers[kind], args, COUNT(args) - (kind == KIND_ORDER ? 0 : 1), &rows));
    while (db_next(&rows)) {
        Hit hit = {.kind = kind, .id = db_id(&rows, 8), .term = db_text(&rows, 0)};
        hit.group = hit.id;
        hit.how = strcmp(hit.term, typed) == 0 ? HOW_EXACT : (int)TERM_CODE + HOW_OF_TERM;
        TRY(item_read(cx, &rows, &hit.item));
        hit.item.amount = money_of(hit.item.currency, db_i64(&rows, 6));
        hit.item.on = db_date(&rows, 7);
        hit_add(search->hits, hit);
    }
    return ERR_OK;
}

static size_t digits_at_end(const char *text)
{
    size_t length = strlen(text);
    size_t count = 0;
    while (count < length && text[length - count - 1] >= '0' && text[length - count - 1] <= '9') {
        count++;
    }
    return count;
}

/* Of "INV-000102" people type 102. */
static Err by_digits(Ctx *cx, const Search *search, Kind kind)
{
    size_t typed = strlen(search->typed);
    Rows rows;
    if (lasts[kind] == NULL || digits_at_end(search->typed) != typed) {
        return ERR_OK;
    }
    TRY(db_ask(cx, lasts[kind], NO_ARGS, &rows));
    const char *last = db_next(&rows) ? db_text(&rows, 0) : NULL;
    size_t digits = last == NULL ? 0 : digits_at_end(last);
    if (digits == 0 || digits == strlen(last)) {
        return ERR_OK;
    }
    const char *before = arena_copy(cx->arena, last, strlen(last) - digits);
    int zeros = typed < digits ? (int)(digits - typed) : 0;
    TRY(documents_add(cx, search, kind,
        arena_printf(cx->arena, "%s%.*s%s", before, zeros, "000000000000000000", search->typed)));
    return documents_add(cx, search, kind, arena_printf(cx->arena, "%s%s", before, search->typed));
}

/* Numbers are mostly in capitals, and people type small letters. */
static Err by_number(Ctx *cx, const Search *search)
{
    char *capitals = arena_str(cx->arena, search->typed);
    for (char *at = capitals; *at != '\0'; at++) {
        *at = *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at;
    }
    bool differs = strcmp(capitals, search->typed) != 0;
    for (int kind = KIND_ORDER; kind < (int)KIND_COUNT; kind++) {
        if (is_wanted(search, (Kind)kind)) {
            TRY(documents_add(cx, search, (Kind)kind, capitals));
            TRY(by_digits(cx, search, (Kind)kind));
            if (differs) {
                TRY(documents_add(cx, search, (Kind)kind, search->typed));
            }
        }
    }
    return ERR_OK;
}

/* ---- The operation ---- */

/* What the caller may read of what is asked for: that is said where each record is declared. */
static const char *kinds_of(Ctx *cx, int kind)
{
    Buf kinds = buf_in(cx->arena);
    for (int i = 1; i < (int)KIND_COUNT; i++) {
        const Op *read = op_by_name(arena_printf(cx->arena, "%s_get", kind_names[i]));
        ASSERT(read != NULL);
        if ((kind == 0 || kind == i) && actor_may(cx->actor, read->needs)) {
            buf_printf(&kinds, "%s%s,", kinds.length == 0 ? "," : "", kind_names[i]);
        }
    }
    return buf_text(&kinds);
}

static const char *trimmed(Arena *arena, const char *text)
{
    size_t start = strspn(text, " \t\n");
    size_t length = strlen(text);
    while (length > start && strchr(" \t\n", text[length - 1]) != NULL) {
        length--;
    }
    return arena_copy(arena, text + start, length - start);
}

OP(search,
    SearchIn,
    SearchOut,
    GET("/search"),
    .effect = EFFECT_READ,
    .needs = PERM_READ_OWN,
    .summary = "Find partners, accounts, contacts, products and documents by what one types.")
{
    Hits hits = {.items = arena_array(cx->arena, HITS_MAX, sizeof(Hit))};
    Search search = {
        .kinds = kinds_of(cx, in->kind),
        .typed = trimmed(cx->arena, in->q == NULL ? "" : in->q),
        .limit = in->limit.is_set ? in->limit.value : 20,
        .hits = &hits,
    };
    bool sees_all = cx->actor->partner_id == 0 && !cx->actor->has_territories;
    search.depth = sees_all ? search.limit : DEPTH;
    search.looked_at =
        is_wanted(&search, KIND_ACCOUNT) && !is_wanted(&search, KIND_PARTNER)
            ? arena_printf(cx->arena, "%s%s,", search.kinds, kind_names[KIND_PARTNER])
            : search.kinds;
    search.whole = term_text(cx->arena, search.typed);
    if (search.typed[0] != '\0') {
        TRY(by_number(cx, &search));
    }
    if (search.whole[0] != '\0') {
        TRY(by_whole(cx, &search));
        TRY(by_words(cx, &search));
    }
    qsort(hits.items, hits.count, sizeof(Hit), hit_compare);
    size_t count = hits.count < (size_t)search.limit ? hits.count : (size_t)search.limit;
    SearchHit *items = arena_array(cx->arena, count, sizeof *items);
    size_t shown = 0;
    for (size_t i = 0; i < count; i++) {
        TRY(hit_show(cx, &hits.items[i]));
        items[shown] = hits.items[i].item;
        shown += hits.items[i].how != HOW_FIELD || items[shown].field != NULL ? 1 : 0;
    }
    out->items = (List){items, shown};
    return ERR_OK;
}

const Feature search_feature = {
    .name = "search",
    .ops = (const Op *const[]){&op_search, NULL},
};
