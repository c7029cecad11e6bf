#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "proto/why.h"
#include "tests/unit/fixture_reports.h"
#include "tests/unit/fixture_sheet.h"
#include "tests/unit/fixture_words.h"

#include <errno.h>
#include <stdio.h>

#define JANUARY MONTH(2018, 1)
#define MARCH MONTH(2018, 3)
enum { FIGURE, RULES, REPORTS };

/* A request with these words as one argument each, NULL at the end. */
static struct request request_of(const char *const words[])
{
	struct request request = {.command = COMMAND_WHY, .language = LANGUAGE_EN};

	for (; *words != NULL; words++)
		(void)snprintf(request.arguments[request.arguments_n++],
			       sizeof(request.arguments[0]), "%s", *words);
	return request;
}

#define WORDS(...)                                                                                 \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}

static struct why read_of(const char *const words[])
{
	struct request request = request_of(words);
	struct fault fault = {0};
	struct why why;

	assert_int_equal(why_read(&request, &fixture_programme, MARCH, &why, &fault), 0);
	return why;
}

static struct fault refused(const char *const words[])
{
	struct request request = request_of(words);
	struct why why = {.cell = 77};
	struct fault fault = {0};

	assert_int_equal(why_read(&request, &fixture_programme, MARCH, &why, &fault), -EBADMSG);
	assert_int_equal(why.cell, 77);
	return fault;
}

static void a_figure_is_named_in_any_order(void **state)
{
	struct why why = read_of(WORDS("2018-02", "south", "left", "af"));

	(void)state;
	assert_int_equal(why.ask.measure, LEFT);
	assert_int_equal(why.cell, 1);
	assert_int_equal(why.ask.site, SOUTH);
	assert_int_equal(why.ask.range.first, MONTH(2018, 2));
	assert_int_equal(why.ask.range.last, MONTH(2018, 2));
}

static void one_text_or_several_words_are_the_same(void **state)
{
	struct why why = read_of(WORDS("entered site=north 2018q1"));

	(void)state;
	assert_int_equal(why.ask.measure, ENTERED);
	assert_int_equal(why.ask.site, NORTH);
	assert_int_equal(why.cell, -1);
	assert_int_equal(why.ask.range.last, MARCH);
	why = read_of(WORDS("measure=left, cell=other"));
	assert_int_equal(why.ask.measure, LEFT);
	assert_int_equal(why.cell, 2);
}

static void a_label_of_several_words_is_one_name(void **state)
{
	struct why why = read_of(WORDS("Avslutat mått", "SÖDER"));

	(void)state;
	assert_int_equal(why.ask.measure, ENDED);
	assert_int_equal(why.ask.site, SOUTH);
}

static void unless_told_it_is_the_county_and_all_that_is_closed(void **state)
{
	struct why why = read_of(WORDS("entered"));

	(void)state;
	assert_int_equal(why.ask.site, -1);
	assert_int_equal(why.ask.range.first, JANUARY);
	assert_int_equal(why.ask.range.last, MARCH);
}

static void a_cell_alone_tells_its_measure(void **state)
{
	struct why why = read_of(WORDS("agree"));

	(void)state;
	assert_int_equal(why.ask.measure, ANSWERED);
	assert_int_equal(why.cell, 0);
}

static void a_word_that_is_not_there_gets_the_nearest_proposed(void **state)
{
	struct fault fault = refused(WORDS("enterd", "north"));

	(void)state;
	assert_string_equal(fault.code, "X009");
	assert_non_null(strstr(fault.remedy, "\"entered\""));
	assert_non_null(strstr(refused(WORDS("left", "site=sotuh")).remedy, "\"south\""));
	assert_string_equal(refused(WORDS("north")).code, "X002");
	assert_string_equal(refused(WORDS("left", "entered")).code, "X009");
	assert_string_equal(refused(WORDS("entered", "agree")).code, "X009");
}

static void options_name_a_figure_too(void **state)
{
	struct request request = request_of(WORDS(NULL));
	struct fault fault = {0};
	struct why why;

	(void)state;
	request.options_n = 2;
	(void)snprintf(request.options[0].name, sizeof(request.options[0].name), "measure");
	(void)snprintf(request.options[0].value, sizeof(request.options[0].value), "left");
	(void)snprintf(request.options[1].name, sizeof(request.options[1].name), "cell");
	(void)snprintf(request.options[1].value, sizeof(request.options[1].value), "af");
	assert_int_equal(why_read(&request, &fixture_programme, MARCH, &why, &fault), 0);
	assert_int_equal(why.cell, 1);
	(void)snprintf(request.options[1].value, sizeof(request.options[1].value), "agree");
	assert_int_equal(why_read(&request, &fixture_programme, MARCH, &why, &fault), -EBADMSG);
	assert_string_equal(fault.place, "--cell");
}

/* ---- the answer ---- */

static void head_of(struct county *county, size_t site, uint64_t n, uint32_t period)
{
	const struct county_head head = {.n = n,
					 .period = period,
					 .hash = {0xab, 0xcd, (uint8_t)n}};

	county_set_head(county, site, &head);
}

