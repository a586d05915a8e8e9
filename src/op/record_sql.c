/* The statements of a record, composed once at start from its schema. Names of columns and tables
 * come from the program alone; values are parameters. */
#include "op/dossier.h"
#include "op/record_plan.h"

#include <string.h>

enum { VERB_WRITES = VERB_CREATE | VERB_CHANGE };

static bool is_expression(const Field *field)
{
    return field->column != NULL && strpbrk(field->column, "(.") != NULL;
}

static bool is_column(const Field *field)
{
    return field->type != FIELD_LIST && field->type != FIELD_OBJECT &&
           (field->flags & FIELD_NO_COLUMN) == 0;
}

static const char *column_name(Arena *arena, const Field *field)
{
    if (field->column != NULL) {
        return field->column;
    }
    return field->type == FIELD_REF ? arena_printf(arena, "%s_id", field->name) : field->name;
}

/* The letter of db.h in which a row carries the value. */
static char letter_of(const Field *field)
{
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_JSON:
    case FIELD_CURRENCY:
    case FIELD_ENUM:
        return 't';
    case FIELD_INT:
    case FIELD_OPT_INT:
    case FIELD_INSTANT:
    case FIELD_DECIMAL:
    case FIELD_MONEY:
    case FIELD_LIMIT:
    case FIELD_PERCENT:
    case FIELD_FLAGS:
        return 'i';
    case FIELD_BOOL:
        return 'b';
    case FIELD_DATE:
        return 'd';
    case FIELD_ID:
    case FIELD_REF:
        return 'k';
    case FIELD_OBJECT:
    case FIELD_LIST:
        break;
    }
    ASSERT(false);
    return '0';
}

/* Documents are named by their id, so there is nothing to look up for them. */
static const char *shown_of(Arena *arena, const Field *field, const char *value)
{
    const RefKind *kind = ref_kind(field->to);
    if (kind->shows == NULL) {
        return "CAST(NULL AS TEXT)";
    }
    const char *table = kind->table != NULL ? kind->table : kind->name;
    return arena_printf(
        arena, "(SELECT x.\"%s\" FROM \"%s\" x WHERE x.\"id\" = %s)", kind->shows, table, value);
}

static Column column_of(Arena *arena, const Field *field)
{
    Column column = {.field = field, .type = letter_of(field)};
    if (is_expression(field)) {
        column.value = field->sorted != NULL ? field->sorted : field->column;
    } else {
        column.name = column_name(arena, field);
        column.value = arena_printf(arena, "r.\"%s\"", column.name);
    }
    column.sort_by = column.value;
    if (field->type == FIELD_REF) {
        column.shown = shown_of(arena, field, column.value);
        if (ref_kind(field->to)->shows != NULL) {
            column.sort_by = column.shown;
            column.type = 't';
        }
    }
    return column;
}

/* Fills the columns, and which cell of a row each one is sorted by. */
static void columns_collect(Arena *arena, RecordPlan *plan)
{
    const Schema *schema = plan->record->schema;
    plan->columns = arena_array(arena, schema->count, sizeof(*plan->columns));
    size_t cell = 0;
    for (size_t i = 0; i < schema->count; i++) {
        const Field *field = &schema->fields[i];
        if (!is_column(field)) {
            continue;
        }
        Column column = column_of(arena, field);
        bool has_two = field->type == FIELD_REF || field->type == FIELD_LIMIT;
        bool sorts_by_second = field->type == FIELD_LIMIT || column.sort_by == column.shown;
        column.sort_cell = cell + (has_two && sorts_by_second ? 1 : 0);
        cell += has_two ? 2 : 1;
        plan->columns[plan->column_count++] = column;
    }
}

const Column *record_column(const RecordPlan *plan, const char *field)
{
    for (size_t i = 0; i < plan->column_count; i++) {
        if (strcmp(plan->columns[i].field->name, field) == 0) {
            return &plan->columns[i];
        }
    }
    return NULL;
}

