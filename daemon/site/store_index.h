/*
 * The index of the site's store: keyed hashes of what a record is found by (lookup.h), each with
 * the number of whose it is. It follows a person's identities when they change; one that is no
 * longer kept leaves its hash behind, so that the next file's row about someone who took consent
 * back is known to be theirs and counts nobody twice (store_forget.h).
 */
#ifndef MIA_SITE_STORE_INDEX_H
#define MIA_SITE_STORE_INDEX_H

#include "daemon/site/store_core.h"

/* The index entry of an invitation code that was given out and not yet answered by
 * (store_invite.h). */
#define STORE_INVITED UINT64_MAX

void store_index_hashes(const struct store *store, const struct record *record,
			struct store_hashes *ret_hashes);
bool store_index_has(const struct store_hashes *hashes, const uint8_t *hash);

/* Whom the committed index says they are: enum lookup_verdict, and of LOOKUP_SOMEBODY *ret_id;
 * -errno. */
int store_index_who(struct store *store, const struct store_hashes *hashes, uint64_t *ret_id);

/* Whether an entry leads to somebody taken back or erased: another's goes before it. */
bool store_index_is_stale(struct store *store, uint64_t id);

/* What of the index changes with a record. */
struct store_move {
	bool is_gone; /* from the index; else it joins it */
	uint8_t hash[VAULT_LOOKUP_BYTES];
};
struct store_moves {
	struct store_move of[2 * LOOKUPS_MAX];
	size_t n;
};
/* before is empty of someone new. keeps_identity: what is in before and not in after goes. */
void store_index_moves(const struct store_hashes *before, const struct store_hashes *after,
		       bool keeps_identity, struct store_moves *ret_moves);
/* Of person id; an entry that became another person's is not taken away. */
void store_index_move(struct safe_txn *txn, const struct store_move *move, uint64_t id);

#endif
