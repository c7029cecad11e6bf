#include "daemon/site/store_write.h"

#include "daemon/site/store_audit.h"
#include "daemon/site/store_index.h"
#include "daemon/site/store_invite.h"
#include "daemon/site/store_keys.h"
#include "lib/own.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* About what an act costs in the map beside its own bytes: its seal, person row, tree. */
#define ACT_OVERHEAD_BYTES 384
#define INDEX_AT_ONCE 100000 /* so many index entries may go with the head */
#define INDEX_ENTRY_BYTES 128
#define SWEEP_KEY "x.sweep"
#define BYTES_OF(text) (text), sizeof(text) - 1

static size_t count_new(const struct store_run *run)
{
	size_t n = 0;

	for (size_t i = 0; i < run->pending_n; i++)
		n += run->pending[i].is_new;
	return n;
}

/* Keys of those who get another one, behind those of new persons. */
static int renew_keys(struct store *store, const struct store_run *run, size_t new_n)
{
	own(mem_free) uint64_t *ids = calloc(run->pending_n, sizeof(*ids));
	size_t n = 0;

	if (ids == NULL)
		return fail(-ENOMEM);
	for (size_t i = 0; i < run->pending_n; i++)
		if (run->pending[i].is_renewed)
			ids[n++] = run->pending[i].person;
	return store_keys_renew(store, ids, n, run->keys + new_n * VAULT_KEY_BYTES);
}

/* Writes the pending acts beyond the head, under keys. */
static int write_acts(struct store *store, struct store_run *run)
{
	own(safe_abort) struct safe_txn txn = {0};
	const uint8_t *bytes = run->pending_bytes.data;
	const uint8_t *fresh_key = run->keys;
	const uint8_t *next_key = run->keys + count_new(run) * VAULT_KEY_BYTES;
	uint8_t known_key[VAULT_KEY_BYTES];
	int error = 0;

	safe_write(store->records, &txn);
	for (size_t i = 0; i < run->pending_n && error == 0; i++) {
		const struct store_pending *act = &run->pending[i];
		struct store_person_row row = {act->person, run->head.seq + 1, act->flags};
		struct vault_key key = {act->is_new       ? fresh_key
					: act->is_renewed ? next_key
							  : known_key,
					act->person};

		if (key.key == known_key)
			error = store_keys_get(store, act->person, known_key);
		if (error < 0)
			break;
		store_core_append(&txn, &run->head, &key, bytes, act->n);
		if (act->is_new) {
			store_core_append_person(&txn, &row);
			fresh_key += VAULT_KEY_BYTES;
		}
		next_key += act->is_renewed ? VAULT_KEY_BYTES : 0;
		bytes += act->n;
		error = txn.kv.error;
	}
	explicit_bzero(known_key, sizeof(known_key));
	return error < 0 ? error : safe_commit(&txn);
}

int store_write_pending(struct store *store, struct store_run *run)
{
	size_t new_n = count_new(run);
	int error;

	if (run->pending_n == 0)
		return 0;
	/* A map that cannot grow is found out by the write itself, if it matters. */
	(void)kv_grow(safe_kv(store->keys));
	(void)kv_grow(safe_kv(store->records));
	store->has_beyond = true;
	error = store_keys_make(store, run->head.next_person - new_n, new_n, run->keys);
	if (error == 0)
		error = renew_keys(store, run, new_n);
	if (error == 0)
		error = write_acts(store, run);
	explicit_bzero(run->keys, run->pending_n * VAULT_KEY_BYTES);
	explicit_bzero(run->pending_bytes.data, run->pending_bytes.n);
	buf_clear(&run->pending_bytes);
	run->pending_n = 0;
	return error;
}

/* A commit takes at most an eighth of the map, of which kv_grow() keeps a quarter free. */
bool store_write_is_due(const struct store *store, const struct store_run *run)
{
	size_t map_bytes = 0;
	size_t used_bytes = 0;

	if (run->pending_n == STORE_CHUNK)
		return true;
	kv_size(safe_kv(store->records), &map_bytes, &used_bytes);
	return run->pending_bytes.n + run->pending_n * ACT_OVERHEAD_BYTES > map_bytes / 8;
}

/* Index entries a commit may hold: no more than an eighth of the map. */
static size_t index_chunk(struct store *store, size_t most)
{
	size_t map_bytes = 0;
	size_t used_bytes = 0;
	size_t fit;

	kv_size(safe_kv(store->records), &map_bytes, &used_bytes);
	fit = map_bytes / 8 / INDEX_ENTRY_BYTES;
	return fit < most ? fit : most;
}

