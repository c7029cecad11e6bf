#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "proto/goals.h"
#include "tests/unit/fixture_county.h"
#include "tests/unit/fixture_sheet.h"

#define JANUARY MONTH(2018, 1)
#define MARCH MONTH(2018, 3)
enum { WORK_ROW, POWER_ROW, PERSONS_ROW };

/* What North and South both say of every month of the first quarter. */
struct said {
	uint32_t entered;
	uint32_t left[3];
	uint32_t answered[2];
};

static struct county *quarter(const struct said *said)
{
	struct county *county = NULL;

	assert_int_equal(county_new(&fixture_programme, &county), 0);
	for (uint32_t p = JANUARY; p <= MARCH; p++) {
		struct release_figures figures = fixture_figures(p);

		figures.cells[ENTERED][0].value = said->entered;
		for (size_t c = 0; c < 3; c++)
			figures.cells[LEFT][c].value = said->left[c];
		for (size_t c = 0; c < 2 && figures.is_due[ANSWERED]; c++)
			figures.cells[ANSWERED][c].value = said->answered[c];
		for (size_t site = NORTH; site <= SOUTH; site++)
			assert_int_equal(county_set(county, p, site, &figures, 1), 0);
	}
	return county;
}

static struct sheet *goals_of(const struct county *county, int site,
			      enum programme_language language)
{
	struct totals_ask ask = {
		.range = {JANUARY, MARCH},
		.site = site,
		.measure = -1,
		.until = MARCH,
		.language = language,
	};
	bool is_complete = false;
	struct sheet *sheet = goals_sheet(county, &ask, &is_complete);

	assert_non_null(sheet);
	assert_true(is_complete);
	return sheet;
}

static void assert_standing(const struct sheet *sheet, size_t row, const char *msgid,
			    const char *argument)
{
	const struct sheet_cell *cell = cell_of(sheet, row, "standing");

	assert_string_equal(cell->arguments[0], msgid);
	assert_int_equal(cell->arguments_n, 1 + (argument != NULL));
	if (argument != NULL)
		assert_string_equal(cell->arguments[1], argument);
}

static void assert_ratio(const struct sheet *sheet, size_t row, const char *column, int64_t number,
			 int64_t of)
{
	assert_int_equal(number_at(sheet, row, column), number);
	assert_int_equal(cell_of(sheet, row, column)->of, of);
}

static void a_goal_shows_its_share_of_the_base_and_of_all_entered(void **state)
{
	/* Six site-months: 42 of 240 left to work, 17.5 %; 300 entered. */
	static const struct said said = {50, {7, 13, 20}, {60, 40}};
	own(county_free) struct county *county = quarter(&said);
	own(sheet_free) struct sheet *sheet = goals_of(county, -1, LANGUAGE_EN);

	(void)state;
	assert_string_equal(sheet->schema, "mia.goals/1");
	assert_int_equal(sheet->rows_n, 3);
	assert_string_equal(text_at(sheet, WORK_ROW, "goal"), "work");
	assert_int_equal(number_at(sheet, WORK_ROW, "number"), 42);
	assert_int_equal(number_at(sheet, WORK_ROW, "base"), 240);
	assert_ratio(sheet, WORK_ROW, "share", 42, 240);
	assert_ratio(sheet, WORK_ROW, "bar", 42, 240);
	assert_int_equal(cell_of(sheet, WORK_ROW, "bar")->goal, 300);
	assert_ratio(sheet, WORK_ROW, "goal_share", 300, 1000);
	assert_ratio(sheet, WORK_ROW, "share_admitted", 42, 300);
	assert_standing(sheet, WORK_ROW, "%1 points to go", "12.5");
	assert_string_equal(cell_of(sheet, WORK_ROW, "standing")->text, "to_go");
}

