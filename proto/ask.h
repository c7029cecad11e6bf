/*
 * A question for the county's figures (totals, goals, sites) as a person put it: its options become
 * a totals_ask, its sheet joins the answer. Read and answered the same way at hub and site.
 */
#ifndef MIA_PROTO_ASK_H
#define MIA_PROTO_ASK_H

#include "proto/answer.h"
#include "proto/command.h"
#include "proto/county.h"
#include "proto/totals.h"

/* The last month that is over for everybody: its cut-off day (policy.cutoff_days after its last)
 * has come at at_now, UTC seconds. Before the first month of the programme there is none, and what
 * is given lies before it. */
uint32_t ask_until(const struct programme *programme, int64_t at_now);

/*
 * Options period, site, measure, by, all of a request. Unless told the range is all that is closed:
 * from the first month of any site to until, {0, 0} when that is none. -EBADMSG with fault: X002 a
 * malformed value, X009 a site or measure that is not there, with the nearest one proposed.
 * *ret_ask untouched then.
 */
int ask_totals(const struct request *request, const struct programme *programme, uint32_t until,
	       struct totals_ask *ret_ask, struct fault *fault);

/* Answers COMMAND_TOTALS, _GOALS or _SITES: the sheet, or the fault in it as an answer; the exit is
 * EXIT_INCOMPLETE when a report is missing and --allow-partial was not said. -ENOENT another
 * command; -ENOMEM. */
int ask_figures(const struct county *county, const struct request *request, int64_t at_now,
		struct answer *ret_answer);

#endif
