/*
 * What somebody can do to a log of events who has the keys of a house or of the hub, while its
 * daemon is off (4-sync 4.7, History): every row is sealed rightly.
 *
 *   insider site|hub STORE VAULT-KEY change|remove|swap N     event N alone; N and the one after it
 *                                    cut N                    only the first N are left
 *                                    redo N                   N changed, the chain worked out anew
 *                                    forge N SIGN-KEY         and a site's reports with it, signed
 * anew future                   the store is of a newer format
 */
#include "daemon/hub/ledger_row.h"
#include "daemon/hub/ledger_state.h"
#include "daemon/site/outbox_row.h"
#include "daemon/site/store_audit.h"
#include "daemon/site/store_table.h"
#include "lib/own.h"
#include "lib/pack.h"
#include "lib/safe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_BYTES 4096
#define AUDIT_KEY "x.audit"
#define ID_KEY "id"
#define MAP_BYTES (64U << 20)
#define LIE "import_stored batch=1 operator=nobody"

struct event {
	int64_t at;
	char text[TEXT_BYTES];
	uint8_t tail[SIGN_HASH_BYTES]; /* a site's salt, the hub's head */
};

static const char *const site_tables[] = {"log",     "person", "index", "book",
					  "release", "batch",  "event", "result"};
static const char *const hub_tables[] = {"release", "quarantine", "event", "result"};

static const struct kind {
	struct safe_spec spec;
	unsigned table;
	size_t tail_n;
} site = {{.kind = "site-records", .schema = 1, .tables = site_tables, .tables_n = 8},
	  STORE_EVENT,
	  STORE_SALT_BYTES},
  hub = {{.kind = "hub-ledger", .schema = 1, .tables = hub_tables, .tables_n = 4},
	 LEDGER_EVENT,
	 SIGN_HASH_BYTES};

static _Noreturn void give_up(const char *what, int error)
{
	(void)fprintf(stderr, "insider: %s: %s\n", what, strerror(-error));
	exit(1);
}

static void read_event(struct safe_txn *txn, const struct kind *kind, uint64_t n,
		       struct event *ret_event)
{
	own(buf_free) struct buf plain = {0};
	struct unpack in;
	uint8_t key[8];
	int error;

	safe_key_u64(n, key);
	error = safe_get(txn, kind->table, key, sizeof(key), NULL, &plain);
	if (error != 0)
		give_up("event", error);
	in = unpack_start(plain.data, plain.n);
	unpack_array_of(&in, 3);
	ret_event->at = unpack_i64(&in, INT64_MIN, INT64_MAX);
	unpack_str(&in, ret_event->text, sizeof(ret_event->text));
	unpack_bin_of(&in, ret_event->tail, kind->tail_n);
	unpack_leave(&in);
	if (unpack_end(&in) != 0)
		give_up("event", -EBADMSG);
}

static void write_event(struct safe_txn *txn, const struct kind *kind, uint64_t n,
			const struct event *event)
{
	own(buf_free) struct buf plain = {0};
	uint8_t key[8];

	pack_array(&plain, 3);
	pack_i64(&plain, event->at);
	pack_str(&plain, event->text);
	pack_bin(&plain, event->tail, kind->tail_n);
	safe_key_u64(n, key);
	safe_put(txn, kind->table, key, sizeof(key), NULL, plain.data, plain.n);
}

static void put_head(struct safe_txn *txn, uint64_t n, const uint8_t head[static SIGN_HASH_BYTES])
{
	own(buf_free) struct buf plain = {0};

	pack_array(&plain, 2);
	pack_u64(&plain, n);
	pack_bin(&plain, head, SIGN_HASH_BYTES);
	safe_put(txn, STORE_META, AUDIT_KEY, strlen(AUDIT_KEY), NULL, plain.data, plain.n);
}

