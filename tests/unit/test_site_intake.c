#include "daemon/site/intake.h"

#include "daemon/site/findings.h"

#include "fixture_site.h"
#include "lib/pack.h"
#include "proto/errors.h"

#include <errno.h>

#define HEAD "lokalt id;samtycke;kön;inskrivningsdatum\n"
#define GOOD_1 "A1;ja;kvinna;2017-04-03\n"
#define GOOD_2 "A2;ja;man;2017-04-04\n"
#define BAD_DATE "A3;ja;man;i maj\n"
#define AGAIN "A1;ja;kvinna;2017-04-03\n"
#define CHANGED "A1;ja;kvinna;2017-04-05\n"

static struct request request_with(const char *option, const char *value)
{
	struct request request = {.command = COMMAND_IMPORT, .arguments_n = 1};

	strcpy(request.arguments[0], "/home/anna/april.csv");
	request.language = LANGUAGE_EN;
	if (option == NULL)
		return request;
	strcpy(request.options[0].name, option);
	strcpy(request.options[0].value, value);
	request.options_n = 1;
	return request;
}

static struct request also(struct request request, const char *option)
{
	strcpy(request.options[request.options_n++].name, option);
	return request;
}

static int start(struct stage *stage, const struct request *request, struct intake **ret_intake,
		 struct fault *fault)
{
	const struct intake_settings settings = {
		.programme = stage->mia,
		.site = stage->parts.site,
		.store = stage->parts.store,
		.request = request,
		.operator_name = "anna",
		.at_now = BEGIN + 86400 * 30,
	};

	return intake_new(&settings, ret_intake, fault);
}

/* The whole of an import; the answer is the caller's to free. */
static struct answer import_file(struct stage *stage, const char *text, struct request request)
{
	own(intake_free) struct intake *intake = NULL;
	struct answer answer = {0};
	struct fault fault = {0};

	request.stream_bytes = strlen(text);
	assert_int_equal(start(stage, &request, &intake, &fault), 0);
	for (size_t at = 0; at < strlen(text); at += 7) {
		size_t rest = strlen(text) - at;

		assert_int_equal(intake_feed(intake, text + at, rest < 7 ? rest : 7, &fault), 0);
	}
	assert_int_equal(intake_end(intake, &answer), 0);
	return answer;
}

static const struct sheet_cell *cell(const struct sheet *sheet, size_t row, const char *column)
{
	for (size_t i = 0; i < sheet->columns_n; i++) {
		if (strcmp(sheet->columns[i].id, column) == 0)
			return &sheet->cells[row * sheet->columns_n + i];
	}
	fail_msg("no column %s", column);
	return NULL;
}

static int64_t number(const struct answer *answer, const char *column)
{
	return cell(answer->sheets[0], 0, column)->number;
}

static void a_dry_run_tells_what_would_happen_and_stores_nothing(void **state)
{
	struct stage *stage = *state;
	own(answer_free) struct answer answer = {0};

	answer = import_file(stage, HEAD GOOD_1 GOOD_2, request_with(NULL, NULL));
	assert_int_equal(answer.exit, EXIT_GOOD);
	assert_string_equal(answer.sheets[0]->schema, "mia.import/1");
	assert_string_equal(cell(answer.sheets[0], 0, "file")->text, "april.csv");
	assert_string_equal(cell(answer.sheets[0], 0, "delimiter")->text, "semicolon");
	assert_string_equal(cell(answer.sheets[0], 0, "form")->text, "participants");
	assert_int_equal(number(&answer, "rows"), 2);
	assert_int_equal(number(&answer, "accepted"), 2);
	assert_int_equal(number(&answer, "new"), 2);
	assert_true(cell(answer.sheets[0], 0, "batch")->is_empty);
	assert_int_equal(answer.attachment.n, 0);
	assert_int_equal(store_persons(stage->parts.store), 0);
	assert_int_equal(store_head(stage->parts.store), 0);
}

