#include "daemon/site/store_sound_tables.h"

#include "daemon/site/change.h"
#include "daemon/site/store_index.h"
#include "daemon/site/store_read.h"
#include "lib/own.h"

#include <errno.h>

/* What a batch under way, or one that failed, has written is nobody yet. */
static bool is_somebody(const struct store_sound *sound, uint64_t id)
{
	return id != 0 && id < sound->store->head.next_person;
}

/* ---- The log ---- */

/* The last act of each, by the sealed rows alone; one that is missing is the chain's to tell. */
static void read_last_acts(struct store_sound *sound, struct safe_txn *txn)
{
	for (uint64_t seq = 1; seq <= sound->store->head.seq && txn->kv.error == 0; seq++) {
		struct kv_bytes sealed;
		uint64_t id = 0;
		uint8_t key[8];

		safe_key_u64(seq, key);
		if (safe_raw(txn, STORE_LOG, key, sizeof(key), &sealed) &&
		    vault_key_id(sealed.data, sealed.n, &id) == 0 && is_somebody(sound, id))
			sound->persons[id].last_seq = seq;
	}
}

/* ---- A table ---- */

/* A row is looked at; plain is NULL when it does not open. */
typedef void row_fn(struct store_sound *sound, const struct kv_bytes *key, const struct buf *plain);

/* Walks a table to its end; whether it holds as many rows as it says. */
static int walk(struct store_sound *sound, struct safe_txn *txn, unsigned table, row_fn *look,
		bool *ret_agrees)
{
	own(safe_cursor_close) struct safe_cursor cursor = {0};
	own(buf_wipe) struct buf plain = {0};
	uint64_t n = 0;

	for (bool more = safe_seek(txn, table, NULL, 0, &cursor); more; more = safe_next(&cursor)) {
		int error;

		buf_clear(&plain);
		error = safe_cursor_value(&cursor, NULL, &plain);
		if (error != 0 && error != -EBADMSG)
			return error;
		look(sound, &cursor.kv.key, error == 0 ? &plain : NULL);
		n++;
	}
	*ret_agrees = txn->kv.error != 0 || n == safe_count(txn, table);
	return store_sound_settle(sound, txn);
}

/* ---- Persons ---- */

static void look_at_row(struct store_sound *sound, const struct kv_bytes *key,
			const struct buf *plain)
{
	struct store_person_row row;

	if (plain == NULL || store_core_read_person(key, plain, &row) != 0) {
		/* Whose row it is was told when they were looked at. */
		if (key->n != 8 || !is_somebody(sound, safe_key_number(key->data)))
			store_sound_flaw(sound, STORE_FLAW_ROW, 0);
		return;
	}
	if (!is_somebody(sound, row.id)) {
		if (!sound->store->has_beyond)
			store_sound_flaw(sound, STORE_FLAW_ROW, 0);
		return;
	}
	sound->persons[row.id].is_erased = (row.flags & STORE_ERASED) != 0;
	sound->counted_n += row.flags == 0;
	if (row.last_seq != sound->persons[row.id].last_seq)
		store_sound_flaw(sound, STORE_FLAW_ROW_OTHER, row.id);
}

static int look_at_rows(struct store_sound *sound, struct safe_txn *txn)
{
	bool agrees = true;
	int error;

	sound->counted_n = 0;
	error = walk(sound, txn, STORE_PERSON, look_at_row, &agrees);
	if (error == 0 && !agrees)
		store_sound_flaw(sound, STORE_FLAW_COUNT_PERSONS, 0);
	if (error == 0 && !sound->is_torn && sound->counted_n != sound->store->head.persons)
		store_sound_flaw(sound, STORE_FLAW_COUNT_HEAD, 0);
	return error;
}

/* ---- The index ---- */

static void look_at_entry(struct store_sound *sound, const struct kv_bytes *key,
			  const struct buf *plain)
{
	uint64_t id;

	sound->entries_n++;
	if (plain == NULL || plain->n != 8 || key->n != VAULT_LOOKUP_BYTES) {
		store_sound_flaw(sound, STORE_FLAW_ENTRY, 0);
		return;
	}
	id = safe_key_number(plain->data);
	if (id == STORE_INVITED)
		return;
	if (!is_somebody(sound, id)) {
		if (!sound->store->has_beyond)
			store_sound_flaw(sound, STORE_FLAW_ENTRY_NOBODY, 0);
	} else if (sound->persons[id].is_erased) {
		store_sound_flaw(sound, STORE_FLAW_ENTRY_NOBODY, id);
	} else if (sound->persons[id].leads < STORE_SOUND_CONDENSED) {
		sound->persons[id].leads++;
	}
}

