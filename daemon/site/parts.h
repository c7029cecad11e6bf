/*
 * What a site is made of: made once, opened in order, closed in the mirror of it. Part of the
 * conductor (site.c); every part but these functions is a stage of its own.
 */
#ifndef MIA_SITE_PARTS_H
#define MIA_SITE_PARTS_H

#include "daemon/site/closing.h"
#include "daemon/site/courier.h"
#include "daemon/site/house.h"
#include "daemon/site/house_versions.h"
#include "proto/room.h"

/* Valid when zeroed. Borrows programme and roster of the settings. */
struct parts {
	const struct programme_site *site;
	const struct roster_member *hub;
	struct house house;
	struct store *store;
	struct versions versions; /* of the programme */
	struct sign_key *key;
	struct outbox_signer signer; /* key, and the roster with those before it */
	struct outbox *outbox;
	struct county *county;
	struct courier *courier;
	struct closing closing;
};

/* A new store: 0, -EEXIST, -EBADMSG with fault, -errno. */
int parts_create(const struct room_settings *settings, int64_t at_now, struct fault *fault);
/* -EBADMSG with fault: of the store S..., its chain S014, the roster W010 or R040; -EBUSY, -errno.
 * Close what there is then, too. */
int parts_open(const struct room_settings *settings, int64_t at_now, struct parts *parts,
	       struct fault *fault);
/* Another roster and the keys it names: pinned durably, then in force in every part; -EBADMSG with
 * fault R04x, -errno: then nothing has changed. */
int parts_take_roster(struct parts *parts, const struct room_settings *settings, int64_t at_now,
		      struct fault *fault);
void parts_close(struct parts *parts);

#endif