static void a_dry_run_with_refused_rows_ends_as_faulty_input(void **state)
{
	own(answer_free) struct answer answer = {0};

	answer = import_file(*state, HEAD GOOD_1 BAD_DATE, request_with(NULL, NULL));
	assert_int_equal(answer.exit, EXIT_INPUT_FAULTS);
	assert_int_equal(number(&answer, "accepted"), 1);
	assert_int_equal(number(&answer, "refused"), 1);
}

static void an_applied_file_becomes_one_batch(void **state)
{
	struct stage *stage = *state;
	own(answer_free) struct answer answer = {0};

	answer = import_file(stage, HEAD GOOD_1 GOOD_2, request_with("apply", ""));
	assert_int_equal(answer.exit, EXIT_GOOD);
	assert_int_equal(number(&answer, "batch"), 1);
	assert_int_equal(store_persons(stage->parts.store), 2);
	assert_last_event(stage, "batch_stored batch=1");
}

static void the_same_file_again_changes_nothing(void **state)
{
	struct stage *stage = *state;
	own(answer_free) struct answer first = {0};
	own(answer_free) struct answer second = {0};
	own(answer_free) struct answer third = {0};
	uint64_t head;

	first = import_file(stage, HEAD GOOD_1 GOOD_2, request_with("apply", ""));
	head = store_head(stage->parts.store);
	second = import_file(stage, HEAD GOOD_1 GOOD_2, request_with("apply", ""));
	assert_int_equal(number(&second, "unchanged"), 2);
	assert_int_equal(number(&second, "new"), 0);
	assert_true(cell(second.sheets[0], 0, "batch")->is_empty);
	assert_int_equal(store_head(stage->parts.store), head);
	third = import_file(stage, HEAD CHANGED GOOD_2, request_with("apply", ""));
	assert_int_equal(number(&third, "changed"), 1);
	assert_int_equal(number(&third, "unchanged"), 1);
	assert_int_equal(number(&third, "batch"), 2);
}

static void good_rows_are_stored_beside_refused_ones(void **state)
{
	struct stage *stage = *state;
	own(answer_free) struct answer answer = {0};

	answer = import_file(stage, HEAD GOOD_1 BAD_DATE GOOD_2, request_with("apply", ""));
	assert_int_equal(answer.exit, EXIT_IN_PART);
	assert_int_equal(number(&answer, "refused"), 1);
	assert_int_equal(store_persons(stage->parts.store), 2);
}

static void all_or_nothing_stores_nothing_when_a_row_is_refused(void **state)
{
	struct stage *stage = *state;
	own(answer_free) struct answer answer = {0};
	own(answer_free) struct answer whole = {0};

	answer = import_file(stage, HEAD GOOD_1 BAD_DATE GOOD_2,
			     also(request_with("apply", ""), "all-or-nothing"));
	assert_int_equal(answer.exit, EXIT_INPUT_FAULTS);
	assert_true(cell(answer.sheets[0], 0, "batch")->is_empty);
	assert_int_equal(store_persons(stage->parts.store), 0);
	whole = import_file(stage, HEAD GOOD_1 GOOD_2,
			    also(request_with("apply", ""), "all-or-nothing"));
	assert_int_equal(whole.exit, EXIT_GOOD);
	assert_int_equal(store_persons(stage->parts.store), 2);
}

static void findings_name_code_column_and_rows(void **state)
{
	own(answer_free) struct answer answer = {0};
	const struct sheet *sheet;

	answer = import_file(*state, HEAD GOOD_1 BAD_DATE BAD_DATE, request_with(NULL, NULL));
	sheet = answer.sheets[1];
	assert_string_equal(sheet->schema, "mia.import.findings/1");
	assert_string_equal(cell(sheet, 0, "code")->text, "I023");
	assert_string_equal(cell(sheet, 0, "severity")->text, "error");
	assert_string_equal(cell(sheet, 0, "rows")->text, "3, 4");
	assert_string_equal(cell(sheet, 0, "column")->text, "Entry date");
	assert_int_equal(cell(sheet, 0, "count")->number, 2);
}

