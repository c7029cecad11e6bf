#include "client/render_table.h"

#include "client/cell.h"
#include "client/render_form.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <libsmartcols.h>
#include <string.h>
#include <utf8proc.h>

#define SEPARATOR "  "
#define TEXT_LEAST 12 /* columns below which a text is no longer broken */

/* A column as drawn: every text of it, heading first, and its widths. */
struct column {
	size_t natural; /* widest text */
	size_t least; /* what it can shrink to */
	size_t width; /* what it is given */
	bool can_break;
	bool is_left_out;
};

static void table_free(struct libscols_table **table)
{
	scols_unref_table(*table);
	*table = NULL;
}

/* SITE, ÖPPNA: capitals set headings apart without colour. */
static int add_heading(struct buf *to, const struct sheet_column *column)
{
	own(buf_free) struct buf heading = {0};
	size_t at = 0;

	cell_add_heading(&heading, column);
	while (at < heading.n) {
		utf8proc_uint8_t bytes[4];
		utf8proc_int32_t letter;
		utf8proc_ssize_t taken =
			utf8proc_iterate(heading.data + at, (utf8proc_ssize_t)(heading.n - at),
					 &letter);

		if (taken <= 0) /* a catalogue that is not UTF-8 */
			break;
		buf_add(to, bytes, (size_t)utf8proc_encode_char(utf8proc_toupper(letter), bytes));
		at += (size_t)taken;
	}
	return heading.error != 0 ? heading.error : to->error;
}

static int measure(const struct sheet *sheet, size_t at, const struct paper *paper,
		   struct column *ret_column)
{
	own(buf_free) struct buf text = {0};
	struct column column = {.can_break = !cell_is_number(sheet->columns[at].type)};
	int status = add_heading(&text, &sheet->columns[at]);

	for (size_t row = 0; row <= sheet->rows_n && status == 0; row++) {
		const char *drawn = buf_text(&text);

		if (drawn == NULL)
			return text.error;
		if (text_width(drawn) > column.natural)
			column.natural = text_width(drawn);
		buf_clear(&text);
		if (row < sheet->rows_n)
			cell_add(&text, sheet, row, at, paper);
	}
	if (sheet->columns[at].type != SHEET_TEXT && sheet->columns[at].type != SHEET_PHRASE)
		column.can_break = false;
	column.least =
		column.can_break && column.natural > TEXT_LEAST ? TEXT_LEAST : column.natural;
	*ret_column = column;
	return status;
}

/* How the table fits: natural and least widths of all columns together. */
struct fit {
	struct column columns[SHEET_COLUMNS_MAX];
	size_t natural, least;
};

/* A bar says again what stands beside it in figures: it goes first where there is no room. */
static void leave_bars_out(const struct sheet *sheet, struct fit *fit)
{
	for (size_t i = 0; i < sheet->columns_n; i++) {
		if (sheet->columns[i].type != SHEET_BAR)
			continue;
		fit->columns[i].is_left_out = true;
		fit->natural -= fit->columns[i].natural + strlen(SEPARATOR);
		fit->least -= fit->columns[i].least + strlen(SEPARATOR);
	}
}

static int measure_all(const struct sheet *sheet, const struct paper *paper, struct fit *ret_fit)
{
	int status = 0;

	for (size_t i = 0; i < sheet->columns_n && status == 0; i++) {
		size_t gap = i > 0 ? strlen(SEPARATOR) : 0;

		status = measure(sheet, i, paper, &ret_fit->columns[i]);
		ret_fit->natural += ret_fit->columns[i].natural + gap;
		ret_fit->least += ret_fit->columns[i].least + gap;
	}
	return status;
}

/* What is left of the paper goes to the columns that can be broken, the first ones first. */
static void share_width(const struct sheet *sheet, struct fit *fit, size_t width)
{
	size_t left = width > fit->least ? width - fit->least : 0;

	for (size_t i = 0; i < sheet->columns_n; i++) {
		struct column *column = &fit->columns[i];
		size_t wanted = column->is_left_out ? 0 : column->natural - column->least;
		size_t more = wanted < left ? wanted : left;

		column->width = column->least + more;
		left -= more;
	}
}

static int add_columns(struct libscols_table *table, const struct sheet *sheet,
		       const struct fit *fit, const struct paper *paper)
{
	for (size_t i = 0; i < sheet->columns_n; i++) {
		own(buf_free) struct buf heading = {0};
		int flags = cell_is_number(sheet->columns[i].type) ? SCOLS_FL_RIGHT : 0;
		struct libscols_column *column;
		int status = add_heading(&heading, &sheet->columns[i]);

		if (status != 0)
			return status;
		if (fit->columns[i].is_left_out)
			continue;
		if (fit->columns[i].can_break)
			flags |= SCOLS_FL_WRAP;
		column = scols_table_new_column(table, buf_text(&heading), 0, flags);
		if (column == NULL)
			return fail(-ENOMEM);
		/* Lines end where break_words() ended them. */
		if (fit->columns[i].can_break &&
		    (scols_column_set_safechars(column, "\n") != 0 ||
		     scols_column_set_wrapfunc(column, scols_wrapnl_chunksize,
					       scols_wrapnl_nextchunk, NULL) != 0))
			return fail(-ENOMEM);
		if (paper->has_colour)
			(void)scols_cell_set_color(scols_column_get_header(column), "bold");
	}
	return 0;
}

