/* Questions asked ahead: on a file they change nothing; beside a server (GUANXI_TEST_PG, see part
 * pg_engines of tools/check) somebody else's writes show when a question was asked. */
#include "support/unit.h"

#include "support/database.h"

#include <stdlib.h>

static const Migration steps[] = {
    {1, "0001_things",
        "CREATE TABLE thing (id {key}, amount {i64} NOT NULL, name {text});\n"
        "CREATE TABLE audit (id {key});\n" /* what ids are made with beside others */
        "CREATE TABLE seal (id {key});\n"
        "CREATE TABLE node (id {key}, claimed_at {i64} NOT NULL, holder {text} NOT NULL, "
        "last_id {i64} NOT NULL);\n"},
};
static const History history = {.first = steps, .count = 1};

static const Sql thing_add = {
    "INSERT INTO thing (id, amount, name) VALUES ($1, $2, 'x')", "ki", NULL};
static const Sql thing_set = {"UPDATE thing SET amount = $2 WHERE id = $1", "ki", NULL};
static const Sql thing_raise = {
    "UPDATE thing SET amount = amount + 1 WHERE id = $1 RETURNING amount", "k", "i"};
static const Sql thing_get = {"SELECT amount FROM thing WHERE id = $1", "k", "i"};
static const Sql thing_lock = {"SELECT amount FROM thing WHERE id = $1 {lock}", "k", "i"};
static const Sql thing_over = {
    "SELECT CAST(count(*) AS BIGINT) FROM thing WHERE amount > $1", "i", "i"};
static const Sql thing_wrong = {"SELECT CAST(name AS BIGINT) FROM thing WHERE id = $1", "k", "i"};

enum { THINGS = 8 };

typedef struct Two {
    Place place;
    Ctx other; /* writes beside it, on a server */
    bool is_shared;
} Two;

static void things_add(Ctx *cx)
{
    place_ok(cx, db_begin(cx));
    for (Id id = 1; id <= THINGS; id++) {
        place_ok(cx, db_put(cx, &thing_add, ARGS(arg_id(id), arg_i64(id * 10))));
    }
    place_ok(cx, db_commit(cx));
}

static int setup(void **state)
{
    static Two two;
    two = (Two){0};
    place_make(&two.place);
    *state = &two;
    Ctx *cx = &two.place.cx;
    place_ok(cx, place_found(&two.place, &history));
    two.is_shared = db_is_shared(cx->db);
    two.other = (Ctx){.arena = arena_new(1024 * 1024), .now_ms = cx->now_ms};
    if (two.is_shared) {
        place_ok(&two.other, db_open_with(&two.other, two.place.path,
                                 &(DbOptions){.mode = DB_WRITE}, &history, &two.other.db));
    }
    things_add(cx);
    return 0;
}

static int teardown(void **state)
{
    Two *two = *state;
    db_close(two->other.db);
    arena_free(two->other.arena);
    place_drop(&two->place);
    return 0;
}

static int64_t amount_of(Ctx *cx, const Sql *sql, Id id)
{
    Rows rows;
    place_ok(cx, db_ask(cx, sql, ARGS(arg_id(id)), &rows));
    assert_true(db_next(&rows));
    return db_i64(&rows, 0);
}

/* Somebody else changes a thing, where that is possible within our transaction. */
static void other_sets(Two *two, Id id, int64_t amount)
{
    if (two->is_shared) {
        Ctx *cx = &two->other;
        place_ok(cx, db_begin(cx));
        place_ok(cx, db_put(cx, &thing_set, ARGS(arg_id(id), arg_i64(amount))));
        place_ok(cx, db_commit(cx));
    }
}

/* One turn to the server, with everything that was told before it. */
static void turn(Ctx *cx)
{
    (void)amount_of(cx, &thing_get, THINGS);
}

static void what_was_told_is_asked_at_once(void **state)
{
    Two *two = *state;
    Ctx *cx = &two->place.cx;
    place_ok(cx, db_begin(cx));
    place_ok(cx, db_expect(cx, &thing_get, ARGS(arg_id(1))));
    place_ok(cx, db_expect(cx, &thing_get, ARGS(arg_id(2))));
    place_ok(cx, db_expect(cx, &thing_get, ARGS(arg_id(1))));
    turn(cx);
    other_sets(two, 1, 11);
    assert_int_equal(amount_of(cx, &thing_get, 1), 10);
    assert_int_equal(amount_of(cx, &thing_get, 1), 10);
    assert_int_equal(amount_of(cx, &thing_get, 2), 20);
    assert_int_equal(amount_of(cx, &thing_get, 3), 30);
    place_ok(cx, db_commit(cx));
    assert_int_equal(amount_of(cx, &thing_get, 1), two->is_shared ? 11 : 10);
}

