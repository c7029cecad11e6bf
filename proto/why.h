/*
 * Why a figure is what it is: its definition and rules in words, the reports that make it up, what
 * is missing and what may wait. Same answer at hub and site; a site's books add what only they know
 * (daemon/site/reason).
 */
#ifndef MIA_PROTO_WHY_H
#define MIA_PROTO_WHY_H

#include "proto/answer.h"
#include "proto/command.h"
#include "proto/totals.h"

/* The figure meant: ask.measure is one (>= 0), cell one of its cells or -1, their sum. */
struct why {
	struct totals_ask ask;
	int cell;
};

/*
 * Reads a figure from the arguments of a request, in any order, in one word or several:
 *   a measure   its id or label, or measure=...
 *   a site      its id or label, or site=...; the county unless told
 *   a cell      its id or label, or cell=...; all of the measure unless told
 *   a period    2018-06, 2018q2, 2018 or FROM..TO, or period=...; all that is closed unless told
 * or from the options of these names. -EBADMSG with fault: X009 a word that is none of these, or
 * the second of a kind, with the nearest proposed; X002 no measure is named.
 */
int why_read(const struct request *request, const struct programme *programme, uint32_t until,
	     struct why *ret_why, struct fault *fault);

/*
 * Adds three sheets to the answer:
 *   "mia.why/1"          a form: measure, cell, site, period, value, months_expected and
 *                        months_reported (site-months, or quarters); notes name what is missing
 *   "mia.why.rules/1"    lines: what it counts, its cells, validity, and the rules it was booked by
 *   "mia.why.reports/1"  a row a report: period, site, report (n), hash (its first 16 digits, of
 *                        those the county's results name), received, in_time, value
 * -ENOMEM.
 */
int why_answer(const struct county *county, const struct why *why, struct answer *answer);

#endif
