#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "proto/county_sum.h"
#include "tests/unit/fixture_county.h"

#define JANUARY MONTH(2018, 1)
#define MARCH MONTH(2018, 3)
#define APRIL MONTH(2018, 4)
#define JUNE MONTH(2018, 6)

static struct county *new_county(void)
{
	struct county *county = NULL;

	assert_int_equal(county_new(&fixture_programme, &county), 0);
	return county;
}

/* Sets figures in which every cell of every due measure is value. */
static void report(struct county *county, uint32_t period, size_t site, uint32_t value)
{
	struct release_figures figures = fixture_figures(period);

	for (size_t m = 0; m < fixture_programme.measures_n; m++)
		for (size_t c = 0; c < fixture_measures[m].cells_n && figures.is_due[m]; c++)
			figures.cells[m][c].value = value;
	assert_int_equal(county_set(county, period, site, &figures, 1000 + period), 0);
}

static void report_state(struct county *county, uint32_t period, size_t site,
			 enum cell_state entered_state)
{
	struct release_figures figures = fixture_figures(period);

	figures.cells[ENTERED][0].state = (uint8_t)entered_state;
	assert_int_equal(county_set(county, period, site, &figures, 1000), 0);
}

static struct county_sum sum_of(const struct county *county, uint32_t first, uint32_t last,
				int site, int measure)
{
	struct county_ask ask = {{first, last}, site, measure, -1, JUNE};
	struct county_sum sum;

	county_sum(county, &ask, &sum);
	return sum;
}

static void a_release_set_twice_counts_once(void **state)
{
	own(county_free) struct county *county = new_county();
	struct county_sum sum;

	(void)state;
	report(county, JANUARY, NORTH, 7);
	report(county, JANUARY, NORTH, 7);
	sum = sum_of(county, JANUARY, JANUARY, NORTH, ENTERED);
	assert_int_equal(sum.state, CELL_VALUE);
	assert_int_equal(sum.value, 7);
	assert_int_equal(sum.reported, 1);
}

static void releases_are_found_whatever_order_they_came_in(void **state)
{
	own(county_free) struct county *county = new_county();

	(void)state;
	for (unsigned i = 0; i < 600; i++) {
		unsigned mixed = i * 7 % 600;

		report(county, JANUARY + mixed / 3, mixed % 3, 10 + mixed);
	}
	for (unsigned i = 0; i < 600; i++) {
		const struct release_figures *figures =
			county_figures(county, JANUARY + i / 3, i % 3);

		assert_non_null(figures);
		assert_int_equal(figures->cells[ENTERED][0].value, 10 + i);
		assert_true(county_received(county, JANUARY + i / 3, i % 3) ==
			    1000 + JANUARY + i / 3);
	}
	assert_int_equal(county_range(county).first, JANUARY);
	assert_int_equal(county_range(county).last, JANUARY + 199);
}

static void nothing_known_is_no_figures_and_no_range(void **state)
{
	own(county_free) struct county *county = new_county();

	(void)state;
	assert_null(county_figures(county, JANUARY, NORTH));
	assert_true(county_received(county, JANUARY, NORTH) == 0);
	assert_int_equal(county_range(county).first, 0);
	assert_int_equal(county_range(county).last, 0);
	assert_int_equal(county_head(county, NORTH)->n, 0);
	assert_ptr_equal(county_programme(county), &fixture_programme);
}

static void all_sites_and_months_add_up(void **state)
{
	own(county_free) struct county *county = new_county();
	struct county_sum sum;

	(void)state;
	for (uint32_t p = JANUARY; p <= JUNE; p++)
		for (size_t site = NORTH; site <= (p < APRIL ? SOUTH : EAST); site++)
			report(county, p, site, 10);
	sum = sum_of(county, JANUARY, JUNE, -1, ENTERED);
	assert_int_equal(sum.value, 150);
	assert_int_equal(sum.expected, 15);
	assert_int_equal(sum.reported, 15);
	assert_int_equal(sum.sites_expected, 3);
	assert_int_equal(sum.sites_reported, 3);
	assert_int_equal(sum_of(county, JANUARY, JUNE, -1, LEFT).value, 450);
	assert_int_equal(sum_of(county, JANUARY, JUNE, EAST, ENTERED).value, 30);
}

