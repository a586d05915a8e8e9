/* Reading and writing JSON. */
#include "support/unit.h"

#include "base/json.h"
#include "base/limits.h"

#include <string.h>

typedef struct Row {
    const char *name;
    const char *text;
    const char *canonical; /* NULL: refused */
    const char *detail;    /* refused: part of the sentence */
} Row;

static const Row rows[] = {
    {"object", "{\"b\":1,\"a\":[true,false,null]}", "{\"a\":[true,false,null],\"b\":1}", NULL},
    {"blanks", " { \"a\" : [ ] , \"B\" : { } } \n", "{\"B\":{},\"a\":[]}", NULL},
    {"whole value", "\"text\"", "\"text\"", NULL},
    {"number alone", "7", "7", NULL},
    {"largest integer", "9223372036854775807", "9223372036854775807", NULL},
    {"smallest integer", "-9223372036854775808", "-9223372036854775808", NULL},
    {"real as written", "[1250.10,0.1,12.3,-0.05,0.00005]", "[1250.1,0.1,12.3,-0.05,0.00005]",
        NULL},
    {"whole real", "[1.0,100.00]", "[1.0,100.0]", NULL},
    {"large real", "[1e300,123456789012.25]", "[1e+300,123456789012.25]", NULL},
    {"escapes", "\"\\u4e2d\\n\\\"\\\\\\/\"", "\"\xe4\xb8\xad\\n\\\"\\\\/\"", NULL},
    {"pair of surrogates", "\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\"", NULL},
    {"control character", "\"\\u0001\\t\"", "\"\\u0001\\t\"", NULL},
    {"keys are sorted by bytes", "{\"z\":1,\"\xc3\xa4\":2,\"A\":3}",
        "{\"A\":3,\"z\":1,\"\xc3\xa4\":2}", NULL},
    {"same key at two depths", "{\"a\":{\"a\":1}}", "{\"a\":{\"a\":1}}", NULL},

    {"nothing", "", NULL, "nothing here"},
    {"blanks alone", "  \n ", NULL, "nothing here"},
    {"truncated object", "{\"a\":1", NULL, "Line 1, column 6: the text ends"},
    {"truncated string", "{\"a\":\"x", NULL, "Line 1"},
    {"truncated escape", "\"\\", NULL, "Line 1"},
    {"truncated literal", "[tru", NULL, "Line 1"},
    {"second value", "{} {}", NULL, "follows the end"},
    {"trailing comma", "[1,]", NULL, "a value must stand"},
    {"duplicate key", "{\"a\":1,\"a\":1}", NULL, "duplicate"},
    {"duplicate key by escape", "{\"a\":1,\"\\u0061\":1}", NULL, "duplicate"},
    {"duplicate key inside", "[{\"x\":{\"a\":1,\"b\":2,\"a\":3}}]", NULL, "duplicate"},
    {"single quotes", "{'a':1}", NULL, "a key in double quotes"},
    {"comment", "[1 /* one */]", NULL, "Line 1"},
    {"leading zero", "[01]", NULL, "Line 1"},
    {"plus", "[+1]", NULL, "Line 1"},
    {"NaN", "[NaN]", NULL, "true, false and null"},
    {"integer beyond 64 bits", "[9223372036854775808]", NULL, "too large"},
    {"real beyond a double", "[1e999]", NULL, "too large"},
    {"raw newline in a string", "\"a\nb\"", NULL, "line break"},
    {"NUL by escape", "\"a\\u0000b\"", NULL, "NUL character \\u0000 is not taken in texts"},
    {"lone high surrogate", "\"\\ud83d\"", NULL, "half a character"},
    {"lone low surrogate", "\"\\ude00\"", NULL, "Line 1"},
    {"invalid byte", "\"\xff\"", NULL, "no UTF-8"},
    {"overlong slash", "\"\xc0\xaf\"", NULL, "Line 1"},
    {"surrogate in UTF-8", "\"\xed\xa0\x80\"", NULL, "Line 1"},
    {"beyond U+10FFFF", "\"\xf4\x90\x80\x80\"", NULL, "Line 1"},
    {"character cut off", "\"\xe4\xb8\"", NULL, "Line 1"},
    {"byte order mark", "\xef\xbb\xbf{}", NULL, "byte order mark"},
    {"position", "{\n  \"a\": 1,\n  \"b\": x\n}", NULL, "Line 3"},
};

