#include "fixture_desk.h"

#include "daemon/site/token.h"

#define FINDINGS "mia.findings/1"
#define CASE "mia.case/1"

static void somebody_new_is_there_by_number_with_sex_and_birth(void **state)
{
	own(free_talk) struct talk *talk = new_talk();
	struct store_person person;

	add_person(*state, talk, WHOLE " person_number=" ANNA);
	assert_done(talk, "active");
	assert_int_equal(cell_of(talk, CASE, "case", 0)->number, 1);
	load_person(*state, 1, &person);
	assert_string_equal(person.record.identity.number, ANNA);
	assert_int_equal(person.record.identity.type, ID_PERSONNUMMER);
	assert_int_equal(person.record.value[FIELD_sex], RECORD_SEX_WOMAN);
	assert_int_equal(person.record.value[FIELD_birth_date], date_from_civil(1976, 3, 12));
	assert_int_equal(waiting(*state, "entered"), 1);
	assert_last_event(*state, "person_added case=1 operator=anna");
}

static void a_dry_run_does_all_but_store(void **state)
{
	struct stage *stage = *state;
	own(free_talk) struct talk *talk = new_talk();

	put_option(talk, "dry-run", "");
	add_person(stage, talk, WHOLE " person_number=" ANNA);
	assert_done(talk, "active");
	assert_true(cell_of(talk, CASE, "case", 0)->is_empty);
	put_option(talk, "dry-run", "");
	add_person(stage, talk, WHOLE " person_number=" ANNA " education=nonsense");
	assert_refused(talk, "I025");
	assert_int_equal(store_head(stage->parts.store), 0);
}

static void an_error_refuses_and_nothing_is_written(void **state)
{
	struct stage *stage = *state;
	own(free_talk) struct talk *talk = new_talk();

	add_person(stage, talk, WHOLE " person_number=197603122389");
	assert_refused(talk, "I014");
	add_person(stage, talk, "entry_date=2017-05-02 person_number=" ANNA);
	assert_refused(talk, "V002");
	add_person(stage, talk, "");
	assert_refused(talk, "V001");
	assert_int_equal(store_head(stage->parts.store), 0);
}

static void a_field_that_is_not_asked_is_named_but_never_what_was_typed(void **state)
{
	own(free_talk) struct talk *talk = new_talk();

	add_person(*state, talk, WHOLE " exit_date=2018-01-01");
	assert_fault(talk, "X002", EXIT_USAGE);
	assert_string_equal(text_of(talk, "mia.error/1", "place", 0), "exit_date");
	put_field(talk, ANNA, "x");
	add_person(*state, talk, WHOLE);
	assert_fault(talk, "X002", EXIT_USAGE);
	assert_string_equal(text_of(talk, "mia.error/1", "place", 0), "field 1");
}

static void the_same_person_is_not_registered_twice(void **state)
{
	own(free_talk) struct talk *talk = new_talk();

	add_person(*state, talk, WHOLE " local_id=A1 person_number=" ANNA);
	assert_done(talk, "active");
	add_person(*state, talk, WHOLE " person_number=" ANNA);
	assert_refused(talk, "V043");
	assert_string_equal(text_of(talk, FINDINGS, "detail",
				    (size_t)row_with(talk, FINDINGS, "code", "V043")),
			    "1");
	assert_last_event(*state, "person_found case=1 operator=anna");
	tell(*state, talk, "1", "exit", "exit_date=2018-01-10");
	add_person(*state, talk, WHOLE " person_number=" ANNA);
	assert_refused(talk, "V044");
	tell(*state, talk, "1", "reentry", "return_date=2018-01-11");
	assert_done(talk, "active");
	add_person(*state, talk, WHOLE " local_id=A2 person_number=" BRITA);
	assert_done(talk, "active");
	add_person(*state, talk, WHOLE " local_id=A1 person_number=" BRITA);
	assert_refused(talk, "D005");
}

static void of_a_refuser_sex_and_year_are_kept(void **state)
{
	own(free_talk) struct talk *talk = new_talk();
	struct store_person person;

	add_person(*state, talk, "consent=refused sex=woman entry_date=2018-01-20");
	assert_done(talk, "active");
	assert_int_equal(row_with(talk, FINDINGS, "code", "I035"), 0);
	load_person(*state, 1, &person);
	assert_int_equal(person.record.identity.type, ID_ANONYMOUS);
	assert_int_equal(person.record.value[FIELD_sex], RECORD_SEX_WOMAN);
	add_person(*state, talk, "consent=refused sex=woman entry_date=2018-01-20 local_id=A9");
	assert_fault(talk, "X002", EXIT_USAGE); /* it is not asked */
	tell(*state, talk, "1", "exit", "exit_date=2018-01-25");
	assert_refused(talk, "D009");
}

