/*
 * The long questions of a site, one row each (sweep.h), and the one that is being answered: one at
 * a time.
 */
#ifndef MIA_SITE_QUESTION_H
#define MIA_SITE_QUESTION_H

#include "daemon/site/sweep.h"

/* Begins to answer a long question: -EINPROGRESS with *under_way, to be gone on with; 0 when the
 * answer is a fault (X008: another is under way); -ENOENT when it is none of them; -errno. */
int question_ask(struct sweep **under_way, const struct sweep_ask *ask, struct answer *ret_answer);
/* A slice: -EINPROGRESS, or as room_face.ask, and the question is over. */
int question_go_on(struct sweep **under_way, int64_t mono_ms, struct answer *ret_answer);

#endif
