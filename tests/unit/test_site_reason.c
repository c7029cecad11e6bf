#include "daemon/site/reason.h"

#include "fixture_site.h"

#include "fixture_adopted.h"
#include "fixture_sheet.h"

static void a_figure_that_was_adopted_shows_whom_it_has_and_we_have_not(void **state)
{
	struct stage *stage = *state;
	own(sheet_free) struct sheet *sheet = NULL;
	struct why why = {.cell = -1, .ask = {.site = -1, .language = LANGUAGE_EN}};

	take_over_six(stage);
	enter(stage, 2, date_from_civil(2017, 4, 3));
	why.ask.measure = programme_measure_index(stage->mia, "entered");
	why.ask.range = (struct period_range){FIRST, FIRST};
	sheet = reason_sheet(&stage->parts, &why);
	assert_non_null(sheet);
	assert_int_equal(number_at(sheet, 0, "value"), 6);
	assert_int_equal(number_at(sheet, 0, "waiting"), 0);
	assert_int_equal(number_at(sheet, 0, "differences"), -4);
	assert_int_equal(sheet->notes_n, 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_stage, strike_stage)
	const struct CMUnitTest tests[] = {
		TEST(a_figure_that_was_adopted_shows_whom_it_has_and_we_have_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
