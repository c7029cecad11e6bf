/*
 * The site's chain of releases, from which everything that is sent is derived: making a release
 * from a closing, its moment of sending (random within the spread), and the position the hub has
 * receipted.
 */
#ifndef MIA_SITE_OUTBOX_H
#define MIA_SITE_OUTBOX_H

#include "daemon/site/store.h"
#include "proto/roster.h"

struct outbox;

/* Codes of outbox_halt(). */
#define OUTBOX_RESTORED "W013"
#define OUTBOX_FORKED "W014"

/* With what the site signs, and what it signed with before: read anew whenever it is needed, so
 * that whoever owns it may change it. roster NULL: it never had another key. */
struct outbox_signer {
	const struct sign_key *key;
	const struct roster *roster;
};

/* Reads the chain from the store and follows it from its start: -EBADMSG when a link is missing,
 * altered or not signed by a key of ours, present or former. Borrows all. */
int outbox_new(struct store *store, const struct programme *programme,
	       const struct outbox_signer *signer, struct outbox **ret_outbox);
void outbox_free(struct outbox **outbox);

/* Signs the release of a closing and puts it, the books and the audit event into one durable
 * transaction. at_send is when it may leave. On failure the books are again as the store holds
 * them, as if the period had not been closed. */
int outbox_release(struct outbox *outbox, const char *site, uint32_t period,
		   const struct release_figures *figures, int64_t at_now, uint32_t random);

uint64_t outbox_last(const struct outbox *outbox); /* n of the chain's head, 0 none */
uint64_t outbox_received(const struct outbox *outbox); /* last n with a receipt */
uint32_t outbox_last_period(const struct outbox *outbox);
/* Why nothing may be closed or sent until an operator has looked: a code (W013 restored, W014
 * forked), "" for nothing. Durable. */
const char *outbox_halt(const struct outbox *outbox);
/* Hash at n; n 0 is h0. -ENOENT beyond the head, or the store's failure. */
int outbox_hash(struct outbox *outbox, uint64_t n, uint8_t ret_hash[static SIGN_HASH_BYTES]);
/* A release by number; *ret_at_send when it may leave. One that a former key signed, and that the
 * roster does not let this key have signed, is signed anew: its hash is the same. -ENOENT. */
int outbox_load(struct outbox *outbox, uint64_t n, struct release *ret_release,
		int64_t *ret_at_send);
/* The hub has (n, hash) durably: -EBADMSG when hash is not ours at n. */
int outbox_receipt(struct outbox *outbox, uint64_t n, const uint8_t hash[static SIGN_HASH_BYTES],
		   int64_t at_now);
/* Adoption and fork (4.1): fetched releases, verified as our own and chained, replace ours from the
 * first that differs; ours are archived; then outbox_halt(). Audited. -EBADMSG when one is no
 * report of this site, or of a rehearsal and this is none, or when they do not begin where our
 * chain does.
 */
int outbox_adopt(struct outbox *outbox, const struct release releases[], size_t releases_n,
		 bool is_fork, int64_t at_now);
/* The operator has looked: what the books took over (book_adopt.h), the end of the halt and the
 * audit event are one durable transaction. On failure the books are again as the store holds them.
 */
int outbox_resume(struct outbox *outbox, const char *operator_name, int64_t at_now);

#endif
