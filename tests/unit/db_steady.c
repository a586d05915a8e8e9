/* Answers kept from one transaction to the next, on a file and, with GUANXI_TEST_PG (part
 * pg_engines of tools/check), on a server. */
#include "support/unit.h"

#include "support/database.h"

static const Migration steps[] = {
    {1, "0001_products",
        "CREATE TABLE product (id {key}, price {i64} NOT NULL, code {text} NOT NULL);\n"
        "CREATE TABLE other (id {key}, price {i64} NOT NULL);\n"
        "CREATE TABLE audit (id {key});\n" /* what ids are made with beside others */
        "CREATE TABLE seal (id {key});\n"
        "CREATE TABLE node (id {key}, claimed_at {i64} NOT NULL, holder {text} NOT NULL, "
        "last_id {i64} NOT NULL);\n"},
};
static const History history = {.first = steps, .count = 1};

static const Sql product_add = {
    "INSERT INTO product (id, price, code) VALUES ($1, $2, $3)", "kit", NULL};
static const Sql product_set = {"UPDATE product SET price = $2 WHERE id = $1", "ki", NULL};
static const Sql other_add = {"INSERT INTO other (id, price) VALUES ($1, $2)", "ki", NULL};
static const Sql by_id = {"SELECT price FROM product WHERE id = $1 {steady}", "k", "i"};
static const Sql by_code = {"SELECT id, code FROM product WHERE code = $1 {steady}", "t", "kt"};
static const Sql all = {"SELECT id, price FROM product ORDER BY id {steady}", "", "ki"};
static const Sql by_id_now = {"SELECT price FROM product WHERE id = $1", "k", "i"};

enum { PRODUCTS = 3000 };

static int setup(void **state)
{
    static Place place;
    place_make(&place);
    *state = &place;
    Ctx *cx = &place.cx;
    place_ok(cx, place_found(&place, &history));
    place_ok(cx, db_begin(cx));
    for (Id id = 1; id <= PRODUCTS; id++) {
        const char *code = arena_printf(cx->arena, "P%lld", (long long)id);
        place_ok(cx, db_put(cx, &product_add, ARGS(arg_id(id), arg_i64(id * 10), arg_text(code))));
    }
    place_ok(cx, db_commit(cx));
    return 0;
}

static void begin(Ctx *cx, int64_t told)
{
    place_ok(cx, db_begin(cx));
    if (told > 0) {
        db_steady_begin(cx->db, told);
    }
}

static int64_t price_of(Ctx *cx, const Sql *sql, Id id)
{
    Rows rows;
    place_ok(cx, db_ask(cx, sql, ARGS(arg_id(id)), &rows));
    assert_true(db_next(&rows));
    return db_i64(&rows, 0);
}

/* What the transaction of one who has told this state is answered. */
static int64_t price_at(Ctx *cx, int64_t told, Id id)
{
    begin(cx, told);
    int64_t price = price_of(cx, &by_id, id);
    db_rollback(cx);
    return price;
}

/* Without a word of it: in truth the state would move. */
static void price_set(Ctx *cx, Id id, int64_t price)
{
    begin(cx, 0);
    db_steady_end(cx->db);
    place_ok(cx, db_put(cx, &product_set, ARGS(arg_id(id), arg_i64(price))));
    place_ok(cx, db_commit(cx));
}

static void an_answer_is_kept_while_the_state_stays(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    assert_int_equal(price_at(cx, 1, 1), 10);
    price_set(cx, 1, 11);
    assert_int_equal(price_at(cx, 1, 1), 10);
    assert_int_equal(price_at(cx, 1, 2), 20);
    assert_int_equal(price_at(cx, 0, 1), 11); /* nobody told anything */
    assert_int_equal(price_at(cx, 2, 1), 11);
    price_set(cx, 1, 12);
    assert_int_equal(price_at(cx, 2, 1), 11);
    assert_int_equal(price_at(cx, 1, 1), 12); /* what was kept for it went */
}

static void nothing_is_kept_behind_changes(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    begin(cx, 1);
    db_steady_end(cx->db);
    place_ok(cx, db_put(cx, &product_set, ARGS(arg_id(1), arg_i64(99))));
    assert_int_equal(price_of(cx, &by_id, 1), 99);
    db_steady_begin(cx->db, 2); /* the next call of a batch tells what the one before made */
    assert_int_equal(price_of(cx, &by_id, 1), 99);
    db_rollback(cx);
    assert_int_equal(price_at(cx, 2, 1), 10);
}

static void nothing_is_taken_behind_changes(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    assert_int_equal(price_at(cx, 1, 1), 10);
    begin(cx, 0);
    db_steady_end(cx->db);
    place_ok(cx, db_put(cx, &product_set, ARGS(arg_id(1), arg_i64(99))));
    db_steady_begin(cx->db, 1);
    assert_int_equal(price_of(cx, &by_id, 1), 99);
    db_rollback(cx);
    assert_int_equal(price_at(cx, 1, 1), 10);
}

