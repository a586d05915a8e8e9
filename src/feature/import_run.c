/* Imports that stored something: who brought which file, what its rows made, and what of that was
 * taken back. The audit rows of an import name it as one of their subjects, and so do those that
 * take it back: what it made is read from them, and nothing is kept twice. */
#include "feature/import_run.h"

#include "feature/features.h"

#include "base/json.h"
#include "op/op.h"
#include "op/run.h"

#include <string.h>

typedef struct ImportRun {
    Id id;
    const char *what;
    const char *file;
    Ref by;
    Date begun_on;
    Instant begun_at;
    OptInt stored;
    OptInt skipped;
    OptInt refused;
    int64_t undone;
    int64_t version;
} ImportRun;

SCHEMA(ImportRun,
    F_ID(ImportRun, id, "import_run"),
    F_TEXT(ImportRun, what, .flags = FIELD_FILTER, .doc = "`invoices`, `partners` …"),
    F_TEXT(ImportRun, file, .doc = "The file's name, when it had one."),
    F_REF(ImportRun, by, "user", .flags = FIELD_FILTER, .doc = "null: the system."),
    F_DATE(ImportRun, begun_on, .flags = FIELD_SORT),
    F_INSTANT(ImportRun, begun_at),
    F_OPT_INT(ImportRun, stored, .doc = "Rows that were stored; null: it did not come to its end."),
    F_OPT_INT(ImportRun, skipped, .doc = "Rows that were there already."),
    F_OPT_INT(ImportRun, refused),
    F_INT(ImportRun, undone, .doc = "Records that were taken back."),
    F_INT(ImportRun, version, .flags = FIELD_OUTPUT));

#define RUN_FACTS                                                                                  \
    "id, what, file, by_id, begun_on, begun_at, stored, skipped, refused, undone, version"
#define RUN_LETTERS "kttkdiiiiii"
static const Fact fact_run = FACT("import_run", 1, RUN_FACTS, RUN_LETTERS);

/* Whoever does not see all partners sees what that one brought. */
static Err run_args(Ctx *cx, Arg *ret_args)
{
    const Actor *actor = cx->actor;
    ret_args[0] = arg_i64(actor->user_id);
    ret_args[1] = arg_i64(actor->partner_id == 0 && !actor->has_territories ? 1 : 0);
    return ERR_OK;
}

static const Record record_import_run = {
    .name = "import_run",
    .path = "/import-runs",
    .letter = 'Q',
    .schema = &ImportRun_schema,
    .verbs = VERB_READS,
    .reads = PERM_IMPORT,
    .date_field = "begun_on",
    .sight = "($2 = 1 OR r.by_id = $1)",
    .args_in = "ii",
    .args = run_args,
    .summary = "an import that stored something",
};

static const RefKind ref_import_run = {.name = "import_run", .letter = 'Q'};

/* ---- Its beginning and its end, said by the import itself ---- */

typedef struct ImportBeginIn {
    const char *what;
    const char *file;
} ImportBeginIn;

SCHEMA(ImportBeginIn,
    F_TEXT(ImportBeginIn, what, REQUIRED, .max_len = 64),
    F_TEXT(ImportBeginIn, file));

static const Sql sql_run_insert = {
    "INSERT INTO import_run (id, what, file, by_id, begun_on, begun_at, undone, version)"
    " VALUES ($1, $2, $3, $4, $5, $6, 0, 1) RETURNING " RUN_FACTS,
    .in = "kttkdi",
    .out = RUN_LETTERS,
};

/* What it makes are its rows, so it is no create; and who may bring a row may begin. */
OP(import_begin,
    ImportBeginIn,
    ImportRun,
    .method = METHOD_POST,
    .effect = EFFECT_ACT,
    .needs = PERM_READ,
    .summary = "Begin an import, in the transaction that stores its first rows.")
{
    Id id = db_new_id(cx);
    TRY(fact_put(cx, &fact_run, &sql_run_insert,
        ARGS(arg_id(id), arg_text(in->what), arg_text(in->file), arg_id(cx->actor->user_id),
            arg_date(cx->today), arg_i64(cx->now_ms))));
    return record_load(cx, &record_import_run, id, out);
}

