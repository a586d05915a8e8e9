/* The database port: statements, arguments and rows. */
#include "support/unit.h"

#include "support/database.h"

#include "base/buf.h"

#include <string.h>

static const Migration steps[] = {
    {1, "0001_things",
        "CREATE TABLE territory (id {key});\n"
        "CREATE TABLE user_territory (user_id {id}, territory_id {ref territory});\n"
        "CREATE TABLE partner (id {key}, territory_id {ref territory}, name {text});\n"
        "CREATE TABLE thing (\n"
        "    id {key},\n"
        "    name {text} NOT NULL,\n"
        "    amount {i64},\n"
        "    due_on {date},\n"
        "    is_open {bool},\n"
        "    data {bytes},\n"
        "    partner_id {ref partner}\n"
        ");\n"},
};
static const History history = {.first = steps, .count = 1};

static const Sql thing_add = {
    "INSERT INTO thing (id, name, amount, due_on, is_open, data) VALUES ($1, $2, $3, $4, $5, $6)",
    "ktidbx", NULL};
static const Sql thing_get = {
    "SELECT id, name, amount, due_on, is_open, data FROM thing WHERE id = $1", "k", "ktidbx"};
static const Sql thing_count = {"SELECT count(*) FROM thing", "", "i"};

static int setup(void **state)
{
    static Place place;
    place_make(&place);
    *state = &place;
    return place_found(&place, &history) != ERR_OK;
}

static int64_t count_of(Ctx *cx)
{
    Rows rows;
    place_ok(cx, db_ask(cx, &thing_count, NO_ARGS, &rows));
    assert_true(db_next(&rows));
    return db_i64(&rows, 0);
}

static void add(Ctx *cx, Id id, const char *name)
{
    place_ok(cx, db_put(cx, &thing_add,
                     ARGS(arg_id(id), arg_text(name), arg_i64(5), arg_date(DATE_NONE), arg_null(),
                         arg_null())));
}

static void every_type_comes_back(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    Date day;
    assert_true(date_parse("2026-02-28", &day));
    place_ok(cx, db_begin(cx));
    place_ok(cx, db_put(cx, &thing_add,
                     ARGS(arg_id(7), arg_text("关系 \"x\" 'y' $1 {lock}"), arg_i64(INT64_MIN),
                         arg_date(day), arg_bool(true), arg_bytes("a\0b", 3))));
    place_ok(cx, db_put(cx, &thing_add,
                     ARGS(arg_id(8), arg_text(""), arg_null(), arg_date(DATE_NONE), arg_bool(false),
                         arg_bytes("", 0))));
    place_ok(cx, db_commit(cx));
    Rows rows;
    place_ok(cx, db_ask(cx, &thing_get, ARGS(arg_id(7)), &rows));
    assert_int_equal(rows.count, 1);
    assert_true(db_next(&rows));
    assert_int_equal(db_id(&rows, 0), 7);
    assert_string_equal(db_text(&rows, 1), "关系 \"x\" 'y' $1 {lock}");
    assert_true(db_i64(&rows, 2) == INT64_MIN);
    assert_int_equal(db_date(&rows, 3), day);
    assert_true(db_bool(&rows, 4));
    assert_int_equal(db_cell(&rows, 5)->n, 3);
    assert_memory_equal(db_cell(&rows, 5)->p, "a\0b", 3);
    assert_false(db_next(&rows));
    place_ok(cx, db_ask(cx, &thing_get, ARGS(arg_id(8)), &rows));
    assert_true(db_next(&rows));
    assert_string_equal(db_text(&rows, 1), "");
    assert_true(db_is_null(&rows, 2));
    assert_int_equal(db_i64(&rows, 2), 0);
    assert_int_equal(db_date(&rows, 3), DATE_NONE);
    assert_false(db_is_null(&rows, 4));
    assert_false(db_is_null(&rows, 5));
    assert_int_equal(db_cell(&rows, 5)->n, 0);
}

