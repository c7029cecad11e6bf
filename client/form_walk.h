/*
 * A form filled in at a terminal: question after question, what the daemon's rules say of the
 * answers at the question they concern, everything once more, and then it is stored. Until then
 * nothing is: who leaves with Ctrl-C leaves nothing behind (5-cli).
 */
#ifndef MIA_CLIENT_FORM_WALK_H
#define MIA_CLIENT_FORM_WALK_H

#include "client/form_question.h"

/* 0 with the daemon's last answer; -EBADMSG with fault X012 when the person changed their mind or
 * the keys ended, or what ask gave; -ENOMEM. */
int form_walk(const struct form_walk *walk, struct answer *ret_answer, struct fault *fault);

#endif
