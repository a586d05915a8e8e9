/* Puts that wait for another one of the same row: nothing that is asked tells that they did. */
#include "support/unit.h"

#include "support/database.h"

static const Migration steps[] = {
    {1, "0001_things",
        "CREATE TABLE thing (id {key}, amount {i64} NOT NULL, ends {i64} NOT NULL);\n"
        "CREATE TABLE audit (id {key});\n" /* what ids are made with beside others */
        "CREATE TABLE seal (id {key});\n"
        "CREATE TABLE node (id {key}, claimed_at {i64} NOT NULL, holder {text} NOT NULL, "
        "last_id {i64} NOT NULL);\n"},
};
static const History history = {.first = steps, .count = 1};

static const Sql thing_add = {
    "INSERT INTO thing (id, amount, ends) VALUES ($1, $2, 0)", "ki", NULL};
static const Sql thing_add_like = {
    "INSERT INTO thing (id, amount, ends) SELECT $1, amount, ends FROM thing WHERE id = $2", "kk",
    NULL};
static const Sql thing_raise = {"UPDATE thing SET amount = amount + $2 WHERE id = $1", "ki", NULL};
static const Sql thing_end = {"UPDATE thing SET ends = $2 WHERE id = $1", "ki", NULL};
/* Told apart from the two by what it adds. */
static const Sql thing_raise_end = {
    "UPDATE thing SET amount = amount + $2 + 1000, ends = $3 WHERE id = $1", "kii", NULL};
static const Sql thing_get = {"SELECT amount, ends FROM thing WHERE id = $1", "k", "ii"};

static int setup(void **state)
{
    static Place place;
    place_make(&place);
    *state = &place;
    Ctx *cx = &place.cx;
    place_ok(cx, place_found(&place, &history));
    place_ok(cx, db_begin(cx));
    place_ok(cx, db_put(cx, &thing_add, ARGS(arg_id(1), arg_i64(10))));
    place_ok(cx, db_put(cx, &thing_add, ARGS(arg_id(2), arg_i64(20))));
    place_ok(cx, db_commit(cx));
    place_ok(cx, db_begin(cx));
    return 0;
}

static int teardown(void **state)
{
    place_drop(*state);
    return 0;
}

static void thing_is(Ctx *cx, Id id, int64_t amount, int64_t ends)
{
    Rows rows;
    place_ok(cx, db_ask(cx, &thing_get, ARGS(arg_id(id)), &rows));
    assert_true(db_next(&rows));
    assert_int_equal(db_i64(&rows, 0), amount);
    assert_int_equal(db_i64(&rows, 1), ends);
}

static void raise_late(Ctx *cx, Id id, int64_t amount)
{
    place_ok(
        cx, db_put_late(cx, &thing_raise, &thing_raise_end, ARGS(arg_id(id), arg_i64(amount))));
}

static void end(Ctx *cx, Id id, int64_t ends)
{
    place_ok(cx, db_put_with(cx, &thing_end, ARGS(arg_id(id), arg_i64(ends))));
}

static void two_of_one_row_are_one(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    raise_late(cx, 1, 5);
    place_ok(cx, db_put(cx, &thing_add, ARGS(arg_id(3), arg_i64(30)))); /* may come before it */
    end(cx, 1, 7);
    thing_is(cx, 1, 1015, 7);
    end(cx, 1, 8); /* nothing waits any more */
    thing_is(cx, 1, 1015, 8);
}

static void those_of_two_rows_are_two(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    raise_late(cx, 1, 5);
    raise_late(cx, 2, 5);
    end(cx, 1, 7);
    thing_is(cx, 1, 15, 7);
    thing_is(cx, 2, 25, 0);
}

static void what_waits_is_seen(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    raise_late(cx, 1, 5);
    thing_is(cx, 1, 15, 0);
    raise_late(cx, 1, 5);
    place_ok(cx, db_put(cx, &thing_add_like, ARGS(arg_id(3), arg_id(1))));
    thing_is(cx, 3, 20, 0);
    raise_late(cx, 1, 5);
    place_ok(cx, db_put(cx, &thing_end, ARGS(arg_id(2), arg_i64(9))));
    end(cx, 1, 7);
    thing_is(cx, 1, 25, 7);
}

static void what_waits_is_stored_or_undone_with_the_rest(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    raise_late(cx, 1, 5);
    place_ok(cx, db_commit(cx));
    thing_is(cx, 1, 15, 0);
    place_ok(cx, db_begin(cx));
    raise_late(cx, 1, 5);
    db_rollback(cx);
    place_ok(cx, db_begin(cx));
    raise_late(cx, 1, 1);
    place_ok(cx, db_savepoint(cx));
    raise_late(cx, 1, 5);
    assert_true(db_rollback_to(cx));
    end(cx, 1, 7);
    thing_is(cx, 1, 16, 7);
    place_ok(cx, db_savepoint(cx));
    raise_late(cx, 1, 5);
    place_ok(cx, db_release(cx));
    thing_is(cx, 1, 21, 7);
    db_rollback(cx);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(two_of_one_row_are_one),
        TEST(those_of_two_rows_are_two),
        TEST(what_waits_is_seen),
        TEST(what_waits_is_stored_or_undone_with_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