static void parameters_go_by_number(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    static const Sql swapped = {"SELECT $2, $1, $2", "it", "tit"};
    static const Sql twice = {"SELECT $1 + $1, $2", "ii", "ii"};
    static const Sql quoted = {"SELECT '$1 {lock} ''$3''', $1 -- $7 isn't one {x}\n", "i", "ti"};
    Rows rows;
    place_ok(cx, db_ask(cx, &swapped, ARGS(arg_i64(1), arg_text("two")), &rows));
    assert_true(db_next(&rows));
    assert_string_equal(db_text(&rows, 0), "two");
    assert_int_equal(db_i64(&rows, 1), 1);
    assert_string_equal(db_text(&rows, 2), "two");
    place_ok(cx, db_ask(cx, &twice, ARGS(arg_i64(4), arg_i64(9)), &rows));
    assert_true(db_next(&rows));
    assert_int_equal(db_i64(&rows, 0), 8);
    assert_int_equal(db_i64(&rows, 1), 9);
    place_ok(cx, db_ask(cx, &quoted, ARGS(arg_i64(3)), &rows));
    assert_true(db_next(&rows));
    assert_string_equal(db_text(&rows, 0), "$1 {lock} '$3'");
    assert_int_equal(db_i64(&rows, 1), 3);
}

static void a_name_in_double_quotes_is_no_text(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    static const Sql mistyped = {"SELECT \"form\" FROM thing", "", "t"};
    Rows rows;
    assert_int_equal(db_ask(cx, &mistyped, NO_ARGS, &rows), ERR_INTERNAL);
    err_clear(cx);
}

static void a_column_of_another_type_is_refused(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    static const Sql as_text = {"SELECT 5", "", "t"};
    static const Sql as_date = {"SELECT '2025-02-30'", "", "d"};
    Rows rows;
    assert_int_equal(db_ask(cx, &as_text, NO_ARGS, &rows), ERR_DB_DAMAGED);
    err_clear(cx);
    assert_int_equal(db_ask(cx, &as_date, NO_ARGS, &rows), ERR_DB_DAMAGED);
    err_clear(cx);
}

static void checks_hold_what_the_types_say(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    static const Sql bad_date = {
        "INSERT INTO thing (name, due_on) VALUES ('x', '2025-02-30')", "", NULL};
    static const Sql bad_bool = {"INSERT INTO thing (name, is_open) VALUES ('x', 2)", "", NULL};
    static const Sql bad_ref = {"INSERT INTO thing (name, partner_id) VALUES ('x', 99)", "", NULL};
    const Sql *const bad[] = {&bad_date, &bad_bool, &bad_ref};
    for (size_t i = 0; i < COUNT(bad); i++) {
        place_ok(cx, db_begin(cx));
        assert_int_equal(db_put(cx, bad[i], NO_ARGS), ERR_INTERNAL);
        err_clear(cx);
        db_rollback(cx);
    }
    assert_int_equal(count_of(cx), 0);
}

static void sight_limits_what_a_list_shows(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    static const Sql fill = {
        "INSERT INTO partner (id, territory_id, name) VALUES ($1, $2, $3)", "kkt", NULL};
    static const Sql territory = {"INSERT INTO territory (id) VALUES ($1)", "k", NULL};
    static const Sql assign = {"INSERT INTO user_territory VALUES ($1, $2)", "kk", NULL};
    static const Sql list = {
        "SELECT p.id FROM partner AS p WHERE p.name <> $1 AND {visible:p} ORDER BY p.id", "t", "k"};
    static const struct {
        const char *why;
        Id user;
        Id partner;
        const char *ids;
    } rows[] = {
        {"the system sees all", 0, 0, "1 2 3 4 "},
        {"a user with one territory, and what has none", 50, 0, "1 3 4 "},
        {"a user without", 51, 0, "3 "},
        {"a partner itself alone", 0, 2, "2 "},
        {"both conditions hold", 50, 2, ""},
    };
    place_ok(cx, db_begin(cx));
    place_ok(cx, db_put(cx, &territory, ARGS(arg_id(10))));
    place_ok(cx, db_put(cx, &territory, ARGS(arg_id(11))));
    place_ok(cx, db_put(cx, &assign, ARGS(arg_id(50), arg_id(10))));
    place_ok(cx, db_put(cx, &fill, ARGS(arg_id(1), arg_id(10), arg_text("a"))));
    place_ok(cx, db_put(cx, &fill, ARGS(arg_id(2), arg_id(11), arg_text("b"))));
    place_ok(cx, db_put(cx, &fill, ARGS(arg_id(3), arg_id(0), arg_text("c"))));
    place_ok(cx, db_put(cx, &fill, ARGS(arg_id(4), arg_id(10), arg_text("d"))));
    place_ok(cx, db_put(cx, &fill, ARGS(arg_id(5), arg_id(10), arg_text("z"))));
    place_ok(cx, db_commit(cx));
    for (size_t i = 0; i < COUNT(rows); i++) {
        Rows found;
        Buf ids = buf_in(cx->arena);
        db_sight_set(cx->db, rows[i].user, rows[i].partner);
        place_ok(cx, db_ask(cx, &list, ARGS(arg_text("z")), &found));
        while (db_next(&found)) {
            buf_printf(&ids, "%d ", (int)db_id(&found, 0));
        }
        CHECK_ROW(rows[i].why, strcmp(buf_text(&ids), rows[i].ids) == 0);
    }
}

