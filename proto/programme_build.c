#include "proto/programme_build.h"

#include "proto/programme_value.h"
#include "proto/programme_word.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MUNICIPALITY "municipality"

static int build_code(const struct programme_source *source, const struct programme_entry *entry,
		      struct programme_code *code)
{
	uint32_t number;
	int error = programme_value_number(source, entry, 0, 1, UINT16_MAX, &number);

	if (error != 0)
		return error;
	if (!programme_is_id(entry->parts[1]))
		return programme_complain(source, entry->line, "P011", "\"%s\" cannot be an id",
					  entry->parts[1]);
	code->number = (uint16_t)number;
	code->id = entry->parts[1];
	code->label = (struct programme_label){entry->parts[2], entry->parts[3]};
	code->span = (struct programme_span){INT32_MIN, INT32_MAX};
	return entry->parts_n < 5 ? 0 : programme_value_span(source, entry, 4, &code->span);
}

static bool have_spans(const struct programme_code codes[], size_t n)
{
	bool has_span = false;

	for (size_t i = 0; i < n; i++)
		has_span = has_span || codes[i].span.from != INT32_MIN ||
			   codes[i].span.to != INT32_MAX;
	return has_span;
}

static int build_codes(const struct programme_source *source,
		       const struct programme_section *section, struct programme_list *list)
{
	const size_t n = programme_entries(section, "code");
	struct programme_code *codes = arena_take(source->arena, n, sizeof(*codes));
	const struct programme_entry *entry = NULL;

	if (codes == NULL)
		return fail(-ENOMEM);
	if (n > PROGRAMME_CODES_MAX)
		return programme_complain(source, section->line, "P016",
					  "%zu codes in one list: at most %d", n,
					  PROGRAMME_CODES_MAX);
	for (size_t i = 0; i < n; i++) {
		int error;

		entry = programme_entry(section, "code", entry);
		error = build_code(source, entry, &codes[i]);
		if (error != 0)
			return error;
		for (size_t j = 0; j < i; j++)
			if (codes[j].number == codes[i].number ||
			    strcmp(codes[j].id, codes[i].id) == 0)
				return programme_complain(source, entry->line,
							  codes[j].number == codes[i].number
								  ? "P013"
								  : "P012",
							  "%u %s: there is %u %s already",
							  codes[i].number, codes[i].id,
							  codes[j].number, codes[j].id);
	}
	list->codes = codes;
	list->codes_n = n;
	list->has_spans = have_spans(codes, n);
	return 0;
}

static int find_code(const struct programme_source *source, const struct programme_entry *entry,
		     const struct programme_list *list, size_t *ret_index)
{
	const char *words[PROGRAMME_CODES_MAX];
	struct programme_names names = {"P014", "code", words, list->codes_n};

	for (size_t i = 0; i < list->codes_n; i++) {
		words[i] = list->codes[i].id;
		if (strcmp(words[i], entry->parts[0]) != 0)
			continue;
		*ret_index = i;
		return 0;
	}
	return programme_complain_word(source, entry->line, &names, entry->parts[0]);
}

/* Folds parts[first..] of an entry as words of one owner. */
static int fold_parts(const struct programme_source *source, const struct programme_entry *entry,
		      size_t first, size_t owner, struct programme_saying sayings[])
{
	int error = 0;

	for (size_t i = first; i < entry->parts_n && error == 0; i++)
		error = programme_value_fold(source, entry->parts[i], owner, entry->line,
					     &sayings[i - first]);
	return error;
}

/* Words as programme_code_by_word() wants them. */
static int set_words(const struct programme_source *source, struct programme_saying sayings[],
		     size_t n, struct programme_list *list)
{
	struct programme_word *words = arena_take(source->arena, n, sizeof(*words));
	int error;

	if (words == NULL)
		return fail(-ENOMEM);
	error = programme_value_distinct(source, sayings, &n);
	for (size_t i = 0; i < n && error == 0; i++)
		words[i] = (struct programme_word){sayings[i].folded, sayings[i].owner};
	list->words = words;
	list->words_n = n;
	return error;
}

