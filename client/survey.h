/*
 * `mia survey invite`: codes that a daemon makes and shows but once, on paper or in a file of
 * nobody else's.
 */
#ifndef MIA_CLIENT_SURVEY_H
#define MIA_CLIENT_SURVEY_H

#include "client/call.h"

/* With --out the codes go to FILE, 0600, a line each under the heading that an import reads; what
 * is in the way is found before the daemon is asked, and codes that could not be written all the
 * same are shown. */
call_fn survey_invite;

#endif
