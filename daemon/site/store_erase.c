#include "daemon/site/store_erase.h"

#include "daemon/site/book_forget.h"
#include "daemon/site/store_audit.h"
#include "daemon/site/store_erased.h"
#include "daemon/site/store_keys.h"
#include "daemon/site/store_read.h"
#include "lib/date.h"
#include "lib/own.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ERASE_KEY "x.erase" /* person u64be, moment u64be ...: whose keys are to be destroyed */
#define BYTES_OF(text) (text), sizeof(text) - 1

/* Persons by number, each once. */
struct ids {
	struct buf bytes; /* u64 each */
};

static void ids_free(struct ids *ids)
{
	buf_free(&ids->bytes);
}

static size_t ids_n(const struct ids *ids)
{
	return ids->bytes.n / sizeof(uint64_t);
}

static uint64_t ids_at(const struct ids *ids, size_t i)
{
	uint64_t id;

	memcpy(&id, ids->bytes.data + i * sizeof(id), sizeof(id));
	return id;
}

static bool ids_has(const struct ids *ids, uint64_t id)
{
	for (size_t i = 0; i < ids_n(ids); i++)
		if (ids_at(ids, i) == id)
			return true;
	return false;
}

static int ids_add(struct ids *ids, uint64_t id)
{
	if (!ids_has(ids, id))
		buf_add(&ids->bytes, &id, sizeof(id));
	return ids->bytes.error;
}

/* ---- Who is meant ---- */

static int read_row(struct store *store, uint64_t id, struct store_person_row *ret_row)
{
	own(safe_abort) struct safe_txn txn = {0};

	safe_read(store->records, &txn);
	return store_core_person(store, &txn, id, ret_row);
}

int store_erase_merged(struct store *store, const struct vault_key *key, uint64_t seq,
		       struct buf *ret_ids)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_wipe) struct buf plain = {0};
	int error = 0;

	safe_read(store->records, &txn);
	while (seq != 0 && error == 0) {
		struct act act = {0};
		uint8_t place[8];

		safe_key_u64(seq, place);
		buf_clear(&plain);
		error = safe_get(&txn, STORE_LOG, place, sizeof(place), key, &plain);
		if (error == 0)
			error = act_read(plain.data, plain.n, &act);
		if (error == 0 && act.prev >= seq)
			error = fail(-EBADMSG);
		if (error == 0 && act.kind == ACT_MERGED)
			buf_add(ret_ids, &act.other, sizeof(act.other));
		if (error == 0)
			seq = act.prev;
	}
	return error < 0 ? error : ret_ids->error;
}

/* Adds those who were merged into a person, unless they are erased already. */
static int add_merged(struct store *store, const struct store_person_row *row, struct ids *ids)
{
	own(ids_free) struct ids merged = {0};
	uint8_t key[VAULT_KEY_BYTES];
	const struct vault_key with = {key, row->id};
	int error = store_keys_get(store, row->id, key);

	if (error == 0)
		error = store_erase_merged(store, &with, row->last_seq, &merged.bytes);
	explicit_bzero(key, sizeof(key));
	for (size_t i = 0; i < ids_n(&merged) && error == 0; i++) {
		struct store_person_row other;

		error = read_row(store, ids_at(&merged, i), &other);
		if (error == 0 && (other.flags & STORE_ERASED) == 0)
			error = ids_add(ids, other.id);
	}
	return error;
}

static int collect_given(struct store *store, const uint64_t given[], size_t n, bool may_miss,
			 struct ids *ids)
{
	struct store_person_row row;
	int error = 0;

	for (size_t i = 0; i < n && error == 0; i++) {
		error = read_row(store, given[i], &row);
		if (error == 0 && (row.flags & (STORE_ERASED | STORE_ANSWER)) != 0)
			error = -ENOENT;
		if (error == 0)
			error = ids_add(ids, given[i]);
		else if (error == -ENOENT && may_miss)
			error = 0;
	}
	return error;
}

/* And whoever was merged into them. */
static int collect_merged(struct store *store, struct ids *ids)
{
	struct store_person_row row;
	int error = 0;

	for (size_t i = 0; i < ids_n(ids) && error == 0; i++) {
		error = read_row(store, ids_at(ids, i), &row);
		if (error == 0)
			error = add_merged(store, &row, ids);
	}
	return error;
}

