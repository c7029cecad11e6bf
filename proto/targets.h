/*
 * Targets as step functions: what each site and the county were to recruit from which day, the plan
 * that follows from it, and the outcome. Same answer at hub and site.
 */
#ifndef MIA_PROTO_TARGETS_H
#define MIA_PROTO_TARGETS_H

#include "proto/totals.h"

/*
 * "mia.targets/1": a row a step of each site's target that holds in the range, and of the county's:
 * site, from, to (dates; to is the day before the next step or the operation's last), target,
 * change (from the step before; empty for the first), until (the last month of the step that is
 * reported; empty when there is none), plan (figure_plan() by then), outcome (who entered by then),
 * difference (outcome less plan) and recruited (outcome of target). A site without a target has one
 * row with dashes. Measures and by_* do not matter. Notes and *ret_is_complete as in
 * totals_sheet(). NULL when memory is out.
 */
struct sheet *targets_sheet(const struct county *county, const struct totals_ask *ask,
			    bool *ret_is_complete);

#endif
