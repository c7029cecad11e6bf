#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "proto/trend.h"
#include "tests/unit/fixture_reports.h"
#include "tests/unit/fixture_sheet.h"

#define JANUARY MONTH(2018, 1)
#define APRIL MONTH(2018, 4)

/* North: 8, 16, 0, and nothing of April; South 8 each month. East joins in April and is silent. */
static struct county *spring(void)
{
	struct county *county = empty_county();

	report(county, JANUARY, NORTH, 8, 5);
	report(county, JANUARY + 1, NORTH, 16, 0);
	report(county, JANUARY + 2, NORTH, 0, 0);
	for (uint32_t p = JANUARY; p <= APRIL; p++)
		report(county, p, SOUTH, 8, 0);
	return county;
}

static struct sheet *trend_of(const struct county *county, int measure, int site, bool by_site)
{
	struct totals_ask ask = ask_of(JANUARY, APRIL, APRIL);
	bool is_complete = true;
	struct sheet *sheet;

	ask.measure = measure;
	ask.site = site;
	ask.by_site = by_site;
	sheet = trend_sheet(county, &ask, &is_complete);
	assert_non_null(sheet);
	assert_int_equal(is_complete, site == SOUTH || measure == ANSWERED);
	return sheet;
}

static void a_measure_has_a_bar_a_month_against_its_highest(void **state)
{
	own(county_free) struct county *county = spring();
	own(sheet_free) struct sheet *sheet = trend_of(county, ENTERED, -1, false);

	(void)state;
	assert_string_equal(sheet->schema, "mia.trend/1");
	assert_int_equal(sheet->rows_n, 4);
	assert_int_equal(number_at(sheet, 1, "period"), JANUARY + 1);
	assert_int_equal(number_at(sheet, 1, "value"), 24);
	assert_int_equal(number_at(sheet, 0, "bar"), 16);
	assert_int_equal(cell_of(sheet, 0, "bar")->of, 24);
	assert_int_equal(cell_of(sheet, 0, "bar")->goal, 0);
	assert_int_equal(number_at(sheet, 3, "value"), 8);
	assert_int_equal(number_at(sheet, 3, "sites_reported"), 1);
	assert_int_equal(number_at(sheet, 3, "sites_expected"), 3);
}

static void a_missing_month_is_missing_and_a_zero_a_zero(void **state)
{
	own(county_free) struct county *county = spring();
	own(sheet_free) struct sheet *sheet = trend_of(county, ENTERED, NORTH, false);

	(void)state;
	assert_int_equal(number_at(sheet, 2, "value"), 0);
	assert_int_equal(state_at(sheet, 3, "value"), CELL_MISSING);
	assert_true(is_empty_at(sheet, 3, "bar"));
}

static void a_partition_shows_its_cells(void **state)
{
	own(county_free) struct county *county = spring();
	own(sheet_free) struct sheet *sheet = trend_of(county, LEFT, -1, false);

	(void)state;
	assert_int_equal(number_at(sheet, 0, "af"), 5);
	assert_int_equal(number_at(sheet, 0, "value"), 15);
}

static void a_quarters_figure_has_a_row_a_quarter(void **state)
{
	own(county_free) struct county *county = spring();
	own(sheet_free) struct sheet *sheet = trend_of(county, ANSWERED, -1, false);

	(void)state;
	assert_int_equal(sheet->rows_n, 1);
	assert_int_equal(cell_of(sheet, 0, "period")->number, JANUARY);
	assert_int_equal(cell_of(sheet, 0, "period")->of, JANUARY + 2);
}

static void a_line_tells_zero_from_missing(void **state)
{
	own(county_free) struct county *county = spring();
	own(sheet_free) struct sheet *sheet = trend_of(county, -1, -1, true);

	(void)state;
	assert_int_equal(sheet->rows_n, 4);
	assert_string_equal(text_at(sheet, NORTH, "site"), "north");
	assert_string_equal(text_at(sheet, NORTH, "line"), "▄█.–");
	assert_string_equal(text_at(sheet, SOUTH, "line"), "████");
	assert_string_equal(text_at(sheet, EAST, "line"), "···–");
	assert_int_equal(state_at(sheet, NORTH, "latest"), CELL_MISSING);
	assert_string_equal(text_at(sheet, 3, "site"), "county");
	assert_int_equal(number_at(sheet, 3, "latest"), 8);
	assert_true(is_empty_at(sheet, 3, "year"));
}

static void every_measure_has_its_line(void **state)
{
	own(county_free) struct county *county = spring();
	own(sheet_free) struct sheet *sheet = trend_of(county, -1, SOUTH, false);

	(void)state;
	assert_int_equal(sheet->rows_n, 4);
	assert_string_equal(text_at(sheet, LEFT, "measure"), "left");
	assert_string_equal(text_at(sheet, LEFT, "line"), "....");
	assert_string_equal(text_at(sheet, ANSWERED, "line"), ".");
	assert_string_equal(text_at(sheet, ENDED, "line"), ".."); /* ends in February */
}

static void a_year_is_held_against_the_one_before(void **state)
{
	own(county_free) struct county *county = empty_county();
	struct totals_ask ask = ask_of(JANUARY, JANUARY + 25, JANUARY + 25);
	bool is_complete = false;
	own(sheet_free) struct sheet *sheet = NULL;

	(void)state;
	for (uint32_t p = JANUARY; p <= JANUARY + 25; p++)
		report(county, p, NORTH, p < JANUARY + 14 ? 5 : 7, 0);
	ask.site = NORTH;
	ask.by_site = true;
	sheet = trend_sheet(county, &ask, &is_complete);
	assert_true(is_complete);
	assert_int_equal(sheet->rows_n, 1);
	assert_int_equal(number_at(sheet, 0, "year"), 84);
	assert_int_equal(number_at(sheet, 0, "year_before"), 60);
	assert_int_equal(number_at(sheet, 0, "difference"), 24);
	assert_int_equal(strlen(text_at(sheet, 0, "line")), TREND_MONTHS * strlen("█"));
}

static void before_anything_is_closed_there_is_no_row(void **state)
{
	own(county_free) struct county *county = empty_county();
	struct totals_ask ask = ask_of(0, 0, JANUARY - 1);
	bool is_complete = false;
	own(sheet_free) struct sheet *sheet = NULL;

	(void)state;
	ask.measure = ENTERED;
	sheet = trend_sheet(county, &ask, &is_complete);
	assert_int_equal(sheet->rows_n, 0);
	assert_string_equal(sheet->title.text, "No month is closed yet");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_measure_has_a_bar_a_month_against_its_highest),
		cmocka_unit_test(a_missing_month_is_missing_and_a_zero_a_zero),
		cmocka_unit_test(a_partition_shows_its_cells),
		cmocka_unit_test(a_quarters_figure_has_a_row_a_quarter),
		cmocka_unit_test(a_line_tells_zero_from_missing),
		cmocka_unit_test(every_measure_has_its_line),
		cmocka_unit_test(a_year_is_held_against_the_one_before),
		cmocka_unit_test(before_anything_is_closed_there_is_no_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
