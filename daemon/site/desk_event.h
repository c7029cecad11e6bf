/*
 * What an event does to a record, beyond the fields that were typed for it: a re-entry moves the
 * exit among the returns, the end of an activity finds the one that is open, and so on.
 */
#ifndef MIA_SITE_DESK_EVENT_H
#define MIA_SITE_DESK_EVENT_H

#include "daemon/site/desk_case.h"

/* The case's questions are those of the event on a day. */
void desk_event_ask(struct desk_case *of, enum life_event event, int32_t day);
/* Whether the event may follow, and anything of it may be kept of the person. */
bool desk_event_is_open(struct desk_case *of, enum life_event event);
/* Adds D006 when the programme has no such event, D002 when it cannot follow where the person
 * stands, D009 when nothing of it may be
 * kept of them. After desk_event_ask(). */
void desk_event_check(struct desk_case *of, enum life_event event);
/* After the fields were read. Adds D003 when it finds nothing, or several, to act upon. */
void desk_event_apply(struct desk_case *of, enum life_event event);
/* Whether something that was typed had been recorded otherwise: then the act is a correction. */
bool desk_event_is_correction(const struct desk_case *of);

#endif
