#include "daemon/site/store_core.h"

#include "lib/own.h"
#include "lib/pack.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#define HEAD_KEY "x.head"
#define SWEEP_KEY "x.sweep"
#define CHECKPOINT_KEY "x.log"
#define CHECKPOINT_EVERY 4096
#define BYTES_OF(text) (text), sizeof(text) - 1

static int read_head(struct safe_txn *txn, struct store_head *ret_head)
{
	own(buf_free) struct buf plain = {0};
	int error = safe_get(txn, STORE_META, BYTES_OF(HEAD_KEY), NULL, &plain);
	struct store_head head;
	struct unpack in;

	if (error < 0)
		return error == -ENOENT ? fail(-EBADMSG) : error;
	in = unpack_start(plain.data, plain.n);
	unpack_array_of(&in, 5);
	head.seq = unpack_u64(&in, UINT64_MAX);
	unpack_bin_of(&in, head.chain, sizeof(head.chain));
	head.next_person = unpack_u64(&in, UINT64_MAX);
	head.persons = unpack_u64(&in, UINT64_MAX);
	head.next_batch = unpack_u64(&in, UINT64_MAX);
	unpack_leave(&in);
	error = unpack_end(&in);
	if (error < 0)
		return error;
	*ret_head = head;
	return 0;
}

void store_core_put_head(struct safe_txn *txn, const struct store_head *head)
{
	own(buf_free) struct buf plain = {0};

	pack_array(&plain, 5);
	pack_u64(&plain, head->seq);
	pack_bin(&plain, head->chain, sizeof(head->chain));
	pack_u64(&plain, head->next_person);
	pack_u64(&plain, head->persons);
	pack_u64(&plain, head->next_batch);
	if (txn->kv.error == 0)
		txn->kv.error = plain.error;
	safe_put(txn, STORE_META, BYTES_OF(HEAD_KEY), NULL, plain.data, plain.n);
}

/* Every leaf of the books, in key order. */
static int read_book(struct safe_txn *txn, struct book *book)
{
	own(safe_cursor_close) struct safe_cursor cursor = {0};
	own(buf_free) struct buf leaf = {0};
	int error = 0;

	for (bool more = safe_seek(txn, STORE_BOOK, NULL, 0, &cursor); more && error == 0;
	     more = safe_next(&cursor)) {
		const uint8_t *key = cursor.kv.key.data;

		if (cursor.kv.key.n != 4)
			return fail(-EBADMSG);
		buf_clear(&leaf);
		error = safe_cursor_value(&cursor, NULL, &leaf);
		if (error == 0)
			error = book_restore(book,
					     (uint32_t)key[0] << 24 | (uint32_t)key[1] << 16 |
						     (uint32_t)key[2] << 8 | key[3],
					     leaf.data, leaf.n);
	}
	return error < 0 ? error : txn->kv.error;
}

int store_core_read(struct store *store)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(book_free) struct book *book = NULL;
	struct store_head head;
	int error = book_new(store->programme, &book);

	if (error < 0)
		return error;
	safe_read(store->records, &txn);
	error = read_head(&txn, &head);
	if (error == 0)
		error = read_book(&txn, book);
	if (error < 0)
		return error;
	store->head = head;
	book_swap(store->book, book);
	return 0;
}

void store_core_revert(struct store *store)
{
	if (store_core_read(store) < 0)
		store->is_broken = true;
}

/* Deletes the last rows of a table whose number is over last, at most a chunk; the last first, so
 * that what an interruption leaves is still a whole beginning. */
static int sweep_chunk(struct safe *safe, unsigned table, uint64_t last, bool *ret_is_clean)
{
	own(safe_abort) struct safe_txn txn = {0};
	size_t n = 0;

	safe_write(safe, &txn);
	for (; n < STORE_CHUNK && txn.kv.error == 0; n++) {
		struct safe_cursor cursor = {0};
		uint8_t key[8];
		bool is_beyond = safe_last(&txn, table, &cursor) && cursor.kv.key.n == 8;

		if (is_beyond)
			memcpy(key, cursor.kv.key.data, sizeof(key));
		safe_cursor_close(&cursor);
		if (!is_beyond || safe_key_number(key) <= last)
			break;
		safe_delete(&txn, table, key, sizeof(key));
	}
	*ret_is_clean = n < STORE_CHUNK;
	return n == 0 ? txn.kv.error : safe_commit(&txn);
}

