/* mia join FILE --dir DIR --programme FILE: a new site of an invitation, made by miad-site once the
 * hub's fingerprint was typed. Nothing is exchanged with anybody by it. */
#ifndef MIA_CLIENT_JOIN_H
#define MIA_CLIENT_JOIN_H

#include "client/call.h"

/* "mia.joined/1": the card to send, the fingerprint to read out, and what comes next. */
call_fn join_county;

#endif
