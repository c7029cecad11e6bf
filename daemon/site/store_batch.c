#include "daemon/site/store_batch.h"

#include "daemon/site/change.h"
#include "daemon/site/store_read.h"
#include "daemon/site/store_run.h"
#include "lib/own.h"
#include "lib/text.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

int store_batch_begin(struct store *store, int64_t at, const char *operator_name,
		      const char *file_name)
{
	struct store_batch_row row = {.at = at};

	text_copy(row.operator_name, sizeof(row.operator_name), operator_name);
	text_copy(row.file_name, sizeof(row.file_name), file_name != NULL ? file_name : "");
	return store_run_begin(store, &row, file_name == NULL);
}

static void forget_looked(struct store *store)
{
	struct store_looked *looked = &store->looked;

	looked->is_valid = false;
	explicit_bzero(looked->text, sizeof(looked->text));
	if (looked->person.id != 0)
		store_person_wipe(&looked->person);
}

/* Who a record is about, into store->looked; remembered until someone else is looked up. */
static int look_up(struct store *store, const struct record *record)
{
	struct store_looked *looked = &store->looked;
	const char *domain = record_lookup_domain(record);
	const char *text = record_lookup_text(record);
	uint64_t id = 0;
	int error = -ENOENT;

	if (looked->is_valid && strcmp(looked->domain, domain) == 0 &&
	    strcmp(looked->text, text) == 0)
		return 0;
	forget_looked(store);
	looked->has_hash = store_core_hash(store, record, looked->hash);
	if (looked->has_hash)
		error = store_core_lookup(store, looked->hash, &id);
	if (error == 0)
		error = store_load(store, id, &looked->person);
	else if (error == -ENOENT)
		error = 0;
	if (error < 0)
		return error;
	looked->domain = domain;
	text_copy(looked->text, sizeof(looked->text), text);
	looked->is_valid = true;
	return 0;
}

bool store_batch_known(struct store *store, const struct record *record, struct record *ret_known)
{
	const struct store_person *person = &store->looked.person;

	assert(store->run != NULL);
	if (look_up(store, record) < 0 || person->id == 0 || person->is_misregistered)
		return false;
	*ret_known = person->record;
	return true;
}

/* What a record comes to: 0, 1, 2 as store_batch_look(), or an error. The person is in
 * store->looked. */
static int look_at(struct store *store, const struct record *record)
{
	const struct store_looked *looked = &store->looked;
	int error = look_up(store, record);

	if (error < 0)
		return error;
	if (looked->has_hash && store_run_has(store, looked->hash))
		return -EEXIST;
	if (looked->person.id == 0 || looked->person.is_misregistered)
		return 1;
	return change_differs(&looked->person.record, record) ? 2 : 0;
}

int store_batch_look(struct store *store, const struct record *record, uint64_t *ret_id)
{
	int verdict = look_at(store, record);
	uint64_t id = store->looked.person.id;

	if (store->run == NULL)
		forget_looked(store);
	if (verdict >= 0)
		*ret_id = id;
	return verdict;
}

/* A correction alters what was said; a change only adds to it. */
static enum store_act kind_of(const struct record *known, const struct record *after)
{
	for (int f = 0; f < FIELD_N; f++) {
		if (known->value[f] != RECORD_MISSING && known->value[f] != after->value[f])
			return ACT_CORRECTED;
	}
	return ACT_CHANGED;
}

int store_batch_add(struct store *store, const struct record *record, bool is_answer)
{
	const struct store_looked *looked = &store->looked;
	int verdict = look_at(store, record);
	const uint8_t *hash = looked->has_hash ? looked->hash : NULL;
	enum store_act kind = is_answer ? ACT_ANSWERED : ACT_REGISTERED;
	struct tally counted;

	assert(store->run != NULL);
	if (verdict < 0)
		return verdict;
	if (verdict == 0)
		return store_run_pass(store, looked->person.id, hash);
	if (verdict == 2)
		kind = kind_of(&looked->person.record, record);
	if (is_answer)
		tally_answer(store->plan, record, &counted);
	else
		tally_record(store->plan, record, &counted);
	return store_run_act(store, kind, &looked->person, record, &counted, hash);
}

int store_batch_end(struct store *store, struct store_batch_result *ret_result)
{
	struct store_batch_row row;
	uint64_t batch = 0;
	int error = store_run_end(store, &batch, &row);

	forget_looked(store);
	if (error < 0)
		return error;
	*ret_result = (struct store_batch_result){.batch = batch,
						  .registered = row.registered,
						  .changed = row.changed,
						  .unchanged = row.unchanged};
	return 0;
}

void store_batch_abort(struct store *store)
{
	forget_looked(store);
	store_run_abort(store);
}

/* Whether the acts of a batch are still the last ones of their persons. */
static int check_undo(struct store *store, const struct store_batch_row *row)
{
	own(safe_abort) struct safe_txn txn = {0};
	struct store_person_row person;
	struct act act;
	int error = 0;

	safe_read(store->records, &txn);
	for (uint64_t seq = row->first_seq; seq <= row->last_seq && error == 0; seq++) {
		error = store_load_act(store, seq, &act);
		if (error == 0)
			error = store_core_person(store, &txn, act.person, &person);
		if (error == 0 && person.last_seq != seq)
			error = -ESTALE;
	}
	return error;
}

/* What the person counted as before, as the books were told. */
static void told_before(const struct store_person *before, struct tally *ret_tally)
{
	ret_tally->n = 0;
	for (size_t i = 0; i < before->contributions_n; i++)
		ret_tally->entries[ret_tally->n++] = before->contributions[i].entry;
}

static int undo_act(struct store *store, uint64_t seq)
{
	own(store_person_wipe) struct store_person now = {0};
	own(store_person_wipe) struct store_person before = {0};
	struct tally counted;
	struct act act;
	bool is_new;
	int error = store_load_act(store, seq, &act);

	if (error == 0)
		error = store_load(store, act.person, &now);
	if (error == 0)
		error = store_load_at(store, act.person, act.prev, &before);
	if (error < 0)
		return error;
	is_new = act.prev == 0 || before.is_misregistered;
	if (act.prev == 0) {
		before.record.identity = now.record.identity;
		text_copy(before.record.invitation, sizeof(before.record.invitation),
			  now.record.invitation);
	}
	told_before(&before, &counted);
	return store_run_act(store, is_new ? ACT_MISREGISTERED : ACT_UNDONE, &now, &before.record,
			     &counted, NULL);
}

int store_batch_undo(struct store *store, const struct store_origin *origin, uint64_t batch,
		     uint64_t *ret_acts)
{
	struct store_batch_row row, undo = {.at = origin->at, .undoes = batch};
	uint64_t number = 0;
	int error = store_batch_row_get(store, batch, &row);

	if (error == 0 && (row.undone_by != 0 || row.undoes != 0))
		error = -EALREADY;
	if (error == 0)
		error = check_undo(store, &row);
	if (error < 0)
		return error;
	text_copy(undo.operator_name, sizeof(undo.operator_name), origin->operator_name);
	error = store_run_begin(store, &undo, false);
	if (error < 0)
		return error;
	for (uint64_t seq = row.first_seq; seq <= row.last_seq && error == 0; seq++)
		error = undo_act(store, seq);
	if (error < 0) {
		store_batch_abort(store);
		return error;
	}
	error = store_run_end(store, &number, &undo);
	forget_looked(store);
	if (error == 0)
		*ret_acts = undo.registered + undo.changed;
	return error;
}
