/* The log of a file and how it gets into it: by the writer, and beside it. */
#include "support/unit.h"

#include "db/sqlite/sqlite.h"
#include "support/database.h"

#include <sys/stat.h>

static const Migration step = {
    1, "0001_things", "CREATE TABLE thing (id {key}, name {text} NOT NULL);\n"};
static const History history = {.first = &step, .count = 1};
static const Sql thing_add = {"INSERT INTO thing (id, name) VALUES ($1, $2)", "kt", NULL};

static int setup(void **state)
{
    static Place place;
    place_make(&place);
    *state = &place;
    return 0;
}

static void make(Place *place)
{
    place_ok(&place->cx, place_found(place, &history));
}

static void add(Ctx *cx, Id id)
{
    place_ok(cx, db_begin(cx));
    place_ok(cx, db_put(cx, &thing_add, ARGS(arg_id(id), arg_text("one"))));
    place_ok(cx, db_commit(cx));
}

static void fill(Ctx *cx, int64_t megabytes)
{
    static const Sql blob_add = {
        "INSERT INTO thing (id, name) VALUES ($1, printf('%.*c', 1000000, 'x'))", "k", NULL};
    place_ok(cx, db_begin(cx));
    for (int64_t i = 0; i < megabytes; i++) {
        place_ok(cx, db_put(cx, &blob_add, ARGS(arg_id(100 + i))));
    }
    place_ok(cx, db_commit(cx));
}

static off_t size_of(Place *place, const char *name)
{
    struct stat info;
    return stat(place_path(place, name), &info) == 0 ? info.st_size : -1;
}

static void the_log_moves_into_the_file_when_idle(void **state)
{
    Place *place = *state;
    Ctx *cx = &place->cx;
    make(place);
    fill(cx, 6);
    off_t before = size_of(place, "data.db");
    assert_true(db_checkpoint(cx->db, false));
    assert_int_equal(size_of(place, "data.db"), before);
    assert_true(db_checkpoint(cx->db, true));
    assert_true(size_of(place, "data.db") > before + 6000000);
    assert_true(size_of(place, "data.db-wal") > 6000000);
    SqliteLink *link = (SqliteLink *)cx->db->link;
    assert_true(link->log_frames > 1000);
    add(cx, 3);
    assert_true(link->log_frames < 10);
    /* a log that was long is cut */
    link->log_frames_most = 100000;
    assert_true(db_checkpoint(cx->db, true));
    assert_int_equal(size_of(place, "data.db-wal"), 0);
    /* and due when it is long, idle or not */
    add(cx, 4);
    link->log_frames_next = 1;
    assert_true(db_checkpoint(cx->db, false));
    assert_int_equal(link->log_frames_moved, link->log_frames);
}

/* False: it failed. */
static bool moved_beside(Ctx *cx)
{
    bool is_sound = db_checkpoint(cx->db, false);
    while (is_sound && db_is_moving(cx->db)) {
        is_sound = db_checkpoint(cx->db, false);
    }
    return is_sound;
}

static void a_long_log_moves_beside_the_writer(void **state)
{
    Place *place = *state;
    Ctx *cx = &place->cx;
    make(place);
    SqliteLink *link = (SqliteLink *)cx->db->link;
    /* More than fits in the cache: what goes to the log early is read there again. */
    fill(cx, 130);
    off_t before = size_of(place, "data.db");
    int frames = link->log_frames;
    assert_true(frames > 30000);
    assert_true(db_checkpoint(cx->db, false));
    assert_true(db_is_moving(cx->db));
    /* the writer goes on meanwhile */
    add(cx, 3);
    assert_true(link->log_frames > frames);
    assert_true(moved_beside(cx));
    assert_true(size_of(place, "data.db") > before + 130000000);
    assert_int_equal(link->log_frames_moved, link->log_frames);
    add(cx, 4);
    assert_true(link->log_frames < 10);
    Rows rows;
    static const Sql sum = {"SELECT count(*), CAST(sum(length(name)) AS BIGINT) FROM thing"
                            " WHERE id >= 100",
        "", "ii"};
    place_ok(cx, db_ask(cx, &sum, NO_ARGS, &rows));
    assert_true(db_next(&rows));
    assert_int_equal(db_i64(&rows, 1), 130 * INT64_C(1000000));
}

static void fails_beside(Place *place, const char *fault)
{
    Ctx *cx = &place->cx;
    make(place);
    fill(cx, 130);
    assert_int_equal(setenv("GUANXI_FAULT", fault, 1), 0);
    assert_true(db_checkpoint(cx->db, false));
    assert_int_equal(unsetenv("GUANXI_FAULT"), 0);
    assert_false(moved_beside(cx));
    assert_int_equal(db_begin(cx), ERR_READ_ONLY);
    err_clear(cx);
}

static void what_fails_beside_the_writer_ends_writing(void **state)
{
    fails_beside(*state, "sync:1:io+#beside");
}

static void one_sync_that_fails_beside_the_writer_ends_writing(void **state)
{
    fails_beside(*state, "sync:2:io#beside"); /* told once, and behind it all goes well */
}

static void one_later_sync_that_fails_beside_the_writer_ends_writing(void **state)
{
    fails_beside(*state, "sync:100:io#beside"); /* of a piece */
}

/* With a reader inside the log not all of it can be moved, and SQLite does not sync the file. */
static unsigned moved_under_a_reader(Place *place, const char *fault, bool *ret_sound)
{
    Ctx *cx = &place->cx;
    static const Sql all = {"SELECT count(*) FROM thing", "", "i"};
    Db *writer = cx->db;
    Rows rows;
    place_ok(cx, db_open_with(cx, place->path, &(DbOptions){.mode = DB_READ}, &history, &cx->db));
    Db *reader = cx->db;
    place_ok(cx, db_begin(cx));
    place_ok(cx, db_ask(cx, &all, NO_ARGS, &rows));
    cx->db = writer;
    add(cx, 1);
    assert_int_equal(setenv("GUANXI_FAULT", fault, 1), 0);
    assert_true(db_checkpoint(cx->db, false));
    assert_int_equal(unsetenv("GUANXI_FAULT"), 0);
    *ret_sound = moved_beside(cx);
    cx->db = reader;
    db_rollback(cx);
    db_close(cx->db);
    cx->db = writer;
    return ((SqliteLink *)cx->db->link)->mover.pages;
}

static void what_the_mover_moved_is_synced_to_its_end(void **state)
{
    Place *place = *state;
    bool is_sound = false;
    make(place);
    fill(&place->cx, 130);
    unsigned pages = moved_under_a_reader(place, "sync:1000000:io#beside", &is_sound);
    assert_true(is_sound);
    /* the log's, one for each piece, and the last */
    unsigned syncs = 1 + pages / 256 + 1;
    for (unsigned more = 0; more < 2; more++) {
        assert_int_equal(place_teardown(state), 0);
        assert_int_equal(setup(state), 0);
        make(place);
        fill(&place->cx, 130);
        (void)moved_under_a_reader(
            place, arena_printf(place->arena, "sync:%u:io#beside", syncs + more), &is_sound);
        assert_int_equal(is_sound, more == 1);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, place_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_log_moves_into_the_file_when_idle),
        TEST(a_long_log_moves_beside_the_writer),
        TEST(what_fails_beside_the_writer_ends_writing),
        TEST(one_sync_that_fails_beside_the_writer_ends_writing),
        TEST(one_later_sync_that_fails_beside_the_writer_ends_writing),
        TEST(what_the_mover_moved_is_synced_to_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
