/* How far a zone's local time is ahead of UTC, read from the system's zone files (RFC 8536): the
 * table of transitions, and after the last one the rule in the file's footer. The C library could
 * tell it only through the environment, which threads share. */
#include "base/os.h"

#include "base/date.h"

#include <stdlib.h>
#include <string.h>

static const char zone_folder[] = "/usr/share/zoneinfo";

enum { ZONE_BYTES_MAX = 256 * 1024, HEADER_BYTES = 44, HOUR_S = 3600, DAY_S = 86400 };

/* ---- the rule of the footer, e.g. "CET-1CEST,M3.5.0,M10.5.0/3" */

typedef struct Change {
    char kind; /* 'M' month, week, weekday; 'J' day of a year without 29 February; '0' day from 0 */
    int month;
    int week; /* 5 is the last */
    int day;  /* weekday from Sunday, or day of the year */
    int at_s; /* after local midnight */
} Change;

typedef struct Rule {
    int standard_s; /* ahead of UTC */
    int summer_s;
    bool has_summer;
    Change start;
    Change end;
} Rule;

static bool number_read(const char **text, int *ret_value)
{
    const char *c = *text;
    int value = 0;
    for (; *c >= '0' && *c <= '9' && value < 10000; c++) {
        value = value * 10 + (*c - '0');
    }
    if (c == *text) {
        return false;
    }
    *text = c;
    *ret_value = value;
    return true;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool clock_read(const char **text, int *ret_seconds)
{
    bool is_negative = **text == '-';
    *text += **text == '-' || **text == '+' ? 1 : 0;
    int seconds = 0;
    int unit = HOUR_S;
    for (;;) {
        int value;
        if (!number_read(text, &value)) {
            return false;
        }
        seconds += value * unit;
        unit /= 60;
        if (**text != ':' || unit == 0) {
            break;
        }
        (*text)++;
    }
    *ret_seconds = is_negative ? -seconds : seconds;
    return true;
}

/* Letters, or anything in angle brackets. */
static bool name_skip(const char **text)
{
    const char *c = *text;
    if (*c == '<') {
        c = strchr(c, '>');
        if (c == NULL) {
            return false;
        }
        *text = c + 1;
        return true;
    }
    while ((*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z')) {
        c++;
    }
    bool has_name = c != *text;
    *text = c;
    return has_name;
}

static bool mark_skip(const char **text, char mark)
{
    if (**text != mark) {
        return false;
    }
    (*text)++;
    return true;
}

static bool change_read(const char **text, Change *ret_change)
{
    Change change = {.kind = '0', .at_s = 2 * HOUR_S};
    if (**text == 'M') {
        (*text)++;
        change.kind = 'M';
        if (!number_read(text, &change.month) || !mark_skip(text, '.') ||
            !number_read(text, &change.week) || !mark_skip(text, '.') ||
            !number_read(text, &change.day) || change.month < 1 || change.month > 12 ||
            change.week < 1 || change.week > 5 || change.day > 6) {
            return false;
        }
    } else {
        change.kind = mark_skip(text, 'J') ? 'J' : '0';
        if (!number_read(text, &change.day) || change.day > 365) {
            return false;
        }
    }
    if (mark_skip(text, '/') && !clock_read(text, &change.at_s)) {
        return false;
    }
    *ret_change = change;
    return true;
}

static bool rule_read(const char *text, Rule *ret_rule)
{
    Rule rule = {0};
    int behind_s;
    if (!name_skip(&text) || !clock_read(&text, &behind_s)) {
        return false;
    }
    rule.standard_s = -behind_s;
    if (*text != '\0') {
        rule.has_summer = true;
        rule.summer_s = rule.standard_s + HOUR_S;
        if (!name_skip(&text)) {
            return false;
        }
        if (*text != ',' && clock_read(&text, &behind_s)) {
            rule.summer_s = -behind_s;
        }
        if (!mark_skip(&text, ',') || !change_read(&text, &rule.start) || !mark_skip(&text, ',') ||
            !change_read(&text, &rule.end) || *text != '\0') {
            return false;
        }
    }
    *ret_rule = rule;
    return true;
}

/* Seconds from 1970 to the change in that year, as the local clock before it shows them. */
static int64_t change_in_year(const Change *change, int year)
{
    Date first = DATE_MIN;
    Date day;
    bool is_known = date_from_parts(
        (DateParts){.year = year, .month = change->kind == 'M' ? change->month : 1, .day = 1},
        &first);
    ASSERT(is_known);
    if (change->kind == 'M') {
        int weekday = (date_weekday(first) + 1) % 7; /* from Sunday, as the rule counts */
        day = first + (change->day - weekday + 7) % 7 + (change->week - 1) * 7;
        if (date_month_first(day) != first) {
            day -= 7;
        }
    } else {
        bool is_leap = date_parts(first + 59).day == 29;
        day = first + change->day;
        day -= change->kind == 'J' && !(is_leap && change->day >= 60) ? 1 : 0;
    }
    return date_to_instant(day) / 1000 + change->at_s;
}

static int rule_offset(const Rule *rule, int64_t at_s)
{
    Date date = date_of_instant(at_s * 1000, rule->standard_s * INT64_C(1000));
    if (!rule->has_summer || date < DATE_MIN || date > DATE_MAX) {
        return rule->standard_s;
    }
    int year = date_parts(date).year;
    int64_t start = change_in_year(&rule->start, year) - rule->standard_s;
    int64_t end = change_in_year(&rule->end, year) - rule->summer_s;
    /* South of the equator summer spans the new year. */
    bool is_summer = start < end ? at_s >= start && at_s < end : at_s >= start || at_s < end;
    return is_summer ? rule->summer_s : rule->standard_s;
}

/* ---- the file */

typedef struct Counts {
    size_t utc;
    size_t standard;
    size_t leap;
    size_t time;
    size_t type;
    size_t letter;
} Counts;

static int64_t number_at(const unsigned char *at, size_t size)
{
    uint64_t value = at[0] >= 0x80 ? UINT64_MAX : 0;
    for (size_t i = 0; i < size; i++) {
        value = value << 8 | at[i];
    }
    return (int64_t)value;
}

/* Takes a header and the block after it off the front; false when they are not whole. */
static bool block_take(
    const unsigned char **data, size_t *size, size_t time_size, Counts *ret_counts)
{
    if (*size < HEADER_BYTES || memcmp(*data, "TZif", 4) != 0 || (*data)[4] < '2') {
        return false;
    }
    size_t counts[6];
    for (size_t i = 0; i < COUNT(counts); i++) {
        int64_t count = number_at(*data + 20 + 4 * i, 4);
        if (count < 0 || count > ZONE_BYTES_MAX) {
            return false;
        }
        counts[i] = (size_t)count;
    }
    Counts c = {counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]};
    size_t block = HEADER_BYTES + c.time * (time_size + 1) + c.type * 6 + c.letter +
                   c.leap * (time_size + 4) + c.standard + c.utc;
    if (block > *size || c.type == 0) {
        return false;
    }
    *data += block;
    *size -= block;
    *ret_counts = c;
    return true;
}

/* The offset of the last transition not after at_s. */
static bool table_offset(
    const unsigned char *block, const Counts *counts, int64_t at_s, int *ret_offset_s)
{
    const unsigned char *times = block + HEADER_BYTES;
    const unsigned char *types = times + counts->time * 8;
    const unsigned char *rows = types + counts->time;
    size_t low = 0; /* transitions not after at_s */
    size_t high = counts->time;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (number_at(times + middle * 8, 8) <= at_s) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    size_t type = low == 0 ? 0 : types[low - 1];
    if (type >= counts->type) {
        return false;
    }
    *ret_offset_s = (int)number_at(rows + type * 6, 4);
    return true;
}

static bool data_offset(const unsigned char *data, size_t size, int64_t at_s, int *ret_offset_s)
{
    Counts counts;
    if (!block_take(&data, &size, 4, &counts)) {
        return false;
    }
    const unsigned char *block = data;
    if (!block_take(&data, &size, 8, &counts)) {
        return false;
    }
    bool is_after =
        counts.time == 0 || at_s >= number_at(block + HEADER_BYTES + (counts.time - 1) * 8, 8);
    const char *footer = (const char *)data;
    const char *end = size < 3 || footer[0] != '\n' ? NULL : memchr(footer + 1, '\n', size - 1);
    size_t length = end == NULL ? 0 : (size_t)(end - footer) - 1;
    char text[128];
    Rule rule;
    if (is_after && length > 0 && length < sizeof(text)) {
        memcpy(text, footer + 1, length);
        text[length] = '\0';
        if (rule_read(text, &rule)) {
            *ret_offset_s = rule_offset(&rule, at_s);
            return true;
        }
    }
    return table_offset(block, &counts, at_s, ret_offset_s);
}

/* No way out of the folder. */
static bool is_zone_name(const char *zone)
{
    for (const char *c = zone; *c != '\0'; c++) {
        bool is_letter = (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z');
        bool is_other = (*c >= '0' && *c <= '9') || *c == '_' || *c == '-' || *c == '+';
        if (!is_letter && !is_other && (*c != '/' || c == zone)) {
            return false;
        }
    }
    return zone[0] != '\0' && strlen(zone) < 64;
}

bool os_zone_offset(const char *zone, Instant at, int64_t *ret_offset_ms)
{
    if (strcmp(zone, "UTC") == 0) {
        *ret_offset_ms = 0;
        return true;
    }
    if (!is_zone_name(zone)) {
        return false;
    }
    CLEANUP(arena_free_at) Arena *arena = arena_new((size_t)2 * ZONE_BYTES_MAX);
    const char *path = arena_printf(arena, "%s/%s", zone_folder, zone);
    char *data;
    size_t size;
    if (os_file_read(arena, path, ZONE_BYTES_MAX, &data, &size) != OS_OK) {
        return false;
    }
    int64_t at_s = at / 1000 - (at % 1000 < 0 ? 1 : 0);
    int offset_s;
    if (!data_offset((const unsigned char *)data, size, at_s, &offset_s)) {
        return false;
    }
    *ret_offset_ms = offset_s * INT64_C(1000);
    return true;
}
