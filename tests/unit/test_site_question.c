/* Long questions: in slices, one at a time; and what quality, todo and a site's own totals say. */
#include "daemon/site/question.h"

#include "fixture_site.h"

#include "fixture_sheet.h"
#include "proto/errors.h"
#include "proto/programme_find.h"

#include <errno.h>

static const struct room_operator anna = {.name = "anna", .rights = ~0U};

/* A question under way. */
struct play {
	struct stage *stage;
	struct query_site site;
	struct room_time now;
	struct sweep *sweep;
};

static int begin(void **state)
{
	struct play *play = calloc(1, sizeof(*play));
	void *stage = NULL;

	assert_non_null(play);
	(void)make_stage(&stage);
	play->stage = stage;
	play->site = (struct query_site){.parts = &play->stage->parts, .is_staff = true};
	play->site.is_reader = true;
	play->now.at = date_to_moment(date_from_civil(2018, 7, 15));
	*state = play;
	return 0;
}

static int end(void **state)
{
	struct play *play = *state;
	void *stage = play->stage;

	sweep_free(&play->sweep);
	(void)strike_stage(&stage);
	free(play);
	return 0;
}

static struct request request_of(enum command command, const char *option, const char *value)
{
	struct request request = {.command = command, .language = LANGUAGE_EN};

	if (option != NULL) {
		(void)snprintf(request.options[0].name, sizeof(request.options[0].name), "%s",
			       option);
		(void)snprintf(request.options[0].value, sizeof(request.options[0].value), "%s",
			       value);
		request.options_n = 1;
	}
	return request;
}

static int put(struct play *play, const struct request *request, struct answer *ret_answer)
{
	const struct sweep_ask ask = {.site = &play->site,
				      .now = &play->now,
				      .who = &anna,
				      .request = request};

	return question_ask(&play->sweep, &ask, ret_answer);
}

/* Asks to the end; how many slices it took. */
static int ask(struct play *play, const struct request *request, struct answer *ret_answer)
{
	int slices = 1;
	int error = put(play, request, ret_answer);

	assert_int_equal(error, -EINPROGRESS);
	while ((error = question_go_on(&play->sweep, ++play->now.mono_ms, ret_answer)) ==
	       -EINPROGRESS)
		slices++;
	assert_int_equal(error, 0);
	assert_null(play->sweep);
	return slices;
}

static int32_t code(const struct programme *mia, enum record_field field, const char *id)
{
	return programme_code_by_id(programme_list(mia, record_row(field)->list), id)->number;
}

/* Someone complete who entered in January 2018 and left on a day, RECORD_MISSING: not. */
static uint64_t add(struct play *play, const char *local_id, int32_t exit)
{
	const struct store_origin origin = {.at = BEGIN, .operator_name = "anna"};
	const struct programme *mia = play->stage->mia;
	struct record record;
	uint64_t id = 0;

	record_clear(&record);
	record.identity.type = ID_LOCAL;
	(void)snprintf(record.identity.local_id, sizeof(record.identity.local_id), "%s", local_id);
	record.value[FIELD_sex] = code(mia, FIELD_sex, "woman");
	record.value[FIELD_birth_date] = date_from_civil(1980, 3, 1);
	record.value[FIELD_education] = code(mia, FIELD_education, "compulsory");
	record.value[FIELD_labour] = code(mia, FIELD_labour, "inactive");
	record.value[FIELD_entry_date] = date_from_civil(2018, 1, 10);
	record.value[FIELD_exit_date] = exit;
	assert_int_equal(store_act(play->stage->parts.store, &origin, 0, ACT_REGISTERED, &record,
				   &id),
			 0);
	return id;
}

static int row_of(const struct sheet *sheet, const char *column, const char *text)
{
	for (size_t i = 0; i < sheet->rows_n; i++)
		if (strcmp(text_at(sheet, i, column), text) == 0)
			return (int)i;
	return -1;
}

/* ---- the way of asking ---- */

static void a_long_question_is_answered_in_slices(void **state)
{
	struct play *play = *state;
	own(answer_free) struct answer answer = {0};
	struct request request = request_of(COMMAND_QUALITY, NULL, NULL);

	enter(play->stage, 200, date_from_civil(2018, 3, 1));
	assert_true(ask(play, &request, &answer) > 1);
	assert_string_equal(answer.sheets[0]->schema, "mia.quality/1");
	assert_int_equal(number_at(answer.sheets[0],
				   (size_t)row_of(answer.sheets[0], "code", "V041"), "count"),
			 200);
}

