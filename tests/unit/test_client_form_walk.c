#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#undef fail /* lib/fail has its own */

#include "client/form_walk.h"
#include "lib/date.h"
#include "lib/text.h"
#include "proto/errors.h"
#include "tests/unit/fixture_form.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A daemon that refuses an exit before 2018 and numbers that begin with 0, and warns of hours. */
struct desk {
	size_t asked_n, tried_n, stored_n;
	bool warns, destroys;
	char stored[512]; /* "exit_date=2018-04-01 hours=" */
};

static void add_finding(struct sheet *sheet, const char *code, const char *severity,
			const char *field)
{
	sheet_add_text(sheet, code);
	sheet_add_phrase(sheet, severity, NULL);
	sheet_add_code(sheet, field, field, NULL);
	sheet_add_phrase(sheet, "a sentence", NULL);
	sheet_add_phrase(sheet, "a remedy", NULL);
	sheet_add_empty(sheet);
}

static struct sheet *findings_sheet(void)
{
	static const char *const columns[] = {"code",     "severity", "field",
					      "sentence", "remedy",   "detail"};
	struct sheet *sheet = sheet_new("mia.findings/1", SHEET_TABLE);

	for (size_t i = 0; i < array_n(columns); i++)
		sheet_column(sheet, columns[i],
			     i == 2                       ? SHEET_CODE
			     : i == 1 || i == 3 || i == 4 ? SHEET_PHRASE
							  : SHEET_TEXT,
			     columns[i], false);
	return sheet;
}

static void judge(const struct form *typed, struct desk *desk, struct answer *answer)
{
	struct sheet *findings = findings_sheet();

	for (size_t i = 0; i < typed->fields_n; i++) {
		const struct form_field *field = &typed->fields[i];

		if (field->is_typed && field->type == FORM_DATE &&
		    strcmp(field->typed, "2018") < 0) {
			add_finding(findings, "V012", "error", field->id);
			answer->exit = EXIT_INPUT_FAULTS;
		}
		if (field->is_typed && field->type == FORM_NUMBER && field->typed[0] == '0') {
			add_finding(findings, "I014", "error", field->id);
			answer->exit = EXIT_INPUT_FAULTS;
		}
		if (field->is_typed && desk->warns && strcmp(field->id, "hours") == 0)
			add_finding(findings, "V038", "warning", field->id);
	}
	assert_int_equal(answer_add(answer, &findings), 0);
}

/* What a dry run would do. */
static void add_case(const struct desk *desk, struct answer *answer)
{
	struct sheet *sheet = sheet_new("mia.case/1", SHEET_FORM);

	sheet_column(sheet, "case", SHEET_COUNT, "Case", false);
	sheet_add_number(sheet, 17);
	if (desk->destroys)
		sheet_note(sheet, "It goes for good.", NULL);
	assert_int_equal(answer_add(answer, &sheet), 0);
}

static void store(const struct form *typed, struct desk *desk, struct answer *answer)
{
	struct sheet *line = sheet_new("mia.person/1", SHEET_LINES);
	own(buf_free) struct buf text = {0};

	for (size_t i = 0; i < typed->fields_n; i++)
		if (typed->fields[i].is_typed)
			buf_printf(&text, "%s=%s ", typed->fields[i].id, typed->fields[i].typed);
	text_copy(desk->stored, sizeof(desk->stored), text.n > 0 ? buf_text(&text) : "");
	assert_int_equal(answer_add(answer, &line), 0);
}

static int ask(void *context, enum form_step step, const struct form *typed,
	       struct answer *ret_answer, struct fault *fault)
{
	struct desk *desk = context;

	(void)fault;
	switch (step) {
	case FORM_ASK:
		desk->asked_n++;
		add_form(ret_answer);
		break;
	case FORM_TRY:
		desk->tried_n++;
		judge(typed, desk, ret_answer);
		add_case(desk, ret_answer);
		break;
	case FORM_STORE:
		desk->stored_n++;
		store(typed, desk, ret_answer);
		break;
	}
	return 0;
}

