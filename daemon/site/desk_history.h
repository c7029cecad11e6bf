/*
 * What became of one person's record, act by act: COMMAND_PERSON_SHOW with --history.
 *
 * "mia.history/1", a table, the latest act first, a row a field that an act changed: act count, at
 * moment, operator text, done phrase, field code, before and after text, booked phrase. A number is
 * masked; what the books were told by an act is one row of its own, whose field is empty and whose
 * booked says which closing booked it, or that it waits, or, once figures were adopted, that nobody
 * can tell.
 */
#ifndef MIA_SITE_DESK_HISTORY_H
#define MIA_SITE_DESK_HISTORY_H

#include "daemon/site/desk_change.h"

desk_fn desk_history;

#endif
