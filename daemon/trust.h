/*
 * What must be known before a room opens: the signed programme, the signed roster that names us,
 * and our keys.
 */
#ifndef MIA_DAEMON_TRUST_H
#define MIA_DAEMON_TRUST_H

#include "daemon/config.h"
#include "proto/room.h"

/* What was read and checked before the room opens; owned secrets lie in locked memory. Valid when
 * zeroed. */
struct trust {
	struct programme *programme;
	struct roster *roster;
	uint8_t *sign_seed, *link_secret, *vault_key, *index_key;
};
void trust_free(struct trust *trust);

/* Reads programme, roster (unless is_new: a new room has none yet) and keys as the settings say:
 * -EBADMSG with fault, -errno. */
int trust_read(const struct config *config, enum config_role role, bool is_new,
	       struct trust *ret_trust, struct fault *fault);
/* The room's settings out of both: borrowed. */
struct room_settings trust_room_settings(const struct config *config, const struct trust *trust);

#endif
