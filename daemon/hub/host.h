/*
 * The host: whom the hub invites (3.5): `invite create`, `invite list`, `invite revoke`. Nobody is
 * let in by an invitation; it is what a site joins with. Part of the conductor (hub.c).
 */
#ifndef MIA_HUB_HOST_H
#define MIA_HUB_HOST_H

#include "daemon/hub/warden.h"

/* -ENOENT when the command is none of these, -ENOMEM, -errno of the ledger. An invitation is the
 * answer's attachment. */
int host_carry_out(const struct warden *warden, const struct request *request,
		   struct answer *ret_answer);

#endif
