/*
 * Questions to the site: each command's sheet, from the books, the outbox, the courier's view and
 * the county's results. Decides nothing and changes nothing; shows no record.
 */
#ifndef MIA_SITE_QUERY_H
#define MIA_SITE_QUERY_H

#include "daemon/site/condition.h"

/* Fills the answer of a question (status, preview, events, dump, and the county's figures of
 * proto/ask_figures); a fault X001 when the command is none of these. -ENOMEM, -errno of the store.
 */
int query_site(const struct query_site *site, const struct room_time *now,
	       const struct request *request, struct answer *ret_answer);

#endif
