#include "proto/programme_demand.h"

#include "lib/own.h"
#include "proto/errors.h"
#include "proto/programme_rule.h"
#include "proto/programme_value.h"
#include "proto/programme_word.h"

#include <errno.h>

#define VALIDATION 'V' /* first letter of the codes that are about records */

static int read_code(const struct programme_source *source, const struct programme_section *section,
		     struct programme_demand *demand)
{
	const struct programme_entry *entry = programme_entry(section, "code", NULL);
	const char *code = entry->parts[0];

	if (code[0] != VALIDATION || error_find(code) == NULL)
		return programme_complain(source, entry->line, "P014",
					  "\"%s\" is no code of a rule about records", code);
	demand->code = code;
	return 0;
}

static int read_severity(const struct programme_source *source,
			 const struct programme_section *section, struct programme_demand *demand)
{
	static const char *const words[] = {
		[SEVERITY_INFORM] = "inform", [SEVERITY_WARN] = "warn", [SEVERITY_ERROR] = "error"};
	const struct programme_names names = {"P014", "severity", words, array_n(words)};
	unsigned severity = SEVERITY_ERROR;
	int error = programme_word_choice(source, programme_entry(section, "severity", NULL), 0,
					  &names, &severity);

	if (error == 0)
		demand->severity = (enum programme_severity)severity;
	return error;
}

/* A field of the records; whether there is one of that id, the site finds out. */
static int read_field(const struct programme_source *source, const struct programme_entry *entry,
		      const char **ret_field)
{
	if (!programme_is_id(entry->parts[0]))
		return programme_complain(source, entry->line, "P011", "\"%s\" is no field's id",
					  entry->parts[0]);
	*ret_field = entry->parts[0];
	return 0;
}

static int build_demand(const struct programme_source *source,
			const struct programme_section *section, const struct programme *programme,
			struct programme_demand *demand)
{
	const struct programme_lines lines = {.section = section, .key = "when"};
	const struct programme_entry *needs = programme_entry(section, "needs", NULL);
	int error = read_code(source, section, demand);

	demand->id = section->id;
	demand->label = programme_value_label(section);
	if (error == 0)
		error = read_severity(source, section, demand);
	if (error == 0)
		error = read_field(source, programme_entry(section, "field", NULL), &demand->field);
	if (error == 0 && needs != NULL)
		error = read_field(source, needs, &demand->needs);
	return error != 0 ? error
			  : programme_build_rules(source, programme, &lines, &demand->rules,
						  &demand->rules_n);
}

int programme_build_demands(const struct programme_source *source, struct programme *programme)
{
	const size_t n = programme_sections(source, "demand");
	struct programme_demand *demands = arena_take(source->arena, n, sizeof(*demands));
	const struct programme_section *section = NULL;
	int error = 0;

	if (demands == NULL)
		return fail(-ENOMEM);
	if (n > PROGRAMME_DEMANDS_MAX)
		return programme_complain(source, 1, "P016", "%zu demands: at most %d", n,
					  PROGRAMME_DEMANDS_MAX);
	programme->demands = demands;
	for (size_t i = 0; i < n && error == 0; i++) {
		section = programme_section(source, "demand", section);
		error = build_demand(source, section, programme, &demands[i]);
		programme->demands_n = i + 1;
	}
	return error;
}
