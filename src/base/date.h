/* Dates of the proleptic Gregorian calendar as day numbers, and instants as UTC milliseconds. */
#ifndef GUANXI_BASE_DATE_H
#define GUANXI_BASE_DATE_H

#include "base/attr.h"

#include <stdbool.h>
#include <stdint.h>

/* Days, 0001-01-01 being 1. Subtracts and compares as a number. 0 is "no date". */
typedef int32_t Date;
#define DATE_NONE ((Date)0)
/* What the program takes: 1900-01-01 to 2199-12-31, so that no sum of days (a promise's window, a
 * horizon) leaves four digits; what is stored may be such a sum. */
#define DATE_MIN ((Date)693596)
#define DATE_MAX ((Date)803168)
#define DATE_STORED_MAX ((Date)3652059) /* 9999-12-31 */

/* Milliseconds since 1970-01-01 UTC; 0 is "no instant". */
typedef int64_t Instant;

typedef struct DateParts {
    int year;
    int month; /* 1 to 12 */
    int day;   /* 1 to 31 */
} DateParts;

enum { DATE_TEXT_SIZE = 11, INSTANT_TEXT_SIZE = 25 };

/* Exactly YYYY-MM-DD, an existing day within DATE_MIN and DATE_MAX; else false. */
MUST_CHECK bool date_parse(const char *text, Date *ret_date);
/* Any day of the years 1 to 9999: for what was stored by ourselves. */
MUST_CHECK bool date_parse_stored(const char *text, Date *ret_date);
MUST_CHECK bool date_from_parts(DateParts parts, Date *ret_date);
DateParts date_parts(Date date);
void date_format(Date date, char text[DATE_TEXT_SIZE]);
int date_weekday(Date date);                         /* 0 Monday to 6 Sunday */
Date date_month_first(Date date);                    /* first day of its month */
Date date_add_months(Date date, int months);         /* day cut to the month's length */
Date date_of_instant(Instant at, int64_t offset_ms); /* offset_ms: of local time from UTC */
Instant date_to_instant(Date date);                  /* its midnight, UTC */
bool instant_is_stored(Instant at); /* whether a database can hold it: none, or up to 9999 */
void instant_format(Instant at, char text[INSTANT_TEXT_SIZE]); /* 2026-11-23T18:14:14.123Z */
/* RFC 3339 with its zone; digits beyond milliseconds are cut, leap seconds are not taken. */
MUST_CHECK bool instant_parse(const char *text, Instant *ret_at);

#endif
