/*
 * The courier's states (4.1) as one table: what may happen in which state, where it leads, and what
 * the conductor must then do. What no row names leaves the state as it is.
 */
#ifndef MIA_SITE_COURIER_STATES_H
#define MIA_SITE_COURIER_STATES_H

#include <stdio.h>

enum courier_state {
	COURIER_AWAY, /* no socket; dials when its wait is over */
	COURIER_DIALLING,
	COURIER_GREETING,
	COURIER_FETCHING, /* the hub has releases we do not have */
	COURIER_STREAMING,
	COURIER_HALTED, /* an operator is needed: refused, restored or forked */
	COURIER_STATES_N
};

enum courier_event {
	COURIER_DUE, /* time to dial again */
	COURIER_CONNECTED,
	COURIER_WELCOMED, /* the hub's chain is a beginning of ours */
	COURIER_STRANGE, /* it is not */
	COURIER_LOST,
	COURIER_HALT,
	COURIER_EVENTS_N
};

/* What the conductor must do after a call. */
enum courier_want {
	COURIER_NOTHING,
	COURIER_DIAL,
	COURIER_HANG_UP /* destroy the socket; dial again at courier_due_ms() */
};

/* Steps *state. */
enum courier_want courier_states_step(enum courier_state *state, enum courier_event event);
/* "away" ... */
const char *courier_states_name(enum courier_state state);
/* The table as DOT. */
void courier_states_print(FILE *to);

#endif
