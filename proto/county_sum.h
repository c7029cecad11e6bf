/*
 * Sums of the county's figures over months and sites, with what was expected and what came.
 */
#ifndef MIA_PROTO_COUNTY_SUM_H
#define MIA_PROTO_COUNTY_SUM_H

#include "proto/county.h"

/* One cell summed over a range of months. Which months and sites were expected and came is the
 * coverage. */
struct county_sum {
	enum cell_state state; /* VALUE, or MISSING nothing came, NOT_COLLECTED nothing was due,
				  SUPPRESSED a part is */
	int64_t value;
	uint32_t expected, reported; /* site-months (or quarters) due */
	uint32_t sites_expected, sites_reported; /* sites with anything due, and of them those with
						    nothing missing */
};
/* site -1: all. cell -1: all cells of the measure. until is the last period that is over for
 * everybody (a period not yet due is not expected). */
struct county_ask {
	struct period_range range;
	int site;
	int measure;
	int cell;
	uint32_t until;
};
void county_sum(const struct county *county, const struct county_ask *ask,
		struct county_sum *ret_sum);

#endif
