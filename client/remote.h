/* Commands that a daemon carries out: asked, confirmed where they cannot be undone, and answered.
 */
#ifndef MIA_CLIENT_REMOTE_H
#define MIA_CLIENT_REMOTE_H

#include "client/call.h"

/* Any command of the daemons but import. A dump with --out goes to DIR/dump.jsonl. */
call_fn remote_ask;
/* Sends a request that was made of the command line and perhaps given fields; one that cannot be
 * undone is shown and confirmed first. The fields are wiped. */
int remote_exchange(const struct call *call, struct request *request, struct answer *ret_answer,
		    struct fault *fault);
/* Whether there is a person to ask: standard input and stderr are terminals. */
bool remote_has_person(void);
/* --timeout in milliseconds (the wait command's own is the daemon's): 60 s unless told; X002. */
int remote_timeout(const struct options *options, int *ret_ms, struct fault *fault);

#endif
