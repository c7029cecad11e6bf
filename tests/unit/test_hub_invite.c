#include "fixture_hub_trust.h"

#include <errno.h>

#include "lib/fail.h"

#define OTHER "ffffffffffffffffffff"

static struct invites *load(const struct desk *desk)
{
	struct invites *invites = calloc(1, sizeof(*invites));

	assert_non_null(invites);
	assert_int_equal(invite_load(desk->stage->ledger, invites), 0);
	return invites;
}

static void a_code_holds_for_its_site_until_its_last_day(void **state)
{
	struct desk *desk = *state;
	own(mem_free) struct invites *invites = NULL;

	invite(desk, "north", CODE, 100);
	reopen_stage(desk->stage);
	invites = load(desk);
	assert_true(invite_holds(invites, "north", CODE, 99));
	assert_true(invite_holds(invites, "north", CODE, 100));
	assert_false(invite_holds(invites, "north", CODE, 101));
	assert_false(invite_holds(invites, "south", CODE, 100));
	assert_false(invite_holds(invites, "north", OTHER, 100));
	assert_false(invite_holds(invites, "north", "", 100));
}

static void the_last_invitation_of_a_site_is_the_one_that_holds(void **state)
{
	struct desk *desk = *state;
	own(mem_free) struct invites *invites = NULL;

	invite(desk, "north", CODE, 100);
	invite(desk, "south", CODE, 100);
	invite(desk, "north", OTHER, 100);
	invites = load(desk);
	assert_int_equal(invites->n, 2);
	assert_false(invite_holds(invites, "north", CODE, 100));
	assert_true(invite_holds(invites, "north", OTHER, 100));
}

static void what_is_taken_back_holds_no_more(void **state)
{
	struct desk *desk = *state;
	own(mem_free) struct invites *invites = NULL;

	invite(desk, "north", CODE, 100);
	invite(desk, "south", CODE, 100);
	invites = load(desk);
	assert_int_equal(invite_remove(invites, "north", desk->stage->ledger), 0);
	assert_int_equal(ledger_commit(desk->stage->ledger), 0);
	assert_int_equal(invited_n(desk), 1);
	assert_int_equal(invite_remove_all(desk->stage->ledger), 0);
	assert_int_equal(ledger_commit(desk->stage->ledger), 0);
	assert_int_equal(invited_n(desk), 0);
}

static void the_ledger_has_the_code_as_a_hash_alone(void **state)
{
	struct desk *desk = *state;
	own(buf_free) struct buf row = {0};

	invite(desk, "north", CODE, 100);
	assert_int_equal(ledger_row(desk->stage->ledger, "x.invited", &row), 0);
	assert_null(memmem(row.data, row.n, CODE, strlen(CODE)));
}

static void a_damaged_row_is_no_list_of_invitations(void **state)
{
	struct desk *desk = *state;
	struct invites invites = {.n = 5};

	ledger_put_row(desk->stage->ledger, "x.invited", "\x91\x94\xa1x", 4);
	assert_int_equal(ledger_commit(desk->stage->ledger), 0);
	assert_int_equal(invite_load(desk->stage->ledger, &invites), -EBADMSG);
	assert_int_equal(invites.n, 5);
}

static void an_invitation_is_made_with_what_a_site_must_know_and_listed(void **state)
{
	struct desk *desk = *state;
	struct welcome welcome;
	struct fault fault = {0};

	ask_for(desk, COMMAND_INVITE_CREATE, "north");
	carry_out_by(desk, usher_carry_out);
	assert_string_equal(code_of(desk), "X002"); /* no --hub */
	text_copy(desk->request.options[0].name, sizeof(desk->request.options[0].name), "hub");
	text_copy(desk->request.options[0].value, sizeof(desk->request.options[0].value),
		  "tcp://hub:5670");
	desk->request.options_n = 1;
	carry_out_by(desk, usher_carry_out);
	assert_int_equal(welcome_take("invitation", desk->answer.attachment.data,
				      desk->answer.attachment.n, &welcome, &fault),
			 0);
	assert_string_equal(welcome.site, "north");
	assert_string_equal(welcome.endpoint, "tcp://hub:5670");
	assert_string_equal(welcome.last_day, "2019-01-15");
	assert_memory_equal(welcome.hub_sign, trust_member("", HUB_NUMBER).sign, 32);
	assert_int_equal(strlen(welcome.code), WELCOME_CODE_BYTES - 1);
	assert_int_equal(invited_n(desk), 1);
	ask_for(desk, COMMAND_INVITE_LIST, NULL);
	carry_out_by(desk, usher_carry_out);
	assert_int_equal(desk->answer.sheets[0]->rows_n, 1);
	ask_for(desk, COMMAND_INVITE_REVOKE, "north");
	carry_out_by(desk, usher_carry_out);
	assert_string_equal(code_of(desk), "");
	carry_out_by(desk, usher_carry_out);
	assert_string_equal(code_of(desk), "X009");
}

#define CASE(claim) cmocka_unit_test_setup_teardown(claim, make_desk, strike_desk)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_code_holds_for_its_site_until_its_last_day),
		CASE(the_last_invitation_of_a_site_is_the_one_that_holds),
		CASE(what_is_taken_back_holds_no_more),
		CASE(the_ledger_has_the_code_as_a_hash_alone),
		CASE(a_damaged_row_is_no_list_of_invitations),
		CASE(an_invitation_is_made_with_what_a_site_must_know_and_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
