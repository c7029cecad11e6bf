/*
 * One durable change of one person, beside an LMDB put of the same sealed bytes and its commit.
 * They take turns, so that the disk is the same to both.
 */
#include "lib/own.h"
#include "tests/bench/bench_lmdb.h"
#include "tests/bench/bench_site.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PERSONS 1000

static struct record person_record(uint64_t number)
{
	struct record record;

	record_clear(&record);
	record.identity.type = ID_LOCAL;
	(void)snprintf(record.identity.local_id, sizeof(record.identity.local_id), "L%07llu",
		       (unsigned long long)number);
	record.value[FIELD_sex] = RECORD_SEX_WOMAN;
	record.value[FIELD_consent] = RECORD_CONSENT_GIVEN;
	record.value[FIELD_consent_date] = record.value[FIELD_entry_date] = 17400;
	record.value[FIELD_birth_date] = 4000;
	record.value[FIELD_labour] = 1;
	record.value[FIELD_education] = 4;
	return record;
}

static int change(struct store *store, uint64_t id, const struct record *record)
{
	const struct store_origin origin = {.at = BENCH_AT, .operator_name = "bench"};

	return store_act(store, &origin, id, ACT_CHANGED, record, &id);
}

/* Bytes of the log entry that was last sealed. */
static size_t sealed_bytes(struct store *store)
{
	own(safe_abort) struct safe_txn txn = {0};
	struct kv_bytes sealed = {0};
	uint8_t key[8];

	safe_key_u64(store_head(store), key);
	safe_read(store_safe(store), &txn);
	return safe_raw(&txn, STORE_LOG, key, sizeof(key), &sealed) ? sealed.n : 0;
}

/* So many persons to change, in one batch; their ids are 1 to PERSONS. */
static int register_persons(struct store *store)
{
	struct store_batch_result result;
	int error = store_batch_begin(store, BENCH_AT, "bench", "persons.csv");

	for (uint64_t i = 1; i <= PERSONS && error == 0; i++) {
		struct record record = person_record(i);

		error = store_batch_add(store, &record, false);
	}
	return error == 0 ? store_batch_end(store, &result) : error;
}

static int take_turns(const struct bench_settings *settings, struct bench_site *site,
		      struct bench_samples *ret_site, struct bench_samples *ret_bare)
{
	own(bench_lmdb_close) struct bench_lmdb bare = {0};
	int error = bench_lmdb_open(settings, "bare", &bare);

	if (error == 0)
		error = register_persons(site->store);
	for (uint64_t i = 0; i < settings->samples && error == 0; i++) {
		uint64_t id = 1 + i % PERSONS;
		struct record record = person_record(id);
		double start = bench_now_s();

		record.value[FIELD_labour] = 2 + (int32_t)(i / PERSONS % 4);
		error = change(site->store, id, &record);
		bench_sample(ret_site, (bench_now_s() - start) * 1000.0);
		start = bench_now_s();
		if (error == 0)
			error = bench_lmdb_put(&bare, i, sealed_bytes(site->store));
		bench_sample(ret_bare, (bench_now_s() - start) * 1000.0);
	}
	return error;
}

int bench_act(const struct bench_settings *settings)
{
	own(bench_site_close) struct bench_site site = {0};
	own(bench_samples_free) struct bench_samples acts = {0}, bare = {0};
	struct bench_row row = bench_row("act", "ms", "<= 1.5");
	int error = bench_site_open(settings, "site", &site);

	if (error == 0)
		error = take_turns(settings, &site, &acts, &bare);
	if (error < 0)
		return bench_failed("single changes", error);
	row.n = acts.n;
	row.value = row.p50 = bench_percentile(&acts, 0.5);
	row.p99 = bench_percentile(&acts, 0.99);
	row.bare = row.bare_p50 = bench_percentile(&bare, 0.5);
	row.bare_p99 = bench_percentile(&bare, 0.99);
	bench_print(&row);
	return 0;
}
