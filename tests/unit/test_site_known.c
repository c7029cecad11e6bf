#include "daemon/site/known.h"

#include "fixture_site_trust.h"

#include <errno.h>

#include "lib/fail.h"

static const char *type(struct desk *desk, const char *typed)
{
	static struct fault fault;
	const struct roster_member member = trust_member("varna", 2);
	const struct verifier by = {"anna", desk->at};

	fault = (struct fault){0};
	desk->request = (struct request){.command = COMMAND_KEY_VERIFY};
	trust_type(&desk->request, &member, typed);
	(void)known_type(desk->stage->parts.store, &desk->request, &by, &member, &fault);
	return fault.code;
}

static bool is_known(const struct desk *desk)
{
	own(mem_free) struct verified_list *list = calloc(1, sizeof(*list));

	assert_non_null(list);
	assert_int_equal(known_load(desk->stage->parts.store, list), 0);
	return verified_find(list, "varna", trust_member("", 2).sign) != NULL;
}

static void what_was_typed_right_is_known_after_a_restart_and_audited(void **state)
{
	struct desk *desk = *state;

	assert_false(is_known(desk));
	assert_string_equal(type(desk, NULL), "J001");
	assert_string_equal(type(desk, "right"), "");
	reopen_stage(desk->stage);
	assert_true(is_known(desk));
}

static void wrong_ones_are_counted_over_restarts_and_lock(void **state)
{
	struct desk *desk = *state;

	assert_string_equal(type(desk, WRONG), "J002");
	assert_last_event(desk->stage, "fingerprint_wrong member=varna operator=anna tries=1");
	reopen_stage(desk->stage);
	assert_string_equal(type(desk, WRONG), "J002");
	assert_string_equal(type(desk, WRONG), "J008");
	reopen_stage(desk->stage);
	assert_string_equal(type(desk, "right"), "J008");
	assert_string_equal(type(desk, NULL), "J008"); /* nobody is telephoned in vain */
	assert_last_event(desk->stage,
			  "fingerprint_locked member=varna operator=anna tries=3 code=J008");
	assert_false(is_known(desk));
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

#define CASE(claim) cmocka_unit_test_setup_teardown(claim, make_desk, strike_desk)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_was_typed_right_is_known_after_a_restart_and_audited),
		CASE(wrong_ones_are_counted_over_restarts_and_lock),
		CASE(the_right_one_forgets_the_wrong_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
