#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "lib/date.h"
#include "proto/totals.h"
#include "tests/unit/fixture_county.h"
#include "tests/unit/fixture_sheet.h"

#define JANUARY MONTH(2018, 1)
#define MARCH MONTH(2018, 3)
#define APRIL MONTH(2018, 4)
#define JUNE MONTH(2018, 6)
#define MISSING "%1 has not reported %2."
#define WAITING                                                                                    \
	"Up to %1 more persons may wait per site and figure, until at least %2 can be shown "      \
	"together."
#define NOT_CLOSED "Months after %1 are not closed everywhere yet and not counted."

static void report(struct county *county, uint32_t period, size_t site, uint32_t value)
{
	struct release_figures figures = fixture_figures(period);
	int64_t at = date_to_moment(period_last_day(period) + 10);

	for (size_t m = 0; m < fixture_programme.measures_n; m++)
		for (size_t c = 0; c < fixture_measures[m].cells_n && figures.is_due[m]; c++)
			figures.cells[m][c].value = value;
	assert_int_equal(county_set(county, period, site, &figures, at), 0);
}

/* Every site has reported every month to June, 10 in each cell: 6, 6 and 3 months. */
static struct county *full_county(void)
{
	struct county *county = NULL;

	assert_int_equal(county_new(&fixture_programme, &county), 0);
	for (uint32_t p = JANUARY; p <= JUNE; p++)
		for (size_t site = NORTH; site <= (p < APRIL ? SOUTH : EAST); site++)
			report(county, p, site, 10);
	return county;
}

static struct totals_ask half_year(void)
{
	return (struct totals_ask){
		.range = {JANUARY, JUNE},
		.site = -1,
		.measure = -1,
		.until = JUNE,
		.language = LANGUAGE_EN,
	};
}

static void without_by_there_is_a_row_a_figure(void **state)
{
	own(county_free) struct county *county = full_county();
	struct totals_ask ask = half_year();
	bool is_complete = false;
	own(sheet_free) struct sheet *sheet = totals_sheet(county, &ask, &is_complete);

	(void)state;
	assert_true(is_complete);
	assert_string_equal(sheet->schema, "mia.totals/1");
	assert_int_equal(sheet->rows_n, 4 + 1 + 3 + 1);
	assert_string_equal(text_at(sheet, 0, "measure"), "left");
	assert_true(is_empty_at(sheet, 0, "cell"));
	assert_int_equal(number_at(sheet, 0, "value"), 450);
	assert_string_equal(text_at(sheet, 1, "cell"), "work");
	assert_int_equal(number_at(sheet, 1, "value"), 150);
	assert_string_equal(text_at(sheet, 4, "measure"), "entered");
	assert_int_equal(number_at(sheet, 4, "value"), 150);
	assert_int_equal(number_at(sheet, 4, "sites_reported"), 3);
	assert_int_equal(number_at(sheet, 4, "sites_expected"), 3);
	assert_string_equal(sheet->title.arguments[0], "2018q1..2018q2");
}

static void by_site_ends_with_the_county(void **state)
{
	own(county_free) struct county *county = full_county();
	struct totals_ask ask = half_year();
	own(sheet_free) struct sheet *sheet = NULL;
	bool is_complete;

	(void)state;
	ask.by_site = true;
	sheet = totals_sheet(county, &ask, &is_complete);
	assert_int_equal(sheet->rows_n, 4);
	assert_int_equal(sheet->columns_n, 1 + 4);
	assert_true(sheet->columns[2].is_label);
	assert_string_equal(sheet->columns[2].heading, "Entered");
	assert_string_equal(text_at(sheet, EAST, "site"), "east");
	assert_int_equal(number_at(sheet, EAST, "entered"), 30);
	assert_string_equal(text_at(sheet, 3, "site"), "county");
	assert_int_equal(number_at(sheet, 3, "entered"), 150);
	assert_int_equal(number_at(sheet, 3, "answered"), 100);
}

