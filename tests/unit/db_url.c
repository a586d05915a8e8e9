/* Urls of databases as people are told of them. */
#include "support/unit.h"

#include "db/db.h"

/* Credentials end where libpq takes them to end; what is mistyped is hidden rather than shown. */
static void a_url_is_told_without_what_is_secret(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        const char *shown;
    } rows[] = {
        {"firm.db", "firm.db"},
        {"postgresql://h:5432/d?schema=s", "postgresql://h:5432/d?schema=s"},
        {"postgresql://u@h:5432/d", "postgresql://u@h:5432/d"},
        {"postgresql://u:pw@h/d", "postgresql://u@h/d"},
        {"postgresql://u:p?w@h/d?schema=s", "postgresql://u@h/d?schema=s"},
        {"postgresql://u:p/w@h/d", "postgresql://u@h/d"},
        {"postgresql://u:p@w@h/d", "postgresql://u@h/d"},
        {"postgresql://h/d?user=u&password=p&schema=s",
            "postgresql://h/d?user=u&password=…&schema=s"},
        {"postgresql://h/d?sslpassword=p&password=q", "postgresql://h/d?sslpassword=…&password=…"},
        {"postgresql://h:5432/d?application_name=a@b",
            "postgresql://h:5432/d?application_name=a@b"},
    };
    Arena *arena = arena_new(1024 * 1024);
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_string_equal(db_shown(arena, rows[i].url), rows[i].shown);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_url_is_told_without_what_is_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