/* All words of a list, sorted: id, both labels and aliases of every code. */
static int build_words(const struct programme_source *source,
		       const struct programme_section *section, struct programme_list *list)
{
	struct programme_saying *sayings;
	size_t n = 0, code = 0;
	int error = 0;

	for (size_t i = 0; i < section->entries_n; i++)
		n += section->entries[i].parts_n;
	sayings = arena_take(source->arena, n, sizeof(*sayings));
	if (sayings == NULL)
		return fail(-ENOMEM);
	n = 0;
	for (size_t i = 0; i < section->entries_n && error == 0; i++) {
		struct programme_entry entry = section->entries[i];
		size_t owner = code;

		if (strcmp(entry.key, "code") == 0) {
			entry.parts_n = 4; /* the span is no word */
			code++;
		} else if (strcmp(entry.key, "alias") == 0) {
			error = find_code(source, &entry, list, &owner);
		} else {
			continue;
		}
		if (error == 0)
			error = fold_parts(source, &entry, 1, owner, &sayings[n]);
		n += entry.parts_n - 1;
	}
	return error == 0 ? set_words(source, sayings, n, list) : error;
}

static int build_list(const struct programme_source *source,
		      const struct programme_section *section, struct programme_list *list)
{
	int error;

	if (strcmp(section->id, MUNICIPALITY) == 0)
		return programme_complain(source, section->line, "P011",
					  "the list municipality is made of the sites' own");
	list->id = section->id;
	list->label = programme_value_label(section);
	error = build_codes(source, section, list);
	return error == 0 ? build_words(source, section, list) : error;
}

/* The code of a municipality in the list so far, or a new one; a municipality that changed site
 * stands once, valid from its first day to its last. */
static size_t merge_municipality(struct programme_code *codes, size_t *n,
				 const struct programme_municipality *municipality)
{
	const struct programme_span span = municipality->span;
	size_t i = 0;

	while (i < *n && strcmp(codes[i].id, municipality->code) != 0)
		i++;
	if (i == *n) {
		codes[i].id = municipality->code;
		/* Four digits: build_municipality() saw to it. */
		codes[i].number = (uint16_t)strtoul(municipality->code, NULL, 10);
		codes[i].label = municipality->label;
		codes[i].span = span;
		(*n)++;
	}
	if (span.from < codes[i].span.from)
		codes[i].span.from = span.from;
	if (span.to > codes[i].span.to)
		codes[i].span.to = span.to;
	return i;
}

/* A spreadsheet takes the leading zero off a code, so the bare number is a word too. */
static int fold_municipality(const struct programme_source *source, size_t owner,
			     const struct programme_entry *entry,
			     struct programme_saying sayings[static 4])
{
	const char *code = entry->parts[0];
	struct programme_entry words = *entry;
	int error;

	words.parts_n = 3; /* the span is no word */
	error = fold_parts(source, &words, 0, owner, sayings);
	if (error != 0)
		return error;
	return programme_value_fold(source, code + strspn(code, "0"), owner, entry->line,
				    &sayings[3]);
}

/* The list "municipality", out of the sites. */
static int build_municipality_list(const struct programme_source *source,
				   const struct programme *programme, struct programme_list *list)
{
	const struct programme_section *section = NULL;
	struct programme_saying *sayings;
	struct programme_code *codes;
	size_t n = 0, words_n = 0;

	for (size_t i = 0; i < programme->sites_n; i++)
		n += programme->sites[i].municipalities_n;
	codes = arena_take(source->arena, n, sizeof(*codes));
	sayings = arena_take(source->arena, n, 4 * sizeof(*sayings));
	if (codes == NULL || sayings == NULL)
		return fail(-ENOMEM);
	for (size_t i = 0; i < programme->sites_n; i++) {
		const struct programme_site *site = &programme->sites[i];
		const struct programme_entry *entry = NULL;

		section = programme_section(source, "site", section);
		for (size_t j = 0; j < site->municipalities_n; j++, words_n += 4) {
			size_t owner =
				merge_municipality(codes, &list->codes_n, &site->municipalities[j]);
			int error;

			entry = programme_entry(section, MUNICIPALITY, entry);
			error = fold_municipality(source, owner, entry, &sayings[words_n]);
			if (error != 0)
				return error;
		}
	}
	list->id = MUNICIPALITY;
	list->label = (struct programme_label){"Kommun", "Municipality"};
	list->codes = codes;
	list->has_spans = have_spans(codes, list->codes_n);
	return set_words(source, sayings, words_n, list);
}

