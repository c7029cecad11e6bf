#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#undef fail /* lib/fail has its own */

#include "client/form.h"
#include "client/merge.h"
#include "lib/own.h"

#include <stdlib.h>
#include <string.h>

/* What a daemon says of two cases; of each row whether it is to be settled. */
static void compare(struct answer *answer, const char *states[static 3])
{
	static const char *const rows[][4] = {
		{"entry_date", "Entry date", "2018-04-02", "2018-04-09"},
		{"person_number", "Number", "19850304-23**", "19810720-23**"},
		{"education", "Education", "Gymnasium, 3 år", "Grundskola"},
	};
	struct sheet *sheet = sheet_new("mia.merge/1", SHEET_TABLE);

	sheet_column(sheet, "field", SHEET_CODE, "Field", false);
	sheet_column(sheet, "keep", SHEET_TEXT, "Kept case", false);
	sheet_column(sheet, "drop", SHEET_TEXT, "Other case", false);
	sheet_column(sheet, "state", SHEET_PHRASE, "State", false);
	for (size_t i = 0; i < array_n(rows); i++) {
		sheet_add_code(sheet, rows[i][0], rows[i][1], NULL);
		sheet_add_text(sheet, rows[i][2]);
		sheet_add_text(sheet, rows[i][3]);
		sheet_add_phrase(sheet, states[i], NULL);
	}
	assert_int_equal(answer_add(answer, &sheet), 0);
}

static void what_differs_is_asked_and_both_sides_are_the_answers(void **state)
{
	const char *states[] = {"to be settled", "taken over", "to be settled"};
	own(answer_free) struct answer compared = {0}, questions = {0};
	own(mem_free) struct form *form = calloc(1, sizeof(*form));
	struct fault fault = {0};

	(void)state;
	compare(&compared, states);
	assert_int_equal(merge_questions(&compared, &questions), 0);
	assert_int_equal(form_read(&questions, form, &fault), 0);
	assert_int_equal(form->fields_n, 2);
	assert_string_equal(form->fields[1].id, "education");
	assert_true(form->fields[1].is_required);
	assert_int_equal(form->fields[1].choices_n, 2);
	assert_string_equal(form->choices[form->fields[1].first].label, "Gymnasium, 3 år");
	assert_string_equal(form->choices[form->fields[1].first + 1].id, "Grundskola");
}

static void a_number_is_typed_because_it_is_shown_masked(void **state)
{
	const char *states[] = {"settled", "to be settled", "settled"};
	own(answer_free) struct answer compared = {0}, questions = {0};
	own(mem_free) struct form *form = calloc(1, sizeof(*form));
	struct fault fault = {0};

	(void)state;
	compare(&compared, states);
	assert_int_equal(merge_questions(&compared, &questions), 0);
	assert_int_equal(form_read(&questions, form, &fault), 0);
	assert_int_equal(form->fields_n, 1);
	assert_int_equal(form->fields[0].type, FORM_NUMBER);
	assert_int_equal(form->choices_n, 0);
}

static void nothing_is_asked_when_all_is_settled(void **state)
{
	const char *states[] = {"settled", "taken over", "settled"};
	own(answer_free) struct answer compared = {0}, questions = {0}, nothing = {0};

	(void)state;
	compare(&compared, states);
	assert_int_equal(merge_questions(&compared, &questions), 0);
	assert_int_equal(questions.sheets_n, 0);
	assert_int_equal(merge_questions(&nothing, &questions), 0);
	assert_int_equal(questions.sheets_n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_differs_is_asked_and_both_sides_are_the_answers),
		cmocka_unit_test(a_number_is_typed_because_it_is_shown_masked),
		cmocka_unit_test(nothing_is_asked_when_all_is_settled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
