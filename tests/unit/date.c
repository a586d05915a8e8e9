/* Dates, instants and zones. */
#include "support/unit.h"

#include "base/date.h"
#include "base/os.h"

#include <string.h>

static const struct {
    const char *text;
    Date date; /* 0: refused */
} parse_rows[] = {
    {"1900-01-01", DATE_MIN},
    {"2199-12-31", DATE_MAX},
    {"1970-01-01", 719163},
    {"2000-02-29", 730179},
    {"2024-02-29", 738945},
    {"2026-11-23", 739943},
    {"1899-12-31", 0},
    {"2200-01-01", 0},
    {"0000-00-00", 0},
    {"2025-02-29", 0},
    {"1900-02-29", 0}, /* a century that is no leap year */
    {"2100-02-29", 0},
    {"2025-02-30", 0},
    {"2025-04-31", 0},
    {"2025-13-01", 0},
    {"2025-00-10", 0},
    {"2025-01-00", 0},
    {"2025-01-32", 0},
    {"2025-1-01", 0},
    {"2025-01-1", 0},
    {"25-01-01", 0},
    {"2025/01/01", 0},
    {"2025-01-01 ", 0},
    {" 2025-01-01", 0},
    {"2025-01-01T00:00:00Z", 0},
    {"20250101", 0},
    {"+025-01-01", 0},
    {"2025-01-0a", 0},
    {"", 0},
    {"2025", 0},
    {"2025-", 0},
    {"2025-01-", 0},
};

/* A sum of days that began within what is taken is read back. */
static void sums_of_days_are_read_back(void **state)
{
    (void)state;
    for (Date date = DATE_MAX - 3; date <= DATE_MAX + 3650; date++) {
        char text[DATE_TEXT_SIZE];
        Date back = DATE_NONE;
        date_format(date, text);
        assert_true(date_parse_stored(text, &back));
        assert_int_equal(back, date);
        assert_true(date_parse(text, &back) == (date <= DATE_MAX));
    }
    Date date;
    assert_false(date_parse_stored("2025-02-30", &date));
    assert_false(date_parse_stored("0000-01-01", &date));
    assert_false(date_parse_stored("2025-01-01 ", &date));
}

static void dates_are_parsed_exactly(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(parse_rows); i++) {
        Date date = -7;
        bool is_taken = date_parse(parse_rows[i].text, &date);
        CHECK_ROW(parse_rows[i].text, is_taken == (parse_rows[i].date != 0));
        CHECK_ROW(parse_rows[i].text, date == (is_taken ? parse_rows[i].date : -7));
        CHECK_ROW(parse_rows[i].text, !is_taken || date_parse_stored(parse_rows[i].text, &date));
        if (is_taken) {
            char text[DATE_TEXT_SIZE];
            date_format(date, text);
            assert_string_equal(text, parse_rows[i].text);
        }
    }
}

/* A second way to count: day after day, by the rules one learns at school. */
static void every_day_follows_the_one_before(void **state)
{
    (void)state;
    DateParts expected = {1900, 1, 1};
    for (Date date = DATE_MIN; date <= DATE_MAX; date++) {
        DateParts parts = date_parts(date);
        assert_int_equal(parts.year, expected.year);
        assert_int_equal(parts.month, expected.month);
        assert_int_equal(parts.day, expected.day);
        Date back;
        assert_true(date_from_parts(parts, &back));
        assert_int_equal(back, date);
        assert_int_equal(date_weekday(date), (date - DATE_MIN) % 7); /* 1900-01-01 was a Monday */
        assert_int_equal(date_month_first(date), date - parts.day + 1);
        bool is_leap =
            expected.year % 4 == 0 && (expected.year % 100 != 0 || expected.year % 400 == 0);
        static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        int length = lengths[expected.month - 1] + (expected.month == 2 && is_leap);
        expected.day++;
        if (expected.day > length) {
            expected = (DateParts){expected.year + expected.month / 12, expected.month % 12 + 1, 1};
        }
    }
    assert_int_equal(expected.year, 2200);
}

static Date day(const char *text)
{
    Date date = DATE_NONE;
    assert_true(date_parse(text, &date));
    return date;
}

static void months_are_added_with_the_day_cut(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        int months;
        const char *to;
    } rows[] = {
        {"2025-01-31", 1, "2025-02-28"},
        {"2024-01-31", 1, "2024-02-29"},
        {"2025-01-31", 2, "2025-03-31"},
        {"2025-12-15", 1, "2026-01-15"},
        {"2025-01-15", -1, "2024-12-15"},
        {"2025-03-31", -1, "2025-02-28"},
        {"2024-02-29", 12, "2025-02-28"},
        {"2024-02-29", -48, "2020-02-29"},
        {"2025-05-31", 0, "2025-05-31"},
        {"2025-10-31", -11, "2024-11-30"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[DATE_TEXT_SIZE];
        date_format(date_add_months(day(rows[i].from), rows[i].months), text);
        CHECK_ROW(rows[i].from, strcmp(text, rows[i].to) == 0);
    }
}

