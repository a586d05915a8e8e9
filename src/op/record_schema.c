/* What the operations of a record take and answer, derived from its schema. Inputs have the layout
 * of the row, so that a member is copied without being named;
 * what the row has not lies behind it. */
#include "op/record_plan.h"

#include "base/limits.h"
#include "op/run.h"

#include <string.h>

enum { LIST_FIELDS_MAX = 7 };

static size_t tail_of(const Schema *schema)
{
    size_t step = _Alignof(max_align_t);
    return (schema->size + step - 1) / step * step;
}

static const Schema *schema_of(
    Arena *arena, const Record *record, const char *suffix, const Schema *from)
{
    Schema *schema = arena_alloc(arena, sizeof(*schema));
    *schema = *from;
    schema->name = arena_printf(arena, "%s%s", record->schema->name, suffix);
    return schema;
}

/* The reference that the path carries. */
static Field path_field(const RecordPlan *plan, size_t offset)
{
    const Record *record = plan->record;
    op_must(plan->kind != NULL, record->name,
        "a record with a path to one of it is a kind of reference");
    return (Field){.name = record->name,
        .type = FIELD_REF,
        .to = record->name,
        .flags = FIELD_REQUIRED,
        .offset = offset,
        .doc = "Code or id."};
}

/* A member `code` is a code, whatever else its field says. */
static void code_bound(Field *field)
{
    if (strcmp(field->name, "code") == 0 && field->max_len == 0) {
        field->max_len = LIMIT_CODE_BYTES;
    }
}

static const Schema *create_in(Arena *arena, const RecordPlan *plan)
{
    const Schema *row = plan->record->schema;
    Field *fields = arena_array(arena, row->count, sizeof(*fields));
    size_t count = 0;
    for (size_t i = 1; i < row->count; i++) {
        if ((row->fields[i].flags & FIELD_OUTPUT) == 0) {
            op_must(row->fields[i].type != FIELD_MONEY, plan->record->name,
                "money of an input is FIELD_DECIMAL: its currency is not known yet");
            fields[count] = row->fields[i];
            code_bound(&fields[count++]);
        }
    }
    Schema from = {.size = row->size, .fields = fields, .count = count};
    return schema_of(arena, plan->record, "Create", &from);
}

static const Schema *change_in(Arena *arena, const RecordPlan *plan)
{
    const Schema *row = plan->record->schema;
    Field *fields = arena_array(arena, row->count + 1, sizeof(*fields));
    size_t count = 0;
    fields[count++] = path_field(plan, plan->tail);
    for (size_t i = 1; i < row->count; i++) {
        if ((row->fields[i].flags & (FIELD_OUTPUT | FIELD_FIXED)) == 0) {
            fields[count] = row->fields[i];
            fields[count].flags &= ~(unsigned)FIELD_REQUIRED;
            code_bound(&fields[count++]);
        }
    }
    Schema from = {.size = plan->tail + sizeof(Ref), .fields = fields, .count = count};
    return schema_of(arena, plan->record, "Change", &from);
}

static const Schema *one_in(Arena *arena, const RecordPlan *plan)
{
    Field *field = arena_alloc(arena, sizeof(*field));
    *field = path_field(plan, 0);
    Schema from = {.size = sizeof(Ref), .fields = field, .count = 1};
    return schema_of(arena, plan->record, "One", &from);
}

/* ", a, b, c": the names of the fields that have `flag`. */
static const char *names_with(Arena *arena, const RecordPlan *plan, unsigned flag)
{
    Buf names = buf_in(arena);
    for (size_t i = 0; i < plan->column_count; i++) {
        const Field *field = plan->columns[i].field;
        bool fits =
            flag == FIELD_SORT ? (field->flags & FIELD_SORT) != 0 : filter_takes(plan, field);
        if (fits) {
            buf_printf(&names, ", %s", field->name);
        }
    }
    return buf_text(&names);
}

static bool is_in_path(const Record *record, const char *name)
{
    const char *brace = strchr(record->path, '{');
    size_t length = strlen(name);
    return brace != NULL && strncmp(brace + 1, name, length) == 0 && brace[1 + length] == '}';
}

