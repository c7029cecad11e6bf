#include "client/render_json.h"

#include "client/cell.h"
#include "client/number.h"
#include "client/words.h"
#include "lib/own.h"

#include <errno.h>
#include <jansson.h>

#define FLAGS (JSON_INDENT(2) | JSON_REAL_PRECISION(12))

static const char *const state_names[CELL_STATES_N] = {
	[CELL_SUPPRESSED] = "suppressed",
	[CELL_MISSING] = "missing",
	[CELL_NOT_COLLECTED] = "not_collected",
	[CELL_ZERO] = "zero",
};

static void json_free(json_t **json)
{
	json_decref(*json);
	*json = NULL;
}

static json_t *text_of(const struct buf *text)
{
	return text->error != 0 ? NULL : json_stringn((const char *)text->data, text->n);
}

static json_t *phrase(const struct sheet_phrase *phrase)
{
	own(buf_free) struct buf text = {0};

	if (phrase->text == NULL)
		return json_null();
	words_add_phrase(&text, phrase->text, phrase->arguments, phrase->arguments_n, false);
	return text.n == 0 && text.error == 0 ? json_string("") : text_of(&text);
}

/* The share with one decimal, as it is shown. */
static json_t *percent(const struct sheet_cell *cell)
{
	if (cell->of <= 0 || cell->number < 0)
		return json_null();
	return json_real((double)number_per_mille(cell->number, cell->of) / 10);
}

static json_t *words_value(const struct sheet *sheet, size_t row, size_t column)
{
	own(buf_free) struct buf text = {0};

	cell_add_machine(&text, sheet, row, column);
	return text.n == 0 && text.error == 0 ? json_string("") : text_of(&text);
}

static json_t *value(const struct sheet *sheet, size_t row, size_t column)
{
	const struct sheet_cell *cell = cell_at(sheet, row, column);

	if (cell->state != CELL_VALUE)
		return json_pack("{s:s}", "state", state_names[cell->state]);
	if (cell->is_empty)
		return json_null();
	switch (sheet->columns[column].type) {
	case SHEET_COUNT:
	case SHEET_BYTES:
	case SHEET_MILLISECONDS:
		return json_integer(cell->number);
	case SHEET_SHARE:
		return json_pack("{s:I, s:I, s:o}", "number", (json_int_t)cell->number, "of",
				 (json_int_t)cell->of, "percent", percent(cell));
	case SHEET_BAR:
		return json_pack("{s:I, s:I, s:I}", "number", (json_int_t)cell->number, "of",
				 (json_int_t)cell->of, "goal_per_mille", (json_int_t)cell->goal);
	case SHEET_TEXT:
	case SHEET_PHRASE:
	case SHEET_DATE:
	case SHEET_MOMENT:
	case SHEET_PERIOD:
	case SHEET_CODE:
	case SHEET_TYPE_N:
		break;
	}
	return words_value(sheet, row, column);
}

static json_t *row_of(const struct sheet *sheet, size_t row)
{
	own(json_free) json_t *object = json_object();

	for (size_t i = 0; i < sheet->columns_n; i++)
		if (json_object_set_new(object, sheet->columns[i].id, value(sheet, row, i)) != 0)
			return NULL;
	return take(object);
}

static json_t *rows_of(const struct sheet *sheet)
{
	own(json_free) json_t *rows = json_array();

	for (size_t row = 0; row < sheet->rows_n; row++)
		if (json_array_append_new(rows, sheet->layout == SHEET_LINES
							? value(sheet, row, 0)
							: row_of(sheet, row)) != 0)
			return NULL;
	return take(rows);
}

static json_t *notes_of(const struct sheet *sheet)
{
	own(json_free) json_t *notes = json_array();

	for (size_t i = 0; i < sheet->notes_n; i++)
		if (json_array_append_new(notes, phrase(&sheet->notes[i])) != 0)
			return NULL;
	return take(notes);
}

static json_t *sheet_of(const struct sheet *sheet)
{
	own(json_free) json_t *object = json_object();
	bool is_form = sheet->layout == SHEET_FORM && sheet->rows_n == 1;
	const char *key = sheet->layout == SHEET_LINES ? "lines" : is_form ? "values" : "rows";

	if (json_object_set_new(object, "schema", json_string(sheet->schema)) != 0 ||
	    json_object_set_new(object, "title", phrase(&sheet->title)) != 0 ||
	    json_object_set_new(object, key, is_form ? row_of(sheet, 0) : rows_of(sheet)) != 0 ||
	    json_object_set_new(object, "notes", notes_of(sheet)) != 0)
		return NULL;
	return take(object);
}

int render_json(struct sheet *const sheets[], size_t n, const struct paper *paper)
{
	own(json_free) json_t *document = n == 1 ? sheet_of(sheets[0]) : json_array();

	for (size_t i = 0; i < n && n != 1; i++)
		if (json_array_append_new(document, sheet_of(sheets[i])) != 0)
			return fail(-ENOMEM);
	if (document == NULL || json_dumpf(document, paper->to, FLAGS) != 0)
		return fail(-ENOMEM);
	(void)fputc('\n', paper->to);
	return 0;
}
