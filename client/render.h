/*
 * Showing an answer: knows sheets, not commands (1-architecture). People get tables, forms and
 * lines; programs get plain, JSON or CSV.
 */
#ifndef MIA_CLIENT_RENDER_H
#define MIA_CLIENT_RENDER_H

#include "client/paper.h"
#include "lib/fail.h"
#include "proto/answer.h"

enum render_format { RENDER_TABLE, RENDER_PLAIN, RENDER_JSON, RENDER_CSV };

/* "table", "plain", "json", "csv": 0 or -EINVAL. */
int render_format(const char *text, enum render_format *ret_format);
/* All sheets of an answer. 0, -ENOMEM, or -errno when the paper takes no more. */
int render_answer(const struct answer *answer, enum render_format format,
		  const struct paper *paper);
/* Whether the answer is an error ("mia.error/1"). */
bool render_is_error(const struct answer *answer);
/* An error for people, in three lines: code and what, why and where, what to do now. */
void render_error(const struct answer *answer, const struct paper *paper);

#endif
