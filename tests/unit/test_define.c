#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "proto/define.h"
#include "tests/unit/fixture_sheet.h"
#include "tests/unit/fixture_words.h"

#include <errno.h>
#include <stdio.h>

static int defined(const char *term, struct sheet **ret_sheet, struct fault *fault)
{
	const struct programme programme = words_programme();
	struct request request = {.command = COMMAND_DEFINE, .language = LANGUAGE_EN};

	if (term != NULL)
		(void)snprintf(request.arguments[request.arguments_n++],
			       sizeof(request.arguments[0]), "%s", term);
	return define_sheet(&programme, &request, ret_sheet, fault);
}

static struct sheet *sheet_of(const char *term)
{
	struct sheet *sheet = NULL;
	struct fault fault = {0};

	assert_int_equal(defined(term, &sheet, &fault), 0);
	assert_string_equal(sheet->schema, "mia.define/1");
	return sheet;
}

static void a_measure_comes_with_its_cells(void **state)
{
	own(sheet_free) struct sheet *sheet = sheet_of("left");

	(void)state;
	assert_int_equal(sheet->rows_n, 3);
	assert_string_equal(text_at(sheet, 0, "what"), "measure");
	assert_string_equal(text_at(sheet, 0, "sv"), "Avslutade");
	assert_string_equal(text_at(sheet, 0, "meaning"), "left");
	assert_string_equal(cell_of(sheet, 0, "meaning")->arguments[0],
			    "%1 counts who left, by the day of leaving.");
	assert_string_equal(text_at(sheet, 0, "valid"), "2018-01-01..");
	assert_string_equal(text_at(sheet, 1, "what"), "cell");
	assert_string_equal(text_at(sheet, 1, "of"), "left");
	assert_non_null(strstr(cell_of(sheet, 1, "meaning")->arguments[1], "Out to work"));
	assert_string_equal(cell_of(sheet, 2, "meaning")->arguments[1], "all others");
}

static const char *ids_of(const struct sheet *sheet, const char *what, const char *id)
{
	for (size_t row = 0; row < sheet->rows_n; row++)
		if (strcmp(text_at(sheet, row, "what"), what) == 0 &&
		    strcmp(text_at(sheet, row, "id"), id) == 0)
			return text_at(sheet, row, "meaning");
	return "";
}

static void a_meaning_has_ids_and_numbers_for_programs(void **state)
{
	own(sheet_free) struct sheet *left = sheet_of("left");
	own(sheet_free) struct sheet *goal = sheet_of("To work");
	own(sheet_free) struct sheet *age = sheet_of("ålder");
	own(sheet_free) struct sheet *out = sheet_of("out");

	(void)state;
	assert_string_equal(
		ids_of(left, "cell", "work"),
		"destination is out; or age is not young, older and destination is out");
	assert_string_equal(ids_of(left, "cell", "rest"), "rest");
	assert_string_equal(ids_of(goal, "goal", "work"), "left/work / left >= 305");
	assert_string_equal(ids_of(age, "variable", "age"), "birth_date..entry_date, years");
	assert_string_equal(ids_of(age, "group", "young"), "16..24");
	assert_string_equal(ids_of(age, "group", "older"), "25..");
	assert_string_equal(ids_of(out, "group", "out"), "work, studies");
}

static void a_word_may_mean_several_things(void **state)
{
	own(sheet_free) struct sheet *sheet = sheet_of("arbete"); /* a cell and a code */

	(void)state;
	assert_int_equal(sheet->rows_n, 2);
	assert_string_equal(text_at(sheet, 0, "what"), "cell");
	assert_string_equal(text_at(sheet, 1, "what"), "code");
	assert_string_equal(text_at(sheet, 1, "of"), "reason");
}

static void a_list_comes_with_its_codes_and_their_validity(void **state)
{
	own(sheet_free) struct sheet *sheet = sheet_of("Orsak");

	(void)state;
	assert_int_equal(sheet->rows_n, 4);
	assert_string_equal(text_at(sheet, 2, "id"), "studies");
	assert_string_equal(text_at(sheet, 2, "valid"), "..2018-01-31");
	assert_true(is_empty_at(sheet, 1, "valid"));
}

static void a_variable_tells_where_it_comes_from(void **state)
{
	own(sheet_free) struct sheet *sheet = sheet_of("ålder");

	(void)state;
	assert_int_equal(sheet->rows_n, 3);
	assert_string_equal(cell_of(sheet, 0, "meaning")->arguments[1],
			    "birth_date → entry_date, years");
	assert_string_equal(cell_of(sheet, 1, "meaning")->arguments[1], "16-24");
}

static void a_goal_is_said_as_a_share_of_its_base(void **state)
{
	own(sheet_free) struct sheet *sheet = sheet_of("To work");

	(void)state;
	assert_string_equal(text_at(sheet, 0, "what"), "goal");
	assert_string_equal(cell_of(sheet, 0, "meaning")->arguments[1],
			    "Work, a share of at least 30.5 %: Left");
}

static void words_within_a_label_are_found_when_nothing_is_called_so(void **state)
{
	own(sheet_free) struct sheet *sheet = sheet_of("out");

	(void)state;
	assert_string_equal(text_at(sheet, 0, "id"), "out");
	sheet_free(&sheet);
	sheet = sheet_of("i arb");
	assert_int_equal(sheet->rows_n, 1);
	assert_string_equal(text_at(sheet, 0, "en"), "Out to work");
}

static void without_a_term_all_wholes_are_listed(void **state)
{
	own(sheet_free) struct sheet *sheet = sheet_of(NULL);

	(void)state;
	for (size_t row = 0; row < sheet->rows_n; row++) {
		assert_string_not_equal(text_at(sheet, row, "what"), "code");
		assert_string_not_equal(text_at(sheet, row, "what"), "cell");
	}
	/* Two measures, a goal, two variables, a list, three sites. */
	assert_int_equal(sheet->rows_n, 9);
}

static void what_is_not_there_gets_the_nearest_proposed(void **state)
{
	struct sheet *sheet = NULL;
	struct fault fault = {0};

	(void)state;
	assert_int_equal(defined("destinaton", &sheet, &fault), -EBADMSG);
	assert_null(sheet);
	assert_string_equal(fault.code, "X009");
	assert_non_null(strstr(fault.remedy, "estination\""));
	assert_int_equal(defined("qqqqqqqqqqq", &sheet, &fault), -EBADMSG);
	assert_non_null(strstr(fault.remedy, "mia define"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_measure_comes_with_its_cells),
		cmocka_unit_test(a_meaning_has_ids_and_numbers_for_programs),
		cmocka_unit_test(a_word_may_mean_several_things),
		cmocka_unit_test(a_list_comes_with_its_codes_and_their_validity),
		cmocka_unit_test(a_variable_tells_where_it_comes_from),
		cmocka_unit_test(a_goal_is_said_as_a_share_of_its_base),
		cmocka_unit_test(words_within_a_label_are_found_when_nothing_is_called_so),
		cmocka_unit_test(without_a_term_all_wholes_are_listed),
		cmocka_unit_test(what_is_not_there_gets_the_nearest_proposed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
