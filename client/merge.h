/*
 * Two cases of one person become one: both sides are shown, what differs is settled by questions at
 * the terminal (or by --from), and the number of the case that goes is typed before it goes.
 */
#ifndef MIA_CLIENT_MERGE_H
#define MIA_CLIENT_MERGE_H

#include "client/call.h"

/* person merge KEEP DROP. */
call_fn merge_cases;

/* The questions that an answer to `person merge --dry-run` leaves open, as the sheets of a form
 * (form.h): what the two cases say are the answers. 0 with no sheets when all is settled; -ENOMEM.
 */
int merge_questions(const struct answer *compared, struct answer *ret_form);

#endif
