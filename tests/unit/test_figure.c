#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "proto/figure.h"
#include "tests/unit/fixture_reports.h"

#define JANUARY MONTH(2018, 1)
#define JUNE MONTH(2018, 6)
#define JULY MONTH(2018, 7)

static const struct programme_target later[] = {{DAY_2018 + 31, 7}};
static const struct programme_site sites_later[] = {
	{.id = "late",
	 .span = {DAY_2018 + 31, DAY_2018 + 31 + 27},
	 .targets = later,
	 .targets_n = 1},
};

static struct county_sum value(int64_t number)
{
	return (struct county_sum){.state = CELL_VALUE, .value = number};
}

static void what_is_known_is_summed_and_a_hidden_part_hides_the_sum(void **state)
{
	struct county_sum sum = {.state = CELL_NOT_COLLECTED};
	struct county_sum part = value(5), hidden = {.state = CELL_SUPPRESSED};
	struct county_sum missing = {.state = CELL_MISSING};

	(void)state;
	figure_merge(&sum, &missing);
	assert_int_equal(sum.state, CELL_MISSING);
	figure_merge(&sum, &part);
	figure_merge(&sum, &part);
	assert_int_equal(sum.state, CELL_VALUE);
	assert_int_equal(sum.value, 10);
	figure_merge(&sum, &hidden);
	assert_int_equal(sum.state, CELL_SUPPRESSED);
	assert_int_equal(sum.value, 0);
}

static void a_difference_is_known_when_both_sides_are(void **state)
{
	struct county_sum seven = value(7), nine = value(9), missing = {.state = CELL_MISSING};

	(void)state;
	assert_int_equal(figure_difference(&seven, &nine).value, -2);
	assert_int_equal(figure_difference(&seven, &nine).state, CELL_VALUE);
	assert_int_equal(figure_difference(&seven, &missing).state, CELL_MISSING);
	assert_int_equal(figure_difference(&missing, &seven).state, CELL_MISSING);
	assert_int_equal(figure_difference(&missing, &seven).value, 0);
}

static void a_kind_is_all_its_measures_and_nothing_where_there_are_none(void **state)
{
	own(county_free) struct county *county = empty_county();
	const struct county_ask ask = {{JANUARY, JUNE}, -1, -1, -1, JUNE};

	(void)state;
	report(county, JANUARY, NORTH, 6, 5);
	report(county, JANUARY, SOUTH, 7, 0);
	assert_int_equal(figure_of_kind(county, &ask, KIND_ENTERED).value, 13);
	assert_int_equal(figure_of_kind(county, &ask, KIND_LEFT).value, 15);
	assert_int_equal(figure_of_kind(county, &ask, KIND_HOURS).state, CELL_NOT_COLLECTED);
	assert_true(figure_has_kind(&fixture_programme, ask.range, KIND_APPLIED));
	assert_false(figure_has_kind(&fixture_programme, (struct period_range){JUNE, JUNE},
				     KIND_APPLIED));
}

static void a_site_is_known_by_its_last_report_and_the_county_by_what_is_closed(void **state)
{
	own(county_free) struct county *county = empty_county();

	(void)state;
	assert_int_equal(figure_last_month(county, NORTH, JUNE), 0);
	report(county, JANUARY, NORTH, 0, 0);
	report(county, JANUARY + 1, NORTH, 0, 0);
	assert_int_equal(figure_last_month(county, NORTH, JUNE), JANUARY + 1);
	assert_int_equal(figure_last_month(county, NORTH, JANUARY), JANUARY);
	assert_int_equal(figure_last_month(county, SOUTH, JUNE), 0);
	assert_int_equal(figure_last_month(county, -1, JUNE), JUNE);
}

static void a_target_holds_from_its_day(void **state)
{
	uint32_t persons = 77;

	(void)state;
	assert_true(figure_target(&fixture_programme, NORTH, period_last_day(JUNE), &persons));
	assert_int_equal(persons, 20);
	assert_true(figure_target(&fixture_programme, NORTH, period_first_day(JULY), &persons));
	assert_int_equal(persons, 10);
	assert_true(figure_target(&fixture_programme, -1, period_first_day(JULY), &persons));
	assert_int_equal(persons, 100);
	assert_false(figure_target(&fixture_programme, SOUTH, period_first_day(JULY), &persons));
}

/* Three years are 36 months: of 100 persons 2.78 in the first, rounded to 3. */
static void the_plan_spreads_the_target_over_the_operation(void **state)
{
	uint32_t plan = 0;

	(void)state;
	assert_int_equal(figure_plan_months(&fixture_programme, -1).last, MONTH(2020, 12));
	assert_true(figure_plan(&fixture_programme, -1, JANUARY, &plan));
	assert_int_equal(plan, 3);
	assert_true(figure_plan(&fixture_programme, -1, MONTH(2019, 6), &plan));
	assert_int_equal(plan, 50);
	assert_true(figure_plan(&fixture_programme, -1, MONTH(2025, 1), &plan));
	assert_int_equal(plan, 100);
}

static void the_plan_steps_when_the_target_does(void **state)
{
	uint32_t plan = 0;

	(void)state;
	assert_true(figure_plan(&fixture_programme, NORTH, JUNE, &plan));
	assert_int_equal(plan, 3); /* 20 * 6 / 36 = 3.33 */
	assert_true(figure_plan(&fixture_programme, NORTH, JULY, &plan));
	assert_int_equal(plan, 2); /* 10 * 7 / 36 = 1.94 */
	assert_false(figure_plan(&fixture_programme, SOUTH, JULY, &plan));
}

static void a_site_that_joins_late_has_its_own_months(void **state)
{
	struct programme programme = fixture_programme;
	uint32_t plan = 0;

	(void)state;
	programme.sites = sites_later;
	programme.sites_n = 1;
	assert_false(figure_plan(&programme, 0, JANUARY, &plan));
	assert_true(figure_plan(&programme, 0, MONTH(2018, 2), &plan));
	assert_int_equal(plan, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_known_is_summed_and_a_hidden_part_hides_the_sum),
		cmocka_unit_test(a_difference_is_known_when_both_sides_are),
		cmocka_unit_test(a_kind_is_all_its_measures_and_nothing_where_there_are_none),
		cmocka_unit_test(
			a_site_is_known_by_its_last_report_and_the_county_by_what_is_closed),
		cmocka_unit_test(a_target_holds_from_its_day),
		cmocka_unit_test(the_plan_spreads_the_target_over_the_operation),
		cmocka_unit_test(the_plan_steps_when_the_target_does),
		cmocka_unit_test(a_site_that_joins_late_has_its_own_months),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
