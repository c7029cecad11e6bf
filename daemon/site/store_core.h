/*
 * The inside of the site's store, for the store's own modules: what is open, the head that says
 * how far the log counts, and the steps every act is made of.
 *
 * Rows of meta:
 * - x.head: [seq, chain hash bin32, next person, persons, next batch]
 * - x.audit: [events, head bin32]
 * - x.sweep: there while index entries of a batch are written before its head
 * - x.log | seq u64be: the chain hash at every 4096th entry
 *
 * chain = H("mia/1/log", previous chain, sealed bytes of the entry), from 32 zero bytes: no entry
 * carries it, the head pins them all.
 */
#ifndef MIA_SITE_STORE_CORE_H
#define MIA_SITE_STORE_CORE_H

#include "daemon/site/act.h"
#include "daemon/site/book_keep.h"
#include "daemon/site/lookup.h"
#include "daemon/site/store_table.h"
#include "lib/safe.h"
#include "lib/sign.h"

#define STORE_KEY 1 /* tables of the keys' safe */
#define STORE_NEXT_KEY 2 /* of persons who get a new one (store_keys.h) */
#define STORE_CHUNK 10000 /* acts or rows a commit */

#define STORE_ANSWER 1u /* flags of a person row */
#define STORE_MISREGISTERED 2u
#define STORE_ERASED 4u /* the key is destroyed (store_forget.h) */

struct store_head {
	uint64_t seq; /* last log entry */
	uint8_t chain[SIGN_HASH_BYTES];
	uint64_t next_person; /* from 1 */
	uint64_t persons; /* neither answers nor misregistered */
	uint64_t next_batch; /* from 1 */
};

struct store_run; /* a batch under way */

/* Keyed hashes of what a record is found by. */
struct store_hash {
	enum lookup_kind kind;
	uint8_t bytes[VAULT_LOOKUP_BYTES];
};
struct store_hashes {
	struct store_hash of[LOOKUPS_MAX];
	size_t n;
};

/* The person last looked up: of every row a batch asks who is known and then adds it. */
struct store_looked {
	bool is_valid;
	struct lookup_copy asked;
	struct store_hashes hashes;
	enum lookup_verdict verdict;
	struct store_person person; /* id 0: there is none, and it is clear */
};

struct store {
	char *dir; /* owned: the state folder */
	const struct programme *programme;
	struct tally_plan *plan;
	struct vault *vault;
	struct safe *records, *keys;
	struct book *book;
	struct store_head head; /* as committed */
	struct store_run *run;
	struct store_looked looked;
	bool has_beyond; /* rows may lie beyond the head */
	bool has_next; /* next keys count that could not be settled (store_renew.h) */
	bool is_forget_due; /* store_forget_resume() has something to do */
	bool is_broken; /* the books could not be read back: nothing more is written */
};

struct store_person_row {
	uint64_t id, last_seq;
	uint8_t flags;
};

/* Head and books as the safe has them: at start, and after a transaction that failed. -EBADMSG
 * when they are missing or damaged. */
int store_core_read(struct store *store);
/* Deletes what lies beyond the head: keys, log, persons, and index entries if x.sweep is there. */
int store_core_sweep(struct store *store);
/* Goes back to what is committed, after a failure; a store that cannot is broken. */
void store_core_revert(struct store *store);

/* The chain after an entry, from the one before it. */
void store_core_chain(uint8_t chain[static SIGN_HASH_BYTES], const void *sealed, size_t n);
/* Appends entry head->seq + 1 under a person's key and moves the head. */
void store_core_append(struct safe_txn *txn, struct store_head *head, const struct vault_key *key,
		       const void *bytes, size_t n);
void store_core_put_person(struct safe_txn *txn, const struct store_person_row *row);
void store_core_append_person(struct safe_txn *txn, const struct store_person_row *row);
/* A leaf of the books: a book_keep_fn whose context is the transaction. */
int store_core_put_leaf(void *txn, uint32_t key, const void *leaf, size_t n);
void store_core_put_head(struct safe_txn *txn, const struct store_head *head);
/* A row as it lies: 0 or -EBADMSG. */
int store_core_read_person(const struct kv_bytes *key, const struct buf *plain,
			   struct store_person_row *ret_row);
/* The committed row: -ENOENT beyond the head. */
int store_core_person(struct store *store, struct safe_txn *txn, uint64_t id,
		      struct store_person_row *ret_row);

/* Entries of the index (store_index.h). */
void store_core_put_index(struct safe_txn *txn, const uint8_t hash[static VAULT_LOOKUP_BYTES],
			  uint64_t id);
/* 0 and the person, -ENOENT, -errno. */
int store_core_lookup(struct store *store, const uint8_t hash[static VAULT_LOOKUP_BYTES],
		      uint64_t *ret_id);

#endif
