/* What `mia status` says of the cases that wait, and to whom. */
#include "daemon/site/condition.h"

#include "fixture_site.h"

#include "fixture_sheet.h"

#include <string.h>

/* Status as an account with these rights sees it; the caller frees it. */
static struct sheet *status_for(struct stage *stage, bool is_staff, bool is_reader)
{
	const struct query_site site = {.parts = &stage->parts,
					.roster = stage->settings.roster,
					.endpoint = "tcp://127.0.0.1:5670",
					.is_staff = is_staff,
					.is_reader = is_reader};
	const struct room_time now = {.at = date_to_moment(date_from_civil(2018, 7, 15))};
	struct sheet *sheet = condition_sheet(&site, &now, LANGUAGE_EN);

	assert_non_null(sheet);
	return sheet;
}

static bool has_note(const struct sheet *sheet, const char *word)
{
	for (size_t i = 0; i < sheet->notes_n; i++)
		if (strstr(sheet->notes[i].text, word) != NULL)
			return true;
	return false;
}

/* Somebody who left half a year ago, and nobody knows to what. */
static void leave(struct stage *stage)
{
	const struct store_origin origin = {.at = BEGIN, .operator_name = "anna"};
	struct record record;
	uint64_t id = 0;

	record_clear(&record);
	record.identity.type = ID_LOCAL;
	(void)strcpy(record.identity.local_id, "A-1");
	record.value[FIELD_entry_date] = date_from_civil(2017, 5, 2);
	record.value[FIELD_exit_date] = date_from_civil(2018, 1, 10);
	assert_int_equal(store_act(stage->parts.store, &origin, 0, ACT_REGISTERED, &record, &id),
			 0);
}

static void all_staff_hear_how_many_cases_wait(void **state)
{
	own(sheet_free) struct sheet *none = status_for(*state, true, false);
	own(sheet_free) struct sheet *one = NULL;

	assert_int_equal(number_at(none, 0, "to_do"), 0);
	assert_false(has_note(none, "Exits without outcome"));
	leave(*state);
	one = status_for(*state, true, false);
	assert_true(number_at(one, 0, "to_do") > 0);
	assert_true(has_note(one, "Exits without outcome"));
}

/* It is empty and not nothing: mia says "nothing to do" of a number alone. */
static void who_has_no_right_hears_no_number(void **state)
{
	own(sheet_free) struct sheet *sheet = NULL;

	leave(*state);
	sheet = status_for(*state, false, false);
	assert_true(is_empty_at(sheet, 0, "to_do"));
	assert_false(has_note(sheet, "Exits without outcome"));
	assert_false(has_note(sheet, "todo"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_stage, strike_stage)
	const struct CMUnitTest tests[] = {
		TEST(all_staff_hear_how_many_cases_wait),
		TEST(who_has_no_right_hears_no_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
