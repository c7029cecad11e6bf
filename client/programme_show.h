/*
 * What a programme file says, without a daemon: whether it can be used and what would make it
 * better, and all that it declares.
 */
#ifndef MIA_CLIENT_PROGRAMME_SHOW_H
#define MIA_CLIENT_PROGRAMME_SHOW_H

#include "client/call.h"

/* programme check FILE: "mia.programme/1", what the file declares, with its hash; advice in its
 * notes. */
call_fn programme_show_check;
/* programme show FILE [--part PART]: that, and a sheet a part. */
call_fn programme_show_all;

#endif
