/*
 * A site's store in a folder of its own, under the real MIA programme and known keys; persons by
 * hand, and periods closed as the house closes them. Each test has its own place, opened by itself:
 * IN_A_PLACE() makes it before and removes it, the store in it closed, afterwards.
 */
#ifndef MIA_TESTS_FIXTURE_STORE_H
#define MIA_TESTS_FIXTURE_STORE_H

#include "daemon/site/store.h"
#include "daemon/site/store_core.h"
#include "lib/date.h"
#include "lib/file.h"
#include "lib/own.h"
#include "proto/period.h"
#include "proto/programme_read.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define MAP_BYTES (1 << 20)
#define AT INT64_C(1530000000)
#define IN_A_PLACE(test) cmocka_unit_test_setup_teardown(test, set_place, strike_place)

static struct programme *mia;
static const uint8_t vault_key[VAULT_KEY_BYTES] = {1, 2, 3};
static const uint8_t index_key[VAULT_KEY_BYTES] = {4, 5, 6};
static const struct store_origin by_hand = {.at = AT, .operator_name = "anna"};

struct place {
	char dir[64];
	struct store_settings settings;
	struct store *store; /* the one that opened() gave last: the place closes it */
};

static inline int32_t day(int year, int month, int of_month)
{
	return date_from_civil(year, month, of_month);
}

static inline uint32_t first_period(void)
{
	return period_of_day(day(2018, 1, 1));
}

/* ---- The programme, once for all tests ---- */

static inline int read_mia(void **state)
{
	own(buf_free) struct buf text = {0};

	(void)state;
	assert_int_equal(vault_start(), 0);
	assert_int_equal(file_read("proto/programme/mia.ini", 1 << 20, &text), 0);
	assert_int_equal(programme_read("mia.ini", text.data, text.n, &mia, NULL), 0);
	return 0;
}

static inline int forget_mia(void **state)
{
	(void)state;
	programme_free(&mia);
	return 0;
}

/* ---- Places ---- */

typedef void file_fn(const char *path, void *context);

static inline void each_file(const char *dir, file_fn *visit, void *context)
{
	DIR *folder = opendir(dir);

	assert_non_null(folder);
	for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
		char path[PATH_MAX];

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		assert_true(snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name) <
			    (int)sizeof(path));
		if (entry->d_type == DT_DIR)
			each_file(path, visit, context);
		else
			visit(path, context);
	}
	(void)closedir(folder);
}

static inline void remove_file(const char *path, void *context)
{
	(void)context;
	(void)unlink(path);
}

static inline void remove_place(const struct place *place)
{
	static const char *const folders[] = {"records", "keys", ""};
	char path[128];

	each_file(place->dir, remove_file, NULL);
	for (size_t i = 0; i < array_n(folders); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", place->dir, folders[i]);
		(void)rmdir(path);
	}
}

/* An empty folder; nothing is made in it. */
static inline void make_dir(struct place *place)
{
	strcpy(place->dir, "/tmp/mia-store-XXXXXX");
	assert_non_null(mkdtemp(place->dir));
}

static inline void make_place(struct place *place)
{
	struct fault fault = {0};

	make_dir(place);
	place->settings = (struct store_settings){.dir = place->dir,
						  .owner = "hbs",
						  .vault_key = vault_key,
						  .index_key = index_key,
						  .programme = mia,
						  .map_bytes = MAP_BYTES,
						  .is_rehearsal = true};
	assert_int_equal(store_create(&place->settings, first_period(), &fault), 0);
}

static inline struct store *opened(struct place *place)
{
	struct fault fault = {0};

	place->store = NULL;
	if (store_open(&place->settings, &place->store, &fault) != 0)
		fail_msg("%s %s", fault.code, fault.reason);
	return place->store;
}

static inline struct store *reopened(struct place *place)
{
	store_close(&place->store);
	return opened(place);
}

static inline int set_place(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	assert_non_null(place);
	make_place(place);
	*state = place;
	return 0;
}

static inline int strike_place(void **state)
{
	struct place *place = *state;

	store_close(&place->store);
	remove_place(place);
	free(place);
	return 0;
}

/* ---- Persons and periods ---- */

/* Person number i as a file would give them: entered in January 2018. */
static inline struct record person(size_t i)
{
	struct record record;

	record_clear(&record);
	record.identity.type = ID_LOCAL;
	(void)snprintf(record.identity.local_id, sizeof(record.identity.local_id), "L%06zu", i);
	record.value[FIELD_sex] = 1 + (int32_t)(i % 2);
	record.value[FIELD_consent] = RECORD_CONSENT_GIVEN;
	record.value[FIELD_consent_date] = day(2018, 1, 2);
	record.value[FIELD_interest_date] = day(2018, 1, 3);
	record.value[FIELD_entry_date] = day(2018, 1, 20);
	return record;
}

static inline uint64_t registered(struct store *store, struct record record)
{
	uint64_t id = 0;

	assert_int_equal(store_act(store, &by_hand, 0, ACT_REGISTERED, &record, &id), 0);
	return id;
}

static inline struct book_balance balance(struct store *store, const char *measure, size_t cell)
{
	struct book_balance found;

	book_balance(store_book(store), (size_t)programme_measure_index(mia, measure), cell,
		     &found);
	return found;
}

/* Closes a period as the house does. */
static inline struct release_figures closed(struct store *store)
{
	struct release_figures figures;
	struct safe_txn txn;

	assert_int_equal(book_close(store_book(store), book_next(store_book(store)),
				    store_head(store), &figures),
			 0);
	safe_write(store_safe(store), &txn);
	assert_int_equal(store_keep_book(store, &txn), 0);
	assert_int_equal(safe_commit(&txn), 0);
	book_kept(store_book(store));
	return figures;
}

static inline uint32_t closed_value(struct store *store, const char *measure)
{
	return closed(store).cells[programme_measure_index(mia, measure)][0].value;
}

#endif
