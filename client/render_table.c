#include "client/render_table.h"

#include "client/cell.h"
#include "client/fit.h"
#include "client/render_form.h"
#include "client/words.h"
#include "lib/own.h"

#include <errno.h>
#include <libsmartcols.h>
#include <string.h>

#define SEPARATOR "  " /* FIT_GAP blanks */

static void table_free(struct libscols_table **table)
{
	scols_unref_table(*table);
	*table = NULL;
}

static int add_columns(struct libscols_table *table, const struct sheet *sheet,
		       const struct fit *fit)
{
	for (size_t i = 0; i < sheet->columns_n; i++) {
		int flags = cell_is_number(sheet->columns[i].type) ? SCOLS_FL_RIGHT : 0;

		if (fit->columns[i].is_shown && scols_table_new_column(table, "", 0, flags) == NULL)
			return fail(-ENOMEM);
	}
	return 0;
}

/* ---- rows of several lines ---- */

/* The texts of one row of the table, or of its headings: each column's lines. */
struct row {
	struct buf lines[SHEET_COLUMNS_MAX];
	size_t lines_n; /* of the highest one */
};

static void row_free(struct row *row)
{
	for (size_t i = 0; i < SHEET_COLUMNS_MAX; i++)
		buf_free(&row->lines[i]);
}

static size_t count_lines(const struct buf *text)
{
	size_t n = 1;

	for (size_t i = 0; i < text->n; i++)
		n += text->data[i] == '\n';
	return n;
}

/* Line number at of text, "" when it has no such; NULL when memory is out. */
static char *line_of(const struct buf *text, size_t at)
{
	size_t start = 0, end;

	while (at > 0 && start < text->n)
		at -= text->data[start++] == '\n';
	for (end = start; end < text->n && text->data[end] != '\n';)
		end++;
	return strndup(text->n > 0 && at == 0 ? (const char *)text->data + start : "", end - start);
}

static int put_line(struct libscols_table *table, const struct row *row, const struct fit *fit,
		    size_t at, bool is_heading)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	size_t cell = 0;

	for (size_t i = 0; i < fit->columns_n && line != NULL; i++) {
		const struct buf *lines = &row->lines[i];
		size_t above = is_heading ? row->lines_n - count_lines(lines) : 0;
		own(mem_free) char *text = NULL;

		if (!fit->columns[i].is_shown)
			continue;
		text = at < above ? strdup("") : line_of(lines, at - above);
		if (text == NULL || scols_line_set_data(line, cell, text) != 0)
			return fail(-ENOMEM);
		if (is_heading && text[0] != '\0')
			(void)scols_cell_set_color(scols_line_get_cell(line, cell), "bold");
		cell++;
	}
	return line == NULL ? fail(-ENOMEM) : 0;
}

/* A heading stands at the foot of its lines, a text at their top. */
static int put_row(struct libscols_table *table, struct row *row, const struct fit *fit,
		   bool is_heading)
{
	int status = 0;

	for (size_t i = 0; i < fit->columns_n; i++) {
		if (row->lines[i].error != 0)
			return row->lines[i].error;
		if (fit->columns[i].is_shown && count_lines(&row->lines[i]) > row->lines_n)
			row->lines_n = count_lines(&row->lines[i]);
	}
	for (size_t at = 0; at < row->lines_n && status == 0; at++)
		status = put_line(table, row, fit, at, is_heading);
	return status;
}

static int add_headings(struct libscols_table *table, const struct sheet *sheet,
			const struct fit *fit)
{
	own(row_free) struct row row = {0};

	for (size_t i = 0; i < sheet->columns_n; i++) {
		own(buf_free) struct buf heading = {0};
		int status = fit_add_heading(&heading, &sheet->columns[i]);

		if (status != 0)
			return status;
		fit_break(&row.lines[i], &heading, fit->columns[i].width);
	}
	return put_row(table, &row, fit, true);
}

static bool is_same_text(const struct sheet *sheet, size_t row, size_t column)
{
	const struct sheet_cell *above = cell_at(sheet, row - 1, column);
	const struct sheet_cell *here = cell_at(sheet, row, column);
	enum sheet_type type = sheet->columns[column].type;

	return (type == SHEET_TEXT || type == SHEET_CODE || type == SHEET_PHRASE) &&
	       above->state == CELL_VALUE && here->state == CELL_VALUE && above->text != NULL &&
	       here->text != NULL && here->text[0] != '\0' &&
	       strcmp(above->text, here->text) == 0 && here->arguments_n == above->arguments_n;
}

/* How many columns from the first say what they say in the row above: a group is named once. What
 * stands last of a row is always said. */
static size_t count_repeated(const struct sheet *sheet, size_t row)
{
	size_t n = 0;

	while (row > 0 && n + 1 < sheet->columns_n && is_same_text(sheet, row, n))
		n++;
	return n;
}

