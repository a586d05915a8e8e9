/* The hash by which places are found: hashes are stored, so these values stay. They are those that
 * the authors of FNV publish. */
#include "support/unit.h"

#include "base/fnv.h"

#include <string.h>

static void the_published_values_come_out(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t hash;
    } rows[] = {
        {"", UINT64_C(0xcbf29ce484222325)},
        {"a", UINT64_C(0xaf63dc4c8601ec8c)},
        {"foobar", UINT64_C(0x85944171f73967e8)},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_true(fnv_add(FNV_START, rows[i].text, strlen(rows[i].text)) == rows[i].hash);
    }
}

static void parts_give_what_the_whole_gives(void **state)
{
    (void)state;
    assert_true(fnv_add(fnv_add(FNV_START, "foo", 3), "bar", 3) == fnv_add(FNV_START, "foobar", 6));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_values_come_out),
        cmocka_unit_test(parts_give_what_the_whole_gives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
