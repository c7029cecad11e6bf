/*
 * Periods. A period is a month, counted as year * 12 + (month - 1); quarters and years are ranges
 * of months (2-domain, Calendar).
 */
#ifndef MIA_PROTO_PERIOD_H
#define MIA_PROTO_PERIOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The months there are (lib/date); the functions below take any other number for the nearer end. */
#define PERIOD_FIRST (1800u * 12)
#define PERIOD_LAST (2200u * 12 + 11)

#define PERIOD_TEXT_BYTES 24 /* "2018-06", "2018q2", "2018", "2018-05..2018-09" and NUL */

struct period_range {
	uint32_t first, last; /* months, inclusive */
};

uint32_t period_of_day(int32_t day);
int32_t period_first_day(uint32_t period);
int32_t period_last_day(uint32_t period);

/* "2018-06", "2018q2", "2018" or "A..B" of those: 0 or -EINVAL. */
int period_parse(const char *text, struct period_range *ret_range);
/* The shortest of those forms: whole years and quarters are written as such. */
void period_format(struct period_range range, char ret_text[static PERIOD_TEXT_BYTES]);
void period_format_month(uint32_t period, char ret_text[static PERIOD_TEXT_BYTES]);

bool period_ends_quarter(uint32_t period);
bool period_ends_year(uint32_t period);
/* The quarter and the year a month lies in. */
struct period_range period_quarter(uint32_t period);
struct period_range period_year(uint32_t period);

#endif
