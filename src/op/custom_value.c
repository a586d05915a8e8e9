/* The values of custom fields: given, read, shown and taken away. */
#include "op/custom.h"

#include "base/json.h"
#include "base/names.h"
#include "op/decode.h"
#include "op/encode.h"
#include "op/record_plan.h"
#include "op/run.h"

#include <string.h>

#define VALUE_FACTS "record_id, field_id, text_value, number_value, value_on"
#define VALUE_LETTERS "kktid"
const Fact fact_custom_value = FACT("custom_value", 2, VALUE_FACTS, VALUE_LETTERS);

/* Its arguments are the row. */
static const Sql sql_put = {
    "INSERT INTO custom_value (" VALUE_FACTS ") VALUES ($1, $2, $3, $4, $5)",
    .in = VALUE_LETTERS,
};

static const Sql sql_see = {
    "SELECT " VALUE_FACTS " FROM custom_value WHERE record_id = $1 AND field_id = $2",
    .in = "kk",
    .out = VALUE_LETTERS,
};

static const Sql sql_change = {
    "UPDATE custom_value SET text_value = $3, number_value = $4, value_on = $5"
    " WHERE record_id = $1 AND field_id = $2 RETURNING " VALUE_FACTS,
    .in = VALUE_LETTERS,
    .out = VALUE_LETTERS,
};

static const Sql sql_remove = {
    "DELETE FROM custom_value WHERE record_id = $1 AND field_id = $2 RETURNING " VALUE_FACTS,
    .in = "kk",
    .out = VALUE_LETTERS,
};

static const Sql sql_of_one = {
    "SELECT " VALUE_FACTS " FROM custom_value WHERE record_id = $1 ORDER BY field_id",
    .in = "k",
    .out = VALUE_LETTERS,
};

enum { AT_ONCE = 20 };
static const Sql sql_of_many = {
    "SELECT " VALUE_FACTS " FROM custom_value WHERE record_id IN ($1, $2, $3, $4, $5, $6, $7, $8,"
    " $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
    .in = "kkkkkkkkkkkkkkkkkkkk",
    .out = VALUE_LETTERS,
};

/* ---- reading ---- */

/* One row of VALUE_FACTS into its slot. */
static Err value_take(Ctx *cx, const Rows *rows, const Field *field, void *values)
{
    void *at = (char *)values + field->offset;
    if (field->type == FIELD_TEXT) {
        *(const char **)at = db_text(rows, 2);
    } else if (field->type == FIELD_DATE) {
        *(Date *)at = db_date(rows, 4);
    } else if (field->type == FIELD_OPT_INT) {
        *(OptInt *)at = (OptInt){.value = db_i64(rows, 3), .is_set = !db_is_null(rows, 3)};
    } else if (field->type == FIELD_DECIMAL) {
        *(Decimal *)at = decimal_of(db_i64(rows, 3), field->scale_max);
    } else if (field->type == FIELD_MONEY) {
        *(Money *)at = money_of(field->currency, db_i64(rows, 3));
    } else {
        *(int *)at = name_index(field->names, db_text(rows, 2));
        if (*(const int *)at == 0) {
            return db_damaged(
                cx, "the custom field %s has \"%s\" as a value", field->name, db_text(rows, 2));
        }
    }
    return ERR_OK;
}

/* Values of fields that are retired are there and not shown. */
static Err row_take(Ctx *cx, const Rows *rows, const CustomSet *set, void *values)
{
    for (size_t i = 0; i < set->schema.count; i++) {
        if (set->ids[i] == db_id(rows, 1)) {
            return value_take(cx, rows, &set->schema.fields[i], values);
        }
    }
    return ERR_OK;
}

static Err values_read(Ctx *cx, const CustomSet *set, Id record_id, void *ret_values)
{
    Rows rows;
    TRY(db_ask(cx, &sql_of_one, ARGS(arg_id(record_id)), &rows));
    while (db_next(&rows)) {
        TRY(row_take(cx, &rows, set, ret_values));
    }
    return ERR_OK;
}

