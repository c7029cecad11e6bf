#include "daemon/site/esf.h"
#include "daemon/site/esf_row.h"
#include "daemon/site/esf_sent.h"
#include "daemon/site/item.h"
#include "daemon/site/store_forget.h"
#include "proto/programme_find.h"

#include "fixture_site.h"
#include "lib/fail.h"

#define NUMBER "197603122388"

static int32_t day(int year, int month, int of_month)
{
	return date_from_civil(year, month, of_month);
}

static struct record participant(void)
{
	struct record record;

	record_clear(&record);
	record.identity.type = ID_PERSONNUMMER;
	strcpy(record.identity.number, NUMBER);
	strcpy(record.identity.local_id, "L1");
	record.value[FIELD_sex] = 1;
	record.value[FIELD_birth_date] = day(1976, 3, 12);
	record.value[FIELD_consent] = RECORD_CONSENT_GIVEN;
	record.value[FIELD_consent_date] = day(2017, 5, 2);
	record.value[FIELD_entry_date] = day(2017, 5, 2);
	record.value[FIELD_labour] = 2;
	return record;
}

static const struct programme_export *the_export(const struct stage *stage)
{
	const struct programme_export *export = programme_export(stage->mia, ESF_EXPORT);

	assert_non_null(export);
	return export;
}

/* The line of a month, "" for none; valid until the next call. */
static const char *line_of(struct stage *stage, const struct record *record, uint32_t period)
{
	static char text[512];
	own(buf_free) struct buf line = {0};
	bool is_in = esf_row_add(stage->mia, the_export(stage), record, period, &line);

	assert_int_equal(is_in, line.n > 0);
	assert_true(line.n < sizeof(text));
	if (line.n > 0)
		memcpy(text, line.data, line.n);
	text[line.n] = '\0';
	return text;
}

static void hours(struct record *record, int32_t month, int32_t n)
{
	record->value[FIELD_hours_month] = month;
	record->value[FIELD_hours] = n;
	assert_int_equal(item_settle(record, RECORD_HOURS), 0);
}

static void a_line_tells_of_the_month_as_it_stood_at_its_end(void **state)
{
	struct stage *stage = *state;
	struct record record = participant();

	hours(&record, day(2017, 6, 1), 41);
	record.value[FIELD_exit_date] = day(2017, 7, 20);
	record.value[FIELD_exit_reason] = 1;
	record.value[FIELD_works_type] = 1;
	assert_string_equal(line_of(stage, &record, MONTH(2017, 4)), "");
	assert_string_equal(line_of(stage, &record, MONTH(2017, 5)),
			    "19760312-2388;2017-05-02;;;Långtidsarbetslös;;;;;;\r\n");
	assert_string_equal(line_of(stage, &record, MONTH(2017, 6)),
			    "19760312-2388;2017-05-02;;41;Långtidsarbetslös;;;;;;\r\n");
	assert_non_null(strstr(line_of(stage, &record, MONTH(2017, 7)), ";2017-07-20;"));
	assert_non_null(strstr(line_of(stage, &record, MONTH(2017, 7)), "Arbete"));
	assert_string_equal(line_of(stage, &record, MONTH(2017, 8)), "");
}

static void who_came_back_is_in_the_months_of_each_stay(void **state)
{
	struct stage *stage = *state;
	struct record record = participant();

	record.value[FIELD_return_date] = day(2017, 10, 5);
	record.value[FIELD_returned_from] = day(2017, 7, 20);
	record.value[FIELD_returned_reason] = 1;
	assert_int_equal(item_settle(&record, RECORD_RETURN), 0);
	assert_non_null(strstr(line_of(stage, &record, MONTH(2017, 7)), ";2017-07-20;"));
	assert_string_equal(line_of(stage, &record, MONTH(2017, 9)), "");
	assert_non_null(strstr(line_of(stage, &record, MONTH(2017, 10)), "2388;2017-05-02;;"));
}