static void a_form_asks_what_may_be_kept_and_offers_what_holds_on_the_day(void **state)
{
	own(free_talk) struct talk *talk = new_talk();

	put_option(talk, "form", "");
	add_person(*state, talk, "person_number=" ANNA);
	assert_int_equal(talk->answer.exit, 0);
	assert_true(row_with(talk, "mia.form/1", "field", "education") > 0);
	assert_string_equal(text_of(talk, "mia.form/1", "value",
				    (size_t)row_with(talk, "mia.form/1", "field", "person_number")),
			    "19760312-23**");
	assert_true(row_with(talk, "mia.choices/1", "code", "assistance") >= 0);
	assert_true(row_with(talk, "mia.choices/1", "code", "0126") >= 0);
	assert_int_equal(row_with(talk, "mia.choices/1", "code", "0180"), -1); /* another site's */
	put_option(talk, "form", "");
	add_person(*state, talk, "protected=yes");
	assert_int_equal(row_with(talk, "mia.form/1", "field", "education"), -1);
	assert_int_equal(row_with(talk, "mia.form/1", "field", "person_number"), -1);
	assert_true(row_with(talk, "mia.form/1", "field", "sex") >= 0);
	assert_int_equal(row_with(talk, "mia.form/1", "field", "question_1"), -1);
}

static void a_form_has_what_is_known(void **state)
{
	own(free_talk) struct talk *talk = new_talk();

	add_person(*state, talk, WHOLE " local_id=A1 sex=man");
	put_option(talk, "form", "");
	put_argument(talk, "1");
	carry_out(*state, talk, COMMAND_PERSON_CORRECT);
	assert_string_equal(text_of(talk, "mia.form/1", "value",
				    (size_t)row_with(talk, "mia.form/1", "field", "income")),
			    "assistance");
	assert_string_equal(text_of(talk, "mia.form/1", "value",
				    (size_t)row_with(talk, "mia.form/1", "field", "entry_date")),
			    "2017-05-02");
	assert_int_equal(row_with(talk, "mia.form/1", "field", "transfer_out_token"), -1);
	assert_last_event(*state, "person_asked case=1 operator=anna");
}

/* ---- events ---- */

static void a_life_is_told_event_by_event(void **state)
{
	static const struct {
		const char *event, *fields, *becomes;
	} life[] = {
		{"queue", "queued_date=2017-04-10", "queued"},
		{"mapping", "mapping_date=2017-04-20", "mapped"},
		{"entry", "entry_date=2017-05-02 income=none labour=inactive", "active"},
		{"start", "activity=cbt spell_start=2017-05-10", "active"},
		{"insats", "activity=course spell_start=2017-05-11", "active"},
		{"end", "activity=cbt spell_end=2017-06-01", "active"},
		{"end", "spell_end=2017-06-02", "active"},
		{"hours", "hours_month=2017-05 hours=40", "active"},
		{"pause", "pause_start=2017-07-01", "paused"},
		{"resume", "pause_end=2017-08-01", "active"},
		{"exit", "exit_date=2017-08-10 exit_reason=work works_type=open", "left"},
		{"followup", "followup_date=2018-01-30 followup_outcome=reached", "left"},
		{"reentry", "return_date=2018-01-31", "active"},
	};
	own(free_talk) struct talk *talk = new_talk();
	struct store_person person;

	add_person(*state, talk, "consent=given local_id=A1 sex=woman interest_date=2017-04-03");
	assert_done(talk, "interest");
	for (size_t i = 0; i < array_n(life); i++) {
		tell(*state, talk, "1", life[i].event, life[i].fields);
		assert_done(talk, life[i].becomes);
	}
	load_person(*state, 1, &person);
	assert_int_equal(person.record.value[FIELD_entry_date], date_from_civil(2017, 5, 2));
	assert_int_equal(person.record.value[FIELD_exit_date], RECORD_MISSING);
	assert_int_equal(person.record.value[FIELD_followup_date], RECORD_MISSING);
	assert_int_equal(item_value(item_next(&person.record, RECORD_RETURN, NULL),
				    FIELD_returned_from),
			 date_from_civil(2017, 8, 10));
	assert_int_equal(item_value(item_next(&person.record, RECORD_HOURS, NULL),
				    FIELD_hours_month),
			 date_from_civil(2017, 5, 1));
}

