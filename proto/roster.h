/*
 * The roster: who takes part, with which keys, in which epoch. An ini file signed by the programme
 * key and, from the second a room sees, by sites (3.4, 3.5; proto/roster_change judges that):
 *
 *   [roster]                 epoch
 *   [SITE-ID] or [hub]       sign, link (64 hex digits each), fingerprint (of the sign key)
 *                            status = active | suspended | retired      active unless told
 *                            former = HEX | N      an earlier sign key, good for releases up to
 *                                                  number N; repeatable
 *                            former = HEX | N | lost      and it signs nothing any more
 *
 * An identity card, which `mia init` writes, is one such member's section; a roster is a head and
 * cards put together. Suspended and retired members are not let in; their keys stay listed, so that
 * what they sent before can be verified.
 */
#ifndef MIA_PROTO_ROSTER_H
#define MIA_PROTO_ROSTER_H

#include "lib/buf.h"
#include "lib/fail.h"
#include "lib/sign.h"
#include "proto/signature.h"

#include <stdbool.h>

#define ROSTER_NAME_BYTES 48
#define ROSTER_MEMBERS_MAX 128
#define ROSTER_FORMERS_MAX 256
#define ROSTER_KEYS_MAX 16 /* of one member: the present one and former ones */
#define ROSTER_HUB "hub"

enum roster_status { ROSTER_ACTIVE, ROSTER_SUSPENDED, ROSTER_RETIRED, ROSTER_STATUS_N };

struct roster_member {
	char name[ROSTER_NAME_BYTES]; /* a site's id, or "hub" */
	uint8_t sign[32]; /* Ed25519 */
	uint8_t link[32]; /* CURVE */
	enum roster_status status;
};

/* A sign key a member had. */
struct roster_former {
	char name[ROSTER_NAME_BYTES]; /* the member's */
	uint8_t sign[32];
	uint64_t last_n; /* the last release it is good for */
	bool is_lost; /* or in other hands: it vouches for nothing */
};

struct roster {
	uint32_t epoch;
	uint8_t hash[SIGN_HASH_BYTES]; /* proto/README.md 7.1 */
	size_t members_n;
	struct roster_member members[ROSTER_MEMBERS_MAX]; /* sorted by Ed25519 key */
	size_t formers_n;
	struct roster_former formers[ROSTER_FORMERS_MAX]; /* sorted by key */
	struct signatures signatures; /* that stood beside it, of roster_open() */
};

/* Parses ini text known as name: -EBADMSG with fault (codes R001...): a name or key twice, a
 * fingerprint that is not the key's, no hub ... */
int roster_read(const char *name, const void *bytes, size_t n, struct roster *ret_roster,
		struct fault *fault);
/* Reads path and path.sig; the programme key must have signed, whatever the epoch (key NULL: the
 * signatures are not asked for). Who else did is in ret_roster->signatures. */
int roster_open(const char *path, const uint8_t *key, struct roster *ret_roster,
		struct fault *fault);
const struct roster_member *roster_find(const struct roster *roster, const char *name);
/* As roster_find(), but NULL also for who is suspended or retired. */
const struct roster_member *roster_find_active(const struct roster *roster, const char *name);
/* The keys that release n of a member may be signed with, however its status: how many, 0 when
 * there is no such member. They lie in the roster. */
size_t roster_keys(const struct roster *roster, const char *name, uint64_t n,
		   const uint8_t *ret_keys[static ROSTER_KEYS_MAX]);
/* "active", "suspended", "retired". */
const char *roster_status_name(enum roster_status status);
int roster_status_of(const char *text, enum roster_status *ret_status); /* 0 or -EINVAL */

/* Appends one member's card, and the head of a roster, as ini text. */
void roster_add_card(struct buf *buf, const struct roster_member *member);
void roster_add_head(struct buf *buf, uint32_t epoch);
/* The whole roster as ini text, with status and former keys: read again it has the same hash. */
void roster_add_all(struct buf *buf, const struct roster *roster);

#endif
