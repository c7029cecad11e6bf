/*
 * The noise of county tables (3-privacy 3.4): what it costs a person's privacy in a year, and how
 * far it moves a figure.
 */
#ifndef MIA_PROTO_PROGRAMME_BUDGET_H
#define MIA_PROTO_PROGRAMME_BUDGET_H

#include "proto/programme_line.h"

#define PROGRAMME_COUNTY_SITES 4 /* at least, and three more than may stand with the hub */

/* Needs the tables. 0, or -EBADMSG with the source's fault: P034 when the tables a person can be in
 * within a year add up to more than epsilon_year, P043 when there are too few sites. */
int programme_check_budget(const struct programme_source *source,
			   const struct programme *programme);

/* How often within a year one person can be in a table: once, unless the event comes again. */
unsigned programme_table_turns(const struct programme_table *table);

/* Standard deviation of a cell when sites_n sites answer: each adds the difference of two negative
 * binomials of shape 1 / (sites_n - collude) and ratio e^(-epsilon / max_codes). */
double programme_table_noise(const struct programme *programme, const struct programme_table *table,
			     size_t sites_n);
/* Sites that take part on a day. */
size_t programme_sites_on(const struct programme *programme, int32_t day);

#endif
