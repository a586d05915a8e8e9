/* Every column of every table is altered by hand, one row at a time, and every row taken away:
 * doctor finds each, but for what is listed here with the reason. */
#include "support/unit.h"

#include "support/full.h"

#include "base/buf.h"
#include "op/fact_note.h"

#include <string.h>

typedef struct Exempt {
    const char *table;
    const char *column; /* NULL: the whole table */
    const char *why;
} Exempt;

/* The names of a status: a name in use can neither change nor go (foreign keys); one that is not in
 * use says nothing about the firm. */
#define STATUS_SET "a closed list of the program's"

static const Exempt exempt[] = {
    {"account_state", NULL, STATUS_SET},
    {"approval_status", NULL, STATUS_SET},
    {"document_status", NULL, STATUS_SET},
    {"grant_status", NULL, STATUS_SET},
    {"order_status", NULL, STATUS_SET},
    {"promise_status", NULL, STATUS_SET},
    {"release_status", NULL, STATUS_SET},
    {"migration", NULL, "the program holds it against its own history at every opening"},
    {"node", NULL, "numbers of writing processes, no operation's; ids are made above all stored"},
    {"session", "idle_end_at", "moves with each use, which no audit row tells of"},
};

static int setup(void **state)
{
    static World world;
    full_open(&world);
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    world_close(*state);
    return 0;
}

static bool is_exempt(const char *table, const char *column)
{
    for (size_t i = 0; i < COUNT(exempt); i++) {
        if (strcmp(exempt[i].table, table) == 0 &&
            (exempt[i].column == NULL ||
                (column != NULL && strcmp(exempt[i].column, column) == 0))) {
            return true;
        }
    }
    return false;
}

/* ---- the tables as the engine tells of them ---- */

enum { TRIED_MAX = 700, ROWS_MAX = 3 };

typedef struct Column {
    char table[32];
    char name[32];
    char type[16];
    char to_table[32]; /* "": it refers to nothing */
    char to_column[32];
    int64_t rows[ROWS_MAX]; /* a first and a last one that have a value, one that has none */
    size_t row_count;
} Column;

static Column columns[TRIED_MAX];
static size_t column_count;

static Rows ask(World *world, const char *text, const char *letters)
{
    const Sql sql = {text, "", letters};
    Rows rows;
    Err err = db_ask_once(&world->place.cx, &sql, NO_ARGS, &rows);
    assert_int_equal(err, ERR_OK);
    return rows;
}

static void copy(char *to, size_t size, const char *from)
{
    (void)snprintf(to, size, "%s", from == NULL ? "" : from);
}

/* What finds a row; a table that lies in the order of its key has no number of its own for it. */
static const char *row_of(const char *table)
{
    if (strcmp(table, "account_month") == 0) {
        return "account_id % 1000003 * 4000000 + CAST(julianday(month_on) AS INTEGER)";
    }
    if (strcmp(table, "limit_day") == 0) {
        return "account_id % 1000003 * 4000000 + CAST(julianday(from_on) AS INTEGER)";
    }
    if (strcmp(table, "dossier") == 0) {
        return "account_id % 1000000007 * 1000000009 + from_id % 1000000009";
    }
    return strcmp(table, "audit_subject") == 0
               ? "subject_id % 1000000007 * 1000000009 + audit_id % 1000000009"
               : "rowid";
}

static void rows_choose(World *world, Column *column)
{
    const char *t = column->table;
    const char *c = column->name;
    const char *row = row_of(t);
    Rows rows = ask(world,
        arena_printf(world->place.arena,
            "SELECT MIN(%s) FROM \"%s\" WHERE \"%s\" IS NOT NULL UNION"
            " SELECT MAX(%s) FROM \"%s\" WHERE \"%s\" IS NOT NULL UNION"
            " SELECT MIN(%s) FROM \"%s\" WHERE \"%s\" IS NULL",
            row, t, c, row, t, c, row, t, c),
        "i");
    while (db_next(&rows)) {
        if (!db_is_null(&rows, 0)) {
            column->rows[column->row_count++] = db_i64(&rows, 0);
        }
    }
}

/* All columns of all tables, whose rows are chosen now. */
static void columns_read(World *world)
{
    Rows rows = ask(world,
        "SELECT m.name, c.name, c.type,"
        " (SELECT f.\"table\" FROM pragma_foreign_key_list(m.name) f WHERE f.\"from\" = c.name),"
        " (SELECT f.\"to\" FROM pragma_foreign_key_list(m.name) f WHERE f.\"from\" = c.name)"
        " FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
        " AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid",
        "ttttt");
    column_count = 0;
    while (db_next(&rows)) {
        assert_true(column_count < TRIED_MAX);
        Column *column = &columns[column_count++];
        *column = (Column){0};
        copy(column->table, sizeof column->table, db_text(&rows, 0));
        copy(column->name, sizeof column->name, db_text(&rows, 1));
        copy(column->type, sizeof column->type, db_text(&rows, 2));
        copy(column->to_table, sizeof column->to_table, db_text(&rows, 3));
        copy(column->to_column, sizeof column->to_column, db_text(&rows, 4));
        rows_choose(world, column);
    }
}

