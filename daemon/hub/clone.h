/*
 * A clone (4.1): one key at two machines. When a site greets on another connection while its former
 * one may still be live, the former is asked with a nonce, and when it answers the latter is asked
 * too; when both have answered, two machines have the key. An honest site closes its socket before
 * it dials anew, and the nonce is made after the new greeting came: whatever becomes of the former
 * connection (half-open, slow, moved to another address), nobody can answer on it. Nothing here
 * touches a socket; what the former is owed is flags, the latter is the site's session.
 */
#ifndef MIA_HUB_CLONE_H
#define MIA_HUB_CLONE_H

#include "daemon/hub/session.h"

/* An answer that takes longer is dropped; whoever greets again is asked again. */
#define CLONE_ANSWER_MS 30000

enum clone_state {
	CLONE_NONE,
	CLONE_FORMER_ASKED, /* another connection has greeted */
	CLONE_LATTER_ASKED, /* the former is alive */
	CLONE_FOUND, /* both are, and the site is to be suspended */
	CLONE_STATES_N,
};

enum clone_event {
	CLONE_GREETED, /* on another connection than before */
	CLONE_ANSWERED, /* with the nonce, on the connection that was asked, in time */
	CLONE_GONE, /* nobody is at the former connection any more */
	CLONE_SUSPENDED, /* the site is, durably */
	CLONE_EVENTS_N,
};

/* Of the former's mail: enum session_mail's PROBE and REFUSAL. */
struct clone_side {
	uint8_t route[SESSION_ROUTE_BYTES];
	size_t route_n;
	uint8_t greeting[MSG_NONCE_BYTES]; /* of its HELLO */
	char address[SESSION_ADDRESS_BYTES];
};

/* Valid when zeroed. */
struct clone {
	enum clone_state state;
	struct clone_side former, latter;
	uint8_t nonce[MSG_NONCE_BYTES]; /* of the one that is asked */
	int64_t mono_asked_ms;
	unsigned mail; /* owed to the former */
	bool is_waiting; /* its queue is full: not before the next flush */
	unsigned waited_n; /* flushes in a row that found it full */
};

/* A good greeting came, and the session is now what was before no more: asks, when there was
 * another connection. */
void clone_greet(struct clone *clone, const struct session *before, const struct session *now,
		 int64_t mono_ms);
/* ALIVE came by route. Whether it was awaited; the latter's answer makes the state CLONE_FOUND.
 * When it was the former's, the session is to be asked: clone->nonce. */
bool clone_answer(struct clone *clone, const uint8_t *route, size_t route_n,
		  const uint8_t nonce[static MSG_NONCE_BYTES], int64_t mono_ms);
/* The site is suspended; the former learns it as the session does. */
void clone_end(struct clone *clone);

/* Whether the former is owed something that can be sent now; appends it. */
bool clone_next(const struct clone *clone, struct buf *ret_message);
/* How sending it went: 0, -EAGAIN its queue is full, anything else: nobody is there. */
void clone_sent(struct clone *clone, int status);

/* Both by their addresses, "first=ADDRESS second=ADDRESS", the former first. */
void clone_name(const struct clone *clone, char *ret_text, size_t size);
/* The table as DOT. */
void clone_print_states(FILE *to);

#endif
