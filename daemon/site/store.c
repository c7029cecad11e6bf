#include "daemon/site/store.h"

#include "daemon/site/store_core.h"
#include "daemon/site/store_forget.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/approval.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORDS_SCHEMA 1
#define KEYS_SCHEMA 1
#define RECORDS_ID_KEY "x.records" /* in keys: the store id of the records they are for */
#define BYTES_OF(text) (text), sizeof(text) - 1

static const char *const record_tables[] = {"log",     "person", "index", "book",
					    "release", "batch",  "event", "result"};
static const char *const key_tables[] = {"key", "next"};

static struct safe_spec records_spec(const struct store_settings *settings)
{
	return (struct safe_spec){.kind = "site-records",
				  .schema = RECORDS_SCHEMA,
				  .tables = record_tables,
				  .tables_n = array_n(record_tables),
				  .map_bytes = settings->map_bytes};
}

static struct safe_spec keys_spec(const struct store_settings *settings)
{
	return (struct safe_spec){.kind = "site-keys",
				  .schema = KEYS_SCHEMA,
				  .tables = key_tables,
				  .tables_n = array_n(key_tables),
				  .map_bytes = settings->map_bytes / 4};
}

static int part_path(const struct store_settings *settings, const char *part,
		     char ret_path[static PATH_MAX])
{
	int n = snprintf(ret_path, PATH_MAX, "%s/%s", settings->dir, part);

	return n < 0 || n >= PATH_MAX ? fail(-ENAMETOOLONG) : 0;
}

static void hash_programme(const struct programme *programme,
			   uint8_t ret_hash[static SIGN_HASH_BYTES])
{
	struct sign_hash hash;

	sign_hash_start(&hash, "mia/1/programme-id");
	sign_hash_part(&hash, programme->id, strlen(programme->id));
	sign_hash_part(&hash, programme->case_number, strlen(programme->case_number));
	sign_hash_end(&hash, ret_hash);
}

static int new_store(const struct store_settings *settings, struct store **ret_store,
		     struct fault *fault)
{
	own(store_close) struct store *store = calloc(1, sizeof(*store));
	int error;

	if (store == NULL)
		return fail(-ENOMEM);
	store->programme = settings->programme;
	store->dir = strdup(settings->dir);
	if (store->dir == NULL)
		return fail(-ENOMEM);
	store_person_clear(&store->looked.person);
	error = tally_plan_new(settings->programme, &store->plan, fault);
	if (error == 0)
		error = vault_new(settings->vault_key, settings->index_key, &store->vault);
	if (error == 0)
		error = book_new(settings->programme, &store->book);
	if (error == 0)
		*ret_store = take(store);
	return error;
}

void store_close(struct store **store)
{
	if (*store == NULL)
		return;
	store_batch_abort(*store);
	book_free(&(*store)->book);
	safe_close(&(*store)->records);
	safe_close(&(*store)->keys);
	vault_free(&(*store)->vault);
	tally_plan_free(&(*store)->plan);
	free((*store)->dir);
	mem_free(store);
}

/* Keys first: records without keys would be worth nothing. */
static int create_safes(const struct store_settings *settings, struct vault *vault)
{
	struct safe_spec records = records_spec(settings);
	struct safe_spec keys = keys_spec(settings);
	struct safe_identity identity = {.is_rehearsal = settings->is_rehearsal};
	char path[PATH_MAX], keys_path[PATH_MAX];
	int error = file_make_dir(settings->dir, 0700);

	text_copy(identity.owner, sizeof(identity.owner), settings->owner);
	hash_programme(settings->programme, identity.programme_id);
	if (error == 0)
		error = part_path(settings, "records", path);
	if (error == 0)
		error = part_path(settings, "keys", keys_path);
	if (error == 0)
		error = safe_create(keys_path, &keys, &identity, vault);
	if (error < 0)
		return error;
	error = safe_create(path, &records, &identity, vault);
	/* Nothing half made: the same can be tried again. */
	if (error < 0 && part_path(settings, "keys/data.mdb", keys_path) == 0)
		(void)unlink(keys_path);
	return error;
}

static int open_safes(const struct store_settings *settings, struct store *store,
		      struct fault *fault)
{
	struct safe_spec records = records_spec(settings);
	struct safe_spec keys = keys_spec(settings);
	char path[PATH_MAX];
	int error = part_path(settings, "records", path);

	if (error == 0)
		error = safe_open(path, &records, store->vault, &store->records, fault);
	if (error == 0)
		error = part_path(settings, "keys", path);
	return error < 0 ? error : safe_open(path, &keys, store->vault, &store->keys, fault);
}

