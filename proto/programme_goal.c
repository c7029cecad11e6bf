#include "proto/programme_goal.h"

#include "proto/programme_value.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int find_measure(const struct programme_source *source, const struct programme_entry *entry,
			const struct programme *programme, uint16_t *ret_index)
{
	const char *words[PROGRAMME_MEASURES_MAX];
	const struct programme_names names = {"P014", "measure", words, programme->measures_n};
	const int index = programme_measure_index(programme, entry->parts[0]);

	for (size_t i = 0; i < programme->measures_n; i++)
		words[i] = programme->measures[i].id;
	if (index < 0)
		return programme_complain_word(source, entry->line, &names, entry->parts[0]);
	*ret_index = (uint16_t)index;
	return 0;
}

static int find_cell(const struct programme_source *source, const struct programme_entry *entry,
		     const struct programme_measure *measure, const char *id, uint32_t *bits)
{
	const char *words[PROGRAMME_CELLS_MAX];
	char what[PROGRAMME_ID_BYTES + 16];
	const struct programme_names names = {"P014", what, words, measure->cells_n};

	for (size_t i = 0; i < measure->cells_n; i++) {
		words[i] = measure->cells[i].id;
		if (strcmp(words[i], id) != 0)
			continue;
		if ((*bits >> i & 1) != 0)
			return programme_complain(source, entry->line, "P003",
						  "%s: cell %s stands twice", entry->key, id);
		*bits |= UINT32_C(1) << i;
		return 0;
	}
	(void)snprintf(what, sizeof(what), "cell of %s", measure->id);
	return programme_complain_word(source, entry->line, &names, id);
}

/* Cells by id, "work_or_studies, af", as bits; all cells of the measure where the key is absent. */
static int read_cells(const struct programme_source *source, const struct programme_entry *entry,
		      const struct programme_measure *measure, uint32_t *ret_bits)
{
	uint32_t bits = 0;
	char *text, *rest = NULL;

	if (entry == NULL) {
		*ret_bits = UINT32_MAX >> (32 - measure->cells_n);
		return 0;
	}
	text = arena_text(source->arena, entry->parts[0], strlen(entry->parts[0]));
	if (text == NULL)
		return fail(-ENOMEM);
	for (const char *id = strtok_r(text, ", \t", &rest); id != NULL;
	     id = strtok_r(NULL, ", \t", &rest)) {
		int error = find_cell(source, entry, measure, id, &bits);

		if (error != 0)
			return error;
	}
	if (bits == 0)
		return programme_complain(source, entry->line, "P006", "%s names no cell",
					  entry->key);
	*ret_bits = bits;
	return 0;
}

/* per_mille 0: persons against the county's target, so there must be one, and no base. */
static int check_persons(const struct programme_source *source,
			 const struct programme_section *section, const struct programme *programme)
{
	if (programme_entry(section, "base", NULL) != NULL ||
	    programme_entry(section, "base_cells", NULL) != NULL ||
	    programme_entry(section, "second_base", NULL) != NULL)
		return programme_complain(source, section->line, "P022",
					  "a number of persons (per_mille = 0) has no base");
	if (programme->targets_n == 0)
		return programme_complain(source, section->line, "P022",
					  "per_mille = 0 is held against the county's target, and "
					  "[programme] has none");
	return 0;
}

static int build_goal(const struct programme_source *source,
		      const struct programme_section *section, const struct programme *programme,
		      struct programme_goal *goal)
{
	const struct programme_entry *base = programme_entry(section, "base", NULL);
	const struct programme_entry *cells = programme_entry(section, "cells", NULL);
	const struct programme_entry *base_cells = programme_entry(section, "base_cells", NULL);
	const struct programme_entry *second = programme_entry(section, "second_base", NULL);
	uint32_t per_mille;
	int error = programme_value_number(source, programme_entry(section, "per_mille", NULL), 0,
					   0, 1000, &per_mille);

	if (error == 0)
		error = find_measure(source, programme_entry(section, "measure", NULL), programme,
				     &goal->measure);
	if (error == 0 && per_mille == 0)
		error = check_persons(source, section, programme);
	if (error != 0)
		return error;
	goal->id = section->id;
	goal->label = programme_value_label(section);
	goal->per_mille = (uint16_t)per_mille;
	goal->base = goal->measure;
	if (base != NULL)
		error = find_measure(source, base, programme, &goal->base);
	if (error == 0 && second != NULL)
		error = find_measure(source, second, programme, &goal->second);
	goal->has_second = second != NULL;
	if (error == 0)
		error = read_cells(source, cells, &programme->measures[goal->measure],
				   &goal->cells);
	if (error == 0)
		error = read_cells(source, base_cells, &programme->measures[goal->base],
				   &goal->base_cells);
	return error;
}

int programme_build_goals(const struct programme_source *source, struct programme *programme)
{
	const size_t n = programme_sections(source, "goal");
	struct programme_goal *goals = arena_take(source->arena, n, sizeof(*goals));
	const struct programme_section *section = NULL;

	if (goals == NULL)
		return fail(-ENOMEM);
	if (n > PROGRAMME_GOALS_MAX)
		return programme_complain(source, 1, "P016", "%zu goals: at most %d", n,
					  PROGRAMME_GOALS_MAX);
	for (size_t i = 0; i < n; i++) {
		int error;

		section = programme_section(source, "goal", section);
		error = build_goal(source, section, programme, &goals[i]);
		if (error != 0)
			return error;
	}
	programme->goals = goals;
	programme->goals_n = n;
	return 0;
}
