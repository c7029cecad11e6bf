#include "proto/tries.h"

#include "fixture_trust.h"

#include <errno.h>
#include <stdio.h>

#include "lib/fail.h"

#define NOON 1500000000

static int check(const struct tries *tries, const struct roster_member *member, int64_t at)
{
	struct fault fault = {0};
	int error = tries_check(tries, member, at, &fault);

	assert_string_equal(fault.code, error == 0 ? "" : "J008");
	return error;
}

static void the_third_wrong_one_locks_the_key_for_an_hour(void **state)
{
	own(mem_free) struct tries *tries = calloc(1, sizeof(*tries));
	const struct roster_member member = trust_member("varna", 3);

	(void)state;
	assert_non_null(tries);
	for (uint32_t i = 1; i <= TRIES_MAX; i++) {
		assert_int_equal(check(tries, &member, NOON), 0);
		assert_int_equal(tries_add(tries, &member, NOON + i)->wrong, i);
	}
	assert_int_equal(check(tries, &member, NOON + TRIES_MAX), -EBADMSG);
	assert_int_equal(check(tries, &member, NOON + TRIES_MAX + TRIES_LOCK_S - 1), -EBADMSG);
	assert_int_equal(check(tries, &member, NOON + TRIES_MAX + TRIES_LOCK_S), 0);
	assert_int_equal(tries_add(tries, &member, NOON + 2 * TRIES_LOCK_S)->wrong, 1);
}

static void a_clock_that_was_set_back_does_not_stretch_a_lock(void **state)
{
	own(mem_free) struct tries *tries = calloc(1, sizeof(*tries));
	const struct roster_member member = trust_member("varna", 3);

	(void)state;
	assert_non_null(tries);
	for (size_t i = 0; i < TRIES_MAX; i++)
		(void)tries_add(tries, &member, NOON);
	assert_int_equal(check(tries, &member, NOON - 1), 0);
}

static void another_key_and_another_member_begin_anew(void **state)
{
	own(mem_free) struct tries *tries = calloc(1, sizeof(*tries));
	const struct roster_member member = trust_member("varna", 3);
	const struct roster_member new_key = trust_member("varna", 4);
	const struct roster_member other = trust_member("hbs", 3);

	(void)state;
	assert_non_null(tries);
	for (size_t i = 0; i < TRIES_MAX; i++)
		(void)tries_add(tries, &member, NOON);
	assert_int_equal(check(tries, &new_key, NOON), 0);
	assert_int_equal(check(tries, &other, NOON), 0);
	assert_int_equal(tries_add(tries, &new_key, NOON)->wrong, 1);
	assert_int_equal(tries_add(tries, &other, NOON)->wrong, 1);
	assert_int_equal(tries->n, 3);
}

/* Whoever sends now one key and now another has no more tries at either. */
static void a_try_at_another_key_does_not_end_the_count(void **state)
{
	own(mem_free) struct tries *tries = calloc(1, sizeof(*tries));
	const struct roster_member member = trust_member("varna", 3);
	const struct roster_member another = trust_member("varna", 4);

	(void)state;
	assert_non_null(tries);
	for (size_t i = 1; i < TRIES_MAX; i++)
		(void)tries_add(tries, &member, NOON);
	(void)tries_add(tries, &another, NOON);
	assert_int_equal(tries_add(tries, &member, NOON)->wrong, TRIES_MAX);
	assert_int_not_equal(check(tries, &member, NOON), 0);
	assert_int_equal(check(tries, &another, NOON), 0);
	tries_forget(tries, "varna");
	assert_int_equal(tries->n, 0);
}

static void the_right_one_ends_the_count(void **state)
{
	own(mem_free) struct tries *tries = calloc(1, sizeof(*tries));
	const struct roster_member member = trust_member("varna", 3);
	const struct roster_member other = trust_member("hbs", 4);

	(void)state;
	assert_non_null(tries);
	(void)tries_add(tries, &member, NOON);
	(void)tries_add(tries, &other, NOON);
	tries_forget(tries, "varna");
	tries_forget(tries, "nobody");
	assert_int_equal(tries->n, 1);
	assert_int_equal(tries_add(tries, &member, NOON)->wrong, 1);
	assert_int_equal(tries_add(tries, &other, NOON)->wrong, 2);
	tries_forget(tries, "varna"); /* now the last of them */
	assert_int_equal(tries_add(tries, &member, NOON)->wrong, 1);
}

static void they_come_back_as_they_were_packed_and_a_torn_row_is_none(void **state)
{
	own(mem_free) struct tries *tries = calloc(2, sizeof(*tries));
	const struct roster_member member = trust_member("varna", 3);
	own(buf_free) struct buf row = {0};

	(void)state;
	assert_non_null(tries);
	(void)tries_add(&tries[0], &member, NOON);
	(void)tries_add(&tries[0], &member, NOON + 1);
	tries_pack(&tries[0], &row);
	assert_int_equal(row.error, 0);
	assert_int_equal(tries_unpack(&row, &tries[1]), 0);
	assert_memory_equal(&tries[0], &tries[1], sizeof(tries[0]));
	row.n--;
	assert_int_equal(tries_unpack(&row, &tries[1]), -EBADMSG);
}

static void what_is_oldest_makes_room(void **state)
{
	own(mem_free) struct tries *tries = calloc(1, sizeof(*tries));
	struct roster_member member = trust_member("", 3);

	(void)state;
	assert_non_null(tries);
	for (int i = 0; i <= ROSTER_MEMBERS_MAX; i++) {
		(void)snprintf(member.name, sizeof(member.name), "s%d", i);
		assert_string_equal(tries_add(tries, &member, NOON + i)->name, member.name);
	}
	assert_int_equal(tries->n, ROSTER_MEMBERS_MAX);
	for (size_t i = 0; i < tries->n; i++)
		assert_string_not_equal(tries->rows[i].name, "s0");
}

static void each_is_an_event_and_the_lock_another(void **state)
{
	own(mem_free) struct tries *tries = calloc(1, sizeof(*tries));
	const struct roster_member member = trust_member("varna", 3);
	char text[TRIES_EVENT_BYTES];

	(void)state;
	assert_non_null(tries);
	tries_event(tries_add(tries, &member, NOON), "anna", text);
	assert_string_equal(text, "fingerprint_wrong member=varna operator=anna tries=1");
	(void)tries_add(tries, &member, NOON);
	tries_event(tries_add(tries, &member, NOON), "anna", text);
	assert_string_equal(text,
			    "fingerprint_locked member=varna operator=anna tries=3 code=J008");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_third_wrong_one_locks_the_key_for_an_hour),
		cmocka_unit_test(a_clock_that_was_set_back_does_not_stretch_a_lock),
		cmocka_unit_test(another_key_and_another_member_begin_anew),
		cmocka_unit_test(a_try_at_another_key_does_not_end_the_count),
		cmocka_unit_test(the_right_one_ends_the_count),
		cmocka_unit_test(they_come_back_as_they_were_packed_and_a_torn_row_is_none),
		cmocka_unit_test(what_is_oldest_makes_room),
		cmocka_unit_test(each_is_an_event_and_the_lock_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
