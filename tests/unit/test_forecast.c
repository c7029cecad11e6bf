#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "proto/forecast.h"
#include "tests/unit/fixture_reports.h"
#include "tests/unit/fixture_sheet.h"

#define JANUARY MONTH(2018, 1)
#define DECEMBER MONTH(2018, 12)
enum { COUNTY_ROW = 3 };

typedef struct sheet *forecast_fn(const struct county *county, const struct totals_ask *ask,
				  bool *ret_is_complete);

/* A year in which each of North and South takes in so many a month; East says nothing. */
static struct county *year(uint32_t north, uint32_t south, uint32_t months)
{
	struct county *county = empty_county();

	for (uint32_t p = JANUARY; p < JANUARY + months; p++) {
		report(county, p, NORTH, north, 0);
		report(county, p, SOUTH, south, 0);
	}
	return county;
}

static struct sheet *made(forecast_fn *make, const struct county *county, uint32_t until)
{
	struct totals_ask ask = ask_of(JANUARY, until, until);
	bool is_complete = true;
	struct sheet *sheet = make(county, &ask, &is_complete);

	assert_non_null(sheet);
	assert_int_equal(is_complete, until < MONTH(2018, 4));
	return sheet;
}

static const char *standing_of(const struct sheet *sheet, size_t row)
{
	return text_at(sheet, row, "standing");
}

/* 33 of 100 by December of three years; 12 * 5 entered. */
static void who_was_recruited_stands_beside_the_plan(void **state)
{
	own(county_free) struct county *county = year(0, 5, 12);
	own(sheet_free) struct sheet *sheet = made(forecast_recruited, county, DECEMBER);

	(void)state;
	assert_string_equal(sheet->schema, "mia.recruited/1");
	assert_int_equal(sheet->rows_n, 4);
	assert_int_equal(number_at(sheet, COUNTY_ROW, "target"), 100);
	assert_int_equal(number_at(sheet, COUNTY_ROW, "plan"), 33);
	assert_int_equal(number_at(sheet, COUNTY_ROW, "entered"), 60);
	assert_int_equal(number_at(sheet, COUNTY_ROW, "difference"), 27);
	assert_int_equal(cell_of(sheet, COUNTY_ROW, "ahead")->of, 33);
	assert_int_equal(number_at(sheet, COUNTY_ROW, "last6"), 30);
	assert_int_equal(number_at(sheet, COUNTY_ROW, "last12"), 60);
	assert_int_equal(number_at(sheet, NORTH, "target"), 10);
	assert_int_equal(number_at(sheet, NORTH, "difference"), -3);
	assert_true(is_empty_at(sheet, SOUTH, "plan"));
	assert_int_equal(state_at(sheet, EAST, "entered"), CELL_MISSING);
}

static void an_even_pace_leads_to_its_month(void **state)
{
	own(county_free) struct county *county = year(0, 5, 12);
	own(sheet_free) struct sheet *sheet = made(forecast_sheet, county, DECEMBER);

	(void)state;
	assert_string_equal(sheet->schema, "mia.forecast/1");
	assert_int_equal(number_at(sheet, COUNTY_ROW, "to_go"), 40);
	assert_int_equal(number_at(sheet, COUNTY_ROW, "reached6"), DECEMBER + 8);
	assert_int_equal(number_at(sheet, COUNTY_ROW, "reached12"), DECEMBER + 8);
	assert_string_equal(standing_of(sheet, COUNTY_ROW),
			    "about %1, most likely between %2 and %3");
	assert_string_equal(cell_of(sheet, COUNTY_ROW, "standing")->arguments[0], "2019-08");
}

static void what_cannot_be_said_is_said_in_words(void **state)
{
	own(county_free) struct county *county = year(0, 0, 12);
	own(sheet_free) struct sheet *sheet = made(forecast_sheet, county, DECEMBER);

	(void)state;
	assert_string_equal(standing_of(sheet, NORTH), "nobody has entered for a year");
	assert_string_equal(standing_of(sheet, SOUTH), "no target");
	assert_string_equal(standing_of(sheet, EAST), "no target");
	assert_true(is_empty_at(sheet, NORTH, "reached12"));
	assert_true(is_empty_at(sheet, NORTH, "latest"));
}

static void a_pace_too_slow_does_not_make_it(void **state)
{
	own(county_free) struct county *county = year(0, 1, 12); /* 88 to go at one a month */
	own(sheet_free) struct sheet *sheet = made(forecast_sheet, county, DECEMBER);

	(void)state;
	assert_int_equal(number_at(sheet, COUNTY_ROW, "reached12"), DECEMBER + 88);
	assert_string_equal(standing_of(sheet, COUNTY_ROW),
			    "not before the operation ends, at this pace");
}

static void a_target_met_is_reached(void **state)
{
	own(county_free) struct county *county = year(5, 0, 12);
	own(sheet_free) struct sheet *sheet = made(forecast_sheet, county, DECEMBER);

	(void)state;
	assert_string_equal(standing_of(sheet, NORTH), "✓ reached");
	assert_true(is_empty_at(sheet, NORTH, "to_go"));
}

static void a_few_months_tell_nothing_yet(void **state)
{
	own(county_free) struct county *county = year(0, 5, 3);
	own(sheet_free) struct sheet *sheet = made(forecast_sheet, county, MONTH(2018, 3));

	(void)state;
	assert_string_equal(standing_of(sheet, sheet->rows_n - 1), "too few months to say");
}

/* A late site is judged by the months it has reported, not by months of nothing. */
static void a_late_site_keeps_the_pace_it_had(void **state)
{
	own(county_free) struct county *county = empty_county();
	own(sheet_free) struct sheet *sheet = NULL;

	(void)state;
	for (uint32_t p = JANUARY; p < DECEMBER + 1; p++)
		report(county, p, NORTH, p == JANUARY ? 6 : 0, 0);
	sheet = made(forecast_recruited, county, DECEMBER + 3);
	assert_int_equal(number_at(sheet, NORTH, "last12"), 6);
	assert_int_equal(number_at(sheet, NORTH, "plan"), 3);
}

static void before_anything_is_closed_there_is_no_row(void **state)
{
	own(county_free) struct county *county = empty_county();
	own(sheet_free) struct sheet *sheet = made(forecast_sheet, county, JANUARY - 1);

	(void)state;
	assert_int_equal(sheet->rows_n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_was_recruited_stands_beside_the_plan),
		cmocka_unit_test(an_even_pace_leads_to_its_month),
		cmocka_unit_test(what_cannot_be_said_is_said_in_words),
		cmocka_unit_test(a_pace_too_slow_does_not_make_it),
		cmocka_unit_test(a_target_met_is_reached),
		cmocka_unit_test(a_few_months_tell_nothing_yet),
		cmocka_unit_test(a_late_site_keeps_the_pace_it_had),
		cmocka_unit_test(before_anything_is_closed_there_is_no_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
