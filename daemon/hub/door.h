/*
 * The door: the hub's end of the road (4.1) as a state machine that touches no socket: sessions by
 * site with nonce and token, messages in, messages out. Releases that came are judged by collect
 * and written to the ledger in groups: what one drain of the socket brought is one durable
 * transaction, and receipts leave only after it.
 */
#ifndef MIA_HUB_DOOR_H
#define MIA_HUB_DOOR_H

#include "daemon/hub/collect.h"
#include "proto/county.h"
#include "proto/wire.h"

#include <stdio.h>

#define DOOR_ROUTE_BYTES 16

struct door;

struct door_settings {
	const struct programme *programme;
	const struct roster *roster;
	struct ledger *ledger;
	struct county *county; /* accepted figures are set here after the commit */
	const struct sign_key *key;
	bool is_rehearsal;
};

int door_new(const struct door_settings *settings, struct door **ret_door);
void door_free(struct door **door);

/* One message of a listed peer. Answers and commits wait for door_flush(). -ENOMEM only; what is
 * wrong with the message becomes a refusal, a quarantine or a counted drop. */
int door_receive(struct door *door, const char *name, const uint8_t *route, size_t route_n,
		 const void *bytes, size_t n, int64_t at_now);
/* The drain is over: one transaction, then receipts (and results of changed periods) are ready. On
 * -ENOSPC and its like nothing was accepted and no receipt leaves. *ret_changed: releases accepted.
 */
int door_flush(struct door *door, int64_t at_now, size_t *ret_changed);

/* Messages to send, in order. false: none. After sending (or giving up on a route) call
 * door_sent(). */
struct door_out {
	const uint8_t *route;
	size_t route_n;
	const uint8_t *bytes;
	size_t n;
};
bool door_next(struct door *door, struct door_out *ret_out);
void door_sent(struct door *door);

/* For status: a site's session. */
struct door_view {
	bool is_connected; /* greeted since the last loss of contact */
	int64_t at_contact; /* 0 never */
	char refusal[8]; /* last refusal's code */
};
void door_view(const struct door *door, size_t site, struct door_view *ret_view);
struct door_counts {
	uint64_t accepted, repeated, refused, quarantined, stale, malformed;
};
void door_counts(const struct door *door, struct door_counts *ret_counts);
void door_print_states(FILE *to);

#endif
