/* What a list comes to: how many rows a filter finds and the sums of their amounts by currency, of
 * all of them or by the values of one field.
 *
 * A sum of amounts can leave 64 bits, at which the engines do different things, so thousands and
 * what is below them are summed apart and joined here. */
#include "op/record_total.h"

#include "base/limits.h"
#include "op/record_plan.h"
#include "op/run.h"

#include <string.h>

enum { PART = 1000000, SUMS_MAX = 32 };

SCHEMA(ListSum, F_TEXT(ListSum, field), F_CURRENCY(ListSum, currency), F_MONEY(ListSum, sum));

SCHEMA(ListGroup,
    F_TEXT(ListGroup, value, .doc = "As a filter takes it; null: absent."),
    F_INT(ListGroup, count),
    F_LIST(ListGroup, sums, ListSum));

const Schema ListTotals_schema = {
    .name = "ListTotals",
    .size = sizeof(ListTotals),
    .fields =
        (const Field[]){
            F_INT(ListTotals, count),
            F_LIST(ListTotals, sums, ListSum, .doc = "Of every amount, by currency."),
            F_LIST(ListTotals, groups, ListGroup, .doc = "In the order of their values."),
        },
    .count = 3,
};

typedef struct Totals {
    const RecordPlan *plan;
    const Column *group; /* NULL: of all rows */
    const Column *sums[SUMS_MAX];
    size_t sum_count;
} Totals;

bool record_groups(const RecordPlan *plan, const Column *column)
{
    const Field *field = column->field;
    if (field->type == FIELD_TEXT) {
        return (field->flags & FIELD_FILTER) != 0;
    }
    bool is_named = field->type == FIELD_REF && column->sort_by == column->shown;
    bool is_choice =
        field->type == FIELD_ENUM || field->type == FIELD_CURRENCY || field->type == FIELD_BOOL;
    return (is_named || is_choice) && filter_takes(plan, field);
}

bool record_sums(const RecordPlan *plan, const Column *column)
{
    const Field *field = column->field;
    return field->type == FIELD_MONEY && (field->currency != 0 || plan->money_scale != NULL);
}

static Err group_of_name(
    Query *query, const RecordPlan *plan, const char *name, const Column **ret_group)
{
    const Column *column = NULL;
    if (custom_is_named(plan, name)) {
        TRY(custom_column(query, plan, name, &column));
    } else {
        column = record_column(plan, name);
    }
    if (column == NULL || !record_groups(plan, column)) {
        return err_set(
            query->cx, ERR_FIELD_INVALID, "group", "This list is not grouped by \"%s\".", name);
    }
    *ret_group = column;
    return ERR_OK;
}

/* Amounts that the organisation added are summed like those of the record. */
static Err customs_sum(Query *query, Totals *totals)
{
    CustomSet set;
    if (totals->plan->custom == NULL) {
        return ERR_OK;
    }
    TRY(custom_set(query->cx, totals->plan->custom->to, &set));
    for (size_t i = 0; i < set.schema.count && totals->sum_count < SUMS_MAX; i++) {
        if (set.schema.fields[i].type == FIELD_MONEY) {
            const char *name =
                arena_printf(query->cx->arena, CUSTOM_PREFIX "%s", set.schema.fields[i].name);
            TRY(custom_column(query, totals->plan, name, &totals->sums[totals->sum_count++]));
        }
    }
    return ERR_OK;
}

static Err totals_of(Query *query, const RecordPlan *plan, const char *group, Totals *ret_totals)
{
    *ret_totals = (Totals){.plan = plan};
    for (size_t i = 0; i < plan->column_count; i++) {
        if (record_sums(plan, &plan->columns[i])) {
            ASSERT(ret_totals->sum_count < SUMS_MAX);
            ret_totals->sums[ret_totals->sum_count++] = &plan->columns[i];
        }
    }
    TRY(customs_sum(query, ret_totals));
    return group == NULL ? ERR_OK : group_of_name(query, plan, group, &ret_totals->group);
}

/* ---- the statement ---- */

static const char *group_sql(Arena *arena, const Column *group)
{
    if (group == NULL) {
        return "CAST(NULL AS TEXT)";
    }
    if (group->field->type == FIELD_BOOL) {
        return arena_printf(arena,
            "(CASE WHEN %s THEN 'true' WHEN NOT %s THEN 'false' ELSE NULL END)", group->value,
            group->value);
    }
    return group->sort_by;
}

/* Rows within, sums around them, so that an expression stands once. */
static void head_add(Query *query, const Totals *totals)
{
    Buf *text = &query->text;
    const char *currency = totals->sum_count == 0 || totals->plan->currency == NULL
                               ? "CAST(NULL AS TEXT)"
                               : totals->plan->currency->value;
    buf_str(text, "SELECT t.g, t.c, COUNT(*)");
    for (size_t i = 0; i < totals->sum_count; i++) {
        buf_printf(text,
            ", CAST(COALESCE(SUM(t.s%zu / %d), 0) AS BIGINT),"
            " CAST(COALESCE(SUM(t.s%zu %% %d), 0) AS BIGINT)",
            i, PART, i, PART);
    }
    buf_printf(text, " FROM (SELECT %s AS g, %s AS c", group_sql(query->cx->arena, totals->group),
        currency);
    for (size_t i = 0; i < totals->sum_count; i++) {
        buf_printf(text, ", %s AS s%zu", totals->sums[i]->value, i);
    }
    buf_str(text, totals->plan->from);
}

