#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "lib/own.h"
#include "lib/pack.h"
#include "proto/command.h"
#include "proto/errors.h"

/* "import undo 12" as the words mia was called with. */
static int find(const char *line, size_t *ret_taken)
{
	char copy[128];
	const char *words[8];
	size_t n = 0;

	(void)snprintf(copy, sizeof(copy), "%s", line);
	for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " "))
		words[n++] = word;
	return command_find(words, n, ret_taken);
}

static void assert_found(const char *line, enum command command, size_t taken)
{
	size_t took = 99;

	assert_int_equal(find(line, &took), command);
	assert_int_equal(took, taken);
}

static void the_longest_words_win(void **state)
{
	(void)state;
	assert_found("import april.csv", COMMAND_IMPORT, 1);
	assert_found("import undo 12", COMMAND_IMPORT_UNDO, 2);
	assert_found("config show", COMMAND_CONFIG_SHOW, 2);
	assert_found("totals", COMMAND_TOTALS, 1);
}

static void swedish_names_count_with_and_without_dots(void **state)
{
	(void)state;
	assert_found("läge", COMMAND_STATUS, 1);
	assert_found("lage", COMMAND_STATUS, 1);
	assert_found("LÄGE", COMMAND_STATUS, 1);
	assert_found("läs-in ångra 3", COMMAND_IMPORT_UNDO, 2);
	assert_found("las-in angra 3", COMMAND_IMPORT_UNDO, 2);
	assert_found("läs-in fil.csv", COMMAND_IMPORT, 1);
}

static void an_unknown_word_finds_nothing_but_its_neighbour(void **state)
{
	size_t took = 99;

	(void)state;
	assert_int_equal(find("totalt", &took), -1);
	assert_int_equal(find("config", &took), -1);
	assert_int_equal(command_find(NULL, 0, &took), -1);
	assert_int_equal(took, 99);
	assert_string_equal(command_nearest("totalt"), "totals");
	assert_string_equal(command_nearest("stauts"), "status");
	assert_string_equal(command_nearest("sumor"), "totals");
	assert_string_equal(command_nearest("programe"), "programme check");
	assert_null(command_nearest("zzzzzzzzzzzz"));
}

static void a_first_word_is_known_in_both_languages(void **state)
{
	(void)state;
	assert_true(command_begins(COMMAND_IMPORT_UNDO, "import"));
	assert_true(command_begins(COMMAND_IMPORT_UNDO, "läs-in"));
	assert_true(command_begins(COMMAND_PERSON_FIND, "Person"));
	assert_false(command_begins(COMMAND_IMPORT, "import"));
	assert_false(command_begins(COMMAND_PERSON_FIND, "find"));
}

static void every_name_is_of_one_command(void **state)
{
	(void)state;
	for (int i = 0; i < COMMAND_N; i++) {
		char names[256];
		char *rest = NULL;

		(void)snprintf(names, sizeof(names), "%s,%s", command_row(i)->words,
			       command_row(i)->alias);
		for (char *name = strtok_r(names, ",", &rest); name != NULL;
		     name = strtok_r(NULL, ",", &rest)) {
			char copy[128];
			const char *words[8];
			char *inner = NULL;
			size_t n = 0, took;

			(void)snprintf(copy, sizeof(copy), "%s", name);
			for (char *word = strtok_r(copy, " ", &inner); word != NULL;
			     word = strtok_r(NULL, " ", &inner))
				words[n++] = word;
			assert_int_equal(command_find(words, n, &took), i);
			assert_int_equal(took, n);
		}
	}
}

static void every_row_is_sound(void **state)
{
	size_t n;
	const struct command_option *options = command_options(&n);

	(void)state;
	for (int i = 0; i < COMMAND_N; i++) {
		const struct command_row *row = command_row(i);

		assert_true(row->place >= AT_SITE && row->place <= AT_CLIENT);
		assert_true(row->arguments_least <= row->arguments_most);
		assert_true(row->arguments_most <=
			    (row->place == AT_CLIENT ? COMMAND_ARGUMENTS_MAX : 8));
		assert_true(row->summary[0] != '\0' && row->examples[0] == '$');
		assert_int_equal(row->usage[0] == '\0', row->arguments_most == 0);
	}
	for (size_t i = 0; i < n; i++) {
		assert_true(strlen(options[i].name) < 32);
		for (size_t j = 0; j < i; j++)
			assert_true(options[i].command != options[j].command ||
				    (strcmp(options[i].name, options[j].name) != 0 &&
				     (options[i].letter == 0 ||
				      options[i].letter != options[j].letter)));
	}
}

