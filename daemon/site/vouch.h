/*
 * What a site says about others' keys (3.5): `key show`, `key verify`, and `roster sign`, by which
 * the hub alone cannot bring anybody in. A roster is signed only when its changes are ones whose
 * fingerprints somebody here typed. Part of the conductor (site.c).
 */
#ifndef MIA_SITE_VOUCH_H
#define MIA_SITE_VOUCH_H

#include "daemon/site/parts.h"

/* COMMAND_KEY_SHOW, _KEY_VERIFY or _ROSTER_SIGN, else -ENOENT; -errno: nothing was done. The
 * signature is the answer's attachment, "key ...\nsignature ...\n" as in FILE.sig. */
int vouch_carry_out(const struct parts *parts, const struct room_time *now,
		    const struct room_operator *who, const struct request *request,
		    struct answer *ret_answer);

#endif
