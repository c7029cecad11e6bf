#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "lib/own.h"
#include "proto/errors.h"
#include "proto/jsonline.h"

#include <errno.h>
#include <string.h>

static void a_line_is_one_object_with_bytes_as_hex(void **state)
{
	own(buf_free) struct buf lines = {0};
	const struct jsonline to = {&lines, 1000};
	const uint8_t bytes[] = {0x00, 0xab, 0xff};

	(void)state;
	jsonline_start(&to, "result");
	jsonline_text(&to, "site", "a\"b\\c");
	jsonline_number(&to, "period", -7);
	jsonline_bool(&to, "rehearsal", true);
	jsonline_hex(&to, "body", bytes, sizeof(bytes));
	assert_int_equal(jsonline_end(&to), 0);
	assert_string_equal(buf_text(&lines),
			    "{\"kind\":\"result\",\"site\":\"a\\\"b\\\\c\",\"period\":-7,"
			    "\"rehearsal\":true,\"body\":\"00abff\"}\n");
}

static void hex_is_whole_over_any_length(void **state)
{
	own(buf_free) struct buf lines = {0};
	const struct jsonline to = {&lines, 10000};
	uint8_t bytes[600];

	(void)state;
	memset(bytes, 0x5a, sizeof(bytes));
	jsonline_hex(&to, "x", bytes, sizeof(bytes));
	assert_int_equal(lines.n, strlen(",\"x\":\"\"") + 2 * sizeof(bytes));
}

static void what_does_not_fit_an_answer_is_refused_by_name(void **state)
{
	own(buf_free) struct buf lines = {0};
	own(answer_free) struct answer answer = {0};
	const struct jsonline to = {&lines, 20};

	(void)state;
	assert_int_equal(jsonline_event(&to, 1, 2, "released n=1"), -EMSGSIZE);
	assert_int_equal(jsonline_answer(-EMSGSIZE, &answer), 0);
	assert_int_not_equal(answer.exit, EXIT_GOOD);
	assert_string_equal(answer.sheets[0]->schema, "mia.error/1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_one_object_with_bytes_as_hex),
		cmocka_unit_test(hex_is_whole_over_any_length),
		cmocka_unit_test(what_does_not_fit_an_answer_is_refused_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
