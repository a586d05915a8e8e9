/* Lateness, days sales outstanding, and aging of many at once. */
#include "support/unit.h"

#include "rules/aging.h"
#include "rules/dso.h"
#include "rules/lateness.h"

#include "base/schema.h"

enum { CNY = 'C' << 16 | 'N' << 8 | 'Y' };

static void late_begins_the_day_after(void **state)
{
    (void)state;
    static const struct {
        Date settled_on;
        Lateness lateness;
    } rows[] = {
        {900, LATENESS_ON_TIME},
        {1000, LATENESS_ON_TIME},
        {1001, LATENESS_LATE},
        {1030, LATENESS_LATE},
        {1031, LATENESS_VERY_LATE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(lateness_of(1000, rows[i].settled_on), rows[i].lateness);
    }
}

static void dso_is_owed_by_sold_times_days(void **state)
{
    (void)state;
    static const struct {
        int64_t receivable;
        int64_t invoiced;
        int64_t days;
        int64_t tenths; /* below 0: unset */
        const char *why;
    } rows[] = {
        {50000, 100000, 81, 405, "half of what was sold in 81 days"},
        {0, 100000, 90, 0, "all is paid"},
        {50000, 0, 90, -1, "nothing was sold: it would be without end"},
        {50000, -100, 90, -1, "more was taken back than sold"},
        {0, 0, 90, -1, "nothing at all"},
        {100, 300, 1, 3, "a third of a day"},
        {150, 1000, 1, 2, "rounded half up"},
        {MONEY_SUM_MAX, 1, 366, -1, "beyond all figures"},
        {MONEY_MINOR_MAX, MONEY_MINOR_MAX, 366, 3660, "within them"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Decimal dso = dso_of(
            money_of(CNY, rows[i].receivable), money_of(CNY, rows[i].invoiced), rows[i].days);
        if (dso.is_set != (rows[i].tenths >= 0) || (dso.is_set && dso.units != rows[i].tenths)) {
            fail_msg("%s: %lld", rows[i].why, (long long)dso.units);
        }
        assert_int_equal(dso.scale, dso.is_set ? 1 : 0);
    }
}

enum { MANY = 10001 };

static void many_at_once_age_as_one_by_one(void **state)
{
    (void)state;
    static Date due_on[MANY];
    static int64_t open[MANY];
    const Date as_of = 5000;
    for (int i = 0; i < MANY; i++) {
        due_on[i] = as_of + 20 - i % 150;
        open[i] = i % 7 == 0 ? MONEY_MINOR_MAX : i;
    }
    static const size_t counts[] = {0, 1, 4095, 4096, 4097, MANY};
    for (size_t i = 0; i < COUNT(counts); i++) {
        Aging one = aging_empty(CNY);
        Aging all = aging_empty(CNY);
        for (size_t k = 0; k < counts[i]; k++) {
            aging_add(&one, due_on[k], as_of, money_of(CNY, open[k]));
        }
        aging_add_all(&all, due_on, open, counts[i], as_of);
        const Money *figures[] = {&one.not_due, &all.not_due, &one.d1_30, &all.d1_30, &one.d31_60,
            &all.d31_60, &one.d61_90, &all.d61_90, &one.d91_plus, &all.d91_plus, &one.total,
            &all.total};
        for (size_t k = 0; k < COUNT(figures); k += 2) {
            assert_int_equal(money_cmp(*figures[k], *figures[k + 1]), 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(late_begins_the_day_after),
        cmocka_unit_test(dso_is_owed_by_sold_times_days),
        cmocka_unit_test(many_at_once_age_as_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
