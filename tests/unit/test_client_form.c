#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#undef fail /* lib/fail has its own */

#include "client/form_reply.h"
#include "lib/date.h"
#include "tests/unit/fixture_form.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct answer answer;
static struct form form;
static int32_t today;

static int setup(void **state)
{
	struct fault fault = {0};

	(void)state;
	add_form(&answer);
	today = date_from_civil(2018, 7, 10);
	return form_read(&answer, &form, &fault);
}

static int teardown(void **state)
{
	(void)state;
	answer_free(&answer);
	return 0;
}

static enum form_reply reply(const char *id, const char *typed,
			     char ret_value[static REQUEST_FIELD_BYTES], struct fault *fault)
{
	struct form_field *field = form_find(&form, id);

	assert_non_null(field);
	ret_value[0] = '\0';
	return form_reply(&form, field, typed, today, ret_value, fault);
}

static void assert_value(const char *id, const char *typed, const char *value)
{
	char got[REQUEST_FIELD_BYTES];
	struct fault fault = {0};

	assert_int_equal(reply(id, typed, got, &fault), REPLY_VALUE);
	assert_string_equal(got, value);
}

/* The fault says what to do, and never what was typed. */
static void assert_wrong(const char *id, const char *typed)
{
	char got[REQUEST_FIELD_BYTES];
	struct fault fault = {0};

	assert_int_equal(reply(id, typed, got, &fault), REPLY_WRONG);
	assert_string_equal(got, "");
	assert_true(fault.reason[0] != '\0' && fault.remedy[0] != '\0');
	assert_null(strstr(fault.reason, typed));
}

static void a_form_is_read_with_its_choices_and_what_is_known(void **state)
{
	(void)state;
	assert_int_equal(form.fields_n, 6);
	assert_string_equal(form.fields[0].label, "Avslutsdatum");
	assert_true(form.fields[0].is_required);
	assert_int_equal(form.fields[1].choices_n, 4);
	assert_string_equal(form.fields[1].value, "work");
	assert_null(form.fields[1].need);
	assert_string_equal(form.fields[3].need->text, "when asked");
	assert_string_equal(form.fields[0].hint->text, "a hint");
	assert_null(form_find(&form, "name"));
}

static void an_answer_that_is_no_form_is_told(void **state)
{
	own(answer_free) struct answer other = {0};
	own(mem_free) struct form *read = calloc(1, sizeof(*read));
	struct fault fault = {0};

	(void)state;
	assert_int_equal(form_read(&other, read, &fault), -EBADMSG);
	assert_string_equal(fault.code, "X010");
}

static void a_code_is_its_id_its_label_its_number_or_their_beginning(void **state)
{
	(void)state;
	assert_value("exit_reason", "studies", "studies");
	assert_value("exit_reason", " STUDIER ", "studies");
	assert_value("exit_reason", "2", "studies");
	assert_value("exit_reason", "stud", "studies");
	assert_value("exit_reason", "kommunal", "municipal");
	assert_value("exit_reason", "Kommun, arbetsmarknadsenhet", "unit");
	assert_wrong("exit_reason", "kommun");
	assert_wrong("exit_reason", "5");
	assert_wrong("exit_reason", "0");
	assert_wrong("exit_reason", "pension");
}

static void codes_that_are_numbers_are_typed_themselves(void **state)
{
	(void)state;
	assert_true(form_is_numbered(&form, form_find(&form, "closer")));
	assert_value("closer", "5", "5");
	assert_value("closer", "8", "8");
	assert_wrong("closer", "2");
}

static void a_set_is_several_answers_however_they_stand_apart(void **state)
{
	(void)state;
	assert_value("income", "1,4", "sickness|none");
	assert_value("income", "4 1", "none|sickness");
	assert_value("income", "Sjukpenning + wage", "sickness|wage");
	assert_value("income", "lön, eget företag", "wage");
	assert_value("income", "sjuke; ingen; 4", "sickcomp|none");
	assert_wrong("income", "sjuk");
	assert_wrong("income", "1, 9");
}

static void dates_are_typed_as_in_sweden(void **state)
{
	(void)state;
	assert_value("exit_date", "2018-04-01", "2018-04-01");
	assert_value("exit_date", "20180401", "2018-04-01");
	assert_value("exit_date", "180401", "2018-04-01");
	assert_value("exit_date", "idag", "2018-07-10");
	assert_value("exit_date", "I går", "2018-07-09");
	assert_wrong("exit_date", "1/4 2018");
	assert_wrong("exit_date", "1/4/2018");
	assert_wrong("exit_date", "2018-02-30");
}

static void a_month_stands_without_its_day(void **state)
{
	struct form_field field = {.id = "hours_month", .label = "Månad", .type = FORM_MONTH};
	char value[REQUEST_FIELD_BYTES] = "";
	struct fault fault = {0};

	(void)state;
	assert_int_equal(form_reply(&form, &field, "201804", today, value, &fault), REPLY_VALUE);
	assert_string_equal(value, "2018-04");
	assert_int_equal(form_reply(&form, &field, "2018-12", today, value, &fault), REPLY_VALUE);
	assert_string_equal(value, "2018-12");
	assert_int_equal(form_reply(&form, &field, "2018-13", today, value, &fault), REPLY_WRONG);
	assert_int_equal(form_reply(&form, &field, "april", today, value, &fault), REPLY_WRONG);
	assert_int_equal(form_reply(&form, &field, "19850304-2387", today, value, &fault),
			 REPLY_WRONG);
	assert_int_equal(form_reply(&form, &field, "180401", today, value, &fault), REPLY_VALUE);
	assert_string_equal(value, "2018-04");
}

