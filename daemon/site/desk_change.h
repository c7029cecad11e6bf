/*
 * Changes of one person at the desk: registering, telling an event, correcting, handing over and
 * receiving; and a deviation, which is nobody's. With --form each answers with its questions.
 */
#ifndef MIA_SITE_DESK_CHANGE_H
#define MIA_SITE_DESK_CHANGE_H

#include "daemon/site/desk_case.h"
#include "proto/answer.h"

/* Each: 0 with the answer; -EBADMSG with fault; -errno: nothing was done. */
typedef int desk_fn(const struct desk *desk, const struct request *request,
		    struct answer *ret_answer, struct fault *fault);
desk_fn desk_change_add, desk_change_event, desk_change_correct, desk_change_move,
	desk_change_deviation;

#endif
