/*
 * The roster this site holds to: the one last taken, pinned in the store, so that an older one, or
 * one that too few have signed, is refused at the next start as well as now (3.5). A row of meta:
 *   x.roster  [epoch uint, hash bin32, ini text bin]
 */
#ifndef MIA_SITE_PIN_H
#define MIA_SITE_PIN_H

#include "daemon/site/house.h"

/* The first roster is pinned when its hub is the one we know (house_pin()), or one that this hub
 * changed its key to and signed for; a later one when it may follow (roster_may_follow()), hub's
 * keys included: durable and audited when 0; -EBADMSG with fault R040, R042 ... or S004, -errno. */
int pin_roster(struct store *store, const struct roster *roster, int64_t at_now,
	       struct fault *fault);

#endif
