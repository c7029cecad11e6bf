/*
 * The cells of a measure in a programme file: rules on variables that divide its events without
 * gap or overlap.
 */
#ifndef MIA_PROTO_PROGRAMME_CELL_H
#define MIA_PROTO_PROGRAMME_CELL_H

#include "proto/programme_line.h"

/* Reads the cells of a [measure] section: the one cell "total" where it has none. Needs
 * variables. 0, -EBADMSG with the source's fault, -ENOMEM. */
int programme_build_cells(const struct programme_source *source,
			  const struct programme_section *section,
			  const struct programme *programme, struct programme_measure *measure);

#endif
