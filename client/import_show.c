#include "client/import_show.h"

#include "client/cell.h"
#include "client/finding.h"
#include "client/number.h"
#include "client/render_form.h"
#include "client/words.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"

#include <errno.h>
#include <string.h>

#define COUNT_COLUMNS 6 /* of how many rows were accepted or refused */
#define SENTENCE_COLUMN 16
#define COMMAND " mia "

static int64_t count_of(const struct sheet *sheet, size_t row, const char *id)
{
	const struct sheet_cell *cell = cell_find(sheet, row, id);

	return cell != NULL && cell->state == CELL_VALUE && !cell->is_empty ? cell->number : 0;
}

static const char *text_of(const struct sheet *sheet, size_t row, const char *id)
{
	const struct sheet_cell *cell = cell_find(sheet, row, id);

	return cell != NULL && cell->text != NULL && !cell->is_empty ? cell->text : "";
}

/* A number of the form as it is read. */
static void count_text(const struct sheet *sheet, const char *id, const struct paper *paper,
		       char ret_text[static NUMBER_BYTES])
{
	number_count(count_of(sheet, 0, id), paper->language, ret_text);
}

/* at: the column in which the line begins; further: that of its other lines. */
static void put_line(struct buf *line, size_t at, size_t further, const struct paper *paper)
{
	const char *text = buf_text(line);

	paper_paragraph(paper, at, further, text != NULL ? text : "");
	buf_clear(line);
}

static void show_head(const struct sheet *form, const struct paper *paper)
{
	own(buf_free) struct buf line = {0};
	char rows[NUMBER_BYTES], heading[NUMBER_BYTES], above[NUMBER_BYTES];
	int64_t heading_line = count_of(form, 0, "heading_line");

	count_text(form, "rows", paper, rows);
	count_text(form, "heading_line", paper, heading);
	words_add(&line,
		  count_of(form, 0, "rows") == 1 ? N_("%1: %2 row, %3, %4, headings on row %5")
						 : N_("%1: %2 rows, %3, %4, headings on row %5"),
		  text_of(form, 0, "file"), rows, text_of(form, 0, "encoding"),
		  words(text_of(form, 0, "delimiter")), heading, NULL);
	if (heading_line > 1) {
		number_count(heading_line - 1, paper->language, above);
		words_add(&line,
			  heading_line == 2 ? N_(" (%1 row above skipped)")
					    : N_(" (%1 rows above skipped)"),
			  above, NULL);
	}
	put_line(&line, 0, 2, paper);
}

/* A count that stands under the other one, and its words. */
static void put_count(const struct sheet *form, const char *id, const struct paper *paper)
{
	char text[NUMBER_BYTES];

	count_text(form, id, paper, text);
	paper_spaces(paper,
		     text_width(text) < COUNT_COLUMNS ? COUNT_COLUMNS - text_width(text) : 0);
	paper_text(paper, PAINT_STRONG, text);
}

static void show_counts(const struct sheet *form, const char *refused_path,
			const struct paper *paper)
{
	own(buf_free) struct buf line = {0};
	char new[NUMBER_BYTES], changed[NUMBER_BYTES], unchanged[NUMBER_BYTES];

	count_text(form, "new", paper, new);
	count_text(form, "changed", paper, changed);
	count_text(form, "unchanged", paper, unchanged);
	put_count(form, "accepted", paper);
	words_add(&line,
		  count_of(form, 0, "accepted") == 1
			  ? N_(" row accepted: %1 new, %2 changed, %3 unchanged")
			  : N_(" accepted: %1 new, %2 changed, %3 unchanged"),
		  new, changed, unchanged, NULL);
	put_line(&line, COUNT_COLUMNS, 8, paper);
	if (count_of(form, 0, "refused") == 0)
		return;
	put_count(form, "refused", paper);
	words_add(&line,
		  count_of(form, 0, "refused") == 1
			  ? N_(" row refused → %1 (open in Excel, mend, import again)")
			  : N_(" refused → %1 (open in Excel, mend, import again)"),
		  refused_path != NULL ? refused_path : "-", NULL);
	put_line(&line, COUNT_COLUMNS, 8, paper);
}

