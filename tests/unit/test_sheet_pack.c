#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "lib/date.h"
#include "lib/own.h"
#include "lib/pack.h"
#include "proto/sheet_pack.h"

/* A sheet with a column of every type, a row of values, a row of nothing and one of states. */
static struct sheet *of_everything(void)
{
	struct sheet *sheet = sheet_new("mia.test/1", SHEET_LINES);

	sheet_title(sheet, "All of %1", "it", NULL);
	for (unsigned type = 0; type < SHEET_TYPE_N; type++)
		sheet_column(sheet, "id", (enum sheet_type)type, "Heading", type % 2);
	sheet_add_text(sheet, "Östra Södertörn");
	sheet_add_phrase(sheet, "%1 till %2", "a", "b", NULL);
	sheet_add_number(sheet, -3);
	sheet_add_ratio(sheet, 1, 3, 0);
	sheet_add_ratio(sheet, 428, 1463, 300);
	sheet_add_number(sheet, 17600);
	sheet_add_number(sheet, 1530000000);
	sheet_add_ratio(sheet, 24216, 24218, 0);
	sheet_add_number(sheet, 4096);
	sheet_add_number(sheet, 18);
	sheet_add_code(sheet, "released", "report %1", "3", NULL);
	for (unsigned type = 0; type < SHEET_TYPE_N; type++)
		sheet_add_empty(sheet);
	for (unsigned type = 0; type < SHEET_TYPE_N; type++)
		sheet_add_state(sheet, (enum cell_state)(1 + type % 4));
	sheet_note(sheet, "Note %1", "one", NULL);
	sheet_note(sheet, "Note two", NULL);
	return sheet;
}

static void pack_fine(const struct sheet *sheet, struct buf *bytes)
{
	assert_int_equal(sheet_pack(sheet, bytes), 0);
}

static int unpack_verdict(const struct buf *bytes)
{
	struct unpack in = unpack_start(bytes->data, bytes->n);
	own(sheet_free) struct sheet *sheet = NULL;
	int error = sheet_unpack(&in, &sheet);

	assert_true((error == 0) == (sheet != NULL));
	return error == 0 ? unpack_end(&in) : error;
}

static void a_sheet_comes_back_as_it_was_packed(void **state)
{
	own(sheet_free) struct sheet *sheet = of_everything();
	own(sheet_free) struct sheet *back = NULL;
	own(buf_free) struct buf bytes = {0}, again = {0};
	struct unpack in;

	(void)state;
	pack_fine(sheet, &bytes);
	in = unpack_start(bytes.data, bytes.n);
	assert_int_equal(sheet_unpack(&in, &back), 0);
	assert_int_equal(unpack_end(&in), 0);
	assert_int_equal(back->rows_n, 3);
	assert_int_equal(back->columns_n, SHEET_TYPE_N);
	assert_int_equal(back->layout, SHEET_LINES);
	assert_string_equal(back->cells[1].arguments[1], "b");
	assert_int_equal(back->cells[4].goal, 300);
	assert_int_equal(back->cells[7].of, 24218);
	assert_true(back->cells[SHEET_TYPE_N].is_empty);
	assert_int_equal(back->cells[2 * SHEET_TYPE_N].state, CELL_SUPPRESSED);
	pack_fine(back, &again);
	assert_int_equal(again.n, bytes.n);
	assert_memory_equal(again.data, bytes.data, bytes.n);
}

static void a_sheet_without_title_and_rows_comes_back(void **state)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.test/1", SHEET_FORM);
	own(buf_free) struct buf bytes = {0};

	(void)state;
	pack_fine(sheet, &bytes);
	assert_int_equal(unpack_verdict(&bytes), 0);
}

static void every_truncation_is_refused(void **state)
{
	own(sheet_free) struct sheet *sheet = of_everything();
	own(buf_free) struct buf bytes = {0};
	size_t whole;

	(void)state;
	pack_fine(sheet, &bytes);
	whole = bytes.n;
	for (bytes.n = 0; bytes.n < whole; bytes.n++)
		assert_true(unpack_verdict(&bytes) < 0);
}

static void a_number_that_cannot_be_shown_is_not_packed(void **state)
{
	static const struct {
		enum sheet_type type;
		int64_t number;
	} cases[] = {
		{SHEET_COUNT, INT64_MAX},         {SHEET_COUNT, -(INT64_C(1) << 53)},
		{SHEET_DATE, INT32_MIN},          {SHEET_DATE, 100000},
		{SHEET_MOMENT, INT64_C(1) << 40}, {SHEET_PERIOD, RELEASE_PERIOD_MAX + 1},
	};

	(void)state;
	for (size_t i = 0; i < array_n(cases); i++) {
		own(sheet_free) struct sheet *sheet = sheet_new("mia.test/1", SHEET_FORM);
		own(buf_free) struct buf bytes = {0};

		sheet_column(sheet, "n", cases[i].type, "Number", false);
		sheet_add_number(sheet, cases[i].number);
		assert_int_equal(sheet_pack(sheet, &bytes), -ERANGE);
	}
}

