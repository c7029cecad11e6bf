/*
 * What was accepted in the ledger's open group: the county learns it once it is durable.
 */
#ifndef MIA_HUB_GROUP_H
#define MIA_HUB_GROUP_H

#include "proto/county.h"

struct accepted {
	size_t site;
	struct county_head head; /* of the chain with it */
	struct release_figures *figures; /* owned */
};

/* Valid when zeroed. */
struct group {
	struct accepted *accepted;
	size_t n, capacity;
};

void group_free(struct group *group);
/* Copies head and figures. -ENOMEM. */
int group_add(struct group *group, size_t site, const struct county_head *head,
	      const struct release_figures *figures);
/* Hash of release n of a site, NULL when it is not of this group. */
const uint8_t *group_hash(const struct group *group, size_t site, uint64_t n);
/* Sets figures and heads. -ENOMEM, and then the county is not whole. */
int group_publish(const struct group *group, struct county *county);
/* Empties it. */
void group_drop(struct group *group);

#endif