static void put_entry(struct safe_txn *txn, const struct store_set_entry *entry)
{
	struct store_move move = {.is_gone = entry->is_gone};

	memcpy(move.hash, entry->hash, sizeof(move.hash));
	store_index_move(txn, &move, entry->id);
}

/* An invitation is answered with the head and no sooner: a sweep could not give it back. */
static bool is_late(struct safe_txn *txn, const struct store_set_entry *entry)
{
	struct kv_bytes invitation;

	return safe_raw(txn, STORE_INDEX, entry->hash, sizeof(entry->hash), &invitation);
}

static int write_index_chunk(struct store *store, const struct store_set *set, size_t first,
			     size_t n)
{
	own(safe_abort) struct safe_txn txn = {0};
	bool has_invitations = store_invite_is_begun(store);

	(void)kv_grow(safe_kv(store->records));
	safe_write(store->records, &txn);
	safe_put(&txn, STORE_META, BYTES_OF(SWEEP_KEY), NULL, "", 0);
	for (size_t i = first; i < first + n; i++) {
		struct store_set_entry *entry = store_set_at(set, i);

		entry->is_late = has_invitations && is_late(&txn, entry);
		if (!entry->is_late)
			put_entry(&txn, entry);
	}
	return safe_commit(&txn);
}

/* What moves of persons known before goes with the head: an interruption must leave it alone. */
int store_write_index(struct store *store, struct store_run *run, size_t *ret_first)
{
	size_t n = store_set_sort(&run->had, run->first_person);
	size_t done = 0;
	int error = 0;

	if (n <= index_chunk(store, INDEX_AT_ONCE)) {
		*ret_first = 0;
		return 0;
	}
	while (done < n && error == 0) {
		size_t chunk = index_chunk(store, STORE_CHUNK);

		if (chunk > n - done)
			chunk = n - done;
		error = write_index_chunk(store, &run->had, done, chunk);
		done += chunk;
	}
	*ret_first = done;
	return error;
}

static int compare_rows(const void *left, const void *right)
{
	const struct store_person_row *a = left;
	const struct store_person_row *b = right;

	return (a->id > b->id) - (a->id < b->id);
}

/* The rows about the batch itself. Its event tells no numbers: the audit head leaves the house, and
 * a number could be guessed from it. */
static void put_batch(struct store *store, struct safe_txn *txn, const struct store_run *run,
		      uint64_t batch)
{
	struct store_batch_row undone;
	char text[96];

	store_batch_row_put(txn, batch, &run->row);
	if (run->row.undoes == 0) {
		(void)snprintf(text, sizeof(text), "batch_stored batch=%llu",
			       (unsigned long long)batch);
	} else {
		int error = store_batch_row_get(store, run->row.undoes, &undone);

		if (error < 0 && txn->kv.error == 0)
			txn->kv.error = error;
		undone.undone_by = batch;
		if (error == 0)
			store_batch_row_put(txn, run->row.undoes, &undone);
		(void)snprintf(text, sizeof(text), "batch_undone batch=%llu by=%llu",
			       (unsigned long long)run->row.undoes, (unsigned long long)batch);
	}
	store_audit(store, txn, run->row.at, text);
}

int store_write_last(struct store *store, struct store_run *run, size_t index_first)
{
	own(safe_abort) struct safe_txn txn = {0};
	uint64_t batch = run->head.next_batch++;
	int error;

	(void)kv_grow(safe_kv(store->records));
	if (run->rows_n > 0)
		qsort(run->rows, run->rows_n, sizeof(*run->rows), compare_rows);
	run->row.last_seq = run->head.seq;
	safe_write(store->records, &txn);
	for (size_t i = 0; i < run->rows_n; i++)
		store_core_put_person(&txn, &run->rows[i]);
	for (size_t i = 0; i < run->had.n; i++)
		if (i >= index_first || store_set_at(&run->had, i)->is_late)
			put_entry(&txn, store_set_at(&run->had, i));
	safe_delete(&txn, STORE_META, BYTES_OF(SWEEP_KEY));
	put_batch(store, &txn, run, batch);
	store_core_put_head(&txn, &run->head);
	error = book_keep(store->book, store_core_put_leaf, &txn);
	return error < 0 ? error : safe_commit(&txn);
}
