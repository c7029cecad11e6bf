/*
 * Looking into what goes over the wire: a captured message, or a release's payload, decoded with
 * the one codec there is and printed as JSON. Figures only; nothing else ever travels.
 */
#ifndef MIA_CLIENT_INSPECT_H
#define MIA_CLIENT_INSPECT_H

#include "client/call.h"

/* inspect FILE [--programme FILE]: JSON on stdout. W006 when it is neither. */
call_fn inspect_file;

#endif
