/*
 * The answer to `mia reconcile` at the hub: "mia.reconcile.sites/1", a row for each site that took
 * its reports back: what it had, what stands here, whether it has gone on.
 */
#ifndef MIA_HUB_RECALL_SHEET_H
#define MIA_HUB_RECALL_SHEET_H

#include "daemon/hub/recall.h"
#include "proto/answer.h"
#include "proto/command.h"

/* 0, the fault X029 as answer when an acknowledgement is asked for, which is the site's own;
 * -errno.
 */
int recall_answer(const struct recalls *recalls, const struct programme *programme,
		  const struct request *request, struct answer *ret_answer);
/* A note for each site that waits for its operator. */
void recall_remind(const struct recalls *recalls, const struct programme *programme,
		   enum programme_language language, struct sheet *sheet);

#endif
