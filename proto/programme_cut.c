#include "proto/programme_cut.h"

#include "lib/own.h"
#include "proto/programme_build.h"
#include "proto/programme_find.h"
#include "proto/programme_group.h"
#include "proto/programme_value.h"
#include "proto/programme_word.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* ---- Words ---- */

int programme_cut_find(const struct programme_source *source, const struct programme *programme,
		       unsigned line, const char *id, uint16_t *ret_index)
{
	const char *words[PROGRAMME_VARIABLES_MAX];
	const struct programme_names names = {"P014", "variable or coded field", words,
					      programme->variables_n};
	const int index = programme_variable_index(programme, id);

	for (size_t i = 0; i < programme->variables_n; i++)
		words[i] = programme->variables[i].id;
	if (index < 0)
		return programme_complain_word(source, line, &names, id);
	*ret_index = (uint16_t)index;
	return 0;
}

int programme_cut_group(const struct programme_source *source,
			const struct programme_variable *variable, unsigned line, const char *id,
			uint16_t *ret_number)
{
	const struct programme_group *group = programme_group_by_id(variable, id);
	const char *words[PROGRAMME_CODES_MAX];
	char what[PROGRAMME_ID_BYTES + 16];
	const struct programme_names names = {"P014", what, words, variable->groups_n};

	for (size_t i = 0; i < variable->groups_n; i++)
		words[i] = variable->groups[i].id;
	(void)snprintf(what, sizeof(what), "%s of %s", variable->has_groups ? "group" : "code",
		       variable->id);
	if (group == NULL)
		return programme_complain_word(source, line, &names, id);
	*ret_number = group->number;
	return 0;
}

static int find_field(const struct programme_source *source, const struct programme *programme,
		      const struct programme_entry *of, const char *id,
		      const struct programme_field **ret_field)
{
	const char *words[PROGRAMME_FIELDS_MAX];
	const struct programme_names names = {"P014", "field", words, programme->fields_n};

	for (size_t i = 0; i < programme->fields_n; i++) {
		words[i] = programme->fields[i].id;
		if (strcmp(words[i], id) != 0)
			continue;
		*ret_field = &programme->fields[i];
		return 0;
	}
	return programme_complain_word(source, of->line, &names, id);
}

/* ---- What a variable is of ---- */

static int read_unit(const struct programme_source *source, const struct programme_entry *of,
		     const char *word, enum programme_lapse *ret_unit)
{
	static const char *const words[] = {
		[LAPSE_YEARS] = "years",
		[LAPSE_MONTHS] = "months",
		[LAPSE_DAYS] = "days",
	};
	static const struct programme_names names = {"P014", "unit of time", words, array_n(words)};

	for (size_t i = 0; i < array_n(words); i++)
		if (strcmp(words[i], word) == 0) {
			*ret_unit = (enum programme_lapse)i;
			return 0;
		}
	return programme_complain_word(source, of->line, &names, word);
}

/* "FIELD to FIELD in years". */
static int read_lapse(const struct programme_source *source, const struct programme *programme,
		      const struct programme_entry *of, struct programme_variable *variable)
{
	char *rest = programme_word_copy(source, of->parts[0]);
	const struct programme_field *from = NULL, *until = NULL;
	const char *first, *second;
	int error;

	if (rest == NULL)
		return fail(-ENOMEM);
	first = programme_word_next(&rest, " to ");
	second = programme_word_next(&rest, " in ");
	if (second == NULL || rest == NULL)
		return programme_complain(
			source, of->line, "P006",
			"\"%s\" is not like \"birth_date to entry_date in years\"", of->parts[0]);
	error = find_field(source, programme, of, first, &from);
	if (error == 0)
		error = find_field(source, programme, of, second, &until);
	if (error == 0)
		error = read_unit(source, of, programme_word_next(&rest, ","), &variable->unit);
	if (error != 0 || from == NULL || until == NULL)
		return error;
	if (from->list != NULL || until->list != NULL)
		return programme_complain(source, of->line, "P014",
					  "%s has a code list and is no date",
					  from->list != NULL ? from->id : until->id);
	variable->shape = SHAPE_LAPSE;
	variable->field = from->id;
	variable->until = until->id;
	return 0;
}

