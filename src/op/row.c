/* Rows to structs by schema. The columns stand in the order of the fields. */
#include "op/run.h"

#include "base/names.h"
#include "op/decode.h"

#include <string.h>

/* Where a member is read from: its column, and for some types the one after. */
typedef struct Column {
    const Field *field;
    const Rows *rows;
    size_t index;
    Currency currency; /* of the row */
} Column;

typedef void (*Reader)(const Column *c, void *at);

static bool has_column(const Field *field)
{
    return (field->flags & FIELD_NO_COLUMN) == 0 && field->type != FIELD_LIST &&
           field->type != FIELD_OBJECT;
}

static size_t column_count(const Field *field)
{
    return field->type == FIELD_REF || field->type == FIELD_LIMIT ? 2 : 1;
}

static void read_text(const Column *c, void *at)
{
    *(const char **)at = db_text(c->rows, c->index);
}

static void read_int(const Column *c, void *at)
{
    *(int64_t *)at = db_i64(c->rows, c->index);
}

static void read_opt_int(const Column *c, void *at)
{
    *(OptInt *)at =
        (OptInt){.value = db_i64(c->rows, c->index), .is_set = !db_is_null(c->rows, c->index)};
}

static void read_bool(const Column *c, void *at)
{
    *(bool *)at = db_bool(c->rows, c->index);
}

static void read_date(const Column *c, void *at)
{
    *(Date *)at = db_date(c->rows, c->index);
}

static void read_decimal(const Column *c, void *at)
{
    if (!db_is_null(c->rows, c->index)) {
        int scale = c->field->scale_max == 0 ? FIELD_SCALE_MAX : c->field->scale_max;
        *(Decimal *)at = decimal_of(db_i64(c->rows, c->index), scale);
    }
}

static void read_money(const Column *c, void *at)
{
    if (!db_is_null(c->rows, c->index)) {
        *(Money *)at = (Money){.minor = db_i64(c->rows, c->index), .currency = c->currency};
    }
}

static void read_limit(const Column *c, void *at)
{
    LimitValue *limit = at;
    const char *kind = db_text(c->rows, c->index);
    if (kind == NULL || strcmp(kind, "not_set") == 0) {
        limit->kind = LIMIT_NOT_SET;
    } else if (strcmp(kind, "unlimited") == 0) {
        limit->kind = LIMIT_UNLIMITED;
    } else {
        limit->kind = LIMIT_AMOUNT;
        limit->money = (Money){.minor = db_i64(c->rows, c->index + 1), .currency = c->currency};
        limit->amount = c->currency == 0 ? (Decimal){0} : money_to_decimal(limit->money);
    }
}

static Currency currency_cell(const Rows *rows, size_t column)
{
    const char *text = db_text(rows, column);
    Currency currency = 0;
    return text != NULL && currency_parse(text, &currency) ? currency : 0;
}

static void read_currency(const Column *c, void *at)
{
    *(Currency *)at = currency_cell(c->rows, c->index);
}

static void read_percent(const Column *c, void *at)
{
    *(Percent *)at =
        (Percent){.per_mille = db_i64(c->rows, c->index), .is_set = !db_is_null(c->rows, c->index)};
}

static void read_enum(const Column *c, void *at)
{
    *(int *)at = name_index(c->field->names, db_text(c->rows, c->index));
}

static void read_flags(const Column *c, void *at)
{
    *(uint32_t *)at = (uint32_t)db_i64(c->rows, c->index);
}

static void read_ref(const Column *c, void *at)
{
    *(Ref *)at = (Ref){.id = db_id(c->rows, c->index), .text = db_text(c->rows, c->index + 1)};
}

static const Reader readers[] = {
    [FIELD_TEXT] = read_text,
    [FIELD_INT] = read_int,
    [FIELD_OPT_INT] = read_opt_int,
    [FIELD_BOOL] = read_bool,
    [FIELD_DATE] = read_date,
    [FIELD_INSTANT] = read_int,
    [FIELD_DECIMAL] = read_decimal,
    [FIELD_MONEY] = read_money,
    [FIELD_LIMIT] = read_limit,
    [FIELD_CURRENCY] = read_currency,
    [FIELD_PERCENT] = read_percent,
    [FIELD_ENUM] = read_enum,
    [FIELD_FLAGS] = read_flags,
    [FIELD_ID] = read_int,
    [FIELD_REF] = read_ref,
    [FIELD_OBJECT] = NULL,
    [FIELD_LIST] = NULL,
    [FIELD_JSON] = read_text,
};

