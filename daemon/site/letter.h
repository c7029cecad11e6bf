/*
 * Letters: the three messages a site writes (proto/README.md 2.2), made from its outbox. Each
 * replaces the content of ret_message and says whether there is one to send.
 */
#ifndef MIA_SITE_LETTER_H
#define MIA_SITE_LETTER_H

#include "daemon/site/outbox.h"
#include "proto/msg.h"

/* HELLO: greeting has all but n and hash, which are the outbox's. */
bool letter_hello(struct outbox *outbox, const struct msg_HELLO *greeting, struct buf *ret_message);
bool letter_fetch(const uint8_t token[static MSG_TOKEN_BYTES], uint64_t first, uint64_t last,
		  struct buf *ret_message);
/* RELEASE n, once its moment of sending has come. */
bool letter_release(struct outbox *outbox, const uint8_t token[static MSG_TOKEN_BYTES], uint64_t n,
		    int64_t at_now, struct buf *ret_message);

#endif