static int sweep_table(struct safe *safe, unsigned table, uint64_t last)
{
	bool is_clean = false;
	int error = 0;

	while (error == 0 && !is_clean)
		error = sweep_chunk(safe, table, last, &is_clean);
	return error;
}

/* An invitation given out (store_invite.h) is nobody's and stays. */
static bool is_beyond(const struct store *store, uint64_t id)
{
	return id >= store->head.next_person && id != UINT64_MAX;
}

/* The hashes of up to a chunk of index entries from hash on that point beyond the head. */
static int find_stray(struct store *store, const uint8_t *from, size_t from_n,
		      struct buf *ret_hashes)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(safe_cursor_close) struct safe_cursor cursor = {0};
	own(buf_free) struct buf id = {0};
	int error = 0;

	safe_read(store->records, &txn);
	for (bool more = safe_seek(&txn, STORE_INDEX, from, from_n, &cursor);
	     more && error == 0 && ret_hashes->n < STORE_CHUNK * (size_t)VAULT_LOOKUP_BYTES;
	     more = safe_next(&cursor)) {
		buf_clear(&id);
		error = safe_cursor_value(&cursor, NULL, &id);
		if (error == 0 && id.n == 8 && is_beyond(store, safe_key_number(id.data)))
			buf_add(ret_hashes, cursor.kv.key.data, VAULT_LOOKUP_BYTES);
	}
	if (error == 0)
		error = ret_hashes->error;
	return error < 0 ? error : txn.kv.error;
}

static int delete_hashes(struct store *store, const struct buf *hashes, bool is_last)
{
	own(safe_abort) struct safe_txn txn = {0};

	safe_write(store->records, &txn);
	for (size_t at = 0; at < hashes->n; at += VAULT_LOOKUP_BYTES)
		safe_delete(&txn, STORE_INDEX, hashes->data + at, VAULT_LOOKUP_BYTES);
	if (is_last)
		safe_delete(&txn, STORE_META, BYTES_OF(SWEEP_KEY));
	return safe_commit(&txn);
}

static int sweep_index(struct store *store)
{
	own(buf_free) struct buf hashes = {0};
	uint8_t from[VAULT_LOOKUP_BYTES];
	size_t from_n = 0;
	bool is_last = false;
	int error = 0;

	while (error == 0 && !is_last) {
		buf_clear(&hashes);
		error = find_stray(store, from, from_n, &hashes);
		if (error < 0)
			break;
		is_last = hashes.n < STORE_CHUNK * (size_t)VAULT_LOOKUP_BYTES;
		if (!is_last) {
			from_n = sizeof(from);
			memcpy(from, hashes.data + hashes.n - from_n, from_n);
		}
		error = delete_hashes(store, &hashes, is_last);
	}
	return error;
}

static int has_sweep_mark(struct store *store, bool *ret_has)
{
	own(safe_abort) struct safe_txn txn = {0};
	struct kv_bytes mark;

	safe_read(store->records, &txn);
	*ret_has = safe_raw(&txn, STORE_META, BYTES_OF(SWEEP_KEY), &mark);
	return txn.kv.error;
}

int store_core_sweep(struct store *store)
{
	bool has_mark = false;
	int error = sweep_table(store->keys, STORE_KEY, store->head.next_person - 1);

	if (error == 0)
		error = sweep_table(store->records, STORE_LOG, store->head.seq);
	if (error == 0)
		error = sweep_table(store->records, STORE_PERSON, store->head.next_person - 1);
	if (error == 0)
		error = has_sweep_mark(store, &has_mark);
	if (error == 0 && has_mark)
		error = sweep_index(store);
	if (error == 0)
		store->has_beyond = false;
	return error;
}

static void put_checkpoint(struct safe_txn *txn, const struct store_head *head)
{
	uint8_t key[sizeof(CHECKPOINT_KEY) - 1 + 8];

	memcpy(key, CHECKPOINT_KEY, sizeof(CHECKPOINT_KEY) - 1);
	safe_key_u64(head->seq, key + sizeof(CHECKPOINT_KEY) - 1);
	safe_put(txn, STORE_META, key, sizeof(key), NULL, head->chain, sizeof(head->chain));
}

