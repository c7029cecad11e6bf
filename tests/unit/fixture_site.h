/*
 * A site's parts without a socket: the real MIA programme, a store in a folder of its own, known
 * keys, a roster of the site and its hub; and persons by hand. The clock begins with the operation.
 */
#ifndef MIA_TESTS_FIXTURE_SITE_H
#define MIA_TESTS_FIXTURE_SITE_H

#include "daemon/site/calendar.h"
#include "daemon/site/outbox_row.h"
#include "daemon/site/parts.h"
#include "lib/date.h"
#include "lib/file.h"
#include "lib/own.h"
#include "proto/programme_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SITE "hbs"
#define MONTH(year, month) ((uint32_t)((year)*12 + (month)-1))
#define FIRST MONTH(2017, 4)
#define BEGIN date_to_moment(date_from_civil(2017, 4, 1))

struct stage {
	char dir[64];
	struct programme *mia;
	struct roster roster;
	struct sign_key *hub_key;
	uint8_t sign_seed[SIGN_SEED_BYTES], vault_key[VAULT_KEY_BYTES], index_key[VAULT_KEY_BYTES];
	uint8_t link_secret[32];
	struct room_settings settings;
	struct parts parts;
	size_t persons;
};

static inline void add_member(struct stage *stage, const char *name, const uint8_t sign[32])
{
	struct roster_member *member = &stage->roster.members[stage->roster.members_n++];

	(void)snprintf(member->name, sizeof(member->name), "%s", name);
	memcpy(member->sign, sign, sizeof(member->sign));
	memset(member->link, name[0], sizeof(member->link));
}

static inline struct programme *read_mia(void)
{
	own(buf_free) struct buf text = {0};
	struct programme *mia = NULL;

	assert_int_equal(file_read("proto/programme/mia.ini", 1 << 20, &text), 0);
	assert_int_equal(programme_read("mia.ini", text.data, text.n, &mia, NULL), 0);
	return mia;
}

static inline void open_stage(struct stage *stage)
{
	struct fault fault = {0};

	if (parts_open(&stage->settings, BEGIN, &stage->parts, &fault) != 0)
		fail_msg("%s %s", fault.code, fault.reason);
}

static inline void close_stage(struct stage *stage)
{
	parts_close(&stage->parts);
	stage->parts = (struct parts){0};
}

static inline void reopen_stage(struct stage *stage)
{
	close_stage(stage);
	open_stage(stage);
}

static inline void set_stage(struct stage *stage)
{
	own(sign_key_free) struct sign_key *key = NULL;

	memset(stage->sign_seed, 1, sizeof(stage->sign_seed));
	memset(stage->vault_key, 2, sizeof(stage->vault_key));
	memset(stage->index_key, 3, sizeof(stage->index_key));
	memset(stage->link_secret, 4, sizeof(stage->link_secret));
	assert_int_equal(sign_key_new(stage->vault_key, &stage->hub_key), 0);
	assert_int_equal(sign_key_new(stage->sign_seed, &key), 0);
	add_member(stage, SITE, sign_key_public(key));
	add_member(stage, ROSTER_HUB, sign_key_public(stage->hub_key));
	stage->roster.epoch = 1;
	stage->settings = (struct room_settings){
		.owner = SITE,
		.state_dir = stage->dir,
		.endpoint = "tcp://127.0.0.1:1",
		.programme = stage->mia,
		.roster = &stage->roster,
		.sign_seed = stage->sign_seed,
		.link_secret = stage->link_secret,
		.vault_key = stage->vault_key,
		.index_key = stage->index_key,
		.store_bytes = 1 << 20,
		.is_rehearsal = true,
	};
}

/* cmocka set-up and tear-down. make_bare_stage() leaves the store unmade. */
static inline int make_bare_stage(void **state)
{
	struct stage *stage = calloc(1, sizeof(*stage));

	assert_non_null(stage);
	assert_int_equal(vault_start(), 0);
	(void)snprintf(stage->dir, sizeof(stage->dir), "/tmp/test_site.XXXXXX");
	assert_non_null(mkdtemp(stage->dir));
	stage->mia = read_mia();
	set_stage(stage);
	*state = stage;
	return 0;
}

static inline int make_stage(void **state)
{
	struct fault fault = {0};
	struct stage *stage;

	(void)make_bare_stage(state);
	stage = *state;
	assert_int_equal(parts_create(&stage->settings, BEGIN, &fault), 0);
	open_stage(stage);
	return 0;
}

static inline int strike_stage(void **state)
{
	static const char *const files[] = {"records/data.mdb",
					    "records/lock.mdb",
					    "records/lock",
					    "records",
					    "keys/data.mdb",
					    "keys/lock.mdb",
					    "keys/lock",
					    "keys",
					    "mark",
					    "erased",
					    ""};
	struct stage *stage = *state;
	char path[128];

	close_stage(stage);
	for (size_t i = 0; i < array_n(files); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", stage->dir, files[i]);
		(void)remove(path);
	}
	sign_key_free(&stage->hub_key);
	programme_free(&stage->mia);
	free(stage);
	return 0;
}

/* n persons entered on a day, by hand. */
static inline void enter(struct stage *stage, size_t n, int32_t day)
{
	const struct store_origin origin = {.at = date_to_moment(day), .operator_name = "anna"};

	for (size_t i = 0; i < n; i++) {
		struct record record;
		uint64_t id = 0;

		record_clear(&record);
		record.identity.type = ID_LOCAL;
		(void)snprintf(record.identity.local_id, sizeof(record.identity.local_id), "L%zu",
			       ++stage->persons);
		record.value[FIELD_sex] = 1;
		record.value[FIELD_consent] = RECORD_CONSENT_GIVEN;
		record.value[FIELD_entry_date] = day;
		assert_int_equal(store_act(stage->parts.store, &origin, 0, ACT_REGISTERED, &record,
					   &id),
				 0);
	}
}

/* Closes the next month on its cut-off day; the report may leave at once. */
static inline uint32_t close_month(struct stage *stage)
{
	uint32_t period = book_next(store_book(stage->parts.store));
	int64_t at = calendar_cutoff(stage->mia, period);

	assert_int_equal(closing_close(&stage->parts.closing, at, 0, &period), 0);
	return period;
}

static inline struct release load_release(struct stage *stage, uint64_t n)
{
	struct release release = {0};
	int64_t at_send = 0;

	assert_int_equal(outbox_load(stage->parts.outbox, n, &release, &at_send), 0);
	return release;
}

static inline void read_body(struct stage *stage, uint64_t n, struct release_body *ret_body)
{
	own(release_free) struct release release = load_release(stage, n);

	assert_int_equal(release_unpack(stage->mia, release.payload.data, release.payload.n,
					ret_body),
			 RELEASE_FINE);
}

/* What release n says has entered. */
static inline uint32_t entered(struct stage *stage, uint64_t n)
{
	own(mem_free) struct release_body *body = calloc(1, sizeof(*body));

	assert_non_null(body);
	read_body(stage, n, body);
	return body->figures.cells[programme_measure_index(stage->mia, "entered")][0].value;
}

/* Whether the last event of the house is the one given. */
static inline void assert_last_event(struct stage *stage, const char *text)
{
	own(buf_free) struct buf event = {0};
	struct store_event row;

	assert_int_equal(store_audit_read(stage->parts.store, store_audit_count(stage->parts.store),
					  &row, &event),
			 0);
	assert_string_equal(buf_text(&event), text);
}

#endif