static void one_measure_is_split_into_its_cells_and_total(void **state)
{
	own(county_free) struct county *county = full_county();
	struct totals_ask ask = half_year();
	own(sheet_free) struct sheet *sheet = NULL;
	bool is_complete;

	(void)state;
	ask.by_site = true;
	ask.measure = LEFT;
	ask.language = LANGUAGE_SV;
	sheet = totals_sheet(county, &ask, &is_complete);
	assert_int_equal(sheet->columns_n, 1 + 3 + 1);
	assert_string_equal(sheet->columns[1].heading, "Arbete");
	assert_string_equal(text_at(sheet, SOUTH, "site"), "south"); /* for programs */
	assert_string_equal(cell_of(sheet, SOUTH, "site")->arguments[0], "Söder");
	assert_int_equal(number_at(sheet, SOUTH, "work"), 60);
	assert_int_equal(number_at(sheet, SOUTH, "total"), 180);
	assert_string_equal(text_at(sheet, 3, "site"), "county");
	assert_string_equal(cell_of(sheet, 3, "site")->arguments[0], "Länet");
	assert_string_equal(sheet->title.text, "%1, %2 · %3 of %4 sites");
	assert_string_equal(sheet->title.arguments[0], "Avslutade");
}

static void a_site_asked_for_stands_alone(void **state)
{
	own(county_free) struct county *county = full_county();
	struct totals_ask ask = half_year();
	own(sheet_free) struct sheet *sheet = NULL;
	bool is_complete;

	(void)state;
	ask.by_site = true;
	ask.site = EAST;
	sheet = totals_sheet(county, &ask, &is_complete);
	assert_int_equal(sheet->rows_n, 1);
	assert_string_equal(text_at(sheet, 0, "site"), "east");
	assert_string_equal(sheet->title.arguments[0], "East");
}

static void by_period_ends_with_the_whole_range(void **state)
{
	own(county_free) struct county *county = full_county();
	struct totals_ask ask = half_year();
	own(sheet_free) struct sheet *sheet = NULL;
	bool is_complete;

	(void)state;
	ask.by_period = true;
	sheet = totals_sheet(county, &ask, &is_complete);
	assert_int_equal(sheet->rows_n, 7);
	assert_int_equal(number_at(sheet, 0, "period"), JANUARY);
	assert_int_equal(number_at(sheet, 0, "entered"), 20);
	assert_true(is_empty_at(sheet, 0, "answered"));
	assert_int_equal(number_at(sheet, 2, "answered"), 40);
	assert_int_equal(number_at(sheet, 1, "ended"), 20);
	assert_true(is_empty_at(sheet, 2, "ended"));
	assert_int_equal(cell_of(sheet, 6, "period")->number, JANUARY);
	assert_int_equal(cell_of(sheet, 6, "period")->of, JUNE);
	assert_int_equal(number_at(sheet, 6, "entered"), 150);
}

static void a_measure_not_due_in_the_range_has_no_column(void **state)
{
	own(county_free) struct county *county = full_county();
	struct totals_ask ask = half_year();
	own(sheet_free) struct sheet *sheet = NULL;
	bool is_complete;

	(void)state;
	ask.by_site = true;
	ask.range = (struct period_range){APRIL, APRIL};
	sheet = totals_sheet(county, &ask, &is_complete);
	assert_int_equal(sheet->columns_n, 1 + 2);
	assert_string_equal(sheet->columns[1].id, "left");
	assert_string_equal(sheet->columns[2].id, "entered");
}

static void the_long_form_has_a_row_a_cell_and_adds_up(void **state)
{
	static const char *const ids[] = {"period", "site", "measure", "cell", "state", "value"};
	own(county_free) struct county *county = full_county();
	struct totals_ask ask = half_year();
	own(sheet_free) struct sheet *sheet = NULL;
	int64_t sites = 0, all = 0;
	bool is_complete;

	(void)state;
	ask.by_site = ask.by_period = true;
	ask.language = LANGUAGE_SV;
	sheet = totals_sheet(county, &ask, &is_complete);
	assert_int_equal(sheet->columns_n, 6);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(sheet->columns[i].id, ids[i]);
	/* Per month and site or county: 4 cells, 1 more in January and February, 2 more in March
	 * and June. */
	assert_int_equal(sheet->rows_n, 2 * 3 * 5 + 3 * 6 + 2 * 4 * 4 + 4 * 6);
	assert_string_equal(text_at(sheet, 0, "site"), "north");
	assert_string_equal(text_at(sheet, 0, "measure"), "left");
	assert_string_equal(text_at(sheet, 0, "cell"), "work");
	assert_string_equal(text_at(sheet, 0, "state"), "value");
	for (size_t row = 0; row < sheet->rows_n; row++) {
		bool is_county = strcmp(text_at(sheet, row, "site"), "county") == 0;

		*(is_county ? &all : &sites) += number_at(sheet, row, "value");
	}
	assert_int_equal(sites, all);
	assert_int_equal(all, 450 + 150 + 100 + 40);
}

