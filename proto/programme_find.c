#include "proto/programme_find.h"

#include <string.h>

int programme_variable_index(const struct programme *programme, const char *id)
{
	for (size_t i = 0; i < programme->variables_n; i++)
		if (strcmp(programme->variables[i].id, id) == 0)
			return (int)i;
	return -1;
}

int programme_pack_index(const struct programme *programme, const char *id)
{
	for (size_t i = 0; i < programme->packs_n; i++)
		if (strcmp(programme->packs[i].id, id) == 0)
			return (int)i;
	return -1;
}

int programme_indicator_index(const struct programme *programme, const char *id)
{
	for (size_t i = 0; i < programme->indicators_n; i++)
		if (strcmp(programme->indicators[i].id, id) == 0)
			return (int)i;
	return -1;
}

int programme_table_index(const struct programme *programme, const char *id)
{
	for (size_t i = 0; i < programme->tables_n; i++)
		if (strcmp(programme->tables[i].id, id) == 0)
			return (int)i;
	return -1;
}

const struct programme_group *programme_group(const struct programme_variable *variable,
					      uint16_t number)
{
	for (size_t i = 0; i < variable->groups_n; i++)
		if (variable->groups[i].number == number)
			return &variable->groups[i];
	return NULL;
}

const struct programme_group *programme_group_by_id(const struct programme_variable *variable,
						    const char *id)
{
	for (size_t i = 0; i < variable->groups_n; i++)
		if (strcmp(variable->groups[i].id, id) == 0)
			return &variable->groups[i];
	return NULL;
}

const struct programme_code *programme_code_by_id(const struct programme_list *list, const char *id)
{
	for (size_t i = 0; i < list->codes_n; i++)
		if (strcmp(list->codes[i].id, id) == 0)
			return &list->codes[i];
	return NULL;
}

const struct programme_question *programme_question(const struct programme *programme, int site,
						    unsigned slot)
{
	for (size_t i = 0; i < programme->questions_n; i++)
		if (programme->questions[i].site == site && programme->questions[i].slot == slot)
			return &programme->questions[i];
	return NULL;
}

const struct programme_export *programme_export(const struct programme *programme, const char *id)
{
	for (size_t i = 0; i < programme->exports_n; i++)
		if (strcmp(programme->exports[i].id, id) == 0)
			return &programme->exports[i];
	return NULL;
}
