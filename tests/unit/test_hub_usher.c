#include "daemon/hub/usher.h"

#include "fixture_hub_trust.h"

#include <errno.h>

#include "lib/fail.h"

static const struct roster_former *former_of(const struct roster *roster, const char *name)
{
	for (size_t i = 0; i < roster->formers_n; i++)
		if (strcmp(roster->formers[i].name, name) == 0)
			return &roster->formers[i];
	return NULL;
}

static uint64_t events_n(const struct desk *desk)
{
	struct ledger_about about;

	ledger_about(desk->stage->ledger, &about);
	return about.state->events_n;
}

/* Nothing of it is in the ledger, now or with the next commit. */
static void assert_untouched(struct desk *desk, uint64_t events)
{
	own(buf_free) struct buf row = {0};

	assert_int_equal(ledger_commit(desk->stage->ledger), 0);
	assert_int_equal(events_n(desk), events);
	assert_int_equal(ledger_row(desk->stage->ledger, "x.draft", &row), -ENOENT);
}

/* 1 January 2019, eight months are here; in ninety days, on 1 April, those to March are over. */
static void a_key_before_is_good_for_every_month_that_can_be_over_while_a_draft_lies(void **state)
{
	struct desk *desk = *state;
	own(mem_free) struct roster *draft = NULL;

	report(desk, NORTH, 8);
	accept_card(desk, "north", 11, 1, "");
	draft = drafted(desk);
	assert_int_equal(former_of(draft, "north")->last_n, 8 + 4 + 3);
	assert_false(former_of(draft, "north")->is_lost);
	assert_int_equal(draft->epoch, 2);
}

static void a_site_that_never_reported_is_counted_from_the_operations_first_month(void **state)
{
	struct desk *desk = *state;
	own(mem_free) struct roster *draft = NULL;
	uint32_t first = period_of_day(desk->stage->programme.operation.from);

	accept_card(desk, "south", 12, 2, "");
	draft = drafted(desk);
	assert_int_equal(former_of(draft, "south")->last_n, MONTH(2019, 4) - first);
}

static void the_hubs_former_key_is_good_for_no_report(void **state)
{
	struct desk *desk = *state;
	own(mem_free) struct roster *draft = NULL;

	accept_card(desk, ROSTER_HUB, 98, HUB_NUMBER, "");
	draft = drafted(desk);
	assert_int_equal(former_of(draft, ROSTER_HUB)->last_n, 0);
	assert_memory_equal(roster_find(draft, ROSTER_HUB)->sign, trust_member("", 98).sign, 32);
	accept_card(desk, ROSTER_HUB, 97, 0, "");
	assert_string_equal(code_of(desk), "J005");
}

static void a_card_that_nobody_vouches_for_holds_by_an_open_invitation_once(void **state)
{
	struct desk *desk = *state;
	uint64_t events = events_n(desk);
	own(mem_free) struct roster *draft = NULL;

	accept_card(desk, "north", 11, 0, CODE);
	assert_string_equal(code_of(desk), "J005");
	assert_untouched(desk, events);
	invite(desk, "north", CODE, date_of_moment(NOW) - 1);
	accept_card(desk, "north", 11, 0, CODE);
	assert_string_equal(code_of(desk), "J005");
	invite(desk, "north", CODE, date_of_moment(NOW));
	report(desk, NORTH, 5);
	accept_card(desk, "north", 11, 0, CODE);
	draft = drafted(desk);
	assert_int_equal(former_of(draft, "north")->last_n, 5);
	assert_true(former_of(draft, "north")->is_lost);
	assert_int_equal(invited_n(desk), 0);
	accept_card(desk, "north", 12, 0, CODE);
	assert_string_equal(code_of(desk), "J005");
	accept_card(desk, "north", 11, 0, CODE); /* once more: the answer was lost */
	assert_string_equal(code_of(desk), "X023");
}

static void a_suspended_sites_key_vouches_for_nothing(void **state)
{
	struct desk *desk = *state;
	const struct suspension out = {.site = "north", .status = ROSTER_SUSPENDED, .at = NOW};

	assert_int_equal(suspension_set(&desk->suspensions, desk->stage->ledger, &out), 0);
	accept_card(desk, "north", 11, 1, "");
	assert_string_equal(code_of(desk), "J005");
}

static void another_sites_card_and_the_keys_in_force_are_refused(void **state)
{
	struct desk *desk = *state;
	own(buf_free) struct buf card = trust_card("south", 12, 2, "");
	uint64_t events = events_n(desk);

	ask_for(desk, COMMAND_ACCEPT, "north");
	trust_carry(&desk->request, &card);
	carry_out_by(desk, usher_carry_out);
	assert_string_equal(code_of(desk), "J004");
	accept_card(desk, "north", 1, 1, "");
	assert_string_equal(code_of(desk), "X023");
	ask_for(desk, COMMAND_ACCEPT, "nowhere");
	carry_out_by(desk, usher_carry_out);
	assert_string_equal(code_of(desk), "X009");
	assert_untouched(desk, events);
}

