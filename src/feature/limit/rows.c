/* The limits of an account as rows: its own in force, a request beside them, and what stands above
 * it. What they mean on a day is in rules/limit.h. */
#include "feature/limit/rows.h"

#include "feature/limit.h"
#include "feature/org.h"
#include "op/op.h"
#include "rules/credit.h"

#include <string.h>

const char *const limit_kind_names[] = {"", "not_set", "amount", "unlimited", NULL};

/* ---- Own ---- */

static const Sql sql_limit_rows = {
    "SELECT l.id, l.kind, l.amount_kind, l.amount, l.from_on, l.until_on FROM credit_limit l"
    " WHERE l.account_id = $1 AND l.status = 'in_force' ORDER BY l.id",
    .in = "k",
    .out = "kttidd",
};

static const Sql sql_limit_steps = {
    "SELECT s.limit_id, s.from_on, s.amount FROM limit_step s WHERE s.account_id = $1 ORDER BY "
    "s.limit_id, s.from_on",
    .in = "k",
    .out = "kdi",
};

static const Sql sql_limit_one = {
    "SELECT l.id, l.kind, l.amount_kind, l.amount, l.from_on, l.until_on FROM credit_limit l"
    " WHERE l.account_id = $1 AND l.id = $2",
    .in = "kk",
    .out = "kttidd",
};

static LimitValue limit_value(const char *kind, int64_t minor, Currency currency)
{
    if (strcmp(kind, "amount") == 0) {
        return limit_of(money_of(currency, minor));
    }
    return strcmp(kind, "unlimited") == 0 ? limit_unlimited() : limit_not_set();
}

static Err limit_row(Ctx *cx, const Rows *rows, Currency currency, LimitRow *ret_row)
{
    int kind = 0;
    TRY(db_name(cx, rows, 1, limit_row_kind_names, &kind));
    *ret_row = (LimitRow){
        .kind = kind,
        .value = limit_value(db_text(rows, 2), db_i64(rows, 3), currency),
        .from = db_date(rows, 4),
        .until = db_date(rows, 5),
    };
    return ERR_OK;
}

/* Gives each row its steps, which come in the order of the rows' ids. */
static void limit_steps_take(Ctx *cx, Rows *steps, Id limit_id, Currency currency, LimitRow *row)
{
    LimitStep *items = arena_array(cx->arena, steps->count, sizeof *items);
    size_t count = 0;
    steps->at = 0;
    while (db_next(steps)) {
        if (db_id(steps, 0) == limit_id) {
            items[count++] = (LimitStep){
                db_date(steps, 1), money_to_decimal(money_of(currency, db_i64(steps, 2)))};
        }
    }
    row->steps = (List){items, count};
}

Err limit_rows_load(
    Ctx *cx, Id account_id, Currency currency, LimitRow **ret_rows, size_t *ret_count)
{
    Rows rows;
    Rows steps;
    TRY(db_ask(cx, &sql_limit_rows, ARGS(arg_id(account_id)), &rows));
    LimitRow *list = arena_array(cx->arena, rows.count + 1, sizeof *list);
    size_t count = 0;
    bool has_seasonal = false;
    while (db_next(&rows)) {
        TRY(limit_row(cx, &rows, currency, &list[count]));
        has_seasonal = has_seasonal || list[count].kind == LIMIT_ROW_SEASONAL;
        count++;
    }
    if (has_seasonal) {
        TRY(db_ask(cx, &sql_limit_steps, ARGS(arg_id(account_id)), &steps));
        rows.at = 0;
        for (size_t i = 0; db_next(&rows); i++) {
            limit_steps_take(cx, &steps, db_id(&rows, 0), currency, &list[i]);
        }
    }
    *ret_rows = list;
    *ret_count = count;
    return ERR_OK;
}

Err limit_in_force_on(Ctx *cx, Id account_id, Currency currency, Date on, LimitValue *ret_limit)
{
    LimitRow *rows = NULL;
    size_t count = 0;
    TRY(limit_rows_load(cx, account_id, currency, &rows, &count));
    *ret_limit = limit_in_force(rows, count, on, currency);
    return ERR_OK;
}

