/*
 * Finding things of a programme: variables and their groups, packs, indicators, tables and
 * questions.
 */
#ifndef MIA_PROTO_PROGRAMME_FIND_H
#define MIA_PROTO_PROGRAMME_FIND_H

#include "proto/programme.h"

/* Indexes by id, or -1. */
int programme_variable_index(const struct programme *programme, const char *id);
int programme_pack_index(const struct programme *programme, const char *id);
int programme_indicator_index(const struct programme *programme, const char *id);
int programme_table_index(const struct programme *programme, const char *id);

/* The export of an id, or NULL. */
const struct programme_export *programme_export(const struct programme *programme, const char *id);

/* By number or id, or NULL. */
const struct programme_group *programme_group(const struct programme_variable *variable,
					      uint16_t number);
const struct programme_group *programme_group_by_id(const struct programme_variable *variable,
						    const char *id);
/* Code of a list by its id, NULL when it has none. */
const struct programme_code *programme_code_by_id(const struct programme_list *list,
						  const char *id);

/* The question of a site in a slot (1..PROGRAMME_SLOTS), whatever the day, or NULL. */
const struct programme_question *programme_question(const struct programme *programme, int site,
						    unsigned slot);

#endif
