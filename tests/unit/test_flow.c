#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "proto/flow.h"
#include "tests/unit/fixture_reports.h"
#include "tests/unit/fixture_sheet.h"

#define JANUARY MONTH(2018, 1)
#define MARCH MONTH(2018, 3)

/* North: 20 in and 0 out, 6 and 15, 0 and 15; South 5 and 0 in January and February, then silent.
 */
static struct county *quarter(void)
{
	struct county *county = empty_county();

	report(county, JANUARY, NORTH, 20, 0);
	report(county, JANUARY + 1, NORTH, 6, 5);
	report(county, MARCH, NORTH, 0, 5);
	report(county, JANUARY, SOUTH, 5, 0);
	report(county, JANUARY + 1, SOUTH, 5, 0);
	return county;
}

static struct sheet *flow_of(const struct county *county, uint32_t first, bool by_site)
{
	struct totals_ask ask = ask_of(first, MARCH, MARCH);
	bool is_complete = true;
	struct sheet *sheet;

	ask.by_site = by_site;
	sheet = flow_sheet(county, &ask, &is_complete);
	assert_non_null(sheet);
	assert_false(is_complete);
	return sheet;
}

static void active_is_all_that_came_in_less_all_that_went_out(void **state)
{
	own(county_free) struct county *county = quarter();
	own(sheet_free) struct sheet *sheet = flow_of(county, JANUARY, false);

	(void)state;
	assert_string_equal(sheet->schema, "mia.flow/1");
	assert_int_equal(sheet->rows_n, 4);
	assert_int_equal(number_at(sheet, 0, "in"), 25);
	assert_int_equal(number_at(sheet, 0, "active"), 25);
	assert_int_equal(number_at(sheet, 1, "out"), 15);
	assert_int_equal(number_at(sheet, 1, "net"), -4);
	assert_int_equal(number_at(sheet, 1, "active"), 21);
	assert_int_equal(number_at(sheet, 2, "active"), 6);
	assert_int_equal(number_at(sheet, 3, "in"), 36);
	assert_int_equal(number_at(sheet, 3, "out"), 30);
	assert_int_equal(number_at(sheet, 3, "active"), 6);
	assert_int_equal(number_at(sheet, 2, "sites_reported"), 1);
	assert_int_equal(number_at(sheet, 2, "sites_expected"), 2);
}

static void who_was_active_before_the_range_counts(void **state)
{
	own(county_free) struct county *county = quarter();
	own(sheet_free) struct sheet *sheet = flow_of(county, MARCH, false);

	(void)state;
	assert_int_equal(number_at(sheet, 0, "in"), 0);
	assert_int_equal(number_at(sheet, 0, "active"), 6);
}

static void a_site_that_has_not_reported_has_no_active(void **state)
{
	own(county_free) struct county *county = quarter();
	own(sheet_free) struct sheet *sheet = flow_of(county, JANUARY, true);

	(void)state;
	assert_int_equal(sheet->rows_n, 3);
	assert_int_equal(number_at(sheet, NORTH, "active"), -4);
	assert_int_equal(number_at(sheet, SOUTH, "in"), 10);
	assert_int_equal(state_at(sheet, SOUTH, "active"), CELL_MISSING);
	assert_int_equal(number_at(sheet, 2, "active"), 6);
	assert_string_equal(text_at(sheet, 2, "site"), "county");
}

/* The programme of the fixture knows no transfers: In is who entered, and shown once. */
static void a_part_alone_is_not_shown_beside_its_sum(void **state)
{
	own(county_free) struct county *county = quarter();
	own(sheet_free) struct sheet *sheet = flow_of(county, JANUARY, false);

	(void)state;
	for (size_t i = 0; i < sheet->columns_n; i++) {
		assert_string_not_equal(sheet->columns[i].id, "entered");
		assert_string_not_equal(sheet->columns[i].id, "transferred_in");
	}
}

static void transfers_are_shown_where_they_are_counted(void **state)
{
	struct programme_measure measures[] = {fixture_measures[LEFT], fixture_measures[ENTERED],
					       fixture_measures[ANSWERED], fixture_measures[ENDED]};
	struct programme programme = fixture_programme;
	struct release_figures figures = fixture_figures(JANUARY);
	struct totals_ask ask = ask_of(JANUARY, JANUARY, JANUARY);
	own(county_free) struct county *county = NULL;
	own(sheet_free) struct sheet *sheet = NULL;
	bool is_complete;

	(void)state;
	measures[ENDED].kind = KIND_TRANSFERRED_IN;
	programme.measures = measures;
	figures.cells[ENTERED][0].value = 6;
	figures.cells[ENDED][0].value = 5;
	assert_int_equal(county_new(&programme, &county), 0);
	assert_int_equal(county_set(county, JANUARY, NORTH, &figures, 1), 0);
	sheet = flow_sheet(county, &ask, &is_complete);
	assert_int_equal(number_at(sheet, 0, "entered"), 6);
	assert_int_equal(number_at(sheet, 0, "transferred_in"), 5);
	assert_int_equal(number_at(sheet, 0, "in"), 11);
	assert_int_equal(number_at(sheet, 0, "active"), 11);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(active_is_all_that_came_in_less_all_that_went_out),
		cmocka_unit_test(who_was_active_before_the_range_counts),
		cmocka_unit_test(a_site_that_has_not_reported_has_no_active),
		cmocka_unit_test(a_part_alone_is_not_shown_beside_its_sum),
		cmocka_unit_test(transfers_are_shown_where_they_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
