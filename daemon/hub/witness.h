/*
 * The witness: whose keys the hub heard by voice, and what it says about the next roster (3.5):
 * `key show`, `key verify`, `roster sign`, `roster draft`. Its signature counts where its own keys
 * change, and nowhere else. Part of the conductor (hub.c).
 */
#ifndef MIA_HUB_WITNESS_H
#define MIA_HUB_WITNESS_H

#include "daemon/hub/warden.h"

/* -ENOENT when the command is none of these, -ENOMEM, -errno of the ledger. A draft and a signature
 * are the answer's attachment. */
int witness_carry_out(const struct warden *warden, const struct request *request,
		      struct answer *ret_answer);

#endif
