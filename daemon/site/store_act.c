#include "daemon/site/store_act.h"

#include "daemon/site/change.h"
#include "daemon/site/condense.h"
#include "daemon/site/store_erase.h"
#include "daemon/site/store_index.h"
#include "daemon/site/store_keys.h"
#include "daemon/site/store_read.h"
#include "daemon/site/store_renew.h"
#include "lib/own.h"

#include <errno.h>
#include <string.h>

struct change {
	enum store_act kind;
	bool is_new;
	bool is_renewed; /* known, and gets another key */
	struct store_person person; /* before; numbered */
	struct record after; /* as it is stored */
	uint64_t other; /* what the act names besides */
	uint64_t found; /* whom the moves of the index lead to */
	struct act_steps steps;
	uint8_t flags;
	struct store_moves moves; /* of the index */
	uint8_t key[VAULT_KEY_BYTES];
	struct buf bytes;
};

static void change_wipe(struct change *change)
{
	store_person_wipe(&change->person);
	record_wipe(&change->after);
	buf_wipe(&change->bytes);
	explicit_bzero(change, sizeof(*change));
}

/* How the index moves with the record; -EEXIST when anything it would be found by leads to
 * another person, but for one who is dropped. Of somebody taken back only what they were known by
 * is left. */
static int plan_moves(struct store *store, const struct record *after, uint64_t drop,
		      struct change *change)
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
		if (id != change->person.id && id != drop && !store_index_is_stale(store, id))
			return fail(-EEXIST);
	}
	if (!change->is_new && !change->person.is_misregistered)
		store_index_hashes(store, &change->person.record, &before);
	store_index_moves(&before, &hashes, change_keeps_identity(after), &change->moves);
	return 0;
}

/* Loads or numbers the person. */
static int find_person(struct store *store, uint64_t id, struct change *change)
{
	int error = 0;

	change->is_new = id == 0;
	store_person_clear(&change->person);
	if (change->is_new)
		change->person.id = store->head.next_person;
	else
		error = store_load(store, id, &change->person);
	change->found = change->person.id;
	return error;
}

static bool is_out(const struct change *change)
{
	return change->kind == ACT_MISREGISTERED;
}

static bool is_answer(const struct change *change)
{
	return change->person.is_answer || change->kind == ACT_ANSWERED;
}

static void count(struct store *store, const struct record *after, enum condense how,
		  const struct change *change, struct tally *ret_counted)
{
	ret_counted->n = 0;
	if (is_out(change))
		return;
	if (is_answer(change))
		tally_answer(store->plan, after, ret_counted);
	else if (how == CONDENSE_STILL)
		act_counted(&change->person, ret_counted);
	else
		tally_record(store->plan, after, ret_counted);
}

/* An act that begins a known person anew: as of somebody of whom nothing was known. */
static void pack_anew(const struct store_origin *origin, struct change *change)
{
	own(store_person_wipe) struct store_person nobody;

	store_person_clear(&nobody);
	nobody.id = change->person.id;
	change->steps.other = change->person.last_seq;
	act_pack(origin, change->kind, &nobody, &change->after, &change->steps, &change->bytes);
}

/* What is stored of after, unless that changes nothing (false). */
static bool settle_record(struct store *store, const struct record *after, struct change *change,
			  enum condense *ret_how)
{
	bool may_pass = !change->is_new && !is_out(change) && !change->person.is_misregistered;

	*ret_how = is_answer(change) || is_out(change) ? CONDENSE_NOT
						       : condense_how(&change->person, after);
	if (*ret_how == CONDENSE_NOT)
		record_copy(after, &change->after);
	else
		condense_record(store->programme, &change->person, after, &change->after);
	if (*ret_how == CONDENSE_NOW)
		change->kind = ACT_CONDENSED;
	change->is_renewed = *ret_how == CONDENSE_NOW && !change->is_new;
	return !may_pass || change->is_renewed ||
	       change_differs(&change->person.record, &change->after);
}

static void work_out(struct store *store, const struct store_origin *origin,
		     const struct record *after, enum condense how, struct change *change)
{
	struct tally counted;

	count(store, after, how, change, &counted);
	change->flags = (uint8_t)((is_answer(change) ? STORE_ANSWER : 0) |
				  (is_out(change) ? STORE_MISREGISTERED : 0));
	if (how == CONDENSE_NOW)
		act_retell(store->programme, &change->person, &counted, &change->steps);
	else
		act_compare(store->programme, &change->person, &counted, &change->steps);
	change->steps.other = change->other;
	if (change->is_renewed)
		pack_anew(origin, change);
	else
		act_pack(origin, change->kind, &change->person, &change->after, &change->steps,
			 &change->bytes);
}

