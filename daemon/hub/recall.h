/*
 * Sites that took their reports back from the hub (4.1): put back from a backup, or gone another
 * way than their own chain here. Each has stopped until its operator has looked, and goes on from
 * what stands here; the hub shows who waits. A row of the ledger's meta, the last time of each:
 *   x.recalled  [[site str, own n uint, n uint, is fork bool, at int, back at int] ...]
 */
#ifndef MIA_HUB_RECALL_H
#define MIA_HUB_RECALL_H

#include "daemon/hub/ledger.h"

struct recall {
	char site[PROGRAMME_ID_BYTES];
	uint64_t own_n; /* reports it had when it greeted */
	uint64_t n; /* and the hub */
	bool is_fork; /* its own were others than these */
	int64_t at; /* UTC seconds */
	int64_t at_back; /* when it went on with them; 0 not yet */
};

/* Valid when zeroed: nobody ever did. */
struct recalls {
	size_t n;
	struct recall rows[PROGRAMME_SITES_MAX];
};

/* 0, -EBADMSG with fault H001 a damaged row, -errno. */
int recall_load(struct ledger *ledger, struct recalls *ret_recalls, struct fault *fault);
/* NULL when the site never did. */
const struct recall *recall_find(const struct recalls *recalls, const char *site);
/* It took them back, and again while it waits, or (at_back set) goes on: kept and audited
 * ("chain_fetched", "site_reconciled") in the ledger's open group, which the caller commits; if
 * that fails, only memory knows it until the next change. */
void recall_note(struct recalls *recalls, struct ledger *ledger, const struct recall *change);

#endif