static void many_rows_and_too_many(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    static const Sql series = {
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)"
        " SELECT i, 'row ' || i FROM n",
        "i", "it"};
    Rows rows;
    place_ok(cx, db_ask(cx, &series, ARGS(arg_i64(1000)), &rows));
    assert_int_equal(rows.count, 1000);
    int64_t sum = 0;
    while (db_next(&rows)) {
        sum += db_i64(&rows, 0);
    }
    assert_int_equal(sum, 500500);
    assert_string_equal(rows.cells[999 * 2 + 1].p, "row 1000");
    assert_int_equal(db_ask(cx, &series, ARGS(arg_i64(10000000)), &rows), ERR_TOO_LARGE);
    err_clear(cx);
}

typedef struct Seen {
    int64_t count;
    int64_t bytes;
} Seen;

static Err see(Ctx *cx, const Rows *row, void *user)
{
    Seen *seen = user;
    seen->count++;
    seen->bytes += (int64_t)strlen(db_text(row, 1));
    return seen->count == 50001 ? err_set(cx, ERR_STATE, NULL, "enough") : ERR_OK;
}

static void a_scan_keeps_nothing(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    static const Sql series = {
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)"
        " SELECT i, 'abc' FROM n",
        "i", "it"};
    Seen seen = {0};
    size_t used = arena_used(cx->arena);
    place_ok(cx, db_scan(cx, &series, ARGS(arg_i64(50000)), see, &seen));
    assert_int_equal(seen.count, 50000);
    assert_int_equal(seen.bytes, 150000);
    assert_int_equal(arena_used(cx->arena), used);
    assert_int_equal(db_scan(cx, &series, ARGS(arg_i64(50000)), see, &seen), ERR_STATE);
    err_clear(cx);
    seen = (Seen){0};
    place_ok(cx, db_scan(cx, &series, ARGS(arg_i64(10)), see, &seen));
    assert_int_equal(seen.count, 10);
}

static void statements_are_kept_by_address(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    Db *db = cx->db;
    (void)count_of(cx);
    size_t kept = db->kept_count;
    for (int i = 0; i < 100; i++) {
        (void)count_of(cx);
    }
    assert_int_equal(db->kept_count, kept);
    Rows rows;
    for (int i = 0; i < 100; i++) {
        char text[32];
        (void)snprintf(text, sizeof(text), "SELECT %d", i);
        Sql once = {text, "", "i"};
        place_ok(cx, db_ask_once(cx, &once, NO_ARGS, &rows));
        assert_true(db_next(&rows));
        assert_int_equal(db_i64(&rows, 0), i);
    }
    assert_int_equal(db->kept_count, kept);
    static Sql many[KEPT_MAX + 10];
    for (size_t i = 0; i < COUNT(many); i++) {
        many[i] = thing_count;
        place_ok(cx, db_ask(cx, &many[i], NO_ARGS, &rows));
    }
    assert_true(db->kept_count <= KEPT_MAX);
    assert_int_equal(count_of(cx), 0);
}