static void a_goal_met_to_the_point_is_reached(void **state)
{
	static const struct said said = {50, {30, 30, 40}, {60, 40}};
	own(county_free) struct county *county = quarter(&said);
	own(sheet_free) struct sheet *sheet = goals_of(county, -1, LANGUAGE_EN);

	(void)state;
	assert_standing(sheet, WORK_ROW, "✓ reached", NULL);
	assert_string_equal(cell_of(sheet, WORK_ROW, "standing")->text, "reached");
	assert_standing(sheet, POWER_ROW, "✓ reached", NULL);
	assert_ratio(sheet, POWER_ROW, "share", 120, 200);
}

/* 29.96 % is shown as 30.0 %, and yet the goal is not reached. */
static void a_share_that_rounds_to_its_goal_is_not_reached(void **state)
{
	static const struct said said = {50, {2996, 7004, 0}, {5995, 4005}};
	own(county_free) struct county *county = quarter(&said);
	own(sheet_free) struct sheet *sheet = goals_of(county, -1, LANGUAGE_SV);

	(void)state;
	assert_standing(sheet, WORK_ROW, "less than %1 points to go", "0,1");
	/* 59.95 % is half, and rounds up. */
	assert_standing(sheet, POWER_ROW, "less than %1 points to go", "0,1");
}

static void points_to_go_fit_the_share_as_it_is_shown(void **state)
{
	/* 29.25 % is shown as 29.3 %; 59.84 % as 59.8 %. */
	static const struct said said = {50, {2925, 7075, 0}, {5984, 4016}};
	own(county_free) struct county *county = quarter(&said);
	own(sheet_free) struct sheet *sheet = goals_of(county, -1, LANGUAGE_SV);

	(void)state;
	assert_standing(sheet, WORK_ROW, "%1 points to go", "0,7");
	assert_standing(sheet, POWER_ROW, "%1 points to go", "0,2");
}

static void nobody_left_is_nothing_to_compare_with(void **state)
{
	static const struct said said = {50, {0, 0, 0}, {0, 0}};
	own(county_free) struct county *county = quarter(&said);
	own(sheet_free) struct sheet *sheet = goals_of(county, -1, LANGUAGE_EN);

	(void)state;
	assert_int_equal(number_at(sheet, WORK_ROW, "number"), 0);
	assert_true(is_empty_at(sheet, WORK_ROW, "share"));
	assert_true(is_empty_at(sheet, WORK_ROW, "bar"));
	assert_standing(sheet, WORK_ROW, "nothing to compare with yet", NULL);
}

static void a_hidden_part_of_the_base_gives_no_share(void **state)
{
	static const struct said said = {50, {30, 30, 40}, {60, 40}};
	own(county_free) struct county *county = quarter(&said);
	own(sheet_free) struct sheet *sheet = NULL;
	struct release_figures figures = fixture_figures(JANUARY);

	(void)state;
	figures.cells[LEFT][2].state = CELL_SUPPRESSED;
	assert_int_equal(county_set(county, JANUARY, NORTH, &figures, 1), 0);
	sheet = goals_of(county, -1, LANGUAGE_EN);
	assert_int_equal(number_at(sheet, WORK_ROW, "number"), 150);
	assert_int_equal(state_at(sheet, WORK_ROW, "base"), CELL_SUPPRESSED);
	assert_true(is_empty_at(sheet, WORK_ROW, "share"));
	assert_standing(sheet, WORK_ROW, "a part is not shown", NULL);
}

static void a_hidden_number_is_never_a_share(void **state)
{
	static const struct said said = {50, {30, 30, 40}, {60, 40}};
	own(county_free) struct county *county = quarter(&said);
	own(sheet_free) struct sheet *sheet = NULL;
	struct release_figures figures = fixture_figures(JANUARY);

	(void)state;
	figures.cells[LEFT][0].state = CELL_SUPPRESSED;
	assert_int_equal(county_set(county, JANUARY, NORTH, &figures, 1), 0);
	sheet = goals_of(county, -1, LANGUAGE_EN);
	assert_int_equal(state_at(sheet, WORK_ROW, "number"), CELL_SUPPRESSED);
	assert_int_equal(cell_of(sheet, WORK_ROW, "number")->number, 0);
	assert_true(is_empty_at(sheet, WORK_ROW, "share"));
	assert_true(is_empty_at(sheet, WORK_ROW, "share_admitted"));
}