static void an_event_follows_only_where_it_can(void **state)
{
	struct stage *stage = *state;
	own(free_talk) struct talk *talk = new_talk();

	add_person(stage, talk, WHOLE " local_id=A1 sex=man");
	tell(stage, talk, "1", "reentry", "return_date=2018-01-01");
	assert_refused(talk, "D002");
	tell(stage, talk, "1", "resume", "pause_end=2018-01-01");
	assert_refused(talk, "D002");
	tell(stage, talk, "1", "exit", "");
	assert_refused(talk, "D001");
	tell(stage, talk, "1", "end", "spell_end=2018-01-01");
	assert_refused(talk, "D003");
	tell(stage, talk, "1", "party", "");
	assert_fault(talk, "X002", EXIT_USAGE);
	tell(stage, talk, "2", "exit", "exit_date=2018-01-01");
	assert_fault(talk, "X009", EXIT_NOT_FOUND);
	tell(stage, talk, "197603122388", "exit", "exit_date=2018-01-01");
	assert_fault(talk, "X002", EXIT_USAGE);
	assert_int_equal(store_head(stage->parts.store), 1);
}

static void of_several_open_activities_one_is_named(void **state)
{
	own(free_talk) struct talk *talk = new_talk();

	add_person(*state, talk, WHOLE " local_id=A1 sex=man");
	tell(*state, talk, "1", "start", "activity=cbt spell_start=2017-06-01");
	tell(*state, talk, "1", "start", "activity=course spell_start=2017-06-02");
	assert_done(talk, "active");
	tell(*state, talk, "1", "end", "spell_end=2017-07-01");
	assert_refused(talk, "D003");
	tell(*state, talk, "1", "end", "activity=course spell_end=2017-07-01");
	assert_done(talk, "active");
}

static void without_an_event_it_says_which_there_are(void **state)
{
	own(free_talk) struct talk *talk = new_talk();

	add_person(*state, talk, WHOLE " local_id=A1 sex=man");
	put_argument(talk, "1");
	carry_out(*state, talk, COMMAND_PERSON_EVENT);
	assert_true(row_with(talk, "mia.lives/1", "event", "exit") >= 0);
	assert_int_equal(row_with(talk, "mia.lives/1", "event", "reentry"), -1);
	assert_int_equal(row_with(talk, "mia.lives/1", "event", ""), -1);
}

static void withdrawn_consent_leaves_counts_and_no_name(void **state)
{
	own(free_talk) struct talk *talk = new_talk();
	struct store_person person;

	add_person(*state, talk, WHOLE " name=Lotta person_number=" ANNA);
	tell(*state, talk, "1", "withdraw", "consent_withdrawn_date=2018-01-15");
	assert_done(talk, "active");
	load_person(*state, 1, &person);
	assert_int_equal(person.record.identity.type, ID_ANONYMOUS);
	assert_string_equal(person.record.identity.number, "");
	assert_string_equal(person.record.identity.name, "");
	assert_int_equal(person.record.value[FIELD_education], RECORD_MISSING);
	assert_int_equal(waiting(*state, "entered"), 1);
}

static void who_consents_again_is_known_again_by_a_correction(void **state)
{
	own(free_talk) struct talk *talk = new_talk();
	struct store_person person;

	add_person(*state, talk, WHOLE " person_number=" ANNA);
	tell(*state, talk, "1", "withdraw", "consent_withdrawn_date=2018-01-15");
	tell(*state, talk, "1", "consent", "consent_date=2018-01-20");
	assert_refused(talk, "D009");
	put_argument(talk, "1");
	put_fields(talk, WHOLE " consent_withdrawn_date= person_number=" ANNA);
	carry_out(*state, talk, COMMAND_PERSON_CORRECT);
	assert_done(talk, "active");
	load_person(*state, 1, &person);
	assert_string_equal(person.record.identity.number, ANNA);
	assert_int_equal(person.record.identity.type, ID_PERSONNUMMER);
	assert_int_equal(waiting(*state, "entered"), 1);
}

static void who_refuses_or_gets_protected_later_is_kept_as_little(void **state)
{
	own(free_talk) struct talk *talk = new_talk();
	struct store_person person;

	add_person(*state, talk, WHOLE " person_number=" ANNA);
	tell(*state, talk, "1", "refuse", "consent_date=2018-01-15");
	assert_done(talk, "active");
	add_person(*state, talk, WHOLE " local_id=A2 sex=man");
	tell(*state, talk, "2", "protect", "");
	assert_done(talk, "active");
	for (uint64_t id = 1; id <= 2; id++) {
		load_person(*state, id, &person);
		assert_int_equal(person.record.identity.type, ID_ANONYMOUS);
		assert_string_equal(person.record.identity.number, "");
		assert_string_equal(person.record.identity.local_id, "");
		assert_int_equal(person.record.value[FIELD_labour], RECORD_MISSING);
	}
	assert_int_equal(waiting(*state, "entered"), 2);
}

