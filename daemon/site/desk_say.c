#include "daemon/site/desk_say.h"

#include "daemon/site/store_forget.h"
#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"

#include <string.h>

/* ---- findings ---- */

static void add_finding_columns(struct sheet *sheet)
{
	sheet_column(sheet, "code", SHEET_TEXT, N_("Code"), false);
	sheet_column(sheet, "severity", SHEET_CODE, N_("Severity"), false);
	sheet_column(sheet, "field", SHEET_CODE, N_("Field"), false);
	sheet_column(sheet, "sentence", SHEET_TEXT, N_("What is wrong"), false);
	sheet_column(sheet, "remedy", SHEET_TEXT, N_("What to do"), false);
	sheet_column(sheet, "detail", SHEET_PHRASE, N_("Detail"), false);
}

static void add_finding(const struct desk_case *of, const struct validate_finding *finding,
			struct sheet *sheet)
{
	const struct error_row *row = error_find(finding->code);
	bool is_english = of->words.language == LANGUAGE_EN;
	own(buf_free) struct buf detail = {0};

	sheet_add_text(sheet, finding->code);
	sheet_add_code(sheet, validate_severity_id(finding->severity),
		       validate_severity_word(finding->severity), NULL);
	if (finding->field == FIELD_N)
		sheet_add_empty(sheet);
	else
		sheet_add_code(sheet, record_row(finding->field)->id,
			       desk_words_label(&of->words, finding->field), NULL);
	sheet_add_text(sheet, row == NULL ? NULL : is_english ? row->en : row->sv);
	sheet_add_text(sheet, row == NULL ? NULL : is_english ? row->remedy_en : row->remedy_sv);
	desk_words_detail(&of->words, finding->field, finding->detail, &detail);
	if (detail.n == 0 || buf_text(&detail) == NULL)
		sheet_add_empty(sheet);
	else
		sheet_add_phrase(sheet, buf_text(&detail), NULL);
}

int desk_say_findings(const struct desk_case *of, struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = NULL;

	if (of->findings.has_error)
		ret_answer->exit = EXIT_INPUT_FAULTS;
	if (of->findings.findings_n == 0)
		return 0;
	sheet = sheet_new("mia.findings/1", SHEET_TABLE);
	sheet_title(sheet, of->findings.has_error ? N_("Nothing was stored") : N_("What was found"),
		    NULL);
	add_finding_columns(sheet);
	for (int severity = VALIDATE_ERROR; severity >= VALIDATE_INFORM; severity--)
		for (size_t i = 0; i < of->findings.findings_n; i++)
			if ((int)of->findings.findings[i].severity == severity)
				add_finding(of, &of->findings.findings[i], sheet);
	return answer_add(ret_answer, &sheet);
}

/* ---- done ---- */

static void add_changed(const struct desk_case *of, struct sheet *sheet)
{
	own(buf_wipe) struct buf text = {0};
	const char *between = "";

	for (int field = 0; field < FIELD_N; field++) {
		if (!of->typed.has[field])
			continue;
		buf_printf(&text, "%s%s", between,
			   desk_words_label(&of->words, (enum record_field)field));
		between = ", ";
	}
	sheet_add_text(sheet, buf_text(&text));
}

static struct sheet *done(const struct desk_case *of, const char *id, const char *sentence)
{
	struct sheet *sheet = sheet_new("mia.case/1", SHEET_FORM);
	enum life_state state = desk_case_state(of);

	sheet_column(sheet, "case", SHEET_COUNT, N_("Case"), false);
	sheet_column(sheet, "event", SHEET_CODE, N_("Event"), false);
	sheet_column(sheet, "state", SHEET_CODE, N_("State"), false);
	sheet_column(sheet, "stored", SHEET_PHRASE, N_("Stored"), false);
	sheet_column(sheet, "changed", SHEET_TEXT, N_("Told"), false);
	sheet_column(sheet, "token", SHEET_TEXT, N_("Token to carry"), false);
	if (of->person.id == 0 || of->is_apart)
		sheet_add_empty(sheet);
	else
		sheet_add_number(sheet, (int64_t)of->person.id);
	sheet_add_code(sheet, id, sentence, NULL);
	if (of->is_apart)
		sheet_add_empty(sheet);
	else
		sheet_add_code(sheet, life_state_id(state), life_state_name(state), NULL);
	sheet_add_phrase(sheet,
			 desk_case_is_same(of)      ? N_("no: nothing is changed by it")
			 : desk_case_is_dry_run(of) ? N_("no: a dry run")
						    : N_("yes"),
			 NULL);
	add_changed(of, sheet);
	return sheet;
}

