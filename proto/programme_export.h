/*
 * From the sections of a programme file to its exports: sheets about persons that leave the house
 * by hand.
 */
#ifndef MIA_PROTO_PROGRAMME_EXPORT_H
#define MIA_PROTO_PROGRAMME_EXPORT_H

#include "proto/programme_line.h"

#define PROGRAMME_EXPORTS_MAX 8
#define PROGRAMME_COLUMNS_MAX 64

/* 0, -EBADMSG with the source's fault, -ENOMEM. */
int programme_build_exports(const struct programme_source *source, struct programme *programme);

#endif