static void who_was_registered_by_mistake_is_out_and_comes_again_as_the_same_case(void **state)
{
	own(free_talk) struct talk *talk = new_talk();

	add_person(*state, talk, WHOLE " person_number=" ANNA);
	tell(*state, talk, "1", "misregister", "");
	assert_done(talk, "misregistered");
	assert_int_equal(waiting(*state, "entered"), 0);
	tell(*state, talk, "1", "exit", "exit_date=2018-01-01");
	assert_refused(talk, "D002");
	add_person(*state, talk, WHOLE " person_number=" ANNA);
	assert_done(talk, "active");
	assert_int_equal(cell_of(talk, CASE, "case", 0)->number, 1);
	assert_int_equal(waiting(*state, "entered"), 1);
}

/* ---- corrections ---- */

static enum store_act last_act(struct stage *stage)
{
	struct act act;

	assert_int_equal(store_load_act(stage->parts.store, store_head(stage->parts.store), &act),
			 0);
	return act.kind;
}

static void what_was_recorded_otherwise_is_corrected(void **state)
{
	own(free_talk) struct talk *talk = new_talk();

	add_person(*state, talk, WHOLE " local_id=A1 sex=man");
	tell(*state, talk, "1", "exit", "exit_date=2018-01-01");
	assert_done(talk, "left");
	assert_int_equal(last_act(*state), ACT_CHANGED);
	tell(*state, talk, "1", "exit", "exit_date=2018-01-01 exit_reason=work works_type=open");
	assert_int_equal(last_act(*state), ACT_CHANGED); /* what was missing came */
	tell(*state, talk, "1", "exit", "exit_date=2018-01-02");
	assert_int_equal(last_act(*state), ACT_CORRECTED);
	put_argument(talk, "1");
	put_fields(talk, "entry_date=2017-05-03 education=");
	carry_out(*state, talk, COMMAND_PERSON_CORRECT);
	assert_done(talk, "left");
	assert_int_equal(last_act(*state), ACT_CORRECTED);
	assert_last_event(*state, "person_corrected case=1 operator=anna");
}

static void one_of_many_is_corrected_or_taken_away(void **state)
{
	own(free_talk) struct talk *talk = new_talk();
	struct store_person person;

	add_person(*state, talk, WHOLE " local_id=A1 sex=man");
	tell(*state, talk, "1", "start", "activity=cbt spell_start=2017-06-01");
	tell(*state, talk, "1", "start", "activity=course spell_start=2017-06-02");
	put_argument(talk, "1");
	put_fields(talk, "activity=cbt spell_start=2017-06-01 spell_hours=12");
	carry_out(*state, talk, COMMAND_PERSON_CORRECT);
	assert_done(talk, "active");
	put_argument(talk, "1");
	put_fields(talk, "remove=spell activity=course spell_start=2017-06-02");
	carry_out(*state, talk, COMMAND_PERSON_CORRECT);
	assert_done(talk, "active");
	load_person(*state, 1, &person);
	assert_int_equal(person.record.items_n, 1);
	assert_int_equal(item_value(&person.record.items[0], FIELD_spell_hours), 12);
	put_argument(talk, "1");
	put_fields(talk, "remove=spell activity=course spell_start=2017-06-02");
	carry_out(*state, talk, COMMAND_PERSON_CORRECT);
	assert_refused(talk, "D007");
}

/* Corrects case 1 by these fields. */
static void correct(struct stage *stage, struct talk *talk, const char *fields)
{
	put_argument(talk, "1");
	put_fields(talk, fields);
	carry_out(stage, talk, COMMAND_PERSON_CORRECT);
}

/* The day and the hours of the activities there are, as "17318:12 17319:-". */
static const char *spells_of(struct stage *stage, char text[static 200])
{
	struct store_person person;
	size_t n = 0;

	load_person(stage, 1, &person);
	text[0] = '\0';
	for (const struct record_item *item = item_next(&person.record, RECORD_SPELL, NULL);
	     item != NULL; item = item_next(&person.record, RECORD_SPELL, item)) {
		char day[DATE_TEXT_BYTES];
		int32_t hours = item_value(item, FIELD_spell_hours);

		date_format(item_value(item, FIELD_spell_start), day);
		n += (size_t)snprintf(text + n, 200 - n, "%s%s:%d", n > 0 ? " " : "", day,
				      hours == RECORD_MISSING ? 0 : hours);
	}
	return text;
}

