/* The whole program in one process for random searches. */
#include "support/world.h"

#include "base/buf.h"
#include "base/crypto.h"
#include "feature/features.h"

#include <string.h>

/* ---- opening ---- */

static const Sql sql_uuid = {"UPDATE org SET uuid = 'world' WHERE id = 1", "", NULL};

void world_open(World *world, const char *currency, const char *today)
{
    *world = (World){.answers = json_array(),
        .is_told = world_setting("WORLD_TELL", 0) > 1,
        .script = getenv("WORLD_JOURNALS") == NULL ? NULL : script_make()};
    /* Of a million calls nobody wants a line each. */
    (void)unsetenv("GUANXI_TRACE");
    op_start(features);
    place_make(&world->place);
    Ctx *cx = &world->place.cx;
    cx->actor = &actor_system;
    ASSERT(date_parse(today, &cx->today));
    cx->now_ms = date_to_instant(cx->today);
    ASSERT(store_found(cx, world->place.path) == ERR_OK);
    /* Two worlds that do the same hold the same. */
    ASSERT(db_begin(cx) == ERR_OK);
    ASSERT(db_put(cx, &sql_uuid, NO_ARGS) == ERR_OK);
    ASSERT(db_commit(cx) == ERR_OK);
    world->mark = arena_mark(world->place.arena);
    Script *script = world->script;
    world->script = NULL; /* a journal runs on a database that is founded */
    (void)world_must(world, NULL, "org_init", json_pack("{s:s}", "currency", currency));
    world->script = script;
    ASSERT(store_publish(cx) == ERR_OK);
    ASSERT(store_open(cx, world->place.path, &(DbOptions){.mode = DB_WRITE}) == ERR_OK);
}

void world_close(World *world)
{
    json_decref(world->answers);
    script_drop(world->script);
    place_drop(&world->place);
}

void world_user(World *world, const char *name, const char *role)
{
    Ctx *cx = &world->place.cx;
    ASSERT(!world->in_transaction && world->user_count < WORLD_USERS_MAX);
    (void)world_must(
        world, NULL, "user_create", json_pack("{s:s,s:s}", "name", name, "role", role));
    const Actor *actor = NULL;
    arena_rewind(world->place.arena, world->mark);
    ASSERT(db_begin(cx) == ERR_OK);
    ASSERT(actor_by_name(cx, name, &actor) == ERR_OK);
    db_rollback(cx);
    world->users[world->user_count++] = *actor;
    world->mark = arena_mark(world->place.arena);
}

void world_staff(World *world)
{
    world_user(world, "boss", "admin");
    world_user(world, "mia", "manager");
    world_user(world, "sam", "sales");
    world_user(world, "sue", "sales");
    world_user(world, "lou", "collections");
    world_user(world, "cleo", "credit");
    world_user(world, "carl", "credit");
    world_user(world, "fin", "finance");
}

/* ---- histories ---- */

static uint64_t random_next(World *world)
{
    world->random += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = world->random;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static void seed_set(World *world, uint64_t seed)
{
    /* Numbers go on by a fixed step, so seeds one step apart would give one sequence, shifted. */
    world->random = seed * UINT64_C(0xD1342543DE82EF95);
    world->random = random_next(world);
    arena_rewind(world->place.arena, world->mark);
}

void world_begin(World *world, uint64_t seed)
{
    ASSERT(!world->in_transaction);
    if (world->script != NULL) {
        script_mark(world->script);
        world->seed = seed;
    }
    seed_set(world, seed);
    ASSERT(db_begin(&world->place.cx) == ERR_OK);
    world->in_transaction = true;
}

/* The history as a journal of its own, beside those of other seeds. */
static void script_keep(World *world)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%llu.ndjson", getenv("WORLD_JOURNALS"),
        (unsigned long long)world->seed);
    ASSERT(script_write(world->script, path));
    script_rewind(world->script);
}

