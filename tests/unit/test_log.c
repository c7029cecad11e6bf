#include "lib/log.h"
#include "lib/own.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "lib/fail.h" /* after cmocka.h, which has a fail() of its own */

/* stderr goes to a file without a name while a line is written; text gets what arrived there. */
static int stderr_kept = -1;

static void begin_capture(void)
{
	own(fd_close) int fd = open("/tmp", O_TMPFILE | O_RDWR, 0600);

	assert_true(fd >= 0);
	stderr_kept = dup(STDERR_FILENO);
	assert_int_equal(dup2(fd, STDERR_FILENO), STDERR_FILENO);
}

static void end_capture(char *text, size_t size)
{
	ssize_t n = pread(STDERR_FILENO, text, size - 1, 0);

	assert_int_equal(dup2(stderr_kept, STDERR_FILENO), STDERR_FILENO);
	fd_close(&stderr_kept);
	assert_true(n >= 0);
	text[n] = '\0';
}

static void an_event_is_one_line_of_pairs(void **state)
{
	char text[256];

	(void)state;
	begin_capture();
	log_event(LOG_INFO, "release_sent", "site=%s n=%d", "haninge", 7);
	log_event(LOG_INFO, "closing", "%s", "");
	end_capture(text, sizeof(text));
	assert_string_equal(text, "release_sent site=haninge n=7\nclosing\n");
}

static void control_characters_cannot_forge_a_line(void **state)
{
	char text[256];

	(void)state;
	begin_capture();
	log_event(LOG_INFO, "peer", "name=\"%s\"", "a\nrelease_sent\x1b[2J\x7f\xc2\x9b\xc3\xa5");
	end_capture(text, sizeof(text));
	assert_string_equal(text,
			    "peer name=\"a\\x0arelease_sent\\x1b[2J\\x7f\\xc2\\x9b\xc3\xa5\"\n");
}

static void a_priority_above_the_limit_is_not_written(void **state)
{
	char text[256];

	(void)state;
	begin_capture();
	log_event(LOG_DEBUG, "too_fine", "n=%d", 1);
	log_limit(LOG_DEBUG);
	log_event(LOG_DEBUG, "fine", "n=%d", 2);
	log_limit(LOG_CRIT);
	log_event(LOG_ERR, "lost", "n=%d", 3);
	log_failure("lost", -EIO, "n=%d", 4);
	log_limit(LOG_INFO);
	end_capture(text, sizeof(text));
	assert_string_equal(text, "fine n=2\n");
}

static void a_failure_tells_its_text_and_origin(void **state)
{
	char text[256];
	char expected[256];
	int code;

	(void)state;
	begin_capture();
	(void)snprintf(expected, sizeof(expected),
		       "store_failed path=x error=\"No space left on device\" "
		       "origin=tests/unit/test_log.c:%d\n",
		       __LINE__ + 1);
	code = fail(-ENOSPC);
	log_failure("store_failed", code, "path=%s", "x");
	end_capture(text, sizeof(text));
	assert_string_equal(text, expected);
}

static void a_line_too_long_is_cut_and_still_one_line(void **state)
{
	static char value[10000];
	static char text[20000];

	(void)state;
	memset(value, 'y', sizeof(value) - 1);
	begin_capture();
	log_event(LOG_INFO, "long", "value=%s", value);
	memset(value, '\x01', sizeof(value) - 1);
	log_failure("long", -EIO, "value=%s", value);
	end_capture(text, sizeof(text));
	assert_memory_equal(text, "long value=yyy", 14);
	assert_true(strlen(text) < 5000);
	assert_int_equal(text[strlen(text) - 1], '\n');
	assert_ptr_equal(strchr(strchr(text, '\n') + 1, '\n'), text + strlen(text) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_is_one_line_of_pairs),
		cmocka_unit_test(control_characters_cannot_forge_a_line),
		cmocka_unit_test(a_priority_above_the_limit_is_not_written),
		cmocka_unit_test(a_failure_tells_its_text_and_origin),
		cmocka_unit_test(a_line_too_long_is_cut_and_still_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
