/*
 * Recovery (4.1): the hub's copy of our chain when it is not a beginning of ours. Releases first..n
 * are fetched in pieces and gathered here, each signed by us and chained to the one before; when
 * the last is the head the hub named, they are adopted (we were restored from a backup) or stand
 * against ours (a fork). Nothing is replaced before all of it is there.
 */
#ifndef MIA_SITE_RECOVERY_H
#define MIA_SITE_RECOVERY_H

#include "daemon/site/outbox.h"
#include "proto/wire.h"

/* releases are owned. Valid when zeroed. */
struct recovery {
	struct release *releases;
	size_t n;
	uint64_t first, last; /* numbers wanted */
	uint64_t asked; /* up to this the hub was asked */
	uint8_t head[SIGN_HASH_BYTES]; /* the hub's hash at last */
};

/* What is to be done about the chain the hub has: nothing is decided on a number alone. -EBADMSG
 * when it says that it has none, and of another site. */
int recovery_decide(struct outbox *outbox, const struct msg_WELCOME *welcome,
		    enum wire_decision *ret_decision);
/* Begins with our own last release (the one both must have), or from 1 when that is in doubt. */
void recovery_start(struct recovery *recovery, uint64_t first, uint64_t last,
		    const uint8_t head[static SIGN_HASH_BYTES]);
/* The same, as the decision that is not to stream demands it. */
void recovery_begin(struct recovery *recovery, struct outbox *outbox,
		    const struct msg_WELCOME *welcome, enum wire_decision decision);
void recovery_free(struct recovery *recovery);
/* The next piece to ask for, at most WIRE_WINDOW releases; false when it was. */
bool recovery_next(const struct recovery *recovery, uint64_t *ret_first, uint64_t *ret_last);
/* It was asked for. */
void recovery_asked(struct recovery *recovery);
/* The next release: -EBADMSG when it is not the next, not signed by one of keys, does not chain, or
 * ends elsewhere than at the hub's head; -ENOMEM. */
int recovery_take(struct recovery *recovery, const struct msg_CHAIN *chain,
		  const uint8_t *const keys[], size_t keys_n);
bool recovery_is_whole(const struct recovery *recovery);
/* What the whole is to our chain: 0 with WIRE_ADOPT, or WIRE_FORK (fetched from 1), or WIRE_STREAM:
 * a fork, and the fetch must begin again at 1 before anything is decided. -errno. */
int recovery_judge(const struct recovery *recovery, struct outbox *outbox,
		   enum wire_decision *ret_decision);

#endif