/* "cells of left": made when measures are. */
static bool is_of_cells(const struct programme_section *section)
{
	static const char words[] = "cells of ";
	const char *of = programme_entry(section, "of", NULL)->parts[0];

	return strncmp(of, words, sizeof(words) - 1) == 0;
}

static int read_of(const struct programme_source *source, const struct programme *programme,
		   const struct programme_entry *of, struct programme_variable *variable)
{
	const struct programme_field *field = NULL;
	int error;

	if (strchr(of->parts[0], ' ') != NULL)
		return read_lapse(source, programme, of, variable);
	error = find_field(source, programme, of, of->parts[0], &field);
	if (error != 0 || field == NULL)
		return error;
	variable->field = field->id;
	variable->list = field->list;
	variable->shape = SHAPE_NUMBER;
	if (field->list != NULL)
		variable->shape = field->is_set ? SHAPE_SET : SHAPE_CODE;
	return 0;
}

/* ---- Variables ---- */

static int read_unknown(const struct programme_source *source, const struct programme *programme,
			const struct programme_section *section,
			struct programme_variable *variable)
{
	const struct programme_entry *unknown = programme_entry(section, "unknown", NULL);

	if (unknown == NULL)
		return 0;
	if (variable->list == NULL)
		return programme_complain(source, unknown->line, "P006",
					  "%s has no codes of which one could mean \"not known\"",
					  section->id);
	return programme_build_numbers(source, unknown, unknown->parts[0],
				       programme_list(programme, variable->list),
				       &variable->unknown, &variable->unknown_n);
}

static int fill_groups(const struct programme_source *source, const struct programme *programme,
		       const struct programme_section *section, struct programme_variable *variable)
{
	const struct programme_entry *group = programme_entry(section, "group", NULL);

	if (group == NULL && variable->list == NULL)
		return programme_complain(source, section->line, "P004",
					  "%s is no coded field, so it needs its groups",
					  section->id);
	return group == NULL ? programme_take_codes(source, programme, variable)
			     : programme_build_groups(source, programme, section, variable);
}

static int build_variable(const struct programme_source *source, const struct programme *programme,
			  const struct programme_section *section,
			  struct programme_variable *variable)
{
	int error = read_of(source, programme, programme_entry(section, "of", NULL), variable);

	variable->id = section->id;
	variable->label = programme_value_label(section);
	if (error == 0)
		error = programme_word_flag(source, programme_entry(section, "sensitive", NULL),
					    &variable->is_sensitive);
	if (error == 0)
		error = programme_value_valid(source, section, &variable->span);
	if (error == 0)
		error = fill_groups(source, programme, section, variable);
	if (error == 0)
		error = read_unknown(source, programme, section, variable);
	return error;
}

/* The section that says more of a coded field's own variable, or NULL. */
static const struct programme_section *section_of(const struct programme_source *source,
						  const char *id)
{
	const struct programme_section *section = NULL;

	while ((section = programme_section(source, "variable", section)) != NULL)
		if (strcmp(section->id, id) == 0)
			break;
	return section;
}

/* By a coded field's own id its codes are meant, everywhere: another cut needs another name. */
static int check_own(const struct programme_source *source, const struct programme_section *section,
		     const struct programme_variable *variable)
{
	if (strcmp(variable->field, variable->id) == 0 && !variable->has_groups)
		return 0;
	return programme_complain(
		source, section->line, "P012",
		"%s is a coded field: [variable %s] may only say more of it, without "
		"groups",
		section->id, section->id);
}

static int build_own(const struct programme_source *source, const struct programme *programme,
		     const struct programme_field *field, struct programme_variable *variable)
{
	const struct programme_section *section = section_of(source, field->id);
	int error;

	if (section != NULL) {
		error = build_variable(source, programme, section, variable);
		return error == 0 ? check_own(source, section, variable) : error;
	}
	*variable = (struct programme_variable){
		.id = field->id,
		.label = field->label,
		.shape = field->is_set ? SHAPE_SET : SHAPE_CODE,
		.field = field->id,
		.list = field->list,
		.span = {INT32_MIN, INT32_MAX},
	};
	return programme_take_codes(source, programme, variable);
}

static bool is_coded_field(const struct programme *programme, const char *id)
{
	for (size_t i = 0; i < programme->fields_n; i++)
		if (strcmp(programme->fields[i].id, id) == 0)
			return programme->fields[i].list != NULL;
	return false;
}