static void the_second_row_of_a_person_is_refused(void **state)
{
	struct stage *stage = *state;
	own(answer_free) struct answer answer = {0};

	answer = import_file(stage, HEAD GOOD_1 GOOD_2 AGAIN, request_with("apply", ""));
	assert_int_equal(answer.exit, EXIT_IN_PART);
	assert_string_equal(cell(answer.sheets[1], 0, "code")->text, "I036");
	assert_string_equal(cell(answer.sheets[1], 0, "rows")->text, "4");
	assert_int_equal(store_persons(stage->parts.store), 2);
}

/* [[offset, bytes], [[offset, bytes, codes]...]] */
static void refused_rows_are_where_the_attachment_says(void **state)
{
	static const char text[] = HEAD GOOD_1 BAD_DATE GOOD_2;
	own(answer_free) struct answer answer = {0};
	struct unpack in;
	uint64_t offset, bytes;
	char codes[64];

	answer = import_file(*state, text, request_with(NULL, NULL));
	in = unpack_start(answer.attachment.data, answer.attachment.n);
	unpack_array_of(&in, 2);
	unpack_array_of(&in, 2);
	offset = unpack_u64(&in, sizeof(text));
	bytes = unpack_u64(&in, sizeof(text));
	unpack_leave(&in);
	assert_memory_equal(text + offset, HEAD, bytes);
	assert_int_equal(bytes, strlen(HEAD) - 1);
	unpack_array_of(&in, 1);
	unpack_array_of(&in, 3);
	offset = unpack_u64(&in, sizeof(text));
	bytes = unpack_u64(&in, sizeof(text));
	unpack_str(&in, codes, sizeof(codes));
	unpack_leave(&in);
	unpack_leave(&in);
	unpack_leave(&in);
	assert_int_equal(unpack_end(&in), 0);
	assert_memory_equal(text + offset, BAD_DATE, bytes);
	assert_int_equal(bytes, strlen(BAD_DATE) - 1);
	assert_string_equal(codes, "I023");
}

static void at_most_twenty_rows_are_named_and_all_counted(void **state)
{
	own(answer_free) struct answer answer = {0};
	own(buf_free) struct buf text = {0};
	const char *rows;
	size_t commas = 0;

	buf_add_text(&text, HEAD);
	for (int i = 0; i < 50; i++)
		buf_printf(&text, "B%d;ja;man;i maj\n", i);
	answer = import_file(*state, buf_text(&text), request_with(NULL, NULL));
	rows = cell(answer.sheets[1], 0, "rows")->text;
	for (const char *c = rows; *c != '\0'; c++)
		commas += *c == ',';
	assert_int_equal(commas, FINDINGS_LINES_MAX - 1);
	assert_int_equal(cell(answer.sheets[1], 0, "count")->number, 50);
}

static void a_map_gives_unknown_headings_a_field(void **state)
{
	static const char text[] = "lokalt id;samtycke;kön;in i MIA\n" GOOD_1;
	own(answer_free) struct answer without = {0};
	own(answer_free) struct answer with = {0};

	without = import_file(*state, text, request_with(NULL, NULL));
	with = import_file(*state, text, request_with("map", "in i MIA = entry_date\n"));
	assert_int_equal(with.exit, EXIT_GOOD);
	assert_int_equal(number(&with, "accepted"), 1);
	assert_true(without.exit != EXIT_GOOD ||
		    without.sheets[0]->notes_n > with.sheets[0]->notes_n);
}

static void an_order_of_day_and_month_that_is_none_is_refused_before_the_file(void **state)
{
	struct request request = request_with("dates", "ymd");
	struct intake *intake = NULL;
	struct fault fault = {0};

	assert_int_equal(start(*state, &request, &intake, &fault), -EBADMSG);
	assert_string_equal(fault.code, "X002");
	assert_null(intake);
	request = request_with("dates", "dmy");
	assert_int_equal(start(*state, &request, &intake, &fault), 0);
	intake_free(&intake);
}

