/* The portfolio in memory: taking it, and reading again what changed. */
#include "feature/portfolio/portfolio.h"

#include "db/db.h"

#include <string.h>

/* Of 10 million invoices of 20,000 accounts it is some 80 MiB. */
static const size_t bytes_max = (size_t)1024 * 1024 * 1024;

Month month_number(Date date)
{
    DateParts parts = date_parts(date);
    return (Month)(parts.year * 12 + parts.month - 1);
}

/* ---- Memory ---- */

enum { OPEN_BYTES = sizeof(Date) + 2 * sizeof(int64_t) };
enum { MONTH_BYTES = sizeof(Month) + 5 * sizeof(int64_t) };

static size_t account_bytes(const PortfolioAccount *account)
{
    return account->open_count * OPEN_BYTES + account->month_count * MONTH_BYTES;
}

static const void *column_copy(Arena *arena, const void *column, size_t count, size_t size)
{
    void *copy = arena_array(arena, count, size);
    if (count > 0) {
        memcpy(copy, column, count * size);
    }
    return copy;
}

static void open_copy(Arena *arena, PortfolioAccount *account)
{
    size_t count = account->open_count;
    account->due_on = column_copy(arena, account->due_on, count, sizeof(Date));
    account->open = column_copy(arena, account->open, count, sizeof(int64_t));
    account->amount = column_copy(arena, account->amount, count, sizeof(int64_t));
}

static void months_copy(Arena *arena, PortfolioAccount *account)
{
    size_t count = account->month_count;
    account->month = column_copy(arena, account->month, count, sizeof(Month));
    account->invoiced = column_copy(arena, account->invoiced, count, sizeof(int64_t));
    account->receivable = column_copy(arena, account->receivable, count, sizeof(int64_t));
    account->on_time = column_copy(arena, account->on_time, count, sizeof(int64_t));
    account->late = column_copy(arena, account->late, count, sizeof(int64_t));
    account->very_late = column_copy(arena, account->very_late, count, sizeof(int64_t));
}

static void portfolio_empty(Portfolio *portfolio)
{
    arena_free(portfolio->arena);
    *portfolio = (Portfolio){
        .home = portfolio->home, .arena = arena_new(bytes_max), .is_common = portfolio->is_common};
}

/* What is read again stands behind what was; when too much of it is waste, all of it moves. */
static void portfolio_compact(Portfolio *portfolio)
{
    if (portfolio->waste * 4 < arena_used(portfolio->arena)) {
        return;
    }
    Arena *arena = arena_new(bytes_max);
    PortfolioAccount *accounts = arena_array(arena, portfolio->size, sizeof *accounts);
    if (portfolio->count > 0) {
        memcpy(accounts, portfolio->accounts, portfolio->count * sizeof *accounts);
    }
    for (size_t i = 0; i < portfolio->count; i++) {
        open_copy(arena, &accounts[i]);
        months_copy(arena, &accounts[i]);
    }
    arena_free(portfolio->arena);
    portfolio->arena = arena;
    portfolio->accounts = accounts;
    portfolio->waste = 0;
}

/* ---- Which accounts changed ---- */

#define WITHIN(id) id " >= $1 AND " id " <= $2 ORDER BY " id

static const Sql sql_moves = {
    "SELECT q.account_id, q.moves FROM position q WHERE " WITHIN("q.account_id"),
    .in = "kk",
    .out = "ki",
};

typedef struct Looking {
    Portfolio *portfolio;
    size_t at;
    Id *fresh; /* accounts that are not known yet, ascending */
    size_t fresh_count;
    size_t fresh_size;
    size_t stale; /* known ones that are to be read */
} Looking;

static void fresh_add(Ctx *cx, Looking *looking, Id id)
{
    if (looking->fresh_count == looking->fresh_size) {
        looking->fresh_size = looking->fresh_size == 0 ? 64 : looking->fresh_size * 2;
        Id *grown = arena_array(cx->arena, looking->fresh_size, sizeof *grown);
        if (looking->fresh_count > 0) {
            memcpy(grown, looking->fresh, looking->fresh_count * sizeof *grown);
        }
        looking->fresh = grown;
    }
    looking->fresh[looking->fresh_count++] = id;
}

