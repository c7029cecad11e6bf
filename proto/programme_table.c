#include "proto/programme_table.h"

#include "lib/own.h"
#include "proto/programme_build.h"
#include "proto/programme_cut.h"
#include "proto/programme_rule.h"
#include "proto/programme_value.h"
#include "proto/programme_word.h"

#include <errno.h>
#include <string.h>

#define MAX_CODES 16

/* ---- Rows of a variable ---- */

static bool is_among(const uint16_t numbers[], size_t n, uint16_t number)
{
	for (size_t i = 0; i < n; i++)
		if (numbers[i] == number)
			return true;
	return false;
}

static bool is_unknown(const struct programme_variable *variable,
		       const struct programme_group *group)
{
	for (size_t i = 0; i < group->codes_n; i++)
		if (!is_among(variable->unknown, variable->unknown_n, group->codes[i]))
			return false;
	return group->codes_n > 0;
}

/* A site has people of its own municipalities only. */
static size_t most_municipalities(const struct programme *programme)
{
	size_t most = 0;

	for (size_t i = 0; i < programme->sites_n; i++)
		if (programme->sites[i].municipalities_n > most)
			most = programme->sites[i].municipalities_n;
	return most;
}

size_t programme_table_rows(const struct programme *programme,
			    const struct programme_variable *variable, bool is_site)
{
	size_t n = 0;

	if (is_site && !variable->has_groups && variable->list != NULL &&
	    strcmp(variable->list, "municipality") == 0)
		return most_municipalities(programme);
	for (size_t i = 0; i < variable->groups_n; i++)
		n += !is_unknown(variable, &variable->groups[i]);
	return n;
}

/* ---- What a dimension must be ---- */

/* Every code must fall somewhere: the rest of a table is not a row, it is those not known. */
static int check_codes(const struct programme_source *source, unsigned line,
		       const struct programme *programme, const struct programme_variable *variable)
{
	const struct programme_list *list = programme_list(programme, variable->list);

	for (size_t i = 0; i < list->codes_n; i++) {
		bool is_held =
			is_among(variable->unknown, variable->unknown_n, list->codes[i].number);

		for (size_t j = 0; j < variable->groups_n && !is_held; j++)
			is_held = is_among(variable->groups[j].codes, variable->groups[j].codes_n,
					   list->codes[i].number);
		if (!is_held)
			return programme_complain(
				source, line, "P029",
				"%s leaves out %s: put it in a group, or among the "
				"unknown",
				variable->id, list->codes[i].id);
	}
	return 0;
}

/* The next range after one that ends at high begins at high + 1, unless that was the last. */
static int check_ranges(const struct programme_source *source, unsigned line,
			const struct programme_variable *variable)
{
	for (size_t i = 0; i < variable->groups_n; i++) {
		const struct programme_group *group = &variable->groups[i];
		bool is_last = true, is_joined = false;

		for (size_t j = 0; j < variable->groups_n; j++) {
			is_last = is_last && variable->groups[j].low <= group->high;
			is_joined = is_joined || variable->groups[j].low - 1 == group->high;
		}
		if (!is_last && !is_joined)
			return programme_complain(source, line, "P029",
						  "%s leaves out what comes after %d", variable->id,
						  (int)group->high);
	}
	return 0;
}

static int check_partition(const struct programme_source *source, unsigned line,
			   const struct programme *programme,
			   const struct programme_variable *variable)
{
	return variable->list != NULL ? check_codes(source, line, programme, variable)
				      : check_ranges(source, line, variable);
}

static int check_site_dim(const struct programme_source *source, unsigned line,
			  const struct programme *programme,
			  const struct programme_variable *variable)
{
	const size_t rows = programme_table_rows(programme, variable, true);

	if (variable->shape == SHAPE_SET)
		return programme_complain(
			source, line, "P035",
			"%s may hold several codes of one person: a site's table takes "
			"the main one (3-privacy 3.3)",
			variable->id);
	if (rows > PROGRAMME_ROWS_MAX)
		return programme_complain(source, line, "P028",
					  "%s has %zu rows, of at most %d in a site's table "
					  "(3-privacy 3.3)",
					  variable->id, rows, PROGRAMME_ROWS_MAX);
	return 0;
}

