/*
 * Batches: many records at once, wholly or not at all, and each batch can be taken back. Acts are
 * appended in commits of 10,000, count only by store_batch_end(), and are dropped by
 * store_batch_abort() or a crash. One at a time; meanwhile the rest of the store goes on, but for
 * store_act().
 *
 * A record is the whole record as it shall be; what a file does not tell of a known person the
 * import has filled in (import_settle.h).
 */
#ifndef MIA_SITE_STORE_BATCH_H
#define MIA_SITE_STORE_BATCH_H

#include "daemon/site/act.h"

struct store;

/* batch is 0 when nothing was to be stored, or in a trial. */
struct store_batch_result {
	uint64_t batch;
	uint64_t registered, changed, unchanged;
};
/* file_name NULL: a trial, which does everything but write, so that a dry run finds what the real
 * one would. -EBUSY, -ENOMEM. */
int store_batch_begin(struct store *store, int64_t at, const char *operator_name,
		      const char *file_name);
/* Whom a record is about, and of LOOKUP_SOMEBODY the record as stored. LOOKUP_NOBODY also of who
 * was misregistered, and when the store could not be read, which adding the record finds out. */
enum lookup_verdict store_batch_who(struct store *store, const struct record *record,
				    struct record *ret_known);
/* What would happen to this record (no write, also without a batch): 0 unchanged, 1 new, 2 changed;
 * -EEXIST when the batch had the same person already, or the look-ups lead to two; -errno. *ret_id
 * for known ones, else 0. A person that an undo misregistered is new, with their old id. */
int store_batch_look(struct store *store, const struct record *record, uint64_t *ret_id);
/* -EEXIST as above (the batch goes on); any other failure ends the batch: end or abort it. */
int store_batch_add(struct store *store, const struct record *record, bool is_answer);
/* On failure (-ENOSPC ...) nothing of the batch is there. Over either way. */
int store_batch_end(struct store *store, struct store_batch_result *ret_result);
void store_batch_abort(struct store *store); /* harmless when none is under way */

/* Takes a batch back by acts of its own: new ones become misregistered, changed ones go back.
 * -ENOENT; -EALREADY undone, or itself an undo; -ESTALE when later acts changed the same persons;
 * -ENODATA when what was known of one of them before is destroyed (store_forget.h);
 * -EBUSY. */
int store_batch_undo(struct store *store, const struct store_origin *origin, uint64_t batch,
		     uint64_t *ret_acts);

#endif
