/*
 * Sheets of the county's figures: totals by site and period with coverage, and the table of sites
 * with their reporting. Same answer at hub and site.
 */
#ifndef MIA_PROTO_TOTALS_H
#define MIA_PROTO_TOTALS_H

#include "proto/county_sum.h"
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
 * "mia.totals/1", columns by what is asked:
 *   neither    measure, cell, value, sites_reported, sites_expected; a row a figure
 *   by_site    site, and a column a measure (or its cells and total); a last row for the county
 *   by_period  period, and the same columns; a last row for the whole range
 *   both       period, site, measure, cell, state, value; a row a cell, for machines: ids and no
 *              labels ("county" is the sum of all sites), and only what was due
 *
 * Notes name sites that are missing and say that up to k - 1 more may wait (3.1). *ret_is_complete
 * is false when a site's report is missing (exit 6). NULL when memory is out.
 */
struct sheet *totals_sheet(const struct county *county, const struct totals_ask *ask,
			   bool *ret_is_complete);

struct totals_sites_ask {
	uint32_t until; /* last period over: see county_ask */
	int32_t today;
	bool is_wide;
	enum programme_language language;
};

/* "mia.sites/1": a row a site and one for the county: last_period, received, releases, on_time (of
 * the reports due so far), missing, target on the day, entered, recruited (entered of target). Wide
 * also: reporting (reports that came of those due), next (the first month not reported), due_by
 * (its last day in time), standing (in words), plan (figure_plan() by the last
 * report, of the county by until), difference (entered less plan). Notes name the reports due soon
 * or overdue, with the days. */
struct sheet *totals_sites(const struct county *county, const struct totals_sites_ask *ask);

/* What such sheets are made of. coverage is of the months and sites that ask asks for, and of
 * measure (-1: every). Nothing is owned. */
struct totals_table {
	const struct county *county;
	const struct programme *programme;
	const struct totals_ask *ask;
	struct county_ask coverage;
	struct sheet *sheet;
};
struct totals_table totals_table(const struct county *county, const struct totals_ask *ask,
				 int measure, struct sheet *sheet);

#endif
