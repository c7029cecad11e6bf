#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "proto/county_before.h"
#include "tests/unit/fixture_reports.h"

#define JANUARY MONTH(2018, 1)

static void only_what_came_before_the_moment_is_known(void **state)
{
	own(county_free) struct county *county = empty_county();
	own(county_free) struct county *before = NULL, *after = NULL;
	const struct county_head head = {.n = 2, .period = JANUARY + 1, .at_received = 1};
	int64_t at = date_to_moment(period_last_day(JANUARY + 1) + 10); /* when February came */

	(void)state;
	report(county, JANUARY, NORTH, 7, 0);
	report(county, JANUARY + 1, NORTH, 9, 0);
	county_set_head(county, NORTH, &head);
	assert_int_equal(county_before(county, at, &before), 0);
	assert_int_equal(county_figures(before, JANUARY, NORTH)->cells[ENTERED][0].value, 7);
	assert_int_equal(county_received(before, JANUARY, NORTH),
			 county_received(county, JANUARY, NORTH));
	assert_null(county_figures(before, JANUARY + 1, NORTH));
	assert_int_equal(county_head(before, NORTH)->n, 0);
	assert_int_equal(county_before(county, at + 1, &after), 0);
	assert_non_null(county_figures(after, JANUARY + 1, NORTH));
}

static void nothing_known_is_nothing_known_before(void **state)
{
	own(county_free) struct county *county = empty_county();
	own(county_free) struct county *before = NULL;

	(void)state;
	assert_int_equal(county_before(county, INT64_MAX, &before), 0);
	assert_int_equal(county_range(before).first, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_came_before_the_moment_is_known),
		cmocka_unit_test(nothing_known_is_nothing_known_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
