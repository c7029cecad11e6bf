#include "daemon/site/store_read.h"

#include "daemon/site/store_core.h"
#include "lib/own.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool store_find(struct store *store, const struct record *record, uint64_t *ret_id)
{
	uint8_t hash[VAULT_LOOKUP_BYTES];

	return store_core_hash(store, record, hash) && store_core_lookup(store, hash, ret_id) == 0;
}

/* A person's acts in plain, the newest first, one after another in bytes. */
struct acts {
	struct buf bytes;
	struct act_place {
		uint64_t seq;
		size_t at, n;
	} * places; /* owned */
	size_t n, room;
};

static void acts_free(struct acts *acts)
{
	buf_wipe(&acts->bytes);
	free(acts->places);
}

static int add_place(struct acts *acts, uint64_t seq, size_t at)
{
	size_t room = acts->room == 0 ? 8 : acts->room * 2;
	struct act_place *grown;

	if (acts->n == acts->room) {
		grown = reallocarray(acts->places, room, sizeof(*grown));
		if (grown == NULL)
			return fail(-ENOMEM);
		acts->places = grown;
		acts->room = room;
	}
	acts->places[acts->n++] = (struct act_place){.seq = seq, .at = at, .n = acts->bytes.n - at};
	return 0;
}

static int read_acts(struct safe_txn *txn, const struct vault_key *key, uint64_t last,
		     struct acts *acts)
{
	int error = 0;

	for (uint64_t seq = last; seq != 0 && error == 0;) {
		size_t at = acts->bytes.n;
		struct act act;
		uint8_t place[8];

		safe_key_u64(seq, place);
		error = safe_get(txn, STORE_LOG, place, sizeof(place), key, &acts->bytes);
		if (error == -ENOENT)
			error = fail(-EBADMSG);
		if (error == 0)
			error = act_read(acts->bytes.data + at, acts->bytes.n - at, &act);
		if (error == 0 && act.prev >= seq)
			error = fail(-EBADMSG);
		if (error == 0)
			error = add_place(acts, seq, at);
		if (error == 0)
			seq = act.prev;
	}
	return error;
}

static int fold(const struct store *store, const struct acts *acts, struct store_person *person)
{
	int error = 0;

	for (size_t i = acts->n; i > 0 && error == 0; i--) {
		const struct act_place *place = &acts->places[i - 1];

		error = act_fold(store->programme, place->seq, acts->bytes.data + place->at,
				 place->n, person);
	}
	return error;
}

int store_load_at(struct store *store, uint64_t id, uint64_t seq, struct store_person *ret_person)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(acts_free) struct acts acts = {0};
	own(store_person_wipe) struct store_person person;
	uint8_t key[VAULT_KEY_BYTES];
	struct vault_key with = {key, id};
	int error;

	store_person_clear(&person);
	person.id = id;
	error = store_core_key(store, id, key);
	if (error < 0)
		return error;
	safe_read(store->records, &txn);
	error = read_acts(&txn, &with, seq, &acts);
	explicit_bzero(key, sizeof(key));
	if (error == 0)
		error = fold(store, &acts, &person);
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
	if (error < 0)
		return error;
	return store_load_at(store, id, row.last_seq, ret_person);
}

int store_load_act(struct store *store, uint64_t seq, struct act *ret_act)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_wipe) struct buf plain = {0};
	struct kv_bytes sealed;
	uint8_t key[VAULT_KEY_BYTES];
	struct vault_key with = {key, 0};
	uint8_t place[8];
	int error;

	safe_key_u64(seq, place);
	safe_read(store->records, &txn);
	if (seq > store->head.seq || !safe_raw(&txn, STORE_LOG, place, sizeof(place), &sealed))
		return txn.kv.error != 0 ? txn.kv.error : -ENOENT;
	error = vault_key_id(sealed.data, sealed.n, &with.id);
	if (error == 0 && with.id == 0)
		error = fail(-EBADMSG);
	if (error == 0)
		error = store_core_key(store, with.id, key);
	if (error == 0)
		error = safe_get(&txn, STORE_LOG, place, sizeof(place), &with, &plain);
	explicit_bzero(key, sizeof(key));
	return error < 0 ? error : act_read(plain.data, plain.n, ret_act);
}
