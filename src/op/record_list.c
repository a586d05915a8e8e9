/* Lists of records: filters, order, pages. A page begins behind the last row of the one before (its
 * sort value and id), not at a count of rows, so that rows which come and go between two pages
 * move none of the others. Only who jumps has rows counted: those between the cursor and the page.
 *
 * What is absent sorts last in both directions, because the engines disagree about it. */
#include "op/record_plan.h"

#include "base/json.h"
#include "base/limits.h"
#include "op/run.h"

#include <string.h>

/* What a list is sorted by. */
typedef struct Order {
    const Column *column; /* NULL: by id alone */
    bool is_descending;
    const char *text; /* as the caller wrote it */
} Order;

/* ---- a statement of one call ---- */

/* The beginning of every list, with what the record's expressions take. */
static void query_start(Query *query, Ctx *cx, Arena *arena, const RecordPlan *plan)
{
    *query = (Query){.cx = cx, .text = buf_in(arena), .types = buf_in(arena)};
    buf_str(&query->text, plan->list.text);
    buf_str(&query->types, plan->args_in);
    query->count = plan->arg_count;
}

static void bound_again(Query *query)
{
    buf_printf(&query->text, "$%zu", query->count);
}

void query_bind(Query *query, char type, Arg arg)
{
    ASSERT(query->count < QUERY_ARGS_MAX);
    query->args[query->count++] = arg;
    buf_char(&query->types, type);
    bound_again(query);
}

static void equal_add(Query *query, const Column *column, Arg arg)
{
    buf_printf(&query->text, " AND %s = ", column->value);
    bool is_plain = column->value == column->sort_by; /* a reference sorts by what it is called */
    char type = column->type;
    if (!is_plain) {
        type = 'k';
    }
    query_bind(query, type, arg);
}

/* ---- what the caller asks ---- */

static Err order_of(Ctx *cx, const RecordPlan *plan, const char *text, Order *ret_order)
{
    Order order = {.text = text == NULL || strcmp(text, "id") == 0 ? "" : text};
    const char *name = order.text;
    if (*name == '-') {
        order.is_descending = true;
        name++;
    }
    if (*name != '\0' && strcmp(name, "id") != 0) {
        order.column = record_column(plan, name);
        if (order.column == NULL || (order.column->field->flags & FIELD_SORT) == 0) {
            return err_set(
                cx, ERR_FIELD_INVALID, "sort", "This list does not sort by \"%s\".", name);
        }
    } else if (order.is_descending && *name == '\0') {
        return err_set(cx, ERR_FIELD_INVALID, "sort", "A field is missing behind the minus.");
    }
    *ret_order = order;
    return ERR_OK;
}

/* Whether what the cursor carries can be compared with the column. */
static bool cursor_fits(const Order *order, const Cursor *cursor)
{
    if (strcmp(cursor->sort, order->text) != 0) {
        return false;
    }
    if (order->column == NULL) {
        return cursor->is_null;
    }
    if (cursor->is_null || order->column->type == 't') {
        return cursor->is_null ||
               (cursor->text != NULL && utf8_is_valid(cursor->text, strlen(cursor->text)));
    }
    bool is_day = cursor->i > DATE_NONE && cursor->i <= DATE_STORED_MAX;
    return cursor->text == NULL && (order->column->type != 'd' || is_day);
}

static Err cursor_of(Ctx *cx, const Order *order, const char *text, Cursor *ret_cursor)
{
    if (!cursor_read(cx->arena, text, ret_cursor) || !cursor_fits(order, ret_cursor)) {
        return err_set(cx, ERR_FIELD_INVALID, "cursor",
            "Send `next` of the page before as it is, with the same sort; or none, for the first "
            "page.");
    }
    return ERR_OK;
}

static bool takes_equal(FieldType type)
{
    static const FieldType types[] = {FIELD_TEXT, FIELD_INT, FIELD_OPT_INT, FIELD_BOOL, FIELD_DATE,
        FIELD_CURRENCY, FIELD_ENUM, FIELD_ID, FIELD_REF};
    for (size_t i = 0; i < COUNT(types); i++) {
        if (types[i] == type) {
            return true;
        }
    }
    return false;
}

bool record_takes_equal(const Field *field)
{
    return (field->flags & FIELD_FILTER) != 0 && takes_equal(field->type);
}

static void equals_add(Query *query, const RecordPlan *plan, const void *in)
{
    for (size_t i = 0; i < plan->column_count; i++) {
        const Column *column = &plan->columns[i];
        if (record_takes_equal(column->field) && run_has(query->cx, column->field->name) &&
            !value_is_absent(column->field, in)) {
            equal_add(query, column, value_arg(query->cx->arena, column->field, in));
        }
    }
}