static Err values_read_many(
    Ctx *cx, const CustomSet *set, const Id *ids, size_t count, char *ret_values)
{
    Arg args[AT_ONCE];
    Rows rows;
    for (size_t i = 0; i < AT_ONCE; i++) {
        args[i] = arg_i64(i < count ? ids[i] : 0);
    }
    TRY(db_ask(cx, &sql_of_many, args, AT_ONCE, &rows));
    while (db_next(&rows)) {
        size_t at = 0;
        while (at + 1 < count && ids[at] != db_id(&rows, 0)) {
            at++;
        }
        TRY(row_take(cx, &rows, set, ret_values + at * set->schema.size));
    }
    return ERR_OK;
}

/* Up to AT_ONCE rows of a record. */
static Err rows_fill(Ctx *cx, const CustomSet *set, const Schema *schema, char *items, size_t count)
{
    const Field *member = custom_member(schema);
    char *values = arena_array(cx->arena, count, set->schema.size);
    Id ids[AT_ONCE] = {0};
    for (size_t i = 0; i < count; i++) {
        ids[i] = *(const Id *)(const void *)(items + i * schema->size + schema->fields[0].offset);
    }
    TRY(count == 1 ? values_read(cx, set, ids[0], values)
                   : values_read_many(cx, set, ids, count, values));
    for (size_t i = 0; i < count; i++) {
        const char **at = (const char **)(void *)(items + i * schema->size + member->offset);
        *at = encode_text(cx->arena, &set->schema, values + i * set->schema.size);
    }
    return ERR_OK;
}

Err custom_fill(Ctx *cx, const Schema *schema, void *items, size_t count)
{
    const Field *member = custom_member(schema);
    CustomSet set;
    if (member == NULL || count == 0) {
        return ERR_OK;
    }
    TRY(custom_set(cx, member->to, &set));
    for (size_t i = 0; i < count; i++) {
        char *row = (char *)items + i * schema->size;
        *(const char **)(void *)(row + member->offset) = "{}";
    }
    for (size_t i = 0; i < count && set.schema.count > 0; i += AT_ONCE) {
        size_t left = count - i;
        TRY(rows_fill(
            cx, &set, schema, (char *)items + i * schema->size, left < AT_ONCE ? left : AT_ONCE));
    }
    return ERR_OK;
}

Err custom_cursor(Ctx *cx, Id record_id, const Column *column, Cursor *cursor)
{
    Rows rows;
    TRY(db_ask(cx, &sql_see, ARGS(arg_id(record_id), arg_id(column->custom_id)), &rows));
    size_t at = column->type == 't' ? 2 : column->type == 'i' ? 3 : 4;
    if (db_next(&rows) && !db_is_null(&rows, at)) {
        const Cell *cell = db_cell(&rows, at);
        cursor->is_null = false;
        cursor->i = cell->i;
        cursor->text = cell->p;
    }
    return ERR_OK;
}

/* ---- what is given ---- */

static const char *place_of(Ctx *cx, const char *code)
{
    return arena_printf(cx->arena, CUSTOM_PREFIX "%s", code);
}

static Err known_check(Ctx *cx, const CustomSet *set, json_t *given)
{
    const char *name;
    json_t *value;
    json_object_foreach(given, name, value)
    {
        if (schema_member(&set->schema, name, strlen(name)) == NULL) {
            return err_set(cx, ERR_FIELD_UNKNOWN, place_of(cx, name),
                "There is no such field of a %s; custom_field_list tells which there are.",
                set->schema.name);
        }
    }
    return ERR_OK;
}

/* What cannot be seen would pass for nothing, and be found as something. */
static Err blank_check(Ctx *cx, const CustomSet *set, const void *values)
{
    for (size_t i = 0; i < set->schema.count; i++) {
        const Field *field = &set->schema.fields[i];
        const char *text = field->type == FIELD_TEXT ? value_text(cx->arena, field, values) : NULL;
        if (text != NULL && text[strspn(text, " \t\n")] == '\0') {
            return err_set(cx, ERR_FIELD_INVALID, place_of(cx, field->name),
                "Send a text that is not blank, or null for none.");
        }
    }
    return ERR_OK;
}

