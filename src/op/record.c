/* The bodies of the generated operations that read or write one record. */
#include "op/record_plan.h"

#include "base/limits.h"
#include "op/run.h"

#include <string.h>

static const RecordPlan *plan_running(const Ctx *cx)
{
    return record_plan(run_op(cx)->record);
}

static Id row_id(const RecordPlan *plan, const void *row)
{
    return *(const Id *)(const void *)((const char *)row + plan->record->schema->fields[0].offset);
}

static int64_t *row_version(const RecordPlan *plan, void *row)
{
    return (int64_t *)(void *)((char *)row + plan->version->offset);
}

/* ---- reading one ---- */

static Err part_fill(
    Ctx *cx, const Schema *schema, const RecordPart *part, char *items, size_t count)
{
    const Field *member = schema_member(schema, part->member, strlen(part->member));
    for (size_t i = 0; i < count; i++) {
        char *row = items + i * schema->size;
        Id id = *(const Id *)(const void *)(row + schema->fields[0].offset);
        List *list = (List *)(void *)(row + member->offset);
        TRY(row_items(cx, part->sql, ARGS(arg_id(id)), member, list));
    }
    return ERR_OK;
}

Err record_fill(Ctx *cx, const Record *record, void *items, size_t count)
{
    for (const RecordPart *part = record->parts; part != NULL && part->member != NULL; part++) {
        TRY(part_fill(cx, record->schema, part, items, count));
    }
    TRY(custom_fill(cx, record->schema, items, count));
    return count == 0 || record->fill == NULL ? ERR_OK : record->fill(cx, items, count);
}

Err record_args(Ctx *cx, const RecordPlan *plan, Arg *ret_args)
{
    return plan->record->args == NULL ? ERR_OK : plan->record->args(cx, ret_args);
}

static Err row_one_of(Ctx *cx, const RecordPlan *plan, const Sql *sql, Id id, void *ret_row)
{
    bool is_found = false;
    Arg args[RECORD_ARGS_MAX + 1] = {{0}};
    TRY(record_args(cx, plan, args));
    args[plan->arg_count] = arg_id(id);
    TRY(row_one(cx, sql, args, plan->arg_count + 1, plan->record->schema, ret_row, &is_found));
    if (!is_found && plan->record->lacks != NULL) {
        return db_damaged(cx, "%s is missing", plan->record->lacks);
    }
    if (!is_found) {
        return err_set(cx, ERR_NOT_FOUND, plan->record->name,
            "There is no such %s, or you may not see it.", plan->record->name);
    }
    return ERR_OK;
}

static Err read_one(Ctx *cx, const RecordPlan *plan, const Sql *sql, Id id, void *ret_row)
{
    TRY(row_one_of(cx, plan, sql, id, ret_row));
    return record_fill(cx, plan->record, ret_row, 1);
}

Err record_see(Ctx *cx, const RecordPlan *plan, Id id)
{
    return row_one_of(cx, plan, &plan->get, id, arena_alloc(cx->arena, plan->record->schema->size));
}

Err record_load(Ctx *cx, const Record *record, Id id, void *ret_row)
{
    const RecordPlan *plan = record_plan(record);
    return read_one(cx, plan, &plan->load, id, ret_row);
}

Err record_get_run(Ctx *cx, const void *in, void *out)
{
    const RecordPlan *plan = plan_running(cx);
    const Ref *of = in;
    TRY(read_one(cx, plan, &plan->get, of->id, out));
    return plan->is_counted
               ? history_count(cx, of->id, (int64_t *)(void *)((char *)out + plan->tail))
               : ERR_OK;
}

/* ---- what a row must keep to ---- */

/* A blank at an end cannot be seen, and one of these would pass for a code of its own. */
static bool has_blank_end(const char *text)
{
    static const char *const blanks[] = {" ", "\xc2\xa0", "\xe3\x80\x80"};
    size_t length = strlen(text);
    for (size_t i = 0; i < COUNT(blanks); i++) {
        size_t wide = strlen(blanks[i]);
        if (length >= wide &&
            (strncmp(text, blanks[i], wide) == 0 || strcmp(text + length - wide, blanks[i]) == 0)) {
            return true;
        }
    }
    return false;
}

/* In the path of an address these two lead elsewhere before the server sees them. */
static bool is_path_step(const char *text)
{
    return strcmp(text, ".") == 0 || strcmp(text, "..") == 0;
}

