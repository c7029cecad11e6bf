#include "proto/period.h"

#include "lib/date.h"
#include "lib/fail.h"
#include "lib/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static uint32_t clamp(uint32_t period)
{
	if (period < PERIOD_FIRST)
		return PERIOD_FIRST;
	return period > PERIOD_LAST ? PERIOD_LAST : period;
}

uint32_t period_of_day(int32_t day)
{
	const int32_t first = period_first_day(PERIOD_FIRST), last = period_last_day(PERIOD_LAST);
	struct date_civil civil = date_to_civil(day < first ? first : day > last ? last : day);

	return (uint32_t)civil.year * 12 + (uint32_t)civil.month - 1;
}

int32_t period_first_day(uint32_t period)
{
	period = clamp(period);
	return date_from_civil((int)(period / 12), (int)(period % 12) + 1, 1);
}

int32_t period_last_day(uint32_t period)
{
	period = clamp(period);
	if (period == PERIOD_LAST)
		return date_from_civil((int)(PERIOD_LAST / 12), 12, 31);
	return period_first_day(period + 1) - 1;
}

static bool digits(const char *text, size_t n, uint32_t *ret_number)
{
	uint32_t number = 0;

	for (size_t i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		number = number * 10 + (uint32_t)(text[i] - '0');
	}
	*ret_number = number;
	return true;
}

/* One of "2018", "2018q2", "2018-06" in exactly n bytes. */
static bool parse_one(const char *text, size_t n, struct period_range *ret_range)
{
	uint32_t year, part;

	if (n < 4 || !digits(text, 4, &year) || year < PERIOD_FIRST / 12 || year > PERIOD_LAST / 12)
		return false;
	if (n == 4) {
		*ret_range = (struct period_range){year * 12, year * 12 + 11};
		return true;
	}
	if (n == 6 && (text[4] == 'q' || text[4] == 'Q') && digits(text + 5, 1, &part) &&
	    part >= 1 && part <= 4) {
		*ret_range = period_quarter(year * 12 + (part - 1) * 3);
		return true;
	}
	if (n == 7 && text[4] == '-' && digits(text + 5, 2, &part) && part >= 1 && part <= 12) {
		*ret_range = (struct period_range){year * 12 + part - 1, year * 12 + part - 1};
		return true;
	}
	return false;
}

int period_parse(const char *text, struct period_range *ret_range)
{
	const char *dots = strstr(text, "..");
	struct period_range first, last;

	if (dots == NULL)
		return parse_one(text, strlen(text), ret_range) ? 0 : fail(-EINVAL);
	if (!parse_one(text, (size_t)(dots - text), &first) ||
	    !parse_one(dots + 2, strlen(dots + 2), &last))
		return fail(-EINVAL);
	if (first.last > last.last)
		return fail(-EINVAL);
	*ret_range = (struct period_range){first.first, last.last};
	return 0;
}

/* Writes the unit (1, 3 or 12 months) that begins at period. */
static void print_unit(char *text, size_t size, uint32_t period, uint32_t months)
{
	if (months == 12)
		(void)snprintf(text, size, "%04u", period / 12);
	else if (months == 3)
		(void)snprintf(text, size, "%04uq%u", period / 12, period % 12 / 3 + 1);
	else
		(void)snprintf(text, size, "%04u-%02u", period / 12, period % 12 + 1);
}

void period_format(struct period_range range, char ret_text[static PERIOD_TEXT_BYTES])
{
	const uint32_t first = clamp(range.first), last = clamp(range.last);
	uint32_t months = 1;
	char from[16], to[16], whole[40];

	if (first % 12 == 0 && last % 12 == 11)
		months = 12;
	else if (first % 3 == 0 && last % 3 == 2)
		months = 3;
	print_unit(from, sizeof(from), first, months);
	print_unit(to, sizeof(to), last - last % months, months);
	(void)snprintf(whole, sizeof(whole), "%s..%s", from, to);
	text_copy(ret_text, PERIOD_TEXT_BYTES, strcmp(from, to) == 0 ? from : whole);
}

void period_format_month(uint32_t period, char ret_text[static PERIOD_TEXT_BYTES])
{
	period_format((struct period_range){period, period}, ret_text);
}

bool period_ends_quarter(uint32_t period)
{
	return period % 3 == 2;
}

bool period_ends_year(uint32_t period)
{
	return period % 12 == 11;
}

struct period_range period_quarter(uint32_t period)
{
	const uint32_t first = period - period % 3;

	return (struct period_range){first, first + 2};
}

struct period_range period_year(uint32_t period)
{
	const uint32_t first = period - period % 12;

	return (struct period_range){first, first + 11};
}