static void the_reports_that_make_it_up_are_named(void **state)
{
	own(county_free) struct county *county = empty_county();
	own(answer_free) struct answer answer = {0};
	const struct why why = read_of(WORDS("entered", "2018q1"));
	const struct sheet *reports;

	(void)state;
	report(county, JANUARY, NORTH, 7, 0);
	head_of(county, NORTH, 4, JANUARY);
	report(county, JANUARY + 1, NORTH, 9, 0);
	head_of(county, NORTH, 5, JANUARY + 1);
	assert_int_equal(why_answer(county, &why, &answer), 0);
	assert_int_equal(answer.sheets_n, 3);
	reports = answer.sheets[REPORTS];
	assert_string_equal(reports->schema, "mia.why.reports/1");
	assert_int_equal(reports->rows_n, 6); /* two sites, three months */
	assert_int_equal(number_at(reports, 0, "report"), 4);
	assert_string_equal(text_at(reports, 0, "hash"), "abcd040000000000");
	assert_int_equal(number_at(reports, 0, "value"), 7);
	assert_string_equal(text_at(reports, 0, "in_time"), "in time");
	assert_int_equal(state_at(reports, 1, "received"), CELL_MISSING);
	assert_int_equal(state_at(reports, 1, "value"), CELL_MISSING);
	assert_true(is_empty_at(reports, 1, "report"));
	assert_int_equal(number_at(reports, 2, "report"), 5);
}

/* What the county knows of earlier links is their place: months follow without a gap. */
static void a_hash_that_is_not_known_is_not_shown(void **state)
{
	own(county_free) struct county *county = empty_county();
	own(answer_free) struct answer answer = {0};
	const struct why why = read_of(WORDS("entered", "2018-01", "north"));

	(void)state;
	report(county, JANUARY, NORTH, 7, 0);
	report(county, JANUARY + 1, NORTH, 9, 0);
	head_of(county, NORTH, 2, JANUARY + 1);
	assert_int_equal(why_answer(county, &why, &answer), 0);
	assert_int_equal(number_at(answer.sheets[REPORTS], 0, "report"), 1);
	assert_true(is_empty_at(answer.sheets[REPORTS], 0, "hash"));
}

static void the_figure_and_what_is_missing_stand_first(void **state)
{
	own(county_free) struct county *county = empty_county();
	own(answer_free) struct answer answer = {0};
	const struct why why = read_of(WORDS("left", "af", "2018q1", "north"));
	const struct sheet *figure;

	(void)state;
	report(county, JANUARY, NORTH, 0, 6);
	assert_int_equal(why_answer(county, &why, &answer), 0);
	figure = answer.sheets[FIGURE];
	assert_string_equal(figure->schema, "mia.why/1");
	assert_string_equal(text_at(figure, 0, "measure"), "left");
	assert_string_equal(text_at(figure, 0, "cell"), "af");
	assert_string_equal(text_at(figure, 0, "site"), "north");
	assert_int_equal(number_at(figure, 0, "value"), 6);
	assert_int_equal(number_at(figure, 0, "months_expected"), 3);
	assert_int_equal(number_at(figure, 0, "months_reported"), 1);
	assert_string_equal(note_of(figure, "%1 has not reported %2.")->arguments[1],
			    "2018-02..2018-03");
}

static const struct sheet_cell *rule_of(const struct sheet *sheet, const char *msgid)
{
	for (size_t row = 0; row < sheet->rows_n; row++)
		if (strcmp(text_at(sheet, row, "rule"), msgid) == 0)
			return cell_of(sheet, row, "rule");
	return NULL;
}

static void definition_and_rules_are_said_in_words(void **state)
{
	const struct programme programme = words_programme();
	own(county_free) struct county *county = NULL;
	own(answer_free) struct answer answer = {0};
	const struct why why = {.ask = ask_of(JANUARY, MARCH, MARCH), .cell = -1};
	struct why one = why;
	const struct sheet_cell *line;

	(void)state;
	one.ask.measure = 0;
	assert_int_equal(county_new(&programme, &county), 0);
	assert_int_equal(why_answer(county, &one, &answer), 0);
	assert_non_null(
		rule_of(answer.sheets[RULES], "%1 counts who left, by the day of leaving."));
	line = rule_of(answer.sheets[RULES], "Of them %1: the first part that fits, here by %2.");
	assert_non_null(line);
	assert_string_equal(line->arguments[0], "Work");
	assert_non_null(strstr(line->arguments[1], "Destination: Out to work"));
	assert_non_null(rule_of(answer.sheets[RULES], "Of them %1: all who are in no other part."));
	line = rule_of(answer.sheets[RULES], "It is counted %1.");
	assert_string_equal(line->arguments[0], "2018-01-01..");
	/* Two cells, two sites that are due, four in each. */
	line = rule_of(answer.sheets[RULES],
		       "Beside corrections, at most %1 persons waited when the last reports were "
		       "made: %2 in each part at each site.");
	assert_string_equal(line->arguments[0], "16");
	assert_string_equal(line->arguments[1], "4");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_figure_is_named_in_any_order),
		cmocka_unit_test(one_text_or_several_words_are_the_same),
		cmocka_unit_test(a_label_of_several_words_is_one_name),
		cmocka_unit_test(unless_told_it_is_the_county_and_all_that_is_closed),
		cmocka_unit_test(a_cell_alone_tells_its_measure),
		cmocka_unit_test(a_word_that_is_not_there_gets_the_nearest_proposed),
		cmocka_unit_test(options_name_a_figure_too),
		cmocka_unit_test(the_reports_that_make_it_up_are_named),
		cmocka_unit_test(a_hash_that_is_not_known_is_not_shown),
		cmocka_unit_test(the_figure_and_what_is_missing_stand_first),
		cmocka_unit_test(definition_and_rules_are_said_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
