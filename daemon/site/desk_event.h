/*
 * What an event does to a record, beyond the fields that were typed for it: a re-entry moves the
 * exit among the returns, the end of an activity finds the one that is open, and so on.
 */
#ifndef MIA_SITE_DESK_EVENT_H
#define MIA_SITE_DESK_EVENT_H

#include "daemon/site/desk_case.h"

/* Adds D002 when the event cannot follow where the person stands, D009 when nothing of it may be
 * kept of them. */
void desk_event_check(struct desk_case *of, enum life_event event);
/* After the fields were read. Adds D003 when it finds nothing, or several, to act upon. */
void desk_event_apply(struct desk_case *of, enum life_event event);
/* Whether something that was recorded is now another, or gone: then the act is a correction. */
bool desk_event_is_correction(const struct desk_case *of);

#endif
