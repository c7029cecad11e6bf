#include "fixture_desk.h"

#include "fixture_adopted.h"

#define HISTORY "mia.history/1"

/* The row of a field in what an act did, or -1. */
static int row_of(const struct talk *talk, int64_t act, const char *field)
{
	const struct sheet *sheet = sheet_of(talk, HISTORY);

	for (size_t row = 0; sheet != NULL && row < sheet->rows_n; row++)
		if (cell_of(talk, HISTORY, "act", row)->number == act &&
		    strcmp(text_of(talk, HISTORY, "field", row), field) == 0)
			return (int)row;
	return -1;
}

static void ask_history(struct stage *stage, struct talk *talk, const char *number)
{
	put_option(talk, "history", "");
	put_argument(talk, number);
	carry_out(stage, talk, COMMAND_PERSON_SHOW);
	assert_int_equal(talk->answer.exit, 0);
}

static void each_act_tells_who_what_before_and_after(void **state)
{
	own(free_talk) struct talk *talk = new_talk();
	int row;

	add_person(*state, talk, WHOLE " name=Lotta person_number=" ANNA);
	put_argument(talk, "1");
	put_fields(talk, "education=upper3");
	carry_out(*state, talk, COMMAND_PERSON_CORRECT);
	assert_done(talk, "active");
	ask_history(*state, talk, "1");
	row = row_of(talk, 2, "education");
	assert_true(row >= 0);
	assert_string_equal(text_of(talk, HISTORY, "done", (size_t)row), "corrected");
	assert_string_equal(text_of(talk, HISTORY, "operator", (size_t)row), "anna");
	assert_string_not_equal(text_of(talk, HISTORY, "before", (size_t)row), "");
	assert_int_equal(cell_of(talk, HISTORY, "at", (size_t)row)->number, NOW);
	assert_int_equal(row_of(talk, 2, "labour"), -1);
	row = row_of(talk, 1, "person_number");
	assert_string_equal(text_of(talk, HISTORY, "after", (size_t)row), "19760312-23**");
	assert_last_event(*state, "person_history case=1 operator=anna");
}

static void items_come_change_and_go(void **state)
{
	own(free_talk) struct talk *talk = new_talk();
	int row;

	add_person(*state, talk, WHOLE " local_id=A1 sex=man");
	tell(*state, talk, "1", "start", "activity=cbt spell_start=2017-06-01");
	tell(*state, talk, "1", "end", "spell_end=2017-07-01");
	put_argument(talk, "1");
	put_fields(talk, "remove=spell activity=cbt spell_start=2017-06-01");
	carry_out(*state, talk, COMMAND_PERSON_CORRECT);
	ask_history(*state, talk, "1");
	row = row_of(talk, 2, "spell_start");
	assert_string_equal(text_of(talk, HISTORY, "before", (size_t)row), "");
	row = row_of(talk, 3, "spell_start");
	assert_non_null(strstr(text_of(talk, HISTORY, "after", (size_t)row), "2017-07-01"));
	assert_null(strstr(text_of(talk, HISTORY, "before", (size_t)row), "2017-07-01"));
	row = row_of(talk, 4, "spell_start");
	assert_string_equal(text_of(talk, HISTORY, "after", (size_t)row), "");
}

static void what_is_booked_names_its_closing_and_what_is_not_waits(void **state)
{
	struct stage *stage = *state;
	own(free_talk) struct talk *talk = new_talk();
	const struct sheet_cell *booked;

	add_person(stage, talk, WHOLE " local_id=A1 sex=man");
	ask_history(stage, talk, "1");
	assert_string_equal(text_of(talk, HISTORY, "booked", (size_t)row_of(talk, 1, "entered")),
			    "waits");
	enter(stage, 4, date_from_civil(2017, 5, 3));
	(void)close_month(stage);
	(void)close_month(stage);
	tell(stage, talk, "1", "exit", "exit_date=2018-01-01");
	ask_history(stage, talk, "1");
	booked = cell_of(talk, HISTORY, "booked", (size_t)row_of(talk, 1, "entered"));
	assert_string_equal(booked->text, "booked in %1");
	assert_string_equal(booked->arguments[0], "2017-05");
	assert_string_equal(text_of(talk, HISTORY, "booked", (size_t)row_of(talk, 2, "left")),
			    "waits");
	put_argument(talk, "1");
	put_fields(talk, "entry_date=2017-06-05");
	carry_out(stage, talk, COMMAND_PERSON_CORRECT);
	assert_done(talk, "left");
	ask_history(stage, talk, "1");
	booked = cell_of(talk, HISTORY, "booked", (size_t)row_of(talk, 1, "entered"));
	assert_string_equal(booked->arguments[0], "2017-05"); /* what was, was */
}

static void nobody_can_tell_whether_who_waits_is_in_a_report_that_was_given_back(void **state)
{
	struct stage *stage = *state;
	own(free_talk) struct talk *talk = new_talk();

	take_over_six(stage);
	add_person(stage, talk, WHOLE " local_id=A1 sex=man");
	ask_history(stage, talk, "1");
	assert_string_equal(text_of(talk, HISTORY, "booked", (size_t)row_of(talk, 1, "entered")),
			    "in a report that was given back, or waits");
}

#define ON_A_STAGE(test) cmocka_unit_test_setup_teardown(test, make_stage, strike_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_STAGE(each_act_tells_who_what_before_and_after),
		ON_A_STAGE(items_come_change_and_go),
		ON_A_STAGE(what_is_booked_names_its_closing_and_what_is_not_waits),
		ON_A_STAGE(nobody_can_tell_whether_who_waits_is_in_a_report_that_was_given_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
