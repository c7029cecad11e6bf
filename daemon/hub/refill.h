/*
 * The county from the ledger: at every start all figures are computed again from the chains (4.1).
 */
#ifndef MIA_HUB_REFILL_H
#define MIA_HUB_REFILL_H

#include "daemon/hub/ledger.h"
#include "proto/county.h"
#include "proto/versions.h"

/* Sets every stored release's figures and head. -EBADMSG with fault: H001 a release that cannot be
 * read, H002 one made by a version that is not known here, or of a site that is not ours; -ENOMEM,
 * -errno. */
int refill_county(struct ledger *ledger, const struct versions *versions, struct county *county,
		  struct fault *fault);

#endif