Err limit_asked_load(
    Ctx *cx, const Account *account, Id limit_id, LimitRow **ret_rows, size_t *ret_in_force)
{
    TRY(limit_rows_load(cx, account->id, account->currency, ret_rows, ret_in_force));
    Rows one;
    Rows steps;
    TRY(db_one(cx, &sql_limit_one, ARGS(arg_id(account->id), arg_id(limit_id)),
        "the limit that was asked for", &one));
    LimitRow *row = &(*ret_rows)[*ret_in_force];
    TRY(limit_row(cx, &one, account->currency, row));
    TRY(db_ask(cx, &sql_limit_steps, ARGS(arg_id(account->id)), &steps));
    limit_steps_take(cx, &steps, limit_id, account->currency, row);
    return ERR_OK;
}

/* ---- Above ---- */

/* The accounts above one, the nearest first, with their limits in force. */
typedef struct Ancestor {
    Currency currency;
    LimitRow *rows;
    size_t count;
} Ancestor;

typedef struct Ancestors {
    Ancestor items[CREDIT_CHAIN_MAX];
    size_t count;
} Ancestors;

static Err ancestors_load(Ctx *cx, const Account *account, Ancestors *ret_above)
{
    Account chain[CREDIT_CHAIN_MAX];
    size_t count = 0;
    TRY(account_chain(cx, account->id, chain, &count));
    for (size_t i = 1; i < count; i++) {
        Ancestor *above = &ret_above->items[i - 1];
        above->currency = chain[i].currency;
        TRY(limit_rows_load(cx, chain[i].id, above->currency, &above->rows, &above->count));
    }
    ret_above->count = count - 1;
    return ERR_OK;
}

/* The nearest limit above on a day, in the account's currency. */
static Err ancestors_limit(
    Ctx *cx, const Ancestors *above, Currency currency, Date on, LimitValue *ret_limit)
{
    LimitValue limit = limit_not_set();
    size_t at = 0;
    for (; at < above->count && limit.kind == LIMIT_NOT_SET; at++) {
        const Ancestor *ancestor = &above->items[at];
        limit = limit_in_force(ancestor->rows, ancestor->count, on, ancestor->currency);
    }
    *ret_limit = limit;
    if (limit.kind != LIMIT_AMOUNT || above->items[at - 1].currency == currency) {
        return ERR_OK;
    }
    Money money = limit_money(limit, above->items[at - 1].currency);
    TRY(org_to_home(cx, money, cx->today, &money));
    TRY(org_from_home(cx, money_to_decimal(money), currency, cx->today, &money));
    *ret_limit = limit_of(money);
    return ERR_OK;
}

/* Inserts the day where it belongs; an account has few limits. */
static void day_add(Date *days, size_t *count, Date day)
{
    size_t at = (*count)++;
    for (; at > 0 && days[at - 1] > day; at--) {
        days[at] = days[at - 1];
    }
    days[at] = day;
}

/* What the account uses where it has no limit of its own, from today on: LimitFrom. A limit above
 * that is agreed already and begins later counts from its day. */
static Err limit_above(Ctx *cx, const Account *account, List *ret_above)
{
    Ancestors above = {.count = 0};
    TRY(ancestors_load(cx, account, &above));
    size_t most = 1;
    Date *changes[CREDIT_CHAIN_MAX];
    size_t counts[CREDIT_CHAIN_MAX] = {0};
    for (size_t i = 0; i < above.count; i++) {
        const Ancestor *ancestor = &above.items[i];
        counts[i] = limit_days(cx->arena, ancestor->rows, ancestor->count, &changes[i]);
        most += counts[i];
    }
    Date *days = arena_array(cx->arena, most, sizeof *days);
    size_t count = 0;
    day_add(days, &count, cx->today);
    for (size_t i = 0; i < above.count; i++) {
        for (size_t d = 0; d < counts[i]; d++) {
            if (changes[i][d] > cx->today) {
                day_add(days, &count, changes[i][d]);
            }
        }
    }
    LimitFrom *steps = arena_array(cx->arena, count, sizeof *steps);
    for (size_t i = 0; i < count; i++) {
        steps[i].from = days[i];
        TRY(ancestors_limit(cx, &above, account->currency, days[i], &steps[i].value));
    }
    *ret_above = (List){steps, count};
    return ERR_OK;
}

Err limit_change_of(
    Ctx *cx, const Account *account, const LimitRow *rows, size_t count, LimitChange *ret_change)
{
    List above = {0};
    if (account->parent_id != 0) {
        TRY(limit_above(cx, account, &above));
    }
    *ret_change = limit_compare(cx->arena, rows, count, cx->today, account->currency, above);
    return ERR_OK;
}
