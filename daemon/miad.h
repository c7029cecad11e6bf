/*
 * The event loop: one thread that waits for the control socket, the links and the next duty, and
 * steps the room. It alone reads the clock.
 */
#ifndef MIA_DAEMON_MIAD_H
#define MIA_DAEMON_MIAD_H

#include "daemon/trust.h"

/* Runs until SIGTERM or SIGINT: 0, -EBADMSG with fault when it could not start, -errno. SIGHUP,
 * as `mia reload`: roster, the keys it names and [operators] are read again; what is not good is
 * refused, and everything stays as it was. Config and trust change then. */
int miad_run(struct config *config, const struct room_face *face, struct trust *trust,
	     struct fault *fault);

#endif