void world_end(World *world)
{
    ASSERT(world->in_transaction);
    db_rollback(&world->place.cx);
    run_batch_done(world->place.cx.db, false);
    world->in_transaction = false;
    if (world->script != NULL) {
        script_keep(world);
    }
    (void)json_array_clear(world->answers);
}

void world_begin_kept(World *world, uint64_t seed)
{
    seed_set(world, seed);
}

void world_end_kept(World *world)
{
    (void)json_array_clear(world->answers);
}

/* ---- calls ---- */

static const Actor *user_named(const World *world, const char *name)
{
    for (size_t i = 0; name != NULL && i < world->user_count; i++) {
        if (strcmp(world->users[i].name, name) == 0) {
            return &world->users[i];
        }
    }
    ASSERT(name == NULL);
    return &actor_system;
}

static void call_tell(World *world, const Call *call, const Reply *reply)
{
    char day[DATE_TEXT_SIZE];
    Arena *arena = world->place.arena;
    printf("# %s %s %s %s\n#     %d %s\n", world_date(world, world->place.cx.today, day),
        world->place.cx.actor->name, call->op->name, json_text(arena, call->members), reply->status,
        reply->body);
    (void)fflush(stdout);
}

static void call_run(World *world, const Call *call, Reply *ret_reply)
{
    Ctx *cx = &world->place.cx;
    if (world->in_transaction) {
        bool is_whole = run_in_batch(cx, call, ret_reply);
        ASSERT(is_whole);
    } else {
        run_call(cx, call, ret_reply);
    }
    err_clear(cx);
}

const json_t *world_do_key(
    World *world, const char *as, const char *operation, json_t *members, const char *key)
{
    Ctx *cx = &world->place.cx;
    Call call = {.op = op_by_name(operation), .members = members, .key = key};
    Reply reply;
    ASSERT(call.op != NULL);
    ASSERT(members != NULL);
    arena_rewind(world->place.arena, world->mark);
    cx->actor = user_named(world, as);
    cx->now_ms += 1000;
    call_run(world, &call, &reply);
    if (world->is_told) {
        call_tell(world, &call, &reply);
    }
    json_t *answer = json_loads(reply.body, 0, NULL);
    ASSERT(answer != NULL);
    if (world->script != NULL) {
        script_add(world->script, as, cx->today, operation, members, answer, reply.status >= 400);
    }
    json_decref(members);
    ASSERT(json_array_append_new(world->answers, answer) == 0);
    world->status = reply.status;
    world->is_repeat = reply.is_repeat;
    world->code = reply.status < 400 ? "" : world_text(answer, "code");
    return answer;
}

const json_t *world_do(World *world, const char *as, const char *operation, json_t *members)
{
    return world_do_key(world, as, operation, members, NULL);
}

const json_t *world_must(World *world, const char *as, const char *operation, json_t *members)
{
    const json_t *answer = world_do(world, as, operation, members);
    if (world->status >= 400) {
        char *text = json_dumps(answer, 0);
        printf("# %s was refused: %s\n", operation, text);
        free(text);
    }
    ASSERT(world->status < 400);
    return answer;
}

const char *world_text(const json_t *answer, const char *member)
{
    const char *text = json_string_value(json_object_get(answer, member));
    return text == NULL ? "" : text;
}

Rows world_ask(World *world, const Sql *sql, const Arg *args, size_t count)
{
    Ctx *cx = &world->place.cx;
    Rows rows = {0};
    if (!world->in_transaction) {
        ASSERT(db_begin(cx) == ERR_OK);
    }
    Err err = db_ask(cx, sql, args, count, &rows);
    ASSERT(err == ERR_OK);
    if (!world->in_transaction) {
        db_rollback(cx);
    }
    return rows;
}

/* ---- numbers and texts ---- */

/* splitmix64 */
uint32_t world_below(World *world, uint32_t bound)
{
    ASSERT(bound > 0);
    return (uint32_t)(random_next(world) >> 33) % bound;
}

