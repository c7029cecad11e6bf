/*
 * Codes that rules of the programs name. A programme need not have the fields they belong to, but
 * where it has one, its list has these codes (proto/programme/README.md).
 */
#ifndef MIA_PROTO_PROGRAMME_REQUIRED_H
#define MIA_PROTO_PROGRAMME_REQUIRED_H

#include "proto/programme_line.h"

/* Needs lists and fields. 0, or -EBADMSG with the source's fault (P040). */
int programme_check_required(const struct programme_source *source,
			     const struct programme *programme);

#endif
