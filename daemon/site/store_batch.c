#include "daemon/site/store_batch.h"

#include "daemon/site/change.h"
#include "daemon/site/condense.h"
#include "daemon/site/store_erase.h"
#include "daemon/site/store_read.h"
#include "daemon/site/store_renew.h"
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
	explicit_bzero(&looked->asked, sizeof(looked->asked));
	if (looked->person.id != 0)
		store_person_wipe(&looked->person);
}

/* Loads whom the look-ups lead to. */
static int find(struct store *store, struct store_looked *looked)
{
	uint64_t id = 0;
	int verdict = store_index_who(store, &looked->hashes, &id);
	int error = 0;

	if (verdict == LOOKUP_SOMEBODY)
		error = store_load(store, id, &looked->person);
	if (verdict < 0 || (error < 0 && error != -ENOENT))
		return verdict < 0 ? verdict : error;
	looked->verdict = error == 0 ? (enum lookup_verdict)verdict : LOOKUP_NOBODY;
	return 0;
}

/* Who a record is about, into store->looked; remembered until someone else is looked up. */
static int look_up(struct store *store, const struct record *record)
{
	struct store_looked *looked = &store->looked;
	int error;

	if (looked->is_valid && lookup_is_same(&looked->asked, record))
		return 0;
	forget_looked(store);
	store_index_hashes(store, record, &looked->hashes);
	error = find(store, looked);
	if (error < 0)
		return error;
	lookup_copy(record, &looked->asked);
	looked->is_valid = true;
	return 0;
}

/* What is known of whom a record is about: as lookup_verdict, or -errno. */
static int judge(struct store *store, const struct record *record)
{
	const struct store_looked *looked = &store->looked;
	int error = look_up(store, record);

	if (error < 0)
		return error;
	if (store_run_has(store, looked->person.id, &looked->hashes))
		return LOOKUP_HAD;
	if (looked->verdict == LOOKUP_SOMEBODY && looked->person.is_misregistered)
		return LOOKUP_NOBODY;
	return looked->verdict;
}

enum lookup_verdict store_batch_who(struct store *store, const struct record *record,
				    struct record *ret_known)
{
	int verdict = judge(store, record);

	if (verdict == LOOKUP_SOMEBODY)
		record_copy(&store->looked.person.record, ret_known);
	return verdict < 0 ? LOOKUP_NOBODY : (enum lookup_verdict)verdict;
}

/* Whether the person looked up changes by a record. */
static bool is_changed(const struct store *store, const struct record *record)
{
	const struct store_person *person = &store->looked.person;
	own(record_wipe) struct record kept;

	record_clear(&kept);
	if (person->is_answer)
		return change_differs(&person->record, record);
	switch (condense_how(person, record)) {
	case CONDENSE_NOT:
		return change_differs(&person->record, record);
	case CONDENSE_NOW:
		return true;
	case CONDENSE_STILL:
		condense_record(store->programme, person, record, &kept);
		break;
	}
	return change_differs(&person->record, &kept);
}

/* What a record comes to: 0, 1, 2 as store_batch_look(), or an error. The person is in
 * store->looked. */
static int look_at(struct store *store, const struct record *record)
{
	int verdict = judge(store, record);

	if (verdict < 0)
		return verdict;
	switch ((enum lookup_verdict)verdict) {
	case LOOKUP_NOBODY:
		return 1;
	case LOOKUP_SOMEBODY:
		return is_changed(store, record) ? 2 : 0;
	case LOOKUP_HAD:
	case LOOKUP_TWO:
	case LOOKUP_TOKEN_TAKEN:
		return -EEXIST;
	}
	return fail(-EINVAL);
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
	return item_only_adds(known, after) ? ACT_CHANGED : ACT_CORRECTED;
}

/* How the index moves when the person looked up becomes record. Somebody new, or known again, has
 * nothing there that could be relied on. */
