/*
 * Letters: the messages a site writes (proto/README.md 2.2), made from its outbox. Each
 * replaces the content of ret_message and says whether there is one to send.
 */
#ifndef MIA_SITE_LETTER_H
#define MIA_SITE_LETTER_H

#include "daemon/site/outbox.h"
#include "daemon/site/recovery.h"
#include "proto/roster.h"
#include "proto/wire.h"

/* The fields of a greeting that stay: all but nonce, n, hash and is_rehearsal. */
void letter_start(const char *site, const struct programme *programme, const struct roster *roster,
		  struct msg_HELLO *ret_greeting);
/* HELLO: greeting has all but n and hash, which are the outbox's. */
bool letter_hello(struct outbox *outbox, const struct msg_HELLO *greeting, struct buf *ret_message);
/* FETCH: the next piece of recovery, when it was not asked for yet. */
bool letter_fetch(const uint8_t token[static MSG_TOKEN_BYTES], const struct recovery *recovery,
		  struct buf *ret_message);
/* ALIVE: the nonce of the hub's PROBE. */
bool letter_alive(const uint8_t nonce[static MSG_NONCE_BYTES], struct buf *ret_message);
/* RELEASE n, once its moment of sending has come. */
bool letter_release(struct outbox *outbox, const uint8_t token[static MSG_TOKEN_BYTES], uint64_t n,
		    int64_t at_now, struct buf *ret_message);
/* That moment, UTC seconds; INT64_MAX when the release cannot be read. */
int64_t letter_due(struct outbox *outbox, uint64_t n);

#endif
