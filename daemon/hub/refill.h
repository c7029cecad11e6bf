/*
 * The county from the ledger: at every start all figures are computed again from the chains (4.1).
 */
#ifndef MIA_HUB_REFILL_H
#define MIA_HUB_REFILL_H

#include "daemon/hub/ledger.h"
#include "proto/county.h"

/* Sets every stored release's figures and head. -EBADMSG with fault: H001 a release that cannot be
 * read, H002 one of a programme, or a site, that is not ours; -ENOMEM, -errno. */
int refill_county(struct ledger *ledger, struct county *county, struct fault *fault);

#endif
