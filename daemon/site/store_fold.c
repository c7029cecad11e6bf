#include "daemon/site/store_fold.h"

#include "daemon/site/store_keys.h"
#include "lib/own.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void store_fold_open(struct store *store, struct store_fold *fold)
{
	*fold = (struct store_fold){.store = store};
	safe_read(store->records, &fold->records);
	safe_read(store->keys, &fold->keys);
}

void store_fold_close(struct store_fold *fold)
{
	safe_abort(&fold->records);
	safe_abort(&fold->keys);
	buf_wipe(&fold->bytes);
	buf_wipe(&fold->key);
	free(fold->places);
	*fold = (struct store_fold){0};
}

static int add_place(struct store_fold *fold, uint64_t seq, size_t at)
{
	size_t room = fold->room == 0 ? 8 : fold->room * 2;
	struct store_fold_place *grown;

	if (fold->n == fold->room) {
		grown = reallocarray(fold->places, room, sizeof(*grown));
		if (grown == NULL)
			return fail(-ENOMEM);
		fold->places = grown;
		fold->room = room;
	}
	fold->places[fold->n++] =
		(struct store_fold_place){.seq = seq, .at = at, .n = fold->bytes.n - at};
	return 0;
}

static int read_key(struct store_fold *fold, uint64_t id)
{
	uint8_t place[8];
	int error;

	safe_key_u64(id, place);
	buf_clear(&fold->key);
	error = store_keys_read(fold->store, &fold->keys, place, &fold->key);
	if (error == 0 && fold->key.n != VAULT_KEY_BYTES)
		error = fail(-EBADMSG);
	return error;
}

/* Opens the act and says which was the person's before it. */
static int read_act(struct store_fold *fold, const struct vault_key *key, uint64_t seq,
		    uint64_t *ret_prev)
{
	size_t at = fold->bytes.n;
	struct act act;
	uint8_t place[8];
	int error;

	safe_key_u64(seq, place);
	error = safe_get(&fold->records, STORE_LOG, place, sizeof(place), key, &fold->bytes);
	if (error == -ENOENT)
		error = fail(-EBADMSG);
	if (error == 0)
		error = act_read(fold->bytes.data + at, fold->bytes.n - at, &act);
	if (error == 0 && act.prev >= seq)
		error = fail(-EBADMSG);
	if (error == 0)
		error = add_place(fold, seq, at);
	if (error == 0)
		*ret_prev = act.prev;
	return error;
}

int store_fold_person(struct store_fold *fold, uint64_t id, uint64_t last,
		      struct store_person *ret_person)
{
	int error = read_key(fold, id);
	struct vault_key key = {fold->key.data, id};

	store_person_clear(ret_person);
	ret_person->id = id;
	buf_clear(&fold->bytes);
	fold->n = 0;
	for (uint64_t seq = last; seq != 0 && error == 0;)
		error = read_act(fold, &key, seq, &seq);
	for (size_t i = fold->n; i > 0 && error == 0; i--) {
		const struct store_fold_place *place = &fold->places[i - 1];

		error = act_fold(fold->store->programme, place->seq, fold->bytes.data + place->at,
				 place->n, ret_person);
	}
	return error;
}
