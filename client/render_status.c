#include "client/render_status.h"

#include "client/cell.h"
#include "client/number.h"
#include "client/words.h"
#include "lib/own.h"
#include "lib/text.h"

#include <string.h>

#define INDENT 2
#define GAP 2
#define PARTS_MAX 5
#define AS_IT_IS NULL

/* A cell and how it is said; unless names a cell that says it better when it has something. */
struct part {
	const char *id, *msgid, *unless;
};

struct line {
	const char *role; /* "site", "hub", or NULL: both */
	const char *label;
	struct part parts[PARTS_MAX];
};

static const struct line lines[] = {
	{NULL,
	 N_("Daemon"),
	 {{"up", N_("up for %1"), NULL},
	  {"memory", N_("%1 of memory"), NULL},
	  {"store", N_("store %1"), NULL},
	  {"store_share", N_("%1 of its room"), NULL}}},
	{"site",
	 N_("Hub"),
	 {{"contact", AS_IT_IS, NULL},
	  {"round_trip", N_("answers in %1"), NULL},
	  {"last_contact", N_("last heard %1"), "round_trip"},
	  {"endpoint", AS_IT_IS, NULL}}},
	{"hub", N_("Listens at"), {{"endpoint", AS_IT_IS, NULL}}},
	{"hub",
	 N_("Sites"),
	 {{"in_contact", N_("%1 in contact"), NULL},
	  {"received", N_("last report received %1"), NULL}}},
	{"site",
	 N_("Reports"),
	 {{"last_period", N_("last one %1"), NULL},
	  {"sent", N_("%1 made"), NULL},
	  {"received", N_("%1 received by the hub"), NULL},
	  {"waiting", N_("%1 waiting"), NULL}}},
	{"hub",
	 N_("Reports"),
	 {{"accepted", N_("%1 received since the start"), NULL},
	  {"refused", N_("%1 refused"), NULL},
	  {"dropped", N_("%1 dropped"), NULL},
	  {"quarantined", N_("%1 in quarantine"), NULL}}},
	{"site",
	 N_("Next report"),
	 {{"next_period", AS_IT_IS, NULL}, {"closes", N_("the month closes %1"), NULL}}},
	{"site",
	 N_("Records"),
	 {{"participants", N_("%1 participants"), NULL},
	  {"last_import", N_("last import %1"), NULL},
	  {"last_import_file", AS_IT_IS, NULL}}},
};

static const char clock_label[] = N_("Clock");
static const char to_do_label[] = N_("To do");
/* Of the notes the one that asks for nothing. */
static const char rehearsal[] = N_("This is a rehearsal: no figure of it is real.");

/* ---- a line ---- */

/* On a terminal lines are broken between parts rather than within one. */
static void add_joined(struct buf *to, const struct buf *text, const struct paper *paper)
{
	for (size_t i = 0; i < text->n; i++)
		if (text->data[i] == ' ' && paper->width > 0)
			buf_add_text(to, "\u00A0");
		else
			buf_add_byte(to, text->data[i]);
}

static void add_part(struct buf *to, const struct sheet *sheet, const struct part *part,
		     const struct paper *paper)
{
	const struct sheet_cell *cell = cell_find(sheet, 0, part->id);
	const struct sheet_cell *better =
		part->unless == NULL ? NULL : cell_find(sheet, 0, part->unless);
	own(buf_free) struct buf text = {0};
	own(buf_free) struct buf sentence = {0};

	if (cell == NULL || cell->is_empty || (better != NULL && !better->is_empty))
		return;
	cell_add(&text, sheet, 0, (size_t)(cell - cell_at(sheet, 0, 0)), paper);
	if (buf_text(&text) == NULL) {
		to->error = text.error;
		return;
	}
	buf_add_text(to, to->n > 0 ? " · " : "");
	if (part->msgid == AS_IT_IS) {
		buf_add(to, text.data, text.n);
		return;
	}
	words_add(&sentence, part->msgid, buf_text(&text), NULL);
	add_joined(to, &sentence, paper);
}

