#include "client/form_show.h"

#include "client/form_reply.h"
#include "client/words.h"
#include "lib/own.h"
#include "lib/text.h"

#include <string.h>

#define INDENT 6
#define PROMPT "    > "
#define KEY_COLUMNS 5 /* of a code that is typed, or its number */
#define GAP 3
#define MASKED_DIGITS 2
#define MANY_CHOICES 6 /* from here on they stand in columns */

static const char keys[] =
	N_("Enter keeps what is known, - empties, ? explains, < goes back, /word "
	   "goes to a question, . ends the questions, Ctrl-C stores nothing.");

void form_show_keys(const struct paper *paper)
{
	paper_paragraph(paper, 0, 0, words(keys));
}

/* ---- answers to choose from ---- */

static void choice_key(const struct form *form, const struct form_field *field, size_t at,
		       char ret_key[static PROGRAMME_ID_BYTES])
{
	if (form_is_numbered(form, field))
		text_copy(ret_key, PROGRAMME_ID_BYTES, form->choices[field->first + at].id);
	else
		(void)snprintf(ret_key, PROGRAMME_ID_BYTES, "%zu", at + 1);
}

/* A number that means itself stands once. */
static const char *choice_label(const struct form *form, const struct form_field *field, size_t at)
{
	const struct form_choice *choice = &form->choices[field->first + at];

	return form_is_numbered(form, field) && strcmp(choice->id, choice->label) == 0
		       ? ""
		       : choice->label;
}

static size_t widest_label(const struct form *form, const struct form_field *field)
{
	size_t widest = 0;

	for (size_t i = 0; i < field->choices_n; i++) {
		size_t width = text_width(choice_label(form, field, i));

		widest = width > widest ? width : widest;
	}
	return widest;
}

static void show_choice(const struct form *form, const struct form_field *field, size_t at,
			const struct paper *paper)
{
	char key[PROGRAMME_ID_BYTES];
	size_t width;

	choice_key(form, field, at, key);
	width = text_width(key);
	paper_spaces(paper, width < KEY_COLUMNS - 1 ? KEY_COLUMNS - 1 - width : 0);
	paper_text(paper, PAINT_STRONG, key);
	(void)fputc(' ', paper->to);
}

/* A choice in a list of one column, which may be broken at the width. */
static void put_line(const struct form *form, const struct form_field *field, size_t at,
		     const struct paper *paper)
{
	paper_spaces(paper, INDENT - 2);
	show_choice(form, field, at, paper);
	paper_paragraph(paper, INDENT - 2 + KEY_COLUMNS, INDENT - 2 + KEY_COLUMNS,
			choice_label(form, field, at));
}

/* A row of a list of several columns, which is read downwards, column by column. */
static void put_row(const struct form *form, const struct form_field *field, size_t row,
		    size_t rows, const struct paper *paper)
{
	size_t widest = widest_label(form, field);

	for (size_t at = row; at < field->choices_n; at += rows) {
		const char *label = choice_label(form, field, at);

		paper_spaces(paper, at == row ? INDENT - 2 : GAP);
		show_choice(form, field, at, paper);
		(void)fputs(label, paper->to);
		if (at + rows < field->choices_n)
			paper_spaces(paper, widest - text_width(label));
	}
	(void)fputc('\n', paper->to);
}

static void show_choices(const struct form *form, const struct form_field *field,
			 const struct paper *paper)
{
	size_t cell = KEY_COLUMNS + widest_label(form, field) + GAP;
	size_t columns = paper->width > INDENT ? (paper->width - INDENT + GAP) / cell : 1;
	size_t rows;

	if (columns < 1 || field->choices_n < MANY_CHOICES)
		columns = 1;
	rows = (field->choices_n + columns - 1) / columns;
	for (size_t row = 0; row < rows; row++)
		if (columns == 1)
			put_line(form, field, row, paper);
		else
			put_row(form, field, row, rows, paper);
}

/* ---- questions ---- */

static void put(struct buf *line, size_t indent, const struct paper *paper)
{
	const char *text = buf_text(line);

	if (text != NULL && text[0] != '\0') {
		paper_spaces(paper, indent);
		paper_paragraph(paper, indent, indent, text);
	}
	buf_clear(line);
}

static void add_phrase(struct buf *to, const struct sheet_cell *cell)
{
	words_add_phrase(to, cell->text, cell->arguments, cell->arguments_n, true);
}

static void show_heading(const struct form *form, size_t at, const struct paper *paper)
{
	const struct form_field *field = &form->fields[at];
	own(buf_free) struct buf line = {0};
	char place[32];

	(void)snprintf(place, sizeof(place), "%zu/%zu  ", at + 1, form->fields_n);
	paper_text(paper, PAINT_FAINT, place);
	buf_add_text(&line, field->label);
	if (field->is_required)
		words_add(&line, N_(" (required)"), NULL);
	else if (field->need != NULL) {
		own(buf_free) struct buf when = {0};

		add_phrase(&when, field->need);
		words_add(&line, N_(" (required %1)"),
			  buf_text(&when) != NULL ? buf_text(&when) : "", NULL);
	}
	if (buf_text(&line) != NULL)
		paper_paragraph(paper, text_width(place), INDENT, buf_text(&line));
}

