#include "daemon/site/store_renew.h"

#include "daemon/site/store_erase.h"
#include "daemon/site/store_erased.h"
#include "daemon/site/store_keys.h"
#include "lib/date.h"
#include "lib/own.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The next keys, and what is to be written down of those before. */
struct renewal {
	struct store_next *nexts; /* owned, wiped */
	size_t n, room;
	size_t counts_n;
	struct buf merged; /* u64 each */
	struct store_erased lines;
};

static void renewal_free(struct renewal *renewal)
{
	if (renewal->nexts != NULL)
		explicit_bzero(renewal->nexts, renewal->room * sizeof(*renewal->nexts));
	free(renewal->nexts);
	buf_free(&renewal->merged);
	store_erased_free(&renewal->lines);
}

/* The act that begins the person anew, if it is their last and opens with the next key. */
static int open_act(struct store *store, const struct store_next *next, struct buf *ret_plain,
		    uint64_t *ret_seq)
{
	own(safe_abort) struct safe_txn txn = {0};
	const struct vault_key with = {next->key, next->id};
	struct store_person_row row;
	uint8_t place[8];
	int error;

	safe_read(store->records, &txn);
	error = store_core_person(store, &txn, next->id, &row);
	if (error < 0)
		return error;
	safe_key_u64(row.last_seq, place);
	*ret_seq = row.last_seq;
	return safe_get(&txn, STORE_LOG, place, sizeof(place), &with, ret_plain);
}

static enum store_why why_of(const struct record *record)
{
	if (record->value[FIELD_protected] == 1)
		return STORE_WHY_PROTECTED;
	return record_has_code(record, FIELD_consent, RECORD_CONSENT_REFUSED) ? STORE_WHY_REFUSED
									      : STORE_WHY_WITHDRAWN;
}

/* The line about the key before. */
static int add_line(struct store *store, struct renewal *renewal, const struct store_person *person,
		    const struct act *act)
{
	struct store_forgotten *line = &renewal->lines.lines[renewal->lines.n];
	uint8_t key[VAULT_KEY_BYTES];
	const struct vault_key before = {key, person->id};
	int error = store_keys_get(store, person->id, key);

	if (error < 0)
		return error == -ENOENT ? 0 : error;
	*line = (struct store_forgotten){.why = why_of(&person->record),
					 .person = person->id,
					 .day = date_of_moment(act->at)};
	store_erased_print(safe_identity(store->records)->store, key, line->print);
	error = store_erase_merged(store, &before, act->other, &renewal->merged);
	explicit_bzero(key, sizeof(key));
	renewal->lines.n += error == 0;
	return error;
}

static int look_at(struct store *store, struct renewal *renewal, struct store_next *next)
{
	own(buf_wipe) struct buf plain = {0};
	own(store_person_wipe) struct store_person person;
	struct act act = {0};
	uint64_t seq = 0;
	int error = open_act(store, next, &plain, &seq);

	store_person_clear(&person);
	person.id = next->id;
	if (error == -EBADMSG || error == -ENOENT)
		return 0; /* a failed attempt's */
	if (error == 0)
		error = act_read(plain.data, plain.n, &act);
	if (error == 0)
		error = act_fold(store->programme, seq, plain.data, plain.n, &person);
	if (error < 0)
		return error;
	next->counts = true;
	renewal->counts_n++;
	return add_line(store, renewal, &person, &act);
}

static int add_next(struct renewal *renewal, const struct store_next *next)
{
	size_t room = renewal->room == 0 ? 16 : 2 * renewal->room;
	struct store_next *grown;

	if (renewal->n == renewal->room) {
		grown = calloc(room, sizeof(*grown));
		if (grown == NULL)
			return fail(-ENOMEM);
		if (renewal->n > 0) {
			memcpy(grown, renewal->nexts, renewal->n * sizeof(*grown));
			explicit_bzero(renewal->nexts, renewal->n * sizeof(*grown));
		}
		free(renewal->nexts);
		renewal->nexts = grown;
		renewal->room = room;
	}
	renewal->nexts[renewal->n++] = *next;
	return 0;
}

static int collect(struct store *store, struct renewal *renewal)
{
	struct store_next next = {0};
	int error = store_keys_next(store, 0, &next);

	while (error == 0) {
		error = add_next(renewal, &next);
		if (error == 0)
			error = store_keys_next(store, next.id, &next);
	}
	explicit_bzero(&next, sizeof(next));
	return error == -ENOENT ? 0 : error;
}

/* Which of them count; those that do not go at once, so that what is left is true. */
static int sort_out(struct store *store, struct renewal *renewal)
{
	size_t failed_n = 0;
	int error = 0;

	renewal->lines.lines = calloc(renewal->n + 1, sizeof(*renewal->lines.lines));
	if (renewal->lines.lines == NULL)
		return fail(-ENOMEM);
	for (size_t i = 0; i < renewal->n && error == 0; i++)
		error = look_at(store, renewal, &renewal->nexts[i]);
	for (size_t i = 0; i < renewal->n && error == 0; i++) {
		struct store_next next = renewal->nexts[i];

		if (next.counts)
			renewal->nexts[i - failed_n] = next;
		else
			failed_n++;
		if (!next.counts)
			error = store_keys_settle(store, &next, 1);
		explicit_bzero(&next, sizeof(next));
	}
	renewal->n -= failed_n;
	return error;
}

/* Of those merged into them: the rest is theirs alone. */
static int erase_merged(struct store *store, const struct buf *merged, int64_t at)
{
	const struct store_origin origin = {.at = at, .operator_name = "mia"};
	int error = 0;

	for (size_t i = 0; i < merged->n && error == 0; i += sizeof(uint64_t)) {
		uint64_t id;

		memcpy(&id, merged->data + i, sizeof(id));
		error = store_erase(store, &origin, &id, 1);
		if (error == -ENOENT || error == -EINPROGRESS)
			error = 0; /* erased before; or what is left is told of below */
	}
	return error;
}

static int settle(struct store *store, struct renewal *renewal)
{
	const struct store_erased *lines = &renewal->lines;
	int64_t at = lines->n == 0 ? 0 : date_to_moment(lines->lines[0].day);
	int error = erase_merged(store, &renewal->merged, at);

	if (error == 0)
		error = store_erased_add(store->dir, safe_identity(store->records)->store,
					 lines->lines, lines->n);
	if (error == 0)
		error = store_keys_settle(store, renewal->nexts, renewal->n);
	return error;
}

int store_renew_settle(struct store *store)
{
	own(renewal_free) struct renewal renewal = {0};
	int error = collect(store, &renewal);

	/* Only the old key tells who had been merged into the person. */
	store->has_next = false;
	if (error == 0)
		error = sort_out(store, &renewal);
	if (error == 0 && renewal.n > 0)
		error = settle(store, &renewal);
	if (error < 0) {
		store->has_next = renewal.counts_n > 0;
		store->is_forget_due = true;
	}
	return error;
}
