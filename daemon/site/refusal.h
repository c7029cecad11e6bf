/*
 * A refusal of the hub's (proto/README.md 3.2, 3.5): whether coming again may help, and the event
 * of the house that it is.
 */
#ifndef MIA_SITE_REFUSAL_H
#define MIA_SITE_REFUSAL_H

#include "daemon/site/store.h"
#include "proto/msg.h"

#define REFUSAL_CODE_BYTES 8

/* Whether it can be one: W or H and three digits. A hub may say what it likes; into the audit, the
 * log and on the screen goes no word of its own. */
bool refusal_is_code(const char *code);
/* Whether it ends without us: somebody does something at the hub, time passes, or the next greeting
 * settles which chain stands. Any other is about what we are and comes again however often we ask:
 * then it waits for an operator. */
bool refusal_heals(const char *code);
/* Audits it, unless it is the last one again; last becomes its code. -errno of the store. */
int refusal_note(struct store *store, const struct msg_REFUSAL *refusal,
		 char last[static REFUSAL_CODE_BYTES], int64_t at_now);

#endif