/* ---- The records ---- */

static int leave_books(struct store *store, const struct ids *ids)
{
	int error = 0;

	for (size_t i = 0; i < ids_n(ids) && error == 0; i++) {
		own(store_person_wipe) struct store_person person;

		store_person_clear(&person);
		error = store_load(store, ids_at(ids, i), &person);
		if (error == 0)
			error = book_forget(store->book, person.id, person.contributions,
					    person.contributions_n);
	}
	return error;
}

static int compare(const void *left, const void *right)
{
	uint64_t a, b;

	memcpy(&a, left, sizeof(a));
	memcpy(&b, right, sizeof(b));
	return (a > b) - (a < b);
}

/* Of sorted ones. */
static bool is_one_of(const struct ids *ids, uint64_t id)
{
	return bsearch(&id, ids->bytes.data, ids_n(ids), sizeof(id), compare) != NULL;
}

/* Every index entry that leads to one of them: whatever led there, whenever it was made. */
static int find_entries(struct store *store, const struct ids *ids, struct buf *ret_hashes)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(safe_cursor_close) struct safe_cursor cursor = {0};
	own(buf_free) struct buf id = {0};
	int error = 0;

	safe_read(store->records, &txn);
	for (bool more = safe_seek(&txn, STORE_INDEX, NULL, 0, &cursor); more && error == 0;
	     more = safe_next(&cursor)) {
		buf_clear(&id);
		error = safe_cursor_value(&cursor, NULL, &id);
		if (error == 0 && id.n == 8 && is_one_of(ids, safe_key_number(id.data)))
			buf_add(ret_hashes, cursor.kv.key.data, VAULT_LOOKUP_BYTES);
	}
	if (error == 0)
		error = ret_hashes->error;
	return error < 0 ? error : txn.kv.error;
}

static int get_pending(struct safe_txn *txn, struct buf *ret_bytes)
{
	int error = safe_get(txn, STORE_META, BYTES_OF(ERASE_KEY), NULL, ret_bytes);

	return error == -ENOENT ? 0 : error;
}

/* Pairs of u64be: person, moment. */
static void put_pending(struct safe_txn *txn, const struct ids *ids, int64_t at)
{
	own(buf_free) struct buf bytes = {0};
	int error = get_pending(txn, &bytes);

	for (size_t i = 0; i < ids_n(ids); i++) {
		uint8_t pair[16];

		safe_key_u64(ids_at(ids, i), pair);
		safe_key_u64((uint64_t)at, pair + 8);
		buf_add(&bytes, pair, sizeof(pair));
	}
	if (error == 0)
		error = bytes.error;
	if (error < 0 && txn->kv.error == 0)
		txn->kv.error = error;
	safe_put(txn, STORE_META, BYTES_OF(ERASE_KEY), NULL, bytes.data, bytes.n);
}

static int put_person(struct store *store, struct safe_txn *txn, const struct store_origin *origin,
		      uint64_t id, struct store_head *head)
{
	struct store_person_row row;
	char text[160];
	int error = store_core_person(store, txn, id, &row);

	if (error < 0)
		return error;
	head->persons -= row.flags == 0;
	row.flags |= STORE_ERASED;
	store_core_put_person(txn, &row);
	(void)snprintf(text, sizeof(text), "person_erased case=%llu operator=%s",
		       (unsigned long long)id, origin->operator_name);
	store_audit(store, txn, origin->at, text);
	return 0;
}

static int write_records(struct store *store, const struct store_origin *origin,
			 const struct ids *ids, const struct buf *hashes)
{
	own(safe_abort) struct safe_txn txn = {0};
	struct store_head head = store->head;
	int error = 0;

	safe_write(store->records, &txn);
	for (size_t i = 0; i < ids_n(ids) && error == 0; i++)
		error = put_person(store, &txn, origin, ids_at(ids, i), &head);
	for (size_t at = 0; at < hashes->n; at += VAULT_LOOKUP_BYTES)
		safe_delete(&txn, STORE_INDEX, hashes->data + at, VAULT_LOOKUP_BYTES);
	put_pending(&txn, ids, origin->at);
	store_core_put_head(&txn, &head);
	if (error == 0)
		error = book_keep(store->book, store_core_put_leaf, &txn);
	if (error == 0)
		error = safe_commit(&txn);
	if (error < 0)
		return error;
	book_kept(store->book);
	store->head = head;
	return 0;
}

