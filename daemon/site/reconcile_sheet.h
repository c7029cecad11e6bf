/*
 * What `mia reconcile` shows: "mia.reconcile/1", a form with what came back and what is to be done,
 * and "mia.reconcile.cells/1", each adopted figure, how many of it our records answer for, and the
 * named difference.
 */
#ifndef MIA_SITE_RECONCILE_SHEET_H
#define MIA_SITE_RECONCILE_SHEET_H

#include "daemon/site/mark.h"
#include "daemon/site/reconcile.h"
#include "proto/answer.h"

struct reconcile_show {
	const struct reconcile *reconcile;
	const struct programme *programme;
	const struct programme_site *site;
	enum mark_state mark;
	enum programme_language language;
};

/* From the books as they are in memory, so that a trial shows itself. 0, -errno. */
int reconcile_sheets(const struct reconcile_show *show, struct answer *ret_answer);
/* What differences are, for other sheets that have a column of them. */
void reconcile_note_differences(struct sheet *sheet);

#endif
