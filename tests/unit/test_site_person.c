/* Numbers here are Skatteverket's official test numbers (serials 238 and 239) or break a rule. */
#include "daemon/site/person.h"

#include "lib/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int32_t today(void)
{
	return date_from_civil(2018, 7, 1);
}

static enum person_fault fault_of(const char *text)
{
	struct person_number number;

	return person_parse(text, today(), &number);
}

static struct person_number parsed(const char *text)
{
	struct person_number number = {0};

	assert_int_equal(person_parse(text, today(), &number), PERSON_FINE);
	return number;
}

static void every_usual_form_gives_the_same_twelve_digits(void **state)
{
	static const char *const forms[] = {"760312-2388", "7603122388", "19760312-2388",
					    "197603122388", "  760312-2388 "};

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		assert_string_equal(parsed(forms[i]).digits, "197603122388");
}

static void the_ninth_digit_tells_the_sex(void **state)
{
	(void)state;
	assert_true(parsed("760312-2388").is_woman);
	assert_false(parsed("760312-2396").is_woman);
}

static void the_century_is_the_latest_before_today(void **state)
{
	(void)state;
	assert_int_equal(parsed("160403-2381").birth_year, 2016);
	assert_int_equal(parsed("180701-2388").birth_year, 2018);
	assert_int_equal(parsed("180702-2387").birth_year, 1918);
}

static void a_plus_means_a_century_earlier(void **state)
{
	(void)state;
	assert_int_equal(parsed("160403+2381").birth_year, 1916);
}

static void a_number_of_tomorrow_is_refused(void **state)
{
	(void)state;
	assert_int_equal(fault_of("20180702-2387"), PERSON_FUTURE);
	assert_int_equal(fault_of("20180701-2388"), PERSON_FINE);
}

static void a_coordination_number_keeps_its_real_birth_date(void **state)
{
	struct person_number number = parsed("760372-2385");

	(void)state;
	assert_true(number.is_coordination);
	assert_int_equal(number.birth_date, date_from_civil(1976, 3, 12));
	assert_string_equal(number.digits, "197603722385");
}

static void a_coordination_number_may_lack_day_or_month(void **state)
{
	(void)state;
	assert_int_equal(parsed("760360-2389").birth_date, DATE_NONE);
	assert_int_equal(parsed("760072-2388").birth_date, DATE_NONE);
	assert_int_equal(parsed("760060-2382").birth_date, DATE_NONE);
	assert_int_equal(parsed("760060-2382").birth_year, 1976);
}

static void a_wrong_check_digit_is_refused(void **state)
{
	(void)state;
	for (char digit = '0'; digit <= '9'; digit++) {
		char text[16];

		(void)snprintf(text, sizeof(text), "760312-238%c", digit);
		assert_int_equal(fault_of(text), digit == '8' ? PERSON_FINE : PERSON_CHECK_DIGIT);
	}
}

static void a_day_that_is_none_is_refused(void **state)
{
	(void)state;
	assert_int_equal(fault_of("761301-2389"), PERSON_DATE);
	assert_int_equal(fault_of("760230-2387"), PERSON_DATE);
	assert_int_equal(fault_of("010000-1239"), PERSON_DATE);
}

static void organisation_and_mobile_numbers_are_refused_by_the_date(void **state)
{
	(void)state;
	assert_int_equal(fault_of("556036-0793"), PERSON_DATE);
	assert_int_equal(fault_of("165560360793"), PERSON_DATE);
	assert_int_equal(fault_of("0721234565"), PERSON_DATE);
	assert_int_equal(fault_of("0731234563"), PERSON_DATE);
	assert_int_equal(fault_of("0761234566"), PERSON_DATE);
	assert_int_equal(fault_of("0700234560"), PERSON_DATE);
}

static void a_letter_in_the_serial_is_named(void **state)
{
	(void)state;
	assert_int_equal(fault_of("900101-T220"), PERSON_LETTER);
	assert_int_equal(fault_of("19900101T220"), PERSON_LETTER);
}

static void what_a_spreadsheet_did_is_named(void **state)
{
	(void)state;
	assert_int_equal(fault_of("1,97603E+11"), PERSON_EXCEL_NUMBER);
	assert_int_equal(fault_of("2.0171E+11"), PERSON_EXCEL_NUMBER);
	assert_int_equal(fault_of("1E+11"), PERSON_EXCEL_NUMBER);
	assert_int_equal(fault_of("7603122388,00"), PERSON_EXCEL_NUMBER);
	assert_int_equal(fault_of("7603122388.0"), PERSON_EXCEL_NUMBER);
	assert_int_equal(fault_of("102292381"), PERSON_LOST_ZERO);
	assert_int_equal(fault_of("10101-2383"), PERSON_LOST_ZERO);
}

static void other_texts_are_no_numbers(void **state)
{
	static const char *const texts[] = {"x",
					    "760312",
					    "760312--2388",
					    "760312 2388",
					    "7603-122388",
					    "19760312+2388",
					    "1976031223889",
					    "7603122388\n",
					    "-",
					    "+",
					    "Anna Andersson"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(fault_of(texts[i]), PERSON_FORM);
	assert_int_equal(fault_of(""), PERSON_EMPTY);
	assert_int_equal(fault_of("   "), PERSON_EMPTY);
}

static void a_fault_leaves_the_output_alone(void **state)
{
	struct person_number number = {.birth_year = 1};

	(void)state;
	assert_int_equal(person_parse("760312-2380", today(), &number), PERSON_CHECK_DIGIT);
	assert_int_equal(number.birth_year, 1);
}

static void a_mask_hides_the_last_two_digits(void **state)
{
	struct person_number number = parsed("7603122388");
	char text[PERSON_MASKED_BYTES];

	(void)state;
	person_mask(&number, text);
	assert_string_equal(text, "19760312-23**");
}

static void test_serials_are_known(void **state)
{
	struct person_number number = parsed("760312-2388");

	(void)state;
	assert_true(person_is_test_number(&number));
	number = parsed("121212-1212");
	assert_false(person_is_test_number(&number));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_usual_form_gives_the_same_twelve_digits),
		cmocka_unit_test(the_ninth_digit_tells_the_sex),
		cmocka_unit_test(the_century_is_the_latest_before_today),
		cmocka_unit_test(a_plus_means_a_century_earlier),
		cmocka_unit_test(a_number_of_tomorrow_is_refused),
		cmocka_unit_test(a_coordination_number_keeps_its_real_birth_date),
		cmocka_unit_test(a_coordination_number_may_lack_day_or_month),
		cmocka_unit_test(a_wrong_check_digit_is_refused),
		cmocka_unit_test(a_day_that_is_none_is_refused),
		cmocka_unit_test(organisation_and_mobile_numbers_are_refused_by_the_date),
		cmocka_unit_test(a_letter_in_the_serial_is_named),
		cmocka_unit_test(what_a_spreadsheet_did_is_named),
		cmocka_unit_test(other_texts_are_no_numbers),
		cmocka_unit_test(a_fault_leaves_the_output_alone),
		cmocka_unit_test(a_mask_hides_the_last_two_digits),
		cmocka_unit_test(test_serials_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
