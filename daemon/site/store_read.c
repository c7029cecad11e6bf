#include "daemon/site/store_read.h"

#include "daemon/site/store_fold.h"
#include "daemon/site/store_index.h"
#include "daemon/site/store_keys.h"
#include "lib/own.h"

#include <errno.h>
#include <string.h>

int store_who(struct store *store, const struct record *record, uint64_t *ret_id)
{
	struct store_hashes hashes;

	store_index_hashes(store, record, &hashes);
	return store_index_who(store, &hashes, ret_id);
}

bool store_find(struct store *store, const struct record *record, uint64_t *ret_id)
{
	return store_who(store, record, ret_id) == LOOKUP_SOMEBODY;
}

int store_load_at(struct store *store, uint64_t id, uint64_t seq, struct store_person *ret_person)
{
	own(store_fold_close) struct store_fold fold = {0};
	own(store_person_wipe) struct store_person person;
	int error;

	store_person_clear(&person);
	store_fold_open(store, &fold);
	error = store_fold_person(&fold, id, seq, &person);
	if (error == 0)
		*ret_person = person;
	return error;
}

int store_load(struct store *store, uint64_t id, struct store_person *ret_person)
{
	own(safe_abort) struct safe_txn txn = {0};
	struct store_person_row row;
	int error;

	safe_read(store->records, &txn);
	error = store_core_person(store, &txn, id, &row);
	if (error == 0 && (row.flags & STORE_ERASED) != 0)
		error = -ENOENT;
	if (error < 0)
		return error;
	error = store_load_at(store, id, row.last_seq, ret_person);
	/* Who is not erased has a key: it is damage that it is not found, not nobody. */
	return error == -ENOENT ? fail(-EBADMSG) : error;
}

static int owner_of(struct store *store, struct safe_txn *txn, uint64_t seq, uint64_t *ret_person)
{
	struct kv_bytes sealed;
	uint64_t id = 0;
	uint8_t place[8];
	int error;

	safe_key_u64(seq, place);
	if (seq > store->head.seq || !safe_raw(txn, STORE_LOG, place, sizeof(place), &sealed))
		return txn->kv.error != 0 ? txn->kv.error : -ENOENT;
	error = vault_key_id(sealed.data, sealed.n, &id);
	if (error == 0 && id == 0)
		error = fail(-EBADMSG);
	if (error == 0)
		*ret_person = id;
	return error;
}

int store_load_owner(struct store *store, uint64_t seq, uint64_t *ret_person)
{
	own(safe_abort) struct safe_txn txn = {0};

	safe_read(store->records, &txn);
	return owner_of(store, &txn, seq, ret_person);
}

int store_load_act(struct store *store, uint64_t seq, struct act *ret_act)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_wipe) struct buf plain = {0};
	uint8_t key[VAULT_KEY_BYTES];
	struct vault_key with = {key, 0};
	uint8_t place[8];
	int error;

	safe_key_u64(seq, place);
	safe_read(store->records, &txn);
	error = owner_of(store, &txn, seq, &with.id);
	if (error == 0)
		error = store_keys_get(store, with.id, key);
	if (error == 0)
		error = safe_get(&txn, STORE_LOG, place, sizeof(place), &with, &plain);
	explicit_bzero(key, sizeof(key));
	return error < 0 ? error : act_read(plain.data, plain.n, ret_act);
}
