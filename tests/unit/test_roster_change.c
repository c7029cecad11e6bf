#include "proto/roster_change.h"

#include "lib/own.h"
#include "lib/vault.h"
#include "proto/roster_pin.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/fail.h"

#define PATH "/tmp/test_roster_change.ini"
#define OLD_N 7

/* Who signs: a bit each; OLD is SOUTH's key before, NEW the one after. */
enum signer { OWNER = 1, NORTH = 2, SOUTH = 4, WEST = 8, HUB = 16, STRANGER = 32, NEW = 64 };
enum { KEYS_N = 7 };

static const char *const names[KEYS_N] = {"owner", "north", "south", "west", "hub", "x", "new"};

static struct sign_key *make_key(size_t number)
{
	struct sign_key *key = NULL;
	uint8_t seed[SIGN_SEED_BYTES];

	memset(seed, (int)number + 1, sizeof(seed));
	assert_int_equal(sign_key_new(seed, &key), 0);
	return key;
}

static void public_of(size_t number, uint8_t ret_public[static 32])
{
	own(sign_key_free) struct sign_key *key = make_key(number);

	memcpy(ret_public, sign_key_public(key), 32);
}

/* What the next roster says of SOUTH; west is suspended in the pinned one where told. */
struct change {
	bool has_new_sign, has_new_link, has_former, is_lost, is_gone;
	bool was_west_suspended;
};

static void add_member(struct roster *roster, size_t number)
{
	struct roster_member *member = &roster->members[roster->members_n++];

	(void)snprintf(member->name, sizeof(member->name), "%s", names[number]);
	public_of(number, member->sign);
	memset(member->link, (int)number + 1, sizeof(member->link));
}

static struct roster *make(uint32_t epoch, const struct change *change, bool is_next)
{
	struct roster *roster = calloc(1, sizeof(*roster));

	assert_non_null(roster);
	roster->epoch = epoch;
	for (size_t i = 1; i <= 4; i++)
		if (!(is_next && change->is_gone && i == 2))
			add_member(roster, i);
	if (!is_next && change->was_west_suspended)
		roster->members[2].status = ROSTER_SUSPENDED;
	if (is_next && change->has_former) {
		struct roster_former *former = &roster->formers[roster->formers_n++];

		(void)snprintf(former->name, sizeof(former->name), "south");
		public_of(2, former->sign);
		former->last_n = OLD_N;
		former->is_lost = change->is_lost;
	}
	if (is_next && change->has_new_sign)
		public_of(6, roster->members[1].sign);
	if (is_next && change->has_new_link)
		roster->members[1].link[0] ^= 1;
	return roster;
}

/* As a file that is opened again: sorted, hashed, signed. */
static void pass_file(struct roster *roster, unsigned signers)
{
	own(buf_free) struct buf text = {0};
	uint8_t owner[32];
	struct fault fault = {0};
	FILE *file = fopen(PATH, "w");

	assert_non_null(file);
	(void)remove(PATH ".sig");
	roster_add_all(&text, roster);
	assert_int_equal(text.error, 0);
	assert_int_equal(fwrite(text.data, 1, text.n, file), text.n);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(roster_open(PATH, NULL, roster, &fault), 0);
	for (size_t i = 0; i < KEYS_N; i++) {
		own(sign_key_free) struct sign_key *key = make_key(i);

		if (signers & 1u << i)
			assert_int_equal(signature_add(PATH, SIGNATURE_ROSTER, roster->hash, key,
						       &fault),
					 0);
	}
	public_of(0, owner);
	assert_int_equal(roster_open(PATH, owner, roster, &fault), 0);
	(void)remove(PATH);
	(void)remove(PATH ".sig");
}

static void who_signed_what_decides(void **state)
{
	static const struct {
		const char *code; /* "" it may follow */
		const char *names; /* in the reason */
		struct change change;
		uint32_t epoch;
		unsigned signers; /* besides the owner */
	} rows[] = {
		/* clang-format off */
		{"",     "",      {0}, 2, NORTH | SOUTH},
		{"",     "",      {0}, 9, SOUTH | WEST},
		{"",     "",      {0}, 1, 0},
		{"R043", "north", {0}, 2, 0},
		{"R043", "west",  {0}, 2, NORTH},
		{"R043", "none",  {0}, 2, HUB},
		{"R043", "south", {0}, 2, NORTH | HUB | STRANGER},
		{"R042", "not",   {.has_new_link = true}, 1, NORTH | SOUTH},
		{"R043", "south", {.was_west_suspended = true}, 2, NORTH | WEST},
		{"",     "",      {.was_west_suspended = true}, 2, NORTH | SOUTH},
		{"R047", "south", {.is_gone = true}, 2, NORTH | WEST},
		{"R044", "south", {.has_new_link = true}, 2, NORTH | WEST},
		{"",     "",      {.has_new_link = true}, 2, NORTH | SOUTH},
		{"R045", "south", {.has_new_sign = true}, 2, NORTH | SOUTH},
		{"",     "",      {.has_new_sign = true, .has_former = true}, 2, NORTH | SOUTH},
		{"R044", "south", {.has_new_sign = true, .has_former = true}, 2, NORTH | WEST},
		{"R044", "south", {.has_new_sign = true, .has_former = true}, 2, NORTH | WEST | NEW},
		{"R043", "west",  {.has_new_sign = true, .has_former = true, .is_lost = true}, 2, NORTH | SOUTH},
		{"R043", "north", {.has_new_sign = true, .has_former = true, .is_lost = true}, 2, WEST | NEW},
		{"",     "",      {.has_new_sign = true, .has_former = true, .is_lost = true}, 2, NORTH | WEST},
		/* clang-format on */
	};

	(void)state;
	for (size_t i = 0; i < array_n(rows); i++) {
		own(mem_free) struct roster *pinned = make(1, &rows[i].change, false);
		own(mem_free) struct roster *next = make(rows[i].epoch, &rows[i].change, true);
		struct fault fault = {0};
		bool may = rows[i].code[0] == '\0';

		pass_file(pinned, OWNER);
		pass_file(next, OWNER | rows[i].signers);
		if (roster_may_follow(pinned, next, "place", &fault) != (may ? 0 : -EBADMSG) ||
		    strcmp(fault.code, rows[i].code) != 0 ||
		    strstr(fault.reason, rows[i].names) == NULL)
			fail_msg("row %zu: %s %s", i, fault.code, fault.reason);
	}
}

