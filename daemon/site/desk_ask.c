#include "daemon/site/desk_ask.h"

#include "daemon/site/import_cell.h"
#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define YES 2 /* of the list yesno, as RECORD_BOOL has it */

/* What may be kept of someone who must not be known (V004). */
static bool is_of_anonymous(enum record_field field)
{
	static const enum record_field fields[] = {FIELD_sex, FIELD_entry_date, FIELD_consent,
						   FIELD_consent_date, FIELD_protected};

	for (size_t i = 0; i < array_n(fields); i++)
		if (fields[i] == field)
			return true;
	return false;
}

static void add(const struct desk_words *words, const struct desk_question *question,
		bool is_anonymous, int32_t day, struct desk_questions *questions)
{
	if ((is_anonymous && !is_of_anonymous(question->field)) ||
	    !desk_words_has(words, question->field, day))
		return;
	questions->rows[questions->n++] = *question;
}

void desk_ask_event(const struct desk_words *words, enum life_event event, bool is_anonymous,
		    int32_t day, struct desk_questions *ret_questions)
{
	size_t n;
	const struct life_ask *asks = life_asks(event, &n);

	ret_questions->n = 0;
	for (size_t i = 0; i < n; i++) {
		const struct desk_question question = {asks[i].field, asks[i].need, asks[i].hint};

		add(words, &question, is_anonymous, day, ret_questions);
	}
}

/* Answers and deviations are nobody's, and the token that was handed out stays what it is. */
static bool is_correctable(enum record_field field)
{
	enum record_part part = record_row(field)->part;

	return part != RECORD_SURVEY && part != RECORD_DEVIATION &&
	       field != FIELD_transfer_out_token;
}

void desk_ask_all(const struct desk_words *words, bool is_anonymous, int32_t day,
		  struct desk_questions *ret_questions)
{
	ret_questions->n = 0;
	ret_questions->has_items = !is_anonymous;
	for (int field = 0; field < FIELD_N; field++) {
		const struct desk_question question = {(enum record_field)field, LIFE_MAY, NULL};

		if (is_correctable(question.field))
			add(words, &question, is_anonymous, day, ret_questions);
	}
}

/* The number of the code that a word is, as import_words reads it; 0 none. */
static uint16_t code_of(const struct desk_words *words, enum record_field field, const char *word)
{
	const struct programme_list *list = desk_words_list(words, field);
	const struct programme_code *code;
	uint64_t number = 0;

	if (word == NULL || list == NULL)
		return 0;
	code = programme_code_by_word(list, word);
	if (code == NULL && text_to_u64(word, UINT16_MAX, &number) == 0)
		code = programme_code(list, (uint16_t)number);
	return code == NULL ? 0 : code->number;
}

bool desk_ask_is_anonymous(const struct desk_words *words, const struct record *record,
			   const struct request *request)
{
	const char *consent = request_field(request, record_row(FIELD_consent)->id);
	const char *protection = request_field(request, record_row(FIELD_protected)->id);

	if (consent == NULL && protection == NULL)
		return record->identity.type == ID_ANONYMOUS;
	return code_of(words, FIELD_consent, consent) == RECORD_CONSENT_REFUSED ||
	       code_of(words, FIELD_protected, protection) == YES;
}

/* ---- reading ---- */

static bool is_asked(const struct desk_questions *questions, int field)
{
	for (size_t i = 0; i < questions->n; i++)
		if ((int)questions->rows[i].field == field)
			return true;
	return false;
}

/* What is typed in the place of a field's id may be anything, also a number: only ids that there
 * are may be repeated. */
static int refuse_field(const struct request *request, size_t i, int field, struct fault *fault)
{
	char place[40];

	(void)snprintf(place, sizeof(place), "field %zu", i + 1);
	if (field < 0)
		return fault_set(fault, "X002", place,
				 N_("Use the ids that `--form --format json` lists."),
				 N_("there is no such field"));
	return fault_set(fault, "X002", request->fields[i].id,
			 N_("Leave it out; `--form --format json` lists what is asked."),
			 N_("this form does not ask for it"));
}

static void empty(struct record *record, enum record_field field)
{
	size_t size = 0;
	char *text = record_text(record, field, &size);

	if (text != NULL)
		explicit_bzero(text, size);
	record->value[field] = RECORD_MISSING;
}