static void the_long_form_says_missing_and_suppressed_in_words(void **state)
{
	own(county_free) struct county *county = NULL;
	struct release_figures figures = fixture_figures(APRIL);
	struct totals_ask ask = half_year();
	own(sheet_free) struct sheet *sheet = NULL;
	bool is_complete = true;

	(void)state;
	assert_int_equal(county_new(&fixture_programme, &county), 0);
	figures.cells[ENTERED][0].state = CELL_SUPPRESSED;
	assert_int_equal(county_set(county, APRIL, NORTH, &figures, 1), 0);
	ask.range = (struct period_range){APRIL, APRIL};
	ask.measure = ENTERED;
	ask.by_site = ask.by_period = true;
	sheet = totals_sheet(county, &ask, &is_complete);
	assert_false(is_complete);
	assert_int_equal(sheet->rows_n, 4);
	assert_string_equal(text_at(sheet, NORTH, "state"), "suppressed");
	assert_int_equal(state_at(sheet, NORTH, "value"), CELL_SUPPRESSED);
	assert_string_equal(text_at(sheet, SOUTH, "state"), "missing");
	assert_int_equal(state_at(sheet, SOUTH, "value"), CELL_MISSING);
	assert_string_equal(text_at(sheet, 3, "state"), "suppressed");
}

static void a_missing_site_is_named_with_its_months(void **state)
{
	own(county_free) struct county *county = NULL;
	struct totals_ask ask = half_year();
	own(sheet_free) struct sheet *sheet = NULL;
	const struct sheet_phrase *note;
	bool is_complete = true;

	(void)state;
	assert_int_equal(county_new(&fixture_programme, &county), 0);
	for (uint32_t p = JANUARY; p <= JUNE; p++)
		report(county, p, EAST, 10);
	for (uint32_t p = JANUARY; p <= JUNE; p++)
		report(county, p, NORTH, 10);
	report(county, JANUARY + 1, SOUTH, 10);
	sheet = totals_sheet(county, &ask, &is_complete);
	assert_false(is_complete);
	note = note_of(sheet, MISSING);
	assert_non_null(note);
	assert_string_equal(note->arguments[0], "South");
	assert_string_equal(note->arguments[1], "2018-01, 2018-03..2018-06");
	assert_string_equal(sheet->title.arguments[1], "2");
	assert_string_equal(sheet->title.arguments[2], "3");
}

static void a_missing_month_matters_only_where_the_measure_is_due(void **state)
{
	own(county_free) struct county *county = NULL;
	struct totals_ask ask = half_year();
	own(sheet_free) struct sheet *sheet = NULL;
	bool is_complete = false;

	(void)state;
	assert_int_equal(county_new(&fixture_programme, &county), 0);
	report(county, MARCH, NORTH, 10);
	report(county, MARCH, SOUTH, 10);
	ask.range.last = MARCH;
	ask.measure = ANSWERED;
	sheet = totals_sheet(county, &ask, &is_complete);
	assert_true(is_complete);
	assert_null(note_of(sheet, MISSING));
}

static void what_may_wait_is_said_with_the_programmes_k(void **state)
{
	own(county_free) struct county *county = full_county();
	struct totals_ask ask = half_year();
	bool is_complete;
	own(sheet_free) struct sheet *sheet = totals_sheet(county, &ask, &is_complete);
	const struct sheet_phrase *note = note_of(sheet, WAITING);

	(void)state;
	assert_non_null(note);
	assert_string_equal(note->arguments[0], "4");
	assert_string_equal(note->arguments[1], "5");
}

