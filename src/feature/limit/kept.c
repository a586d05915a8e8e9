/* The limit of an account by day: a row for each day on which its total changes. Written when a
 * limit comes in force, made again from the limits, and proved. Nothing in it depends on today. */
#include "feature/limit/kept.h"

#include "feature/document.h"
#include "feature/limit/rows.h"
#include "op/run.h"

#include <string.h>

enum { PAGE_ROWS = 500 };

static const Sql sql_forget = {"DELETE FROM limit_day WHERE account_id = $1", .in = "k"};
static const Sql sql_put = {
    "INSERT INTO limit_day (account_id, from_on, amount_kind, amount) VALUES ($1, $2, $3, $4)",
    .in = "kdti"};
static const Sql sql_kept = {
    "SELECT from_on, amount_kind, amount FROM limit_day WHERE account_id = $1 ORDER BY from_on",
    .in = "k",
    .out = "dti",
};
static const Sql sql_accounts_page = {
    "SELECT id, currency FROM account WHERE id > $1 ORDER BY id LIMIT 500",
    .in = "k",
    .out = "kt",
};

/* ---- what it is ---- */

static void days_sort(Date *days, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        Date day = days[i];
        size_t at = i;
        for (; at > 0 && days[at - 1] > day; at--) {
            days[at] = days[at - 1];
        }
        days[at] = day;
    }
}

/* LimitFrom, ascending: the days on which the total becomes another one than before. */
static Err days_of(Ctx *cx, Id account_id, Currency currency, List *ret_days)
{
    LimitRow *rows = NULL;
    Date *days = NULL;
    size_t row_count = 0;
    TRY(limit_rows_load(cx, account_id, currency, &rows, &row_count));
    size_t most = limit_days(cx->arena, rows, row_count, &days);
    days_sort(days, most);
    LimitFrom *found = arena_array(cx->arena, most, sizeof *found);
    size_t count = 0;
    LimitValue before = limit_not_set();
    for (size_t i = 0; i < most; i++) {
        LimitValue value = limit_in_force(rows, row_count, days[i], currency);
        if (limit_cmp(value, before, currency) != 0) {
            found[count++] = (LimitFrom){days[i], value};
            before = value;
        }
    }
    *ret_days = (List){found, count};
    return ERR_OK;
}

Err limit_keep(Ctx *cx, Id account_id, Currency currency)
{
    List days;
    TRY(days_of(cx, account_id, currency, &days));
    TRY(db_put(cx, &sql_forget, ARGS(arg_id(account_id))));
    for (size_t i = 0; i < days.count; i++) {
        const LimitFrom *day = LIST_AT(days, LimitFrom, i);
        bool has_amount = day->value.kind == LIMIT_AMOUNT;
        TRY(db_put(cx, &sql_put,
            ARGS(arg_id(account_id), arg_date(day->from),
                arg_text(limit_kind_names[day->value.kind]),
                has_amount ? arg_i64(limit_money(day->value, currency).minor) : arg_null())));
    }
    return ERR_OK;
}

/* ---- all accounts ---- */

/* `account` stands at a row of sql_accounts_page. */
typedef Err (*EachAccount)(Ctx *cx, const Rows *account, void *user);

static Err accounts_each(Ctx *cx, EachAccount run, void *user)
{
    Id after = 0;
    for (bool is_more = true; is_more;) {
        ArenaMark mark = arena_mark(cx->arena);
        Rows rows;
        TRY(db_ask(cx, &sql_accounts_page, ARGS(arg_i64(after)), &rows));
        while (db_next(&rows)) {
            after = db_id(&rows, 0);
            TRY(run(cx, &rows, user));
        }
        is_more = rows.count == PAGE_ROWS;
        arena_rewind(cx->arena, mark);
    }
    return ERR_OK;
}

static Err one_rebuild(Ctx *cx, const Rows *account, void *user)
{
    Currency currency = 0;
    (void)user;
    TRY(db_currency(cx, account, 1, &currency));
    return limit_keep(cx, db_id(account, 0), currency);
}

static Err limit_days_rebuild(Ctx *cx)
{
    return accounts_each(cx, one_rebuild, NULL);
}

typedef struct Say {
    DbSay say;
    void *user;
} Say;

static bool day_fits(const Rows *kept, const LimitFrom *day, Currency currency)
{
    bool has_amount = day->value.kind == LIMIT_AMOUNT;
    return db_date(kept, 0) == day->from &&
           strcmp(db_text(kept, 1), limit_kind_names[day->value.kind]) == 0 &&
           db_is_null(kept, 2) != has_amount &&
           (!has_amount || db_i64(kept, 2) == limit_money(day->value, currency).minor);
}

static Err kept_fits(Ctx *cx, const Rows *account, bool *ret_fits)
{
    Currency currency = 0;
    List days;
    Rows kept;
    TRY(db_currency(cx, account, 1, &currency));
    TRY(days_of(cx, db_id(account, 0), currency, &days));
    TRY(db_ask(cx, &sql_kept, ARGS(arg_id(db_id(account, 0))), &kept));
    *ret_fits = kept.count == days.count;
    for (size_t i = 0; *ret_fits && db_next(&kept); i++) {
        *ret_fits = day_fits(&kept, LIST_AT(days, LimitFrom, i), currency);
    }
    return ERR_OK;
}

/* Limits that cannot be read are a finding like any other. */
static Err one_check(Ctx *cx, const Rows *account, void *user)
{
    const Say *say = user;
    bool fits = false;
    Err code = kept_fits(cx, account, &fits);
    if (code != ERR_OK && code != ERR_DB_DAMAGED) {
        return code;
    }
    if (code == ERR_DB_DAMAGED) {
        err_clear(cx);
    }
    if (!fits) {
        say->say(say->user,
            arena_printf(cx->arena, "account %s: its limit by day is not that of its limits",
                id_text(cx->arena, 'A', db_id(account, 0))));
    }
    return ERR_OK;
}

static Err limit_days_check(Ctx *cx, DbSay say, void *user)
{
    Say told = {say, user};
    return accounts_each(cx, one_check, &told);
}

const Check check_limit_days = {
    .name = "limits by day are those of the limits", .run = limit_days_check};
const Derived derived_limit_days = {.table = "limit_day", .rebuild = limit_days_rebuild};
