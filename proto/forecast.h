/*
 * Recruitment: who entered against the plan, site by site, and when the target will be reached at
 * the pace of late, with how sure that is, in words. Same answer at hub and site.
 */
#ifndef MIA_PROTO_FORECAST_H
#define MIA_PROTO_FORECAST_H

#include "proto/totals.h"

/*
 * "mia.forecast/1": a row a site and one for the county: site, target (in force at the operation's
 * end), plan (figure_plan() by the last closed month, of a site by its last report), entered by
 * then, difference, ahead (entered of plan), last6 and last12 (who entered in so many months),
 * reached6 and reached12 (month in which the target will be reached at that pace), earliest and
 * latest (proto/pace, of the last twelve months), standing (in words). All from the programme's
 * first month to ask->until; only site and language of ask count beside it. What cannot be said is
 * empty, and standing says why. Notes and *ret_is_complete as in totals_sheet(). NULL when memory
 * is out.
 */
struct sheet *forecast_sheet(const struct county *county, const struct totals_ask *ask,
			     bool *ret_is_complete);

#endif
