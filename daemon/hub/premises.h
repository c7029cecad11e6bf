/*
 * What a hub is made of: made once, opened in order, closed in the mirror of it. Part of the
 * conductor (hub.c); every part but these functions is a stage of its own.
 */
#ifndef MIA_HUB_PREMISES_H
#define MIA_HUB_PREMISES_H

#include "daemon/hub/door.h"
#include "daemon/hub/ledger.h"
#include "daemon/hub/recall.h"
#include "daemon/hub/suspension.h"
#include "lib/link.h"
#include "proto/room.h"
#include "proto/versions.h"

/* Valid when zeroed. Borrows programme and roster of the settings; keys in them are not kept. */
struct premises {
	struct room_settings settings;
	struct ledger *ledger;
	struct versions versions; /* of the programme */
	struct sign_key *key;
	struct county *county;
	struct suspensions suspensions;
	struct recalls recalls;
	struct door *door;
	struct link_server *server;
	int64_t clock_offset_s;
	size_t listed_n; /* keys the server lets in */
	uint64_t opened_events_n; /* audit events there were before this opening */
};

/* A new ledger: 0, -EEXIST, -EBADMSG with fault, -errno. */
int premises_create(const struct room_settings *settings, int64_t at_now, struct fault *fault);
/* -EBADMSG with fault: of the ledger H..., the roster R04x; -EBUSY, -errno. Close what there is
 * then, too. */
int premises_open(const struct room_settings *settings, int64_t at_now, struct premises *premises,
		  struct fault *fault);
/* Another roster and the keys it names: pinned durably, then in force. The list of keys changes
 * with the socket: every connection ends, and whoever is still let in comes again (4.2). -EBADMSG
 * with fault R04x, -errno: nothing has changed. *ret_listening is what became of binding anew: 0
 * (also when there was no need), -errno. */
int premises_take_roster(struct premises *premises, const struct room_settings *settings,
			 int64_t at_now, int *ret_listening, struct fault *fault);
void premises_close(struct premises *premises);

#endif