static void a_token_has_twenty_digits_with_blanks_or_without(void **state)
{
	struct form_field field = {.id = "transfer_in_token", .label = "x", .type = FORM_TOKEN};
	char value[REQUEST_FIELD_BYTES] = "";
	struct fault fault = {0};

	(void)state;
	assert_int_equal(form_reply(&form, &field, "12345 67890 12345-67890", today, value, &fault),
			 REPLY_VALUE);
	assert_string_equal(value, "12345678901234567890");
	assert_int_equal(form_reply(&form, &field, "1234567890", today, value, &fault),
			 REPLY_WRONG);
}

static void a_count_is_a_whole_number(void **state)
{
	(void)state;
	assert_value("hours", "12", "12");
	assert_wrong("hours", "12,5");
	assert_wrong("hours", "tolv");
}

static void every_question_knows_the_same_signs(void **state)
{
	static const struct {
		const char *typed;
		enum form_reply reply;
	} signs[] = {{"", REPLY_KEEP},    {"   ", REPLY_KEEP}, {"-", REPLY_EMPTY},
		     {"?", REPLY_HELP},   {" < ", REPLY_BACK}, {".", REPLY_REST},
		     {"/hours", REPLY_GO}};
	char value[REQUEST_FIELD_BYTES];

	(void)state;
	for (size_t i = 0; i < array_n(signs); i++)
		for (size_t f = 0; f < form.fields_n; f++)
			assert_int_equal(reply(form.fields[f].id, signs[i].typed, value, NULL),
					 signs[i].reply);
}

static void a_question_is_gone_to_by_its_number_or_a_word_of_it(void **state)
{
	(void)state;
	assert_int_equal(form_reply_place(&form, 0, "5"), 4);
	assert_int_equal(form_reply_place(&form, 0, "FÖRSÖRJ"), 2);
	assert_int_equal(form_reply_place(&form, 4, "avsluts"), 0);
	assert_int_equal(form_reply_place(&form, 0, "avsluts"), 1);
	assert_int_equal(form_reply_place(&form, 0, "hours"), 5);
	assert_int_equal(form_reply_place(&form, 3, "9"), 3);
	assert_int_equal(form_reply_place(&form, 3, "nothing"), 3);
}

static void what_is_too_long_or_no_text_is_refused(void **state)
{
	char longest[REQUEST_FIELD_BYTES * 2];

	(void)state;
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_wrong("exit_reason", longest);
	assert_wrong("exit_reason", "\xff\xfe");
}

static void what_was_typed_is_carried_to_the_form_asked_again(void **state)
{
	own(mem_free) struct form *again = calloc(1, sizeof(*again));
	struct fault fault = {0};

	(void)state;
	assert_int_equal(form_read(&answer, again, &fault), 0);
	form.fields[1].is_typed = true;
	(void)strcpy(form.fields[1].typed, "studies");
	form_carry(&form, again);
	assert_true(again->fields[1].is_typed);
	assert_string_equal(again->fields[1].typed, "studies");
	assert_false(again->fields[0].is_typed);
	form.fields[1].is_typed = false;
}

static void only_what_was_typed_goes_into_the_request(void **state)
{
	own(mem_free) struct request *request = calloc(1, sizeof(*request));

	(void)state;
	form.fields[0].is_typed = form.fields[2].is_typed = true;
	(void)strcpy(form.fields[0].typed, "2018-04-01");
	form.fields[2].typed[0] = '\0';
	assert_int_equal(form_put(&form, request), 0);
	assert_int_equal(request->fields_n, 2);
	assert_string_equal(request_field(request, "exit_date"), "2018-04-01");
	assert_string_equal(request_field(request, "income"), "");
	assert_null(request_field(request, "exit_reason"));
	form.fields[0].is_typed = form.fields[2].is_typed = false;
}

static void values_are_read_by_their_labels_and_numbers_are_masked(void **state)
{
	static const struct {
		const char *id, *value, *shown;
	} rows[] = {
		{"income", "sickness|none", "Sjukpenning, Ingen"},
		{"exit_reason", "gone", "gone"},
		{"person_number", "197603122384", "1976031223**"},
		{"exit_date", "2018-04-01", "2018-04-01"},
	};

	(void)state;
	for (size_t i = 0; i < array_n(rows); i++) {
		own(buf_free) struct buf text = {0};

		form_add_value(&text, &form, form_find(&form, rows[i].id), rows[i].value);
		assert_string_equal(buf_text(&text), rows[i].shown);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_form_is_read_with_its_choices_and_what_is_known),
		cmocka_unit_test(an_answer_that_is_no_form_is_told),
		cmocka_unit_test(a_code_is_its_id_its_label_its_number_or_their_beginning),
		cmocka_unit_test(codes_that_are_numbers_are_typed_themselves),
		cmocka_unit_test(a_set_is_several_answers_however_they_stand_apart),
		cmocka_unit_test(dates_are_typed_as_in_sweden),
		cmocka_unit_test(a_month_stands_without_its_day),
		cmocka_unit_test(a_token_has_twenty_digits_with_blanks_or_without),
		cmocka_unit_test(a_count_is_a_whole_number),
		cmocka_unit_test(every_question_knows_the_same_signs),
		cmocka_unit_test(a_question_is_gone_to_by_its_number_or_a_word_of_it),
		cmocka_unit_test(what_is_too_long_or_no_text_is_refused),
		cmocka_unit_test(what_was_typed_is_carried_to_the_form_asked_again),
		cmocka_unit_test(only_what_was_typed_goes_into_the_request),
		cmocka_unit_test(values_are_read_by_their_labels_and_numbers_are_masked),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