bool world_chance(World *world, uint32_t percent)
{
    return world_below(world, 100) < percent;
}

void world_days(World *world, int days)
{
    Ctx *cx = &world->place.cx;
    cx->today += days;
    cx->now_ms += (Instant)days * 24 * 60 * 60 * 1000;
}

const char *world_date(World *world, Date date, char text[DATE_TEXT_SIZE])
{
    (void)world;
    date_format(date, text);
    return text;
}

const char *world_amount(int64_t minor, int decimals, char text[DECIMAL_TEXT_SIZE])
{
    decimal_format(decimal_of(minor, decimals), false, text);
    return text;
}

uint64_t world_setting(const char *name, uint64_t fallback)
{
    const char *text = getenv(name);
    int64_t number = 0;
    return text != NULL && integer_parse(text, &number) ? (uint64_t)number : fallback;
}

/* ---- what is stored ---- */

static const Sql sql_file_tables = {
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name",
    "", "t"};
static const Sql sql_file_columns = {"SELECT name, type FROM pragma_table_info($1)", "t", "tt"};
static const Sql sql_server_tables = {
    "SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace "
    "AND c.relkind = 'r' ORDER BY c.relname",
    "", "t"};
static const Sql sql_server_columns = {
    "SELECT a.attname, format_type(a.atttypid, NULL) FROM pg_attribute a WHERE a.attnum > 0 "
    "AND a.attrelid = CAST($1 AS regclass) ORDER BY a.attnum",
    "t", "tt"};

/* One statement a table, composed once and kept, for each engine. */
typedef struct DumpTable {
    char name[64];
    char letters[64];
    Sql sql;
} DumpTable;

enum { DUMP_TABLES_MAX = 100 };
typedef struct DumpTables {
    DumpTable tables[DUMP_TABLES_MAX];
    size_t count;
} DumpTables;
static DumpTables dumps[2]; /* of files, of servers */

static char letter_of(const char *type)
{
    static const struct {
        const char *type;
        char letter;
    } letters[] = {{"INTEGER", 'i'}, {"TEXT", 't'}, {"BLOB", 'x'}, {"bigint", 'i'}, {"text", 't'},
        {"bytea", 'x'}, {"boolean", 'b'}, {"date", 'd'}};
    for (size_t i = 0; i < COUNT(letters); i++) {
        if (strcmp(type, letters[i].type) == 0) {
            return letters[i].letter;
        }
    }
    ASSERT(type == NULL); /* a type of column that no migration makes */
    return '\0';
}

static void dump_table_prepare(World *world, DumpTable *table, const Sql *columns)
{
    Ctx *cx = &world->place.cx;
    Rows rows;
    Buf text = buf_in(world->place.arena);
    buf_str(&text, "SELECT ");
    ASSERT(db_ask(cx, columns, ARGS(arg_text(table->name)), &rows) == ERR_OK);
    for (size_t i = 0; db_next(&rows); i++) {
        ASSERT(i + 1 < sizeof table->letters);
        buf_printf(&text, "%s\"%s\"", i == 0 ? "" : ", ", db_text(&rows, 0));
        table->letters[i] = letter_of(db_text(&rows, 1));
    }
    buf_printf(
        &text, " FROM \"%s\" ORDER BY 1%s", table->name, table->letters[1] == '\0' ? "" : ", 2");
    char *kept = malloc(text.length + 1); /* for as long as the process */
    ASSERT(kept != NULL);
    memcpy(kept, buf_text(&text), text.length + 1);
    table->sql = (Sql){kept, "", table->letters};
}

