/*
 * A store: one LMDB environment whose every value is sealed to its place, that knows what it is and
 * counts what it holds (4.4, 4.5). The site's record and key stores and the hub's ledger are safes.
 * Table 0 is the safe's own "meta": identity (clear, so that a foreign or future store is refused
 * without a write), counts, and sealed rows the owner keeps there under keys that begin with "x.".
 */
#ifndef MIA_LIB_SAFE_H
#define MIA_LIB_SAFE_H

#include "lib/fail.h"
#include "lib/kv.h"
#include "lib/safe_label.h"
#include "lib/vault.h"

/* What a safe is. kind "site-records" ...; schema counts up when its format changes; is_rehearsal
 * is fixed for life. */
struct safe_spec {
	const char *kind;
	uint16_t schema;
	const char *const *tables; /* names of tables 1..tables_n */
	size_t tables_n;
	size_t map_bytes;
};

struct safe;

/* Creates a safe in an empty or absent folder (0700) with a fresh store id (identity->store is not
 * read): 0, -EEXIST, -errno. */
int safe_create(const char *path, const struct safe_spec *spec,
		const struct safe_identity *identity, struct vault *vault);

/*
 * Opens one. The vault is borrowed and must outlive the safe. -ENOENT none there (fault S006);
 * -EBADMSG with fault filled: S001 another kind, S002 schema from the future, S003 wrong key, S004
 * damaged, S005 counts that disagree; -EBUSY open twice. Nothing is written before kind, schema and
 * key are checked. Whose it is and of which programme is the caller's to compare, by
 * safe_identity().
 */
int safe_open(const char *path, const struct safe_spec *spec, struct vault *vault,
	      struct safe **ret_safe, struct fault *fault);
void safe_close(struct safe **safe);
const struct safe_identity *safe_identity(const struct safe *safe);
struct kv *safe_kv(struct safe *safe); /* borrowed: size, growth, copies, compaction, readers */

/* A transaction that carries its error, like kv_txn; it keeps the per-table counts. Valid when
 * zeroed. */
struct safe_txn {
	struct safe *safe;
	struct kv_txn kv;
	struct buf sealed; /* scratch */
	int64_t added[KV_TABLES_MAX];
};

void safe_read(struct safe *safe, struct safe_txn *txn);
void safe_write(struct safe *safe, struct safe_txn *txn);
/* -EILSEQ, and nothing written, when the tables do not hold what was counted. */
int safe_commit(struct safe_txn *txn);
void safe_abort(struct safe_txn *txn);

/* with says whose key seals: NULL means the vault's own. */

/* Appends the opened value to ret_plain: 0, -ENOENT, -EBADMSG (damaged or moved), the transaction's
 * error. */
int safe_get(struct safe_txn *txn, unsigned table, const void *key, size_t key_n,
	     const struct vault_key *with, struct buf *ret_plain);
void safe_put(struct safe_txn *txn, unsigned table, const void *key, size_t key_n,
	      const struct vault_key *with, const void *plain, size_t n);
/* Keys that only grow: -EEXIST in the transaction's error otherwise. */
void safe_append(struct safe_txn *txn, unsigned table, const void *key, size_t key_n,
		 const struct vault_key *with, const void *plain, size_t n);
void safe_delete(struct safe_txn *txn, unsigned table, const void *key, size_t key_n);
uint64_t safe_count(struct safe_txn *txn, unsigned table);
/* The sealed bytes as they lie, for hash chains over what survives erasure; valid until the
 * transaction writes or ends. */
bool safe_raw(struct safe_txn *txn, unsigned table, const void *key, size_t key_n,
	      struct kv_bytes *ret_sealed);

/* A walk in key order; value is opened on demand with safe_cursor_value(). */
struct safe_cursor {
	struct safe_txn *txn;
	unsigned table;
	struct kv_cursor kv;
};
bool safe_seek(struct safe_txn *txn, unsigned table, const void *key, size_t key_n,
	       struct safe_cursor *ret_cursor);
bool safe_last(struct safe_txn *txn, unsigned table, struct safe_cursor *ret_cursor);
bool safe_next(struct safe_cursor *cursor);
int safe_cursor_value(struct safe_cursor *cursor, const struct vault_key *with,
		      struct buf *ret_plain);
void safe_cursor_close(struct safe_cursor *cursor);

/* 64-bit big-endian keys, so that numeric order is key order. */
void safe_key_u64(uint64_t number, uint8_t ret_key[static 8]);
uint64_t safe_key_number(const uint8_t key[static 8]);

#endif
