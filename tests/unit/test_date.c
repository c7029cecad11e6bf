#include "lib/date.h"
#include "lib/own.h"

#include <errno.h>
#include <stdarg.h>
#include <setjmp.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

/* Every day of the calendar against a plain walk through it and against the C library. */
static void every_day_goes_there_and_back(void **state)
{
	int32_t day = date_from_civil(1800, 1, 1);

	(void)state;
	for (int year = 1800; year <= 2200; year++) {
		for (int month = 1; month <= 12; month++) {
			for (int n = 1; date_is_valid(year, month, n); n++) {
				struct date_civil civil = date_to_civil(day);
				struct tm system = {.tm_year = year - 1900,
						    .tm_mon = month - 1,
						    .tm_mday = n};

				assert_int_equal(date_from_civil(year, month, n), day);
				assert_int_equal(civil.year, year);
				assert_int_equal(civil.month, month);
				assert_int_equal(civil.day, n);
				assert_true(timegm(&system) == date_to_moment(day));
				day++;
			}
		}
	}
	assert_int_equal(day, date_from_civil(2200, 12, 31) + 1);
	assert_int_equal(date_from_civil(1970, 1, 1), 0);
}

static void days_off_the_calendar_are_not_valid(void **state)
{
	(void)state;
	assert_false(date_is_valid(1799, 12, 31));
	assert_false(date_is_valid(2201, 1, 1));
	assert_false(date_is_valid(2018, 0, 1));
	assert_false(date_is_valid(2018, 13, 1));
	assert_false(date_is_valid(2018, 4, 0));
	assert_false(date_is_valid(2018, 4, 31));
	assert_false(date_is_valid(2100, 2, 29));
	assert_true(date_is_valid(2000, 2, 29));
}

static void iso_dates_are_read_strictly(void **state)
{
	static const char *const refused[] = {
		"",         "2018-4-1",   "2018-04-31", "2018-04-01 ", " 2018-04-01", "2018/04/01",
		"20180401", "2018-04-0x", "18-04-01",   "2018-04-01T", "-018-04-01"};
	int32_t day = 77;

	(void)state;
	for (size_t i = 0; i < array_n(refused); i++)
		assert_int_equal(date_parse_iso(refused[i], &day), -EINVAL);
	assert_int_equal(day, 77);
	assert_int_equal(date_parse_iso("2018-04-01", &day), 0);
	assert_int_equal(day, date_from_civil(2018, 4, 1));
}

static void what_spreadsheets_write_is_read(void **state)
{
	static const char *const same[] = {"2018-04-01",       "20180401", "180401",
					   "2018-04-01 00:00", "43191",    "2018-04-01 00:00:00"};
	int32_t today = date_from_civil(2026, 5, 1);

	(void)state;
	for (size_t i = 0; i < array_n(same); i++) {
		int32_t day = 77;

		assert_int_equal(date_parse_any(same[i], DATE_ORDER_REFUSED, today, &day), 0);
		assert_int_equal(day, date_from_civil(2018, 4, 1));
	}
}

static void what_is_no_date_is_refused(void **state)
{
	static const char *const refused[] = {"",
					      "x",
					      "2018",
					      "19999",
					      "73001",
					      "20181301",
					      "180231",
					      "1804011",
					      "2018-04-01 12:00",
					      "2018-04-01 00:00:01",
					      "2018-04-01 00:00:00 ",
					      "2018-04",
					      "1/4",
					      "1/4/18",
					      "1/4/20180",
					      "1/4.2018",
					      "111/4/2018",
					      "31/31/2018",
					      "30/2/2018",
					      "18-04-01",
					      "43191.5",
					      "1//2018",
					      "//",
					      "1/4/2018 ",
					      "1/4/-018"};
	int32_t day = 77;

	(void)state;
	for (size_t i = 0; i < array_n(refused); i++)
		for (int order = DATE_ORDER_REFUSED; order <= DATE_ORDER_MDY; order++)
			assert_int_equal(date_parse_any(refused[i], (enum date_order)order, 20000,
							&day),
					 -EINVAL);
	assert_int_equal(day, 77);
}

