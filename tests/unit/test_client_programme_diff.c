#include "client/programme_diff.h"

#include "lib/date.h"
#include "lib/own.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture_programme.h"

/* The answer to a comparison of the second programme with itself after an edit. */
static void compare(const struct fixture_slip *slip, struct answer *ret_answer)
{
	own(buf_free) struct buf file = {0}, text = {0};
	struct programme_diff_text before = {.name = "old.ini"}, after = {.name = "new.ini"};
	struct fault fault = {0};

	fixture_file(SECOND_PROGRAMME, &file);
	fixture_edit(&file, slip, &text);
	before.bytes = file.data;
	before.n = file.n - 1;
	after.bytes = text.data;
	after.n = text.n;
	assert_int_equal(programme_diff_texts(&before, &after, date_from_civil(2024, 6, 15),
					      ret_answer, &fault),
			 0);
}

static const char *cell(const struct sheet *sheet, size_t row, size_t column)
{
	return sheet->cells[row * sheet->columns_n + column].text;
}

static void an_entry_that_became_another_is_one_row(void **state)
{
	static const struct fixture_slip slip = {"[programme]", "version = 3", "version = 4", "",
						 ""};
	own(answer_free) struct answer answer = {0};

	(void)state;
	compare(&slip, &answer);
	assert_int_equal(answer.exit, EXIT_GOOD);
	assert_int_equal(answer.sheets_n, 1);
	assert_int_equal(answer.sheets[0]->cells_n, 5);
	assert_string_equal(cell(answer.sheets[0], 0, 0), "changed");
	assert_string_equal(cell(answer.sheets[0], 0, 1), "programme");
	assert_string_equal(cell(answer.sheets[0], 0, 2), "version");
	assert_string_equal(cell(answer.sheets[0], 0, 3), "3");
	assert_string_equal(cell(answer.sheets[0], 0, 4), "4");
}

static void an_entry_of_many_is_known_by_how_it_begins(void **state)
{
	static const struct fixture_slip slip = {
		"[list pet]", "code = 2 | horse | Häst | Horse",
		"code = 2 | horse | Ponny | Pony\ncode = 4 | cat | Katt | Cat", "", ""};
	own(answer_free) struct answer answer = {0};
	const struct sheet *sheet;

	(void)state;
	compare(&slip, &answer);
	sheet = answer.sheets[0];
	assert_int_equal(sheet->cells_n, 10);
	assert_string_equal(cell(sheet, 0, 0), "changed");
	assert_string_equal(cell(sheet, 0, 3), "2 | horse | Häst | Horse");
	assert_string_equal(cell(sheet, 0, 4), "2 | horse | Ponny | Pony");
	assert_string_equal(cell(sheet, 1, 0), "added");
	assert_string_equal(cell(sheet, 1, 4), "4 | cat | Katt | Cat");
}

static void what_may_not_change_is_a_sheet_of_its_own_and_exit_10(void **state)
{
	static const struct fixture_slip slip = {"[list pet]", "code = 3 | none | Inget | None\n",
						 "", "", ""};
	own(answer_free) struct answer answer = {0};

	(void)state;
	compare(&slip, &answer);
	assert_int_equal(answer.exit, EXIT_CHECK_FAILED);
	assert_int_equal(answer.sheets_n, 2);
	assert_string_equal(answer.sheets[1]->schema, "mia.programme_forbidden/1");
	assert_string_equal(cell(answer.sheets[1], 0, 0), "P064");
	assert_string_equal(cell(answer.sheets[1], 1, 0), "P060");
	assert_string_equal(cell(answer.sheets[1], 1, 1), "list pet");
	assert_string_equal(cell(answer.sheets[1], 1, 2), "code 3 none");
}

static void a_section_that_is_new_is_one_row(void **state)
{
	static const struct fixture_slip slip = {
		"[list pet]", "[list pet]",
		"[list hat]\nsv = h\nen = h\ncode = 1 | cap | k | c\n[list pet]", "", ""};
	own(answer_free) struct answer answer = {0};

	(void)state;
	compare(&slip, &answer);
	assert_int_equal(answer.sheets[0]->cells_n, 5);
	assert_string_equal(cell(answer.sheets[0], 0, 0), "added");
	assert_string_equal(cell(answer.sheets[0], 0, 1), "list hat");
}

static void comments_are_no_change(void **state)
{
	static const struct fixture_slip slip = {"[list pet]", "[list pet]", "# pets\n[list pet]",
						 "", ""};
	own(answer_free) struct answer answer = {0};

	(void)state;
	compare(&slip, &answer);
	assert_int_equal(answer.exit, EXIT_GOOD);
	assert_int_equal(answer.sheets[0]->cells_n, 0);
	assert_int_equal(answer.sheets[0]->notes_n, 1);
}

static void a_faulty_version_is_refused_by_its_own_line(void **state)
{
	struct programme_diff_text before = {"old.ini", "[programme]\n", 12}, after = before;
	own(answer_free) struct answer answer = {0};
	struct fault fault = {0};

	(void)state;
	assert_int_equal(programme_diff_texts(&before, &after, 0, &answer, &fault), -EBADMSG);
	assert_memory_equal(fault.place, "old.ini:", 8);
	assert_int_equal(answer.sheets_n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_that_became_another_is_one_row),
		cmocka_unit_test(an_entry_of_many_is_known_by_how_it_begins),
		cmocka_unit_test(what_may_not_change_is_a_sheet_of_its_own_and_exit_10),
		cmocka_unit_test(a_section_that_is_new_is_one_row),
		cmocka_unit_test(comments_are_no_change),
		cmocka_unit_test(a_faulty_version_is_refused_by_its_own_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
