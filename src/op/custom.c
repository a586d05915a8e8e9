/* What custom fields are defined, as a schema and as columns of lists. */
#include "op/custom.h"

#include "base/names.h"
#include "op/record_plan.h"

#include <string.h>

const char *const custom_kind_names[] = {
    "", "text", "decimal", "integer", "date", "yes_no", "choice", "money", NULL};
#define RECORDS(X) X("partner") X("account") X("contact") X("product") X("order") X("activity")
#define NAME(record) record,

const char *const custom_record_names[] = {"", RECORDS(NAME) NULL};

static const char *const truth_names[] = {"", "false", "true", NULL};

enum { SLOT_SIZE = 32, TEXT_BYTES = 1000, SCALE = 6 };
static const int64_t decimal_max = INT64_C(999999999999);
/* What every reader of JSON keeps exact. */
static const int64_t integer_max = INT64_C(999999999999999);

_Static_assert(
    sizeof(Decimal) <= SLOT_SIZE && sizeof(OptInt) <= SLOT_SIZE && sizeof(Money) <= SLOT_SIZE,
    "a slot takes a value");

/* The record stands in the text, so that every call of an operation asks the same: then it is asked
 * ahead, see db_expect_usual. */
#define FIELDS_OF(record)                                                                          \
    {                                                                                              \
        "SELECT f.id, f.code, f.kind, f.is_required, COALESCE(f.label_en, f.label_zh),"            \
        " f.currency"                                                                              \
        " FROM custom_field f"                                                                     \
        " WHERE f.record = '" record "' AND f.is_retired = $1 ORDER BY f.place, f.id {steady}",    \
        .in = "b",                                                                                 \
        .out = "kttbtt",                                                                           \
    },

/* In the order of custom_record_names, behind its first. */
static const Sql sql_fields[] = {RECORDS(FIELDS_OF)};

/* Options in use first: the others are behind the end of what may be chosen. */
static const Sql sql_options = {
    "SELECT o.code, o.is_retired, o.label_en, o.label_zh FROM custom_option o"
    " WHERE o.field_id = $1"
    " ORDER BY o.is_retired, o.place, o.code {steady}",
    .in = "k",
    .out = "tbtt",
};

const Field *custom_member(const Schema *schema)
{
    for (size_t i = 0; i < schema->count; i++) {
        if ((schema->fields[i].flags & FIELD_CUSTOM) != 0) {
            return &schema->fields[i];
        }
    }
    return NULL;
}

/* ---- a schema of them ---- */

/* One field, as CustomSet has it in its parts. */
typedef struct Defined {
    Field *shown;
    Field *given;
    CustomLabels *labels;
} Defined;

static Err options_read(Ctx *cx, Id field_id, const Defined *field)
{
    Rows rows;
    TRY(db_ask(cx, &sql_options, ARGS(arg_id(field_id)), &rows));
    const char **all = arena_array(cx->arena, rows.count + 2, sizeof *all);
    const char **used = arena_array(cx->arena, rows.count + 2, sizeof *used);
    const char **en = arena_array(cx->arena, rows.count + 2, sizeof *en);
    const char **zh = arena_array(cx->arena, rows.count + 2, sizeof *zh);
    all[0] = used[0] = "";
    for (size_t i = 1; db_next(&rows); i++) {
        all[i] = db_text(&rows, 0);
        used[i] = db_bool(&rows, 1) ? NULL : all[i];
        en[i] = db_text(&rows, 2);
        zh[i] = db_text(&rows, 3);
    }
    field->shown->names = all;
    field->given->names = used;
    *field->labels = (CustomLabels){en, zh};
    return ERR_OK;
}

static bool is_called(const char *word, const char *label)
{
    return word != NULL && strcmp(word, label) == 0;
}

const char *custom_option_called(const CustomSet *set, const Field *given, const char *label)
{
    const CustomLabels *labels = &set->labels[given - set->given];
    const char *found = NULL;
    for (size_t i = 1; labels->en != NULL && given->names[i] != NULL; i++) {
        if (is_called(labels->en[i], label) || is_called(labels->zh[i], label)) {
            if (found != NULL) {
                return NULL;
            }
            found = given->names[i];
        }
    }
    return found;
}

