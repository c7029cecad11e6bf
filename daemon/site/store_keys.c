#include "daemon/site/store_keys.h"

#include "lib/own.h"

#include <errno.h>
#include <string.h>

#define FORGOTTEN_KEY "x.forgotten"
#define BYTES_OF(text) (text), sizeof(text) - 1

int store_keys_make(struct store *store, uint64_t first, size_t n, uint8_t *ret_keys)
{
	own(safe_abort) struct safe_txn txn = {0};

	if (n == 0)
		return 0;
	secret_random(ret_keys, n * VAULT_KEY_BYTES);
	store->has_beyond = true;
	safe_write(store->keys, &txn);
	for (size_t i = 0; i < n; i++) {
		uint8_t id[8];

		safe_key_u64(first + i, id);
		safe_append(&txn, STORE_KEY, id, sizeof(id), NULL, ret_keys + i * VAULT_KEY_BYTES,
			    VAULT_KEY_BYTES);
	}
	return safe_commit(&txn);
}

int store_keys_read(const struct store *store, struct safe_txn *keys, const uint8_t id[static 8],
		    struct buf *ret_key)
{
	int error = -ENOENT;

	if (store->has_next)
		error = safe_get(keys, STORE_NEXT_KEY, id, 8, NULL, ret_key);
	if (error == -ENOENT)
		error = safe_get(keys, STORE_KEY, id, 8, NULL, ret_key);
	return error;
}

int store_keys_get(struct store *store, uint64_t person, uint8_t ret_key[static VAULT_KEY_BYTES])
{
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_wipe) struct buf plain = {0};
	uint8_t id[8];
	int error;

	safe_key_u64(person, id);
	safe_read(store->keys, &txn);
	error = store_keys_read(store, &txn, id, &plain);
	if (error < 0)
		return error;
	if (plain.n != VAULT_KEY_BYTES)
		return fail(-EBADMSG);
	memcpy(ret_key, plain.data, VAULT_KEY_BYTES);
	return 0;
}

int store_keys_renew(struct store *store, const uint64_t ids[], size_t n, uint8_t *ret_keys)
{
	own(safe_abort) struct safe_txn txn = {0};

	if (n == 0)
		return 0;
	if (store->has_next)
		return fail(-ENOSPC);
	secret_random(ret_keys, n * VAULT_KEY_BYTES);
	safe_write(store->keys, &txn);
	for (size_t i = 0; i < n; i++) {
		uint8_t id[8];

		safe_key_u64(ids[i], id);
		safe_put(&txn, STORE_NEXT_KEY, id, sizeof(id), NULL, ret_keys + i * VAULT_KEY_BYTES,
			 VAULT_KEY_BYTES);
	}
	return safe_commit(&txn);
}

int store_keys_next(struct store *store, uint64_t after, struct store_next *ret_next)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(safe_cursor_close) struct safe_cursor cursor = {0};
	own(buf_wipe) struct buf key = {0};
	uint8_t from[8];
	int error;

	safe_key_u64(after + 1, from);
	safe_read(store->keys, &txn);
	if (!safe_seek(&txn, STORE_NEXT_KEY, from, sizeof(from), &cursor))
		return txn.kv.error != 0 ? txn.kv.error : -ENOENT;
	error = safe_cursor_value(&cursor, NULL, &key);
	if (error == 0 && (cursor.kv.key.n != sizeof(from) || key.n != VAULT_KEY_BYTES))
		error = fail(-EBADMSG);
	if (error < 0)
		return error;
	*ret_next = (struct store_next){.id = safe_key_number(cursor.kv.key.data)};
	memcpy(ret_next->key, key.data, sizeof(ret_next->key));
	return 0;
}

static void mark(struct store *store, struct safe_txn *txn)
{
	safe_put(txn, STORE_META, BYTES_OF(FORGOTTEN_KEY), NULL, "", 0);
	store->is_forget_due = true;
}

int store_keys_settle(struct store *store, const struct store_next nexts[], size_t n)
{
	own(safe_abort) struct safe_txn txn = {0};

	if (n == 0)
		return 0;
	safe_write(store->keys, &txn);
	for (size_t i = 0; i < n; i++) {
		uint8_t id[8];

		safe_key_u64(nexts[i].id, id);
		if (nexts[i].counts)
			safe_put(&txn, STORE_KEY, id, sizeof(id), NULL, nexts[i].key,
				 VAULT_KEY_BYTES);
		safe_delete(&txn, STORE_NEXT_KEY, id, sizeof(id));
	}
	mark(store, &txn);
	return safe_commit(&txn);
}

int store_keys_destroy(struct store *store, const uint64_t ids[], size_t n)
{
	own(safe_abort) struct safe_txn txn = {0};

	safe_write(store->keys, &txn);
	for (size_t i = 0; i < n; i++) {
		uint8_t id[8];

		safe_key_u64(ids[i], id);
		safe_delete(&txn, STORE_KEY, id, sizeof(id));
		safe_delete(&txn, STORE_NEXT_KEY, id, sizeof(id));
	}
	mark(store, &txn);
	return safe_commit(&txn);
}

static int has_mark(struct store *store, bool *ret_has)
{
	own(safe_abort) struct safe_txn txn = {0};
	struct kv_bytes there;

	safe_read(store->keys, &txn);
	*ret_has = safe_raw(&txn, STORE_META, BYTES_OF(FORGOTTEN_KEY), &there);
	return txn.kv.error;
}

static int take_mark(struct store *store)
{
	own(safe_abort) struct safe_txn txn = {0};

	safe_write(store->keys, &txn);
	safe_delete(&txn, STORE_META, BYTES_OF(FORGOTTEN_KEY));
	return safe_commit(&txn);
}

/* Of the records it is the keyed hashes in free pages that go: no secret without the index key, but
 * small files cost nothing. */
static int compact(struct store *store)
{
	size_t map_bytes, used_bytes;
	int error = kv_compact(safe_kv(store->keys));

	kv_size(safe_kv(store->records), &map_bytes, &used_bytes);
	if (error == 0 && used_bytes <= STORE_SCRUB_BYTES)
		error = kv_compact(safe_kv(store->records));
	return error;
}

int store_keys_scrub(struct store *store)
{
	bool has = false;
	int error = has_mark(store, &has);

	if (error == 0 && has)
		error = compact(store);
	if (error == 0 && has)
		error = take_mark(store);
	store->is_forget_due = error != 0;
	return error;
}
