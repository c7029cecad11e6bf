/*
 * The door: the hub's end of the road (4.1), touching no socket: messages in, messages out.
 * Releases that came are judged by collect and written to the ledger in groups: what one drain of
 * the socket brought is one durable transaction, and receipts leave only after it. What a site is
 * owed is kept as flags and read when it is its turn, so that the queue is bounded whatever a peer
 * does. The results of changed periods are made when no more releases come, so that they cost the
 * stream nothing.
 */
#ifndef MIA_HUB_DOOR_H
#define MIA_HUB_DOOR_H

#include "daemon/hub/reception.h"

#include <stdio.h>

struct door;

/* -ENOMEM, -errno of the ledger. */
int door_new(const struct door_settings *settings, struct door **ret_door);
void door_free(struct door **door);

/* One message of a listed peer. Answers and commits wait for door_flush(). -ENOMEM only; what is
 * wrong with the message becomes a refusal, a quarantine or a counted drop. */
int door_receive(struct door *door, const struct arrival *arrival);
/* The drain is over: one transaction, then receipts are ready; when the drain brought no release,
 * results of periods that changed before are made as well. On -ENOSPC and its like nothing was
 * accepted and no receipt leaves. *ret_changed: releases accepted. */
int door_flush(struct door *door, int64_t at_now, size_t *ret_changed);

/* What the door waits for after a flush. */
enum door_wait {
	DOOR_IDLE, /* a message */
	DOOR_SOON, /* room in a site's queue: flush and send again in a few milliseconds */
	DOOR_NOW, /* results are to be made: flush again at once */
};
enum door_wait door_waits(const struct door *door);

/* The next message to send, whole and valid until door_sent(). false: none. */
struct door_out {
	const uint8_t *route;
	size_t route_n;
	const uint8_t *bytes;
	size_t n;
};
bool door_next(struct door *door, struct door_out *ret_out);
/* How sending it went: 0; -EAGAIN its queue is full, what it is owed stays; anything else: nobody
 * is there any more. */
void door_sent(struct door *door, int status);

/* Another roster, or key of ours, is in force (both outlive the door): sessions of sites that it
 * does not let in are over. Whether it is another roster than before. */
bool door_trust(struct door *door, const struct roster *roster, const struct sign_key *key);
/* A site was suspended: its session, if it has one, is refused. */
void door_shut(struct door *door, size_t site);
/* A site whose key answered at two connections, and is to be suspended: false there is none. why
 * names both ("first=ADDRESS second=ADDRESS"). */
bool door_next_clone(const struct door *door, size_t *ret_site, char *ret_why, size_t size);
/* It is suspended: both sessions are over, and both are told. */
void door_end_clone(struct door *door, size_t site);

/* For status: a site's session. */
struct door_view {
	bool is_connected; /* greeted since the last loss of contact */
	bool is_roster_other; /* its roster is not the hub's */
	bool is_version_other; /* it has an earlier version of the programme */
	int64_t at_contact; /* 0 never since the hub started */
	char refusal[8]; /* last refusal's code */
};
void door_view(const struct door *door, size_t site, struct door_view *ret_view);
void door_counts(const struct door *door, struct door_counts *ret_counts);
void door_print_states(FILE *to);

#endif
