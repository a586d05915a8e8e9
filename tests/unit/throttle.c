/* Sign-in attempts, on a clock of the test's own. */
#include "support/unit.h"

#include "edge/throttle.h"

enum { FREE = 3 };

/* The seconds to wait, 0 when the attempt was let in. */
static int64_t attempt(Throttle *throttle, const char *key, Instant at_ms)
{
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 16);
    Ctx cx = {.arena = arena, .now_ms = at_ms};
    int64_t wait_s = 0;
    Err err = throttle_attempt(&cx, throttle, key, FREE, &wait_s);
    assert_int_equal(err, wait_s == 0 ? ERR_OK : ERR_THROTTLED);
    return wait_s;
}

static void each_further_one_waits_twice_as_long(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    Throttle *throttle = throttle_start(arena);
    Instant at_ms = 1000000;
    for (int i = 0; i < FREE; i++) {
        assert_int_equal(attempt(throttle, "wang", at_ms), 0);
    }
    static const int waits_s[] = {1, 2, 4, 8, 16, 32, 64, 64, 64};
    for (size_t i = 0; i < COUNT(waits_s); i++) {
        assert_int_equal(attempt(throttle, "wang", at_ms), waits_s[i]);
        assert_int_equal(attempt(throttle, "wang", at_ms + waits_s[i] * 1000 - 1), 1);
        at_ms += waits_s[i] * 1000;
        assert_int_equal(attempt(throttle, "wang", at_ms), 0);
    }
    assert_int_equal(attempt(throttle, "li", at_ms), 0);
    throttle_stop(throttle);
}

static void what_is_long_ago_is_forgotten(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    Throttle *throttle = throttle_start(arena);
    Instant at_ms = 1000000;
    for (int i = 0; i < FREE; i++) {
        assert_int_equal(attempt(throttle, "wang", at_ms), 0);
    }
    assert_int_equal(attempt(throttle, "wang", at_ms), 1);
    at_ms += 15 * 60 * 1000 + 1;
    for (int i = 0; i < FREE; i++) {
        assert_int_equal(attempt(throttle, "wang", at_ms), 0);
    }
    /* The clock was set back: nobody waits for a time that may never come. */
    assert_int_equal(attempt(throttle, "wang", at_ms), 1);
    assert_int_equal(attempt(throttle, "wang", at_ms - 5000), 0);
    throttle_stop(throttle);
}

static void a_success_clears_its_name_and_takes_its_address_back(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    Throttle *throttle = throttle_start(arena);
    Instant at_ms = 1000000;
    throttle_clear(throttle, "nobody");
    throttle_take_back(throttle, "nobody");
    for (int i = 0; i < 3 * FREE; i++) {
        assert_int_equal(attempt(throttle, "wang", at_ms), 0);
        throttle_clear(throttle, "wang");
        assert_int_equal(attempt(throttle, "10.0.0.1", at_ms), 0);
        throttle_take_back(throttle, "10.0.0.1");
    }
    for (int i = 0; i < FREE; i++) {
        assert_int_equal(attempt(throttle, "10.0.0.1", at_ms), 0);
    }
    assert_int_equal(attempt(throttle, "10.0.0.1", at_ms), 1);
    throttle_take_back(throttle, "10.0.0.1"); /* one that succeeds does not free the others */
    assert_int_equal(attempt(throttle, "10.0.0.1", at_ms), 1);
    throttle_stop(throttle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_further_one_waits_twice_as_long),
        cmocka_unit_test(what_is_long_ago_is_forgotten),
        cmocka_unit_test(a_success_clears_its_name_and_takes_its_address_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
