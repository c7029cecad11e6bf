#include "daemon/rotation.h"

#include "lib/file.h"
#include "lib/own.h"
#include "lib/text.h"
#include "lib/vault.h"
#include "proto/signature.h"
#include "proto/welcome.h"

#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* cmocka's fail() makes way for ours. */
#undef fail
#include "lib/fail.h"

#define OWNER_KEY 9

/* A hub's folder with its keys and the roster in force; a key file's bytes are all the same. */
struct place {
	char dir[64];
	char path[128];
	struct config config;
	struct fault fault;
};

static const char *in_place(struct place *place, const char *name)
{
	(void)snprintf(place->path, sizeof(place->path), "%s/%s", place->dir, name);
	return place->path;
}

static void put_key(struct place *place, const char *name, uint8_t byte)
{
	uint8_t key[SIGN_SEED_BYTES];

	memset(key, byte, sizeof(key));
	assert_int_equal(file_write(in_place(place, name), key, sizeof(key), 0600), 0);
}

/* The byte of a key file, -1 it is not there. */
static int key_at(struct place *place, const char *name)
{
	own(buf_free) struct buf key = {0};

	if (file_read(in_place(place, name), SIGN_SEED_BYTES, &key) != 0)
		return -1;
	assert_int_equal(key.n, SIGN_SEED_BYTES);
	return key.data[0];
}

static struct sign_key *key_of(uint8_t byte)
{
	uint8_t seed[SIGN_SEED_BYTES];
	struct sign_key *key = NULL;

	memset(seed, byte, sizeof(seed));
	assert_int_equal(sign_key_new(seed, &key), 0);
	return key;
}

static void put_roster(struct place *place)
{
	own(sign_key_free) struct sign_key *owner = key_of(OWNER_KEY), *hub = key_of(1);
	struct roster_member member = {.name = ROSTER_HUB, .link = {2}};
	own(mem_free) struct roster *roster = calloc(1, sizeof(*roster));
	own(buf_free) struct buf text = {0};

	assert_non_null(roster);
	memcpy(member.sign, sign_key_public(hub), sizeof(member.sign));
	roster_add_head(&text, 1);
	roster_add_card(&text, &member);
	assert_int_equal(file_write(in_place(place, "roster.ini"), text.data, text.n, 0644), 0);
	assert_int_equal(roster_read("roster", text.data, text.n, roster, &place->fault), 0);
	assert_int_equal(signature_write(place->path, SIGNATURE_ROSTER, roster->hash, owner), 0);
	text_hex(sign_key_public(owner), SIGN_PUBLIC_BYTES,
		 place->config.text[CONFIG_programme_key]);
}

static int make_place(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	assert_non_null(place);
	text_copy(place->dir, sizeof(place->dir), "/tmp/mia-test-rotation-XXXXXX");
	assert_non_null(mkdtemp(place->dir));
	text_copy(place->config.path, sizeof(place->config.path), in_place(place, "miad.conf"));
	text_copy(place->config.text[CONFIG_owner], CONFIG_TEXT_BYTES, ROSTER_HUB);
	text_copy(place->config.text[CONFIG_keys_dir], CONFIG_TEXT_BYTES, place->dir);
	put_key(place, "sign.key", 1);
	put_key(place, "link.key", 2);
	put_roster(place);
	*state = place;
	return 0;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
	(void)about;
	(void)kind;
	(void)at;
	return remove(path);
}

static int strike_place(void **state)
{
	struct place *place = *state;

	(void)nftw(place->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(place);
	return 0;
}

static int replace(struct place *place)
{
	char roster[sizeof(place->path)];

	text_copy(roster, sizeof(roster), in_place(place, "roster.ini"));
	return rotation_replace(&place->config, roster, &place->fault);
}

static void keys_that_are_replaced_are_put_aside(void **state)
{
	struct place *place = *state;

	assert_int_equal(replace(place), 0);
	assert_int_equal(key_at(place, "sign.lost"), 1);
	assert_int_equal(key_at(place, "link.lost"), 2);
	assert_int_not_equal(key_at(place, "sign.key"), -1);
	assert_int_equal(access(in_place(place, "card.ini"), F_OK), 0);
	assert_int_equal(access(in_place(place, "draft.ini"), F_OK), 0);
}

static void keys_of_a_change_that_is_under_way_are_put_aside_beside_those_in_use(void **state)
{
	struct place *place = *state;

	put_key(place, "sign.next", 3);
	put_key(place, "link.next", 4);
	assert_int_equal(replace(place), 0);
	assert_int_equal(key_at(place, "sign.lost"), 1);
	assert_int_equal(key_at(place, "link.lost"), 2);
	assert_int_equal(key_at(place, "sign.next.lost"), 3);
	assert_int_equal(key_at(place, "link.next.lost"), 4);
	assert_int_equal(key_at(place, "sign.next"), -1);
}

static void what_was_put_aside_before_is_not_written_over(void **state)
{
	static const char *const names[] = {"sign.lost", "link.lost", "sign.next.lost",
					    "link.next.lost"};
	struct place *place = *state;

	for (size_t i = 0; i < array_n(names); i++) {
		put_key(place, names[i], 5);
		place->fault = (struct fault){0};
		assert_int_equal(replace(place), -EBADMSG);
		assert_string_equal(place->fault.code, "J006");
		assert_non_null(strstr(place->fault.place, names[i]));
		assert_int_equal(key_at(place, names[i]), 5);
		assert_int_equal(key_at(place, "sign.key"), 1);
		assert_int_equal(key_at(place, "link.key"), 2);
		assert_int_equal(unlink(in_place(place, names[i])), 0);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_place, strike_place)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(keys_that_are_replaced_are_put_aside),
		TEST(keys_of_a_change_that_is_under_way_are_put_aside_beside_those_in_use),
		TEST(what_was_put_aside_before_is_not_written_over),
	};

	if (vault_start() != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
