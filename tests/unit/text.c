/* What of a text from outside is shown. */
#include "support/unit.h"

#include "base/text.h"

#include <string.h>

static void what_a_terminal_obeys_is_not_shown(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *shown;
    } rows[] = {
        {"plain, \xe5\x8c\x97\xe4\xba\xac \xf0\x9f\x98\x80",
            "plain, \xe5\x8c\x97\xe4\xba\xac \xf0\x9f\x98\x80"},
        {"two\nlines\tand a tab", "two\nlines\tand a tab"},
        {"\x1b[31mred\x7f\r\a", "?[31mred???"},
        {"\xc2\x9b"
         "31m \xc2\xa0",
            "?31m \xc2\xa0"},
        {"a\xe2\x80\xae"
         "b\xe2\x81\xa6"
         "c\xe2\x80\x93",
            "a?b?c\xe2\x80\x93"},
        {"\xff\xe5\x8c x\xc0\xaf", "??? x??"},
        {"\xe5\x8c", "??"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *shown = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&shown, &size);
        text_show(out, rows[i].text, strlen(rows[i].text));
        assert_int_equal(fclose(out), 0);
        assert_string_equal(shown, rows[i].shown);
        free(shown);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_terminal_obeys_is_not_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
