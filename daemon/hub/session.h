/*
 * One site's session at the hub's end of the road (4.1): where it stands, what it is owed. The
 * states are a table (session.c); the door carries out the actions.
 */
#ifndef MIA_HUB_SESSION_H
#define MIA_HUB_SESSION_H

#include "proto/county.h"
#include "proto/msg.h"

#include <stdio.h>

#define SESSION_ROUTE_BYTES 16
#define SESSION_ADDRESS_BYTES 64

enum session_state {
	SESSION_AWAY, /* not greeted, or its route is gone */
	SESSION_GREETED,
	SESSION_REFUSED, /* something was refused: nothing is taken until it greets again */
	SESSION_STATES_N,
};

enum session_event {
	EVENT_HELLO,
	EVENT_BAD_HELLO,
	EVENT_RELEASE, /* with the current token, as FETCH */
	EVENT_BAD_RELEASE, /* it was refused */
	EVENT_FETCH,
	EVENT_STALE, /* the token is not current */
	EVENT_GONE, /* nobody is at the route any more */
	SESSION_EVENTS_N,
};

enum session_action {
	ACTION_DROP, /* and count */
	ACTION_WELCOME,
	ACTION_REFUSE,
	ACTION_JUDGE,
	ACTION_FETCH,
	ACTION_FORGET,
	SESSION_ACTIONS_N,
};

/* What a session is owed, in the order in which it is sent; results are in daemon/hub/results. */
enum session_mail {
	MAIL_WELCOME = 1,
	MAIL_RECEIPT = 2,
	MAIL_CHAIN = 4,
	MAIL_REFUSAL = 8,
	MAIL_PROBE = 16,
};

/* Valid when zeroed. */
struct session {
	enum session_state state;
	uint8_t route[SESSION_ROUTE_BYTES];
	size_t route_n;
	char address[SESSION_ADDRESS_BYTES]; /* that it greeted from */
	uint8_t nonce[MSG_NONCE_BYTES]; /* of its HELLO */
	uint8_t probe[MSG_NONCE_BYTES]; /* of MAIL_PROBE */
	uint8_t token[MSG_TOKEN_BYTES]; /* all zeros: none */
	unsigned mail; /* enum session_mail bits */
	uint64_t told_n; /* of its HELLO: the chain it has */
	uint8_t told_hash[SIGN_HASH_BYTES];
	bool has_fetched; /* since its HELLO */
	uint64_t fetch_next, fetch_last; /* of MAIL_CHAIN */
	uint64_t refused_n; /* of MAIL_REFUSAL: 0 the session itself */
	char refusal[8]; /* last refusal's code; "" none since the last WELCOME */
	bool is_waiting; /* its queue is full: not before the next flush */
	unsigned waited_n; /* flushes in a row that found it full */
	int64_t at_contact; /* last well-formed message, UTC seconds; 0 never */
	int64_t at_receipt; /* last receipt that was owed */
	bool is_roster_other; /* it has another roster than we */
	bool is_version_other; /* it has an earlier version of the programme */
	struct county_head chain; /* with what the open group adds */
	int32_t recorded_day; /* refusals recorded on that day */
	unsigned recorded_n;
};

/* Takes the event; gives what is to be done. */
enum session_action session_step(struct session *session, enum session_event event);
/* A greeting that was good, or was refused: route and nonce are taken over, what was owed is
 * forgotten. token is NULL for a refused one. */
void session_begin(struct session *session, const uint8_t *route, size_t route_n,
		   const char *address, const uint8_t nonce[static MSG_NONCE_BYTES],
		   const uint8_t *token);
/* Nobody is there. */
void session_forget(struct session *session);
/* Whether its last greeting was good, and its route is not gone. */
bool session_has_token(const struct session *session);
bool session_is_token(const struct session *session, const uint8_t token[static MSG_TOKEN_BYTES]);
/* Whether one more refusal of that day is to be kept: a peer with a valid key must not be able to
 * fill the disk, so each site has a bound a day; beyond it they are counted only. */
bool session_may_record(struct session *session, int32_t today);
/* The table as DOT. */
void session_print_states(FILE *to);

#endif
