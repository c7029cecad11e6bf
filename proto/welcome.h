/*
 * How a site comes to a county (3.5): the hub writes an invitation, the new site answers with a
 * card. Both are ini files people carry; neither is believed before a fingerprint was typed.
 *
 *   [invitation]  site, endpoint, programme (hash), programme_key, code (one-time, 20 hex digits),
 *                 last_day, signature: the hub's, over H("mia/1/invitation", the others in order)
 *   [hub]         sign, link (64 hex digits each)
 *
 *   [card]        site, sign, link, code (may be empty), signature: the new key's own, over
 *                 H("mia/1/card", site, sign, link, code); and when a key is changed
 *                 former: the same, signed with the key before
 */
#ifndef MIA_PROTO_WELCOME_H
#define MIA_PROTO_WELCOME_H

#include "lib/buf.h"
#include "lib/fail.h"
#include "proto/roster.h"

#include <stdbool.h>

#define WELCOME_CODE_BYTES 21 /* 20 hex digits and NUL */
#define WELCOME_ENDPOINT_BYTES 160

struct welcome {
	char site[ROSTER_NAME_BYTES];
	char endpoint[WELCOME_ENDPOINT_BYTES];
	uint8_t programme[SIGN_HASH_BYTES];
	uint8_t programme_key[SIGN_PUBLIC_BYTES];
	char code[WELCOME_CODE_BYTES];
	char last_day[11]; /* 2018-07-31 */
	uint8_t signature[SIGN_BYTES];
	uint8_t hub_sign[SIGN_PUBLIC_BYTES], hub_link[32];
};
/* Fills in the signature. */
void welcome_sign(struct welcome *welcome, const struct sign_key *hub_key);
void welcome_add(struct buf *buf, const struct welcome *welcome);
/* Parses bytes known as name, and checks that the hub they name signed them: -EBADMSG with fault
 * J003 (or C0..), -errno. */
int welcome_take(const char *name, const void *bytes, size_t n, struct welcome *ret_welcome,
		 struct fault *fault);
/* Of a file: as welcome_take(), J003 also when it cannot be read. */
int welcome_read(const char *path, struct welcome *ret_welcome, struct fault *fault);

struct welcome_card {
	struct roster_member member;
	char code[WELCOME_CODE_BYTES];
	uint8_t signature[SIGN_BYTES];
	uint8_t former[SIGN_BYTES]; /* zeros: none */
};
/* Signs with the key of the card. */
void welcome_card_sign(struct welcome_card *card, const struct sign_key *key);
/* Signs with the key before. */
void welcome_card_vouch(struct welcome_card *card, const struct sign_key *former);
void welcome_card_add(struct buf *buf, const struct welcome_card *card);
/* -EBADMSG with fault J004 (or C0..): malformed, or not signed with its own key; -errno. */
int welcome_card_read(const char *name, const void *bytes, size_t n, struct welcome_card *ret_card,
		      struct fault *fault);
/* Whether the holder of this earlier key signed the card too. */
bool welcome_card_is_vouched(const struct welcome_card *card,
			     const uint8_t former[static SIGN_PUBLIC_BYTES]);

#endif
