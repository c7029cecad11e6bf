#include "proto/sheet.h"

#include "lib/fail.h"
#include "lib/own.h"
#include "lib/text.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#define CELLS_FIRST 64

/* Wiped: it may be what a reader was shown of a person. */
static void free_text(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
}

static void free_texts(char *texts[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		free_text(texts[i]);
}

static void free_phrase(struct sheet_phrase *phrase)
{
	free_text(phrase->text);
	free_texts(phrase->arguments, phrase->arguments_n);
}

void sheet_free(struct sheet **sheet)
{
	struct sheet *dead = *sheet;

	if (dead == NULL)
		return;
	for (size_t i = 0; i < dead->columns_n; i++) {
		free(dead->columns[i].id);
		free(dead->columns[i].heading);
	}
	for (size_t i = 0; i < dead->cells_n; i++) {
		free_text(dead->cells[i].text);
		free_texts(dead->cells[i].arguments, dead->cells[i].arguments_n);
	}
	for (size_t i = 0; i < dead->notes_n; i++)
		free_phrase(&dead->notes[i]);
	free_phrase(&dead->title);
	free(dead->columns);
	free(dead->cells);
	free(dead->notes);
	free(dead->schema);
	free(dead);
	*sheet = NULL;
}

static bool is_building(const struct sheet *sheet)
{
	return sheet != NULL && sheet->error == 0;
}

/* A copy that any reader takes: no control characters, UTF-8, not too long. */
static char *copy_text(struct sheet *sheet, const char *text)
{
	own(buf_wipe) struct buf safe = {0};
	const char *escaped;
	char *copy = NULL;
	size_t size;

	text_escape(text, strlen(text), &safe);
	escaped = buf_text(&safe);
	if (escaped != NULL) {
		size = safe.n <= SHEET_TEXT_MAX ? safe.n + 1 : SHEET_TEXT_MAX + 1;
		copy = malloc(size);
		if (copy != NULL)
			text_copy(copy, size, escaped);
	}
	if (copy == NULL)
		sheet->error = fail(-ENOMEM);
	return copy;
}

/* Behind the n that are there already. */
static size_t copy_arguments(struct sheet *sheet, char *to[], size_t n, va_list arguments)
{
	const char *argument;

	while ((argument = va_arg(arguments, const char *)) != NULL && is_building(sheet)) {
		assert(n < SHEET_ARGUMENTS_MAX);
		to[n] = copy_text(sheet, argument);
		n += to[n] != NULL;
	}
	return n;
}

struct sheet *sheet_new(const char *schema, enum sheet_layout layout)
{
	struct sheet *sheet = calloc(1, sizeof(*sheet));

	if (sheet == NULL)
		return NULL;
	sheet->layout = layout;
	sheet->schema = strdup(schema);
	sheet->columns = calloc(SHEET_COLUMNS_MAX, sizeof(*sheet->columns));
	if (sheet->schema == NULL || sheet->columns == NULL)
		sheet_free(&sheet);
	return sheet;
}

void sheet_title(struct sheet *sheet, const char *msgid, ...)
{
	struct sheet_phrase title = {0};
	va_list arguments;

	if (!is_building(sheet))
		return;
	free_phrase(&sheet->title);
	title.text = copy_text(sheet, msgid);
	va_start(arguments, msgid);
	title.arguments_n = copy_arguments(sheet, title.arguments, 0, arguments);
	va_end(arguments);
	sheet->title = title;
}

void sheet_column(struct sheet *sheet, const char *id, enum sheet_type type, const char *heading,
		  bool is_label)
{
	struct sheet_column *column;

	if (!is_building(sheet))
		return;
	assert(sheet->cells_n == 0 && sheet->columns_n < SHEET_COLUMNS_MAX);
	column = &sheet->columns[sheet->columns_n++];
	column->id = copy_text(sheet, id);
	column->heading = copy_text(sheet, heading);
	column->is_label = is_label;
	column->type = type;
}

static int reserve_cell(struct sheet *sheet)
{
	size_t capacity = sheet->cells_capacity == 0 ? CELLS_FIRST : 2 * sheet->cells_capacity;
	struct sheet_cell *cells;

	if (sheet->cells_n == SHEET_CELLS_MAX ||
	    sheet->cells_n / sheet->columns_n == SHEET_ROWS_MAX)
		return fail(-EMSGSIZE);
	if (sheet->cells_n < sheet->cells_capacity)
		return 0;
	cells = reallocarray(sheet->cells, capacity, sizeof(*cells));
	if (cells == NULL)
		return fail(-ENOMEM);
	sheet->cells = cells;
	sheet->cells_capacity = capacity;
	return 0;
}

/* The next cell, empty and counted, NULL in error; ret_type is its column's. */
static struct sheet_cell *next_cell(struct sheet *sheet, enum sheet_type *ret_type)
{
	struct sheet_cell *cell;

	if (!is_building(sheet))
		return NULL;
	assert(sheet->columns_n > 0);
	sheet->error = reserve_cell(sheet);
	if (sheet->error != 0)
		return NULL;
	*ret_type = sheet->columns[sheet->cells_n % sheet->columns_n].type;
	cell = &sheet->cells[sheet->cells_n++];
	*cell = (struct sheet_cell){.state = CELL_VALUE};
	sheet->rows_n = sheet->cells_n / sheet->columns_n;
	return cell;
}

void sheet_add_text(struct sheet *sheet, const char *text)
{
	enum sheet_type type;
	struct sheet_cell *cell = next_cell(sheet, &type);

	if (cell == NULL)
		return;
	assert(type == SHEET_TEXT || type == SHEET_PHRASE || text == NULL);
	cell->is_empty = text == NULL;
	if (text != NULL)
		cell->text = copy_text(sheet, text);
}

void sheet_add_phrase(struct sheet *sheet, const char *msgid, ...)
{
	enum sheet_type type;
	struct sheet_cell *cell = next_cell(sheet, &type);
	va_list arguments;

	if (cell == NULL)
		return;
	assert(type == SHEET_PHRASE);
	cell->text = copy_text(sheet, msgid);
	va_start(arguments, msgid);
	cell->arguments_n = copy_arguments(sheet, cell->arguments, 0, arguments);
	va_end(arguments);
}

void sheet_add_code(struct sheet *sheet, const char *id, const char *msgid, ...)
{
	enum sheet_type type;
	struct sheet_cell *cell = next_cell(sheet, &type);
	va_list arguments;

	if (cell == NULL)
		return;
	assert(type == SHEET_CODE);
	cell->text = copy_text(sheet, id);
	cell->arguments[0] = copy_text(sheet, msgid);
	va_start(arguments, msgid);
	cell->arguments_n =
		copy_arguments(sheet, cell->arguments, cell->arguments[0] != NULL, arguments);
	va_end(arguments);
}

void sheet_add_number(struct sheet *sheet, int64_t number)
{
	enum sheet_type type;
	struct sheet_cell *cell = next_cell(sheet, &type);

	if (cell == NULL)
		return;
	assert(type != SHEET_TEXT && type != SHEET_PHRASE && type != SHEET_CODE &&
	       type != SHEET_SHARE && type != SHEET_BAR);
	cell->number = number;
	cell->of = type == SHEET_PERIOD ? number : 0;
}

void sheet_add_ratio(struct sheet *sheet, int64_t number, int64_t of, int64_t goal)
{
	enum sheet_type type;
	struct sheet_cell *cell = next_cell(sheet, &type);

	if (cell == NULL)
		return;
	assert(type == SHEET_SHARE || type == SHEET_BAR || type == SHEET_PERIOD);
	cell->number = number;
	cell->of = of;
	cell->goal = type == SHEET_BAR ? goal : 0;
}

void sheet_add_state(struct sheet *sheet, enum cell_state state)
{
	enum sheet_type type;
	struct sheet_cell *cell = next_cell(sheet, &type);

	assert(state != CELL_VALUE);
	if (cell != NULL)
		cell->state = (uint8_t)state;
}

void sheet_add_empty(struct sheet *sheet)
{
	enum sheet_type type;
	struct sheet_cell *cell = next_cell(sheet, &type);

	if (cell != NULL)
		cell->is_empty = true;
}

void sheet_note(struct sheet *sheet, const char *msgid, ...)
{
	struct sheet_phrase *notes;
	struct sheet_phrase *note;
	va_list arguments;

	if (!is_building(sheet) || sheet->notes_n == SHEET_NOTES_MAX)
		return;
	notes = reallocarray(sheet->notes, sheet->notes_n + 1, sizeof(*notes));
	if (notes == NULL) {
		sheet->error = fail(-ENOMEM);
		return;
	}
	sheet->notes = notes;
	note = &notes[sheet->notes_n++];
	*note = (struct sheet_phrase){0};
	note->text = copy_text(sheet, msgid);
	va_start(arguments, msgid);
	note->arguments_n = copy_arguments(sheet, note->arguments, 0, arguments);
	va_end(arguments);
}