/* What the import counted. */
enum { ROWS_MOST = 1000000000 };
#define F_ROWS(T, member) F_INT(T, member, REQUIRED, .min = 0, .max = ROWS_MOST)

typedef struct ImportEndIn {
    Ref import_run;
    int64_t stored;
    int64_t skipped;
    int64_t refused;
} ImportEndIn;

SCHEMA(ImportEndIn,
    F_REF(ImportEndIn, import_run, "import_run", REQUIRED),
    F_ROWS(ImportEndIn, stored),
    F_ROWS(ImportEndIn, skipped),
    F_ROWS(ImportEndIn, refused));

static const Sql sql_run_end = {
    "UPDATE import_run SET stored = $2, skipped = $3, refused = $4, version = version + 1"
    " WHERE id = $1 RETURNING " RUN_FACTS,
    .in = "kiii",
    .out = RUN_LETTERS,
};

OP(import_end,
    ImportEndIn,
    ImportRun,
    .method = METHOD_POST,
    .effect = EFFECT_ACT,
    .needs = PERM_READ,
    .summary = "Say what became of the rows of an import.")
{
    Id id = in->import_run.id;
    TRY(record_load(cx, &record_import_run, id, out));
    TRY(fact_change(cx, &fact_run, id, &sql_run_end,
        ARGS(arg_id(id), arg_i64(in->stored), arg_i64(in->skipped), arg_i64(in->refused))));
    return record_load(cx, &record_import_run, id, out);
}

/* ---- Taking it back ---- */

typedef struct ImportUndoIn {
    Ref import_run;
    int64_t undone;
    int64_t left;
} ImportUndoIn;

SCHEMA(ImportUndoIn,
    F_REF(ImportUndoIn, import_run, "import_run", REQUIRED),
    F_ROWS(ImportUndoIn, undone),
    F_ROWS(ImportUndoIn, left));

static const Sql sql_run_undo = {
    "UPDATE import_run SET undone = undone + $2, version = version + 1 WHERE id = $1"
    " RETURNING " RUN_FACTS,
    .in = "ki",
    .out = RUN_LETTERS,
};

OP(import_undo,
    ImportUndoIn,
    ImportRun,
    .method = METHOD_POST,
    .effect = EFFECT_ACT,
    .needs = PERM_IMPORT,
    .summary = "Say how much of an import was taken back, in the transaction that did it.")
{
    Id id = in->import_run.id;
    TRY(record_load(cx, &record_import_run, id, out));
    run_changed(cx, id, "undone", arena_printf(cx->arena, "%lld", (long long)out->undone),
        arena_printf(cx->arena, "%lld", (long long)(out->undone + in->undone)));
    TRY(fact_change(cx, &fact_run, id, &sql_run_undo, ARGS(arg_id(id), arg_i64(in->undone))));
    return record_load(cx, &record_import_run, id, out);
}

/* Of one record; without an id, of any import. */
typedef struct ImportUndoneIn {
    const char *id;
    const char *operation;
} ImportUndoneIn;

SCHEMA(ImportUndoneIn,
    F_TEXT(ImportUndoneIn, id),
    F_TEXT(ImportUndoneIn, operation, .doc = "That made it."));

typedef struct ImportUndoneOut {
    bool is_undone;
} ImportUndoneOut;

SCHEMA(ImportUndoneOut, F_BOOL(ImportUndoneOut, is_undone));

static const Sql sql_any_undone = {
    "SELECT id FROM import_run WHERE undone > 0 LIMIT 1", .in = "", .out = "k"};

/* Of the operations that were done to the record one has the name and is of an import. */
static const Sql sql_was_undone = {
    "SELECT u.id FROM audit_subject s JOIN audit u ON u.account_id = s.account_id"
    " AND u.id = s.audit_id JOIN audit_subject m ON m.account_id = s.account_id"
    " AND m.audit_id = s.audit_id JOIN import_run r ON r.id = m.subject_id"
    " WHERE s.subject_id = $1 AND u.operation = $2 LIMIT 1",
    .in = "kt",
    .out = "k",
};

