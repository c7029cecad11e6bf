#include "proto/programme_measure.h"

#include "lib/date.h"
#include "lib/own.h"
#include "proto/programme_cell.h"
#include "proto/programme_value.h"
#include "proto/programme_word.h"

#include <errno.h>
#include <string.h>

/* ---- Words with a fixed meaning ---- */

static bool is_spell(enum programme_kind kind)
{
	return kind == KIND_SPELL_STARTED || kind == KIND_SPELL_ENDED;
}

static int read_unit(const struct programme_source *source, const struct programme_entry *entry,
		     enum programme_kind kind, enum programme_unit *ret_unit)
{
	static const char *const words[] = {[UNIT_PERSON] = "person", [UNIT_EVENT] = "event"};
	static const struct programme_names names = {"P014", "unit", words, array_n(words)};
	unsigned index = 0;
	int error = programme_word_choice(source, entry, 0, &names, &index);

	if (error != 0)
		return error;
	if (index == UNIT_EVENT && is_spell(kind))
		return programme_complain(source, entry->line, "P038",
					  "%s in events: five spells of one person would be shown "
					  "(3-privacy 3.1)",
					  programme_kind_name(kind));
	/* A deviation is nobody's: it holds no personal data. */
	if (index == UNIT_EVENT && kind != KIND_DEVIATION)
		return programme_complain(source, entry->line, "P020",
					  "%s is counted in persons, never in events",
					  programme_kind_name(kind));
	*ret_unit = (enum programme_unit)index;
	return 0;
}

/* ---- Measures ---- */

/* A figure covers whole months, so a measure begins and ends with one. */
static int check_months(const struct programme_source *source,
			const struct programme_section *section, struct programme_span span)
{
	const bool begins = span.from == INT32_MIN || date_to_civil(span.from).day == 1;
	const bool ends = span.to == INT32_MAX || date_to_civil(span.to + 1).day == 1;

	if (begins && ends)
		return 0;
	return programme_complain(source, programme_entry(section, "valid", NULL)->line, "P009",
				  "a measure is valid for whole months");
}

/*
 * Two headlines of one kind, held back each for itself, disclose held events by their difference;
 * and the cuts of a kind change only at a year's start (3.1).
 */
static int check_kinds(const struct programme_source *source,
		       const struct programme_section *section,
		       const struct programme_measure *measure,
		       const struct programme_measure *other)
{
	const struct programme_measure *later =
		measure->span.from > other->span.from ? measure : other;
	struct date_civil day;

	if (measure->kind != other->kind)
		return 0;
	if (programme_spans_meet(measure->span, other->span))
		return programme_complain(source, section->line, "P021",
					  "%s and %s both count %s on the same days", other->id,
					  measure->id, programme_kind_name(measure->kind));
	day = date_to_civil(later->span.from);
	if (day.month == 1 && day.day == 1)
		return 0;
	return programme_complain(source, section->line, "P025", "%s begins within a year",
				  later->id);
}

static int build_measure(const struct programme_source *source,
			 const struct programme_section *section, const struct programme *programme,
			 struct programme_measure *measure)
{
	uint32_t number;
	int error = programme_value_number(source, programme_entry(section, "number", NULL), 0, 1,
					   UINT16_MAX, &number);

	if (error != 0)
		return error;
	measure->number = (uint16_t)number;
	measure->id = section->id;
	measure->label = programme_value_label(section);
	error = programme_word_kind(source, programme_entry(section, "kind", NULL), &measure->kind);
	if (error == 0 && measure->kind == KIND_HOURS)
		error = programme_complain(source, section->line, "P037",
					   "%s: hours are no headline (3-privacy 3.1)",
					   section->id);
	if (error == 0)
		error = read_unit(source, programme_entry(section, "unit", NULL), measure->kind,
				  &measure->unit);
	if (error == 0)
		error = programme_word_cadence(source, programme_entry(section, "cadence", NULL), 0,
					       &measure->cadence);
	if (error == 0)
		error = programme_value_valid(source, section, &measure->span);
	if (error == 0)
		error = check_months(source, section, measure->span);
	return error == 0 ? programme_build_cells(source, section, programme, measure) : error;
}

int programme_build_measures(const struct programme_source *source, struct programme *programme)
{
	const size_t n = programme_sections(source, "measure");
	struct programme_measure *measures = arena_take(source->arena, n, sizeof(*measures));
	const struct programme_section *section = NULL;

	if (measures == NULL)
		return fail(-ENOMEM);
	if (n == 0 || n > PROGRAMME_MEASURES_MAX)
		return programme_complain(source, 1, n == 0 ? "P004" : "P016",
					  "%zu measures: there are 1 to %d", n,
					  PROGRAMME_MEASURES_MAX);
	for (size_t i = 0; i < n; i++) {
		int error;

		section = programme_section(source, "measure", section);
		error = build_measure(source, section, programme, &measures[i]);
		for (size_t j = 0; j < i && error == 0; j++) {
			if (measures[j].number == measures[i].number)
				error = programme_complain(source, section->line, "P013",
							   "number %u is %s already",
							   measures[i].number, measures[j].id);
			else
				error = check_kinds(source, section, &measures[i], &measures[j]);
		}
		if (error != 0)
			return error;
	}
	programme->measures = measures;
	programme->measures_n = n;
	return 0;
}
