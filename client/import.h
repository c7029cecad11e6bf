/*
 * Importing a file: streamed to the site's daemon, which reads and judges it; here the progress,
 * the findings in words, and the file of refused rows. mia itself understands nothing of a row.
 */
#ifndef MIA_CLIENT_IMPORT_H
#define MIA_CLIENT_IMPORT_H

#include "client/call.h"

/* import FILE. */
call_fn import_file;

#endif
