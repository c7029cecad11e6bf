/*
 * The usher: who may come into the next roster (3.5): `accept`, `key revoke`, and what the host and
 * the witness do. Nobody is let in by it: it writes drafts, which the programme key and two sites
 * sign. Part of the conductor (hub.c).
 */
#ifndef MIA_HUB_USHER_H
#define MIA_HUB_USHER_H

#include "daemon/hub/warden.h"

/* -ENOENT when the command is none of these, -ENOMEM, -errno of the ledger. An invitation and a
 * draft are the answer's attachment. */
int usher_carry_out(const struct warden *warden, const struct request *request,
		    struct answer *ret_answer);

#endif
