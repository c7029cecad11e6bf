/*
 * Invitations to the survey. Of a code that was given out the store keeps the keyed hash, in the
 * index like any look-up, and whose it was is known to nobody: the paper is. Once any was given
 * out, an answer needs one that was; the first answer by it takes its place in the index.
 */
#ifndef MIA_SITE_STORE_INVITE_H
#define MIA_SITE_STORE_INVITE_H

#include "daemon/site/act.h"
#include "daemon/site/invitation.h"

#define STORE_INVITE_MAX 1000 /* at once */

struct store;

/* n (at most STORE_INVITE_MAX) fresh codes, in one commit with an event. ret_codes can be had but
 * this once; wipe them. -EIO, -errno: none was given out. */
int store_invite(struct store *store, const struct store_origin *origin, size_t n,
		 char (*ret_codes)[INVITATION_BYTES]);
/* Whether any was ever given out. */
bool store_invite_is_begun(struct store *store);
/* Whether an answer may have this code: it was given out, or an answer has it already. */
bool store_invite_was_given(struct store *store, const char *code);

#endif
