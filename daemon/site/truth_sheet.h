/*
 * `mia totals --own`: the truth of a site (truth.h) beside what it has published. A long question
 * (sweep.h), for readers.
 */
#ifndef MIA_SITE_TRUTH_SHEET_H
#define MIA_SITE_TRUTH_SHEET_H

#include "daemon/site/sweep.h"

/* -ENOENT without --own: the county's totals are asked for. -EBADMSG with fault: X004, X002, X009.
 */
int truth_sheet_begin(const struct sweep_ask *ask, void **ret_context, struct fault *fault);
int truth_sheet_visit(void *context, const struct store_person *person);
/*
 * "mia.own/1": of (measures, or a pack), figure, cell, value, published, waiting, corrections; with
 * --all or --by period the month first, and no waiting and corrections, which have none. A figure
 * is a measure's id, a kind of event (its cells: total and complete) or an indicator's (total, and
 * the groups of the pack's cut). Truth = published + waiting + corrections; where figures were
 * adopted and somebody is missing still, + differences, in a column of their own.
 */
int truth_sheet_finish(void *context, struct answer *ret_answer);
void truth_sheet_drop(void **context);

#endif
