#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "client/number.h"

#include <stdlib.h>
#include <time.h>

#define NBSP "\u00A0"

static void thousands_are_parted_as_the_language_does(void **state)
{
	char text[NUMBER_BYTES];

	(void)state;
	number_count(2184, LANGUAGE_SV, text);
	assert_string_equal(text, "2" NBSP "184");
	number_count(2184, LANGUAGE_EN, text);
	assert_string_equal(text, "2,184");
	number_count(999, LANGUAGE_SV, text);
	assert_string_equal(text, "999");
	number_count(-1234567, LANGUAGE_EN, text);
	assert_string_equal(text, "-1,234,567");
	number_count(0, LANGUAGE_SV, text);
	assert_string_equal(text, "0");
}

static void the_least_number_there_is_has_its_digits(void **state)
{
	char text[NUMBER_BYTES];

	(void)state;
	number_count(INT64_MIN, LANGUAGE_EN, text);
	assert_string_equal(text, "-9,223,372,036,854,775,808");
	number_count(INT64_MIN, LANGUAGE_SV, text);
	assert_string_equal(text,
			    "-9" NBSP "223" NBSP "372" NBSP "036" NBSP "854" NBSP "775" NBSP "808");
}

static void a_share_is_rounded_half_up_in_whole_numbers(void **state)
{
	char text[NUMBER_BYTES];

	(void)state;
	number_share(428, 1463, LANGUAGE_SV, text);
	assert_string_equal(text, "29,3" NBSP "%");
	number_share(428, 1463, LANGUAGE_EN, text);
	assert_string_equal(text, "29.3%");
	/* 0.0005 is just half of a tenth of a per cent: up. */
	number_share(1, 2000, LANGUAGE_EN, text);
	assert_string_equal(text, "0.1%");
	number_share(1, 2001, LANGUAGE_EN, text);
	assert_string_equal(text, "0.0%");
	number_share(5, 4, LANGUAGE_EN, text);
	assert_string_equal(text, "125.0%");
}

static void a_share_of_nothing_is_a_dash(void **state)
{
	char text[NUMBER_BYTES];

	(void)state;
	number_share(0, 0, LANGUAGE_EN, text);
	assert_string_equal(text, "-");
}

static void a_share_of_huge_numbers_does_not_overflow(void **state)
{
	(void)state;
	assert_int_equal(number_per_mille(INT64_MAX, INT64_MAX), 1000);
	assert_int_equal(number_per_mille(INT64_MAX / 2, INT64_MAX), 500);
}

static void bytes_change_unit_before_they_read_a_thousand(void **state)
{
	char text[NUMBER_BYTES];

	(void)state;
	number_bytes(999, LANGUAGE_EN, text);
	assert_string_equal(text, "999" NBSP "B");
	number_bytes(2100, LANGUAGE_SV, text);
	assert_string_equal(text, "2,1" NBSP "kB");
	number_bytes(999949, LANGUAGE_EN, text);
	assert_string_equal(text, "999.9" NBSP "kB");
	number_bytes(999950, LANGUAGE_EN, text);
	assert_string_equal(text, "1.0" NBSP "MB");
	number_bytes(4100000, LANGUAGE_EN, text);
	assert_string_equal(text, "4.1" NBSP "MB");
}

static void a_duration_names_its_two_largest_units(void **state)
{
	char text[NUMBER_BYTES];

	(void)state;
	number_duration(18, LANGUAGE_EN, text);
	assert_string_equal(text, "18" NBSP "ms");
	number_duration(4200, LANGUAGE_SV, text);
	assert_string_equal(text, "4,2" NBSP "s");
	number_duration((5 * 60 + 3) * 60000, LANGUAGE_SV, text);
	assert_string_equal(text, "5" NBSP "tim 3" NBSP "min");
	number_duration((3 * 24 + 4) * 3600000, LANGUAGE_EN, text);
	assert_string_equal(text, "3" NBSP "d 4" NBSP "h");
	number_duration(3 * 24 * 3600000, LANGUAGE_SV, text);
	assert_string_equal(text, "3" NBSP "dygn");
}

static void a_moment_is_of_the_machines_own_zone(void **state)
{
	char text[NUMBER_BYTES];

	(void)state;
	assert_int_equal(setenv("TZ", "Europe/Stockholm", 1), 0);
	tzset();
	number_moment(1531195200, text); /* 2018-07-10T04:00:00Z */
	assert_string_equal(text, "2018-07-10 06:00");
	assert_int_equal(setenv("TZ", "UTC", 1), 0);
	tzset();
	number_moment(1531195200, text);
	assert_string_equal(text, "2018-07-10 04:00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(thousands_are_parted_as_the_language_does),
		cmocka_unit_test(the_least_number_there_is_has_its_digits),
		cmocka_unit_test(a_share_is_rounded_half_up_in_whole_numbers),
		cmocka_unit_test(a_share_of_nothing_is_a_dash),
		cmocka_unit_test(a_share_of_huge_numbers_does_not_overflow),
		cmocka_unit_test(bytes_change_unit_before_they_read_a_thousand),
		cmocka_unit_test(a_duration_names_its_two_largest_units),
		cmocka_unit_test(a_moment_is_of_the_machines_own_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
