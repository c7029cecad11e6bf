/*
 * What a session is owed, as messages: written when it is their turn, from what the ledger has
 * then, so that a receipt never says more than the disk.
 */
#ifndef MIA_HUB_POST_H
#define MIA_HUB_POST_H

#include "daemon/hub/ledger_read.h"
#include "daemon/hub/session.h"

struct post {
	struct ledger *ledger;
	const struct sign_key *key; /* of the hub */
};

/* The mail that goes first, 0 none. */
unsigned post_first(const struct session *session);
/* Appends that mail's message; id is the site's: 0, -ENOENT or -EBADMSG a release that is not
 * (well) there, -ENOMEM. */
int post_pack(const struct post *post, const struct session *session, const char *id, unsigned mail,
	      struct buf *ret_message);
/* It was sent, or cannot be: of a fetch the next release comes, of all else nothing. */
void post_done(struct session *session, unsigned mail);

#endif
