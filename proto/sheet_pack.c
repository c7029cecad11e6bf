#include "proto/sheet_pack.h"

#include "lib/date.h"
#include "lib/fail.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#define NUMBER_MAX ((INT64_C(1) << 53) - 1) /* what every reader of JSON holds exactly */
#define ID_MAX 256
#define COLUMN_PARTS 4

/* Numbers that can be shown: whoever prints a date or a period need not check it again. */
static bool is_sound(enum sheet_type type, const struct sheet_cell *cell)
{
	int64_t first_day = date_from_civil(1800, 1, 1);
	int64_t last_day = date_from_civil(2200, 12, 31);
	int64_t day_s = INT64_C(86400);

	switch (type) {
	case SHEET_DATE:
		return cell->number >= first_day && cell->number <= last_day;
	case SHEET_MOMENT:
		return cell->number >= first_day * day_s && cell->number <= last_day * day_s;
	case SHEET_PERIOD:
		return cell->number >= 0 && cell->number <= cell->of &&
		       cell->of <= RELEASE_PERIOD_MAX;
	case SHEET_TEXT:
	case SHEET_PHRASE:
	case SHEET_COUNT:
	case SHEET_SHARE:
	case SHEET_BAR:
	case SHEET_BYTES:
	case SHEET_MILLISECONDS:
	case SHEET_CODE:
	case SHEET_TYPE_N:
		break;
	}
	return cell->number >= -NUMBER_MAX && cell->number <= NUMBER_MAX &&
	       cell->of >= -NUMBER_MAX && cell->of <= NUMBER_MAX && cell->goal >= -NUMBER_MAX &&
	       cell->goal <= NUMBER_MAX;
}

/* How many numbers a cell of a type carries; 0 for texts. */
static uint32_t numbers_of(enum sheet_type type)
{
	switch (type) {
	case SHEET_TEXT:
	case SHEET_PHRASE:
	case SHEET_CODE:
	case SHEET_TYPE_N:
		return 0;
	case SHEET_SHARE:
	case SHEET_PERIOD:
		return 2;
	case SHEET_BAR:
		return 3;
	case SHEET_COUNT:
	case SHEET_DATE:
	case SHEET_MOMENT:
	case SHEET_BYTES:
	case SHEET_MILLISECONDS:
		return 1;
	}
	return 0;
}

static void pack_texts(struct buf *buf, const char *text, char *const arguments[], size_t n)
{
	pack_array(buf, (uint32_t)(1 + n));
	pack_str(buf, text);
	for (size_t i = 0; i < n; i++)
		pack_str(buf, arguments[i]);
}

static void pack_phrase(struct buf *buf, const struct sheet_phrase *phrase)
{
	if (phrase->text == NULL)
		pack_nil(buf);
	else
		pack_texts(buf, phrase->text, phrase->arguments, phrase->arguments_n);
}

static int pack_cell(struct buf *buf, enum sheet_type type, const struct sheet_cell *cell)
{
	uint32_t n = numbers_of(type);

	if (cell->state != CELL_VALUE) {
		pack_array(buf, 1);
		pack_u64(buf, cell->state);
	} else if (cell->is_empty) {
		pack_nil(buf);
	} else if (type == SHEET_TEXT) {
		pack_str(buf, cell->text);
	} else if (type == SHEET_PHRASE || type == SHEET_CODE) {
		pack_texts(buf, cell->text, cell->arguments, cell->arguments_n);
	} else {
		if (!is_sound(type, cell))
			return fail(-ERANGE);
		if (n > 1)
			pack_array(buf, n);
		pack_i64(buf, cell->number);
		if (n > 1)
			pack_i64(buf, cell->of);
		if (n > 2)
			pack_i64(buf, cell->goal);
	}
	return buf->error;
}