static void a_date_by_day_or_month_first_needs_the_order_told(void **state)
{
	static const char *const written[] = {"1/4/2018", "01.04.2018", "1-04-2018"};
	int32_t day = 77;

	(void)state;
	for (size_t i = 0; i < array_n(written); i++) {
		day = 77;
		assert_int_equal(date_parse_any(written[i], DATE_ORDER_REFUSED, 0, &day), -EDOM);
		assert_int_equal(day, 77);
		assert_int_equal(date_parse_any(written[i], DATE_ORDER_DMY, 0, &day), 0);
		assert_int_equal(day, date_from_civil(2018, 4, 1));
		assert_int_equal(date_parse_any(written[i], DATE_ORDER_MDY, 0, &day), 0);
		assert_int_equal(day, date_from_civil(2018, 1, 4));
	}
	assert_int_equal(date_parse_any("25/4/2018", DATE_ORDER_REFUSED, 0, &day), -EDOM);
	assert_int_equal(date_parse_any("25/4/2018", DATE_ORDER_MDY, 0, &day), -EINVAL);
}

static void a_short_year_lies_in_the_latest_century_not_after_today(void **state)
{
	int32_t today = date_from_civil(2026, 5, 1);
	int32_t day = 77;

	(void)state;
	assert_int_equal(date_parse_any("260501", DATE_ORDER_REFUSED, today, &day), 0);
	assert_int_equal(day, today);
	assert_int_equal(date_parse_any("260502", DATE_ORDER_REFUSED, today, &day), 0);
	assert_int_equal(day, date_from_civil(1926, 5, 2));
	assert_int_equal(date_parse_any("000229", DATE_ORDER_REFUSED, today, &day), 0);
	assert_int_equal(day, date_from_civil(2000, 2, 29));
	assert_int_equal(date_parse_any("991231", DATE_ORDER_REFUSED, today, &day), 0);
	assert_int_equal(day, date_from_civil(1999, 12, 31));
	/* 2100 is no leap year, and an older century is no way out. */
	day = 77;
	assert_int_equal(date_parse_any("000229", DATE_ORDER_REFUSED, date_from_civil(2126, 1, 1),
					&day),
			 -EINVAL);
	assert_int_equal(day, 77);
}

static void a_date_is_written_as_it_is_read(void **state)
{
	char text[DATE_TEXT_BYTES];
	int32_t day = 0;

	(void)state;
	for (int32_t i = -60000; i < 80000; i += 17) {
		date_format(i, text);
		assert_int_equal(date_parse_iso(text, &day), 0);
		assert_int_equal(day, i);
	}
	date_format(INT32_MAX, text);
	assert_int_equal(strlen(text), DATE_TEXT_BYTES - 1);
	date_format(DATE_NONE, text);
	assert_int_equal(strlen(text), DATE_TEXT_BYTES - 1);
}

static void a_birthday_is_reached_on_its_day(void **state)
{
	int32_t birth = date_from_civil(1990, 6, 15);
	int32_t leap = date_from_civil(2000, 2, 29);

	(void)state;
	assert_int_equal(date_age(birth, date_from_civil(2018, 6, 14)), 27);
	assert_int_equal(date_age(birth, date_from_civil(2018, 6, 15)), 28);
	assert_int_equal(date_age(birth, birth), 0);
	assert_int_equal(date_age(birth, birth - 1), -1);
	assert_int_equal(date_age(leap, date_from_civil(2018, 2, 28)), 17);
	assert_int_equal(date_age(leap, date_from_civil(2018, 3, 1)), 18);
	assert_int_equal(date_age(leap, date_from_civil(2020, 2, 28)), 19);
	assert_int_equal(date_age(leap, date_from_civil(2020, 2, 29)), 20);
}

