#include "daemon/site/match.h"

#include "daemon/site/item.h"
#include "lib/date.h"
#include "lib/own.h"
#include "proto/programme_find.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture_programme.h"

#define TODAY date_from_civil(2024, 6, 15)

/* The second programme with one more indicator, whose rule is the test's. */
struct asked {
	struct programme *programme;
	struct match *match;
	struct match_rules rules;
};

static void ask(const char *when, struct asked *ret_asked)
{
	own(buf_free) struct buf file = {0}, text = {0}, more = {0};
	struct fault fault = {0};
	struct fixture_slip slip = {"[question pets]", "[question pets]", NULL, "", ""};
	int index;

	buf_printf(&more,
		   "[indicator asked]\npack = region\nnumber = 99\nsv = a\nen = a\nkind = entered\n"
		   "status = local\nsource = a\nwhen = %s\n[question pets]",
		   when);
	slip.to = buf_text(&more);
	fixture_file(SECOND_PROGRAMME, &file);
	fixture_edit(&file, &slip, &text);
	*ret_asked = (struct asked){0};
	if (programme_read("asked", text.data, text.n, &ret_asked->programme, &fault) != 0)
		fail_msg("%s %s", fault.place, fault.reason);
	assert_int_equal(match_new(ret_asked->programme, &ret_asked->match, &fault), 0);
	index = programme_indicator_index(ret_asked->programme, "asked");
	assert_int_equal(match_add(ret_asked->match, ret_asked->programme->indicators[index].rules,
				   1, "asked", &ret_asked->rules, &fault),
			 0);
}

static void forget(struct asked *asked)
{
	match_free(&asked->match);
	programme_free(&asked->programme);
}

static bool holds(const char *when, const struct record *record)
{
	struct asked asked;
	bool result;

	ask(when, &asked);
	result = match_holds(asked.match, asked.rules, record, TODAY);
	forget(&asked);
	return result;
}

static void a_value_that_is_not_there_falls_under_nothing(void **state)
{
	struct record record;

	(void)state;
	record_clear(&record);
	assert_false(holds("labour is neet", &record));
	assert_false(holds("labour is not neet", &record));
	assert_false(holds("barrier is not home", &record));
	assert_false(holds("age is not teens", &record));
	assert_false(holds("home is not none", &record));
	assert_false(holds("activity is not mentor", &record));
}

static void yes_and_no_are_codes(void **state)
{
	struct record record;

	(void)state;
	record_clear(&record);
	record.value[FIELD_protected] = 1;
	assert_true(holds("protected is yes", &record));
	assert_false(holds("protected is no", &record));
	record.value[FIELD_protected] = 0;
	assert_true(holds("protected is no", &record));
}

static void of_many_activities_one_is_enough(void **state)
{
	struct record record;

	(void)state;
	record_clear(&record);
	record.value[FIELD_activity] = 1;
	record.value[FIELD_spell_start] = TODAY - 90;
	assert_int_equal(item_settle_all(&record), 0);
	record.value[FIELD_activity] = 4;
	record.value[FIELD_spell_start] = TODAY - 30;
	assert_int_equal(item_settle_all(&record), 0);
	assert_int_equal(record.items_n, 2);
	assert_true(holds("activity is mentor", &record));
	assert_true(holds("activity is homework", &record));
	assert_true(holds("activity is mentor and activity is homework", &record));
	assert_false(holds("activity is sport", &record));
	assert_true(holds("activity is not sport", &record));
	assert_false(holds("activity is not mentor", &record));
}

static void a_number_too_large_for_a_mask_is_found_while_it_holds(void **state)
{
	struct record record;

	(void)state;
	record_clear(&record);
	record.value[FIELD_municipality] = 1281;
	assert_true(holds("municipality is 1281, 1230", &record));
	assert_false(holds("municipality is not 1281", &record));
	assert_true(holds("municipality is not 1280", &record));
	record.value[FIELD_municipality] = 1256; /* until the end of 2023 */
	assert_false(holds("municipality is 1256", &record));
}

static void the_largest_and_the_least_numbers_are_in_open_ranges(void **state)
{
	struct record record;

	(void)state;
	record_clear(&record);
	record.value[FIELD_months_unemployed] = INT32_MAX;
	assert_true(holds("home is long", &record));
	record.value[FIELD_months_unemployed] = 0;
	assert_true(holds("home is none", &record));
	record.value[FIELD_months_unemployed] = -1;
	assert_false(holds("home is none", &record));
	record.value[FIELD_birth_date] = TODAY;
	record.value[FIELD_entry_date] = TODAY;
	assert_true(holds("age is teens", &record));
	record.value[FIELD_entry_date] = TODAY - 1; /* before birth: no age */
	assert_false(holds("age is teens, twenties", &record));
}

static void what_is_unknown_is_not_known(void **state)
{
	struct asked asked;
	struct record record;
	size_t sex, age;

	(void)state;
	ask("sex is woman", &asked);
	sex = (size_t)programme_variable_index(asked.programme, "sex");
	age = (size_t)programme_variable_index(asked.programme, "age");
	record_clear(&record);
	assert_false(match_is_known(asked.match, sex, &record, TODAY));
	record.value[FIELD_sex] = 9;
	assert_int_equal(match_group(asked.match, sex, &record, TODAY), 9);
	assert_false(match_is_known(asked.match, sex, &record, TODAY));
	record.value[FIELD_sex] = 7;
	assert_true(match_is_known(asked.match, sex, &record, TODAY));
	assert_false(match_is_known(asked.match, age, &record, TODAY));
	forget(&asked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_that_is_not_there_falls_under_nothing),
		cmocka_unit_test(yes_and_no_are_codes),
		cmocka_unit_test(of_many_activities_one_is_enough),
		cmocka_unit_test(a_number_too_large_for_a_mask_is_found_while_it_holds),
		cmocka_unit_test(the_largest_and_the_least_numbers_are_in_open_ranges),
		cmocka_unit_test(what_is_unknown_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