static void other_writes_change_nothing_of_it(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    assert_int_equal(price_at(cx, 1, 1), 10);
    price_set(cx, 1, 11);
    begin(cx, 1);
    place_ok(cx, db_put(cx, &other_add, ARGS(arg_id(1), arg_i64(1))));
    assert_int_equal(price_of(cx, &by_id, 1), 10);
    assert_int_equal(price_of(cx, &by_id_now, 1), 11); /* not declared as steady */
    place_ok(cx, db_commit(cx));
}

static void what_is_kept_is_not_asked_ahead(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    assert_int_equal(price_at(cx, 1, 1), 10);
    price_set(cx, 1, 11);
    begin(cx, 0);
    place_ok(cx, db_expect(cx, &by_id, ARGS(arg_id(1))));
    place_ok(cx, db_expect(cx, &by_id, ARGS(arg_id(2))));
    db_steady_begin(cx->db, 1);
    assert_int_equal(price_of(cx, &by_id, 1), 10);
    assert_int_equal(price_of(cx, &by_id, 2), 20);
    db_rollback(cx);
    begin(cx, 0);
    place_ok(cx, db_expect(cx, &by_id, ARGS(arg_id(1))));
    db_steady_begin(cx->db, 2); /* it was thought to hold, and does not */
    assert_int_equal(price_of(cx, &by_id, 1), 11);
    db_rollback(cx);
}

static void codes_check(Ctx *cx, const char *code, Id id)
{
    Rows rows;
    place_ok(cx, db_ask(cx, &by_code, ARGS(arg_text(code)), &rows));
    assert_int_equal(rows.count, id == 0 ? 0 : 1);
    if (db_next(&rows)) {
        assert_int_equal(db_id(&rows, 0), id);
        assert_string_equal(db_text(&rows, 1), code);
    }
}

/* More than is kept, twice, by number and by text, and some that are not there. */
static void each_question_has_its_own_answer(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    for (int turn = 0; turn < 2; turn++) {
        begin(cx, 1);
        ArenaMark mark = arena_mark(cx->arena);
        for (Id id = 1; id <= PRODUCTS; id++) {
            char code[32];
            snprintf(code, sizeof code, "P%lld", (long long)id);
            codes_check(cx, code, id);
            code[0] = 'Q';
            codes_check(cx, code, 0);
            assert_int_equal(price_of(cx, &by_id, id), id * 10);
            arena_rewind(cx->arena, mark);
        }
        db_rollback(cx);
    }
    begin(cx, 1);
    Rows rows;
    for (int turn = 0; turn < 2; turn++) {
        place_ok(cx, db_ask(cx, &all, NO_ARGS, &rows)); /* too many to be kept */
        assert_int_equal(rows.count, PRODUCTS);
        place_ok(cx, db_ask(cx, &by_id, ARGS(arg_id(0)), &rows));
        assert_int_equal(rows.count, 0);
    }
    db_rollback(cx);
}

static void what_is_kept_outlives_the_arena_of_its_call(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    ArenaMark mark = arena_mark(cx->arena);
    begin(cx, 1);
    codes_check(cx, "P7", 7);
    db_rollback(cx);
    arena_rewind(cx->arena, mark);
    memset(arena_alloc(cx->arena, 4096), 'x', 4096);
    begin(cx, 1);
    Rows rows;
    place_ok(cx, db_ask(cx, &by_code, ARGS(arg_text("P7")), &rows));
    db_rollback(cx);
    begin(cx, 2); /* all that was kept goes; what was given stays */
    codes_check(cx, "P8", 8);
    db_rollback(cx);
    assert_true(db_next(&rows));
    assert_string_equal(db_text(&rows, 1), "P7");
}

static void changes_are_known_by_their_table(void **state)
{
    (void)state;
    assert_true(steady_is_changed_by("UPDATE product SET price = 1"));
    assert_true(steady_is_changed_by("INSERT INTO policy (id) VALUES ($1)"));
    assert_true(steady_is_changed_by("DELETE FROM custom_option WHERE id = $1"));
    assert_true(steady_is_changed_by("INSERT INTO \"product\" (\"code\") VALUES ($1)"));
    assert_false(steady_is_changed_by("UPDATE \"products\" SET price = 1"));
    assert_false(steady_is_changed_by("UPDATE product_price SET price = 1"));
    assert_false(steady_is_changed_by("UPDATE prod SET price = 1"));
    assert_false(steady_is_changed_by("SELECT id FROM product"));
}

#define WITH_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, place_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PLACE(an_answer_is_kept_while_the_state_stays),
        WITH_PLACE(nothing_is_kept_behind_changes),
        WITH_PLACE(nothing_is_taken_behind_changes),
        WITH_PLACE(other_writes_change_nothing_of_it),
        WITH_PLACE(what_is_kept_is_not_asked_ahead),
        WITH_PLACE(each_question_has_its_own_answer),
        WITH_PLACE(what_is_kept_outlives_the_arena_of_its_call),
        cmocka_unit_test(changes_are_known_by_their_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
