/* Pages of reports over all accounts. */
#include "feature/portfolio/page.h"

#include "base/id.h"
#include "db/db.h"

#include <string.h>

/* ---- The page ---- */

/* The id of the account and the value, as the last row has them. */
static bool cursor_read(const char *cursor, PageRow *row)
{
    char id[ID_TEXT_SIZE];
    char letter = '\0';
    size_t length = strnlen(cursor, sizeof id - 1);
    memcpy(id, cursor, length);
    id[length] = '\0';
    return id_parse(id, &letter, &row->account_id) && letter == 'A' && cursor[length] == '.' &&
           integer_parse(cursor + length + 1, &row->value);
}

Err page_start(Ctx *cx, size_t limit, const char *cursor, Page *ret_page)
{
    *ret_page = (Page){.limit = limit, .has_after = cursor != NULL};
    if (cursor != NULL && !cursor_read(cursor, &ret_page->after)) {
        return err_set(cx, ERR_FIELD_INVALID, "cursor", "Give `next` of the page before.");
    }
    ret_page->rows = arena_array(cx->arena, limit, sizeof *ret_page->rows);
    return ERR_OK;
}

static bool is_before(const PageRow *a, const PageRow *b)
{
    return a->value != b->value ? a->value > b->value : a->account_id < b->account_id;
}

/* Most of many rows are behind the last of a page, so that is where the search begins. */
void page_offer(Page *page, int64_t value, Id account_id, size_t at)
{
    PageRow row = {.value = value, .account_id = account_id, .at = at};
    if (page->has_after && !is_before(&page->after, &row)) {
        return;
    }
    if (page->count == page->limit) {
        page->has_more = true;
        if (!is_before(&row, &page->rows[page->count - 1])) {
            return;
        }
        page->count--;
    }
    size_t to = page->count++;
    while (to > 0 && is_before(&row, &page->rows[to - 1])) {
        page->rows[to] = page->rows[to - 1];
        to--;
    }
    page->rows[to] = row;
}

static const char *next_of(Ctx *cx, const Page *page)
{
    if (!page->has_more) {
        return NULL;
    }
    const PageRow *last = &page->rows[page->limit - 1];
    return arena_printf(
        cx->arena, "%s.%lld", id_text(cx->arena, 'A', last->account_id), (long long)last->value);
}

/* ---- Names ---- */

enum { NAMED_AT_ONCE = 50 };

static const Sql sql_named_list = {
    "SELECT a.id, a.code, p.name FROM account a JOIN partner p ON p.id = a.partner_id"
    " WHERE a.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,"
    " $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35,"
    " $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50) AND {visible:p}",
    .in = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk",
    .out = "ktt",
};

static Err some_named(Ctx *cx, PageRow *rows, size_t count)
{
    Arg ids[NAMED_AT_ONCE];
    for (size_t i = 0; i < NAMED_AT_ONCE; i++) {
        ids[i] = arg_id(i < count ? rows[i].account_id : 0);
    }
    Rows found;
    TRY(db_ask(cx, &sql_named_list, ids, COUNT(ids), &found));
    while (db_next(&found)) {
        size_t i = 0;
        while (i < count && rows[i].account_id != db_id(&found, 0)) {
            i++;
        }
        ASSERT(i < count);
        rows[i].account = db_text(&found, 1);
        rows[i].partner_name = db_text(&found, 2);
    }
    return ERR_OK;
}

Err page_end(Ctx *cx, Page *page, const char **ret_next)
{
    *ret_next = next_of(cx, page);
    for (size_t i = 0; i < page->count; i += NAMED_AT_ONCE) {
        size_t left = page->count - i;
        TRY(some_named(cx, &page->rows[i], left < NAMED_AT_ONCE ? left : NAMED_AT_ONCE));
    }
    size_t kept = 0;
    for (size_t i = 0; i < page->count; i++) {
        page->rows[kept] = page->rows[i];
        kept += page->rows[i].account != NULL ? 1 : 0;
    }
    page->count = kept;
    return ERR_OK;
}

/* ---- Sight ---- */

static const Sql sql_seen_list = {
    "SELECT a.id FROM account a JOIN partner p ON p.id = a.partner_id WHERE {visible:p}"
    " ORDER BY a.id",
    .in = "",
    .out = "k",
};

typedef struct Seeing {
    const Portfolio *portfolio;
    bool *is_seen;
    size_t at;
} Seeing;

static Err seen_take(Ctx *cx, const Rows *row, void *user)
{
    (void)cx;
    Seeing *seeing = user;
    const Portfolio *portfolio = seeing->portfolio;
    while (seeing->at < portfolio->count && portfolio->accounts[seeing->at].id < db_id(row, 0)) {
        seeing->at++;
    }
    if (seeing->at < portfolio->count) {
        seeing->is_seen[seeing->at] = portfolio->accounts[seeing->at].id == db_id(row, 0);
    }
    return ERR_OK;
}

Err page_sight(Ctx *cx, const Portfolio *portfolio, const bool **ret_is_seen)
{
    *ret_is_seen = NULL;
    if (db_sight_is_whole(cx->db)) {
        return ERR_OK;
    }
    Seeing seeing = {
        .portfolio = portfolio, .is_seen = arena_array(cx->arena, portfolio->count, sizeof(bool))};
    TRY(db_scan(cx, &sql_seen_list, NO_ARGS, seen_take, &seeing));
    *ret_is_seen = seeing.is_seen;
    return ERR_OK;
}

Money sum_money(Currency currency, int64_t sum)
{
    return money_add(money_zero(currency), money_of(currency, sum));
}

void *currency_sums(Ctx *cx, CurrencySums *sums, Currency currency)
{
    for (size_t i = 0; i < sums->count; i++) {
        Currency *at = (void *)((unsigned char *)sums->items + i * sums->size);
        if (*at == currency) {
            return at;
        }
    }
    if (sums->count == sums->room) {
        size_t room = sums->room * 2 + 1;
        void *grown = arena_array(cx->arena, room, sums->size);
        if (sums->count > 0) {
            memcpy(grown, sums->items, sums->count * sums->size);
        }
        sums->items = grown;
        sums->room = room;
    }
    Currency *fresh = (void *)((unsigned char *)sums->items + sums->count * sums->size);
    *fresh = currency;
    sums->count++;
    return fresh;
}
