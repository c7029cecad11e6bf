#include "daemon/site/outbox_row.h"

#include "daemon/site/store.h"
#include "lib/own.h"

#include <errno.h>
#include <string.h>

#define POSITION_KEY "x.outbox"
#define BYTES_OF(text) (text), sizeof(text) - 1
#define ARCHIVE_BYTE 0xff /* a number of a release never grows that far */

/* ---- position ---- */

int outbox_row_position(struct safe_txn *txn, struct outbox_position *ret_position)
{
	own(buf_free) struct buf row = {0};
	int error = safe_get(txn, STORE_META, BYTES_OF(POSITION_KEY), NULL, &row);
	struct outbox_position position;
	struct unpack in;

	if (error != 0)
		return error;
	in = unpack_start(row.data, row.n);
	unpack_array_of(&in, 6);
	position.last = unpack_u64(&in, UINT64_MAX);
	position.received = unpack_u64(&in, position.last);
	position.archived = unpack_u64(&in, UINT64_MAX);
	position.period = (uint32_t)unpack_u64(&in, UINT32_MAX);
	unpack_bin_of(&in, position.head, sizeof(position.head));
	unpack_str(&in, position.halt, sizeof(position.halt));
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

	pack_array(&row, 6);
	pack_u64(&row, position->last);
	pack_u64(&row, position->received);
	pack_u64(&row, position->archived);
	pack_u64(&row, position->period);
	pack_bin(&row, position->head, sizeof(position->head));
	pack_str(&row, position->halt);
	put(txn, STORE_META, BYTES_OF(POSITION_KEY), &row);
}

/* ---- releases ---- */

int outbox_row_load(struct safe_txn *txn, uint64_t n, struct release *ret_release,
		    int64_t *ret_at_send)
{
	struct release release = {.n = n};
	own(buf_free) struct buf row = {0};
	const uint8_t *payload;
	size_t payload_n = 0;
	struct unpack in;
	int64_t at_send;
	uint8_t key[8];
	int error;

	safe_key_u64(n, key);
	error = safe_get(txn, STORE_RELEASE, key, sizeof(key), NULL, &row);
	if (error != 0)
		return error;
	in = unpack_start(row.data, row.n);
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
	error = release.payload.error;
	if (error != 0) {
		release_free(&release);
		return error;
	}
	*ret_release = release;
	*ret_at_send = at_send;
	return 0;
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
	uint8_t key[17] = {ARCHIVE_BYTE};
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
