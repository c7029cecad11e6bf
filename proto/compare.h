/*
 * Two periods side by side, or one period as it was shown then and as it is known now. Same answer
 * at hub and site.
 */
#ifndef MIA_PROTO_COMPARE_H
#define MIA_PROTO_COMPARE_H

#include "proto/totals.h"

/* One side: which months, from which county (what was known at a moment, county_before()), until
 * which month it was closed then, and what it is headed. */
struct compare_side {
	const struct county *county;
	struct period_range range;
	uint32_t until;
	int64_t at; /* the moment, exclusive; 0: all that is known now */
};

/*
 * "mia.compare/1": a row a measure that is due in either side, and below it its cells: measure,
 * cell, first, second, difference (second less first), ratio (second of first), first_sites and
 * second_sites (sites that reported of those expected).
 * ask gives site, measure and language. Notes name what is missing on either side and say what can
 * be known of corrections. *ret_is_complete is false when a report is missing on either side. NULL
 * when memory is out.
 */
struct sheet *compare_sheet(const struct compare_side sides[static 2], const struct totals_ask *ask,
			    bool *ret_is_complete);

#endif
