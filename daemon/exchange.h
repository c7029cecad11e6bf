/*
 * The exchange with one client at its seat (4.3): its request is read and judged by right and
 * place, answered by the room or by the daemon itself (wait, config show, clock set); a file
 * streams in under credit. A stream that does not reach its end is aborted.
 */
#ifndef MIA_DAEMON_EXCHANGE_H
#define MIA_DAEMON_EXCHANGE_H

#include "daemon/config.h"
#include "daemon/errand.h"
#include "daemon/seat.h"
#include "proto/room.h"

/* Whom the clients talk to. Nothing is owned. */
struct exchange {
	const struct room_face *face;
	struct room *room;
	const struct config *config;
	/* Sets a rehearsal's clock so that it goes on from at: 0, -EBADMSG with fault when that is
	 * back in time, -errno. */
	int (*set_clock)(void *context, int64_t at, struct fault *fault);
	/* `mia reload`: 0 with what was taken, -EBADMSG with fault, -errno. room changes then, and
	 * is NULL when the daemon cannot go on. */
	int (*reload)(void *context, struct errand_reloaded *ret_reloaded, struct fault *fault);
	void *context;
};

/* Takes the packet that is there: a request where one is due, a piece of the file where one comes;
 * a client that is gone or says anything else leaves its seat. */
void exchange_hear(const struct exchange *exchange, struct seat *seat, const struct room_time *now);

/* A waiting client is told that we live, and answered once the state holds or its time is over. */
void exchange_look_again(const struct exchange *exchange, struct seat *seat,
			 const struct room_time *now);

/* A working client's question goes on by a slice. */
void exchange_go_on(const struct exchange *exchange, struct seat *seat,
		    const struct room_time *now);

/* Whether the room is at work for this client: it imports, or answers a long question. */
bool exchange_is_at_work(const struct seat *seat);

/* Ends the exchange and frees the seat. */
void exchange_drop(const struct exchange *exchange, struct seat *seat);

#endif