/* ---- altering ---- */

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

typedef enum Way { WAY_FIRST, WAY_LAST, WAY_NULL, WAY_COUNT } Way;

/* Another value that the column could well hold; where it refers to something, the first or the
 * last there is. */
static const char *other_value(Arena *arena, const Column *column, Way way)
{
    const char *name = column->name;
    if (way == WAY_NULL) {
        return "NULL";
    }
    if (column->to_table[0] != '\0') {
        const char *to = column->to_column[0] != '\0' ? column->to_column : "id";
        return arena_printf(arena,
            "(SELECT x.\"%s\" FROM \"%s\" x WHERE x.\"%s\" IS NOT t.\"%s\""
            " ORDER BY 1 %s LIMIT 1)",
            to, column->to_table, to, name, way == WAY_FIRST ? "ASC" : "DESC");
    }
    if (strcmp(column->type, "BLOB") == 0) {
        return arena_printf(arena, "zeroblob(COALESCE(LENGTH(t.\"%s\"), 32))", name);
    }
    if (strcmp(column->type, "TEXT") == 0) {
        bool is_date = ends_with(name, "_on") || strcmp(name, "closed_until") == 0 ||
                       strcmp(name, "last_day_close") == 0;
        return arena_printf(arena,
            is_date ? "COALESCE(date(t.\"%s\", '+1 day'), '2025-06-02')"
                    : "COALESCE(t.\"%s\" || 'x', 'x')",
            name);
    }
    bool is_flag = strncmp(name, "is_", 3) == 0 || strncmp(name, "prices_", 7) == 0;
    return arena_printf(arena, is_flag ? "1 - t.\"%s\"" : "COALESCE(t.\"%s\" + 1, 1)", name);
}

/* False when the engine refuses, or when nothing differs. */
static bool change(World *world, const char *text)
{
    const Sql sql = {text, "", "i"};
    Rows rows;
    Err err = db_ask_once(&world->place.cx, &sql, NO_ARGS, &rows);
    err_clear(&world->place.cx);
    return err == ERR_OK && rows.count > 0;
}

typedef struct Tally {
    int tried;
    int missed;
} Tally;

/* One change in a transaction of its own; whether doctor saw it. */
static void attempt(World *world, const char *what, const char *text, Tally *tally)
{
    if (!change(world, text)) {
        return;
    }
    tally->tried++;
    if (world_findings(world) == 0) {
        printf("# not found: %s\n", what);
        tally->missed++;
    }
}

static void column_attempt(World *world, const Column *column, int64_t row, Way way, Tally *tally)
{
    static const char *const ways[WAY_COUNT] = {"made another", "made yet another", "taken away"};
    Arena *arena = world->place.arena;
    world_begin(world, 1);
    const char *value = other_value(arena, column, way);
    const char *text = arena_printf(arena,
        "UPDATE \"%s\" AS t SET \"%s\" = %s WHERE %s = %lld AND \"%s\" IS NOT %s RETURNING 1",
        column->table, column->name, value, row_of(column->table), (long long)row, column->name,
        value);
    const char *what = arena_printf(
        arena, "%s.%s of row %lld %s", column->table, column->name, (long long)row, ways[way]);
    attempt(world, what, text, tally);
    world_end(world);
}

/* Keys that others refer to cannot be altered while they do. */
static void column_prove(World *world, const Column *column, Tally *tally)
{
    int before = tally->tried;
    for (size_t at = 0; at < column->row_count; at++) {
        for (Way way = WAY_FIRST; way < WAY_COUNT; way++) {
            if (way != WAY_LAST || column->to_table[0] != '\0') {
                column_attempt(world, column, column->rows[at], way, tally);
            }
        }
    }
    if (tally->tried == before && strcmp(column->name, "id") != 0) {
        printf("# not tried: %s.%s\n", column->table, column->name);
        tally->missed++;
    }
}

static void every_column_is_proved(void **state)
{
    World *world = *state;
    Tally tally = {0};
    columns_read(world);
    for (size_t i = 0; i < column_count; i++) {
        if (!is_exempt(columns[i].table, columns[i].name)) {
            column_prove(world, &columns[i], &tally);
        }
    }
    printf("# %zu columns, %d alterations tried\n", column_count, tally.tried);
    assert_int_equal(tally.missed, 0);
}

/* ---- rows ---- */

static void row_attempt(World *world, const char *table, int64_t row, Tally *tally)
{
    Arena *arena = world->place.arena;
    world_begin(world, 1);
    attempt(world, arena_printf(arena, "row %lld of %s is gone", (long long)row, table),
        arena_printf(arena, "DELETE FROM \"%s\" WHERE %s = %lld RETURNING 1", table, row_of(table),
            (long long)row),
        tally);
    world_end(world);
}

static bool is_first_of_table(size_t i)
{
    return i == 0 || strcmp(columns[i - 1].table, columns[i].table) != 0;
}

