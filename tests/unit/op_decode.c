/* Inputs: each type with what it takes and what it refuses, and how refusals are named. */
#include "support/tiny.h"
#include "support/unit.h"

#include "base/json.h"
#include "op/decode.h"

#include <string.h>

static Err decode(Ctx *cx, const char *json, bool is_query, TinyIn *ret_in)
{
    CLEANUP(json_value_free) json_t *members = NULL;
    RefUses refs = {0};
    err_clear(cx);
    *ret_in = (TinyIn){0};
    assert_int_equal(json_read(cx, json, strlen(json), &members), ERR_OK);
    return decode_members(cx, tiny_in, members, is_query, ret_in, &refs);
}

typedef struct BadRow {
    const char *member;
    Err code;
    const char *field;
    const char *advice; /* part of the sentence */
} BadRow;

static const BadRow bad_rows[] = {
    {"\"text\":null", ERR_FIELD_REQUIRED, "text", "Needed"},
    {"\"text\":\" \\n\"", ERR_FIELD_REQUIRED, "text", "blank"},
    {"\"text\":7", ERR_FIELD_INVALID, "text", "quotes"},
    {"\"text\":\"123456789012345678901\"", ERR_FIELD_INVALID, "text", "At most 20 bytes"},
    {"\"text\":\"关关关关关关关\"", ERR_FIELD_INVALID, "text", "these are 21"},
    {"\"text\":\"a\\u0007\"", ERR_FIELD_INVALID, "text", "control"},
    {"\"text\":\"a\\u007f\"", ERR_FIELD_INVALID, "text", "control"},
    {"\"text\":\"a\\u0085\"", ERR_FIELD_INVALID, "text", "control"},
    {"\"text\":\"a\\r\\n\"", ERR_FIELD_INVALID, "text", "control"},
    {"\"days\":1.0", ERR_FIELD_INVALID, "days", "whole number"},
    {"\"days\":\"7\"", ERR_FIELD_INVALID, "days", "whole number"},
    {"\"days\":366", ERR_FIELD_INVALID, "days", "From 0 to 365"},
    {"\"days\":-1", ERR_FIELD_INVALID, "days", "From 0 to 365"},
    {"\"level\":0", ERR_FIELD_INVALID, "level", "At least 1"},
    {"\"is_final\":\"true\"", ERR_FIELD_INVALID, "is_final", "true or false"},
    {"\"is_final\":1", ERR_FIELD_INVALID, "is_final", "true or false"},
    {"\"amount\":1.5", ERR_FIELD_INVALID, "amount", "as a string, \"1.5\""},
    {"\"amount\":1e3", ERR_FIELD_INVALID, "amount", "as a string"},
    {"\"amount\":true", ERR_FIELD_INVALID, "amount", "decimal number"},
    {"\"amount\":\"1,000.00\"", ERR_FIELD_INVALID, "amount", "thousands separators"},
    {"\"amount\":\" 1\"", ERR_FIELD_INVALID, "amount", "without blanks"},
    {"\"amount\":\"1e3\"", ERR_FIELD_INVALID, "amount", "exponent"},
    {"\"amount\":\"+1\"", ERR_FIELD_INVALID, "amount", "plain"},
    {"\"amount\":\"\"", ERR_FIELD_INVALID, "amount", "plain"},
    {"\"amount\":\"0.1234567\"", ERR_FIELD_INVALID, "amount", "At most 6 decimals"},
    {"\"amount\":\"12345678901234567\"", ERR_FIELD_INVALID, "amount", "plain"},
    {"\"limit\":\"none\"", ERR_FIELD_INVALID, "limit", "plain"},
    {"\"limit\":\"-1\"", ERR_FIELD_INVALID, "limit", "at least 0"},
    {"\"limit\":\"0.5\",\"currency\":\"JPY\"", ERR_FIELD_INVALID, "limit", "At most 0 decimals"},
    {"\"on\":\"2026-02-30\"", ERR_FIELD_INVALID, "on", "YYYY-MM-DD"},
    {"\"on\":\"2026-2-3\"", ERR_FIELD_INVALID, "on", "YYYY-MM-DD"},
    {"\"on\":\"1899-12-31\"", ERR_FIELD_INVALID, "on", "1900"},
    {"\"on\":20260203", ERR_FIELD_INVALID, "on", "existing day"},
    {"\"at\":\"2026-02-03\"", ERR_FIELD_INVALID, "at", "instant"},
    {"\"currency\":\"XXQ\"", ERR_FIELD_INVALID, "currency", "ISO 4217"},
    {"\"share\":12.34", ERR_FIELD_INVALID, "share", "one decimal"},
    {"\"share\":\"x\"", ERR_FIELD_INVALID, "share", "one decimal"},
    {"\"share\":100.1", ERR_FIELD_INVALID, "share", "From 0 to 100"},
    {"\"kind\":\"odd\"", ERR_FIELD_INVALID, "kind", "one of plain, pending"},
    {"\"kind\":\"\"", ERR_FIELD_INVALID, "kind", "one of"},
    {"\"kind\":1", ERR_FIELD_INVALID, "kind", "one of"},
    {"\"colours\":\"red\"", ERR_FIELD_INVALID, "colours", "list of red, green, blue"},
    {"\"colours\":[\"red\",\"pink\"]", ERR_FIELD_INVALID, "colours.1", "one of red"},
    {"\"invoice\":7", ERR_FIELD_INVALID, "invoice", "as a string"},
    {"\"invoice\":\" \"", ERR_FIELD_INVALID, "invoice", "one invoice"},
    {"\"lines\":{}", ERR_FIELD_INVALID, "lines", "a list"},
    {"\"lines\":[1]", ERR_FIELD_INVALID, "lines.0", "an object"},
    {"\"lines\":[{},{},{},{}]", ERR_FIELD_INVALID, "lines", "At most 3 elements"},
    {"\"lines\":[{\"product\":\"A\",\"quantity\":\"1\"},{\"product\":\"A\"}]", ERR_FIELD_REQUIRED,
        "lines.1.quantity", "Needed"},
    {"\"lines\":[{\"product\":\"A\",\"quantity\":\"1000.001\"}]", ERR_FIELD_INVALID,
        "lines.0.quantity", "From 0 to 1000"},
    {"\"lines\":[{\"product\":\"A\",\"quantity\":\"-0.001\"}]", ERR_FIELD_INVALID,
        "lines.0.quantity", "From 0 to 1000"},
    {"\"lines\":[{\"product\":\"A\",\"quantity\":\"1\",\"x\":1}]", ERR_FIELD_UNKNOWN, "lines.0.x",
        "no such member"},
    {"\"products\":[\"A\",null]", ERR_FIELD_REQUIRED, "products.1", "Needed"},
    {"\"products\":[\"A\",\"\"]", ERR_FIELD_REQUIRED, "products.1", "one product"},
    {"\"best\":[]", ERR_FIELD_INVALID, "best", "an object"},
    {"\"best\":{\"product\":\"A\"}", ERR_FIELD_REQUIRED, "best.quantity", "Needed"},
    {"\"extra\":\"12345678901234567890123456789012345678901\"", ERR_FIELD_INVALID, "extra",
        "At most 40 bytes"},
    {"\"nope\":null", ERR_FIELD_UNKNOWN, "nope", "no such member"},
};

