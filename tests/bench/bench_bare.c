#include "tests/bench/bench_bare.h"

#include "lib/own.h"
#include "tests/bench/bench_rows.h"

#include <csv.h>
#include <errno.h>
#include <lmdb.h>
#include <msgpack.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CHUNK 10000
#define COLUMNS_MAX 32
#define FIELD_BYTES 128
#define MONTHS 64
#define KEY_BYTES crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define HASH_BYTES 16

struct entry {
	uint8_t hash[HASH_BYTES];
	uint8_t id[8];
};

struct bare {
	MDB_env *records, *keys;
	MDB_txn *txn, *keys_txn;
	MDB_dbi log, index, counts, key;
	bool has_person_keys;
	uint8_t store_key[KEY_BYTES], index_key[KEY_BYTES];
	uint8_t nonces[256][NONCE_BYTES];
	size_t nonces_left;
	uint8_t fresh[CHUNK][KEY_BYTES];
	size_t fresh_left;
	char fields[COLUMNS_MAX][FIELD_BYTES];
	size_t fields_n[COLUMNS_MAX];
	size_t columns;
	uint64_t rows;
	uint64_t months[MONTHS][2];
	struct entry *entries;
	size_t entries_room;
	msgpack_sbuffer packed;
	int error;
};

static void check(struct bare *bare, int code)
{
	if (code != 0 && bare->error == 0)
		bare->error = fail(code > 0 ? -code : -EIO);
}

static void put_u64be(uint64_t number, uint8_t ret_bytes[static 8])
{
	for (size_t i = 0; i < 8; i++)
		ret_bytes[i] = (uint8_t)(number >> (56 - 8 * i));
}

static int open_env(const char *dir, const char *name, MDB_env **ret_env)
{
	char path[BENCH_PATH_BYTES];
	int n = snprintf(path, sizeof(path), "%s/%s", dir, name);
	int code;

	if (n < 0 || n >= (int)sizeof(path))
		return ENAMETOOLONG;
	(void)mkdir(dir, 0700);
	(void)mkdir(path, 0700);
	code = mdb_env_create(ret_env);
	if (code == 0)
		code = mdb_env_set_maxdbs(*ret_env, 4);
	if (code == 0)
		code = mdb_env_set_mapsize(*ret_env, (size_t)16 << 30);
	return code == 0 ? mdb_env_open(*ret_env, path, 0, 0600) : code;
}

static void begin(struct bare *bare)
{
	check(bare, mdb_txn_begin(bare->records, NULL, 0, &bare->txn));
	if (bare->has_person_keys)
		check(bare, mdb_txn_begin(bare->keys, NULL, 0, &bare->keys_txn));
}

static void open_tables(struct bare *bare)
{
	begin(bare);
	if (bare->error != 0)
		return;
	check(bare, mdb_dbi_open(bare->txn, "log", MDB_CREATE, &bare->log));
	check(bare, mdb_dbi_open(bare->txn, "index", MDB_CREATE, &bare->index));
	check(bare, mdb_dbi_open(bare->txn, "counts", MDB_CREATE, &bare->counts));
	if (bare->has_person_keys)
		check(bare, mdb_dbi_open(bare->keys_txn, "key", MDB_CREATE, &bare->key));
}

/* Seals plain under key into ret_sealed (nonce, ciphertext, tag); gives the length. */
static size_t seal(struct bare *bare, const uint8_t *key, const void *id, const void *plain,
		   size_t n, uint8_t *ret_sealed)
{
	if (bare->nonces_left == 0) {
		randombytes_buf(bare->nonces, sizeof(bare->nonces));
		bare->nonces_left = array_n(bare->nonces);
	}
	memcpy(ret_sealed, bare->nonces[--bare->nonces_left], NONCE_BYTES);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(ret_sealed + NONCE_BYTES, NULL, plain, n,
							 id, 8, NULL, ret_sealed, key);
	return NONCE_BYTES + n + TAG_BYTES;
}

static void append(struct bare *bare, MDB_txn *txn, MDB_dbi table, void *id, void *value, size_t n)
{
	MDB_val key = {8, id};
	MDB_val data = {n, value};

	if (bare->error == 0)
		check(bare, mdb_put(txn, table, &key, &data, MDB_APPEND));
}

/* The person's own key, sealed and put; bulk random, as nonces. */
static const uint8_t *make_key(struct bare *bare, uint8_t id[static 8])
{
	uint8_t sealed[NONCE_BYTES + KEY_BYTES + TAG_BYTES];
	const uint8_t *key;

	if (!bare->has_person_keys)
		return bare->store_key;
	if (bare->fresh_left == 0) {
		randombytes_buf(bare->fresh, sizeof(bare->fresh));
		bare->fresh_left = CHUNK;
	}
	key = bare->fresh[--bare->fresh_left];
	append(bare, bare->keys_txn, bare->key, id, sealed,
	       seal(bare, bare->store_key, id, key, KEY_BYTES, sealed));
	return key;
}

static void commit(struct bare *bare)
{
	for (size_t month = 0; month < MONTHS && bare->error == 0; month++) {
		uint8_t sealed[sizeof(bare->months[0]) + NONCE_BYTES + TAG_BYTES];
		uint8_t id[8];
		MDB_val key = {8, id};
		MDB_val value = {0, sealed};

		put_u64be(month, id);
		value.mv_size = seal(bare, bare->store_key, id, bare->months[month],
				     sizeof(bare->months[month]), sealed);
		check(bare, mdb_put(bare->txn, bare->counts, &key, &value, 0));
	}
	if (bare->has_person_keys && bare->error == 0)
		check(bare, mdb_txn_commit(bare->keys_txn));
	if (bare->error == 0)
		check(bare, mdb_txn_commit(bare->txn));
}

