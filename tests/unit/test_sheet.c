#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "lib/own.h"
#include "proto/sheet.h"
#include "proto/sheet_pack.h"

static struct sheet *two_columns(void)
{
	struct sheet *sheet = sheet_new("mia.test/1", SHEET_TABLE);

	sheet_column(sheet, "name", SHEET_TEXT, "Name", false);
	sheet_column(sheet, "n", SHEET_COUNT, "Antal", true);
	return sheet;
}

static void rows_are_counted_when_they_are_whole(void **state)
{
	own(sheet_free) struct sheet *sheet = two_columns();

	(void)state;
	sheet_add_text(sheet, "Norr");
	assert_int_equal(sheet->rows_n, 0);
	sheet_add_number(sheet, 7);
	sheet_add_text(sheet, NULL);
	sheet_add_state(sheet, CELL_SUPPRESSED);
	assert_int_equal(sheet->rows_n, 2);
	assert_int_equal(sheet->error, 0);
	assert_string_equal(sheet->cells[0].text, "Norr");
	assert_int_equal(sheet->cells[1].number, 7);
	assert_true(sheet->cells[2].is_empty);
	assert_int_equal(sheet->cells[3].state, CELL_SUPPRESSED);
}

static void arguments_are_copied_in_order(void **state)
{
	own(sheet_free) struct sheet *sheet = two_columns();
	char site[] = "Norr";

	(void)state;
	sheet_title(sheet, "%1 of %2", "3", "6", NULL);
	sheet_note(sheet, "%1 is missing", site, NULL);
	site[0] = 'X';
	assert_int_equal(sheet->title.arguments_n, 2);
	assert_string_equal(sheet->title.arguments[1], "6");
	assert_string_equal(sheet->notes[0].arguments[0], "Norr");
}

static void a_title_given_twice_is_the_last(void **state)
{
	own(sheet_free) struct sheet *sheet = two_columns();

	(void)state;
	sheet_title(sheet, "first %1", "a", NULL);
	sheet_title(sheet, "second", NULL);
	assert_string_equal(sheet->title.text, "second");
	assert_int_equal(sheet->title.arguments_n, 0);
}

static void a_newline_or_escape_in_a_label_cannot_reach_a_terminal(void **state)
{
	own(sheet_free) struct sheet *sheet = two_columns();

	(void)state;
	sheet_add_text(sheet, "a\nb\x1b[2J");
	assert_string_equal(sheet->cells[0].text, "a\\x0ab\\x1b[2J");
}

static void bad_utf8_is_shown_escaped(void **state)
{
	own(sheet_free) struct sheet *sheet = two_columns();

	(void)state;
	sheet_add_text(sheet, "\xe5land");
	assert_string_equal(sheet->cells[0].text, "\\xe5land");
}

static void a_long_text_is_cut_at_a_whole_character(void **state)
{
	own(sheet_free) struct sheet *sheet = two_columns();
	static char text[2 * SHEET_TEXT_MAX + 2];

	(void)state;
	text[0] = 'a';
	for (size_t i = 1; i + 2 < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xa5", 2);
	sheet_add_text(sheet, text);
	assert_int_equal(strlen(sheet->cells[0].text), SHEET_TEXT_MAX - 1);
	assert_int_equal((unsigned char)sheet->cells[0].text[SHEET_TEXT_MAX - 2], 0xa5);
}

static void a_period_of_one_month_has_two_ends(void **state)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.test/1", SHEET_TABLE);

	(void)state;
	sheet_column(sheet, "period", SHEET_PERIOD, "Period", false);
	sheet_add_number(sheet, 24218);
	assert_int_equal(sheet->cells[0].of, 24218);
}

static void too_many_cells_are_an_error_that_packing_gives(void **state)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.test/1", SHEET_TABLE);
	own(buf_free) struct buf bytes = {0};

	(void)state;
	sheet_column(sheet, "n", SHEET_COUNT, "Number", false);
	for (size_t i = 0; i < SHEET_ROWS_MAX; i++)
		sheet_add_empty(sheet);
	assert_int_equal(sheet->error, 0);
	sheet_add_empty(sheet);
	assert_int_equal(sheet->error, -EMSGSIZE);
	sheet_add_empty(sheet);
	assert_int_equal(sheet->rows_n, SHEET_ROWS_MAX);
	assert_int_equal(sheet_pack(sheet, &bytes), -EMSGSIZE);
}

static void notes_end_at_their_bound(void **state)
{
	own(sheet_free) struct sheet *sheet = two_columns();

	(void)state;
	for (size_t i = 0; i < SHEET_NOTES_MAX + 5; i++)
		sheet_note(sheet, "note", NULL);
	assert_int_equal(sheet->notes_n, SHEET_NOTES_MAX);
	assert_int_equal(sheet->error, 0);
}

static void no_sheet_is_good_everywhere(void **state)
{
	struct sheet *none = NULL;

	(void)state;
	sheet_title(none, "title", NULL);
	sheet_column(none, "id", SHEET_TEXT, "Heading", false);
	sheet_add_text(none, "text");
	sheet_add_phrase(none, "phrase", NULL);
	sheet_add_number(none, 1);
	sheet_add_ratio(none, 1, 2, 3);
	sheet_add_state(none, CELL_MISSING);
	sheet_add_empty(none);
	sheet_note(none, "note", NULL);
	sheet_free(&none);
	assert_null(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_counted_when_they_are_whole),
		cmocka_unit_test(arguments_are_copied_in_order),
		cmocka_unit_test(a_title_given_twice_is_the_last),
		cmocka_unit_test(a_newline_or_escape_in_a_label_cannot_reach_a_terminal),
		cmocka_unit_test(bad_utf8_is_shown_escaped),
		cmocka_unit_test(a_long_text_is_cut_at_a_whole_character),
		cmocka_unit_test(a_period_of_one_month_has_two_ends),
		cmocka_unit_test(too_many_cells_are_an_error_that_packing_gives),
		cmocka_unit_test(notes_end_at_their_bound),
		cmocka_unit_test(no_sheet_is_good_everywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
