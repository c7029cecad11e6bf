/*
 * The programme's goals against the figures: leavers to work or studies, to AF, power over own
 * life, and participants against the county's target (2-domain, Mission).
 */
#ifndef MIA_PROTO_GOALS_H
#define MIA_PROTO_GOALS_H

#include "proto/totals.h"

/*
 * "mia.goals/1": a row a goal: number, base, share (of the base, the headline), bar, goal_share,
 * standing (a sentence for people; for programs reached, to_go, a month when it is on pace for it,
 * not_at_this_pace, no_target, suppressed, missing, not_collected or nothing_yet), share_admitted
 * (of the second base: all who entered). range and site as in totals_ask; only the goal in persons
 * (per_mille 0) is counted from the programme's first month, because its target is, with the target
 * on the last day as its base. A figure that is not known shows its state and no share. NULL when
 * memory is out.
 */
struct sheet *goals_sheet(const struct county *county, const struct totals_ask *ask,
			  bool *ret_is_complete);
/* Whether each goal of such a sheet is reached. */
bool goals_are_reached(const struct sheet *sheet);

#endif
