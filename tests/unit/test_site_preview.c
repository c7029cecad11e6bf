#include "daemon/site/preview.h"

#include "fixture_site.h"

#include "fixture_adopted.h"
#include "fixture_sheet.h"

static size_t row_of(const struct sheet *sheet, const char *measure)
{
	size_t row = 0;

	while (strcmp(text_at(sheet, row, "measure"), measure) != 0)
		row++;
	return row;
}

static bool has_column(const struct sheet *sheet, const char *column)
{
	for (size_t c = 0; c < sheet->columns_n; c++)
		if (strcmp(sheet->columns[c].id, column) == 0)
			return true;
	return false;
}

static void while_nobody_is_missing_there_are_no_differences(void **state)
{
	struct stage *stage = *state;
	own(sheet_free) struct sheet *sheet = NULL;

	enter(stage, 6, date_from_civil(2017, 4, 3));
	assert_int_equal(preview_sheet(&stage->parts, LANGUAGE_EN, &sheet), 0);
	assert_false(has_column(sheet, "differences"));
	assert_int_equal(number_at(sheet, row_of(sheet, "entered"), "value"), 6);
}

static void
whoever_is_missing_of_adopted_figures_is_shown_until_somebody_makes_up_for_them(void **state)
{
	struct stage *stage = *state;
	own(sheet_free) struct sheet *before = NULL;
	own(sheet_free) struct sheet *after = NULL;
	size_t row;

	take_over_six(stage);
	enter(stage, 2, date_from_civil(2017, 4, 3));
	assert_int_equal(preview_sheet(&stage->parts, LANGUAGE_EN, &before), 0);
	row = row_of(before, "entered");
	assert_int_equal(number_at(before, row, "published"), 6);
	assert_int_equal(number_at(before, row, "waiting"), 0);
	assert_int_equal(number_at(before, row, "stays"), 0);
	assert_int_equal(number_at(before, row, "differences"), -4);
	enter(stage, 5, date_from_civil(2017, 5, 3));
	assert_int_equal(preview_sheet(&stage->parts, LANGUAGE_EN, &after), 0);
	assert_false(has_column(after, "differences"));
	assert_int_equal(number_at(after, row, "waiting"), 1);
	assert_int_equal(number_at(after, row, "value"), 0);
	assert_int_equal(number_at(after, row, "stays"), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_stage, strike_stage)
	const struct CMUnitTest tests[] = {
		TEST(while_nobody_is_missing_there_are_no_differences),
		TEST(whoever_is_missing_of_adopted_figures_is_shown_until_somebody_makes_up_for_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