/* Whoever signs a roster with it could not even read it. */
static void a_card_with_a_key_of_anothers_is_refused_and_the_draft_stays_whole(void **state)
{
	struct desk *desk = *state;
	own(sign_key_free) struct sign_key *key = trust_key(11), *before = trust_key(1);
	struct welcome_card card = {.member = trust_member("north", 11)};
	own(buf_free) struct buf text = {0};
	own(mem_free) struct roster *draft = NULL;
	uint64_t events = events_n(desk);

	memcpy(card.member.link, roster_find(&desk->stage->roster, "south")->link, 32);
	welcome_card_sign(&card, key);
	welcome_card_vouch(&card, before);
	welcome_card_add(&text, &card);
	ask_for(desk, COMMAND_ACCEPT, "north");
	trust_carry(&desk->request, &text);
	trust_type(&desk->request, &card.member, "right");
	carry_out_by(desk, usher_carry_out);
	assert_string_equal(code_of(desk), "R003");
	assert_untouched(desk, events);
	accept_card(desk, "north", 11, 1, "");
	draft = drafted(desk);
	assert_int_equal(draft->epoch, 2);
}

static void the_fingerprint_is_asked_for_last_and_three_wrong_ones_lock(void **state)
{
	struct desk *desk = *state;
	own(buf_free) struct buf card = trust_card("north", 11, 1, "");
	const struct roster_member member = trust_member("north", 11);
	static const char *const codes[] = {"J001", "J002", "J002", "J008", "J008"};

	ask_for(desk, COMMAND_ACCEPT, "north");
	trust_carry(&desk->request, &card);
	for (size_t i = 0; i < array_n(codes); i++) {
		carry_out_by(desk, usher_carry_out);
		assert_string_equal(code_of(desk), codes[i]);
		trust_type(&desk->request, &member, WRONG);
	}
	trust_type(&desk->request, &member, "right");
	carry_out_by(desk, usher_carry_out);
	assert_string_equal(code_of(desk), "J008");
	desk->at += TRIES_LOCK_S;
	carry_out_by(desk, usher_carry_out);
	assert_string_equal(code_of(desk), "");
}

static void who_is_accepted_is_in_the_draft_with_those_before(void **state)
{
	struct desk *desk = *state;
	own(mem_free) struct roster *draft = NULL;

	accept_card(desk, "north", 11, 1, "");
	accept_card(desk, "south", 12, 2, "");
	reopen_stage(desk->stage);
	accept_card(desk, ROSTER_HUB, 98, HUB_NUMBER, "");
	draft = drafted(desk);
	assert_int_equal(draft->formers_n, 3);
	assert_memory_equal(roster_find(draft, "north")->sign, trust_member("", 11).sign, 32);
	assert_memory_equal(roster_find(draft, "south")->sign, trust_member("", 12).sign, 32);
}

static void a_revoked_key_is_out_here_at_once_and_in_the_draft(void **state)
{
	struct desk *desk = *state;
	own(mem_free) struct roster *draft = NULL;

	ask_for(desk, COMMAND_KEY_REVOKE, "north");
	carry_out_by(desk, usher_carry_out);
	draft = drafted(desk);
	assert_int_equal(roster_find(draft, "north")->status, ROSTER_SUSPENDED);
	assert_int_equal(draft->formers_n, 0);
	assert_non_null(suspension_find(&desk->suspensions, "north"));
	ask_for(desk, COMMAND_KEY_REVOKE, ROSTER_HUB);
	carry_out_by(desk, usher_carry_out);
	assert_string_equal(code_of(desk), "X009");
}

static void a_damaged_row_is_told_and_nothing_is_half_done(void **state)
{
	struct desk *desk = *state;
	uint64_t events = events_n(desk);
	own(buf_free) struct buf row = {0};

	ledger_put_row(desk->stage->ledger, "x.draft", "\x91\x96\xa1x", 4);
	assert_int_equal(ledger_commit(desk->stage->ledger), 0);
	accept_card(desk, "north", 11, 1, "");
	assert_string_equal(code_of(desk), "H001");
	assert_int_equal(ledger_commit(desk->stage->ledger), 0);
	assert_int_equal(events_n(desk), events);
	assert_int_equal(ledger_row(desk->stage->ledger, VERIFIED_ROW, &row), -ENOENT);
}

#define CASE(claim) cmocka_unit_test_setup_teardown(claim, make_desk, strike_desk)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_key_before_is_good_for_every_month_that_can_be_over_while_a_draft_lies),
		CASE(a_site_that_never_reported_is_counted_from_the_operations_first_month),
		CASE(the_hubs_former_key_is_good_for_no_report),
		CASE(a_card_that_nobody_vouches_for_holds_by_an_open_invitation_once),
		CASE(a_suspended_sites_key_vouches_for_nothing),
		CASE(another_sites_card_and_the_keys_in_force_are_refused),
		CASE(a_card_with_a_key_of_anothers_is_refused_and_the_draft_stays_whole),
		CASE(the_fingerprint_is_asked_for_last_and_three_wrong_ones_lock),
		CASE(who_is_accepted_is_in_the_draft_with_those_before),
		CASE(a_revoked_key_is_out_here_at_once_and_in_the_draft),
		CASE(a_damaged_row_is_told_and_nothing_is_half_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
