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
	struct buf programme_text; /* of its file */
	uint8_t programme_key[32];
	struct roster *roster;
	uint8_t *sign_seed, *link_secret, *vault_key, *index_key;
};
void trust_free(struct trust *trust);

/* Reads programme, roster (unless is_new: a new room has none yet) and keys as the settings say:
 * -EBADMSG with fault, -errno. */
int trust_read(const struct config *config, enum config_role role, bool is_new,
	       struct trust *ret_trust, struct fault *fault);
/* Reads roster and keys again, for `mia reload`: as trust_read(), without the programme. Of a key
 * that is being changed (sign.key and sign.next, link.key and link.next) the one that the roster
 * names is taken. */
int trust_read_again(const struct config *config, enum config_role role, struct trust *ret_trust,
		     struct fault *fault);
/* next's roster, sign seed and link secret take the place of trust's, which are freed; next is
 * empty then. */
void trust_replace(struct trust *trust, struct trust *next);
/* Reads the programme alone, as trust_read(); for a room that is to be opened with it. */
int trust_read_version(const struct config *config, enum config_role role, struct trust *ret_trust,
		       struct fault *fault);
/* The programmes of the two change places. */
void trust_swap_version(struct trust *trust, struct trust *other);
/* The room's settings out of both: borrowed. */
struct room_settings trust_room_settings(const struct config *config, const struct trust *trust);

#endif
