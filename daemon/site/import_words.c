#include "daemon/site/import_words.h"

#include "lib/own.h"
#include "lib/text.h"
#include "proto/programme_find.h"

#include <errno.h>
#include <string.h>

#define SEEN_N 256 /* words remembered of a field */
#define SEEN_BYTES 80
#define NEAREST_WORDS 192
#define PROPOSALS_MAX 2000 /* of a file: they are looked for slowly */
#define SET_CODES_MAX 31
/* Municipality codes of SCB: county 01..25 and a number in it. */
#define SCB_FIRST 114
#define SCB_LAST 2599

/* A place of the memory: a word's raw bytes and its reading. */
struct seen {
	bool is_taken;
	uint8_t n;
	char bytes[SEEN_BYTES];
	struct import_word word;
};

struct seen_words {
	struct seen last;
	size_t n;
	struct seen words[SEEN_N];
};

struct import_words {
	const struct programme_list *lists[FIELD_N];
	struct seen_words *seen[FIELD_N];
	struct import_word unkept; /* of a word not remembered */
	struct buf text; /* the cell as UTF-8 */
	struct buf part; /* of a set */
	size_t proposals_n;
};

/* What a field's words are codes of. */
static const char *list_of(enum record_field field)
{
	const struct record_row *row = record_row(field);

	return row->type == RECORD_MUNICIPALITY ? "municipality" : row->list;
}

int import_words_new(const struct programme *programme, struct import_words **ret_words)
{
	own(import_words_free) struct import_words *words = calloc(1, sizeof(*words));

	if (words == NULL)
		return fail(-ENOMEM);
	for (int field = 0; field < FIELD_N; field++) {
		const char *list = list_of((enum record_field)field);

		if (list != NULL)
			words->lists[field] = programme_list(programme, list);
	}
	*ret_words = take(words);
	return 0;
}

void import_words_questions(struct import_words *words, const struct programme *programme, int site)
{
	for (unsigned slot = 1; slot <= PROGRAMME_SLOTS; slot++) {
		const struct programme_question *question =
			programme_question(programme, site, slot);

		if (question != NULL)
			words->lists[FIELD_question_1 + slot - 1] =
				programme_list(programme, question->list);
	}
}

void import_words_free(struct import_words **words)
{
	struct import_words *old = *words;

	if (old == NULL)
		return;
	for (int field = 0; field < FIELD_N; field++) {
		if (old->seen[field] == NULL)
			continue;
		explicit_bzero(old->seen[field], sizeof(*old->seen[field]));
		free(old->seen[field]);
	}
	buf_wipe(&old->text);
	buf_wipe(&old->part);
	free(old);
	*words = NULL;
}

static const struct programme_code *find_code(const struct programme_list *list, const char *text)
{
	const struct programme_code *code;
	uint64_t number = 0;

	if (list == NULL)
		return NULL;
	code = programme_code_by_word(list, text);
	if (code == NULL && text_to_u64(text, UINT16_MAX, &number) == 0)
		code = programme_code(list, (uint16_t)number);
	return code;
}

static const char *nearest_label(struct import_words *words, const struct programme_list *list,
				 const char *text)
{
	const char *known[NEAREST_WORDS];
	size_t n;
	int nearest;

	if (list == NULL || words->proposals_n >= PROPOSALS_MAX)
		return "";
	words->proposals_n++;
	n = list->words_n < NEAREST_WORDS ? list->words_n : NEAREST_WORDS;
	for (size_t i = 0; i < n; i++)
		known[i] = list->words[i].folded;
	nearest = text_nearest(text, known, n);
	return nearest < 0 ? "" : list->codes[list->words[nearest].code].label.sv;
}

/* Of one word: a code's value in the way of the field's type. */
static struct import_word read_word(struct import_words *words, enum record_field field,
				    const char *text)
{
	const struct programme_list *list = words->lists[field];
	const struct programme_code *code = find_code(list, text);
	enum record_type type = record_row(field)->type;
	struct import_word word = {.state = IMPORT_WORD_GOOD, .nearest = ""};

	if (code == NULL || (type == RECORD_SET && code->number > SET_CODES_MAX)) {
		word.state = IMPORT_WORD_UNKNOWN;
		word.nearest = nearest_label(words, list, text);
	} else if (type == RECORD_SET) {
		word.value = (int32_t)(1u << (code->number - 1));
	} else if (type == RECORD_BOOL) {
		word.value = code->number - 1; /* yesno: 1 no, 2 yes */
	} else {
		word.value = code->number;
	}
	return word;
}

