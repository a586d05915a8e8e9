/* Replies, canonical inputs and rows: each type as outsiders see it. */
#include "support/tiny.h"
#include "support/unit.h"

#include "base/json.h"
#include "op/decode.h"
#include "op/encode.h"

#include <string.h>

typedef struct Sample {
    Id id;
    Ref account;
    const char *text;
    OptInt level;
    bool is_final;
    Date on;
    Instant at;
    Decimal quantity;
    Decimal price;
    Money amount;
    LimitValue limit;
    Currency currency;
    Percent share;
    int kind;
    uint32_t colours;
    List names;
    const char *extra;
    const char *password;
} Sample;

static const char *const kinds[] = {"", "plain", "odd", NULL};

SCHEMA(Sample,
    F_ID(Sample, id, "note"),
    F_REF(Sample, account, "account"),
    F_TEXT(Sample, text),
    F_OPT_INT(Sample, level),
    F_BOOL(Sample, is_final),
    F_DATE(Sample, on),
    F_INSTANT(Sample, at),
    F_DECIMAL(Sample, quantity, .scale_max = 3),
    F_DECIMAL(Sample, price, .scale_min = 2),
    F_MONEY(Sample, amount),
    F_LIMIT(Sample, limit),
    F_CURRENCY(Sample, currency),
    F_PERCENT(Sample, share),
    F_ENUM(Sample, kind, kinds),
    F_FLAGS(Sample, colours, kinds),
    F_LIST_OF(Sample, names, FIELD_TEXT),
    F_JSON(Sample, extra),
    F_TEXT(Sample, password, .flags = FIELD_SECRET | FIELD_NO_COLUMN));

static const Sql sample_row = {
    "SELECT 5, 22, 'D1', 'x', 4, 1, '2026-11-23', 1000, 12500, 12500000, 1250, 'amount', 700, "
    "'CNY', 125, 'odd', 2, '{\"a\":1}'",
    "", "kkttibdiiiitititit"};

static void absent_members_are_null(void **state)
{
    Place *place = *state;
    const Sample none = {0};
    assert_string_equal(encode_text(place->arena, &Sample_schema, &none),
        "{\"account\":null,\"text\":null,\"level\":null,\"is_final\":false,\"on\":null,\"at\":null,"
        "\"quantity\":null,\"price\":null,\"amount\":null,\"limit\":null,\"currency\":null,"
        "\"share\":null,\"kind\":null,\"colours\":[],\"names\":[],\"extra\":null}");
}

static void values_have_their_forms(void **state)
{
    Place *place = *state;
    Currency jpy = 0;
    assert_true(currency_parse("JPY", &jpy));
    const char *names[] = {"a", "\"b\""};
    Sample sample = {.id = 5,
        .account = {.id = 22, .text = "D1"},
        .level = {0, true},
        .quantity = decimal_of(12500, 3),
        .price = decimal_of(5, 0),
        .amount = money_of(jpy, 1250),
        .limit = {.kind = LIMIT_UNLIMITED},
        .share = {1000, true},
        .names = {names, 2},
        .password = "secret"};
    assert_true(date_parse("2026-11-23", &sample.on));
    const char *text = encode_text(place->arena, &Sample_schema, &sample);
    assert_non_null(strstr(text, "{\"id\":\"Y0000000000005\",\"account\":\"D1\""));
    assert_non_null(strstr(text, "\"level\":0"));
    assert_non_null(strstr(text, "\"on\":\"2026-11-23\""));
    assert_non_null(strstr(text, "\"quantity\":\"12.5\",\"price\":\"5.00\",\"amount\":\"1250\""));
    assert_non_null(strstr(text, "\"limit\":\"unlimited\""));
    assert_non_null(strstr(text, "\"share\":100.0"));
    assert_non_null(strstr(text, "\"names\":[\"a\",\"\\\"b\\\"\"]"));
    assert_null(strstr(text, "secret"));
    sample.account.text = NULL;
    sample.limit = (LimitValue){.kind = LIMIT_NOT_SET};
    text = encode_text(place->arena, &Sample_schema, &sample);
    assert_non_null(strstr(text, "\"account\":\"A000000000000P\""));
    assert_non_null(strstr(text, "\"limit\":null"));
}

static void rows_are_read_by_column(void **state)
{
    Place *place = *state;
    Sample sample = {0};
    bool is_found = false;
    assert_int_equal(
        row_one(&place->cx, &sample_row, NO_ARGS, &Sample_schema, &sample, &is_found), ERR_OK);
    assert_true(is_found);
    assert_string_equal(encode_text(place->arena, &Sample_schema, &sample),
        "{\"id\":\"Y0000000000005\",\"account\":\"D1\",\"text\":\"x\",\"level\":4,\"is_final\":"
        "true,"
        "\"on\":\"2026-11-23\",\"at\":\"1970-01-01T00:00:01.000Z\",\"quantity\":\"12.5\","
        "\"price\":\"12.50\",\"amount\":\"12.50\",\"limit\":\"7.00\",\"currency\":\"CNY\","
        "\"share\":12.5,\"kind\":\"odd\",\"colours\":[\"odd\"],\"names\":[],\"extra\":{\"a\":1}}");
    List list;
    assert_int_equal(row_list(&place->cx, &sample_row, NO_ARGS, &Sample_schema, &list), ERR_OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(LIST_AT(list, Sample, 0)->id, 5);
}

static const char *canonical(Place *place, const char *json, RefStyle style)
{
    CLEANUP(json_value_free) json_t *members = NULL;
    RefUses refs = {0};
    TinyIn in = {0};
    Buf out = buf_in(place->arena);
    JsonWriter w = json_writer(&out);
    err_clear(&place->cx);
    assert_int_equal(json_read(&place->cx, json, strlen(json), &members), ERR_OK);
    assert_int_equal(decode_members(&place->cx, tiny_in, members, false, &in, &refs), ERR_OK);
    for (size_t i = 0; i < refs.count; i++) {
        refs.items[i].ref->id = (Id)(i + 1);
    }
    encode_input(&w, tiny_in, members, &in, style);
    return buf_text(&out);
}

static void inputs_have_one_text(void **state)
{
    Place *place = *state;
    const char *text = canonical(place,
        "{\"password\":\"p\",\"extra\":{\"b\":1,\"a\":2},\"lines\":[{\"quantity\":2,\"product\":"
        "\"A\"}],"
        "\"on\":null,\"amount\":\"1.50\",\"text\":\"x\",\"account\":\"D1\"}",
        REFS_AS_GIVEN);
    assert_string_equal(text,
        "{\"account\":\"D1\",\"text\":\"x\",\"amount\":\"1.50\",\"on\":null,"
        "\"lines\":[{\"product\":\"A\",\"quantity\":\"2\"}],\"extra\":{\"a\":2,\"b\":1}}");
    text = canonical(place,
        "{\"account\":\"D1\",\"text\":\"x\",\"products\":[\"A\"],\"limit\":null,"
        "\"best\":{\"quantity\":\"1\",\"product\":\"B\"}}",
        REFS_AS_IDS);
    assert_string_equal(text, "{\"account\":\"A0000000000001\",\"text\":\"x\",\"limit\":null,"
                              "\"products\":[\"G0000000000002\"],"
                              "\"best\":{\"product\":\"G0000000000003\",\"quantity\":\"1\"}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absent_members_are_null),
        cmocka_unit_test(values_have_their_forms),
        cmocka_unit_test(rows_are_read_by_column),
        cmocka_unit_test(inputs_have_one_text),
    };
    return cmocka_run_group_tests(tests, tiny_setup, place_teardown);
}
