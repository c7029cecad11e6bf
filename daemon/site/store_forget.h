/*
 * Forgetting (3.1, 4.5). What is known of a person lies sealed under the person's own key, so that
 * forgetting is the end of that key: its row goes, and the file it lay in is written anew without
 * its free pages (safe_compact()), so that no byte of it is left. Log entries stay as sealed bytes
 * that nobody can open, which the chain goes over. STATE/erased (store_erased.h) remembers it, so
 * that an older copy of the store that is put back forgets again when it is opened.
 *
 * - Erased: nothing is left. Counts and closed figures stand; what was not booked never is.
 * - Withdrawn, refused or protected: of the record is kept what an anonymous one may hold (sex, the
 *   year of entry, consent, and an exit by withdrawal; condense.h), as one act ACT_CONDENSED under
 * a new key; what the books were told stays and waits as ever. The look-up, a keyed hash, stays
 * too: by it the next file's row is known to be of somebody who is not to be kept, and counted no
 * second time.
 * - Merged: two cases of one person become one; the other leaves every count.
 *
 * Each is done at once or, when the disk fails or the power goes, at the next store_forget_resume()
 * or start, at the latest.
 */
#ifndef MIA_SITE_STORE_FORGET_H
#define MIA_SITE_STORE_FORGET_H

#include "daemon/site/store_act.h"
#include "daemon/site/store_erase.h"

struct store;

/* Whether a record must not say who it is about: anonymous, protected, or consent withdrawn. */
bool store_must_forget(const struct record *record);

/*
 * A person becomes anonymous: after is the whole record as it shall count (an exit with its reason
 * too, if the withdrawal ends the participation), and tells by consent or protected why
 * (store_must_forget(), assert); the store keeps what may be kept of it. store_act() and batches do
 * the same by themselves whenever a known person's record comes to that. Failures as store_act(),
 * and -EINPROGRESS as above.
 */
int store_withdraw(struct store *store, const struct store_origin *origin, uint64_t id,
		   const struct record *after);

/*
 * Two cases of one person: keep becomes given, drop leaves every count (corrected forward by the
 * books) and cannot be found any more; what it could be found by leads to keep. Both acts name the
 * other case. One commit. -EINVAL: keep is drop, one is an answer or misregistered, or given must
 * be forgotten; -ENOENT; -EEXIST: given's look-up is a third person's; -EBUSY; -errno.
 */
int store_merge(struct store *store, const struct store_origin *origin, uint64_t keep,
		uint64_t drop, const struct record *given);

/* Whether something is left to be forgotten for good: then the conductor calls the next, each
 * minute. */
bool store_forget_is_due(const struct store *store);
/* What a crash or a full disk left half done: 0 when nothing is left, or a batch is under way;
 * -errno. */
int store_forget_resume(struct store *store);
/* At every opening: the same, and whoever STATE/erased names and is back with the very key that was
 * destroyed is forgotten again, as of that day. -EBADMSG with fault S015, -errno. */
int store_forget_replay(struct store *store, struct fault *fault);

#endif