/* The cells of a measure divide its own events. */
static int check_cells(const struct programme_source *source, unsigned line,
		       const struct programme *programme, const struct programme_variable *variable,
		       enum programme_kind kind)
{
	const int measure = programme_measure_index(programme, variable->measure);

	if (programme->measures[measure].kind == kind)
		return 0;
	return programme_complain(source, line, "P006", "%s divides %s, and not %s", variable->id,
				  programme_kind_name(programme->measures[measure].kind),
				  programme_kind_name(kind));
}

/* ---- Reading ---- */

static int read_dims(const struct programme_source *source, const struct programme_entry *entry,
		     const struct programme *programme, struct programme_table *table)
{
	char *rest = programme_word_copy(source, entry->parts[0]), *word;

	if (rest == NULL)
		return fail(-ENOMEM);
	while ((word = programme_word_next(&rest, ",")) != NULL) {
		const struct programme_variable *variable;
		uint16_t index = 0;
		int error;

		if (table->dims_n == array_n(table->dims))
			return programme_complain(source, entry->line, "P016",
						  "a table has one or two variables");
		error = programme_cut_find(source, programme, entry->line, word, &index);
		if (error != 0)
			return error;
		if (table->dims_n == 1 && table->dims[0] == index)
			return programme_complain(source, entry->line, "P003", "%s stands twice",
						  word);
		variable = &programme->variables[index];
		error = variable->shape == SHAPE_CELLS
				? check_cells(source, entry->line, programme, variable, table->kind)
				: check_partition(source, entry->line, programme, variable);
		if (error == 0 && table->scope == SCOPE_SITE)
			error = check_site_dim(source, entry->line, programme, variable);
		if (error != 0)
			return error;
		table->dims[table->dims_n++] = index;
	}
	return 0;
}

static int read_scope(const struct programme_source *source, const struct programme_entry *entry,
		      enum programme_scope *ret_scope)
{
	static const char *const words[] = {[SCOPE_SITE] = "site", [SCOPE_COUNTY] = "county"};
	static const struct programme_names names = {"P014", "scope", words, array_n(words)};
	unsigned index = 0;
	int error = programme_word_choice(source, entry, 0, &names, &index);

	if (error == 0)
		*ret_scope = (enum programme_scope)index;
	return error;
}

/* At a small site tables come by the year, unless the table says that it stays with the quarter. */
static int read_table_cadence(const struct programme_source *source,
			      const struct programme_section *section,
			      struct programme_table *table)
{
	const struct programme_entry *entry = programme_entry(section, "cadence", NULL);
	const struct programme_entry *small = programme_entry(section, "small", NULL);
	int error = programme_word_cadence(source, entry, 0, &table->cadence);

	table->small = CADENCE_YEAR;
	if (error == 0 && small != NULL)
		error = programme_word_cadence(source, small, 0, &table->small);
	if (error != 0)
		return error;
	if (small != NULL && table->small < table->cadence)
		return programme_complain(source, small->line, "P027",
					  "%s comes more often at small sites than at others",
					  table->id);
	if (table->cadence == CADENCE_MONTH)
		return programme_complain(source, entry->line, "P027",
					  "%s: a table comes at most every quarter (3-privacy 3.3)",
					  table->id);
	if (table->scope == SCOPE_SITE && table->dims_n == 2 && table->cadence != CADENCE_YEAR)
		return programme_complain(source, entry->line, "P027",
					  "%s: a site's table of two variables comes once a year "
					  "(3-privacy 3.3)",
					  table->id);
	return 0;
}

/* How many cells one person can be in; a set without a bound has no bound on what it tells. */
static int read_max_codes(const struct programme_source *source,
			  const struct programme_section *section,
			  const struct programme *programme, struct programme_table *table)
{
	const struct programme_entry *entry = programme_entry(section, "max_codes", NULL);
	uint32_t max_codes = 1;
	bool has_set = false;

	for (size_t i = 0; i < table->dims_n; i++)
		has_set = has_set || programme->variables[table->dims[i]].shape == SHAPE_SET;
	if (has_set && entry == NULL)
		return programme_complain(source, section->line, "P036",
					  "%s: how many codes of a person count? (3-privacy 3.4)",
					  table->id);
	if (!has_set && entry != NULL)
		return programme_complain(source, entry->line, "P006",
					  "%s has no variable of several codes", table->id);
	if (entry != NULL &&
	    programme_value_number(source, entry, 0, 1, MAX_CODES, &max_codes) != 0)
		return -EBADMSG;
	table->max_codes = (uint8_t)max_codes;
	return 0;
}

