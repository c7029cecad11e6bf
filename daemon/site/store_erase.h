/*
 * Erasure: part of store_forget.h, which says what it is for. In steps, each durable before the
 * next: the person's row is marked, with their index entries, what waits in the books, an event and
 * "x.erase" (the numbers) in one commit of the records; STATE/erased; the key's row; the file of
 * keys anew; x.erase goes.
 */
#ifndef MIA_SITE_STORE_ERASE_H
#define MIA_SITE_STORE_ERASE_H

#include "daemon/site/act.h"
#include "lib/vault.h"

struct store;

/*
 * Erases n persons, and whoever was merged into them: an audit event "person_erased case=17
 * operator=anna" each. Done when it is 0. -ENOENT: one of them is not there, is erased already, or
 * is an answer; nothing was done. -EBUSY during a batch. -EINPROGRESS: they are erased, but the
 * disk has no room to write the file of keys anew: until store_forget_resume() could, their keys
 * may lie in its free pages, wrapped. Any other failure: nothing was done.
 */
int store_erase(struct store *store, const struct store_origin *origin, const uint64_t ids[],
		size_t n);
/* The same, but whoever is not there any more is passed over. */
int store_erase_some(struct store *store, const struct store_origin *origin, const uint64_t ids[],
		     size_t n);
/* The steps that a crash or a failure left: 0 when none is left, -errno. */
int store_erase_finish(struct store *store);
/* The numbers of whoever was merged into a person, appended as u64: person's acts from seq back
 * opened with key. 0, -EBADMSG, -errno. */
int store_erase_merged(struct store *store, const struct vault_key *key, uint64_t seq,
		       struct buf *ret_ids);

#endif
