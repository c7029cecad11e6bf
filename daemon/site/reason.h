/*
 * What only the site's own books know of a figure that was asked about with `mia why`: what waits
 * behind it and what of it will be corrected (3.1).
 */
#ifndef MIA_SITE_REASON_H
#define MIA_SITE_REASON_H

#include "daemon/site/parts.h"
#include "proto/why.h"

/*
 * "mia.why.books/1", a table, a row a cell of the figure's measure (the one asked for, or all):
 * cell, published (by all reports so far), waiting and corrections (published and these are what
 * the records say), next (what the next report would hold; empty when the measure is not due) and
 * stays (what would wait on). Notes say what corrections are. -ENOMEM.
 */
int reason_sheet(const struct parts *parts, const struct why *why, struct sheet **ret_sheet);
/* Whether the figure asked about has a part of this site's in it. */
bool reason_is_ours(const struct parts *parts, const struct why *why);

#endif