static struct request sample(void)
{
	struct request request = {
		.command = COMMAND_IMPORT,
		.arguments = {"åäö april.csv"},
		.arguments_n = 1,
		.options = {{"apply", ""}, {"encoding", "windows-1252"}, {"format", "json"}},
		.options_n = 3,
		.language = LANGUAGE_EN,
		.stream_bytes = 70000,
	};

	return request;
}

static void a_request_comes_back_as_it_was_packed(void **state)
{
	own(buf_free) struct buf bytes = {0}, again = {0};
	struct request request = sample(), back;
	struct fault fault = {0};

	(void)state;
	assert_int_equal(request_pack(&request, &bytes), 0);
	assert_int_equal(request_unpack(bytes.data, bytes.n, &back, &fault), 0);
	assert_int_equal(back.command, COMMAND_IMPORT);
	assert_string_equal(back.arguments[0], "åäö april.csv");
	assert_int_equal(back.language, LANGUAGE_EN);
	assert_int_equal(back.stream_bytes, 70000);
	assert_int_equal(request_pack(&back, &again), 0);
	assert_int_equal(again.n, bytes.n);
	assert_memory_equal(again.data, bytes.data, bytes.n);
	assert_string_equal(request_option(&back, "encoding"), "windows-1252");
	assert_string_equal(request_option(&back, "apply"), "");
	assert_null(request_option(&back, "rejects"));
}

static void the_largest_request_fits_a_packet(void **state)
{
	own(buf_free) struct buf bytes = {0};
	struct request request = {.command = COMMAND_IMPORT, .arguments_n = 8, .options_n = 16};

	(void)state;
	for (size_t i = 0; i < 8; i++)
		memset(request.arguments[i], 'a', COMMAND_TEXT_BYTES - 1);
	for (size_t i = 0; i < 16; i++) {
		memset(request.options[i].name, 'n', sizeof(request.options[i].name) - 1);
		memset(request.options[i].value, 'v', COMMAND_TEXT_BYTES - 1);
	}
	assert_int_equal(request_pack(&request, &bytes), 0);
	assert_true(bytes.n <= COMMAND_PACKET_BYTES);
}

/* Packs, unpacks, and gives the code of the refusal. */
static void assert_refused(const struct request *request, const char *code)
{
	own(buf_free) struct buf bytes = {0};
	struct request back = {.stream_bytes = 4711};
	struct fault fault = {0};

	assert_int_equal(request_pack(request, &bytes), 0);
	assert_int_equal(request_unpack(bytes.data, bytes.n, &back, &fault),
			 strcmp(code, "X001") == 0 ? -ENOENT : -EBADMSG);
	assert_string_equal(fault.code, code);
	assert_int_equal(back.stream_bytes, 4711);
	assert_non_null(error_find(code));
}

static void arity_and_options_are_held_to_the_table(void **state)
{
	struct request request = sample();

	(void)state;
	request.arguments_n = 0;
	assert_refused(&request, "X002");
	request.arguments_n = 2;
	assert_refused(&request, "X002");
	request = sample();
	(void)strcpy(request.options[1].name, "until"); /* WAIT's, not IMPORT's */
	assert_refused(&request, "X002");
	request = sample();
	(void)strcpy(request.options[1].name, "format"); /* twice */
	assert_refused(&request, "X002");
	request = sample();
	(void)strcpy(request.options[0].value, "yes"); /* a switch */
	assert_refused(&request, "X002");
	request = sample();
	request.command = COMMAND_EXPLAIN; /* mia's own */
	assert_refused(&request, "X001");
}

static void an_unknown_command_is_told_from_a_malformed_request(void **state)
{
	static const char unknown[] = "\x97\x01\xa3"
				      "fly\x90\x90\x00\x00\x90";
	static const struct {
		const char *bytes;
		size_t n;
	} malformed[] = {
		{"", 0},
		{"\x97\x01", 2},
		{"\x97\x02\xa5sites\x90\x90\x00\x00\x90", 13}, /* version 2 */
		{"\x97\x01\xa5sites\x90\x90\x02\x00\x90", 13}, /* language 2 */
		{"\x97\x01\xa5sites\x90\x90\x00\x00\x90\x00", 14}, /* trailing */
		{"\x96\x01\xa5sites\x90\x90\x00\x00", 12}, /* six elements */
		{"\x97\x01\xa5sites\xdd\xff\xff\xff\xff", 13}, /* 4 G arguments */
		{"\x97\x01\xa5si\x1bss\x90\x90\x00\x00\x90", 13}, /* ESC */
		{"\x97\x01\xa5sites\x90\x90\x00\x00\x91\x91\xa1s", 16}, /* half a field */
	};
	struct request back;
	struct fault fault = {0};

	(void)state;
	assert_int_equal(request_unpack(unknown, sizeof(unknown) - 1, &back, &fault), -ENOENT);
	assert_string_equal(fault.code, "X001");
	for (size_t i = 0; i < array_n(malformed); i++) {
		assert_int_equal(request_unpack(malformed[i].bytes, malformed[i].n, &back, &fault),
				 -EBADMSG);
		assert_string_equal(fault.code, "X010");
	}
	assert_int_equal(request_unpack(malformed[2].bytes, 0, &back, NULL), -EBADMSG);
}

