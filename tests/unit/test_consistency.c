/* What a site has published holds together, or somebody is telephoned. */
#include "proto/consistency.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixture_county.h"

#define JANUARY MONTH(2018, 1)
#define FEBRUARY MONTH(2018, 2)

static int set_up(void **state)
{
	struct county *county = NULL;

	assert_int_equal(county_new(&fixture_programme, &county), 0);
	*state = county;
	return 0;
}

static int tear_down(void **state)
{
	struct county *county = *state;

	county_free(&county);
	return 0;
}

/* North reports so many who entered and left. */
static void report(struct county *county, uint32_t period, uint32_t entered, uint32_t left)
{
	struct release_figures figures = fixture_figures(period);

	figures.cells[ENTERED][0].value = entered;
	figures.cells[LEFT][0].value = left;
	assert_int_equal(county_set(county, period, NORTH, &figures, 1), 0);
}

/* What k - 1 persons in each cell of the two measures make. */
static uint32_t slack(void)
{
	return (uint32_t)(fixture_programme.measures[ENTERED].cells_n +
			  fixture_programme.measures[LEFT].cells_n) *
	       (fixture_programme.policy.k - 1);
}

static void who_left_had_come(void **state)
{
	struct county *county = *state;

	report(county, JANUARY, 10, 10);
	assert_int_equal(consistency_of(county, NORTH, JANUARY), CONSISTENCY_HOLDS);
	report(county, JANUARY, 10, 11 + slack());
	assert_int_equal(consistency_of(county, NORTH, JANUARY), CONSISTENCY_LEFT);
	assert_string_equal(consistency_id(CONSISTENCY_LEFT), "left");
}

static void what_waits_is_allowed_for(void **state)
{
	struct county *county = *state;

	report(county, JANUARY, 10, 10 + slack());
	assert_int_equal(consistency_of(county, NORTH, JANUARY), CONSISTENCY_HOLDS);
}

static void sums_go_from_the_first_month_on(void **state)
{
	struct county *county = *state;

	report(county, JANUARY, 100, 0);
	report(county, FEBRUARY, 0, 100);
	assert_int_equal(consistency_of(county, NORTH, FEBRUARY), CONSISTENCY_HOLDS);
}

static void of_missing_months_nothing_is_said(void **state)
{
	struct county *county = *state;

	report(county, FEBRUARY, 0, 1000);
	assert_int_equal(consistency_of(county, NORTH, FEBRUARY), CONSISTENCY_HOLDS);
	report(county, JANUARY, 0, 0);
	assert_int_equal(consistency_of(county, NORTH, FEBRUARY), CONSISTENCY_LEFT);
}

static void the_site_is_named_in_a_note(void **state)
{
	struct county *county = *state;
	struct sheet *sheet = sheet_new("mia.test/1", SHEET_TABLE);

	report(county, JANUARY, 0, 1000);
	consistency_note(county, JANUARY, LANGUAGE_EN, sheet);
	assert_int_equal(sheet->notes_n, 1);
	assert_string_equal(sheet->notes[0].arguments[0], "North");
	sheet_free(&sheet);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(who_left_had_come),
		TEST(what_waits_is_allowed_for),
		TEST(sums_go_from_the_first_month_on),
		TEST(of_missing_months_nothing_is_said),
		TEST(the_site_is_named_in_a_note),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