static void what_is_put_is_seen(void **state)
{
    Two *two = *state;
    Ctx *cx = &two->place.cx;
    place_ok(cx, db_begin(cx));
    place_ok(cx, db_expect(cx, &thing_over, ARGS(arg_i64(10))));
    turn(cx);
    place_ok(cx, db_expect(cx, &thing_get, ARGS(arg_id(2)))); /* under way when it is put */
    place_ok(cx, db_put(cx, &thing_set, ARGS(arg_id(2), arg_i64(5))));
    assert_int_equal(amount_of(cx, &thing_get, 2), 5);
    assert_int_equal(amount_of(cx, &thing_over, 10), THINGS - 2);
    place_ok(cx, db_commit(cx));
}

static Err nothing_more(Ctx *cx, const Rows *row, void *user)
{
    (void)row;
    (void)user;
    return cx->err.code;
}

static void what_a_write_with_rows_did_is_seen(void **state)
{
    Two *two = *state;
    Ctx *cx = &two->place.cx;
    place_ok(cx, db_begin(cx));
    place_ok(cx, db_expect(cx, &thing_get, ARGS(arg_id(2))));
    turn(cx);
    place_ok(cx, db_scan(cx, &thing_raise, ARGS(arg_id(2)), nothing_more, NULL));
    assert_int_equal(amount_of(cx, &thing_get, 2), 21);
    place_ok(cx, db_expect(cx, &thing_get, ARGS(arg_id(2))));
    turn(cx);
    assert_int_equal(amount_of(cx, &thing_raise, 2), 22);
    assert_int_equal(amount_of(cx, &thing_get, 2), 22);
    db_rollback(cx);
}

static void what_is_locked_is_seen(void **state)
{
    Two *two = *state;
    Ctx *cx = &two->place.cx;
    place_ok(cx, db_begin(cx));
    place_ok(cx, db_expect(cx, &thing_get, ARGS(arg_id(3))));
    turn(cx);
    other_sets(two, 3, 31);
    assert_int_equal(amount_of(cx, &thing_lock, 3), two->is_shared ? 31 : 30);
    assert_int_equal(amount_of(cx, &thing_get, 3), two->is_shared ? 31 : 30);
    db_rollback(cx);
}

static void what_is_told_behind_a_lock_is_asked_with_it(void **state)
{
    Two *two = *state;
    Ctx *cx = &two->place.cx;
    place_ok(cx, db_begin(cx));
    place_ok(cx, db_expect(cx, &thing_get, ARGS(arg_id(1))));
    place_ok(cx, db_expect(cx, &thing_lock, ARGS(arg_id(3))));
    place_ok(cx, db_expect(cx, &thing_get, ARGS(arg_id(2))));
    turn(cx);
    other_sets(two, 1, 11);
    other_sets(two, 2, 21);
    assert_int_equal(amount_of(cx, &thing_lock, 3), 30);
    assert_int_equal(amount_of(cx, &thing_get, 2), 20);
    assert_int_equal(amount_of(cx, &thing_get, 1), two->is_shared ? 11 : 10);
    place_ok(cx, db_put(cx, &thing_set, ARGS(arg_id(3), arg_i64(31))));
    assert_int_equal(amount_of(cx, &thing_lock, 3), 31);
    db_rollback(cx);
}

static void what_was_told_before_a_lock_is_good_until_it_is_asked_for(void **state)
{
    Two *two = *state;
    Ctx *cx = &two->place.cx;
    place_ok(cx, db_begin(cx));
    place_ok(cx, db_expect(cx, &thing_get, ARGS(arg_id(1))));
    place_ok(cx, db_expect(cx, &thing_lock, ARGS(arg_id(3))));
    place_ok(cx, db_expect(cx, &thing_get, ARGS(arg_id(2))));
    turn(cx);
    other_sets(two, 1, 11);
    other_sets(two, 2, 21);
    assert_int_equal(amount_of(cx, &thing_get, 1), 10);
    assert_int_equal(amount_of(cx, &thing_lock, 3), 30);
    assert_int_equal(amount_of(cx, &thing_get, 1), two->is_shared ? 11 : 10);
    assert_int_equal(amount_of(cx, &thing_get, 2), 20);
    db_rollback(cx);
}

