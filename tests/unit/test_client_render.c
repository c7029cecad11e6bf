#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "client/cell.h"
#include "client/render.h"
#include "lib/own.h"

#include <errno.h>
#include <jansson.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define NBSP "\u00A0"

/* What render_answer() puts on a paper of that width. */
static char *shown(struct sheet *sheet, enum render_format format, enum programme_language language,
		   size_t width)
{
	own(answer_free) struct answer answer = {0};
	struct paper paper = {.language = language, .width = width, .is_utf8 = true};
	char *text = NULL;
	size_t n = 0;

	paper.to = open_memstream(&text, &n);
	assert_non_null(paper.to);
	assert_int_equal(answer_add(&answer, &sheet), 0);
	assert_int_equal(render_answer(&answer, format, &paper), 0);
	assert_int_equal(fclose(paper.to), 0);
	return text;
}

/* Every state a figure can have, in one table. */
static struct sheet *states(void)
{
	struct sheet *sheet = sheet_new("mia.test/1", SHEET_TABLE);

	sheet_title(sheet, "%1, %2", "Left", "2018q2", NULL);
	sheet_column(sheet, "site", SHEET_TEXT, "Förbund", true);
	sheet_column(sheet, "women", SHEET_COUNT, "Kvinnor", true);
	sheet_column(sheet, "share", SHEET_SHARE, "Share", true);
	sheet_add_text(sheet, "Östra Södertörn");
	sheet_add_number(sheet, 2184);
	sheet_add_ratio(sheet, 428, 1463, 0);
	sheet_add_text(sheet, "VärNa");
	sheet_add_state(sheet, CELL_SUPPRESSED);
	sheet_add_state(sheet, CELL_MISSING);
	sheet_add_text(sheet, "Södra Roslagen");
	sheet_add_state(sheet, CELL_NOT_COLLECTED);
	sheet_add_state(sheet, CELL_ZERO);
	sheet_add_text(sheet, "HBS");
	sheet_add_number(sheet, 0);
	sheet_add_empty(sheet);
	sheet_note(sheet, "%1 has not reported.", "VärNa", NULL);
	return sheet;
}

static void a_table_is_aligned_and_leaves_no_figure_blank(void **state)
{
	own(mem_free) char *text = shown(states(), RENDER_TABLE, LANGUAGE_EN, 0);

	(void)state;
	assert_string_equal(text, "Left, 2018q2\n"
				  "FÖRBUND          KVINNOR  SHARE\n"
				  "Östra Södertörn    2,184  29.3%\n"
				  "VärNa                 ..      –\n"
				  "Södra Roslagen         :      0\n"
				  "HBS                    0      -\n"
				  "..  not shown (too few persons, or protects such a figure)\n"
				  "–   not reported\n"
				  ":   not collected then\n"
				  "VärNa has not reported.\n");
}

static void numbers_follow_the_language_not_the_locale(void **state)
{
	own(mem_free) char *text = shown(states(), RENDER_TABLE, LANGUAGE_SV, 0);

	(void)state;
	assert_non_null(strstr(text, "2" NBSP "184"));
	assert_non_null(strstr(text, "29,3" NBSP "%"));
}

static void a_paper_too_narrow_for_the_table_gets_a_form_a_row(void **state)
{
	own(mem_free) char *text = shown(states(), RENDER_TABLE, LANGUAGE_EN, 20);

	(void)state;
	assert_non_null(strstr(text, "Kvinnor"));
	assert_non_null(strstr(text, "2,184\n"));
	assert_non_null(strstr(text, "..\n"));
}

static void a_table_breaks_its_words_but_never_a_figure(void **state)
{
	own(mem_free) char *text = shown(states(), RENDER_TABLE, LANGUAGE_EN, 30);

	(void)state;
	assert_non_null(strstr(text, "2,184  29.3%"));
	assert_null(strstr(text, "Östra Södertörn "));
}

static void plain_is_a_line_a_row_with_tabs_between(void **state)
{
	own(mem_free) char *text = shown(states(), RENDER_PLAIN, LANGUAGE_SV, 0);

	(void)state;
	assert_string_equal(text, "site\twomen\tshare\n"
				  "Östra Södertörn\t2184\t29.3\n"
				  "VärNa\t..\t–\n"
				  "Södra Roslagen\t:\t0\n"
				  "HBS\t0\t-\n"
				  "# VärNa has not reported.\n");
}

static void csv_has_the_ids_as_headings_and_figures_as_digits(void **state)
{
	own(mem_free) char *text = shown(states(), RENDER_CSV, LANGUAGE_SV, 0);

	(void)state;
	assert_string_equal(text, "site,women,share\r\n"
				  "Östra Södertörn,2184,29.3\r\n"
				  "VärNa,..,–\r\n"
				  "Södra Roslagen,:,0\r\n"
				  "HBS,0,\r\n");
}