static void a_quarter_is_due_in_its_last_month(void **state)
{
	own(county_free) struct county *county = new_county();
	struct county_sum sum;

	(void)state;
	for (uint32_t p = JANUARY; p <= JUNE; p++)
		for (size_t site = NORTH; site <= EAST; site++)
			report(county, p, site, 10);
	sum = sum_of(county, JANUARY, JUNE, -1, ANSWERED);
	assert_int_equal(sum.expected, 5); /* two sites in March, three in June */
	assert_int_equal(sum.value, 100);
	assert_int_equal(sum_of(county, JANUARY, MARCH - 1, -1, ANSWERED).state,
			 CELL_NOT_COLLECTED);
}

static void a_measure_that_ended_is_not_collected_after(void **state)
{
	own(county_free) struct county *county = new_county();

	(void)state;
	report(county, JANUARY, NORTH, 10);
	report(county, MARCH, NORTH, 10);
	assert_int_equal(sum_of(county, JANUARY, JANUARY, NORTH, ENDED).value, 10);
	assert_int_equal(sum_of(county, MARCH, MARCH, NORTH, ENDED).state, CELL_NOT_COLLECTED);
	assert_int_equal(sum_of(county, JANUARY, MARCH, NORTH, ENDED).expected, 2);
}

static void a_missing_site_shows_in_the_coverage(void **state)
{
	own(county_free) struct county *county = new_county();
	struct county_sum sum;

	(void)state;
	report(county, JANUARY, NORTH, 10);
	sum = sum_of(county, JANUARY, JANUARY, -1, ENTERED);
	assert_int_equal(sum.state, CELL_VALUE);
	assert_int_equal(sum.value, 10);
	assert_int_equal(sum.expected, 2);
	assert_int_equal(sum.reported, 1);
	assert_int_equal(sum.sites_expected, 2);
	assert_int_equal(sum.sites_reported, 1);
}

static void nothing_reported_is_missing_and_not_zero(void **state)
{
	own(county_free) struct county *county = new_county();

	(void)state;
	assert_int_equal(sum_of(county, JANUARY, JUNE, -1, ENTERED).state, CELL_MISSING);
	report(county, JANUARY, NORTH, 0);
	assert_int_equal(sum_of(county, JANUARY, JUNE, -1, ENTERED).state, CELL_VALUE);
	assert_int_equal(sum_of(county, JANUARY, JUNE, SOUTH, ENTERED).state, CELL_MISSING);
}

static void one_suppressed_part_suppresses_the_sum(void **state)
{
	own(county_free) struct county *county = new_county();
	struct county_sum sum;

	(void)state;
	report(county, JANUARY, NORTH, 10);
	report_state(county, JANUARY, SOUTH, CELL_SUPPRESSED);
	sum = sum_of(county, JANUARY, JANUARY, -1, ENTERED);
	assert_int_equal(sum.state, CELL_SUPPRESSED);
	assert_int_equal(sum.value, 0);
	assert_int_equal(sum.reported, 2);
}

static void a_structural_zero_is_a_value(void **state)
{
	own(county_free) struct county *county = new_county();

	(void)state;
	report_state(county, JANUARY, NORTH, CELL_ZERO);
	assert_int_equal(sum_of(county, JANUARY, JANUARY, NORTH, ENTERED).state, CELL_VALUE);
}

static void what_a_site_does_not_collect_adds_nothing(void **state)
{
	own(county_free) struct county *county = new_county();
	struct county_sum sum;

	(void)state;
	report_state(county, JANUARY, SOUTH, CELL_NOT_COLLECTED);
	assert_int_equal(sum_of(county, JANUARY, JANUARY, SOUTH, ENTERED).state,
			 CELL_NOT_COLLECTED);
	report(county, JANUARY, NORTH, 10);
	sum = sum_of(county, JANUARY, JANUARY, -1, ENTERED);
	assert_int_equal(sum.state, CELL_VALUE);
	assert_int_equal(sum.value, 10);
}

static void a_site_is_not_expected_before_it_joins(void **state)
{
	own(county_free) struct county *county = new_county();

	(void)state;
	assert_int_equal(sum_of(county, JANUARY, MARCH, EAST, ENTERED).state, CELL_NOT_COLLECTED);
	assert_int_equal(sum_of(county, JANUARY, APRIL, EAST, ENTERED).expected, 1);
}

