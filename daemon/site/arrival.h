/*
 * What `mia wait` waits for at a site: ready, contact, received (the hub has all we made), complete
 * (the county's figures are).
 */
#ifndef MIA_SITE_ARRIVAL_H
#define MIA_SITE_ARRIVAL_H

#include "daemon/site/parts.h"

/* is_closing_due: a month is about to close, so that what is received is not yet all. 0, -EINVAL no
 * such state. */
int arrival_has_reached(const struct parts *parts, int64_t at_now, bool is_closing_due,
			const char *state, bool *ret_is_reached);

#endif