/* A field of a type that has everything the kind needs. */
static Err kind_apply(Ctx *cx, int kind, Id id, const char *currency, const Defined *field)
{
    Field *shown = field->shown;
    switch ((CustomKind)kind) {
    case CUSTOM_TEXT:
        shown->type = FIELD_TEXT;
        shown->max_len = TEXT_BYTES;
        break;
    case CUSTOM_DECIMAL:
        shown->type = FIELD_DECIMAL;
        shown->scale_max = SCALE;
        shown->min = -decimal_max;
        shown->max = decimal_max;
        break;
    case CUSTOM_INTEGER:
        shown->type = FIELD_OPT_INT;
        shown->min = -integer_max;
        shown->max = integer_max;
        break;
    case CUSTOM_DATE:
        shown->type = FIELD_DATE;
        break;
    case CUSTOM_YES_NO:
        shown->type = FIELD_ENUM;
        shown->names = truth_names;
        shown->flags |= FIELD_TRUTH;
        break;
    case CUSTOM_CHOICE:
        shown->type = FIELD_ENUM;
        *field->given = *shown;
        return options_read(cx, id, field);
    case CUSTOM_MONEY:
        shown->type = FIELD_MONEY;
        if (currency == NULL || !currency_parse(currency, &shown->currency)) {
            return db_damaged(cx, "the custom field %s has no currency", shown->name);
        }
        break;
    default:
        return db_damaged(cx, "the custom field %s is of no kind", shown->name);
    }
    *field->given = *shown;
    return ERR_OK;
}

Err custom_set(Ctx *cx, const char *record, CustomSet *ret_set)
{
    Rows rows;
    int which = name_index(custom_record_names, record);
    ASSERT(which > 0);
    TRY(db_ask(cx, &sql_fields[which - 1], ARGS(arg_bool(false)), &rows));
    size_t count = rows.count;
    Field *shown = arena_array(cx->arena, count, sizeof *shown);
    Field *given = arena_array(cx->arena, count, sizeof *given);
    bool *needed = arena_array(cx->arena, count, sizeof *needed);
    Id *ids = arena_array(cx->arena, count, sizeof *ids);
    CustomLabels *labels = arena_array(cx->arena, count, sizeof *labels);
    for (size_t i = 0; db_next(&rows); i++) {
        ids[i] = db_id(&rows, 0);
        shown[i] = (Field){.name = db_text(&rows, 1),
            .flags = FIELD_FILTER | FIELD_SORT,
            .offset = i * SLOT_SIZE,
            .doc = db_text(&rows, 4)};
        needed[i] = db_bool(&rows, 3);
        labels[i] = (CustomLabels){0};
        const Defined field = {&shown[i], &given[i], &labels[i]};
        int kind = name_index(custom_kind_names, db_text(&rows, 2));
        TRY(kind_apply(cx, kind, ids[i], db_text(&rows, 5), &field));
    }
    *ret_set = (CustomSet){
        .schema = {.name = record, .size = count * SLOT_SIZE, .fields = shown, .count = count},
        .given = given,
        .needed = needed,
        .labels = labels,
        .ids = ids,
    };
    return ERR_OK;
}

/* ---- as columns of lists ---- */

bool custom_is_named(const RecordPlan *plan, const char *name)
{
    return plan->custom != NULL && strncmp(name, CUSTOM_PREFIX, strlen(CUSTOM_PREFIX)) == 0;
}

const char *custom_column_name(FieldType type, char *ret_letter)
{
    bool is_number = type == FIELD_DECIMAL || type == FIELD_OPT_INT || type == FIELD_MONEY;
    if (type == FIELD_DATE) {
        *ret_letter = 'd';
        return "value_on";
    }
    *ret_letter = is_number ? 'i' : 't';
    return is_number ? "number_value" : "text_value";
}

/* The field's id is a parameter, bound when the column comes into use. */
static const Column *column_of(Query *query, const Field *field, Id id)
{
    Arena *arena = query->cx->arena;
    Column *column = arena_array(arena, 2, sizeof *column);
    Column *within = column + 1;
    char letter = '\0';
    const char *name = custom_column_name(field->type, &letter);
    size_t at = query_arg(query, 'k', arg_id(id));
    *within =
        (Column){.field = field, .value = arena_printf(arena, "v.\"%s\"", name), .type = letter};
    within->sort_by = within->value;
    *column = *within;
    column->value = column->sort_by = arena_printf(arena,
        "(SELECT %s FROM custom_value v WHERE v.record_id = r.\"id\" AND v.field_id = $%zu)",
        within->value, at);
    column->within = within;
    column->custom_id = id;
    column->having = arena_printf(arena, "v.field_id = $%zu", at);
    return column;
}

Err custom_column(Query *query, const RecordPlan *plan, const char *name, const Column **ret_column)
{
    const char *code = name + strlen(CUSTOM_PREFIX);
    CustomSet set;
    *ret_column = NULL;
    TRY(custom_set(query->cx, plan->custom->to, &set));
    const Field *found = schema_member(&set.schema, code, strlen(code));
    if (found == NULL) {
        return ERR_OK;
    }
    Field *field = arena_alloc(query->cx->arena, sizeof *field);
    *field = *found;
    field->name = arena_printf(query->cx->arena, CUSTOM_PREFIX "%s", code);
    *ret_column = column_of(query, field, set.ids[found - set.schema.fields]);
    return ERR_OK;
}
