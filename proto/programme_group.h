/*
 * The groups of a variable in a programme file: codes of a list, ranges of a number.
 */
#ifndef MIA_PROTO_PROGRAMME_GROUP_H
#define MIA_PROTO_PROGRAMME_GROUP_H

#include "proto/programme_line.h"

/* All of these: 0, -EBADMSG with the source's fault, -ENOMEM. */

/* "a, b" as numbers of codes of a list (P014, P003). */
int programme_build_numbers(const struct programme_source *source,
			    const struct programme_entry *entry, const char *text,
			    const struct programme_list *list, const uint16_t **ret_numbers,
			    size_t *ret_n);
/* The `group` lines of a [variable] section. variable says what it is of; no value falls in two
 * groups on one day (P029). */
int programme_build_groups(const struct programme_source *source, const struct programme *programme,
			   const struct programme_section *section,
			   struct programme_variable *variable);
/* The codes of its list, each a group. */
int programme_take_codes(const struct programme_source *source, const struct programme *programme,
			 struct programme_variable *variable);

#endif