static void plan_moves(const struct store *store, const struct record *record, bool is_known,
		       struct store_moves *ret_moves)
{
	const struct store_looked *looked = &store->looked;
	struct store_hashes before = {.n = 0};

	if (is_known)
		store_index_hashes(store, &looked->person.record, &before);
	store_index_moves(&before, &looked->hashes, change_keeps_identity(record), ret_moves);
}

/* Somebody whose record must not say who they are: what may be kept of it. */
static int add_condensed(struct store *store, enum store_act kind, enum condense how,
			 const struct record *record, const struct store_moves *moves)
{
	const struct store_person *person = &store->looked.person;
	own(record_wipe) struct record kept;
	struct tally counted;

	condense_record(store->programme, person, record, &kept);
	if (how == CONDENSE_STILL)
		act_counted(person, &counted);
	else
		tally_record(store->plan, record, &counted);
	return store_run_act(store, how == CONDENSE_NOW ? ACT_CONDENSED : kind, person, &kept,
			     &counted, moves);
}

int store_batch_add(struct store *store, const struct record *record, bool is_answer)
{
	const struct store_looked *looked = &store->looked;
	int verdict = look_at(store, record);
	enum store_act kind = is_answer ? ACT_ANSWERED : ACT_REGISTERED;
	enum condense how = is_answer ? CONDENSE_NOT : condense_how(&looked->person, record);
	struct store_moves moves;
	struct tally counted;

	assert(store->run != NULL);
	if (verdict < 0)
		return verdict;
	if (verdict == 0)
		return store_run_pass(store, looked->person.id);
	if (verdict == 2)
		kind = kind_of(&looked->person.record, record);
	plan_moves(store, record, verdict == 2, &moves);
	if (how != CONDENSE_NOT)
		return add_condensed(store, kind, how, record, &moves);
	if (is_answer)
		tally_answer(store->plan, record, &counted);
	else
		tally_record(store->plan, record, &counted);
	return store_run_act(store, kind, &looked->person, record, &counted, &moves);
}

int store_batch_end(struct store *store, struct store_batch_result *ret_result)
{
	struct store_batch_row row;
	uint64_t batch = 0;
	int error = store_run_end(store, &batch, &row);

	forget_looked(store);
	if (error < 0)
		return error;
	/* What cannot be done at once is done later: the batch counts. */
	if (store->is_forget_due && store_renew_settle(store) == 0)
		(void)store_erase_finish(store);
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
	uint64_t id = 0;
	struct act act;
	int error = 0;

	safe_read(store->records, &txn);
	for (uint64_t seq = row->first_seq; seq <= row->last_seq && error == 0; seq++) {
		error = store_load_owner(store, seq, &id);
		if (error == 0)
			error = store_core_person(store, &txn, id, &person);
		if (error == 0 && (person.flags & STORE_ERASED) != 0)
			error = -ENODATA;
		else if (error == 0 && person.last_seq != seq)
			error = -ESTALE;
		if (error == 0)
			error = store_load_act(store, seq, &act);
		if (error == 0 && act.kind == ACT_CONDENSED && act.other != 0)
			error = -ENODATA;
	}
	return error;
}

/* Identities go back too. */
static void plan_undo(const struct store *store, const struct record *now,
		      const struct record *before, struct store_moves *ret_moves)
{
	struct store_hashes from, to;

	store_index_hashes(store, now, &from);
	store_index_hashes(store, before, &to);
	store_index_moves(&from, &to, true, ret_moves);
}

static int undo_act(struct store *store, uint64_t seq)
{
	own(store_person_wipe) struct store_person now = {0};
	own(store_person_wipe) struct store_person before = {0};
	struct store_moves moves = {.n = 0};
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
	act_counted(&before, &counted);
	if (!is_new)
		plan_undo(store, &now.record, &before.record, &moves);
	return store_run_act(store, is_new ? ACT_MISREGISTERED : ACT_UNDONE, &now, &before.record,
			     &counted, &moves);
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
