/*
 * Coverage: which months each site owed a report on what is asked, and which of them came. Every
 * figure of the county carries it, in a title and in notes that name who is missing (2-domain).
 */
#ifndef MIA_PROTO_COVERAGE_H
#define MIA_PROTO_COVERAGE_H

#include "proto/county_sum.h"
#include "proto/roster.h"
#include "proto/sheet.h"

/* The first month in which any site takes part. */
uint32_t coverage_start(const struct programme *programme);

/* In all of these ask->measure may be -1, every measure, and ask->cell does not matter. */

/* The last month of the range that is over for everybody; under range.first when none is. */
uint32_t coverage_last(const struct county_ask *ask);
/* Sites that the roster says have left owe nothing after their last report, and all others do. */
void coverage_hold_to(struct county *county, const struct roster *roster);
/* Whether the site owes a report of that month on anything asked. */
bool coverage_is_due(const struct county *county, const struct county_ask *ask, uint32_t period,
		     size_t site);
/* The same for any month of the range, and for any site. */
bool coverage_is_site_due(const struct county *county, const struct county_ask *ask, size_t site);
bool coverage_is_month_due(const struct county *county, const struct county_ask *ask,
			   uint32_t period);
/* How many months the site owes; appends them as "2018-02, 2018q2..2018q3" unless NULL. */
unsigned coverage_missing(const struct county *county, const struct county_ask *ask, size_t site,
			  struct buf *ret_list);
/* Sites that owe anything, and of them those with nothing missing. */
void coverage_count(const struct county *county, const struct county_ask *ask,
		    unsigned *ret_expected, unsigned *ret_reported);
/* A title of two: of all sites, "... %1 · %2 of %3 sites" (period, reported, expected), or of the
 * one asked for, "... %1, %2" (its label, period). A range that begins with 0 is that no month is
 * closed yet. */
struct coverage_title {
	const char *all, *one;
};
void coverage_set_title(const struct county *county, const struct county_ask *ask,
			enum programme_language language, const struct coverage_title *title,
			struct sheet *sheet);
/* Notes naming the sites that owe a report and which, those that have left before the range ends,
 * and what is not closed. True when nothing is missing. */
bool coverage_note_missing(const struct county *county, const struct county_ask *ask,
			   enum programme_language language, struct sheet *sheet);
/* The same, and a note that k - 1 may wait (3.1). */
bool coverage_note(const struct county *county, const struct county_ask *ask,
		   enum programme_language language, struct sheet *sheet);
/* Adds the next cell: the value, or the state where there is none. */
void coverage_add_sum(struct sheet *sheet, const struct county_sum *sum);
/* Adds the next cell, a SHEET_CODE: the site's id and label, or of site -1 "county" and what the
 * row of all sites together is called. Programs read the id: it is the same in every language. */
void coverage_add_site(struct sheet *sheet, const struct programme *programme, int site,
		       enum programme_language language);

#endif
