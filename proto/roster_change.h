/*
 * From one roster to the next (3.5). The first a room ever sees holds by the programme key alone; a
 * later one by the programme key and two sites of the roster that is in force there, so that
 * neither the hub nor whoever has the programme key can invent a site.
 */
#ifndef MIA_PROTO_ROSTER_CHANGE_H
#define MIA_PROTO_ROSTER_CHANGE_H

#include "proto/roster.h"

/* Whether next, opened with its signatures, may follow pinned in a room: 0 (also when it is the
 * same one), or -EBADMSG with fault at place:
 *   R042  an older epoch, or the same with another content: rolled back
 *   R043  fewer than two sites of pinned signed it: names who did and who could
 *   R044  a member's key is another, and the old one did not sign; nor is it said to be lost
 *   R045  a member's former key, or the one it had in pinned, is not listed as it was
 *   R047  a member of pinned is missing
 * Sites that are suspended or retired in pinned do not count, nor a key said to be lost in next. */
int roster_may_follow(const struct roster *pinned, const struct roster *next, const char *place,
		      struct fault *fault);

#endif
