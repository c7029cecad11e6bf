#include "client/render_plain.h"

#include "client/cell.h"
#include "client/words.h"
#include "lib/csv.h"
#include "lib/own.h"

static bool is_words(enum sheet_type type)
{
	return type == SHEET_TEXT || type == SHEET_PHRASE || type == SHEET_CODE;
}

/* Words as a person reads them, figures as a program does. */
static void add_plain(struct buf *line, const struct sheet *sheet, size_t row, size_t column,
		      const struct paper *paper)
{
	if (is_words(sheet->columns[column].type))
		cell_add(line, sheet, row, column, paper);
	else if (cell_at(sheet, row, column)->is_empty)
		buf_add_text(line, "-");
	else
		cell_add_machine(line, sheet, row, column);
}

static int end_line(struct buf *line, const char *end, const struct paper *paper)
{
	buf_add_text(line, end);
	if (line->error != 0)
		return line->error;
	(void)fwrite(line->data, 1, line->n, paper->to);
	buf_clear(line);
	return 0;
}

int render_plain(const struct sheet *sheet, const struct paper *paper)
{
	own(buf_free) struct buf line = {0};
	bool has_heading = sheet->layout != SHEET_LINES;
	int status = 0;

	for (size_t i = 0; i < sheet->columns_n && has_heading; i++) {
		buf_add_text(&line, i > 0 ? "\t" : "");
		buf_add_text(&line, sheet->columns[i].id);
	}
	if (has_heading)
		status = end_line(&line, "\n", paper);
	for (size_t row = 0; row < sheet->rows_n && status == 0; row++) {
		for (size_t i = 0; i < sheet->columns_n; i++) {
			buf_add_text(&line, i > 0 ? "\t" : "");
			add_plain(&line, sheet, row, i, paper);
		}
		status = end_line(&line, "\n", paper);
	}
	for (size_t i = 0; i < sheet->notes_n && status == 0; i++) {
		buf_add_text(&line, "# ");
		words_add_phrase(&line, sheet->notes[i].text, sheet->notes[i].arguments,
				 sheet->notes[i].arguments_n, true);
		status = end_line(&line, "\n", paper);
	}
	return status;
}

static void add_csv(struct buf *line, const struct sheet *sheet, size_t row, size_t column)
{
	own(buf_free) struct buf text = {0};

	/* Figures go as they are: the guard against formulas would spoil a negative number. */
	if (!is_words(sheet->columns[column].type)) {
		cell_add_machine(line, sheet, row, column);
		return;
	}
	cell_add_machine(&text, sheet, row, column);
	if (buf_text(&text) == NULL)
		line->error = text.error;
	else
		csv_add_field(line, buf_text(&text), ',');
}

int render_csv(const struct sheet *sheet, const struct paper *paper)
{
	own(buf_free) struct buf line = {0};
	int status;

	for (size_t i = 0; i < sheet->columns_n; i++) {
		buf_add_text(&line, i > 0 ? "," : "");
		csv_add_field(&line, sheet->columns[i].id, ',');
	}
	status = end_line(&line, "\r\n", paper);
	for (size_t row = 0; row < sheet->rows_n && status == 0; row++) {
		for (size_t i = 0; i < sheet->columns_n; i++) {
			buf_add_text(&line, i > 0 ? "," : "");
			add_csv(&line, sheet, row, i);
		}
		status = end_line(&line, "\r\n", paper);
	}
	return status;
}
