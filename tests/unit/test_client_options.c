#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "client/options.h"
#include "client/ask.h"
#include "lib/own.h"

#include <errno.h>
#include <string.h>

#define WORDS_MAX 16

/* A command line's words, NULL at the end. */
static int read_line(const char *line, struct options *options, struct fault *fault)
{
	static char text[512];
	static char *words[WORDS_MAX + 1];
	int n = 0;
	char *rest = text;

	(void)snprintf(text, sizeof(text), "%s", line);
	*fault = (struct fault){0};
	while (rest != NULL && n < WORDS_MAX)
		words[n++] = strsep(&rest, " ");
	words[n] = NULL;
	return options_read(n, words, options, fault);
}

static void mia_alone_is_status(void **state)
{
	struct options options;
	struct fault fault;

	(void)state;
	assert_int_equal(read_line("mia", &options, &fault), 0);
	assert_int_equal(options.command, COMMAND_STATUS);
	assert_int_equal(options.arguments_n, 0);
}

static void verbs_of_two_words_go_before_verbs_of_one(void **state)
{
	struct options options;
	struct fault fault;

	(void)state;
	assert_int_equal(read_line("mia import undo 12", &options, &fault), 0);
	assert_int_equal(options.command, COMMAND_IMPORT_UNDO);
	assert_string_equal(options.arguments[0], "12");
	assert_int_equal(read_line("mia import april.csv", &options, &fault), 0);
	assert_int_equal(options.command, COMMAND_IMPORT);
	assert_string_equal(options.arguments[0], "april.csv");
}

static void swedish_verbs_serve_with_and_without_dots(void **state)
{
	static const char *const lines[] = {"mia läge", "mia lage", "mia LÄGE", "mia status"};
	struct options options;
	struct fault fault;

	(void)state;
	for (size_t i = 0; i < array_n(lines); i++) {
		assert_int_equal(read_line(lines[i], &options, &fault), 0);
		assert_int_equal(options.command, COMMAND_STATUS);
	}
}

static void options_may_stand_anywhere(void **state)
{
	static const char *const lines[] = {
		"mia import april.csv --apply --socket /x",
		"mia --socket /x import --apply april.csv",
		"mia import --apply --socket=/x april.csv",
	};
	struct options options;
	struct fault fault;

	(void)state;
	for (size_t i = 0; i < array_n(lines); i++) {
		assert_int_equal(read_line(lines[i], &options, &fault), 0);
		assert_int_equal(options.command, COMMAND_IMPORT);
		assert_string_equal(options.arguments[0], "april.csv");
		assert_string_equal(options_value(&options, "socket"), "/x");
		assert_string_equal(options_value(&options, "apply"), "");
		assert_null(options_value(&options, "all-or-nothing"));
	}
}

static void what_follows_two_dashes_is_an_argument(void **state)
{
	struct options options;
	struct fault fault;

	(void)state;
	assert_int_equal(read_line("mia import -- --apply", &options, &fault), 0);
	assert_string_equal(options.arguments[0], "--apply");
	assert_null(options_value(&options, "apply"));
}

static void one_letter_means_what_its_command_says(void **state)
{
	struct options options;
	struct fault fault;

	(void)state;
	assert_int_equal(read_line("mia events -n 5", &options, &fault), 0);
	assert_string_equal(options_value(&options, "last"), "5");
	assert_int_equal(read_line("mia import undo 3 -n", &options, &fault), 0);
	assert_string_equal(options_value(&options, "dry-run"), "");
}

static void a_mistyped_verb_is_proposed_and_not_run(void **state)
{
	struct options options;
	struct fault fault;

	(void)state;
	assert_int_equal(read_line("mia statsu", &options, &fault), -EBADMSG);
	assert_string_equal(fault.code, "X001");
	assert_non_null(strstr(fault.remedy, "mia status"));
	assert_false(options.has_command);
}

static void a_mistyped_option_is_proposed(void **state)
{
	struct options options;
	struct fault fault;

	(void)state;
	assert_int_equal(read_line("mia totals --perod 2018", &options, &fault), -EBADMSG);
	assert_string_equal(fault.code, "X002");
	assert_non_null(strstr(fault.remedy, "--period"));
}

static void wrong_forms_are_refused_by_name(void **state)
{
	static const struct {
		const char *line, *reason;
	} cases[] = {
		{"mia import", "it needs more: mia import FILE"},
		{"mia sites x", "\"x\" is one word too many: mia sites "},
		{"mia totals --period", "option --period needs a value: PERIOD"},
		{"mia totals --all=yes", "option --all takes no value"},
		{"mia totals --period 2018 --period 2019", "option --period stands twice"},
		{"mia totals -x", "there is no option -x here"},
		{"mia totals -p", "option --period needs a value: PERIOD"},
		{"mia --nonsense", "there is no option --nonsense here"},
	};
	struct options options;
	struct fault fault;

	(void)state;
	for (size_t i = 0; i < array_n(cases); i++) {
		assert_int_equal(read_line(cases[i].line, &options, &fault), -EBADMSG);
		assert_string_equal(fault.code, "X002");
		assert_string_equal(fault.reason, cases[i].reason);
	}
}

