/*
 * Benchmarks: every row is a thing MIA does beside a bare loop of the same work, both measured in
 * the same run. A row is one JSON line on standard output; tests/bench/bench makes a table of them.
 */
#ifndef MIA_TESTS_BENCH_H
#define MIA_TESTS_BENCH_H

#include "lib/buf.h"
#include "lib/fail.h"
#include "proto/programme.h"

#include <stdbool.h>

#define BENCH_PATH_BYTES 4096

/* What mia-bench was told. */
struct bench_settings {
	const char *dir; /* an empty folder of our own on a real disk */
	const char *programme; /* path of mia.ini */
	const char *csv; /* a file of participants, or NULL: make one */
	const char *client; /* path of mia, or NULL */
	const char *socket; /* control socket of a daemon that runs, or NULL */
	uint64_t rows; /* of the import and the big store */
	uint64_t samples; /* of a single thing */
};

/* ratio is value / bare; aim says which ratio is good: ">= 0.6". NAN for what a row has not. */
struct bench_row {
	const char *name, *unit, *aim;
	double value, bare;
	uint64_t n;
	double p50, p99, bare_p50, bare_p99;
};
void bench_print(const struct bench_row *row);
/* A row of nothing but NANs but for its name. */
struct bench_row bench_row(const char *name, const char *unit, const char *aim);

double bench_now_s(void); /* monotonic seconds */

/* Durations of one thing done many times. Valid when zeroed. */
struct bench_samples {
	double *values;
	size_t n, room;
};
void bench_samples_free(struct bench_samples *samples);
void bench_sample(struct bench_samples *samples, double value);
double bench_percentile(struct bench_samples *samples, double part); /* sorts */

/* dir/name; a bench that cannot build a path ends the program. */
void bench_path(const struct bench_settings *settings, const char *name,
		char ret_path[static BENCH_PATH_BYTES]);
void bench_remove(const char *dir);
/* The programme as it is, or with so many sites (bench-01 ...) in place of its own. -EBADMSG with
 * the fault printed. */
int bench_programme(const struct bench_settings *settings, size_t sites,
		    struct programme **ret_programme);
/* Says on standard error what failed; gives code back. */
int bench_failed(const char *what, int code);

/* ---- the benches: 0, or -errno when it could not be measured ---- */
typedef int bench_fn(const struct bench_settings *settings);
bench_fn bench_import, bench_act, bench_cold, bench_query, bench_receipt, bench_hub;
/* parts of them, for tests/bench/bench */
bench_fn bench_visit, bench_rows, bench_bare, bench_recount, bench_close;

#endif