/* What was locked by a wrong guess answers nothing behind the right lock. */
static void another_lock_makes_what_was_told_void(void **state)
{
    Two *two = *state;
    Ctx *cx = &two->place.cx;
    place_ok(cx, db_begin(cx));
    place_ok(cx, db_expect(cx, &thing_lock, ARGS(arg_id(4))));
    place_ok(cx, db_expect(cx, &thing_get, ARGS(arg_id(2))));
    turn(cx);
    other_sets(two, 2, 21);
    place_ok(cx, db_expect(cx, &thing_lock, ARGS(arg_id(3))));
    place_ok(cx, db_expect(cx, &thing_get, ARGS(arg_id(2))));
    turn(cx);
    other_sets(two, 2, 22);
    assert_int_equal(amount_of(cx, &thing_lock, 3), 30);
    assert_int_equal(amount_of(cx, &thing_get, 2), two->is_shared ? 21 : 20);
    assert_int_equal(amount_of(cx, &thing_lock, 5), 50); /* not told of before */
    assert_int_equal(amount_of(cx, &thing_get, 2), two->is_shared ? 22 : 20);
    db_rollback(cx);
}

static void what_was_undone_is_forgotten(void **state)
{
    Two *two = *state;
    Ctx *cx = &two->place.cx;
    place_ok(cx, db_begin(cx));
    place_ok(cx, db_savepoint(cx));
    place_ok(cx, db_put(cx, &thing_set, ARGS(arg_id(4), arg_i64(41))));
    place_ok(cx, db_expect(cx, &thing_get, ARGS(arg_id(4))));
    turn(cx);
    assert_true(db_rollback_to(cx));
    assert_int_equal(amount_of(cx, &thing_get, 4), 40);
    place_ok(cx, db_expect(cx, &thing_get, ARGS(arg_id(5)))); /* nobody ever asks */
    db_rollback(cx);
    other_sets(two, 5, 51);
    place_ok(cx, db_begin(cx));
    assert_int_equal(amount_of(cx, &thing_get, 5), two->is_shared ? 51 : 50);
    place_ok(cx, db_commit(cx));
}

static const char kind_of_call = 'k';

/* Asks what the first and the second one named come to, and a figure that is always the same;
 * `between` is set to 0 by somebody else when all that is usual was asked. */
static void call_of_a_kind(Two *two, Id first, Id second, Id between, int64_t *ret_amount)
{
    Ctx *cx = &two->place.cx;
    place_ok(cx, db_begin(cx));
    const Arg known[] = {arg_id(first), arg_id(second)};
    place_ok(cx, db_expect_usual(cx, &kind_of_call, known, second == 0 ? 1 : 2));
    turn(cx);
    other_sets(two, between, 0);
    (void)amount_of(cx, &thing_get, first);
    if (second != 0) {
        *ret_amount = amount_of(cx, &thing_get, second);
    }
    (void)amount_of(cx, &thing_over, 1000);
    place_ok(cx, db_commit(cx));
}

static void what_was_usual_is_asked_at_once(void **state)
{
    Two *two = *state;
    int64_t amount = -1;
    call_of_a_kind(two, 1, 2, 2, &amount); /* nothing was usual yet */
    assert_int_equal(amount, two->is_shared ? 0 : 20);
    call_of_a_kind(two, 3, 4, 4, &amount);
    assert_int_equal(amount, 40);
    call_of_a_kind(two, 3, 0, 1, &amount); /* it names fewer */
    call_of_a_kind(two, 5, 6, 6, &amount);
    assert_int_equal(amount, 60);
}

static void what_is_not_usual_any_more_is_left(void **state)
{
    Two *two = *state;
    Ctx *cx = &two->place.cx;
    int64_t amount = -1;
    call_of_a_kind(two, 1, 2, 1, &amount);
    for (int i = 0; i < 4; i++) {
        const Arg known[] = {arg_id(1), arg_id(2)};
        place_ok(cx, db_begin(cx));
        place_ok(cx, db_expect_usual(cx, &kind_of_call, known, 2));
        place_ok(cx, db_commit(cx));
    }
    call_of_a_kind(two, 3, 4, 4, &amount);
    assert_int_equal(amount, two->is_shared ? 0 : 40);
    call_of_a_kind(two, 5, 6, 6, &amount); /* and usual again */
    assert_int_equal(amount, 60);
}

