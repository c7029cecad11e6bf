/*
 * A hub's folder of keys, with the roster in force signed by the programme's owner. A key file's
 * bytes are all the same, so that one byte tells which key it is.
 */
#ifndef MIA_TESTS_FIXTURE_KEYS_H
#define MIA_TESTS_FIXTURE_KEYS_H

#include "daemon/config.h"
#include "lib/file.h"
#include "lib/link.h"
#include "lib/own.h"
#include "lib/text.h"
#include "lib/vault.h"
#include "proto/roster.h"
#include "proto/signature.h"

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
#define SIGN_KEY 1
#define LINK_KEY 2
#define NEXT_KEY 3
#define CASE(test) cmocka_unit_test_setup_teardown(test, make_place, strike_place)

struct place {
	char dir[64];
	char path[128];
	struct config config;
	struct fault fault;
};

static inline const char *in_place(struct place *place, const char *name)
{
	(void)snprintf(place->path, sizeof(place->path), "%s/%s", place->dir, name);
	return place->path;
}

static inline void put_key(struct place *place, const char *name, uint8_t byte)
{
	uint8_t key[SIGN_SEED_BYTES];

	memset(key, byte, sizeof(key));
	assert_int_equal(file_write(in_place(place, name), key, sizeof(key), 0600), 0);
}

static inline struct sign_key *key_of(uint8_t byte)
{
	uint8_t seed[SIGN_SEED_BYTES];
	struct sign_key *key = NULL;

	memset(seed, byte, sizeof(seed));
	assert_int_equal(sign_key_new(seed, &key), 0);
	return key;
}

/* The roster that names the hub with the link key of that byte, signed by the owner. */
static inline void put_roster(struct place *place, uint8_t link)
{
	own(sign_key_free) struct sign_key *owner = key_of(OWNER_KEY), *hub = key_of(SIGN_KEY);
	struct roster_member member = {.name = ROSTER_HUB};
	own(mem_free) struct roster *roster = calloc(1, sizeof(*roster));
	own(buf_free) struct buf text = {0};
	uint8_t secret[LINK_KEY_BYTES];

	assert_non_null(roster);
	memset(secret, link, sizeof(secret));
	link_key_public(secret, member.link);
	memcpy(member.sign, sign_key_public(hub), sizeof(member.sign));
	roster_add_head(&text, 1);
	roster_add_card(&text, &member);
	assert_int_equal(file_write(in_place(place, "roster.ini"), text.data, text.n, 0644), 0);
	assert_int_equal(roster_read("roster", text.data, text.n, roster, &place->fault), 0);
	assert_int_equal(signature_write(place->path, SIGNATURE_ROSTER, roster->hash, owner), 0);
	text_copy(place->config.text[CONFIG_roster_file], CONFIG_TEXT_BYTES, place->path);
	text_hex(sign_key_public(owner), SIGN_PUBLIC_BYTES,
		 place->config.text[CONFIG_programme_key]);
}

/* cmocka set-up and tear-down. */
static inline int make_place(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	assert_non_null(place);
	text_copy(place->dir, sizeof(place->dir), "/tmp/mia-test-keys-XXXXXX");
	assert_non_null(mkdtemp(place->dir));
	text_copy(place->config.path, sizeof(place->config.path), in_place(place, "miad.conf"));
	text_copy(place->config.text[CONFIG_owner], CONFIG_TEXT_BYTES, ROSTER_HUB);
	text_copy(place->config.text[CONFIG_keys_dir], CONFIG_TEXT_BYTES, place->dir);
	put_key(place, "sign.key", SIGN_KEY);
	put_key(place, "link.key", LINK_KEY);
	put_key(place, "vault.key", LINK_KEY);
	put_roster(place, LINK_KEY);
	*state = place;
	return 0;
}

static inline int remove_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
	(void)about;
	(void)kind;
	(void)at;
	return remove(path);
}

static inline int strike_place(void **state)
{
	struct place *place = *state;

	(void)nftw(place->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(place);
	return 0;
}

#endif
