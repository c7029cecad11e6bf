/*
 * Reporting: of the reports a site owes how many came and how many in time, and which one is due
 * next, soon or overdue (2-domain, Calendar). A month closes cutoff_days after its end and is in
 * time until on_time_days after it.
 */
#ifndef MIA_PROTO_RATES_H
#define MIA_PROTO_RATES_H

#include "proto/county_sum.h"
#include "proto/sheet.h"

enum rates_standing {
	RATES_NONE, /* nothing more is owed */
	RATES_LATER, /* its cut-off day has not come */
	RATES_SOON, /* closed, and still in time */
	RATES_OVERDUE,
};

struct rates {
	unsigned due, reported; /* reports of months that are closed, and of them those that came */
	unsigned judged, on_time; /* those that came or are late, and of them those in time */
	enum rates_standing standing; /* of the first report that has not come */
	uint32_t next; /* its month; 0 none */
	int32_t by; /* the last day it is in time */
	int32_t days; /* from today until by; below 0: since */
};

/* ask: the months and measures meant (its site does not matter). */
void rates_of(const struct county *county, const struct county_ask *ask, size_t site, int32_t today,
	      struct rates *ret_rates);
/* Adds the counts of a site to those of the county. */
void rates_add(struct rates *into, const struct rates *site);
/* Notes every site whose report is due soon or overdue, with the days. */
void rates_note(const struct county *county, const struct county_ask *ask, int32_t today,
		enum programme_language language, struct sheet *sheet);

#endif
