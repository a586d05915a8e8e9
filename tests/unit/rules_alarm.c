/* When an alert is raised, and how loudly. */
#include "support/unit.h"

#include "rules/alarm.h"
#include "rules/limit.h"
#include "support/rules.h"

#include <string.h>

static Currency cny(void)
{
    return currency_from_text("CNY");
}

static Money yuan(int64_t whole)
{
    return money_of(cny(), whole * 100);
}

#define CHECK_ALARM(row, got, expected) CHECK_ROW(row, strcmp(severity(got), expected) == 0)

static const char *severity(AlarmSeverity got)
{
    return got == ALARM_OFF ? "off" : alarm_severity_names[got];
}

static void accounts_table(void **state)
{
    (void)state;
    static const struct {
        const char *exposure, *limit;
        const char *over, *use; /* watch level 90 */
        const char *why;
    } rows[] = {
        {"0", "none", "off", "off", "nothing owed"},
        {"1", "none", "warning", "off", "owed without a limit"},
        {"900", "1000", "off", "off", "equal to the watch level"},
        {"900.01", "1000", "off", "info", "above it"},
        {"1000", "1000", "off", "info", "full"},
        {"1000.01", "1000", "warning", "off", "over: told once"},
        {"1200", "1000", "warning", "off", "a fifth over"},
        {"1200.01", "1000", "critical", "off", "more than a fifth"},
        {"1", "0", "critical", "off", "zero is a limit"},
        {"-5", "0", "off", "off", "paid in advance"},
        {"9000", "unlimited", "off", "off", "unlimited"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Money exposure = money_from_text(rows[i].exposure, cny());
        LimitValue limit = limit_from_text(rows[i].limit, cny());
        CHECK_ALARM(rows[i].why, alarm_exposure_over_limit(exposure, limit), rows[i].over);
        CHECK_ALARM(rows[i].why, alarm_limit_use(exposure, limit, decimal_of(90, 0)), rows[i].use);
        CHECK_ALARM(rows[i].why, alarm_limit_use(exposure, limit, (Decimal){0}), rows[i].use);
    }
}

static void figures_table(void **state)
{
    (void)state;
    CHECK_ALARM("overdue 30", alarm_overdue(30, yuan(1), 30), "off");
    CHECK_ALARM("overdue 31", alarm_overdue(31, yuan(1), 30), "warning");
    CHECK_ALARM("overdue 59", alarm_overdue(59, yuan(1), 30), "warning");
    CHECK_ALARM("overdue 60", alarm_overdue(60, yuan(1), 30), "critical");
    CHECK_ALARM("twice what is allowed", alarm_overdue(11, yuan(1), 5), "critical");
    CHECK_ALARM("paid meanwhile", alarm_overdue(90, yuan(0), 30), "off");
    CHECK_ALARM("none broken", alarm_broken_promise(0), "off");
    CHECK_ALARM("one broken", alarm_broken_promise(1), "warning");
    CHECK_ALARM("two broken", alarm_broken_promise(2), "critical");
    CHECK_ALARM("unbilled 60", alarm_shipped_not_invoiced(60, 60), "off");
    CHECK_ALARM("unbilled 61", alarm_shipped_not_invoiced(61, 60), "warning");
    CHECK_ALARM("invoiced as shipped", alarm_invoiced_beyond_shipped(yuan(5), yuan(5)), "off");
    CHECK_ALARM("invoiced beyond", alarm_invoiced_beyond_shipped(yuan(6), yuan(5)), "warning");
    CHECK_ALARM("one way", alarm_mutual_clearing(9, 0), "off");
    CHECK_ALARM("both ways", alarm_mutual_clearing(1, 1), "critical");
    CHECK_ALARM("nobody", alarm_self_approved(0), "off");
    CHECK_ALARM("oneself", alarm_self_approved(1), "info");
}

static void owner_exceptions_table(void **state)
{
    (void)state;
    static const struct {
        int64_t count[5], amount[5];
        const char *severity;
        const char *why;
    } rows[] = {
        {{0}, {0}, "off", "none"},
        {{1}, {900}, "off", "a first one"},
        {{2}, {900}, "warning", "a second, where there were none before"},
        {{3, 2, 1, 0, 0}, {300, 200, 100, 0, 0}, "warning", "more than ever"},
        {{2, 2, 2, 2, 2}, {200, 200, 200, 200, 200}, "off", "as always"},
        {{2, 2, 2, 2, 2}, {201, 200, 200, 200, 200}, "warning", "as many, more money"},
        {{3, 2, 0, 0, 0}, {100, 200, 0, 0, 0}, "warning", "more of them, less money"},
        {{4, 2, 1, 0, 0}, {300, 200, 100, 0, 0}, "critical", "twice as many"},
        {{3, 2, 0, 0, 0}, {400, 200, 0, 0, 0}, "critical", "twice the money"},
        {{3, 1, 1, 1, 4}, {300, 100, 100, 100, 400}, "off", "a year ago there were more"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        OwnerExceptions exceptions;
        for (size_t q = 0; q < COUNT(exceptions.count); q++) {
            exceptions.count[q] = rows[i].count[q];
            exceptions.amount[q] = yuan(rows[i].amount[q]);
        }
        CHECK_ALARM(rows[i].why, alarm_owner_exceptions(&exceptions), rows[i].severity);
    }
}

static void owner_share_table(void **state)
{
    (void)state;
    static const struct {
        int64_t overdue, receivable, overdue_before, receivable_before;
        const char *severity;
        const char *why;
    } rows[] = {
        {0, 0, 0, 0, "off", "nothing owed"},
        {99, 1000, 10, 1000, "off", "below a tenth, whatever the growth"},
        {100, 1000, 80, 1000, "warning", "a quarter more than before"},
        {100, 1000, 81, 1000, "off", "a little less than a quarter more"},
        {200, 1000, 200, 1000, "off", "as before"},
        {200, 1000, 100, 500, "off", "as before, of twice as much"},
        {200, 1000, 0, 0, "warning", "nothing to compare with"},
        {299, 1000, 299, 1000, "off", "high, not growing"},
        {300, 1000, 900, 1000, "critical", "so high that the trend does not matter"},
        {150, 1000, 0, 1000, "warning", "from nothing"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        OwnerShare share = {.overdue = yuan(rows[i].overdue),
            .receivable = yuan(rows[i].receivable),
            .overdue_before = yuan(rows[i].overdue_before),
            .receivable_before = yuan(rows[i].receivable_before)};
        CHECK_ALARM(rows[i].why, alarm_owner_overdue_share(&share), rows[i].severity);
    }
}

static void hospitality_table(void **state)
{
    (void)state;
    static const struct {
        int64_t feasts, sales, before;
        const char *severity;
        const char *why;
    } rows[] = {
        {1, 100, 200, "off", "one dinner"},
        {2, 100, 200, "warning", "two, and sales fell"},
        {2, 200, 200, "warning", "two, and sales stood still"},
        {2, 201, 200, "off", "two, and sales grew"},
        {9, 0, 0, "warning", "many, and no sales at all"},
        {0, 0, 200, "off", "none"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        HospitalityGrowth growth = {.feasts = rows[i].feasts,
            .cost = yuan(50),
            .sales = yuan(rows[i].sales),
            .sales_before = yuan(rows[i].before)};
        CHECK_ALARM(rows[i].why, alarm_hospitality_no_growth(&growth), rows[i].severity);
    }
    Date visit = day("2025-06-10");
    CHECK_ALARM("same day", alarm_hospitality_redate(visit, visit, true), "critical");
    CHECK_ALARM("three after", alarm_hospitality_redate(visit + 3, visit, true), "critical");
    CHECK_ALARM("three before", alarm_hospitality_redate(visit - 3, visit, true), "critical");
    CHECK_ALARM("four after", alarm_hospitality_redate(visit + 4, visit, true), "off");
    CHECK_ALARM("four before", alarm_hospitality_redate(visit - 4, visit, true), "off");
    CHECK_ALARM("no new date", alarm_hospitality_redate(visit, visit, false), "off");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accounts_table),
        cmocka_unit_test(figures_table),
        cmocka_unit_test(owner_exceptions_table),
        cmocka_unit_test(owner_share_table),
        cmocka_unit_test(hospitality_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
