/*
 * Doubt: after a release is taken, whether what its site has published holds together
 * (proto/consistency). If not it is an event, "figures_doubtful site=hbs check=left", once until
 * they hold again; the release stands.
 */
#ifndef MIA_HUB_DOUBT_H
#define MIA_HUB_DOUBT_H

#include "daemon/hub/ledger.h"
#include "proto/consistency.h"

/* What was found of each site last. Valid when zeroed. */
struct doubt {
	enum consistency of[PROGRAMME_SITES_MAX];
};

/* Looks at a site whose release of period was taken and is in the county; the event is put into the
 * ledger's open group. Whether there is one. */
bool doubt_look(struct doubt *doubt, const struct county *county, struct ledger *ledger,
		size_t site, int64_t at_now);

#endif
