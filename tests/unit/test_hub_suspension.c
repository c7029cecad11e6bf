#include "fixture_hub.h"

#include "daemon/hub/ledger_read.h"
#include "daemon/hub/suspension.h"

#include <errno.h>

static void set(struct stage *stage, struct suspensions *suspensions, const char *site,
		enum roster_status status)
{
	struct suspension change = {.status = status, .at = 1525000000};

	(void)snprintf(change.site, sizeof(change.site), "%s", site);
	(void)snprintf(change.why, sizeof(change.why), "operator=anna");
	assert_int_equal(suspension_set(suspensions, stage->ledger, &change), 0);
}

static void nobody_is_suspended_in_a_new_ledger(void **state)
{
	struct stage *stage = *state;
	struct fault fault = {0};
	struct suspensions suspensions = {.n = 7};

	assert_int_equal(suspension_load(stage->ledger, &suspensions, &fault), 0);
	assert_int_equal(suspensions.n, 0);
	assert_null(suspension_find(&suspensions, "north"));
}

static void a_suspension_outlasts_a_restart_and_ends_when_it_is_taken_back(void **state)
{
	struct stage *stage = *state;
	struct fault fault = {0};
	struct suspensions suspensions = {0}, again = {0};

	set(stage, &suspensions, "north", ROSTER_SUSPENDED);
	set(stage, &suspensions, "south", ROSTER_RETIRED);
	set(stage, &suspensions, "north", ROSTER_SUSPENDED);
	assert_int_equal(suspensions.n, 2);
	reopen_stage(stage);
	assert_int_equal(suspension_load(stage->ledger, &again, &fault), 0);
	assert_int_equal(again.n, 2);
	assert_int_equal(suspension_find(&again, "north")->status, ROSTER_SUSPENDED);
	assert_int_equal(suspension_find(&again, "south")->status, ROSTER_RETIRED);
	assert_string_equal(suspension_find(&again, "south")->why, "operator=anna");
	set(stage, &again, "north", ROSTER_ACTIVE);
	assert_null(suspension_find(&again, "north"));
	reopen_stage(stage);
	assert_int_equal(suspension_load(stage->ledger, &again, &fault), 0);
	assert_int_equal(again.n, 1);
}

static void whoever_the_hub_or_the_roster_says_has_left_owes_nothing_more(void **state)
{
	struct stage *stage = *state;
	struct suspensions suspensions = {0};

	set(stage, &suspensions, "north", ROSTER_SUSPENDED);
	set(stage, &suspensions, "south", ROSTER_RETIRED);
	stage->roster.members[EAST].status = ROSTER_RETIRED;
	suspension_tell(&suspensions, &stage->roster, stage->county);
	assert_int_equal(county_last(stage->county, NORTH), COUNTY_STAYS);
	assert_int_equal(county_last(stage->county, SOUTH), 0);
	assert_int_equal(county_last(stage->county, EAST), 0);
	set(stage, &suspensions, "south", ROSTER_ACTIVE);
	suspension_tell(&suspensions, &stage->roster, stage->county);
	assert_int_equal(county_last(stage->county, SOUTH), COUNTY_STAYS);
	assert_int_equal(county_last(stage->county, EAST), 0);
}

struct told {
	char texts[8][LEDGER_TEXT_BYTES];
	size_t n;
};

static int hear(void *context, uint64_t number, int64_t at, const char *text)
{
	struct told *told = context;

	(void)number;
	(void)at;
	if (told->n < 8)
		(void)snprintf(told->texts[told->n++], LEDGER_TEXT_BYTES, "%s", text);
	return 0;
}

static void each_change_is_audited(void **state)
{
	struct stage *stage = *state;
	struct suspensions suspensions = {0};
	struct told told = {0};
	struct ledger_about about;
	uint64_t before;

	ledger_about(stage->ledger, &about);
	before = about.state->events_n;
	set(stage, &suspensions, "north", ROSTER_SUSPENDED);
	set(stage, &suspensions, "north", ROSTER_ACTIVE);
	set(stage, &suspensions, "north", ROSTER_RETIRED);
	assert_int_equal(ledger_events(stage->ledger, before + 1, hear, &told), 0);
	assert_int_equal(told.n, 3);
	assert_string_equal(told.texts[0], "site_suspended site=north operator=anna");
	assert_string_equal(told.texts[1], "site_resumed site=north operator=anna");
	assert_string_equal(told.texts[2], "site_retired site=north operator=anna");
}

static void a_damaged_row_is_no_list(void **state)
{
	struct stage *stage = *state;
	struct fault fault = {0};
	struct suspensions suspensions = {.n = 3};

	ledger_put_row(stage->ledger, "x.suspended", "\x91\x94\xa1x\x01", 5);
	assert_int_equal(ledger_commit(stage->ledger), 0);
	assert_int_equal(suspension_load(stage->ledger, &suspensions, &fault), -EBADMSG);
	assert_string_equal(fault.code, "H001");
	assert_int_equal(suspensions.n, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nobody_is_suspended_in_a_new_ledger, make_stage,
						strike_stage),
		cmocka_unit_test_setup_teardown(
			a_suspension_outlasts_a_restart_and_ends_when_it_is_taken_back, make_stage,
			strike_stage),
		cmocka_unit_test_setup_teardown(each_change_is_audited, make_stage, strike_stage),
		cmocka_unit_test_setup_teardown(a_damaged_row_is_no_list, make_stage, strike_stage),
		cmocka_unit_test_setup_teardown(
			whoever_the_hub_or_the_roster_says_has_left_owes_nothing_more, make_stage,
			strike_stage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