/* As an input of a new record, or of a change, takes them. */
static Schema schema_given(Ctx *cx, const CustomSet *set, bool is_new)
{
    Schema schema = set->schema;
    Field *fields = arena_array(cx->arena, schema.count, sizeof *fields);
    for (size_t i = 0; i < schema.count; i++) {
        fields[i] = set->given[i];
        fields[i].flags |= is_new && set->needed[i] ? FIELD_REQUIRED : 0;
    }
    schema.fields = fields;
    return schema;
}

static Err values_decode(
    Ctx *cx, const CustomSet *set, const char *json, bool is_new, json_t **ret_given, void *values)
{
    TRY(json_read(cx, json, strlen(json), ret_given));
    TRY(known_check(cx, set, *ret_given));
    Schema schema = schema_given(cx, set, is_new);
    TRY(decode_within(cx, &schema, *ret_given, CUSTOM_MEMBER, values));
    for (size_t i = 0; i < set->schema.count && !is_new; i++) {
        const Field *field = &set->schema.fields[i];
        if (set->needed[i] && json_is_null(json_object_get(*ret_given, field->name))) {
            return err_set(cx, ERR_FIELD_REQUIRED, place_of(cx, field->name),
                "%s cannot be cleared.", field->name);
        }
    }
    return blank_check(cx, set, values);
}

/* ---- writing ---- */

typedef struct Giving {
    const CustomSet *set;
    Id record_id;
    const void *before;
    const void *after;
} Giving;

static Err value_write(Ctx *cx, const Giving *giving, size_t at)
{
    const Field *field = &giving->set->schema.fields[at];
    Arg row[] = {arg_id(giving->record_id), arg_id(giving->set->ids[at]), arg_null(), arg_null(),
        arg_null()};
    bool was = !value_is_absent(field, giving->before);
    if (value_is_absent(field, giving->after)) {
        return fact_remove(cx, &fact_custom_value, &sql_remove, row, 2);
    }
    char letter = '\0';
    (void)custom_column_name(field->type, &letter);
    row[letter == 't' ? 2 : letter == 'i' ? 3 : 4] = value_arg(cx->arena, field, giving->after);
    if (!was) {
        return fact_put(cx, &fact_custom_value, &sql_put, row, COUNT(row));
    }
    TRY(fact_see(cx, &fact_custom_value, &sql_see, row, 2));
    return fact_change_seen(cx, &fact_custom_value, &sql_change, row, COUNT(row));
}

static void value_note(Ctx *cx, const Giving *giving, const Field *field)
{
    run_changed(cx, giving->record_id, place_of(cx, field->name),
        value_text(cx->arena, field, giving->before), value_text(cx->arena, field, giving->after));
}

Err custom_give(
    Ctx *cx, const char *record, Id record_id, const char *json, bool is_new, bool *ret_differs)
{
    CLEANUP(json_value_free) json_t *given = NULL;
    CustomSet set;
    *ret_differs = false;
    if (json == NULL && !is_new) {
        return ERR_OK;
    }
    TRY(custom_set(cx, record, &set));
    void *before = arena_alloc(cx->arena, set.schema.size);
    void *after = arena_alloc(cx->arena, set.schema.size);
    TRY(values_decode(cx, &set, json == NULL ? "{}" : json, is_new, &given, after));
    if (!is_new) {
        TRY(values_read(cx, &set, record_id, before));
    }
    const Giving giving = {&set, record_id, before, after};
    for (size_t i = 0; i < set.schema.count; i++) {
        const Field *field = &set.schema.fields[i];
        bool is_named = json_object_get(given, field->name) != NULL;
        if (!is_named || value_is_same(cx->arena, field, before, after)) {
            continue;
        }
        *ret_differs = true;
        TRY(value_write(cx, &giving, i));
        if (!is_new) {
            value_note(cx, &giving, field);
        }
    }
    return ERR_OK;
}

/* One by one: engines differ in the order of a DELETE, and the order is hashed. */
Err custom_remove(Ctx *cx, Id record_id)
{
    Rows rows;
    TRY(db_ask(cx, &sql_of_one, ARGS(arg_id(record_id)), &rows));
    while (db_next(&rows)) {
        TRY(fact_remove(
            cx, &fact_custom_value, &sql_remove, ARGS(arg_id(record_id), arg_id(db_id(&rows, 1)))));
    }
    return ERR_OK;
}
