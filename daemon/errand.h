/*
 * The daemon's own errands: commands that concern neither records nor figures and are the same in
 * both rooms.
 */
#ifndef MIA_DAEMON_ERRAND_H
#define MIA_DAEMON_ERRAND_H

#include "daemon/config.h"
#include "proto/room.h"

/* "mia.config/1": every setting of the role, its value and the line it comes from. -ENOMEM. */
int errand_config(const struct config *config, enum config_role role, struct answer *ret_answer);

/* The moment a `clock set` request names: 0, or -EBADMSG with fault (not a rehearsal, no moment).
 */
int errand_moment(const struct request *request, bool is_rehearsal, int64_t *ret_at,
		  struct fault *fault);

/* What `mia reload` took. */
struct errand_reloaded {
	uint32_t epoch; /* of the roster in force */
	uint32_t version; /* of the programme, when the room was opened anew with it; else 0 */
	bool is_version_awaited; /* the room is at work, and is opened anew when it has ended */
};
/* "mia.reload/1", lines. -ENOMEM. */
int errand_reload(const struct errand_reloaded *reloaded, struct answer *ret_answer);

#endif