static int write_first(struct store *store, uint32_t first_period)
{
	own(safe_abort) struct safe_txn keys = {0}, records = {0};
	struct store_head head = {.next_person = 1, .next_batch = 1};
	int error;

	safe_write(store->keys, &keys);
	safe_put(&keys, STORE_META, BYTES_OF(RECORDS_ID_KEY), NULL,
		 safe_identity(store->records)->store, VAULT_STORE_BYTES);
	error = safe_commit(&keys);
	if (error < 0)
		return error;
	book_start_at(store->book, first_period);
	safe_write(store->records, &records);
	store_core_put_head(&records, &head);
	error = store_keep_book(store, &records);
	return error < 0 ? error : safe_commit(&records);
}

int store_create(const struct store_settings *settings, uint32_t first_period, struct fault *fault)
{
	own(store_close) struct store *store = NULL;
	int error = new_store(settings, &store, fault);

	if (error < 0)
		return error;
	assert(store != NULL);
	error = create_safes(settings, store->vault);
	if (error == 0)
		error = open_safes(settings, store, fault);
	return error < 0 ? error : write_first(store, first_period);
}

static int check_identity(const struct store_settings *settings, const struct store *store,
			  struct fault *fault)
{
	const struct safe_identity *identity = safe_identity(store->records);
	uint8_t programme_id[SIGN_HASH_BYTES];

	if (strcmp(identity->owner, settings->owner) != 0)
		return fault_set(fault, "S010", settings->dir,
				 "Point state at this site's own folder.",
				 "The store is that of %s, and this is %s.", identity->owner,
				 settings->owner);
	hash_programme(settings->programme, programme_id);
	if (memcmp(identity->programme_id, programme_id, sizeof(programme_id)) != 0)
		return fault_set(fault, "S011", settings->dir,
				 "Use the programme the store was made for, or another folder.",
				 "The store is of another programme than %s (%s).",
				 settings->programme->id, settings->programme->case_number);
	return 0;
}

/* Records and keys must be of one making. */
static int check_keys(const struct store_settings *settings, struct store *store,
		      struct fault *fault)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_free) struct buf id = {0};
	int error;

	safe_read(store->keys, &txn);
	error = safe_get(&txn, STORE_META, BYTES_OF(RECORDS_ID_KEY), NULL, &id);
	if (error < 0 && error != -ENOENT)
		return error;
	if (error == 0 && id.n == VAULT_STORE_BYTES &&
	    memcmp(id.data, safe_identity(store->records)->store, id.n) == 0)
		return 0;
	return fault_set(fault, "S012", settings->dir,
			 "Restore records and keys from one and the same backup.",
			 "The folders records and keys do not belong together.");
}

int store_open(const struct store_settings *settings, struct store **ret_store, struct fault *fault)
{
	own(store_close) struct store *store = NULL;
	int error = new_store(settings, &store, fault);

	if (error < 0)
		return error;
	assert(store != NULL);
	error = open_safes(settings, store, fault);
	if (error == 0)
		error = check_identity(settings, store, fault);
	if (error == 0)
		error = check_keys(settings, store, fault);
	if (error < 0)
		return error;
	error = store_core_read(store);
	if (error == -EBADMSG &&
	    approval_check_age(store->records, settings->programme, fault) == -EBADMSG)
		return error; /* books of a later version */
	if (error == -EBADMSG)
		return fault_set(fault, "S004", settings->dir, "Restore the latest backup.",
				 "The head of the log or the books cannot be read.");
	if (error == 0)
		error = store_core_sweep(store);
	if (error == 0)
		error = store_forget_replay(store, fault);
	if (error == 0)
		*ret_store = take(store);
	return error;
}

struct safe *store_safe(struct store *store)
{
	return store->records;
}

struct book *store_book(struct store *store)
{
	return store->book;
}

int store_keep_book(struct store *store, struct safe_txn *txn)
{
	return book_keep(store->book, store_core_put_leaf, txn);
}

void store_revert(struct store *store)
{
	store_core_revert(store);
}

uint64_t store_head(const struct store *store)
{
	return store->head.seq;
}

uint64_t store_persons(const struct store *store)
{
	return store->head.persons;
}

bool store_is_rehearsal(const struct store *store)
{
	return safe_identity(store->records)->is_rehearsal;
}

static int check_safe(struct safe *safe)
{
	own(safe_abort) struct safe_txn txn = {0};

	safe_read(safe, &txn);
	return txn.kv.error;
}

int store_check(struct store *store)
{
	int error = store->is_broken ? fail(-EIO) : check_safe(store->records);

	return error < 0 ? error : check_safe(store->keys);
}
