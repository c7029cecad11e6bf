#include "daemon/site/store_run.h"

#include "daemon/site/store_write.h"
#include "lib/own.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void run_free(struct store_run **run)
{
	if (*run == NULL)
		return;
	store_set_free(&(*run)->had);
	book_free(&(*run)->fresh);
	free((*run)->told);
	free((*run)->rows);
	free((*run)->pending);
	buf_wipe(&(*run)->pending_bytes);
	secret_free(&(*run)->keys);
	mem_free(run);
}

static int fill(struct store *store, const struct store_batch_row *row, bool is_trial,
		struct store_run *run)
{
	run->is_trial = is_trial;
	run->row = *row;
	run->head = store->head;
	run->first_person = store->head.next_person;
	run->pending = calloc(STORE_CHUNK, sizeof(*run->pending));
	run->keys = secret_new((size_t)STORE_CHUNK * VAULT_KEY_BYTES);
	if (run->pending == NULL || run->keys == NULL)
		return fail(-ENOMEM);
	return book_new(store->programme, &run->fresh);
}

int store_run_begin(struct store *store, const struct store_batch_row *row, bool is_trial)
{
	own(run_free) struct store_run *run = NULL;
	int error = 0;

	if (store->run != NULL)
		return fail(-EBUSY);
	if (store->is_broken)
		return fail(-EIO);
	if (store->has_beyond)
		error = store_core_sweep(store);
	if (error < 0)
		return error;
	run = calloc(1, sizeof(*run));
	if (run == NULL)
		return fail(-ENOMEM);
	error = fill(store, row, is_trial, run);
	if (error < 0)
		return error;
	store->run = take(run);
	return 0;
}

bool store_run_has(const struct store *store, uint64_t id, const struct store_hashes *hashes)
{
	if (store->run == NULL)
		return false;
	for (size_t i = 0; i < hashes->n; i++)
		if (store_set_has(&store->run->had, hashes->of[i].bytes))
			return true;
	return id != 0 && store_set_has_known(&store->run->had, id);
}

/* Remembers that the batch had person id, and what of the index moves with them. */
static int note(struct store_run *run, uint64_t id, const struct store_moves *moves)
{
	int error = id < run->first_person ? store_set_add_known(&run->had, id) : 0;

	for (size_t i = 0; i < moves->n && error == 0; i++) {
		struct store_set_entry entry = {.is_gone = moves->of[i].is_gone,
						.id = id & STORE_SET_ID_MAX};

		memcpy(entry.hash, moves->of[i].hash, sizeof(entry.hash));
		if (!store_set_has(&run->had, entry.hash))
			error = store_set_add(&run->had, &entry);
	}
	return error;
}

/* Room for one more of size bytes in an array; false when memory is out. */
static bool has_room(void **array, size_t n, size_t *room, size_t size)
{
	size_t wanted = *room == 0 ? 64 : *room * 2;
	void *grown;

	if (n < *room)
		return true;
	grown = reallocarray(*array, wanted, size);
	if (grown == NULL)
		return false;
	*array = grown;
	*room = wanted;
	return true;
}

static int add_told(struct store_run *run, uint64_t person, uint64_t seq,
		    const struct act_step *step)
{
	void *told = run->told;

	if (!has_room(&told, run->told_n, &run->told_room, sizeof(*run->told)))
		return fail(-ENOMEM);
	run->told = told;
	run->told[run->told_n++] = (struct store_told){.person = person, .seq = seq, .step = *step};
	return 0;
}

static int add_row(struct store_run *run, const struct store_person_row *row)
{
	void *rows = run->rows;

	if (!has_room(&rows, run->rows_n, &run->rows_room, sizeof(*run->rows)))
		return fail(-ENOMEM);
	run->rows = rows;
	run->rows[run->rows_n++] = *row;
	return 0;
}

static int tell_books(struct store_run *run, bool is_new, uint64_t person, uint64_t seq,
		      const struct act_steps *steps)
{
	int error = 0;

	for (size_t i = 0; i < steps->n && error == 0; i++) {
		if (is_new)
			error = book_change(run->fresh, person, seq, NULL, &steps->steps[i].after);
		else
			error = add_told(run, person, seq, &steps->steps[i]);
	}
	return error;
}

static uint8_t flags_of(enum store_act kind, const struct store_person *person)
{
	bool is_answer = person->is_answer || kind == ACT_ANSWERED;

	return (uint8_t)((is_answer ? STORE_ANSWER : 0) |
			 (kind == ACT_MISREGISTERED ? STORE_MISREGISTERED : 0));
}

/* Persons more or fewer by an act. */
static void count_person(struct store_head *head, const struct store_person *person, uint8_t flags)
{
	bool did_count = person->id != 0 && !person->is_answer && !person->is_misregistered;

	head->persons += flags == 0;
	head->persons -= did_count;
}

/* An act that begins a known person anew: as of somebody of whom nothing was known. */
static void pack_anew(struct store *store, const struct store_origin *origin,
		      const struct store_person *person, const struct record *after,
		      const struct tally *counted, struct act_steps *ret_steps)
{
	own(store_person_wipe) struct store_person nobody;

	store_person_clear(&nobody);
	nobody.id = person->id;
	act_retell(store->programme, person, counted, ret_steps);
	ret_steps->other = person->last_seq;
	act_pack(origin, ACT_CONDENSED, &nobody, after, ret_steps, &store->run->pending_bytes);
}

