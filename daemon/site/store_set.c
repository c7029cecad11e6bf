#include "daemon/site/store_set.h"

#include "lib/fail.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 256

void store_set_free(struct store_set *set)
{
	free(set->entries);
	*set = (struct store_set){0};
}

/* Hashes are keyed and even, so that their first bytes serve as they are. */
static struct store_set_entry *slot_of(struct store_set_entry *entries, size_t room,
				       const uint8_t *hash)
{
	uint64_t start;
	size_t at;

	memcpy(&start, hash, sizeof(start));
	at = (size_t)start & (room - 1);
	while (entries[at].id != 0 && memcmp(entries[at].hash, hash, VAULT_LOOKUP_BYTES) != 0)
		at = (at + 1) & (room - 1);
	return &entries[at];
}

bool store_set_has(const struct store_set *set, const uint8_t hash[static VAULT_LOOKUP_BYTES])
{
	return set->room != 0 && slot_of(set->entries, set->room, hash)->id != 0;
}

static int grow(struct store_set *set)
{
	size_t room = set->room == 0 ? ROOM_FIRST : set->room * 2;
	struct store_set_entry *entries = calloc(room, sizeof(*entries));

	if (entries == NULL)
		return fail(-ENOMEM);
	for (size_t i = 0; i < set->room; i++) {
		if (set->entries[i].id != 0)
			*slot_of(entries, room, set->entries[i].hash) = set->entries[i];
	}
	free(set->entries);
	set->entries = entries;
	set->room = room;
	return 0;
}

int store_set_add(struct store_set *set, const uint8_t hash[static VAULT_LOOKUP_BYTES], uint64_t id)
{
	struct store_set_entry *slot;
	int error = 0;

	/* At most three quarters full. */
	if ((set->n + 1) * 4 > set->room * 3)
		error = grow(set);
	if (error < 0)
		return error;
	slot = slot_of(set->entries, set->room, hash);
	assert(slot->id == 0 && id != 0);
	memcpy(slot->hash, hash, VAULT_LOOKUP_BYTES);
	slot->id = id;
	set->n++;
	return 0;
}

static int compare_hashes(const void *left, const void *right)
{
	return memcmp(left, right, VAULT_LOOKUP_BYTES);
}

size_t store_set_sort(struct store_set *set, uint64_t first)
{
	size_t n = 0;

	for (size_t i = 0; i < set->room; i++) {
		if (set->entries[i].id >= first && set->entries[i].id != 0)
			set->entries[n++] = set->entries[i];
	}
	if (n > 0)
		qsort(set->entries, n, sizeof(*set->entries), compare_hashes);
	return n;
}