static void a_row_that_is_gone_shows(void **state)
{
    World *world = *state;
    Tally tally = {0};
    columns_read(world);
    for (size_t i = 0; i < column_count; i++) {
        if (!is_first_of_table(i) || is_exempt(columns[i].table, NULL)) {
            continue;
        }
        assert_true(columns[i].row_count > 0);
        for (size_t at = 0; at < columns[i].row_count; at++) {
            row_attempt(world, columns[i].table, columns[i].rows[at], &tally);
        }
    }
    printf("# %d rows removed\n", tally.tried);
    assert_int_equal(tally.missed, 0);
}

static void a_row_that_was_added_shows(void **state)
{
    World *world = *state;
    Tally tally = {0};
    columns_read(world);
    for (size_t i = 0; i < column_count; i++) {
        if (!is_first_of_table(i) || is_exempt(columns[i].table, NULL)) {
            continue;
        }
        Buf names = buf_in(world->place.arena);
        for (size_t k = i; k < column_count && (k == i || !is_first_of_table(k)); k++) {
            buf_printf(&names, ", \"%s\"", columns[k].name);
        }
        char others[1024];
        copy(others, sizeof others, buf_text(&names) + strlen(", "));
        char *first_end = strstr(others, ", ");
        world_begin(world, 1);
        const char *table = columns[i].table;
        attempt(world, arena_printf(world->place.arena, "a row was added to %s", table),
            arena_printf(world->place.arena,
                "INSERT INTO \"%s\" (%s) SELECT \"%s\" + 1000%s FROM \"%s\" LIMIT 1 RETURNING 1",
                table, others, columns[i].name, first_end == NULL ? "" : first_end, table),
            &tally);
        world_end(world);
    }
    printf("# %d rows added\n", tally.tried);
    assert_true(tally.tried > 20);
    assert_int_equal(tally.missed, 0);
}

/* An operation that changes the row afterwards does not make it good. */
static void what_was_altered_stays_altered(void **state)
{
    World *world = *state;
    world_begin(world, 1);
    assert_int_equal(world_doctor(world), 0);
    assert_true(change(world, "UPDATE app_user SET role = 'admin' WHERE name = 'sam' RETURNING 1"));
    (void)world_must(
        world, "ann", "user_change", json_pack("{s:s,s:s}", "user", "sam", "reports_to", "mike"));
    assert_true(world_findings(world) > 0);
    assert_true(change(world, "UPDATE app_user SET role = 'sales' WHERE name = 'sam' RETURNING 1"));
    assert_true(world_findings(world) > 0);
    world_end(world);
}

/* What is left of an audit chain does not become the whole of it. */
static void rebuild_makes_no_chain_whole(void **state)
{
    static const char *const cuts[] = {
        "DELETE FROM audit WHERE id = (SELECT MAX(id) FROM audit WHERE account_id <> 0)"
        " RETURNING 1",
        "DELETE FROM audit WHERE id = (SELECT MAX(id) FROM audit WHERE account_id = 0)"
        " RETURNING 1",
        "DELETE FROM seal WHERE id = (SELECT MAX(id) FROM seal) RETURNING 1",
        "DELETE FROM seal RETURNING 1",
    };
    World *world = *state;
    for (size_t i = 0; i < COUNT(cuts); i++) {
        world_begin(world, 1);
        assert_true(change(world, cuts[i]));
        CHECK_ROW(cuts[i], world_findings(world) > 0);
        world_rebuild(world);
        CHECK_ROW(cuts[i], world_findings(world) > 0);
        world_end(world);
    }
}

static void line_count(void *user, const char *line)
{
    int64_t *lines = user;
    (void)line;
    ++*lines;
}

/* More rows than fit in memory at a time are looked at in parts. */
static void parts_find_what_the_whole_finds(void **state)
{
    World *world = *state;
    Ctx *cx = &world->place.cx;
    for (size_t places = 64; places <= 4096; places *= 8) {
        int64_t findings = 0;
        world_begin(world, 1);
        assert_int_equal(facts_verify_in(cx, places, line_count, &findings), ERR_OK);
        assert_int_equal(findings, 0);
        assert_true(change(world, "UPDATE entry SET amount = amount + 1 RETURNING 1"));
        assert_true(change(world, "DELETE FROM rate RETURNING 1"));
        Rows rows = ask(world, "SELECT COUNT(*) + 2 FROM entry", "i");
        assert_true(db_next(&rows));
        assert_int_equal(facts_verify_in(cx, places, line_count, &findings), ERR_OK);
        assert_int_equal(findings, db_i64(&rows, 0));
        world_end(world);
    }
}

static void rebuild_leaves_facts_alone(void **state)
{
    World *world = *state;
    world_begin(world, 1);
    const char *before = world_dump(world);
    world_rebuild(world);
    assert_int_equal(world_doctor(world), 0);
    assert_string_equal(world_difference(world, before, world_dump(world)), "");
    world_end(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_is_proved),
        cmocka_unit_test(a_row_that_is_gone_shows),
        cmocka_unit_test(a_row_that_was_added_shows),
        cmocka_unit_test(what_was_altered_stays_altered),
        cmocka_unit_test(parts_find_what_the_whole_finds),
        cmocka_unit_test(rebuild_makes_no_chain_whole),
        cmocka_unit_test(rebuild_leaves_facts_alone),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
