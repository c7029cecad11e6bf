/*
 * The event loop: one thread that waits for the control socket, the links and the next duty, and
 * steps the room. It alone reads the clock.
 */
#ifndef MIA_DAEMON_MIAD_H
#define MIA_DAEMON_MIAD_H

#include "daemon/trust.h"

/* Runs until SIGTERM or SIGINT: 0, -EBADMSG with fault when it could not start, -errno. SIGHUP is
 * reserved. */
int miad_run(const struct config *config, const struct room_face *face, const struct trust *trust,
	     struct fault *fault);

#endif