static size_t list_params(Arena *arena, const RecordPlan *plan, Field *fields)
{
    size_t tail = plan->tail;
    size_t count = 0;
    const char *custom = plan->custom == NULL ? "" : ", fields.CODE";
    const char *sorts = arena_printf(arena, "One of: id%s%s; with - before it, descending.",
        names_with(arena, plan, FIELD_SORT), custom);
    const char *filters = arena_printf(arena,
        "A condition such as (name has \"east\" or code eq \"E1\"), over: %s%s.",
        names_with(arena, plan, FIELD_FILTER) + strlen(", "), custom);
    fields[count++] = (Field){.name = "limit",
        .type = FIELD_INT,
        .min = 1,
        .max = LIMIT_PAGE_ROWS,
        .offset = tail + offsetof(ListParams, limit),
        .doc = "Rows of a page; 50 when absent."};
    fields[count++] = (Field){.name = "skip",
        .type = FIELD_INT,
        .min = 0,
        .max = LIMIT_SKIP_ROWS,
        .offset = tail + offsetof(ListParams, skip),
        .doc = "Rows left out before the page, behind the cursor if there is one: for a jump."};
    fields[count++] = (Field){.name = "cursor",
        .type = FIELD_TEXT,
        .max_len = LIMIT_TEXT_BYTES,
        .offset = tail + offsetof(ListParams, cursor),
        .doc = "`next` of the page before."};
    fields[count++] = (Field){.name = "sort",
        .type = FIELD_TEXT,
        .offset = tail + offsetof(ListParams, sort),
        .doc = sorts};
    fields[count++] = (Field){.name = "filter",
        .type = FIELD_TEXT,
        .max_len = LIMIT_TEXT_BYTES,
        .offset = tail + offsetof(ListParams, filter),
        .doc = filters};
    if (plan->record->date_field != NULL) {
        fields[count++] = (Field){.name = "from",
            .type = FIELD_DATE,
            .offset = tail + offsetof(ListParams, from),
            .doc = arena_printf(arena, "The first day, by `%s`.", plan->record->date_field)};
        fields[count++] = (Field){.name = "until",
            .type = FIELD_DATE,
            .offset = tail + offsetof(ListParams, until),
            .doc = arena_printf(arena, "The last day, by `%s`.", plan->record->date_field)};
    }
    return count;
}

static const Schema *list_in(Arena *arena, const RecordPlan *plan)
{
    const Record *record = plan->record;
    Field *fields = arena_array(arena, plan->column_count + LIST_FIELDS_MAX, sizeof(*fields));
    size_t count = 0;
    for (size_t i = 0; i < plan->column_count; i++) {
        const Field *field = plan->columns[i].field;
        if (record_takes_equal(field)) {
            fields[count] = *field;
            fields[count].min = fields[count].max = 0;
            fields[count++].flags = is_in_path(record, field->name) ? FIELD_REQUIRED : 0;
        }
    }
    count += list_params(arena, plan, fields + count);
    Schema from = {.size = plan->tail + sizeof(ListParams), .fields = fields, .count = count};
    return schema_of(arena, record, "ListIn", &from);
}

/* What `get` shows of a record without a version of its own: what was done to it, counted. Lists do
 * not show it, so they do not count; what never changes has neither history nor version. */
static const Schema *get_out(Arena *arena, const RecordPlan *plan)
{
    const Schema *row = plan->record->schema;
    if (!plan->is_counted) {
        return row;
    }
    Field *fields = arena_array(arena, row->count + 1, sizeof(*fields));
    memcpy(fields, row->fields, row->count * sizeof(*fields));
    fields[row->count] = (Field){.name = "version",
        .type = FIELD_INT,
        .offset = plan->tail,
        .doc = "Rises with everything that is done to it."};
    Schema from = {.size = plan->tail + sizeof(int64_t), .fields = fields, .count = row->count + 1};
    return schema_of(arena, plan->record, "Get", &from);
}

static const Schema *list_out(Arena *arena, const RecordPlan *plan)
{
    Field *fields = arena_array(arena, 2, sizeof(*fields));
    fields[0] = (Field){.name = "items",
        .type = FIELD_LIST,
        .item = plan->record->schema,
        .flags = FIELD_REQUIRED,
        .offset = offsetof(ListOut, items)};
    fields[1] = (Field){.name = "next",
        .type = FIELD_TEXT,
        .offset = offsetof(ListOut, next),
        .doc = "Cursor of the next page; null after the last."};
    Schema from = {.size = sizeof(ListOut), .fields = fields, .count = 2};
    return schema_of(arena, plan->record, "List", &from);
}

/* ---- operations ---- */

/* "/credit-notes" -> "credit notes" */
static const char *plural_of(Arena *arena, const Record *record)
{
    const char *last = strrchr(record->path, '/');
    char *plural = arena_str(arena, last + 1);
    for (char *at = strchr(plural, '-'); at != NULL; at = strchr(at, '-')) {
        *at = ' ';
    }
    return plural;
}

static Op *op_new(Arena *arena, RecordPlan *plan, RecordVerb verb, const char *verb_name)
{
    const Record *record = plan->record;
    if ((record->verbs & verb) == 0) {
        return NULL;
    }
    ASSERT(plan->op_count < RECORD_OPS_MAX);
    Op *op = &plan->ops[plan->op_count++];
    bool is_read = (verb & VERB_READS) != 0;
    *op = (Op){
        .name = arena_printf(arena, "%s_%s", record->name, verb_name),
        .path = record->path,
        .effect = is_read ? EFFECT_READ : EFFECT_ACT,
        .needs = is_read ? record->reads : record->writes,
        .out = record->schema,
        .record = record,
        .record_verb = (int)verb,
    };
    return op;
}

static const char *one_path(Arena *arena, const Record *record)
{
    const char *path = record->one != NULL ? record->one : record->path;
    op_must(
        strchr(path, '{') == NULL, record->name, "a path below another record is for lists only");
    return arena_printf(arena, "%s/{%s}", path, record->name);
}