static void a_start_that_is_corrected_takes_the_place_of_the_one_it_was(void **state)
{
	own(free_talk) struct talk *talk = new_talk();
	char text[200];

	add_person(*state, talk, WHOLE " local_id=A1 sex=man");
	tell(*state, talk, "1", "start", "activity=cbt spell_start=2017-06-01");
	correct(*state, talk, "activity=cbt spell_start=2017-06-01 spell_hours=12");
	correct(*state, talk, "activity=cbt spell_start=2017-06-05");
	assert_done(talk, "active");
	assert_string_equal(spells_of(*state, text), "2017-06-05:12");
	correct(*state, talk, "spell_start=2017-06-07"); /* there is but one */
	assert_done(talk, "active");
	assert_string_equal(spells_of(*state, text), "2017-06-07:12");
	assert_int_equal(last_act(*state), ACT_CORRECTED);
	correct(*state, talk, "spell_start=2017-06-07"); /* it is that one */
	assert_string_equal(text_of(talk, CASE, "stored", 0), "no: nothing is changed by it");
	/* Of another kind it is another one, and so it is where that is said. */
	correct(*state, talk, "activity=course spell_start=2017-06-07");
	correct(*state, talk, "activity=cbt spell_start=2017-06-07 spell_end=2017-06-30");
	assert_done(talk, "active");
	correct(*state, talk, "activity=cbt spell_start=2017-08-01 replaces=new");
	assert_done(talk, "active");
	assert_string_equal(spells_of(*state, text), "2017-06-07:0 2017-06-07:12 2017-08-01:0");
}

static void of_several_it_is_said_which_is_corrected(void **state)
{
	own(free_talk) struct talk *talk = new_talk();
	char text[200];

	add_person(*state, talk, WHOLE " local_id=A1 sex=man");
	tell(*state, talk, "1", "start", "activity=cbt spell_start=2017-06-01");
	tell(*state, talk, "1", "end", "spell_end=2017-06-20 spell_reason=other");
	tell(*state, talk, "1", "start", "activity=cbt spell_start=2017-08-01");
	correct(*state, talk, "activity=cbt spell_start=2017-06-05");
	assert_refused(talk, "D010");
	correct(*state, talk, "spell_start=2017-06-05");
	assert_refused(talk, "D010");
	correct(*state, talk, "activity=cbt spell_start=2017-06-05 replaces=2017-06-02");
	assert_refused(talk, "D007");
	correct(*state, talk, "spell_start=2017-08-01 replaces=2017-06-01");
	assert_refused(talk, "D010"); /* another has that day */
	correct(*state, talk, "activity=cbt spell_start=2017-06-05 replaces=last");
	assert_fault(talk, "X002", EXIT_USAGE);
	assert_string_equal(spells_of(*state, text), "2017-06-01:0 2017-08-01:0");
	correct(*state, talk, "spell_start=2017-06-05 replaces=2017-06-01");
	assert_done(talk, "active");
	assert_string_equal(spells_of(*state, text), "2017-06-05:0 2017-08-01:0");
	/* What it is may be corrected too. */
	correct(*state, talk, "activity=course spell_start=2017-08-01 replaces=2017-08-01");
	assert_done(talk, "active");
	assert_string_equal(spells_of(*state, text), "2017-06-05:0 2017-08-01:0");
}

static void a_month_of_hours_is_another_one_unless_it_is_said_which(void **state)
{
	own(free_talk) struct talk *talk = new_talk();
	struct store_person person;

	add_person(*state, talk, WHOLE " local_id=A1 sex=man");
	tell(*state, talk, "1", "hours", "hours_month=2017-06 hours=10");
	correct(*state, talk, "hours_month=2017-07 hours=11");
	assert_done(talk, "active");
	load_person(*state, 1, &person);
	assert_int_equal(person.record.items_n, 2);
	correct(*state, talk, "hours_month=2017-08 replaces=2017-07");
	assert_done(talk, "active");
	load_person(*state, 1, &person);
	assert_int_equal(person.record.items_n, 2);
	assert_int_equal(item_day(&person.record.items[1]), date_from_civil(2017, 8, 1));
	assert_int_equal(item_value(&person.record.items[1], FIELD_hours), 11);
}

static void a_correction_that_changes_nothing_says_so_and_stores_nothing(void **state)
{
	struct stage *stage = *state;
	own(free_talk) struct talk *talk = new_talk();
	uint64_t head;

	add_person(stage, talk, WHOLE " local_id=A1 sex=man");
	head = store_head(stage->parts.store);
	correct(stage, talk, "sex=man local_id=A1");
	assert_done(talk, "active");
	assert_string_equal(text_of(talk, CASE, "stored", 0), "no: nothing is changed by it");
	assert_int_equal(store_head(stage->parts.store), head);
	assert_last_event(stage, "person_asked case=1 operator=anna");
	correct(stage, talk, "local_id=A2");
	assert_string_equal(text_of(talk, CASE, "stored", 0), "yes");
}