static int pack_cells(const struct sheet *sheet, struct buf *buf)
{
	int error = 0;

	assert(sheet->cells_n == sheet->rows_n * sheet->columns_n);
	pack_array(buf, (uint32_t)sheet->cells_n);
	for (size_t i = 0; i < sheet->cells_n && error == 0; i++)
		error = pack_cell(buf, sheet->columns[i % sheet->columns_n].type, &sheet->cells[i]);
	return error;
}

int sheet_pack(const struct sheet *sheet, struct buf *buf)
{
	int error = sheet->error;

	if (error < 0)
		return error;
	pack_array(buf, 6);
	pack_str(buf, sheet->schema);
	pack_u64(buf, sheet->layout);
	pack_phrase(buf, &sheet->title);
	pack_array(buf, (uint32_t)sheet->columns_n);
	for (size_t i = 0; i < sheet->columns_n; i++) {
		pack_array(buf, COLUMN_PARTS);
		pack_str(buf, sheet->columns[i].id);
		pack_str(buf, sheet->columns[i].heading);
		pack_bool(buf, sheet->columns[i].is_label);
		pack_u64(buf, sheet->columns[i].type);
	}
	error = pack_cells(sheet, buf);
	if (error < 0)
		return error;
	pack_array(buf, (uint32_t)sheet->notes_n);
	for (size_t i = 0; i < sheet->notes_n; i++)
		pack_phrase(buf, &sheet->notes[i]);
	return buf->error;
}

static void refuse(struct unpack *in, int code)
{
	if (in->error == 0)
		in->error = fail(code);
}

/* Room for n things of size; NULL and the cursor's error when there is none, NULL for none. */
static void *room_for(struct unpack *in, size_t n, size_t size)
{
	void *room;

	if (in->error != 0 || n == 0)
		return NULL;
	room = calloc(n, size);
	if (room == NULL)
		refuse(in, -ENOMEM);
	return room;
}

/* The texts of a phrase whose array of n is entered, and leaves it. */
static void unpack_texts(struct unpack *in, uint32_t n, char **ret_text, char *ret_arguments[],
			 size_t *ret_arguments_n)
{
	if (n == 0)
		refuse(in, -EBADMSG);
	*ret_text = unpack_str_dup(in, SHEET_TEXT_MAX);
	for (uint32_t i = 1; i < n && in->error == 0; i++) {
		ret_arguments[i - 1] = unpack_str_dup(in, SHEET_TEXT_MAX);
		*ret_arguments_n += ret_arguments[i - 1] != NULL;
	}
	unpack_leave(in);
}

static void unpack_phrase(struct unpack *in, struct sheet_phrase *ret_phrase)
{
	uint32_t n = unpack_array(in, 1 + SHEET_ARGUMENTS_MAX);

	unpack_texts(in, n, &ret_phrase->text, ret_phrase->arguments, &ret_phrase->arguments_n);
}

static void unpack_numbers(struct unpack *in, uint32_t n, enum sheet_type type,
			   struct sheet_cell *ret_cell)
{
	ret_cell->number = unpack_i64(in, INT64_MIN, INT64_MAX);
	if (n > 1)
		ret_cell->of = unpack_i64(in, INT64_MIN, INT64_MAX);
	if (n > 2)
		ret_cell->goal = unpack_i64(in, INT64_MIN, INT64_MAX);
	if (in->error == 0 && !is_sound(type, ret_cell))
		refuse(in, -EBADMSG);
}

/* A cell that is an array: a state, a phrase, or several numbers. */
static void unpack_array_cell(struct unpack *in, enum sheet_type type, struct sheet_cell *ret_cell)
{
	uint32_t n = unpack_array(in, 1 + SHEET_ARGUMENTS_MAX);

	if (n == 1 && unpack_peek(in) == PACK_INT) {
		ret_cell->state = (uint8_t)unpack_u64(in, CELL_STATES_N - 1);
		if (ret_cell->state == CELL_VALUE)
			refuse(in, -EBADMSG);
		unpack_leave(in);
	} else if (type == SHEET_PHRASE || type == SHEET_CODE) {
		unpack_texts(in, n, &ret_cell->text, ret_cell->arguments, &ret_cell->arguments_n);
	} else if (n > 1 && n == numbers_of(type)) {
		unpack_numbers(in, n, type, ret_cell);
		unpack_leave(in);
	} else {
		refuse(in, -EBADMSG);
	}
}