static void one_long_question_is_answered_at_a_time(void **state)
{
	struct play *play = *state;
	own(answer_free) struct answer first = {0};
	own(answer_free) struct answer second = {0};
	struct request request = request_of(COMMAND_TODO, NULL, NULL);
	struct request totals = request_of(COMMAND_TOTALS, NULL, NULL);

	assert_int_equal(put(play, &request, &first), -EINPROGRESS);
	assert_int_equal(put(play, &request, &second), 0);
	assert_string_equal(text_at(second.sheets[0], 0, "code"), "X008");
	assert_int_equal(put(play, &totals, &second), -ENOENT);
	sweep_free(&play->sweep);
	assert_int_equal(ask(play, &request, &first), 1);
}

/* ---- quality ---- */

static void cases_of_a_rule_are_for_readers_and_an_event(void **state)
{
	struct play *play = *state;
	own(answer_free) struct answer answer = {0};
	own(answer_free) struct answer refused = {0};
	struct request request = request_of(COMMAND_QUALITY, "rule", "v27");
	uint64_t id = add(play, "A-1", date_from_civil(2018, 7, 1));

	(void)add(play, "A-2", RECORD_MISSING);
	(void)ask(play, &request, &answer);
	assert_int_equal(answer.sheets_n, 2);
	assert_int_equal(answer.sheets[1]->rows_n, 1);
	assert_int_equal(number_at(answer.sheets[1], 0, "case"), id);
	assert_last_event(play->stage, "person_listed case=0 operator=anna rule=V027 cases=1");
	play->site.is_reader = false;
	assert_int_equal(put(play, &request, &refused), 0);
	assert_string_equal(text_at(refused.sheets[0], 0, "code"), "X004");
}

static void what_a_rule_found_is_an_id_for_programs_and_a_label_for_people(void **state)
{
	struct play *play = *state;
	own(answer_free) struct answer answer = {0};
	struct request request = request_of(COMMAND_QUALITY, "rule", "V041");
	const struct sheet_cell *cell;

	enter(play->stage, 1, date_from_civil(2018, 3, 1));
	(void)ask(play, &request, &answer);
	cell = cell_of(answer.sheets[1], 0, "detail");
	assert_non_null(strstr(cell->text, "education"));
	assert_non_null(strstr(cell->arguments[0], "Education"));
}

static void a_rule_there_is_not_is_not_found(void **state)
{
	struct play *play = *state;
	own(answer_free) struct answer answer = {0};
	struct request request = request_of(COMMAND_QUALITY, "rule", "rubbish");

	assert_int_equal(put(play, &request, &answer), 0);
	assert_string_equal(text_at(answer.sheets[0], 0, "code"), "X009");
}

static void a_check_fails_by_an_error_and_not_by_a_warning(void **state)
{
	struct play *play = *state;
	own(answer_free) struct answer warned = {0};
	own(answer_free) struct answer failed = {0};
	struct request request = request_of(COMMAND_QUALITY, "check", "");

	(void)add(play, "A-1", date_from_civil(2018, 7, 1));
	(void)ask(play, &request, &warned);
	assert_int_equal(warned.exit, EXIT_GOOD);
	(void)add(play, "A-2", date_from_civil(2018, 1, 9));
	(void)ask(play, &request, &failed);
	assert_int_equal(failed.exit, EXIT_CHECK_FAILED);
}

/* ---- todo ---- */