/* What was talked while these keys were typed; the walk's status in *ret_status. */
static char *play(struct desk *desk, const char *keys, size_t width, int *ret_status)
{
	own(answer_free) struct answer answer = {0};
	struct paper paper = {.language = LANGUAGE_EN, .width = width, .is_utf8 = true};
	struct form_walk walk = {.ask = ask, .context = desk, .paper = &paper};
	struct fault fault = {0};
	char *talk = NULL;
	size_t n = 0;

	walk.today = date_from_civil(2018, 7, 10);
	walk.keys = fmemopen((char *)(uintptr_t)keys, strlen(keys), "r");
	paper.to = open_memstream(&talk, &n);
	assert_true(walk.keys != NULL && paper.to != NULL);
	*ret_status = form_walk(&walk, &answer, &fault);
	if (*ret_status != 0)
		assert_string_equal(fault.code, "X012");
	assert_int_equal(answer.sheets_n, *ret_status == 0 ? 1 : 0);
	assert_int_equal(fclose(paper.to), 0);
	assert_int_equal(fclose(walk.keys), 0);
	return talk;
}

static void assert_stored(const struct desk *desk, const char *stored)
{
	assert_int_equal(desk->stored_n, 1);
	assert_string_equal(desk->stored, stored);
}

#define says(talk, text) assert_non_null(strstr(talk, text))
#define says_not(talk, text) assert_null(strstr(talk, text))

static void what_is_typed_is_judged_shown_and_stored_once(void **state)
{
	struct desk desk = {0};
	int status;
	own(mem_free) char *talk = play(&desk, "180401\nstud\n\n5\n\n12\nja\n", 60, &status);

	(void)state;
	assert_int_equal(status, 0);
	assert_stored(&desk, "exit_date=2018-04-01 exit_reason=studies closer=5 hours=12 ");
	says(talk, "1/6  Avslutsdatum (required)");
	says(talk, "(required when asked)");
	says(talk, "Now: Sjukpenning, Ingen");
	says(talk, "Avslutsorsak: Studier");
	says(talk, "Store? (yes, no");
}

static void what_is_refused_is_asked_again_where_it_was_typed(void **state)
{
	struct desk desk = {0};
	int status;
	own(mem_free) char *talk =
		play(&desk, "2017-04-01\n\n\n\n\n\n2018-04-02\nyes\n", 80, &status);

	(void)state;
	assert_int_equal(status, 0);
	assert_stored(&desk, "exit_date=2018-04-02 ");
	says(talk, "V012");
	says(talk, "Check the year");
}

static void a_misread_number_is_told_at_once_and_never_repeated(void **state)
{
	struct desk desk = {0};
	int status;
	own(mem_free) char *talk =
		play(&desk, "180401\n\n\n\n0603122384\n7603122384\n\nyes\n", 80, &status);

	(void)state;
	assert_int_equal(status, 0);
	assert_stored(&desk, "exit_date=2018-04-01 person_number=7603122384 ");
	says(talk, "I014");
	says(talk, "Personnummer: 76031223**");
	says_not(talk, "0603122384");
	says_not(talk, "7603122384");
}

static void a_warning_asks_whether_to_store_anyway(void **state)
{
	struct desk desk = {.warns = true};
	int status;
	own(mem_free) char *talk = play(&desk, "180401\n\n\n\n\n999\n\nyes\n", 80, &status);

	(void)state;
	assert_int_equal(status, 0);
	assert_int_equal(desk.stored_n, 1);
	says(talk, "V038");
	says(talk, "Store anyway?");
}

static void who_says_no_or_leaves_stores_nothing(void **state)
{
	static const char *const keys[] = {"180401\n\n\n\n\n\nno\n", "180401\n\n\n\n\n\nnej\n",
					   "180401\nstud\n"};

	(void)state;
	for (size_t i = 0; i < array_n(keys); i++) {
		struct desk desk = {0};
		int status;
		own(mem_free) char *talk = play(&desk, keys[i], 80, &status);

		says(talk, "1/6");
		assert_int_equal(status, -EBADMSG);
		assert_int_equal(desk.stored_n, 0);
	}
}

static void a_question_is_gone_back_to_or_changed_at_the_end(void **state)
{
	struct desk desk = {0};
	int status;
	own(mem_free) char *talk =
		play(&desk, "180401\nwork\n<\nstudies\n\n\n\n\n6\n40\nyes\n", 80, &status);

	(void)state;
	assert_int_equal(status, 0);
	assert_stored(&desk, "exit_date=2018-04-01 exit_reason=studies hours=40 ");
	says(talk, "Now: Arbete");
}

