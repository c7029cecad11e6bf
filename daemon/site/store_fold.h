/*
 * From the log to a person, for the store's own readers: transactions and scratch that many persons
 * may share, and the fold of one person's acts.
 */
#ifndef MIA_SITE_STORE_FOLD_H
#define MIA_SITE_STORE_FOLD_H

#include "daemon/site/store_core.h"

/* Where an act's plain bytes lie among the others'. */
struct store_fold_place {
	uint64_t seq;
	size_t at, n;
};

/* Valid when zeroed. Open for as short as other readers are; a write from another transaction is
 * not seen until it is opened anew. */
struct store_fold {
	struct store *store; /* borrowed */
	struct safe_txn records, keys;
	struct buf bytes; /* acts in plain, the newest first */
	struct buf key;
	struct store_fold_place *places; /* owned */
	size_t n, room;
};

/* Begins reading; a transaction that cannot be had is found by the first person. */
void store_fold_open(struct store *store, struct store_fold *fold);
/* Ends it and wipes what was read. own(store_fold_close) */
void store_fold_close(struct store_fold *fold);
/* A person's acts up to log entry last (0: none) folded: 0, -ENOENT when the key is not there,
 * -EBADMSG when an act is damaged, -errno. *ret_person is whatever the fold came to on failure:
 * wipe it either way. */
int store_fold_person(struct store_fold *fold, uint64_t id, uint64_t last,
		      struct store_person *ret_person);

#endif