static const char *letters_out(Arena *arena, const Totals *totals)
{
    Buf letters = buf_in(arena);
    buf_str(&letters, "tti");
    for (size_t i = 0; i < totals->sum_count; i++) {
        buf_str(&letters, "ii");
    }
    return buf_text(&letters);
}

static Err query_start(Query *query, Ctx *cx, const RecordPlan *plan)
{
    *query = (Query){.cx = cx, .text = buf_in(cx->arena), .types = buf_in(cx->arena)};
    buf_str(&query->types, plan->args_in);
    query->count = plan->arg_count;
    return record_args(cx, plan, query->args);
}

static Err totals_ask(Query *query, const Totals *totals, const ListParams *params, Rows *ret_rows)
{
    const RecordPlan *plan = totals->plan;
    head_add(query, totals);
    TRY(record_list_where(query, plan, params, params->filter != NULL));
    for (size_t i = 1; i <= plan->arg_count; i++) { /* no column of these may name it */
        buf_printf(&query->text, " AND ($%zu IS NULL OR 1 = 1)", i);
    }
    buf_str(&query->text, ") t GROUP BY t.g, t.c ORDER BY t.g NULLS LAST, t.c");
    const char *letters = letters_out(query->cx->arena, totals);
    Sql sql = {buf_text(&query->text), buf_text(&query->types), letters};
    return db_ask_once(query->cx, &sql, query->args, query->count, ret_rows);
}

/* ---- its rows: each of one group and one currency ---- */

static ListSum *sum_of(List *sums, size_t room, const char *field, Currency currency)
{
    ListSum *items = sums->items;
    for (size_t i = 0; i < sums->count; i++) {
        if (items[i].currency == currency && strcmp(items[i].field, field) == 0) {
            return &items[i];
        }
    }
    ASSERT(sums->count < room);
    items[sums->count] = (ListSum){field, currency, money_zero(currency)};
    return &items[sums->count++];
}

/* The parts of a sum together; what honest trade never reaches stays where money ends. */
static Money joined(Currency currency, int64_t parts, int64_t rest)
{
    int64_t most = MONEY_SUM_MAX / PART;
    if (parts > most || parts < -most) {
        return money_of(currency, parts < 0 ? -MONEY_SUM_MAX : MONEY_SUM_MAX);
    }
    return money_add(money_of(currency, parts * PART), money_of(currency, rest));
}

static Err currency_of(Ctx *cx, const Rows *rows, Currency *ret_currency)
{
    const char *text = db_text(rows, 1);
    *ret_currency = 0;
    if (text != NULL && !currency_parse(text, ret_currency)) {
        return db_damaged(cx, "a row has \"%s\" as its currency", text);
    }
    return ERR_OK;
}

static void sums_add(
    const Totals *totals, const Rows *rows, Currency currency, List *sums, size_t room)
{
    for (size_t i = 0; i < totals->sum_count; i++) {
        const Field *field = totals->sums[i]->field;
        Currency own = field->currency != 0 ? field->currency : currency;
        if (own == 0) {
            continue;
        }
        ListSum *sum = sum_of(sums, room, field->name, own);
        Money more = joined(own, db_i64(rows, 3 + 2 * i), db_i64(rows, 4 + 2 * i));
        sum->sum = money_add(sum->sum, more);
    }
}

static ListGroup *group_of(Arena *arena, List *groups, const Rows *rows, size_t room)
{
    const char *value = db_text(rows, 0);
    ListGroup *items = groups->items;
    if (groups->count > 0) {
        ListGroup *last = &items[groups->count - 1];
        bool is_same = value == NULL || last->value == NULL ? value == last->value
                                                            : strcmp(value, last->value) == 0;
        if (is_same) {
            return last;
        }
    }
    items[groups->count] =
        (ListGroup){.value = value, .sums = {.items = arena_array(arena, room, sizeof(ListSum))}};
    return &items[groups->count++];
}

/* How many currencies there are at most in one group, for whom room is made. */
static size_t room_for_sums(const Totals *totals, const Rows *rows)
{
    size_t currencies = 0;
    Currency at = 0;
    while (currency_at(currencies, &at)) {
        currencies++;
    }
    return totals->sum_count * (rows->count < currencies ? rows->count : currencies) + 1;
}

Err record_totals(
    Ctx *cx, const Record *record, const ListParams *params, const char *group, ListTotals *out)
{
    Query query;
    Totals totals;
    Rows rows;
    TRY(query_start(&query, cx, record_plan(record)));
    TRY(totals_of(&query, record_plan(record), group, &totals));
    TRY(totals_ask(&query, &totals, params, &rows));
    size_t room = room_for_sums(&totals, &rows);
    out->sums.items = arena_array(cx->arena, room, sizeof(ListSum));
    out->groups.items = arena_array(cx->arena, rows.count + 1, sizeof(ListGroup));
    while (db_next(&rows)) {
        Currency currency = 0;
        TRY(currency_of(cx, &rows, &currency));
        out->count += db_i64(&rows, 2);
        sums_add(&totals, &rows, currency, &out->sums, room);
        if (group != NULL) {
            ListGroup *one = group_of(cx->arena, &out->groups, &rows, room);
            one->count += db_i64(&rows, 2);
            sums_add(&totals, &rows, currency, &one->sums, room);
        }
    }
    if (out->groups.count > LIMIT_PAGE_ROWS) {
        return err_set(cx, ERR_FIELD_INVALID, "group",
            "That makes more than %d groups; narrow the list first.", LIMIT_PAGE_ROWS);
    }
    return ERR_OK;
}
