/*
 * From the sections [demand ID] of a programme file to what its records must keep beside the rules
 * that are the same for all programmes (daemon/site/rules*).
 */
#ifndef MIA_PROTO_PROGRAMME_DEMAND_H
#define MIA_PROTO_PROGRAMME_DEMAND_H

#include "proto/programme_line.h"

#define PROGRAMME_DEMANDS_MAX 64

/* Needs variables. 0, -EBADMSG with the source's fault, -ENOMEM. */
int programme_build_demands(const struct programme_source *source, struct programme *programme);

#endif