static void what_does_not_fit_is_refused(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    for (size_t i = 0; i < COUNT(bad_rows); i++) {
        const BadRow *row = &bad_rows[i];
        bool has_text = strncmp(row->member, "\"text\"", 6) == 0;
        const char *json = arena_printf(
            cx->arena, "{\"account\":\"D1\",%s%s}", has_text ? "" : "\"text\":\"x\",", row->member);
        TinyIn in;
        Err err = decode(cx, json, false, &in);
        CHECK_ROW(row->member, err == row->code);
        CHECK_ROW(row->member, strcmp(cx->err.field, row->field) == 0);
        CHECK_ROW(row->member, strstr(cx->err.detail, row->advice) != NULL);
        CHECK_ROW(row->member, cx->err.field_count == 1);
    }
}

static void what_fits_is_taken(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    TinyIn in;
    assert_int_equal(
        decode(cx,
            "{\"account\":\"D1\",\"text\":\"关\\n\\tx\",\"kind\":\"change\","
            "\"amount\":\"-1250.50\",\"limit\":\"7.50\",\"currency\":\"CNY\",\"days\":365,"
            "\"level\":0,\"is_final\":true,\"on\":\"2024-02-29\","
            "\"at\":\"2026-11-23T18:14:14Z\",\"share\":12.5,\"colours\":[\"blue\",\"red\"],"
            "\"invoice\":\"R1\",\"lines\":[{\"product\":\"A\",\"quantity\":2}],"
            "\"products\":[\"A\",\"B\"],\"best\":{\"product\":\"B\",\"quantity\":\"0.500\"},"
            "\"extra\":{\"b\":[1],\"a\":null},\"password\":\"p\"}",
            false, &in),
        ERR_FIELD_INVALID);
    assert_string_equal(cx->err.field, "level");
    assert_string_equal(in.account.text, "D1");
    assert_string_equal(in.text, "关\n\tx");
    assert_int_equal(in.kind, 4);
    assert_true(in.amount.is_set);
    assert_int_equal(in.amount.units, -125050);
    assert_int_equal(in.limit.kind, LIMIT_AMOUNT);
    assert_int_equal(in.limit.money.minor, 750);
    assert_int_equal(in.days, 365);
    assert_true(in.is_final);
    assert_true(in.at > 0);
    assert_int_equal(in.share.per_mille, 125);
    assert_int_equal(in.colours, 5);
    assert_int_equal(in.lines.count, 1);
    assert_int_equal(LIST_AT(in.lines, TinyLine, 0)->quantity.units, 2);
    assert_int_equal(in.products.count, 2);
    assert_string_equal(LIST_AT(in.products, Ref, 1)->text, "B");
    assert_string_equal(in.best->product.text, "B");
    assert_string_equal(in.extra, "{\"a\":null,\"b\":[1]}");
}

