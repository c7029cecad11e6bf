#include "fixture_hub.h"

#include "daemon/hub/kept_out.h"
#include "fixture_sheet.h"

static struct suspensions kept(const char *site, enum roster_status status, const char *why)
{
	struct suspensions suspensions = {.n = 1};

	suspensions.rows[0].status = status;
	suspensions.rows[0].at = NOW;
	(void)snprintf(suspensions.rows[0].site, sizeof(suspensions.rows[0].site), "%s", site);
	(void)snprintf(suspensions.rows[0].why, sizeof(suspensions.rows[0].why), "%s", why);
	return suspensions;
}

static struct sheet *noted(const struct stage *stage, const struct suspensions *suspensions)
{
	struct sheet *sheet = sheet_new("mia.test/1", SHEET_TABLE);

	kept_out_note(&stage->programme, &stage->roster, suspensions, LANGUAGE_EN, sheet);
	return sheet;
}

static void who_is_let_in_has_no_note(void **state)
{
	struct stage *stage = *state;
	const struct suspensions nobody = {0};
	own(sheet_free) struct sheet *sheet = noted(stage, &nobody);

	assert_int_equal(sheet->notes_n, 0);
	assert_null(kept_out_word(&stage->roster, &nobody, "north"));
	assert_null(kept_out_word(&stage->roster, &nobody, "nobody"));
}

static void a_clone_is_named_by_both_addresses_and_the_day(void **state)
{
	struct stage *stage = *state;
	const struct suspensions suspensions =
		kept("north", ROSTER_SUSPENDED,
		     "reason=clone first=192.0.2.1 second=2001:db8::2%eth0");
	own(sheet_free) struct sheet *sheet = noted(stage, &suspensions);

	assert_int_equal(sheet->notes_n, 1);
	assert_string_equal(sheet->notes[0].arguments[0], "North");
	assert_string_equal(sheet->notes[0].arguments[1], "2019-01-01");
	assert_string_equal(sheet->notes[0].arguments[2], "192.0.2.1");
	assert_string_equal(sheet->notes[0].arguments[3], "2001:db8::2%eth0");
	assert_string_equal(kept_out_word(&stage->roster, &suspensions, "north"), "suspended");
}

static void an_operator_is_named(void **state)
{
	struct stage *stage = *state;
	const struct suspensions out = kept("north", ROSTER_SUSPENDED, "operator=anna");
	const struct suspensions left = kept("south", ROSTER_RETIRED, "operator=bo");
	own(sheet_free) struct sheet *suspended = noted(stage, &out);
	own(sheet_free) struct sheet *retired = noted(stage, &left);

	assert_string_equal(note_of(suspended, "%1 is suspended since %2, by %3.")->arguments[2],
			    "anna");
	assert_string_equal(note_of(retired, "%1 has left: %2, noted by %3.")->arguments[2], "bo");
	assert_string_equal(kept_out_word(&stage->roster, &left, "south"), "has left");
}

static void the_roster_says_so_too_and_who_has_left_it_does_not_come_back_by_the_hub(void **state)
{
	struct stage *stage = *state;
	const struct suspensions nobody = {0};
	const struct suspensions out = kept("south", ROSTER_SUSPENDED, "operator=anna");
	own(sheet_free) struct sheet *sheet = NULL;
	own(sheet_free) struct sheet *both = NULL;

	stage->roster.members[NORTH].status = ROSTER_SUSPENDED;
	stage->roster.members[SOUTH].status = ROSTER_RETIRED;
	sheet = noted(stage, &nobody);
	assert_non_null(note_of(sheet, "%1 is suspended in the roster."));
	assert_non_null(note_of(sheet, "%1 has left, says the roster."));
	assert_string_equal(kept_out_word(&stage->roster, &nobody, "north"), "suspended");
	assert_string_equal(kept_out_word(&stage->roster, &out, "south"), "has left");
	both = noted(stage, &out);
	assert_int_equal(both->notes_n, 2);
	assert_non_null(note_of(both, "%1 has left, says the roster."));
}

#define on_stage(test) cmocka_unit_test_setup_teardown(test, make_stage, strike_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_stage(who_is_let_in_has_no_note),
		on_stage(a_clone_is_named_by_both_addresses_and_the_day),
		on_stage(an_operator_is_named),
		on_stage(the_roster_says_so_too_and_who_has_left_it_does_not_come_back_by_the_hub),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
