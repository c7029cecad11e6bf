/*
 * Retention: what is recorded of a person goes when it has served (the programme's
 * retention_months). The time runs from the last of a person's own days (follow-up, result, exit,
 * move away, refusal of the offer), and of those who never left from the end of the operation. The
 * anonymous have nothing that could go. Case numbers and days are shown, nothing of a person: it is
 * for administrators, who see none. `retention run` erases all that are due, as store_forget.h
 * says, an event each. Long questions (sweep.h).
 */
#ifndef MIA_SITE_RETENTION_H
#define MIA_SITE_RETENTION_H

#include "daemon/site/sweep.h"

int retention_begin(const struct sweep_ask *ask, void **ret_context, struct fault *fault);
int retention_visit(void *context, const struct store_person *person);
/* "mia.retention/1": case, last (the day it runs from), due (the day it is over); of list also
 * those due within a year. What was erased, or would be, stands in the notes. */
int retention_finish(void *context, struct answer *ret_answer);
void retention_drop(void **context);

/* The day a record is to go by, and the day the time runs from; false when it never is. */
bool retention_due(const struct programme *programme, const struct record *record,
		   int32_t *ret_last, int32_t *ret_due);

#endif
