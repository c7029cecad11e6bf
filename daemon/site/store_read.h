/*
 * Reading persons back from the site's store. Answers are persons here.
 */
#ifndef MIA_SITE_STORE_READ_H
#define MIA_SITE_STORE_READ_H

#include "daemon/site/act.h"

struct store;

/* Whom the look-ups of a record lead to: enum lookup_verdict, and of LOOKUP_SOMEBODY *ret_id (also
 * who was misregistered or made anonymous); -errno. */
int store_who(struct store *store, const struct record *record, uint64_t *ret_id);
/* By keyed look-up of whatever the record can be found by (lookup.h): true and the id. False also
 * when that leads to two persons, or the store could not be read, which the next change finds out.
 */
bool store_find(struct store *store, const struct record *record, uint64_t *ret_id);
/* Folds the person's acts: 0, -ENOENT, -EBADMSG when an act is damaged, -errno. Wipe it after use:
 * store_person_wipe(). */
int store_load(struct store *store, uint64_t id, struct store_person *ret_person);
/* The person as after their act seq (0: before the first). */
int store_load_at(struct store *store, uint64_t id, uint64_t seq, struct store_person *ret_person);
/* Whose log entry seq is, whether it can be opened or not. */
int store_load_owner(struct store *store, uint64_t seq, uint64_t *ret_person);
/* The head of log entry seq: 0, -ENOENT, -EBADMSG, -errno. */
int store_load_act(struct store *store, uint64_t seq, struct act *ret_act);

#endif
