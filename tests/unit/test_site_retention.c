#include "daemon/site/retention.h"
#include "daemon/site/store_forget.h"

#include "fixture_site.h"
#include "lib/fail.h"

/* What an administrator asks at a moment; the answer is freed by the caller. */
static struct answer asked(struct stage *stage, enum command command, bool is_dry, int32_t today)
{
	const struct query_site site = {.parts = &stage->parts};
	const struct room_time now = {.at = date_to_moment(today)};
	const struct room_operator who = {.name = "ada"};
	struct request request = {.command = command};
	const struct sweep_ask ask = {.site = &site, .now = &now, .who = &who, .request = &request};
	struct answer answer = {0};
	struct fault fault = {0};
	void *context = NULL;
	uint64_t after = 0;
	bool is_done = false;

	if (is_dry) {
		(void)snprintf(request.options[0].name, sizeof(request.options[0].name), "dry-run");
		request.options_n = 1;
	}
	if (retention_begin(&ask, &context, &fault) != 0) {
		assert_int_equal(answer_fault(&answer, &fault), 0);
		return answer;
	}
	while (!is_done)
		assert_int_equal(store_scan(stage->parts.store, &after, 100, retention_visit,
					    context, &is_done),
				 0);
	assert_int_equal(retention_finish(context, &answer), 0);
	retention_drop(&context);
	return answer;
}

static int64_t cell(const struct answer *answer, size_t row, size_t column)
{
	return answer->sheets[0]->cells[row * answer->sheets[0]->columns_n + column].number;
}

static int32_t day(int year, int month, int of_month)
{
	return date_from_civil(year, month, of_month);
}

static uint64_t add(struct stage *stage, int32_t exit_day)
{
	const struct store_origin origin = {.at = BEGIN, .operator_name = "anna"};
	struct record record;
	uint64_t id = 0;

	record_clear(&record);
	record.identity.type = ID_LOCAL;
	(void)snprintf(record.identity.local_id, sizeof(record.identity.local_id), "R%zu",
		       ++stage->persons);
	record.value[FIELD_sex] = 1;
	record.value[FIELD_consent] = RECORD_CONSENT_GIVEN;
	record.value[FIELD_entry_date] = day(2017, 5, 2);
	record.value[FIELD_exit_date] = exit_day;
	assert_int_equal(store_act(stage->parts.store, &origin, 0, ACT_REGISTERED, &record, &id),
			 0);
	return id;
}

static void the_time_runs_from_the_last_day_of_a_person(void **state)
{
	struct stage *stage = *state;
	struct record record;
	int32_t last, due;

	record_clear(&record);
	record.identity.type = ID_LOCAL;
	assert_true(retention_due(stage->mia, &record, &last, &due));
	assert_int_equal(last, stage->mia->operation.to);
	record.value[FIELD_exit_date] = day(2018, 3, 31);
	assert_true(retention_due(stage->mia, &record, &last, &due));
	assert_int_equal(due, date_add_months(day(2018, 3, 31),
					      (int)stage->mia->policy.retention_months));
	record.value[FIELD_followup_date] = day(2018, 9, 30);
	assert_true(retention_due(stage->mia, &record, &last, &due));
	assert_int_equal(last, day(2018, 9, 30));
	record.identity.type = ID_ANONYMOUS;
	assert_false(retention_due(stage->mia, &record, &last, &due));
}

static void the_list_names_cases_and_days_a_year_ahead(void **state)
{
	struct stage *stage = *state;
	int32_t exit_day = day(2018, 3, 31);
	int32_t due = date_add_months(exit_day, (int)stage->mia->policy.retention_months);
	struct answer answer;

	(void)add(stage, RECORD_MISSING);
	(void)add(stage, exit_day);
	answer = asked(stage, COMMAND_RETENTION_LIST, false, date_add_months(due, -13));
	assert_int_equal(answer.sheets[0]->rows_n, 0);
	answer_free(&answer);
	answer = asked(stage, COMMAND_RETENTION_LIST, false, date_add_months(due, -11));
	assert_int_equal(answer.sheets[0]->rows_n, 1);
	assert_int_equal(cell(&answer, 0, 0), 2);
	assert_int_equal(cell(&answer, 0, 1), exit_day);
	assert_int_equal(cell(&answer, 0, 2), due);
	answer_free(&answer);
}

static void a_run_erases_what_is_due_and_nothing_else(void **state)
{
	struct stage *stage = *state;
	struct store *store = stage->parts.store;
	int32_t exit_day = day(2018, 3, 31);
	int32_t due = date_add_months(exit_day, (int)stage->mia->policy.retention_months);
	const struct store_origin origin = {.at = BEGIN, .operator_name = "anna"};
	struct store_person person;
	struct answer answer;
	uint64_t out = 0;

	(void)add(stage, RECORD_MISSING);
	(void)add(stage, exit_day);
	out = add(stage, exit_day);
	assert_int_equal(store_load(store, out, &person), 0);
	assert_int_equal(store_act(store, &origin, out, ACT_MISREGISTERED, &person.record, &out),
			 0);
	answer = asked(stage, COMMAND_RETENTION_RUN, false, due - 1);
	assert_int_equal(answer.sheets[0]->rows_n, 0);
	answer_free(&answer);
	answer = asked(stage, COMMAND_RETENTION_RUN, true, due);
	assert_int_equal(answer.sheets[0]->rows_n, 2);
	answer_free(&answer);
	assert_int_equal(store_persons(store), 2);
	answer = asked(stage, COMMAND_RETENTION_RUN, false, due);
	assert_int_equal(answer.sheets[0]->rows_n, 2);
	answer_free(&answer);
	assert_last_event(stage, "person_erased case=3 operator=ada");
	assert_int_equal(store_persons(store), 1);
	assert_int_equal(store_load(store, 2, &person), -ENOENT);
	assert_int_equal(store_load(store, out, &person), -ENOENT);
	assert_int_equal(store_load(store, 1, &person), 0);
	answer = asked(stage, COMMAND_RETENTION_RUN, false, due);
	assert_int_equal(answer.sheets[0]->rows_n, 0);
	answer_free(&answer);
}

static void a_programme_without_a_time_is_told_so(void **state)
{
	struct stage *stage = *state;
	struct answer answer;

	stage->mia->policy.retention_months = 0;
	answer = asked(stage, COMMAND_RETENTION_LIST, false, day(2020, 1, 1));
	assert_string_equal(answer.sheets[0]->schema, "mia.error/1");
	assert_string_equal(answer.sheets[0]->cells[0].text, "X025");
	answer_free(&answer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_stage, strike_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_time_runs_from_the_last_day_of_a_person),
		TEST(the_list_names_cases_and_days_a_year_ahead),
		TEST(a_run_erases_what_is_due_and_nothing_else),
		TEST(a_programme_without_a_time_is_told_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
