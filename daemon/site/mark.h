/*
 * The mark (4.1): STATE/mark beside the stores says how far the chain of reports had come. Backups
 * hold the stores and not the mark, so that a store that was put back from one is known by it: a
 * site that went back and reported a month again would tell by the difference of its two reports
 * what no report may tell. The hub's word is not enough against that, as it is the hub that would
 * gain.
 * Text, one line: "mia-mark 2 N HASH SECONDS", N in decimals, HASH in 64 hex digits; SECONDS is
 * when the file was written, by the file system's clock: a copy of the file is younger than it
 * says.
 */
#ifndef MIA_SITE_MARK_H
#define MIA_SITE_MARK_H

#include "daemon/site/outbox.h"

enum mark_state {
	MARK_HELD, /* the chain goes through it; it may be ahead of it (the power went in between)
		    */
	MARK_LOST, /* missing, unreadable, a copy, or of a chain that the hub's took the place of
		      (a fork): nobody here knows */
	MARK_OTHER, /* the chain is behind it or beside it: it did go back */
};

/* Puts the mark where the chain stands: durable. -errno. */
int mark_write(const char *dir, struct outbox *outbox);
/* -errno of the store. */
int mark_check(const char *dir, struct store *store, struct outbox *outbox,
	       enum mark_state *ret_state);

#endif