static void texts_are_read_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        Ctx cx = {.arena = arena};
        CLEANUP(json_value_free) json_t *value = NULL;
        Err code = json_read(&cx, rows[i].text, strlen(rows[i].text), &value);
        if (rows[i].canonical != NULL) {
            CHECK_ROW(rows[i].name, code == ERR_OK);
            assert_string_equal(json_text(arena, value), rows[i].canonical);
            continue;
        }
        CHECK_ROW(rows[i].name, code == ERR_MALFORMED);
        CHECK_ROW(rows[i].name, value == NULL);
        CHECK_ROW(rows[i].name, utf8_is_valid(cx.err.detail, strlen(cx.err.detail)));
        if (strstr(cx.err.detail, rows[i].detail) == NULL) {
            fail_msg("row \"%s\" says: %s", rows[i].name, cx.err.detail);
        }
    }
}

static void a_nul_byte_ends_nothing(void **state)
{
    (void)state;
    static const char inside[] = "\"a\0b\"";
    static const char behind[] = "{}\0";
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    Ctx cx = {.arena = arena};
    CLEANUP(json_value_free) json_t *value = NULL;
    assert_int_equal(json_read(&cx, inside, sizeof(inside) - 1, &value), ERR_MALFORMED);
    err_clear(&cx);
    assert_int_equal(json_read(&cx, behind, sizeof(behind) - 1, &value), ERR_MALFORMED);
    assert_null(value);
}

/* text: `count` times `piece`, then what closes it. */
static Err read_repeated(
    Ctx *cx, const char *open, const char *piece, size_t count, const char *close)
{
    Buf buf = buf_in(cx->arena);
    buf_str(&buf, open);
    for (size_t i = 0; i < count; i++) {
        buf_str(&buf, piece);
    }
    buf_str(&buf, close);
    CLEANUP(json_value_free) json_t *value = NULL;
    Err code = json_read(cx, buf.data, buf.length, &value);
    assert_true((code == ERR_OK) == (value != NULL));
    return code;
}

static void bombs_are_refused_before_jansson(void **state)
{
    (void)state;
    const size_t depth = LIMIT_JSON_DEPTH;
    const size_t nodes = LIMIT_JSON_NODES;
    const struct {
        const char *name;
        const char *open;
        const char *piece;
        size_t count;
        const char *close;
        const char *detail; /* NULL: taken */
    } bombs[] = {
        {"deep but not too deep", "", "[", depth, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", NULL},
        {"one deeper", "", "[", depth + 1, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "deeper than 32"},
        {"depth bomb", "", "[", 500000, "", "deeper than 32"},
        {"object depth bomb", "", "{\"a\":", 100000, "", "deeper than 32"},
        {"brackets in a string are no depth", "\"", "[\\\"{", 1000, "\"", NULL},
        {"many nodes but not too many", "[", "0,", nodes - 2, "0]", NULL},
        {"one node more", "[", "0,", nodes - 1, "0]", "More than 50000"},
        {"node bomb", "[", "0,", 524000, "0]", "More than 50000"},
        {"empty objects", "[", "{},", 60000, "0]", "More than 50000"},
        {"colons do not make room", "[", "0,:", 60000, "0]", "Line 1"},
        {"commas in a string are no nodes", "\"", "0,", 60000, "\"", NULL},
    };
    for (size_t i = 0; i < COUNT(bombs); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 24);
        Ctx cx = {.arena = arena};
        Err code =
            read_repeated(&cx, bombs[i].open, bombs[i].piece, bombs[i].count, bombs[i].close);
        CHECK_ROW(bombs[i].name, (code == ERR_OK) == (bombs[i].detail == NULL));
        if (bombs[i].detail != NULL) {
            CHECK_ROW(bombs[i].name, strstr(cx.err.detail, bombs[i].detail) != NULL);
        }
    }
}

