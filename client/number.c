#include "client/number.h"

#include "lib/own.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define NO_BREAK_SPACE "\u00A0"

/* What parts the thousands, and the whole from its tenth. */
static const struct {
	const char *thousands, *decimal, *percent;
} marks[] = {
	[LANGUAGE_SV] = {NO_BREAK_SPACE, ",", NO_BREAK_SPACE "%"},
	[LANGUAGE_EN] = {",", ".", "%"},
};

static void add_text(char text[static NUMBER_BYTES], const char *more)
{
	size_t n = strlen(text);

	(void)snprintf(text + n, NUMBER_BYTES - n, "%s", more);
}

void number_count(int64_t n, enum programme_language language, char ret_text[static NUMBER_BYTES])
{
	char digits[24];
	size_t digits_n;

	/* The magnitude of INT64_MIN is no int64_t. */
	(void)snprintf(digits, sizeof(digits), "%" PRIu64, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
	digits_n = strlen(digits);
	ret_text[0] = '\0';
	if (n < 0)
		add_text(ret_text, "-");
	for (size_t i = 0; i < digits_n; i++) {
		if (i > 0 && (digits_n - i) % 3 == 0)
			add_text(ret_text, marks[language].thousands);
		add_text(ret_text, (char[]){digits[i], '\0'});
	}
}

int64_t number_per_mille(int64_t number, int64_t of)
{
	__extension__ typedef __int128 wide; /* twice a thousand int64_t has room */

	assert(of > 0 && number >= 0);
	return (int64_t)(((wide)number * 2000 + of) / ((wide)of * 2));
}

/* Tenths as "29,3". */
static void add_tenths(char text[static NUMBER_BYTES], int64_t tenths,
		       enum programme_language language)
{
	char whole[NUMBER_BYTES];

	number_count(tenths / 10, language, whole);
	add_text(text, whole);
	add_text(text, marks[language].decimal);
	add_text(text, (char[]){(char)('0' + tenths % 10), '\0'});
}

void number_share(int64_t number, int64_t of, enum programme_language language,
		  char ret_text[static NUMBER_BYTES])
{
	ret_text[0] = '\0';
	if (of <= 0 || number < 0) {
		add_text(ret_text, "-");
		return;
	}
	add_tenths(ret_text, number_per_mille(number, of), language);
	add_text(ret_text, marks[language].percent);
}

/* Tenths of size in units, half up. */
static int64_t tenths_of(int64_t size, int64_t unit)
{
	return size / unit * 10 + (size % unit * 20 + unit) / (2 * unit);
}

void number_bytes(int64_t bytes, enum programme_language language,
		  char ret_text[static NUMBER_BYTES])
{
	static const char *const units[] = {"kB", "MB", "GB", "TB"};
	int64_t unit = 1000;
	size_t i = 0;

	ret_text[0] = '\0';
	if (bytes < 1000) {
		number_count(bytes, language, ret_text);
		add_text(ret_text, NO_BREAK_SPACE "B");
		return;
	}
	/* 999 960 bytes are 1.0 MB, not 1000.0 kB. */
	while (i + 1 < array_n(units) && tenths_of(bytes, unit) >= 10000) {
		unit *= 1000;
		i++;
	}
	add_tenths(ret_text, tenths_of(bytes, unit), language);
	add_text(ret_text, NO_BREAK_SPACE);
	add_text(ret_text, units[i]);
}

/* "3 d 4 h": the larger unit, and the smaller one where there is any of it. */
static void add_two(char text[static NUMBER_BYTES], int64_t large, const char *large_unit,
		    int64_t small, const char *small_unit)
{
	char part[NUMBER_BYTES];

	(void)snprintf(part, sizeof(part), "%" PRId64 NO_BREAK_SPACE "%s", large, large_unit);
	add_text(text, part);
	if (small == 0)
		return;
	(void)snprintf(part, sizeof(part), " %" PRId64 NO_BREAK_SPACE "%s", small, small_unit);
	add_text(text, part);
}

void number_duration(int64_t milliseconds, enum programme_language language,
		     char ret_text[static NUMBER_BYTES])
{
	const char *hours = language == LANGUAGE_SV ? "tim" : "h";
	const char *days = language == LANGUAGE_SV ? "dygn" : "d";
	int64_t minutes = milliseconds / 60000;

	ret_text[0] = '\0';
	if (milliseconds < 1000) {
		add_two(ret_text, milliseconds, "ms", 0, "");
	} else if (minutes < 1) {
		add_tenths(ret_text, milliseconds / 100, language);
		add_text(ret_text, NO_BREAK_SPACE "s");
	} else if (minutes < 60) {
		add_two(ret_text, minutes, "min", 0, "");
	} else if (minutes < 48 * 60) {
		add_two(ret_text, minutes / 60, hours, minutes % 60, "min");
	} else {
		add_two(ret_text, minutes / 1440, days, minutes / 60 % 24, hours);
	}
}

void number_moment(int64_t at, char ret_text[static NUMBER_BYTES])
{
	const time_t moment = (time_t)at;
	struct tm local;

	if (localtime_r(&moment, &local) == NULL ||
	    strftime(ret_text, NUMBER_BYTES, "%Y-%m-%d %H:%M", &local) == 0)
		(void)snprintf(ret_text, NUMBER_BYTES, "%" PRId64, at);
}

void number_zone(int64_t at, char ret_text[static NUMBER_BYTES])
{
	const time_t moment = (time_t)at;
	struct tm local;

	if (localtime_r(&moment, &local) == NULL ||
	    strftime(ret_text, NUMBER_BYTES, "%Z", &local) == 0)
		ret_text[0] = '\0';
}
