#include "daemon/site/desk_words.h"

#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/programme_find.h"

#include <string.h>

#define CODES_OF_SET 31
#define MONTH_TEXT_BYTES 8 /* "2018-04" and NUL */

static const struct programme_question *question_of(const struct desk_words *words,
						    enum record_field field)
{
	if (record_row(field)->part != RECORD_QUESTION || words->site == NULL)
		return NULL;
	return programme_question(words->programme, (int)(words->site - words->programme->sites),
				  (unsigned)(field - FIELD_question_1) + 1);
}

static const struct programme_field *row_of(const struct desk_words *words, enum record_field field)
{
	for (size_t i = 0; i < words->programme->fields_n; i++)
		if (strcmp(words->programme->fields[i].id, record_row(field)->id) == 0)
			return &words->programme->fields[i];
	return NULL;
}

bool desk_words_has(const struct desk_words *words, enum record_field field, int32_t day)
{
	const struct programme_question *question = question_of(words, field);

	if (record_row(field)->part != RECORD_QUESTION)
		return row_of(words, field) != NULL;
	return question != NULL && programme_holds(question->span, day);
}

const char *desk_words_label(const struct desk_words *words, enum record_field field)
{
	const struct programme_question *question = question_of(words, field);
	const struct programme_field *row = row_of(words, field);

	if (question != NULL)
		return programme_text(question->label, words->language);
	return row != NULL ? programme_text(row->label, words->language) : record_row(field)->id;
}

const struct programme_list *desk_words_list(const struct desk_words *words,
					     enum record_field field)
{
	const struct programme_question *question = question_of(words, field);
	const char *list = record_row(field)->list;

	if (record_row(field)->type == RECORD_MUNICIPALITY)
		list = "municipality";
	else if (question != NULL)
		list = question->list;
	return list == NULL || list[0] == '\0' ? NULL : programme_list(words->programme, list);
}

/* Ids of fields, "labour, education"; false when that is not what it is. */
static bool add_field_names(const struct desk_words *words, const char *ids, struct buf *to)
{
	while (*ids != '\0') {
		char id[PROGRAMME_ID_BYTES];
		size_t n = strcspn(ids, ",");
		int field;

		if (n >= sizeof(id))
			return false;
		text_copy(id, n + 1, ids);
		field = record_field(id);
		if (field < 0)
			return false;
		buf_add_text(to, to->n > 0 ? ", " : "");
		buf_add_text(to, desk_words_label(words, (enum record_field)field));
		ids += n;
		ids += strspn(ids, ", ");
	}
	return true;
}

void desk_words_detail(const struct desk_words *words, enum record_field field, const char *detail,
		       struct buf *ret_text)
{
	const struct programme_list *list = field == FIELD_N ? NULL : desk_words_list(words, field);
	own(buf_free) struct buf names = {0};

	for (size_t i = 0; list != NULL && i < list->codes_n; i++)
		if (strcmp(list->codes[i].id, detail) == 0)
			detail = programme_text(list->codes[i].label, words->language);
	if (add_field_names(words, detail, &names))
		buf_add(ret_text, names.data, names.n);
	else
		buf_add_text(ret_text, detail);
}

const char *desk_words_part(enum record_part part)
{
	static const char *const names[RECORD_PART_N] = {
		[RECORD_IDENTITY] = N_("Person"),
		[RECORD_CONSENT] = N_("Consent"),
		[RECORD_INTEREST] = N_("Interest"),
		[RECORD_ENTRY] = N_("Entry"),
		[RECORD_EXIT] = N_("Exit"),
		[RECORD_FOLLOWUP] = N_("Follow-up"),
		[RECORD_SURVEY] = N_("Survey"),
		[RECORD_SPELL] = N_("Activities"),
		[RECORD_TRANSFER] = N_("Moves"),
		[RECORD_HOURS] = N_("Hours"),
		[RECORD_PAUSE] = N_("Pauses"),
		[RECORD_RETURN] = N_("Returns"),
		[RECORD_DEVIATION] = N_("Deviations"),
		[RECORD_QUESTION] = N_("Our own questions"),
	};

	return names[part];
}

/* ---- values ---- */

static const char *text_of(const struct record *record, enum record_field field)
{
	size_t size = 0;

	/* Only read from: record_text() is for writers too. */
	return record_text((struct record *)(uintptr_t)record, field, &size);
}

bool desk_words_is_given(const struct record *record, enum record_field field)
{
	const char *text = text_of(record, field);

	if (text != NULL)
		return text[0] != '\0';
	return record->value[field] != RECORD_MISSING;
}