static void nothing_reported_is_said_and_incomplete(void **state)
{
	own(county_free) struct county *county = NULL;
	struct totals_ask ask = {.range = {JANUARY, MARCH}, .site = -1, .until = MARCH};
	bool is_complete = true;
	own(sheet_free) struct sheet *sheet = NULL;

	(void)state;
	assert_int_equal(county_new(&fixture_programme, &county), 0);
	sheet = goals_sheet(county, &ask, &is_complete);
	assert_false(is_complete);
	for (size_t row = 0; row < 3; row++) {
		assert_int_equal(state_at(sheet, row, "number"), CELL_MISSING);
		assert_true(is_empty_at(sheet, row, "share"));
		assert_standing(sheet, row, "not reported yet", NULL);
	}
	assert_non_null(note_of(sheet, "%1 has not reported %2."));
}

static void participants_are_measured_against_the_countys_target(void **state)
{
	static const struct said said = {10, {0, 0, 0}, {0, 0}};
	own(county_free) struct county *county = quarter(&said);
	own(sheet_free) struct sheet *sheet = goals_of(county, -1, LANGUAGE_EN);

	(void)state;
	assert_int_equal(number_at(sheet, PERSONS_ROW, "number"), 60);
	assert_int_equal(number_at(sheet, PERSONS_ROW, "base"), 100);
	assert_ratio(sheet, PERSONS_ROW, "share", 60, 100);
	assert_int_equal(cell_of(sheet, PERSONS_ROW, "bar")->goal, 1000);
	assert_true(is_empty_at(sheet, PERSONS_ROW, "goal_share"));
	/* 20 a month and 40 to go: two months more. */
	assert_standing(sheet, PERSONS_ROW, "on pace: %1", "2018-05");
}

static void a_sites_participants_are_measured_against_its_own_target(void **state)
{
	static const struct said said = {10, {0, 0, 0}, {0, 0}};
	own(county_free) struct county *county = quarter(&said);
	own(sheet_free) struct sheet *north = goals_of(county, NORTH, LANGUAGE_EN);
	own(sheet_free) struct sheet *south = goals_of(county, SOUTH, LANGUAGE_EN);

	(void)state;
	assert_int_equal(number_at(north, PERSONS_ROW, "number"), 30);
	assert_int_equal(number_at(north, PERSONS_ROW, "base"), 20);
	assert_standing(north, PERSONS_ROW, "✓ reached", NULL);
	assert_true(is_empty_at(south, PERSONS_ROW, "base"));
	assert_true(is_empty_at(south, PERSONS_ROW, "share"));
	assert_standing(south, PERSONS_ROW, "no target", NULL);
}

static void a_pace_too_slow_is_said(void **state)
{
	static const struct said slow = {0, {0, 0, 0}, {0, 0}};
	own(county_free) struct county *county = quarter(&slow);
	own(sheet_free) struct sheet *none = goals_of(county, -1, LANGUAGE_EN);
	own(sheet_free) struct sheet *few = NULL;
	struct release_figures figures = fixture_figures(JANUARY);

	(void)state;
	assert_standing(none, PERSONS_ROW, "%1 persons to go", "100");
	figures.cells[ENTERED][0].value = 5;
	assert_int_equal(county_set(county, JANUARY, NORTH, &figures, 1), 0);
	few = goals_of(county, -1, LANGUAGE_EN);
	assert_standing(few, PERSONS_ROW, "not at this pace", NULL);
}