static bool is_handed_over(const struct desk_case *of)
{
	return of->after.token_out[0] != '\0' &&
	       strcmp(of->after.token_out, of->person.record.token_out) != 0 &&
	       !desk_case_is_dry_run(of);
}

/* Whether what is known of somebody goes for good. */
static bool is_forgetting(const struct desk_case *of)
{
	return of->person.id != 0 && of->person.record.identity.type != ID_ANONYMOUS &&
	       store_must_forget(&of->after);
}

int desk_say_done(const struct desk_case *of, const char *id, const char *sentence,
		  struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = NULL;
	int error;

	if (of->findings.has_error)
		return desk_say_findings(of, ret_answer);
	sheet = done(of, id, sentence);
	if (is_handed_over(of)) {
		sheet_add_text(sheet, of->after.token_out);
		sheet_note(sheet,
			   N_("The person carries the token to the other association, which types "
			      "it. It is not shown again."),
			   NULL);
	} else {
		sheet_add_empty(sheet);
	}
	/* mia asks for the case to be typed when a dry run has a note. */
	if (is_forgetting(of) && desk_case_is_dry_run(of))
		sheet_note(sheet,
			   N_("What is known of the person is destroyed, but for sex and year."),
			   NULL);
	error = answer_add(ret_answer, &sheet);
	return error != 0 ? error : desk_say_findings(of, ret_answer);
}

/* ---- forms ---- */

void desk_say_masked(const struct desk_case *of, const struct record *record,
		     char ret_text[static PERSON_MASKED_BYTES])
{
	struct person_number number = {0};

	ret_text[0] = '\0';
	if (record->identity.number[0] != '\0' &&
	    person_parse(record->identity.number, of->today, &number) == PERSON_FINE)
		person_mask(&number, ret_text);
	explicit_bzero(&number, sizeof(number));
}

static const char *form_type(enum record_field field)
{
	static const char *const types[] = {
		[RECORD_NUMBER_ID] = "number", [RECORD_TEXT] = "text",
		[RECORD_CODE] = "code",        [RECORD_SET] = "set",
		[RECORD_DATE] = "date",        [RECORD_COUNT] = "count",
		[RECORD_BOOL] = "code",        [RECORD_MUNICIPALITY] = "code",
	};

	if (field == FIELD_hours_month)
		return "month";
	if (field == FIELD_transfer_in_token || field == FIELD_transfer_out_token)
		return "token";
	return types[record_row(field)->type];
}

/* A type as programs name it and as people read it. */
static void add_type(struct sheet *sheet, const char *type)
{
	static const struct {
		const char *id, *words;
	} types[] = {
		{"number", N_("personal number")},
		{"text", N_("text")},
		{"code", N_("one of a list")},
		{"set", N_("several of a list")},
		{"date", N_("date")},
		{"count", N_("whole number")},
		{"month", N_("month")},
		{"token", N_("token")},
	};

	for (size_t i = 0; i < array_n(types); i++)
		if (strcmp(types[i].id, type) == 0)
			sheet_add_code(sheet, type, types[i].words, NULL);
}

static void add_known(const struct desk_case *of, enum record_field field, struct sheet *sheet)
{
	own(buf_wipe) struct buf text = {0};
	char masked[PERSON_MASKED_BYTES];

	if (field == FIELD_person_number) {
		desk_say_masked(of, &of->after, masked);
		sheet_add_text(sheet, masked);
		return;
	}
	desk_words_typed(&of->words, &of->after, field, &text);
	sheet_add_text(sheet, buf_text(&text));
}

static void add_question(const struct desk_case *of, const struct desk_question *question,
			 struct sheet *sheet)
{
	static const char *const required[] = {[LIFE_MUST] = N_("yes"), [LIFE_MAY] = N_("no")};
	enum record_field field = question->field;
	bool is_when = question->need == LIFE_WHEN;

