#include "proto/programme_export.h"

#include "lib/own.h"
#include "lib/text.h"
#include "proto/programme_build.h"
#include "proto/programme_value.h"
#include "proto/programme_word.h"

#include <errno.h>
#include <string.h>

static int read_column(const struct programme_source *source, const struct programme_entry *entry,
		       struct programme_column *column)
{
	static const char *const words[] = {
		[AS_LABEL] = "label", [AS_ID] = "id", [AS_NUMBER] = "number"};
	const struct programme_names names = {"P014", "way to write a code", words, array_n(words)};
	unsigned as = AS_LABEL;
	int error = 0;

	if (!programme_is_id(entry->parts[0]))
		return programme_complain(source, entry->line, "P011", "\"%s\" is no field's id",
					  entry->parts[0]);
	if (entry->parts_n == 3)
		error = programme_word_choice(source, entry, 2, &names, &as);
	if (error == 0)
		*column = (struct programme_column){.field = entry->parts[0],
						    .heading = entry->parts[1],
						    .as = (enum programme_as)as};
	return error;
}

/* A heading that stands twice would be read as either. */
static int check_heading(const struct programme_source *source, const struct programme_entry *entry,
			 const struct programme_column columns[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_same_word(columns[i].heading, columns[n].heading))
			return programme_complain(source, entry->line, "P015",
						  "two columns are called \"%s\"",
						  columns[n].heading);
	return 0;
}

static int build_export(const struct programme_source *source,
			const struct programme_section *section, struct programme_export *export)
{
	const size_t n = programme_entries(section, "column");
	struct programme_column *columns = arena_take(source->arena, n, sizeof(*columns));
	const struct programme_entry *entry = NULL;
	int error = 0;

	if (columns == NULL)
		return fail(-ENOMEM);
	if (n > PROGRAMME_COLUMNS_MAX)
		return programme_complain(source, section->line, "P016", "%zu columns: at most %d",
					  n, PROGRAMME_COLUMNS_MAX);
	export->id = section->id;
	export->label = programme_value_label(section);
	export->columns = columns;
	while (error == 0 && (entry = programme_entry(section, "column", entry)) != NULL) {
		error = read_column(source, entry, &columns[export->columns_n]);
		if (error == 0)
			error = check_heading(source, entry, columns, export->columns_n);
		export->columns_n += error == 0;
	}
	return error;
}

int programme_build_exports(const struct programme_source *source, struct programme *programme)
{
	const size_t n = programme_sections(source, "export");
	struct programme_export *exports = arena_take(source->arena, n, sizeof(*exports));
	const struct programme_section *section = NULL;
	int error = 0;

	if (exports == NULL)
		return fail(-ENOMEM);
	if (n > PROGRAMME_EXPORTS_MAX)
		return programme_complain(source, 1, "P016", "%zu exports: at most %d", n,
					  PROGRAMME_EXPORTS_MAX);
	programme->exports = exports;
	for (size_t i = 0; i < n && error == 0; i++) {
		section = programme_section(source, "export", section);
		error = build_export(source, section, &exports[i]);
		programme->exports_n = i + 1;
	}
	return error;
}