/* A site's heads after each of its n events, from the one before the first; the caller frees. */
static uint8_t (*heads_of(struct safe_txn *txn, uint64_t n))[SIGN_HASH_BYTES]
{
	uint8_t(*heads)[SIGN_HASH_BYTES] = calloc(n + 1, sizeof(*heads));
	struct event event;

	if (heads == NULL)
		give_up("heads", -ENOMEM);
	for (uint64_t i = 1; i <= n; i++) {
		struct store_event one;

		read_event(txn, &site, i, &event);
		one.at = event.at;
		memcpy(one.salt, event.tail, sizeof(one.salt));
		memcpy(heads[i], heads[i - 1], SIGN_HASH_BYTES);
		store_audit_next(heads[i], &one, event.text);
	}
	return heads;
}

/* The head that a release tells, as it is now: in its payload as in the log. */
static void retell(struct buf *payload, uint8_t (*was)[SIGN_HASH_BYTES],
		   uint8_t (*is)[SIGN_HASH_BYTES], uint64_t n)
{
	for (uint64_t i = 1; i <= n; i++) { /* zeros are everywhere */
		uint8_t *told = memmem(payload->data, payload->n, was[i], SIGN_HASH_BYTES);

		if (told != NULL) {
			memcpy(told, is[i], SIGN_HASH_BYTES);
			return;
		}
	}
	give_up("a release of another log", -EBADMSG);
}

/* The site's chain of reports, told of the log as it is now and signed anew. */
static void forge(struct safe_txn *txn, const struct sign_key *key, uint8_t (*was)[SIGN_HASH_BYTES],
		  uint64_t events_n)
{
	uint8_t(*is)[SIGN_HASH_BYTES] = heads_of(txn, events_n);
	struct outbox_position position;
	uint8_t prev[SIGN_HASH_BYTES];

	if (outbox_row_position(txn, &position) != 0)
		give_up("outbox", -EBADMSG);
	for (uint64_t n = 1; n <= position.last; n++) {
		own(release_free) struct release release = {0}, anew = {0};
		int64_t at_send = 0;

		if (outbox_row_load(txn, n, &release, &at_send) != 0)
			give_up("release", -EBADMSG);
		retell(&release.payload, was, is, events_n);
		release_sign(&anew, n, n == 1 ? release.prev : prev, &release.payload, key);
		memcpy(prev, anew.hash, sizeof(prev));
		outbox_row_put(txn, &anew, at_send);
	}
	memcpy(position.head, prev, sizeof(prev));
	outbox_row_put_position(txn, &position);
	free(is);
}

/* The chain of the first n events, worked out anew. */
static void redo(struct safe_txn *txn, const struct kind *kind, uint64_t n)
{
	uint8_t head[SIGN_HASH_BYTES] = {0};
	struct event event;

	for (uint64_t i = 1; i <= n; i++) {
		read_event(txn, kind, i, &event);
		if (kind == &site) {
			struct store_event one = {.at = event.at};

			memcpy(one.salt, event.tail, sizeof(one.salt));
			store_audit_next(head, &one, event.text);
		} else {
			struct ledger_event one = {.at = event.at};

			(void)snprintf(one.text, sizeof(one.text), "%.*s",
				       (int)sizeof(one.text) - 1, event.text);
			ledger_row_chain_event(&one, head);
			memcpy(head, one.head, sizeof(head));
			memcpy(event.tail, head, sizeof(head));
			write_event(txn, kind, i, &event);
		}
	}
	if (kind == &site)
		put_head(txn, n, head);
}

static void remove_event(struct safe_txn *txn, const struct kind *kind, uint64_t n)
{
	uint8_t key[8];

	safe_key_u64(n, key);
	safe_delete(txn, kind->table, key, sizeof(key));
}

static void change(struct safe_txn *txn, const struct kind *kind, uint64_t n)
{
	struct event event;

	read_event(txn, kind, n, &event);
	(void)snprintf(event.text, sizeof(event.text), "%s", LIE);
	write_event(txn, kind, n, &event);
}

static void swap(struct safe_txn *txn, const struct kind *kind, uint64_t n)
{
	struct event one, two;

	read_event(txn, kind, n, &one);
	read_event(txn, kind, n + 1, &two);
	write_event(txn, kind, n, &two);
	write_event(txn, kind, n + 1, &one);
}

