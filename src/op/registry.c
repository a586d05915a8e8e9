/* The table of all operations: set once at start, checked then, read by everybody after. */
#include "op/op.h"

#include "base/log.h"
#include "op/fact_note.h"
#include "op/record_plan.h"

#include <stdlib.h>
#include <string.h>

typedef struct Entry {
    const Op *op;
    const Feature *feature;
} Entry;

/* The start-up arena lives as long as the program: no request may hold it to a cap. */
enum { STARTUP_BYTES = 64 * 1024 * 1024, OWN_FACTS = 4 };

typedef struct Table {
    Arena *arena;
    const Feature *const *features;
    Entry *ops; /* in the order of the features */
    size_t op_count;
    const Op **by_name;
    const RefKind **refs;
    size_t ref_count;
    RecordPlan **plans;
    size_t plan_count;
    const Fact **facts;
    size_t fact_count;
} Table;

static Table table;

const char *const method_names[METHOD_COUNT] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
const Schema Nothing_schema = {.name = "Nothing", .size = sizeof(Nothing)};

void op_must(bool fits, const char *name, const char *why)
{
    if (!fits) {
        log_line(LOG_ERROR, "%s: %s", name, why);
    }
    ASSERT(fits);
}

/* ---- look-ups ---- */

size_t op_count(void)
{
    return table.op_count;
}

const Op *op_at(size_t index)
{
    ASSERT(index < table.op_count);
    return table.ops[index].op;
}

const Feature *op_feature(size_t index)
{
    ASSERT(index < table.op_count);
    return table.ops[index].feature;
}

static int name_to_op(const void *name, const void *entry)
{
    const Op *const *op = entry;
    return strcmp(name, (*op)->name);
}

const Op *op_by_name(const char *name)
{
    if (table.op_count == 0) {
        return NULL;
    }
    const Op *const *found =
        bsearch(name, table.by_name, table.op_count, sizeof(*table.by_name), name_to_op);
    return found == NULL ? NULL : *found;
}

const Op *op_inverse(const Op *op)
{
    return op->inverse == NULL ? NULL : op_by_name(op->inverse);
}

const Field *op_subject(const Op *op)
{
    const char *at = op->path == NULL ? NULL : strrchr(op->path, '{');
    const Field *field = at == NULL ? NULL : schema_member(op->in, at + 1, strcspn(at + 1, "}"));
    return field != NULL && field->type == FIELD_REF ? field : NULL;
}

const RefKind *ref_kind_find(const char *name)
{
    for (size_t i = 0; i < table.ref_count; i++) {
        if (strcmp(table.refs[i]->name, name) == 0) {
            return table.refs[i];
        }
    }
    return NULL;
}

const RefKind *ref_kind_of_letter(char letter)
{
    for (size_t i = 0; i < table.ref_count; i++) {
        if (table.refs[i]->letter == letter) {
            return table.refs[i];
        }
    }
    return NULL;
}

const RefKind *ref_kind_of(const char *name)
{
    for (size_t i = 0; i < table.ref_count; i++) {
        const RefKind *kind = table.refs[i];
        if (strcmp(kind->table != NULL ? kind->table : kind->name, name) == 0) {
            return kind;
        }
    }
    return NULL;
}

const RefKind *ref_kind(const char *name)
{
    const RefKind *kind = ref_kind_find(name);
    op_must(kind != NULL, name, "no feature declares this kind of reference");
    return kind;
}

const Feature *const *op_features(void)
{
    return table.features;
}

const RecordPlan *record_plan(const Record *record)
{
    for (size_t i = 0; i < table.plan_count; i++) {
        if (table.plans[i]->record == record) {
            return table.plans[i];
        }
    }
    op_must(false, record->name, "no feature lists this record");
    return NULL;
}

