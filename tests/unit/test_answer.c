#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "lib/own.h"
#include "lib/pack.h"
#include "proto/answer.h"
#include "proto/errors.h"

static void fill(struct answer *answer)
{
	for (int i = 0; i < 2; i++) {
		struct sheet *sheet = sheet_new("mia.test/1", SHEET_TABLE);

		sheet_column(sheet, "n", SHEET_COUNT, "Number", false);
		sheet_add_number(sheet, i);
		assert_int_equal(answer_add(answer, &sheet), 0);
		assert_null(sheet);
	}
	answer->exit = EXIT_INCOMPLETE;
	buf_add_text(&answer->attachment, "bytes\n");
}

static void an_answer_comes_back_as_it_was_packed(void **state)
{
	own(answer_free) struct answer answer = {0}, back = {0};
	own(buf_free) struct buf bytes = {0}, again = {0};

	(void)state;
	fill(&answer);
	assert_int_equal(answer_pack(&answer, &bytes), 0);
	assert_int_equal(answer_unpack(bytes.data, bytes.n, &back), 0);
	assert_int_equal(back.exit, EXIT_INCOMPLETE);
	assert_int_equal(back.sheets_n, 2);
	assert_int_equal(back.sheets[1]->cells[0].number, 1);
	assert_int_equal(back.attachment.n, 6);
	assert_memory_equal(back.attachment.data, "bytes\n", 6);
	assert_int_equal(answer_pack(&back, &again), 0);
	assert_int_equal(again.n, bytes.n);
	assert_memory_equal(again.data, bytes.data, bytes.n);
}

static void an_empty_answer_comes_back(void **state)
{
	own(answer_free) struct answer answer = {0}, back = {0};
	own(buf_free) struct buf bytes = {0};
	static const uint8_t drawn[] = {0x94, 1, 0, 0x90, 0xc4, 0};

	(void)state;
	assert_int_equal(answer_pack(&answer, &bytes), 0);
	assert_int_equal(bytes.n, sizeof(drawn));
	assert_memory_equal(bytes.data, drawn, sizeof(drawn));
	assert_int_equal(answer_unpack(bytes.data, bytes.n, &back), 0);
	assert_int_equal(back.sheets_n, 0);
}

static void every_truncation_and_every_byte_more_is_refused(void **state)
{
	own(answer_free) struct answer answer = {0};
	own(buf_free) struct buf bytes = {0};

	(void)state;
	fill(&answer);
	assert_int_equal(answer_pack(&answer, &bytes), 0);
	for (size_t n = 0; n < bytes.n; n++) {
		struct answer back = {.exit = 77};

		assert_int_equal(answer_unpack(bytes.data, n, &back), -EBADMSG);
		assert_int_equal(back.exit, 77);
		assert_null(back.sheets);
	}
	buf_add_byte(&bytes, 0);
	assert_int_equal(answer_unpack(bytes.data, bytes.n, &answer), -EBADMSG);
	assert_int_equal(answer.sheets_n, 2);
}

static void a_fault_takes_its_exit_from_the_table(void **state)
{
	own(answer_free) struct answer answer = {0};
	struct fault fault = {.code = "X004",
			      .place = "close",
			      .reason = "not you",
			      .remedy = "ask"};
	const struct sheet *sheet;

	(void)state;
	fill(&answer);
	assert_int_equal(answer_fault(&answer, &fault), 0);
	assert_int_equal(answer.exit, EXIT_NOT_ALLOWED);
	assert_int_equal(answer.sheets_n, 1);
	assert_int_equal(answer.attachment.n, 0);
	sheet = answer.sheets[0];
	assert_string_equal(sheet->schema, "mia.error/1");
	assert_int_equal(sheet->rows_n, 1);
	assert_string_equal(sheet->columns[0].id, "code");
	assert_string_equal(sheet->cells[0].text, "X004");
	assert_string_equal(sheet->columns[1].id, "place");
	assert_string_equal(sheet->cells[1].text, "close");
	assert_string_equal(sheet->columns[2].id, "reason");
	assert_string_equal(sheet->cells[2].text, "not you");
	assert_string_equal(sheet->columns[3].id, "remedy");
	assert_string_equal(sheet->cells[3].text, "ask");
}

static void a_fault_with_a_code_alone_says_what_the_table_says(void **state)
{
	own(answer_free) struct answer answer = {0};
	struct fault fault = {.code = "X002"};
	const struct error_row *row = error_find("X002");

	(void)state;
	assert_int_equal(answer_fault(&answer, &fault), 0);
	assert_int_equal(answer.exit, EXIT_USAGE);
	assert_true(answer.sheets[0]->cells[1].is_empty);
	assert_string_equal(answer.sheets[0]->cells[2].text, row->en);
	assert_string_equal(answer.sheets[0]->cells[3].text, row->remedy_en);
}

static void a_fault_with_an_unknown_code_fails(void **state)
{
	own(answer_free) struct answer answer = {0};
	struct fault fault = {.code = "Q999", .reason = "what"};

	(void)state;
	assert_int_equal(answer_fault(&answer, &fault), 0);
	assert_int_equal(answer.exit, EXIT_FAILED);
	assert_true(answer.sheets[0]->cells[3].is_empty);
}

static void no_sheet_is_memory_that_ran_out(void **state)
{
	own(answer_free) struct answer answer = {0};
	struct sheet *none = NULL;

	(void)state;
	assert_int_equal(answer_add(&answer, &none), -ENOMEM);
	assert_int_equal(answer.sheets_n, 0);
}

static void a_sheet_in_error_is_taken_over_and_refused(void **state)
{
	own(answer_free) struct answer answer = {0};
	struct sheet *sheet = sheet_new("mia.test/1", SHEET_TABLE);

	(void)state;
	sheet->error = -EMSGSIZE;
	assert_int_equal(answer_add(&answer, &sheet), -EMSGSIZE);
	assert_null(sheet);
	assert_int_equal(answer.sheets_n, 0);
}

static void an_answer_over_the_bound_is_not_packed(void **state)
{
	own(answer_free) struct answer answer = {0};
	own(buf_free) struct buf bytes = {0};

	(void)state;
	assert_non_null(buf_extend(&answer.attachment, ANSWER_BYTES_MAX));
	memset(answer.attachment.data, 0, answer.attachment.n);
	assert_int_equal(answer_pack(&answer, &bytes), -EMSGSIZE);
}

static void a_long_attachment_comes_back(void **state)
{
	own(answer_free) struct answer answer = {0}, back = {0};
	own(buf_free) struct buf bytes = {0};

	(void)state;
	assert_non_null(buf_extend(&answer.attachment, 1 << 20));
	memset(answer.attachment.data, 0xff, answer.attachment.n);
	assert_int_equal(answer_pack(&answer, &bytes), 0);
	assert_int_equal(answer_unpack(bytes.data, bytes.n, &back), 0);
	assert_int_equal(back.attachment.n, 1 << 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_comes_back_as_it_was_packed),
		cmocka_unit_test(an_empty_answer_comes_back),
		cmocka_unit_test(every_truncation_and_every_byte_more_is_refused),
		cmocka_unit_test(a_fault_takes_its_exit_from_the_table),
		cmocka_unit_test(a_fault_with_a_code_alone_says_what_the_table_says),
		cmocka_unit_test(a_fault_with_an_unknown_code_fails),
		cmocka_unit_test(no_sheet_is_memory_that_ran_out),
		cmocka_unit_test(a_sheet_in_error_is_taken_over_and_refused),
		cmocka_unit_test(an_answer_over_the_bound_is_not_packed),
		cmocka_unit_test(a_long_attachment_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
