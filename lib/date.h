/*
 * Dates of the proleptic Gregorian calendar as days since 1970-01-01 (int32_t). Valid years are
 * 1800..2200; no time zones here: a date is what a case worker wrote.
 */
#ifndef MIA_LIB_DATE_H
#define MIA_LIB_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DATE_NONE INT32_MIN
#define DATE_TEXT_BYTES 11 /* "2018-04-01" and NUL */
#define DATE_MOMENT_BYTES 21 /* "2018-04-01T06:00:00Z" and NUL */

struct date_civil {
	int year, month, day; /* 1800..2200, 1..12, 1..31 */
};

/* How d/m/y dates in a file are to be read; DATE_ORDER_REFUSED refuses them (5-cli). */
enum date_order {
	DATE_ORDER_REFUSED,
	DATE_ORDER_DMY,
	DATE_ORDER_MDY,
};

bool date_is_valid(int year, int month, int day);
/* Days since 1970-01-01 of a valid civil date (assert), and back. */
int32_t date_from_civil(int year, int month, int day);
struct date_civil date_to_civil(int32_t day);

/* Strict ISO 8601, "2018-04-01": 0 or -EINVAL. */
int date_parse_iso(const char *text, int32_t *ret_day);

/*
 * What Swedish spreadsheets and case systems write: 2018-04-01, 20180401, 180401 (the latest
 * century not after today), 2018-04-01 00:00[:00], Excel serials 20000..73000, and d/m/y or m/d/y
 * (also with . and -) by order. -EINVAL not a date, -EDOM ambiguous (needs --dates).
 */
int date_parse_any(const char *text, enum date_order order, int32_t today, int32_t *ret_day);

void date_format(int32_t day, char ret_text[DATE_TEXT_BYTES]);

/* Whole years from birth to day (birthday on 29 February is reached on 1 March in common years). */
int date_age(int32_t birth, int32_t day);

/* The same day n months on (n may be negative), cut to the length of that month. */
int32_t date_add_months(int32_t day, int n);

/* UTC moment <-> date; a moment is int64_t seconds since 1970. */
int32_t date_of_moment(int64_t at);
int64_t date_to_moment(int32_t day);
void date_format_moment(int64_t at, char ret_text[DATE_MOMENT_BYTES]);
/* "2018-07-11" (midnight UTC) or "2018-07-11T06:00:00Z": 0 or -EINVAL. */
int date_parse_moment(const char *text, int64_t *ret_at);

#endif
