/*
 * The calendar of a site's closings (3.1): which month is its first and last, and when one closes.
 */
#ifndef MIA_SITE_CALENDAR_H
#define MIA_SITE_CALENDAR_H

#include "proto/period.h"
#include "proto/programme.h"

#define CALENDAR_AFTER_MONTHS 24 /* closings end so long after the operation */

/* The first month a new store closes: the site's first in the programme, so that what happened
 * before it was made can still be booked where it belongs. */
uint32_t calendar_first(const struct programme *programme, const struct programme_site *site);
/* The last month that closes. */
uint32_t calendar_last(const struct programme *programme);
/* The month is over from this moment on, UTC seconds. */
int64_t calendar_end(uint32_t period);
/* It closes by itself at this one: the first of its cut-off day. */
int64_t calendar_cutoff(const struct programme *programme, uint32_t period);

#endif
