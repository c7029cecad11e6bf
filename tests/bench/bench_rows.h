/*
 * A file of participants for the import bench: as the stress set of the generator (all known by a
 * local id), every row whole, months from April 2017 on. And the same columns for the bare loop.
 */
#ifndef MIA_TESTS_BENCH_ROWS_H
#define MIA_TESTS_BENCH_ROWS_H

#include "tests/bench/bench.h"

/* Columns of the file the bare loop looks at, from 0. */
enum bench_column { BENCH_LOCAL_ID, BENCH_SEX, BENCH_ENTRY = 5 };

/* Writes rows rows, numbered from 1, to path: 0 or -errno. */
int bench_rows_write(const char *path, uint64_t rows);

#endif
