#include "proto/define.h"

#include "lib/own.h"
#include "lib/text.h"
#include "proto/define_ids.h"
#include "proto/worded.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* One look-up: terms that fit go into the sheet. */
struct looking {
	const struct programme *programme;
	enum programme_language language;
	const char *folded; /* what is looked for; NULL: everything */
	bool is_within; /* its words are enough, anywhere in a label */
	const char *whole; /* id of a whole that fits: its parts come with it */
	enum define_what whole_what;
	struct sheet *sheet;
};

static void add_columns(struct sheet *sheet)
{
	sheet_title(sheet, N_("Terms of the programme"), NULL);
	sheet_column(sheet, "what", SHEET_CODE, N_("What"), false);
	sheet_column(sheet, "of", SHEET_TEXT, N_("Part of"), false);
	sheet_column(sheet, "id", SHEET_TEXT, N_("Id"), false);
	sheet_column(sheet, "sv", SHEET_TEXT, N_("Swedish"), false);
	sheet_column(sheet, "en", SHEET_TEXT, N_("English"), false);
	sheet_column(sheet, "meaning", SHEET_CODE, N_("Meaning"), false);
	sheet_column(sheet, "valid", SHEET_TEXT, N_("Valid"), false);
}

/* Ids and numbers for programs, words for people. */
static void add_meaning(const struct looking *looking, const struct define_term *term)
{
	const bool is_measure = term->what == DEFINE_MEASURE;
	own(buf_free) struct buf words = {0}, ids = {0};

	define_ids(looking->programme, term, &ids);
	if (is_measure)
		buf_add_text(&words, programme_text(term->label, looking->language));
	else
		define_meaning(looking->programme, term, looking->language, &words);
	if (ids.n == 0 || words.n == 0 || buf_text(&ids) == NULL || buf_text(&words) == NULL) {
		sheet_add_empty(looking->sheet);
		return;
	}
	sheet_add_code(looking->sheet, buf_text(&ids),
		       is_measure ? worded_kind(looking->programme->measures[term->index].kind)
				  : "%1",
		       buf_text(&words), NULL);
}

static void add_term(const struct looking *looking, const struct define_term *term)
{
	own(buf_free) struct buf span = {0};

	sheet_add_code(looking->sheet, define_name(term->what), define_name(term->what), NULL);
	sheet_add_text(looking->sheet, term->of);
	sheet_add_text(looking->sheet, term->id);
	sheet_add_text(looking->sheet, term->label.sv);
	sheet_add_text(looking->sheet, term->label.en);
	add_meaning(looking, term);
	worded_span(term->span, &span);
	sheet_add_text(looking->sheet, span.n > 0 ? buf_text(&span) : NULL);
}

/* ---- what fits ---- */

static bool has_words(const char *label, const char *folded)
{
	own(buf_free) struct buf text = {0};

	return text_fold(label, strlen(label), &text) == 0 && buf_text(&text) != NULL &&
	       strstr(buf_text(&text), folded) != NULL;
}

static bool is_called(const struct looking *looking, const struct define_term *term)
{
	if (looking->is_within)
		return has_words(term->label.sv, looking->folded) ||
		       has_words(term->label.en, looking->folded);
	return text_same_word(term->id, looking->folded) ||
	       text_same_word(term->label.sv, looking->folded) ||
	       text_same_word(term->label.en, looking->folded);
}

static bool is_part_of_whole(const struct looking *looking, const struct define_term *term)
{
	static const enum define_what wholes[DEFINE_N] = {
		[DEFINE_CELL] = DEFINE_MEASURE,
		[DEFINE_GROUP] = DEFINE_VARIABLE,
		[DEFINE_CODE] = DEFINE_LIST,
		[DEFINE_INDICATOR] = DEFINE_PACK,
	};

	return looking->whole != NULL && term->of != NULL &&
	       wholes[term->what] == looking->whole_what && strcmp(term->of, looking->whole) == 0;
}

static int look(void *context, const struct define_term *term)
{
	struct looking *looking = context;

	if (looking->folded == NULL) {
		if (!define_is_part(term->what) && term->what != DEFINE_FIELD)
			add_term(looking, term);
		return 0;
	}
	if (is_called(looking, term)) {
		add_term(looking, term);
		looking->whole = term->id;
		looking->whole_what = term->what;
	} else if (is_part_of_whole(looking, term)) {
		add_term(looking, term);
	}
	return 0;
}

/* ---- the nearest ---- */

struct names {
	const char **list; /* owned */
	size_t n, capacity;
};

static void names_free(struct names *names)
{
	free(names->list);
}

static int gather(void *context, const struct define_term *term)
{
	struct names *names = context;
	const char *of_term[] = {term->id, term->label.sv, term->label.en};

	if (names->n + array_n(of_term) > names->capacity) {
		size_t capacity = 2 * names->capacity + 64;
		const char **list = reallocarray(names->list, capacity, sizeof(*list));

		if (list == NULL)
			return fail(-ENOMEM);
		names->list = list;
		names->capacity = capacity;
	}
	for (size_t i = 0; i < array_n(of_term); i++)
		names->list[names->n++] = of_term[i];
	return 0;
}

static int not_there(const struct programme *programme, const char *term, struct fault *fault)
{
	own(names_free) struct names names = {0};
	own(buf_free) struct buf remedy = {0};
	int error = define_walk(programme, gather, &names);
	int nearest;

	if (error != 0)
		return error;
	nearest = text_nearest(term, names.list, names.n);
	if (nearest >= 0)
		buf_printf(&remedy, N_("Did you mean \"%s\"?"), names.list[nearest]);
	else
		buf_add_text(&remedy, N_("`mia define` lists what there is."));
	if (buf_text(&remedy) == NULL)
		return fail(-ENOMEM);
	return fault_set(fault, "X009", "define", buf_text(&remedy), "\"%s\" is not there", term);
}

/* The words asked for, folded to one. */
static int read_term(const struct request *request, struct buf *ret_folded)
{
	own(buf_free) struct buf words = {0};

	for (size_t i = 0; i < request->arguments_n; i++)
		buf_printf(&words, "%s%s", i > 0 ? " " : "", request->arguments[i]);
	if (words.n == 0 || words.error != 0)
		return words.error;
	return text_fold((const char *)words.data, words.n, ret_folded);
}

int define_sheet(const struct programme *programme, const struct request *request,
		 struct sheet **ret_sheet, struct fault *fault)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.define/1", SHEET_TABLE);
	own(buf_free) struct buf folded = {0};
	struct looking looking = {.programme = programme, .language = request->language};
	int error = read_term(request, &folded);

	if (error != 0)
		return error;
	if (sheet == NULL || (folded.n > 0 && buf_text(&folded) == NULL))
		return fail(-ENOMEM);
	looking.sheet = sheet;
	looking.folded = folded.n > 0 ? buf_text(&folded) : NULL;
	add_columns(sheet);
	(void)define_walk(programme, look, &looking);
	looking.is_within = true;
	if (sheet->cells_n == 0)
		(void)define_walk(programme, look, &looking);
	if (sheet->cells_n == 0 && looking.folded != NULL)
		return not_there(programme, looking.folded, fault);
	*ret_sheet = take(sheet);
	return 0;
}
