#include "daemon/site/outbox_past.h"

#include "lib/own.h"

#include <errno.h>
#include <string.h>

int outbox_past_return(struct store *store, struct outbox_return *ret_returned)
{
	own(safe_abort) struct safe_txn txn = {0};
	struct outbox_position position = {0};
	int error;

	safe_read(store_safe(store), &txn);
	error = outbox_row_position(&txn, &position);
	if (error != 0 && error != -ENOENT)
		return error;
	*ret_returned = position.returned;
	return 0;
}

int outbox_past_walk(struct store *store, outbox_row_fn *visit, void *context)
{
	own(safe_abort) struct safe_txn txn = {0};

	safe_read(store_safe(store), &txn);
	return outbox_row_walk_archive(&txn, visit, context);
}

struct search {
	uint64_t n;
	const uint8_t *hash;
	bool is_found;
};

static int compare(void *context, uint64_t number, const struct release *release, int64_t at_send)
{
	struct search *search = context;

	(void)number;
	(void)at_send;
	search->is_found |= release->n == search->n &&
			    memcmp(release->hash, search->hash, SIGN_HASH_BYTES) == 0;
	return 0;
}

int outbox_past_holds(struct store *store, uint64_t n, const uint8_t hash[static SIGN_HASH_BYTES],
		      bool *ret_is_held)
{
	struct search search = {.n = n, .hash = hash};
	int error = outbox_past_walk(store, compare, &search);

	if (error == 0)
		*ret_is_held = search.is_found;
	return error;
}