/* Money may stand before the currency of its row. */
static Currency row_currency(const Rows *rows, const Schema *schema)
{
    size_t column = 0;
    for (size_t i = 0; i < schema->count; i++) {
        const Field *field = &schema->fields[i];
        if (!has_column(field)) {
            continue;
        }
        if (field->type == FIELD_CURRENCY) {
            return currency_cell(rows, column);
        }
        column += column_count(field);
    }
    return 0;
}

/* Whether what stands in the row can be of the field. */
static bool is_read(const Column *c, const void *at)
{
    const Field *field = c->field;
    if (db_is_null(c->rows, c->index)) {
        return true;
    }
    if (field->type == FIELD_ENUM) {
        return *(const int *)at != 0;
    }
    if (field->type == FIELD_CURRENCY) {
        return *(const Currency *)at != 0;
    }
    if (field->type == FIELD_INSTANT) {
        return instant_is_stored(*(const Instant *)at);
    }
    if (field->type == FIELD_INT && field->max != 0) {
        return *(const int64_t *)at >= field->min && *(const int64_t *)at <= field->max;
    }
    return true;
}

static const char *cell_shown(Ctx *cx, const Column *c)
{
    const char *text = db_text(c->rows, c->index);
    long long number = (long long)db_i64(c->rows, c->index);
    return text != NULL ? text : arena_printf(cx->arena, "%lld", number);
}

static Err unread(Ctx *cx, const Column *c, const Schema *schema)
{
    const Field *first = &schema->fields[0];
    const RefKind *kind = first->type == FIELD_ID ? ref_kind_find(first->to) : NULL;
    const char *row = schema->name;
    if (kind != NULL && db_id(c->rows, 0) > 0) {
        const char *id = id_text(cx->arena, kind->letter, db_id(c->rows, 0));
        row = arena_printf(cx->arena, "%s %s", kind->name, id);
    }
    return db_damaged(cx, "%s has \"%s\" as its %s", row, cell_shown(cx, c), c->field->name);
}

Err row_read(Ctx *cx, const Rows *rows, const Schema *schema, void *ret_value)
{
    Currency currency = row_currency(rows, schema);
    size_t column = 0;
    for (size_t i = 0; i < schema->count; i++) {
        const Field *field = &schema->fields[i];
        if (has_column(field)) {
            Column at = {.field = field, .rows = rows, .index = column, .currency = currency};
            void *value = (char *)ret_value + field->offset;
            readers[field->type](&at, value);
            if (!is_read(&at, value)) {
                return unread(cx, &at, schema);
            }
            column += column_count(field);
        }
    }
    ASSERT(column == rows->columns);
    return ERR_OK;
}

Err row_one(Ctx *cx,
    const Sql *sql,
    const Arg *args,
    size_t count,
    const Schema *schema,
    void *ret_value,
    bool *ret_found)
{
    Rows rows;
    TRY(db_ask(cx, sql, args, count, &rows));
    *ret_found = db_next(&rows);
    return *ret_found ? row_read(cx, &rows, schema, ret_value) : ERR_OK;
}

Err row_load(
    Ctx *cx, const Sql *by_id, Id id, const Schema *schema, const char *kind, void *ret_value)
{
    bool found = false;
    memset(ret_value, 0, schema->size);
    TRY(row_one(cx, by_id, ARGS(arg_id(id)), schema, ret_value, &found));
    return found ? ERR_OK : err_set(cx, ERR_NOT_FOUND, kind, "There is no such %s.", kind);
}

Err row_list(
    Ctx *cx, const Sql *sql, const Arg *args, size_t count, const Schema *schema, List *ret_list)
{
    Rows rows;
    TRY(db_ask(cx, sql, args, count, &rows));
    char *items = arena_array(cx->arena, rows.count, schema->size);
    for (size_t i = 0; db_next(&rows); i++) {
        TRY(row_read(cx, &rows, schema, items + i * schema->size));
    }
    *ret_list = (List){.items = items, .count = rows.count};
    return ERR_OK;
}

Err row_items(
    Ctx *cx, const Sql *sql, const Arg *args, size_t count, const Field *member, List *ret_list)
{
    if (member->item != NULL) {
        return row_list(cx, sql, args, count, member->item, ret_list);
    }
    bool is_ref = member->item_type == FIELD_REF;
    ASSERT(is_ref || member->item_type == FIELD_TEXT);
    size_t size = is_ref ? sizeof(Ref) : sizeof(const char *);
    Rows rows;
    TRY(db_ask(cx, sql, args, count, &rows));
    char *items = arena_array(cx->arena, rows.count, size);
    for (size_t i = 0; db_next(&rows); i++) {
        readers[member->item_type](&(Column){.rows = &rows}, items + i * size);
    }
    *ret_list = (List){.items = items, .count = rows.count};
    return ERR_OK;
}
