/*
 * Questions to the hub: each command's sheet, from the county's figures, the ledger and the door's
 * view. Decides nothing and changes nothing.
 */
#ifndef MIA_HUB_QUERY_H
#define MIA_HUB_QUERY_H

#include "daemon/hub/status.h"

/* Fills the answer of a question (status, sites, totals, goals, events, dump; config show is the
 * daemon's): -ENOENT when the command is none of these, -ENOMEM, -errno of the ledger. */
int query_hub(const struct query_hub *hub, const struct room_time *now,
	      const struct request *request, struct answer *ret_answer);

#endif