static void returning_rows_from_a_write(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    static const Sql add_once = {
        "INSERT INTO thing (id, name) VALUES ($1, 'x') ON CONFLICT DO NOTHING RETURNING id", "k",
        "k"};
    Rows rows;
    place_ok(cx, db_begin(cx));
    place_ok(cx, db_ask(cx, &add_once, ARGS(arg_id(5)), &rows));
    assert_int_equal(rows.count, 1);
    place_ok(cx, db_ask(cx, &add_once, ARGS(arg_id(5)), &rows));
    assert_int_equal(rows.count, 0);
    place_ok(cx, db_commit(cx));
    assert_int_equal(count_of(cx), 1);
}

static void savepoints(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    place_ok(cx, db_begin(cx));
    place_ok(cx, db_savepoint(cx));
    add(cx, 1, "kept");
    place_ok(cx, db_release(cx));
    place_ok(cx, db_savepoint(cx));
    add(cx, 2, "undone");
    assert_true(db_rollback_to(cx));
    place_ok(cx, db_savepoint(cx));
    add(cx, 3, "kept");
    place_ok(cx, db_release(cx));
    place_ok(cx, db_commit(cx));
    assert_int_equal(count_of(cx), 2);
    place_ok(cx, db_begin(cx));
    add(cx, 4, "undone");
    db_rollback(cx);
    assert_int_equal(count_of(cx), 2);
}

/* More pages than are kept in memory for a savepoint. */
static void a_savepoint_puts_back_much(void **state)
{
    enum { ROWS = 400, ROW_BYTES = 3000 };
    static const Sql insert = {
        "INSERT INTO thing (id, name, data) VALUES ($1, 'kept', $2)", "kx", NULL};
    static const Sql change = {"UPDATE thing SET name = 'undone'", "", NULL};
    static const Sql kept_count = {"SELECT COUNT(*) FROM thing WHERE name = 'kept'", "", "i"};
    static const char data[ROW_BYTES] = {1};
    Ctx *cx = &((Place *)*state)->cx;
    int64_t count = 0;
    place_ok(cx, db_begin(cx));
    for (Id id = 1; id <= ROWS; id++) {
        place_ok(cx, db_put(cx, &insert, ARGS(arg_id(id), arg_bytes(data, sizeof data))));
    }
    place_ok(cx, db_commit(cx));
    place_ok(cx, db_begin(cx));
    for (int i = 0; i < 2; i++) {
        place_ok(cx, db_savepoint(cx));
        place_ok(cx, db_put(cx, &change, NO_ARGS));
        place_ok(cx, db_number(cx, &kept_count, NO_ARGS, &count));
        assert_int_equal(count, 0);
        assert_true(db_rollback_to(cx));
        place_ok(cx, db_number(cx, &kept_count, NO_ARGS, &count));
        assert_int_equal(count, ROWS);
    }
    place_ok(cx, db_commit(cx));
    place_ok(cx, db_number(cx, &kept_count, NO_ARGS, &count));
    assert_int_equal(count, ROWS);
}

static void full_ends_the_whole_transaction(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    static const Sql big = {
        "INSERT INTO thing (id, name, data) VALUES ($1, 'big', zeroblob(200000))", "k", NULL};
    Link *link = cx->db->link;
    assert_int_equal(link->driver->execute(link, "PRAGMA max_page_count = 40"), FAULT_NONE);
    place_ok(cx, db_begin(cx));
    place_ok(cx, db_savepoint(cx));
    add(cx, 1, "before");
    place_ok(cx, db_release(cx));
    place_ok(cx, db_savepoint(cx));
    assert_int_equal(db_put(cx, &big, ARGS(arg_id(2))), ERR_STORE);
    err_clear(cx);
    bool stands = db_rollback_to(cx);
    if (!stands) {
        Rows rows;
        assert_int_equal(db_ask(cx, &thing_count, NO_ARGS, &rows), ERR_STORE);
        err_clear(cx);
        assert_int_equal(db_commit(cx), ERR_STORE);
        err_clear(cx);
    } else {
        db_rollback(cx);
    }
    assert_false(link->driver->is_in_transaction(link));
    assert_int_equal(count_of(cx), 0);
    /* and it goes on */
    place_ok(cx, db_begin(cx));
    add(cx, 3, "after");
    place_ok(cx, db_commit(cx));
    assert_int_equal(count_of(cx), 1);
    assert_false(stands);
}

