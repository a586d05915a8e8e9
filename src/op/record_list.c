/* Lists of records: filters, order, pages. A page begins behind the last row of the one before (its
 * sort value and id), not at a count of rows, so that rows which come and go between two pages
 * move none of the others. Only who jumps has rows counted: those between the cursor and the page.
 *
 * What is absent sorts last in both directions, because the engines disagree about it. Sorted by a
 * custom field a list has two parts, those that have a value, in the order of its index, and then
 * the others by id: of a hundred thousand rows a page is as quick as of a hundred. */
#include "op/dossier.h"
#include "op/record_plan.h"

#include "base/json.h"
#include "base/limits.h"
#include "op/run.h"

#include <string.h>

typedef enum Part { PART_ALL, PART_VALUED, PART_ABSENT } Part;

/* What a list is sorted by. */
typedef struct Order {
    const Column *column; /* NULL: by id alone */
    Part part;            /* of a list sorted by a custom field */
    bool is_descending;
    bool is_of_account; /* of one account, by way of its dossier */
    const char *text;   /* as the caller wrote it */
} Order;

/* ---- a statement of one call ---- */

/* With what the record's expressions take. */
static void query_start(Query *query, Ctx *cx, Arena *arena, const RecordPlan *plan)
{
    *query = (Query){.cx = cx, .text = buf_in(arena), .types = buf_in(arena)};
    buf_str(&query->types, plan->args_in);
    query->count = plan->arg_count;
}

/* The beginning of a list: whole, or of one account. */
static void select_add(Query *query, const RecordPlan *plan, bool is_of_account)
{
    buf_str(&query->text, is_of_account ? plan->dossier_list : plan->list.text);
}

static void bound_again(Query *query)
{
    buf_printf(&query->text, "$%zu", query->count);
}

size_t query_arg(Query *query, char type, Arg arg)
{
    ASSERT(query->count < QUERY_ARGS_MAX);
    query->args[query->count++] = arg;
    buf_char(&query->types, type);
    return query->count;
}

void query_bind(Query *query, char type, Arg arg)
{
    (void)query_arg(query, type, arg);
    bound_again(query);
}

static void equal_add(Query *query, const Column *column, const char *value, Arg arg)
{
    buf_printf(&query->text, " AND %s = ", value);
    bool is_plain = column->value == column->sort_by; /* a reference sorts by what it is called */
    char type = column->type;
    if (!is_plain) {
        type = 'k';
    }
    query_bind(query, type, arg);
}

/* ---- what the caller asks ---- */

static Err sort_column(
    Query *query, const RecordPlan *plan, const char *name, const Column **ret_column)
{
    if (custom_is_named(plan, name)) {
        return custom_column(query, plan, name, ret_column);
    }
    const Column *column = record_column(plan, name);
    bool is_sorted = column != NULL && (column->field->flags & FIELD_SORT) != 0;
    *ret_column = is_sorted ? column : NULL;
    return ERR_OK;
}

