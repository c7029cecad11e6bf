#include "proto/programme_change.h"

#include "lib/date.h"
#include "lib/own.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture_programme.h"

#define TODAY date_from_civil(2024, 6, 15)

/* What was told first, and how often anything was. */
struct told {
	struct programme_change first;
	char id[PROGRAMME_ID_BYTES], section[PROGRAMME_ID_BYTES];
	size_t n;
};

static int remember(void *context, const struct programme_change *change)
{
	struct told *told = context;

	if (told->n++ > 0)
		return 0;
	told->first = *change;
	(void)snprintf(told->id, sizeof(told->id), "%s", change->id);
	(void)snprintf(told->section, sizeof(told->section), "%s", change->section);
	return 0;
}

/* The second programme against itself with an edit, its version raised unless that is the edit. */
static void compare(const struct fixture_slip *slip, struct told *ret_told)
{
	own(buf_free) struct buf file = {0}, raised = {0}, text = {0};
	own(programme_free) struct programme *before = NULL, *after = NULL;
	static const struct fixture_slip raise = {"[programme]", "version = 3", "version = 4", "",
						  ""};
	struct fault fault = {0};

	*ret_told = (struct told){.n = 0};
	fixture_file(SECOND_PROGRAMME, &file);
	fixture_edit(&file, slip, &text);
	buf_add(&text, "", 1);
	if (strstr(slip->from, "version") == NULL)
		fixture_edit(&text, &raise, &raised);
	else
		buf_add(&raised, text.data, text.n - 1);
	assert_int_equal(programme_read("before", file.data, file.n - 1, &before, &fault), 0);
	if (programme_read("after", raised.data, raised.n, &after, &fault) != 0)
		fail_msg("%s %s", fault.place, fault.reason);
	assert_int_equal(programme_changes(before, after, TODAY, remember, ret_told), 0);
}

static void check(const struct fixture_slip slips[], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct told told;

		compare(&slips[i], &told);
		if (told.n == 0 || strcmp(told.first.code, slips[i].code) != 0 ||
		    strstr(told.first.what, slips[i].said) == NULL)
			fail_msg("slip %zu: %zu told, first %s \"%s\"", i, told.n,
				 told.n == 0 ? "" : told.first.code,
				 told.n == 0 ? "" : told.first.what);
	}
}

static void what_is_added_or_ends_in_time_to_come_is_free_to_change(void **state)
{
	static const struct fixture_slip slips[] = {
		{"[programme]", "version = 3", "version = 4", "", ""},
		{"[list referrer]", "code = 5 |", "code = 6 | vet | Veterinär | Vet\ncode = 5 |",
		 "", ""},
		{"[list referrer]", "Telefon | Telephone", "Telefon | Telephone | ..2024-12-31", "",
		 ""},
		{"[list referrer]", "Telefon | Telephone", "Mobil | Mobile", "", ""},
		{"[list pet]", "code = 3 | none | Inget | None",
		 "code = 3 | none | Inget | None\nalias = dog | Jycke", "", ""},
		{"[site malmo]", "target = 2023-07-01 | 480",
		 "target = 2023-07-01 | 480\ntarget = 2024-09-01 | 500", "", ""},
		{"[site lund]", "2023-01-01..\n",
		 "2023-01-01..\nmunicipality = 1231 | Burlöv | Burlöv | 2025-01-01..\n", "", ""},
		{"[goal learning]", "per_mille = 450", "per_mille = 500", "", ""},
		{"[table hard]", "[table",
		 "[table t2]\nnumber = 99\nsv = a\nen = b\nkind = left\nscope = site\ncadence = "
		 "quarter\nvalid = 2025-01-01..\ndims = age\n[table",
		 "", ""},
	};

	(void)state;
	for (size_t i = 0; i < array_n(slips); i++) {
		struct told told;

		compare(&slips[i], &told);
		if (told.n != 0)
			fail_msg("slip %zu: %s %s \"%s\"", i, told.first.code, told.id,
				 told.first.what);
	}
}