static const struct programme_code *code_of(const struct desk_words *words, enum record_field field,
					    int32_t value)
{
	const struct programme_list *list = desk_words_list(words, field);

	if (record_row(field)->type == RECORD_BOOL)
		value++; /* yesno: 1 no, 2 yes */
	return list == NULL || value < 0 ? NULL : programme_code(list, (uint16_t)value);
}

/* Of a code that the programme no longer knows the number. */
static void add_code(const struct desk_words *words, enum record_field field, int32_t value,
		     bool is_label, struct buf *text)
{
	const struct programme_code *code = code_of(words, field, value);
	bool is_place = record_row(field)->type == RECORD_MUNICIPALITY;

	if (code == NULL)
		buf_printf(text, is_place ? "%04d" : "%d", value);
	else
		buf_add_text(text,
			     is_label ? programme_text(code->label, words->language) : code->id);
}

static void add_set(const struct desk_words *words, enum record_field field, int32_t value,
		    bool is_label, struct buf *text)
{
	bool is_first = true;

	for (int number = 1; number <= CODES_OF_SET; number++) {
		if (((uint32_t)value >> (number - 1) & 1) == 0)
			continue;
		if (!is_first)
			buf_add_text(text, is_label ? ", " : "+");
		add_code(words, field, number, is_label, text);
		is_first = false;
	}
}

static void month_text(int32_t day, char ret_text[static MONTH_TEXT_BYTES])
{
	char text[DATE_TEXT_BYTES];

	date_format(day, text);
	memcpy(ret_text, text, MONTH_TEXT_BYTES - 1);
	ret_text[MONTH_TEXT_BYTES - 1] = '\0';
}

static void add_date(enum record_field field, int32_t day, struct buf *text)
{
	char date[DATE_TEXT_BYTES];
	char month[MONTH_TEXT_BYTES];

	date_format(day, date);
	month_text(day, month);
	buf_add_text(text, field == FIELD_hours_month ? month : date);
}

static void add_value(const struct desk_words *words, const struct record *record,
		      enum record_field field, bool is_label, struct buf *text)
{
	int32_t value = record->value[field];

	if (!desk_words_is_given(record, field))
		return;
	switch (record_row(field)->type) {
	case RECORD_NUMBER_ID:
		break;
	case RECORD_TEXT:
		buf_add_text(text, text_of(record, field));
		break;
	case RECORD_DATE:
		add_date(field, value, text);
		break;
	case RECORD_COUNT:
		buf_printf(text, "%d", value);
		break;
	case RECORD_SET:
		add_set(words, field, value, is_label, text);
		break;
	case RECORD_CODE:
	case RECORD_BOOL:
	case RECORD_MUNICIPALITY:
		add_code(words, field, value, is_label, text);
		break;
	}
}

void desk_words_typed(const struct desk_words *words, const struct record *record,
		      enum record_field field, struct buf *ret_text)
{
	add_value(words, record, field, false, ret_text);
}

void desk_words_read(const struct desk_words *words, const struct record *record,
		     enum record_field field, struct buf *ret_text)
{
	add_value(words, record, field, true, ret_text);
}

/* ---- cells ---- */

static enum sheet_type type_of(enum record_field field)
{
	static const enum sheet_type types[] = {
		[RECORD_NUMBER_ID] = SHEET_TEXT, [RECORD_TEXT] = SHEET_TEXT,
		[RECORD_CODE] = SHEET_CODE,      [RECORD_SET] = SHEET_CODE,
		[RECORD_DATE] = SHEET_DATE,      [RECORD_COUNT] = SHEET_COUNT,
		[RECORD_BOOL] = SHEET_CODE,      [RECORD_MUNICIPALITY] = SHEET_CODE,
	};

	return field == FIELD_hours_month ? SHEET_TEXT : types[record_row(field)->type];
}

void desk_words_column(const struct desk_words *words, struct sheet *sheet, enum record_field field)
{
	sheet_column(sheet, record_row(field)->id, type_of(field), desk_words_label(words, field),
		     true);
}

void desk_words_cell(const struct desk_words *words, const struct record *record,
		     enum record_field field, struct sheet *sheet)
{
	own(buf_wipe) struct buf id = {0}, label = {0};
	enum sheet_type type = type_of(field);

	if (!desk_words_is_given(record, field)) {
		sheet_add_empty(sheet);
		return;
	}
	if (type == SHEET_DATE || type == SHEET_COUNT) {
		sheet_add_number(sheet, record->value[field]);
		return;
	}
	desk_words_typed(words, record, field, &id);
	desk_words_read(words, record, field, &label);
	if (type == SHEET_TEXT)
		sheet_add_text(sheet, buf_text(&label));
	else if (id.n == 0 || buf_text(&id) == NULL || buf_text(&label) == NULL)
		sheet_add_empty(sheet); /* an empty set */
	else
		sheet_add_code(sheet, buf_text(&id), buf_text(&label), NULL);
}