static void unpack_cell(struct unpack *in, enum sheet_type type, struct sheet_cell *ret_cell)
{
	if (unpack_nil(in))
		ret_cell->is_empty = true;
	else if (unpack_peek(in) == PACK_ARRAY)
		unpack_array_cell(in, type, ret_cell);
	else if (type == SHEET_TEXT)
		ret_cell->text = unpack_str_dup(in, SHEET_TEXT_MAX);
	else if (numbers_of(type) == 1)
		unpack_numbers(in, 1, type, ret_cell);
	else
		refuse(in, -EBADMSG);
}

static void unpack_columns(struct unpack *in, struct sheet *sheet)
{
	uint32_t n = unpack_array(in, SHEET_COLUMNS_MAX);

	sheet->columns = room_for(in, n, sizeof(*sheet->columns));
	for (uint32_t i = 0; i < n && sheet->columns != NULL && in->error == 0; i++) {
		struct sheet_column *column = &sheet->columns[i];

		sheet->columns_n++;
		unpack_array_of(in, COLUMN_PARTS);
		column->id = unpack_str_dup(in, ID_MAX);
		column->heading = unpack_str_dup(in, SHEET_TEXT_MAX);
		column->is_label = unpack_bool(in);
		column->type = (enum sheet_type)unpack_u64(in, SHEET_TYPE_N - 1);
		unpack_leave(in);
	}
	unpack_leave(in);
}

static void unpack_cells(struct unpack *in, struct sheet *sheet)
{
	uint32_t n = unpack_array(in, SHEET_CELLS_MAX);
	size_t columns_n = sheet->columns_n;

	if (columns_n == 0) {
		if (n > 0)
			refuse(in, -EBADMSG);
		unpack_leave(in);
		return;
	}
	if (n % columns_n != 0)
		refuse(in, -EBADMSG);
	if (n / columns_n > SHEET_ROWS_MAX)
		refuse(in, -EMSGSIZE);
	sheet->cells = room_for(in, n, sizeof(*sheet->cells));
	for (uint32_t i = 0; i < n && sheet->cells != NULL && in->error == 0; i++) {
		sheet->cells_n++;
		unpack_cell(in, sheet->columns[i % columns_n].type, &sheet->cells[i]);
	}
	sheet->cells_capacity = n;
	sheet->rows_n = sheet->cells_n / columns_n;
	unpack_leave(in);
}

static void unpack_notes(struct unpack *in, struct sheet *sheet)
{
	uint32_t n = unpack_array(in, SHEET_NOTES_MAX);

	sheet->notes = room_for(in, n, sizeof(*sheet->notes));
	for (uint32_t i = 0; i < n && sheet->notes != NULL && in->error == 0; i++) {
		sheet->notes_n++;
		unpack_phrase(in, &sheet->notes[i]);
	}
	unpack_leave(in);
}

int sheet_unpack(struct unpack *in, struct sheet **ret_sheet)
{
	struct sheet *sheet = room_for(in, 1, sizeof(*sheet));

	if (sheet == NULL)
		return in->error;
	unpack_array_of(in, 6);
	sheet->schema = unpack_str_dup(in, ID_MAX);
	sheet->layout = (enum sheet_layout)unpack_u64(in, SHEET_LINES);
	if (!unpack_nil(in))
		unpack_phrase(in, &sheet->title);
	unpack_columns(in, sheet);
	unpack_cells(in, sheet);
	unpack_notes(in, sheet);
	unpack_leave(in);
	if (in->error == 0)
		*ret_sheet = sheet;
	else
		sheet_free(&sheet);
	return in->error;
}
