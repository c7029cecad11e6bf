#include "lib/ini.h"
#include "lib/buf.h"
#include "lib/file.h"
#include "lib/own.h"

#include <errno.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static int write_down(void *context, const struct ini_line *line, struct fault *fault)
{
	(void)fault;
	buf_printf(context, "%u[%s]%s=%s\n", line->line, line->section, line->key, line->value);
	return 0;
}

static void check(const char *text, const char *expected)
{
	own(buf_free) struct buf seen = {0};
	struct fault fault = {0};

	assert_int_equal(ini_read_bytes("a.ini", text, strlen(text), write_down, &seen, &fault), 0);
	assert_string_equal(buf_text(&seen), expected);
	assert_string_equal(fault.code, "");
}

static void check_refused_bytes(const char *text, size_t n, const char *code, const char *place)
{
	own(buf_free) struct buf seen = {0};
	struct fault fault = {0};

	assert_int_equal(ini_read_bytes("a.ini", text, n, write_down, &seen, &fault), -EBADMSG);
	assert_string_equal(fault.code, code);
	assert_string_equal(fault.place, place);
	assert_true(strlen(fault.reason) > 0 && strlen(fault.remedy) > 0);
	assert_int_equal(ini_read_bytes("a.ini", text, n, write_down, &seen, NULL), -EBADMSG);
}

static void check_refused(const char *text, const char *code, const char *place)
{
	check_refused_bytes(text, strlen(text), code, place);
}

static void every_pair_comes_with_its_section_and_line(void **state)
{
	(void)state;
	check("", "");
	check("[a]\nx = 1\n\n; note\n# note\n[b c]\r\n  y=2 3  \r\nz =",
	      "2[a]x=1\n7[b c]y=2 3\n8[b c]z=\n");
	check("\xef\xbb\xbf[a]\nx = 1", "2[a]x=1\n");
	check("[ a ]\nsv = \xc3\xa5r", "2[a]sv=\xc3\xa5r\n");
}

static void a_value_may_hold_what_elsewhere_divides(void **state)
{
	(void)state;
	check("[a]\nx = a=b:c;d [e] # f\ny =;x", "2[a]x=a=b:c;d [e] # f\n3[a]y=;x\n");
}

static void an_indented_line_is_a_pair_of_its_own(void **state)
{
	(void)state;
	check("[a]\nx = 1\n  y = 2\n", "2[a]x=1\n3[a]y=2\n");
	check_refused("[a]\nx = 1\n  more of it\n", "C005", "a.ini:3");
}

static void fill(struct buf *buf, const char *before, size_t n, const char *after)
{
	buf_add_text(buf, before);
	memset(buf_extend(buf, n), 'x', n);
	buf_add_text(buf, after);
}

static void a_line_of_200_bytes_is_refused_and_one_of_199_is_not(void **state)
{
	own(buf_free) struct buf text = {0};
	own(buf_free) struct buf expected = {0};

	(void)state;
	fill(&text, "[a]\nk=", 197, "\n");
	fill(&expected, "2[a]k=", 197, "\n");
	check(buf_text(&text), buf_text(&expected));
	fill(&text, "k=", 198, "\n");
	check_refused(buf_text(&text), "C001", "a.ini:3");
	buf_clear(&text);
	fill(&text, "#", 300000, "\n");
	check_refused(buf_text(&text), "C001", "a.ini:1");
}

static void a_section_name_of_50_bytes_is_refused_and_one_of_49_is_not(void **state)
{
	own(buf_free) struct buf text = {0};
	own(buf_free) struct buf expected = {0};

	(void)state;
	fill(&text, "[", 49, "]\nk=1\n");
	fill(&expected, "2[", 49, "]k=1\n");
	check(buf_text(&text), buf_text(&expected));
	fill(&text, "[", 50, "]\n");
	check_refused(buf_text(&text), "C002", "a.ini:3");
}

static void a_long_key_comes_whole(void **state)
{
	own(buf_free) struct buf text = {0};
	own(buf_free) struct buf expected = {0};

	(void)state;
	fill(&text, "[a]\n", 150, "=1\n");
	fill(&expected, "2[a]", 150, "=1\n");
	check(buf_text(&text), buf_text(&expected));
}

static void what_inih_would_take_for_a_comment_is_refused(void **state)
{
	(void)state;
	check_refused("[a]\nx = 1 ; one\n", "C003", "a.ini:2");
	check_refused("[a]\nx = ;\n", "C003", "a.ini:2");
	check_refused("[a]\nx = 1\t;2\n", "C003", "a.ini:2");
	check_refused("[a]\nx ;y = 1\n", "C003", "a.ini:2");
	check("[a]\nx = 1;2\n", "2[a]x=1;2\n");
}

