#include "fixture_desk.h"

#define MERGE "mia.merge/1"

/* Case 1 by number, case 2 by local id, with an activity each. */
static int make_two(void **state)
{
	own(free_talk) struct talk *talk = new_talk();

	(void)make_stage(state);
	add_person(*state, talk, WHOLE " person_number=" ANNA);
	assert_done(talk, "active");
	tell(*state, talk, "1", "start", "activity=cbt spell_start=2017-06-01");
	assert_done(talk, "active");
	add_person(*state, talk,
		   WHOLE " local_id=A1 sex=woman birth_date=1976-03-12 migrant=no "
			 "education=upper3");
	tell(*state, talk, "2", "start", "activity=course spell_start=2017-06-01");
	assert_done(talk, "active");
	assert_int_equal(waiting(*state, "entered"), 2);
	return 0;
}

static void merge(struct stage *stage, struct talk *talk, const char *fields)
{
	put_argument(talk, "1");
	put_argument(talk, "2");
	put_fields(talk, fields);
	carry_out(stage, talk, COMMAND_PERSON_MERGE);
}

static void what_differs_must_be_settled_first(void **state)
{
	struct stage *stage = *state;
	own(free_talk) struct talk *talk = new_talk();
	uint64_t head = store_head(stage->parts.store);
	int row;

	merge(stage, talk, "");
	assert_refused(talk, "D008");
	row = row_with(talk, MERGE, "field", "education");
	assert_string_equal(text_of(talk, MERGE, "state", (size_t)row), "to be settled");
	row = row_with(talk, MERGE, "field", "migrant");
	assert_string_equal(text_of(talk, MERGE, "state", (size_t)row), "taken over");
	assert_int_equal(row_with(talk, MERGE, "field", "labour"), -1); /* alike */
	assert_int_equal(store_head(stage->parts.store), head);
	assert_last_event(stage, "person_compared case=2 operator=anna");
}

static void a_dry_run_changes_nothing(void **state)
{
	struct stage *stage = *state;
	own(free_talk) struct talk *talk = new_talk();
	uint64_t head = store_head(stage->parts.store);

	put_option(talk, "dry-run", "");
	merge(stage, talk, "education=upper3");
	assert_done(talk, "active");
	assert_int_equal(store_head(stage->parts.store), head);
}

static void two_cases_become_one_with_the_items_of_both(void **state)
{
	struct stage *stage = *state;
	own(free_talk) struct talk *talk = new_talk();
	struct store_person person;

	merge(stage, talk, "education=upper3");
	assert_done(talk, "active");
	load_person(stage, 1, &person);
	assert_int_equal(person.record.items_n, 2);
	assert_string_equal(person.record.identity.local_id, "A1");
	assert_string_equal(person.record.identity.number, ANNA);
	assert_int_equal(waiting(stage, "entered"), 1);
	assert_int_equal(store_persons(stage->parts.store), 1);
	put_fields(talk, "local_id=A1");
	carry_out(stage, talk, COMMAND_PERSON_FIND);
	assert_int_equal(cell_of(talk, "mia.found/1", "case", 0)->number, 1);
	merge(stage, talk, "education=upper3");
	assert_int_not_equal(talk->answer.exit, 0); /* not a second time */
}

/* Nobody may be called what they are not by the order in which the cases were named. */
static void a_name_and_a_local_id_that_differ_are_settled_too(void **state)
{
	struct stage *stage = *state;
	own(free_talk) struct talk *talk = new_talk();
	struct store_person person;

	put_argument(talk, "1");
	put_fields(talk, "name=Anna local_id=B7");
	carry_out(stage, talk, COMMAND_PERSON_CORRECT);
	assert_done(talk, "active");
	put_argument(talk, "2");
	put_fields(talk, "name=Anja consent=given consent_date=2017-05-01");
	carry_out(stage, talk, COMMAND_PERSON_CORRECT);
	assert_done(talk, "active");
	merge(stage, talk, "education=upper3");
	assert_refused(talk, "D008");
	assert_string_equal(text_of(talk, MERGE, "state",
				    (size_t)row_with(talk, MERGE, "field", "name")),
			    "to be settled");
	assert_string_equal(text_of(talk, MERGE, "drop",
				    (size_t)row_with(talk, MERGE, "field", "local_id")),
			    "A1");
	merge(stage, talk,
	      "education=upper3 name=Anja local_id=A1 consent=given consent_date=2017-05-01");
	assert_done(talk, "active");
	load_person(stage, 1, &person);
	assert_string_equal(person.record.identity.name, "Anja");
	assert_string_equal(person.record.identity.local_id, "A1");
}

static void a_case_is_not_joined_with_itself_or_nobody(void **state)
{
	own(free_talk) struct talk *talk = new_talk();

	put_argument(talk, "1");
	put_argument(talk, "1");
	carry_out(*state, talk, COMMAND_PERSON_MERGE);
	assert_fault(talk, "X002", EXIT_USAGE);
	put_argument(talk, "1");
	put_argument(talk, "9");
	carry_out(*state, talk, COMMAND_PERSON_MERGE);
	assert_fault(talk, "X009", EXIT_NOT_FOUND);
}

static void who_is_anonymous_is_joined_with_nobody(void **state)
{
	struct stage *stage = *state;
	own(free_talk) struct talk *talk = new_talk();
	uint64_t head = store_head(stage->parts.store);

	merge(stage, talk, "education=upper3 protected=yes");
	assert_refused(talk, "D009");
	assert_int_equal(store_head(stage->parts.store), head);
	tell(stage, talk, "2", "protect", "");
	assert_done(talk, "active");
	merge(stage, talk, "education=upper3 consent=given entry_date=2017-05-02");
	assert_int_not_equal(talk->answer.exit, 0);
}

static void an_erased_person_is_not_shown_found_or_erased_again(void **state)
{
	struct stage *stage = *state;
	own(free_talk) struct talk *talk = new_talk();

	put_option(talk, "dry-run", "");
	put_argument(talk, "1");
	carry_out(stage, talk, COMMAND_PERSON_ERASE);
	assert_int_equal(talk->answer.exit, 0);
	put_argument(talk, "1");
	carry_out(stage, talk, COMMAND_PERSON_ERASE);
	assert_int_equal(talk->answer.exit, 0);
	assert_last_event(stage, "person_erased case=1 operator=anna");
	put_argument(talk, "1");
	carry_out(stage, talk, COMMAND_PERSON_SHOW);
	assert_fault(talk, "X009", EXIT_NOT_FOUND);
	put_fields(talk, "person_number=" ANNA);
	carry_out(stage, talk, COMMAND_PERSON_FIND);
	assert_fault(talk, "X009", EXIT_NOT_FOUND);
	put_argument(talk, "1");
	carry_out(stage, talk, COMMAND_PERSON_ERASE);
	assert_fault(talk, "X009", EXIT_NOT_FOUND);
}

#define ON_A_STAGE(test) cmocka_unit_test_setup_teardown(test, make_two, strike_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_STAGE(what_differs_must_be_settled_first),
		ON_A_STAGE(a_dry_run_changes_nothing),
		ON_A_STAGE(two_cases_become_one_with_the_items_of_both),
		ON_A_STAGE(a_name_and_a_local_id_that_differ_are_settled_too),
		ON_A_STAGE(a_case_is_not_joined_with_itself_or_nobody),
		ON_A_STAGE(who_is_anonymous_is_joined_with_nobody),
		ON_A_STAGE(an_erased_person_is_not_shown_found_or_erased_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