Err import_is_undone(Ctx *cx, Id id, const char *inverse, bool *ret_undone)
{
    Rows rows;
    TRY(db_ask(cx, &sql_was_undone, ARGS(arg_id(id), arg_text(inverse)), &rows));
    *ret_undone = rows.count > 0;
    return ERR_OK;
}

OP(import_undone,
    ImportUndoneIn,
    ImportUndoneOut,
    .method = METHOD_GET,
    .effect = EFFECT_READ,
    .needs = PERM_READ,
    .summary = "Tell whether a record was taken back with the import that made it.")
{
    Rows rows;
    char letter = '\0';
    Id id = 0;
    if (in->id == NULL) {
        TRY(db_ask(cx, &sql_any_undone, NO_ARGS, &rows));
        out->is_undone = rows.count > 0;
        return ERR_OK;
    }
    const Op *made_by = in->operation == NULL ? NULL : op_by_name(in->operation);
    const Op *inverse = made_by == NULL ? NULL : op_inverse(made_by);
    return inverse == NULL || !id_parse(in->id, &letter, &id)
               ? ERR_OK
               : import_is_undone(cx, id, inverse->name, &out->is_undone);
}

/* ---- What it made ---- */

typedef struct ImportRowsIn {
    Ref import_run;
    OptInt limit;
    const char *cursor;
} ImportRowsIn;

SCHEMA(ImportRowsIn,
    F_REF(ImportRowsIn, import_run, "import_run", REQUIRED),
    F_OPT_INT(ImportRowsIn, limit, .min = 1, .max = 500, .doc = "Rows of a page, 50 when absent."),
    F_TEXT(ImportRowsIn, cursor, .doc = "`next` of the page before, or `at` of one of its rows."));

typedef struct ImportRow {
    const char *id;
    const char *kind;
    const char *name;
    const char *account;
    const char *made_by;
    const char *undo;
    bool is_undone;
    const char *at;
} ImportRow;

SCHEMA(ImportRow,
    F_TEXT(ImportRow, id, .doc = "Of the record that was made."),
    F_TEXT(ImportRow, kind, .doc = "`invoice`, `partner` …"),
    F_TEXT(ImportRow, name, .doc = "Its number, code or name, as far as it has one."),
    F_TEXT(ImportRow, account, .doc = "The account that it is of, for documents."),
    F_TEXT(ImportRow, made_by, .doc = "The operation that made it."),
    F_TEXT(ImportRow, undo, .doc = "The operation that takes it back; null: nothing does."),
    F_BOOL(ImportRow, is_undone, .doc = "It was taken back with its import."),
    F_TEXT(ImportRow, at, .doc = "As a cursor: what comes after it."));

typedef struct ImportRowsOut {
    List items;
    const char *next;
} ImportRowsOut;

SCHEMA(ImportRowsOut,
    F_LIST(ImportRowsOut, items, ImportRow),
    F_TEXT(ImportRowsOut, next, .doc = "Cursor of the next page; null after the last."));

/* An audit row may have made five hundred records or one: few are asked for first. */
enum { AUDIT_FIRST = 4, AUDIT_MOST = 256, ROWS_DEFAULT = 50 };

static const Sql sql_run_audit = {
    "SELECT u.id, u.account_id, u.operation, u.reply, a.code"
    " FROM audit_subject s JOIN audit u ON u.account_id = s.account_id AND u.id = s.audit_id"
    " LEFT JOIN account a ON a.id = u.account_id"
    " WHERE s.subject_id = $1 AND s.audit_id <= $2 ORDER BY s.audit_id DESC LIMIT $3",
    .in = "kki",
    .out = "kittt",
};

/* Whether an operation of the name was done to a record ($1) as part of the import ($2). */
static const Sql sql_is_undone = {
    "SELECT u.id FROM audit_subject s JOIN audit_subject m ON m.account_id = s.account_id"
    " AND m.audit_id = s.audit_id JOIN audit u ON u.account_id = s.account_id"
    " AND u.id = s.audit_id WHERE s.subject_id = $1 AND m.subject_id = $2 AND u.operation = $3"
    " AND s.audit_id > $4 LIMIT 1",
    .in = "kktk",
    .out = "k",
};

