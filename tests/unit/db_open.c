/* Opening, migrating and copying databases, and every refusal on the way. */
#include "support/unit.h"

#include "db/sqlite/sqlite.h"
#include "support/database.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const Migration steps[] = {
    {1, "0001_things", "CREATE TABLE thing (id {key}, name {text} NOT NULL);\n"},
    {2, "0002_parts",
        "-- sqlite\nCREATE TABLE part (id {key}, thing_id {ref thing}) -- a\n;\n"
        "-- postgres\nthis is no SQL\n-- both\nALTER TABLE thing ADD COLUMN made_on {date};\n"},
    {3, "0003_last", "UPDATE thing SET name = name || '!';\n"},
};
static const Migration edited[] = {
    {1, "0001_things", "CREATE TABLE thing (id {key}, name {text} );\n"},
};
static const Migration broken[] = {
    {1, "0001_things", "CREATE TABLE thing (id {key}, name {text} NOT NULL);\n"},
    {2, "0002_broken", "CREATE TABLE part (id {key});\nthis is no SQL;\n"},
};
static const Migration dangling[] = {
    {1, "0001_things", "CREATE TABLE thing (id {key}, name {text} NOT NULL);\n"},
    {2, "0002_dangling",
        "CREATE TABLE part (id {key}, thing_id {ref thing});\n"
        "INSERT INTO part (id, thing_id) VALUES (1, 99);\n"},
};
static const History one = {.first = steps, .count = 1};
static const History three = {.first = steps, .count = 3};

static const DbOptions writing = {.mode = DB_WRITE};
static const DbOptions reading = {.mode = DB_READ};
static const DbOptions migrating = {.mode = DB_WRITE, .migrate = true};

static const Sql thing_add = {"INSERT INTO thing (id, name) VALUES ($1, $2)", "kt", NULL};
static const Sql thing_names = {"SELECT name FROM thing ORDER BY id", "", "t"};

static int setup(void **state)
{
    static Place place;
    place_make(&place);
    *state = &place;
    return 0;
}

/* The refusal, whose sentence says this. */
static void refused(Place *place, Err err, Err wanted, const char *says)
{
    if (err != wanted || strstr(place->cx.err.detail, says) == NULL) {
        fail_msg("wanted %s \"%s\", got %s: %s", err_name(wanted), says, err_name(err),
            place->cx.err.detail);
    }
    assert_null(place->cx.db);
    err_clear(&place->cx);
}

static void close_it(Place *place)
{
    db_close(place->cx.db);
    place->cx.db = NULL;
}

static void make(Place *place, const History *history)
{
    place_ok(&place->cx, place_found(place, history));
    place_ok(&place->cx, db_begin(&place->cx));
    place_ok(&place->cx, db_put(&place->cx, &thing_add, ARGS(arg_id(1), arg_text("first"))));
    place_ok(&place->cx, db_commit(&place->cx));
}

static const char *names_of(Ctx *cx)
{
    Rows rows;
    place_ok(cx, db_ask(cx, &thing_names, NO_ARGS, &rows));
    const char *all = "";
    while (db_next(&rows)) {
        all = arena_printf(cx->arena, "%s%s ", all, db_text(&rows, 0));
    }
    return all;
}

