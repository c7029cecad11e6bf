/*
 * Opening a store of a million records: what must be read for that, beside opening the same files
 * with LMDB alone and reading the same tables.
 */
#include "lib/own.h"
#include "tests/bench/bench_lmdb.h"
#include "tests/bench/bench_rows.h"
#include "tests/bench/bench_site.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define TIMES 31

static int fill(const struct bench_settings *settings, struct bench_site *site)
{
	char path[BENCH_PATH_BYTES];
	struct intake_counts counts;
	int error = 0;

	bench_path(settings, "rows.csv", path);
	if (settings->csv == NULL)
		error = bench_rows_write(path, settings->rows);
	if (error == 0)
		error = bench_site_import(site, settings->csv != NULL ? settings->csv : path,
					  &counts);
	(void)unlink(path);
	return error;
}

static int visit(const char *dir)
{
	static const char *const records[] = {"meta", "book", "release", "result"};
	static const char *const keys[] = {"meta"};
	char path[BENCH_PATH_BYTES + 16];
	int error;

	(void)snprintf(path, sizeof(path), "%s/records", dir);
	error = bench_lmdb_visit(path, records, array_n(records));
	(void)snprintf(path, sizeof(path), "%s/keys", dir);
	return error == 0 ? bench_lmdb_visit(path, keys, array_n(keys)) : error;
}

/* The bare loop alone, of the store at --dir: beside a whole daemon's start. */
int bench_visit(const struct bench_settings *settings)
{
	return visit(settings->dir);
}

static int open_bare(const struct bench_site *site, double *ret_s)
{
	double start = bench_now_s();
	int error = visit(site->dir);

	*ret_s = bench_now_s() - start;
	return error;
}

int bench_cold(const struct bench_settings *settings)
{
	own(bench_site_close) struct bench_site site = {0};
	own(bench_samples_free) struct bench_samples opens = {0}, bare = {0};
	struct bench_row row = bench_row("cold-open", "ms", "<= 3");
	int error = bench_site_open(settings, "site", &site);
	double duration = 0;

	if (error == 0)
		error = fill(settings, &site);
	row.n = error == 0 ? store_persons(site.store) : 0;
	for (size_t i = 0; i < TIMES && error == 0; i++) {
		store_close(&site.store);
		error = open_bare(&site, &duration);
		bench_sample(&bare, duration * 1000.0);
		if (error == 0)
			error = bench_site_reopen(&site, &duration);
		bench_sample(&opens, duration * 1000.0);
	}
	if (error < 0)
		return bench_failed("opening a big store", error);
	row.value = row.p50 = bench_percentile(&opens, 0.5);
	row.p99 = bench_percentile(&opens, 0.99);
	row.bare = row.bare_p50 = bench_percentile(&bare, 0.5);
	row.bare_p99 = bench_percentile(&bare, 0.99);
	bench_print(&row);
	return 0;
}
