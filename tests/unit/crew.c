/* How many writers take work at once, on a clock and processors of the test's own. */
#include "support/unit.h"

#include "op/crew.h"

enum { PROCESSORS = 2, TICKS = 50, LOOKS = 8 };

static const int64_t begin_us = 5000000;

/* Looks each time it is due, with so many ticks of TICKS idle. */
static void looked(Crew *crew, int idle, int times)
{
    OsLoad load = crew->load.all == 0 ? (OsLoad){.idle = 1000, .all = 9000} : crew->load;
    int64_t at_us = crew->looked_at_us == 0 ? begin_us : crew->looked_at_us;
    for (int i = 0; i < times; i++) {
        at_us += CREW_LOOK_US;
        assert_true(crew_is_look_due(crew, at_us));
        load = (OsLoad){.idle = load.idle + idle, .all = load.all + TICKS};
        crew_look(crew, at_us, &load);
        assert_false(crew_is_look_due(crew, at_us + CREW_LOOK_US - 1));
    }
}

/* How many take work at the same moment. */
static int taken(Crew *crew, int64_t at_us)
{
    int count = 0;
    for (int i = 0; i < crew->most; i++) {
        if (crew->began_us[i] == 0 && crew_has_room(crew, at_us)) {
            crew_take(crew, i, at_us);
            count++;
        }
    }
    return count;
}

static void all_gone(Crew *crew)
{
    for (int i = 0; i < crew->most; i++) {
        crew_end(crew, i);
    }
}

static void busy_processors_take_fewer_and_idle_ones_more(void **state)
{
    (void)state;
    Crew crew;
    crew_start(&crew, WRITERS_MAX, PROCESSORS);
    assert_int_equal(taken(&crew, begin_us), WRITERS_MAX);
    all_gone(&crew);
    looked(&crew, 0, 1); /* the first one has nothing to compare with */
    assert_int_equal(taken(&crew, begin_us), WRITERS_MAX);
    all_gone(&crew);
    looked(&crew, 0, 1);
    int fewer = taken(&crew, begin_us);
    assert_true(fewer < WRITERS_MAX && fewer > 2 * PROCESSORS);
    all_gone(&crew);
    looked(&crew, TICKS / 10, LOOKS); /* neither busy nor idle */
    assert_int_equal(taken(&crew, begin_us), fewer);
    all_gone(&crew);
    looked(&crew, 0, LOOKS);
    assert_int_equal(taken(&crew, begin_us), 2 * PROCESSORS);
    all_gone(&crew);
    looked(&crew, TICKS / 2, 1);
    assert_int_equal(taken(&crew, begin_us), 3 * PROCESSORS);
    all_gone(&crew);
    looked(&crew, TICKS / 2, LOOKS);
    assert_int_equal(taken(&crew, begin_us), WRITERS_MAX);
}

static void all_work_for_a_server_that_is_elsewhere(void **state)
{
    (void)state;
    Crew crew;
    crew_start(&crew, WRITERS_MAX, PROCESSORS);
    looked(&crew, 0, LOOKS);
    crew_look(&crew, begin_us, NULL);
    assert_int_equal(taken(&crew, begin_us), WRITERS_MAX);
    all_gone(&crew);
    looked(&crew, 0, 1); /* what was known before is not compared with */
    assert_int_equal(taken(&crew, begin_us), WRITERS_MAX);
}

static void who_is_late_is_replaced(void **state)
{
    (void)state;
    Crew crew;
    crew_start(&crew, WRITERS_MAX, PROCESSORS);
    looked(&crew, 0, LOOKS);
    int at_once = taken(&crew, begin_us);
    assert_int_equal(taken(&crew, begin_us + CREW_LATE_US - 1), 0);
    assert_int_equal(taken(&crew, begin_us + CREW_LATE_US), at_once);
    assert_int_equal(taken(&crew, begin_us + CREW_LATE_US), 0);
    crew_end(&crew, at_once); /* one of those that came later */
    assert_int_equal(taken(&crew, begin_us + CREW_LATE_US), 1);
    assert_int_equal(taken(&crew, begin_us + 3 * CREW_LATE_US), at_once);
}

static void many_processors_and_few_writers(void **state)
{
    (void)state;
    Crew crew;
    crew_start(&crew, WRITERS_MAX, WRITERS_MAX);
    assert_false(crew_is_look_due(&crew, begin_us)); /* all work however busy it is */
    assert_int_equal(taken(&crew, begin_us), WRITERS_MAX);
    crew_start(&crew, 1, PROCESSORS);
    assert_false(crew_is_look_due(&crew, begin_us));
    assert_int_equal(taken(&crew, begin_us), 1);
    crew_start(&crew, WRITERS_MAX, 1);
    looked(&crew, 0, LOOKS);
    assert_int_equal(taken(&crew, begin_us), 4);
}

static void the_system_tells_its_load(void **state)
{
    (void)state;
    OsLoad before;
    OsLoad after;
    assert_true(os_processors() >= 1);
    if (!os_load(&before)) {
        skip(); /* a system without /proc */
    }
    int64_t until_us = os_monotonic_us() + INT64_C(10) * 1000 * 1000;
    do {
        assert_true(os_load(&after));
    } while (after.all - before.all <= after.idle - before.idle && os_monotonic_us() < until_us);
    assert_true(after.all > before.all);
    assert_true(after.all - before.all > after.idle - before.idle); /* this test was at work */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(busy_processors_take_fewer_and_idle_ones_more),
        cmocka_unit_test(all_work_for_a_server_that_is_elsewhere),
        cmocka_unit_test(who_is_late_is_replaced),
        cmocka_unit_test(many_processors_and_few_writers),
        cmocka_unit_test(the_system_tells_its_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