static void show_known(const struct form *form, const struct form_field *field,
		       const struct paper *paper)
{
	const char *value = field->is_typed ? field->typed : field->value;
	own(buf_wipe) struct buf text = {0};
	own(buf_wipe) struct buf line = {0};

	if (value[0] == '\0')
		return;
	form_add_value(&text, form, field, value);
	if (buf_text(&text) != NULL)
		words_add(&line, N_("Now: %1"), buf_text(&text), NULL);
	put(&line, INDENT, paper);
}

void form_show_question(const struct form *form, size_t at, const struct paper *paper)
{
	const struct form_field *field = &form->fields[at];
	own(buf_free) struct buf hint = {0};

	(void)fputc('\n', paper->to);
	show_heading(form, at, paper);
	if (field->hint != NULL)
		add_phrase(&hint, field->hint);
	put(&hint, INDENT, paper);
	show_choices(form, field, paper);
	show_known(form, field, paper);
	form_show_prompt(paper);
}

void form_show_prompt(const struct paper *paper)
{
	paper_text(paper, PAINT_STRONG, PROMPT);
	(void)fflush(paper->to);
}

static const char *help_of(enum form_type type)
{
	static const char *const texts[FORM_TYPE_N] = {
		[FORM_TEXT] = N_("Type a word or number as it is to be kept."),
		[FORM_CODE] = N_("Type one answer: its number, its word or the beginning of it."),
		[FORM_SET] = N_("Type one or several answers with a comma between: 1, 3."),
		[FORM_DATE] = N_("Type year, month and day: 2018-04-01, 20180401 or 180401; "
				 "today and yesterday are understood."),
		[FORM_MONTH] = N_("Type year and month: 2018-04."),
		[FORM_COUNT] = N_("Type a whole number."),
		[FORM_NUMBER] = N_("Type a personnummer or samordningsnummer, 10 or 12 digits. Its "
				   "last digits are hidden when it has been read, and it stands in "
				   "no log."),
		[FORM_TOKEN] = N_("Type the 20 digits that the person carries; blanks and - may "
				  "stand between."),
	};

	return texts[type];
}

void form_show_help(const struct form *form, const struct form_field *field,
		    const struct paper *paper)
{
	own(buf_free) struct buf line = {0};

	words_add(&line, help_of(field->type), NULL);
	put(&line, INDENT, paper);
	words_add(&line, N_("In a file of answers: \"%1\"."), field->id, NULL);
	for (size_t i = 0; i < field->choices_n && !form_is_numbered(form, field); i++)
		buf_printf(&line, "%s%s", i == 0 ? " " : ", ", form->choices[field->first + i].id);
	put(&line, INDENT, paper);
	words_add(&line, keys, NULL);
	put(&line, INDENT, paper);
}

void form_show_masked(const char *number, const struct paper *paper)
{
	size_t n = strlen(number);

	if (n <= MASKED_DIGITS || !paper_is_terminal(paper))
		return;
	(void)fputs("\033[A\r\033[K", paper->to);
	paper_text(paper, PAINT_STRONG, PROMPT);
	(void)fprintf(paper->to, "%.*s**\n", (int)(n - MASKED_DIGITS), number);
}

void form_show_wrong(const struct fault *fault, const struct paper *paper)
{
	own(buf_free) struct buf line = {0};

	paper_spaces(paper, INDENT - 2);
	paper_text(paper, PAINT_BAD, "!");
	words_add_filled(&line, fault->reason);
	if (buf_text(&line) != NULL) {
		paper_spaces(paper, 1);
		paper_paragraph(paper, INDENT, INDENT, buf_text(&line));
	}
	buf_clear(&line);
	words_add_filled(&line, fault->remedy);
	put(&line, INDENT, paper);
}

void form_show_summary(const struct form *form, const struct paper *paper)
{
	paper_text(paper, PAINT_STRONG, "\n");
	for (size_t i = 0; i < form->fields_n; i++) {
		const struct form_field *field = &form->fields[i];
		own(buf_wipe) struct buf line = {0};

		if (!field->is_typed)
			continue;
		(void)fprintf(paper->to, "%4zu  ", i + 1);
		buf_printf(&line, "%s: ", field->label);
		if (field->typed[0] != '\0')
			form_add_value(&line, form, field, field->typed);
		else
			words_add(&line, N_("(emptied)"), NULL);
		if (buf_text(&line) != NULL)
			paper_paragraph(paper, INDENT, INDENT + 2, buf_text(&line));
	}
}