/* A report that began earlier may see less than what is here already: that stays. */
static Err moves_take(Ctx *cx, const Rows *row, void *user)
{
    Looking *looking = user;
    Portfolio *portfolio = looking->portfolio;
    Id id = db_id(row, 0);
    while (looking->at < portfolio->count && portfolio->accounts[looking->at].id < id) {
        looking->at++;
    }
    if (looking->at == portfolio->count || portfolio->accounts[looking->at].id != id) {
        fresh_add(cx, looking, id);
        return ERR_OK;
    }
    PortfolioAccount *account = &portfolio->accounts[looking->at];
    if (account->moves < db_i64(row, 1)) {
        account->moves = -1;
        looking->stale++;
    }
    return ERR_OK;
}

/* Merges the new ones in, from the last one on. */
static void fresh_insert(const Looking *looking)
{
    Portfolio *portfolio = looking->portfolio;
    size_t count = portfolio->count + looking->fresh_count;
    if (count > portfolio->size) {
        size_t size = count + count / 4 + 4;
        PortfolioAccount *grown = arena_array(portfolio->arena, size, sizeof *grown);
        if (portfolio->count > 0) {
            memcpy(grown, portfolio->accounts, portfolio->count * sizeof *grown);
        }
        portfolio->waste += portfolio->size * sizeof *grown;
        portfolio->accounts = grown;
        portfolio->size = size;
    }
    size_t from = portfolio->count;
    size_t left = looking->fresh_count;
    for (size_t to = count; left > 0; to--) {
        bool is_known = from > 0 && portfolio->accounts[from - 1].id > looking->fresh[left - 1];
        portfolio->accounts[to - 1] =
            is_known ? portfolio->accounts[from - 1]
                     : (PortfolioAccount){.id = looking->fresh[left - 1], .moves = -1};
        from -= is_known ? 1 : 0;
        left -= is_known ? 0 : 1;
    }
    portfolio->count = count;
}

/* ---- Reading them ---- */

/* First, so that what comes after is never older than the counter says. */
static const Sql sql_heads = {
    "SELECT q.account_id, q.moves, q.moved_on, q.cheque, q.advance, a.currency FROM position q"
    " JOIN account a ON a.id = q.account_id WHERE " WITHIN("q.account_id"),
    .in = "kk",
    .out = "kidiit",
};

static const Sql sql_open = {
    "SELECT i.account_id, i.due_on, i.open, i.amount FROM invoice i WHERE i.open > 0"
    " AND " WITHIN("i.account_id") ", i.due_on",
    .in = "kk",
    .out = "kdii",
};

static const Sql sql_months = {
    "SELECT m.account_id, m.month_on, m.invoiced, m.receivable, m.on_time, m.late, m.very_late"
    " FROM account_month m WHERE " WITHIN("m.account_id") ", m.month_on",
    .in = "kk",
    .out = "kdiiiii",
};

enum { FIGURES_MAX = 5 };

/* The rows of one account while they come. */
typedef struct Reading {
    Portfolio *portfolio;
    const bool *is_wanted; /* of each account; the others are up to date */
    size_t at;
    bool is_of_months;
    Arena *arena; /* of what follows */
    size_t count;
    size_t size;
    int32_t *days; /* or months */
    int64_t *figures[FIGURES_MAX];
} Reading;

static void reading_grow(Reading *reading)
{
    size_t size = reading->size == 0 ? 256 : reading->size * 2;
    int32_t *days = arena_array(reading->arena, size, sizeof *days);
    if (reading->count > 0) {
        memcpy(days, reading->days, reading->count * sizeof *days);
    }
    reading->days = days;
    for (size_t i = 0; i < FIGURES_MAX; i++) {
        int64_t *figures = arena_array(reading->arena, size, sizeof *figures);
        if (reading->count > 0) {
            memcpy(figures, reading->figures[i], reading->count * sizeof *figures);
        }
        reading->figures[i] = figures;
    }
    reading->size = size;
}

