/*
 * How the hub is, and how each site is as seen from it.
 */
#ifndef MIA_HUB_STATUS_H
#define MIA_HUB_STATUS_H

#include "daemon/hub/door.h"
#include "proto/room.h"

/* What questions are answered from: borrowed. */
struct query_hub {
	const struct programme *programme;
	const struct roster *roster;
	struct county *county;
	struct ledger *ledger;
	const struct door *door;
	const struct suspensions *suspensions;
	const struct recalls *recalls;
	const struct versions *versions;
	int64_t mono_started_ms;
	const char *endpoint; /* where it listens */
};

/* "mia.status/1", a form, and "mia.contacts/1", a row a site; with a site named in the request a
 * form "mia.contact/1" of that one, X009 when there is none. -ENOMEM. */
int status_answer(const struct query_hub *hub, const struct room_time *now,
		  const struct request *request, struct answer *ret_answer);

#endif
