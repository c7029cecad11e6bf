/*
 * The audit chain: the events of the house, numbered from 1, each a row of STORE_EVENT:
 * [at, text, salt]. head = H("mia/1/audit", head, at as u64le, text, salt), from 32 zero bytes; it
 * travels in every release, so that the hub is the site's rollback witness (4.1). The salt is
 * random and stays in the house: without it whoever has the heads could try moments and texts until
 * one fits, and so learn when and how often files were imported.
 */
#ifndef MIA_SITE_STORE_AUDIT_H
#define MIA_SITE_STORE_AUDIT_H

#include "lib/safe.h"
#include "lib/sign.h"

#define STORE_SALT_BYTES 16

struct store;

struct store_event {
	int64_t at;
	uint8_t salt[STORE_SALT_BYTES];
};

/* One event, in the caller's transaction, which carries the error. text is "event key=value ...",
 * never a value from a record. */
void store_audit(struct store *store, struct safe_txn *txn, int64_t at, const char *text);
/* The head and the number of events as last committed: an open transaction's are not in it. */
void store_audit_head(const struct store *store, uint8_t ret_head[static SIGN_HASH_BYTES]);
uint64_t store_audit_count(const struct store *store);
/* The head after an event, from the one before it. */
void store_audit_next(uint8_t head[static SIGN_HASH_BYTES], const struct store_event *event,
		      const char *text);
/* Event n of 1..store_audit_count(), its text appended: 0, -ENOENT, -EBADMSG, -errno. */
int store_audit_read(struct store *store, uint64_t n, struct store_event *ret_event,
		     struct buf *ret_text);

#endif
