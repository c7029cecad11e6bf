#include "daemon/site/store_audit.h"

#include "daemon/site/store_core.h"
#include "lib/own.h"
#include "lib/pack.h"
#include "lib/vault.h"

#include <errno.h>
#include <string.h>

#define AUDIT_KEY "x.audit"
#define BYTES_OF(text) (text), sizeof(text) - 1
#define TEXT_MAX 4096

struct audit {
	uint64_t n;
	uint8_t head[SIGN_HASH_BYTES];
};

/* Where the chain stands in this transaction. */
static int read_audit(struct safe_txn *txn, struct audit *ret_audit)
{
	own(buf_free) struct buf plain = {0};
	int error = safe_get(txn, STORE_META, BYTES_OF(AUDIT_KEY), NULL, &plain);
	struct unpack in;

	*ret_audit = (struct audit){0};
	if (error < 0)
		return error == -ENOENT ? 0 : error;
	in = unpack_start(plain.data, plain.n);
	unpack_array_of(&in, 2);
	ret_audit->n = unpack_u64(&in, UINT64_MAX);
	unpack_bin_of(&in, ret_audit->head, sizeof(ret_audit->head));
	unpack_leave(&in);
	return unpack_end(&in);
}

static void write_audit(struct safe_txn *txn, const struct audit *audit)
{
	own(buf_free) struct buf plain = {0};

	pack_array(&plain, 2);
	pack_u64(&plain, audit->n);
	pack_bin(&plain, audit->head, sizeof(audit->head));
	if (txn->kv.error == 0)
		txn->kv.error = plain.error;
	safe_put(txn, STORE_META, BYTES_OF(AUDIT_KEY), NULL, plain.data, plain.n);
}

static void write_event(struct safe_txn *txn, uint64_t n, const struct store_event *event,
			const char *text)
{
	own(buf_free) struct buf plain = {0};
	uint8_t key[8];

	safe_key_u64(n, key);
	pack_array(&plain, 3);
	pack_i64(&plain, event->at);
	pack_str(&plain, text);
	pack_bin(&plain, event->salt, sizeof(event->salt));
	if (txn->kv.error == 0)
		txn->kv.error = plain.error;
	safe_append(txn, STORE_EVENT, key, sizeof(key), NULL, plain.data, plain.n);
}

void store_audit_next(uint8_t head[static SIGN_HASH_BYTES], const struct store_event *event,
		      const char *text)
{
	struct sign_hash hash;

	sign_hash_start(&hash, "mia/1/audit");
	sign_hash_part(&hash, head, SIGN_HASH_BYTES);
	sign_hash_part_u64(&hash, (uint64_t)event->at);
	sign_hash_part(&hash, text, strlen(text));
	sign_hash_part(&hash, event->salt, sizeof(event->salt));
	sign_hash_end(&hash, head);
}

void store_audit(struct store *store, struct safe_txn *txn, int64_t at, const char *text)
{
	struct store_event event = {.at = at};
	struct audit audit;
	int error = read_audit(txn, &audit);

	(void)store;
	if (error < 0) {
		if (txn->kv.error == 0)
			txn->kv.error = error;
		return;
	}
	secret_random(event.salt, sizeof(event.salt));
	store_audit_next(audit.head, &event, text);
	audit.n++;
	write_event(txn, audit.n, &event, text);
	write_audit(txn, &audit);
}

static struct audit committed(const struct store *store)
{
	own(safe_abort) struct safe_txn txn = {0};
	struct audit audit;

	safe_read(store->records, &txn);
	if (read_audit(&txn, &audit) < 0)
		audit = (struct audit){0};
	return audit;
}

void store_audit_head(const struct store *store, uint8_t ret_head[static SIGN_HASH_BYTES])
{
	struct audit audit = committed(store);

	memcpy(ret_head, audit.head, SIGN_HASH_BYTES);
}

uint64_t store_audit_count(const struct store *store)
{
	return committed(store).n;
}

int store_audit_read(struct store *store, uint64_t n, struct store_event *ret_event,
		     struct buf *ret_text)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_free) struct buf plain = {0};
	struct store_event event;
	char text[TEXT_MAX];
	struct unpack in;
	uint8_t key[8];
	int error;

	safe_key_u64(n, key);
	safe_read(store->records, &txn);
	error = safe_get(&txn, STORE_EVENT, key, sizeof(key), NULL, &plain);
	if (error < 0)
		return error;
	in = unpack_start(plain.data, plain.n);
	unpack_array_of(&in, 3);
	event.at = unpack_i64(&in, INT64_MIN, INT64_MAX);
	unpack_str(&in, text, sizeof(text));
	unpack_bin_of(&in, event.salt, sizeof(event.salt));
	unpack_leave(&in);
	if (unpack_end(&in) < 0)
		return fail(-EBADMSG);
	buf_add_text(ret_text, text);
	if (ret_text->error < 0)
		return ret_text->error;
	*ret_event = event;
	return 0;
}