static void hours_of_spells_serve_where_there_are_none_of_the_month(void **state)
{
	struct stage *stage = *state;
	struct record record = participant();

	record.value[FIELD_activity] = 1;
	record.value[FIELD_spell_start] = day(2017, 6, 10);
	record.value[FIELD_spell_end] = day(2017, 7, 10);
	record.value[FIELD_spell_hours] = 20;
	assert_int_equal(item_settle(&record, RECORD_SPELL), 0);
	assert_non_null(strstr(line_of(stage, &record, MONTH(2017, 5)), "02;;;"));
	assert_non_null(strstr(line_of(stage, &record, MONTH(2017, 6)), ";;20;"));
	assert_non_null(strstr(line_of(stage, &record, MONTH(2017, 7)), ";;20;"));
	assert_non_null(strstr(line_of(stage, &record, MONTH(2017, 8)), "02;;;"));
	hours(&record, day(2017, 6, 1), 7);
	assert_non_null(strstr(line_of(stage, &record, MONTH(2017, 6)), ";;7;"));
}

static void nobody_without_consent_and_number_is_on_a_sheet(void **state)
{
	struct stage *stage = *state;
	struct record record = participant();

	record.identity.number[0] = '\0';
	record.identity.type = ID_LOCAL;
	assert_string_equal(line_of(stage, &record, MONTH(2017, 6)), "");
	record = participant();
	record.value[FIELD_consent] = RECORD_CONSENT_WITHDRAWN;
	assert_string_equal(line_of(stage, &record, MONTH(2017, 6)), "");
	record = participant();
	record.value[FIELD_protected] = 1;
	assert_string_equal(line_of(stage, &record, MONTH(2017, 6)), "");
}

static void a_text_from_outside_is_no_formula_and_stays_in_its_cell(void **state)
{
	static const struct programme_column columns[] = {{"local_id", "Id", AS_LABEL},
							  {"labour", "Kod", AS_ID},
							  {"sex", "Kön", AS_NUMBER}};
	static const struct programme_export export = {.columns = columns, .columns_n = 3};
	struct stage *stage = *state;
	own(buf_free) struct buf line = {0};
	struct record record = participant();

	strcpy(record.identity.local_id, "=1;\"2");
	assert_true(esf_row_add(stage->mia, &export, &record, MONTH(2017, 6), &line));
	assert_string_equal(buf_text(&line), "\"'=1;\"\"2\";longterm;1\r\n");
}

static void a_column_that_records_do_not_have_is_refused(void **state)
{
	static const struct programme_column unknown = {"shoe_size", "Sko", AS_LABEL};
	static const struct programme_column many = {"activity", "Insats", AS_LABEL};
	struct fault fault = {0};

	(void)state;
	assert_int_equal(esf_row_check(&(struct programme_export){.columns = &unknown,
								  .columns_n = 1},
				       &fault),
			 -EBADMSG);
	assert_string_equal(fault.code, "S013");
	assert_int_equal(esf_row_check(&(struct programme_export){.columns = &many, .columns_n = 1},
				       &fault),
			 -EBADMSG);
}

/* ---- Through the store ---- */

static struct answer asked(struct stage *stage, enum command command, const char *period,
			   int32_t today)
{
	const struct query_site site = {.parts = &stage->parts};
	const struct room_time now = {.at = date_to_moment(today)};
	const struct room_operator who = {.name = "rut"};
	struct request request = {.command = command};
	const struct sweep_ask ask = {.site = &site, .now = &now, .who = &who, .request = &request};
	struct answer answer = {0};
	struct fault fault = {0};
	void *context = NULL;
	uint64_t after = 0;
	bool is_done = false;

	if (period != NULL) {
		strcpy(request.options[0].name, "period");
		strcpy(request.options[0].value, period);
		request.options_n = 1;
	}
	if (esf_begin(&ask, &context, &fault) != 0) {
		assert_int_equal(answer_fault(&answer, &fault), 0);
		return answer;
	}
	while (!is_done)
		assert_int_equal(store_scan(stage->parts.store, &after, 100, esf_visit, context,
					    &is_done),
				 0);
	assert_int_equal(esf_finish(context, &answer), 0);
	esf_drop(&context);
	return answer;
}

