/*
 * An import, from the bytes of a file to what is durable: the site's own pipeline beside the bare
 * loop.
 */
#include "lib/own.h"
#include "tests/bench/bench_bare.h"
#include "tests/bench/bench_rows.h"
#include "tests/bench/bench_site.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Rows a second of the bare loop, or an error. */
static int time_bare(const struct bench_settings *settings, const char *path, uint64_t rows,
		     bool has_person_keys, double *ret_rate)
{
	char dir[BENCH_PATH_BYTES];
	double start = bench_now_s();
	int error;

	bench_path(settings, "bare", dir);
	error = bench_bare_import(path, dir, has_person_keys);
	*ret_rate = (double)rows / (bench_now_s() - start);
	bench_remove(dir);
	return error < 0 ? bench_failed("the bare import", error) : 0;
}

/* What the import needs of memory of its own, looked at while it runs. */
struct watch {
	pthread_t thread;
	atomic_bool is_over;
	double most_kib;
};

static void look(struct watch *watch)
{
	own(stream_close) FILE *status = fopen("/proc/self/status", "re");
	char line[128];
	double kib;

	while (status != NULL && fgets(line, sizeof(line), status) != NULL)
		if (sscanf(line, "RssAnon: %lf", &kib) == 1 && kib > watch->most_kib)
			watch->most_kib = kib;
}

static void *watch_on(void *context)
{
	static const struct timespec pause = {.tv_nsec = 5000000};
	struct watch *watch = context;

	while (!atomic_load(&watch->is_over)) {
		look(watch);
		(void)nanosleep(&pause, NULL);
	}
	return NULL;
}

/* Beside what it may need: 64 MiB and 24 bytes a record. */
static void print_memory(const struct watch *watch, uint64_t rows)
{
	struct bench_row row = bench_row("import-memory", "MiB", "<= 1");

	row.value = watch->most_kib / 1024;
	row.bare = 64 + (double)rows * 24 / (1 << 20);
	row.n = rows;
	bench_print(&row);
}

static int time_site(const struct bench_settings *settings, const char *path,
		     struct intake_counts *ret_counts, double *ret_rate)
{
	own(bench_site_close) struct bench_site site = {0};
	struct watch watch = {0};
	double start;
	int error = bench_site_open(settings, "site", &site);

	if (error < 0)
		return bench_failed("a new site", error);
	if (pthread_create(&watch.thread, NULL, watch_on, &watch) != 0)
		return bench_failed("a thread", fail(-EAGAIN));
	start = bench_now_s();
	error = bench_site_import(&site, path, ret_counts);
	*ret_rate = bench_now_s() - start;
	atomic_store(&watch.is_over, true);
	(void)pthread_join(watch.thread, NULL);
	if (error < 0)
		return bench_failed("the import", error);
	*ret_rate = (double)ret_counts->rows / *ret_rate;
	print_memory(&watch, ret_counts->rows);
	if (ret_counts->accepted == 0 || ret_counts->accepted < ret_counts->rows * 9 / 10)
		return bench_failed("an import that refuses rows", fail(-EBADMSG));
	return 0;
}

int bench_import(const struct bench_settings *settings)
{
	struct bench_row row = bench_row("import", "rows/s", ">= 0.6");
	struct intake_counts counts = {0};
	char own_file[BENCH_PATH_BYTES];
	const char *path = settings->csv;
	int error = 0;

	bench_path(settings, "rows.csv", own_file);
	if (path == NULL) {
		path = own_file;
		error = bench_rows_write(path, settings->rows);
	}
	if (error == 0)
		error = time_site(settings, path, &counts, &row.value);
	if (error == 0)
		error = time_bare(settings, path, counts.rows, false, &row.bare);
	row.n = counts.rows;
	if (error == 0) {
		bench_print(&row);
		row.name = "import-own-keys"; /* beside a bare loop with a key a person, too */
		error = time_bare(settings, path, counts.rows, true, &row.bare);
	}
	if (error == 0)
		bench_print(&row);
	(void)unlink(own_file);
	return error;
}

/* The file alone, at --csv. */
int bench_rows(const struct bench_settings *settings)
{
	int error = settings->csv == NULL ? fail(-EINVAL)
					  : bench_rows_write(settings->csv, settings->rows);

	return error < 0 ? bench_failed("the file (it needs --csv)", error) : 0;
}

/* The bare loop alone, of the file at --csv. */
int bench_bare(const struct bench_settings *settings)
{
	struct bench_row row = bench_row("import-bare", "rows/s", "");
	int error = settings->csv == NULL ? fail(-EINVAL) : 0;

	if (error == 0)
		error = time_bare(settings, settings->csv, settings->rows, false, &row.value);
	row.n = settings->rows;
	if (error == 0)
		bench_print(&row);
	return error;
}
