/*
 * The LMDB environment under lib/kv (4.4): default durability, a map allocated on disk beforehand
 * so that commits survive a full disk, one open per path and process, nothing mapped unchecked.
 */
#ifndef MIA_LIB_KV_ENV_H
#define MIA_LIB_KV_ENV_H

#include "lib/buf.h"

#include <stdbool.h>

#define KV_TABLES_MAX 16

/* For lib/kv_env and lib/kv only: env is an MDB_env, or NULL when it was lost (kv_compact());
 * tables are MDB_dbi. */
struct kv {
	void *env;
	char *path; /* owned */
	char *names[KV_TABLES_MAX]; /* owned */
	unsigned tables[KV_TABLES_MAX];
	size_t tables_n;
	int lock_fd;
	bool is_writing;
};

/*
 * Opens (creates) the environment in the folder path with the named tables (index in names = table
 * number), file mode 0600, at least map_bytes, allocated with posix_fallocate. 0, -EBUSY when this
 * or another process has it open for the daemon, -ENOSPC, -EILSEQ when the file is not LMDB or is
 * truncated (checked before mapping), -errno.
 */
int kv_open(const char *path, const char *const names[], size_t names_n, size_t map_bytes,
	    struct kv **ret_kv);
void kv_close(struct kv **kv);
/* Appends one value of an environment that is not open, which is mapped read-only: how a store of
 * another kind is refused without a write. 0, -ENOENT no such file, table or key, else as
 * kv_open(). */
int kv_peek(const char *path, const char *table, const void *key, size_t key_n,
	    struct buf *ret_value);

/* Bytes of the map in all and in use. */
void kv_size(struct kv *kv, size_t *ret_map_bytes, size_t *ret_used_bytes);
/* Grows the map when less than a quarter is free (no transaction may be open); -ENOSPC leaves it as
 * it was. */
int kv_grow(struct kv *kv);
/* Drops reader slots of dead processes (at start and each minute). */
void kv_check_readers(struct kv *kv);
/* Hot copy into an empty folder; is_compact drops free pages, which may still hold deleted bytes.
 */
int kv_copy(struct kv *kv, const char *path, bool is_compact);
/*
 * Writes the file anew without its free pages, in the place of the old one, whose blocks are
 * overwritten before they are given up: afterwards no byte of a deleted value is in the folder. No
 * transaction may be open. Takes room for a second file meanwhile. 0; -ENOSPC and other failures
 * leave all as it was, but for -ENOTRECOVERABLE: the new file is in place and could not be opened,
 * so that whatever follows fails with -EIO until the store is opened anew.
 */
int kv_compact(struct kv *kv);

/* A code of LMDB's (its own or a positive errno) as -errno, for lib/kv. */
int kv_error(int code);

#endif
