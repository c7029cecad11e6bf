/*
 * A small text file (a card, a roster) inside a request: its lines joined by semicolons, which none
 * of them has, in fields "text.0", "text.1" ... A command line would show it to others, and a
 * request's texts have no line ends.
 */
#ifndef MIA_PROTO_CARRIED_H
#define MIA_PROTO_CARRIED_H

#include "proto/command.h"

/* Adds the text: -EMSGSIZE when it does not fit, -EINVAL when it has a semicolon. */
int carried_add(struct request *request, const struct buf *text);
/* Appends the text that came, "" when none did; the buffer carries the error. */
void carried_take(const struct request *request, struct buf *ret_text);

#endif