static int64_t number(const struct answer *answer, size_t sheet, size_t row, size_t column)
{
	const struct sheet *of = answer->sheets[sheet];

	assert_true(row < of->rows_n);
	return of->cells[row * of->columns_n + column].number;
}

static const char *text(const struct answer *answer, size_t sheet, size_t row, size_t column)
{
	const struct sheet *of = answer->sheets[sheet];

	assert_true(row < of->rows_n);
	return of->cells[row * of->columns_n + column].text;
}

static uint64_t put(struct stage *stage, uint64_t id, struct record record, int32_t on)
{
	const struct store_origin origin = {.at = date_to_moment(on), .operator_name = "anna"};

	assert_int_equal(store_act(stage->parts.store, &origin, id,
				   id == 0 ? ACT_REGISTERED : ACT_CHANGED, &record, &id),
			 0);
	return id;
}

static void a_sheet_leaves_as_a_file_and_an_event(void **state)
{
	struct stage *stage = *state;
	struct answer answer;
	struct unpack in;
	char name[96];
	own(buf_free) struct buf content = {0};
	const uint8_t *bytes;
	size_t n = 0;

	(void)put(stage, 0, participant(), day(2017, 5, 3));
	answer = asked(stage, COMMAND_ESF_EXPORT, "2017-06", day(2017, 7, 3));
	in = unpack_start(answer.attachment.data, answer.attachment.n);
	unpack_array_of(&in, 1);
	unpack_array_of(&in, 2);
	unpack_str(&in, name, sizeof(name));
	bytes = unpack_bin(&in, 1 << 20, &n);
	assert_string_equal(name, "esf-" SITE "-2017-06.csv");
	buf_add(&content, bytes, n);
	assert_non_null(strstr(buf_text(&content), "\xef\xbb\xbfPersonnummer;Startdatum;"));
	assert_non_null(strstr(buf_text(&content), "\r\n19760312-2388;2017-05-02;"));
	assert_last_event(stage, "esf_exported period=2017-06 rows=1 operator=rut");
	assert_int_equal(number(&answer, 0, 0, 1), 1);
	answer_free(&answer);
}

static void a_month_that_is_not_over_is_refused(void **state)
{
	struct stage *stage = *state;
	struct answer answer = asked(stage, COMMAND_ESF_EXPORT, "2017-07", day(2017, 7, 31));

	assert_string_equal(answer.sheets[0]->schema, "mia.error/1");
	assert_string_equal(text(&answer, 0, 0, 0), "X002");
	answer_free(&answer);
	answer = asked(stage, COMMAND_ESF_EXPORT, "2017-01", day(2017, 7, 31));
	assert_string_equal(text(&answer, 0, 0, 0), "X002");
	answer_free(&answer);
	answer = asked(stage, COMMAND_ESF_EXPORT, "maj", day(2017, 7, 31));
	assert_string_equal(text(&answer, 0, 0, 0), "X002");
	answer_free(&answer);
}

