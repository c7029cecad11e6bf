#include "daemon/site/store_sound.h"

#include "daemon/site/change.h"
#include "daemon/site/store_fold.h"
#include "daemon/site/store_index.h"
#include "daemon/site/store_keys.h"
#include "lib/own.h"

#include <errno.h>
#include <stdlib.h>

void store_sound_flaw(struct store_sound *sound, enum store_flaw_kind kind, uint64_t id)
{
	if (sound->flaws_n < STORE_FLAWS_MAX)
		sound->flaws[sound->flaws_n] = (struct store_flaw){kind, id};
	sound->flaws_n++;
}

int store_sound_make_room(struct store_sound *sound)
{
	size_t room = (size_t)sound->store->head.next_person;
	struct store_sound_person *grown;

	if (room <= sound->room)
		return 0;
	grown = reallocarray(sound->persons, room, sizeof(*grown));
	if (grown == NULL)
		return fail(-ENOMEM);
	for (size_t id = sound->room; id < room; id++)
		grown[id] = (struct store_sound_person){.expected = STORE_SOUND_ANY};
	sound->persons = grown;
	sound->room = room;
	return 0;
}

int store_sound_begin(struct store *store, struct store_sound **ret_sound)
{
	own(store_sound_free) struct store_sound *sound = calloc(1, sizeof(*sound));
	int error;

	if (sound == NULL)
		return fail(-ENOMEM);
	sound->store = store;
	error = store_sound_make_room(sound);
	if (error == 0)
		*ret_sound = take(sound);
	return error;
}

void store_sound_free(struct store_sound **sound)
{
	if (*sound == NULL)
		return;
	free((*sound)->persons);
	free(*sound);
	*sound = NULL;
}

int store_sound_settle(struct store_sound *sound, const struct safe_txn *txn)
{
	if (txn->kv.error == 0)
		return 0;
	if (txn->kv.error == -ENOMEM)
		return txn->kv.error;
	if (!sound->is_torn)
		store_sound_flaw(sound, STORE_FLAW_TORN, 0);
	sound->is_torn = true;
	return 0;
}

/* ---- One person ---- */

/* Whether an identity leads to whose it is. */
static void look_up(struct store_sound *sound, struct safe_txn *txn,
		    const uint8_t hash[static VAULT_LOOKUP_BYTES], uint64_t id)
{
	own(buf_free) struct buf plain = {0};
	int error = safe_get(txn, STORE_INDEX, hash, VAULT_LOOKUP_BYTES, NULL, &plain);

	if (error == -ENOENT)
		store_sound_flaw(sound, STORE_FLAW_NOT_FOUND, id);
	else if (error == -EBADMSG || (error == 0 && plain.n != 8))
		store_sound_flaw(sound, STORE_FLAW_ENTRY, id);
	else if (error == 0 && safe_key_number(plain.data) != id)
		store_sound_flaw(sound, STORE_FLAW_FOUND_OTHER, id);
}

/* All that somebody can be found by; gives how many entries that makes. */
static uint8_t look_up_all(struct store_sound *sound, struct safe_txn *txn,
			   const struct store_person *person)
{
	struct store_hashes all, seen = {.n = 0};

	store_index_hashes(sound->store, &person->record, &all);
	for (size_t i = 0; i < all.n; i++) {
		if (store_index_has(&seen, all.of[i].bytes))
			continue;
		seen.of[seen.n++] = all.of[i];
		look_up(sound, txn, all.of[i].bytes, person->id);
	}
	return (uint8_t)seen.n;
}

static void look_at_fold(struct store_sound *sound, struct safe_txn *txn,
			 const struct store_person_row *row, const struct store_person *person)
{
	struct store_sound_person *of = &sound->persons[person->id];

	if (person->is_answer != ((row->flags & STORE_ANSWER) != 0) ||
	    person->is_misregistered != ((row->flags & STORE_MISREGISTERED) != 0))
		store_sound_flaw(sound, STORE_FLAW_ROW_OTHER, person->id);
	of->expected = STORE_SOUND_ANY;
	if (person->is_misregistered)
		return; /* others may have taken over what they were found by */
	of->expected = look_up_all(sound, txn, person);
	if (person->is_condensed)
		of->expected = STORE_SOUND_CONDENSED;
	else if (!change_keeps_identity(&person->record))
		of->expected = STORE_SOUND_ANY;
}

/* Which of a person's rows it is that does not open. */
static enum store_flaw_kind why_not(struct store_fold *fold, uint64_t id)
{
	own(buf_wipe) struct buf key = {0};
	uint8_t place[8];
	int error;

	safe_key_u64(id, place);
	error = store_keys_read(fold->store, &fold->keys, place, &key);
	if (error == -ENOENT)
		return STORE_FLAW_KEY_GONE;
	return error == 0 && key.n == VAULT_KEY_BYTES ? STORE_FLAW_ACTS : STORE_FLAW_KEY;
}

static int read_row(struct store_sound *sound, struct safe_txn *txn, uint64_t id,
		    struct store_person_row *ret_row)
{
	int error = store_core_person(sound->store, txn, id, ret_row);

	if (error == -ENOENT)
		store_sound_flaw(sound, STORE_FLAW_ROW_GONE, id);
	else if (error == -EBADMSG)
		store_sound_flaw(sound, STORE_FLAW_ROW, id);
	return error;
}

static int look_at(struct store_sound *sound, struct store_fold *fold, uint64_t id)
{
	own(store_person_wipe) struct store_person person;
	struct store_person_row row;
	int error;

	store_person_clear(&person);
	error = read_row(sound, &fold->records, id, &row);
	if (error != 0 || (row.flags & STORE_ERASED) != 0)
		return error == -ENOMEM ? error : 0;
	error = store_fold_person(fold, id, row.last_seq, &person);
	if (error == 0)
		look_at_fold(sound, &fold->records, &row, &person);
	else if (fold->records.kv.error == 0 && fold->keys.kv.error == 0 && error != -ENOMEM)
		store_sound_flaw(sound, why_not(fold, id), id);
	return error == -ENOMEM ? error : 0;
}

int store_sound_step(struct store_sound *sound, size_t most, bool *ret_is_done)
{
	own(store_fold_close) struct store_fold fold = {0};
	int error = 0;

	store_fold_open(sound->store, &fold);
	/* Whoever came since is looked at the next time. */
	for (size_t n = 0; n < most && sound->after + 1 < sound->room && error == 0; n++) {
		error = look_at(sound, &fold, ++sound->after);
		if (error == 0)
			error = store_sound_settle(sound, &fold.records);
		if (error == 0)
			error = store_sound_settle(sound, &fold.keys);
		if (sound->is_torn)
			break;
	}
	if (error == 0)
		*ret_is_done = sound->is_torn || sound->after + 1 >= sound->room;
	return error;
}