int programme_build_variables(const struct programme_source *source, struct programme *programme)
{
	const size_t room = programme->fields_n + programme_sections(source, "variable");
	struct programme_variable *variables = arena_take(source->arena, room, sizeof(*variables));
	const struct programme_section *section = NULL;
	size_t n = 0;
	int error = 0;

	if (variables == NULL)
		return fail(-ENOMEM);
	if (room > PROGRAMME_VARIABLES_MAX)
		return programme_complain(source, 1, "P016", "%zu fields and variables: at most %d",
					  room, PROGRAMME_VARIABLES_MAX);
	for (size_t i = 0; i < programme->fields_n && error == 0; i++)
		if (programme->fields[i].list != NULL)
			error = build_own(source, programme, &programme->fields[i],
					  &variables[n++]);
	while (error == 0 && (section = programme_section(source, "variable", section)) != NULL)
		if (!is_coded_field(programme, section->id) && !is_of_cells(section))
			error = build_variable(source, programme, section, &variables[n++]);
	programme->variables = variables;
	programme->variables_n = n;
	return error;
}

/* ---- Variables made of the cells of a measure ---- */

static int take_cells(const struct programme_source *source,
		      const struct programme_measure *measure, struct programme_variable *variable)
{
	struct programme_group *groups =
		arena_take(source->arena, measure->cells_n, sizeof(*groups));

	if (groups == NULL)
		return fail(-ENOMEM);
	for (size_t i = 0; i < measure->cells_n; i++)
		groups[i] = (struct programme_group){
			.number = (uint16_t)(i + 1),
			.id = measure->cells[i].id,
			.label = measure->cells[i].label,
			.span = {INT32_MIN, INT32_MAX},
		};
	variable->groups = groups;
	variable->groups_n = measure->cells_n;
	return 0;
}

static int find_measure(const struct programme_source *source, const struct programme *programme,
			const struct programme_entry *of, const char *id, int *ret_index)
{
	const char *words[PROGRAMME_MEASURES_MAX];
	const struct programme_names names = {"P014", "measure", words, programme->measures_n};

	for (size_t i = 0; i < programme->measures_n; i++)
		words[i] = programme->measures[i].id;
	*ret_index = programme_measure_index(programme, id);
	return *ret_index >= 0 ? 0 : programme_complain_word(source, of->line, &names, id);
}

/* Nothing but what it is of: its groups are the cells, and none of them means "not known". */
static int build_of_cells(const struct programme_source *source, const struct programme *programme,
			  const struct programme_section *section,
			  struct programme_variable *variable)
{
	const struct programme_entry *of = programme_entry(section, "of", NULL);
	char *id = programme_word_copy(source, of->parts[0]);
	int measure = -1, error;

	if (id == NULL)
		return fail(-ENOMEM);
	if (programme_entry(section, "group", NULL) != NULL ||
	    programme_entry(section, "unknown", NULL) != NULL)
		return programme_complain(source, section->line, "P006",
					  "%s has the cells of a measure and no groups of its own",
					  section->id);
	(void)programme_word_next(&id, " of ");
	error = find_measure(source, programme, of, programme_word_next(&id, ","), &measure);
	if (error == 0)
		error = programme_word_flag(source, programme_entry(section, "sensitive", NULL),
					    &variable->is_sensitive);
	if (error == 0)
		error = programme_value_valid(source, section, &variable->span);
	if (error != 0)
		return error;
	variable->id = section->id;
	variable->label = programme_value_label(section);
	variable->shape = SHAPE_CELLS;
	variable->field = "";
	variable->measure = programme->measures[measure].id;
	return take_cells(source, &programme->measures[measure], variable);
}

int programme_build_cell_variables(const struct programme_source *source,
				   struct programme *programme)
{
	const size_t room = programme->variables_n + programme_sections(source, "variable");
	struct programme_variable *variables = arena_take(source->arena, room, sizeof(*variables));
	const struct programme_section *section = NULL;
	size_t n = programme->variables_n;
	int error = 0;

	if (variables == NULL)
		return fail(-ENOMEM);
	if (n > 0)
		memcpy(variables, programme->variables, n * sizeof(*variables));
	while (error == 0 && (section = programme_section(source, "variable", section)) != NULL)
		if (is_of_cells(section))
			error = build_of_cells(source, programme, section, &variables[n++]);
	programme->variables = variables;
	programme->variables_n = n;
	return error;
}
