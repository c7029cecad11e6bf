/*
 * From the sections of a programme file to its goals.
 */
#ifndef MIA_PROTO_PROGRAMME_GOAL_H
#define MIA_PROTO_PROGRAMME_GOAL_H

#include "proto/programme_line.h"

#define PROGRAMME_GOALS_MAX 64

/* Needs the measures and the county's target. 0, -EBADMSG with the source's fault, -ENOMEM. */
int programme_build_goals(const struct programme_source *source, struct programme *programme);

#endif
