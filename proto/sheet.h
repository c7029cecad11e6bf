/*
 * A sheet is any answer to a person: typed columns, rows, cells with their state, notes. Who
 * answers knows figures, not layout; `render` knows sheets, not commands. Fixed words travel as
 * English msgids with arguments (%1 %2 ...) and are translated where they are shown; data labels
 * come from the programme in the asked language.
 */
#ifndef MIA_PROTO_SHEET_H
#define MIA_PROTO_SHEET_H

#include "lib/pack.h"
#include "proto/release.h"

#define SHEET_COLUMNS_MAX 64
#define SHEET_ROWS_MAX 100000
#define SHEET_CELLS_MAX 1000000
#define SHEET_NOTES_MAX 1000
#define SHEET_ARGUMENTS_MAX 8
#define SHEET_TEXT_MAX 4096 /* bytes of one text; longer ones are cut at a whole character */

/* Marks a msgid for xgettext. */
#define N_(msgid) msgid

enum sheet_layout {
	SHEET_TABLE, /* columns and rows */
	SHEET_FORM, /* one row, a line a column: label, value */
	SHEET_LINES, /* rows of phrases, a line each */
};

enum sheet_type {
	SHEET_TEXT, /* a data label or name */
	SHEET_PHRASE, /* a msgid with arguments */
	SHEET_COUNT,
	SHEET_SHARE, /* numerator and denominator; shown in per cent, one decimal, half up */
	SHEET_BAR, /* a share against a goal in per mille; 0: against nothing */
	SHEET_DATE, /* days */
	SHEET_MOMENT, /* UTC seconds */
	SHEET_PERIOD, /* first and last month */
	SHEET_BYTES,
	SHEET_MILLISECONDS,
	SHEET_CODE, /* an id for programs, and a phrase or data label for people */
	SHEET_TYPE_N,
};

/* text for TEXT and PHRASE, and for CODE the id, with what people read as its arguments: msgid or
 * label, then its own arguments; number (and of) for the rest: share = number / of, bar = number /
 * of with goal, period = number..of. */
struct sheet_cell {
	uint8_t state; /* enum cell_state; anything but CELL_VALUE has no content. */
	bool is_empty; /* nothing to say here (a dash without a meaning of its own) */
	int64_t number, of, goal;
	char *text;
	char *arguments[SHEET_ARGUMENTS_MAX];
	size_t arguments_n;
};

struct sheet_column {
	char *id; /* stable, never translated: JSON and CSV key */
	char *heading; /* msgid, or a data label when is_label */
	bool is_label;
	enum sheet_type type;
};

struct sheet_phrase {
	char *text;
	char *arguments[SHEET_ARGUMENTS_MAX];
	size_t arguments_n;
};

struct sheet {
	char *schema; /* "mia.totals/1" */
	enum sheet_layout layout;
	struct sheet_phrase title;
	struct sheet_column *columns;
	size_t columns_n;
	struct sheet_cell *cells; /* rows_n x columns_n */
	size_t rows_n;
	struct sheet_phrase *notes;
	size_t notes_n;
	/* building */
	size_t cells_n, cells_capacity;
	int error;
};

/* An answer: exit code of mia, then sheets; attachment is for what is no table (byte ranges of
 * refused rows, bytes of a dump). Valid when zeroed. */
struct answer {
	uint8_t exit;
	struct sheet **sheets;
	size_t sheets_n;
	struct buf attachment;
};

/* Building carries the error inside; sheet_pack() (proto/sheet_pack) gives it. NULL for a sheet is
 * good everywhere: sheet_new() out of memory is told by answer_add(). Arguments are NULL-terminated
 * lists of strings, copied; control characters and bad UTF-8 in texts become \xNN. */
struct sheet *sheet_new(const char *schema, enum sheet_layout layout);
void sheet_free(struct sheet **sheet);
void sheet_title(struct sheet *sheet, const char *msgid, ...) __attribute__((sentinel));
void sheet_column(struct sheet *sheet, const char *id, enum sheet_type type, const char *heading,
		  bool is_label);
/* Each adds the next cell, in column order, row by row. */
void sheet_add_text(struct sheet *sheet, const char *text); /* NULL: empty */
void sheet_add_phrase(struct sheet *sheet, const char *msgid, ...) __attribute__((sentinel));
void sheet_add_code(struct sheet *sheet, const char *id, const char *msgid, ...)
	__attribute__((sentinel));
void sheet_add_number(struct sheet *sheet, int64_t number);
void sheet_add_ratio(struct sheet *sheet, int64_t number, int64_t of, int64_t goal);
void sheet_add_state(struct sheet *sheet, enum cell_state state);
void sheet_add_empty(struct sheet *sheet);
void sheet_note(struct sheet *sheet, const char *msgid, ...) __attribute__((sentinel));

#endif
