/* How names are spelt when people look for them, and the terms that come of it. */
#include "support/unit.h"

#include "base/buf.h"
#include "base/spell.h"
#include "feature/search/term.h"

#include <string.h>

static const char *const no_texts[] = {NULL};

static void folds(void **state)
{
    Arena *arena = *state;
    static const char *const cases[][2] = {
        {"Müller & Söhne", "muller sohne"},
        {"ＡＢＣ（上海）", "abc 上海"},
        {"國際貿易", "国际贸易"},
        {"  Straße ", "strasse"},
        {"e\xcc\x81t", "et"},
        {"", ""},
        {" ,.- ", ""},
        {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_string_equal(spell_fold(arena, cases[i][0]), cases[i][1]);
    }
}

static bool has(const Terms *terms, TermHow how, const char *text)
{
    for (size_t i = 0; i < terms->count; i++) {
        if (terms->items[i].how == how && strcmp(terms->items[i].text, text) == 0) {
            return true;
        }
    }
    return false;
}

static void sounds(void **state)
{
    Arena *arena = *state;
    Terms terms;
    terms_make(arena, &(TermSource){"D-01", "绿地长安有限公司", NULL, no_texts}, &terms);
    assert_true(has(&terms, TERM_CODE, "d01"));
    assert_true(has(&terms, TERM_NAME, "绿地长安有限公司"));
    assert_true(has(&terms, TERM_WORD, "长安有限公司"));
    assert_false(has(&terms, TERM_WORD, "有限公司"));
    assert_true(has(&terms, TERM_PINYIN, "changanyouxiangongsi"));
    assert_true(has(&terms, TERM_PINYIN, "zhanganyouxiangongsi"));
    assert_true(has(&terms, TERM_INITIALS, "ldcayxgs"));
    assert_true(has(&terms, TERM_INITIALS, "ldzayxgs"));
    for (size_t i = 1; i < terms.count; i++) {
        assert_true(terms.items[i - 1].how <= terms.items[i].how);
        assert_true(strlen(terms.items[i].text) <= TERM_BYTES);
    }
}

/* However long and however many readings, what is kept has a bound. */
static void bounds(void **state)
{
    Arena *arena = *state;
    Terms terms;
    Buf name = buf_in(arena);
    for (int i = 0; i < 200; i++) {
        buf_str(&name, i % 2 == 0 ? "重" : "乐 ");
    }
    terms_make(arena, &(TermSource){NULL, buf_text(&name), NULL, no_texts}, &terms);
    assert_in_range(terms.count, 10, TERMS_MAX);
    assert_true(strlen(term_text(arena, buf_text(&name))) <= TERM_BYTES);
}

static int setup(void **state)
{
    *state = arena_new(1 << 20);
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(folds, setup, teardown),
        cmocka_unit_test_setup_teardown(sounds, setup, teardown),
        cmocka_unit_test_setup_teardown(bounds, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
