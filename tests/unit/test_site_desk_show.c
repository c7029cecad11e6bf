#include "fixture_desk.h"

static void show(struct stage *stage, struct talk *talk, const char *option)
{
	if (option != NULL)
		put_option(talk, option, "");
	put_argument(talk, "1");
	carry_out(stage, talk, COMMAND_PERSON_SHOW);
	assert_int_equal(talk->answer.exit, 0);
}

static bool says(const struct talk *talk, const char *text)
{
	for (size_t i = 0; i < talk->answer.sheets_n; i++) {
		const struct sheet *sheet = talk->answer.sheets[i];

		for (size_t c = 0; c < sheet->rows_n * sheet->columns_n; c++)
			if (sheet->cells[c].text != NULL &&
			    strstr(sheet->cells[c].text, text) != NULL)
				return true;
	}
	return false;
}

static void the_number_is_masked_unless_asked_for_on_record(void **state)
{
	own(free_talk) struct talk *talk = new_talk();

	add_person(*state, talk, WHOLE " person_number=" ANNA);
	show(*state, talk, NULL);
	assert_string_equal(text_of(talk, "mia.person/1", "number", 0), "19760312-23**");
	assert_false(says(talk, "2388"));
	assert_last_event(*state, "person_shown case=1 operator=anna");
	show(*state, talk, "full");
	assert_string_equal(text_of(talk, "mia.person/1", "number", 0), "19760312-2388");
	assert_last_event(*state, "person_number case=1 operator=anna");
}

static void parts_are_forms_and_items_are_tables(void **state)
{
	own(free_talk) struct talk *talk = new_talk();

	add_person(*state, talk, WHOLE " local_id=A1 sex=man");
	tell(*state, talk, "1", "start", "activity=cbt spell_start=2017-06-01");
	tell(*state, talk, "1", "start", "activity=course spell_start=2017-06-02");
	tell(*state, talk, "1", "hours", "hours_month=2017-06 hours=12");
	show(*state, talk, NULL);
	assert_string_equal(text_of(talk, "mia.person.entry/1", "education", 0), "compulsory");
	assert_int_equal(cell_of(talk, "mia.person.entry/1", "entry_date", 0)->number,
			 date_from_civil(2017, 5, 2));
	assert_int_equal(sheet_of(talk, "mia.person.spell/1")->rows_n, 2);
	assert_string_equal(text_of(talk, "mia.person.hours/1", "hours_month", 0), "2017-06");
	assert_null(sheet_of(talk, "mia.person.exit/1"));
	assert_null(sheet_of(talk, "mia.person.pause/1"));
}

static void what_is_missing_for_esf_is_told(void **state)
{
	own(free_talk) struct talk *talk = new_talk();

	add_person(*state, talk,
		   "consent=given local_id=A1 sex=man entry_date=2017-05-02 income=none");
	assert_done(talk, "active");
	show(*state, talk, NULL);
	assert_string_equal(text_of(talk, "mia.person/1", "complete", 0), "no");
	assert_true(row_with(talk, "mia.findings/1", "code", "V041") >= 0);
}

#define ON_A_STAGE(test) cmocka_unit_test_setup_teardown(test, make_stage, strike_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_STAGE(the_number_is_masked_unless_asked_for_on_record),
		ON_A_STAGE(parts_are_forms_and_items_are_tables),
		ON_A_STAGE(what_is_missing_for_esf_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