/* What is not a field of a record is asked by the form of a correction, and by no other. */
static void a_correction_asks_which_of_many_is_meant(void **state)
{
	own(free_talk) struct talk *talk = new_talk();

	add_person(*state, talk, WHOLE " local_id=A1 sex=man");
	put_option(talk, "form", "");
	put_argument(talk, "1");
	carry_out(*state, talk, COMMAND_PERSON_CORRECT);
	assert_true(row_with(talk, "mia.form/1", "field", "replaces") >= 0);
	assert_true(row_with(talk, "mia.choices/1", "code", "spell") >= 0);
	put_option(talk, "form", "");
	put_argument(talk, "1");
	put_argument(talk, "start");
	carry_out(*state, talk, COMMAND_PERSON_EVENT);
	assert_int_equal(row_with(talk, "mia.form/1", "field", "replaces"), -1);
}

static void a_person_gets_a_number_and_is_found_by_it(void **state)
{
	own(free_talk) struct talk *talk = new_talk();

	add_person(*state, talk, WHOLE " local_id=A1 sex=woman birth_date=1976-03-12");
	put_argument(talk, "1");
	put_fields(talk, "person_number=" ANNA);
	carry_out(*state, talk, COMMAND_PERSON_CORRECT);
	assert_done(talk, "active");
	put_fields(talk, "person_number=" ANNA);
	carry_out(*state, talk, COMMAND_PERSON_FIND);
	assert_int_equal(cell_of(talk, "mia.found/1", "case", 0)->number, 1);
}

/* ---- moves ---- */

static void a_token_is_shown_once_and_checks(void **state)
{
	own(free_talk) struct talk *talk = new_talk();
	char token[RECORD_TOKEN_BYTES];

	add_person(*state, talk, WHOLE " local_id=A1 sex=man");
	put_option(talk, "dry-run", "");
	put_argument(talk, "1");
	put_fields(talk, "transfer_out_date=2018-01-20");
	carry_out(*state, talk, COMMAND_PERSON_MOVE);
	assert_true(cell_of(talk, CASE, "token", 0)->is_empty);
	put_argument(talk, "1");
	put_fields(talk, "transfer_out_date=2018-01-20");
	carry_out(*state, talk, COMMAND_PERSON_MOVE);
	assert_done(talk, "transferred");
	(void)snprintf(token, sizeof(token), "%s", text_of(talk, CASE, "token", 0));
	assert_true(token_is_good(token));
	assert_int_equal(waiting(*state, "transferred_out"), 1);
	put_argument(talk, "1");
	carry_out(*state, talk, COMMAND_PERSON_SHOW);
	for (size_t i = 0; i < talk->answer.sheets_n; i++)
		for (size_t c = 0; c < talk->answer.sheets[i]->cells_n; c++)
			assert_true(talk->answer.sheets[i]->cells[c].text == NULL ||
				    strcmp(talk->answer.sheets[i]->cells[c].text, token) != 0);
}

static void who_comes_with_a_token_did_not_enter_here(void **state)
{
	own(free_talk) struct talk *talk = new_talk();
	char token[RECORD_TOKEN_BYTES];
	char fields[400];

	token_new(token);
	(void)snprintf(fields, sizeof(fields),
		       WHOLE " transfer_in_token=%s transfer_in_date=2018-01-20 person_number=%s",
		       token, ANNA);
	put_option(talk, "in", "");
	put_fields(talk, fields);
	carry_out(*state, talk, COMMAND_PERSON_MOVE);
	assert_done(talk, "active");
	assert_int_equal(waiting(*state, "entered"), 0);
	assert_int_equal(waiting(*state, "transferred_in"), 1);
	assert_last_event(*state, "person_received case=1 operator=anna");
	memcpy(strstr(fields, ANNA), BRITA, sizeof(BRITA) - 1);
	put_option(talk, "in", "");
	put_fields(talk, fields);
	carry_out(*state, talk, COMMAND_PERSON_MOVE);
	assert_refused(talk, "V056");
	put_option(talk, "in", "");
	put_argument(talk, "1");
	carry_out(*state, talk, COMMAND_PERSON_MOVE);
	assert_fault(talk, "X002", EXIT_USAGE);
}

/* ---- the rest ---- */

