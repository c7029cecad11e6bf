#include "lib/text.h"
#include "lib/own.h"

#include <errno.h>
#include <stdarg.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

static void only_well_formed_text_without_nul_is_utf8(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		bool is_utf8;
	} cases[] = {
		{"", 0, true},
		{"Sm\xc3\xa5land", 8, true},
		{"\xf0\x9f\x8d\x8e", 4, true},
		{"a\0b", 3, false},
		{"Sm\xe5land", 7, false}, /* Windows-1252 */
		{"\xc0\xaf", 2, false}, /* overlong */
		{"\xed\xa0\x80", 3, false}, /* surrogate */
		{"\xf4\x90\x80\x80", 4, false}, /* beyond U+10FFFF */
		{"a\xc3", 2, false}, /* cut */
	};

	(void)state;
	for (size_t i = 0; i < array_n(cases); i++)
		assert_int_equal(text_is_utf8(cases[i].text, cases[i].n), cases[i].is_utf8);
}

static void check_fold(const char *text, const char *expected)
{
	own(buf_free) struct buf folded = {0};

	buf_add_text(&folded, ">");
	assert_int_equal(text_fold(text, strlen(text), &folded), 0);
	assert_string_equal(buf_text(&folded) + 1, expected);
}

static void folding_levels_case_composition_and_blanks(void **state)
{
	(void)state;
	check_fold("", "");
	check_fold(" \t ", "");
	check_fold("  Birth \t Date ", "birth date");
	check_fold("\xc3\x85R", "\xc3\xa5r"); /* ÅR */
	check_fold("A\xcc\x8ar", "\xc3\xa5r"); /* A + ring above */
	check_fold("\xc2\xa0Stra\xc3\x9f"
		   "e\xc2\xa0\xe2\x80\x83\x31",
		   "strasse 1"); /* ß, no-break and em space */
}

static void folding_a_long_text_folds_all_of_it(void **state)
{
	own(buf_free) struct buf text = {0};
	own(buf_free) struct buf folded = {0};

	(void)state;
	for (size_t i = 0; i < 5000; i++)
		buf_add_text(&text, "\xc3\x96");
	assert_int_equal(text_fold((char *)text.data, text.n, &folded), 0);
	assert_int_equal(folded.n, 10000);
	for (size_t i = 0; i < 5000; i++)
		assert_memory_equal(folded.data + 2 * i, "\xc3\xb6", 2);
	buf_clear(&text);
	buf_clear(&folded);
	for (size_t i = 0; i < 1000; i++)
		buf_add_byte(&text, 'Q');
	assert_int_equal(text_fold((char *)text.data, text.n, &folded), 0);
	assert_int_equal(folded.n, 1000);
	assert_int_equal(folded.data[999], 'q');
}

static void folding_refuses_bad_utf8_and_appends_nothing(void **state)
{
	own(buf_free) struct buf folded = {0};

	(void)state;
	assert_int_equal(text_fold("abc\xff", 4, &folded), -EILSEQ);
	assert_int_equal(text_fold("a\0b", 3, &folded), -EILSEQ);
	assert_int_equal(folded.n, 0);
}

static void the_same_word_is_the_same_however_it_is_written(void **state)
{
	(void)state;
	assert_true(text_same_word(" F\xc3\x96"
				   "DELSEDATUM",
				   "fo\xcc\x88"
				   "delsedatum "));
	assert_false(text_same_word("ort", "\xc3\xb6rt"));
	assert_false(text_same_word("\xff", "\xff"));
	assert_true(text_same_word("", " "));
}

static void width_counts_columns_not_bytes(void **state)
{
	(void)state;
	assert_int_equal(text_width(""), 0);
	assert_int_equal(text_width("\xc3\xa5\xc3\xa4\xc3\xb6"), 3);
	assert_int_equal(text_width("a\xcc\x8a"), 1);
	assert_int_equal(text_width("\xe6\xbc\xa2"), 2);
	assert_int_equal(text_width("a\xff"), 2);
}