static void make_newer(struct safe *safe, const struct kind *kind)
{
	own(kv_abort) struct kv_txn txn = {0};
	own(buf_free) struct buf clear = {0};
	struct safe_label label = {.schema = (uint16_t)(kind->spec.schema + 1),
				   .identity = *safe_identity(safe)};
	int error;

	(void)snprintf(label.kind, sizeof(label.kind), "%s", kind->spec.kind);
	safe_label_pack(&label, &clear);
	kv_write(safe_kv(safe), &txn);
	kv_put(&txn, 0, ID_KEY, strlen(ID_KEY), clear.data, clear.n);
	error = kv_commit(&txn);
	if (error != 0)
		give_up("label", error);
}

static void read_key(const char *path, uint8_t ret_key[static VAULT_KEY_BYTES])
{
	FILE *file = fopen(path, "rb");

	if (file == NULL || fread(ret_key, 1, VAULT_KEY_BYTES, file) != VAULT_KEY_BYTES)
		give_up(path, -errno);
	(void)fclose(file);
}

static void forge_all(struct safe_txn *txn, uint64_t n, uint64_t events_n, const char *sign_path)
{
	own(sign_key_free) struct sign_key *key = NULL;
	uint8_t seed[SIGN_SEED_BYTES];
	uint8_t(*was)[SIGN_HASH_BYTES] = heads_of(txn, events_n);

	read_key(sign_path, seed);
	if (sign_key_new(seed, &key) != 0)
		give_up("sign key", -ENOMEM);
	change(txn, &site, n);
	redo(txn, &site, events_n);
	forge(txn, key, was, events_n);
	free(was);
}

static void act(struct safe *safe, const struct kind *kind, char *argv[])
{
	own(safe_abort) struct safe_txn txn = {0};
	const char *what = argv[4];
	uint64_t n = strtoull(argv[5], NULL, 10);
	uint64_t events_n;
	int error;

	safe_write(safe, &txn);
	events_n = safe_count(&txn, kind->table);
	if (strcmp(what, "remove") == 0)
		remove_event(&txn, kind, n);
	if (strcmp(what, "change") == 0 || strcmp(what, "redo") == 0)
		change(&txn, kind, n);
	if (strcmp(what, "swap") == 0)
		swap(&txn, kind, n);
	for (uint64_t i = n + 1; strcmp(what, "cut") == 0 && i <= events_n; i++)
		remove_event(&txn, kind, i);
	if (strcmp(what, "redo") == 0)
		redo(&txn, kind, events_n);
	if (strcmp(what, "cut") == 0)
		redo(&txn, kind, n);
	if (strcmp(what, "forge") == 0)
		forge_all(&txn, n, events_n, argv[6]);
	error = safe_commit(&txn);
	if (error != 0)
		give_up(what, error);
}

static struct vault *read_vault(const char *path)
{
	uint8_t key[VAULT_KEY_BYTES];
	struct vault *vault = NULL;

	read_key(path, key);
	if (vault_start() != 0 || vault_new(key, NULL, &vault) != 0)
		give_up("vault", -EPERM);
	return vault;
}

int main(int argc, char *argv[])
{
	own(vault_free) struct vault *vault = NULL;
	own(safe_close) struct safe *safe = NULL;
	const struct kind *kind;
	struct safe_spec spec;
	struct fault fault = {0};

	if (argc < 5 || (argc < 6 && strcmp(argv[4], "future") != 0))
		give_up("arguments", -EINVAL);
	kind = strcmp(argv[1], "site") == 0 ? &site : &hub;
	spec = kind->spec;
	spec.map_bytes = MAP_BYTES;
	vault = read_vault(argv[3]);
	if (safe_open(argv[2], &spec, vault, &safe, &fault) != 0)
		give_up(fault.code, -EBADMSG);
	if (strcmp(argv[4], "future") == 0)
		make_newer(safe, kind);
	else
		act(safe, kind, argv);
	return 0;
}
