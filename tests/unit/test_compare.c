#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "proto/compare.h"
#include "proto/county_before.h"
#include "tests/unit/fixture_reports.h"
#include "tests/unit/fixture_sheet.h"

#define JANUARY MONTH(2018, 1)
#define JUNE MONTH(2018, 6)
#define MISSING "Missing in %1:"
#define CORRECTIONS                                                                                \
	"Reports carry sums alone, so the county cannot know how much of a figure is "             \
	"corrections; the site knows (`mia why` there)."

/* North enters 10 a month in the first quarter and 12 in the second, South 5; South's June is
 * missing. East enters 7 from April on. */
static struct county *half_year(void)
{
	struct county *county = empty_county();

	for (uint32_t p = JANUARY; p <= JUNE; p++) {
		report(county, p, NORTH, p < JANUARY + 3 ? 10 : 12, 5);
		if (p < JUNE)
			report(county, p, SOUTH, 5, 0);
		if (p >= JANUARY + 3)
			report(county, p, EAST, 7, 0);
	}
	return county;
}

static struct sheet *compared(const struct compare_side sides[static 2], int measure, int site,
			      bool *ret_is_complete)
{
	struct totals_ask ask = ask_of(JANUARY, JUNE, JUNE);
	struct sheet *sheet;

	ask.measure = measure;
	ask.site = site;
	sheet = compare_sheet(sides, &ask, ret_is_complete);
	assert_non_null(sheet);
	return sheet;
}

static void two_periods_stand_side_by_side(void **state)
{
	own(county_free) struct county *county = half_year();
	const struct compare_side sides[2] = {
		{.county = county, .range = {JANUARY, JANUARY + 2}, .until = JUNE},
		{.county = county, .range = {JANUARY + 3, JUNE}, .until = JUNE},
	};
	bool is_complete = true;
	own(sheet_free) struct sheet *sheet = compared(sides, ENTERED, -1, &is_complete);

	(void)state;
	assert_false(is_complete);
	assert_string_equal(sheet->schema, "mia.compare/1");
	assert_int_equal(sheet->rows_n, 1);
	assert_int_equal(number_at(sheet, 0, "first"), 45);
	assert_int_equal(number_at(sheet, 0, "second"), 67);
	assert_int_equal(number_at(sheet, 0, "difference"), 22);
	assert_int_equal(number_at(sheet, 0, "ratio"), 67);
	assert_int_equal(cell_of(sheet, 0, "ratio")->of, 45);
	assert_int_equal(number_at(sheet, 0, "second_sites"), 2);
	assert_int_equal(cell_of(sheet, 0, "second_sites")->of, 3);
	assert_string_equal(note_of(sheet, MISSING)->arguments[0], "2018q2");
	assert_non_null(note_of(sheet, CORRECTIONS));
}

static void a_partition_has_its_cells_below_it(void **state)
{
	own(county_free) struct county *county = half_year();
	const struct compare_side sides[2] = {
		{.county = county, .range = {JANUARY, JANUARY}, .until = JUNE},
		{.county = county, .range = {JANUARY + 1, JANUARY + 1}, .until = JUNE},
	};
	bool is_complete = false;
	own(sheet_free) struct sheet *sheet = compared(sides, LEFT, NORTH, &is_complete);

	(void)state;
	assert_true(is_complete);
	assert_int_equal(sheet->rows_n, 4);
	assert_true(is_empty_at(sheet, 0, "cell"));
	assert_int_equal(number_at(sheet, 0, "difference"), 0);
	assert_string_equal(text_at(sheet, 1, "cell"), "work");
	assert_int_equal(number_at(sheet, 1, "first"), 5);
}

static void what_is_missing_on_one_side_has_no_difference(void **state)
{
	own(county_free) struct county *county = half_year();
	const struct compare_side sides[2] = {
		{.county = county, .range = {JUNE - 1, JUNE - 1}, .until = JUNE},
		{.county = county, .range = {JUNE, JUNE}, .until = JUNE},
	};
	bool is_complete = true;
	own(sheet_free) struct sheet *sheet = compared(sides, ENTERED, SOUTH, &is_complete);

	(void)state;
	assert_false(is_complete);
	assert_int_equal(state_at(sheet, 0, "second"), CELL_MISSING);
	assert_int_equal(state_at(sheet, 0, "difference"), CELL_MISSING);
	assert_true(is_empty_at(sheet, 0, "ratio"));
}

static void periods_of_unlike_length_are_named(void **state)
{
	own(county_free) struct county *county = half_year();
	const struct compare_side sides[2] = {
		{.county = county, .range = {JANUARY, JANUARY}, .until = JUNE},
		{.county = county, .range = {JANUARY, JANUARY + 2}, .until = JUNE},
	};
	bool is_complete;
	own(sheet_free) struct sheet *sheet = compared(sides, ENTERED, NORTH, &is_complete);
	const struct sheet_phrase *note =
		note_of(sheet, "The periods differ in length: %1 and %2 months, not adjusted for.");

	(void)state;
	assert_non_null(note);
	assert_string_equal(note->arguments[0], "1");
	assert_string_equal(note->arguments[1], "3");
}

/* North's report of January came on 10 February; by the 9th nothing was known of it. */
static void a_period_as_it_was_known_stands_beside_what_is_known_now(void **state)
{
	own(county_free) struct county *county = half_year();
	own(county_free) struct county *then = NULL;
	int64_t at = date_to_moment(period_last_day(JANUARY) + 10);
	struct compare_side sides[2] = {
		{.range = {JANUARY, JANUARY}, .until = JANUARY, .at = at},
		{.county = county, .range = {JANUARY, JANUARY}, .until = JUNE},
	};
	bool is_complete = true;
	own(sheet_free) struct sheet *sheet = NULL;

	(void)state;
	assert_int_equal(county_before(county, at, &then), 0);
	sides[0].county = then;
	sheet = compared(sides, ENTERED, -1, &is_complete);
	assert_false(is_complete);
	assert_string_equal(sheet->columns[2].heading, "2018-01 (2018-02-09)");
	assert_int_equal(state_at(sheet, 0, "first"), CELL_MISSING);
	assert_int_equal(number_at(sheet, 0, "second"), 15);
	assert_null(note_of(sheet, CORRECTIONS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_periods_stand_side_by_side),
		cmocka_unit_test(a_partition_has_its_cells_below_it),
		cmocka_unit_test(what_is_missing_on_one_side_has_no_difference),
		cmocka_unit_test(periods_of_unlike_length_are_named),
		cmocka_unit_test(a_period_as_it_was_known_stands_beside_what_is_known_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
