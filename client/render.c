#include "client/render.h"

#include "client/cell.h"
#include "client/finding.h"
#include "client/render_form.h"
#include "client/render_json.h"
#include "client/render_plain.h"
#include "client/render_status.h"
#include "client/render_table.h"
#include "client/words.h"
#include "lib/own.h"
#include "proto/command.h"
#include "proto/errors.h"

#include <errno.h>
#include <string.h>

#define FINDING_COLUMN 2

int render_format(const char *text, enum render_format *ret_format)
{
	static const char *const names[] = {
		[RENDER_TABLE] = "table",
		[RENDER_PLAIN] = "plain",
		[RENDER_JSON] = "json",
		[RENDER_CSV] = "csv",
	};

	for (size_t i = 0; i < array_n(names); i++)
		if (strcmp(text, names[i]) == 0) {
			*ret_format = (enum render_format)i;
			return 0;
		}
	return fail(-EINVAL);
}

static int render_findings(const struct sheet *sheet, const struct paper *paper)
{
	for (size_t row = 0; row < sheet->rows_n; row++)
		finding_show(sheet, row, FINDING_COLUMN, paper);
	return 0;
}

/* Sheets that people get in a shape of their own. */
static const struct {
	const char *schema;
	int (*render)(const struct sheet *sheet, const struct paper *paper);
} shapes[] = {
	{"mia.findings/1", render_findings},
	{"mia.case/1", render_form_said},
	{"mia.person/1", render_form_said},
	{"mia.reconcile/1", render_form_said},
};

static int render_shape(const struct sheet *sheet, const struct paper *paper)
{
	for (size_t i = 0; i < array_n(shapes); i++)
		if (strcmp(sheet->schema, shapes[i].schema) == 0)
			return shapes[i].render(sheet, paper);
	switch (sheet->layout) {
	case SHEET_TABLE:
		return render_table(sheet, paper);
	case SHEET_FORM:
		return render_form(sheet, paper);
	case SHEET_LINES:
		break;
	}
	return render_lines(sheet, paper);
}

static int render_people(const struct sheet *sheet, const struct paper *paper)
{
	int status;

	render_title(sheet, paper);
	if (strcmp(sheet->schema, "mia.status/1") == 0 && sheet->rows_n == 1)
		return render_status(sheet, paper);
	status = render_shape(sheet, paper);
	if (status == 0)
		render_notes(sheet, paper);
	return status;
}

static int render_sheet(const struct sheet *sheet, enum render_format format,
			const struct paper *paper)
{
	if (format == RENDER_PLAIN)
		return render_plain(sheet, paper);
	if (format == RENDER_CSV)
		return render_csv(sheet, paper);
	return render_people(sheet, paper);
}

int render_answer(const struct answer *answer, enum render_format format, const struct paper *paper)
{
	int status = 0;

	if (format == RENDER_JSON)
		status = render_json(answer->sheets, answer->sheets_n, paper);
	for (size_t i = 0; i < answer->sheets_n && format != RENDER_JSON && status == 0; i++) {
		if (i > 0)
			(void)fputc('\n', paper->to);
		status = render_sheet(answer->sheets[i], format, paper);
	}
	if (fflush(paper->to) != 0)
		return fail(-errno);
	if (ferror(paper->to))
		return fail(-EIO);
	return status;
}

/* ---- errors ---- */

bool render_is_error(const struct answer *answer)
{
	return answer->sheets_n == 1 && strcmp(answer->sheets[0]->schema, "mia.error/1") == 0 &&
	       answer->sheets[0]->rows_n == 1;
}

/* The text of one column of the error's form, "" when it is not there. */
static const char *error_text(const struct sheet *sheet, const char *id)
{
	const struct sheet_cell *cell = cell_find(sheet, 0, id);

	return cell != NULL && cell->text != NULL ? cell->text : "";
}

static void add_remedy(struct buf *line, const char *remedy, const struct error_row *row,
		       enum programme_language language)
{
	size_t start = line->n;
	bool is_general = row != NULL && (remedy[0] == '\0' || strcmp(remedy, row->remedy_en) == 0);

	if (!is_general)
		words_add_filled(line, remedy);
	/* Nothing was found in the catalogue: the table's own advice is at least in the language.
	 */
	if (is_general ||
	    (language == LANGUAGE_SV && row != NULL && line->n - start == strlen(remedy) &&
	     memcmp(line->data + start, remedy, line->n - start) == 0)) {
		line->n = start;
		buf_add_text(line, language == LANGUAGE_SV ? row->remedy_sv : row->remedy_en);
	}
}

/* Behind what stands in the line up to at. */
static void end_line(struct buf *line, size_t at, const struct paper *paper)
{
	while (line->n > 0 && line->data[line->n - 1] == ' ')
		line->n--;
	paper_paragraph(paper, at, 6, buf_text(line) != NULL ? buf_text(line) : "");
	buf_clear(line);
}

static void print_line(struct buf *line, size_t indent, const struct paper *paper)
{
	paper_spaces(paper, indent);
	end_line(line, indent, paper);
}

/* "See `mia help COMMAND`" names the command where it is known. */
static void name_command(struct buf *line, const char *place)
{
	static const char *const names[] = {"COMMAND`", "KOMMANDO`"};
	char *text = (char *)line->data;

	for (size_t i = 0; i < array_n(names) && buf_text(line) != NULL; i++) {
		own(buf_free) struct buf rest = {0};
		char *found = strstr(text, names[i]);

		if (found == NULL)
			continue;
		buf_add_text(&rest, found + strlen(names[i]) - 1);
		line->n = (size_t)(found - text);
		buf_add_text(line, place);
		buf_add(line, rest.data, rest.n);
		return;
	}
}

static bool is_command(const char *place)
{
	size_t taken;

	return place[0] != '\0' && command_find(&place, 1, &taken) >= 0;
}

void render_error(const struct answer *answer, const struct paper *paper)
{
	const struct sheet *sheet = answer->sheets[0];
	const char *code = error_text(sheet, "code");
	const char *place = error_text(sheet, "place");
	const char *reason = error_text(sheet, "reason");
	const struct error_row *row = error_find(code);
	own(buf_free) struct buf line = {0};

	paper_text(paper, PAINT_BAD, code);
	buf_add_text(&line, " ");
	if (row != NULL)
		buf_add_text(&line, paper->language == LANGUAGE_SV ? row->sv : row->en);
	else
		words_add_filled(&line, reason);
	end_line(&line, strlen(code), paper);
	buf_add_text(&line, is_command(place) || place[0] == '\0' ? place : words(place));
	if (row != NULL && reason[0] != '\0' && strcmp(reason, row->en) != 0) {
		buf_add_text(&line, place[0] != '\0' ? ": " : "");
		words_add_filled(&line, reason);
	}
	if (line.n > 0)
		print_line(&line, 2, paper);
	add_remedy(&line, error_text(sheet, "remedy"), row, paper->language);
	if (is_command(place))
		name_command(&line, place);
	if (line.n > 0)
		print_line(&line, 2, paper);
}