const RecordPlan *record_plan_named(const char *name)
{
    for (size_t i = 0; i < table.plan_count; i++) {
        if (strcmp(table.plans[i]->record->name, name) == 0) {
            return table.plans[i];
        }
    }
    return NULL;
}

size_t fact_count(void)
{
    return table.fact_count;
}

const Fact *fact_at(size_t index)
{
    ASSERT(index < table.fact_count);
    return table.facts[index];
}

const Fact *record_fact(const Record *record)
{
    return &record_plan(record)->fact;
}

/* ---- building ---- */

typedef struct Counts {
    size_t ops;
    size_t refs;
    size_t records;
    size_t facts;
} Counts;

static Counts features_count(const Feature *const *features)
{
    Counts counts = {0};
    for (; *features != NULL; features++) {
        const Feature *feature = *features;
        for (size_t i = 0; feature->ops != NULL && feature->ops[i] != NULL; i++) {
            counts.ops++;
        }
        for (size_t i = 0; feature->refs != NULL && feature->refs[i] != NULL; i++) {
            counts.refs++;
        }
        for (size_t i = 0; feature->records != NULL && feature->records[i] != NULL; i++) {
            counts.records++;
        }
        for (size_t i = 0; feature->facts != NULL && feature->facts[i] != NULL; i++) {
            counts.facts++;
        }
    }
    return counts;
}

static void refs_collect(const Feature *const *features)
{
    for (; *features != NULL; features++) {
        for (size_t i = 0; (*features)->refs != NULL && (*features)->refs[i] != NULL; i++) {
            table.refs[table.ref_count++] = ref_kind_compose(table.arena, (*features)->refs[i]);
        }
    }
}

/* What the rows of a record are in the dossier of their account, which their fact says. */
static DossierKind dossier_of(const Feature *const *features, const Record *record)
{
    const char *name = record->table != NULL ? record->table : record->name;
    for (; *features != NULL; features++) {
        const Fact *const *fact = (*features)->facts;
        for (; fact != NULL && *fact != NULL; fact++) {
            if (strcmp((*fact)->table, name) == 0) {
                return (*fact)->dossier;
            }
        }
    }
    return DOSSIER_NOT;
}

static void plans_compose(const Feature *const *features)
{
    const Feature *const *all = features;
    for (; *features != NULL; features++) {
        for (size_t i = 0; (*features)->records != NULL && (*features)->records[i] != NULL; i++) {
            RecordPlan *plan = arena_alloc(table.arena, sizeof(*plan));
            const Record *record = (*features)->records[i];
            record_plan_sql(table.arena, record, dossier_of(all, record), plan);
            table.plans[table.plan_count++] = plan;
        }
    }
    for (size_t i = 0; i < table.plan_count; i++) {
        record_plan_uses(table.arena, table.plans[i], table.plans, table.plan_count);
        record_plan_ops(table.arena, table.plans[i]);
    }
}

/* Tables have one fact each, so that what stands for a table in notes stands for it alone. */
static void fact_enter(const Fact *fact)
{
    for (size_t i = 0; i < table.fact_count; i++) {
        bool is_apart = fact_table(table.facts[i]) != fact_table(fact);
        op_must(is_apart || fact->noted_as != NULL, fact->table, "its facts are declared already");
    }
    table.facts[table.fact_count++] = fact;
}

static void facts_collect(const Feature *const *features)
{
    static const Fact *const own[OWN_FACTS] = {
        &fact_subject, &fact_seal, &fact_idem, &fact_idem_lookup};
    for (size_t i = 0; i < OWN_FACTS; i++) {
        fact_enter(own[i]);
    }
    for (; *features != NULL; features++) {
        for (size_t i = 0; (*features)->facts != NULL && (*features)->facts[i] != NULL; i++) {
            fact_enter((*features)->facts[i]);
        }
    }
    for (size_t i = 0; i < table.plan_count; i++) {
        if (table.plans[i]->fact.scan.text != NULL) {
            fact_enter(&table.plans[i]->fact);
        }
    }
}

