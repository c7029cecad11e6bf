/* Help from the tables: examples first (5-cli), for people, as JSON, and as the list of the man
 * page; what an error code means; versions. */
#ifndef MIA_CLIENT_HELP_H
#define MIA_CLIENT_HELP_H

#include "client/call.h"

/* help [COMMAND], or any command with --help; --format json gives the tables, scd the list of the
 * man page. */
call_fn help_show;
/* explain CODE: "mia.explain/1"; X009 with the nearest code when there is none. */
call_fn help_explain;
/* version: "mia.version/1". */
call_fn help_version;

#endif