Err record_code_check(Ctx *cx, const char *field, const char *code)
{
    size_t length = strlen(code);
    if (length == 0 || length > LIMIT_CODE_BYTES) {
        return err_set(cx, ERR_FIELD_INVALID, field, "A code has 1 to %d bytes.", LIMIT_CODE_BYTES);
    }
    for (const char *at = code; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f) {
            return err_set(cx, ERR_FIELD_INVALID, field, "A code has no control characters.");
        }
    }
    if (has_blank_end(code)) {
        return err_set(
            cx, ERR_FIELD_INVALID, field, "A code neither begins nor ends with a blank.");
    }
    if (is_path_step(code)) {
        return err_set(cx, ERR_FIELD_INVALID, field, "A code is more than one or two dots.");
    }
    if (id_looks_like(code)) {
        return err_set(cx, ERR_FIELD_INVALID, field,
            "A letter and 13 characters is the shape of ids; choose another code.");
    }
    return ERR_OK;
}

/* Codes that are new in `after`. */
static Err codes_check(Ctx *cx, const RecordPlan *plan, const void *before, const void *after)
{
    const Column *column = record_column(plan, "code");
    if (column == NULL || column->field->type != FIELD_TEXT ||
        value_is_absent(column->field, after)) {
        return ERR_OK;
    }
    if (before != NULL && value_is_same(cx->arena, column->field, before, after)) {
        return ERR_OK;
    }
    return record_code_check(cx, "code", value_text(cx->arena, column->field, after));
}

static Err uniques_check(Ctx *cx, const RecordPlan *plan, const void *after)
{
    for (size_t i = 0; i < plan->unique_count; i++) {
        const UniqueField *unique = &plan->uniques[i];
        Rows rows;
        if (value_is_absent(unique->field, after)) {
            continue;
        }
        Arg value = value_arg(cx->arena, unique->field, after);
        TRY(db_ask(cx, &unique->taken, &value, 1, &rows));
        if (db_next(&rows) && db_id(&rows, 0) != row_id(plan, after)) {
            return err_set(cx, unique->code, unique->field->name,
                "\"%s\" names another %s already.", value_text(cx->arena, unique->field, after),
                plan->record->name);
        }
    }
    return ERR_OK;
}

/* What is wrong in itself first, then what the feature knows, then what conflicts with others. */
static Err row_check(Ctx *cx, const RecordPlan *plan, const void *before, void *after)
{
    TRY(codes_check(cx, plan, before, after));
    if (plan->record->check != NULL) {
        TRY(plan->record->check(cx, before, after));
    }
    return uniques_check(cx, plan, after);
}

/* ---- writing ---- */

/* What the input says of the fields that the organisation added. */
static Err custom_write(
    Ctx *cx, const RecordPlan *plan, Id id, const void *in, bool is_new, bool *ret_differs)
{
    *ret_differs = false;
    if (plan->custom == NULL) {
        return ERR_OK;
    }
    const char *json =
        *(const char *const *)(const void *)((const char *)in + plan->custom->offset);
    return custom_give(cx, plan->custom->to, id, json, is_new, ret_differs);
}

/* The row's arguments in the order of the insert and of the update. */
static const Arg *row_args(Ctx *cx, const RecordPlan *plan, const void *row, size_t *ret_count)
{
    Arg *args = arena_array(cx->arena, plan->column_count, sizeof(*args));
    size_t count = 0;
    for (size_t i = 0; i < plan->column_count; i++) {
        if (plan->columns[i].name != NULL) {
            args[count++] = value_arg(cx->arena, plan->columns[i].field, row);
        }
    }
    *ret_count = count;
    return args;
}

static Err row_insert(Ctx *cx, const RecordPlan *plan, const void *row)
{
    size_t count = 0;
    const Arg *args = row_args(cx, plan, row, &count);
    return fact_put(cx, &plan->fact, &plan->insert, args, count);
}

static Err row_update(Ctx *cx, const RecordPlan *plan, const void *row)
{
    size_t count = 0;
    const Arg *args = row_args(cx, plan, row, &count);
    return fact_change(cx, &plan->fact, row_id(plan, row), &plan->update, args, count);
}

static Err wrote(Ctx *cx, const RecordPlan *plan, const void *before, const void *after)
{
    return plan->record->wrote == NULL ? ERR_OK : plan->record->wrote(cx, before, after);
}

