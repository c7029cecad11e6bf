/*
 * How a site is: the answer to `mia status`.
 */
#ifndef MIA_SITE_CONDITION_H
#define MIA_SITE_CONDITION_H

#include "daemon/site/parts.h"

/* What questions are answered from: borrowed. */
struct query_site {
	const struct parts *parts;
	const struct roster *roster;
	int64_t mono_started_ms;
	const char *endpoint; /* where the hub is */
	bool is_staff; /* who asks may read what waits, and so how many persons there are */
	bool is_reader; /* and who may see persons */
};

/* "mia.status/1", a form; what is to be done stands in its notes. NULL when memory is out. */
struct sheet *condition_sheet(const struct query_site *site, const struct room_time *now,
			      enum programme_language language);

#endif
