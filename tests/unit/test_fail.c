#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "lib/fail.h" /* after cmocka.h, which has a fail() of its own */

static void an_origin_is_told_from_the_root_of_the_tree(void **state)
{
	char expected[64];

	(void)state;
	(void)snprintf(expected, sizeof(expected), "tests/unit/test_fail.c:%d", __LINE__ + 1);
	assert_int_equal(fail(-ENOSPC), -ENOSPC);
	assert_string_equal(fail_origin(), expected);
}

static void *read_origin(void *ret_origin)
{
	(void)snprintf(ret_origin, 64, "%s", fail_origin());
	return NULL;
}

static void a_thread_sees_no_origin_of_another(void **state)
{
	char origin[64] = "untouched";
	pthread_t thread;

	(void)state;
	(void)fail(-EIO);
	assert_int_equal(pthread_create(&thread, NULL, read_origin, origin), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_string_equal(origin, "");
}

static void a_code_has_the_text_of_the_system(void **state)
{
	(void)state;
	assert_string_equal(fail_text(-ENOSPC), "No space left on device");
	assert_string_equal(fail_text(0), "Success");
	assert_string_equal(fail_text(-99999), "Unknown failure -99999");
}

static void a_fault_names_code_place_reason_and_remedy(void **state)
{
	struct fault fault = {0};

	(void)state;
	assert_int_equal(fault_set(&fault, "P014", "a.ini:3", "mend it", "no %s in %d", "cake", 7),
			 -EBADMSG);
	assert_string_equal(fault.code, "P014");
	assert_string_equal(fault.place, "a.ini:3");
	assert_string_equal(fault.reason, "no cake in 7");
	assert_string_equal(fault.remedy, "mend it");
}

static void a_fault_may_be_nobodys_and_its_texts_its_own(void **state)
{
	struct fault fault = {0};

	(void)state;
	assert_int_equal(fault_set(NULL, "P014", "a", "b", "c"), -EBADMSG);
	(void)fault_set(&fault, "P014", "a.ini:3", "mend it", "bad");
	(void)fault_set(&fault, fault.code, fault.place, fault.remedy, "very %s", fault.reason);
	assert_string_equal(fault.reason, "very bad");
	assert_string_equal(fault.place, "a.ini:3");
	assert_string_equal(fault.remedy, "mend it");
}

/* place holds 255 bytes: whatever is put before the characters, none may be halved. */
static void a_fault_is_cut_between_characters(void **state)
{
	static const char *const characters[] = {"a", "\xc3\xa5", "\xe2\x82\xac",
						 "\xf0\x9f\x8d\x8e"};

	(void)state;
	for (size_t c = 0; c < 4; c++) {
		for (size_t before = 0; before < 8; before++) {
			char text[1024] = "........";
			struct fault fault = {0};
			size_t n = before;
			size_t size = strlen(characters[c]);

			while (n + size < 600) {
				memcpy(text + n, characters[c], size + 1);
				n += size;
			}
			(void)fault_set(&fault, "P014", text, text, "%s", text);
			assert_int_equal(strlen(fault.place),
					 before + (255 - before) / size * size);
			assert_int_equal(strlen(fault.reason),
					 before + (383 - before) / size * size);
			assert_memory_equal(fault.reason, text, strlen(fault.reason));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_origin_is_told_from_the_root_of_the_tree),
		cmocka_unit_test(a_thread_sees_no_origin_of_another),
		cmocka_unit_test(a_code_has_the_text_of_the_system),
		cmocka_unit_test(a_fault_names_code_place_reason_and_remedy),
		cmocka_unit_test(a_fault_may_be_nobodys_and_its_texts_its_own),
		cmocka_unit_test(a_fault_is_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
