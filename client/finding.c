#include "client/finding.h"

#include "client/cell.h"
#include "client/words.h"
#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"

#include <string.h>

#define CODE_COLUMNS 6 /* a code and what stands before its sentence */

static const struct sheet_cell *said(const struct sheet *sheet, size_t row, const char *id)
{
	const struct sheet_cell *cell = cell_find(sheet, row, id);

	return cell != NULL && cell->state == CELL_VALUE && !cell->is_empty && cell->text != NULL
		       ? cell
		       : NULL;
}

static const char *text_of(const struct sheet *sheet, size_t row, const char *id)
{
	const struct sheet_cell *cell = said(sheet, row, id);

	return cell != NULL ? cell->text : "";
}

static bool has_severity(const struct sheet *findings, size_t row, const char *first)
{
	return strcspn(text_of(findings, row, "severity"), first) == 0 &&
	       text_of(findings, row, "severity")[0] != '\0';
}

bool finding_is_error(const struct sheet *findings, size_t row)
{
	return has_severity(findings, row, "eE");
}

bool finding_is_warning(const struct sheet *findings, size_t row)
{
	return has_severity(findings, row, "wW");
}

const char *finding_field(const struct sheet *findings, size_t row)
{
	return text_of(findings, row, "field");
}

const char *finding_code(const struct sheet *findings, size_t row)
{
	return text_of(findings, row, "code");
}

void finding_add_detail(struct buf *to, const char *code, const char *detail)
{
	static const struct {
		const char *code, *msgid;
	} rows[] = {
		{"D002", N_("now: %1")},
		{"D004", N_("case %1; see it with `mia person show %1`")},
		{"I025", N_("did you mean \"%1\"?")},
		{"V009", N_("it says %1")},
		{"V010", N_("%1 years old")},
		{"V011", N_("%1 years old")},
		{"V012", N_("it says %1")},
		{"V025", N_("%1 years old")},
		{"V028", N_("%1 months")},
		{"V032", N_("at the latest %1")},
		{"V033", N_("at the earliest %1")},
		{"V034", N_("at the latest %1")},
		{"V035", N_("first entered %1")},
		{"V036", N_("had left %1")},
		{"V038", N_("%1 hours")},
		{"V039", N_("entered %1")},
		{"V044", N_("had left %1")},
	};
	int32_t day;

	for (size_t i = 0; i < array_n(rows); i++)
		if (strcmp(rows[i].code, code) == 0) {
			words_add(to, rows[i].msgid, words(detail), NULL);
			return;
		}
	if (date_parse_iso(detail, &day) == 0)
		words_add(to, N_("the other date is %1"), detail, NULL);
	else
		words_add_filled(to, detail);
}

/* What is said in the table of errors is said in its words; else as it came. */
static void add_said(struct buf *to, const struct sheet *findings, size_t row, const char *id,
		     const char *known)
{
	const struct sheet_cell *cell = said(findings, row, id);

	if (known != NULL && known[0] != '\0')
		buf_add_text(to, known);
	else if (cell != NULL)
		words_add_phrase(to, cell->text, cell->arguments, cell->arguments_n, true);
}

/* What people call a code, and a colon. */
static void add_called(struct buf *to, const struct sheet_cell *code)
{
	if (code == NULL || code->text[0] == '\0')
		return;
	buf_add_text(to, words(code->arguments_n > 0 ? code->arguments[0] : code->text));
	buf_add_text(to, ": ");
}

static void put(struct buf *line, size_t at, size_t indent, const struct paper *paper)
{
	const char *text = buf_text(line);

	if (text != NULL && text[0] != '\0') {
		paper_spaces(paper, indent - at);
		paper_paragraph(paper, indent, indent, text);
	}
	buf_clear(line);
}

void finding_show(const struct sheet *findings, size_t row, size_t indent,
		  const struct paper *paper)
{
	const char *code = finding_code(findings, row);
	const struct error_row *known = error_find(code);
	bool is_swedish = paper->language == LANGUAGE_SV;
	size_t at = indent + text_width(code);
	size_t inner = at + 2 > indent + CODE_COLUMNS ? at + 2 : indent + CODE_COLUMNS;
	const char *detail = text_of(findings, row, "detail");
	own(buf_wipe) struct buf line = {0};

	paper_spaces(paper, indent);
	paper_text(paper, finding_is_error(findings, row) ? PAINT_BAD : PAINT_STRONG, code);
	if (!finding_is_error(findings, row)) {
		add_called(&line, said(findings, row, "severity"));
	}
	add_said(&line, findings, row, "sentence",
		 known == NULL ? NULL
		 : is_swedish  ? known->sv
			       : known->en);
	put(&line, at, inner, paper);
	add_called(&line, said(findings, row, "field"));
	if (detail[0] != '\0')
		finding_add_detail(&line, code, detail);
	else if (line.n > 2)
		line.n -= 2; /* a field with nothing more to say of it */
	put(&line, 0, inner, paper);
	add_said(&line, findings, row, "remedy",
		 known == NULL ? NULL
		 : is_swedish  ? known->remedy_sv
			       : known->remedy_en);
	put(&line, 0, inner, paper);
}
