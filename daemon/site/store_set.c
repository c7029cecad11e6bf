#include "daemon/site/store_set.h"

#include "lib/fail.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 256
#define BLOCK_N 4096
#define KNOWN_FIRST 4096

void store_set_free(struct store_set *set)
{
	for (size_t i = 0; i < set->blocks_n; i++)
		free(set->blocks[i]);
	free(set->blocks);
	free(set->slots);
	free(set->known);
	*set = (struct store_set){0};
}

static struct store_set_entry *entry_at(const struct store_set *set, size_t i)
{
	return &set->blocks[i / BLOCK_N][i % BLOCK_N];
}

/* The slot of a hash, or the free one where it belongs. Hashes are keyed and even, so that their
 * first bytes serve as they are. */
static uint32_t *slot_of(const struct store_set *set, const uint8_t *hash)
{
	uint64_t start;
	size_t at;

	memcpy(&start, hash, sizeof(start));
	at = (size_t)start & (set->room - 1);
	while (set->slots[at] != 0 &&
	       memcmp(entry_at(set, set->slots[at] - 1)->hash, hash, VAULT_LOOKUP_BYTES) != 0)
		at = (at + 1) & (set->room - 1);
	return &set->slots[at];
}

bool store_set_has(const struct store_set *set, const uint8_t hash[static VAULT_LOOKUP_BYTES])
{
	return set->room != 0 && *slot_of(set, hash) != 0;
}

/* Slots at most three quarters full: new ones, and the old not kept meanwhile. */
static int grow_slots(struct store_set *set)
{
	size_t room = set->room == 0 ? ROOM_FIRST : set->room * 2;

	free(set->slots);
	set->room = 0;
	set->slots = calloc(room, sizeof(*set->slots));
	if (set->slots == NULL)
		return fail(-ENOMEM);
	set->room = room;
	for (size_t i = 0; i < set->n; i++)
		*slot_of(set, entry_at(set, i)->hash) = (uint32_t)(i + 1);
	return 0;
}

static int grow_blocks(struct store_set *set)
{
	size_t room = set->blocks_room == 0 ? 16 : set->blocks_room * 2;
	struct store_set_entry **grown;

	if (set->blocks_n == set->blocks_room) {
		grown = reallocarray(set->blocks, room, sizeof(struct store_set_entry *));
		if (grown == NULL)
			return fail(-ENOMEM);
		set->blocks = grown;
		set->blocks_room = room;
	}
	set->blocks[set->blocks_n] = calloc(BLOCK_N, sizeof(**set->blocks));
	if (set->blocks[set->blocks_n] == NULL)
		return fail(-ENOMEM);
	set->blocks_n++;
	return 0;
}

int store_set_add(struct store_set *set, const struct store_set_entry *entry)
{
	uint32_t *slot;
	int error = 0;

	if (set->n % BLOCK_N == 0)
		error = grow_blocks(set);
	if (error == 0 && (set->n + 1) * 4 > set->room * 3)
		error = grow_slots(set);
	if (error < 0)
		return error;
	slot = slot_of(set, entry->hash);
	assert(*slot == 0 && entry->id != 0);
	*entry_at(set, set->n) = *entry;
	*slot = (uint32_t)++set->n;
	return 0;
}

bool store_set_has_known(const struct store_set *set, uint64_t id)
{
	return id < set->known_room && (set->known[id / 8] >> (id % 8) & 1) != 0;
}

int store_set_add_known(struct store_set *set, uint64_t id)
{
	uint64_t room = set->known_room == 0 ? KNOWN_FIRST : set->known_room;
	uint8_t *grown;

	while (room <= id)
		room *= 2;
	if (room > set->known_room) {
		grown = realloc(set->known, room / 8);
		if (grown == NULL)
			return fail(-ENOMEM);
		memset(grown + set->known_room / 8, 0, (room - set->known_room) / 8);
		set->known = grown;
		set->known_room = room;
	}
	set->known[id / 8] |= (uint8_t)(1u << (id % 8));
	return 0;
}

/* What is to be sorted, and from which id on comes first. */
struct order {
	const struct store_set *set;
	uint64_t first;
};

static int compare_slots(const void *left, const void *right, void *context)
{
	const struct order *order = context;
	const struct store_set_entry *a = entry_at(order->set, *(const uint32_t *)left - 1);
	const struct store_set_entry *b = entry_at(order->set, *(const uint32_t *)right - 1);
	bool is_a_first = a->id >= order->first;

	if (is_a_first != (b->id >= order->first))
		return is_a_first ? -1 : 1;
	return memcmp(a->hash, b->hash, VAULT_LOOKUP_BYTES);
}

size_t store_set_sort(struct store_set *set, uint64_t first)
{
	struct order order = {set, first};
	size_t n = 0;
	size_t firsts_n = 0;

	for (size_t i = 0; i < set->room; i++)
		if (set->slots[i] != 0)
			set->slots[n++] = set->slots[i];
	if (n > 0)
		qsort_r(set->slots, n, sizeof(*set->slots), compare_slots, &order);
	while (firsts_n < n && store_set_at(set, firsts_n)->id >= first)
		firsts_n++;
	return firsts_n;
}

struct store_set_entry *store_set_at(const struct store_set *set, size_t i)
{
	assert(i < set->n);
	return entry_at(set, set->slots[i] - 1);
}
