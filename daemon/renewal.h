/*
 * Another version of the programme taken into force while the daemon runs (`mia reload`): read and
 * judged while the room goes on, then the room is closed and opened again, as at a start. LMDB
 * wants a path opened once at a time and the link its port, so the old room is gone before the new
 * one is there; where that cannot be opened, the old one is opened again.
 */
#ifndef MIA_DAEMON_RENEWAL_H
#define MIA_DAEMON_RENEWAL_H

#include "daemon/trust.h"

/* What is renewed; borrowed. trust and *room change. */
struct renewal {
	const struct room_face *face;
	const struct config *config;
	enum config_role role;
	struct trust *trust;
	struct room **room;
};

/* Whether the programme file asks for a room opened anew: it is another version than the one in
 * force, and all that a start asks of it holds, or an earlier one was kept since; then next has
 * it, owned by the caller. -EBADMSG with fault (P..., R02x, R015, S016, S017), -errno. */
int renewal_look(const struct renewal *renewal, struct trust *next, bool *ret_is_due,
		 struct fault *fault);
/* Closes the room and opens it with next's programme: 0, or why that could not be opened (as
 * room_face.open). Then the former one goes on, or *room is NULL: it could not be opened either. */
int renewal_take(const struct renewal *renewal, struct trust *next, const struct room_time *now,
		 struct fault *fault);

#endif
