#include "lib/safe.h"

#include "lib/own.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define META 0
#define META_NAME "meta"
#define VALUE_VERSION 1

#define IDENTITY_KEY "id"
#define SEAL_KEY "seal"
#define COUNTS_KEY "counts"
#define BYTES_OF(text) (text), sizeof(text) - 1

/* schema is the file's, which may be older than the program's; tables_n counts meta. counts are
 * those of the last commit. */
struct safe {
	struct kv *kv;
	struct vault *vault;
	struct safe_identity identity;
	uint16_t schema;
	size_t tables_n;
	uint64_t counts[KV_TABLES_MAX];
};

static struct vault_place place_of(const struct safe *safe, unsigned table, const void *key,
				   size_t key_n)
{
	return (struct vault_place){.store = safe->identity.store,
				    .table = (uint8_t)table,
				    .schema = safe->schema,
				    .version = VALUE_VERSION,
				    .key = key,
				    .key_n = key_n};
}

static int open_sealed(const struct safe *safe, const struct vault_place *place,
		       const struct vault_key *with, struct kv_bytes sealed, struct buf *ret_plain)
{
	assert(with == NULL || with->id != 0);
	return vault_open(safe->vault, with == NULL ? NULL : with->key, place, sealed.data,
			  sealed.n, ret_plain);
}

/* Seals into the transaction's scratch; a failure becomes the transaction's. */
static bool seal_value(struct safe_txn *txn, const struct vault_place *place,
		       const struct vault_key *with, const void *plain, size_t n)
{
	assert(with == NULL || with->id != 0);
	if (txn->kv.error != 0)
		return false;
	buf_clear(&txn->sealed);
	vault_seal(txn->safe->vault, with, place, plain, n, &txn->sealed);
	txn->kv.error = txn->sealed.error;
	return txn->kv.error == 0;
}

static void write_counts(struct safe_txn *txn, const uint64_t counts[static KV_TABLES_MAX])
{
	own(buf_free) struct buf packed = {0};
	struct vault_place place = place_of(txn->safe, META, BYTES_OF(COUNTS_KEY));

	safe_counts_pack(counts, txn->safe->tables_n, &packed);
	if (txn->kv.error == 0)
		txn->kv.error = packed.error;
	if (seal_value(txn, &place, NULL, packed.data, packed.n))
		kv_put(&txn->kv, META, BYTES_OF(COUNTS_KEY), txn->sealed.data, txn->sealed.n);
}

static int check_counts(struct safe *safe, const char *path, struct fault *fault)
{
	own(kv_abort) struct kv_txn txn = {0};
	own(buf_free) struct buf packed = {0};
	struct vault_place place = place_of(safe, META, BYTES_OF(COUNTS_KEY));
	struct kv_bytes sealed;
	int r;

	kv_read(safe->kv, &txn);
	for (size_t i = 0; i < safe->tables_n; i++)
		safe->counts[i] = kv_count(&txn, (unsigned)i);
	if (!kv_get(&txn, META, BYTES_OF(COUNTS_KEY), &sealed))
		return txn.error != 0 ? txn.error
				      : safe_label_damaged(fault, path, "its counts are missing");
	r = open_sealed(safe, &place, NULL, sealed, &packed);
	if (r == -EBADMSG)
		return safe_label_damaged(fault, path, "its counts do not open");
	return r < 0 ? r : safe_counts_check(&packed, safe->counts, safe->tables_n, path, fault);
}

static int open_kv(const char *path, const struct safe_spec *spec, struct safe *safe)
{
	const char *names[KV_TABLES_MAX] = {META_NAME};

	assert(spec->tables_n < KV_TABLES_MAX);
	for (size_t i = 0; i < spec->tables_n; i++)
		names[1 + i] = spec->tables[i];
	safe->tables_n = 1 + spec->tables_n;
	return kv_open(path, names, safe->tables_n, spec->map_bytes, &safe->kv);
}

/* -EEXIST unless the folder is absent or holds nothing but locks of an attempt that failed. */
static int check_empty(const char *path)
{
	DIR *folder = opendir(path);
	bool is_empty = true;

	if (folder == NULL)
		return errno == ENOENT ? 0 : fail(-errno);
	for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
		const char *name = entry->d_name;

		if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
		    strcmp(name, "lock") != 0 && strcmp(name, "lock.mdb") != 0)
			is_empty = false;
	}
	(void)closedir(folder);
	return is_empty ? 0 : fail(-EEXIST);
}

