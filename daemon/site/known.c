#include "daemon/site/known.h"

#include "lib/own.h"

#include <errno.h>
#include <string.h>

int known_load(struct store *store, struct verified_list *ret_list)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_free) struct buf row = {0};
	int error;

	safe_read(store_safe(store), &txn);
	error = safe_get(&txn, STORE_META, VERIFIED_ROW, strlen(VERIFIED_ROW), NULL, &row);
	if (error != 0)
		return error == -ENOENT ? 0 : error;
	return verified_unpack(&row, ret_list);
}

/* The list with one more row, and the event that tells of it. */
static int put(struct store *store, const struct verified_list *list, const struct verified *last)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_free) struct buf row = {0};
	char event[VERIFIED_EVENT_BYTES];

	verified_pack(list, &row);
	if (row.error != 0)
		return row.error;
	verified_event(last, event);
	safe_write(store_safe(store), &txn);
	safe_put(&txn, STORE_META, VERIFIED_ROW, strlen(VERIFIED_ROW), NULL, row.data, row.n);
	store_audit(store, &txn, last->at, event);
	return safe_commit(&txn);
}

int known_keep(struct store *store, const struct verified *verified)
{
	own(mem_free) struct verified_list *list = calloc(1, sizeof(*list));
	int error = list == NULL ? fail(-ENOMEM) : known_load(store, list);

	if (error == 0)
		error = verified_add(list, verified);
	return error != 0 ? error : put(store, list, verified);
}
