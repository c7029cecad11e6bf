#include "daemon/hub/ledger_pin.h"

#include "fixture_hub_trust.h"

#include <errno.h>

#include "lib/fail.h"

/* The next roster with these steps, signed by north, south, and whose key changes (0: nobody). */
static struct roster *next_of(const struct desk *desk, const struct roster_step *steps, size_t n,
			      uint8_t also)
{
	struct roster *next = trust_next(&desk->stage->roster, steps, n);

	trust_sign(next, 1);
	trust_sign(next, 2);
	if (also != 0)
		trust_sign(next, also);
	return next;
}

static const char *pin(struct desk *desk, const struct roster *roster)
{
	static struct fault fault;

	fault = (struct fault){0};
	(void)ledger_pin_roster(desk->stage->ledger, roster, NOW, &fault);
	return fault.code;
}

static void the_first_is_pinned_and_the_same_one_is_taken_again(void **state)
{
	struct desk *desk = *state;
	struct ledger_about about;
	uint64_t events;

	assert_string_equal(pin(desk, &desk->stage->roster), "");
	ledger_about(desk->stage->ledger, &about);
	events = about.state->events_n;
	reopen_stage(desk->stage);
	assert_string_equal(pin(desk, &desk->stage->roster), "");
	ledger_about(desk->stage->ledger, &about);
	assert_int_equal(about.state->events_n, events);
}

static void one_that_may_not_follow_leaves_the_one_before(void **state)
{
	struct desk *desk = *state;
	const struct roster_step step = {.member = trust_member("east", 13), .last_n = 0};
	own(mem_free) struct roster *next = next_of(desk, &step, 1, 0);

	assert_string_equal(pin(desk, &desk->stage->roster), "");
	assert_string_equal(pin(desk, next), "R044");
	trust_sign(next, 3);
	assert_string_equal(pin(desk, next), "");
	assert_string_equal(pin(desk, &desk->stage->roster), "R042");
}

static void a_key_is_not_ended_before_the_last_report_it_signed(void **state)
{
	struct desk *desk = *state;
	struct roster_step step = {.member = trust_member("east", 13), .last_n = 2};
	own(mem_free) struct roster *early = next_of(desk, &step, 1, 3), *late = NULL;

	assert_string_equal(pin(desk, &desk->stage->roster), "");
	report(desk, EAST, 3);
	assert_string_equal(pin(desk, early), "R046");
	step.is_lost = true;
	mem_free(&early);
	early = next_of(desk, &step, 1, 0);
	assert_string_equal(pin(desk, early), "R046"); /* whoever signed report 3: it is here */
	step.last_n = 3;
	late = next_of(desk, &step, 1, 0);
	assert_string_equal(pin(desk, late), "");
}

static void invitations_end_with_the_hubs_key_and_with_no_others(void **state)
{
	struct desk *desk = *state;
	const struct roster_step east = {.member = trust_member("east", 13)};
	const struct roster_step hub = {.member = trust_member(ROSTER_HUB, 98)};
	own(mem_free) struct roster *first = next_of(desk, &east, 1, 3), *second = NULL;

	assert_string_equal(pin(desk, &desk->stage->roster), "");
	invite(desk, "south", CODE, 100);
	assert_string_equal(pin(desk, first), "");
	assert_int_equal(invited_n(desk), 1);
	desk->stage->roster = *first;
	second = next_of(desk, &hub, 1, 0);
	assert_string_equal(pin(desk, second), "R044");
	assert_int_equal(invited_n(desk), 1);
	trust_sign(second, HUB_NUMBER);
	assert_string_equal(pin(desk, second), "");
	assert_int_equal(invited_n(desk), 0);
}

static void a_damaged_pin_takes_no_roster(void **state)
{
	struct desk *desk = *state;

	ledger_put_row(desk->stage->ledger, "x.roster", "\x93\x01", 2);
	assert_int_equal(ledger_commit(desk->stage->ledger), 0);
	assert_string_equal(pin(desk, &desk->stage->roster), "H001");
}

#define CASE(claim) cmocka_unit_test_setup_teardown(claim, make_desk, strike_desk)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_first_is_pinned_and_the_same_one_is_taken_again),
		CASE(one_that_may_not_follow_leaves_the_one_before),
		CASE(a_key_is_not_ended_before_the_last_report_it_signed),
		CASE(invitations_end_with_the_hubs_key_and_with_no_others),
		CASE(a_damaged_pin_takes_no_roster),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