static void only_utf8_without_nul_is_read(void **state)
{
	(void)state;
	check_refused("[a]\nx = \xe5r\n", "C004", "a.ini:2");
	check_refused_bytes("[a]\nx = 1\0\n", 11, "C004", "a.ini:2");
	check_refused_bytes("\0", 1, "C004", "a.ini:1");
	check_refused("# caf\xe9\n", "C004", "a.ini:1");
}

static void a_line_that_is_nothing_known_is_refused(void **state)
{
	static const char *const refused[] = {"x",   "= 1", "[a",   "[a] x",   "[a]]",   "[]",
					      "[ ]", "a]",  "x: 1", "x:y = 1", "[b ;c]", "[b] ; c"};

	(void)state;
	for (size_t i = 0; i < array_n(refused); i++) {
		char text[64];

		(void)snprintf(text, sizeof(text), "[a]\ny = 2\n%s\n", refused[i]);
		check_refused(text, "C005", "a.ini:3");
	}
}

static void a_key_before_any_section_is_refused(void **state)
{
	(void)state;
	check_refused("# note\nx = 1\n[a]\n", "C006", "a.ini:2");
}

static int refuse_y(void *context, const struct ini_line *line, struct fault *fault)
{
	char place[256];

	(*(unsigned *)context)++;
	ini_place(place, "a.ini", line->line);
	return strcmp(line->key, "y") == 0
		       ? fault_set(fault, "P001", place, "drop it", "no %s", line->key)
		       : 0;
}

static void a_readers_complaint_stops_the_reading(void **state)
{
	static const char text[] = "[a]\nx = 1\ny = 2\nz = 3\nrubbish\n";
	struct fault fault = {0};
	unsigned lines = 0;

	(void)state;
	assert_int_equal(ini_read_bytes("a.ini", text, sizeof(text) - 1, refuse_y, &lines, &fault),
			 -EBADMSG);
	assert_string_equal(fault.code, "P001");
	assert_string_equal(fault.place, "a.ini:3");
	assert_int_equal(lines, 2);
}

static int stop(void *context, const struct ini_line *line, struct fault *fault)
{
	(void)context;
	(void)line;
	(void)fault;
	return -ECANCELED;
}

static void a_readers_own_answer_is_returned(void **state)
{
	struct fault fault = {0};

	(void)state;
	assert_int_equal(ini_read_bytes("a.ini", "[a]\nx=1\nrubbish", 15, stop, NULL, &fault),
			 -ECANCELED);
	assert_string_equal(fault.code, "");
}

static void a_file_is_named_in_its_faults(void **state)
{
	char path[] = "/tmp/mia-test-ini-XXXXXX";
	char place[64];
	own(buf_free) struct buf seen = {0};
	own(fd_close) int fd = mkstemp(path);
	struct fault fault = {0};

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(file_write(path, "[a]\nx = 1\nrubbish\n", 18, 0600), 0);
	assert_int_equal(ini_read_file(path, write_down, &seen, &fault), -EBADMSG);
	(void)snprintf(place, sizeof(place), "%s:3", path);
	assert_string_equal(fault.place, place);
	assert_string_equal(buf_text(&seen), "2[a]x=1\n");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(ini_read_file(path, write_down, &seen, &fault), -EBADMSG);
	assert_string_equal(fault.code, "C007");
	assert_string_equal(fault.place, path);
}

static void a_place_keeps_its_line_however_long_the_name(void **state)
{
	char name[600];
	char place[256];

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	ini_place(place, name, 4294967295u);
	assert_string_equal(strchr(place, ':'), ":4294967295");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pair_comes_with_its_section_and_line),
		cmocka_unit_test(a_value_may_hold_what_elsewhere_divides),
		cmocka_unit_test(an_indented_line_is_a_pair_of_its_own),
		cmocka_unit_test(a_line_of_200_bytes_is_refused_and_one_of_199_is_not),
		cmocka_unit_test(a_section_name_of_50_bytes_is_refused_and_one_of_49_is_not),
		cmocka_unit_test(a_long_key_comes_whole),
		cmocka_unit_test(what_inih_would_take_for_a_comment_is_refused),
		cmocka_unit_test(only_utf8_without_nul_is_read),
		cmocka_unit_test(a_line_that_is_nothing_known_is_refused),
		cmocka_unit_test(a_key_before_any_section_is_refused),
		cmocka_unit_test(a_readers_complaint_stops_the_reading),
		cmocka_unit_test(a_readers_own_answer_is_returned),
		cmocka_unit_test(a_file_is_named_in_its_faults),
		cmocka_unit_test(a_place_keeps_its_line_however_long_the_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
