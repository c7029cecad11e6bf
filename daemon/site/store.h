/*
 * The site's store. The truth is an append-only log of acts, each about one person and sealed under
 * that person's key, hash-chained over the sealed bytes (so that the chain outlives erasure). An
 * act is in the store when the head in meta covers it: what lies beyond the head after a crash is
 * swept at start, so that a batch is there wholly or not at all. Together: store_table (what lies
 * where), act (an entry), store_read (persons), store_act (one change), store_batch (imports),
 * store_audit (events).
 */
#ifndef MIA_SITE_STORE_H
#define MIA_SITE_STORE_H

#include "daemon/site/book_keep.h"
#include "daemon/site/store_act.h"
#include "daemon/site/store_audit.h"
#include "daemon/site/store_batch.h"
#include "daemon/site/store_read.h"
#include "daemon/site/store_table.h"
#include "lib/safe.h"

struct store;

struct store_settings {
	const char *dir; /* state folder: DIR/records, DIR/keys */
	const char *owner;
	const uint8_t *vault_key, *index_key; /* VAULT_KEY_BYTES, copied */
	const struct programme *programme; /* borrowed */
	uint64_t map_bytes; /* the records' map at first; the keys' is a quarter */
	bool is_rehearsal; /* for create; open reads it from the store */
};

/* 0, -EEXIST, -EBADMSG with fault, -errno. vault_start() must have been called. */
int store_create(const struct store_settings *settings, uint32_t first_period, struct fault *fault);
/* Opens, sweeps what lies beyond the head, restores the books. -ENOENT and -EBADMSG with fault,
 * -EBUSY, -errno. */
int store_open(const struct store_settings *settings, struct store **ret_store,
	       struct fault *fault);
void store_close(struct store **store); /* drops a batch under way */

/* For outbox, courier and site, which keep rows and transactions of their own: the safe of records.
 * With a batch under way too; never two write transactions at once. */
struct safe *store_safe(struct store *store);
struct book *store_book(struct store *store);
/* Puts the changed leaves of the books into an open transaction; after its commit call
 * book_kept(), after a failure store_revert(). */
int store_keep_book(struct store *store, struct safe_txn *txn);
/* The books as last committed. A store that cannot read them back refuses all changes (-EIO). */
void store_revert(struct store *store);
uint64_t store_head(const struct store *store); /* last log entry */
uint64_t store_persons(const struct store *store); /* neither answers nor misregistered */
bool store_is_rehearsal(const struct store *store);
/* 0, or -EIO when it can be used no more: LMDB gives an environment up for good when the disk fails
 * at the wrong moment, and only opening it anew shows what was kept. */
int store_check(struct store *store);

#endif