static void help_on_a_command_needs_no_arguments(void **state)
{
	struct options options;
	struct fault fault;

	(void)state;
	assert_int_equal(read_line("mia import -h", &options, &fault), 0);
	assert_true(options.wants_help);
	assert_int_equal(options.command, COMMAND_IMPORT);
	assert_int_equal(read_line("mia --help", &options, &fault), 0);
	assert_true(options.wants_help);
	assert_false(options.has_command);
}

static void help_on_a_word_that_several_commands_begin_with_is_on_them(void **state)
{
	static const char *const lines[] = {"mia person -h", "mia person --help --lang sv",
					    "mia --lang sv nyckel -h", "mia site sing --help"};
	struct options options;
	struct fault fault;

	(void)state;
	for (size_t i = 0; i < array_n(lines); i++) {
		assert_int_equal(read_line(lines[i], &options, &fault), 0);
		assert_int_equal(options.command, COMMAND_HELP);
		assert_true(options.wants_help);
	}
	assert_string_equal(options.arguments[0], "site");
	assert_int_equal(read_line("mia person -- -h", &options, &fault), -EBADMSG);
	assert_int_equal(read_line("mia frog -h", &options, &fault), -EBADMSG);
	assert_string_equal(fault.code, "X001");
}

static void the_version_answers_to_the_custom_of_other_programs(void **state)
{
	struct options options;
	struct fault fault;

	(void)state;
	assert_int_equal(read_line("mia --version", &options, &fault), 0);
	assert_int_equal(options.command, COMMAND_VERSION);
}

static void the_wait_commands_own_timeout_goes_before_that_of_all(void **state)
{
	struct options options;
	struct fault fault;

	(void)state;
	assert_int_equal(read_line("mia wait --until contact --timeout 5", &options, &fault), 0);
	assert_string_equal(options_value(&options, "timeout"), "5");
	assert_int_equal(options.given[1].row->command, COMMAND_WAIT);
	assert_int_equal(read_line("mia sites --timeout 5", &options, &fault), 0);
	assert_int_equal(options.given[0].row->command, -1);
}

static void the_daemon_is_told_its_own_options_only(void **state)
{
	own(mem_free) struct request *request = calloc(1, sizeof(*request));
	struct options options;
	struct fault fault;

	(void)state;
	assert_non_null(request);
	assert_int_equal(read_line("mia import undo 7 --yes --dry-run --socket /x --format json",
				   &options, &fault),
			 0);
	assert_int_equal(ask_request(&options, LANGUAGE_SV, request, &fault), 0);
	assert_int_equal(request->command, COMMAND_IMPORT_UNDO);
	assert_int_equal(request->options_n, 1);
	assert_string_equal(request->options[0].name, "dry-run");
	assert_string_equal(request->arguments[0], "7");
}

static void a_text_the_wire_cannot_carry_is_refused(void **state)
{
	own(mem_free) struct request *request = calloc(1, sizeof(*request));
	struct options options;
	struct fault fault;
	char line[64];

	(void)state;
	assert_non_null(request);
	(void)snprintf(line, sizeof(line), "mia close 2018-\xC3");
	assert_int_equal(read_line(line, &options, &fault), 0);
	assert_int_equal(ask_request(&options, LANGUAGE_EN, request, &fault), -EBADMSG);
	assert_string_equal(fault.code, "X002");
}

static void assert_word(const char *word, const char *typed)
{
	own(buf_free) struct buf to = {0};

	options_add_word(&to, word);
	assert_string_equal(buf_text(&to), typed);
}

static void a_word_is_typed_as_a_shell_takes_it_and_moves_no_cursor(void **state)
{
	(void)state;
	assert_word("april.csv", "april.csv");
	assert_word("", "''");
	assert_word("it's april.csv", "'it'\\''s april.csv'");
	assert_word("\x1b[2J'\\.csv", "$'\\x1b[2J\\'\\\\.csv'");
	assert_word("\n\x7f", "$'\\x0a\\x7f'");
	assert_word("\xc2\x9b\xc3\xa5", "$'\\xc2\\x9b\xc3\xa5'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mia_alone_is_status),
		cmocka_unit_test(verbs_of_two_words_go_before_verbs_of_one),
		cmocka_unit_test(swedish_verbs_serve_with_and_without_dots),
		cmocka_unit_test(options_may_stand_anywhere),
		cmocka_unit_test(what_follows_two_dashes_is_an_argument),
		cmocka_unit_test(one_letter_means_what_its_command_says),
		cmocka_unit_test(a_mistyped_verb_is_proposed_and_not_run),
		cmocka_unit_test(a_mistyped_option_is_proposed),
		cmocka_unit_test(wrong_forms_are_refused_by_name),
		cmocka_unit_test(help_on_a_command_needs_no_arguments),
		cmocka_unit_test(help_on_a_word_that_several_commands_begin_with_is_on_them),
		cmocka_unit_test(the_version_answers_to_the_custom_of_other_programs),
		cmocka_unit_test(the_wait_commands_own_timeout_goes_before_that_of_all),
		cmocka_unit_test(the_daemon_is_told_its_own_options_only),
		cmocka_unit_test(a_text_the_wire_cannot_carry_is_refused),
		cmocka_unit_test(a_word_is_typed_as_a_shell_takes_it_and_moves_no_cursor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
