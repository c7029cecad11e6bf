#include "client/cell.h"

#include "client/number.h"
#include "client/words.h"
#include "lib/date.h"
#include "proto/period.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define EMPTY "-"
#define GOOD_CONTACT "in contact" /* of all states of a link the one that is as it should be */

static const char *const state_texts[CELL_STATES_N] = {
	[CELL_SUPPRESSED] = "..",
	[CELL_MISSING] = "–",
	[CELL_NOT_COLLECTED] = ":",
	[CELL_ZERO] = "0",
};

const struct sheet_cell *cell_at(const struct sheet *sheet, size_t row, size_t column)
{
	assert(row < sheet->rows_n && column < sheet->columns_n);
	return &sheet->cells[row * sheet->columns_n + column];
}

const struct sheet_cell *cell_find(const struct sheet *sheet, size_t row, const char *id)
{
	for (size_t i = 0; i < sheet->columns_n && row < sheet->rows_n; i++)
		if (strcmp(sheet->columns[i].id, id) == 0)
			return cell_at(sheet, row, i);
	return NULL;
}

bool cell_is_number(enum sheet_type type)
{
	return type == SHEET_COUNT || type == SHEET_SHARE || type == SHEET_BYTES ||
	       type == SHEET_MILLISECONDS;
}

static void add_period(struct buf *to, const struct sheet_cell *cell)
{
	const struct period_range range = {(uint32_t)cell->number, (uint32_t)cell->of};
	char text[PERIOD_TEXT_BYTES];

	period_format(range, text);
	buf_add_text(to, text);
}

static void add_date(struct buf *to, const struct sheet_cell *cell)
{
	char text[DATE_TEXT_BYTES];

	date_format((int32_t)cell->number, text);
	buf_add_text(to, text);
}

/* Eighths of a column as blocks, and the goal's mark where the bar does not reach it. */
void cell_add_bar(struct buf *to, const struct sheet_cell *cell, size_t columns, bool is_utf8)
{
	static const char *const parts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
	bool has_goal = cell->goal > 0;
	int64_t goal_column = (int64_t)columns - has_goal;
	int64_t eighths = 0;
	int64_t column = 0;

	if (cell->of > 0 && cell->number > 0)
		eighths = number_per_mille(cell->number, cell->of) * goal_column * 8 /
			  (has_goal ? cell->goal : 1000);
	if (eighths >= goal_column * 8)
		/* Over the goal or just on it. */
		eighths = has_goal && eighths >= goal_column * 8 + 4 ? (int64_t)columns * 8
								     : goal_column * 8;
	for (; column < eighths / 8; column++)
		buf_add_text(to, is_utf8 ? "█" : "#");
	if (is_utf8 && eighths % 8 != 0) {
		buf_add_text(to, parts[eighths % 8]);
		column++;
	}
	for (; column < goal_column; column++)
		buf_add_text(to, " ");
	if (column == goal_column && has_goal)
		buf_add_text(to, is_utf8 ? "│" : "|");
}

/* What people call it: a msgid, or a data label, with its own arguments. */
static void add_called(struct buf *to, const struct sheet_cell *cell)
{
	if (cell->arguments_n == 0)
		buf_add_text(to, cell->text);
	else if (cell->arguments_n == 1)
		buf_add_text(to, words(cell->arguments[0]));
	else
		words_add_phrase(to, cell->arguments[0], cell->arguments + 1, cell->arguments_n - 1,
				 true);
}

static void add_value(struct buf *to, const struct sheet_cell *cell, enum sheet_type type,
		      const struct paper *paper)
{
	char text[NUMBER_BYTES] = "";

	switch (type) {
	case SHEET_TEXT:
		buf_add_text(to, cell->text);
		return;
	case SHEET_PHRASE:
		buf_add_text(to, strcmp(cell->text, GOOD_CONTACT) == 0 ? "✓ " : "");
		words_add_phrase(to, cell->text, cell->arguments, cell->arguments_n, true);
		return;
	case SHEET_CODE:
		add_called(to, cell);
		return;
	case SHEET_BAR:
		cell_add_bar(to, cell, CELL_BAR_COLUMNS, paper->is_utf8);
		return;
	case SHEET_PERIOD:
		add_period(to, cell);
		return;
	case SHEET_DATE:
		add_date(to, cell);
		return;
	case SHEET_COUNT:
		number_count(cell->number, paper->language, text);
		break;
	case SHEET_SHARE:
		number_share(cell->number, cell->of, paper->language, text);
		break;
	case SHEET_MOMENT:
		number_moment(cell->number, text);
		break;
	case SHEET_BYTES:
		number_bytes(cell->number, paper->language, text);
		break;
	case SHEET_MILLISECONDS:
		number_duration(cell->number, paper->language, text);
		break;
	case SHEET_TYPE_N:
		break;
	}
	buf_add_text(to, text);
}

void cell_add(struct buf *to, const struct sheet *sheet, size_t row, size_t column,
	      const struct paper *paper)
{
	const struct sheet_cell *cell = cell_at(sheet, row, column);

	if (cell->state != CELL_VALUE)
		buf_add_text(to, state_texts[cell->state]);
	else if (cell->is_empty || (cell->text != NULL && cell->text[0] == '\0'))
		buf_add_text(to, EMPTY);
	else
		add_value(to, cell, sheet->columns[column].type, paper);
}

void cell_add_bar_of(struct buf *to, const struct sheet *sheet, size_t row, size_t column,
		     size_t columns, const struct paper *paper)
{
	const struct sheet_cell *cell = cell_at(sheet, row, column);

	if (cell->state == CELL_VALUE && !cell->is_empty)
		cell_add_bar(to, cell, columns, paper->is_utf8);
	else
		cell_add(to, sheet, row, column, paper);
}

static void add_percent(struct buf *to, const struct sheet_cell *cell)
{
	int64_t per_mille;

	if (cell->of <= 0 || cell->number < 0)
		return;
	per_mille = number_per_mille(cell->number, cell->of);
	buf_printf(to, "%" PRId64 ".%" PRId64, per_mille / 10, per_mille % 10);
}

void cell_add_machine(struct buf *to, const struct sheet *sheet, size_t row, size_t column)
{
	const struct sheet_cell *cell = cell_at(sheet, row, column);
	char text[DATE_MOMENT_BYTES];

	if (cell->state != CELL_VALUE) {
		buf_add_text(to, state_texts[cell->state]);
		return;
	}
	if (cell->is_empty)
		return;
	switch (sheet->columns[column].type) {
	case SHEET_TEXT:
	case SHEET_CODE:
		buf_add_text(to, cell->text);
		break;
	case SHEET_PHRASE:
		words_add_phrase(to, cell->text, cell->arguments, cell->arguments_n, false);
		break;
	case SHEET_SHARE:
	case SHEET_BAR:
		add_percent(to, cell);
		break;
	case SHEET_PERIOD:
		add_period(to, cell);
		break;
	case SHEET_DATE:
		add_date(to, cell);
		break;
	case SHEET_MOMENT:
		date_format_moment(cell->number, text);
		buf_add_text(to, text);
		break;
	case SHEET_COUNT:
	case SHEET_BYTES:
	case SHEET_MILLISECONDS:
		buf_printf(to, "%" PRId64, cell->number);
		break;
	case SHEET_TYPE_N:
		break;
	}
}

void cell_add_heading(struct buf *to, const struct sheet_column *column)
{
	buf_add_text(to, column->is_label ? column->heading : words(column->heading));
}
