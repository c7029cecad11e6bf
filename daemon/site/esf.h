/*
 * `mia esf`: the month's sheet about persons that the funder is given by hand, of those with
 * consent and a number (esf_row.h), and which months are to be handed out, or again because
 * something about them was changed. Long questions (sweep.h) for readers; audited with who and how
 * many.
 *
 * export: the attachment is canonical MessagePack, [[file name str, content bin] ...], for mia to
 * write: daemon and store keep no sheet. "mia.esf/1": period, rows, file, again (was it handed out
 * before). With --dry-run there is no attachment, and nothing is kept.
 * plan: "mia.esf.plan/1": period, state (new, again), rows, before (rows when it was handed out),
 * since (moment of the first change after that), cases; "mia.esf.cases/1": period, case, what (new,
 * changed, gone), at most ESF_CASES_MAX.
 */
#ifndef MIA_SITE_ESF_H
#define MIA_SITE_ESF_H

#include "daemon/site/esf_months.h"

int esf_begin(const struct sweep_ask *ask, void **ret_context, struct fault *fault);
int esf_visit(void *context, const struct store_person *person);
int esf_finish(void *context, struct answer *ret_answer);
void esf_drop(void **context);

#endif