static void months_are_added_within_the_length_of_the_month(void **state)
{
	static const struct {
		const char *from;
		int n;
		const char *to;
	} cases[] = {
		{"2018-01-31", 1, "2018-02-28"},   {"2020-01-31", 1, "2020-02-29"},
		{"2018-01-15", 12, "2019-01-15"},  {"2018-01-15", -1, "2017-12-15"},
		{"2018-03-31", -13, "2017-02-28"}, {"2018-12-31", 2, "2019-02-28"},
		{"2018-05-31", 0, "2018-05-31"},
	};

	(void)state;
	for (size_t i = 0; i < array_n(cases); i++) {
		char text[DATE_TEXT_BYTES];
		int32_t day = 0;

		assert_int_equal(date_parse_iso(cases[i].from, &day), 0);
		date_format(date_add_months(day, cases[i].n), text);
		assert_string_equal(text, cases[i].to);
	}
}

static void a_moment_belongs_to_the_day_it_falls_on(void **state)
{
	char text[DATE_MOMENT_BYTES];

	(void)state;
	assert_int_equal(date_of_moment(0), 0);
	assert_int_equal(date_of_moment(86399), 0);
	assert_int_equal(date_of_moment(86400), 1);
	assert_int_equal(date_of_moment(-1), -1);
	assert_int_equal(date_of_moment(-86400), -1);
	assert_int_equal(date_of_moment(-86401), -2);
	assert_true(date_of_moment(INT64_MIN) > DATE_NONE);
	assert_int_equal(date_of_moment(INT64_MAX), INT32_MAX);
	date_format_moment(-1, text);
	assert_string_equal(text, "1969-12-31T23:59:59Z");
	date_format_moment(INT64_MIN, text);
	assert_int_equal(strlen(text), DATE_MOMENT_BYTES - 1);
}

static void a_moment_is_written_as_it_is_read(void **state)
{
	static const char *const refused[] = {
		"",
		"2018-07-11T06:00:00",
		"2018-07-11 06:00:00Z",
		"2018-07-11T24:00:00Z",
		"2018-07-11T06:60:00Z",
		"2018-07-11T06:00:60Z",
		"2018-07-11T06:00:0xZ",
		"2018-07-11T06:00:00Zx",
		"2018-02-29T06:00:00Z",
		"2018-07-11T",
	};
	char text[DATE_MOMENT_BYTES];
	int64_t at = 77;

	(void)state;
	for (size_t i = 0; i < array_n(refused); i++)
		assert_int_equal(date_parse_moment(refused[i], &at), -EINVAL);
	assert_true(at == 77);
	assert_int_equal(date_parse_moment("2018-07-11T06:07:08Z", &at), 0);
	assert_true(at == 1531289228);
	date_format_moment(at, text);
	assert_string_equal(text, "2018-07-11T06:07:08Z");
	assert_int_equal(date_parse_moment("2018-07-11", &at), 0);
	assert_true(at == 1531267200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_day_goes_there_and_back),
		cmocka_unit_test(days_off_the_calendar_are_not_valid),
		cmocka_unit_test(iso_dates_are_read_strictly),
		cmocka_unit_test(what_spreadsheets_write_is_read),
		cmocka_unit_test(what_is_no_date_is_refused),
		cmocka_unit_test(a_date_by_day_or_month_first_needs_the_order_told),
		cmocka_unit_test(a_short_year_lies_in_the_latest_century_not_after_today),
		cmocka_unit_test(a_date_is_written_as_it_is_read),
		cmocka_unit_test(a_birthday_is_reached_on_its_day),
		cmocka_unit_test(months_are_added_within_the_length_of_the_month),
		cmocka_unit_test(a_moment_belongs_to_the_day_it_falls_on),
		cmocka_unit_test(a_moment_is_written_as_it_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