static void null_is_absent_but_for_limits(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    TinyIn in;
    assert_int_equal(decode(cx,
                         "{\"account\":\"D1\",\"text\":\"x\",\"limit\":null,\"on\":null,"
                         "\"lines\":null,\"extra\":null,\"amount\":null}",
                         false, &in),
        ERR_OK);
    assert_int_equal(in.limit.kind, LIMIT_NOT_SET);
    assert_null(in.lines.items);
    assert_null(in.extra);
    assert_false(in.amount.is_set);
    assert_int_equal(
        decode(cx, "{\"account\":\"D1\",\"text\":\"x\",\"lines\":[]}", false, &in), ERR_OK);
    assert_int_equal(in.limit.kind, LIMIT_ABSENT);
    assert_non_null(in.lines.items);
    assert_int_equal(
        decode(cx, "{\"account\":\"D1\",\"text\":\"x\",\"limit\":\"unlimited\"}", false, &in),
        ERR_OK);
    assert_int_equal(in.limit.kind, LIMIT_UNLIMITED);
}

static void queries_are_text(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    TinyIn in;
    assert_int_equal(decode(cx,
                         "{\"account\":\"D1\",\"text\":\"x\",\"days\":\"12\",\"level\":\"\","
                         "\"is_final\":\"true\",\"colours\":\"red, blue\",\"products\":\"A,B\","
                         "\"share\":\"3.5\",\"kind\":\"\"}",
                         true, &in),
        ERR_OK);
    assert_int_equal(in.days, 12);
    assert_false(in.level.is_set);
    assert_true(in.is_final);
    assert_int_equal(in.colours, 5);
    assert_int_equal(in.products.count, 2);
    assert_int_equal(in.share.per_mille, 35);
    static const char *const odd[] = {"1x", " 1", "+1", "99999999999999999999", "-", "0x1"};
    for (size_t i = 0; i < COUNT(odd); i++) {
        const char *json =
            arena_printf(cx->arena, "{\"account\":\"D1\",\"text\":\"x\",\"level\":\"%s\"}", odd[i]);
        CHECK_ROW(odd[i], decode(cx, json, true, &in) == ERR_FIELD_INVALID);
    }
}

static void all_refused_fields_are_told(void **state)
{
    Ctx *cx = &((Place *)*state)->cx;
    TinyIn in;
    assert_int_equal(
        decode(cx, "{\"zzz\":1,\"days\":-1,\"lines\":[{\"quantity\":\"x\"}]}", false, &in),
        ERR_FIELD_REQUIRED);
    static const char *const fields[] = {
        "account", "text", "days", "lines.0.product", "lines.0.quantity", "zzz"};
    assert_int_equal(cx->err.field_count, COUNT(fields));
    for (size_t i = 0; i < COUNT(fields); i++) {
        assert_string_equal(cx->err.fields[i].field, fields[i]);
    }
    assert_string_equal(cx->err.field, "account");
    assert_int_equal(decode(cx, "[]", false, &in), ERR_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(what_fits_is_taken),
        cmocka_unit_test(null_is_absent_but_for_limits),
        cmocka_unit_test(queries_are_text),
        cmocka_unit_test(all_refused_fields_are_told),
    };
    return cmocka_run_group_tests(tests, tiny_setup, place_teardown);
}
