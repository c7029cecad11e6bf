/*
 * A hub's parts without a socket: an empty ledger in a folder of its own, a roster of the sites of
 * fixture_county.h with known keys, and releases as those sites would sign them.
 */
#ifndef MIA_TESTS_FIXTURE_HUB_H
#define MIA_TESTS_FIXTURE_HUB_H

#include "daemon/hub/door.h"
#include "daemon/hub/ledger_read.h"
#include "daemon/hub/refill.h"
#include "fixture_county.h"
#include "lib/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MAP_BYTES (1U << 20)
#define NOW ((int64_t)(DAY_2018 + 365) * 86400) /* 1 January 2019 */

static const uint8_t vault_key[VAULT_KEY_BYTES] = {7};

struct stage {
	char base[64];
	struct programme programme;
	struct roster roster;
	struct ledger_settings settings;
	struct sign_key *keys[3]; /* of the sites */
	struct sign_key *hub_key;
	struct ledger *ledger;
	struct county *county;
	struct door *door;
};

static inline void add_member(struct stage *stage, const char *name, const struct sign_key *key)
{
	struct roster_member *member = &stage->roster.members[stage->roster.members_n++];

	(void)snprintf(member->name, sizeof(member->name), "%s", name);
	memcpy(member->sign, sign_key_public(key), sizeof(member->sign));
}

static inline void open_stage(struct stage *stage)
{
	struct fault fault = {0};

	assert_int_equal(ledger_open(&stage->settings, &stage->ledger, &fault), 0);
	assert_int_equal(county_new(&stage->programme, &stage->county), 0);
	assert_int_equal(refill_county(stage->ledger, &(struct versions){.now = &stage->programme},
				       stage->county, &fault),
			 0);
	assert_int_equal(door_new(&(struct door_settings){.programme = &stage->programme,
							  .roster = &stage->roster,
							  .ledger = stage->ledger,
							  .county = stage->county,
							  .key = stage->hub_key},
				  &stage->door),
			 0);
}

static inline void close_stage(struct stage *stage)
{
	door_free(&stage->door);
	county_free(&stage->county);
	ledger_close(&stage->ledger);
}

static inline void reopen_stage(struct stage *stage)
{
	close_stage(stage);
	open_stage(stage);
}

static inline int make_stage(void **state)
{
	struct stage *stage = calloc(1, sizeof(*stage));
	uint8_t seed[SIGN_SEED_BYTES] = {0};

	assert_non_null(stage);
	(void)snprintf(stage->base, sizeof(stage->base), "/tmp/test_hub.XXXXXX");
	assert_non_null(mkdtemp(stage->base));
	stage->programme = fixture_programme;
	stage->programme.case_number = "2016/00403";
	for (size_t site = 0; site < 3; site++) {
		seed[0] = (uint8_t)(1 + site);
		assert_int_equal(sign_key_new(seed, &stage->keys[site]), 0);
		add_member(stage, fixture_sites[site].id, stage->keys[site]);
	}
	seed[0] = 99;
	assert_int_equal(sign_key_new(seed, &stage->hub_key), 0);
	add_member(stage, ROSTER_HUB, stage->hub_key);
	stage->roster.epoch = 1;
	stage->settings = (struct ledger_settings){
		.dir = stage->base,
		.vault_key = vault_key,
		.programme = &stage->programme,
		.map_bytes = MAP_BYTES,
	};
	assert_int_equal(ledger_create(&stage->settings), 0);
	open_stage(stage);
	*state = stage;
	return 0;
}

static inline int strike_stage(void **state)
{
	static const char *const files[] = {"ledger/data.mdb", "ledger/lock.mdb", "ledger/lock",
					    "ledger", ""};
	struct stage *stage = *state;
	char path[128];

	close_stage(stage);
	for (size_t i = 0; i < array_n(files); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", stage->base, files[i]);
		(void)remove(path);
	}
	for (size_t site = 0; site < 3; site++)
		sign_key_free(&stage->keys[site]);
	sign_key_free(&stage->hub_key);
	free(stage);
	return 0;
}

/* A site's next release of a period, with entered persons in it, after prev (NULL: the first). */
static inline void make_release(struct stage *stage, size_t site, uint64_t n, uint32_t period,
				uint32_t entered, const uint8_t *prev, struct release *ret_release)
{
	struct release_body body = fixture_body(period);
	struct buf payload = {0};
	uint8_t start[SIGN_HASH_BYTES];

	(void)snprintf(body.site, sizeof(body.site), "%s", fixture_sites[site].id);
	body.n = n;
	body.figures.cells[ENTERED][0].value = entered;
	assert_int_equal(release_pack(&body, &stage->programme, &payload), 0);
	sign_chain_start(body.site, start);
	release_sign(ret_release, n, prev == NULL ? start : prev, &payload, stage->keys[site]);
}

/* The same as a message's fields: views into the release. */
static inline struct msg_RELEASE as_message(const struct release *release,
					    const uint8_t token[static MSG_TOKEN_BYTES])
{
	struct msg_RELEASE message = {
		.n = release->n,
		.payload = release->payload.data,
		.payload_n = release->payload.n,
	};

	memcpy(message.token, token, sizeof(message.token));
	memcpy(message.prev, release->prev, sizeof(message.prev));
	memcpy(message.signature, release->signature, sizeof(message.signature));
	return message;
}

#endif