	sheet_add_code(sheet, record_row(field)->id, desk_words_label(&of->words, field), NULL);
	add_type(sheet, form_type(field));
	sheet_add_phrase(sheet, is_when ? question->hint : required[question->need], NULL);
	add_known(of, field, sheet);
	if (is_when || question->hint == NULL)
		sheet_add_empty(sheet);
	else
		sheet_add_phrase(sheet, question->hint, NULL);
	if (field == FIELD_consent || field == FIELD_protected)
		sheet_add_phrase(sheet, N_("yes"), NULL);
	else
		sheet_add_empty(sheet);
}

static void add_question_of_items(const char *id, const char *label, const char *type,
				  const char *hint, struct sheet *sheet)
{
	sheet_add_code(sheet, id, label, NULL);
	add_type(sheet, type);
	sheet_add_phrase(sheet, N_("no"), NULL);
	sheet_add_empty(sheet);
	sheet_add_phrase(sheet, hint, NULL);
	sheet_add_empty(sheet);
}

static int add_form(const struct desk_case *of, struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.form/1", SHEET_TABLE);

	sheet_column(sheet, "field", SHEET_CODE, N_("Field"), false);
	sheet_column(sheet, "type", SHEET_CODE, N_("Type"), false);
	sheet_column(sheet, "required", SHEET_PHRASE, N_("Required"), false);
	sheet_column(sheet, "value", SHEET_TEXT, N_("Known"), false);
	sheet_column(sheet, "hint", SHEET_PHRASE, N_("Hint"), false);
	sheet_column(sheet, "decides", SHEET_PHRASE, N_("Decides the rest"), false);
	for (size_t i = 0; i < of->questions.n; i++)
		add_question(of, &of->questions.rows[i], sheet);
	if (of->questions.has_items) {
		add_question_of_items(DESK_REPLACES, N_("Day that is corrected"), "text",
				      N_("of one of many: the day it has now, or new"), sheet);
		add_question_of_items(DESK_REMOVE, N_("Take away"), "code",
				      N_("one of many; its day is written above"), sheet);
	}
	return answer_add(ret_answer, &sheet);
}

/* Of places only those that are the site's own. */
static bool is_offered(const struct desk_case *of, enum record_field field,
		       const struct programme_code *code, int32_t day)
{
	const struct programme_site *site = of->desk->site;

	if (record_row(field)->type != RECORD_MUNICIPALITY)
		return programme_holds(code->span, day);
	for (size_t i = 0; i < site->municipalities_n; i++)
		if (strcmp(site->municipalities[i].code, code->id) == 0)
			return programme_holds(site->municipalities[i].span, day);
	return false;
}

static void add_parts(struct sheet *sheet)
{
	size_t n;
	const struct desk_part *parts = desk_ask_parts(&n);

	for (size_t i = 0; i < n; i++) {
		sheet_add_text(sheet, DESK_REMOVE);
		sheet_add_text(sheet, parts[i].word);
		sheet_add_text(sheet, desk_words_part(parts[i].part));
	}
}

static int add_choices(const struct desk_case *of, int32_t day, struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.choices/1", SHEET_TABLE);

	sheet_column(sheet, "field", SHEET_TEXT, N_("Field"), false);
	sheet_column(sheet, "code", SHEET_TEXT, N_("Code"), false);
	sheet_column(sheet, "label", SHEET_TEXT, N_("Means"), false);
	for (size_t i = 0; i < of->questions.n; i++) {
		enum record_field field = of->questions.rows[i].field;
		const struct programme_list *list = desk_words_list(&of->words, field);

		for (size_t c = 0; list != NULL && c < list->codes_n; c++) {
			if (!is_offered(of, field, &list->codes[c], day))
				continue;
			sheet_add_text(sheet, record_row(field)->id);
			sheet_add_text(sheet, list->codes[c].id);
			sheet_add_text(sheet,
				       programme_text(list->codes[c].label, of->words.language));
		}
	}
	if (of->questions.has_items)
		add_parts(sheet);
	return answer_add(ret_answer, &sheet);
}

int desk_say_form(const struct desk_case *of, int32_t day, struct answer *ret_answer)
{
	int error = add_form(of, ret_answer);

	return error != 0 ? error : add_choices(of, day, ret_answer);
}
