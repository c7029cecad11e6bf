#include "proto/programme_group.h"

#include "lib/text.h"
#include "proto/programme_find.h"
#include "proto/programme_value.h"
#include "proto/programme_word.h"

#include <errno.h>
#include <string.h>

#define GROUP_SPAN 5 /* parts of a group: number, id, sv, en, what falls in it, span */

/* "a, b" as numbers of codes of a list. */
int programme_build_numbers(const struct programme_source *source,
			    const struct programme_entry *entry, const char *text,
			    const struct programme_list *list, const uint16_t **ret_numbers,
			    size_t *ret_n)
{
	uint16_t *numbers = arena_take(source->arena, list->codes_n, sizeof(*numbers));
	char *rest = programme_word_copy(source, text), *word;
	size_t n = 0;

	if (numbers == NULL || rest == NULL)
		return fail(-ENOMEM);
	while ((word = programme_word_next(&rest, ",")) != NULL) {
		const struct programme_code *code = programme_code_by_id(list, word);

		if (code == NULL)
			return programme_complain(source, entry->line, "P014",
						  "list %s has no code \"%s\"", list->id, word);
		for (size_t i = 0; i < n; i++)
			if (numbers[i] == code->number)
				return programme_complain(source, entry->line, "P003",
							  "%s stands twice", word);
		numbers[n++] = code->number;
	}
	*ret_numbers = numbers;
	*ret_n = n;
	return 0;
}

/* One end of a range: nothing for an open one. */
static bool range_end(const char *text, int32_t open, int32_t *ret_end)
{
	int64_t number = open;

	if (*text != '\0' && text_to_i64(text, INT32_MIN + 2, INT32_MAX - 1, &number) != 0)
		return false;
	*ret_end = (int32_t)number;
	return true;
}

/* "16..24", "55..", "..15" or "7". */
static int read_range(const struct programme_source *source, const struct programme_entry *entry,
		      struct programme_group *group)
{
	char *high = programme_word_copy(source, entry->parts[4]), *low;

	if (high == NULL)
		return fail(-ENOMEM);
	low = programme_word_next(&high, "..");
	if (high == NULL)
		high = low;
	if ((*low == '\0' && *high == '\0') || !range_end(low, INT32_MIN + 1, &group->low) ||
	    !range_end(high, INT32_MAX, &group->high))
		return programme_complain(source, entry->line, "P007",
					  "\"%s\" is not a range like 16..24, 55.. or ..15",
					  entry->parts[4]);
	if (group->low > group->high)
		return programme_complain(source, entry->line, "P009",
					  "\"%s\" ends before it begins", entry->parts[4]);
	return 0;
}

static int build_group(const struct programme_source *source, const struct programme *programme,
		       const struct programme_entry *entry,
		       const struct programme_variable *variable, struct programme_group *group)
{
	uint32_t number = 0;
	int error = programme_value_number(source, entry, 0, 1, UINT16_MAX, &number);

	if (error == 0 && !programme_is_id(entry->parts[1]))
		error = programme_complain(source, entry->line, "P011", "\"%s\" cannot be an id",
					   entry->parts[1]);
	if (error != 0)
		return error;
	group->number = (uint16_t)number;
	group->id = entry->parts[1];
	group->label = (struct programme_label){entry->parts[2], entry->parts[3]};
	group->span = (struct programme_span){INT32_MIN, INT32_MAX};
	if (entry->parts_n > GROUP_SPAN)
		error = programme_value_span(source, entry, GROUP_SPAN, &group->span);
	if (error != 0)
		return error;
	if (variable->list == NULL)
		return read_range(source, entry, group);
	return programme_build_numbers(source, entry, entry->parts[4],
				       programme_list(programme, variable->list), &group->codes,
				       &group->codes_n);
}

static bool have_common_code(const struct programme_group *a, const struct programme_group *b)
{
	for (size_t i = 0; i < a->codes_n; i++)
		for (size_t j = 0; j < b->codes_n; j++)
			if (a->codes[i] == b->codes[j])
				return true;
	return false;
}

/* Groups that hold on the same days must not share a value: a figure would count it twice. */
static int check_apart(const struct programme_source *source, const struct programme_entry *entry,
		       bool is_coded, const struct programme_group *a,
		       const struct programme_group *b)
{
	if (a->number == b->number)
		return programme_complain(source, entry->line, "P013",
					  "%u %s: there is %u %s already", b->number, b->id,
					  a->number, a->id);
	if (strcmp(a->id, b->id) == 0)
		return programme_complain(source, entry->line, "P012",
					  "there is a group %s already", a->id);
	if (!programme_spans_meet(a->span, b->span))
		return 0;
	if (is_coded ? have_common_code(a, b) : a->low <= b->high && b->low <= a->high)
		return programme_complain(source, entry->line, "P029",
					  "%s and %s have a value in common", a->id, b->id);
	return 0;
}

int programme_build_groups(const struct programme_source *source, const struct programme *programme,
			   const struct programme_section *section,
			   struct programme_variable *variable)
{
	const size_t n = programme_entries(section, "group");
	struct programme_group *groups = arena_take(source->arena, n, sizeof(*groups));
	const struct programme_entry *entry = NULL;
	int error = 0;

	if (groups == NULL)
		return fail(-ENOMEM);
	if (n > PROGRAMME_CUTS_MAX)
		return programme_complain(source, section->line, "P016",
					  "%zu groups in one variable: at most %d", n,
					  PROGRAMME_CUTS_MAX);
	for (size_t i = 0; i < n && error == 0; i++) {
		entry = programme_entry(section, "group", entry);
		error = build_group(source, programme, entry, variable, &groups[i]);
		for (size_t j = 0; j < i && error == 0; j++)
			error = check_apart(source, entry, variable->list != NULL, &groups[j],
					    &groups[i]);
	}
	variable->groups = groups;
	variable->groups_n = n;
	variable->has_groups = true;
	return error;
}

/* The codes of its list, each a group. */
int programme_take_codes(const struct programme_source *source, const struct programme *programme,
			 struct programme_variable *variable)
{
	const struct programme_list *list = programme_list(programme, variable->list);
	struct programme_group *groups = arena_take(source->arena, list->codes_n, sizeof(*groups));

	if (groups == NULL)
		return fail(-ENOMEM);
	for (size_t i = 0; i < list->codes_n; i++)
		groups[i] = (struct programme_group){
			.number = list->codes[i].number,
			.id = list->codes[i].id,
			.label = list->codes[i].label,
			.span = list->codes[i].span,
			.codes = &list->codes[i].number,
			.codes_n = 1,
		};
	variable->groups = groups;
	variable->groups_n = list->codes_n;
	return 0;
}