static size_t label_width(void)
{
	size_t widest = text_width(words(clock_label));

	for (size_t i = 0; i < array_n(lines); i++)
		if (text_width(words(lines[i].label)) > widest)
			widest = text_width(words(lines[i].label));
	return widest > text_width(words(to_do_label)) ? widest : text_width(words(to_do_label));
}

/* Label and text; an empty label goes on with the line above. */
static int put(const char *label, struct buf *text, enum paint paint, const struct paper *paper)
{
	size_t at = INDENT + label_width() + GAP;

	if (text->n == 0)
		return text->error;
	if (buf_text(text) == NULL)
		return text->error;
	paper_spaces(paper, INDENT);
	paper_text(paper, paint, words(label));
	paper_spaces(paper, at - INDENT - text_width(words(label)));
	paper_paragraph(paper, at, at, buf_text(text));
	buf_clear(text);
	return 0;
}

static int put_line(const struct line *line, const struct sheet *sheet, const struct paper *paper)
{
	own(buf_free) struct buf text = {0};

	for (size_t i = 0; i < PARTS_MAX && line->parts[i].id != NULL; i++)
		add_part(&text, sheet, &line->parts[i], paper);
	return put(line->label, &text, PAINT_FAINT, paper);
}

/* The daemon's own time, here, and in which zone. */
static int put_clock(const struct sheet *sheet, const struct paper *paper)
{
	const struct sheet_cell *cell = cell_find(sheet, 0, "now");
	own(buf_free) struct buf text = {0};
	char moment[NUMBER_BYTES], zone[NUMBER_BYTES];

	if (cell == NULL || cell->is_empty)
		return 0;
	number_moment(cell->number, moment);
	number_zone(cell->number, zone);
	buf_printf(&text, "%s %s", moment, zone);
	return put(clock_label, &text, PAINT_FAINT, paper);
}

/* ---- what is to be done ---- */

/* What persons wait for is not counted for everybody: no word of it is not "nothing" then. */
static bool is_counted(const struct sheet *sheet)
{
	const struct sheet_cell *cell = cell_find(sheet, 0, "to_do");

	return cell == NULL || !cell->is_empty;
}

static int put_to_do(const struct sheet *sheet, const struct paper *paper)
{
	own(buf_free) struct buf text = {0};
	const char *label = to_do_label;
	int status = 0;

	for (size_t i = 0; i < sheet->notes_n && status == 0; i++) {
		const struct sheet_phrase *note = &sheet->notes[i];

		if (strcmp(note->text, rehearsal) == 0)
			continue;
		words_add_phrase(&text, note->text, note->arguments, note->arguments_n, true);
		status = put(label, &text, PAINT_STRONG, paper);
		label = "";
	}
	if (status != 0 || label != to_do_label || !is_counted(sheet))
		return status;
	buf_add_text(&text, words(N_("nothing")));
	return put(label, &text, PAINT_FAINT, paper);
}

static void put_rehearsal(const struct sheet *sheet, const struct paper *paper)
{
	for (size_t i = 0; i < sheet->notes_n; i++)
		if (strcmp(sheet->notes[i].text, rehearsal) == 0)
			paper_paragraph(paper, 0, 0, words(rehearsal));
}

static const char *role_of(const struct sheet *sheet)
{
	const struct sheet_cell *cell = cell_find(sheet, 0, "role");

	return cell == NULL || cell->text == NULL ? "" : cell->text;
}

int render_status(const struct sheet *sheet, const struct paper *paper)
{
	int status = put_clock(sheet, paper);

	for (size_t i = 0; i < array_n(lines) && status == 0; i++)
		if (lines[i].role == NULL || strcmp(lines[i].role, role_of(sheet)) == 0)
			status = put_line(&lines[i], sheet, paper);
	if (status == 0)
		status = put_to_do(sheet, paper);
	put_rehearsal(sheet, paper);
	return status;
}