static const DumpTables *dump_prepare(World *world)
{
    Ctx *cx = &world->place.cx;
    bool is_file = db_is_file(world->place.path);
    DumpTables *dump = &dumps[is_file ? 0 : 1];
    Rows tables;
    if (dump->count > 0) {
        return dump;
    }
    ASSERT(db_ask(cx, is_file ? &sql_file_tables : &sql_server_tables, NO_ARGS, &tables) == ERR_OK);
    while (db_next(&tables)) {
        /* Nodes are claimed on one of the engines alone. */
        if (strcmp(db_text(&tables, 0), "node") == 0) {
            continue;
        }
        ASSERT(dump->count < DUMP_TABLES_MAX);
        DumpTable *table = &dump->tables[dump->count++];
        (void)snprintf(table->name, sizeof table->name, "%s", db_text(&tables, 0));
        dump_table_prepare(world, table, is_file ? &sql_file_columns : &sql_server_columns);
    }
    return dump;
}

typedef struct Dump {
    Buf text;
    const DumpTable *table;
} Dump;

static void dump_cell(Buf *text, const Cell *cell, char letter)
{
    char day[DATE_TEXT_SIZE];
    if (cell->is_null) {
        buf_str(text, "NULL");
    } else if (letter == 't') {
        buf_str(text, cell->p);
    } else if (letter == 'd') {
        date_format((Date)cell->i, day);
        buf_str(text, day);
    } else if (letter == 'x') {
        for (size_t i = 0; i < cell->n; i++) {
            buf_printf(text, "%02x", (unsigned char)cell->p[i]);
        }
    } else {
        buf_printf(text, "%lld", (long long)cell->i);
    }
}

/* The same text on both engines for the same row. */
static Err dump_row(Ctx *cx, const Rows *row, void *user)
{
    Dump *dump = user;
    (void)cx;
    buf_str(&dump->text, dump->table->name);
    for (size_t column = 0; column < row->columns; column++) {
        buf_char(&dump->text, column == 0 ? ' ' : '|');
        dump_cell(&dump->text, db_cell(row, column), dump->table->letters[column]);
    }
    buf_char(&dump->text, '\n');
    return ERR_OK;
}

const char *world_dump(World *world)
{
    Ctx *cx = &world->place.cx;
    ASSERT(world->in_transaction);
    const DumpTables *tables = dump_prepare(world);
    Dump dump = {.text = buf_in(world->place.arena)};
    for (size_t i = 0; i < tables->count; i++) {
        dump.table = &tables->tables[i];
        ASSERT(db_scan(cx, &dump.table->sql, NO_ARGS, dump_row, &dump) == ERR_OK);
    }
    return buf_text(&dump.text);
}

const char *world_difference(World *world, const char *before, const char *after)
{
    while (*before != '\0' || *after != '\0') {
        size_t a = strcspn(before, "\n");
        size_t b = strcspn(after, "\n");
        if (a != b || memcmp(before, after, a) != 0) {
            return arena_printf(
                world->place.arena, "%.*s\n#  now %.*s", (int)a, before, (int)b, after);
        }
        before += a + (before[a] == '\n');
        after += b + (after[b] == '\n');
    }
    return "";
}

static void finding_say(void *user, const char *line)
{
    int64_t *findings = user;
    ++*findings;
    printf("# doctor: %s\n", line);
}

static void finding_count(void *user, const char *line)
{
    int64_t *findings = user;
    (void)line;
    ++*findings;
}

static int64_t findings_of(World *world, DbSay say)
{
    int64_t findings = 0;
    ASSERT(world->in_transaction);
    ASSERT(doctor_within(&world->place.cx, say, &findings) == ERR_OK);
    return findings;
}

int64_t world_doctor(World *world)
{
    return findings_of(world, finding_say);
}

int64_t world_findings(World *world)
{
    return findings_of(world, finding_count);
}

void world_rebuild(World *world)
{
    Ctx *cx = &world->place.cx;
    ASSERT(world->in_transaction);
    for (const Feature *const *feature = op_features(); *feature != NULL; feature++) {
        const Derived *const *derived = (*feature)->derived;
        for (; derived != NULL && *derived != NULL; derived++) {
            ASSERT((*derived)->rebuild(cx) == ERR_OK);
        }
    }
}
