#include "proto/version_row.h"

#include "lib/own.h"
#include "lib/pack.h"
#include "lib/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define META 0
#define PREFIX "x.version."
#define PREFIX_BYTES (sizeof(PREFIX) - 1)

void version_row_fill(const struct programme *programme, const void *text, size_t n, int64_t at_now,
		      struct version_row *ret_row)
{
	*ret_row = (struct version_row){
		.version = programme->version,
		.at = at_now,
		.text = text,
		.n = n,
	};
	memcpy(ret_row->hash, programme->hash, sizeof(ret_row->hash));
}

void version_row_key(const uint8_t hash[static PROGRAMME_HASH_BYTES],
		     char ret_key[static VERSION_KEY_BYTES])
{
	memcpy(ret_key, PREFIX, PREFIX_BYTES);
	text_hex(hash, PROGRAMME_HASH_BYTES, ret_key + PREFIX_BYTES);
}

void version_row_pack(const struct version_row *row, struct buf *ret_bytes)
{
	pack_array(ret_bytes, 4);
	pack_u64(ret_bytes, row->version);
	pack_i64(ret_bytes, row->at);
	pack_str(ret_bytes, row->operator_name);
	pack_bin(ret_bytes, row->text, row->n);
}

void version_row_pack_pin(const uint8_t hash[static PROGRAMME_HASH_BYTES], struct buf *ret_bytes)
{
	pack_array(ret_bytes, 1);
	pack_bin(ret_bytes, hash, PROGRAMME_HASH_BYTES);
}

int version_row_pinned(struct safe *safe, uint8_t ret_hash[static PROGRAMME_HASH_BYTES])
{
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_free) struct buf bytes = {0};
	uint8_t hash[PROGRAMME_HASH_BYTES];
	struct unpack in;
	int status;

	safe_read(safe, &txn);
	status = safe_get(&txn, META, VERSION_PIN_KEY, strlen(VERSION_PIN_KEY), NULL, &bytes);
	if (status != 0)
		return status;
	in = unpack_start(bytes.data, bytes.n);
	unpack_array_of(&in, 1);
	unpack_bin_of(&in, hash, sizeof(hash));
	unpack_leave(&in);
	if (unpack_end(&in) != 0)
		return fail(-EBADMSG);
	memcpy(ret_hash, hash, sizeof(hash));
	return 0;
}

static int read_row(const struct buf *bytes, struct version_row *row)
{
	struct unpack in = unpack_start(bytes->data, bytes->n);

	unpack_array_of(&in, 4);
	row->version = (uint32_t)unpack_u64(&in, UINT32_MAX);
	row->at = unpack_i64(&in, INT64_MIN, INT64_MAX);
	unpack_str(&in, row->operator_name, sizeof(row->operator_name));
	row->text = unpack_bin(&in, VERSION_TEXT_MAX, &row->n);
	unpack_leave(&in);
	return unpack_end(&in) == 0 ? 0 : fail(-EBADMSG);
}

int version_row_find(struct safe *safe, const uint8_t hash[static PROGRAMME_HASH_BYTES],
		     struct buf *ret_bytes, struct version_row *ret_row)
{
	own(safe_abort) struct safe_txn txn = {0};
	struct version_row row = {0};
	char key[VERSION_KEY_BYTES];
	int status;

	version_row_key(hash, key);
	safe_read(safe, &txn);
	status = safe_get(&txn, META, key, strlen(key), NULL, ret_bytes);
	if (status == 0)
		status = read_row(ret_bytes, &row);
	if (status != 0)
		return status;
	memcpy(row.hash, hash, sizeof(row.hash));
	*ret_row = row;
	return 0;
}

/* Whether a key of meta is a version's: its hash. */
static bool is_version(const struct kv_bytes *key, uint8_t ret_hash[static PROGRAMME_HASH_BYTES])
{
	char hex[2 * PROGRAMME_HASH_BYTES + 1];

	if (key->n != VERSION_KEY_BYTES - 1 || memcmp(key->data, PREFIX, PREFIX_BYTES) != 0)
		return false;
	memcpy(hex, (const char *)key->data + PREFIX_BYTES, sizeof(hex) - 1);
	hex[sizeof(hex) - 1] = '\0';
	return text_unhex(hex, ret_hash, PROGRAMME_HASH_BYTES) == 0;
}

int version_row_walk(struct safe *safe, version_row_fn *visit, void *context)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(safe_cursor_close) struct safe_cursor cursor = {0};
	own(buf_free) struct buf bytes = {0};
	struct version_row row = {0};
	int status = 0;

	safe_read(safe, &txn);
	for (bool more = safe_seek(&txn, META, PREFIX, PREFIX_BYTES, &cursor);
	     more && status == 0 && is_version(&cursor.kv.key, row.hash);
	     more = safe_next(&cursor)) {
		buf_clear(&bytes);
		status = safe_cursor_value(&cursor, NULL, &bytes);
		if (status == 0)
			status = read_row(&bytes, &row);
		if (status == 0)
			status = visit(context, &row);
	}
	return status != 0 ? status : txn.kv.error;
}
