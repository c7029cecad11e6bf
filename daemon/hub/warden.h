/*
 * The warden: what administrators order at the hub about who may come in: `site suspend`, `site
 * resume`, `site retire`. Part of the conductor (hub.c).
 */
#ifndef MIA_HUB_WARDEN_H
#define MIA_HUB_WARDEN_H

#include "daemon/hub/door.h"
#include "proto/answer.h"
#include "proto/command.h"

/* Borrowed; suspensions are changed. */
struct warden {
	const struct programme *programme;
	const struct roster *roster;
	const uint8_t *programme_key; /* SIGN_PUBLIC_BYTES */
	const struct sign_key *key;
	struct ledger *ledger;
	struct door *door;
	struct suspensions *suspensions;
	const char *operator_name;
	int64_t at_now;
};

/* -ENOENT when the command is none of these, -ENOMEM, -errno of the ledger. */
int warden_carry_out(const struct warden *warden, const struct request *request,
		     struct answer *ret_answer);

#endif
