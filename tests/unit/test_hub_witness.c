#include "daemon/hub/witness.h"

#include "daemon/hub/ledger_known.h"
#include "fixture_hub_trust.h"
#include "proto/roster_next.h"

#include <errno.h>

#include "lib/fail.h"

/* roster sign: the next roster with one step. */
static void ask_sign(struct desk *desk, const struct roster_step *step)
{
	own(mem_free) struct roster *next = trust_next(&desk->stage->roster, step, 1);
	own(buf_free) struct buf text = {0};

	roster_add_all(&text, next);
	ask_for(desk, COMMAND_ROSTER_SIGN, "roster.ini");
	trust_carry(&desk->request, &text);
}

static void put_in_draft(struct desk *desk, const struct roster_step *step)
{
	own(mem_free) struct draft *draft = calloc(1, sizeof(*draft));

	assert_non_null(draft);
	assert_int_equal(draft_put(draft, &desk->stage->roster, step, desk->stage->ledger), 0);
	assert_int_equal(ledger_commit(desk->stage->ledger), 0);
}

static void the_hub_signs_where_its_own_keys_change_once_it_heard_them(void **state)
{
	struct desk *desk = *state;
	const struct roster_step step = {.member = trust_member(ROSTER_HUB, 98)};

	put_in_draft(desk, &step);
	ask_sign(desk, &step);
	carry_out_by(desk, witness_carry_out);
	assert_string_equal(code_of(desk), "J001");
	assert_int_equal(desk->answer.attachment.n, 0);
	trust_type(&desk->request, &step.member, "right");
	carry_out_by(desk, witness_carry_out);
	assert_string_equal(code_of(desk), "");
	assert_true(desk->answer.attachment.n > 2 * (size_t)SIGN_BYTES);
	ask_sign(desk, &step);
	carry_out_by(desk, witness_carry_out); /* known by now */
	assert_string_equal(code_of(desk), "");
}

/* Nobody reads a link key aloud: with another's in it, the sites would speak to that one. */
static void the_hub_signs_no_link_key_but_the_one_of_its_card(void **state)
{
	struct desk *desk = *state;
	struct roster_step step = {.member = trust_member(ROSTER_HUB, 98)};

	accept_card(desk, ROSTER_HUB, 98, HUB_NUMBER, "");
	step.member.link[0] ^= 1;
	ask_sign(desk, &step);
	trust_type(&desk->request, &step.member, "right");
	carry_out_by(desk, witness_carry_out);
	assert_string_equal(code_of(desk), "J010");
	assert_int_equal(desk->answer.attachment.n, 0);
	step.member = *roster_find(&desk->stage->roster, ROSTER_HUB);
	step.member.link[0] ^= 1;
	ask_sign(desk, &step);
	carry_out_by(desk, witness_carry_out);
	assert_string_equal(code_of(desk), "J010");
	step.member = trust_member(ROSTER_HUB, 98);
	ask_sign(desk, &step);
	carry_out_by(desk, witness_carry_out);
	assert_string_equal(code_of(desk), "");
}

static void it_signs_no_roster_for_others(void **state)
{
	struct desk *desk = *state;
	const struct roster_step step = {.member = trust_member("north", 11), .last_n = 3};

	ask_sign(desk, &step);
	trust_type(&desk->request, &step.member, "right");
	carry_out_by(desk, witness_carry_out);
	assert_string_equal(code_of(desk), "J009");
	assert_int_equal(desk->answer.attachment.n, 0);
}

static void a_key_is_verified_for_who_is_in_the_roster(void **state)
{
	struct desk *desk = *state;
	const struct roster_member north = trust_member("north", 1);

	ask_for(desk, COMMAND_KEY_VERIFY, "nobody");
	carry_out_by(desk, witness_carry_out);
	assert_string_equal(code_of(desk), "X009");
	ask_for(desk, COMMAND_KEY_VERIFY, "north");
	trust_type(&desk->request, &north, "right");
	carry_out_by(desk, witness_carry_out);
	assert_string_equal(code_of(desk), "");
	ask_for(desk, COMMAND_KEY_SHOW, NULL);
	carry_out_by(desk, witness_carry_out);
	assert_int_equal(desk->answer.sheets[0]->rows_n, 4);
}

static void the_draft_can_be_had_again(void **state)
{
	struct desk *desk = *state;
	own(mem_free) struct roster *draft = NULL;

	accept_card(desk, "north", 11, 1, "");
	ask_for(desk, COMMAND_ROSTER_DRAFT, NULL);
	carry_out_by(desk, witness_carry_out);
	draft = drafted(desk);
	assert_memory_equal(roster_find(draft, "north")->sign, trust_member("", 11).sign, 32);
}

#define CASE(claim) cmocka_unit_test_setup_teardown(claim, make_desk, strike_desk)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_hub_signs_where_its_own_keys_change_once_it_heard_them),
		CASE(the_hub_signs_no_link_key_but_the_one_of_its_card),
		CASE(it_signs_no_roster_for_others),
		CASE(a_key_is_verified_for_who_is_in_the_roster),
		CASE(the_draft_can_be_had_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
