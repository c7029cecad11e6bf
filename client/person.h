/*
 * What is done with one person: found by a number that is typed, changed by a form that is filled
 * in at the terminal or by a file of answers (--from). Numbers and names go to the daemon as fields
 * of the request and nowhere else: not in argv, not in history, not in a core.
 */
#ifndef MIA_CLIENT_PERSON_H
#define MIA_CLIENT_PERSON_H

#include "client/call.h"

/* person find. */
call_fn person_find;
/* person add, event, correct, move, and deviation add. */
call_fn person_form;

#endif