static void months_that_are_not_over_are_left_out_and_said(void **state)
{
	own(county_free) struct county *county = full_county();
	struct totals_ask ask = half_year();
	own(sheet_free) struct sheet *sheet = NULL;
	bool is_complete = false;

	(void)state;
	report(county, JUNE + 1, NORTH, 1000);
	ask.range.last = MONTH(2018, 12);
	ask.measure = ENTERED;
	sheet = totals_sheet(county, &ask, &is_complete);
	assert_true(is_complete);
	assert_int_equal(number_at(sheet, 0, "value"), 150);
	assert_non_null(note_of(sheet, NOT_CLOSED));
	assert_string_equal(note_of(sheet, NOT_CLOSED)->arguments[0], "2018-06");
}

static void before_anything_is_closed_there_is_an_empty_answer(void **state)
{
	own(county_free) struct county *county = NULL;
	struct totals_ask ask = half_year();
	bool is_complete = false;

	(void)state;
	assert_int_equal(county_new(&fixture_programme, &county), 0);
	ask.range = (struct period_range){0, 0};
	ask.until = 0;
	for (int by = 0; by < 4; by++) {
		own(sheet_free) struct sheet *sheet = NULL;

		ask.by_site = by & 1;
		ask.by_period = by & 2;
		sheet = totals_sheet(county, &ask, &is_complete);
		assert_true(is_complete);
		assert_int_equal(sheet->error, 0);
		assert_string_equal(sheet->title.text, "No month is closed yet");
	}
}

static struct sheet *sites_on(const struct county *county, uint32_t until, int32_t today)
{
	const struct totals_sites_ask ask = {until, today, false, LANGUAGE_EN};

	return totals_sites(county, &ask);
}

static void sites_show_reports_and_recruitment(void **state)
{
	own(county_free) struct county *county = full_county();
	struct county_head head = {.n = 6, .period = JUNE, .at_received = 1531180800};
	own(sheet_free) struct sheet *sheet = NULL;

	(void)state;
	county_set_head(county, NORTH, &head);
	sheet = sites_on(county, JUNE, DAY_2018 + 190);
	assert_string_equal(sheet->schema, "mia.sites/1");
	assert_int_equal(sheet->rows_n, 4);
	assert_int_equal(number_at(sheet, NORTH, "last_period"), JUNE);
	assert_int_equal(number_at(sheet, NORTH, "received"), 1531180800);
	assert_int_equal(number_at(sheet, NORTH, "releases"), 6);
	assert_int_equal(number_at(sheet, NORTH, "target"), 10); /* from July; 20 before */
	assert_int_equal(number_at(sheet, NORTH, "entered"), 60);
	assert_int_equal(cell_of(sheet, NORTH, "recruited")->of, 10);
	assert_true(is_empty_at(sheet, SOUTH, "last_period"));
	assert_true(is_empty_at(sheet, SOUTH, "target"));
	assert_true(is_empty_at(sheet, SOUTH, "recruited"));
	assert_string_equal(text_at(sheet, 3, "site"), "county");
	assert_int_equal(number_at(sheet, 3, "target"), 100);
	assert_int_equal(number_at(sheet, 3, "entered"), 150);
}

static void a_report_is_on_time_until_its_last_day(void **state)
{
	struct release_figures figures = fixture_figures(JANUARY);
	int32_t last_day = period_last_day(JANUARY) + 28;

	(void)state;
	for (int late = 0; late < 2; late++) {
		own(county_free) struct county *county = NULL;
		own(sheet_free) struct sheet *sheet = NULL;
		int64_t at = date_to_moment(last_day + 1) - 1 + late;

		assert_int_equal(county_new(&fixture_programme, &county), 0);
		assert_int_equal(county_set(county, JANUARY, NORTH, &figures, at), 0);
		sheet = sites_on(county, JANUARY, last_day);
		assert_int_equal(cell_of(sheet, NORTH, "on_time")->number, 1 - late);
		assert_int_equal(cell_of(sheet, NORTH, "on_time")->of, 1);
	}
}

static void a_missing_report_is_late_when_its_last_day_has_passed(void **state)
{
	own(county_free) struct county *county = NULL;
	int32_t last_day = period_last_day(JANUARY) + 28;

	(void)state;
	assert_int_equal(county_new(&fixture_programme, &county), 0);
	for (int days = 0; days < 2; days++) {
		own(sheet_free) struct sheet *sheet = sites_on(county, JANUARY, last_day + days);

		assert_int_equal(number_at(sheet, NORTH, "missing"), 1);
		assert_int_equal(is_empty_at(sheet, NORTH, "on_time"), days == 0);
		assert_int_equal(state_at(sheet, NORTH, "entered"), CELL_MISSING);
		assert_non_null(note_of(sheet, MISSING));
	}
}

