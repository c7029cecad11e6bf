#include "daemon/site/truth_sheet.h"

#include "daemon/site/query.h"
#include "fixture_site.h"

#include "fixture_adopted.h"
#include "fixture_sheet.h"

/* `mia totals --own`, asked by a reader. */
static void ask_own(struct stage *stage, struct answer *ret_answer)
{
	const struct query_site site = {.parts = &stage->parts, .is_reader = true};
	const struct room_time now = {.at = BEGIN};
	const struct room_operator who = {.name = "anna", .rights = ~0U};
	struct request request = {.command = COMMAND_TOTALS, .language = LANGUAGE_EN};
	const struct sweep_ask ask = {&site, &now, &who, &request};
	struct fault fault = {0};
	void *context = NULL;
	uint64_t after = 0;
	bool is_done = false;

	strcpy(request.options[request.options_n++].name, "own");
	assert_int_equal(truth_sheet_begin(&ask, &context, &fault), 0);
	while (!is_done)
		assert_int_equal(store_scan(stage->parts.store, &after, 10, truth_sheet_visit,
					    context, &is_done),
				 0);
	assert_int_equal(truth_sheet_finish(context, ret_answer), 0);
	truth_sheet_drop(&context);
}

static void what_the_records_say_is_published_and_waits_less_who_is_missing(void **state)
{
	struct stage *stage = *state;
	own(answer_free) struct answer answer = {0};
	const struct sheet *sheet;
	size_t row = 0;

	take_over_six(stage);
	enter(stage, 2, date_from_civil(2017, 4, 3));
	ask_own(stage, &answer);
	sheet = answer.sheets[0];
	while (strcmp(text_at(sheet, row, "figure"), "entered") != 0)
		row++;
	assert_int_equal(number_at(sheet, row, "value"), 2);
	assert_int_equal(number_at(sheet, row, "waiting"), 0);
	assert_int_equal(number_at(sheet, row, "corrections"), 0);
	assert_int_equal(number_at(sheet, row, "differences"), -4);
	for (row = 0; row < sheet->rows_n; row++)
		assert_true(cell_of(sheet, row, "differences")->is_empty ==
			    cell_of(sheet, row, "waiting")->is_empty);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_stage, strike_stage)
	const struct CMUnitTest tests[] = {
		TEST(what_the_records_say_is_published_and_waits_less_who_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
