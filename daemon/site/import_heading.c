#include "daemon/site/import_heading.h"

#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define MAP_SEPARATOR "\xe2\x80\xa8" /* U+2028 */
#define LINE_BYTES 512

struct word {
	size_t at; /* of the folded word in text */
	int field;
	bool is_mapped; /* from the --map file, which wins */
};

struct import_headings {
	struct buf text; /* folded words, a NUL after each */
	struct buf words; /* of struct word, sorted by their text, no two alike */
};

static size_t words_n(const struct import_headings *headings)
{
	return headings->words.n / sizeof(struct word);
}

static struct word *word_at(const struct import_headings *headings, size_t i)
{
	return (struct word *)(void *)headings->words.data + i;
}

static const char *text_of(const struct import_headings *headings, const struct word *word)
{
	return (const char *)headings->text.data + word->at;
}

static void drop(struct import_headings *headings)
{
	buf_free(&headings->text);
	buf_free(&headings->words);
}

void import_headings_free(struct import_headings **headings)
{
	if (*headings == NULL)
		return;
	drop(*headings);
	free(*headings);
	*headings = NULL;
}

static int add_word(struct import_headings *headings, const char *text, int field, bool is_mapped)
{
	struct word word = {headings->text.n, field, is_mapped};
	int error = text_fold(text, strlen(text), &headings->text);

	if (error != 0)
		return error;
	if (headings->text.n == word.at)
		return 0;
	buf_add_byte(&headings->text, 0);
	buf_add(&headings->words, &word, sizeof(word));
	return headings->text.error != 0 ? headings->text.error : headings->words.error;
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
static int compare_words(const void *a, const void *b, void *context)
{
	const struct word *left = a;
	const struct word *right = b;
	int order = strcmp(text_of(context, left), text_of(context, right));

	return order != 0 ? order : (int)right->is_mapped - (int)left->is_mapped;
}

static void sort_words(struct import_headings *headings)
{
	size_t n = words_n(headings);
	size_t kept = 0;

	if (n == 0)
		return;
	qsort_r(headings->words.data, n, sizeof(struct word), compare_words, headings);
	for (size_t i = 0; i < n; i++) {
		const char *text = text_of(headings, word_at(headings, i));

		if (kept == 0 || strcmp(text_of(headings, word_at(headings, kept - 1)), text) != 0)
			*word_at(headings, kept++) = *word_at(headings, i);
	}
	headings->words.n = kept * sizeof(struct word);
}

/* NULL in *ret_word when nothing is called so: 0, -ENOMEM. */
static int find_word(const struct import_headings *headings, const char *text,
		     const struct word **ret_word)
{
	own(buf_free) struct buf folded = {0};
	size_t low = 0;
	size_t high = words_n(headings);
	const char *key;
	int error = text_fold(text, strlen(text), &folded);

	*ret_word = NULL;
	if (error != 0)
		return error == -ENOMEM ? error : 0;
	key = buf_text(&folded);
	if (key == NULL && folded.error == -ENOMEM)
		return folded.error;
	while (key != NULL && low < high) {
		size_t middle = (low + high) / 2;
		const struct word *word = word_at(headings, middle);
		int order = strcmp(key, text_of(headings, word));

		if (order == 0) {
			*ret_word = word;
			return 0;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return 0;
}

int import_headings_find(const struct import_headings *headings, const char *heading)
{
	const struct word *word = NULL;

	if (find_word(headings, heading, &word) != 0)
		return IMPORT_HEADING_FAILED;
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
		if (field == IMPORT_HEADING_FAILED)
			return fail(-ENOMEM);
		if (field < 0)
			return refuse_line(fault, line, "no field has the name after the =");
	}
	return add_word(mapped, heading, field, true);
}

/* A line ends with a line feed, or with U+2028: that is how a map travels in a request, whose texts
 * hold no control characters. *ret_end_n is how long the end is. */
static size_t map_line(const char *map, size_t *ret_end_n)
{
	const char *separator = strstr(map, MAP_SEPARATOR);
	size_t n = strcspn(map, "\n");

	*ret_end_n = map[n] == '\n' ? 1 : 0;
	if (separator == NULL || (size_t)(separator - map) >= n)
		return n;
	*ret_end_n = strlen(MAP_SEPARATOR);
	return (size_t)(separator - map);
}

static int read_map(const struct import_headings *known, const char *map,
		    struct import_headings *mapped, struct fault *fault)
{
	int error = 0;

	for (size_t line = 1; error == 0 && *map != '\0'; line++) {
		char text[LINE_BYTES];
		size_t end_n = 0;
		size_t n = map_line(map, &end_n);

		if (n >= sizeof(text))
			return refuse_line(fault, line, "the line is too long");
		memcpy(text, map, n);
		text[n] = '\0';
		error = add_mapped(known, text, line, mapped, fault);
		map += n + end_n;
	}
	return error;
}

/* The map's words are kept apart until it is read: it names fields by the words known before it. */
static int add_map(struct import_headings *headings, const char *map, struct fault *fault)
{
	own(drop) struct import_headings mapped = {0};
	int error = read_map(headings, map, &mapped, fault);

	for (size_t i = 0; error == 0 && i < words_n(&mapped); i++) {
		const struct word *word = word_at(&mapped, i);

		error = add_word(headings, text_of(&mapped, word), word->field, true);
	}
	return error;
}

/* A site's question is a field of its own slot. */
static int add_question(struct import_headings *headings, const struct programme_question *question)
{
	int field = FIELD_question_1 + question->slot - 1;
	int error = add_word(headings, question->id, field, false);

	if (error == 0)
		error = add_word(headings, question->label.sv, field, false);
	if (error == 0)
		error = add_word(headings, question->label.en, field, false);
	for (size_t i = 0; error == 0 && i < question->aliases_n; i++)
		error = add_word(headings, question->aliases[i], field, false);
	return error;
}

int import_headings_new(const struct programme *programme, int site, const char *map,
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
	for (size_t i = 0; error == 0 && i < programme->questions_n; i++)
		if (programme->questions[i].site == site)
			error = add_question(headings, &programme->questions[i]);
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
	size_t n = words_n(headings);
	const char **texts = calloc(n + 1, sizeof(*texts));
	int nearest;

	if (texts == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		texts[i] = text_of(headings, word_at(headings, i));
	nearest = text_nearest(heading, texts, n);
	heading = nearest < 0 ? NULL : texts[nearest];
	free(texts);
	return heading;
}
