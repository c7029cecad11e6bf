#include "lib/kv.h"

#include "lib/fail.h"
#include "lib/own.h"

#include <assert.h>
#include <errno.h>
#include <lmdb.h>
#include <stdint.h>

static MDB_val view(const void *bytes, size_t n)
{
	return (MDB_val){n, (void *)(uintptr_t)bytes};
}

static void begin(struct kv *kv, unsigned flags, struct kv_txn *txn)
{
	MDB_txn *handle = NULL;
	int code = kv->env == NULL ? EIO : mdb_txn_begin(kv->env, NULL, flags, &handle);

	*txn = (struct kv_txn){.kv = kv, .is_write = flags == 0};
	if (code == 0)
		txn->handle = handle;
	else
		txn->error = fail(kv_error(code));
}

void kv_read(struct kv *kv, struct kv_txn *txn)
{
	begin(kv, MDB_RDONLY, txn);
}

void kv_write(struct kv *kv, struct kv_txn *txn)
{
	assert(!kv->is_writing);
	begin(kv, 0, txn);
	kv->is_writing = txn->error == 0;
}

/* The handle, which is ours no more. */
static MDB_txn *end(struct kv_txn *txn)
{
	if (txn->handle != NULL && txn->is_write)
		txn->kv->is_writing = false;
	return take(txn->handle);
}

int kv_commit(struct kv_txn *txn)
{
	MDB_txn *handle;
	int code;

	if (txn->error != 0 || !txn->is_write) {
		kv_abort(txn);
		return txn->error;
	}
	assert(txn->handle != NULL);
	handle = end(txn);
	code = mdb_txn_commit(handle);
	if (code != 0)
		txn->error = fail(kv_error(code));
	return txn->error;
}

void kv_abort(struct kv_txn *txn)
{
	MDB_txn *handle = end(txn);

	if (handle != NULL)
		mdb_txn_abort(handle);
}

/* Whether a step went well; a missing key is no error, anything else ends the transaction's work.
 */
static bool is_well(struct kv_txn *txn, int code)
{
	if (code != 0 && code != MDB_NOTFOUND)
		txn->error = fail(kv_error(code));
	return code == 0;
}

/* Whether the transaction can go on; the table is the caller's to get right. */
static bool can_use(const struct kv_txn *txn, unsigned table)
{
	if (txn->error != 0)
		return false;
	assert(txn->handle != NULL && table < txn->kv->tables_n);
	return true;
}

bool kv_get(struct kv_txn *txn, unsigned table, const void *key, size_t key_n,
	    struct kv_bytes *ret_value)
{
	MDB_val sought = view(key, key_n), value;

	if (!can_use(txn, table) ||
	    !is_well(txn, mdb_get(txn->handle, txn->kv->tables[table], &sought, &value)))
		return false;
	*ret_value = (struct kv_bytes){value.mv_data, value.mv_size};
	return true;
}

static void put(struct kv_txn *txn, unsigned table, MDB_val key, MDB_val value, unsigned flags)
{
	if (can_use(txn, table))
		(void)is_well(txn,
			      mdb_put(txn->handle, txn->kv->tables[table], &key, &value, flags));
}

void kv_put(struct kv_txn *txn, unsigned table, const void *key, size_t key_n, const void *value,
	    size_t value_n)
{
	put(txn, table, view(key, key_n), view(value, value_n), 0);
}

void kv_append(struct kv_txn *txn, unsigned table, const void *key, size_t key_n, const void *value,
	       size_t value_n)
{
	put(txn, table, view(key, key_n), view(value, value_n), MDB_APPEND);
}

bool kv_delete(struct kv_txn *txn, unsigned table, const void *key, size_t key_n)
{
	MDB_val sought = view(key, key_n);

	return can_use(txn, table) &&
	       is_well(txn, mdb_del(txn->handle, txn->kv->tables[table], &sought, NULL));
}

uint64_t kv_count(struct kv_txn *txn, unsigned table)
{
	MDB_stat status;

	if (!can_use(txn, table) ||
	    !is_well(txn, mdb_stat(txn->handle, txn->kv->tables[table], &status)))
		return 0;
	return status.ms_entries;
}

static bool step(struct kv_cursor *cursor, MDB_cursor_op move)
{
	MDB_val key = view(cursor->key.data, cursor->key.n), value;

	if (cursor->handle == NULL || cursor->txn->error != 0 ||
	    !is_well(cursor->txn, mdb_cursor_get(cursor->handle, &key, &value, move)))
		return false;
	cursor->key = (struct kv_bytes){key.mv_data, key.mv_size};
	cursor->value = (struct kv_bytes){value.mv_data, value.mv_size};
	return true;
}

/* Leaves ret_cursor closed when there is nothing to stand on. */
static bool walk(struct kv_txn *txn, unsigned table, struct kv_bytes key, MDB_cursor_op move,
		 struct kv_cursor *ret_cursor)
{
	MDB_cursor *handle;

	*ret_cursor = (struct kv_cursor){.txn = txn, .key = key};
	if (!can_use(txn, table) ||
	    !is_well(txn, mdb_cursor_open(txn->handle, txn->kv->tables[table], &handle)))
		return false;
	ret_cursor->handle = handle;
	if (step(ret_cursor, move))
		return true;
	kv_cursor_close(ret_cursor);
	return false;
}

bool kv_seek(struct kv_txn *txn, unsigned table, const void *key, size_t key_n,
	     struct kv_cursor *ret_cursor)
{
	return walk(txn, table, (struct kv_bytes){key, key_n},
		    key_n == 0 ? MDB_FIRST : MDB_SET_RANGE, ret_cursor);
}

bool kv_next(struct kv_cursor *cursor)
{
	return step(cursor, MDB_NEXT);
}

bool kv_last(struct kv_txn *txn, unsigned table, struct kv_cursor *ret_cursor)
{
	return walk(txn, table, (struct kv_bytes){0}, MDB_LAST, ret_cursor);
}

/* The end of a write takes its cursors along. */
void kv_cursor_close(struct kv_cursor *cursor)
{
	if (cursor->handle != NULL && (cursor->txn->handle != NULL || !cursor->txn->is_write))
		mdb_cursor_close(cursor->handle);
	*cursor = (struct kv_cursor){0};
}