static void instants_are_written_in_utc(void **state)
{
    (void)state;
    static const struct {
        Instant at;
        const char *text;
    } rows[] = {
        {0, "1970-01-01T00:00:00.000Z"},
        {INT64_C(1795457654123), "2026-11-23T18:14:14.123Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {INT64_C(951782400000) - 1, "2000-02-28T23:59:59.999Z"},
        {INT64_C(951782400000), "2000-02-29T00:00:00.000Z"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[INSTANT_TEXT_SIZE];
        instant_format(rows[i].at, text);
        assert_string_equal(text, rows[i].text);
        Instant back = 5;
        assert_true(instant_parse(text, &back));
        assert_true(back == rows[i].at);
    }
}

static void instants_are_parsed(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        Instant at; /* -5: refused */
    } rows[] = {
        {"1970-01-01T00:00:01Z", 1000},
        {"1970-01-01t00:00:01z", 1000},
        {"1970-01-01T00:00:00.5Z", 500},
        {"1970-01-01T00:00:00.123999Z", 123},
        {"1970-01-01T08:00:00+08:00", 0},
        {"1969-12-31T19:00:00-05:00", 0},
        {"1970-01-01T05:30:00+05:30", 0},
        {"1970-01-01T00:00:00", -5},
        {"1970-01-01 00:00:00Z", -5},
        {"1970-01-01T24:00:00Z", -5},
        {"1970-01-01T23:60:00Z", -5},
        {"1970-01-01T23:59:60Z", -5},
        {"1970-01-01T00:00:00.Z", -5},
        {"1970-01-01T00:00:00+0800", -5},
        {"1970-01-01T00:00:00+08:60", -5},
        {"1970-01-01T00:00:00+24:00", -5},
        {"1970-01-01T00:00:00Zz", -5},
        {"1970-02-30T00:00:00Z", -5},
        {"1970-01-01T", -5},
        {"1970-01-01", -5},
        {"", -5},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Instant at = -5;
        CHECK_ROW(rows[i].text, instant_parse(rows[i].text, &at) == (rows[i].at != -5));
        CHECK_ROW(rows[i].text, at == rows[i].at);
    }
}

static void instants_have_a_local_date(void **state)
{
    (void)state;
    Instant midnight = date_to_instant(day("2025-06-01"));
    int64_t hour = 3600000;
    assert_int_equal(date_of_instant(midnight, 0), day("2025-06-01"));
    assert_int_equal(date_of_instant(midnight - 1, 0), day("2025-05-31"));
    assert_int_equal(date_of_instant(midnight - 8 * hour, 8 * hour), day("2025-06-01"));
    assert_int_equal(date_of_instant(midnight - 8 * hour - 1, 8 * hour), day("2025-05-31"));
    assert_int_equal(date_of_instant(midnight, -hour), day("2025-05-31"));
    assert_int_equal(date_of_instant(-1, 0), day("1969-12-31"));
}

static void zones_are_known(void **state)
{
    (void)state;
    if (!os_file_exists("/usr/share/zoneinfo/Europe/Berlin")) {
        print_message("skipped: no zone files on this machine (Debian: tzdata)\n");
        skip();
    }
    static const struct {
        const char *zone;
        const char *at;
        int minutes;
    } rows[] = {
        {"UTC", "2025-07-01T00:00:00Z", 0},
        {"Asia/Shanghai", "2025-07-01T00:00:00Z", 480},
        {"Asia/Shanghai", "1988-07-01T00:00:00Z", 540}, /* it had summer time then */
        {"Asia/Kolkata", "2025-07-01T00:00:00Z", 330},
        {"Europe/Berlin", "2025-01-01T00:00:00Z", 60},
        {"Europe/Berlin", "2025-03-30T00:59:59Z", 60},
        {"Europe/Berlin", "2025-03-30T01:00:00Z", 120},
        {"Europe/Berlin", "2025-10-26T00:59:59Z", 120},
        {"Europe/Berlin", "2025-10-26T01:00:00Z", 60},
        {"Europe/Berlin", "2150-07-01T00:00:00Z", 120}, /* by the rule of the footer */
        {"Europe/Berlin", "2150-12-01T00:00:00Z", 60},
        {"America/New_York", "2150-03-08T06:59:59Z", -300}, /* second Sunday in March */
        {"America/New_York", "2150-03-08T07:00:00Z", -240},
        {"America/New_York", "2150-11-01T05:59:59Z", -240},
        {"America/New_York", "2150-11-01T06:00:00Z", -300},
        {"Australia/Sydney", "2150-01-15T00:00:00Z", 660}, /* summer over the new year */
        {"Australia/Sydney", "2150-07-15T00:00:00Z", 600},
        {"America/Sao_Paulo", "2150-01-15T00:00:00Z", -180},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Instant at = 0;
        assert_true(instant_parse(rows[i].at, &at));
        int64_t offset_ms = 1;
        CHECK_ROW(rows[i].at, os_zone_offset(rows[i].zone, at, &offset_ms));
        CHECK_ROW(rows[i].at, offset_ms == rows[i].minutes * INT64_C(60000));
    }
    static const char *const unknown[] = {
        "", "Asia", "Asia/Nowhere", "../../etc/passwd", "/etc/passwd", "Asia/../UTC", "zone.tab"};
    for (size_t i = 0; i < COUNT(unknown); i++) {
        int64_t offset_ms = 1;
        CHECK_ROW(unknown[i], !os_zone_offset(unknown[i], 0, &offset_ms));
        CHECK_ROW(unknown[i], offset_ms == 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_parsed_exactly),
        cmocka_unit_test(sums_of_days_are_read_back),
        cmocka_unit_test(every_day_follows_the_one_before),
        cmocka_unit_test(months_are_added_with_the_day_cut),
        cmocka_unit_test(instants_are_written_in_utc),
        cmocka_unit_test(instants_are_parsed),
        cmocka_unit_test(instants_have_a_local_date),
        cmocka_unit_test(zones_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