static void write_file(const char *path, const char *text, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* ---- What is at the path ---- */

static void what_is_no_database_is_refused(void **state)
{
    Place *place = *state;
    refused(place, place_open(place, &one, writing), ERR_DB_MISSING, "guanxi init");
    refused(place, place_open(place, &one, reading), ERR_DB_MISSING, "guanxi init");
    assert_int_equal(mkdir(place->path, 0700), 0);
    refused(place, place_open(place, &one, writing), ERR_DB_MISSING, "is a folder");
    assert_int_equal(rmdir(place->path), 0);
    write_file(place->path, "", 0);
    refused(place, place_open(place, &one, writing), ERR_DB_DAMAGED, "empty file");
    char text[5000];
    memset(text, 'x', sizeof(text));
    write_file(place->path, text, sizeof(text));
    refused(place, place_open(place, &one, writing), ERR_DB_DAMAGED, "is not a database");
    refused(place, place_open(place, &one, reading), ERR_DB_DAMAGED, "is not a database");
    write_file(place->path, "short", 5);
    refused(place, place_open(place, &one, writing), ERR_DB_DAMAGED, "is not a database");
    assert_string_equal(place_names(place), "data.db");
    Db *db;
    refused(place, db_open_with(&place->cx, "mysql://localhost/x", &writing, &one, &db),
        ERR_DB_MISSING, "mysql");
}

static void a_database_of_another_program_is_refused(void **state)
{
    Place *place = *state;
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE thing (x)", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    refused(place, place_open(place, &one, writing), ERR_DB_DAMAGED, "another program");
    refused(place, place_open(place, &one, migrating), ERR_DB_DAMAGED, "another program");
    refused(place, place_open(place, &one, reading), ERR_DB_DAMAGED, "another program");
}

static void a_database_without_history_is_refused(void **state)
{
    Place *place = *state;
    make(place, &one);
    assert_int_equal(
        place->cx.db->link->driver->execute(place->cx.db->link, "DROP TABLE migration"),
        FAULT_NONE);
    close_it(place);
    refused(place, place_open(place, &one, writing), ERR_DB_DAMAGED, "history");
}

static void create_makes_a_whole_file_or_none(void **state)
{
    Place *place = *state;
    make(place, &one);
    close_it(place);
    assert_string_equal(place_names(place), "data.db");
    struct stat info;
    assert_int_equal(stat(place->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    refused(place, place_found(place, &one), ERR_STATE, "already");
    place_ok(&place->cx, place_open(place, &one, writing));
    assert_string_equal(names_of(&place->cx), "first ");
    close_it(place);
    assert_int_equal(unlink(place->path), 0);

    History history = {.first = broken, .count = 2};
    refused(place, place_found(place, &history), ERR_INTERNAL, "");
    assert_string_equal(place_names(place), "");
    write_file(place_path(place, "data.db-wal"), "x", 1);
    refused(place, place_found(place, &one), ERR_STATE, "left over");
    assert_string_equal(place_names(place), "data.db-wal");
    Db *db;
    refused(place, db_make_with(&place->cx, place_path(place, "no/such.db"), &one, &db), ERR_STORE,
        "does not exist");
}

/* Rights mean nothing to root, so the test steps down. */
static void rights_that_lack_are_told(void **state)
{
    Place *place = *state;
    make(place, &one);
    close_it(place);
    bool is_root = geteuid() == 0;
    if (is_root) {
        assert_int_equal(chown(place->path, 65534, 65534), 0);
        assert_int_equal(chown(place->folder, 65534, 65534), 0);
        assert_int_equal(seteuid(65534), 0);
    }
    assert_int_equal(chmod(place->folder, 0500), 0);
    Err in_folder = place_open(place, &one, writing);
    refused(place, in_folder, ERR_STORE, "read-only");
    Db *db;
    refused(place, db_make_with(&place->cx, place_path(place, "b.db"), &one, &db), ERR_STORE,
        "read-only");
    assert_int_equal(chmod(place->folder, 0700), 0);
    assert_int_equal(chmod(place->path, 0400), 0);
    refused(place, place_open(place, &one, writing), ERR_STORE, "read-only");
    assert_int_equal(chmod(place->path, 0), 0);
    refused(place, place_open(place, &one, reading), ERR_STORE, "rights");
    assert_int_equal(chmod(place->path, 0600), 0);
    assert_int_equal(chmod(place->folder, 0), 0);
    refused(place, place_open(place, &one, reading), ERR_STORE, "rights");
    assert_int_equal(chmod(place->folder, 0700), 0);
    if (is_root) {
        assert_int_equal(seteuid(0), 0);
    }
}

/* ---- Migrations ---- */

static void an_older_one_is_brought_up_with_a_copy(void **state)
{
    Place *place = *state;
    make(place, &one);
    close_it(place);
    refused(place, place_open(place, &three, writing), ERR_DB_OLDER, "guanxi migrate");
    refused(place, place_open(place, &three, reading), ERR_DB_OLDER, "guanxi migrate");
    place_ok(&place->cx, place_open(place, &three, migrating));
    assert_string_equal(names_of(&place->cx), "first! ");
    close_it(place);
    assert_string_equal(place_names(place), "data.db data.db.schema-0001");
    place_ok(&place->cx, place_open(place, &three, migrating));
    close_it(place);
    assert_string_equal(place_names(place), "data.db data.db.schema-0001");
    refused(place, place_open(place, &one, writing), ERR_DB_NEWER, "newer");
    Db *copy;
    place_ok(&place->cx,
        db_open_with(&place->cx, place_path(place, "data.db.schema-0001"), &writing, &one, &copy));
    place->cx.db = copy;
    assert_string_equal(names_of(&place->cx), "first ");
}

static void an_edited_migration_is_refused(void **state)
{
    Place *place = *state;
    make(place, &one);
    close_it(place);
    History history = {.first = edited, .count = 1};
    refused(place, place_open(place, &history, writing), ERR_DB_DAMAGED, "0001_things");
    refused(place, place_open(place, &history, migrating), ERR_DB_DAMAGED, "edited");
}

static void a_migration_that_fails_leaves_nothing(void **state)
{
    static const struct {
        History history;
        Err refusal;
    } rows[] = {
        {{.first = broken, .count = 2}, ERR_INTERNAL},
        {{.first = dangling, .count = 2}, ERR_DB_DAMAGED},
    };
    Place *place = *state;
    make(place, &one);
    close_it(place);
    for (size_t i = 0; i < COUNT(rows); i++) {
        refused(place, place_open(place, &rows[i].history, migrating), rows[i].refusal, "");
        place_ok(&place->cx, place_open(place, &one, writing));
        assert_string_equal(names_of(&place->cx), "first ");
        close_it(place);
    }
    assert_string_equal(place_names(place), "data.db data.db.schema-0001 data.db.schema-0001-2");
}

static void from_outside(Place *place, const char *script)
{
    sqlite3 *file = NULL;
    assert_int_equal(sqlite3_open(place->path, &file), SQLITE_OK);
    assert_int_equal(sqlite3_exec(file, script, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(file), SQLITE_OK);
}

static void a_schema_changed_from_outside_is_refused(void **state)
{
    static const struct {
        const char *script;
        const char *says;
    } rows[] = {
        {"DROP TABLE part", "it lacks table part"},
        {"CREATE TRIGGER t AFTER INSERT ON thing BEGIN DELETE FROM part; END", "more trigger t"},
        {"CREATE TABLE other (id INTEGER)", "more table other"},
        {"ALTER TABLE thing DROP COLUMN made_on", "is table thing"},
        {"DELETE FROM migration", "history"},
        {"DELETE FROM migration WHERE number > 1", "more table part"},
        {"DROP TABLE migration", "history"},
    };
    Place *place = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        place_ok(&place->cx, place_found(place, &three));
        close_it(place);
        from_outside(place, rows[i].script);
        refused(place, place_open(place, &three, writing), ERR_DB_DAMAGED, rows[i].says);
        refused(place, place_open(place, &three, reading), ERR_DB_DAMAGED, "backup");
        refused(place, place_open(place, &three, migrating), ERR_DB_DAMAGED, rows[i].says);
        assert_string_equal(place_names(place), "data.db");
        assert_int_equal(unlink(place->path), 0);
    }
}

static void a_right_schema_needs_no_mark(void **state)
{
    Place *place = *state;
    make(place, &one);
    close_it(place);
    from_outside(place, "PRAGMA user_version = 0; ANALYZE");
    place_ok(&place->cx, place_open(place, &one, reading));
    close_it(place);
    from_outside(place, "PRAGMA user_version = 4711");
    place_ok(&place->cx, place_open(place, &three, migrating));
    assert_string_equal(names_of(&place->cx), "first! ");
}

static void foreign_keys_are_on_after_a_migration(void **state)
{
    Place *place = *state;
    place_ok(&place->cx, place_found(place, &three));
    static const Sql orphan = {"INSERT INTO part (id, thing_id) VALUES (1, 99)", "", NULL};
    place_ok(&place->cx, db_begin(&place->cx));
    assert_int_equal(db_put(&place->cx, &orphan, NO_ARGS), ERR_INTERNAL);
    err_clear(&place->cx);
    db_rollback(&place->cx);
}

/* ---- Readers, limits, checkpoints, copies ---- */

static void readers_see_commits_and_write_nothing(void **state)
{
    Place *place = *state;
    Ctx *cx = &place->cx;
    make(place, &one);
    Db *writer = cx->db;
    Db *reader;
    place_ok(cx, db_open_with(cx, place->path, &reading, &one, &reader));
    place_ok(cx, db_begin(cx));
    place_ok(cx, db_put(cx, &thing_add, ARGS(arg_id(2), arg_text("second"))));
    cx->db = reader;
    assert_string_equal(names_of(cx), "first ");
    place_ok(cx, db_begin(cx));
    assert_string_equal(names_of(cx), "first ");
    cx->db = writer;
    place_ok(cx, db_commit(cx));
    cx->db = reader;
    assert_string_equal(names_of(cx), "first ");
    place_ok(cx, db_commit(cx));
    assert_string_equal(names_of(cx), "first second ");
    static const Sql add_asked = {
        "INSERT INTO thing (id, name) VALUES (9, 'x') RETURNING id", "", "k"};
    Rows rows;
    place_ok(cx, db_begin(cx));
    assert_int_equal(db_ask(cx, &add_asked, NO_ARGS, &rows), ERR_INTERNAL);
    err_clear(cx);
    db_rollback(cx);
    db_close(reader);
    cx->db = writer;
}

static void a_second_writer_waits_and_gives_up(void **state)
{
    Place *place = *state;
    Ctx *cx = &place->cx;
    make(place, &one);
    Db *first = cx->db;
    Db *second;
    place_ok(cx, db_open_with(cx, place->path, &writing, &one, &second));
    (void)sqlite3_busy_timeout(((SqliteLink *)second->link)->db, 20);
    place_ok(cx, db_begin(cx));
    cx->db = second;
    assert_int_equal(db_begin(cx), ERR_BUSY);
    err_clear(cx);
    cx->db = first;
    place_ok(cx, db_commit(cx));
    cx->db = second;
    place_ok(cx, db_begin(cx));
    place_ok(cx, db_commit(cx));
    db_close(second);
    cx->db = first;
}

static void a_long_read_is_stopped(void **state)
{
    Place *place = *state;
    Ctx *cx = &place->cx;
    make(place, &one);
    Db *writer = cx->db;
    static const Sql endless = {"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                                " SELECT max(i) FROM n",
        "", "i"};
    DbOptions limited = {.mode = DB_READ, .read_limit_ms = 30};
    place_ok(cx, db_open_with(cx, place->path, &limited, &one, &cx->db));
    Rows rows;
    assert_int_equal(db_ask(cx, &endless, NO_ARGS, &rows), ERR_TIMEOUT);
    err_clear(cx);
    assert_string_equal(names_of(cx), "first ");
    db_close(cx->db);
    cx->db = writer;
}

static void a_copy_is_whole_and_alone(void **state)
{
    Place *place = *state;
    Ctx *cx = &place->cx;
    make(place, &one);
    Db *writer = cx->db;
    place_ok(cx, db_open_with(cx, place->path, &reading, &one, &cx->db));
    Db *reader = cx->db;
    const char *path = place_path(place, "copy.db");
    place_ok(cx, db_backup(cx, path));
    assert_int_equal(db_backup(cx, path), ERR_STATE);
    err_clear(cx);
    assert_int_equal(db_backup(cx, place->path), ERR_STATE);
    err_clear(cx);
    assert_int_equal(db_backup(cx, place_path(place, "no/copy.db")), ERR_STORE);
    err_clear(cx);
    db_close(reader);
    db_close(writer);
    assert_string_equal(place_names(place), "copy.db data.db");
    /* as plain as can be: it opens in a folder that nobody may write */
    place_ok(cx, db_open_with(cx, path, &reading, &one, &cx->db));
    assert_string_equal(names_of(cx), "first ");
    close_it(place);
    place_ok(cx, db_open_with(cx, path, &writing, &one, &cx->db));
    assert_string_equal(names_of(cx), "first ");
}

static void count_lines(void *user, const char *line)
{
    assert_true(line[0] != '\0');
    *(int *)user += 1;
}

static void damage_is_found(void **state)
{
    Place *place = *state;
    Ctx *cx = &place->cx;
    make(place, &one);
    static const Sql much = {
        "INSERT INTO thing (id, name) VALUES (2, printf('%.*c', 1000000, 'x'))", "", NULL};
    place_ok(cx, db_begin(cx));
    place_ok(cx, db_put(cx, &much, NO_ARGS));
    place_ok(cx, db_commit(cx));
    int lines = 0;
    int64_t findings = 0;
    place_ok(cx, db_verify(cx, count_lines, &lines, &findings));
    assert_int_equal(findings, 0);
    close_it(place);
    FILE *file = fopen(place->path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, 20 * 4096, SEEK_SET), 0);
    char noise[4096];
    memset(noise, 0xa5, sizeof(noise));
    for (int page = 0; page < 5; page++) {
        assert_int_equal(fwrite(noise, 1, sizeof(noise), file), sizeof(noise));
    }
    assert_int_equal(fclose(file), 0);
    place_ok(cx, place_open(place, &one, reading));
    Err err = db_verify(cx, count_lines, &lines, &findings);
    assert_true(err == ERR_DB_DAMAGED || findings > 0);
    assert_int_equal(findings, lines);
    err_clear(cx);
    assert_int_equal(db_backup(cx, place_path(place, "copy.db")), ERR_DB_DAMAGED);
    err_clear(cx);
    close_it(place);
    assert_null(strstr(place_names(place), "copy.db"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, place_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_no_database_is_refused),
        TEST(a_database_of_another_program_is_refused),
        TEST(a_database_without_history_is_refused),
        TEST(create_makes_a_whole_file_or_none),
        TEST(rights_that_lack_are_told),
        TEST(an_older_one_is_brought_up_with_a_copy),
        TEST(an_edited_migration_is_refused),
        TEST(a_migration_that_fails_leaves_nothing),
        TEST(a_schema_changed_from_outside_is_refused),
        TEST(a_right_schema_needs_no_mark),
        TEST(foreign_keys_are_on_after_a_migration),
        TEST(readers_see_commits_and_write_nothing),
        TEST(a_second_writer_waits_and_gives_up),
        TEST(a_long_read_is_stopped),
        TEST(a_copy_is_whole_and_alone),
        TEST(damage_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
