/*
 * Which benches a program has: mia-bench those of a site and its client, mia-bench-hub those of the
 * hub.
 */
#ifndef MIA_TESTS_BENCH_TABLE_H
#define MIA_TESTS_BENCH_TABLE_H

#include "tests/bench/bench.h"

struct bench_named {
	const char *name;
	bench_fn *run;
};
extern const struct bench_named bench_table[];
extern const size_t bench_table_n;

#endif