static void what_cannot_be_foretold_is_asked_when_it_is(void **state)
{
    Two *two = *state;
    Ctx *cx = &two->place.cx;
    for (int64_t i = 1; i <= 6; i++) {
        place_ok(cx, db_begin(cx));
        place_ok(cx, db_expect_usual(cx, &kind_of_call, NO_ARGS));
        assert_int_equal(amount_of(cx, &thing_over, i * 10), THINGS - i);
        place_ok(cx, db_commit(cx));
    }
}

/* The one that was asked for is not blamed, and nothing of the transaction stays. */
static void what_fails_ahead_is_told_at_the_next_question(void **state)
{
    Two *two = *state;
    Ctx *cx = &two->place.cx;
    turn(cx);
    place_ok(cx, db_begin(cx));
    place_ok(cx, db_put(cx, &thing_set, ARGS(arg_id(1), arg_i64(7))));
    place_ok(cx, db_expect(cx, &thing_wrong, ARGS(arg_id(1))));
    place_ok(cx, db_expect(cx, &thing_get, ARGS(arg_id(2))));
    Rows rows;
    assert_int_equal(db_ask(cx, &thing_get, ARGS(arg_id(2)), &rows), ERR_INTERNAL);
    err_clear(cx);
    db_rollback(cx);
    assert_int_equal(amount_of(&two->other, &thing_get, 1), 10);
}

/* What was not prepared, because something before it had failed, is prepared the next time. */
static void rows_go_together_after_they_could_not(void **state)
{
    Two *two = *state;
    Ctx *cx = &two->place.cx;
    const Arg rows[] = {arg_id(21), arg_i64(1), arg_id(22), arg_i64(2), arg_id(23), arg_i64(3)};
    place_ok(cx, db_begin(cx));
    place_ok(cx, db_put(cx, &thing_add, ARGS(arg_id(1), arg_i64(1)))); /* it is there already */
    assert_int_equal(db_put_rows(cx, &thing_add, rows, 2, 3), ERR_BUSY);
    err_clear(cx);
    db_rollback(cx);
    place_ok(cx, db_begin(cx));
    place_ok(cx, db_put_rows(cx, &thing_add, rows, 2, 3));
    place_ok(cx, db_commit(cx));
    assert_int_equal(amount_of(cx, &thing_get, 23), 3);
}

/* Locks alone, time and again: room for what is asked ahead is not used up by them. */
static void locks_that_were_had_take_no_room(void **state)
{
    Two *two = *state;
    Ctx *cx = &two->place.cx;
    for (int i = 0; i < 100; i++) {
        place_ok(cx, db_begin(cx));
        place_ok(cx, db_expect(cx, &thing_lock, ARGS(arg_id(3))));
        assert_int_equal(amount_of(cx, &thing_lock, 3), 30);
        place_ok(cx, db_commit(cx));
    }
    what_was_told_is_asked_at_once(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_told_is_asked_at_once),
        TEST(what_is_put_is_seen),
        TEST(what_a_write_with_rows_did_is_seen),
        TEST(what_is_locked_is_seen),
        TEST(what_is_told_behind_a_lock_is_asked_with_it),
        TEST(what_was_told_before_a_lock_is_good_until_it_is_asked_for),
        TEST(another_lock_makes_what_was_told_void),
        TEST(what_was_undone_is_forgotten),
        TEST(what_was_usual_is_asked_at_once),
        TEST(what_is_not_usual_any_more_is_left),
        TEST(what_cannot_be_foretold_is_asked_when_it_is),
    };
    const struct CMUnitTest with_a_server[] = {
        /* a file takes any text for a number */
        TEST(what_fails_ahead_is_told_at_the_next_question),
        TEST(rows_go_together_after_they_could_not),
        TEST(locks_that_were_had_take_no_room),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return getenv("GUANXI_TEST_PG") == NULL
               ? failed
               : failed + cmocka_run_group_tests(with_a_server, NULL, NULL);
}
