/*
 * The mark (4.1): STATE/mark beside the stores says how far the chain of reports had come. Backups
 * hold the stores and not the mark, so that a store that was put back from one is known by it:
 * until the hub has confirmed its chain nothing is closed, lest a month be reported twice.
 * Text, one line: "mia-mark 1 N HASH", N in decimals, HASH in 64 hex digits.
 */
#ifndef MIA_SITE_MARK_H
#define MIA_SITE_MARK_H

#include "daemon/site/outbox.h"

/* Puts the mark where the chain stands: durable. -errno. */
int mark_write(const char *dir, struct outbox *outbox);
/* Whether the chain goes through the mark: it may be ahead of it (the power went in between), but
 * not behind it or beside it. A missing or unreadable mark is not held. -errno of the store. */
int mark_check(const char *dir, struct outbox *outbox, bool *ret_is_held);

#endif
