/*
 * A new site that was invited: the hub it holds to from its first moment, because its operator
 * typed that hub's fingerprint (mia join asks), and the card it asks to be let in with.
 */
#ifndef MIA_DAEMON_JOINING_H
#define MIA_DAEMON_JOINING_H

#include "lib/sign.h"
#include "proto/verified.h"
#include "proto/welcome.h"

struct joining {
	struct welcome welcome;
	struct roster_member hub;
	struct verified verified; /* who typed, when, how */
};

/* Reads an invitation for owner; by is phone or meeting. -EBADMSG with fault J003, -errno. */
int joining_read(const char *path, const char *owner, const char *by, int64_t at_now,
		 struct joining *ret_joining, struct fault *fault);
/* Whether the hub of the invitation has the sign key, 64 hex digits, whose fingerprint was typed:
 * the file at path may have been put in another's place since. -EBADMSG with fault J003. */
int joining_check(const struct joining *joining, const char *hub_key, const char *path,
		  struct fault *fault);
/* Writes the card of member, signed with its key; -errno. */
int joining_write_card(const struct joining *joining, const struct roster_member *member,
		       const struct sign_key *key, const char *path);

#endif
