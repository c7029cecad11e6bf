/*
 * The durable single change of the site's store.
 */
#ifndef MIA_SITE_STORE_ACT_H
#define MIA_SITE_STORE_ACT_H

#include "daemon/site/act.h"

struct store;

/*
 * One act in a transaction of its own (the durable single change): registers when id is 0 (then
 * *ret_id), else changes to after, which is the whole record as it shall be. Books follow. An
 * after that changes nothing leaves nothing. ACT_ANSWERED registers an answer; ACT_MISREGISTERED
 * takes the person out of every count. -EEXIST when after's look-up is another person's, -ENOENT,
 * -EBUSY during a batch, -errno; on failure all is as before.
 */
int store_act(struct store *store, const struct store_origin *origin, uint64_t id,
	      enum store_act act, const struct record *after, uint64_t *ret_id);

/* Two acts in one commit: store_merge() of store_forget.h, which says what it is. */
int store_act_merge(struct store *store, const struct store_origin *origin, uint64_t keep,
		    uint64_t drop, const struct record *given);

#endif