static int read_epsilon(const struct programme_source *source,
			const struct programme_section *section, const struct programme *programme,
			struct programme_table *table)
{
	const struct programme_entry *entry = programme_entry(section, "epsilon", NULL);
	const uint32_t most = programme->policy.epsilon_year;

	if (table->scope == SCOPE_SITE)
		return entry == NULL
			       ? 0
			       : programme_complain(source, entry->line, "P006",
						    "%s: a site's table has no noise", table->id);
	if (entry == NULL)
		return programme_complain(source, section->line, "P034",
					  "%s has no epsilon: without noise a county table shows "
					  "persons (3-privacy 3.4)",
					  table->id);
	if (programme_value_number(source, entry, 0, 1, 100000, &table->epsilon) != 0)
		return -EBADMSG;
	if (table->epsilon > most)
		return programme_complain(source, entry->line, "P034",
					  "%s: epsilon %u per mille, of %u in a whole year "
					  "(3-privacy 3.4)",
					  table->id, table->epsilon, most);
	return 0;
}

static int read_parts(const struct programme_source *source,
		      const struct programme_section *section, const struct programme *programme,
		      struct programme_table *table)
{
	const struct programme_lines lines = {section, "where", NULL, NULL};
	int error = read_scope(source, programme_entry(section, "scope", NULL), &table->scope);

	if (error == 0)
		error = read_dims(source, programme_entry(section, "dims", NULL), programme, table);
	if (error == 0)
		error = read_table_cadence(source, section, table);
	if (error == 0)
		error = programme_build_rules(source, programme, &lines, &table->rules,
					      &table->rules_n);
	if (error == 0)
		error = read_max_codes(source, section, programme, table);
	return error == 0 ? read_epsilon(source, section, programme, table) : error;
}

static int build_table(const struct programme_source *source,
		       const struct programme_section *section, const struct programme *programme,
		       struct programme_table *table)
{
	uint32_t number = 0;
	int error = programme_value_number(source, programme_entry(section, "number", NULL), 0, 1,
					   UINT16_MAX, &number);
	int measure = programme_measure_by_number(programme, (uint16_t)number);

	if (error == 0 && measure >= 0)
		error = programme_complain(source, section->line, "P013", "number %u is %s already",
					   number, programme->measures[measure].id);
	table->number = (uint16_t)number;
	table->id = section->id;
	table->label = programme_value_label(section);
	if (error == 0)
		error = programme_word_kind(source, programme_entry(section, "kind", NULL),
					    &table->kind);
	if (error == 0)
		error = programme_value_valid(source, section, &table->span);
	return error == 0 ? read_parts(source, section, programme, table) : error;
}

int programme_build_tables(const struct programme_source *source, struct programme *programme)
{
	const size_t n = programme_sections(source, "table");
	struct programme_table *tables = arena_take(source->arena, n, sizeof(*tables));
	const struct programme_section *section = NULL;

	if (tables == NULL)
		return fail(-ENOMEM);
	if (n > PROGRAMME_TABLES_MAX)
		return programme_complain(source, 1, "P016", "%zu tables: at most %d", n,
					  PROGRAMME_TABLES_MAX);
	for (size_t i = 0; i < n; i++) {
		int error;

		section = programme_section(source, "table", section);
		error = build_table(source, section, programme, &tables[i]);
		for (size_t j = 0; j < i && error == 0; j++)
			if (tables[j].number == tables[i].number)
				error = programme_complain(source, section->line, "P013",
							   "number %u is %s already",
							   tables[i].number, tables[j].id);
		if (error != 0)
			return error;
	}
	programme->tables = tables;
	programme->tables_n = n;
	return 0;
}
