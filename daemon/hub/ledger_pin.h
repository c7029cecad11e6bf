/*
 * The roster the hub holds to: the one last taken, pinned in the ledger, so that an older one, or
 * one that too few have signed, is refused at the next start as well as now (3.5). A row of meta:
 *   x.roster  [epoch uint, hash bin32, ini text bin]
 */
#ifndef MIA_HUB_LEDGER_PIN_H
#define MIA_HUB_LEDGER_PIN_H

#include "daemon/hub/ledger.h"
#include "proto/roster.h"

/* The first roster is pinned, a later one when it may follow (roster_may_follow()) and every report
 * that is here stays verifiable with the keys it lists: durable and audited when 0; -EBADMSG with
 * fault R04x (R046 a former key is not good for all that it signed) or H001, -errno. Where the
 * hub's own sign key is another, open invitations are void: they name the one before. */
int ledger_pin_roster(struct ledger *ledger, const struct roster *roster, int64_t at_now,
		      struct fault *fault);

#endif
