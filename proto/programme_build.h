/*
 * From the sections of a programme file to its code lists and fields; every reference is resolved
 * and every clash refused. The arrays lie in the source's arena.
 */
#ifndef MIA_PROTO_PROGRAMME_BUILD_H
#define MIA_PROTO_PROGRAMME_BUILD_H

#include "proto/programme_line.h"

#define PROGRAMME_CODES_MAX 256 /* in one list */
#define PROGRAMME_LISTS_MAX 64
#define PROGRAMME_FIELDS_MAX 128

/* 0, -EBADMSG with the source's fault, -ENOMEM. Lists need the sites (for the list "municipality"),
 * fields the lists. */
int programme_build_lists(const struct programme_source *source, struct programme *programme);
int programme_build_fields(const struct programme_source *source, struct programme *programme);

#endif