/* The first n bytes of text without outer blanks, as a string; NULL without memory. */
static const char *part_text(struct import_words *words, const char *text, size_t n)
{
	size_t blank = strspn(text, " \t");

	if (blank > n)
		blank = n;
	text += blank;
	n -= blank;
	while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'))
		n--;
	buf_clear(&words->part);
	buf_add(&words->part, text, n);
	return buf_text(&words->part);
}

/* Words with + , ; | between them. */
static struct import_word read_parts(struct import_words *words, enum record_field field,
				     const char *text)
{
	struct import_word word = {.state = IMPORT_WORD_UNKNOWN, .nearest = ""};
	int32_t set = 0;

	while (*text != '\0') {
		size_t n = strcspn(text, "+,;|");
		const char *part = part_text(words, text, n);

		if (part == NULL)
			return word;
		if (*part != '\0') {
			word = read_word(words, field, part);
			if (word.state != IMPORT_WORD_GOOD)
				return word;
			set |= word.value;
		}
		text += n + (text[n] != '\0' ? 1 : 0);
	}
	word.value = set;
	return word;
}

/* A label may hold a comma itself, so a set is tried whole first. */
static struct import_word read_set(struct import_words *words, enum record_field field,
				   const char *text)
{
	if (text[strcspn(text, "+,;|")] == '\0' || find_code(words->lists[field], text) != NULL)
		return read_word(words, field, text);
	return read_parts(words, field, text);
}

/* A name or SCB code; a code of another county's is a code too. */
static struct import_word read_municipality(struct import_words *words, const char *text)
{
	struct import_word word = {.state = IMPORT_WORD_UNKNOWN, .nearest = ""};
	size_t digits = strspn(text, "0123456789");
	uint64_t number = 0;

	if (text[digits] != '\0' || digits < 3 || digits > 4 ||
	    text_to_u64(text, 9999, &number) != 0)
		return read_word(words, FIELD_municipality, text);
	if (number >= SCB_FIRST && number <= SCB_LAST)
		word.state = digits == 3 ? IMPORT_WORD_LOST_ZERO : IMPORT_WORD_GOOD;
	word.value = (int32_t)number;
	return word;
}

static struct import_word read_bytes(struct import_words *words, enum record_field field,
				     enum import_encoding encoding, const char *bytes, size_t n)
{
	const char *text = import_text(encoding, bytes, n, &words->text);

	if (text == NULL)
		return (struct import_word){.state = IMPORT_WORD_UNKNOWN, .nearest = ""};
	if (field == FIELD_municipality)
		return read_municipality(words, text);
	if (record_row(field)->type == RECORD_SET)
		return read_set(words, field, text);
	return read_word(words, field, text);
}

static bool is_seen(const struct seen *seen, const char *bytes, size_t n)
{
	return seen->is_taken && seen->n == n && memcmp(seen->bytes, bytes, n) == 0;
}

static uint32_t hash_of(const char *bytes, size_t n)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * 16777619u;
	return hash;
}

/* Where the word is, or the free place where it belongs; there always is one. */
static struct seen *place_of(struct seen_words *seen, const char *bytes, size_t n)
{
	size_t i = hash_of(bytes, n) % SEEN_N;

	while (seen->words[i].is_taken && !is_seen(&seen->words[i], bytes, n))
		i = (i + 1) % SEEN_N;
	return &seen->words[i];
}

/* A file of nonsense fills the memory: then it is emptied and begun again. */
static struct seen *free_place(struct seen_words *seen, const char *bytes, size_t n)
{
	if (seen->n + 1 >= SEEN_N) {
		explicit_bzero(seen->words, sizeof(seen->words));
		seen->n = 0;
	}
	seen->n++;
	return place_of(seen, bytes, n);
}

/* Made when a field first has a word; without memory every word is read anew. */
static struct seen_words *memory_of(struct import_words *words, enum record_field field)
{
	if (words->seen[field] == NULL)
		words->seen[field] = calloc(1, sizeof(*words->seen[field]));
	return words->seen[field];
}

const struct import_word *import_words_find(struct import_words *words, enum record_field field,
					    enum import_encoding encoding, const char *bytes,
					    size_t n)
{
	struct seen_words *seen = memory_of(words, field);
	struct seen *place;

	if (seen != NULL && is_seen(&seen->last, bytes, n))
		return &seen->last.word;
	if (n > SEEN_BYTES || seen == NULL) {
		words->unkept = read_bytes(words, field, encoding, bytes, n);
		return &words->unkept;
	}
	place = place_of(seen, bytes, n);
	if (!place->is_taken) {
		place = free_place(seen, bytes, n);
		place->word = read_bytes(words, field, encoding, bytes, n);
		place->is_taken = true;
		place->n = (uint8_t)n;
		memcpy(place->bytes, bytes, n);
	}
	seen->last = *place;
	return &seen->last.word;
}
