/* Commands that a daemon carries out: asked, confirmed where they cannot be undone, and answered.
 */
#ifndef MIA_CLIENT_REMOTE_H
#define MIA_CLIENT_REMOTE_H

#include "client/call.h"

/* Any command of the daemons but import. A dump with --out goes to DIR/dump.jsonl. */
call_fn remote_ask;
/* --timeout in milliseconds (the wait command's own is the daemon's): 60 s unless told; X002. */
int remote_timeout(const struct options *options, int *ret_ms, struct fault *fault);

#endif