static int write_label(struct safe *safe, const struct safe_label *label)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_free) struct buf clear = {0}, seal = {0};
	uint64_t counts[KV_TABLES_MAX] = {3};

	safe_label_pack(label, &clear);
	if (clear.error == 0)
		safe_label_seal(safe->vault, &clear, &seal);
	if (clear.error != 0 || seal.error != 0)
		return clear.error != 0 ? clear.error : seal.error;
	safe_write(safe, &txn);
	kv_put(&txn.kv, META, BYTES_OF(IDENTITY_KEY), clear.data, clear.n);
	kv_put(&txn.kv, META, BYTES_OF(SEAL_KEY), seal.data, seal.n);
	write_counts(&txn, counts);
	return kv_commit(&txn.kv);
}

int safe_create(const char *path, const struct safe_spec *spec,
		const struct safe_identity *identity, struct vault *vault)
{
	own(safe_close) struct safe *safe = calloc(1, sizeof(*safe));
	struct safe_label label = {.schema = spec->schema, .identity = *identity};
	char data[PATH_MAX];
	int r = check_empty(path);

	assert(strlen(spec->kind) < sizeof(label.kind));
	if (safe == NULL)
		return fail(-ENOMEM);
	if (r < 0)
		return r;
	memcpy(label.kind, spec->kind, strlen(spec->kind));
	secret_random(label.identity.store, sizeof(label.identity.store));
	safe->vault = vault;
	safe->schema = spec->schema;
	safe->identity = label.identity;
	r = open_kv(path, spec, safe);
	if (r < 0)
		return r;
	r = write_label(safe, &label);
	if (r < 0 && snprintf(data, sizeof(data), "%s/data.mdb", path) < (int)sizeof(data))
		(void)unlink(data);
	return r;
}

static int not_there(const char *path, struct fault *fault)
{
	(void)fault_set(fault, "S006", path, "Make one with `mia init`, or check the folder.",
			"There is no store here");
	return fail(-ENOENT);
}

/* Reads and checks the identity of a store not open, without a write. */
static int identify(const char *path, const struct safe_spec *spec, struct vault *vault,
		    struct safe_label *ret_label, struct fault *fault)
{
	own(buf_free) struct buf clear = {0}, seal = {0};
	int r;

	if (check_empty(path) == 0)
		return not_there(path, fault);
	r = kv_peek(path, META_NAME, BYTES_OF(IDENTITY_KEY), &clear);
	if (r == -EILSEQ)
		return safe_label_damaged(fault, path, "its file is cut short or not LMDB's");
	if (r < 0 && r != -ENOENT)
		return r;
	r = safe_label_read(&clear, spec->kind, spec->schema, path, ret_label, fault);
	if (r < 0)
		return r;
	r = kv_peek(path, META_NAME, BYTES_OF(SEAL_KEY), &seal);
	if (r == -ENOENT || r == -EILSEQ)
		return safe_label_damaged(fault, path, "its seal is missing");
	return r < 0 ? r : safe_label_check(vault, &clear, &seal, path, fault);
}

int safe_open(const char *path, const struct safe_spec *spec, struct vault *vault,
	      struct safe **ret_safe, struct fault *fault)
{
	own(safe_close) struct safe *safe = calloc(1, sizeof(*safe));
	struct safe_label label = {0};
	int r;

	if (safe == NULL)
		return fail(-ENOMEM);
	r = identify(path, spec, vault, &label, fault);
	if (r < 0)
		return r;
	safe->vault = vault;
	safe->schema = label.schema;
	safe->identity = label.identity;
	r = open_kv(path, spec, safe);
	if (r == 0)
		r = check_counts(safe, path, fault);
	if (r == -EILSEQ)
		return safe_label_damaged(fault, path, "its pages do not hang together");
	if (r < 0)
		return r;
	*ret_safe = take(safe);
	return 0;
}

void safe_close(struct safe **safe)
{
	if (*safe == NULL)
		return;
	kv_close(&(*safe)->kv);
	free(*safe);
	*safe = NULL;
}

const struct safe_identity *safe_identity(const struct safe *safe)
{
	return &safe->identity;
}

struct kv *safe_kv(struct safe *safe)
{
	return safe->kv;
}

void safe_read(struct safe *safe, struct safe_txn *txn)
{
	*txn = (struct safe_txn){.safe = safe};
	kv_read(safe->kv, &txn->kv);
}

void safe_write(struct safe *safe, struct safe_txn *txn)
{
	*txn = (struct safe_txn){.safe = safe};
	kv_write(safe->kv, &txn->kv);
}

/* The counts kept by hand must be those the tables say, or the tables are damaged. */
static bool sum_counts(struct safe_txn *txn, uint64_t ret_counts[static KV_TABLES_MAX])
{
	bool is_changed = false;

	for (size_t i = 0; i < txn->safe->tables_n && txn->kv.error == 0; i++) {
		ret_counts[i] = txn->safe->counts[i] + (uint64_t)txn->added[i];
		is_changed = is_changed || txn->added[i] != 0;
		if (kv_count(&txn->kv, (unsigned)i) != ret_counts[i] && txn->kv.error == 0)
			txn->kv.error = fail(-EILSEQ);
	}
	return is_changed && txn->kv.error == 0;
}

