/*
 * Control: the daemon's side of the control socket (4.3). Up to 32 clients, one request each,
 * answered in pieces that never block; files stream in under credit. What a command means is the
 * room's business, but for the daemon's own: wait, config show, clock set.
 */
#ifndef MIA_DAEMON_CONTROL_H
#define MIA_DAEMON_CONTROL_H

#include "daemon/config.h"
#include "daemon/errand.h"
#include "proto/room.h"

#define CONTROL_CLIENTS_MAX 32
#define CONTROL_POLL_MAX (CONTROL_CLIENTS_MAX + 1)

struct control;

struct control_settings {
	const struct room_face *face;
	struct room *room;
	const struct config *config;
	const char *socket_path;
	/* Sets a rehearsal's clock so that it goes on from at: 0, -EBADMSG with fault when that is
	 * back in time, -errno. */
	int (*set_clock)(void *context, int64_t at, struct fault *fault);
	/* `mia reload`: 0 with what was taken, -EBADMSG with fault, -errno. */
	int (*reload)(void *context, struct errand_reloaded *ret_reloaded, struct fault *fault);
	void *context;
};

/* -EADDRINUSE when a daemon answers there already, -ENOENT no such group, -errno. */
int control_open(const struct control_settings *settings, struct control **ret_control);
/* Whether the room is at work for a client: it imports, or answers a long question. */
bool control_is_busy(const struct control *control);
/* The room was opened anew, while it was not at work; NULL: it is gone, and nobody is served. */
void control_set_room(struct control *control, struct room *room);
/* Closes the socket and every client; a stream under way is aborted. */
void control_close(struct control **control);

/* The poll items of now: to be given back to control_step() with what poll said. */
size_t control_poll(struct control *control, zmq_pollitem_t ret_items[static CONTROL_POLL_MAX]);
void control_step(struct control *control, const zmq_pollitem_t items[], size_t n,
		  const struct room_time *now);
/* When control_step() must run at the latest (a client's silence, a wait): monotonic, INT64_MAX
 * never. */
int64_t control_due_ms(const struct control *control);

#endif
