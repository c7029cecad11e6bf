/*
 * `mia todo`: what is to be done now, grouped: about persons (chore.h) and about reports. A long
 * question (sweep.h). Case numbers are for readers, and shown as an event of the house.
 */
#ifndef MIA_SITE_TODO_H
#define MIA_SITE_TODO_H

#include "daemon/site/sweep.h"

int todo_begin(const struct sweep_ask *ask, void **ret_context, struct fault *fault);
int todo_visit(void *context, const struct store_person *person);
/* "mia.todo/1": what, count, due (the earliest day), overdue, cases (the first of them), remedy;
 * for readers also "mia.todo.cases/1": what, case, due, of at most 1000 cases a group. */
int todo_finish(void *context, struct answer *ret_answer);
void todo_drop(void **context);

#endif
