/*
 * Whom a batch has had already: of persons known before it a bit each, of new ones their index
 * entries, found by hash. The entries are also what the batch writes into the index at its end. A
 * million rows cost 24 bytes an entry and at most 11 for finding it.
 */
#ifndef MIA_SITE_STORE_SET_H
#define MIA_SITE_STORE_SET_H

#include "lib/vault.h"

#define STORE_SET_ID_MAX (UINT64_MAX >> 2)

/* An index entry that comes or goes. */
struct store_set_entry {
	uint8_t hash[VAULT_LOOKUP_BYTES];
	uint64_t is_gone : 1, is_late : 1, id : 62; /* late: to be written with the head */
};

/* Valid when zeroed; what it points at is owned. Entries lie in blocks, which never move; a slot is
 * an entry's number and one, or 0. */
struct store_set {
	struct store_set_entry **blocks;
	size_t n, blocks_n, blocks_room;
	uint32_t *slots;
	size_t room; /* 0 or a power of two */
	uint8_t *known; /* a bit for each person */
	uint64_t known_room; /* ids below it have one */
};

void store_set_free(struct store_set *set);
bool store_set_has(const struct store_set *set, const uint8_t hash[static VAULT_LOOKUP_BYTES]);
/* Adds an entry that is not there (assert). 0 or -ENOMEM. */
int store_set_add(struct store_set *set, const struct store_set_entry *entry);

/* The same for persons by number. */
bool store_set_has_known(const struct store_set *set, uint64_t id);
int store_set_add_known(struct store_set *set, uint64_t id);

/* Puts the entries in order: those of ids from first on by hash, then the others; gives how many
 * the former are. After that only store_set_at() and freeing. */
size_t store_set_sort(struct store_set *set, uint64_t first);
struct store_set_entry *store_set_at(const struct store_set *set, size_t i);

#endif
