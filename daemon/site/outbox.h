/*
 * The site's chain of releases, from which everything that is sent is derived: making a release
 * from a closing, its moment of sending (random within the spread), and the position the hub has
 * receipted.
 */
#ifndef MIA_SITE_OUTBOX_H
#define MIA_SITE_OUTBOX_H

#include "daemon/site/store.h"

struct outbox;

/* Reads heads from the store. Borrows all. */
int outbox_new(struct store *store, const struct programme *programme, const struct sign_key *key,
	       struct outbox **ret_outbox);
void outbox_free(struct outbox **outbox);

/* Signs the release of a closing and puts it, the books and the audit event into one durable
 * transaction. at_send is when it may leave. */
int outbox_release(struct outbox *outbox, const char *site, uint32_t period,
		   const struct release_figures *figures, int64_t at_now, uint32_t random);

uint64_t outbox_last(const struct outbox *outbox); /* n of the chain's head, 0 none */
uint64_t outbox_received(const struct outbox *outbox); /* last n with a receipt */
uint32_t outbox_last_period(const struct outbox *outbox);
void outbox_hash(const struct outbox *outbox, uint64_t n,
		 uint8_t ret_hash[static SIGN_HASH_BYTES]); /* n 0: h0 */
/* A release by number; *ret_at_send when it may leave. -ENOENT. */
int outbox_load(struct outbox *outbox, uint64_t n, struct release *ret_release,
		int64_t *ret_at_send);
/* The hub has (n, hash) durably: -EBADMSG when hash is not ours at n. */
int outbox_receipt(struct outbox *outbox, uint64_t n, const uint8_t hash[static SIGN_HASH_BYTES],
		   int64_t at_now);
/* Adoption and fork (4.1): fetched releases, verified as our own, replace ours from the first that
 * differs; ours are archived. Audited. */
int outbox_adopt(struct outbox *outbox, struct release releases[], size_t releases_n, bool is_fork,
		 int64_t at_now);
/* The earliest moment a release that has no receipt may leave; INT64_MAX none. */
int64_t outbox_due(const struct outbox *outbox);

#endif
