/*
 * Approving a new version of the programme: what it changes is shown beside what is in force, and
 * its number is typed by whoever approves.
 */
#ifndef MIA_CLIENT_APPROVE_H
#define MIA_CLIENT_APPROVE_H

#include "client/call.h"

/* programme approve FILE. */
call_fn approve_programme;

#endif
