#include "daemon/hub/warden.h"

#include "fixture_hub_trust.h"

#include <errno.h>

#include "lib/fail.h"

static void order(struct desk *desk, enum command command, const char *site)
{
	ask_for(desk, command, site);
	carry_out_by(desk, warden_carry_out);
}

/* What the next roster says of a site. */
static enum roster_status drafted_status(struct desk *desk, const char *site)
{
	own(mem_free) struct roster *draft = NULL;

	ask_for(desk, COMMAND_ROSTER_DRAFT, NULL);
	carry_out_by(desk, usher_carry_out);
	draft = drafted(desk);
	return roster_find(draft, site)->status;
}

static void a_suspension_is_the_hubs_own_and_in_no_roster(void **state)
{
	struct desk *desk = *state;

	order(desk, COMMAND_SITE_SUSPEND, "north");
	assert_int_equal(suspension_find(&desk->suspensions, "north")->status, ROSTER_SUSPENDED);
	assert_int_equal(drafted_status(desk, "north"), ROSTER_ACTIVE);
	order(desk, COMMAND_SITE_RESUME, "north");
	assert_null(suspension_find(&desk->suspensions, "north"));
	assert_int_equal(drafted_status(desk, "north"), ROSTER_ACTIVE);
}

static void who_has_left_is_out_at_once_and_of_the_next_roster(void **state)
{
	struct desk *desk = *state;

	order(desk, COMMAND_SITE_RETIRE, "north");
	assert_int_equal(suspension_find(&desk->suspensions, "north")->status, ROSTER_RETIRED);
	reopen_stage(desk->stage);
	assert_int_equal(drafted_status(desk, "north"), ROSTER_RETIRED);
	assert_int_equal(drafted_status(desk, "south"), ROSTER_ACTIVE);
}

static void an_order_taken_back_is_out_of_the_draft_again(void **state)
{
	struct desk *desk = *state;

	order(desk, COMMAND_SITE_RETIRE, "north");
	order(desk, COMMAND_SITE_RESUME, "north");
	assert_int_equal(drafted_status(desk, "north"), ROSTER_ACTIVE);
	ask_for(desk, COMMAND_KEY_REVOKE, "south");
	carry_out_by(desk, usher_carry_out);
	order(desk, COMMAND_SITE_RESUME, "south");
	assert_int_equal(drafted_status(desk, "south"), ROSTER_ACTIVE);
}

static void new_keys_of_a_revoked_site_stay_drafted_when_it_is_let_in(void **state)
{
	struct desk *desk = *state;
	own(mem_free) struct roster *draft = NULL;

	ask_for(desk, COMMAND_KEY_REVOKE, "south");
	carry_out_by(desk, usher_carry_out);
	invite(desk, "south", CODE, date_of_moment(NOW));
	accept_card(desk, "south", 12, 0, CODE);
	order(desk, COMMAND_SITE_RESUME, "south");
	ask_for(desk, COMMAND_ROSTER_DRAFT, NULL);
	carry_out_by(desk, usher_carry_out);
	draft = drafted(desk);
	assert_memory_equal(roster_find(draft, "south")->sign, trust_member("", 12).sign, 32);
	assert_int_equal(draft->formers_n, 1);
}

static void what_is_so_already_or_unknown_or_tried_changes_nothing(void **state)
{
	struct desk *desk = *state;

	order(desk, COMMAND_SITE_RESUME, "north");
	assert_string_equal(code_of(desk), "X023");
	order(desk, COMMAND_SITE_RETIRE, "nowhere");
	assert_string_equal(code_of(desk), "X009");
	ask_for(desk, COMMAND_SITE_RETIRE, "north");
	text_copy(desk->request.options[0].name, sizeof(desk->request.options[0].name), "dry-run");
	desk->request.options_n = 1;
	carry_out_by(desk, warden_carry_out);
	assert_string_equal(code_of(desk), "");
	assert_null(suspension_find(&desk->suspensions, "north"));
	assert_int_equal(drafted_status(desk, "north"), ROSTER_ACTIVE);
}

#define CASE(claim) cmocka_unit_test_setup_teardown(claim, make_desk, strike_desk)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_suspension_is_the_hubs_own_and_in_no_roster),
		CASE(who_has_left_is_out_at_once_and_of_the_next_roster),
		CASE(an_order_taken_back_is_out_of_the_draft_again),
		CASE(new_keys_of_a_revoked_site_stay_drafted_when_it_is_let_in),
		CASE(what_is_so_already_or_unknown_or_tried_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
