/* Which figure is meant: why_read() of proto/why.h. */
#include "proto/why.h"

#include "lib/own.h"
#include "lib/text.h"
#include "proto/ask.h"

#include <stdio.h>
#include <string.h>

#define WORDS_MAX 24
#define WORD_BYTES 64
#define PHRASE_BYTES (WORDS_MAX * WORD_BYTES)
#define NEAREST_MAX (PROGRAMME_SITES_MAX + PROGRAMME_MEASURES_MAX)

struct reading {
	const struct programme *programme;
	char words[WORDS_MAX][WORD_BYTES];
	bool is_used[WORDS_MAX];
	size_t words_n;
	struct why why;
};

/* ---- words ---- */

/* Blanks and commas part them. */
static int split(const char *text, struct reading *reading, struct fault *fault)
{
	static const char between[] = " ,\t";

	for (text += strspn(text, between); *text != '\0'; text += strspn(text, between)) {
		size_t n = strcspn(text, between);

		if (reading->words_n == WORDS_MAX || n >= WORD_BYTES)
			return fault_set(fault, "X002", "why", "",
					 "a figure has no such long name");
		memcpy(reading->words[reading->words_n++], text, n);
		text += n;
	}
	return 0;
}

/* n words from i on with blanks between; false when one of them has been understood already. */
static bool join(const struct reading *reading, size_t i, size_t n,
		 char ret_phrase[static PHRASE_BYTES])
{
	size_t at = 0;

	for (size_t w = i; w < i + n; w++) {
		if (reading->is_used[w])
			return false;
		at += (size_t)snprintf(ret_phrase + at, PHRASE_BYTES - at, "%s%s", w > i ? " " : "",
				       reading->words[w]);
	}
	return true;
}

/* ---- what a phrase may be ---- */

static bool take_period(struct reading *reading, const char *phrase)
{
	return period_parse(phrase, &reading->why.ask.range) == 0;
}

static bool take_site(struct reading *reading, const char *phrase)
{
	int site = ask_find_site(reading->programme, phrase);

	if (site >= 0)
		reading->why.ask.site = site;
	return site >= 0;
}

static bool take_measure(struct reading *reading, const char *phrase)
{
	int measure = ask_find_measure(reading->programme, phrase);

	if (measure >= 0)
		reading->why.ask.measure = measure;
	return measure >= 0;
}

static int find_cell(const struct programme_measure *measure, const char *phrase)
{
	for (size_t c = 0; c < measure->cells_n; c++) {
		const struct programme_cell *cell = &measure->cells[c];

		if (strcmp(cell->id, phrase) == 0 || text_same_word(cell->label.sv, phrase) ||
		    text_same_word(cell->label.en, phrase))
			return (int)c;
	}
	return -1;
}

/* Of the measure named, else of the first that has such a cell. */
static bool take_cell(struct reading *reading, const char *phrase)
{
	const struct programme *programme = reading->programme;
	int named = reading->why.ask.measure;

	for (size_t m = 0; m < programme->measures_n; m++) {
		int cell = find_cell(&programme->measures[m], phrase);

		if (cell < 0 || (named >= 0 && (size_t)named != m))
			continue;
		reading->why.ask.measure = (int)m;
		reading->why.cell = cell;
		return true;
	}
	return false;
}

/* In this order: which cell is meant depends on the measure. */
static const struct {
	const char *key;
	bool (*fits)(struct reading *reading, const char *phrase);
} kinds[] = {
	{"period=", take_period},
	{"measure=", take_measure},
	{"site=", take_site},
	{"cell=", take_cell},
};

static bool take_phrase(struct reading *reading, size_t kind, const char *phrase)
{
	size_t key_n = strlen(kinds[kind].key);

	if (strncmp(phrase, kinds[kind].key, key_n) == 0)
		return kinds[kind].fits(reading, phrase + key_n);
	return strchr(phrase, '=') == NULL && kinds[kind].fits(reading, phrase);
}

/* The longest run of words that is of the kind, once. */
static void take_kind(struct reading *reading, size_t kind)
{
	char phrase[PHRASE_BYTES];

	for (size_t n = reading->words_n; n > 0; n--)
		for (size_t i = 0; i + n <= reading->words_n; i++)
			if (join(reading, i, n, phrase) && take_phrase(reading, kind, phrase)) {
				for (size_t w = i; w < i + n; w++)
					reading->is_used[w] = true;
				return;
			}
}

/* ---- what is left ---- */

static const char *nearest_to(const struct reading *reading, const char *word)
{
	const struct programme *programme = reading->programme;
	const char *names[NEAREST_MAX];
	const char *value = strchr(word, '=');
	size_t n = 0;
	int nearest;

	for (size_t m = 0; m < programme->measures_n; m++)
		names[n++] = programme->measures[m].id;
	for (size_t s = 0; s < programme->sites_n; s++)
		names[n++] = programme->sites[s].id;
	nearest = text_nearest(value != NULL ? value + 1 : word, names, n);
	return nearest < 0 ? NULL : names[nearest];
}

static int check(const struct reading *reading, struct fault *fault)
{
	char remedy[128] = N_("Name a measure, and if you like a site, a cell and a period; `mia "
			      "define` lists them.");

	for (size_t w = 0; w < reading->words_n; w++) {
		const char *word = reading->words[w];
		const char *nearest = nearest_to(reading, word);

		if (reading->is_used[w])
			continue;
		if (nearest != NULL)
			(void)snprintf(remedy, sizeof(remedy), N_("Did you mean \"%s\"?"), nearest);
		return fault_set(fault, "X009", "why", remedy, "\"%s\" is not there", word);
	}
	if (reading->why.ask.measure < 0)
		return fault_set(fault, "X002", "why", remedy, "no figure is named");
	return 0;
}

static int take_cell_option(const struct request *request, struct reading *reading,
			    struct fault *fault)
{
	const char *cell = request_option(request, "cell");

	if (cell == NULL || take_cell(reading, cell))
		return 0;
	return fault_set(fault, "X009", "--cell", "`mia define MEASURE` lists its cells.",
			 "\"%s\" is not there", cell);
}

int why_read(const struct request *request, const struct programme *programme, uint32_t until,
	     struct why *ret_why, struct fault *fault)
{
	struct reading reading = {.programme = programme, .why = {.cell = -1}};
	int status = ask_totals(request, programme, until, &reading.why.ask, fault);

	for (size_t i = 0; i < request->arguments_n && status == 0; i++)
		status = split(request->arguments[i], &reading, fault);
	for (size_t kind = 0; kind < array_n(kinds) && status == 0; kind++)
		take_kind(&reading, kind);
	if (status == 0)
		status = take_cell_option(request, &reading, fault);
	if (status == 0)
		status = check(&reading, fault);
	if (status == 0)
		*ret_why = reading.why;
	return status;
}