static bool registers(enum store_act kind, const struct store_person *person)
{
	return kind == ACT_REGISTERED || kind == ACT_ANSWERED ||
	       (kind == ACT_CONDENSED && person->last_seq == 0);
}

static int queue_act(struct store *store, enum store_act kind, const struct store_person *person,
		     const struct record *after, const struct tally *counted)
{
	struct store_run *run = store->run;
	struct store_origin origin = {run->row.at, run->row.operator_name, run->head.next_batch};
	uint64_t seq = run->head.seq + run->pending_n + 1;
	size_t before_n = run->pending_bytes.n;
	bool is_new = person->last_seq == 0;
	bool is_renewed = kind == ACT_CONDENSED && !is_new;
	uint8_t flags = flags_of(kind, person);
	struct act_steps steps;
	int error = 0;

	if (is_renewed) {
		pack_anew(store, &origin, person, after, counted, &steps);
	} else {
		act_compare(store->programme, person, counted, &steps);
		act_pack(&origin, kind, person, after, &steps, &run->pending_bytes);
	}
	run->renewed_n += is_renewed;
	if (run->pending_bytes.error < 0)
		return run->pending_bytes.error;
	run->pending[run->pending_n++] =
		(struct store_pending){.person = person->id,
				       .n = run->pending_bytes.n - before_n,
				       .flags = flags,
				       .is_new = is_new,
				       .is_renewed = is_renewed};
	error = tell_books(run, is_new, person->id, seq, &steps);
	if (error == 0 && !is_new)
		error = add_row(run, &(struct store_person_row){person->id, seq, flags});
	if (error == 0 && store_write_is_due(store, run))
		error = store_write_pending(store, run);
	return error;
}

static int take_act(struct store *store, enum store_act kind, const struct store_person *person,
		    const struct record *after, const struct tally *counted,
		    const struct store_moves *moves)
{
	struct store_run *run = store->run;
	bool is_new = person->id == 0;
	uint64_t id = is_new ? run->head.next_person : person->id;
	int error = note(run, id, moves);
	struct store_person numbered;

	if (error < 0)
		return error;
	count_person(&run->head, person, flags_of(kind, person));
	run->head.next_person += is_new;
	run->row.registered += registers(kind, person);
	run->row.changed += !registers(kind, person);
	if (run->is_trial)
		return 0;
	if (!is_new)
		return queue_act(store, kind, person, after, counted);
	store_person_clear(&numbered);
	numbered.id = id;
	return queue_act(store, kind, &numbered, after, counted);
}

int store_run_act(struct store *store, enum store_act kind, const struct store_person *person,
		  const struct record *after, const struct tally *counted,
		  const struct store_moves *moves)
{
	assert(store->run != NULL);
	if (store->run->error == 0)
		store->run->error = take_act(store, kind, person, after, counted, moves);
	return store->run->error;
}

int store_run_pass(struct store *store, uint64_t id)
{
	static const struct store_moves none;
	struct store_run *run = store->run;

	assert(run != NULL);
	run->row.unchanged++;
	if (run->error == 0)
		run->error = note(run, id, &none);
	return run->error;
}

static int update_books(struct store *store, const struct store_run *run)
{
	int error = 0;

	for (size_t i = 0; i < run->told_n && error == 0; i++) {
		const struct store_told *told = &run->told[i];

		error = book_change(store->book, told->person, told->seq,
				    told->step.has_before ? &told->step.before : NULL,
				    told->step.has_after ? &told->step.after : NULL);
	}
	return error < 0 ? error : book_absorb(store->book, run->fresh);
}

static int finish(struct store *store, struct store_run *run)
{
	size_t index_first = 0;
	int error = run->error;

	if (error == 0)
		error = store_write_pending(store, run);
	if (error == 0)
		error = store_write_index(store, run, &index_first);
	if (error < 0)
		return error;
	error = update_books(store, run);
	if (error == 0)
		error = store_write_last(store, run, index_first);
	if (error < 0) {
		store_core_revert(store);
		return error;
	}
	book_kept(store->book);
	store->head = run->head;
	store->has_beyond = false;
	if (run->renewed_n > 0)
		store->has_next = store->is_forget_due = true;
	return 0;
}

int store_run_end(struct store *store, uint64_t *ret_batch, struct store_batch_row *ret_row)
{
	struct store_run *run = store->run;
	uint64_t batch = 0;
	int error = 0;

	assert(run != NULL);
	run->row.first_seq = store->head.seq + 1;
	if (!run->is_trial && run->row.registered + run->row.changed > 0) {
		batch = run->head.next_batch;
		error = finish(store, run);
	} else if (run->error < 0) {
		error = run->error;
	}
	if (error == 0) {
		*ret_batch = batch;
		*ret_row = run->row;
	}
	store_run_abort(store);
	return error;
}

void store_run_abort(struct store *store)
{
	run_free(&store->run);
	/* What cannot be swept now is swept before the next batch or at the next start. */
	if (store->has_beyond && !store->is_broken)
		(void)store_core_sweep(store);
}