/* Hands case 1 over on a day: the token that it was given. */
static void hand_over(struct stage *stage, struct talk *talk, const char *day,
		      char ret_token[static RECORD_TOKEN_BYTES])
{
	put_argument(talk, "1");
	put_field(talk, "transfer_out_date", day);
	carry_out(stage, talk, COMMAND_PERSON_MOVE);
	assert_done(talk, "transferred");
	(void)snprintf(ret_token, RECORD_TOKEN_BYTES, "%s", text_of(talk, CASE, "token", 0));
}

static void come(struct stage *stage, struct talk *talk, const char *who, const char *token)
{
	put_option(talk, "in", "");
	put_fields(talk, who);
	put_field(talk, "transfer_in_token", token);
	carry_out(stage, talk, COMMAND_PERSON_MOVE);
}

static void who_comes_back_from_another_association_goes_on_in_the_same_case(void **state)
{
	own(free_talk) struct talk *talk = new_talk();
	char token[RECORD_TOKEN_BYTES], theirs[RECORD_TOKEN_BYTES], next[RECORD_TOKEN_BYTES];
	struct store_person person;

	add_person(*state, talk, WHOLE " person_number=" ANNA);
	hand_over(*state, talk, "2018-01-05", token);
	assert_int_equal(waiting(*state, "transferred_out"), 1);
	token_new(theirs);
	come(*state, talk, WHOLE " transfer_in_date=2018-01-20 person_number=" ANNA, theirs);
	assert_done(talk, "active");
	assert_int_equal(cell_of(talk, CASE, "case", 0)->number, 1);
	assert_string_equal(text_of(talk, CASE, "event", 0), "reentry");
	assert_true(row_with(talk, FINDINGS, "code", "D011") >= 0);
	assert_last_event(*state, "person_received case=1 operator=anna");
	assert_int_equal(store_persons((*(struct stage **)state)->parts.store), 1);
	/* As with an exit: what it ended is renewed, and nobody came or entered a second time. */
	assert_int_equal(waiting(*state, "entered"), 1);
	assert_int_equal(waiting(*state, "transferred_out"), 0);
	assert_int_equal(waiting(*state, "transferred_in"), 0);
	load_person(*state, 1, &person);
	assert_int_equal(person.record.items_n, 1);
	assert_int_equal(item_value(&person.record.items[0], FIELD_returned_from),
			 date_from_civil(2018, 1, 5));
	hand_over(*state, talk, "2018-01-25", next);
	assert_string_not_equal(next, token);
}

static void a_token_that_was_given_out_here_brings_its_person_back(void **state)
{
	own(free_talk) struct talk *talk = new_talk();
	char token[RECORD_TOKEN_BYTES];
	uint64_t head;

	add_person(*state, talk, WHOLE " local_id=A1 sex=man");
	hand_over(*state, talk, "2018-01-05", token);
	head = store_head((*(struct stage **)state)->parts.store);
	come(*state, talk, WHOLE " local_id=B2 transfer_in_date=2018-01-20", token);
	assert_refused(talk, "V056");
	come(*state, talk, WHOLE " transfer_in_date=2018-01-04", token);
	assert_refused(talk, "V078"); /* before they went */
	put_option(talk, "dry-run", "");
	come(*state, talk, WHOLE " transfer_in_date=2018-01-20", token);
	assert_done(talk, "active");
	assert_int_equal(store_head((*(struct stage **)state)->parts.store), head);
	come(*state, talk, WHOLE " transfer_in_date=2018-01-20", token);
	assert_done(talk, "active");
	assert_int_equal(cell_of(talk, CASE, "case", 0)->number, 1);
}

static void who_moved_may_be_told_to_come_back_in_their_own_case(void **state)
{
	own(free_talk) struct talk *talk = new_talk();
	char token[RECORD_TOKEN_BYTES];

	add_person(*state, talk, WHOLE " local_id=A1 sex=man");
	hand_over(*state, talk, "2018-01-05", token);
	add_person(*state, talk, WHOLE " local_id=A1 sex=man");
	assert_refused(talk, "V044"); /* its way out is the next line */
	tell(*state, talk, "1", "reentry", "return_date=2018-01-20");
	assert_done(talk, "active");
	assert_int_equal(waiting(*state, "transferred_out"), 0);
}

static void a_deviation_is_nobodys(void **state)
{
	struct stage *stage = *state;
	own(free_talk) struct talk *talk = new_talk();

	put_fields(talk, "deviation_date=2018-01-05 deviation=waiting");
	carry_out(stage, talk, COMMAND_DEVIATION_ADD);
	assert_int_equal(talk->answer.exit, 0);
	assert_int_equal(store_head(stage->parts.store), 1);
	assert_int_equal(store_persons(stage->parts.store), 0);
	put_fields(talk, "deviation_date=2018-01-05");
	carry_out(stage, talk, COMMAND_DEVIATION_ADD);
	assert_refused(talk, "D001");
	put_argument(talk, "1");
	carry_out(stage, talk, COMMAND_PERSON_SHOW);
	assert_fault(talk, "X009", EXIT_NOT_FOUND);
}

