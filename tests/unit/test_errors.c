#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "lib/text.h"
#include "proto/errors.h"

static void every_code_is_a_letter_and_three_digits(void **state)
{
	size_t n;
	const struct error_row *rows = error_rows(&n);

	(void)state;
	assert_true(n > 0);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(strlen(rows[i].code), 4);
		assert_non_null(strchr("CDHIJPRSVWX", rows[i].code[0]));
		assert_int_equal(strspn(rows[i].code + 1, "0123456789"), 3);
	}
}

static void every_code_stands_once(void **state)
{
	size_t n;
	const struct error_row *rows = error_rows(&n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		assert_ptr_equal(error_find(rows[i].code), &rows[i]);
}

static void an_unknown_code_has_no_row(void **state)
{
	(void)state;
	assert_null(error_find("X999"));
	assert_null(error_find(""));
}

static void every_row_says_what_and_what_to_do_in_both_languages(void **state)
{
	size_t n;
	const struct error_row *rows = error_rows(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const char *texts[] = {rows[i].en, rows[i].sv, rows[i].remedy_en,
				       rows[i].remedy_sv};

		for (size_t t = 0; t < 4; t++) {
			assert_true(strlen(texts[t]) > 3);
			assert_true(text_is_utf8(texts[t], strlen(texts[t])));
		}
		assert_string_not_equal(rows[i].en, rows[i].sv);
	}
}

static void no_error_exits_as_good(void **state)
{
	size_t n;
	const struct error_row *rows = error_rows(&n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		assert_int_not_equal(rows[i].exit, EXIT_GOOD);
	assert_int_equal(error_find("X002")->exit, EXIT_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_is_a_letter_and_three_digits),
		cmocka_unit_test(every_code_stands_once),
		cmocka_unit_test(an_unknown_code_has_no_row),
		cmocka_unit_test(every_row_says_what_and_what_to_do_in_both_languages),
		cmocka_unit_test(no_error_exits_as_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
