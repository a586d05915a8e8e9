/* The list of refusals and how they collect. */
#include "support/unit.h"

#include <string.h>

typedef struct Fixture {
    Arena *arena;
    Ctx cx;
} Fixture;

static int fixture_make(void **state)
{
    static Fixture fixture;
    fixture.arena = arena_new(1 << 20);
    fixture.cx = (Ctx){.arena = fixture.arena};
    *state = &fixture;
    return 0;
}

static int fixture_drop(void **state)
{
    Fixture *fixture = *state;
    arena_free(fixture->arena);
    return 0;
}

static void every_refusal_is_told_in_full(void **state)
{
    (void)state;
    assert_int_equal(err_http_status(ERR_OK), 200);
    assert_int_equal(err_exit_code(ERR_OK), 0);
    for (Err code = ERR_OK + 1; code < ERR_COUNT; code++) {
        const char *name = err_name(code);
        CHECK_ROW(name, strncmp(name, "ERR_", 4) == 0);
        CHECK_ROW(name, err_by_name(name) == code);
        CHECK_ROW(name, err_http_status(code) >= 400 && err_http_status(code) < 600);
        const char *sentence = err_sentence(code);
        CHECK_ROW(name, strlen(sentence) >= 10 && sentence[strlen(sentence) - 1] == '.');
        CHECK_ROW(name, err_exit_code(code) >= 1 && err_exit_code(code) <= 3);
        CHECK_ROW(name, !err_is_retryable(code) || err_http_status(code) == 429 ||
                            err_http_status(code) == 503);
    }
    assert_int_equal(err_by_name("ERR_NONE_SUCH"), ERR_COUNT);
    assert_int_equal(err_by_name("NOT_FOUND"), ERR_COUNT);
    assert_int_equal(err_by_name(""), ERR_COUNT);
}

static void exit_codes_follow_the_contract(void **state)
{
    (void)state;
    static const struct {
        Err code;
        int exit_code;
    } rows[] = {
        {ERR_NOT_FOUND, 1},
        {ERR_FIELD_INVALID, 1},
        {ERR_CREDIT_REFUSED, 1},
        {ERR_STATE, 1},
        {ERR_USAGE, 2},
        {ERR_UNKNOWN_OPERATION, 2},
        {ERR_MALFORMED, 2},
        {ERR_INTERNAL, 3},
        {ERR_BUSY, 3},
        {ERR_DB_MISSING, 3},
        {ERR_DB_DAMAGED, 3},
        {ERR_DB_NEWER, 3},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK_ROW(err_name(rows[i].code), err_exit_code(rows[i].code) == rows[i].exit_code);
    }
}

static void a_refusal_is_kept_with_its_place(void **state)
{
    Fixture *fixture = *state;
    Ctx *cx = &fixture->cx;
    char field[] = "code";
    Err code = err_set(cx, ERR_CODE_TAKEN, field, "Account %s exists; choose another.", "D01");
    field[0] = 'X'; /* what was given may change afterwards */
    assert_int_equal(code, ERR_CODE_TAKEN);
    assert_int_equal(cx->err.code, ERR_CODE_TAKEN);
    assert_string_equal(cx->err.field, "code");
    assert_string_equal(cx->err.detail, "Account D01 exists; choose another.");
    assert_non_null(strstr(cx->err.file, "unit/err.c"));
    assert_true(cx->err.line > 0);
    assert_int_equal(cx->err.field_count, 0);
    err_clear(cx);
    assert_int_equal(cx->err.code, ERR_OK);
    assert_null(cx->err.detail);
}

static void field_errors_collect(void **state)
{
    Fixture *fixture = *state;
    Ctx *cx = &fixture->cx;
    assert_int_equal(err_set(cx, ERR_FIELD_REQUIRED, "code", "Give a code."), ERR_FIELD_REQUIRED);
    /* The pending code is answered, so that code and message agree at the boundary. */
    assert_int_equal(
        err_set(cx, ERR_FIELD_INVALID, "limit", "Too many decimals."), ERR_FIELD_REQUIRED);
    assert_int_equal(err_set(cx, ERR_FIELD_UNKNOWN, NULL, "No such field."), ERR_FIELD_REQUIRED);
    assert_int_equal(cx->err.code, ERR_FIELD_REQUIRED);
    assert_string_equal(cx->err.field, "code");
    assert_int_equal(cx->err.field_count, 3);
    assert_int_equal(cx->err.fields[0].code, ERR_FIELD_REQUIRED);
    assert_string_equal(cx->err.fields[0].field, "code");
    assert_int_equal(cx->err.fields[1].code, ERR_FIELD_INVALID);
    assert_string_equal(cx->err.fields[1].field, "limit");
    assert_string_equal(cx->err.fields[1].detail, "Too many decimals.");
    assert_null(cx->err.fields[2].field);
    for (int i = 0; i < 100; i++) {
        Err code = err_set(cx, ERR_FIELD_INVALID, "lines", "Row %d.", i);
        assert_int_equal(code, ERR_FIELD_REQUIRED);
    }
    assert_int_equal(cx->err.field_count, ERROR_FIELDS_MAX);
}

static Err second(Ctx *cx, bool fails)
{
    return fails ? err_set(cx, ERR_STATE, NULL, "Closed.") : ERR_OK;
}

static Err first(Ctx *cx, bool fails, bool *ret_went_on)
{
    TRY(second(cx, fails));
    *ret_went_on = true;
    return ERR_OK;
}

static void try_returns_early(void **state)
{
    Fixture *fixture = *state;
    bool went_on = false;
    assert_int_equal(first(&fixture->cx, true, &went_on), ERR_STATE);
    assert_false(went_on);
    err_clear(&fixture->cx);
    assert_int_equal(first(&fixture->cx, false, &went_on), ERR_OK);
    assert_true(went_on);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_refusal_is_told_in_full),
        cmocka_unit_test(exit_codes_follow_the_contract),
        cmocka_unit_test_setup_teardown(
            a_refusal_is_kept_with_its_place, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(field_errors_collect, fixture_make, fixture_drop),
        cmocka_unit_test_setup_teardown(try_returns_early, fixture_make, fixture_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