static void participants_are_counted_from_the_start_whatever_the_range(void **state)
{
	static const struct said said = {10, {7, 13, 20}, {0, 0}};
	own(county_free) struct county *county = quarter(&said);
	struct totals_ask ask = {.range = {MARCH, MARCH}, .site = -1, .until = MARCH};
	bool is_complete;
	own(sheet_free) struct sheet *sheet = goals_sheet(county, &ask, &is_complete);
	const struct sheet_phrase *note =
		note_of(sheet,
			"%1 are counted from the programme's first month, as their target is.");

	(void)state;
	assert_int_equal(number_at(sheet, WORK_ROW, "number"), 14);
	assert_int_equal(number_at(sheet, PERSONS_ROW, "number"), 60);
	assert_non_null(note);
	assert_string_equal(note->arguments[0], "Deltagare");
}

static void before_anything_is_closed_no_goal_has_a_figure(void **state)
{
	own(county_free) struct county *county = NULL;
	struct totals_ask ask = {.range = {0, 0}, .site = -1};
	bool is_complete = false;
	own(sheet_free) struct sheet *sheet = NULL;

	(void)state;
	assert_int_equal(county_new(&fixture_programme, &county), 0);
	sheet = goals_sheet(county, &ask, &is_complete);
	assert_true(is_complete);
	assert_int_equal(sheet->error, 0);
	assert_int_equal(state_at(sheet, PERSONS_ROW, "number"), CELL_NOT_COLLECTED);
	assert_standing(sheet, WORK_ROW, "not collected", NULL);
}

/* North takes in one a month in January and February, and owes March: eighteen more at that pace.
 */
static void a_late_site_keeps_the_pace_it_had(void **state)
{
	own(county_free) struct county *county = NULL;
	own(sheet_free) struct sheet *sheet = NULL;
	struct totals_ask ask = {
		.range = {JANUARY, MARCH},
		.site = NORTH,
		.measure = -1,
		.until = MARCH,
		.language = LANGUAGE_EN,
	};
	bool is_complete = true;

	(void)state;
	assert_int_equal(county_new(&fixture_programme, &county), 0);
	for (uint32_t p = JANUARY; p < MARCH; p++) {
		struct release_figures figures = fixture_figures(p);

		figures.cells[ENTERED][0].value = 1;
		assert_int_equal(county_set(county, p, NORTH, &figures, 1), 0);
	}
	sheet = goals_sheet(county, &ask, &is_complete);
	assert_false(is_complete);
	assert_standing(sheet, PERSONS_ROW, "on pace: %1", "2019-08");
}

static void goals_are_reached_when_each_is(void **state)
{
	static const struct said good = {50, {30, 30, 40}, {60, 40}};
	static const struct said poor = {50, {29, 31, 40}, {60, 40}};
	own(county_free) struct county *reached = quarter(&good), *missed = quarter(&poor);
	own(sheet_free) struct sheet *all = goals_of(reached, -1, LANGUAGE_EN);
	own(sheet_free) struct sheet *one = goals_of(missed, -1, LANGUAGE_SV);

	(void)state;
	assert_true(goals_are_reached(all));
	assert_false(goals_are_reached(one));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_goal_shows_its_share_of_the_base_and_of_all_entered),
		cmocka_unit_test(a_goal_met_to_the_point_is_reached),
		cmocka_unit_test(a_share_that_rounds_to_its_goal_is_not_reached),
		cmocka_unit_test(points_to_go_fit_the_share_as_it_is_shown),
		cmocka_unit_test(nobody_left_is_nothing_to_compare_with),
		cmocka_unit_test(a_hidden_part_of_the_base_gives_no_share),
		cmocka_unit_test(a_hidden_number_is_never_a_share),
		cmocka_unit_test(nothing_reported_is_said_and_incomplete),
		cmocka_unit_test(participants_are_measured_against_the_countys_target),
		cmocka_unit_test(a_sites_participants_are_measured_against_its_own_target),
		cmocka_unit_test(a_pace_too_slow_is_said),
		cmocka_unit_test(participants_are_counted_from_the_start_whatever_the_range),
		cmocka_unit_test(before_anything_is_closed_no_goal_has_a_figure),
		cmocka_unit_test(a_late_site_keeps_the_pace_it_had),
		cmocka_unit_test(goals_are_reached_when_each_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
