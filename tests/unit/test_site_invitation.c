#include "daemon/site/invitation.h"

#include "lib/vault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define CODES_N 2000

/* Computed by hand with Crockford's rule: the value of the twelve, modulo 37. */
static void codes_of_the_page_check(void **state)
{
	char code[INVITATION_BYTES];

	(void)state;
	assert_true(invitation_read("0000000000000", code));
	assert_true(invitation_read("0000000000011", code));
	assert_true(invitation_read("00000000001ZS", code) == false);
	assert_true(invitation_read("0000000000105", code) == false);
	assert_true(invitation_read("000000000010Z", code) == false);
	assert_true(invitation_read("00000000001AA", code) == false);
	assert_true(invitation_read("000000000012 2", code) == false);
}

static void what_is_made_reads_as_itself(void **state)
{
	(void)state;
	for (int i = 0; i < CODES_N; i++) {
		char code[INVITATION_BYTES], read[INVITATION_BYTES], shown[INVITATION_SHOWN_BYTES];

		invitation_make(code);
		assert_int_equal(strlen(code), INVITATION_BYTES - 1);
		assert_true(invitation_read(code, read));
		assert_string_equal(code, read);
		invitation_show(code, shown);
		assert_int_equal(strlen(shown), INVITATION_SHOWN_BYTES - 1);
		assert_true(invitation_read(shown, read));
		assert_string_equal(code, read);
	}
}

static void no_two_that_are_made_are_alike(void **state)
{
	static char codes[CODES_N][INVITATION_BYTES];

	(void)state;
	for (int i = 0; i < CODES_N; i++) {
		invitation_make(codes[i]);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(codes[i], codes[j]);
	}
}

static void a_wrong_character_and_two_that_changed_places_are_found(void **state)
{
	static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	char code[INVITATION_BYTES], wrong[INVITATION_BYTES], read[INVITATION_BYTES];

	(void)state;
	for (int n = 0; n < 50; n++) {
		invitation_make(code);
		for (size_t at = 0; at < strlen(code); at++) {
			for (size_t i = 0; i < strlen(symbols); i++) {
				strcpy(wrong, code);
				wrong[at] = symbols[i];
				assert_int_equal(invitation_read(wrong, read),
						 code[at] == symbols[i]);
			}
			if (at == 0 || code[at] == code[at - 1])
				continue;
			strcpy(wrong, code);
			wrong[at] = code[at - 1];
			wrong[at - 1] = code[at];
			assert_false(invitation_read(wrong, read));
		}
	}
}

static void people_may_write_it_as_they_do(void **state)
{
	char code[INVITATION_BYTES], read[INVITATION_BYTES], written[64];

	(void)state;
	do
		invitation_make(code);
	while (strpbrk(code, "0") == NULL || strpbrk(code, "1") == NULL);
	(void)snprintf(written, sizeof(written), " %.3s  %.5s-%.5s ", code, code + 3, code + 8);
	for (char *at = written; *at != '\0'; at++) {
		if (*at == '0')
			*at = 'o';
		else if (*at == '1')
			*at = at[-1] == ' ' ? 'I' : 'l';
		else if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	}
	assert_true(invitation_read(written, read));
	assert_string_equal(read, code);
}

static void what_is_no_code_is_none(void **state)
{
	static const char *const texts[] = {"",
					    "KOD00001",
					    "0",
					    "00000000000000",
					    "U000000000000",
					    "000000000000\xc3\xb6",
					    "000000000000*",
					    "-------------"};
	char read[INVITATION_BYTES] = "before";

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_false(invitation_read(texts[i], read));
		assert_string_equal(read, "before");
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_of_the_page_check),
		cmocka_unit_test(what_is_made_reads_as_itself),
		cmocka_unit_test(no_two_that_are_made_are_alike),
		cmocka_unit_test(a_wrong_character_and_two_that_changed_places_are_found),
		cmocka_unit_test(people_may_write_it_as_they_do),
		cmocka_unit_test(what_is_no_code_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
