/*
 * From the sections of a programme file to its measures, with the rules of 3-privacy that
 * a programme can break.
 */
#ifndef MIA_PROTO_PROGRAMME_MEASURE_H
#define MIA_PROTO_PROGRAMME_MEASURE_H

#include "proto/programme_line.h"

/* Needs lists and fields. 0, -EBADMSG with the source's fault, -ENOMEM. */
int programme_build_measures(const struct programme_source *source, struct programme *programme);

#endif
