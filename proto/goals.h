/*
 * The programme's goals against the figures: leavers to work or studies, to AF, power over own
 * life, and participants against the county's target (2-domain, Mission).
 */
#ifndef MIA_PROTO_GOALS_H
#define MIA_PROTO_GOALS_H

#include "proto/totals.h"

/*
 * "mia.goals/1": a row a goal: figure, share of its base (headline) and of all admitted (second
 * line), goal, what is missing. range and site as in totals_ask. NULL when memory is out.
 */
struct sheet *goals_sheet(const struct county *county, const struct totals_ask *ask,
			  bool *ret_is_complete);

#endif
