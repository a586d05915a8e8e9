/* Requests a second by caller, on a clock of the test's own. */
#include "support/unit.h"

#include "edge/pace.h"

enum { SECOND_US = 1000000, TEN = 10 };

static const int64_t begin_us = 5000000;

/* How many of `count` at once are served. */
static int served(Pace *pace, const char *credential, const char *address, int64_t at_us)
{
    int count = 0;
    for (int i = 0; i < 5 * TEN; i++) {
        count += pace_wait_s(pace, credential, address, at_us) == 0;
    }
    return count;
}

static void a_second_of_them_at_once_then_their_share(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    Pace *pace = pace_start(arena, TEN);
    assert_int_equal(served(pace, NULL, "a", begin_us), TEN);
    assert_int_equal(pace_wait_s(pace, NULL, "a", begin_us), 1);
    assert_int_equal(served(pace, NULL, "b", begin_us), TEN);
    assert_int_equal(served(pace, NULL, "a", begin_us + SECOND_US / TEN), 1);
    assert_int_equal(served(pace, NULL, "a", begin_us + SECOND_US / 2), 4);
    assert_int_equal(served(pace, NULL, "a", begin_us + INT64_C(3600) * SECOND_US), TEN);
    pace_stop(pace);
    Pace *slow = pace_start(arena, 1);
    assert_int_equal(served(slow, NULL, "a", begin_us), 1);
    assert_int_equal(served(slow, NULL, "a", begin_us + SECOND_US - 1), 0);
    assert_int_equal(served(slow, NULL, "a", begin_us + SECOND_US), 1);
    pace_stop(slow);
}

static void a_credential_counts_by_itself_once_it_was_let_in(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    Pace *pace = pace_start(arena, TEN);
    pace_know(pace, "good", begin_us);
    assert_int_equal(served(pace, "good", "a", begin_us), TEN);
    assert_int_equal(pace_wait_s(pace, "made up", "a", begin_us), 0);
    assert_int_equal(pace_wait_s(pace, "another", "a", begin_us), 0);
    assert_int_equal(served(pace, NULL, "a", begin_us), TEN - 2);
    assert_int_not_equal(pace_wait_s(pace, "a third", "a", begin_us), 0);
    assert_int_equal(served(pace, "good", "b", begin_us), 0);
    pace_know(pace, "good", begin_us); /* again: nothing is given back */
    assert_int_equal(served(pace, "good", "b", begin_us), 0);
    pace_stop(pace);
}

static void more_callers_than_it_holds_push_out_the_quiet_ones(void **state)
{
    (void)state;
    CLEANUP(arena_free_at) Arena *arena = arena_new(1 << 20);
    Pace *pace = pace_start(arena, TEN);
    for (int64_t i = 0; i < 20000; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "caller %d", (int)i);
        assert_int_equal(pace_wait_s(pace, NULL, name, begin_us + i), 0);
    }
    assert_int_equal(served(pace, NULL, "caller 19999", begin_us + 20000), TEN - 1);
    assert_int_equal(served(pace, NULL, "caller 0", begin_us + 20000), TEN);
    pace_stop(pace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_of_them_at_once_then_their_share),
        cmocka_unit_test(a_credential_counts_by_itself_once_it_was_let_in),
        cmocka_unit_test(more_callers_than_it_holds_push_out_the_quiet_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