static void a_site_is_not_listed_before_it_joins(void **state)
{
	own(county_free) struct county *county = NULL;
	own(sheet_free) struct sheet *before = NULL;
	own(sheet_free) struct sheet *after = NULL;

	(void)state;
	assert_int_equal(county_new(&fixture_programme, &county), 0);
	before = sites_on(county, MARCH - 1, DAY_2018 + 80);
	after = sites_on(county, MARCH - 1, DAY_2018 + 90);
	assert_int_equal(before->rows_n, 3);
	assert_int_equal(after->rows_n, 4);
}

static void the_wide_table_tells_rates_the_next_report_and_the_plan(void **state)
{
	own(county_free) struct county *county = NULL;
	const struct totals_sites_ask ask = {MARCH, period_last_day(MARCH) + 30, true, LANGUAGE_EN};
	own(sheet_free) struct sheet *sheet = NULL;

	(void)state;
	assert_int_equal(county_new(&fixture_programme, &county), 0);
	for (uint32_t p = JANUARY; p <= MARCH; p++) {
		report(county, p, NORTH, 10);
		if (p < MARCH)
			report(county, p, SOUTH, 10);
	}
	sheet = totals_sites(county, &ask);
	assert_int_equal(number_at(sheet, NORTH, "reporting"), 3);
	assert_int_equal(number_at(sheet, NORTH, "next"), APRIL);
	assert_string_equal(text_at(sheet, NORTH, "standing"), "in time");
	assert_int_equal(number_at(sheet, NORTH, "plan"), 2); /* 20 of 36 months, after 3 */
	assert_int_equal(number_at(sheet, NORTH, "difference"), 28);
	assert_int_equal(number_at(sheet, SOUTH, "reporting"), 2);
	assert_int_equal(number_at(sheet, SOUTH, "next"), MARCH);
	assert_int_equal(number_at(sheet, SOUTH, "due_by"), period_last_day(MARCH) + 28);
	assert_string_equal(text_at(sheet, SOUTH, "standing"), "overdue, days: %1");
	assert_string_equal(cell_of(sheet, SOUTH, "standing")->arguments[0], "2");
	assert_true(is_empty_at(sheet, SOUTH, "plan"));
	assert_int_equal(number_at(sheet, sheet->rows_n - 1, "plan"), 8);
	assert_true(is_empty_at(sheet, sheet->rows_n - 1, "standing"));
	assert_non_null(note_of(sheet, "%1: the report for %2 was due by %3 (days overdue: %4)."));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_by_there_is_a_row_a_figure),
		cmocka_unit_test(by_site_ends_with_the_county),
		cmocka_unit_test(one_measure_is_split_into_its_cells_and_total),
		cmocka_unit_test(a_site_asked_for_stands_alone),
		cmocka_unit_test(by_period_ends_with_the_whole_range),
		cmocka_unit_test(a_measure_not_due_in_the_range_has_no_column),
		cmocka_unit_test(the_long_form_has_a_row_a_cell_and_adds_up),
		cmocka_unit_test(the_long_form_says_missing_and_suppressed_in_words),
		cmocka_unit_test(a_missing_site_is_named_with_its_months),
		cmocka_unit_test(a_missing_month_matters_only_where_the_measure_is_due),
		cmocka_unit_test(what_may_wait_is_said_with_the_programmes_k),
		cmocka_unit_test(months_that_are_not_over_are_left_out_and_said),
		cmocka_unit_test(before_anything_is_closed_there_is_an_empty_answer),
		cmocka_unit_test(sites_show_reports_and_recruitment),
		cmocka_unit_test(a_report_is_on_time_until_its_last_day),
		cmocka_unit_test(a_missing_report_is_late_when_its_last_day_has_passed),
		cmocka_unit_test(a_site_is_not_listed_before_it_joins),
		cmocka_unit_test(the_wide_table_tells_rates_the_next_report_and_the_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
