#include "lib/date.h"

#include "lib/fail.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#define YEAR_MIN 1800
#define YEAR_MAX 2200
#define DAY_SECONDS 86400
/* Excel's day 1 is 1900-01-01 and its 1900 a leap year, so day 25569 is 1970-01-01. */
#define SERIAL_OF_1970 25569
#define SERIAL_MIN 20000
#define SERIAL_MAX 73000

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool date_is_valid(int year, int month, int day)
{
	return year >= YEAR_MIN && year <= YEAR_MAX && month >= 1 && month <= 12 && day >= 1 &&
	       day <= month_days(year, month);
}

/*
 * Both ways count in eras of 400 years (146097 days) of years that begin on 1 March, so that the
 * leap day is the last of its year; 719468 days lie between 0000-03-01 and 1970-01-01.
 * Source: H. Hinnant, chrono-compatible low-level date algorithms.
 */
static int32_t days_from_civil(int year, int month, int day)
{
	int from_march = month > 2 ? year : year - 1;
	int era = (from_march >= 0 ? from_march : from_march - 399) / 400;
	int year_of_era = from_march - era * 400;
	int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

int32_t date_from_civil(int year, int month, int day)
{
	assert(date_is_valid(year, month, day));
	return days_from_civil(year, month, day);
}

struct date_civil date_to_civil(int32_t day)
{
	int64_t shifted = (int64_t)day + 719468;
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int day_of_era = (int)(shifted - era * 146097);
	int year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int march_month = (5 * day_of_year + 2) / 153;
	int month = march_month < 10 ? march_month + 3 : march_month - 9;

	return (struct date_civil){
		.year = (int)(year_of_era + era * 400) + (month <= 2 ? 1 : 0),
		.month = month,
		.day = day_of_year - (153 * march_month + 2) / 5 + 1,
	};
}

/* The value of exactly n digits at text; -1 when one of them is none (a NUL is none). */
static int digits(const char *text, size_t n)
{
	int value = 0;

	for (size_t i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

static int give(int year, int month, int day, int32_t *ret_day)
{
	if (!date_is_valid(year, month, day))
		return fail(-EINVAL);
	*ret_day = days_from_civil(year, month, day);
	return 0;
}

/* Of "2018-04-01", with whatever follows. */
static int parse_iso_start(const char *text, int32_t *ret_day)
{
	if (strnlen(text, 10) < 10 || text[4] != '-' || text[7] != '-')
		return fail(-EINVAL);
	return give(digits(text, 4), digits(text + 5, 2), digits(text + 8, 2), ret_day);
}

int date_parse_iso(const char *text, int32_t *ret_day)
{
	return strnlen(text, 11) == 10 ? parse_iso_start(text, ret_day) : fail(-EINVAL);
}

/* 180401: the latest century in which the date does not lie after today. */
static int parse_short_year(const char *text, int32_t today, int32_t *ret_day)
{
	struct date_civil now = date_to_civil(today);
	int month = digits(text + 2, 2);
	int day = digits(text + 4, 2);
	int year = now.year / 100 * 100 + digits(text, 2);
	bool is_after = year != now.year     ? year > now.year
			: month != now.month ? month > now.month
					     : day > now.day;

	return give(is_after ? year - 100 : year, month, day, ret_day);
}

static int parse_digits(const char *text, size_t n, int32_t today, int32_t *ret_day)
{
	int serial = digits(text, 5);

	if (n == 8)
		return give(digits(text, 4), digits(text + 4, 2), digits(text + 6, 2), ret_day);
	if (n == 6)
		return parse_short_year(text, today, ret_day);
	if (n != 5 || serial < SERIAL_MIN || serial > SERIAL_MAX)
		return fail(-EINVAL);
	*ret_day = serial - SERIAL_OF_1970;
	return 0;
}

/* "2018-04-01 00:00" and " 00:00:00": a spreadsheet's date is a moment at midnight; any other time
 * of day would be somebody else's column. */
static int parse_midnight(const char *text, int32_t *ret_day)
{
	if (strcmp(text + 10, " 00:00") != 0 && strcmp(text + 10, " 00:00:00") != 0)
		return fail(-EINVAL);
	return parse_iso_start(text, ret_day);
}

/* 1/4/2018, 01.04.2018, 1-4-2018: two numbers of one or two digits, one separator, a whole year. */
static int parse_ordered(const char *text, enum date_order order, int32_t *ret_day)
{
	size_t first_n = strspn(text, "0123456789");
	const char *second = text + first_n + 1;
	size_t second_n;
	int first_value, second_value, year;

	if (first_n < 1 || first_n > 2 || text[first_n] == '\0' ||
	    strchr("/.-", text[first_n]) == NULL)
		return fail(-EINVAL);
	second_n = strspn(second, "0123456789");
	if (second_n < 1 || second_n > 2 || second[second_n] != text[first_n] ||
	    strnlen(second + second_n + 1, 5) != 4)
		return fail(-EINVAL);
	first_value = digits(text, first_n);
	second_value = digits(second, second_n);
	year = digits(second + second_n + 1, 4);
	if (!date_is_valid(year, second_value, first_value) &&
	    !date_is_valid(year, first_value, second_value))
		return fail(-EINVAL);
	if (order == DATE_ORDER_REFUSED)
		return fail(-EDOM);
	return order == DATE_ORDER_DMY ? give(year, second_value, first_value, ret_day)
				       : give(year, first_value, second_value, ret_day);
}

int date_parse_any(const char *text, enum date_order order, int32_t today, int32_t *ret_day)
{
	size_t n = strnlen(text, 20);
	size_t digits_n = strspn(text, "0123456789");

	if (digits_n == n)
		return parse_digits(text, n, today, ret_day);
	if (digits_n == 4 && n == 10)
		return parse_iso_start(text, ret_day);
	if (digits_n == 4 && n > 10)
		return parse_midnight(text, ret_day);
	return parse_ordered(text, order, ret_day);
}

static void put_digits(char *to, size_t n, int value)
{
	while (n-- > 0) {
		to[n] = (char)('0' + value % 10);
		value /= 10;
	}
}

void date_format(int32_t day, char ret_text[DATE_TEXT_BYTES])
{
	struct date_civil civil = date_to_civil(day);

	memcpy(ret_text, "0000-00-00", DATE_TEXT_BYTES);
	put_digits(ret_text, 4, civil.year < 0 ? 0 : civil.year);
	put_digits(ret_text + 5, 2, civil.month);
	put_digits(ret_text + 8, 2, civil.day);
}

int date_age(int32_t birth, int32_t day)
{
	struct date_civil born = date_to_civil(birth);
	struct date_civil now = date_to_civil(day);
	bool is_birthday_past =
		now.month != born.month ? now.month > born.month : now.day >= born.day;

	return now.year - born.year - (is_birthday_past ? 0 : 1);
}

int32_t date_add_months(int32_t day, int n)
{
	struct date_civil civil = date_to_civil(day);
	int months = civil.year * 12 + civil.month - 1 + n;
	int year = (months >= 0 ? months : months - 11) / 12;
	int month = months - year * 12 + 1;
	int last = month_days(year, month);

	return days_from_civil(year, month, civil.day < last ? civil.day : last);
}

int32_t date_of_moment(int64_t at)
{
	int64_t day = at / DAY_SECONDS - (at % DAY_SECONDS < 0 ? 1 : 0);

	/* DATE_NONE is no day. */
	return day > INT32_MAX ? INT32_MAX : day <= INT32_MIN ? INT32_MIN + 1 : (int32_t)day;
}

int64_t date_to_moment(int32_t day)
{
	return (int64_t)day * DAY_SECONDS;
}

void date_format_moment(int64_t at, char ret_text[DATE_MOMENT_BYTES])
{
	int second = (int)(at % DAY_SECONDS);

	if (second < 0)
		second += DAY_SECONDS;
	date_format(date_of_moment(at), ret_text);
	memcpy(ret_text + 10, "T00:00:00Z", 11);
	put_digits(ret_text + 11, 2, second / 3600);
	put_digits(ret_text + 14, 2, second / 60 % 60);
	put_digits(ret_text + 17, 2, second % 60);
}

int date_parse_moment(const char *text, int64_t *ret_at)
{
	size_t n = strnlen(text, DATE_MOMENT_BYTES);
	int hour = 0, minute = 0, second = 0;
	int32_t day = 0;

	if (n != 10 && n != 20)
		return fail(-EINVAL);
	if (parse_iso_start(text, &day) != 0)
		return fail(-EINVAL);
	if (n == 20) {
		if (text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z')
			return fail(-EINVAL);
		hour = digits(text + 11, 2);
		minute = digits(text + 14, 2);
		second = digits(text + 17, 2);
	}
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
		return fail(-EINVAL);
	*ret_at = date_to_moment(day) + hour * 3600 + minute * 60 + second;
	return 0;
}
