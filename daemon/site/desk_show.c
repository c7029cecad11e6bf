#include "daemon/site/desk_show.h"

#include "daemon/site/desk_say.h"
#include "lib/own.h"

#include <errno.h>
#include <string.h>

#define SCHEMA_BYTES 40

/* ---- the head ---- */

static void add_known_by(const struct record *record, struct sheet *sheet)
{
	static const struct {
		const char *id, *name;
	} names[] = {
		[ID_NONE] = {"none", N_("nothing")},
		[ID_PERSONNUMMER] = {"personnummer", N_("personnummer")},
		[ID_COORDINATION] = {"coordination", N_("coordination number")},
		[ID_LOCAL] = {"local", N_("local id")},
		[ID_ANONYMOUS] = {"anonymous", N_("nothing: anonymous")},
	};

	sheet_add_code(sheet, names[record->identity.type].id, names[record->identity.type].name,
		       NULL);
}

/* The whole number, where it was asked for, as people write it. */
static void add_number(const struct desk_case *of, bool is_full, struct sheet *sheet)
{
	const struct record *record = &of->person.record;
	char text[PERSON_MASKED_BYTES];

	desk_say_masked(of, record, text);
	if (text[0] == '\0') {
		sheet_add_empty(sheet);
		return;
	}
	if (is_full)
		(void)snprintf(text, sizeof(text), "%.8s-%.4s", record->identity.number,
			       record->identity.number + 8);
	sheet_add_text(sheet, text);
	explicit_bzero(text, sizeof(text));
}

static bool is_incomplete(const struct desk_case *of)
{
	for (size_t i = 0; i < of->findings.findings_n; i++)
		if (strcmp(of->findings.findings[i].code, "V041") == 0)
			return true;
	return of->after.identity.type == ID_ANONYMOUS;
}

static int add_head(const struct desk_case *of, bool is_full, struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.person/1", SHEET_FORM);
	enum life_state state = desk_case_state(of);
	char number[24];

	(void)snprintf(number, sizeof(number), "%llu", (unsigned long long)of->person.id);
	sheet_title(sheet, N_("Case %1"), number, NULL);
	sheet_column(sheet, "case", SHEET_COUNT, N_("Case"), false);
	sheet_column(sheet, "state", SHEET_CODE, N_("State"), false);
	sheet_column(sheet, "known_by", SHEET_CODE, N_("Known by"), false);
	sheet_column(sheet, "number", SHEET_TEXT, N_("Personal number"), false);
	sheet_column(sheet, "complete", SHEET_PHRASE, N_("Complete for ESF"), false);
	sheet_add_number(sheet, (int64_t)of->person.id);
	sheet_add_code(sheet, life_state_id(state), life_state_name(state), NULL);
	add_known_by(&of->person.record, sheet);
	add_number(of, is_full, sheet);
	if (of->after.value[FIELD_entry_date] == RECORD_MISSING)
		sheet_add_empty(sheet);
	else
		sheet_add_phrase(sheet, is_incomplete(of) ? N_("no") : N_("yes"), NULL);
	return answer_add(ret_answer, &sheet);
}

/* ---- parts ---- */

static const char *part_id(enum record_part part)
{
	static const char *const ids[RECORD_PART_N] = {
		[RECORD_IDENTITY] = "identity",   [RECORD_CONSENT] = "consent",
		[RECORD_INTEREST] = "interest",   [RECORD_ENTRY] = "entry",
		[RECORD_EXIT] = "exit",           [RECORD_FOLLOWUP] = "followup",
		[RECORD_SURVEY] = "survey",       [RECORD_SPELL] = "spell",
		[RECORD_TRANSFER] = "transfer",   [RECORD_HOURS] = "hours",
		[RECORD_PAUSE] = "pause",         [RECORD_RETURN] = "return",
		[RECORD_DEVIATION] = "deviation", [RECORD_QUESTION] = "question",
	};

	return ids[part];
}

static struct sheet *new_part(enum record_part part, enum sheet_layout layout)
{
	char schema[SCHEMA_BYTES];
	struct sheet *sheet;

	(void)snprintf(schema, sizeof(schema), "mia.person.%s/1", part_id(part));
	sheet = sheet_new(schema, layout);
	sheet_title(sheet, desk_words_part(part), NULL);
	return sheet;
}

/* The number stands in the head, and a token that was handed out is shown once only. */
static bool is_shown(const struct record *record, enum record_field field, enum record_part part)
{
	return record_row(field)->part == part && field != FIELD_person_number &&
	       field != FIELD_transfer_out_token && desk_words_is_given(record, field);
}

static int add_form(const struct desk_case *of, enum record_part part, struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = NULL;
	const struct record *record = &of->person.record;
	size_t n = 0;

	for (int field = 0; field < FIELD_N; field++)
		n += is_shown(record, (enum record_field)field, part);
	if (n == 0)
		return 0;
	sheet = new_part(part, SHEET_FORM);
	for (int field = 0; field < FIELD_N; field++)
		if (is_shown(record, (enum record_field)field, part))
			desk_words_column(&of->words, sheet, (enum record_field)field);
	for (int field = 0; field < FIELD_N; field++)
		if (is_shown(record, (enum record_field)field, part))
			desk_words_cell(&of->words, record, (enum record_field)field, sheet);
	return answer_add(ret_answer, &sheet);
}

static void add_item(const struct desk_case *of, const struct record_item *item,
		     struct sheet *sheet)
{
	struct record told;

	record_clear(&told);
	item_tell(item, &told);
	for (int field = 0; field < FIELD_N; field++)
		if (record_row((enum record_field)field)->part == item->part)
			desk_words_cell(&of->words, &told, (enum record_field)field, sheet);
	record_wipe(&told);
}

static int add_items(const struct desk_case *of, enum record_part part, struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = NULL;
	const struct record *record = &of->person.record;
	const struct record_item *item = item_next(record, part, NULL);

	if (item == NULL)
		return 0;
	sheet = new_part(part, SHEET_TABLE);
	for (int field = 0; field < FIELD_N; field++)
		if (record_row((enum record_field)field)->part == part)
			desk_words_column(&of->words, sheet, (enum record_field)field);
	for (; item != NULL; item = item_next(record, part, item))
		add_item(of, item, sheet);
	return answer_add(ret_answer, &sheet);
}

static int add_parts(const struct desk_case *of, struct answer *ret_answer)
{
	int error = 0;

	for (int i = 0; i < RECORD_PART_N && error == 0; i++) {
		enum record_part part = (enum record_part)i;

		error = item_is_part(part) ? add_items(of, part, ret_answer)
					   : add_form(of, part, ret_answer);
	}
	return error;
}

int desk_show(const struct desk *desk, const struct request *request, struct answer *ret_answer,
	      struct fault *fault)
{
	own(desk_case_wipe) struct desk_case of;
	bool is_full = request_option(request, "full") != NULL;
	int error = desk_case_open(desk, request, 0, &of, fault);

	if (error == 0)
		error = desk_case_note(&of, is_full ? "person_number" : "person_shown", "");
	if (error != 0)
		return error;
	if (!of.person.is_misregistered)
		desk_case_judge(&of, true);
	error = add_head(&of, is_full, ret_answer);
	if (error == 0)
		error = add_parts(&of, ret_answer);
	if (error == 0)
		error = desk_say_findings(&of, ret_answer);
	ret_answer->exit = 0; /* a record with faults is shown all the same */
	return error;
}
