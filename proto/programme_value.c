#include "proto/programme_value.h"

#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <string.h>

int programme_value_number(const struct programme_source *source,
			   const struct programme_entry *entry, size_t i, uint32_t min,
			   uint32_t max, uint32_t *ret_number)
{
	int64_t number;

	if (text_to_i64(entry->parts[i], min, max, &number) != 0)
		return programme_complain(source, entry->line, "P007",
					  "%s: \"%s\" is not a whole number from %u to %u",
					  entry->key, entry->parts[i], min, max);
	*ret_number = (uint32_t)number;
	return 0;
}

int programme_value_day(const struct programme_source *source, const struct programme_entry *entry,
			size_t i, int32_t *ret_day)
{
	if (date_parse_iso(entry->parts[i], ret_day) == 0)
		return 0;
	return programme_complain(source, entry->line, "P008",
				  "%s: \"%s\" is not a date like 2018-07-01", entry->key,
				  entry->parts[i]);
}

/* One end of a span: n bytes, none for no end. */
static bool span_end(const char *text, size_t n, int32_t *day)
{
	char date[DATE_TEXT_BYTES];

	if (n == 0)
		return true;
	if (n >= sizeof(date))
		return false;
	memcpy(date, text, n);
	date[n] = '\0';
	return date_parse_iso(date, day) == 0;
}

int programme_value_span(const struct programme_source *source, const struct programme_entry *entry,
			 size_t i, struct programme_span *ret_span)
{
	const char *text = entry->parts[i], *dots = strstr(text, "..");
	struct programme_span span = {INT32_MIN, INT32_MAX};

	if (dots == NULL || strlen(text) == 2 ||
	    !span_end(text, (size_t)(dots - text), &span.from) ||
	    !span_end(dots + 2, strlen(dots + 2), &span.to))
		return programme_complain(source, entry->line, "P008",
					  "%s: \"%s\" is not a span like 2018-07-01..2020-12-31, "
					  "2018-07-01.. or ..2020-12-31",
					  entry->key, text);
	if (span.from > span.to)
		return programme_complain(source, entry->line, "P009",
					  "%s: \"%s\" ends before it begins", entry->key, text);
	*ret_span = span;
	return 0;
}

int programme_value_ages(const struct programme_source *source, const struct programme_entry *entry,
			 uint8_t *ret_min, uint8_t *ret_max)
{
	const char *text = entry->parts[0], *dash = strchr(text, '-');
	const size_t n = dash == NULL ? 0 : (size_t)(dash - text);
	char first[4];
	int64_t min = 0, max = 0;

	if (n > 0 && n < sizeof(first)) {
		memcpy(first, text, n);
		first[n] = '\0';
		if (text_to_i64(first, 1, 120, &min) == 0 &&
		    text_to_i64(dash + 1, min, 120, &max) == 0) {
			*ret_min = (uint8_t)min;
			*ret_max = (uint8_t)max;
			return 0;
		}
	}
	return programme_complain(source, entry->line, "P007",
				  "%s: \"%s\" is not a span of ages like 16-64", entry->key, text);
}

int programme_value_targets(const struct programme_source *source,
			    const struct programme_section *section,
			    const struct programme_target **ret_targets, size_t *ret_n)
{
	const size_t n = programme_entries(section, "target");
	struct programme_target *targets = arena_take(source->arena, n, sizeof(*targets));
	const struct programme_entry *entry = NULL;

	if (targets == NULL)
		return fail(-ENOMEM);
	for (size_t i = 0; i < n; i++) {
		int error;

		entry = programme_entry(section, "target", entry);
		error = programme_value_day(source, entry, 0, &targets[i].from);
		if (error == 0)
			error = programme_value_number(source, entry, 1, 1, 10000000,
						       &targets[i].persons);
		if (error != 0)
			return error;
		if (i > 0 && targets[i].from <= targets[i - 1].from)
			return programme_complain(source, entry->line, "P023",
						  "the target from %s does not come after the one "
						  "above it",
						  entry->parts[0]);
	}
	*ret_targets = targets;
	*ret_n = n;
	return 0;
}

struct programme_label programme_value_label(const struct programme_section *section)
{
	return (struct programme_label){
		.sv = programme_entry(section, "sv", NULL)->parts[0],
		.en = programme_entry(section, "en", NULL)->parts[0],
	};
}

int programme_value_valid(const struct programme_source *source,
			  const struct programme_section *section, struct programme_span *ret_span)
{
	const struct programme_entry *valid = programme_entry(section, "valid", NULL);

	if (valid != NULL)
		return programme_value_span(source, valid, 0, ret_span);
	*ret_span = (struct programme_span){INT32_MIN, INT32_MAX};
	return 0;
}

bool programme_spans_meet(struct programme_span a, struct programme_span b)
{
	return a.from <= b.to && b.from <= a.to;
}

int programme_value_fold(const struct programme_source *source, const char *word, size_t owner,
			 unsigned line, struct programme_saying *ret_saying)
{
	own(buf_free) struct buf folded = {0};
	int error = text_fold(word, strlen(word), &folded);
	const char *copy;

	if (error == -EILSEQ || (error == 0 && folded.n == 0))
		return programme_complain(source, line, "P006", "a word of white space only");
	if (error != 0)
		return error;
	copy = arena_text(source->arena, (const char *)folded.data, folded.n);
	if (copy == NULL)
		return fail(-ENOMEM);
	*ret_saying = (struct programme_saying){copy, word, owner, line};
	return 0;
}

static int compare_sayings(const void *a, const void *b)
{
	const struct programme_saying *left = a, *right = b;
	int order = strcmp(left->folded, right->folded);

	if (order == 0)
		order = (left->line > right->line) - (left->line < right->line);
	return order;
}

int programme_value_distinct(const struct programme_source *source,
			     struct programme_saying *sayings, size_t *n)
{
	size_t kept = 0;

	if (*n > 0)
		qsort(sayings, *n, sizeof(*sayings), compare_sayings);
	for (size_t i = 0; i < *n; i++) {
		const struct programme_saying *last = kept == 0 ? NULL : &sayings[kept - 1];

		if (last == NULL || strcmp(last->folded, sayings[i].folded) != 0)
			sayings[kept++] = sayings[i];
		else if (last->owner != sayings[i].owner)
			return programme_complain(source, sayings[i].line, "P015",
						  "\"%s\" already means something else at line %u",
						  sayings[i].word, last->line);
	}
	*n = kept;
	return 0;
}

int programme_value_words(const struct programme_source *source,
			  const struct programme_section *section, const char *key,
			  const char *const **ret_words, size_t *ret_n)
{
	const struct programme_entry *entry = NULL;
	const char **words;
	size_t n = 0;

	while ((entry = programme_entry(section, key, entry)) != NULL)
		n += entry->parts_n;
	words = arena_take(source->arena, n, sizeof(*words));
	if (words == NULL)
		return fail(-ENOMEM);
	n = 0;
	while ((entry = programme_entry(section, key, entry)) != NULL)
		for (size_t i = 0; i < entry->parts_n; i++)
			words[n++] = entry->parts[i];
	*ret_words = words;
	*ret_n = n;
	return 0;
}
