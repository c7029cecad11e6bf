/*
 * How figures went month by month: a bar a month for one measure, or a line of blocks for each
 * measure or site. Same answer at hub and site.
 */
#ifndef MIA_PROTO_TREND_H
#define MIA_PROTO_TREND_H

#include "proto/totals.h"

#define TREND_MONTHS 24 /* of a line: this year and the one before */

/*
 * "mia.trend/1", by what is asked:
 *   one measure   a row a month (or quarter) it is due: period, a column a cell of a partition,
 *                 value (their sum), bar (against the highest), sites_reported, sites_expected
 *   every measure a row a measure: measure, line, latest, year, year_before, difference
 *   by_site       a row a site, and one for the county: site, and the same; of the measure asked
 *                 for, else of who entered
 *
 * A line is a text of one block a month of the last TREND_MONTHS, ▁ to █ of its own highest, "." a
 * true zero, "–" no report, "·" nothing due. year is the sum of the last twelve months, year_before
 * of the twelve before; empty where they are not all in the range. Notes and *ret_is_complete as in
 * totals_sheet(). NULL when memory is out.
 */
struct sheet *trend_sheet(const struct county *county, const struct totals_ask *ask,
			  bool *ret_is_complete);

#endif