static void op_add(const Feature *feature, const Op *op)
{
    table.ops[table.op_count++] = (Entry){.op = op, .feature = feature};
}

/* The records of a feature before its own operations, so that a list reads: create, get,
 * list, …, post. */
static void ops_collect(const Feature *const *features)
{
    for (; *features != NULL; features++) {
        const Feature *feature = *features;
        for (size_t i = 0; feature->records != NULL && feature->records[i] != NULL; i++) {
            const RecordPlan *plan = record_plan(feature->records[i]);
            for (size_t k = 0; k < plan->op_count; k++) {
                op_add(feature, &plan->ops[k]);
            }
        }
        for (size_t i = 0; feature->ops != NULL && feature->ops[i] != NULL; i++) {
            op_add(feature, feature->ops[i]);
        }
    }
}

static int op_to_op(const void *a, const void *b)
{
    const Op *const *left = a;
    const Op *const *right = b;
    return strcmp((*left)->name, (*right)->name);
}

static void names_sort(void)
{
    table.by_name = arena_array(table.arena, table.op_count + 1, sizeof(*table.by_name));
    for (size_t i = 0; i < table.op_count; i++) {
        table.by_name[i] = table.ops[i].op;
    }
    qsort(table.by_name, table.op_count, sizeof(*table.by_name), op_to_op);
}

/* ---- checking: all of it holds for the whole life of the program, so it is looked at once ---- */

/* Ids of what is of no partner and has no name of its own are only ever read as the kind that is
 * asked for, so such kinds may share a letter: there are twenty-six. */
static bool is_plain(const RefKind *kind)
{
    return kind->shows == NULL && kind->called == NULL && kind->code == NULL &&
           kind->account == NULL && kind->partner == NULL;
}

static bool letters_fit(const RefKind *a, const RefKind *b)
{
    return a->letter != b->letter || (is_plain(a) && is_plain(b));
}

static void refs_check(void)
{
    for (size_t i = 0; i < table.ref_count; i++) {
        const RefKind *kind = table.refs[i];
        op_must(kind->letter >= 'A' && kind->letter <= 'Z', kind->name, "its letter is A to Z");
        for (size_t k = 0; k < i; k++) {
            op_must(strcmp(kind->name, table.refs[k]->name) != 0, kind->name,
                "two kinds have this name");
            op_must(letters_fit(kind, table.refs[k]), kind->name, "two kinds have its letter");
        }
    }
}

static void field_check(const Op *op, const Schema *schema, const Field *field);

static void schema_check(const Op *op, const Schema *schema)
{
    op_must(schema != NULL, op->name, "it needs an input and an output schema");
    for (size_t i = 0; i < schema->count; i++) {
        field_check(op, schema, &schema->fields[i]);
        for (size_t k = 0; k < i; k++) {
            op_must(strcmp(schema->fields[i].name, schema->fields[k].name) != 0, op->name,
                "two members of a schema have one name");
        }
    }
}

static void field_check(const Op *op, const Schema *schema, const Field *field)
{
    op_must(field->offset < schema->size, op->name, "a member lies outside of its struct");
    if (field->type == FIELD_REF || field->type == FIELD_ID ||
        (field->type == FIELD_LIST && field->item == NULL && field->item_type == FIELD_REF)) {
        op_must(field->to != NULL, op->name, "a reference says no kind");
        (void)ref_kind(field->to);
    }
    if (field->type == FIELD_ENUM || field->type == FIELD_FLAGS) {
        op_must(field->names != NULL && field->names[0] != NULL, op->name, "an enum has no names");
        op_must(field->names[0][0] == '\0', op->name, "the first name of an enum is \"\"");
    }
    if (field->item != NULL && field->item != schema) {
        schema_check(op, field->item);
    }
}