static void count(struct bare *bare)
{
	const char *entry = bare->fields[BENCH_ENTRY];
	int month = (atoi(entry) - 2017) * 12 + atoi(entry + 5) - 1;

	if (month >= 0 && month < MONTHS)
		bare->months[month][bare->fields[BENCH_SEX][0] == 'K']++;
}

static void note_entry(struct bare *bare, const uint8_t id[static 8])
{
	struct entry *entry;

	if (bare->rows > bare->entries_room) {
		size_t room = bare->entries_room == 0 ? CHUNK : bare->entries_room * 2;
		struct entry *grown = reallocarray(bare->entries, room, sizeof(*grown));

		if (grown == NULL) {
			check(bare, ENOMEM);
			return;
		}
		bare->entries = grown;
		bare->entries_room = room;
	}
	entry = &bare->entries[bare->rows - 1];
	memcpy(entry->id, id, 8);
	(void)crypto_generichash(entry->hash, HASH_BYTES,
				 (const uint8_t *)bare->fields[BENCH_LOCAL_ID],
				 bare->fields_n[BENCH_LOCAL_ID], bare->index_key, KEY_BYTES);
}

static void take_field(void *bytes, size_t n, void *context)
{
	struct bare *bare = context;

	if (bare->columns == COLUMNS_MAX || n >= FIELD_BYTES) {
		check(bare, EMSGSIZE);
		return;
	}
	memcpy(bare->fields[bare->columns], bytes, n);
	bare->fields[bare->columns][n] = '\0';
	bare->fields_n[bare->columns++] = n;
}

static void store_row(struct bare *bare)
{
	uint8_t sealed[COLUMNS_MAX * (FIELD_BYTES + 3) + NONCE_BYTES + TAG_BYTES];
	uint8_t id[8];
	msgpack_packer packer;

	put_u64be(++bare->rows, id);
	msgpack_sbuffer_clear(&bare->packed);
	msgpack_packer_init(&packer, &bare->packed, msgpack_sbuffer_write);
	(void)msgpack_pack_array(&packer, bare->columns);
	for (size_t i = 0; i < bare->columns; i++)
		(void)msgpack_pack_str_with_body(&packer, bare->fields[i], bare->fields_n[i]);
	append(bare, bare->txn, bare->log, id, sealed,
	       seal(bare, make_key(bare, id), id, bare->packed.data, bare->packed.size, sealed));
	note_entry(bare, id);
	count(bare);
	if (bare->rows % CHUNK == 0 && bare->error == 0) {
		commit(bare);
		begin(bare);
	}
}

static void take_row(int end, void *context)
{
	struct bare *bare = context;
	bool is_heading = strcmp(bare->fields[BENCH_LOCAL_ID], "Lokalt id") == 0;

	(void)end;
	if (bare->error == 0 && bare->columns > BENCH_ENTRY && !is_heading)
		store_row(bare);
	bare->columns = 0;
}

static int compare_entries(const void *left, const void *right)
{
	return memcmp(left, right, HASH_BYTES);
}

static void write_index(struct bare *bare)
{
	if (bare->rows > 0)
		qsort(bare->entries, bare->rows, sizeof(*bare->entries), compare_entries);
	for (uint64_t i = 0; i < bare->rows && bare->error == 0; i++) {
		MDB_val key = {HASH_BYTES, bare->entries[i].hash};
		MDB_val value = {8, bare->entries[i].id};

		check(bare, mdb_put(bare->txn, bare->index, &key, &value, MDB_APPEND));
		if (i % CHUNK == CHUNK - 1) {
			commit(bare);
			begin(bare);
		}
	}
	commit(bare);
}

static void read_file(struct bare *bare, FILE *file)
{
	struct csv_parser parser;
	char piece[60 * 1024];
	size_t n;

	if (csv_init(&parser, 0) != 0) {
		check(bare, ENOMEM);
		return;
	}
	csv_set_delim(&parser, ';');
	while ((n = fread(piece, 1, sizeof(piece), file)) > 0 && bare->error == 0)
		(void)csv_parse(&parser, piece, n, take_field, take_row, bare);
	(void)csv_fini(&parser, take_field, take_row, bare);
	csv_free(&parser);
}

int bench_bare_import(const char *path, const char *dir, bool has_person_keys)
{
	own(stream_close) FILE *file = fopen(path, "re");
	own(mem_free) struct bare *bare = calloc(1, sizeof(*bare));

	if (file == NULL || bare == NULL)
		return fail(-errno);
	bare->has_person_keys = has_person_keys;
	randombytes_buf(bare->store_key, KEY_BYTES);
	randombytes_buf(bare->index_key, KEY_BYTES);
	msgpack_sbuffer_init(&bare->packed);
	check(bare, open_env(dir, "records", &bare->records));
	if (has_person_keys)
		check(bare, open_env(dir, "keys", &bare->keys));
	if (bare->error == 0)
		open_tables(bare);
	if (bare->error == 0)
		read_file(bare, file);
	if (bare->error == 0)
		write_index(bare);
	mdb_env_close(bare->records);
	if (has_person_keys)
		mdb_env_close(bare->keys);
	free(bare->entries);
	msgpack_sbuffer_destroy(&bare->packed);
	return bare->error;
}