int programme_build_lists(const struct programme_source *source, struct programme *programme)
{
	const size_t n = programme_sections(source, "list");
	struct programme_list *lists = arena_take(source->arena, n + 1, sizeof(*lists));
	const struct programme_section *section = NULL;
	int error = 0;

	if (lists == NULL)
		return fail(-ENOMEM);
	if (n > PROGRAMME_LISTS_MAX)
		return programme_complain(source, 1, "P016", "%zu lists: at most %d", n,
					  PROGRAMME_LISTS_MAX);
	for (size_t i = 0; i < n && error == 0; i++) {
		section = programme_section(source, "list", section);
		error = build_list(source, section, &lists[i]);
	}
	if (error == 0)
		error = build_municipality_list(source, programme, &lists[n]);
	programme->lists = lists;
	programme->lists_n = n + 1;
	return error;
}

/* ---- Fields ---- */

static int build_field_list(const struct programme_source *source,
			    const struct programme_entry *entry, const struct programme *programme,
			    struct programme_field *field)
{
	const char *words[PROGRAMME_LISTS_MAX + 1];
	struct programme_names names = {"P014", "list", words, programme->lists_n};

	for (size_t i = 0; i < programme->lists_n; i++)
		words[i] = programme->lists[i].id;
	if (programme_list(programme, entry->parts[0]) == NULL)
		return programme_complain_word(source, entry->line, &names, entry->parts[0]);
	field->list = programme_list(programme, entry->parts[0])->id;
	return 0;
}

/* `set = yes`: the field holds several codes at once, so it must have some. */
static int read_set(const struct programme_source *source, const struct programme_section *section,
		    struct programme_field *field)
{
	const struct programme_entry *set = programme_entry(section, "set", NULL);
	int error = programme_word_flag(source, set, &field->is_set);

	if (error == 0 && field->is_set && field->list == NULL)
		error = programme_complain(source, set->line, "P004",
					   "%s holds codes, but of no list", section->id);
	return error;
}

static int build_field(const struct programme_source *source,
		       const struct programme_section *section, const struct programme *programme,
		       struct programme_field *field)
{
	const struct programme_entry *list = programme_entry(section, "list", NULL);
	int error =
		programme_value_words(source, section, "alias", &field->aliases, &field->aliases_n);

	if (error != 0)
		return error;
	field->id = section->id;
	field->label = programme_value_label(section);
	if (list != NULL && build_field_list(source, list, programme, field) != 0)
		return -EBADMSG;
	return read_set(source, section, field);
}

/* A heading of an import file must lead to one field. */
static int check_headings(const struct programme_source *source, size_t fields_n)
{
	const struct programme_section *section = NULL;
	struct programme_saying *sayings;
	size_t n = 0, room = 0;
	int error = 0;

	while ((section = programme_section(source, "field", section)) != NULL)
		for (size_t i = 0; i < section->entries_n; i++)
			room += section->entries[i].parts_n;
	sayings = arena_take(source->arena, room + fields_n, sizeof(*sayings));
	if (sayings == NULL)
		return fail(-ENOMEM);
	for (size_t i = 0; i < fields_n && error == 0; i++) {
		section = programme_section(source, "field", section);
		error = programme_value_fold(source, section->id, i, section->line, &sayings[n++]);
		for (size_t j = 0; j < section->entries_n && error == 0; j++) {
			const struct programme_entry *entry = &section->entries[j];

			if (strcmp(entry->key, "list") == 0 || strcmp(entry->key, "set") == 0)
				continue;
			error = fold_parts(source, entry, 0, i, &sayings[n]);
			n += entry->parts_n;
		}
	}
	return error == 0 ? programme_value_distinct(source, sayings, &n) : error;
}

int programme_build_fields(const struct programme_source *source, struct programme *programme)
{
	const size_t n = programme_sections(source, "field");
	struct programme_field *fields = arena_take(source->arena, n, sizeof(*fields));
	const struct programme_section *section = NULL;

	if (fields == NULL)
		return fail(-ENOMEM);
	if (n > PROGRAMME_FIELDS_MAX)
		return programme_complain(source, 1, "P016", "%zu fields: at most %d", n,
					  PROGRAMME_FIELDS_MAX);
	for (size_t i = 0; i < n; i++) {
		int error;

		section = programme_section(source, "field", section);
		error = build_field(source, section, programme, &fields[i]);
		if (error != 0)
			return error;
	}
	programme->fields = fields;
	programme->fields_n = n;
	return check_headings(source, n);
}