/* "/orders/{order}/lines" -> "/orders/{}/lines": two routes that differ in a name alone are one. */
static const char *path_shape(const Op *op)
{
    Buf shape = buf_in(table.arena);
    op_must(op->path[0] == '/', op->name, "its path begins with /");
    for (const char *at = op->path; *at != '\0'; at++) {
        buf_char(&shape, *at);
        if (*at != '{') {
            continue;
        }
        size_t length = strcspn(at + 1, "{}");
        op_must(at[1 + length] == '}', op->name, "a brace of its path is not closed");
        op_must(schema_member(op->in, at + 1, length) != NULL, op->name,
            "a name in its path is no member of its input");
        at += length;
    }
    return buf_text(&shape);
}

static void fails_check(const Op *op)
{
    for (size_t i = 0; i < OP_FAILS_MAX && op->fails[i] != ERR_OK; i++) {
        for (size_t k = 0; k < i; k++) {
            op_must(op->fails[i] != op->fails[k], op->name, "it lists a refusal twice");
        }
    }
}

static void op_check(const Op *op)
{
    op_must(op->run != NULL, op->name, "it has no body");
    op_must(op->summary != NULL, op->name, "it has no summary");
    schema_check(op, op->in);
    schema_check(op, op->out);
    fails_check(op);
    op_must(op->path == NULL || (op->method != METHOD_GET) == (op->effect != EFFECT_READ) ||
                op->method == METHOD_POST,
        op->name, "GET reads, and what reads is GET or POST");
    if (op->lock != NULL) {
        const Field *member = schema_member(op->in, op->lock, strlen(op->lock));
        op_must(member != NULL && member->type == FIELD_REF, op->name,
            "what it locks is no reference of its input");
    }
}

static void routes_check(void)
{
    const char **shapes = arena_array(table.arena, table.op_count + 1, sizeof(*shapes));
    for (size_t i = 0; i < table.op_count; i++) {
        const Op *op = table.ops[i].op;
        if (op->path == NULL) {
            continue;
        }
        shapes[i] = path_shape(op);
        for (size_t k = 0; k < i; k++) {
            bool same = shapes[k] != NULL && op->method == table.ops[k].op->method &&
                        strcmp(shapes[i], shapes[k]) == 0;
            op_must(!same, op->name, "another operation has its method and path");
        }
    }
}

/* Known when all operations are. */
static void inverse_check(const Op *op)
{
    const Op *inverse = op_inverse(op);
    op_must(op->inverse == NULL || inverse != NULL, op->name, "its inverse is no operation");
    op_must(inverse == NULL || op_subject(inverse) != NULL, op->name,
        "the path of its inverse names no record");
}

static void ops_check(void)
{
    for (size_t i = 0; i < table.op_count; i++) {
        op_check(table.ops[i].op);
        inverse_check(table.ops[i].op);
    }
    for (size_t i = 1; i < table.op_count; i++) {
        op_must(strcmp(table.by_name[i - 1]->name, table.by_name[i]->name) != 0,
            table.by_name[i]->name, "two operations have this name");
    }
    routes_check();
}

void op_start(const Feature *const *features)
{
    arena_free(table.arena); /* tests start anew with other features */
    table = (Table){.arena = arena_new(STARTUP_BYTES), .features = features};
    Counts counts = features_count(features);
    table.refs = arena_array(table.arena, counts.refs + 1, sizeof(*table.refs));
    table.plans = arena_array(table.arena, counts.records + 1, sizeof(*table.plans));
    size_t ops_max = counts.ops + counts.records * RECORD_OPS_MAX;
    table.ops = arena_array(table.arena, ops_max + 1, sizeof(*table.ops));

    table.facts =
        arena_array(table.arena, counts.facts + counts.records + OWN_FACTS, sizeof(*table.facts));

    refs_collect(features);
    refs_check();
    plans_compose(features);
    facts_collect(features);
    ops_collect(features);
    names_sort();
    ops_check();
}