static void days_add(Query *query, const RecordPlan *plan, const ListParams *params)
{
    if (params->from != DATE_NONE) {
        buf_printf(&query->text, " AND %s >= ", plan->date->value);
        query_bind(query, 'd', arg_date(params->from));
    }
    if (params->until != DATE_NONE) {
        buf_printf(&query->text, " AND %s <= ", plan->date->value);
        query_bind(query, 'd', arg_date(params->until));
    }
}

static void usual_add(Query *query, const RecordPlan *plan, bool is_asked)
{
    if (plan->record->usual != NULL && !is_asked) {
        buf_printf(&query->text, " AND %s", plan->record->usual);
    }
}

/* ---- pages ---- */

static Arg cursor_arg(const Column *column, const Cursor *cursor)
{
    if (column->type == 't') {
        return arg_text(cursor->text);
    }
    return (Arg){.type = column->type, .i = cursor->i};
}

/* Rows behind a value that is never absent: the range comes first,
 * so that an index begins there. */
static void behind_value_add(Query *query, const Order *order, const Cursor *cursor)
{
    const char *by = order->column->sort_by;
    const char *sign = order->is_descending ? "<" : ">";
    buf_printf(&query->text, " AND %s %s= ", by, sign);
    query_bind(query, order->column->type, cursor_arg(order->column, cursor));
    buf_printf(&query->text, " AND (%s %s ", by, sign);
    bound_again(query);
    buf_printf(&query->text, " OR r.\"id\" %s ", sign);
    query_bind(query, 'k', arg_i64(cursor->id));
    buf_char(&query->text, ')');
}

/* Rows behind the cursor in the order. */
static void behind_add(Query *query, const Order *order, const Cursor *cursor)
{
    const char *sign = order->is_descending ? "<" : ">";
    Buf *text = &query->text;
    if (order->column != NULL && !cursor->is_null) {
        bool is_never_absent = (order->column->field->flags & FIELD_REQUIRED) != 0;
        if (is_never_absent) {
            behind_value_add(query, order, cursor);
            return;
        }
        const char *by = order->column->sort_by;
        buf_printf(text, " AND (%s IS NULL OR %s %s ", by, by, sign);
        query_bind(query, order->column->type, cursor_arg(order->column, cursor));
        buf_printf(text, " OR (%s = ", by);
        bound_again(query);
        buf_printf(text, " AND r.\"id\" %s ", sign);
        query_bind(query, 'k', arg_i64(cursor->id));
        buf_str(text, "))");
        return;
    }
    if (order->column != NULL) {
        buf_printf(text, " AND %s IS NULL", order->column->sort_by);
    }
    buf_printf(text, " AND r.\"id\" %s ", sign);
    query_bind(query, 'k', arg_i64(cursor->id));
}

static void order_add(Query *query, const Order *order)
{
    const char *way = order->is_descending ? "DESC" : "ASC";
    buf_str(&query->text, " ORDER BY ");
    if (order->column != NULL) {
        buf_printf(&query->text, "%s %s NULLS LAST, ", order->column->sort_by, way);
    }
    buf_printf(&query->text, "r.\"id\" %s", way);
}

/* One row more than the page: it tells that there is a next one. */
static void page_add(
    Query *query, const Order *order, const Cursor *behind, int64_t skip, int64_t limit)
{
    if (behind != NULL) {
        behind_add(query, order, behind);
    }
    order_add(query, order);
    buf_str(&query->text, " LIMIT ");
    query_bind(query, 'i', arg_i64(limit + 1));
    if (skip > 0) {
        buf_str(&query->text, " OFFSET ");
        query_bind(query, 'i', arg_i64(skip));
    }
}

/* Sorted by what is reckoned for each row, and by no index, or far down: then the rows of the page
 * are found first, so that nothing else is reckoned for the others. */
static bool is_found_first(const Order *order, int64_t skip)
{
    bool is_reckoned = order->column != NULL && strchr(order->column->sort_by, '(') != NULL;
    return is_reckoned || skip > 0;
}

static void cursor_take(const Rows *rows, const Order *order, Id id, Cursor *ret_cursor)
{
    *ret_cursor = (Cursor){.sort = order->text, .id = id, .is_null = true};
    if (order->column == NULL) {
        return;
    }
    const Cell *cell = db_cell(rows, order->column->sort_cell);
    ret_cursor->is_null = cell->is_null;
    ret_cursor->i = cell->i;
    ret_cursor->text = cell->p;
}

/* ---- running ---- */

