/*
 * Upkeep: what a store needs each minute, whatever else goes on: readers that died are let go,
 * there is room to write, and a forgetting that could not be finished goes on.
 */
#ifndef MIA_SITE_UPKEEP_H
#define MIA_SITE_UPKEEP_H

#include "daemon/site/store.h"

/* -errno: *ret_event says what failed, in a word for the log. */
int upkeep(struct store *store, const char **ret_event);

#endif
