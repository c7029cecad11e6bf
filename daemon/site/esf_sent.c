#include "daemon/site/esf_sent.h"

#include "daemon/site/store.h"
#include "lib/own.h"
#include "proto/period.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define KEY "x.esf."
#define KEY_BYTES (sizeof(KEY) - 1 + 4)

static void key_of(uint32_t period, uint8_t ret_key[static KEY_BYTES])
{
	memcpy(ret_key, KEY, sizeof(KEY) - 1);
	for (size_t i = 0; i < 4; i++)
		ret_key[sizeof(KEY) - 1 + i] = (uint8_t)(period >> (24 - 8 * i));
}

static int unpack_sent(const struct buf *plain, struct esf_sent *ret_sent)
{
	struct unpack in = unpack_start(plain->data, plain->n);
	struct esf_sent sent = {0};
	int error;

	unpack_array_of(&in, 5);
	sent.at = unpack_i64(&in, INT64_MIN, INT64_MAX);
	unpack_str(&in, sent.operator_name, sizeof(sent.operator_name));
	sent.rows = unpack_u64(&in, UINT64_MAX);
	unpack_bin_of(&in, sent.hash, sizeof(sent.hash));
	sent.head_seq = unpack_u64(&in, UINT64_MAX);
	unpack_leave(&in);
	error = unpack_end(&in);
	if (error < 0)
		return fail(-EBADMSG);
	*ret_sent = sent;
	return 0;
}

int esf_sent_get(struct store *store, uint32_t period, struct esf_sent *ret_sent)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_free) struct buf plain = {0};
	uint8_t key[KEY_BYTES];
	int error;

	key_of(period, key);
	safe_read(store_safe(store), &txn);
	error = safe_get(&txn, STORE_META, key, sizeof(key), NULL, &plain);
	return error < 0 ? error : unpack_sent(&plain, ret_sent);
}

static void put_one(struct store *store, struct safe_txn *txn, uint32_t period,
		    const struct esf_sent *sent)
{
	own(buf_free) struct buf plain = {0};
	uint8_t key[KEY_BYTES];
	char month[PERIOD_TEXT_BYTES];
	char text[192];

	key_of(period, key);
	period_format_month(period, month);
	pack_array(&plain, 5);
	pack_i64(&plain, sent->at);
	pack_str(&plain, sent->operator_name);
	pack_u64(&plain, sent->rows);
	pack_bin(&plain, sent->hash, sizeof(sent->hash));
	pack_u64(&plain, sent->head_seq);
	if (txn->kv.error == 0)
		txn->kv.error = plain.error;
	safe_put(txn, STORE_META, key, sizeof(key), NULL, plain.data, plain.n);
	(void)snprintf(text, sizeof(text), "esf_exported period=%s rows=%llu operator=%s", month,
		       (unsigned long long)sent->rows, sent->operator_name);
	store_audit(store, txn, sent->at, text);
}

int esf_sent_put(struct store *store, uint32_t first, const struct esf_sent sents[], size_t n)
{
	own(safe_abort) struct safe_txn txn = {0};

	(void)kv_grow(safe_kv(store_safe(store)));
	safe_write(store_safe(store), &txn);
	for (size_t i = 0; i < n; i++)
		put_one(store, &txn, first + (uint32_t)i, &sents[i]);
	return safe_commit(&txn);
}
