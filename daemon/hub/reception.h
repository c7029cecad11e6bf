/*
 * The door's reception: what one message of a site means for its session, for the open group and
 * for what the site is owed (proto/README.md, section 3). Nothing is durable and nothing is sent
 * here.
 */
#ifndef MIA_HUB_RECEPTION_H
#define MIA_HUB_RECEPTION_H

#include "daemon/hub/clone.h"
#include "daemon/hub/collect.h"
#include "daemon/hub/group.h"
#include "daemon/hub/recall.h"
#include "daemon/hub/results.h"
#include "daemon/hub/session.h"
#include "daemon/hub/suspension.h"

struct door_settings {
	const struct programme *programme;
	const struct versions *versions; /* the programme and those before it; NULL: it alone */
	const struct roster *roster;
	const struct suspensions *suspensions; /* as they are now; NULL: nobody is */
	struct recalls *recalls; /* who took reports back is noted here; NULL: nowhere */
	struct ledger *ledger;
	struct county *county; /* holds all the ledger has; accepted figures are set here after the
				  commit */
	const struct sign_key *key;
	bool is_rehearsal;
};

struct door_counts {
	uint64_t accepted, repeated, refused, quarantined, stale, malformed;
};

/* The door's working memory. */
struct reception {
	struct door_settings settings;
	struct results *results; /* owned by the door */
	struct session sessions[PROGRAMME_SITES_MAX]; /* by the programme's sites */
	struct clone clones[PROGRAMME_SITES_MAX];
	struct group group;
	struct door_counts counts;
};

struct arrival {
	const char *name; /* of the CURVE key */
	const char *address; /* it comes from, NULL not known */
	const uint8_t *route;
	size_t route_n;
	const void *bytes;
	size_t n;
	int64_t at_now, mono_ms;
};

/* -ENOMEM only; what is wrong with a message becomes a refusal, a quarantine or a counted drop. */
int reception_take(struct reception *reception, const struct arrival *arrival);
/* A site is suspended: its session, if it has one, is refused by that code, and not recorded. */
void reception_shut(struct reception *reception, size_t site, const char *code);

#endif
