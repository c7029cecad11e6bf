/*
 * The next roster, made from the one in force: a member comes, changes its keys or its status. It
 * is a draft until it is signed (proto/roster_change judges that).
 */
#ifndef MIA_PROTO_ROSTER_NEXT_H
#define MIA_PROTO_ROSTER_NEXT_H

#include "proto/roster.h"

/* So long a draft may take to be signed and in force everywhere. */
#define ROSTER_DRAFT_DAYS 90

struct roster_step {
	struct roster_member member; /* as it will be */
	/* Of a changed sign key: the last report the one before is good for, 0 for the hub, which
	 * makes none; and whether that key vouches for nothing any more. */
	uint64_t last_n;
	bool is_lost;
};

/* The epoch after roster's, as yet with nothing changed. */
void roster_next_start(const struct roster *roster, struct roster *ret_next);
/* Takes a step; a sign key that goes stays listed as a former one, or nobody could verify what it
 * signed. -ENOSPC. */
int roster_next_take(struct roster *next, const struct roster_step *step);
/* Whether the roster has it so already. */
bool roster_next_is_done(const struct roster *roster, const struct roster_member *member);

#endif
