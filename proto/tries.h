/*
 * Wrong fingerprints, counted where they last (3.5): in the room, and not only in the mia that
 * asks. Whoever hears another fingerprint three times hears another key; then that key is locked
 * for an hour for everybody, so that the telephone call is made again and not the typing. A row of
 * the store's meta:
 *   x.tries  [[name str, sign bin32, wrong uint, at int] ...]
 */
#ifndef MIA_PROTO_TRIES_H
#define MIA_PROTO_TRIES_H

#include "lib/buf.h"
#include "lib/fail.h"
#include "proto/verified.h"

#define TRIES_ROW "x.tries"
#define TRIES_WRONG "J002" /* what verified_type() says of a wrong one */
#define TRIES_MAX 3
#define TRIES_LOCK_S 3600
#define TRIES_EVENT_BYTES 256

/* A key that was not heard: how often, and when last. */
struct tried {
	char name[ROSTER_NAME_BYTES];
	uint8_t sign[SIGN_PUBLIC_BYTES];
	uint32_t wrong;
	int64_t at; /* UTC seconds */
};

/* One row a key that was tried. Valid when zeroed. */
struct tries {
	size_t n;
	struct tried rows[ROSTER_MEMBERS_MAX];
};

void tries_pack(const struct tries *tries, struct buf *ret_row);
/* -EBADMSG when it is not what was packed. */
int tries_unpack(const struct buf *row, struct tries *ret_tries);

/* 0, or -EBADMSG with fault J008 at the member's name while its key is locked. */
int tries_check(const struct tries *tries, const struct roster_member *member, int64_t at_now,
		struct fault *fault);
/* One more was wrong: what is known of that key now. The third since the last lock locks. When
 * there is no room, what is oldest is forgotten. */
const struct tried *tries_add(struct tries *tries, const struct roster_member *member,
			      int64_t at_now);
/* The right one was typed: no key of the member's is counted any more. */
void tries_forget(struct tries *tries, const char *name);
/* "fingerprint_wrong member=NAME operator=NAME tries=2", or "fingerprint_locked ... code=J008",
 * which is an alarm, for the audit. */
void tries_event(const struct tried *tried, const char *operator_name,
		 char ret_text[static TRIES_EVENT_BYTES]);

#endif
