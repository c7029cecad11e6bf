/*
 * An answer on its way from the daemon to mia: [1, exit uint, [sheet...], attachment bin],
 * canonical MessagePack, sent over the control socket in pieces. proto/README.md gives every byte.
 */
#ifndef MIA_PROTO_ANSWER_H
#define MIA_PROTO_ANSWER_H

#include "lib/fail.h"
#include "proto/sheet.h"

#define ANSWER_BYTES_MAX (64 * 1024 * 1024)

void answer_free(struct answer *answer);
/* Takes the sheet over (also on failure, and NULL is -ENOMEM). */
int answer_add(struct answer *answer, struct sheet **sheet);
/* A sheet of one line of talk, as schema says; first and second stand for %1 and %2 of msgid, NULL:
 * there is none. -ENOMEM. */
int answer_line(struct answer *answer, const char *schema, const char *msgid, const char *first,
		const char *second);
/* Turns a fault into the answer, whatever was in it: one "mia.error/1" form (code, place, reason,
 * remedy) and the code's exit from proto/errors.def. */
int answer_fault(struct answer *answer, const struct fault *fault);
int answer_pack(const struct answer *answer, struct buf *ret_bytes);
/* Bounded: -EBADMSG, -EMSGSIZE, -ENOMEM; *ret_answer untouched then. */
int answer_unpack(const void *bytes, size_t n, struct answer *ret_answer);

#endif