static void a_month_that_is_not_over_is_not_counted(void **state)
{
	own(county_free) struct county *county = new_county();
	struct county_sum sum;

	(void)state;
	report(county, JUNE, NORTH, 10);
	report(county, JUNE + 1, NORTH, 10);
	sum = sum_of(county, JUNE, JUNE + 1, NORTH, ENTERED);
	assert_int_equal(sum.value, 10);
	assert_int_equal(sum.expected, 1);
	assert_int_equal(sum_of(county, JUNE + 1, JUNE + 9, NORTH, ENTERED).state,
			 CELL_NOT_COLLECTED);
}

static void one_cell_is_summed_alone(void **state)
{
	own(county_free) struct county *county = new_county();
	struct release_figures figures = fixture_figures(JANUARY);
	struct county_ask ask = {{JANUARY, JANUARY}, -1, LEFT, 1, JUNE};
	struct county_sum sum;

	(void)state;
	figures.cells[LEFT][0].value = 5;
	figures.cells[LEFT][1].value = 8;
	figures.cells[LEFT][2].state = CELL_SUPPRESSED;
	assert_int_equal(county_set(county, JANUARY, NORTH, &figures, 1), 0);
	county_sum(county, &ask, &sum);
	assert_int_equal(sum.state, CELL_VALUE);
	assert_int_equal(sum.value, 8);
	ask.cell = -1;
	county_sum(county, &ask, &sum);
	assert_int_equal(sum.state, CELL_SUPPRESSED);
}

static void a_sum_beyond_32_bits_is_exact(void **state)
{
	own(county_free) struct county *county = new_county();

	(void)state;
	report(county, JANUARY, NORTH, UINT32_MAX);
	report(county, JANUARY, SOUTH, UINT32_MAX);
	assert_true(sum_of(county, JANUARY, JANUARY, -1, LEFT).value == 6 * (int64_t)UINT32_MAX);
}

static void a_link_is_known_of_each_month_whose_report_was_a_head(void **state)
{
	const struct county_head first = {.n = 1, .hash = {1}, .period = MONTH(2018, 1)};
	const struct county_head third = {.n = 3, .hash = {3}, .period = MONTH(2018, 3)};
	const struct release_figures figures = fixture_figures(MONTH(2018, 1));
	struct county *county = NULL;

	(void)state;
	assert_int_equal(county_new(&fixture_programme, &county), 0);
	assert_int_equal(county_set(county, MONTH(2018, 1), NORTH, &figures, 1), 0);
	county_set_head(county, NORTH, &first);
	assert_int_equal(county_set(county, MONTH(2018, 2), NORTH, &figures, 1), 0);
	county_set_head(county, NORTH, &third); /* of a month whose figures are not known here */
	assert_int_equal(county_link(county, MONTH(2018, 1), NORTH)->hash[0], 1);
	assert_null(county_link(county, MONTH(2018, 2), NORTH));
	assert_null(county_link(county, MONTH(2018, 3), NORTH));
	assert_null(county_link(county, MONTH(2018, 1), SOUTH));
	county_free(&county);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_release_set_twice_counts_once),
		cmocka_unit_test(releases_are_found_whatever_order_they_came_in),
		cmocka_unit_test(nothing_known_is_no_figures_and_no_range),
		cmocka_unit_test(all_sites_and_months_add_up),
		cmocka_unit_test(a_quarter_is_due_in_its_last_month),
		cmocka_unit_test(a_measure_that_ended_is_not_collected_after),
		cmocka_unit_test(a_missing_site_shows_in_the_coverage),
		cmocka_unit_test(nothing_reported_is_missing_and_not_zero),
		cmocka_unit_test(one_suppressed_part_suppresses_the_sum),
		cmocka_unit_test(a_structural_zero_is_a_value),
		cmocka_unit_test(what_a_site_does_not_collect_adds_nothing),
		cmocka_unit_test(a_site_is_not_expected_before_it_joins),
		cmocka_unit_test(a_month_that_is_not_over_is_not_counted),
		cmocka_unit_test(one_cell_is_summed_alone),
		cmocka_unit_test(a_sum_beyond_32_bits_is_exact),
		cmocka_unit_test(a_link_is_known_of_each_month_whose_report_was_a_head),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
