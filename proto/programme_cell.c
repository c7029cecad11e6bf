#include "proto/programme_cell.h"

#include "proto/programme_build.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define NUMBERS_MAX 128 /* codes in one condition; a line has no room for more */

/* ---- Conditions: "FIELD is CODE, CODE" ---- */

static const struct programme_field *find_field(const struct programme *programme, const char *id)
{
	for (size_t i = 0; i < programme->fields_n; i++)
		if (strcmp(programme->fields[i].id, id) == 0)
			return &programme->fields[i];
	return NULL;
}

static int complain_field(const struct programme_source *source, unsigned line,
			  const struct programme *programme, const char *id)
{
	const char *words[PROGRAMME_FIELDS_MAX];
	struct programme_names names = {"P014", "field", words, programme->fields_n};

	for (size_t i = 0; i < programme->fields_n; i++)
		words[i] = programme->fields[i].id;
	return programme_complain_word(source, line, &names, id);
}

static int resolve_code(const struct programme_source *source, unsigned line,
			const struct programme_list *list, const char *id, uint16_t *ret_number)
{
	const char *words[PROGRAMME_CODES_MAX];
	char what[PROGRAMME_ID_BYTES + 16];
	struct programme_names names = {"P014", what, words, 0};

	for (size_t i = 0; i < list->codes_n; i++) {
		if (strcmp(list->codes[i].id, id) == 0) {
			*ret_number = list->codes[i].number;
			return 0;
		}
		if (names.n < PROGRAMME_CODES_MAX)
			words[names.n++] = list->codes[i].id;
	}
	(void)snprintf(what, sizeof(what), "code of %s", list->id);
	return programme_complain_word(source, line, &names, id);
}

/* Cuts the next word off a list "a, b , c": NULL when there is none left. */
static char *next_word(char **rest, char separator)
{
	char *word = *rest, *end;

	if (word == NULL)
		return NULL;
	word += strspn(word, " \t");
	end = strchr(word, separator);
	*rest = end == NULL ? NULL : end + 1;
	if (end == NULL)
		end = word + strlen(word);
	while (end > word && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
	return word;
}

static int resolve_codes(const struct programme_source *source, unsigned line,
			 const struct programme_list *list, char *words,
			 struct programme_condition *condition)
{
	uint16_t *numbers = arena_take(source->arena, NUMBERS_MAX, sizeof(*numbers));
	const char *word;
	size_t n = 0;

	if (numbers == NULL)
		return fail(-ENOMEM);
	while (n < NUMBERS_MAX && (word = next_word(&words, ',')) != NULL) {
		int error = resolve_code(source, line, list, word, &numbers[n]);

		if (error != 0)
			return error;
		for (size_t i = 0; i < n; i++)
			if (numbers[i] == numbers[n])
				return programme_complain(source, line, "P003",
							  "%s stands twice in one condition", word);
		n++;
	}
	condition->numbers = numbers;
	condition->numbers_n = n;
	return 0;
}

static int build_condition(const struct programme_source *source,
			   const struct programme_entry *entry, const struct programme *programme,
			   struct programme_condition *condition)
{
	char *text = arena_text(source->arena, entry->parts[0], strlen(entry->parts[0]));
	const struct programme_field *field;
	char *is;

	if (text == NULL)
		return fail(-ENOMEM);
	is = strstr(text, " is ");
	if (is == NULL)
		return programme_complain(
			source, entry->line, "P006",
			"when: \"%s\" is not like \"exit_reason is work, studies\"", text);
	*is = '\0';
	field = find_field(programme, text);
	if (field == NULL)
		return complain_field(source, entry->line, programme, text);
	if (field->list == NULL)
		return programme_complain(source, entry->line, "P014",
					  "field %s has no code list to choose from", field->id);
	condition->field = field->id;
	return resolve_codes(source, entry->line, programme_list(programme, field->list), is + 4,
			     condition);
}

/* ---- Cells ---- */

/* The conditions between a cell and the next one. */
static int build_conditions(const struct programme_source *source,
			    const struct programme_section *section,
			    const struct programme_entry *cell_entry,
			    const struct programme *programme, struct programme_cell *cell)
{
	const struct programme_entry *end = programme_entry(section, "cell", cell_entry);
	struct programme_condition *conditions;
	const struct programme_entry *entry = cell_entry;
	size_t n = 0;

	if (end == NULL)
		end = section->entries + section->entries_n;
	while ((entry = programme_entry(section, "when", entry)) != NULL && entry < end)
		n++;
	conditions = arena_take(source->arena, n, sizeof(*conditions));
	if (conditions == NULL)
		return fail(-ENOMEM);
	entry = cell_entry;
	for (size_t i = 0; i < n; i++) {
		int error;

		entry = programme_entry(section, "when", entry);
		error = build_condition(source, entry, programme, &conditions[i]);
		if (error != 0)
			return error;
	}
	cell->conditions = conditions;
	cell->conditions_n = n;
	return 0;
}

/* Every event must fall into exactly one cell: the first that holds, the last without question. */
static int check_rest(const struct programme_source *source, const struct programme_entry *entry,
		      const struct programme_cell *cell, bool is_last)
{
	if (is_last && cell->conditions_n > 0)
		return programme_complain(
			source, entry->line, "P019",
			"the last cell, %s, has conditions: nothing takes the rest", cell->id);
	if (!is_last && cell->conditions_n == 0)
		return programme_complain(
			source, entry->line, "P019",
			"cell %s has no condition and takes all: only the last may", cell->id);
	return 0;
}

static int build_cell(const struct programme_source *source,
		      const struct programme_section *section, const struct programme_entry *entry,
		      const struct programme *programme, struct programme_cell *cell)
{
	if (!programme_is_id(entry->parts[0]))
		return programme_complain(source, entry->line, "P011", "\"%s\" cannot be an id",
					  entry->parts[0]);
	cell->id = entry->parts[0];
	cell->label = (struct programme_label){entry->parts[1], entry->parts[2]};
	return build_conditions(source, section, entry, programme, cell);
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
