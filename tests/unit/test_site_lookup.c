#include "daemon/site/lookup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct record person(const char *number, const char *local_id, const char *token)
{
	struct record record;

	record_clear(&record);
	record.identity.type = number[0] != '\0' ? ID_PERSONNUMMER : ID_LOCAL;
	strcpy(record.identity.number, number);
	strcpy(record.identity.local_id, local_id);
	strcpy(record.token_in, token);
	return record;
}

static void assert_kinds(const struct record *record, const char *kinds)
{
	static const char letters[] = {[LOOKUP_NUMBER] = 'n',
				       [LOOKUP_LOCAL_ID] = 'l',
				       [LOOKUP_TOKEN] = 't',
				       [LOOKUP_INVITATION] = 'i',
				       [LOOKUP_DEVIATION] = 'd'};
	struct lookup lookups[LOOKUPS_MAX];
	size_t n = lookup_all(record, lookups);

	assert_int_equal(n, strlen(kinds));
	for (size_t i = 0; i < n; i++)
		assert_int_equal(letters[lookups[i].kind], kinds[i]);
}

static void a_person_is_found_by_all_that_is_known_of_them(void **state)
{
	struct record record = person("198001052383", "A1", "12345678901234567888");

	(void)state;
	assert_kinds(&record, "nlt");
	strcpy(record.token_out, "10000000000000000064");
	assert_kinds(&record, "nltt");
	record = person("", "A1", "");
	assert_kinds(&record, "l");
	record = person("198001052383", "", "");
	assert_kinds(&record, "n");
	record.identity.type = ID_NONE; /* a number that was refused is none */
	assert_kinds(&record, "");
}

static void the_anonymous_are_found_by_no_number(void **state)
{
	struct record record = person("198001052383", "A1", "");

	(void)state;
	record.identity.type = ID_ANONYMOUS;
	assert_kinds(&record, "l");
}

static void answers_and_deviations_are_found_as_such(void **state)
{
	struct record record = person("", "A1", "");

	(void)state;
	record.value[FIELD_deviation] = 1;
	assert_kinds(&record, "d");
	assert_true(lookup_is_deviation(&record));
	strcpy(record.invitation, "0000000000011");
	assert_kinds(&record, "i");
}

static void another_text_of_any_kind_is_another(void **state)
{
	const struct record first = person("198001052383", "A1", "12345678901234567888");
	const struct record others[] = {
		person("198001052391", "A1", "12345678901234567888"),
		person("198001052383", "A2", "12345678901234567888"),
		person("198001052383", "A1", "98765432109876543246"),
		person("", "A1", "12345678901234567888"),
		person("198001052383", "A1", ""),
	};
	struct lookup_copy copy;

	(void)state;
	lookup_copy(&first, &copy);
	assert_true(lookup_is_same(&copy, &first));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(lookup_is_same(&copy, &others[i]));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_person_is_found_by_all_that_is_known_of_them),
		cmocka_unit_test(the_anonymous_are_found_by_no_number),
		cmocka_unit_test(answers_and_deviations_are_found_as_such),
		cmocka_unit_test(another_text_of_any_kind_is_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
