/*
 * What is past of a site's chain, read from the store: how the hub last gave it back, and the
 * releases that were superseded by that (4.1), which are kept for ever.
 */
#ifndef MIA_SITE_OUTBOX_PAST_H
#define MIA_SITE_OUTBOX_PAST_H

#include "daemon/site/outbox_row.h"
#include "daemon/site/store.h"

/* The last return; zeros when there was none. -EBADMSG, -errno. */
int outbox_past_return(struct store *store, struct outbox_return *ret_returned);
/* Superseded releases, as outbox_row_walk_archive(). */
int outbox_past_walk(struct store *store, outbox_row_fn *visit, void *context);
/* Whether one of them is this: a chain that went through it was ours once. -EBADMSG, -errno. */
int outbox_past_holds(struct store *store, uint64_t n, const uint8_t hash[static SIGN_HASH_BYTES],
		      bool *ret_is_held);

#endif
