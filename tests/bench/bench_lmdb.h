/*
 * LMDB with nothing around it.
 */
#ifndef MIA_TESTS_BENCH_LMDB_H
#define MIA_TESTS_BENCH_LMDB_H

#include "tests/bench/bench.h"

#include <lmdb.h>

struct bench_lmdb {
	MDB_env *env;
	MDB_dbi table;
	char dir[BENCH_PATH_BYTES];
};

/* A new environment with one table, its file allocated as a site's is. 0 or -errno. */
int bench_lmdb_open(const struct bench_settings *settings, const char *name,
		    struct bench_lmdb *ret_lmdb);
/* One put of n bytes under number, committed. */
int bench_lmdb_put(struct bench_lmdb *lmdb, uint64_t number, size_t n);
void bench_lmdb_close(struct bench_lmdb *lmdb); /* and deletes it */

/* Opens the environment at path and reads every value of the named tables; closes it again. */
int bench_lmdb_visit(const char *path, const char *const tables[], size_t tables_n);

#endif