static void an_older_epoch_never_follows(void **state)
{
	const struct change none = {0};
	own(mem_free) struct roster *pinned = make(5, &none, false);
	own(mem_free) struct roster *next = make(4, &none, true);
	struct fault fault = {0};

	(void)state;
	pass_file(pinned, OWNER);
	pass_file(next, OWNER | NORTH | SOUTH | WEST);
	assert_int_equal(roster_may_follow(pinned, next, "place", &fault), -EBADMSG);
	assert_string_equal(fault.code, "R042");
	assert_string_equal(fault.place, "place");
}

static void a_former_key_may_neither_vanish_nor_last_longer(void **state)
{
	const struct change change = {.has_new_sign = true, .has_former = true};
	own(mem_free) struct roster *pinned = make(2, &change, true);
	own(mem_free) struct roster *longer = make(3, &change, true);
	own(mem_free) struct roster *gone = make(3, &change, true);
	own(mem_free) struct roster *shorter = make(3, &change, true);
	struct fault fault = {0};

	(void)state;
	pass_file(pinned, OWNER);
	longer->formers[0].last_n++;
	pass_file(longer, OWNER | NORTH | WEST);
	assert_int_equal(roster_may_follow(pinned, longer, "place", &fault), -EBADMSG);
	assert_string_equal(fault.code, "R045");
	gone->formers_n = 0;
	pass_file(gone, OWNER | NORTH | WEST);
	assert_int_equal(roster_may_follow(pinned, gone, "place", &fault), -EBADMSG);
	assert_string_equal(fault.code, "R045");
	shorter->formers[0].last_n--;
	pass_file(shorter, OWNER | NORTH | WEST);
	assert_int_equal(roster_may_follow(pinned, shorter, "place", &fault), 0);
}

/* Its key could vouch again where the roster that said so was not seen. */
static void a_lost_key_stays_lost(void **state)
{
	const struct change lost = {.has_new_sign = true, .has_former = true, .is_lost = true};
	const struct change found = {.has_new_sign = true, .has_former = true};
	own(mem_free) struct roster *pinned = make(2, &lost, true);
	own(mem_free) struct roster *next = make(3, &found, true);
	struct fault fault = {0};

	(void)state;
	pass_file(pinned, OWNER);
	pass_file(next, OWNER | NORTH | WEST);
	assert_int_equal(roster_may_follow(pinned, next, "place", &fault), -EBADMSG);
	assert_string_equal(fault.code, "R045");
}

static void a_former_key_is_good_up_to_its_number(void **state)
{
	const struct change change = {.has_new_sign = true, .has_former = true};
	own(mem_free) struct roster *roster = make(2, &change, true);
	const uint8_t *keys[ROSTER_KEYS_MAX];

	(void)state;
	pass_file(roster, OWNER);
	assert_int_equal(roster_keys(roster, "south", OLD_N, keys), 2);
	assert_memory_equal(keys[0], roster_find(roster, "south")->sign, 32);
	assert_memory_equal(keys[1], roster->formers[0].sign, 32);
	assert_int_equal(roster_keys(roster, "south", OLD_N + 1, keys), 1);
	assert_int_equal(roster_keys(roster, "north", 1, keys), 1);
	assert_int_equal(roster_keys(roster, "nobody", 1, keys), 0);
}

static void what_is_pinned_comes_back_as_it_was(void **state)
{
	const struct change change = {.has_new_sign = true, .has_former = true, .is_lost = true};
	own(mem_free) struct roster *roster = make(2, &change, true);
	own(mem_free) struct roster *back = calloc(1, sizeof(*back));
	own(buf_free) struct buf row = {0};
	bool is_same = false;

	(void)state;
	roster->members[0].status = ROSTER_RETIRED;
	pass_file(roster, OWNER);
	roster_pin_pack(&row, roster);
	assert_int_equal(row.error, 0);
	assert_int_equal(roster_pin_is(&row, roster, &is_same), 0);
	assert_true(is_same);
	assert_int_equal(roster_pin_unpack(&row, back), 0);
	assert_memory_equal(back->hash, roster->hash, SIGN_HASH_BYTES);
	assert_int_equal(roster_find(back, "north")->status, ROSTER_RETIRED);
	assert_null(roster_find_active(back, "north"));
	assert_true(back->formers[0].is_lost);
	row.data[row.n / 2] ^= 1;
	assert_int_equal(roster_pin_unpack(&row, back), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_signed_what_decides),
		cmocka_unit_test(an_older_epoch_never_follows),
		cmocka_unit_test(a_former_key_may_neither_vanish_nor_last_longer),
		cmocka_unit_test(a_lost_key_stays_lost),
		cmocka_unit_test(a_former_key_is_good_up_to_its_number),
		cmocka_unit_test(what_is_pinned_comes_back_as_it_was),
	};

	assert_int_equal(vault_start(), 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
