#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "proto/rates.h"
#include "tests/unit/fixture_reports.h"
#include "tests/unit/fixture_sheet.h"

#define JANUARY MONTH(2018, 1)
#define MARCH MONTH(2018, 3)
#define IN_TIME 28 /* days after a month's end */

static const struct county_ask quarter = {{JANUARY, MARCH}, -1, -1, -1, MARCH};

static struct rates rates_on(const struct county *county, const struct county_ask *ask, int32_t day)
{
	struct rates rates = {0};

	rates_of(county, ask, NORTH, day, &rates);
	return rates;
}

static void reports_that_came_are_counted_and_judged(void **state)
{
	own(county_free) struct county *county = empty_county();
	const struct release_figures figures = fixture_figures(MONTH(2018, 2));
	int32_t late = period_last_day(MONTH(2018, 2)) + IN_TIME + 1;
	struct rates rates;

	(void)state;
	report(county, JANUARY, NORTH, 0, 0);
	assert_int_equal(county_set(county, MONTH(2018, 2), NORTH, &figures, date_to_moment(late)),
			 0);
	rates = rates_on(county, &quarter, period_last_day(MARCH) + 10);
	assert_int_equal(rates.due, 3);
	assert_int_equal(rates.reported, 2);
	assert_int_equal(rates.judged, 2);
	assert_int_equal(rates.on_time, 1);
}

static void the_next_report_is_due_soon_then_overdue(void **state)
{
	own(county_free) struct county *county = empty_county();
	int32_t by = period_last_day(MARCH) + IN_TIME;
	struct rates rates;

	(void)state;
	report(county, JANUARY, NORTH, 0, 0);
	report(county, MONTH(2018, 2), NORTH, 0, 0);
	rates = rates_on(county, &quarter, by);
	assert_int_equal(rates.standing, RATES_SOON);
	assert_int_equal(rates.next, MARCH);
	assert_int_equal(rates.by, by);
	assert_int_equal(rates.days, 0);
	rates = rates_on(county, &quarter, by + 3);
	assert_int_equal(rates.standing, RATES_OVERDUE);
	assert_int_equal(rates.days, -3);
	assert_int_equal(rates.judged, 3);
}

static void a_month_that_is_not_closed_is_due_later(void **state)
{
	own(county_free) struct county *county = empty_county();
	struct rates rates;

	(void)state;
	for (uint32_t p = JANUARY; p <= MARCH; p++)
		report(county, p, NORTH, 0, 0);
	rates = rates_on(county, &quarter, period_last_day(MARCH) + 10);
	assert_int_equal(rates.standing, RATES_LATER);
	assert_int_equal(rates.next, MARCH + 1);
}

static void a_site_that_has_left_owes_nothing(void **state)
{
	struct programme_site gone = fixture_sites[NORTH];
	struct programme programme = fixture_programme;
	own(county_free) struct county *county = NULL;
	struct rates rates;

	(void)state;
	gone.span.to = DAY_2018 - 1;
	gone.span.from = DAY_2018 - 31;
	programme.sites = &gone;
	programme.sites_n = 1;
	assert_int_equal(county_new(&programme, &county), 0);
	rates = rates_on(county, &quarter, DAY_2018 + 200);
	assert_int_equal(rates.standing, RATES_NONE);
	assert_int_equal(rates.due, 0);
}

static void only_what_is_due_is_noted_with_its_days(void **state)
{
	own(county_free) struct county *county = empty_county();
	own(sheet_free) struct sheet *sheet = sheet_new("mia.test/1", SHEET_TABLE);
	int32_t by = period_last_day(JANUARY) + IN_TIME;
	const struct county_ask ask = {{JANUARY, JANUARY}, -1, -1, -1, JANUARY};
	const struct sheet_phrase *note;

	(void)state;
	report(county, JANUARY, SOUTH, 0, 0);
	rates_note(county, &ask, by - 2, LANGUAGE_EN, sheet);
	assert_int_equal(sheet->notes_n, 1);
	note = note_of(sheet, "%1: the report for %2 is due by %3 (days left: %4).");
	assert_non_null(note);
	assert_string_equal(note->arguments[0], "North");
	assert_string_equal(note->arguments[1], "2018-01");
	assert_string_equal(note->arguments[2], "2018-02-28");
	assert_string_equal(note->arguments[3], "2");
	rates_note(county, &ask, by + 12, LANGUAGE_EN, sheet);
	note = note_of(sheet, "%1: the report for %2 was due by %3 (days overdue: %4).");
	assert_non_null(note);
	assert_string_equal(note->arguments[3], "12");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_that_came_are_counted_and_judged),
		cmocka_unit_test(the_next_report_is_due_soon_then_overdue),
		cmocka_unit_test(a_month_that_is_not_closed_is_due_later),
		cmocka_unit_test(a_site_that_has_left_owes_nothing),
		cmocka_unit_test(only_what_is_due_is_noted_with_its_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
