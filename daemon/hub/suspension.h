/*
 * Sites the hub itself keeps out, apart from the roster: at once, by one command, and until
 * it is taken back (3.5). Their reports stay what they are. A row of the ledger's meta:
 *   x.suspended  [[site str, status uint, at int, why str] ...]
 */
#ifndef MIA_HUB_SUSPENSION_H
#define MIA_HUB_SUSPENSION_H

#include "daemon/hub/ledger.h"
#include "proto/coverage.h"

#define SUSPENSION_WHY_BYTES 192

struct suspension {
	char site[PROGRAMME_ID_BYTES];
	enum roster_status status; /* ROSTER_ACTIVE: let in again */
	int64_t at; /* UTC seconds */
	char why[SUSPENSION_WHY_BYTES]; /* for events: "operator=NAME", or "reason=clone
					   first=ADDRESS second=ADDRESS" */
};

/* Valid when zeroed: nobody is. */
struct suspensions {
	size_t n;
	struct suspension rows[PROGRAMME_SITES_MAX];
};

/* 0, -EBADMSG with fault H001 a damaged row, -errno. */
int suspension_load(struct ledger *ledger, struct suspensions *ret_suspensions,
		    struct fault *fault);
/* NULL when the site is let in. */
const struct suspension *suspension_find(const struct suspensions *suspensions, const char *site);
/* Suspends, retires or lets in again, audits it ("site_suspended site=ID WHY" and its like), and
 * commits: then suspensions has it. -ENOSPC too many, -errno of the ledger. */
int suspension_set(struct suspensions *suspensions, struct ledger *ledger,
		   const struct suspension *change);
/* Whoever has left, by the roster or by the hub's own word, owes the county nothing more. */
void suspension_tell(const struct suspensions *suspensions, const struct roster *roster,
		     struct county *county);

#endif
