/*
 * The courier: the site's end of the road (4.1) as a state machine that touches no socket. Bytes
 * that came go in, bytes to send come out; the conductor moves them. Survives weeks without a hub,
 * and a link that loses, repeats and reorders.
 */
#ifndef MIA_SITE_COURIER_H
#define MIA_SITE_COURIER_H

#include "daemon/site/courier_states.h"
#include "daemon/site/outbox.h"
#include "proto/county.h"
#include "proto/roster.h"
#include "proto/wire.h"

struct courier_settings {
	const char *site;
	const struct programme *programme;
	const struct versions *versions; /* it, and those before it: results of all are read */
	const struct roster *roster;
	struct outbox *outbox;
	struct store *store;
	struct county *county; /* results are taken in here */
	bool is_rehearsal;
};

/* For status and events. */
struct courier_view {
	enum courier_state state;
	int64_t at_contact; /* last message of the hub, UTC; 0 never */
	int64_t round_trip_ms; /* HELLO to WELCOME */
	uint64_t under_way; /* sent, no receipt yet */
	char refusal[8]; /* code of the last refusal, "" none */
	uint64_t dropped; /* stale or malformed messages */
};

struct courier;
int courier_new(const struct courier_settings *settings, struct courier **ret_courier);
void courier_free(struct courier **courier);

/* Another roster is in force (it outlives the courier): who was refused or waits is away, and dials
 * at once; what the outbox halts stays halted. The same roster again is good for one whose halt is
 * over. The connection is to be closed. */
void courier_take_roster(struct courier *courier, const struct roster *roster);

/* Now, and a draw of 0..UINT32_MAX for the wait before dialling again. */
struct courier_moment {
	int64_t at; /* UTC seconds */
	int64_t mono_ms;
	uint32_t random;
};

/* The socket's events. is_refused: the hub's door did not let our key in. */
enum courier_want courier_tick(struct courier *courier, const struct courier_moment *moment);
void courier_connected(struct courier *courier, const struct courier_moment *moment);
enum courier_want courier_lost(struct courier *courier, const struct courier_moment *moment,
			       bool is_refused);
/* A message came: -EBADMSG dropped and counted (no harm), -errno of the store. *ret_want what to
 * do, also on failure. */
int courier_receive(struct courier *courier, const void *bytes, size_t n,
		    const struct courier_moment *moment, enum courier_want *ret_want);
/* The next message to send now, or false. courier_sent() once the socket took it; until then the
 * same comes again. */
bool courier_next(struct courier *courier, int64_t at_now, struct buf *ret_message);
void courier_sent(struct courier *courier, int64_t mono_ms);
int64_t courier_due_ms(const struct courier *courier); /* monotonic; INT64_MAX never */
/* When the next release may be sent, UTC seconds; INT64_MAX none now. */
int64_t courier_due_at(const struct courier *courier);
void courier_view(const struct courier *courier, struct courier_view *ret_view);

#endif
