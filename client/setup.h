/*
 * Setting a room up, which is the daemon's work: mia runs miad-site or miad-hub, found beside it in
 * a build tree or among the installed ones, and shows what came of it.
 */
#ifndef MIA_CLIENT_SETUP_H
#define MIA_CLIENT_SETUP_H

#include "client/call.h"

/* init site SITE | init hub: "mia.identity/1", the identity card and what to do next. */
call_fn setup_init;
/* config check FILE: whether the daemon of the file's owner takes its settings. */
call_fn setup_check;
/* key rotate --dir DIR: "mia.rotated/1", the next keys' fingerprint, the card and what comes then.
 */
call_fn setup_rotate;

#endif