static void a_file_that_is_no_table_is_refused_whole(void **state)
{
	struct stage *stage = *state;
	own(answer_free) struct answer answer = {0};

	answer = import_file(stage, "hej\nhopp\n", request_with("apply", ""));
	assert_int_equal(answer.exit, EXIT_INPUT_FAULTS);
	assert_string_equal(answer.sheets[0]->schema, "mia.error/1");
	assert_string_equal(cell(answer.sheets[0], 0, "code")->text, "I005");
	assert_int_equal(store_head(stage->parts.store), 0);
}

static void an_import_that_is_dropped_leaves_nothing(void **state)
{
	struct stage *stage = *state;
	struct request request = request_with("apply", "");
	own(answer_free) struct answer answer = {0};
	struct intake *intake = NULL;
	struct fault fault = {0};

	request.stream_bytes = 1 << 20;
	assert_int_equal(start(stage, &request, &intake, &fault), 0);
	assert_int_equal(intake_feed(intake, HEAD GOOD_1, strlen(HEAD GOOD_1), &fault), 0);
	intake_free(&intake);
	assert_int_equal(store_persons(stage->parts.store), 0);
	answer = import_file(stage, HEAD GOOD_1, request_with("apply", ""));
	assert_int_equal(number(&answer, "new"), 1);
}

static void answers_are_stored_and_are_no_participants(void **state)
{
	static const char text[] = "inbjudningskod;svarsdatum;egenmakt\nKOD1;2017-04-20;4\n";
	struct stage *stage = *state;
	own(answer_free) struct answer answer = {0};
	struct request request = request_with("apply", "");

	strcpy(request.options[1].name, "map");
	strcpy(request.options[1].value,
	       "inbjudningskod = invitation_code\nsvarsdatum = survey_date\negenmakt = power\n");
	request.options_n = 2;
	answer = import_file(stage, text, request);
	assert_int_equal(answer.exit, EXIT_GOOD);
	assert_string_equal(cell(answer.sheets[0], 0, "form")->text, "answers");
	assert_int_equal(number(&answer, "new"), 1);
	assert_int_equal(store_persons(stage->parts.store), 0);
}

static void no_value_of_a_record_is_in_the_answer(void **state)
{
	static const char *const values[] = {"Zebraflicka", "19760312", "760312", "2388"};
	static const char text[] = "personnummer;namn;samtycke;inskrivningsdatum\n"
				   "760312-2388;Zebraflicka;ja;2017-04-03\n"
				   "760312-2389;Zebraflicka;ja;2017-04-03\n"
				   "760312-2388;Zebraflicka;ja;i maj\n";
	own(answer_free) struct answer answer = {0};
	own(buf_free) struct buf bytes = {0};

	answer = import_file(*state, text, request_with(NULL, NULL));
	assert_int_equal(answer_pack(&answer, &bytes), 0);
	for (size_t i = 0; i < array_n(values); i++)
		assert_null(memmem(bytes.data, bytes.n, values[i], strlen(values[i])));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_stage, strike_stage)
	const struct CMUnitTest tests[] = {
		TEST(a_dry_run_tells_what_would_happen_and_stores_nothing),
		TEST(a_dry_run_with_refused_rows_ends_as_faulty_input),
		TEST(an_applied_file_becomes_one_batch),
		TEST(the_same_file_again_changes_nothing),
		TEST(good_rows_are_stored_beside_refused_ones),
		TEST(all_or_nothing_stores_nothing_when_a_row_is_refused),
		TEST(findings_name_code_column_and_rows),
		TEST(the_second_row_of_a_person_is_refused),
		TEST(refused_rows_are_where_the_attachment_says),
		TEST(at_most_twenty_rows_are_named_and_all_counted),
		TEST(a_map_gives_unknown_headings_a_field),
		TEST(an_order_of_day_and_month_that_is_none_is_refused_before_the_file),
		TEST(a_file_that_is_no_table_is_refused_whole),
		TEST(an_import_that_is_dropped_leaves_nothing),
		TEST(answers_are_stored_and_are_no_participants),
		TEST(no_value_of_a_record_is_in_the_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
