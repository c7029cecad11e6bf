/*
 * Who a batch has had already: 16-byte look-up hashes, each with the person's number, 24 bytes
 * apiece in one open-addressing table. It is also the list of a batch's new index entries.
 */
#ifndef MIA_SITE_STORE_SET_H
#define MIA_SITE_STORE_SET_H

#include "lib/vault.h"

struct store_set_entry {
	uint8_t hash[VAULT_LOOKUP_BYTES];
	uint64_t id; /* never 0 */
};

/* Valid when zeroed. entries are owned; room is 0 or a power of two. */
struct store_set {
	struct store_set_entry *entries;
	size_t n, room;
};

void store_set_free(struct store_set *set);
bool store_set_has(const struct store_set *set, const uint8_t hash[static VAULT_LOOKUP_BYTES]);
/* Adds one that is not there (assert). 0 or -ENOMEM. */
int store_set_add(struct store_set *set, const uint8_t hash[static VAULT_LOOKUP_BYTES],
		  uint64_t id);
/* Moves the entries with an id of first or more to the front, sorted by hash, and gives how many;
 * after that the set can only be freed. */
size_t store_set_sort(struct store_set *set, uint64_t first);

#endif
