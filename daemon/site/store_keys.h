/*
 * Persons' keys (4.5): made and committed before anything they seal. A key is destroyed in three
 * steps: its row goes, with a mark "x.forgotten" in the same commit; the file is written anew
 * without free pages; the mark goes. A person who gets a new key has it in a table of its own until
 * the act that it seals counts.
 */
#ifndef MIA_SITE_STORE_KEYS_H
#define MIA_SITE_STORE_KEYS_H

#include "daemon/site/store_core.h"

/* Fresh keys for n persons from first on, committed. ret_keys: n * VAULT_KEY_BYTES. */
int store_keys_make(struct store *store, uint64_t first, size_t n, uint8_t *ret_keys);
/* Appends the key that a person's acts open with: 0, -ENOENT, -errno. */
int store_keys_read(const struct store *store, struct safe_txn *keys, const uint8_t id[static 8],
		    struct buf *ret_key);
int store_keys_get(struct store *store, uint64_t person, uint8_t ret_key[static VAULT_KEY_BYTES]);

/* Fresh keys for known persons, committed beside those they have; what an attempt left is replaced.
 * ret_keys: n * VAULT_KEY_BYTES. -ENOSPC while others still count that could not be settled. */
int store_keys_renew(struct store *store, const uint64_t ids[], size_t n, uint8_t *ret_keys);

/* A row of the table of next keys, and what is to become of it. */
struct store_next {
	uint64_t id;
	uint8_t key[VAULT_KEY_BYTES]; /* wipe after use */
	bool counts; /* its act is in the store: it takes the place of the key before; else it goes
		      */
};
/* The first of them over id after: 0, -ENOENT, -errno. */
int store_keys_next(struct store *store, uint64_t after, struct store_next *ret_next);
int store_keys_settle(struct store *store, const struct store_next nexts[], size_t n);

/* Takes the rows of keys away; who has none is passed over. */
int store_keys_destroy(struct store *store, const uint64_t ids[], size_t n);

/* Writes the file of keys anew if something was destroyed in it, and with it that of the records
 * when it is no larger than STORE_SCRUB_BYTES. 0 when there is nothing left to be done; -ENOSPC,
 * -errno. */
#define STORE_SCRUB_BYTES (64 * 1024 * 1024)
int store_keys_scrub(struct store *store);

#endif