static void json_has_numbers_as_numbers_and_names_every_unknown(void **state)
{
	own(mem_free) char *text = shown(states(), RENDER_JSON, LANGUAGE_SV, 0);
	json_t *json = json_loads(text, 0, NULL);
	const char *suppressed, *missing;
	json_int_t women = 0, number = 0, of = 0;
	json_t *rows;

	(void)state;
	assert_non_null(json);
	rows = json_object_get(json, "rows");
	assert_string_equal(json_string_value(json_object_get(json, "schema")), "mia.test/1");
	assert_int_equal(json_array_size(rows), 4);
	assert_int_equal(json_unpack(json_array_get(rows, 0), "{s:I, s:{s:I, s:I}}", "women",
				     &women, "share", "number", &number, "of", &of),
			 0);
	assert_int_equal(women, 2184);
	assert_int_equal(number, 428);
	assert_int_equal(of, 1463);
	assert_int_equal(json_unpack(json_array_get(rows, 1), "{s:{s:s}, s:{s:s}}", "women",
				     "state", &suppressed, "share", "state", &missing),
			 0);
	assert_string_equal(suppressed, "suppressed");
	assert_string_equal(missing, "missing");
	assert_true(json_is_null(json_object_get(json_array_get(rows, 3), "share")));
	assert_non_null(strstr(text, "\"percent\": 29.3\n"));
	json_decref(json);
}

static void several_sheets_are_one_json_document(void **state)
{
	own(answer_free) struct answer answer = {0};
	struct sheet *first = states(), *second = states();
	own(mem_free) char *text = NULL;
	size_t n = 0;
	struct paper paper = {.to = open_memstream(&text, &n)};
	json_t *json;

	(void)state;
	assert_int_equal(answer_add(&answer, &first), 0);
	assert_int_equal(answer_add(&answer, &second), 0);
	assert_int_equal(render_answer(&answer, RENDER_JSON, &paper), 0);
	assert_int_equal(fclose(paper.to), 0);
	json = json_loads(text, 0, NULL);
	assert_int_equal(json_array_size(json), 2);
	json_decref(json);
}

static void a_form_is_a_line_a_column(void **state)
{
	struct sheet *sheet = sheet_new("mia.test/1", SHEET_FORM);
	own(mem_free) char *text = NULL;

	(void)state;
	sheet_column(sheet, "role", SHEET_TEXT, "Role", true);
	sheet_column(sheet, "up", SHEET_MILLISECONDS, "Up for", true);
	sheet_column(sheet, "last", SHEET_PERIOD, "Sist", true);
	sheet_add_text(sheet, "hub");
	sheet_add_number(sheet, 18);
	sheet_add_empty(sheet);
	text = shown(sheet, RENDER_TABLE, LANGUAGE_SV, 0);
	assert_string_equal(text, "  Role    hub\n  Up for  18" NBSP "ms\n  Sist    -\n");
}

static void a_key_that_its_line_would_tear_has_a_line_of_its_own(void **state)
{
	static const char key[] = "72a6ef4ba8235d01116fc68190650ea46175a4da52d42987d26bbb6213ebad7";
	struct sheet *sheet = sheet_new("mia.test/1", SHEET_FORM);
	own(mem_free) char *text = NULL;

	(void)state;
	sheet_column(sheet, "name", SHEET_TEXT, "The member's name", true);
	sheet_column(sheet, "key", SHEET_TEXT, "Public key", true);
	sheet_add_text(sheet, "hub");
	sheet_add_text(sheet, key);
	text = shown(sheet, RENDER_TABLE, LANGUAGE_EN, 80);
	assert_string_equal(text,
			    "  The member's name  hub\n  Public key\n    "
			    "72a6ef4ba8235d01116fc68190650ea46175a4da52d42987d26bbb6213ebad7\n");
}

static void a_table_without_rows_says_so(void **state)
{
	struct sheet *sheet = sheet_new("mia.test/1", SHEET_TABLE);
	own(mem_free) char *text = NULL;

	(void)state;
	sheet_title(sheet, "Invitations given out", NULL);
	sheet_column(sheet, "site", SHEET_TEXT, "Site", false);
	text = shown(sheet, RENDER_TABLE, LANGUAGE_EN, 80);
	assert_string_equal(text, "Invitations given out\nNone.\n");
}

static void check_bar(int64_t number, int64_t of, int64_t goal, const char *drawn)
{
	const struct sheet_cell cell = {.number = number, .of = of, .goal = goal};
	own(buf_free) struct buf text = {0};

	cell_add_bar(&text, &cell, CELL_BAR_COLUMNS, true);
	assert_string_equal(buf_text(&text), drawn);
}