static void numbers_parse_whole_or_not_at_all(void **state)
{
	static const char *const refused[] = {"",    "+1", " 1",  "1 ",  "1x",
					      "0x1", "-",  "--1", "1.0", "99999999999999999999x"};
	int64_t value = 77;
	uint64_t size = 77;

	(void)state;
	for (size_t i = 0; i < array_n(refused); i++) {
		assert_int_equal(text_to_i64(refused[i], INT64_MIN, INT64_MAX, &value), -EINVAL);
		assert_int_equal(text_to_u64(refused[i], UINT64_MAX, &size), -EINVAL);
	}
	assert_int_equal(text_to_u64("-1", UINT64_MAX, &size), -EINVAL);
	assert_int_equal(value, 77);
	assert_int_equal(size, 77);
	assert_int_equal(text_to_i64("-12", -12, 12, &value), 0);
	assert_int_equal(value, -12);
	assert_int_equal(text_to_u64("0", 0, &size), 0);
	assert_int_equal(size, 0);
}

static void numbers_reach_the_ends_of_their_range_and_no_further(void **state)
{
	int64_t value = 77;
	uint64_t size = 77;

	(void)state;
	assert_int_equal(text_to_i64("9223372036854775808", INT64_MIN, INT64_MAX, &value), -ERANGE);
	assert_int_equal(text_to_i64("-9223372036854775809", INT64_MIN, INT64_MAX, &value),
			 -ERANGE);
	assert_int_equal(text_to_i64("13", -12, 12, &value), -ERANGE);
	assert_int_equal(text_to_i64("-13", -12, 12, &value), -ERANGE);
	assert_int_equal(text_to_u64("18446744073709551616", UINT64_MAX, &size), -ERANGE);
	assert_int_equal(text_to_u64("184467440737095516150", UINT64_MAX, &size), -ERANGE);
	assert_int_equal(text_to_u64("8", 7, &size), -ERANGE);
	assert_int_equal(value, 77);
	assert_int_equal(size, 77);
	assert_int_equal(text_to_i64("-9223372036854775808", INT64_MIN, 0, &value), 0);
	assert_true(value == INT64_MIN);
	assert_int_equal(text_to_i64("9223372036854775807", 0, INT64_MAX, &value), 0);
	assert_true(value == INT64_MAX);
	assert_int_equal(text_to_u64("18446744073709551615", UINT64_MAX, &size), 0);
	assert_true(size == UINT64_MAX);
}

static void the_nearest_word_is_a_slip_away(void **state)
{
	static const char *const words[] = {"import", "report", "show", "\xc3\xa5r", "erase"};
	static const struct {
		const char *text;
		int nearest;
	} cases[] = {
		{"import", 0}, {"imprt", 0},     {"improt", 0}, {"Rapport", 1},
		{"shwo", 2},   {"SHOW", 2},      {"xyzzy", -1}, {"", -1},
		{"a", -1},     {"\xc3\x85R", 3}, {"eraser", 4}, {"\xff", -1},
	};

	(void)state;
	for (size_t i = 0; i < array_n(cases); i++)
		assert_int_equal(text_nearest(cases[i].text, words, array_n(words)),
				 cases[i].nearest);
	assert_int_equal(text_nearest("import", words, 0), -1);
}

static void a_word_too_long_to_be_a_slip_has_no_neighbour(void **state)
{
	char longer[400];
	const char *words[] = {longer, "import"};

	(void)state;
	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(text_nearest(longer, words, 2), -1);
	assert_int_equal(text_nearest("imports", words, 2), 1);
}

static void windows_1252_becomes_utf8(void **state)
{
	own(buf_free) struct buf utf8 = {0};

	(void)state;
	assert_int_equal(text_from_cp1252("\xc5r \x80 \x9f\xff", 7, &utf8), 0);
	assert_string_equal(buf_text(&utf8), "\xc3\x85r \xe2\x82\xac \xc5\xb8\xc3\xbf");
}