/* "SELECT …", and the letters of what it answers. */
static const char *select_of(Arena *arena, const RecordPlan *plan, const char **ret_letters)
{
    Buf text = buf_in(arena);
    Buf letters = buf_in(arena);
    buf_str(&text, "SELECT ");
    for (size_t i = 0; i < plan->column_count; i++) {
        const Column *column = &plan->columns[i];
        buf_str(&text, i == 0 ? "" : ", ");
        if (column->field->type == FIELD_LIMIT) {
            buf_printf(&text, "r.\"%s_kind\", ", column->name);
            buf_char(&letters, 't');
        }
        /* Named, since a server of several nodes asks them to sort by the name of a column. */
        buf_printf(&text, "%s AS c%zu",
            column->field->sorted != NULL ? column->field->column : column->value, i);
        buf_char(&letters, letter_of(column->field));
        if (column->shown != NULL) {
            buf_printf(&text, ", %s AS s%zu", column->shown, i);
            buf_char(&letters, 't');
        }
    }
    *ret_letters = buf_text(&letters);
    return buf_text(&text);
}

static const char *from_of(
    Arena *arena, const RecordPlan *plan, const char *before, const char *how)
{
    const char *join = plan->record->partner_join;
    return arena_printf(arena, " FROM %s%s r%s%s%s", before, plan->table, how,
        join == NULL ? "" : " ", join == NULL ? "" : join);
}

/* Which rows the caller may see. */
static const char *sight_of(const Record *record)
{
    if (record->sight != NULL) {
        return record->sight;
    }
    return record->partner_join != NULL ? "{visible:p}" : "1 = 1";
}

static void reads_compose(Arena *arena, RecordPlan *plan)
{
    const char *letters = NULL;
    const char *select = select_of(arena, plan, &letters);
    const char *from = from_of(arena, plan, "", "");
    const char *sight = sight_of(plan->record);
    const char *in = arena_printf(arena, "%sk", plan->args_in);
    size_t id = plan->arg_count + 1;
    plan->from = arena_printf(arena, "%s WHERE %s", from, sight);
    const char *any = plan->record->sight != NULL ? plan->record->sight : "1 = 1";
    plan->load =
        (Sql){arena_printf(arena, "%s%s WHERE %s AND r.\"id\" = $%zu", select, from, any, id), in,
            letters};
    plan->get =
        (Sql){arena_printf(arena, "%s%s AND r.\"id\" = $%zu", select, plan->from, id), in, letters};
    plan->list = (Sql){arena_printf(arena, "%s%s", select, plan->from), plan->args_in, letters};
}

/* Rows of one account, where no index has them: op/dossier.h. */
static void dossier_compose(Arena *arena, RecordPlan *plan, DossierKind dossier)
{
    const char *letters = NULL;
    const char *select = select_of(arena, plan, &letters);
    plan->dossier = dossier;
    plan->account = record_column(plan, "account");
    op_must(plan->account != NULL && plan->account->name != NULL, plan->record->name,
        "it is in the dossier of no account");
    plan->dossier_from = arena_printf(arena, "%s WHERE %s AND %s",
        from_of(arena, plan, "dossier k CROSS JOIN ", " {by_id}"), dossier_rows(dossier),
        sight_of(plan->record));
    plan->dossier_list = arena_printf(arena, "%s%s", select, plan->dossier_from);
}

/* All that is stored of a record whose operations are generated is fact. */
static void fact_compose(Arena *arena, RecordPlan *plan, const char *table)
{
    Buf names = buf_in(arena);
    Buf letters = buf_in(arena);
    for (size_t i = 0; i < plan->column_count; i++) {
        const Column *column = &plan->columns[i];
        if (column->name != NULL) {
            buf_printf(&names, "%s\"%s\"", letters.length == 0 ? "" : ", ", column->name);
            buf_char(&letters, letter_of(column->field));
        }
    }
    plan->fact_columns = buf_text(&names);
    plan->fact = (Fact){
        .table = table,
        .keys = 1,
        .scan = {arena_printf(arena, "SELECT %s FROM %s", plan->fact_columns, plan->table), "",
            buf_text(&letters)},
    };
    plan->fact.by_id = (Sql){
        arena_printf(arena, "%s WHERE \"id\" = $1", plan->fact.scan.text), "k", buf_text(&letters)};
}

