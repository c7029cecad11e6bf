#include "daemon/site/store_act.h"

#include "daemon/site/change.h"
#include "daemon/site/store_index.h"
#include "daemon/site/store_read.h"
#include "lib/own.h"

#include <errno.h>
#include <string.h>

struct change {
	enum store_act kind;
	bool is_new;
	struct store_person person; /* before; numbered */
	struct act_steps steps;
	uint8_t flags;
	struct store_moves moves; /* of the index */
	uint8_t key[VAULT_KEY_BYTES];
	struct buf bytes;
};

static void change_wipe(struct change *change)
{
	store_person_wipe(&change->person);
	buf_wipe(&change->bytes);
	explicit_bzero(change, sizeof(*change));
}

/* How the index moves with the record; -EEXIST when anything it would be found by leads to
 * another person. Of somebody taken back only what they were known by is left. */
static int plan_moves(struct store *store, const struct record *after, struct change *change)
{
	struct store_hashes before = {.n = 0};
	struct store_hashes hashes;

	store_index_hashes(store, after, &hashes);
	for (size_t i = 0; i < hashes.n; i++) {
		struct store_hashes one = {.of = {hashes.of[i]}, .n = 1};
		uint64_t id = change->person.id;
		int verdict = store_index_who(store, &one, &id);

		if (verdict < 0)
			return verdict;
		if (id != change->person.id && !store_index_is_stale(store, id))
			return fail(-EEXIST);
	}
	if (!change->is_new && !change->person.is_misregistered)
		store_index_hashes(store, &change->person.record, &before);
	store_index_moves(&before, &hashes, change_keeps_identity(after), &change->moves);
	return 0;
}

/* Loads or numbers the person, and sees to it that nobody else has the look-ups. */
static int find_person(struct store *store, uint64_t id, const struct record *after,
		       struct change *change)
{
	int error = 0;

	change->is_new = id == 0;
	store_person_clear(&change->person);
	if (change->is_new)
		change->person.id = store->head.next_person;
	else
		error = store_load(store, id, &change->person);
	return error < 0 ? error : plan_moves(store, after, change);
}

static void work_out(struct store *store, const struct store_origin *origin,
		     const struct record *after, struct change *change)
{
	bool is_answer = change->person.is_answer || change->kind == ACT_ANSWERED;
	bool is_out = change->kind == ACT_MISREGISTERED;
	struct tally counted = {0};

	if (is_answer && !is_out)
		tally_answer(store->plan, after, &counted);
	else if (!is_out)
		tally_record(store->plan, after, &counted);
	change->flags =
		(uint8_t)((is_answer ? STORE_ANSWER : 0) | (is_out ? STORE_MISREGISTERED : 0));
	act_compare(store->programme, &change->person, &counted, &change->steps);
	act_pack(origin, change->kind, &change->person, after, &change->steps, &change->bytes);
}

static int tell_books(struct store *store, const struct change *change)
{
	int error = 0;

	for (size_t i = 0; i < change->steps.n && error == 0; i++) {
		const struct act_step *step = &change->steps.steps[i];

		error = book_change(store->book, change->person.id, store->head.seq + 1,
				    step->has_before ? &step->before : NULL,
				    step->has_after ? &step->after : NULL);
	}
	return error;
}

static void move_head(const struct change *change, struct store_head *head)
{
	const struct store_person *person = &change->person;

	head->next_person += change->is_new;
	head->persons += change->flags == 0;
	head->persons -= !change->is_new && !person->is_answer && !person->is_misregistered;
}

static int write_change(struct store *store, const struct change *change)
{
	own(safe_abort) struct safe_txn txn = {0};
	struct store_head head = store->head;
	struct vault_key key = {change->key, change->person.id};
	struct store_person_row row = {change->person.id, head.seq + 1, change->flags};
	int error;

	move_head(change, &head);
	safe_write(store->records, &txn);
	store_core_append(&txn, &head, &key, change->bytes.data, change->bytes.n);
	store_core_put_person(&txn, &row);
	for (size_t i = 0; i < change->moves.n; i++)
		store_index_move(&txn, &change->moves.of[i], change->person.id);
	store_core_put_head(&txn, &head);
	error = book_keep(store->book, store_core_put_leaf, &txn);
	if (error == 0)
		error = safe_commit(&txn);
	if (error < 0)
		return error;
	book_kept(store->book);
	store->head = head;
	store->has_beyond = false;
	return 0;
}

static int make_change(struct store *store, struct change *change)
{
	int error = change->bytes.error;

	(void)kv_grow(safe_kv(store->records));
	(void)kv_grow(safe_kv(store->keys));
	if (error == 0 && store->has_beyond)
		error = store_core_sweep(store);
	if (error == 0 && change->is_new)
		error = store_core_make_keys(store, change->person.id, 1, change->key);
	else if (error == 0)
		error = store_core_key(store, change->person.id, change->key);
	if (error < 0)
		return error;
	error = tell_books(store, change);
	if (error == 0)
		error = write_change(store, change);
	if (error < 0)
		store_core_revert(store);
	return error;
}

int store_act(struct store *store, const struct store_origin *origin, uint64_t id,
	      enum store_act act, const struct record *after, uint64_t *ret_id)
{
	own(change_wipe) struct change change = {.kind = act};
	int error;

	if (store->run != NULL)
		return fail(-EBUSY);
	if (store->is_broken)
		return fail(-EIO);
	error = find_person(store, id, after, &change);
	if (error < 0)
		return error;
	if (!change.is_new && act != ACT_MISREGISTERED && !change.person.is_misregistered &&
	    !change_differs(&change.person.record, after)) {
		*ret_id = id;
		return 0;
	}
	work_out(store, origin, after, &change);
	error = make_change(store, &change);
	if (error == 0)
		*ret_id = change.person.id;
	return error;
}
