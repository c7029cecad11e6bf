/*
 * Orders: what an operator tells a site to do, besides importing: close a month, take a batch back
 * (each has a dry run that changes nothing), say after a restore how many of our reports are known
 * elsewhere, look at what came back and acknowledge it (reconcile.h), and give out invitations to
 * the survey. Answers are "mia.close/1", "mia.undo/1" and "mia.confirm/1", a line of words each,
 * the sheets of reconcile_sheet.h, and "mia.invitations/1", a table of codes that are shown this
 * once.
 */
#ifndef MIA_SITE_ORDER_H
#define MIA_SITE_ORDER_H

#include "daemon/site/parts.h"
#include "proto/answer.h"
#include "proto/command.h"

struct order {
	struct parts *parts;
	const char *operator_name;
	int64_t at_now;
	uint32_t random; /* 0..UINT32_MAX: when the report leaves */
	bool is_importing; /* then nothing else may change */
};

/* COMMAND_CLOSE, _IMPORT_UNDO, _CONFIRM, _RECONCILE or _SURVEY_INVITE (else -ENOENT): the answer,
 * which may be a fault. -errno: nothing was done. */
int order_carry_out(const struct order *order, const struct request *request,
		    struct answer *ret_answer);

#endif