static void while_a_file_comes_in_nobody_is_changed(void **state)
{
	struct stage *stage = *state;
	own(free_talk) struct talk *talk = new_talk();

	add_person(stage, talk, WHOLE " local_id=A1 sex=man");
	talk->is_importing = true;
	tell(stage, talk, "1", "exit", "exit_date=2018-01-01");
	assert_fault(talk, "X008", EXIT_FAILED);
	put_argument(talk, "1");
	carry_out(stage, talk, COMMAND_PERSON_SHOW);
	assert_int_equal(talk->answer.exit, 0);
}

static void no_value_of_a_record_is_in_any_event(void **state)
{
	own(free_talk) struct talk *talk = new_talk();
	own(buf_free) struct buf events = {0};
	static const char *const secrets[] = {"7603", "2388",    "LottaLarsson", "A77secret",
					      "0126", "2017-05", "cbt",          "2018-01-15"};

	add_person(*state, talk, WHOLE " name=LottaLarsson local_id=A77secret person_number=" ANNA);
	tell(*state, talk, "1", "start", "activity=cbt spell_start=2017-06-01");
	tell(*state, talk, "1", "exit", "exit_date=2018-01-15");
	add_person(*state, talk, WHOLE " person_number=" ANNA);
	put_fields(talk, "person_number=" BRITA);
	carry_out(*state, talk, COMMAND_PERSON_FIND);
	assert_fault(talk, "X009", EXIT_NOT_FOUND);
	all_events(*state, &events);
	for (size_t i = 0; i < array_n(secrets); i++)
		assert_null(strstr(buf_text(&events), secrets[i]));
	assert_non_null(strstr(buf_text(&events), "person_sought case=0 operator=anna"));
}

#define ON_A_STAGE(test) cmocka_unit_test_setup_teardown(test, make_stage, strike_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_STAGE(somebody_new_is_there_by_number_with_sex_and_birth),
		ON_A_STAGE(a_dry_run_does_all_but_store),
		ON_A_STAGE(an_error_refuses_and_nothing_is_written),
		ON_A_STAGE(a_field_that_is_not_asked_is_named_but_never_what_was_typed),
		ON_A_STAGE(the_same_person_is_not_registered_twice),
		ON_A_STAGE(of_a_refuser_sex_and_year_are_kept),
		ON_A_STAGE(a_form_asks_what_may_be_kept_and_offers_what_holds_on_the_day),
		ON_A_STAGE(a_form_has_what_is_known),
		ON_A_STAGE(a_life_is_told_event_by_event),
		ON_A_STAGE(an_event_follows_only_where_it_can),
		ON_A_STAGE(of_several_open_activities_one_is_named),
		ON_A_STAGE(without_an_event_it_says_which_there_are),
		ON_A_STAGE(withdrawn_consent_leaves_counts_and_no_name),
		ON_A_STAGE(who_consents_again_is_known_again_by_a_correction),
		ON_A_STAGE(who_refuses_or_gets_protected_later_is_kept_as_little),
		ON_A_STAGE(who_was_registered_by_mistake_is_out_and_comes_again_as_the_same_case),
		ON_A_STAGE(what_was_recorded_otherwise_is_corrected),
		ON_A_STAGE(one_of_many_is_corrected_or_taken_away),
		ON_A_STAGE(a_start_that_is_corrected_takes_the_place_of_the_one_it_was),
		ON_A_STAGE(of_several_it_is_said_which_is_corrected),
		ON_A_STAGE(a_month_of_hours_is_another_one_unless_it_is_said_which),
		ON_A_STAGE(a_correction_that_changes_nothing_says_so_and_stores_nothing),
		ON_A_STAGE(a_correction_asks_which_of_many_is_meant),
		ON_A_STAGE(a_person_gets_a_number_and_is_found_by_it),
		ON_A_STAGE(a_token_is_shown_once_and_checks),
		ON_A_STAGE(who_comes_with_a_token_did_not_enter_here),
		ON_A_STAGE(who_comes_back_from_another_association_goes_on_in_the_same_case),
		ON_A_STAGE(a_token_that_was_given_out_here_brings_its_person_back),
		ON_A_STAGE(who_moved_may_be_told_to_come_back_in_their_own_case),
		ON_A_STAGE(a_deviation_is_nobodys),
		ON_A_STAGE(while_a_file_comes_in_nobody_is_changed),
		ON_A_STAGE(no_value_of_a_record_is_in_any_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