/* All rows of an account have come. */
static void reading_keep(Reading *reading)
{
    PortfolioAccount *account = &reading->portfolio->accounts[reading->at];
    if (reading->count == 0) {
        return;
    }
    if (reading->is_of_months) {
        account->month_count = reading->count;
        account->month = reading->days;
        account->invoiced = reading->figures[0];
        account->receivable = reading->figures[1];
        account->on_time = reading->figures[2];
        account->late = reading->figures[3];
        account->very_late = reading->figures[4];
        months_copy(reading->portfolio->arena, account);
    } else {
        account->open_count = reading->count;
        account->due_on = reading->days;
        account->open = reading->figures[0];
        account->amount = reading->figures[1];
        open_copy(reading->portfolio->arena, account);
    }
    reading->count = 0;
}

/* Moves to the account of a row; false: it is not wanted. */
static bool reading_at(Reading *reading, Id id)
{
    const Portfolio *portfolio = reading->portfolio;
    if (portfolio->accounts[reading->at].id != id) {
        reading_keep(reading);
        while (reading->at + 1 < portfolio->count && portfolio->accounts[reading->at].id < id) {
            reading->at++;
        }
    }
    return portfolio->accounts[reading->at].id == id && reading->is_wanted[reading->at];
}

static Err head_take(Ctx *cx, const Rows *row, void *user)
{
    Reading *reading = user;
    if (!reading_at(reading, db_id(row, 0))) {
        return ERR_OK;
    }
    PortfolioAccount *account = &reading->portfolio->accounts[reading->at];
    reading->portfolio->waste += account_bytes(account);
    *account = (PortfolioAccount){.id = account->id,
        .moves = db_i64(row, 1),
        .moved_on = db_date(row, 2),
        .cheque = db_i64(row, 3),
        .advance = db_i64(row, 4)};
    return db_currency(cx, row, 5, &account->currency);
}

static Err figures_take(Ctx *cx, const Rows *row, void *user)
{
    (void)cx;
    Reading *reading = user;
    if (!reading_at(reading, db_id(row, 0))) {
        return ERR_OK;
    }
    if (reading->count == reading->size) {
        reading_grow(reading);
    }
    Date day = db_date(row, 1);
    reading->days[reading->count] = reading->is_of_months ? month_number(day) : day;
    for (size_t i = 0; i + 2 < row->columns; i++) {
        reading->figures[i][reading->count] = db_i64(row, i + 2);
    }
    reading->count++;
    return ERR_OK;
}

/* The wanted ones of the accounts from `first` to `last`. */
static Err range_read(Ctx *cx, Reading *reading, size_t first, size_t last)
{
    const PortfolioAccount *accounts = reading->portfolio->accounts;
    Arg args[] = {arg_id(accounts[first].id), arg_id(accounts[last].id)};
    reading->at = first;
    TRY(db_scan(cx, &sql_heads, args, COUNT(args), head_take, reading));
    reading->at = first;
    reading->is_of_months = false;
    TRY(db_scan(cx, &sql_open, args, COUNT(args), figures_take, reading));
    reading_keep(reading);
    reading->at = first;
    reading->is_of_months = true;
    TRY(db_scan(cx, &sql_months, args, COUNT(args), figures_take, reading));
    reading_keep(reading);
    return ERR_OK;
}

/* As many in one go as lie together, so that no statement takes long; what a refusal leaves unread
 * is read by the next report, which goes on where this one ended. */
enum { GAP_MOST = 4, RANGE_MOST = 256 };

static size_t range_end(const bool *is_wanted, size_t first, size_t count)
{
    size_t last = first;
    for (size_t i = first + 1; i < count && i - first < RANGE_MOST && i - last <= GAP_MOST; i++) {
        last = is_wanted[i] ? i : last;
    }
    return last;
}

static Err wanted_read(Ctx *cx, Reading *reading)
{
    Portfolio *portfolio = reading->portfolio;
    for (size_t first = 0; first < portfolio->count; first++) {
        if (!reading->is_wanted[first]) {
            continue;
        }
        size_t last = range_end(reading->is_wanted, first, portfolio->count);
        Err code = range_read(cx, reading, first, last);
        for (size_t i = first; i <= last && code != ERR_OK; i++) {
            PortfolioAccount *account = &portfolio->accounts[i];
            account->moves = reading->is_wanted[i] ? -1 : account->moves;
        }
        if (code != ERR_OK) {
            return code;
        }
        first = last;
    }
    return ERR_OK;
}