static void a_bar_shows_how_far_it_is_to_the_goal(void **state)
{
	(void)state;
	check_bar(428, 1463, 300, "███████████████████████▍│");
	check_bar(300, 1000, 300, "████████████████████████│");
	check_bar(586, 1463, 400, "████████████████████████│");
	check_bar(689, 1120, 600, "█████████████████████████");
	check_bar(0, 1463, 300, "                        │");
	check_bar(0, 0, 300, "                        │");
	check_bar(12, 24, 1000, "████████████            │");
	check_bar(1, 2, 0, "████████████▌            "); /* without a goal */
	check_bar(2, 2, 0, "█████████████████████████");
}

static void a_bar_without_blocks_is_of_signs_every_terminal_has(void **state)
{
	const struct sheet_cell cell = {.number = 12, .of = 24, .goal = 1000};
	own(buf_free) struct buf text = {0};

	(void)state;
	cell_add_bar(&text, &cell, CELL_BAR_COLUMNS, false);
	assert_string_equal(buf_text(&text), "############            |");
}

static void an_error_is_three_lines_with_its_code(void **state)
{
	own(answer_free) struct answer answer = {0};
	own(mem_free) char *text = NULL;
	size_t n = 0;
	struct paper paper = {.to = open_memstream(&text, &n), .language = LANGUAGE_SV};
	struct fault fault = {0};

	(void)state;
	assert_int_equal(fault_set(&fault, "X009", "totals", "", "no site \"%s\"", "x"), -EBADMSG);
	assert_int_equal(answer_fault(&answer, &fault), 0);
	assert_true(render_is_error(&answer));
	render_error(&answer, &paper);
	assert_int_equal(fclose(paper.to), 0);
	assert_non_null(strstr(text, "X009 Det som efterfrågades finns inte\n"));
	assert_non_null(strstr(text, "\n  totals: no site \"x\"\n"));
	assert_non_null(strstr(text, "\n  Kontrollera namnet;"));
}

static void a_full_disk_is_not_taken_for_success(void **state)
{
	own(answer_free) struct answer answer = {0};
	struct paper paper = {.to = fopen("/dev/full", "w")};
	struct sheet *sheet = states();

	(void)state;
	assert_non_null(paper.to);
	assert_int_equal(answer_add(&answer, &sheet), 0);
	assert_int_equal(render_answer(&answer, RENDER_CSV, &paper), -ENOSPC);
	(void)fclose(paper.to);
}

static void a_group_is_named_once_and_every_row_still_says_something(void **state)
{
	static const char *const rows[][2] = {{"Östra Södertörn", "women"},
					      {"Östra Södertörn", "men"},
					      {"VärNa", "men"}};
	struct sheet *sheet = sheet_new("mia.test/1", SHEET_TABLE);
	own(mem_free) char *text = NULL;

	(void)state;
	sheet_column(sheet, "site", SHEET_TEXT, "Site", true);
	sheet_column(sheet, "sex", SHEET_TEXT, "Sex", true);
	for (size_t i = 0; i < array_n(rows); i++) {
		sheet_add_text(sheet, rows[i][0]);
		sheet_add_text(sheet, rows[i][1]);
	}
	text = shown(sheet, RENDER_TABLE, LANGUAGE_EN, 60);
	assert_string_equal(text, "SITE             SEX\n"
				  "Östra Södertörn  women\n"
				  "                 men\n"
				  "VärNa            men\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_group_is_named_once_and_every_row_still_says_something),
		cmocka_unit_test(a_table_is_aligned_and_leaves_no_figure_blank),
		cmocka_unit_test(numbers_follow_the_language_not_the_locale),
		cmocka_unit_test(a_paper_too_narrow_for_the_table_gets_a_form_a_row),
		cmocka_unit_test(a_table_breaks_its_words_but_never_a_figure),
		cmocka_unit_test(plain_is_a_line_a_row_with_tabs_between),
		cmocka_unit_test(csv_has_the_ids_as_headings_and_figures_as_digits),
		cmocka_unit_test(json_has_numbers_as_numbers_and_names_every_unknown),
		cmocka_unit_test(several_sheets_are_one_json_document),
		cmocka_unit_test(a_form_is_a_line_a_column),
		cmocka_unit_test(a_key_that_its_line_would_tear_has_a_line_of_its_own),
		cmocka_unit_test(a_table_without_rows_says_so),
		cmocka_unit_test(a_bar_shows_how_far_it_is_to_the_goal),
		cmocka_unit_test(a_bar_without_blocks_is_of_signs_every_terminal_has),
		cmocka_unit_test(an_error_is_three_lines_with_its_code),
		cmocka_unit_test(a_full_disk_is_not_taken_for_success),
	};

	(void)setlocale(LC_CTYPE, "C.UTF-8"); /* as words_start() does */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
