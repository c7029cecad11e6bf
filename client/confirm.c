#include "client/confirm.h"

#include "client/cell.h"
#include "client/render_form.h"
#include "client/words.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define CASE_SCHEMA "mia.case/1"
#define RECONCILE_SCHEMA "mia.reconcile/1"
#define RETENTION_SCHEMA "mia.retention/1"

/* What is asked, and what is to be typed. */
static int ask_for(const struct paper *talk, FILE *keys, const char *asked, const char *word)
{
	own(buf_free) struct buf question = {0};
	char typed[CONFIRM_WORD_BYTES] = "";

	words_add(&question, asked, word, NULL);
	paper_text(talk, PAINT_STRONG, buf_text(&question) != NULL ? buf_text(&question) : "");
	(void)fflush(talk->to);
	if (fgets(typed, sizeof(typed), keys) == NULL)
		typed[0] = '\0';
	typed[strcspn(typed, "\n")] = '\0';
	return strcmp(typed, word) == 0 ? 0 : -EBADMSG;
}

static int refuse(const char *place, const char *word, struct fault *fault)
{
	return fault_set(fault, "X012", place, N_("Nothing was done."), N_("\"%s\" was not typed"),
			 word);
}

int confirm_word(const struct paper *talk, FILE *keys, const char *place, const char *word,
		 struct fault *fault)
{
	static const char asked[] = N_("This cannot be undone. Type %1 to go on: ");

	return ask_for(talk, keys, asked, word) == 0 ? 0 : refuse(place, word, fault);
}

int confirm_meant(const struct paper *talk, FILE *keys, const char *place, const char *word,
		  struct fault *fault)
{
	static const char asked[] = N_("Type %1 to go on: ");

	return ask_for(talk, keys, asked, word) == 0 ? 0 : refuse(place, word, fault);
}

static const struct sheet *sheet_of(const struct answer *tried, const char *schema)
{
	for (size_t i = 0; i < tried->sheets_n; i++)
		if (strcmp(tried->sheets[i]->schema, schema) == 0)
			return tried->sheets[i];
	return NULL;
}

bool confirm_is_needed(const struct answer *tried, char ret_word[static CONFIRM_WORD_BYTES])
{
	const struct sheet *sheet = sheet_of(tried, CASE_SCHEMA);
	const struct sheet_cell *number = sheet != NULL ? cell_find(sheet, 0, "case") : NULL;

	if (number == NULL || number->is_empty || number->state != CELL_VALUE ||
	    sheet->notes_n == 0)
		return false;
	(void)snprintf(ret_word, CONFIRM_WORD_BYTES, "%" PRId64, number->number);
	return true;
}

bool confirm_is_idle(const struct answer *tried)
{
	const struct sheet *sheet = sheet_of(tried, RETENTION_SCHEMA);

	return sheet != NULL && sheet->rows_n == 0;
}

bool confirm_site(const struct answer *tried, char ret_word[static CONFIRM_WORD_BYTES])
{
	const struct sheet *sheet = sheet_of(tried, RECONCILE_SCHEMA);
	const struct sheet_cell *site = sheet != NULL ? cell_find(sheet, 0, "site") : NULL;

	if (site == NULL || site->is_empty || site->text == NULL)
		return false;
	text_copy(ret_word, CONFIRM_WORD_BYTES, site->text);
	return true;
}

int confirm_case(const struct answer *tried, const struct paper *talk, FILE *keys,
		 struct fault *fault)
{
	char word[CONFIRM_WORD_BYTES];

	if (!confirm_is_needed(tried, word))
		return 0;
	render_notes(sheet_of(tried, CASE_SCHEMA), talk);
	return confirm_word(talk, keys, "person", word, fault);
}