/* What is asked often is kept prepared; the rest is composed, asked and forgotten. */
static Err query_ask(Query *query, const RecordPlan *plan, Rows *ret_rows)
{
    const char *text = buf_text(&query->text);
    for (size_t i = 0; i < plan->kept_count; i++) {
        if (strcmp(plan->kept[i].text, text) == 0) {
            return db_ask(query->cx, &plan->kept[i], query->args, query->count, ret_rows);
        }
    }
    Sql sql = {text, buf_text(&query->types), plan->list.out};
    return db_ask_once(query->cx, &sql, query->args, query->count, ret_rows);
}

static Err page_read(
    Ctx *cx, const RecordPlan *plan, const Order *order, Rows *rows, size_t limit, ListOut *out)
{
    const Schema *schema = plan->record->schema;
    size_t count = rows->count < limit ? rows->count : limit;
    char *items = arena_array(cx->arena, count, schema->size);
    for (size_t i = 0; i < count && db_next(rows); i++) {
        TRY(row_read(cx, rows, schema, items + i * schema->size));
    }
    *out = (ListOut){.items = {.items = items, .count = count}};
    if (rows->count > limit) {
        const char *last = items + (count - 1) * schema->size;
        Cursor cursor;
        cursor_take(
            rows, order, *(const Id *)(const void *)(last + schema->fields[0].offset), &cursor);
        out->next = cursor_write(cx->arena, &cursor);
    }
    return record_fill(cx, plan->record, items, count);
}

Err record_list_where(Query *query, const RecordPlan *plan, const ListParams *params, bool is_asked)
{
    usual_add(query, plan, is_asked);
    days_add(query, plan, params);
    if (params->filter != NULL) {
        buf_str(&query->text, " AND ");
        TRY(filter_add(query, plan, params->filter));
    }
    return ERR_OK;
}

static bool is_usual_asked(Ctx *cx, const RecordPlan *plan, const ListParams *params)
{
    const char *field = plan->record->usual_field;
    return params->filter != NULL || (field != NULL && run_has(cx, field));
}

Err record_list_run(Ctx *cx, const void *in, void *out)
{
    const RecordPlan *plan = record_plan(run_op(cx)->record);
    const ListParams *params = (const ListParams *)(const void *)((const char *)in + plan->tail);
    int64_t limit = params->limit == 0 ? LIMIT_PAGE_DEFAULT : params->limit;
    Order order;
    Cursor cursor;
    TRY(order_of(cx, plan, params->sort, &order));
    if (params->cursor != NULL) {
        TRY(cursor_of(cx, &order, params->cursor, &cursor));
    }
    Query query;
    query_start(&query, cx, cx->arena, plan);
    TRY(record_args(cx, plan, query.args));
    bool is_first = is_found_first(&order, params->skip);
    if (is_first) {
        buf_printf(&query.text, " AND r.\"id\" IN (SELECT r.\"id\"%s", plan->from);
    }
    equals_add(&query, plan, in);
    TRY(record_list_where(&query, plan, params, is_usual_asked(cx, plan, params)));
    page_add(&query, &order, params->cursor == NULL ? NULL : &cursor, params->skip, limit);
    if (is_first) {
        buf_char(&query.text, ')');
        order_add(&query, &order);
    }
    Rows rows;
    TRY(query_ask(&query, plan, &rows));
    return page_read(cx, plan, &order, &rows, (size_t)limit, out);
}

/* ---- at start ---- */

static Sql kept_one(Arena *arena, const RecordPlan *plan, const Column *column, bool is_first)
{
    static const Order by_id = {.text = ""};
    static const Cursor nowhere = {.sort = "", .is_null = true};
    Query query;
    query_start(&query, NULL, arena, plan);
    if (column != NULL) {
        equal_add(&query, column, arg_null());
    }
    const char *usual = plan->record->usual_field;
    bool is_asked = column != NULL && usual != NULL && strcmp(column->field->name, usual) == 0;
    usual_add(&query, plan, is_asked);
    page_add(&query, &by_id, is_first ? NULL : &nowhere, 0, 0);
    return (Sql){buf_text(&query.text), buf_text(&query.types), plan->list.out};
}

/* All rows, and those of one filter, by id: the first page and the others. */
void record_list_keep(Arena *arena, RecordPlan *plan)
{
    plan->kept = arena_array(arena, 2 * (plan->column_count + 1), sizeof(*plan->kept));
    plan->kept[plan->kept_count++] = kept_one(arena, plan, NULL, true);
    plan->kept[plan->kept_count++] = kept_one(arena, plan, NULL, false);
    for (size_t i = 0; i < plan->column_count; i++) {
        const Column *column = &plan->columns[i];
        if (record_takes_equal(column->field)) {
            plan->kept[plan->kept_count++] = kept_one(arena, plan, column, true);
            plan->kept[plan->kept_count++] = kept_one(arena, plan, column, false);
        }
    }
}
