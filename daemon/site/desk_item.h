/*
 * What a correction does with one of many (activities, hours, pauses, returns). An item is known by
 * its day, and an activity by what it is too: a correction of the day itself takes the place of the
 * item that had another.
 */
#ifndef MIA_SITE_DESK_ITEM_H
#define MIA_SITE_DESK_ITEM_H

#include "daemon/site/desk_case.h"

/* After the fields were read. Takes away what "remove" names: adds D007 when there is none like it.
 */
void desk_item_remove(struct desk_case *of);
/*
 * After the fields were read. An item whose day (or activity) is not there is a new one when
 * "replaces" says "new", when nothing of its kind is there, or when it is a month's hours; else it
 * takes the place of the one that had the day that "replaces" says, or of the only one of its kind,
 * and keeps of that what was not typed. Adds D007 when there is none of that day, D010 when it may
 * be several.
 */
void desk_item_replace(struct desk_case *of);

#endif