static int mark_erased(struct store *store, const struct store_origin *origin,
		       const struct ids *ids)
{
	own(buf_free) struct buf hashes = {0};
	int error = find_entries(store, ids, &hashes);

	if (error == 0)
		error = leave_books(store, ids);
	if (error == 0)
		error = write_records(store, origin, ids, &hashes);
	if (error < 0)
		store_core_revert(store);
	return error;
}

static int erase(struct store *store, const struct store_origin *origin, const uint64_t ids[],
		 size_t n, bool may_miss)
{
	own(ids_free) struct ids all = {0};
	int error = 0;

	if (store->run != NULL)
		return fail(-EBUSY);
	if (store->is_broken)
		return fail(-EIO);
	(void)kv_grow(safe_kv(store->records));
	if (store->has_beyond)
		error = store_core_sweep(store);
	if (error == 0)
		error = collect_given(store, ids, n, may_miss, &all);
	if (error == 0)
		error = collect_merged(store, &all);
	if (error == 0 && ids_n(&all) > 0) {
		qsort(all.bytes.data, ids_n(&all), sizeof(uint64_t), compare);
		error = mark_erased(store, origin, &all);
	}
	if (error < 0)
		return error;
	return store_erase_finish(store) < 0 ? fail(-EINPROGRESS) : 0;
}

int store_erase(struct store *store, const struct store_origin *origin, const uint64_t ids[],
		size_t n)
{
	return erase(store, origin, ids, n, false);
}

int store_erase_some(struct store *store, const struct store_origin *origin, const uint64_t ids[],
		     size_t n)
{
	return erase(store, origin, ids, n, true);
}

/* ---- The keys ---- */

static int read_pending(struct store *store, struct buf *ret_bytes)
{
	own(safe_abort) struct safe_txn txn = {0};
	int error;

	safe_read(store->records, &txn);
	error = get_pending(&txn, ret_bytes);
	return error == 0 && ret_bytes->n % 16 != 0 ? fail(-EBADMSG) : error;
}

/* A line for each who still has a key: who has none has been told of. */
static int remember(struct store *store, const struct buf *pending)
{
	own(store_erased_free) struct store_erased erased = {0};
	const uint8_t *store_id = safe_identity(store->records)->store;
	int error = 0;

	erased.lines = calloc(pending->n / 16 + 1, sizeof(*erased.lines));
	if (erased.lines == NULL)
		return fail(-ENOMEM);
	for (size_t at = 0; at < pending->n && error == 0; at += 16) {
		struct store_forgotten *line = &erased.lines[erased.n];
		uint8_t key[VAULT_KEY_BYTES];

		line->why = STORE_WHY_ERASED;
		line->person = safe_key_number(pending->data + at);
		line->day = date_of_moment((int64_t)safe_key_number(pending->data + at + 8));
		error = store_keys_get(store, line->person, key);
		if (error == 0)
			store_erased_print(store_id, key, line->print);
		erased.n += error == 0;
		explicit_bzero(key, sizeof(key));
		error = error == -ENOENT ? 0 : error;
	}
	return error < 0 ? error : store_erased_add(store->dir, store_id, erased.lines, erased.n);
}

static int destroy(struct store *store, const struct buf *pending)
{
	own(buf_free) struct buf ids = {0};
	own(safe_abort) struct safe_txn txn = {0};
	int error;

	for (size_t at = 0; at < pending->n; at += 16) {
		uint64_t id = safe_key_number(pending->data + at);

		buf_add(&ids, &id, sizeof(id));
	}
	error = ids.error;
	if (error == 0)
		error = store_keys_destroy(store, (const uint64_t *)(const void *)ids.data,
					   ids.n / sizeof(uint64_t));
	if (error < 0)
		return error;
	safe_write(store->records, &txn);
	safe_delete(&txn, STORE_META, BYTES_OF(ERASE_KEY));
	return safe_commit(&txn);
}

int store_erase_finish(struct store *store)
{
	own(buf_free) struct buf pending = {0};
	int error = read_pending(store, &pending);

	store->is_forget_due = true;
	if (error == 0 && pending.n > 0)
		error = remember(store, &pending);
	if (error == 0 && pending.n > 0)
		error = destroy(store, &pending);
	return error < 0 ? error : store_keys_scrub(store);
}
