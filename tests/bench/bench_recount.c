/*
 * Looking at everybody: the walk that folds each record and works out what it counts as, beside a
 * bare loop with LMDB and libsodium that unseals the same bytes (a person's row, their key, their
 * act) and counts them.
 */
#include "daemon/site/store_core.h"
#include "daemon/site/store_scan.h"
#include "lib/own.h"
#include "tests/bench/bench_rows.h"
#include "tests/bench/bench_site.h"

#include <errno.h>
#include <lmdb.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TURNS 3
#define SLICE 4096
#define HEADER_BYTES 9
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define PLAIN_MAX 4096

/* ---- the site's ---- */

struct recount {
	const struct tally_plan *plan;
	uint64_t persons, entries;
};

static int count(void *context, const struct store_person *person)
{
	struct recount *recount = context;
	struct tally tally;

	tally_record(recount->plan, &person->record, &tally);
	recount->persons++;
	recount->entries += tally.n;
	return 0;
}

static int time_scan(struct store *store, uint64_t *ret_persons, double *ret_rate)
{
	struct recount recount = {.plan = store->plan};
	double start = bench_now_s();
	uint64_t after = 0;
	bool is_done = false;
	int error = 0;

	while (error == 0 && !is_done)
		error = store_scan(store, &after, SLICE, count, &recount, &is_done);
	*ret_persons = recount.persons;
	*ret_rate = (double)recount.persons / (bench_now_s() - start);
	return error == 0 && recount.entries == 0 ? fail(-EBADMSG) : error;
}

/* ---- the bare loop ---- */

struct table {
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi dbi;
	MDB_cursor *cursor;
	uint8_t store[VAULT_STORE_BYTES], number;
};

static int open_table(const char *dir, const char *name, uint8_t number, struct table *table)
{
	int code = mdb_env_create(&table->env);

	table->number = number;
	if (code == 0)
		code = mdb_env_set_maxdbs(table->env, 16);
	if (code == 0)
		code = mdb_env_open(table->env, dir, MDB_RDONLY, 0600);
	if (code == 0)
		code = mdb_txn_begin(table->env, NULL, MDB_RDONLY, &table->txn);
	if (code == 0)
		code = mdb_dbi_open(table->txn, name, 0, &table->dbi);
	return code == 0 ? mdb_cursor_open(table->txn, table->dbi, &table->cursor) : code;
}

static void close_table(struct table *table)
{
	if (table->cursor != NULL)
		mdb_cursor_close(table->cursor);
	if (table->txn != NULL)
		mdb_txn_abort(table->txn);
	if (table->env != NULL)
		mdb_env_close(table->env);
}

/* The value as lib/vault.h has it; gives how many plain bytes, 0 when it does not open. */
static size_t unseal(const struct table *table, const uint8_t *with, const MDB_val *key,
		     const MDB_val *value, uint8_t ret_plain[static PLAIN_MAX])
{
	uint8_t place[64] = "mia1";
	const uint8_t *sealed = value->mv_data;
	size_t n = value->mv_size - HEADER_BYTES - NONCE_BYTES - TAG_BYTES;

	if (value->mv_size > PLAIN_MAX)
		return 0;
	memcpy(place + 4, table->store, VAULT_STORE_BYTES);
	place[20] = table->number;
	place[21] = place[23] = 1; /* schema u16le, version u32le */
	memcpy(place + 27, sealed, HEADER_BYTES);
	memcpy(place + 36, key->mv_data, key->mv_size);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(ret_plain, NULL, NULL,
						       sealed + HEADER_BYTES + NONCE_BYTES,
						       n + TAG_BYTES, place, 36 + key->mv_size,
						       sealed + HEADER_BYTES, with) != 0)
		return 0;
	return n;
}