static Err stale_read(Ctx *cx, Portfolio *portfolio)
{
    bool *is_wanted = arena_array(cx->arena, portfolio->count, sizeof *is_wanted);
    for (size_t i = 0; i < portfolio->count; i++) {
        is_wanted[i] = portfolio->accounts[i].moves < 0;
    }
    Reading reading = {
        .portfolio = portfolio, .is_wanted = is_wanted, .arena = arena_new(bytes_max)};
    Err code = wanted_read(cx, &reading);
    arena_free(reading.arena);
    return code;
}

/* All of it is read again on a new day: what a rebuild mended is no move. */
Err portfolio_refresh(Ctx *cx, Id account_id, Portfolio *portfolio)
{
    if (portfolio->read_on != cx->today) {
        portfolio_empty(portfolio);
        portfolio->read_on = cx->today;
    }
    Looking looking = {.portfolio = portfolio};
    TRY(db_scan(cx, &sql_moves,
        ARGS(arg_i64(account_id), arg_i64(account_id != 0 ? account_id : INT64_MAX)), moves_take,
        &looking));
    if (looking.fresh_count > 0) {
        fresh_insert(&looking);
    }
    if (looking.fresh_count > 0 || looking.stale > 0) {
        TRY(stale_read(cx, portfolio));
        portfolio_compact(portfolio);
    }
    if (arena_is_over(portfolio->arena)) {
        portfolio_empty(portfolio);
        return err_set(cx, ERR_TOO_LARGE, NULL,
            "The figures of all accounts are more than this server may hold. Ask for one account.");
    }
    return ERR_OK;
}

/* ---- Taking it ---- */

enum { HOME_BYTES = 4096 };

Portfolio *portfolio_new(void)
{
    Arena *home = arena_new(HOME_BYTES);
    Portfolio *portfolio = arena_alloc(home, sizeof *portfolio);
    portfolio->home = home;
    portfolio_empty(portfolio);
    return portfolio;
}

void portfolio_free(Portfolio *portfolio)
{
    arena_free(portfolio->arena);
    arena_free(portfolio->home);
}

static void *common_make(void)
{
    Portfolio *portfolio = portfolio_new();
    portfolio->is_common = true;
    return portfolio;
}

static void common_release(void *value)
{
    portfolio_free(value);
}

Err portfolio_take(Ctx *cx, Id account_id, Portfolio **ret_portfolio)
{
    Portfolio *portfolio =
        account_id == 0 ? db_common_take(cx->db, common_make, common_release) : NULL;
    if (portfolio == NULL) {
        portfolio = portfolio_new();
    }
    Err code = portfolio_refresh(cx, account_id, portfolio);
    if (code != ERR_OK) {
        portfolio_give(cx, portfolio);
        return code;
    }
    *ret_portfolio = portfolio;
    return ERR_OK;
}

static const Sql sql_of_partner_list = {
    "SELECT a.id FROM account a JOIN partner p ON p.id = a.partner_id WHERE a.partner_id = $1"
    " AND {visible:p} ORDER BY a.id",
    .in = "k",
    .out = "k",
};

/* They are few: read for the call, so that nobody who opens a partner waits for all accounts. */
Err portfolio_take_partner(Ctx *cx, Id partner_id, Id account_id, Portfolio **ret_portfolio)
{
    Rows found;
    if (partner_id == 0) {
        return portfolio_take(cx, account_id, ret_portfolio);
    }
    TRY(db_ask(cx, &sql_of_partner_list, ARGS(arg_id(partner_id)), &found));
    Portfolio *portfolio = portfolio_new();
    while (db_next(&found)) {
        Id id = db_id(&found, 0);
        Err code =
            account_id == 0 || account_id == id ? portfolio_refresh(cx, id, portfolio) : ERR_OK;
        if (code != ERR_OK) {
            portfolio_give(cx, portfolio);
            return code;
        }
    }
    *ret_portfolio = portfolio;
    return ERR_OK;
}

void portfolio_give(Ctx *cx, Portfolio *portfolio)
{
    if (portfolio->is_common) {
        db_common_give(cx->db);
    } else {
        portfolio_free(portfolio);
    }
}
