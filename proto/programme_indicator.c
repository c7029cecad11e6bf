#include "proto/programme_indicator.h"

#include "lib/own.h"
#include "proto/programme_find.h"
#include "proto/programme_rule.h"
#include "proto/programme_value.h"
#include "proto/programme_word.h"

#include <errno.h>
#include <string.h>

static int read_status(const struct programme_source *source, const struct programme_entry *entry,
		       enum programme_status *ret_status)
{
	static const char *const words[] = {
		[STATUS_COUNTED] = "counted",
		[STATUS_SAMPLED] = "sampled",
		[STATUS_ENTITY] = "entity",
		[STATUS_LOCAL] = "local",
	};
	static const struct programme_names names = {"P014", "status", words, array_n(words)};
	unsigned index = 0;
	int error = programme_word_choice(source, entry, 0, &names, &index);

	if (error == 0)
		*ret_status = (enum programme_status)index;
	return error;
}

static int find_pack(const struct programme_source *source, const struct programme_entry *entry,
		     const struct programme *programme, uint16_t *ret_pack)
{
	const char *words[PROGRAMME_PACKS_MAX];
	const struct programme_names names = {"P014", "pack", words, programme->packs_n};
	unsigned index = 0;
	int error;

	for (size_t i = 0; i < programme->packs_n; i++)
		words[i] = programme->packs[i].id;
	error = programme_word_choice(source, entry, 0, &names, &index);
	if (error == 0)
		*ret_pack = (uint16_t)index;
	return error;
}

/* What is not counted from records has nothing to say about them. */
static int read_rules(const struct programme_source *source,
		      const struct programme_section *section, const struct programme *programme,
		      struct programme_indicator *indicator)
{
	const struct programme_lines lines = {section, "when", NULL, NULL};
	const struct programme_entry *when = programme_entry(section, "when", NULL);
	const bool is_counted =
		indicator->status == STATUS_COUNTED || indicator->status == STATUS_LOCAL;

	if (when != NULL && !is_counted)
		return programme_complain(source, when->line, "P006",
					  "%s is not counted from records, so it has no when",
					  section->id);
	return programme_build_rules(source, programme, &lines, &indicator->rules,
				     &indicator->rules_n);
}

static int read_spans(const struct programme_source *source,
		      const struct programme_section *section,
		      struct programme_indicator *indicator)
{
	const struct programme_entry *released = programme_entry(section, "released", NULL);
	int error = programme_value_valid(source, section, &indicator->span);

	indicator->released = indicator->span;
	if (error == 0 && released != NULL)
		error = programme_value_span(source, released, 0, &indicator->released);
	return error;
}

static int build_indicator(const struct programme_source *source,
			   const struct programme_section *section,
			   const struct programme *programme, struct programme_indicator *indicator)
{
	uint32_t number = 0;
	int error = programme_value_number(source, programme_entry(section, "number", NULL), 0, 1,
					   UINT16_MAX, &number);

	indicator->number = (uint16_t)number;
	indicator->id = section->id;
	indicator->label = programme_value_label(section);
	indicator->source = programme_entry(section, "source", NULL)->parts[0];
	if (error == 0)
		error = find_pack(source, programme_entry(section, "pack", NULL), programme,
				  &indicator->pack);
	if (error == 0)
		error = programme_word_kind(source, programme_entry(section, "kind", NULL),
					    &indicator->kind);
	if (error == 0)
		error = read_status(source, programme_entry(section, "status", NULL),
				    &indicator->status);
	if (error == 0)
		error = read_spans(source, section, indicator);
	return error == 0 ? read_rules(source, section, programme, indicator) : error;
}

int programme_build_indicators(const struct programme_source *source, struct programme *programme)
{
	const size_t n = programme_sections(source, "indicator");
	struct programme_indicator *indicators = arena_take(source->arena, n, sizeof(*indicators));
	const struct programme_section *section = NULL;

	if (indicators == NULL)
		return fail(-ENOMEM);
	if (n > PROGRAMME_INDICATORS_MAX)
		return programme_complain(source, 1, "P016", "%zu indicators: at most %d", n,
					  PROGRAMME_INDICATORS_MAX);
	for (size_t i = 0; i < n; i++) {
		int error;

		section = programme_section(source, "indicator", section);
		error = build_indicator(source, section, programme, &indicators[i]);
		for (size_t j = 0; j < i && error == 0; j++)
			if (indicators[j].number == indicators[i].number)
				error = programme_complain(source, section->line, "P013",
							   "number %u is %s already",
							   indicators[i].number, indicators[j].id);
		if (error != 0)
			return error;
	}
	programme->indicators = indicators;
	programme->indicators_n = n;
	return 0;
}