static void fail_add(Op *op, Err code)
{
    size_t at = 0;
    for (; at < OP_FAILS_MAX && op->fails[at] != ERR_OK; at++) {
        if (op->fails[at] == code) {
            return;
        }
    }
    ASSERT(at < OP_FAILS_MAX);
    op->fails[at] = code;
}

/* Refusals of create and change, in the order of their checks. */
static void fails_of_writes(Op *op, const RecordPlan *plan)
{
    for (size_t i = 0; i < COUNT(plan->record->fails) && plan->record->fails[i] != ERR_OK; i++) {
        fail_add(op, plan->record->fails[i]);
    }
    bool creates = op->record_verb == VERB_CREATE;
    const Err *own = plan->record->create_fails;
    for (size_t i = 0; creates && own[i] != ERR_OK; i++) {
        fail_add(op, own[i]);
    }
    for (size_t i = 0; i < plan->unique_count; i++) {
        if (creates || (plan->uniques[i].field->flags & FIELD_FIXED) == 0) {
            fail_add(op, plan->uniques[i].code);
        }
    }
}

static void op_create(Arena *arena, RecordPlan *plan)
{
    Op *op = op_new(arena, plan, VERB_CREATE, "create");
    if (op == NULL) {
        return;
    }
    op->method = METHOD_POST;
    op->effect = EFFECT_CREATE;
    op->in = create_in(arena, plan);
    op->run = record_create_run;
    if ((plan->record->verbs & VERB_REMOVE) != 0) {
        op->inverse = arena_printf(arena, "%s_remove", plan->record->name);
    } else if (plan->record->retire != NULL) {
        op->inverse = arena_printf(arena, "%s_change", plan->record->name);
        op->inverse_with = plan->record->retire;
    }
    op->summary = arena_printf(arena, "Create %s.", plan->record->summary);
    fails_of_writes(op, plan);
}

static void op_get(Arena *arena, RecordPlan *plan)
{
    Op *op = op_new(arena, plan, VERB_GET, "get");
    if (op == NULL) {
        return;
    }
    op->method = METHOD_GET;
    op->path = one_path(arena, plan->record);
    op->in = one_in(arena, plan);
    op->out = get_out(arena, plan);
    op->run = record_get_run;
    op->summary = arena_printf(arena, "Read %s.", plan->record->summary);
}

static void op_list(Arena *arena, RecordPlan *plan)
{
    Op *op = op_new(arena, plan, VERB_LIST, "list");
    if (op == NULL) {
        return;
    }
    op->method = METHOD_GET;
    op->in = list_in(arena, plan);
    op->out = list_out(arena, plan);
    op->run = record_list_run;
    op->summary = arena_printf(arena, "List %s, page by page.", plural_of(arena, plan->record));
    record_list_keep(arena, plan);
}

static void op_change(Arena *arena, RecordPlan *plan)
{
    Op *op = op_new(arena, plan, VERB_CHANGE, "change");
    if (op == NULL) {
        return;
    }
    op->method = METHOD_PATCH;
    op->path = one_path(arena, plan->record);
    op->in = change_in(arena, plan);
    op->run = record_change_run;
    op->summary = arena_printf(
        arena, "Change %s; members left out stay, null clears.", plan->record->summary);
    fails_of_writes(op, plan);
}

static void op_remove(Arena *arena, RecordPlan *plan)
{
    Op *op = op_new(arena, plan, VERB_REMOVE, "remove");
    if (op == NULL) {
        return;
    }
    op->method = METHOD_DELETE;
    op->path = one_path(arena, plan->record);
    op->in = one_in(arena, plan);
    op->run = record_remove_run;
    op->summary = arena_printf(
        arena, "Remove %s to which nothing refers; answers what it was.", plan->record->summary);
    if (plan->has_users || plan->record->uses != NULL) {
        fail_add(op, ERR_IN_USE);
    }
}

static void op_history(Arena *arena, RecordPlan *plan)
{
    Op *op = op_new(arena, plan, VERB_HISTORY, "history");
    if (op == NULL) {
        return;
    }
    Field of = path_field(plan, 0);
    /* Who of us did what is not for the partner whose record it is. */
    op->needs = op->needs == PERM_READ_OWN ? PERM_READ : op->needs;
    op->method = METHOD_GET;
    op->path = arena_printf(arena, "%s/history", one_path(arena, plan->record));
    Schema from = history_in(arena, &of);
    op->in = schema_of(arena, plan->record, "HistoryIn", &from);
    op->out = &HistoryPage_schema;
    op->run = history_run;
    op->summary = arena_printf(arena, "What was done to %s, oldest first.", plan->record->summary);
}

void record_plan_ops(Arena *arena, RecordPlan *plan)
{
    plan->tail = tail_of(plan->record->schema);
    op_create(arena, plan);
    op_list(arena, plan);
    op_get(arena, plan);
    op_change(arena, plan);
    op_remove(arena, plan);
    op_history(arena, plan);
}
