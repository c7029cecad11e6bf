/*
 * Closing a month after many changes: beside a store of a tenth of the records (it should cost the
 * same) and beside a tenth of the changes (it should cost less). Changes are of booked events: so
 * many persons were registered by mistake, which the books correct one by one.
 */
#include "daemon/site/parts.h"
#include "lib/own.h"
#include "proto/programme_find.h"
#include "tests/bench/bench_rows.h"
#include "tests/bench/bench_site.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHANGES_MAX 10000 /* or a hundredth of the rows */
#define MONTHS 24 /* closed before */
#define REASON_MISREGISTERED "misregistered"

/* A whole site, whose store bench_site's functions may use. */
struct whole {
	struct bench_site site;
	struct roster roster;
	struct room_settings settings;
	struct parts parts;
	uint8_t seed[SIGN_SEED_BYTES], link[32];
};

static void whole_close(struct whole *whole)
{
	whole->site.store = NULL; /* the parts' */
	parts_close(&whole->parts);
	programme_free(&whole->site.programme);
	if (whole->site.dir[0] != '\0')
		bench_remove(whole->site.dir);
}

static int make_roster(struct whole *whole)
{
	own(sign_key_free) struct sign_key *key = NULL;
	const char *names[] = {whole->site.programme->sites[0].id, ROSTER_HUB};
	int error;

	memset(whole->seed, 1, sizeof(whole->seed));
	memset(whole->link, 4, sizeof(whole->link));
	error = sign_key_new(whole->seed, &key);
	if (error < 0)
		return error;
	whole->roster.epoch = 1;
	for (size_t i = 0; i < array_n(names); i++) {
		struct roster_member *member = &whole->roster.members[whole->roster.members_n++];

		(void)snprintf(member->name, sizeof(member->name), "%s", names[i]);
		memcpy(member->sign, sign_key_public(key), sizeof(member->sign));
		memset(member->link, (int)i + 1, sizeof(member->link));
	}
	return 0;
}

static int whole_open(const struct bench_settings *settings, struct whole *whole)
{
	struct fault fault = {0};
	int error = bench_programme(settings, 0, &whole->site.programme);

	if (error == 0)
		error = make_roster(whole);
	if (error < 0)
		return error;
	bench_path(settings, "whole", whole->site.dir);
	bench_remove(whole->site.dir);
	whole->settings = (struct room_settings){.owner = whole->site.programme->sites[0].id,
						 .state_dir = whole->site.dir,
						 .endpoint = "tcp://127.0.0.1:1",
						 .programme = whole->site.programme,
						 .roster = &whole->roster,
						 .sign_seed = whole->seed,
						 .link_secret = whole->link,
						 .vault_key = bench_site_vault_key,
						 .index_key = bench_site_vault_key,
						 .store_bytes = (uint64_t)64 << 20,
						 .is_rehearsal = true};
	error = parts_create(&whole->settings, BENCH_AT, &fault);
	if (error == 0)
		error = parts_open(&whole->settings, BENCH_AT, &whole->parts, &fault);
	whole->site.store = whole->parts.store;
	if (error == -EBADMSG)
		(void)fprintf(stderr, "bench: %s %s: %s\n", fault.code, fault.place, fault.reason);
	return error;
}

static int close_next(struct whole *whole, double *ret_s)
{
	double start = bench_now_s();
	uint32_t period = 0;
	int error = closing_close(&whole->parts.closing, BENCH_AT, 0, &period);

	*ret_s = bench_now_s() - start;
	return error;
}

static int fill(const struct bench_settings *settings, struct whole *whole, uint64_t rows)
{
	struct intake_counts counts;
	char path[BENCH_PATH_BYTES];
	double duration;
	int error;

	bench_path(settings, "rows.csv", path);
	error = bench_rows_write(path, rows);
	if (error == 0)
		error = bench_site_import(&whole->site, path, &counts);
	(void)unlink(path);
	for (int i = 0; i < MONTHS && error == 0; i++)
		error = close_next(whole, &duration);
	return error;
}

/* Whether the person's entry lies in a closed month. */
static bool is_booked(const struct whole *whole, const struct record *record)
{
	int32_t entry = record->value[FIELD_entry_date];

	return entry != RECORD_MISSING &&
	       period_of_day(entry) <= book_last_closed(store_book(whole->parts.store));
}

static int misregister(struct whole *whole, uint64_t id, int32_t reason, uint64_t *changes_n)
{
	own(store_person_wipe) struct store_person person;
	int error;

	store_person_clear(&person);
	error = store_load(whole->parts.store, id, &person);
	if (error < 0 || !is_booked(whole, &person.record))
		return error;
	person.record.value[FIELD_exit_reason] = reason;
	++*changes_n;
	return store_batch_add(whole->parts.store, &person.record, false);
}

/* Changes of so many, from person *from on, in one batch. */
static int change(struct whole *whole, uint64_t changes, uint64_t *from)
{
	const struct programme_list *list = programme_list(whole->site.programme, "exit_reason");
	const struct programme_code *code = programme_code_by_id(list, REASON_MISREGISTERED);
	struct store_batch_result result;
	uint64_t n = 0;
	int error = store_batch_begin(whole->parts.store, BENCH_AT, "bench", "changes.csv");

	while (error == 0 && n < changes && *from <= store_persons(whole->parts.store))
		error = misregister(whole, (*from)++, code->number, &n);
	if (error == 0)
		error = store_batch_end(whole->parts.store, &result);
	return error == 0 && n < changes ? fail(-ERANGE) : error;
}

/* Closings after many and few changes in a store of so many rows. */
static int run(const struct bench_settings *settings, uint64_t rows, uint64_t changes,
	       double *ret_many, double *ret_few)
{
	own(whole_close) struct whole whole = {0};
	uint64_t from = 1;
	int error = whole_open(settings, &whole);

	if (error == 0)
		error = fill(settings, &whole, rows);
	if (error == 0)
		error = change(&whole, changes, &from);
	if (error == 0)
		error = close_next(&whole, ret_many);
	if (error == 0)
		error = change(&whole, changes / 10, &from);
	if (error == 0)
		error = close_next(&whole, ret_few);
	return error;
}

int bench_close(const struct bench_settings *settings)
{
	struct bench_row row = bench_row("close", "s", "<= 1 s");
	uint64_t wanted = settings->rows / 100;
	uint64_t changes = wanted < CHANGES_MAX ? wanted : CHANGES_MAX;
	double few = 0, tenth_few = 0;
	int error = run(settings, settings->rows, changes, &row.value, &few);

	row.n = changes;
	if (error == 0)
		error = run(settings, settings->rows / 10, changes, &row.bare, &tenth_few);
	if (error < 0)
		return bench_failed("closing after changes", error);
	bench_print(&row);
	row = bench_row("close-few", "s", "<= 1 s");
	row.n = changes / 10;
	row.value = few;
	row.bare = tenth_few;
	bench_print(&row);
	return 0;
}
