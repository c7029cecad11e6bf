/*
 * Recruitment: who entered against the plan, site by site, and when the target will be reached at
 * the pace of late, with how sure that is, in words. Same answer at hub and site.
 */
#ifndef MIA_PROTO_FORECAST_H
#define MIA_PROTO_FORECAST_H

#include "proto/totals.h"

/*
 * Both a row a site and one for the county, from the programme's first month to ask->until (of a
 * site to its last report); only site and language of ask count beside it. What cannot be said is
 * empty, and standing says why. Notes and *ret_is_complete as in totals_sheet(). NULL when memory
 * is out.
 *
 * "mia.recruited/1": site, target (in force at the operation's end), plan (figure_plan()), entered,
 * difference, ahead (entered of plan), last6 and last12 (who entered in so many months).
 */
struct sheet *forecast_recruited(const struct county *county, const struct totals_ask *ask,
				 bool *ret_is_complete);
/* "mia.forecast/1": site, to_go, reached6 and reached12 (the month in which the target will be
 * reached at the pace of so many months), earliest and latest (proto/pace, of the last twelve),
 * standing (in words). */
struct sheet *forecast_sheet(const struct county *county, const struct totals_ask *ask,
			     bool *ret_is_complete);

#endif
