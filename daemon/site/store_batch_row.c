#include "daemon/site/store_batch_row.h"

#include "lib/own.h"
#include "lib/pack.h"

#include <errno.h>

#define PARTS 10

int store_batch_row_get(struct store *store, uint64_t batch, struct store_batch_row *ret_row)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_free) struct buf plain = {0};
	struct store_batch_row row;
	struct unpack in;
	uint8_t key[8];
	int error;

	if (batch == 0 || batch >= store->head.next_batch)
		return -ENOENT;
	safe_key_u64(batch, key);
	safe_read(store->records, &txn);
	error = safe_get(&txn, STORE_BATCH, key, sizeof(key), NULL, &plain);
	if (error < 0)
		return error;
	in = unpack_start(plain.data, plain.n);
	unpack_array_of(&in, PARTS);
	row.at = unpack_i64(&in, INT64_MIN, INT64_MAX);
	unpack_str(&in, row.operator_name, sizeof(row.operator_name));
	unpack_str(&in, row.file_name, sizeof(row.file_name));
	row.first_seq = unpack_u64(&in, UINT64_MAX);
	row.last_seq = unpack_u64(&in, UINT64_MAX);
	row.registered = unpack_u64(&in, UINT64_MAX);
	row.changed = unpack_u64(&in, UINT64_MAX);
	row.unchanged = unpack_u64(&in, UINT64_MAX);
	row.undoes = unpack_u64(&in, UINT64_MAX);
	row.undone_by = unpack_u64(&in, UINT64_MAX);
	unpack_leave(&in);
	if (unpack_end(&in) < 0)
		return fail(-EBADMSG);
	*ret_row = row;
	return 0;
}

void store_batch_row_put(struct safe_txn *txn, uint64_t batch, const struct store_batch_row *row)
{
	own(buf_free) struct buf plain = {0};
	uint8_t key[8];

	safe_key_u64(batch, key);
	pack_array(&plain, PARTS);
	pack_i64(&plain, row->at);
	pack_str(&plain, row->operator_name);
	pack_str(&plain, row->file_name);
	pack_u64(&plain, row->first_seq);
	pack_u64(&plain, row->last_seq);
	pack_u64(&plain, row->registered);
	pack_u64(&plain, row->changed);
	pack_u64(&plain, row->unchanged);
	pack_u64(&plain, row->undoes);
	pack_u64(&plain, row->undone_by);
	if (txn->kv.error == 0)
		txn->kv.error = plain.error;
	safe_put(txn, STORE_BATCH, key, sizeof(key), NULL, plain.data, plain.n);
}

uint64_t store_batch_row_last(const struct store *store)
{
	return store->head.next_batch - 1;
}