static void a_number_or_id_in_use_is_never_deleted_changed_or_used_again(void **state)
{
	static const struct fixture_slip slips[] = {
		{"[list referrer]", "code = 5 | phone | Telefon | Telephone\n", "", "P060",
		 "code 5 phone"},
		{"[list referrer]", "code = 5 | phone", "code = 6 | phone", "P060", "code 5 phone"},
		{"[list referrer]", "5 | phone | Telefon", "5 | fax | Telefax", "P060",
		 "code 5 phone"},
		{"[measure moved_out]", "number = 25", "number = 29", "P060", "number 25"},
		{"[measure moved_out]", "[measure moved_out]", "[measure moved_away]", "P060",
		 "number 25"},
		{"[variable months]", "group = 2 | year", "group = 3 | year", "P060",
		 "group 2 year"},
		{"[table hard]", "number = 41", "number = 48", "P060", "number 41"},
		{"[indicator u5]", "number = 5", "number = 55", "P060", "number 5"},
		{"[question pets]", "slot = 1", "slot = 2", "P060", "slot 1"},
		{"[question pets]", "list = pet", "list = yesno", "P060", "slot 1"},
		{"[programme]", "id = unga-vidare", "id = unga", "P060", "id unga-vidare"},
	};

	(void)state;
	check(slips, array_n(slips));
}

static void days_that_are_past_stand(void **state)
{
	static const struct fixture_slip slips[] = {
		{"[list referrer]", "Telefon | Telephone", "Telefon | Telephone | ..2023-12-31",
		 "P061", "code 5 phone"},
		{"[list referrer]", "Telefon | Telephone", "Telefon | Telephone | 2023-01-01..",
		 "P061", "code 5 phone"},
		{"[site kristianstad]", "..2023-12-31", "..2024-12-31", "P061",
		 "municipality 1256"},
		{"[site kristianstad]", "..2023-12-31", "..2023-06-30", "P061",
		 "municipality 1256"},
		{"[site malmo]", "valid = 2022-01-01..", "valid = 2022-02-01..", "P061", "valid"},
		{"[measure moved_out]", "cadence = month", "cadence = month\nvalid = 2023-01-01..",
		 "P061", "valid"},
	};

	(void)state;
	check(slips, array_n(slips));
}

static void what_a_number_counts_stands(void **state)
{
	static const struct fixture_slip slips[] = {
		{"[measure gone]", "backtoschool, folkhigh", "backtoschool", "P062", "number 23"},
		{"[measure gone]", "is not drifted", "is drifted", "P062", "number 23"},
		{"[measure moved_out]", "cadence = month", "cadence = quarter", "P062",
		 "number 25"},
		{"[measure moved_out]", "transferred_out", "declined", "P062", "number 25"},
		{"[variable months]", "| ..5", "| ..4\ngroup = 9 | five | 5 | 5 | 5", "P062",
		 "group 1"},
		{"[indicator u2]", "labour is neet", "labour is neet, absent", "P062", "number 2"},
		{"[table mentored_age]", "dims = age", "dims = labour", "P062", "number 31"},
	};

	(void)state;
	check(slips, array_n(slips));
}

static void the_policy_is_never_looser_and_the_version_rises(void **state)
{
	static const struct fixture_slip slips[] = {
		{"[policy]", "k = 7", "k = 6", "P063", "k 7"},
		{"[policy]", "k = 7", "k = 8", "P063", "k 7"},
		{"[policy]", "epsilon_year = 3000", "epsilon_year = 3500", "P063",
		 "epsilon_year 3000"},
		{"[policy]", "collude = 1", "collude = 0", "P063", "collude 1"},
		{"[programme]", "version = 3\nvalid = 2022-01-01..2025-06-30",
		 "version = 3\nvalid = 2022-01-01..2025-07-31", "P064", "version 3"},
		{"[programme]", "version = 3", "version = 2", "P064", "version 3"},
	};

	(void)state;
	check(slips, array_n(slips));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_added_or_ends_in_time_to_come_is_free_to_change),
		cmocka_unit_test(a_number_or_id_in_use_is_never_deleted_changed_or_used_again),
		cmocka_unit_test(days_that_are_past_stand),
		cmocka_unit_test(what_a_number_counts_stands),
		cmocka_unit_test(the_policy_is_never_looser_and_the_version_rises),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
