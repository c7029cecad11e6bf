/*
 * From the sections of a programme file to its indicators.
 */
#ifndef MIA_PROTO_PROGRAMME_INDICATOR_H
#define MIA_PROTO_PROGRAMME_INDICATOR_H

#include "proto/programme_line.h"

/* Needs variables and packs. 0, -EBADMSG with the source's fault, -ENOMEM. */
int programme_build_indicators(const struct programme_source *source, struct programme *programme);

#endif