static int add_row(struct libscols_table *table, const struct sheet *sheet, size_t at,
		   const struct fit *fit, const struct paper *paper)
{
	own(row_free) struct row row = {0};

	for (size_t i = count_repeated(sheet, at); i < sheet->columns_n; i++) {
		own(buf_free) struct buf text = {0};

		if (!fit->columns[i].is_shown)
			continue;
		if (sheet->columns[i].type == SHEET_BAR) {
			cell_add_bar_of(&row.lines[i], sheet, at, i, fit->columns[i].width, paper);
			continue;
		}
		cell_add(&text, sheet, at, i, paper);
		if (text.error != 0)
			return text.error;
		fit_break(&row.lines[i], &text, fit->columns[i].width);
	}
	return put_row(table, &row, fit, false);
}

/* ---- the table ---- */

static int draw(const struct sheet *sheet, const struct fit *fit, const struct paper *paper)
{
	own(table_free) struct libscols_table *table = scols_new_table();
	int status;

	if (table == NULL || scols_table_set_column_separator(table, SEPARATOR) != 0)
		return fail(-ENOMEM);
	(void)scols_table_set_stream(table, paper->to);
	(void)scols_table_enable_colors(table, paper->has_colour);
	(void)scols_table_enable_minout(table, 1);
	(void)scols_table_enable_noheadings(table, 1); /* ours may have several lines */
	/* Widths are given here: it is not to cut anything. */
	(void)scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER);
	status = add_columns(table, sheet, fit);
	if (status == 0)
		status = add_headings(table, sheet, fit);
	for (size_t row = 0; row < sheet->rows_n && status == 0; row++)
		status = add_row(table, sheet, row, fit, paper);
	if (status == 0 && scols_print_table(table) != 0)
		status = fail(-ENOMEM);
	return status;
}

/* ---- several tables below each other ---- */

/* Columns that say what a row is about: the first, and one more for each that rows which follow
 * each other repeat. */
static size_t count_keys(const struct sheet *sheet)
{
	size_t keys_n = 1;

	for (size_t row = 1; row < sheet->rows_n; row++)
		if (count_repeated(sheet, row) + 1 > keys_n)
			keys_n = count_repeated(sheet, row) + 1;
	return keys_n;
}

/* As many of the columns from first on as there is room for, behind the keys; gives the next one:
 * first itself when there is room for none. */
static size_t choose_columns(struct fit *panel, size_t keys_n, size_t first, size_t width)
{
	size_t next = first;

	for (size_t i = keys_n; i < panel->columns_n; i++)
		panel->columns[i].is_shown = false;
	while (next < panel->columns_n) {
		panel->columns[next].is_shown = true;
		if (fit_least(panel) > width) {
			panel->columns[next].is_shown = false;
			break;
		}
		next++;
	}
	return next;
}

static bool can_have_panels(const struct fit *fit, size_t keys_n, size_t width)
{
	size_t next = keys_n;

	for (size_t first = keys_n; next < fit->columns_n; first = next) {
		struct fit panel = *fit;

		next = choose_columns(&panel, keys_n, first, width);
		if (next == first)
			return false;
	}
	return fit->columns_n > keys_n;
}

static int draw_panels(const struct sheet *sheet, const struct fit *fit, size_t keys_n,
		       const struct paper *paper)
{
	size_t next = keys_n;
	int status = 0;

	while (next < fit->columns_n && status == 0) {
		struct fit panel = *fit;

		if (next > keys_n)
			(void)fputc('\n', paper->to);
		next = choose_columns(&panel, keys_n, next, paper->width);
		fit_share(&panel, paper->width);
		status = draw(sheet, &panel, paper);
	}
	return status;
}

/* Where neither rows nor notes follow a title, it would look as if they were lost. */
static void say_empty(const struct sheet *sheet, const struct paper *paper)
{
	if (sheet->title.text != NULL && sheet->title.text[0] != '\0' && sheet->notes_n == 0)
		paper_paragraph(paper, 0, 0, words(N_("None.")));
}

int render_table(const struct sheet *sheet, const struct paper *paper)
{
	size_t width = paper->width > 0 ? paper->width : SIZE_MAX;
	size_t keys_n = count_keys(sheet);
	struct fit fit = {0};
	int status = fit_measure(sheet, paper, &fit);

	if (status != 0)
		return status;
	if (sheet->rows_n == 0) {
		say_empty(sheet, paper);
		return 0;
	}
	if (fit_least(&fit) > width)
		return can_have_panels(&fit, keys_n, width)
			       ? draw_panels(sheet, &fit, keys_n, paper)
			       : render_form(sheet, paper);
	fit_share(&fit, width);
	return draw(sheet, &fit, paper);
}
