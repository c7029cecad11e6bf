/*
 * The roster: who takes part, with which keys, in which epoch. An ini file signed by the programme
 * key (3.4, 3.5):
 *
 *   [roster]                 epoch
 *   [SITE-ID] or [hub]       sign, link (64 hex digits each), fingerprint (of the sign key)
 *
 * An identity card, which `mia init` writes, is one such member's section; a roster is a head and
 * cards put together.
 */
#ifndef MIA_PROTO_ROSTER_H
#define MIA_PROTO_ROSTER_H

#include "lib/buf.h"
#include "lib/fail.h"
#include "lib/sign.h"

#include <stdbool.h>

#define ROSTER_NAME_BYTES 48
#define ROSTER_MEMBERS_MAX 128
#define ROSTER_HUB "hub"

struct roster_member {
	char name[ROSTER_NAME_BYTES]; /* a site's id, or "hub" */
	uint8_t sign[32]; /* Ed25519 */
	uint8_t link[32]; /* CURVE */
};

struct roster {
	uint32_t epoch;
	uint8_t hash[SIGN_HASH_BYTES]; /* H("mia/1/roster", u32 epoch, then name, sign, link of each
					  in Ed25519 order) */
	size_t members_n;
	struct roster_member members[ROSTER_MEMBERS_MAX]; /* sorted by Ed25519 key */
};

/* Parses ini text known as name: -EBADMSG with fault (codes R001...): a name or key twice, a
 * fingerprint that is not the key's, no hub ... */
int roster_read(const char *name, const void *bytes, size_t n, struct roster *ret_roster,
		struct fault *fault);
/* Reads path and path.sig; key as in programme_open() (NULL: the signature is not asked for). */
int roster_open(const char *path, const uint8_t *key, struct roster *ret_roster,
		struct fault *fault);
const struct roster_member *roster_find(const struct roster *roster, const char *name);
/* Appends one member's card, and the head of a roster, as ini text. */
void roster_add_card(struct buf *buf, const struct roster_member *member);
void roster_add_head(struct buf *buf, uint32_t epoch);

#endif