static void what_is_to_be_done_has_a_day_and_a_command(void **state)
{
	struct play *play = *state;
	own(answer_free) struct answer answer = {0};
	struct request request = request_of(COMMAND_TODO, NULL, NULL);
	uint64_t id = add(play, "A-1", date_from_civil(2018, 7, 1));
	const struct sheet *sheet;
	size_t row;

	(void)add(play, "A-2", date_from_civil(2018, 2, 1));
	(void)ask(play, &request, &answer);
	sheet = answer.sheets[0];
	row = (size_t)row_of(sheet, "what", "outcome");
	assert_int_equal(number_at(sheet, row, "count"), 2);
	assert_int_equal(number_at(sheet, row, "due"), date_from_civil(2018, 3, 1));
	assert_int_equal(number_at(sheet, row, "overdue"), 1);
	assert_string_equal(text_at(sheet, row, "cases"), "2, 1");
	assert_string_equal(text_at(sheet, row, "remedy"), "mia person event 2 exit");
	row = (size_t)row_of(sheet, "what", "followup");
	assert_int_equal(number_at(sheet, row, "count"), 1);
	assert_int_equal(number_at(sheet, row, "due"), date_from_civil(2018, 8, 1));
	assert_int_equal(number_at(sheet, row, "overdue"), 0);
	assert_true(row_of(sheet, "what", "close") >= 0);
	assert_int_equal(answer.sheets[1]->rows_n, 3);
	assert_int_equal(id, 1);
}

static void who_does_not_read_persons_sees_counts_alone(void **state)
{
	struct play *play = *state;
	own(answer_free) struct answer answer = {0};
	struct request request = request_of(COMMAND_TODO, NULL, NULL);
	uint64_t events = store_audit_count(play->stage->parts.store);
	size_t row;

	(void)add(play, "A-1", date_from_civil(2018, 7, 1));
	play->site.is_reader = false;
	(void)ask(play, &request, &answer);
	assert_int_equal(answer.sheets_n, 1);
	row = (size_t)row_of(answer.sheets[0], "what", "outcome");
	assert_int_equal(number_at(answer.sheets[0], row, "count"), 1);
	assert_true(is_empty_at(answer.sheets[0], row, "cases"));
	assert_string_equal(text_at(answer.sheets[0], row, "remedy"), "mia person event CASE exit");
	assert_int_equal(store_audit_count(play->stage->parts.store), events);
}

/* ---- own totals ---- */

static void own_totals_stand_beside_what_was_published_and_what_waits(void **state)
{
	struct play *play = *state;
	own(answer_free) struct answer answer = {0};
	struct request request = request_of(COMMAND_TOTALS, "own", "");
	const struct sheet *sheet;
	int row;

	enter(play->stage, 6, date_from_civil(2017, 4, 10));
	(void)close_month(play->stage);
	enter(play->stage, 2, date_from_civil(2017, 5, 10));
	(void)ask(play, &request, &answer);
	sheet = answer.sheets[0];
	row = row_of(sheet, "figure", "entered");
	assert_true(row >= 0);
	assert_int_equal(number_at(sheet, (size_t)row, "value"), 8);
	assert_int_equal(number_at(sheet, (size_t)row, "published"), 6);
	assert_int_equal(number_at(sheet, (size_t)row, "waiting"), 2);
	assert_int_equal(number_at(sheet, (size_t)row, "corrections"), 0);
	row = row_of(sheet, "figure", "co18");
	assert_int_equal(cell_of(sheet, (size_t)row, "value")->state, CELL_NOT_COLLECTED);
}

static void own_totals_are_for_readers_of_this_site(void **state)
{
	struct play *play = *state;
	own(answer_free) struct answer other = {0};
	own(answer_free) struct answer refused = {0};
	struct request request = request_of(COMMAND_TOTALS, "own", "");

	(void)strcpy(request.options[1].name, "site");
	(void)strcpy(request.options[1].value, "sodertalje");
	request.options_n = 2;
	assert_int_equal(put(play, &request, &other), 0);
	assert_string_equal(text_at(other.sheets[0], 0, "code"), "X009");
	request.options_n = 1;
	play->site.is_reader = false;
	assert_int_equal(put(play, &request, &refused), 0);
	assert_string_equal(text_at(refused.sheets[0], 0, "code"), "X004");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(a_long_question_is_answered_in_slices),
		TEST(one_long_question_is_answered_at_a_time),
		TEST(cases_of_a_rule_are_for_readers_and_an_event),
		TEST(what_a_rule_found_is_an_id_for_programs_and_a_label_for_people),
		TEST(a_rule_there_is_not_is_not_found),
		TEST(a_check_fails_by_an_error_and_not_by_a_warning),
		TEST(what_is_to_be_done_has_a_day_and_a_command),
		TEST(who_does_not_read_persons_sees_counts_alone),
		TEST(own_totals_stand_beside_what_was_published_and_what_waits),
		TEST(own_totals_are_for_readers_of_this_site),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
