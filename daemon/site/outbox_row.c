#include "daemon/site/outbox_row.h"

#include "daemon/site/store.h"
#include "lib/own.h"

#include <errno.h>
#include <string.h>

#define POSITION_KEY "x.outbox"
#define BYTES_OF(text) (text), sizeof(text) - 1
#define ARCHIVE_BYTE 0xff /* a number of a release never grows that far */
#define ARCHIVE_KEY_BYTES 17
#define POSITION_FIELDS 9
#define POSITION_FIELDS_ONCE 6 /* of a store that was written before returns were kept */

/* ---- position ---- */

static void unpack_return(struct unpack *in, struct outbox_return *ret_returned)
{
	ret_returned->first = unpack_u64(in, UINT64_MAX);
	ret_returned->last = unpack_u64(in, UINT64_MAX);
	ret_returned->at = unpack_i64(in, INT64_MIN, INT64_MAX);
}

int outbox_row_position(struct safe_txn *txn, struct outbox_position *ret_position)
{
	own(buf_free) struct buf row = {0};
	int error = safe_get(txn, STORE_META, BYTES_OF(POSITION_KEY), NULL, &row);
	struct outbox_position position = {0};
	struct unpack in;
	size_t fields_n;

	if (error != 0)
		return error;
	in = unpack_start(row.data, row.n);
	fields_n = unpack_array(&in, POSITION_FIELDS);
	position.last = unpack_u64(&in, UINT64_MAX);
	position.received = unpack_u64(&in, position.last);
	position.archived = unpack_u64(&in, UINT64_MAX);
	position.period = (uint32_t)unpack_u64(&in, UINT32_MAX);
	unpack_bin_of(&in, position.head, sizeof(position.head));
	unpack_str(&in, position.halt, sizeof(position.halt));
	if (fields_n != POSITION_FIELDS_ONCE)
		unpack_return(&in, &position.returned);
	unpack_leave(&in);
	if (unpack_end(&in) != 0)
		return fail(-EBADMSG);
	*ret_position = position;
	return 0;
}

static void put(struct safe_txn *txn, unsigned table, const void *key, size_t key_n,
		const struct buf *row)
{
	if (row->error != 0 && txn->kv.error == 0)
		txn->kv.error = row->error;
	safe_put(txn, table, key, key_n, NULL, row->data, row->n);
}

void outbox_row_put_position(struct safe_txn *txn, const struct outbox_position *position)
{
	own(buf_free) struct buf row = {0};

	pack_array(&row, POSITION_FIELDS);
	pack_u64(&row, position->last);
	pack_u64(&row, position->received);
	pack_u64(&row, position->archived);
	pack_u64(&row, position->period);
	pack_bin(&row, position->head, sizeof(position->head));
	pack_str(&row, position->halt);
	pack_u64(&row, position->returned.first);
	pack_u64(&row, position->returned.last);
	pack_i64(&row, position->returned.at);
	put(txn, STORE_META, BYTES_OF(POSITION_KEY), &row);
}

/* ---- releases ---- */

static int unpack_release(const struct buf *row, uint64_t n, struct release *ret_release,
			  int64_t *ret_at_send)
{
	struct unpack in = unpack_start(row->data, row->n);
	struct release release = {.n = n};
	const uint8_t *payload;
	size_t payload_n = 0;
	int64_t at_send;

	unpack_array_of(&in, 5);
	at_send = unpack_i64(&in, INT64_MIN, INT64_MAX);
	unpack_bin_of(&in, release.prev, sizeof(release.prev));
	unpack_bin_of(&in, release.hash, sizeof(release.hash));
	unpack_bin_of(&in, release.signature, sizeof(release.signature));
	payload = unpack_bin(&in, RELEASE_PAYLOAD_MAX, &payload_n);
	unpack_leave(&in);
	if (unpack_end(&in) != 0)
		return fail(-EBADMSG);
	buf_add(&release.payload, payload, payload_n);
	if (release.payload.error != 0) {
		int error = release.payload.error;

		release_free(&release);
		return error;
	}
	*ret_release = release;
	*ret_at_send = at_send;
	return 0;
}

int outbox_row_load(struct safe_txn *txn, uint64_t n, struct release *ret_release,
		    int64_t *ret_at_send)
{
	own(buf_free) struct buf row = {0};
	uint8_t key[8];
	int error;

	safe_key_u64(n, key);
	error = safe_get(txn, STORE_RELEASE, key, sizeof(key), NULL, &row);
	return error != 0 ? error : unpack_release(&row, n, ret_release, ret_at_send);
}

void outbox_row_put(struct safe_txn *txn, const struct release *release, int64_t at_send)
{
	own(buf_free) struct buf row = {0};
	uint8_t key[8];

	safe_key_u64(release->n, key);
	pack_array(&row, 5);
	pack_i64(&row, at_send);
	pack_bin(&row, release->prev, sizeof(release->prev));
	pack_bin(&row, release->hash, sizeof(release->hash));
	pack_bin(&row, release->signature, sizeof(release->signature));
	pack_bin(&row, release->payload.data, release->payload.n);
	put(txn, STORE_RELEASE, key, sizeof(key), &row);
}

int outbox_row_archive(struct safe_txn *txn, uint64_t n, uint64_t number)
{
	own(buf_free) struct buf row = {0};
	uint8_t key[ARCHIVE_KEY_BYTES] = {ARCHIVE_BYTE};
	uint8_t old[8];
	int error;

	safe_key_u64(n, old);
	error = safe_get(txn, STORE_RELEASE, old, sizeof(old), NULL, &row);
	if (error != 0)
		return error;
	safe_key_u64(number, key + 1);
	safe_key_u64(n, key + 9);
	put(txn, STORE_RELEASE, key, sizeof(key), &row);
	safe_delete(txn, STORE_RELEASE, old, sizeof(old));
	return 0;
}

static int visit_archived(struct safe_cursor *cursor, outbox_row_fn *visit, void *context)
{
	own(release_free) struct release release = {0};
	own(buf_free) struct buf row = {0};
	const uint8_t *key = cursor->kv.key.data;
	int64_t at_send = 0;
	int error;

	if (cursor->kv.key.n != ARCHIVE_KEY_BYTES)
		return fail(-EBADMSG);
	error = safe_cursor_value(cursor, NULL, &row);
	if (error == 0)
		error = unpack_release(&row, safe_key_number(key + 9), &release, &at_send);
	return error != 0 ? error : visit(context, safe_key_number(key + 1), &release, at_send);
}

int outbox_row_walk_archive(struct safe_txn *txn, outbox_row_fn *visit, void *context)
{
	static const uint8_t from[] = {ARCHIVE_BYTE};
	own(safe_cursor_close) struct safe_cursor cursor = {0};
	int error = 0;

	for (bool more = safe_seek(txn, STORE_RELEASE, from, sizeof(from), &cursor);
	     more && error == 0; more = safe_next(&cursor))
		error = visit_archived(&cursor, visit, context);
	return error != 0 ? error : txn->kv.error;
}
