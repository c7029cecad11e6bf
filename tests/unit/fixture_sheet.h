/* Looking into a sheet by column id and row. Include after cmocka. */
#ifndef MIA_TESTS_FIXTURE_SHEET_H
#define MIA_TESTS_FIXTURE_SHEET_H

#include "proto/sheet.h"

static inline const struct sheet_cell *cell_of(const struct sheet *sheet, size_t row,
					       const char *column)
{
	assert_int_equal(sheet->error, 0);
	assert_true(row < sheet->rows_n);
	for (size_t c = 0; c < sheet->columns_n; c++)
		if (strcmp(sheet->columns[c].id, column) == 0)
			return &sheet->cells[row * sheet->columns_n + c];
	assert_string_equal(column, "a column of the sheet");
	return NULL;
}

/* The value of a cell that has one. */
static inline int64_t number_at(const struct sheet *sheet, size_t row, const char *column)
{
	const struct sheet_cell *cell = cell_of(sheet, row, column);

	assert_int_equal(cell->state, CELL_VALUE);
	assert_false(cell->is_empty);
	return cell->number;
}

static inline const char *text_at(const struct sheet *sheet, size_t row, const char *column)
{
	const struct sheet_cell *cell = cell_of(sheet, row, column);

	return cell->text != NULL ? cell->text : "";
}

static inline bool is_empty_at(const struct sheet *sheet, size_t row, const char *column)
{
	return cell_of(sheet, row, column)->is_empty;
}

static inline enum cell_state state_at(const struct sheet *sheet, size_t row, const char *column)
{
	return (enum cell_state)cell_of(sheet, row, column)->state;
}

/* The note with these words, or NULL. */
static inline const struct sheet_phrase *note_of(const struct sheet *sheet, const char *msgid)
{
	for (size_t i = 0; i < sheet->notes_n; i++)
		if (strcmp(sheet->notes[i].text, msgid) == 0)
			return &sheet->notes[i];
	return NULL;
}

#endif