Err record_create_run(Ctx *cx, const void *in, void *out)
{
    const RecordPlan *plan = plan_running(cx);
    const Schema *schema = plan->record->schema;
    char *after = arena_alloc(cx->arena, schema->size);
    bool has_custom = false;
    memcpy(after, in, schema->size);
    *(Id *)(void *)(after + schema->fields[0].offset) = db_new_id(cx);
    if (plan->version != NULL) {
        *row_version(plan, after) = 1;
    }
    TRY(custom_write(cx, plan, row_id(plan, after), in, true, &has_custom));
    TRY(row_check(cx, plan, NULL, after));
    TRY(row_insert(cx, plan, after));
    TRY(wrote(cx, plan, NULL, after));
    return read_one(cx, plan, &plan->load, row_id(plan, after), out);
}

/* Takes over what the caller named; *ret_is_new when some of it differs. */
static Err members_apply(
    Ctx *cx, const RecordPlan *plan, const void *in, void *after, bool *ret_is_new)
{
    const Schema *schema = plan->record->schema;
    for (size_t i = 1; i < schema->count; i++) {
        const Field *field = &schema->fields[i];
        bool is_apart = (field->flags & (FIELD_OUTPUT | FIELD_FIXED | FIELD_CUSTOM)) != 0;
        if (is_apart || !run_has(cx, field->name)) {
            continue;
        }
        if ((field->flags & FIELD_REQUIRED) != 0 && value_is_absent(field, in)) {
            return err_set(
                cx, ERR_FIELD_REQUIRED, field->name, "%s cannot be cleared.", field->name);
        }
        bool is_compared = record_column(plan, field->name) != NULL;
        if (!is_compared || !value_is_same(cx->arena, field, in, after)) {
            *ret_is_new = true;
        }
        value_copy(field, in, after);
    }
    return ERR_OK;
}

/* Both rows were read from the database, so references are shown alike. */
static void changes_note(Ctx *cx, const RecordPlan *plan, const void *before, const void *after)
{
    for (size_t i = 1; i < plan->column_count; i++) {
        const Field *field = plan->columns[i].field;
        if (plan->columns[i].name == NULL || field == plan->version ||
            value_is_same(cx->arena, field, before, after)) {
            continue;
        }
        bool is_secret = (field->flags & FIELD_SECRET) != 0;
        run_changed(cx, row_id(plan, after), field->name,
            is_secret ? NULL : value_text(cx->arena, field, before),
            is_secret ? NULL : value_text(cx->arena, field, after));
    }
}

static void *row_copy(Ctx *cx, const RecordPlan *plan, const void *row)
{
    size_t size = plan->record->schema->size;
    return memcpy(arena_alloc(cx->arena, size), row, size);
}

Err record_change_run(Ctx *cx, const void *in, void *out)
{
    const RecordPlan *plan = plan_running(cx);
    const Ref *of = (const Ref *)(const void *)((const char *)in + plan->tail);
    bool is_new = false;
    bool has_custom = false;
    TRY(read_one(cx, plan, &plan->load, of->id, out));
    void *before = row_copy(cx, plan, out);
    void *after = row_copy(cx, plan, out);
    if (plan->version != NULL) {
        *row_version(plan, after) += 1;
    }
    TRY(members_apply(cx, plan, in, after, &is_new));
    TRY(custom_write(cx, plan, of->id, in, false, &has_custom));
    if (!is_new && !has_custom) {
        return ERR_OK;
    }
    TRY(row_check(cx, plan, before, after));
    TRY(row_update(cx, plan, after));
    TRY(wrote(cx, plan, before, after));
    memset(out, 0, plan->record->schema->size);
    TRY(read_one(cx, plan, &plan->load, of->id, out));
    changes_note(cx, plan, before, out);
    return ERR_OK;
}

Err record_remove_run(Ctx *cx, const void *in, void *out)
{
    const RecordPlan *plan = plan_running(cx);
    const Ref *of = in;
    TRY(read_one(cx, plan, &plan->load, of->id, out));
    const Sql *asked[] = {&plan->uses, plan->record->uses};
    for (size_t i = 0; i < COUNT(asked) && asked[i] != NULL; i++) {
        Rows rows;
        TRY(db_ask(cx, asked[i], ARGS(arg_id(of->id)), &rows));
        if (rows.count > 0) {
            return err_set(cx, ERR_IN_USE, plan->record->name,
                "Other records still refer to this %s; change or remove them first.",
                plan->record->name);
        }
    }
    if (plan->custom != NULL) {
        TRY(custom_remove(cx, of->id));
    }
    if (plan->record->leaves != NULL) {
        TRY(plan->record->leaves(cx, out));
    }
    TRY(fact_remove(cx, &plan->fact, &plan->remove, ARGS(arg_id(of->id))));
    run_touch(cx, of->id);
    return wrote(cx, plan, out, NULL);
}