/* Its arguments are the row, so it answers nothing. */
static void insert_compose(Arena *arena, RecordPlan *plan)
{
    Buf values = buf_in(arena);
    for (size_t i = 0; i < strlen(plan->fact.scan.out); i++) {
        buf_printf(&values, "%s$%zu", i == 0 ? "" : ", ", i + 1);
    }
    plan->insert = (Sql){arena_printf(arena, "INSERT INTO %s (%s) VALUES (%s)", plan->table,
                             plan->fact_columns, buf_text(&values)),
        plan->fact.scan.out, NULL};
}

/* Parameters in the order of the schema, the id first as always. */
static void update_compose(Arena *arena, RecordPlan *plan)
{
    Buf text = buf_in(arena);
    Buf letters = buf_in(arena);
    buf_printf(&text, "UPDATE %s SET ", plan->table);
    for (size_t i = 0; i < plan->column_count; i++) {
        const Column *column = &plan->columns[i];
        if (column->name == NULL) {
            continue;
        }
        const char *comma = letters.length <= 1 ? "" : ", ";
        buf_char(&letters, letter_of(column->field));
        if (letters.length > 1) {
            buf_printf(&text, "%s\"%s\" = $%zu", comma, column->name, letters.length);
        }
    }
    buf_printf(&text, " WHERE \"id\" = $1 RETURNING %s", plan->fact_columns);
    plan->update = (Sql){buf_text(&text), buf_text(&letters), plan->fact.scan.out};
}

static Err taken_code(const Field *field)
{
    static const struct {
        const char *member;
        Err code;
    } taken[] = {{"name", ERR_NAME_TAKEN}, {"number", ERR_NUMBER_TAKEN}, {"code", ERR_CODE_TAKEN}};
    size_t i = 0;
    while (i < COUNT(taken) - 1 && strcmp(taken[i].member, field->name) != 0) {
        i++;
    }
    return taken[i].code;
}

static void uniques_compose(Arena *arena, RecordPlan *plan)
{
    plan->uniques = arena_array(arena, plan->column_count, sizeof(*plan->uniques));
    for (size_t i = 0; i < plan->column_count; i++) {
        const Column *column = &plan->columns[i];
        if ((column->field->flags & FIELD_UNIQUE) == 0) {
            continue;
        }
        op_must(column->name != NULL && column->field->type == FIELD_TEXT, plan->record->name,
            "a unique field is text in a column");
        plan->uniques[plan->unique_count++] = (UniqueField){
            .field = column->field,
            .taken = {arena_printf(arena, "SELECT r.\"id\" FROM %s r WHERE %s = $1", plan->table,
                          column->value),
                "t", "k"},
            .code = taken_code(column->field),
        };
    }
}

/* What makes a record wrong in itself. */
static void record_check(const Record *record)
{
    const Field *first = record->schema->fields;
    op_must(record->schema->count > 0 && first->type == FIELD_ID && strcmp(first->name, "id") == 0,
        record->name, "the first member of a record is F_ID(T, id, …)");
    op_must(record->path != NULL && record->path[0] == '/', record->name, "its path begins with /");
    op_must(record->summary != NULL, record->name, "it has no summary");
    for (size_t i = 0; i < record->schema->count; i++) {
        const Field *field = &record->schema->fields[i];
        bool is_written = is_column(field) && (record->verbs & VERB_WRITES) != 0;
        op_must(!is_written || field->type != FIELD_LIMIT, record->name,
            "generated operations do not write limits");
        op_must(!is_expression(field) || i == 0 || (field->flags & FIELD_OUTPUT) != 0, record->name,
            "a member that is an expression is FIELD_OUTPUT");
        op_must(field->type != FIELD_LIMIT || !is_expression(field), record->name,
            "a limit is two columns");
    }
    for (const RecordPart *part = record->parts; part != NULL && part->member != NULL; part++) {
        const Field *member = schema_member(record->schema, part->member, strlen(part->member));
        op_must(member != NULL && member->type == FIELD_LIST, record->name,
            "a part of it is no list of its schema");
    }
    op_must((record->args_in == NULL) == (record->args == NULL), record->name,
        "args_in and args go together");
    op_must(record->args_in == NULL || strlen(record->args_in) <= RECORD_ARGS_MAX, record->name,
        "its expressions take few arguments");
}

