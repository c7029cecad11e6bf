#include "client/render_form.h"

#include "client/cell.h"
#include "client/words.h"
#include "lib/own.h"
#include "lib/text.h"

#include <string.h>

#define INDENT 2
#define GAP 2
#define WORD_BYTES 256

void render_title(const struct sheet *sheet, const struct paper *paper)
{
	own(buf_free) struct buf title = {0};
	const char *text;

	if (sheet->title.text == NULL || sheet->title.text[0] == '\0')
		return;
	words_add_phrase(&title, sheet->title.text, sheet->title.arguments,
			 sheet->title.arguments_n, true);
	text = buf_text(&title);
	if (text == NULL)
		return;
	if (paper->width > 0 && text_width(text) > paper->width) {
		paper_paragraph(paper, 0, 0, text);
		return;
	}
	paper_text(paper, PAINT_STRONG, text);
	(void)fputc('\n', paper->to);
}

static size_t label_width(const struct sheet *sheet)
{
	size_t widest = 0;

	for (size_t i = 0; i < sheet->columns_n; i++) {
		own(buf_free) struct buf label = {0};
		const char *text;

		cell_add_heading(&label, &sheet->columns[i]);
		text = buf_text(&label);
		if (text != NULL && text_width(text) > widest)
			widest = text_width(text);
	}
	return widest;
}

static size_t widest_word(const char *text)
{
	size_t widest = 0;

	while (*text != '\0') {
		char word[WORD_BYTES];
		size_t n = strcspn(text, " ");

		text_copy(word, n < sizeof(word) ? n + 1 : sizeof(word), text);
		widest = text_width(word) > widest ? text_width(word) : widest;
		text += n + strspn(text + n, " ");
	}
	return widest;
}

/* A value beside its label, or on lines of its own where the paper is narrow or a word of it, such
 * as a key, would be torn. */
static bool is_apart(const struct paper *paper, size_t at, const char *value)
{
	return paper->width > 0 &&
	       (at + 16 > paper->width || at + widest_word(value) > paper->width);
}

static int form_line(const struct sheet *sheet, size_t row, size_t column, size_t width,
		     const struct paper *paper)
{
	own(buf_free) struct buf label = {0};
	own(buf_free) struct buf value = {0};
	size_t at = INDENT + width + GAP;

	cell_add_heading(&label, &sheet->columns[column]);
	cell_add(&value, sheet, row, column, paper);
	if (buf_text(&label) == NULL || buf_text(&value) == NULL)
		return label.error != 0 ? label.error : value.error;
	paper_spaces(paper, INDENT);
	paper_text(paper, PAINT_FAINT, buf_text(&label));
	if (is_apart(paper, at, buf_text(&value))) {
		(void)fputc('\n', paper->to);
		at = (size_t)2 * INDENT;
		paper_spaces(paper, at);
	} else {
		paper_spaces(paper, at - INDENT - text_width(buf_text(&label)));
	}
	if (sheet->columns[column].type == SHEET_BAR) /* its blanks are no word's end */
		(void)fprintf(paper->to, "%s\n", buf_text(&value));
	else
		paper_paragraph(paper, at, at, buf_text(&value));
	return 0;
}

int render_form(const struct sheet *sheet, const struct paper *paper)
{
	size_t width = label_width(sheet);
	int status = 0;

	for (size_t row = 0; row < sheet->rows_n && status == 0; row++) {
		if (row > 0)
			(void)fputc('\n', paper->to);
		for (size_t column = 0; column < sheet->columns_n && status == 0; column++)
			status = form_line(sheet, row, column, width, paper);
	}
	return status;
}

static bool is_said(const struct sheet_cell *cell)
{
	return cell->state != CELL_VALUE ||
	       (!cell->is_empty && (cell->text == NULL || cell->text[0] != '\0'));
}

int render_form_said(const struct sheet *sheet, const struct paper *paper)
{
	size_t width = label_width(sheet);
	int status = 0;

	for (size_t row = 0; row < sheet->rows_n; row++)
		for (size_t column = 0; column < sheet->columns_n && status == 0; column++)
			if (is_said(cell_at(sheet, row, column)))
				status = form_line(sheet, row, column, width, paper);
	return status;
}

int render_lines(const struct sheet *sheet, const struct paper *paper)
{
	for (size_t row = 0; row < sheet->rows_n; row++) {
		own(buf_free) struct buf line = {0};

		for (size_t column = 0; column < sheet->columns_n; column++) {
			if (column > 0)
				buf_add_text(&line, "  ");
			cell_add(&line, sheet, row, column, paper);
		}
		if (buf_text(&line) == NULL)
			return line.error;
		paper_paragraph(paper, 0, INDENT, buf_text(&line));
	}
	return 0;
}

static bool has_state(const struct sheet *sheet, enum cell_state state)
{
	for (size_t i = 0; i < sheet->rows_n * sheet->columns_n; i++)
		if (sheet->cells[i].state == state)
			return true;
	return false;
}

static void note(const struct paper *paper, const char *text)
{
	paper_paragraph(paper, 0, 4, text);
}

void render_notes(const struct sheet *sheet, const struct paper *paper)
{
	static const struct {
		enum cell_state state;
		const char *meaning;
	} legend[] = {
		{CELL_SUPPRESSED, N_("..  not shown (too few persons, or protects such a figure)")},
		{CELL_MISSING, N_("–   not reported")},
		{CELL_NOT_COLLECTED, N_(":   not collected then")},
	};

	for (size_t i = 0; i < array_n(legend); i++)
		if (has_state(sheet, legend[i].state))
			note(paper, words(legend[i].meaning));
	for (size_t i = 0; i < sheet->notes_n; i++) {
		own(buf_free) struct buf text = {0};

		words_add_phrase(&text, sheet->notes[i].text, sheet->notes[i].arguments,
				 sheet->notes[i].arguments_n, true);
		if (buf_text(&text) != NULL)
			note(paper, buf_text(&text));
	}
}