static const Sql sql_input = {
    "SELECT input FROM audit WHERE id = $1 AND account_id = $2", .in = "ki", .out = "t"};

/* A place in what an import made, walked backwards. */
typedef struct Place {
    Id audit_id;
    size_t index; /* of the records of that operation, from the last; those before it are done */
} Place;

static Err place_read(Ctx *cx, const char *cursor, Place *ret_place)
{
    enum { TEXT = ID_TEXT_SIZE - 1 };
    char letter = '\0';
    *ret_place = (Place){.audit_id = INT64_MAX};
    if (cursor == NULL) {
        return ERR_OK;
    }
    Decimal index = {0};
    bool is_long = strlen(cursor) > TEXT && cursor[TEXT] == '-';
    if (!is_long || !decimal_parse(cursor + TEXT + 1, &index) || index.scale != 0 ||
        index.units < 0 ||
        !id_parse(arena_copy(cx->arena, cursor, TEXT), &letter, &ret_place->audit_id)) {
        return err_set(cx, ERR_FIELD_INVALID, "cursor", "Give `next` of the page before.");
    }
    ret_place->index = (size_t)index.units;
    return ERR_OK;
}

static const char *place_text(Arena *arena, Id audit_id, size_t index)
{
    return arena_printf(arena, "%s-%zu", id_text(arena, 'Q', audit_id), index);
}

/* One audit row of the import, and a page under way. */
typedef struct Walk {
    Id run_id;
    Rows audit;
    const Op *made_by;
    const Op *undo;
    ImportRow *items;
    size_t count;
    size_t most;
    size_t asked; /* audit rows of a page */
} Walk;

/* Of what is there no more: the code or the name that it was made with. */
static Err name_given(Ctx *cx, const Walk *walk, const char **ret_name)
{
    Rows rows;
    TRY(db_ask(cx, &sql_input,
        ARGS(arg_id(db_id(&walk->audit, 0)), arg_i64(db_i64(&walk->audit, 1))), &rows));
    const char *text = db_next(&rows) ? db_text(&rows, 0) : "{}";
    CLEANUP(json_value_free) json_t *input = NULL;
    TRY(json_read(cx, text, strlen(text), &input));
    const json_t *in = json_object_get(input, "in");
    const char *code = json_string_value(json_object_get(in, "code"));
    const char *name = json_string_value(json_object_get(in, "name"));
    *ret_name = arena_str(cx->arena, code != NULL ? code : name);
    return ERR_OK;
}

static Err name_find(Ctx *cx, const Walk *walk, const RefKind *kind, Id id, const char **ret_name)
{
    Rows rows;
    bool is_named = kind->code != NULL || (kind->called != NULL && kind->account == NULL) ||
                    strcmp(kind->called == NULL ? "" : kind->called, "number") == 0;
    *ret_name = NULL;
    TRY(db_ask(cx, kind->by_id, ARGS(arg_id(id)), &rows));
    if (!db_next(&rows)) {
        return name_given(cx, walk, ret_name);
    }
    *ret_name = is_named ? db_text(&rows, 3) : NULL;
    return ERR_OK;
}

static Err item_add(Ctx *cx, Walk *walk, const char *id_given, size_t index)
{
    char letter = '\0';
    Id id = 0;
    const Field *made = schema_member(walk->made_by->out, "id", strlen("id"));
    made = made != NULL ? made : schema_member(walk->made_by->out, "ids", strlen("ids"));
    if (id_given == NULL || !id_parse(id_given, &letter, &id) || made->to == NULL) {
        return err_set(cx, ERR_DB_DAMAGED, NULL, "An import names what is no record.");
    }
    const RefKind *kind = ref_kind(made->to);
    ImportRow *item = &walk->items[walk->count++];
    *item = (ImportRow){.id = id_text(cx->arena, letter, id),
        .kind = kind->name,
        .account = arena_str(cx->arena, db_text(&walk->audit, 4)),
        .made_by = walk->made_by->name,
        .undo = walk->undo == NULL ? NULL : walk->undo->name,
        .at = place_text(cx->arena, db_id(&walk->audit, 0), index + 1)};
    TRY(name_find(cx, walk, kind, id, &item->name));
    if (walk->undo == NULL) {
        return ERR_OK;
    }
    Rows rows;
    TRY(db_ask(cx, &sql_is_undone,
        ARGS(arg_id(id), arg_id(walk->run_id), arg_text(walk->undo->name),
            arg_id(db_id(&walk->audit, 0))),
        &rows));
    item->is_undone = rows.count > 0;
    return ERR_OK;
}

