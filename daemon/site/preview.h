/*
 * Preview: what the next report would say if its month closed now, before it leaves the house.
 */
#ifndef MIA_SITE_PREVIEW_H
#define MIA_SITE_PREVIEW_H

#include "daemon/site/parts.h"
#include "proto/sheet.h"

/*
 * "mia.preview/1", a table, a row a cell of each measure: measure and cell texts, published (by all
 * reports so far), waiting and corrections (published and these are what the records say), value
 * (the figure the report would hold; empty when the measure is not due) and stays (what would wait
 * on: figures under k); while somebody of adopted figures is missing, differences too
 * (book_balance()). Its title names the month, its notes the size of the report and that it
 * holds no row about a person. -ENOMEM.
 */
int preview_sheet(const struct parts *parts, enum programme_language language,
		  struct sheet **ret_sheet);

#endif