static const struct desk_part parts[] = {
	{"spell", RECORD_SPELL},
	{"hours", RECORD_HOURS},
	{"pause", RECORD_PAUSE},
	{"return", RECORD_RETURN},
};

const struct desk_part *desk_ask_parts(size_t *ret_n)
{
	*ret_n = array_n(parts);
	return parts;
}

static int read_remove(const char *text, struct desk_typed *typed, struct fault *fault)
{
	if (text[0] == '\0')
		return 0;
	for (size_t i = 0; i < array_n(parts); i++) {
		if (!text_same_word(text, parts[i].word))
			continue;
		typed->remove = (int)parts[i].part;
		return 0;
	}
	return fault_set(fault, "X002", DESK_REMOVE, N_("Write spell, hours, pause or return."),
			 N_("that cannot be taken away"));
}

/* A day, or the first of a month: "2018-04". */
static int read_replaces(const char *text, int32_t today, struct desk_typed *typed,
			 struct fault *fault)
{
	char day[DATE_TEXT_BYTES];

	if (text[0] == '\0')
		return 0;
	typed->is_another = text_same_word(text, "new") || text_same_word(text, "ny");
	if (typed->is_another ||
	    date_parse_any(text, DATE_ORDER_REFUSED, today, &typed->replaces) == 0)
		return 0;
	(void)snprintf(day, sizeof(day), "%.7s-01", text);
	if (strlen(text) == 7 && date_parse_iso(day, &typed->replaces) == 0)
		return 0;
	return fault_set(fault, "X002", DESK_REPLACES,
			 N_("Write the day it has now, as `mia person show CASE` has it, or new."),
			 N_("that is not a day"));
}

struct place {
	struct import_cells *cells;
	struct record *record;
	struct desk_typed *typed;
};

static int read_field(const struct desk_reading *of, size_t i, const struct place *to,
		      struct fault *fault)
{
	const char *id = of->request->fields[i].id;
	const char *text = of->request->fields[i].text;
	int field = record_field(id);
	struct import_cell cell = {.bytes = text, .n = strlen(text), .findings = of->findings};

	if (strcmp(id, DESK_REMOVE) == 0)
		return read_remove(text, to->typed, fault);
	if (strcmp(id, DESK_REPLACES) == 0)
		return read_replaces(text, of->today, to->typed, fault);
	if (field < 0 || !is_asked(of->questions, field))
		return refuse_field(of->request, i, field, fault);
	cell.field = (enum record_field)field;
	empty(to->record, cell.field);
	import_cell_read(to->cells, &cell, to->record, &to->typed->number);
	to->typed->has[field] = true;
	to->typed->has_text[field] = desk_words_is_given(to->record, cell.field);
	return 0;
}

int desk_ask_read(const struct desk_reading *reading, struct record *record,
		  struct desk_typed *ret_typed, struct fault *fault)
{
	own(import_cells_free) struct import_cells *cells = NULL;
	struct place to = {.record = record, .typed = ret_typed};
	int error = import_cells_new(reading->words->programme, DATE_ORDER_REFUSED, reading->today,
				     &cells);

	if (error != 0)
		return error;
	to.cells = cells;
	import_cells_questions(cells, reading->words->programme,
			       (int)(reading->words->site - reading->words->programme->sites));
	*ret_typed = (struct desk_typed){.remove = -1, .replaces = RECORD_MISSING};
	import_cells_encoding(cells, IMPORT_UTF8);
	for (size_t i = 0; i < reading->request->fields_n && error == 0; i++)
		error = read_field(reading, i, &to, fault);
	ret_typed->has_number =
		ret_typed->has[FIELD_person_number] && record->identity.number[0] != '\0';
	return error;
}

void desk_ask_missing(const struct desk_questions *questions, const struct record *record,
		      struct validate_result *findings)
{
	for (size_t i = 0; i < questions->n; i++)
		if (questions->rows[i].need == LIFE_MUST &&
		    !desk_words_is_given(record, questions->rows[i].field))
			validate_add(findings, "D001", VALIDATE_ERROR, questions->rows[i].field,
				     "");
}