static void a_required_answer_is_insisted_on_and_a_known_one_can_be_emptied(void **state)
{
	struct desk desk = {0};
	int status;
	own(mem_free) char *talk = play(&desk, "\n-\n180401\n-\n-\n\n\n\nyes\n", 80, &status);

	(void)state;
	assert_int_equal(status, 0);
	assert_stored(&desk, "exit_date=2018-04-01 exit_reason= income= ");
	says(talk, "this question needs an answer");
	says(talk, "Avslutsorsak: (emptied)");
}

static void help_says_what_may_be_typed_and_asks_again(void **state)
{
	struct desk desk = {0};
	int status;
	own(mem_free) char *talk = play(&desk, "?\n180401\n?\n\n\n\n\n\nyes\n", 80, &status);

	(void)state;
	assert_int_equal(status, 0);
	says(talk, "20180401 or 180401");
	says(talk, "\"exit_reason\"");
	says(talk, "work, studies, municipal, unit");
}

/* The first question going back stays where it is. */
static void the_first_question_cannot_be_gone_back_from(void **state)
{
	struct desk desk = {0};
	int status;
	own(mem_free) char *talk = play(&desk, "<\n180401\n\n\n\n\n\nyes\n", 80, &status);

	(void)state;
	assert_int_equal(status, 0);
	assert_stored(&desk, "exit_date=2018-04-01 ");
	says_not(talk, "0/6");
}

static void one_goes_to_a_question_and_ends_the_rest(void **state)
{
	struct desk desk = {0};
	int status;
	own(mem_free) char *talk =
		play(&desk, "180401\n/5\n/orsak\nstudier\n.\nyes\n", 80, &status);

	(void)state;
	assert_int_equal(status, 0);
	assert_stored(&desk, "exit_date=2018-04-01 exit_reason=studies ");
	says(talk, "5/6");
	says_not(talk, "4/6");
}

static void what_destroys_wants_the_case_typed(void **state)
{
	struct desk desk = {.destroys = true}, other = {.destroys = true};
	int status;
	own(mem_free) char *talk = play(&desk, "180401\n.\nyes\n17\n", 80, &status);
	own(mem_free) char *refused = NULL;

	(void)state;
	assert_int_equal(status, 0);
	assert_int_equal(desk.stored_n, 1);
	says(talk, "It goes for good.");
	says(talk, "Type 17 to go on");
	refused = play(&other, "180401\n.\nyes\nyes\n", 80, &status);
	assert_int_equal(status, -EBADMSG);
	assert_int_equal(other.stored_n, 0);
}

static void codes_are_asked_for_again_when_the_day_is_known(void **state)
{
	struct desk desk = {0};
	int status;
	own(mem_free) char *talk = play(&desk, "180401\n\n\n\n\n\nyes\n", 80, &status);

	(void)state;
	assert_int_equal(status, 0);
	assert_int_equal(desk.asked_n, 2);
	says(talk, "2/6  Avslutsorsak");
}

static void no_line_is_wider_than_sixty_columns(void **state)
{
	struct desk desk = {.warns = true};
	int status;
	own(mem_free) char *talk =
		play(&desk, "?\n180401\n?\nx\n\n?\n\n\n\n5000\nyes\n", 60, &status);

	(void)state;
	assert_int_equal(status, 0);
	/* What is typed would stand behind the prompt, and end its line. */
	for (char *prompt = strstr(talk, "> "); prompt != NULL; prompt = strstr(prompt, "> "))
		prompt[1] = '\n';
	for (char *line = strtok(talk, "\n"); line != NULL; line = strtok(NULL, "\n"))
		assert_true(text_width(line) <= 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_typed_is_judged_shown_and_stored_once),
		cmocka_unit_test(what_is_refused_is_asked_again_where_it_was_typed),
		cmocka_unit_test(a_misread_number_is_told_at_once_and_never_repeated),
		cmocka_unit_test(a_warning_asks_whether_to_store_anyway),
		cmocka_unit_test(who_says_no_or_leaves_stores_nothing),
		cmocka_unit_test(a_question_is_gone_back_to_or_changed_at_the_end),
		cmocka_unit_test(a_required_answer_is_insisted_on_and_a_known_one_can_be_emptied),
		cmocka_unit_test(help_says_what_may_be_typed_and_asks_again),
		cmocka_unit_test(the_first_question_cannot_be_gone_back_from),
		cmocka_unit_test(one_goes_to_a_question_and_ends_the_rest),
		cmocka_unit_test(what_destroys_wants_the_case_typed),
		cmocka_unit_test(codes_are_asked_for_again_when_the_day_is_known),
		cmocka_unit_test(no_line_is_wider_than_sixty_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
