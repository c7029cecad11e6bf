/*
 * Figures by kind of booking rather than by measure: a kind's measure may end and another begin (a
 * cut changes at a year's start), and whoever asks for "entered" means both. And the plan: a target
 * spread evenly over the months of the operation, to hold what was recruited against.
 */
#ifndef MIA_PROTO_FIGURE_H
#define MIA_PROTO_FIGURE_H

#include "proto/county_sum.h"

/* The sum of all measures of the kind; ask->measure and ask->cell do not matter. CELL_NOT_COLLECTED
 * when the programme never counts it in the range. */
struct county_sum figure_of_kind(const struct county *county, const struct county_ask *ask,
				 enum programme_kind kind);
/* Whether a measure of the kind is ever due in the range. */
bool figure_has_kind(const struct programme *programme, struct period_range range,
		     enum programme_kind kind);
/* The last month up to until that a site has reported, 0 none; of the county (site -1) until. What
 * is known of a site is held against the plan of then, not of months it still owes. */
uint32_t figure_last_month(const struct county *county, int site, uint32_t until);
/* Adds part to into: what is known is summed, and a suppressed part makes the sum suppressed. Start
 * with {.state = CELL_NOT_COLLECTED}. */
void figure_merge(struct county_sum *into, const struct county_sum *part);
/* a - b where both are values, else the state of the one that is none. */
struct county_sum figure_difference(const struct county_sum *a, const struct county_sum *b);

/* Targets of a site, or of the county (site -1). */
const struct programme_target *figure_targets(const struct programme *programme, int site,
					      size_t *ret_n);
/* The target in force on a day: false when there is none. */
bool figure_target(const struct programme *programme, int site, int32_t day, uint32_t *ret_persons);
/* The months a target is spread over: those of the operation in which the site takes part. first >
 * last when there are none. */
struct period_range figure_plan_months(const struct programme *programme, int site);
/* Persons planned to have entered by the end of period: the target in force on its last day, times
 * the months gone of figure_plan_months(), half up. False when there is no target then. */
bool figure_plan(const struct programme *programme, int site, uint32_t period, uint32_t *ret_plan);

#endif