/* The length of the piece that fits into width columns: whole characters, at least one. */
static size_t piece_of(const uint8_t *text, size_t n, size_t width)
{
	size_t at = 0, columns = 0;

	while (at < n) {
		utf8proc_int32_t letter;
		utf8proc_ssize_t taken =
			utf8proc_iterate(text + at, (utf8proc_ssize_t)(n - at), &letter);

		if (taken <= 0)
			return n;
		columns += (size_t)utf8proc_charwidth(letter);
		if (columns > width && at > 0)
			break;
		at += (size_t)taken;
	}
	return at;
}

/* Text in lines of at most width columns, broken between words where that can be. */
static void break_words(struct buf *to, const struct buf *text, size_t width)
{
	size_t at = 0;

	while (at < text->n) {
		size_t n = piece_of(text->data + at, text->n - at, width);
		size_t end = n;

		if (at + n < text->n && text->data[at + n] != ' ')
			while (end > 0 && text->data[at + end - 1] != ' ')
				end--;
		if (end == 0) /* one word is longer than the column */
			end = n;
		buf_add(to, text->data + at, end);
		while (to->n > 0 && to->data[to->n - 1] == ' ')
			to->n--;
		at += end;
		while (at < text->n && text->data[at] == ' ')
			at++;
		if (at < text->n)
			buf_add_byte(to, '\n');
	}
}

static int add_row(struct libscols_line *line, const struct sheet *sheet, size_t row,
		   const struct fit *fit, const struct paper *paper)
{
	size_t at = 0;

	for (size_t i = 0; i < sheet->columns_n; i++) {
		own(buf_free) struct buf text = {0};
		own(buf_free) struct buf lines = {0};

		if (fit->columns[i].is_left_out)
			continue;
		cell_add(&text, sheet, row, i, paper);
		if (fit->columns[i].can_break)
			break_words(&lines, &text, fit->columns[i].width);
		else
			buf_add(&lines, text.data, text.n);
		if (text.error != 0 || buf_text(&lines) == NULL ||
		    scols_line_set_data(line, at++, buf_text(&lines)) != 0)
			return fail(-ENOMEM);
	}
	return 0;
}

static int add_rows(struct libscols_table *table, const struct sheet *sheet, const struct fit *fit,
		    const struct paper *paper)
{
	int status = 0;

	for (size_t row = 0; row < sheet->rows_n && status == 0; row++) {
		struct libscols_line *line = scols_table_new_line(table, NULL);

		status = line == NULL ? fail(-ENOMEM) : add_row(line, sheet, row, fit, paper);
	}
	return status;
}

static int draw(const struct sheet *sheet, const struct fit *fit, const struct paper *paper)
{
	own(table_free) struct libscols_table *table = scols_new_table();
	int status;

	if (table == NULL || scols_table_set_column_separator(table, SEPARATOR) != 0)
		return fail(-ENOMEM);
	(void)scols_table_set_stream(table, paper->to);
	(void)scols_table_enable_colors(table, paper->has_colour);
	(void)scols_table_enable_minout(table, 1);
	/* Without a terminal, or told there is none, it would not break lines. */
	(void)scols_table_set_termforce(table, paper->width > 0 ? SCOLS_TERMFORCE_ALWAYS
								: SCOLS_TERMFORCE_NEVER);
	if (paper->width > 0)
		(void)scols_table_set_termwidth(table, paper->width);
	status = add_columns(table, sheet, fit, paper);
	if (status == 0)
		status = add_rows(table, sheet, fit, paper);
	if (status == 0 && scols_print_table(table) != 0)
		status = fail(-ENOMEM);
	return status;
}

int render_table(const struct sheet *sheet, const struct paper *paper)
{
	struct fit fit = {0};
	int status = measure_all(sheet, paper, &fit);

	if (status != 0 || sheet->rows_n == 0)
		return status;
	if (paper->width > 0 && fit.least > paper->width)
		leave_bars_out(sheet, &fit);
	if (paper->width > 0 && fit.least > paper->width)
		return render_form(sheet, paper);
	share_width(sheet, &fit, paper->width > 0 ? paper->width : SIZE_MAX);
	return draw(sheet, &fit, paper);
}