static void the_writer_sets_commas(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    Buf out = buf_in(arena);
    JsonWriter w = json_writer(&out);
    json_open(&w, '{');
    json_key(&w, "items");
    json_open(&w, '[');
    for (int i = 0; i < 2; i++) {
        json_open(&w, '{');
        json_key(&w, "n");
        json_put_int(&w, i == 0 ? INT64_MIN : INT64_MAX);
        json_key(&w, "empty");
        json_open(&w, '[');
        json_close(&w, ']');
        json_close(&w, '}');
    }
    json_put_null(&w);
    json_put_string(&w, NULL);
    json_close(&w, ']');
    json_key(&w, "is \"so\"");
    json_put_bool(&w, true);
    json_key(&w, "raw");
    json_put_raw(&w, "{\"x\":1}");
    json_close(&w, '}');
    assert_string_equal(buf_text(&out), "{\"items\":[{\"n\":-9223372036854775808,\"empty\":[]},{"
                                        "\"n\":9223372036854775807,\"empty\":[]},"
                                        "null,null],\"is \\\"so\\\"\":true,\"raw\":{\"x\":1}}");
}

static void strings_are_written_as_json_wants(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *json;
    } strings[] = {
        {"", "\"\""},
        {"plain", "\"plain\""},
        {"\"\\/", "\"\\\"\\\\/\""},
        {"\b\f\n\r\t\x01\x1f\x7f", "\"\\u0008\\u000c\\n\\r\\t\\u0001\\u001f\x7f\""},
        {"\xe5\x85\xb3\xe7\xb3\xbb", "\"\xe5\x85\xb3\xe7\xb3\xbb\""},
        {"a\xff\xe4\xb8", "\"a\\ufffd\\ufffd\\ufffd\""}, /* damaged text stays valid JSON */
        {"\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\""},
    };
    for (size_t i = 0; i < COUNT(strings); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        Buf out = buf_in(arena);
        JsonWriter w = json_writer(&out);
        json_put_string(&w, strings[i].text);
        assert_string_equal(buf_text(&out), strings[i].json);
    }
}

static void numbers_have_their_shortest_text(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        const char *text;
    } numbers[] = {
        {"0", "0"},
        {"-0", "0"},
        {"-0.0", "-0.0"},
        {"1250.10", "1250.1"},
        {"0.3", "0.3"},
        {"1e2", "100.0"},
        {"0.1e-2", "0.001"},
        {"999999999999.99", "999999999999.99"},
        {"0.123456789", "0.123456789"},
        {"1e-10", "1e-10"},
        {"1.7976931348623157e308", "1.7976931348623157e+308"},
        {"0.30000000000000004", "0.30000000000000004"},
        {"123456789012345678", "123456789012345678"},
    };
    for (size_t i = 0; i < COUNT(numbers); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        Ctx cx = {.arena = arena};
        CLEANUP(json_value_free) json_t *value = NULL;
        assert_int_equal(json_read(&cx, numbers[i].json, strlen(numbers[i].json), &value), ERR_OK);
        assert_string_equal(json_number_text(arena, value), numbers[i].text);
    }
}

static void utf8_is_checked(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_valid;
    } texts[] = {
        {"", true},
        {"ascii", true},
        {"\x7f", true},
        {"\xc2\x80", true},
        {"\xdf\xbf", true},
        {"\xe0\xa0\x80", true},
        {"\xed\x9f\xbf", true},
        {"\xee\x80\x80", true},
        {"\xf0\x90\x80\x80", true},
        {"\xf4\x8f\xbf\xbf", true},
        {"\x80", false},
        {"\xbf", false},
        {"\xc0\x80", false},         /* overlong NUL */
        {"\xc1\xbf", false},         /* overlong */
        {"\xe0\x9f\xbf", false},     /* overlong */
        {"\xf0\x8f\xbf\xbf", false}, /* overlong */
        {"\xed\xa0\x80", false},     /* surrogate */
        {"\xed\xbf\xbf", false},     /* surrogate */
        {"\xf4\x90\x80\x80", false}, /* U+110000 */
        {"\xf5\x80\x80\x80", false},
        {"\xfe", false},
        {"\xff", false},
        {"\xc2", false}, /* cut off */
        {"\xe4\xb8", false},
        {"\xf0\x9f\x98", false},
        {"\xe4\xb8\x41", false},
        {"ok\xe4", false},
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        if (utf8_is_valid(texts[i].text, strlen(texts[i].text)) != texts[i].is_valid) {
            fail_msg("row %zu", i);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_read_or_refused),
        cmocka_unit_test(a_nul_byte_ends_nothing),
        cmocka_unit_test(bombs_are_refused_before_jansson),
        cmocka_unit_test(the_writer_sets_commas),
        cmocka_unit_test(strings_are_written_as_json_wants),
        cmocka_unit_test(numbers_have_their_shortest_text),
        cmocka_unit_test(utf8_is_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