/* How often, which code, and its sentence. */
static void show_sentence(const struct sheet *findings, size_t row, const struct paper *paper)
{
	const char *code = text_of(findings, row, "code");
	const char *severity = text_of(findings, row, "severity");
	const struct error_row *known = error_find(code);
	bool is_error = strcmp(severity, "error") == 0;
	own(buf_free) struct buf line = {0};
	char count[NUMBER_BYTES];

	number_count(count_of(findings, row, "count"), paper->language, count);
	paper_spaces(paper, text_width(count) < 8 ? 8 - text_width(count) : 0);
	(void)fprintf(paper->to, "%s  ", count);
	paper_text(paper, is_error ? PAINT_BAD : PAINT_NONE, code);
	if (!is_error) {
		buf_add_text(&line, words(severity));
		buf_add_text(&line, ": ");
	}
	if (known != NULL)
		buf_add_text(&line, paper->language == LANGUAGE_SV ? known->sv : known->en);
	paper_spaces(paper, 2);
	put_line(&line, 10 + text_width(code) + 2, SENTENCE_COLUMN, paper);
}

/* Where it stands, and what to do about it. */
static void show_place(const struct sheet *findings, size_t row, const struct paper *paper)
{
	const struct error_row *known = error_find(text_of(findings, row, "code"));
	const char *column = text_of(findings, row, "column");
	const char *detail = text_of(findings, row, "detail");
	const char *rows = text_of(findings, row, "rows");
	own(buf_free) struct buf line = {0};

	/* A detail that names columns itself begins with this one. */
	if (strncmp(detail, column, strlen(column)) != 0)
		buf_add_text(&line, column);
	if (line.n > 0 && detail[0] != '\0')
		buf_add_text(&line, ": ");
	if (detail[0] != '\0')
		finding_add_detail(&line, text_of(findings, row, "code"), detail);
	if (rows[0] != '\0') {
		buf_add_text(&line, line.n > 0 ? " · " : "");
		words_add(&line, strchr(rows, ',') != NULL ? N_("rows %1") : N_("row %1"), rows,
			  NULL);
		if (count_of(findings, row, "count") > 20)
			buf_add_text(&line, " …");
	}
	if (line.n > 0) {
		paper_spaces(paper, SENTENCE_COLUMN);
		put_line(&line, SENTENCE_COLUMN, SENTENCE_COLUMN, paper);
	}
	if (known == NULL)
		return;
	buf_add_text(&line, paper->language == LANGUAGE_SV ? known->remedy_sv : known->remedy_en);
	paper_spaces(paper, SENTENCE_COLUMN);
	put_line(&line, SENTENCE_COLUMN, SENTENCE_COLUMN, paper);
}

/* The daemon knows the file's name only: what is to be typed is its path, and its options. */
static int name_path(struct sheet *form, const char *again)
{
	const char *name = text_of(form, 0, "file");

	for (size_t i = 0; i < form->notes_n; i++) {
		struct sheet_phrase *note = &form->notes[i];

		if (note->arguments_n == 0 || strcmp(note->arguments[0], name) != 0)
			continue;
		free(note->arguments[0]);
		note->arguments[0] = NULL;
		if (asprintf(&note->arguments[0], "%s", again) >= 0)
			continue;
		note->arguments_n = 0;
		return fail(-ENOMEM);
	}
	return 0;
}

/* A command to be typed stands on a line of its own, unbroken: it is copied from there. */
static void show_notes(const struct sheet *form, const struct paper *paper)
{
	for (size_t i = 0; i < form->notes_n; i++) {
		const struct sheet_phrase *note = &form->notes[i];
		own(buf_free) struct buf line = {0};
		char *command;

		words_add_phrase(&line, note->text, note->arguments, note->arguments_n, true);
		if (buf_text(&line) == NULL)
			continue;
		command = strstr((char *)line.data, COMMAND);
		if (command == NULL) {
			paper_paragraph(paper, 0, 4, buf_text(&line));
			continue;
		}
		*command = '\0';
		paper_paragraph(paper, 0, 4, (const char *)line.data);
		(void)fprintf(paper->to, "  %s\n", command + 1);
	}
}

int import_show(const struct answer *answer, const char *again, const char *refused_path,
		const struct paper *paper)
{
	own(buf_free) struct buf line = {0};
	struct sheet *form = answer->sheets_n > 0 ? answer->sheets[0] : NULL;
	const struct sheet *findings = answer->sheets_n > 1 ? answer->sheets[1] : NULL;
	char batch[NUMBER_BYTES];
	int status;

	if (form == NULL || form->rows_n != 1)
		return fail(-EBADMSG);
	status = name_path(form, again);
	show_head(form, paper);
	show_counts(form, refused_path, paper);
	for (size_t row = 0; findings != NULL && row < findings->rows_n; row++) {
		show_sentence(findings, row, paper);
		show_place(findings, row, paper);
	}
	if (count_of(form, 0, "batch") > 0) {
		count_text(form, "batch", paper, batch);
		words_add(&line, N_("Stored as batch %1. To take it back: mia import undo %1"),
			  batch, NULL);
		put_line(&line, 0, 2, paper);
	}
	show_notes(form, paper);
	return status;
}