static Err order_of(Query *query, const RecordPlan *plan, const char *text, Order *ret_order)
{
    Ctx *cx = query->cx;
    Order order = {.text = text == NULL || strcmp(text, "id") == 0 ? "" : text};
    const char *name = order.text;
    if (*name == '-') {
        order.is_descending = true;
        name++;
    }
    if (*name != '\0' && strcmp(name, "id") != 0) {
        TRY(sort_column(query, plan, name, &order.column));
        if (order.column == NULL) {
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

static void means_add(Query *query, const Record *record, const char *member, const Arg *arg)
{
    const RecordMeans *means = record->means;
    for (; means != NULL && means->member != NULL && arg->type == 't'; means++) {
        if (strcmp(means->member, member) == 0 && strcmp(means->value, arg->p) == 0) {
            buf_printf(&query->text, " AND %s", means->sql);
        }
    }
}

static bool is_asked_equal(Ctx *cx, const Column *column, const void *in)
{
    return record_takes_equal(column->field) && run_has(cx, column->field->name) &&
           !value_is_absent(column->field, in);
}

static void equals_add(Query *query, const RecordPlan *plan, const void *in, bool is_of_account)
{
    for (size_t i = 0; i < plan->column_count; i++) {
        const Column *column = &plan->columns[i];
        if (is_asked_equal(query->cx, column, in)) {
            Arg arg = value_arg(query->cx->arena, column->field, in);
            bool is_account = is_of_account && column == plan->account;
            equal_add(query, column, is_account ? "k.account_id" : column->value, arg);
            means_add(query, plan->record, column->field->name, &arg);
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
static void behind_value_add(Query *query, const Order *order, const char *by, const Cursor *cursor)
{
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
    if (order->part == PART_VALUED) {
        behind_value_add(query, order, order->column->within->value, cursor);
        return;
    }
    if (order->column != NULL && !cursor->is_null) {
        const char *by = order->column->sort_by;
        bool is_never_absent = (order->column->field->flags & FIELD_REQUIRED) != 0;
        if (is_never_absent) {
            behind_value_add(query, order, by, cursor);
            return;
        }
        buf_printf(text, " AND (%s IS NULL OR %s %s ", by, by, sign);
        query_bind(query, order->column->type, cursor_arg(order->column, cursor));
        buf_printf(text, " OR (%s = ", by);
        bound_again(query);
        buf_printf(text, " AND r.\"id\" %s ", sign);
        query_bind(query, 'k', arg_i64(cursor->id));
        buf_str(text, "))");
        return;
    }
    if (order->column != NULL && order->part == PART_ALL) {
        buf_printf(text, " AND %s IS NULL", order->column->sort_by);
    }
    buf_printf(text, " AND r.\"id\" %s ", sign);
    query_bind(query, 'k', arg_i64(cursor->id));
    if (order->is_of_account) {
        buf_printf(text, " AND k.from_id %s= " DOSSIER_BLOCK("$%zu"), sign, query->count);
    }
}

static void order_add(Query *query, const Order *order)
{
    const char *way = order->is_descending ? "DESC" : "ASC";
    buf_str(&query->text, " ORDER BY ");
    if (order->column != NULL && order->part != PART_ABSENT) {
        buf_printf(&query->text, "%s %s NULLS LAST, ", order->column->sort_by, way);
    }
    if (order->is_of_account) { /* as the engine has them */
        buf_printf(&query->text, "k.from_id %s, ", way);
    }
    buf_printf(&query->text, "r.\"id\" %s", way);
}

/* As the index has them; none of these is absent. */
static void order_valued_add(Query *query, const Order *order)
{
    const char *way = order->is_descending ? "DESC" : "ASC";
    buf_printf(
        &query->text, " ORDER BY %s %s, v.record_id %s", order->column->within->value, way, way);
}

/* The first `limit` rows behind the cursor and `skip` more. */
static void page_add(
    Query *query, const Order *order, const Cursor *behind, int64_t skip, int64_t limit)
{
    if (behind != NULL) {
        behind_add(query, order, behind);
    }
    if (order->part == PART_VALUED) {
        order_valued_add(query, order);
    } else {
        order_add(query, order);
    }
    buf_str(&query->text, " LIMIT ");
    query_bind(query, 'i', arg_i64(limit));
    if (skip > 0) {
        buf_str(&query->text, " OFFSET ");
        query_bind(query, 'i', arg_i64(skip));
    }
}

/* Sorted by anything but the id, or far down: then the rows of the page are found first, so that
 * what is reckoned for each row, and its other columns, are not read for the rest. */
static bool is_found_first(const Order *order, int64_t skip)
{
    return skip > 0 || (order->column != NULL && order->part != PART_ABSENT);
}

/* The rows of the page, among which equals and filter look. */
static void within_add(Query *query, const RecordPlan *plan, const Order *order, int64_t skip)
{
    Buf *text = &query->text;
    if (order->part == PART_ABSENT) {
        buf_printf(text,
            " AND NOT EXISTS (SELECT 1 FROM custom_value v WHERE %s AND v.record_id = r.\"id\")",
            order->column->having);
    }
    if (!is_found_first(order, skip)) {
        return;
    }
    buf_str(text, " AND r.\"id\" IN (SELECT r.\"id\"");
    if (order->part != PART_VALUED) {
        buf_str(text, order->is_of_account ? plan->dossier_from : plan->from);
        return;
    }
    buf_printf(text, " FROM custom_value v,%s AND %s AND v.record_id = r.\"id\" AND %s IS NOT NULL",
        plan->from + strlen(" FROM"), order->column->having, order->column->within->value);
}

static Err cursor_take(Ctx *cx, const Rows *rows, const Order *order, Id id, Cursor *ret_cursor)
{
    *ret_cursor = (Cursor){.sort = order->text, .id = id, .is_null = true};
    if (order->column == NULL) {
        return ERR_OK;
    }
    if (order->column->within != NULL) {
        return custom_cursor(cx, id, order->column, ret_cursor);
    }
    if (order->column->field->sorted != NULL) { /* cursor_fill() */
        return ERR_OK;
    }
    const Cell *cell = db_cell(rows, order->column->sort_cell);
    ret_cursor->is_null = cell->is_null;
    ret_cursor->i = cell->i;
    ret_cursor->text = cell->p;
    return ERR_OK;
}

/* Of a value that fill() has completed. */
static void cursor_fill(Arena *arena, const Column *column, const void *row, Cursor *cursor)
{
    Arg value = value_arg(arena, column->field, row);
    cursor->is_null = value.type == '0';
    cursor->i = value.i;
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

/* What a call asks for, and the page as it fills. */
typedef struct Asked {
    const RecordPlan *plan;
    const void *in;
    const ListParams *params;
    size_t limit;
    char *rows;
    size_t count;     /* one more than the limit at most: it tells that there is a next page */
    Cursor end;       /* behind the last row of the page */
    const Column *by; /* what it is sorted by; NULL: its id */
} Asked;

static Err rows_take(Ctx *cx, Asked *asked, const Order *order, Rows *rows)
{
    const Schema *schema = asked->plan->record->schema;
    char *room = arena_array(cx->arena, asked->count + rows->count, schema->size);
    if (asked->count > 0) {
        memcpy(room, asked->rows, asked->count * schema->size);
    }
    asked->rows = room;
    while (db_next(rows)) {
        char *row = asked->rows + asked->count++ * schema->size;
        TRY(row_read(cx, rows, schema, row));
        if (asked->count == asked->limit) {
            Id id = *(const Id *)(const void *)(row + schema->fields[0].offset);
            TRY(cursor_take(cx, rows, order, id, &asked->end));
        }
    }
    return ERR_OK;
}

/* Adds to the page what one part of the list has for it. */
static Err part_read(Ctx *cx, Asked *asked, Part part)
{
    const RecordPlan *plan = asked->plan;
    const ListParams *params = asked->params;
    Order order;
    Cursor cursor = {0};
    Query query;
    Rows rows;
    query_start(&query, cx, cx->arena, plan);
    TRY(record_args(cx, plan, query.args));
    TRY(order_of(&query, plan, params->sort, &order));
    order.part = part;
    asked->by = order.column;
    if (params->cursor != NULL) {
        TRY(cursor_of(cx, &order, params->cursor, &cursor));
    }
    if (part == PART_VALUED && cursor.is_null) { /* the page before ended behind all of them */
        return ERR_OK;
    }
    order.is_of_account = plan->account != NULL && part != PART_VALUED &&
                          is_asked_equal(cx, plan->account, asked->in);
    bool is_within = is_found_first(&order, params->skip);
    select_add(&query, plan, order.is_of_account && !is_within);
    bool is_behind = params->cursor != NULL && (part != PART_ABSENT || cursor.is_null);
    within_add(&query, plan, &order, params->skip);
    equals_add(&query, plan, asked->in, order.is_of_account);
    TRY(record_list_where(&query, plan, params, is_usual_asked(cx, plan, params)));
    page_add(&query, &order, is_behind ? &cursor : NULL, params->skip,
        (int64_t)(asked->limit + 1 - asked->count));
    if (is_within) {
        buf_char(&query.text, ')');
        order.is_of_account = false; /* the rows around are the table's */
        order_add(&query, &order);
    }
    TRY(query_ask(&query, plan, &rows));
    return rows_take(cx, asked, &order, &rows);
}

static bool is_sorted_by_custom(const RecordPlan *plan, const char *sort)
{
    return sort != NULL && custom_is_named(plan, sort + (sort[0] == '-' ? 1 : 0));
}

Err record_list_run(Ctx *cx, const void *in, void *out)
{
    const RecordPlan *plan = record_plan(run_op(cx)->record);
    const ListParams *params = (const ListParams *)(const void *)((const char *)in + plan->tail);
    /* Who skips has rows counted; how many the first part has is not known to the second. */
    bool has_parts = params->skip == 0 && is_sorted_by_custom(plan, params->sort);
    Asked asked = {.plan = plan,
        .in = in,
        .params = params,
        .limit = params->limit == 0 ? LIMIT_PAGE_DEFAULT : (size_t)params->limit};
    TRY(part_read(cx, &asked, has_parts ? PART_VALUED : PART_ALL));
    if (has_parts && asked.count <= asked.limit) {
        TRY(part_read(cx, &asked, PART_ABSENT));
    }
    ListOut *page = out;
    bool is_more = asked.count > asked.limit;
    page->items = (List){asked.rows, is_more ? asked.limit : asked.count};
    TRY(record_fill(cx, plan->record, asked.rows, page->items.count));
    if (is_more && asked.by != NULL && asked.by->field->sorted != NULL) {
        const char *last = asked.rows + (asked.limit - 1) * plan->record->schema->size;
        cursor_fill(cx->arena, asked.by, last, &asked.end);
    }
    page->next = is_more ? cursor_write(cx->arena, &asked.end) : NULL;
    return ERR_OK;
}

/* ---- at start ---- */

static Sql kept_one(Arena *arena, const RecordPlan *plan, const Column *column, bool is_first)
{
    Order by_id = {.text = "", .is_of_account = column != NULL && column == plan->account};
    static const Cursor nowhere = {.sort = "", .is_null = true};
    Query query;
    query_start(&query, NULL, arena, plan);
    select_add(&query, plan, by_id.is_of_account);
    if (column != NULL) {
        equal_add(&query, column, by_id.is_of_account ? "k.account_id" : column->value, arg_null());
    }
    const char *usual = plan->record->usual_field;
    bool is_asked = column != NULL && usual != NULL && strcmp(column->field->name, usual) == 0;
    usual_add(&query, plan, is_asked);
    page_add(&query, &by_id, is_first ? NULL : &nowhere, 0, 1);
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
