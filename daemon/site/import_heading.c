#include "daemon/site/import_heading.h"

#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define LINE_BYTES 512

struct word {
	char *folded;
	int field;
	bool is_mapped; /* from the --map file, which wins */
};

struct import_headings {
	struct word *words; /* sorted by folded, no two alike */
	size_t n, capacity;
};

void import_headings_free(struct import_headings **headings)
{
	struct import_headings *old = *headings;

	if (old == NULL)
		return;
	for (size_t i = 0; i < old->n; i++)
		free(old->words[i].folded);
	free(old->words);
	free(old);
	*headings = NULL;
}

static int add_word(struct import_headings *headings, const char *text, int field, bool is_mapped)
{
	own(buf_free) struct buf folded = {0};
	const char *word;
	int error = text_fold(text, strlen(text), &folded);

	if (error != 0 || folded.n == 0)
		return error;
	if (headings->n == headings->capacity) {
		size_t capacity = headings->capacity == 0 ? 512 : headings->capacity * 2;
		struct word *words = reallocarray(headings->words, capacity, sizeof(*words));

		if (words == NULL)
			return fail(-ENOMEM);
		headings->words = words;
		headings->capacity = capacity;
	}
	word = buf_text(&folded);
	if (word == NULL)
		return folded.error;
	headings->words[headings->n] = (struct word){strdup(word), field, is_mapped};
	if (headings->words[headings->n].folded == NULL)
		return fail(-ENOMEM);
	headings->n++;
	return 0;
}

static int add_field(struct import_headings *headings, const struct programme_field *field)
{
	int number = record_field(field->id);
	int error;

	if (number < 0)
		return 0;
	error = add_word(headings, field->label.sv, number, false);
	if (error == 0)
		error = add_word(headings, field->label.en, number, false);
	for (size_t i = 0; error == 0 && i < field->aliases_n; i++)
		error = add_word(headings, field->aliases[i], number, false);
	return error;
}

/* By word, what the map says first. */
static int compare_words(const void *a, const void *b)
{
	const struct word *left = a;
	const struct word *right = b;
	int order = strcmp(left->folded, right->folded);

	return order != 0 ? order : (int)right->is_mapped - (int)left->is_mapped;
}

static void sort_words(struct import_headings *headings)
{
	size_t kept = 0;

	qsort(headings->words, headings->n, sizeof(*headings->words), compare_words);
	for (size_t i = 0; i < headings->n; i++) {
		if (kept > 0 &&
		    strcmp(headings->words[kept - 1].folded, headings->words[i].folded) == 0)
			free(headings->words[i].folded);
		else
			headings->words[kept++] = headings->words[i];
	}
	headings->n = kept;
}

static const struct word *find_word(const struct import_headings *headings, const char *text)
{
	own(buf_free) struct buf folded = {0};
	size_t low = 0;
	size_t high = headings->n;
	const char *key;

	if (text_fold(text, strlen(text), &folded) != 0)
		return NULL;
	key = buf_text(&folded);
	while (key != NULL && low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(key, headings->words[middle].folded);

		if (order == 0)
			return &headings->words[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

int import_headings_find(const struct import_headings *headings, const char *heading)
{
	const struct word *word = find_word(headings, heading);

	return word == NULL ? IMPORT_HEADING_UNKNOWN : word->field;
}

static const char *trim(char *text)
{
	size_t n;

	text += strspn(text, " \t");
	n = strlen(text);
	while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t' || text[n - 1] == '\r'))
		text[--n] = '\0';
	return text;
}

static int refuse_line(struct fault *fault, size_t line, const char *why)
{
	char place[32];

	(void)snprintf(place, sizeof(place), "--map:%zu", line);
	return fault_set(fault, "I009", place, "Write one line for each heading: HEADING = FIELD.",
			 "%s", why);
}

static int add_mapped(const struct import_headings *known, char *text, size_t line,
		      struct import_headings *mapped, struct fault *fault)
{
	char *equals = strrchr(text, '=');
	const char *heading;
	const char *wanted;
	int field = IMPORT_HEADING_IGNORED;

	if (trim(text)[0] == '\0' || trim(text)[0] == '#')
		return 0;
	if (equals == NULL)
		return refuse_line(fault, line, "there is no = in the line");
	*equals = '\0';
	heading = trim(text);
	wanted = trim(equals + 1);
	if (heading[0] == '\0' || !text_is_utf8(heading, strlen(heading)))
		return refuse_line(fault, line, "there is no heading before the =");
	if (wanted[0] != '\0') {
		field = import_headings_find(known, wanted);
		if (field < 0)
			return refuse_line(fault, line, "no field has the name after the =");
	}
	return add_word(mapped, heading, field, true);
}

/* The map's words are kept apart until it is read: it names fields by the words known before it. */
static int add_map(struct import_headings *headings, const char *map, struct fault *fault)
{
	own(import_headings_free) struct import_headings *mapped = calloc(1, sizeof(*mapped));
	int error = mapped == NULL ? fail(-ENOMEM) : 0;

	for (size_t line = 1; error == 0 && *map != '\0'; line++) {
		char text[LINE_BYTES];
		size_t n = strcspn(map, "\n");

		if (n >= sizeof(text))
			return refuse_line(fault, line, "the line is too long");
		memcpy(text, map, n);
		text[n] = '\0';
		error = add_mapped(headings, text, line, mapped, fault);
		map += n + (map[n] == '\n' ? 1 : 0);
	}
	for (size_t i = 0; error == 0 && i < mapped->n; i++)
		error = add_word(headings, mapped->words[i].folded, mapped->words[i].field, true);
	return error;
}

int import_headings_new(const struct programme *programme, const char *map,
			struct import_headings **ret_headings, struct fault *fault)
{
	own(import_headings_free) struct import_headings *headings = calloc(1, sizeof(*headings));
	int error = 0;

	if (headings == NULL)
		return fail(-ENOMEM);
	for (int field = 0; error == 0 && field < FIELD_N; field++)
		error = add_word(headings, record_row((enum record_field)field)->id, field, false);
	for (size_t i = 0; error == 0 && i < programme->fields_n; i++)
		error = add_field(headings, &programme->fields[i]);
	if (error != 0)
		return error;
	sort_words(headings);
	if (map != NULL)
		error = add_map(headings, map, fault);
	if (error != 0)
		return error;
	sort_words(headings);
	*ret_headings = take(headings);
	return 0;
}

const char *import_headings_nearest(const struct import_headings *headings, const char *heading)
{
	const char **words = calloc(headings->n + 1, sizeof(*words));
	int nearest;

	if (words == NULL)
		return NULL;
	for (size_t i = 0; i < headings->n; i++)
		words[i] = headings->words[i].folded;
	nearest = text_nearest(heading, words, headings->n);
	free(words);
	return nearest < 0 ? NULL : headings->words[nearest].folded;
}