/* What a person's acts say of whom entries may lead to. */
struct past {
	bool was_found_otherwise; /* anonymous, merged or taken back once: what they gave up stays
				   */
	bool is_renewed; /* had an identity and was condensed */
};

static int read_past(struct store *store, const struct store_person *person, struct past *ret_past)
{
	struct past past = {0};

	for (uint64_t seq = person->last_seq; seq != 0;) {
		own(store_person_wipe) struct store_person then;
		struct act act;
		int error;

		store_person_clear(&then);
		error = store_load_act(store, seq, &act);
		if (error == 0)
			error = store_load_at(store, person->id, seq, &then);
		if (error != 0)
			return error;
		past.is_renewed |= act.kind == ACT_CONDENSED && act.other != 0;
		past.was_found_otherwise |= act.kind == ACT_CONDENSED || act.kind == ACT_MERGED ||
					    act.kind == ACT_MISREGISTERED ||
					    !change_keeps_identity(&then.record);
		seq = act.prev;
	}
	*ret_past = past;
	return 0;
}

/* Entries that are too many or none at all, judged by what the person is now: they may have changed
 * since their slice. Whoever does not open was told of there. */
static void judge(struct store_sound *sound, uint64_t id)
{
	own(store_person_wipe) struct store_person person;
	const struct store_sound_person *of = &sound->persons[id];
	struct store_hashes hashes;
	struct past past;

	store_person_clear(&person);
	if (store_load(sound->store, id, &person) != 0 || person.is_misregistered ||
	    read_past(sound->store, &person, &past) != 0)
		return;
	store_index_hashes(sound->store, &person.record, &hashes);
	if (person.is_condensed && past.is_renewed && of->leads == 0)
		store_sound_flaw(sound, STORE_FLAW_NOT_FOUND, id);
	else if (!past.was_found_otherwise && of->leads > hashes.n)
		store_sound_flaw(sound, STORE_FLAW_ENTRY_MORE, id);
}

static void judge_all(struct store_sound *sound)
{
	for (uint64_t id = 1; id < sound->store->head.next_person; id++) {
		const struct store_sound_person *of = &sound->persons[id];

		if (of->expected == STORE_SOUND_CONDENSED
			    ? of->leads == 0
			    : of->expected != STORE_SOUND_ANY && of->leads > of->expected)
			judge(sound, id);
	}
}

static int look_at_index(struct store_sound *sound, struct safe_txn *txn)
{
	bool agrees = true;
	int error;

	sound->entries_n = 0;
	error = walk(sound, txn, STORE_INDEX, look_at_entry, &agrees);
	if (error == 0 && !agrees)
		store_sound_flaw(sound, STORE_FLAW_COUNT_INDEX, 0);
	if (error == 0 && !sound->is_torn)
		judge_all(sound);
	return error;
}

/* ---- The keys ---- */

static void look_at_key(struct store_sound *sound, const struct kv_bytes *key,
			const struct buf *plain)
{
	uint64_t id = key->n == 8 ? safe_key_number(key->data) : 0;

	(void)plain; /* whose key does not open was told when they were looked at */
	if (is_somebody(sound, id) || (id != 0 && sound->store->has_beyond))
		return;
	store_sound_flaw(sound, STORE_FLAW_KEY, 0);
}

static int look_at_keys(struct store_sound *sound)
{
	own(safe_abort) struct safe_txn txn = {0};
	bool agrees = true;
	int error;

	safe_read(sound->store->keys, &txn);
	error = walk(sound, &txn, STORE_KEY, look_at_key, &agrees);
	if (error == 0 && !agrees)
		store_sound_flaw(sound, STORE_FLAW_COUNT_KEYS, 0);
	return error;
}

int store_sound_tables(struct store_sound *sound)
{
	own(safe_abort) struct safe_txn txn = {0};
	int error = store_sound_make_room(sound);

	if (error != 0 || sound->is_torn)
		return error;
	safe_read(sound->store->records, &txn);
	read_last_acts(sound, &txn);
	error = store_sound_settle(sound, &txn);
	if (error == 0 && !sound->is_torn)
		error = look_at_rows(sound, &txn);
	if (error == 0 && !sound->is_torn)
		error = look_at_index(sound, &txn);
	safe_abort(&txn);
	return error == 0 && !sound->is_torn ? look_at_keys(sound) : error;
}