/* One person; the number of plain bytes, 0 at a failure. */
static size_t unseal_person(struct table *persons, struct table *log, struct table *keys,
			    const MDB_val *id)
{
	uint8_t row[PLAIN_MAX], with[PLAIN_MAX], plain[PLAIN_MAX];
	MDB_val key = *id, value;

	if (mdb_cursor_get(persons->cursor, &key, &value, MDB_GET_CURRENT) != 0 ||
	    unseal(persons, bench_site_vault_key, &key, &value, row) == 0)
		return 0;
	if (mdb_cursor_get(keys->cursor, &key, &value, MDB_NEXT) != 0 ||
	    unseal(keys, bench_site_vault_key, &key, &value, with) !=
		    crypto_aead_xchacha20poly1305_ietf_KEYBYTES)
		return 0;
	key = (MDB_val){8, row};
	if (mdb_get(log->txn, log->dbi, &key, &value) != 0)
		return 0;
	return unseal(log, with, &key, &value, plain);
}

static int time_bare(struct table *persons, struct table *keys, double *ret_rate)
{
	struct table log = *persons;
	double start = bench_now_s();
	uint64_t n = 0;
	size_t bytes = 1;
	MDB_val key, value;

	log.number = STORE_LOG;
	if (mdb_dbi_open(log.txn, "log", 0, &log.dbi) != 0)
		return fail(-EIO);
	while (bytes > 0 && mdb_cursor_get(persons->cursor, &key, &value, MDB_NEXT) == 0) {
		bytes = unseal_person(persons, &log, keys, &key);
		n += bytes > 0;
	}
	*ret_rate = (double)n / (bench_now_s() - start);
	return bytes > 0 ? 0 : fail(-EBADMSG);
}

static int run_bare(const struct bench_site *site, const uint8_t *records_store,
		    const uint8_t *keys_store, double *ret_rate)
{
	char records_dir[BENCH_PATH_BYTES + 16], keys_dir[BENCH_PATH_BYTES + 16];
	own(close_table) struct table persons = {0}, keys = {0};
	int code;

	(void)snprintf(records_dir, sizeof(records_dir), "%s/records", site->dir);
	(void)snprintf(keys_dir, sizeof(keys_dir), "%s/keys", site->dir);
	code = open_table(records_dir, "person", STORE_PERSON, &persons);
	if (code == 0)
		code = open_table(keys_dir, "key", STORE_KEY, &keys);
	if (code != 0)
		return fail(code > 0 ? -code : -EIO);
	memcpy(persons.store, records_store, VAULT_STORE_BYTES);
	memcpy(keys.store, keys_store, VAULT_STORE_BYTES);
	return time_bare(&persons, &keys, ret_rate);
}

/* The store is closed meanwhile: a file is opened once in a process. */
static int take_turn(struct bench_site *site, struct bench_row *row)
{
	uint8_t records[VAULT_STORE_BYTES], keys[VAULT_STORE_BYTES];
	double rate = 0, duration;
	int error = time_scan(site->store, &row->n, &rate);

	if (error < 0)
		return error;
	if (isnan(row->value) || rate > row->value)
		row->value = rate;
	memcpy(records, safe_identity(site->store->records)->store, sizeof(records));
	memcpy(keys, safe_identity(site->store->keys)->store, sizeof(keys));
	store_close(&site->store);
	error = run_bare(site, records, keys, &rate);
	if (error == 0 && (isnan(row->bare) || rate > row->bare))
		row->bare = rate;
	return error == 0 ? bench_site_reopen(site, &duration) : error;
}

int bench_recount(const struct bench_settings *settings)
{
	own(bench_site_close) struct bench_site site = {0};
	struct bench_row row = bench_row("recount", "persons/s", ">= 0.6");
	struct intake_counts counts;
	char path[BENCH_PATH_BYTES];
	int error = bench_site_open(settings, "site", &site);

	bench_path(settings, "rows.csv", path);
	if (error == 0)
		error = bench_rows_write(path, settings->rows);
	if (error == 0)
		error = bench_site_import(&site, path, &counts);
	(void)unlink(path);
	for (int i = 0; i < TURNS && error == 0; i++)
		error = take_turn(&site, &row);
	if (error < 0)
		return bench_failed("a recount", error);
	bench_print(&row);
	return 0;
}