/* What an operation made, from the last on: one record by its id, or several by their ids. */
static Err made_add(Ctx *cx, Walk *walk, size_t from)
{
    const char *text = db_text(&walk->audit, 3);
    CLEANUP(json_value_free) json_t *reply = NULL;
    TRY(json_read(cx, text, strlen(text), &reply));
    const json_t *ids = json_object_get(reply, "ids");
    size_t count = ids != NULL                            ? json_array_size(ids)
                   : json_object_get(reply, "id") != NULL ? 1
                                                          : 0;
    for (size_t i = from; i < count && walk->count < walk->most; i++) {
        const json_t *id =
            ids != NULL ? json_array_get(ids, count - 1 - i) : json_object_get(reply, "id");
        TRY(item_add(cx, walk, json_string_value(id), i));
    }
    return ERR_OK;
}

/* *ret_place: where the next page of the trail begins. */
static Err audit_walk(Ctx *cx, Walk *walk, Place *place, bool *ret_more)
{
    Rows *rows = &walk->audit;
    TRY(db_ask(cx, &sql_run_audit,
        ARGS(arg_id(walk->run_id), arg_i64(place->audit_id), arg_i64((int64_t)walk->asked)), rows));
    *ret_more = rows->count == walk->asked;
    walk->asked = 4 * walk->asked < AUDIT_MOST ? 4 * walk->asked : AUDIT_MOST;
    while (walk->count < walk->most && db_next(rows)) {
        Id audit_id = db_id(rows, 0);
        walk->made_by = op_by_name(db_text(rows, 2));
        if (walk->made_by != NULL && walk->made_by->effect == EFFECT_CREATE) {
            walk->undo = op_inverse(walk->made_by);
            TRY(made_add(cx, walk, audit_id == place->audit_id ? place->index : 0));
        }
        *place = (Place){.audit_id = audit_id - 1};
    }
    return ERR_OK;
}

OP(import_run_rows,
    ImportRowsIn,
    ImportRowsOut,
    GET("/import-runs/{import_run}/rows"),
    .effect = EFFECT_READ,
    .needs = PERM_IMPORT,
    .summary = "What an import made, latest first, and what of it was taken back.",
    FAILS(ERR_FIELD_INVALID))
{
    ImportRun run;
    Place place;
    bool is_more = true;
    Walk walk = {.run_id = in->import_run.id,
        .asked = AUDIT_FIRST,
        .most = in->limit.is_set ? (size_t)in->limit.value : ROWS_DEFAULT};
    TRY(record_load(cx, &record_import_run, walk.run_id, &run));
    TRY(place_read(cx, in->cursor, &place));
    walk.items = arena_array(cx->arena, walk.most, sizeof *walk.items);
    while (is_more && walk.count < walk.most) {
        TRY(audit_walk(cx, &walk, &place, &is_more));
    }
    out->items = (List){walk.items, walk.count};
    out->next = walk.count == walk.most ? walk.items[walk.count - 1].at : NULL;
    return ERR_OK;
}

const Feature import_run_feature = {
    .name = "import_run",
    .ops = (const Op *const[]){&op_import_begin, &op_import_end, &op_import_undo, &op_import_undone,
        &op_import_run_rows, NULL},
    .records = (const Record *const[]){&record_import_run, NULL},
    .refs = (const RefKind *const[]){&ref_import_run, NULL},
    .facts = (const Fact *const[]){&fact_run, NULL},
};