static void the_plan_names_new_months_and_those_that_were_changed(void **state)
{
	struct stage *stage = *state;
	struct record record = participant();
	struct answer answer;
	uint64_t id = put(stage, 0, record, day(2017, 5, 3));

	answer = asked(stage, COMMAND_ESF_PLAN, NULL, day(2017, 7, 3));
	assert_int_equal(answer.sheets_n, 1);
	assert_int_equal(answer.sheets[0]->rows_n, 2); /* May and June, of which nobody knows */
	assert_string_equal(text(&answer, 0, 0, 1), "new");
	answer_free(&answer);
	answer = asked(stage, COMMAND_ESF_EXPORT, "2017-05..2017-06", day(2017, 7, 3));
	answer_free(&answer);
	answer = asked(stage, COMMAND_ESF_PLAN, NULL, day(2017, 7, 3));
	assert_int_equal(answer.sheets[0]->rows_n, 0);
	answer_free(&answer);

	/* What happens later changes no sheet of before; a correction of June changes June's. */
	record.value[FIELD_exit_date] = day(2017, 7, 4);
	(void)put(stage, id, record, day(2017, 7, 5));
	answer = asked(stage, COMMAND_ESF_PLAN, NULL, day(2017, 7, 6));
	assert_int_equal(answer.sheets[0]->rows_n, 0);
	answer_free(&answer);
	hours(&record, day(2017, 6, 1), 12);
	(void)put(stage, id, record, day(2017, 7, 7));
	answer = asked(stage, COMMAND_ESF_PLAN, NULL, day(2017, 7, 8));
	assert_int_equal(answer.sheets[0]->rows_n, 1);
	assert_int_equal(number(&answer, 0, 0, 0), MONTH(2017, 6));
	assert_string_equal(text(&answer, 0, 0, 1), "again");
	assert_int_equal(number(&answer, 0, 0, 5), date_to_moment(day(2017, 7, 5)));
	assert_int_equal(number(&answer, 0, 0, 6), 1);
	assert_int_equal(number(&answer, 1, 0, 1), (int64_t)id);
	assert_string_equal(text(&answer, 1, 0, 2), "changed");
	assert_last_event(stage, "person_listed case=0 operator=rut sheet=esf cases=1");
	answer_free(&answer);
	answer = asked(stage, COMMAND_ESF_EXPORT, "2017-06", day(2017, 7, 9));
	answer_free(&answer);
	answer = asked(stage, COMMAND_ESF_PLAN, "2017-06", day(2017, 7, 9));
	assert_int_equal(answer.sheets[0]->rows_n, 0);
	answer_free(&answer);
}

static void who_was_forgotten_makes_a_month_one_to_hand_out_again(void **state)
{
	struct stage *stage = *state;
	const struct store_origin origin = {.at = BEGIN, .operator_name = "ada"};
	uint64_t id = put(stage, 0, participant(), day(2017, 5, 3));
	struct answer answer;

	answer = asked(stage, COMMAND_ESF_EXPORT, "2017-05", day(2017, 7, 3));
	answer_free(&answer);
	assert_int_equal(store_erase(stage->parts.store, &origin, &id, 1), 0);
	answer = asked(stage, COMMAND_ESF_PLAN, NULL, day(2017, 7, 3));
	assert_int_equal(answer.sheets[0]->rows_n, 1);
	assert_int_equal(number(&answer, 0, 0, 2), 0);
	assert_int_equal(number(&answer, 0, 0, 3), 1);
	assert_int_equal(number(&answer, 0, 0, 6), 0);
	answer_free(&answer);
}

static void what_was_handed_out_is_remembered_after_a_restart(void **state)
{
	struct stage *stage = *state;
	struct esf_sent sent = {0};
	struct answer answer;

	assert_int_equal(esf_sent_get(stage->parts.store, MONTH(2017, 5), &sent), -ENOENT);
	(void)put(stage, 0, participant(), day(2017, 5, 3));
	answer = asked(stage, COMMAND_ESF_EXPORT, "2017-05", day(2017, 7, 3));
	answer_free(&answer);
	reopen_stage(stage);
	assert_int_equal(esf_sent_get(stage->parts.store, MONTH(2017, 5), &sent), 0);
	assert_int_equal(sent.rows, 1);
	assert_int_equal(sent.head_seq, 1);
	assert_string_equal(sent.operator_name, "rut");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_stage, strike_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_line_tells_of_the_month_as_it_stood_at_its_end),
		TEST(who_came_back_is_in_the_months_of_each_stay),
		TEST(hours_of_spells_serve_where_there_are_none_of_the_month),
		TEST(nobody_without_consent_and_number_is_on_a_sheet),
		TEST(a_text_from_outside_is_no_formula_and_stays_in_its_cell),
		TEST(a_column_that_records_do_not_have_is_refused),
		TEST(a_sheet_leaves_as_a_file_and_an_event),
		TEST(a_month_that_is_not_over_is_refused),
		TEST(the_plan_names_new_months_and_those_that_were_changed),
		TEST(who_was_forgotten_makes_a_month_one_to_hand_out_again),
		TEST(what_was_handed_out_is_remembered_after_a_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
