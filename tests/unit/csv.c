/* CSV records. */
#include "support/unit.h"

#include "base/csv.h"

#include <string.h>

static void records_split_as_rfc_4180_says(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        CsvResult result;
        const char *cells; /* joined by | */
    } rows[] = {
        {"a,b,c", CSV_OK, "a|b|c"},
        {"", CSV_OK, ""},
        {",", CSV_OK, "|"},
        {"a,,", CSV_OK, "a||"},
        {"\"a,b\",c", CSV_OK, "a,b|c"},
        {"\"a\"\"b\",\"\"", CSV_OK, "a\"b|"},
        {"\"a\nb\",c", CSV_OK, "a\nb|c"},
        {" a , b", CSV_OK, " a | b"},
        {"\"\"\"\"", CSV_OK, "\""},
        {"a,\"b", CSV_OPEN, NULL},
        {"\"a\"\"", CSV_OPEN, NULL},
        {"5\" pipe,c", CSV_STRAY, NULL},
        {"\"a\"b,c", CSV_AFTER_QUOTE, NULL},
        {"\"a\" ,c", CSV_AFTER_QUOTE, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
        CsvRow row = {0};
        CsvResult result = csv_split(arena, ',', rows[i].text, strlen(rows[i].text), &row);
        CHECK_ROW(rows[i].text, result == rows[i].result);
        Buf joined = buf_in(arena);
        for (size_t c = 0; c < row.count; c++) {
            buf_printf(&joined, "%s%s", c > 0 ? "|" : "", row.cells[c]);
        }
        CHECK_ROW(
            rows[i].text, rows[i].cells == NULL || strcmp(buf_text(&joined), rows[i].cells) == 0);
    }
}

static void nul_bytes_are_told(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    CsvRow row = {0};
    assert_int_equal(csv_split(arena, ',', "a\0b", 3, &row), CSV_NUL);
}

static void what_is_put_is_split_again(void **state)
{
    (void)state;
    static const char *const cells[] = {"", "plain", "a;b", "say \"so\"", "two\nlines", "a,b"};
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    Buf out = buf_in(arena);
    for (size_t i = 0; i < COUNT(cells); i++) {
        if (i > 0) {
            buf_char(&out, ';');
        }
        csv_put(&out, ';', cells[i]);
    }
    CsvRow row = {0};
    assert_int_equal(csv_split(arena, ';', out.data, out.length, &row), CSV_OK);
    assert_int_equal(row.count, COUNT(cells));
    for (size_t i = 0; i < COUNT(cells); i++) {
        assert_string_equal(row.cells[i], cells[i]);
    }
}

/* Many quoted cells take no more memory than the text they stand in. */
static void memory_grows_with_the_text_alone(void **state)
{
    (void)state;
    enum { CELLS = 100000 };
    CLEANUP(arena_free_at) Arena *arena = arena_new(8 << 20);
    Buf text = buf_in(arena);
    for (int i = 0; i < CELLS; i++) {
        buf_str(&text, i > 0 ? ",\"\"" : "\"x\"");
    }
    CsvRow row = {0};
    assert_int_equal(csv_split(arena, ',', text.data, text.length, &row), CSV_OK);
    assert_int_equal(row.count, CELLS);
    assert_string_equal(row.cells[CELLS - 1], "");
    assert_false(arena_is_over(arena));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_split_as_rfc_4180_says),
        cmocka_unit_test(nul_bytes_are_told),
        cmocka_unit_test(what_is_put_is_split_again),
        cmocka_unit_test(memory_grows_with_the_text_alone),
    };
    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
