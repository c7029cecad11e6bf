/*
 * From the sections of a programme file to the sites' own questions.
 */
#ifndef MIA_PROTO_PROGRAMME_QUESTION_H
#define MIA_PROTO_PROGRAMME_QUESTION_H

#include "proto/programme_line.h"

/* Needs sites, lists and fields. 0, -EBADMSG with the source's fault, -ENOMEM. */
int programme_build_questions(const struct programme_source *source, struct programme *programme);

#endif
