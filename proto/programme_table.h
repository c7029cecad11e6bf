/*
 * From the sections of a programme file to its tables, with the rules of 3-privacy that a single
 * table can break.
 */
#ifndef MIA_PROTO_PROGRAMME_TABLE_H
#define MIA_PROTO_PROGRAMME_TABLE_H

#include "proto/programme_line.h"

#define PROGRAMME_ROWS_MAX 6 /* of a variable in a site's table (3.3) */

/* Needs variables and measures. 0, -EBADMSG with the source's fault, -ENOMEM. */
int programme_build_tables(const struct programme_source *source, struct programme *programme);

/* Rows that a variable has in a table: groups whose codes may all be unknown do not count, of
 * municipalities only one site's do. */
size_t programme_table_rows(const struct programme *programme,
			    const struct programme_variable *variable, bool is_site);

#endif
