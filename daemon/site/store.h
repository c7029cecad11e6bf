/*
 * The site's store: two safes (4.4), `records` and `keys`. The truth is an append-only log of acts,
 * hash-chained over the sealed bytes, so that the chain outlives erasure. Tables of `records`:
 * - log, seq u64be: an act, sealed under the person's key
 * - person, id u64be: last seq and flags; ids are given in order, so that LMDB appends
 * - index, lookup 16: id, by keyed hash of number, local id or invitation
 * - book, month u32be: the books' blobs
 * - release, n u64be: the site's chain, kept for ever; all that is sent is derived from it
 * - batch, event, result: imports, the audit chain, the county's signed results
 *
 * and in `keys`, by id u64be, the person's key, committed before anything it seals. An act is in
 * the store when the head in meta (seq, chain hash, next person) covers it: what lies beyond the
 * head after a crash is swept at start, so that a batch is there wholly or not at all.
 */
#ifndef MIA_SITE_STORE_H
#define MIA_SITE_STORE_H

#include "daemon/site/book.h"
#include "lib/safe.h"
#include "lib/sign.h"

struct store;

enum store_act {
	ACT_REGISTERED = 1,
	ACT_CHANGED,
	ACT_CORRECTED,
	ACT_ANSWERED,
	ACT_UNDONE,
	ACT_MISREGISTERED
};

struct store_settings {
	const char *dir; /* state folder: DIR/records, DIR/keys */
	const char *owner;
	const uint8_t *vault_key, *index_key;
	const struct programme *programme;
	uint64_t map_bytes;
	bool is_rehearsal;
};

int store_create(const struct store_settings *settings, uint32_t first_period, struct fault *fault);
/* Opens, sweeps what lies beyond the head, restores the books. -EBADMSG with fault, -EBUSY, -errno.
 */
int store_open(const struct store_settings *settings, struct store **ret_store,
	       struct fault *fault);
void store_close(struct store **store);

/* A person as folded from the log; contributions are what the books know of them. */
struct store_person {
	uint64_t id;
	uint64_t last_seq;
	struct record record;
	struct book_event contributions[PROGRAMME_MEASURES_MAX];
	size_t contributions_n;
};
/* By keyed look-up of the record's identity or invitation: true and the id. */
bool store_find(struct store *store, const struct record *record, uint64_t *ret_id);
int store_load(struct store *store, uint64_t id, struct store_person *ret_person);

/* Who does it and when. */
struct store_origin {
	int64_t at;
	const char *operator_name;
	uint64_t batch; /* 0: by hand */
};

/* One act in a transaction of its own (the durable single change): registers when id is 0 (then
 * *ret_id), else changes to after. Books follow. */
int store_act(struct store *store, const struct store_origin *origin, uint64_t id,
	      enum store_act act, const struct record *after, uint64_t *ret_id);

/* A batch: acts appended in commits of 10,000, visible only by store_batch_end(), dropped whole by
 * store_batch_abort() or a crash. One at a time. */
struct store_batch_result {
	uint64_t batch;
	uint64_t registered, changed, unchanged;
};
int store_batch_begin(struct store *store, int64_t at, const char *operator_name,
		      const char *file_name);
/* What would happen to this record (no write): 0 unchanged, 1 new, 2 changed; -EEXIST when the
 * batch had the same person already. *ret_id for known ones. */
int store_batch_look(struct store *store, const struct record *record, uint64_t *ret_id);
int store_batch_add(struct store *store, const struct record *record, bool is_answer);
int store_batch_end(struct store *store, struct store_batch_result *ret_result);
void store_batch_abort(struct store *store);
/* Takes a batch back by acts of its own: new ones become misregistered, changed ones go back.
 * -ENOENT; -EALREADY undone; -ESTALE when later acts changed the same persons. */
int store_batch_undo(struct store *store, const struct store_origin *origin, uint64_t batch,
		     uint64_t *ret_acts);

/* Rows and transactions for outbox, courier and site: the safe, and its tables. */
enum store_table {
	STORE_META,
	STORE_LOG,
	STORE_PERSON,
	STORE_INDEX,
	STORE_BOOK,
	STORE_RELEASE,
	STORE_BATCH,
	STORE_EVENT,
	STORE_RESULT
};
struct safe *store_safe(struct store *store);
struct book *store_book(struct store *store);
/* Puts the changed blobs of the books into an open transaction; after its commit call book_kept().
 */
int store_keep_book(struct store *store, struct safe_txn *txn);
uint64_t store_head(const struct store *store); /* last log entry */
uint64_t store_persons(const struct store *store);

/* The audit chain: one event of the house, in the caller's transaction. head = H("mia/1/audit",
 * head, at, text). text is "event key=value ...", never a value from a record. */
void store_audit(struct store *store, struct safe_txn *txn, int64_t at, const char *text);
void store_audit_head(const struct store *store, uint8_t ret_head[static SIGN_HASH_BYTES]);

#endif
