#include "daemon/site/known.h"

#include "lib/own.h"

#include <errno.h>
#include <string.h>

static int read_row(struct store *store, const char *key, struct buf *ret_row)
{
	own(safe_abort) struct safe_txn txn = {0};

	safe_read(store_safe(store), &txn);
	return safe_get(&txn, STORE_META, key, strlen(key), NULL, ret_row);
}

int known_load(struct store *store, struct verified_list *ret_list)
{
	own(buf_free) struct buf row = {0};
	int error = read_row(store, VERIFIED_ROW, &row);

	if (error != 0)
		return error == -ENOENT ? 0 : error;
	return verified_unpack(&row, ret_list);
}

static int load_tries(struct store *store, struct tries *ret_tries)
{
	own(buf_free) struct buf row = {0};
	int error = read_row(store, TRIES_ROW, &row);

	if (error != 0)
		return error == -ENOENT ? 0 : error;
	return tries_unpack(&row, ret_tries);
}

static void put_tries(struct safe_txn *txn, const struct tries *tries)
{
	own(buf_free) struct buf row = {0};

	tries_pack(tries, &row);
	if (row.error != 0 && txn->kv.error == 0)
		txn->kv.error = row.error;
	safe_put(txn, STORE_META, TRIES_ROW, strlen(TRIES_ROW), NULL, row.data, row.n);
}

/* The list with one more row, the tries without it, and the event that tells of it. */
static int put(struct store *store, const struct verified_list *list, const struct tries *tries,
	       const struct verified *last)
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
	put_tries(&txn, tries);
	store_audit(store, &txn, last->at, event);
	return safe_commit(&txn);
}

int known_keep(struct store *store, const struct verified *verified)
{
	own(mem_free) struct verified_list *list = calloc(1, sizeof(*list));
	own(mem_free) struct tries *tries = calloc(1, sizeof(*tries));
	int error = list == NULL || tries == NULL ? fail(-ENOMEM) : known_load(store, list);

	if (error == 0)
		error = load_tries(store, tries);
	if (error == 0)
		error = verified_add(list, verified);
	if (error != 0)
		return error;
	tries_forget(tries, verified->name);
	return put(store, list, tries, verified);
}

/* ---- what was typed ---- */

static int keep_wrong(struct store *store, const struct verifier *by,
		      const struct roster_member *member, struct tries *tries)
{
	own(safe_abort) struct safe_txn txn = {0};
	char event[TRIES_EVENT_BYTES];

	tries_event(tries_add(tries, member, by->at_now), by->operator_name, event);
	safe_write(store_safe(store), &txn);
	put_tries(&txn, tries);
	store_audit(store, &txn, by->at_now, event);
	return safe_commit(&txn);
}

int known_type(struct store *store, const struct request *request, const struct verifier *by,
	       const struct roster_member *member, struct fault *fault)
{
	own(mem_free) struct tries *tries = calloc(1, sizeof(*tries));
	struct verified verified;
	int typed, error = tries == NULL ? fail(-ENOMEM) : load_tries(store, tries);

	if (error == 0)
		error = tries_check(tries, member, by->at_now, fault);
	if (error != 0)
		return error;
	typed = verified_type(request, by, member, &verified, fault);
	if (typed == 0)
		return known_keep(store, &verified);
	if (strcmp(fault->code, TRIES_WRONG) != 0)
		return typed;
	error = keep_wrong(store, by, member, tries);
	if (error == 0)
		error = tries_check(tries, member, by->at_now, fault);
	return error != 0 ? error : typed;
}
