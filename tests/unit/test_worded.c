#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "proto/worded.h"
#include "tests/unit/fixture_words.h"

static void a_rule_is_said_in_the_language_asked(void **state)
{
	const struct programme programme = words_programme();
	own(buf_free) struct buf english = {0}, swedish = {0};

	(void)state;
	worded_rules(&programme, out_rules, 2, LANGUAGE_EN, &english);
	assert_string_equal(buf_text(&english), "Destination: Out to work; or Age: not Young, "
						"Older and Destination: Out to work");
	worded_rules(&programme, out_rules, 2, LANGUAGE_SV, &swedish);
	assert_string_equal(buf_text(&swedish), "Mål: Ut i arbete; eller Ålder: inte Ung, Äldre "
						"och Mål: Ut i arbete");
}

static void no_rule_is_no_word(void **state)
{
	const struct programme programme = words_programme();
	own(buf_free) struct buf words = {0};

	(void)state;
	worded_rules(&programme, NULL, 0, LANGUAGE_EN, &words);
	assert_int_equal(words.n, 0);
}

static const char *span_of(int32_t from, int32_t to, struct buf *words)
{
	worded_span((struct programme_span){from, to}, words);
	return words->n > 0 ? buf_text(words) : "";
}

static void a_span_leaves_out_an_open_end(void **state)
{
	own(buf_free) struct buf both = {0}, from = {0}, to = {0}, none = {0};

	(void)state;
	assert_string_equal(span_of(DAY_2018, DAY_2018 + 30, &both), "2018-01-01..2018-01-31");
	assert_string_equal(span_of(DAY_2018, INT32_MAX, &from), "2018-01-01..");
	assert_string_equal(span_of(INT32_MIN, DAY_2018, &to), "..2018-01-01");
	assert_string_equal(span_of(INT32_MIN, INT32_MAX, &none), "");
}

static void a_group_is_its_codes_or_its_bounds(void **state)
{
	const struct programme programme = words_programme();
	own(buf_free) struct buf codes = {0}, closed = {0}, open = {0};

	(void)state;
	worded_group(&programme, &word_variables[REASON], &reason_groups[0], LANGUAGE_SV, &codes);
	assert_string_equal(buf_text(&codes), "Arbete, Studier");
	worded_group(&programme, &word_variables[AGE], &age_groups[0], LANGUAGE_SV, &closed);
	assert_string_equal(buf_text(&closed), "16-24");
	worded_group(&programme, &word_variables[AGE], &age_groups[1], LANGUAGE_SV, &open);
	assert_string_equal(buf_text(&open), "25-");
}

static void every_kind_and_cadence_has_its_sentence(void **state)
{
	(void)state;
	for (int kind = 0; kind < KIND_N; kind++)
		assert_int_equal(strncmp(worded_kind((enum programme_kind)kind), "%1 counts ", 10),
				 0);
	assert_string_not_equal(worded_cadence(CADENCE_MONTH), worded_cadence(CADENCE_QUARTER));
	assert_string_not_equal(worded_cadence(CADENCE_YEAR), worded_cadence(CADENCE_QUARTER));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_is_said_in_the_language_asked),
		cmocka_unit_test(no_rule_is_no_word),
		cmocka_unit_test(a_span_leaves_out_an_open_end),
		cmocka_unit_test(a_group_is_its_codes_or_its_bounds),
		cmocka_unit_test(every_kind_and_cadence_has_its_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
