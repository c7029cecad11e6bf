/*
 * `mia quality`: every stored record held against today's rules (validate.h). One row a rule that
 * is broken: how grave, by how many, what it says and what to do; with --rule CODE the cases, which
 * is an access to persons and an event of the house. A long question (sweep.h).
 */
#ifndef MIA_SITE_QUALITY_H
#define MIA_SITE_QUALITY_H

#include "daemon/site/sweep.h"

/* -EBADMSG with fault: X002, X009 no such rule, X004 cases are for readers. */
int quality_begin(const struct sweep_ask *ask, void **ret_context, struct fault *fault);
int quality_visit(void *context, const struct store_person *person);
/* "mia.quality/1", and with --rule "mia.quality.cases/1"; with --check the exit is
 * EXIT_CHECK_FAILED when any error stands. */
int quality_finish(void *context, struct answer *ret_answer);
void quality_drop(void **context);

#endif
