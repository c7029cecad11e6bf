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

/* Option as-of: the moment before which a report must have come to count: the end of a day, or the
 * second after a moment; INT64_MAX when the option was not given. -EBADMSG with fault X002:
 * malformed, or yet to come. */
int ask_as_of(const struct request *request, int64_t at_now, int64_t *ret_at, struct fault *fault);
/* A period that stands as argument i. X002. */
int ask_period(const struct request *request, size_t i, struct period_range *ret_range,
	       struct fault *fault);
/* What a person calls a site or a measure, its id or either label: its index, or -1. */
int ask_find_site(const struct programme *programme, const char *word);
int ask_find_measure(const struct programme *programme, const char *word);

/* Answers what is asked of the county's figures: totals, goals, targets, trend, flow, compare,
 * sites. The sheets, or the fault in it as an answer; the exit is EXIT_INCOMPLETE when a report is
 * missing and --allow-partial was not said, EXIT_CHECK_FAILED when --check was and a goal is not
 * reached. -ENOENT another command; -ENOMEM. */
int ask_figures(const struct county *county, const struct request *request, int64_t at_now,
		struct answer *ret_answer);

#endif
