/*
 * LMDB, only here and in lib/kv_env (4.4): transactions, readers short. A transaction carries its
 * own error: a run of puts is checked once, at commit.
 */
#ifndef MIA_LIB_KV_H
#define MIA_LIB_KV_H

#include "lib/kv_env.h"

#include <stdbool.h>

/* A view of bytes: in the map, valid until the transaction ends or writes. */
struct kv_bytes {
	const uint8_t *data;
	size_t n;
};

/* error is 0 or the first -errno (-ENOSPC map or disk full, -EIO, -ENOMEM, -EEXIST from kv_append).
 * Valid when zeroed. */
struct kv_txn {
	struct kv *kv;
	void *handle;
	bool is_write;
	int error;
};

/* Begins; on failure error is set and everything after is a no-op. One writer a time; never nested.
 */
void kv_read(struct kv *kv, struct kv_txn *txn);
void kv_write(struct kv *kv, struct kv_txn *txn);
/* Commits durably (fdatasync): 0 or the transaction's error, in which case nothing was written. The
 * transaction is over either way. */
int kv_commit(struct kv_txn *txn);
/* Ends a read or drops a write; harmless when over. Usable as own(kv_abort) struct kv_txn t = {0}.
 */
void kv_abort(struct kv_txn *txn);

/* Whether key is there; its value as a view. */
bool kv_get(struct kv_txn *txn, unsigned table, const void *key, size_t key_n,
	    struct kv_bytes *ret_value);
void kv_put(struct kv_txn *txn, unsigned table, const void *key, size_t key_n, const void *value,
	    size_t value_n);
/* Puts a key greater than every key there (MDB_APPEND): -EEXIST in error when it is not. */
void kv_append(struct kv_txn *txn, unsigned table, const void *key, size_t key_n, const void *value,
	       size_t value_n);
/* Deletes; a missing key is no error. Says whether it was there. */
bool kv_delete(struct kv_txn *txn, unsigned table, const void *key, size_t key_n);
uint64_t kv_count(struct kv_txn *txn, unsigned table);

/* A walk in key order. Valid when zeroed; close before the transaction ends. */
struct kv_cursor {
	struct kv_txn *txn;
	void *handle;
	struct kv_bytes key, value;
};

/* Stands on the first key >= key (key_n 0: the first of all); false when there is none. */
bool kv_seek(struct kv_txn *txn, unsigned table, const void *key, size_t key_n,
	     struct kv_cursor *ret_cursor);
bool kv_next(struct kv_cursor *cursor);
/* Stands on the last key of the table. */
bool kv_last(struct kv_txn *txn, unsigned table, struct kv_cursor *ret_cursor);
void kv_cursor_close(struct kv_cursor *cursor);

#endif