static struct request with_fields(void)
{
	struct request request = {
		.command = COMMAND_IMPORT_UNDO,
		.arguments = {"12"},
		.arguments_n = 1,
		.fields = {{"sex", "kvinna"}, {"phone", ""}},
		.fields_n = 2,
	};

	return request;
}

static void fields_travel_beside_the_command_line(void **state)
{
	own(buf_free) struct buf bytes = {0};
	struct request request = with_fields(), back;

	(void)state;
	assert_int_equal(request_pack(&request, &bytes), 0);
	assert_int_equal(request_unpack(bytes.data, bytes.n, &back, NULL), 0);
	assert_string_equal(request_field(&back, "sex"), "kvinna");
	assert_string_equal(request_field(&back, "phone"), "");
	assert_null(request_field(&back, "exit_date"));
}

static void a_field_without_a_name_or_named_twice_is_refused(void **state)
{
	struct request request = with_fields();

	(void)state;
	(void)strcpy(request.fields[1].id, "sex");
	assert_refused(&request, "X002");
	request.fields[1].id[0] = '\0';
	assert_refused(&request, "X002");
}

static void fields_that_fill_more_than_a_packet_are_not_packed(void **state)
{
	own(buf_free) struct buf bytes = {0};
	struct request request = {.command = COMMAND_IMPORT, .arguments_n = 8, .options_n = 16};

	(void)state;
	for (size_t i = 0; i < 8; i++)
		memset(request.arguments[i], 'a', COMMAND_TEXT_BYTES - 1);
	for (size_t i = 0; i < 16; i++)
		memset(request.options[i].value, 'v', COMMAND_TEXT_BYTES - 1);
	for (request.fields_n = 0; request.fields_n < REQUEST_FIELDS_MAX; request.fields_n++) {
		memset(request.fields[request.fields_n].id, 'f', PROGRAMME_ID_BYTES - 1);
		memset(request.fields[request.fields_n].text, 't', REQUEST_FIELD_BYTES - 1);
	}
	assert_int_equal(request_pack(&request, &bytes), -EMSGSIZE);
}

static void a_wiped_request_has_no_field_left(void **state)
{
	static const char nothing[sizeof(((struct request *)NULL)->fields)];
	struct request request = with_fields();

	(void)state;
	request_wipe(&request);
	assert_int_equal(request.fields_n, 0);
	assert_memory_equal(request.fields, nothing, sizeof(nothing));
	assert_string_equal(request.arguments[0], "12");
}

static void every_truncation_of_a_request_is_refused(void **state)
{
	own(buf_free) struct buf bytes = {0};
	struct request request = sample(), back;

	(void)state;
	assert_int_equal(request_pack(&request, &bytes), 0);
	for (size_t n = 0; n < bytes.n; n++)
		assert_int_equal(request_unpack(bytes.data, n, &back, NULL), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_words_win),
		cmocka_unit_test(swedish_names_count_with_and_without_dots),
		cmocka_unit_test(an_unknown_word_finds_nothing_but_its_neighbour),
		cmocka_unit_test(a_first_word_is_known_in_both_languages),
		cmocka_unit_test(every_name_is_of_one_command),
		cmocka_unit_test(every_row_is_sound),
		cmocka_unit_test(a_request_comes_back_as_it_was_packed),
		cmocka_unit_test(the_largest_request_fits_a_packet),
		cmocka_unit_test(arity_and_options_are_held_to_the_table),
		cmocka_unit_test(an_unknown_command_is_told_from_a_malformed_request),
		cmocka_unit_test(fields_travel_beside_the_command_line),
		cmocka_unit_test(a_field_without_a_name_or_named_twice_is_refused),
		cmocka_unit_test(fields_that_fill_more_than_a_packet_are_not_packed),
		cmocka_unit_test(a_wiped_request_has_no_field_left),
		cmocka_unit_test(every_truncation_of_a_request_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
