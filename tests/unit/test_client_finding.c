#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#undef fail /* lib/fail has its own */

#include "client/finding.h"
#include "lib/own.h"

#include <stdlib.h>
#include <string.h>

static void add(struct sheet *sheet, const char *code, const char *severity, const char *field,
		const char *detail)
{
	sheet_add_text(sheet, code);
	sheet_add_code(sheet, severity, severity, NULL);
	if (field != NULL)
		sheet_add_code(sheet, field, "Avslutsdatum", NULL);
	else
		sheet_add_empty(sheet);
	sheet_add_text(sheet, "a sentence of its own");
	sheet_add_text(sheet, "a way out of its own");
	if (detail != NULL)
		sheet_add_phrase(sheet, detail, NULL);
	else
		sheet_add_empty(sheet);
}

static struct sheet *findings(void)
{
	struct sheet *sheet = sheet_new("mia.findings/1", SHEET_TABLE);

	sheet_column(sheet, "code", SHEET_TEXT, "Code", false);
	sheet_column(sheet, "severity", SHEET_CODE, "Severity", false);
	sheet_column(sheet, "field", SHEET_CODE, "Field", false);
	sheet_column(sheet, "sentence", SHEET_TEXT, "What is wrong", false);
	sheet_column(sheet, "remedy", SHEET_TEXT, "What to do", false);
	sheet_column(sheet, "detail", SHEET_PHRASE, "Detail", false);
	add(sheet, "V029", "error", "exit_date", NULL);
	add(sheet, "V015", "error", "exit_date", "2018-04-01");
	add(sheet, "V038", "warning", NULL, "900");
	add(sheet, "Z999", "note", NULL, NULL);
	add(sheet, "V009", "warning", "exit_date", "2031-01-01");
	return sheet;
}

static char *shown(const struct sheet *sheet, size_t row, enum programme_language language)
{
	struct paper paper = {.language = language, .width = 60, .is_utf8 = true};
	char *text = NULL;
	size_t n = 0;

	paper.to = open_memstream(&text, &n);
	assert_non_null(paper.to);
	finding_show(sheet, row, 2, &paper);
	assert_int_equal(fclose(paper.to), 0);
	return text;
}

static void a_finding_is_a_sentence_a_field_and_a_way_out(void **state)
{
	own(sheet_free) struct sheet *sheet = findings();
	own(mem_free) char *english = shown(sheet, 0, LANGUAGE_EN);
	own(mem_free) char *swedish = shown(sheet, 0, LANGUAGE_SV);

	(void)state;
	assert_string_equal(english, "  V029  Exit to work needs the type of employment\n"
				     "        Avslutsdatum\n"
				     "        Write the type of employment.\n");
	assert_non_null(strstr(swedish, "Ange anställningsformen."));
}

static void a_detail_is_never_taken_for_the_fields_own_value(void **state)
{
	own(sheet_free) struct sheet *sheet = findings();
	own(mem_free) char *date = shown(sheet, 1, LANGUAGE_EN);
	own(mem_free) char *hours = shown(sheet, 2, LANGUAGE_EN);

	(void)state;
	assert_non_null(strstr(date, "Avslutsdatum: the other date is 2018-04-01\n"));
	assert_non_null(strstr(hours, "warning: "));
	assert_non_null(strstr(hours, "        900 hours\n"));
}

static void a_date_that_is_the_fields_own_is_not_called_another(void **state)
{
	own(sheet_free) struct sheet *sheet = findings();
	own(mem_free) char *text = shown(sheet, 4, LANGUAGE_EN);

	(void)state;
	assert_non_null(strstr(text, "Avslutsdatum: it says 2031-01-01\n"));
}

static void a_code_of_a_newer_daemon_brings_its_own_words(void **state)
{
	own(sheet_free) struct sheet *sheet = findings();
	own(mem_free) char *text = shown(sheet, 3, LANGUAGE_EN);

	(void)state;
	assert_string_equal(text, "  Z999  note: a sentence of its own\n"
				  "        a way out of its own\n");
}

static void errors_and_warnings_are_told_apart(void **state)
{
	own(sheet_free) struct sheet *sheet = findings();

	(void)state;
	assert_true(finding_is_error(sheet, 0) && !finding_is_warning(sheet, 0));
	assert_true(finding_is_warning(sheet, 2) && !finding_is_error(sheet, 2));
	assert_false(finding_is_warning(sheet, 3) || finding_is_error(sheet, 3));
	assert_string_equal(finding_field(sheet, 0), "exit_date");
	assert_string_equal(finding_field(sheet, 2), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_finding_is_a_sentence_a_field_and_a_way_out),
		cmocka_unit_test(a_detail_is_never_taken_for_the_fields_own_value),
		cmocka_unit_test(a_date_that_is_the_fields_own_is_not_called_another),
		cmocka_unit_test(a_code_of_a_newer_daemon_brings_its_own_words),
		cmocka_unit_test(errors_and_warnings_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
