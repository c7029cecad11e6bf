#include "daemon/site/store_index.h"

#include "lib/own.h"

#include <errno.h>
#include <string.h>

void store_index_hashes(const struct store *store, const struct record *record,
			struct store_hashes *ret_hashes)
{
	struct lookup lookups[LOOKUPS_MAX];

	ret_hashes->n = lookup_all(record, lookups);
	for (size_t i = 0; i < ret_hashes->n; i++) {
		struct store_hash *hash = &ret_hashes->of[i];

		hash->kind = lookups[i].kind;
		vault_lookup(store->vault, lookup_domain(hash->kind), lookups[i].text,
			     strlen(lookups[i].text), hash->bytes);
	}
}

bool store_index_has(const struct store_hashes *hashes, const uint8_t *hash)
{
	for (size_t i = 0; i < hashes->n; i++)
		if (memcmp(hashes->of[i].bytes, hash, VAULT_LOOKUP_BYTES) == 0)
			return true;
	return false;
}

bool store_index_is_stale(struct store *store, uint64_t id)
{
	own(safe_abort) struct safe_txn txn = {0};
	struct store_person_row row;

	safe_read(store->records, &txn);
	return store_core_person(store, &txn, id, &row) != 0 ||
	       (row.flags & (STORE_MISREGISTERED | STORE_ERASED)) != 0;
}

/* Of two that look-ups lead to, the one that is meant; 0 when both are somebody. */
static uint64_t choose(struct store *store, uint64_t one, uint64_t other)
{
	if (one == 0 || other == 0 || one == other)
		return one != 0 ? one : other;
	if (store_index_is_stale(store, one))
		return other;
	return store_index_is_stale(store, other) ? one : 0;
}

/* A token tells nobody apart: it only must not be another's. bearers: whom each leads to, 0 nobody.
 */
static enum lookup_verdict judge_tokens(const uint64_t bearers[], size_t n, bool is_identified,
					uint64_t *found)
{
	for (size_t i = 0; i < n; i++) {
		if (bearers[i] == 0 || bearers[i] == *found)
			continue;
		if (is_identified || *found != 0)
			return LOOKUP_TOKEN_TAKEN;
		*found = bearers[i]; /* looked up by tokens alone */
	}
	return *found != 0 ? LOOKUP_SOMEBODY : LOOKUP_NOBODY;
}

int store_index_who(struct store *store, const struct store_hashes *hashes, uint64_t *ret_id)
{
	uint64_t found = 0;
	uint64_t bearers[LOOKUPS_MAX];
	size_t tokens_n = 0;
	enum lookup_verdict verdict;

	for (size_t i = 0; i < hashes->n; i++) {
		uint64_t id = 0;
		int error = store_core_lookup(store, hashes->of[i].bytes, &id);

		if (error < 0 && error != -ENOENT)
			return error;
		if (hashes->of[i].kind == LOOKUP_TOKEN)
			bearers[tokens_n++] = id;
		else if (id != 0 && (found = choose(store, found, id)) == 0)
			return LOOKUP_TWO;
	}
	verdict = judge_tokens(bearers, tokens_n, tokens_n < hashes->n, &found);
	if (verdict == LOOKUP_SOMEBODY)
		*ret_id = found;
	return verdict;
}

static void add(struct store_moves *moves, bool is_gone, const uint8_t *hash)
{
	struct store_move *move = &moves->of[moves->n++];

	move->is_gone = is_gone;
	memcpy(move->hash, hash, VAULT_LOOKUP_BYTES);
}

void store_index_moves(const struct store_hashes *before, const struct store_hashes *after,
		       bool keeps_identity, struct store_moves *ret_moves)
{
	ret_moves->n = 0;
	for (size_t i = 0; i < after->n; i++)
		if (!store_index_has(before, after->of[i].bytes))
			add(ret_moves, false, after->of[i].bytes);
	for (size_t i = 0; keeps_identity && i < before->n; i++)
		if (!store_index_has(after, before->of[i].bytes))
			add(ret_moves, true, before->of[i].bytes);
}

void store_index_move(struct safe_txn *txn, const struct store_move *move, uint64_t id)
{
	own(buf_free) struct buf owner = {0};

	if (!move->is_gone)
		store_core_put_index(txn, move->hash, id);
	else if (safe_get(txn, STORE_INDEX, move->hash, sizeof(move->hash), NULL, &owner) == 0 &&
		 owner.n == 8 && safe_key_number(owner.data) == id)
		safe_delete(txn, STORE_INDEX, move->hash, sizeof(move->hash));
}