/* A sheet of one column and one cell, up to the cell itself. */
static void start_cell(struct buf *bytes, uint64_t type)
{
	pack_array(bytes, 6);
	pack_str(bytes, "mia.test/1");
	pack_u64(bytes, SHEET_TABLE);
	pack_nil(bytes);
	pack_array(bytes, 1);
	pack_array(bytes, 4);
	pack_str(bytes, "id");
	pack_str(bytes, "Heading");
	pack_bool(bytes, false);
	pack_u64(bytes, type);
	pack_array(bytes, 1);
}

static void add_array(struct buf *bytes, uint32_t n, int64_t each)
{
	pack_array(bytes, n);
	for (uint32_t i = 0; i < n; i++)
		pack_i64(bytes, each);
}

static int verdict_of_numbers(uint64_t type, uint32_t n, int64_t each)
{
	own(buf_free) struct buf bytes = {0};

	start_cell(&bytes, type);
	if (n == 0)
		pack_i64(&bytes, each);
	else
		add_array(&bytes, n, each);
	pack_array(&bytes, 0);
	return unpack_verdict(&bytes);
}

static void a_cell_must_be_of_its_columns_type(void **state)
{
	(void)state;
	assert_int_equal(verdict_of_numbers(SHEET_COUNT, 0, 7), 0);
	assert_int_equal(verdict_of_numbers(SHEET_SHARE, 2, 7), 0);
	assert_int_equal(verdict_of_numbers(SHEET_BAR, 3, 7), 0);
	assert_int_equal(verdict_of_numbers(SHEET_TEXT, 0, 7), -EBADMSG);
	assert_int_equal(verdict_of_numbers(SHEET_PHRASE, 0, 7), -EBADMSG);
	assert_int_equal(verdict_of_numbers(SHEET_PHRASE, 2, 7), -EBADMSG);
	assert_int_equal(verdict_of_numbers(SHEET_COUNT, 2, 7), -EBADMSG);
	assert_int_equal(verdict_of_numbers(SHEET_SHARE, 0, 7), -EBADMSG);
	assert_int_equal(verdict_of_numbers(SHEET_SHARE, 3, 7), -EBADMSG);
	assert_int_equal(verdict_of_numbers(SHEET_BAR, 2, 7), -EBADMSG);
}

static void a_state_must_be_one_of_the_five_and_not_value(void **state)
{
	(void)state;
	assert_int_equal(verdict_of_numbers(SHEET_COUNT, 1, CELL_ZERO), 0);
	assert_int_equal(verdict_of_numbers(SHEET_TEXT, 1, CELL_MISSING), 0);
	assert_int_equal(verdict_of_numbers(SHEET_COUNT, 1, CELL_VALUE), -EBADMSG);
	assert_int_equal(verdict_of_numbers(SHEET_COUNT, 1, CELL_STATES_N), -EMSGSIZE);
}

static void a_number_that_cannot_be_shown_is_refused(void **state)
{
	(void)state;
	assert_int_equal(verdict_of_numbers(SHEET_COUNT, 0, INT64_C(1) << 53), -EBADMSG);
	assert_int_equal(verdict_of_numbers(SHEET_SHARE, 2, INT64_MIN), -EBADMSG);
	assert_int_equal(verdict_of_numbers(SHEET_DATE, 0, date_from_civil(2200, 12, 31)), 0);
	assert_int_equal(verdict_of_numbers(SHEET_DATE, 0, date_from_civil(2200, 12, 31) + 1),
			 -EBADMSG);
	assert_int_equal(verdict_of_numbers(SHEET_MOMENT, 0, INT64_MAX), -EBADMSG);
	assert_int_equal(verdict_of_numbers(SHEET_PERIOD, 2, -1), -EBADMSG);
}

static void an_unknown_type_is_refused(void **state)
{
	(void)state;
	assert_int_equal(verdict_of_numbers(SHEET_TYPE_N, 0, 1), -EMSGSIZE);
}

static void a_part_of_a_row_is_refused(void **state)
{
	own(buf_free) struct buf bytes = {0};

	(void)state;
	pack_array(&bytes, 6);
	pack_str(&bytes, "mia.test/1");
	pack_u64(&bytes, SHEET_TABLE);
	pack_nil(&bytes);
	pack_array(&bytes, 0);
	pack_array(&bytes, 1);
	pack_nil(&bytes);
	pack_array(&bytes, 0);
	assert_int_equal(unpack_verdict(&bytes), -EBADMSG);
}

static void a_count_beyond_the_bytes_takes_no_memory(void **state)
{
	own(buf_free) struct buf bytes = {0};

	(void)state;
	start_cell(&bytes, SHEET_COUNT);
	bytes.n--;
	pack_array(&bytes, SHEET_CELLS_MAX);
	assert_int_equal(unpack_verdict(&bytes), -ENODATA);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sheet_comes_back_as_it_was_packed),
		cmocka_unit_test(a_sheet_without_title_and_rows_comes_back),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(a_number_that_cannot_be_shown_is_not_packed),
		cmocka_unit_test(a_cell_must_be_of_its_columns_type),
		cmocka_unit_test(a_state_must_be_one_of_the_five_and_not_value),
		cmocka_unit_test(a_number_that_cannot_be_shown_is_refused),
		cmocka_unit_test(an_unknown_type_is_refused),
		cmocka_unit_test(a_part_of_a_row_is_refused),
		cmocka_unit_test(a_count_beyond_the_bytes_takes_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