/* seq: the act's entry to be. */
static int tell_books(struct store *store, uint64_t seq, const struct change *change)
{
	int error = 0;

	for (size_t i = 0; i < change->steps.n && error == 0; i++) {
		const struct act_step *step = &change->steps.steps[i];

		error = book_change(store->book, change->person.id, seq,
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

static void put_change(struct safe_txn *txn, const struct change *change, struct store_head *head)
{
	struct vault_key key = {change->key, change->person.id};
	struct store_person_row row = {change->person.id, head->seq + 1, change->flags};

	move_head(change, head);
	store_core_append(txn, head, &key, change->bytes.data, change->bytes.n);
	store_core_put_person(txn, &row);
	for (size_t i = 0; i < change->moves.n; i++)
		store_index_move(txn, &change->moves.of[i], change->found);
}

static int write_changes(struct store *store, const struct change changes[], size_t n)
{
	own(safe_abort) struct safe_txn txn = {0};
	struct store_head head = store->head;
	int error;

	safe_write(store->records, &txn);
	for (size_t i = 0; i < n; i++)
		put_change(&txn, &changes[i], &head);
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

static int get_key(struct store *store, struct change *change)
{
	if (change->is_new)
		return store_keys_make(store, change->person.id, 1, change->key);
	if (change->is_renewed)
		return store_keys_renew(store, &change->person.id, 1, change->key);
	return store_keys_get(store, change->person.id, change->key);
}

/* In one commit, in order. */
static int make_changes(struct store *store, struct change changes[], size_t n)
{
	int error = 0;

	(void)kv_grow(safe_kv(store->records));
	(void)kv_grow(safe_kv(store->keys));
	if (store->has_beyond)
		error = store_core_sweep(store);
	for (size_t i = 0; i < n && error == 0; i++) {
		error = changes[i].bytes.error;
		if (error == 0)
			error = get_key(store, &changes[i]);
	}
	if (error < 0)
		return error;
	for (size_t i = 0; i < n && error == 0; i++)
		error = tell_books(store, store->head.seq + 1 + i, &changes[i]);
	if (error == 0)
		error = write_changes(store, changes, n);
	if (error < 0)
		store_core_revert(store);
	return error;
}

static int check(const struct store *store)
{
	if (store->run != NULL)
		return fail(-EBUSY);
	return store->is_broken ? fail(-EIO) : 0;
}

/* The person's key is another now. What cannot be done at once is done later: the act counts. */
static void end_old_key(struct store *store)
{
	if (store_renew_settle(store) == 0)
		(void)store_erase_finish(store);
}

int store_act(struct store *store, const struct store_origin *origin, uint64_t id,
	      enum store_act act, const struct record *after, uint64_t *ret_id)
{
	own(change_wipe) struct change change = {.kind = act};
	enum condense how;
	int error = check(store);

	if (error == 0)
		error = find_person(store, id, &change);
	if (error == 0)
		error = plan_moves(store, after, 0, &change);
	if (error < 0)
		return error;
	if (!settle_record(store, after, &change, &how)) {
		*ret_id = id;
		return 0;
	}
	work_out(store, origin, after, how, &change);
	error = make_changes(store, &change, 1);
	if (error < 0)
		return error;
	if (change.is_renewed)
		end_old_key(store);
	*ret_id = change.person.id;
	return 0;
}

static void wipe_pair(struct change (*pair)[2])
{
	change_wipe(&(*pair)[0]);
	change_wipe(&(*pair)[1]);
}

/* What a case was found by leads to it as before, whatever of it was given up. */
static void keep_all(struct store_moves *moves)
{
	size_t n = 0;

	for (size_t i = 0; i < moves->n; i++)
		if (!moves->of[i].is_gone)
			moves->of[n++] = moves->of[i];
	moves->n = n;
}

/* Whatever the dropped case was found by leads to the kept one. */
static void lead_over(struct store *store, const struct change *keep, struct change *drop)
{
	struct store_hashes none = {.n = 0};
	struct store_hashes hashes;

	store_index_hashes(store, &drop->person.record, &hashes);
	store_index_moves(&none, &hashes, false, &drop->moves);
	drop->found = keep->person.id;
}

int store_act_merge(struct store *store, const struct store_origin *origin, uint64_t keep,
		    uint64_t drop, const struct record *given)
{
	own(wipe_pair) struct change pair[2] = {{.kind = ACT_MISREGISTERED, .other = keep},
						{.kind = ACT_MERGED, .other = drop}};
	enum condense how;
	int error = check(store);

	if (error == 0 && (keep == drop || keep == 0 || drop == 0))
		error = fail(-EINVAL);
	if (error == 0)
		error = find_person(store, drop, &pair[0]);
	if (error == 0)
		error = find_person(store, keep, &pair[1]);
	if (error < 0)
		return error;
	if (pair[0].person.is_answer || pair[1].person.is_answer ||
	    pair[0].person.is_misregistered || pair[1].person.is_misregistered ||
	    !change_keeps_identity(given))
		return fail(-EINVAL);
	error = plan_moves(store, given, drop, &pair[1]);
	if (error < 0)
		return error;
	keep_all(&pair[1].moves);
	lead_over(store, &pair[1], &pair[0]);
	(void)settle_record(store, &pair[0].person.record, &pair[0], &how);
	work_out(store, origin, &pair[0].person.record, how, &pair[0]);
	(void)settle_record(store, given, &pair[1], &how);
	work_out(store, origin, given, how, &pair[1]);
	return make_changes(store, pair, 2);
}