static void ids_rise_above_what_is_stored(void **state)
{
    Place *place = *state;
    Ctx *cx = &place->cx;
    Id first = db_new_id(cx);
    Id high = first + (INT64_C(1) << 40);
    place_ok(cx, db_begin(cx));
    add(cx, high, "from a clock that ran ahead");
    place_ok(cx, db_commit(cx));
    db_close(cx->db);
    cx->db = NULL;
    place_ok(cx, place_open(place, &history, (DbOptions){.mode = DB_WRITE}));
    assert_true(db_new_id(cx) > high);
}

static void released(void *value)
{
    *(int *)value += 1;
}

static void the_slot_goes_with_the_connection(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    int count = 0;
    assert_null(db_slot(cx->db, DB_SLOT_KEYS));
    db_slot_set(cx->db, DB_SLOT_KEYS, &count, released);
    assert_ptr_equal(db_slot(cx->db, DB_SLOT_KEYS), &count);
    db_close(cx->db);
    cx->db = NULL;
    assert_int_equal(count, 1);
}

/* Eight go in one statement, the rest one by one: a literal, with what looks like a parameter, is
 * that of each row. */
static void rows_go_in_together(void **state)
{
    static const Sql put = {
        "INSERT INTO thing (id, name, amount, due_on, is_open, data, partner_id)"
        " VALUES ($1, 'of $2', $2, $3, FALSE, $4, NULL)",
        "kidx", NULL};
    static const size_t counts[] = {0, 1, 7, 8, 9, 27};
    enum { COLUMNS = 4 };
    Ctx *cx = &((Place *)*state)->cx;
    Id id = 0;
    place_ok(cx, db_begin(cx));
    for (size_t k = 0; k < COUNT(counts); k++) {
        Arg args[27 * COLUMNS];
        Id first = id;
        for (size_t i = 0; i < counts[k]; i++) {
            Arg *row = args + i * COLUMNS;
            row[0] = arg_id(++id);
            row[1] = id % 3 == 0 ? arg_null() : arg_i64(100 + id);
            row[2] = arg_date((Date)(20000 + id));
            row[3] = arg_bytes("abcdefgh", (size_t)(id % 8));
        }
        place_ok(cx, db_put_rows(cx, &put, args, COLUMNS, counts[k]));
        assert_int_equal(count_of(cx), id);
        for (Id at = first + 1; at <= id; at++) {
            Rows rows;
            place_ok(cx, db_ask(cx, &thing_get, ARGS(arg_id(at)), &rows));
            assert_true(db_next(&rows));
            assert_string_equal(db_text(&rows, 1), "of $2");
            assert_int_equal(db_i64(&rows, 2), at % 3 == 0 ? 0 : 100 + at);
            assert_int_equal(db_is_null(&rows, 2), at % 3 == 0);
            assert_int_equal(db_date(&rows, 3), 20000 + at);
            assert_int_equal(db_cell(&rows, 5)->n, at % 8);
        }
    }
    place_ok(cx, db_commit(cx));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, place_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_type_comes_back),
        TEST(parameters_go_by_number),
        TEST(a_name_in_double_quotes_is_no_text),
        TEST(a_column_of_another_type_is_refused),
        TEST(checks_hold_what_the_types_say),
        TEST(sight_limits_what_a_list_shows),
        TEST(many_rows_and_too_many),
        TEST(a_scan_keeps_nothing),
        TEST(statements_are_kept_by_address),
        TEST(rows_go_in_together),
        TEST(returning_rows_from_a_write),
        TEST(savepoints),
        TEST(a_savepoint_puts_back_much),
        TEST(full_ends_the_whole_transaction),
        TEST(ids_rise_above_what_is_stored),
        TEST(the_slot_goes_with_the_connection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
