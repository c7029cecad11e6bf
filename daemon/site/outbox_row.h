/*
 * The outbox's rows in the store, for daemon/site/outbox and outbox_past alone:
 *   meta     x.outbox    [last n, received n, archived, last period, head bin32, halt str,
 *                         returned first n, last n, at int]   an older one has six fields
 *   release  n u64be     [at_send int, prev bin32, hash bin32, signature bin64, payload bin]
 *   release  0xff, archive number u64be, n u64be      the same, superseded and kept
 */
#ifndef MIA_SITE_OUTBOX_ROW_H
#define MIA_SITE_OUTBOX_ROW_H

#include "lib/safe.h"
#include "proto/release.h"

#define OUTBOX_HALT_BYTES 8

/* The last time that the hub gave our chain back: the releases of it that were none of ours. */
struct outbox_return {
	uint64_t first, last; /* 0: it never did */
	int64_t at; /* UTC seconds */
};

struct outbox_position {
	uint64_t last, received; /* n of the chain's head, and of the last receipt */
	uint64_t archived; /* how many releases were ever archived */
	uint32_t period; /* of the head; 0 none */
	uint8_t head[SIGN_HASH_BYTES];
	char halt[OUTBOX_HALT_BYTES]; /* why nothing may be released: a code, "" for nothing */
	struct outbox_return returned;
};

/* -ENOENT: a new store. -EBADMSG. */
int outbox_row_position(struct safe_txn *txn, struct outbox_position *ret_position);
/* The transaction carries the error. */
void outbox_row_put_position(struct safe_txn *txn, const struct outbox_position *position);

/* Release n into an empty one (owned payload): -ENOENT, -EBADMSG. */
int outbox_row_load(struct safe_txn *txn, uint64_t n, struct release *ret_release,
		    int64_t *ret_at_send);
void outbox_row_put(struct safe_txn *txn, const struct release *release, int64_t at_send);
/* Moves release n to the archive, as number of all archived ones. -ENOENT. */
int outbox_row_archive(struct safe_txn *txn, uint64_t n, uint64_t number);
/* Every archived release in the order of their numbers, valid in the call; what is not 0 of the
 * visitor ends the walk and is returned. -EBADMSG, -errno. */
typedef int outbox_row_fn(void *context, uint64_t number, const struct release *release,
			  int64_t at_send);
int outbox_row_walk_archive(struct safe_txn *txn, outbox_row_fn *visit, void *context);

#endif