void store_core_chain(uint8_t chain[static SIGN_HASH_BYTES], const void *sealed, size_t n)
{
	struct sign_hash hash;

	sign_hash_start(&hash, "mia/1/log");
	sign_hash_part(&hash, chain, SIGN_HASH_BYTES);
	sign_hash_part(&hash, sealed, n);
	sign_hash_end(&hash, chain);
}

void store_core_append(struct safe_txn *txn, struct store_head *head, const struct vault_key *key,
		       const void *bytes, size_t n)
{
	struct kv_bytes sealed;
	uint8_t seq[8];

	safe_key_u64(head->seq + 1, seq);
	safe_append(txn, STORE_LOG, seq, sizeof(seq), key, bytes, n);
	if (!safe_raw(txn, STORE_LOG, seq, sizeof(seq), &sealed))
		return;
	store_core_chain(head->chain, sealed.data, sealed.n);
	head->seq++;
	if (head->seq % CHECKPOINT_EVERY == 0)
		put_checkpoint(txn, head);
}

#define PERSON_BYTES 9

static void pack_person(const struct store_person_row *row, uint8_t ret_id[static 8],
			uint8_t ret_plain[static PERSON_BYTES])
{
	safe_key_u64(row->id, ret_id);
	safe_key_u64(row->last_seq, ret_plain);
	ret_plain[8] = row->flags;
}

void store_core_put_person(struct safe_txn *txn, const struct store_person_row *row)
{
	uint8_t id[8];
	uint8_t plain[PERSON_BYTES];

	pack_person(row, id, plain);
	safe_put(txn, STORE_PERSON, id, sizeof(id), NULL, plain, sizeof(plain));
}

void store_core_append_person(struct safe_txn *txn, const struct store_person_row *row)
{
	uint8_t id[8];
	uint8_t plain[PERSON_BYTES];

	pack_person(row, id, plain);
	safe_append(txn, STORE_PERSON, id, sizeof(id), NULL, plain, sizeof(plain));
}

int store_core_put_leaf(void *txn, uint32_t key, const void *leaf, size_t n)
{
	struct safe_txn *open = txn;
	uint8_t bytes[4] = {(uint8_t)(key >> 24), (uint8_t)(key >> 16), (uint8_t)(key >> 8),
			    (uint8_t)key};

	safe_put(open, STORE_BOOK, bytes, sizeof(bytes), NULL, leaf, n);
	return open->kv.error;
}

int store_core_read_person(const struct kv_bytes *key, const struct buf *plain,
			   struct store_person_row *ret_row)
{
	if (key->n != 8 || plain->n != PERSON_BYTES)
		return fail(-EBADMSG);
	*ret_row = (struct store_person_row){.id = safe_key_number(key->data),
					     .last_seq = safe_key_number(plain->data),
					     .flags = plain->data[8]};
	return 0;
}

int store_core_person(struct store *store, struct safe_txn *txn, uint64_t id,
		      struct store_person_row *ret_row)
{
	own(buf_free) struct buf plain = {0};
	uint8_t key[8];
	int error;

	if (id == 0 || id >= store->head.next_person)
		return -ENOENT;
	safe_key_u64(id, key);
	error = safe_get(txn, STORE_PERSON, key, sizeof(key), NULL, &plain);
	if (error < 0)
		return error;
	return store_core_read_person(&(struct kv_bytes){key, sizeof(key)}, &plain, ret_row);
}

void store_core_put_index(struct safe_txn *txn, const uint8_t hash[static VAULT_LOOKUP_BYTES],
			  uint64_t id)
{
	uint8_t plain[8];

	safe_key_u64(id, plain);
	safe_put(txn, STORE_INDEX, hash, VAULT_LOOKUP_BYTES, NULL, plain, sizeof(plain));
}

int store_core_lookup(struct store *store, const uint8_t hash[static VAULT_LOOKUP_BYTES],
		      uint64_t *ret_id)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_free) struct buf plain = {0};
	uint64_t id;
	int error;

	safe_read(store->records, &txn);
	error = safe_get(&txn, STORE_INDEX, hash, VAULT_LOOKUP_BYTES, NULL, &plain);
	if (error < 0)
		return error;
	if (plain.n != 8)
		return fail(-EBADMSG);
	id = safe_key_number(plain.data);
	if (id == 0 || id >= store->head.next_person)
		return -ENOENT;
	*ret_id = id;
	return 0;
}
