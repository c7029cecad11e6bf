#include "proto/roster_next.h"

#include "fixture_trust.h"

#include <errno.h>
#include <stdio.h>

#include "lib/fail.h"

static struct roster *make(void)
{
	struct roster *roster = calloc(1, sizeof(*roster));

	assert_non_null(roster);
	roster->epoch = 7;
	roster->members[roster->members_n++] = trust_member(ROSTER_HUB, 1);
	roster->members[roster->members_n++] = trust_member("varna", 2);
	roster->signatures.n = 3;
	return roster;
}

/* As text and back: what a room would read. */
static void pass(struct roster *roster)
{
	own(buf_free) struct buf text = {0};
	struct fault fault = {0};

	roster_add_all(&text, roster);
	if (roster_read("next", text.data, text.n, roster, &fault) != 0)
		fail_msg("%s %s", fault.code, fault.reason);
}

static void it_is_of_the_next_epoch_and_nobody_has_signed_it(void **state)
{
	own(mem_free) struct roster *roster = make(), *next = make();

	(void)state;
	roster_next_start(roster, next);
	assert_int_equal(next->epoch, 8);
	assert_int_equal(next->signatures.n, 0);
	assert_int_equal(roster->epoch, 7);
}

static void a_key_that_goes_stays_listed_and_who_comes_has_none(void **state)
{
	own(mem_free) struct roster *roster = make(), *next = make();
	const struct roster_step steps[] = {
		{.member = trust_member("varna", 5), .last_n = 9},
		{.member = trust_member("hbs", 6), .last_n = 4},
		{.member = trust_member(ROSTER_HUB, 7), .is_lost = true},
	};
	const struct roster_former *former;
	const uint8_t *keys[ROSTER_KEYS_MAX];

	(void)state;
	roster_next_start(roster, next);
	for (size_t i = 0; i < array_n(steps); i++)
		assert_int_equal(roster_next_take(next, &steps[i]), 0);
	pass(next);
	assert_int_equal(next->members_n, 3);
	assert_int_equal(next->formers_n, 2);
	former =
		strcmp(next->formers[0].name, "varna") == 0 ? &next->formers[0] : &next->formers[1];
	assert_memory_equal(former->sign, trust_member("varna", 2).sign, 32);
	assert_int_equal(former->last_n, 9);
	assert_false(former->is_lost);
	former = former == &next->formers[0] ? &next->formers[1] : &next->formers[0];
	assert_string_equal(former->name, ROSTER_HUB);
	assert_true(former->is_lost);
	assert_int_equal(roster_keys(next, "varna", 9, keys), 2);
	assert_int_equal(roster_keys(next, "varna", 10, keys), 1);
	assert_int_equal(roster_keys(next, "hbs", 1, keys), 1);
}

static void a_status_that_changes_leaves_no_former_key(void **state)
{
	own(mem_free) struct roster *roster = make(), *next = make();
	struct roster_step step = {.member = trust_member("varna", 2)};

	(void)state;
	step.member.status = ROSTER_RETIRED;
	roster_next_start(roster, next);
	assert_false(roster_next_is_done(next, &step.member));
	assert_int_equal(roster_next_take(next, &step), 0);
	assert_true(roster_next_is_done(next, &step.member));
	pass(next);
	assert_int_equal(next->formers_n, 0);
	assert_null(roster_find_active(next, "varna"));
}

static void a_full_roster_takes_nobody_in_and_a_full_list_no_former_key(void **state)
{
	own(mem_free) struct roster *next = make();
	struct roster_step step = {.member = trust_member("new", 9)};

	(void)state;
	for (size_t i = next->members_n; i < ROSTER_MEMBERS_MAX; i++)
		(void)snprintf(next->members[i].name, ROSTER_NAME_BYTES, "s%zu", i);
	next->members_n = ROSTER_MEMBERS_MAX;
	assert_int_equal(roster_next_take(next, &step), -ENOSPC);
	assert_int_equal(next->members_n, ROSTER_MEMBERS_MAX);
	next->formers_n = ROSTER_FORMERS_MAX;
	step.member = trust_member("varna", 9);
	assert_int_equal(roster_next_take(next, &step), -ENOSPC);
	assert_memory_equal(roster_find(next, "varna")->sign, trust_member("varna", 2).sign, 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_of_the_next_epoch_and_nobody_has_signed_it),
		cmocka_unit_test(a_key_that_goes_stays_listed_and_who_comes_has_none),
		cmocka_unit_test(a_status_that_changes_leaves_no_former_key),
		cmocka_unit_test(a_full_roster_takes_nobody_in_and_a_full_list_no_former_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
