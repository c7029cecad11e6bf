#include "proto/programme_cell.h"

#include "proto/programme_rule.h"

#include <errno.h>
#include <string.h>

/* Every event must fall into exactly one cell: the first that holds, the last without question. */
static int check_rest(const struct programme_source *source, const struct programme_entry *entry,
		      const struct programme_cell *cell, bool is_last)
{
	if (is_last && cell->rules_n > 0)
		return programme_complain(
			source, entry->line, "P019",
			"the last cell, %s, has conditions: nothing takes the rest", cell->id);
	if (!is_last && cell->rules_n == 0)
		return programme_complain(
			source, entry->line, "P019",
			"cell %s has no condition and takes all: only the last may", cell->id);
	return 0;
}

static int build_cell(const struct programme_source *source,
		      const struct programme_section *section, const struct programme_entry *entry,
		      const struct programme *programme, struct programme_cell *cell)
{
	const struct programme_lines lines = {section, "when", entry,
					      programme_entry(section, "cell", entry)};

	if (!programme_is_id(entry->parts[0]))
		return programme_complain(source, entry->line, "P011", "\"%s\" cannot be an id",
					  entry->parts[0]);
	cell->id = entry->parts[0];
	cell->label = (struct programme_label){entry->parts[1], entry->parts[2]};
	return programme_build_rules(source, programme, &lines, &cell->rules, &cell->rules_n);
}

static int build_partition(const struct programme_source *source,
			   const struct programme_section *section,
			   const struct programme *programme, struct programme_cell cells[],
			   size_t n)
{
	const struct programme_entry *entry = NULL;

	for (size_t i = 0; i < n; i++) {
		int error;

		entry = programme_entry(section, "cell", entry);
		error = build_cell(source, section, entry, programme, &cells[i]);
		if (error == 0)
			error = check_rest(source, entry, &cells[i], i + 1 == n);
		if (error != 0)
			return error;
		for (size_t j = 0; j < i; j++)
			if (strcmp(cells[i].id, cells[j].id) == 0)
				return programme_complain(source, entry->line, "P012",
							  "there is a cell %s already",
							  cells[j].id);
	}
	return 0;
}

int programme_build_cells(const struct programme_source *source,
			  const struct programme_section *section,
			  const struct programme *programme, struct programme_measure *measure)
{
	static const struct programme_cell total = {"total", {"Totalt", "Total"}, NULL, 0};
	const struct programme_entry *when = programme_entry(section, "when", NULL);
	const size_t n = programme_entries(section, "cell");
	struct programme_cell *cells;

	if (when != NULL && (n == 0 || when < programme_entry(section, "cell", NULL)))
		return programme_complain(source, when->line, "P019",
					  "when belongs below the cell it is about");
	if (n > PROGRAMME_CELLS_MAX)
		return programme_complain(source, section->line, "P016", "%zu cells: at most %d", n,
					  PROGRAMME_CELLS_MAX);
	measure->cells = &total;
	measure->cells_n = 1;
	if (n == 0)
		return 0;
	cells = arena_take(source->arena, n, sizeof(*cells));
	if (cells == NULL)
		return fail(-ENOMEM);
	measure->cells = cells;
	measure->cells_n = n;
	return build_partition(source, section, programme, cells, n);
}