static void the_five_undefined_bytes_of_windows_1252_are_refused(void **state)
{
	own(buf_free) struct buf utf8 = {0};
	size_t refused = 0;

	(void)state;
	buf_add_text(&utf8, "kept");
	for (unsigned i = 1; i < 256; i++) {
		char bytes[] = {'x', (char)(unsigned char)i};
		int error = text_from_cp1252(bytes, 2, &utf8);
		bool is_undefined = strchr("\x81\x8d\x8f\x90\x9d", bytes[1]) != NULL;

		assert_int_equal(error, is_undefined ? -EILSEQ : 0);
		refused += is_undefined ? 1 : 0;
		if (error == 0)
			assert_true(text_is_utf8((char *)utf8.data, utf8.n));
		else
			assert_string_equal(buf_text(&utf8), "kept");
		utf8.n = 4;
	}
	assert_int_equal(refused, 5);
}

static void hex_goes_there_and_back(void **state)
{
	static const uint8_t bytes[] = {0x00, 0x7f, 0xa0, 0xff};
	char hex[9];
	uint8_t back[4] = {0};

	(void)state;
	text_hex(bytes, 4, hex);
	assert_string_equal(hex, "007fa0ff");
	assert_int_equal(text_unhex("007FA0ff", back, 4), 0);
	assert_memory_equal(back, bytes, 4);
}

static void hex_of_another_length_or_alphabet_is_refused(void **state)
{
	static const char *const refused[] = {"",           "0",        "007fa0f",  "007fa0ff0",
					      "007fa0ff00", "007fa0fg", " 07fa0ff", "0x7fa0ff"};
	uint8_t back[4] = {9, 9, 9, 9};

	(void)state;
	for (size_t i = 0; i < array_n(refused); i++)
		assert_int_equal(text_unhex(refused[i], back, 4), -EINVAL);
	assert_int_equal(back[0], 9);
}

static void escaped_text_cannot_steer_a_terminal(void **state)
{
	static const char text[] = "a\n\x1b[2J\x7f\xc2\x9b\xe5\xe2\x80\xae\xc3\xa5\\";
	own(buf_free) struct buf safe = {0};

	(void)state;
	text_escape(text, sizeof(text), &safe); /* with its NUL */
	assert_string_equal(buf_text(&safe),
			    "a\\x0a\\x1b[2J\\x7f\\xc2\\x9b\\xe5\\xe2\\x80\\xae\xc3\xa5\\\\x00");
}

static void a_copy_is_cut_between_characters(void **state)
{
	char to[5];

	(void)state;
	text_copy(to, sizeof(to), "abcd");
	assert_string_equal(to, "abcd");
	text_copy(to, sizeof(to), "abcde");
	assert_string_equal(to, "abcd");
	text_copy(to, sizeof(to), "abc\xc3\xa5");
	assert_string_equal(to, "abc");
	text_copy(to, sizeof(to), "a\xf0\x9f\x8d\x8e");
	assert_string_equal(to, "a");
	text_copy(to, 1, "abc");
	assert_string_equal(to, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_well_formed_text_without_nul_is_utf8),
		cmocka_unit_test(folding_levels_case_composition_and_blanks),
		cmocka_unit_test(folding_a_long_text_folds_all_of_it),
		cmocka_unit_test(folding_refuses_bad_utf8_and_appends_nothing),
		cmocka_unit_test(the_same_word_is_the_same_however_it_is_written),
		cmocka_unit_test(width_counts_columns_not_bytes),
		cmocka_unit_test(numbers_parse_whole_or_not_at_all),
		cmocka_unit_test(numbers_reach_the_ends_of_their_range_and_no_further),
		cmocka_unit_test(the_nearest_word_is_a_slip_away),
		cmocka_unit_test(a_word_too_long_to_be_a_slip_has_no_neighbour),
		cmocka_unit_test(windows_1252_becomes_utf8),
		cmocka_unit_test(the_five_undefined_bytes_of_windows_1252_are_refused),
		cmocka_unit_test(hex_goes_there_and_back),
		cmocka_unit_test(hex_of_another_length_or_alphabet_is_refused),
		cmocka_unit_test(escaped_text_cannot_steer_a_terminal),
		cmocka_unit_test(a_copy_is_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
