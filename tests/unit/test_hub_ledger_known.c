#include "daemon/hub/ledger_known.h"

#include "fixture_hub_trust.h"

#include <errno.h>

#include "lib/fail.h"

/* What anna types of north's key: its code, kept or not. */
static const char *type(struct desk *desk, const char *typed)
{
	static struct fault fault;
	const struct roster_member member = trust_member("north", 1);
	const struct verifier by = {"anna", desk->at};
	struct verified verified;
	int status;

	fault = (struct fault){0};
	desk->request = (struct request){.command = COMMAND_KEY_VERIFY};
	trust_type(&desk->request, &member, typed);
	status = ledger_known_type(desk->stage->ledger, &desk->request, &by, &member, &verified,
				   &fault);
	if (status == 0) {
		assert_int_equal(ledger_known_put(desk->stage->ledger, &verified), 0);
		assert_int_equal(ledger_commit(desk->stage->ledger), 0);
	}
	return fault.code;
}

static bool is_known(const struct desk *desk)
{
	own(mem_free) struct verified_list *list = calloc(1, sizeof(*list));

	assert_non_null(list);
	assert_int_equal(ledger_known_load(desk->stage->ledger, list), 0);
	return verified_find(list, "north", trust_member("", 1).sign) != NULL;
}

static void what_was_typed_right_is_known_after_a_restart(void **state)
{
	struct desk *desk = *state;

	assert_false(is_known(desk));
	assert_string_equal(type(desk, NULL), "J001");
	assert_false(is_known(desk));
	assert_string_equal(type(desk, "right"), "");
	reopen_stage(desk->stage);
	assert_true(is_known(desk));
}

static void wrong_ones_are_counted_over_restarts_and_lock(void **state)
{
	struct desk *desk = *state;
	struct ledger_about about;
	uint64_t events;

	ledger_about(desk->stage->ledger, &about);
	events = about.state->events_n;
	assert_string_equal(type(desk, WRONG), "J002");
	reopen_stage(desk->stage);
	assert_string_equal(type(desk, WRONG), "J002");
	reopen_stage(desk->stage);
	assert_string_equal(type(desk, WRONG), "J008");
	reopen_stage(desk->stage);
	assert_string_equal(type(desk, "right"), "J008");
	assert_false(is_known(desk));
	ledger_about(desk->stage->ledger, &about);
	assert_int_equal(about.state->events_n, events + 3);
	desk->at += TRIES_LOCK_S;
	assert_string_equal(type(desk, "right"), "");
	assert_true(is_known(desk));
}

static void the_right_one_forgets_the_wrong_ones(void **state)
{
	struct desk *desk = *state;

	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(type(desk, WRONG), "J002");
		assert_string_equal(type(desk, WRONG), "J002");
		assert_string_equal(type(desk, "right"), "");
	}
}

static void a_damaged_row_lets_nobody_be_verified(void **state)
{
	struct desk *desk = *state;
	const struct roster_member member = trust_member("north", 1);
	const struct verifier by = {"anna", desk->at};
	struct verified verified;

	ledger_put_row(desk->stage->ledger, TRIES_ROW, "\x91\x94\xa1x", 4);
	assert_int_equal(ledger_commit(desk->stage->ledger), 0);
	trust_type(&desk->request, &member, "right");
	assert_int_equal(ledger_known_type(desk->stage->ledger, &desk->request, &by, &member,
					   &verified, NULL),
			 -EBADMSG);
}

#define CASE(claim) cmocka_unit_test_setup_teardown(claim, make_desk, strike_desk)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_was_typed_right_is_known_after_a_restart),
		CASE(wrong_ones_are_counted_over_restarts_and_lock),
		CASE(the_right_one_forgets_the_wrong_ones),
		CASE(a_damaged_row_lets_nobody_be_verified),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
