/*
 * From the sections of a programme file to its sites and their municipalities; what clashes in time
 * is refused.
 */
#ifndef MIA_PROTO_PROGRAMME_SITE_H
#define MIA_PROTO_PROGRAMME_SITE_H

#include "proto/programme_line.h"

/* Fills the sites; those without ages have the programme's. 0, -EBADMSG with the source's fault,
 * -ENOMEM. */
int programme_build_sites(const struct programme_source *source, struct programme *programme);

#endif