int safe_commit(struct safe_txn *txn)
{
	uint64_t counts[KV_TABLES_MAX] = {0};
	bool is_write = txn->kv.is_write;
	int r;

	if (is_write && sum_counts(txn, counts))
		write_counts(txn, counts);
	r = kv_commit(&txn->kv);
	if (r == 0 && is_write)
		memcpy(txn->safe->counts, counts, sizeof(counts));
	buf_free(&txn->sealed);
	return r;
}

void safe_abort(struct safe_txn *txn)
{
	kv_abort(&txn->kv);
	buf_free(&txn->sealed);
}

/* The safe's own rows in meta are not the owner's to touch. */
static bool is_reserved(unsigned table, const void *key, size_t key_n)
{
	return table == META && (key_n < 2 || memcmp(key, "x.", 2) != 0);
}

int safe_get(struct safe_txn *txn, unsigned table, const void *key, size_t key_n,
	     const struct vault_key *with, struct buf *ret_plain)
{
	struct vault_place place = place_of(txn->safe, table, key, key_n);
	struct kv_bytes sealed;

	if (!kv_get(&txn->kv, table, key, key_n, &sealed))
		return txn->kv.error != 0 ? txn->kv.error : -ENOENT;
	return open_sealed(txn->safe, &place, with, sealed, ret_plain);
}

/* A row is table, key and value: one more parameter. NOLINTNEXTLINE(readability-function-size) */
void safe_put(struct safe_txn *txn, unsigned table, const void *key, size_t key_n,
	      const struct vault_key *with, const void *plain, size_t n)
{
	struct vault_place place = place_of(txn->safe, table, key, key_n);
	uint64_t before = kv_count(&txn->kv, table);

	assert(!is_reserved(table, key, key_n));
	if (!seal_value(txn, &place, with, plain, n))
		return;
	kv_put(&txn->kv, table, key, key_n, txn->sealed.data, txn->sealed.n);
	txn->added[table] += kv_count(&txn->kv, table) != before;
}

/* The same. NOLINTNEXTLINE(readability-function-size) */
void safe_append(struct safe_txn *txn, unsigned table, const void *key, size_t key_n,
		 const struct vault_key *with, const void *plain, size_t n)
{
	struct vault_place place = place_of(txn->safe, table, key, key_n);

	assert(!is_reserved(table, key, key_n));
	if (!seal_value(txn, &place, with, plain, n))
		return;
	kv_append(&txn->kv, table, key, key_n, txn->sealed.data, txn->sealed.n);
	txn->added[table]++;
}

void safe_delete(struct safe_txn *txn, unsigned table, const void *key, size_t key_n)
{
	assert(!is_reserved(table, key, key_n));
	if (kv_delete(&txn->kv, table, key, key_n))
		txn->added[table]--;
}

uint64_t safe_count(struct safe_txn *txn, unsigned table)
{
	return kv_count(&txn->kv, table);
}

bool safe_raw(struct safe_txn *txn, unsigned table, const void *key, size_t key_n,
	      struct kv_bytes *ret_sealed)
{
	return kv_get(&txn->kv, table, key, key_n, ret_sealed);
}

bool safe_seek(struct safe_txn *txn, unsigned table, const void *key, size_t key_n,
	       struct safe_cursor *ret_cursor)
{
	*ret_cursor = (struct safe_cursor){.txn = txn, .table = table};
	return kv_seek(&txn->kv, table, key, key_n, &ret_cursor->kv);
}

bool safe_last(struct safe_txn *txn, unsigned table, struct safe_cursor *ret_cursor)
{
	*ret_cursor = (struct safe_cursor){.txn = txn, .table = table};
	return kv_last(&txn->kv, table, &ret_cursor->kv);
}

bool safe_next(struct safe_cursor *cursor)
{
	return kv_next(&cursor->kv);
}

int safe_cursor_value(struct safe_cursor *cursor, const struct vault_key *with,
		      struct buf *ret_plain)
{
	struct vault_place place =
		place_of(cursor->txn->safe, cursor->table, cursor->kv.key.data, cursor->kv.key.n);

	return open_sealed(cursor->txn->safe, &place, with, cursor->kv.value, ret_plain);
}

void safe_cursor_close(struct safe_cursor *cursor)
{
	kv_cursor_close(&cursor->kv);
}

void safe_key_u64(uint64_t number, uint8_t ret_key[static 8])
{
	for (size_t i = 0; i < 8; i++)
		ret_key[i] = (uint8_t)(number >> (56 - 8 * i));
}

uint64_t safe_key_number(const uint8_t key[static 8])
{
	uint64_t number = 0;

	for (size_t i = 0; i < 8; i++)
		number = number << 8 | key[i];
	return number;
}
