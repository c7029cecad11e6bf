/*
 * From the sections of a programme file to its packs of indicators, and the checks that a pack's
 * figures must pass.
 */
#ifndef MIA_PROTO_PROGRAMME_PACK_H
#define MIA_PROTO_PROGRAMME_PACK_H

#include "proto/programme_line.h"

/* Without their checks. Needs variables. 0, -EBADMSG with the source's fault, -ENOMEM. */
int programme_build_packs(const struct programme_source *source, struct programme *programme);
/* Their checks: needs the indicators. */
int programme_build_checks(const struct programme_source *source, struct programme *programme);

#endif
