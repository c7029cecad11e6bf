/*
 * A batch under way: acts gathered in memory, written in commits of up to 10,000 beyond the head
 * (keys before what they seal), and made to count all at once by one last transaction with the
 * head. Between calls no transaction is open, so that the house goes on meanwhile: receipts come
 * in and periods close; only store_act() must wait.
 */
#ifndef MIA_SITE_STORE_RUN_H
#define MIA_SITE_STORE_RUN_H

#include "daemon/site/store_batch_row.h"
#include "daemon/site/store_index.h"

/* What a batch starts from: at, operator_name and file_name of row, undoes when it takes another
 * back. A trial writes nothing. 0, -EBUSY, -ENOMEM. */
int store_run_begin(struct store *store, const struct store_batch_row *row, bool is_trial);
/* Whether the batch under way had person id (0: nobody known), or somebody with any of these
 * look-ups; false when there is none. */
bool store_run_has(const struct store *store, uint64_t id, const struct store_hashes *hashes);

/* One act: person (id 0: to be registered; else as loaded) becomes after, which counts as counted;
 * the index moves with it. A failure stays: whatever follows gives it too. */
int store_run_act(struct store *store, enum store_act kind, const struct store_person *person,
		  const struct record *after, const struct tally *counted,
		  const struct store_moves *moves);
/* A record that changes nothing about person id. */
int store_run_pass(struct store *store, uint64_t id);

/* Makes it all count. *ret_row is the batch as kept, *ret_batch its number: 0 when it was a trial
 * or had no acts, which leaves nothing. The run is over either way; on failure as by
 * store_run_abort(). */
int store_run_end(struct store *store, uint64_t *ret_batch, struct store_batch_row *ret_row);
/* Drops it, if there is one, and what it wrote. */
void store_run_abort(struct store *store);

#endif
