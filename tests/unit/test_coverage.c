#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "proto/county_before.h"
#include "proto/coverage.h"
#include "proto/rates.h"
#include "tests/unit/fixture_reports.h"
#include "tests/unit/fixture_sheet.h"

#define JANUARY MONTH(2018, 1)
#define APRIL MONTH(2018, 4)
#define ALL(last) ((struct county_ask){{JANUARY, last}, -1, -1, -1, last})

/* North reports January to March, south January alone; east, who takes part from April, nothing. */
static struct county *three_sites(void)
{
	struct county *county = empty_county();

	for (uint32_t p = JANUARY; p < APRIL; p++) {
		const struct county_head head = {.n = 1 + p - JANUARY, .period = p};

		report(county, p, NORTH, 7, 0);
		county_set_head(county, NORTH, &head);
	}
	report(county, JANUARY, SOUTH, 9, 0);
	county_set_head(county, SOUTH, &(struct county_head){.n = 1, .period = JANUARY});
	return county;
}

static struct roster roster_with(enum roster_status south)
{
	struct roster roster = {.epoch = 2, .members_n = 1};

	(void)strcpy(roster.members[0].name, "south");
	roster.members[0].status = south;
	return roster;
}

static void whoever_has_left_owes_nothing_after_the_last_report(void **state)
{
	own(county_free) struct county *county = three_sites();
	const struct county_ask ask = ALL(APRIL - 1);
	const struct roster roster = roster_with(ROSTER_RETIRED);
	unsigned expected, reported;

	(void)state;
	assert_int_equal(coverage_missing(county, &ask, SOUTH, NULL), 2);
	coverage_hold_to(county, &roster);
	assert_int_equal(coverage_missing(county, &ask, SOUTH, NULL), 0);
	assert_true(coverage_is_due(county, &ask, JANUARY, SOUTH));
	assert_false(coverage_is_due(county, &ask, JANUARY + 1, SOUTH));
	coverage_count(county, &ask, &expected, &reported);
	assert_int_equal(expected, 2);
	assert_int_equal(reported, 2);
}

static void whoever_is_suspended_or_has_come_back_owes_as_before(void **state)
{
	own(county_free) struct county *county = three_sites();
	const struct county_ask ask = ALL(APRIL - 1);
	const struct roster retired = roster_with(ROSTER_RETIRED);
	const struct roster suspended = roster_with(ROSTER_SUSPENDED);

	(void)state;
	coverage_hold_to(county, &suspended);
	assert_int_equal(coverage_missing(county, &ask, SOUTH, NULL), 2);
	coverage_hold_to(county, &retired);
	coverage_hold_to(county, &suspended);
	assert_int_equal(coverage_missing(county, &ask, SOUTH, NULL), 2);
}

static void figures_of_whoever_has_left_stay_in_the_sums(void **state)
{
	own(county_free) struct county *county = three_sites();
	struct county_ask ask = {{JANUARY, APRIL - 1}, -1, ENTERED, -1, APRIL - 1};
	struct county_sum sum;

	(void)state;
	county_set_last(county, SOUTH, 0);
	county_sum(county, &ask, &sum);
	assert_int_equal(sum.value, 3 * 7 + 9);
	assert_int_equal(sum.expected, 4);
	assert_int_equal(sum.reported, 4);
	assert_int_equal(sum.sites_reported, 2);
	ask.site = SOUTH;
	ask.range.first = JANUARY + 1;
	county_sum(county, &ask, &sum);
	assert_int_equal(sum.state, CELL_NOT_COLLECTED);
}

static void a_report_that_comes_to_be_known_later_is_expected_and_counts(void **state)
{
	own(county_free) struct county *county = three_sites();
	const struct county_ask ask = {{JANUARY, APRIL - 1}, SOUTH, ENTERED, -1, APRIL - 1};
	struct county_sum sum;

	(void)state;
	county_set_last(county, SOUTH, 0);
	report(county, JANUARY + 1, SOUTH, 5, 0); /* as the hub's results come one by one */
	county_set_head(county, SOUTH, &(struct county_head){.n = 2, .period = JANUARY + 1});
	county_sum(county, &ask, &sum);
	assert_int_equal(sum.value, 14);
	assert_int_equal(county_last(county, SOUTH), JANUARY + 1);
}

static void a_note_names_who_has_left_and_when_where_it_matters(void **state)
{
	own(county_free) struct county *county = three_sites();
	own(sheet_free) struct sheet *year = sheet_new("mia.test/1", SHEET_TABLE);
	own(sheet_free) struct sheet *before = sheet_new("mia.test/1", SHEET_TABLE);
	own(sheet_free) struct sheet *other = sheet_new("mia.test/1", SHEET_TABLE);
	const struct county_ask january = ALL(JANUARY);
	struct county_ask ask = ALL(APRIL);

	(void)state;
	county_set_last(county, SOUTH, 0);
	county_set_last(county, EAST, 0);
	assert_false(coverage_note_missing(county, &ask, LANGUAGE_EN, year)); /* north, April */
	assert_non_null(note_of(year, "%1 has left: its last report is of %2."));
	assert_non_null(note_of(year, "%1 has left and never reported."));
	assert_true(coverage_note_missing(county, &january, LANGUAGE_EN, before));
	assert_int_equal(before->notes_n, 0);
	ask.site = NORTH;
	(void)coverage_note_missing(county, &ask, LANGUAGE_EN, other);
	assert_null(note_of(other, "%1 has left: its last report is of %2."));
}

static void what_was_known_before_knows_who_has_left(void **state)
{
	own(county_free) struct county *county = three_sites();
	own(county_free) struct county *before = NULL;
	const struct county_ask ask = ALL(APRIL - 1);

	(void)state;
	county_set_last(county, SOUTH, 0);
	assert_int_equal(county_before(county, INT64_MAX, &before), 0);
	assert_int_equal(county_last(before, SOUTH), JANUARY);
	assert_int_equal(county_last(before, NORTH), COUNTY_STAYS);
	assert_int_equal(coverage_missing(before, &ask, SOUTH, NULL), 0);
}

static void no_report_is_next_of_whoever_has_left(void **state)
{
	own(county_free) struct county *county = three_sites();
	const struct county_ask ask = ALL(APRIL - 1);
	struct rates rates;

	(void)state;
	county_set_last(county, SOUTH, 0);
	rates_of(county, &ask, SOUTH, period_last_day(APRIL), &rates);
	assert_int_equal(rates.standing, RATES_NONE);
	assert_int_equal(rates.next, 0);
	assert_int_equal(rates.due, 1);
	assert_int_equal(rates.reported, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_has_left_owes_nothing_after_the_last_report),
		cmocka_unit_test(whoever_is_suspended_or_has_come_back_owes_as_before),
		cmocka_unit_test(figures_of_whoever_has_left_stay_in_the_sums),
		cmocka_unit_test(a_report_that_comes_to_be_known_later_is_expected_and_counts),
		cmocka_unit_test(a_note_names_who_has_left_and_when_where_it_matters),
		cmocka_unit_test(what_was_known_before_knows_who_has_left),
		cmocka_unit_test(no_report_is_next_of_whoever_has_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
