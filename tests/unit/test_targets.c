#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "proto/targets.h"
#include "tests/unit/fixture_reports.h"
#include "tests/unit/fixture_sheet.h"

#define JANUARY MONTH(2018, 1)
#define AUGUST MONTH(2018, 8)
enum { NORTH_FIRST, NORTH_SECOND, SOUTH_ROW, EAST_ROW, COUNTY_ROW, ROWS_N };

/* Eight months in which North takes in five and South ten a month. */
static struct sheet *targets_of(struct period_range range, int site, bool *ret_is_complete)
{
	own(county_free) struct county *county = empty_county();
	struct totals_ask ask = ask_of(range.first, range.last, AUGUST);
	struct sheet *sheet;

	for (uint32_t p = JANUARY; p <= AUGUST; p++) {
		report(county, p, NORTH, 5, 0);
		report(county, p, SOUTH, 10, 0);
	}
	ask.site = site;
	sheet = targets_sheet(county, &ask, ret_is_complete);
	assert_non_null(sheet);
	return sheet;
}

static void a_target_that_changed_has_a_row_a_step(void **state)
{
	bool is_complete = true;
	own(sheet_free) struct sheet *sheet =
		targets_of((struct period_range){JANUARY, AUGUST}, -1, &is_complete);

	(void)state;
	assert_false(is_complete); /* East is silent */
	assert_string_equal(sheet->schema, "mia.targets/1");
	assert_int_equal(sheet->rows_n, ROWS_N);
	assert_int_equal(number_at(sheet, NORTH_FIRST, "target"), 20);
	assert_true(is_empty_at(sheet, NORTH_FIRST, "change"));
	assert_int_equal(number_at(sheet, NORTH_FIRST, "to"), DAY_2018 + 180);
	assert_int_equal(number_at(sheet, NORTH_SECOND, "from"), DAY_2018 + 181);
	assert_int_equal(number_at(sheet, NORTH_SECOND, "target"), 10);
	assert_int_equal(number_at(sheet, NORTH_SECOND, "change"), -10);
	assert_int_equal(number_at(sheet, NORTH_SECOND, "to"), DAY_2018 + 1095);
}

/* 20 of 36 months: 3 by June; 10 of 36: 2 by August. */
static void each_step_is_held_against_its_plan(void **state)
{
	bool is_complete;
	own(sheet_free) struct sheet *sheet =
		targets_of((struct period_range){JANUARY, AUGUST}, -1, &is_complete);

	(void)state;
	assert_int_equal(number_at(sheet, NORTH_FIRST, "until"), MONTH(2018, 6));
	assert_int_equal(number_at(sheet, NORTH_FIRST, "plan"), 3);
	assert_int_equal(number_at(sheet, NORTH_FIRST, "outcome"), 30);
	assert_int_equal(number_at(sheet, NORTH_FIRST, "difference"), 27);
	assert_int_equal(number_at(sheet, NORTH_FIRST, "recruited"), 30);
	assert_int_equal(cell_of(sheet, NORTH_FIRST, "recruited")->of, 20);
	assert_int_equal(number_at(sheet, NORTH_SECOND, "until"), AUGUST);
	assert_int_equal(number_at(sheet, NORTH_SECOND, "plan"), 2);
	assert_int_equal(number_at(sheet, NORTH_SECOND, "outcome"), 40);
	assert_int_equal(number_at(sheet, COUNTY_ROW, "plan"), 22);
	assert_int_equal(number_at(sheet, COUNTY_ROW, "outcome"), 120);
}

static void a_site_without_a_target_has_a_dash(void **state)
{
	bool is_complete;
	own(sheet_free) struct sheet *sheet =
		targets_of((struct period_range){JANUARY, AUGUST}, -1, &is_complete);

	(void)state;
	assert_string_equal(text_at(sheet, SOUTH_ROW, "site"), "south");
	assert_true(is_empty_at(sheet, SOUTH_ROW, "target"));
	assert_true(is_empty_at(sheet, SOUTH_ROW, "outcome"));
}

static void only_the_steps_of_the_range_are_shown(void **state)
{
	bool is_complete;
	own(sheet_free) struct sheet *sheet =
		targets_of((struct period_range){MONTH(2018, 7), AUGUST}, NORTH, &is_complete);

	(void)state;
	assert_true(is_complete);
	assert_int_equal(sheet->rows_n, 1);
	assert_int_equal(number_at(sheet, 0, "target"), 10);
	assert_int_equal(number_at(sheet, 0, "change"), -10);
}

static void a_step_is_counted_to_its_last_closed_month(void **state)
{
	bool is_complete;
	own(sheet_free) struct sheet *sheet =
		targets_of((struct period_range){JANUARY, MONTH(2018, 7) - 1}, NORTH, &is_complete);

	(void)state;
	assert_int_equal(sheet->rows_n, 1);
	assert_int_equal(number_at(sheet, 0, "until"), MONTH(2018, 6));
}

static void before_anything_is_closed_targets_stand_alone(void **state)
{
	bool is_complete;
	own(sheet_free) struct sheet *sheet =
		targets_of((struct period_range){0, 0}, -1, &is_complete);

	(void)state;
	assert_int_equal(sheet->rows_n, ROWS_N);
	assert_int_equal(number_at(sheet, NORTH_FIRST, "target"), 20);
	assert_true(is_empty_at(sheet, NORTH_FIRST, "plan"));
}

/* North has reported to May: 20 * 5 / 36, 3 by then. What it owes is not held against it. */
static void a_late_site_is_held_against_the_plan_of_its_last_report(void **state)
{
	own(county_free) struct county *county = empty_county();
	own(sheet_free) struct sheet *sheet = NULL;
	struct totals_ask ask = ask_of(JANUARY, AUGUST, AUGUST);
	bool is_complete = true;

	(void)state;
	for (uint32_t p = JANUARY; p <= MONTH(2018, 5); p++)
		report(county, p, NORTH, 5, 0);
	ask.site = NORTH;
	sheet = targets_sheet(county, &ask, &is_complete);
	assert_false(is_complete);
	assert_int_equal(number_at(sheet, NORTH_FIRST, "until"), MONTH(2018, 5));
	assert_int_equal(number_at(sheet, NORTH_FIRST, "plan"), 3);
	assert_int_equal(number_at(sheet, NORTH_FIRST, "outcome"), 25);
	assert_true(is_empty_at(sheet, NORTH_SECOND, "outcome"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_target_that_changed_has_a_row_a_step),
		cmocka_unit_test(each_step_is_held_against_its_plan),
		cmocka_unit_test(a_site_without_a_target_has_a_dash),
		cmocka_unit_test(only_the_steps_of_the_range_are_shown),
		cmocka_unit_test(a_step_is_counted_to_its_last_closed_month),
		cmocka_unit_test(before_anything_is_closed_targets_stand_alone),
		cmocka_unit_test(a_late_site_is_held_against_the_plan_of_its_last_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
