#include "tests/bench/bench_lmdb.h"

#include "lib/own.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define MAP_BYTES ((size_t)64 << 20)
#define VALUE_BYTES_MAX 4096

static int code_of(int code)
{
	if (code == 0)
		return 0;
	return fail(code > 0 ? -code : -EIO);
}

int bench_lmdb_open(const struct bench_settings *settings, const char *name,
		    struct bench_lmdb *ret_lmdb)
{
	mdb_filehandle_t fd;
	MDB_txn *txn;
	int code;

	bench_path(settings, name, ret_lmdb->dir);
	bench_remove(ret_lmdb->dir);
	(void)mkdir(ret_lmdb->dir, 0700);
	code = mdb_env_create(&ret_lmdb->env);
	if (code == 0)
		code = mdb_env_set_mapsize(ret_lmdb->env, MAP_BYTES);
	if (code == 0)
		code = mdb_env_open(ret_lmdb->env, ret_lmdb->dir, 0, 0600);
	if (code == 0)
		code = mdb_env_get_fd(ret_lmdb->env, &fd);
	if (code == 0)
		code = posix_fallocate(fd, 0, (off_t)MAP_BYTES);
	if (code == 0)
		code = mdb_txn_begin(ret_lmdb->env, NULL, 0, &txn);
	if (code == 0)
		code = mdb_dbi_open(txn, NULL, 0, &ret_lmdb->table);
	if (code == 0)
		code = mdb_txn_commit(txn);
	return code_of(code);
}

int bench_lmdb_put(struct bench_lmdb *lmdb, uint64_t number, size_t n)
{
	static const uint8_t bytes[VALUE_BYTES_MAX];
	uint64_t big_endian = htobe64(number);
	MDB_val key = {sizeof(big_endian), &big_endian};
	MDB_val value = {n < sizeof(bytes) ? n : sizeof(bytes), (void *)(uintptr_t)bytes};
	MDB_txn *txn;
	int code = mdb_txn_begin(lmdb->env, NULL, 0, &txn);

	if (code != 0)
		return code_of(code);
	code = mdb_put(txn, lmdb->table, &key, &value, MDB_APPEND);
	if (code != 0) {
		mdb_txn_abort(txn);
		return code_of(code);
	}
	return code_of(mdb_txn_commit(txn));
}

void bench_lmdb_close(struct bench_lmdb *lmdb)
{
	if (lmdb->env != NULL)
		mdb_env_close(lmdb->env);
	lmdb->env = NULL;
	if (lmdb->dir[0] != '\0')
		bench_remove(lmdb->dir);
}

static int visit_table(MDB_txn *txn, const char *name, volatile uint8_t *ret_seen)
{
	MDB_cursor *cursor;
	MDB_val key, value;
	MDB_dbi table;
	int code = mdb_dbi_open(txn, name, 0, &table);

	if (code == 0)
		code = mdb_cursor_open(txn, table, &cursor);
	if (code != 0)
		return code;
	while ((code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
		for (size_t i = 0; i < value.mv_size; i++)
			*ret_seen ^= ((const uint8_t *)value.mv_data)[i];
	}
	mdb_cursor_close(cursor);
	return code == MDB_NOTFOUND ? 0 : code;
}

int bench_lmdb_visit(const char *path, const char *const tables[], size_t tables_n)
{
	volatile uint8_t seen = 0;
	MDB_env *env;
	MDB_txn *txn = NULL;
	int code = mdb_env_create(&env);

	if (code == 0)
		code = mdb_env_set_maxdbs(env, 16);
	if (code == 0)
		code = mdb_env_open(env, path, 0, 0600);
	if (code == 0)
		code = mdb_txn_begin(env, NULL, MDB_RDONLY, &txn);
	for (size_t i = 0; i < tables_n && code == 0; i++)
		code = visit_table(txn, tables[i], &seen);
	if (txn != NULL)
		mdb_txn_abort(txn);
	mdb_env_close(env);
	return code_of(code);
}
