/* Day numbers to and from the calendar. Years begin in March while counting, so that the day that
 * comes and goes is the last one of a year. */
#include "base/date.h"

enum {
    DAYS_400_YEARS = 146097,
    DAYS_100_YEARS = 36524,
    DAYS_4_YEARS = 1461,
    DAYS_YEAR = 365,
    DAYS_BEFORE_MARCH = 306, /* 0000-03-01 has the day number 1 - 306 */
    DATE_EPOCH = 719163,     /* 1970-01-01 */
};

#define DAY_MS INT64_C(86400000)

static int64_t floor_div(int64_t value, int64_t by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_length(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return lengths[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

/* Any year from 1 on, any month of it; day not beyond its month. */
static Date date_number(DateParts parts)
{
    int year = parts.month <= 2 ? parts.year - 1 : parts.year;
    int month = parts.month <= 2 ? parts.month + 9 : parts.month - 3; /* 0 is March */
    int before = year * DAYS_YEAR + year / 4 - year / 100 + year / 400;
    return before + (153 * month + 2) / 5 + parts.day - DAYS_BEFORE_MARCH;
}

static bool parts_exist(DateParts parts)
{
    return parts.year >= 1 && parts.month >= 1 && parts.month <= 12 && parts.day >= 1 &&
           parts.day <= month_length(parts.year, parts.month);
}

bool date_from_parts(DateParts parts, Date *ret_date)
{
    if (parts.year < 1900 || parts.year > 2199 || !parts_exist(parts)) {
        return false;
    }
    *ret_date = date_number(parts);
    return true;
}

DateParts date_parts(Date date)
{
    ASSERT(date > DATE_NONE);
    int day = date + DAYS_BEFORE_MARCH - 1;
    int era = day / DAYS_400_YEARS;
    day %= DAYS_400_YEARS;
    int year =
        (day - day / (DAYS_4_YEARS - 1) + day / DAYS_100_YEARS - day / (DAYS_400_YEARS - 1)) /
        DAYS_YEAR;
    day -= year * DAYS_YEAR + year / 4 - year / 100;
    int month = (5 * day + 2) / 153;
    return (DateParts){
        .year = era * 400 + year + (month >= 10 ? 1 : 0),
        .month = month >= 10 ? month - 9 : month + 3,
        .day = day - (153 * month + 2) / 5 + 1,
    };
}

/* count digits into *ret_value; false when one is none. */
static bool digits_read(const char *text, int count, int *ret_value)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        value = value * 10 + (text[i] - '0');
    }
    *ret_value = value;
    return true;
}

static void digits_write(int value, int count, char *text)
{
    for (int i = count - 1; i >= 0; i--) {
        text[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

/* The ten characters YYYY-MM-DD at the start of text. */
static bool parts_read(const char *text, DateParts *ret_parts)
{
    return digits_read(text, 4, &ret_parts->year) && text[4] == '-' &&
           digits_read(text + 5, 2, &ret_parts->month) && text[7] == '-' &&
           digits_read(text + 8, 2, &ret_parts->day);
}

static bool date_read(const char *text, Date *ret_date)
{
    DateParts parts;
    return parts_read(text, &parts) && date_from_parts(parts, ret_date);
}

bool date_parse(const char *text, Date *ret_date)
{
    Date date;
    if (!date_read(text, &date) || text[10] != '\0') {
        return false;
    }
    *ret_date = date;
    return true;
}

bool date_parse_stored(const char *text, Date *ret_date)
{
    DateParts parts;
    if (!parts_read(text, &parts) || text[10] != '\0' || !parts_exist(parts)) {
        return false;
    }
    *ret_date = date_number(parts);
    return true;
}

void date_format(Date date, char text[DATE_TEXT_SIZE])
{
    DateParts parts = date_parts(date);
    digits_write(parts.year, 4, text);
    text[4] = '-';
    digits_write(parts.month, 2, text + 5);
    text[7] = '-';
    digits_write(parts.day, 2, text + 8);
    text[10] = '\0';
}

int date_weekday(Date date)
{
    ASSERT(date > DATE_NONE);
    return (date - 1) % 7; /* 0001-01-01 was a Monday */
}

Date date_month_first(Date date)
{
    return date - date_parts(date).day + 1;
}

Date date_add_months(Date date, int months)
{
    DateParts parts = date_parts(date);
    int64_t month = (int64_t)parts.year * 12 + parts.month - 1 + months;
    ASSERT(month >= 12);
    ASSERT(month < INT64_C(10000) * 12);
    parts.year = (int)(month / 12);
    parts.month = (int)(month % 12) + 1;
    int length = month_length(parts.year, parts.month);
    parts.day = parts.day > length ? length : parts.day;
    return date_number(parts);
}

Date date_of_instant(Instant at, int64_t offset_ms)
{
    return (Date)(floor_div(at + offset_ms, DAY_MS) + DATE_EPOCH);
}

Instant date_to_instant(Date date)
{
    return ((Instant)date - DATE_EPOCH) * DAY_MS;
}

bool instant_is_stored(Instant at)
{
    return at >= 0 && at < date_to_instant(DATE_STORED_MAX);
}

void instant_format(Instant at, char text[INSTANT_TEXT_SIZE])
{
    Date date = date_of_instant(at, 0);
    date_format(date, text);
    int ms = (int)(at - date_to_instant(date));
    text[10] = 'T';
    digits_write(ms / 3600000, 2, text + 11);
    text[13] = ':';
    digits_write(ms / 60000 % 60, 2, text + 14);
    text[16] = ':';
    digits_write(ms / 1000 % 60, 2, text + 17);
    text[19] = '.';
    digits_write(ms % 1000, 3, text + 20);
    text[23] = 'Z';
    text[24] = '\0';
}

/* "Z" or "+08:00" to the end of text, in milliseconds ahead of UTC. */
static bool zone_read(const char *text, int64_t *ret_offset_ms)
{
    if ((text[0] == 'Z' || text[0] == 'z') && text[1] == '\0') {
        *ret_offset_ms = 0;
        return true;
    }
    int hours;
    int minutes;
    if ((text[0] != '+' && text[0] != '-') || !digits_read(text + 1, 2, &hours) || text[3] != ':' ||
        !digits_read(text + 4, 2, &minutes) || text[6] != '\0' || hours > 23 || minutes > 59) {
        return false;
    }
    int64_t ahead = (hours * INT64_C(60) + minutes) * 60000;
    *ret_offset_ms = text[0] == '-' ? -ahead : ahead;
    return true;
}

bool instant_parse(const char *text, Instant *ret_at)
{
    Date date;
    int hour;
    int minute;
    int second;
    if (!date_read(text, &date) || (text[10] != 'T' && text[10] != 't') ||
        !digits_read(text + 11, 2, &hour) || text[13] != ':' ||
        !digits_read(text + 14, 2, &minute) || text[16] != ':' ||
        !digits_read(text + 17, 2, &second) || hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    const char *rest = text + 19;
    int ms = 0;
    if (*rest == '.') {
        rest++;
        int digits = 0;
        for (; *rest >= '0' && *rest <= '9'; rest++, digits++) {
            ms = digits < 3 ? ms * 10 + (*rest - '0') : ms;
        }
        if (digits == 0) {
            return false;
        }
        for (; digits < 3; digits++) {
            ms *= 10;
        }
    }
    int64_t offset_ms;
    if (!zone_read(rest, &offset_ms)) {
        return false;
    }
    *ret_at = date_to_instant(date) +
              (hour * INT64_C(3600) + minute * INT64_C(60) + second) * 1000 + ms - offset_ms;
    return true;
}
