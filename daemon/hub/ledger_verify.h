/*
 * Whether the ledger is as it was written, for `mia audit verify`: the audit chain is worked out
 * anew from its events, every report held against its site's keys, and the two against each other,
 * as each report that was accepted is an event and no other is. The hub's log has no witness of
 * its own elsewhere: whoever holds the hub's key could write it anew, though not the sites'
 * reports.
 */
#ifndef MIA_HUB_LEDGER_VERIFY_H
#define MIA_HUB_LEDGER_VERIFY_H

#include "daemon/hub/ledger.h"
#include "proto/answer.h"
#include "proto/roster.h"

/* A report of a site; n 0: none. */
struct ledger_link {
	char site[PROGRAMME_ID_BYTES];
	uint64_t n;
};

struct ledger_verdict {
	uint64_t events_n, releases_n;
	uint64_t broken; /* the first event that is not as written; 0 none */
	struct ledger_link unsigned_one; /* not chained, or signed by no key of the roster's */
	struct ledger_link untold; /* that no event tells of, or an event of none that is there */
};
/* Reports of sites that the roster does not name are only followed. 0, -ENOMEM, -errno. */
int ledger_verify(struct ledger *ledger, const struct roster *roster,
		  struct ledger_verdict *ret_verdict);

/* COMMAND_AUDIT_VERIFY: "mia.verify/1", a line each; exit EXIT_CHECK_FAILED when one is broken.
 * -errno. */
int ledger_verify_answer(struct ledger *ledger, const struct roster *roster,
			 struct answer *ret_answer);

#endif
