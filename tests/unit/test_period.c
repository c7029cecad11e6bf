#include "proto/period.h"

#include "lib/date.h"
#include "lib/own.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static uint32_t month(uint32_t year, uint32_t number)
{
	return year * 12 + number - 1;
}

static void a_day_lies_in_its_month(void **state)
{
	(void)state;
	assert_int_equal(period_of_day(date_from_civil(2018, 6, 1)), month(2018, 6));
	assert_int_equal(period_of_day(date_from_civil(2018, 6, 30)), month(2018, 6));
	assert_int_equal(period_of_day(date_from_civil(2018, 7, 1)), month(2018, 7));
	assert_int_equal(period_of_day(date_from_civil(1969, 12, 31)), month(1969, 12));
}

static void a_month_has_its_own_first_and_last_day(void **state)
{
	(void)state;
	assert_int_equal(period_first_day(month(2020, 2)), date_from_civil(2020, 2, 1));
	assert_int_equal(period_last_day(month(2020, 2)), date_from_civil(2020, 2, 29));
	assert_int_equal(period_last_day(month(2019, 2)), date_from_civil(2019, 2, 28));
	assert_int_equal(period_last_day(month(2018, 12)), date_from_civil(2018, 12, 31));
}

static void a_number_that_is_no_month_is_taken_for_the_nearer_end(void **state)
{
	(void)state;
	assert_int_equal(period_first_day(0), date_from_civil(1800, 1, 1));
	assert_int_equal(period_last_day(UINT32_MAX), date_from_civil(2200, 12, 31));
	assert_int_equal(period_of_day(INT32_MIN), PERIOD_FIRST);
	assert_int_equal(period_of_day(INT32_MAX), PERIOD_LAST);
}

static void every_form_parses_and_comes_out_as_written(void **state)
{
	static const struct {
		const char *text;
		struct period_range range;
	} cases[] = {
		{"2018-06", {2018 * 12 + 5, 2018 * 12 + 5}},
		{"2018-01", {2018 * 12, 2018 * 12}},
		{"2018q2", {2018 * 12 + 3, 2018 * 12 + 5}},
		{"2018", {2018 * 12, 2018 * 12 + 11}},
		{"2018-05..2018-09", {2018 * 12 + 4, 2018 * 12 + 8}},
		{"2017q4..2018q2", {2017 * 12 + 9, 2018 * 12 + 5}},
		{"2017..2018", {2017 * 12, 2018 * 12 + 11}},
	};
	struct period_range range;
	char text[PERIOD_TEXT_BYTES];

	(void)state;
	for (size_t i = 0; i < array_n(cases); i++) {
		assert_int_equal(period_parse(cases[i].text, &range), 0);
		assert_int_equal(range.first, cases[i].range.first);
		assert_int_equal(range.last, cases[i].range.last);
		period_format(range, text);
		assert_string_equal(text, cases[i].text);
	}
}

static void forms_may_be_mixed_and_come_out_in_the_shortest(void **state)
{
	static const char *const cases[][2] = {
		{"2018-01..2018-03", "2018q1"},        {"2018q1..2018q4", "2018"},
		{"2018-07..2018q4", "2018q3..2018q4"}, {"2018Q3", "2018q3"},
		{"2017-04..2017", "2017q2..2017q4"},
	};
	struct period_range range;
	char text[PERIOD_TEXT_BYTES];

	(void)state;
	for (size_t i = 0; i < array_n(cases); i++) {
		assert_int_equal(period_parse(cases[i][0], &range), 0);
		period_format(range, text);
		assert_string_equal(text, cases[i][1]);
	}
}

static void what_is_no_period_is_refused_and_leaves_the_output_alone(void **state)
{
	static const char *const cases[] = {
		"",
		"18",
		"2018-",
		"2018-6",
		"2018-00",
		"2018-13",
		"2018q0",
		"2018q5",
		"2018q",
		"2018-06-01",
		" 2018",
		"2018 ",
		"2018..",
		"..2018",
		"2018...2019",
		"2018-06..2018-05",
		"1799",
		"2201",
		"+018",
		"2018q22",
		"2018..2017..2019",
		"2018-0x",
	};
	struct period_range range = {1, 2};

	(void)state;
	for (size_t i = 0; i < array_n(cases); i++) {
		assert_int_equal(period_parse(cases[i], &range), -EINVAL);
		assert_int_equal(range.first, 1);
		assert_int_equal(range.last, 2);
	}
}

static void quarters_and_years_end_where_the_calendar_says(void **state)
{
	(void)state;
	for (uint32_t number = 1; number <= 12; number++) {
		assert_int_equal(period_ends_quarter(month(2018, number)), number % 3 == 0);
		assert_int_equal(period_ends_year(month(2018, number)), number == 12);
		assert_int_equal(period_year(month(2018, number)).first, month(2018, 1));
		assert_int_equal(period_year(month(2018, number)).last, month(2018, 12));
	}
	assert_int_equal(period_quarter(month(2018, 5)).first, month(2018, 4));
	assert_int_equal(period_quarter(month(2018, 5)).last, month(2018, 6));
}

static void wild_numbers_format_without_overflow(void **state)
{
	char text[PERIOD_TEXT_BYTES];

	(void)state;
	period_format((struct period_range){0, UINT32_MAX}, text);
	assert_string_equal(text, "1800..2200");
	period_format_month(UINT32_MAX, text);
	assert_string_equal(text, "2200-12");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_lies_in_its_month),
		cmocka_unit_test(a_month_has_its_own_first_and_last_day),
		cmocka_unit_test(a_number_that_is_no_month_is_taken_for_the_nearer_end),
		cmocka_unit_test(every_form_parses_and_comes_out_as_written),
		cmocka_unit_test(forms_may_be_mixed_and_come_out_in_the_shortest),
		cmocka_unit_test(what_is_no_period_is_refused_and_leaves_the_output_alone),
		cmocka_unit_test(quarters_and_years_end_where_the_calendar_says),
		cmocka_unit_test(wild_numbers_format_without_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
