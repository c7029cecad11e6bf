/*
 * From the fields and [variable] sections of a programme file to its variables and their groups.
 */
#ifndef MIA_PROTO_PROGRAMME_CUT_H
#define MIA_PROTO_PROGRAMME_CUT_H

#include "proto/programme_line.h"

/* One variable of each coded field, in the order of the fields, then those of sections with an id
 * of their own. Needs lists and fields. 0, -EBADMSG with the source's fault, -ENOMEM. */
int programme_build_variables(const struct programme_source *source, struct programme *programme);
/* The variables made of the cells of measures, after those; needs the measures. */
int programme_build_cell_variables(const struct programme_source *source,
				   struct programme *programme);

/* The variable of an id (P014, with the nearest one). */
int programme_cut_find(const struct programme_source *source, const struct programme *programme,
		       unsigned line, const char *id, uint16_t *ret_index);
/* The number of a group of a variable (P014). */
int programme_cut_group(const struct programme_source *source,
			const struct programme_variable *variable, unsigned line, const char *id,
			uint16_t *ret_number);

#endif