static const Column *currency_column(const RecordPlan *plan)
{
    for (size_t i = 0; i < plan->column_count; i++) {
        if (plan->columns[i].field->type == FIELD_CURRENCY) {
            return &plan->columns[i];
        }
    }
    return NULL;
}

/* The columns that lists treat apart. */
static void lists_prepare(Arena *arena, RecordPlan *plan)
{
    const char *date_field = plan->record->date_field;
    if (date_field != NULL) {
        plan->date = record_column(plan, date_field);
        op_must(plan->date != NULL && plan->date->type == 'd', plan->record->name,
            "its date_field is a FIELD_DATE of its schema");
    }
    plan->currency = currency_column(plan);
    if (plan->currency != NULL) {
        plan->money_scale = filter_money_scale(arena, plan->currency->value);
    }
}

void record_plan_sql(Arena *arena, const Record *record, DossierKind dossier, RecordPlan *plan)
{
    record_check(record);
    plan->record = record;
    plan->kind = ref_kind_find(record->name);
    op_must(plan->kind == NULL || plan->kind->letter == record->letter, record->name,
        "its letter is not that of its kind of reference");
    const char *table = record->table != NULL ? record->table : record->name;
    plan->table = arena_printf(arena, "\"%s\"", table);
    plan->args_in = record->args_in != NULL ? record->args_in : "";
    plan->arg_count = strlen(plan->args_in);
    columns_collect(arena, plan);
    const Column *version = record_column(plan, "version");
    plan->version = version == NULL ? NULL : version->field;
    plan->is_counted = version == NULL && (plan->record->verbs & VERB_HISTORY) != 0;
    plan->custom = custom_member(record->schema);
    lists_prepare(arena, plan);
    reads_compose(arena, plan);
    if (dossier != DOSSIER_NOT) {
        dossier_compose(arena, plan, dossier);
    }
    if (version != NULL) {
        plan->version_of = (Sql){arena_printf(arena, "SELECT %s FROM %s r WHERE r.\"id\" = $1",
                                     version->value, plan->table),
            "k", "i"};
    }
    if ((record->verbs & VERB_WRITES) != 0) {
        fact_compose(arena, plan, table);
        insert_compose(arena, plan);
        update_compose(arena, plan);
        uniques_compose(arena, plan);
        plan->remove = (Sql){arena_printf(arena, "DELETE FROM %s WHERE \"id\" = $1 RETURNING %s",
                                 plan->table, plan->fact_columns),
            "k", plan->fact.scan.out};
    }
}

static void uses_add(Buf *text, const RecordPlan *user, const char *kind)
{
    for (size_t i = 0; i < user->column_count; i++) {
        const Column *column = &user->columns[i];
        if (column->field->type != FIELD_REF || column->name == NULL ||
            strcmp(column->field->to, kind) != 0) {
            continue;
        }
        const char *either = text->length == 0 ? "" : " OR ";
        if (column == user->account) {
            buf_printf(text,
                "%sEXISTS (SELECT 1 FROM dossier k CROSS JOIN %s r {by_id} WHERE k.account_id = $1 "
                "AND %s)",
                either, user->table, dossier_rows(user->dossier));
        } else {
            buf_printf(text, "%sEXISTS (SELECT 1 FROM %s r WHERE %s = $1)", either, user->table,
                column->value);
        }
    }
}

void record_plan_uses(Arena *arena, RecordPlan *plan, RecordPlan *const *plans, size_t count)
{
    Buf uses = buf_in(arena);
    for (size_t i = 0; i < count; i++) {
        uses_add(&uses, plans[i], plan->record->name);
    }
    plan->has_users = uses.length > 0;
    plan->uses = (Sql){arena_printf(arena, "SELECT x.\"id\" FROM %s x WHERE x.\"id\" = $1 AND (%s)",
                           plan->table, uses.length == 0 ? "1 = 0" : buf_text(&uses)),
        "k", "k"};
}
