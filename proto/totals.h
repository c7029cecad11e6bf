/*
 * Sheets of the county's figures: totals by site and period with coverage, and the table of sites
 * with their reporting. Same answer at hub and site.
 */
#ifndef MIA_PROTO_TOTALS_H
#define MIA_PROTO_TOTALS_H

#include "proto/county.h"
#include "proto/sheet.h"

struct totals_ask {
	struct period_range range;
	int site; /* index, -1 all */
	int measure; /* index, -1 every headline */
	bool by_site;
	bool by_period;
	uint32_t until; /* last period over: see county_ask */
	enum programme_language language;
};

/*
 * "mia.totals/1". Without by_site: a row a measure (or cell); with it a row a site and a last row
 * for the county. Notes name sites that are missing and say "up to 4 more may wait per site".
 * *ret_is_complete is false when a site's report is missing (exit 6). NULL when memory is out.
 */
struct sheet *totals_sheet(const struct county *county, const struct totals_ask *ask,
			   bool *ret_is_complete);

/* "mia.sites/1": a row a site: last period, received, releases, on time, target, entered. */
struct sheet *totals_sites(const struct county *county, uint32_t until, int32_t today,
			   enum programme_language language);

#endif
