#include "lib/csv.h"

#include "lib/fail.h"
#include "lib/own.h"

#include <csv.h>
#include <errno.h>
#include <string.h>

#define SLICE_BYTES 65536
/* No row within the other bounds is longer: every byte a doubled quote, every field quoted. */
#define ROW_BYTES ((2 * (size_t)CSV_FIELD_BYTES + 3) * CSV_COLUMNS_MAX)

/*
 * libcsv is given one whole physical line after another, so that the reader always knows where a
 * line begins to which it can go back. pending holds raw bytes:
 *
 *	0        start               parsed        scanned      n
 *	| given  | the row so far    | a line not yet whole     |
 *	                ^ resume: the line after the one in which the last field began
 */
struct csv_reader {
	struct csv_parser parser;
	csv_row_fn *row;
	void *context;
	struct buf pending;
	size_t start, parsed, scanned, resume;
	uint64_t line; /* of the byte at start */
	uint64_t dropped; /* bytes fed that lie before pending */
	size_t lines_n,
		resume_lines_n; /* lines from start to the one being parsed, and to resume */
	size_t line_end; /* of the line being parsed */
	struct buf cells; /* the row's fields, a NUL after each */
	size_t at[CSV_COLUMNS_MAX];
	size_t bytes[CSV_COLUMNS_MAX];
	const char *fields[CSV_COLUMNS_MAX];
	size_t n;
	enum csv_fault fault;
	bool is_nul_seen;
	bool is_begun; /* past the place of a byte order mark */
	bool is_skipping; /* to the end of a line too long to keep */
	int answer; /* what stopped the parse */
};

int csv_reader_new(char delimiter, csv_row_fn *row, void *context, struct csv_reader **ret_reader)
{
	struct csv_reader *reader = calloc(1, sizeof(*reader));

	if (reader == NULL)
		return fail(-ENOMEM);
	(void)csv_init(&reader->parser, CSV_STRICT);
	csv_set_delim(&reader->parser, (unsigned char)delimiter);
	/* The first block holds any legal field, so that its bytes are never moved about. */
	csv_set_blk_size(&reader->parser, CSV_FIELD_BYTES + 64);
	reader->row = row;
	reader->context = context;
	reader->line = 1;
	*ret_reader = reader;
	return 0;
}

void csv_reader_free(struct csv_reader **reader)
{
	struct csv_reader *old = *reader;

	if (old == NULL)
		return;
	if (old->parser.entry_buf != NULL)
		explicit_bzero(old->parser.entry_buf, old->parser.entry_size);
	csv_free(&old->parser);
	buf_wipe(&old->pending);
	buf_wipe(&old->cells);
	free(old);
	*reader = NULL;
}

static void note_fault(struct csv_reader *reader, enum csv_fault fault)
{
	if (reader->fault == CSV_FINE)
		reader->fault = fault;
}

/* libcsv's callback for a field. */
static void add_field(void *text, size_t n, void *context)
{
	struct csv_reader *reader = context;
	uint8_t *cell;

	reader->resume = reader->line_end;
	reader->resume_lines_n = reader->lines_n;
	if (reader->n == CSV_COLUMNS_MAX) {
		note_fault(reader, CSV_TOO_MANY_COLUMNS);
		return;
	}
	if (n > CSV_FIELD_BYTES) {
		note_fault(reader, CSV_FIELD_TOO_LONG);
		n = 0;
	}
	reader->at[reader->n] = reader->cells.n;
	reader->bytes[reader->n] = n;
	reader->n++;
	cell = buf_extend(&reader->cells, n + 1);
	if (cell == NULL)
		return;
	if (n > 0)
		memcpy(cell, text, n);
	cell[n] = '\0';
}

static size_t without_line_end(const uint8_t *raw, size_t n)
{
	if (n > 0 && raw[n - 1] == '\n')
		n--;
	if (n > 0 && raw[n - 1] == '\r')
		n--;
	return n;
}

/* Gives the row that ends at end, lines_n lines on, and begins the next there. */
static int give_row(struct csv_reader *reader, size_t end, size_t lines_n)
{
	const uint8_t *raw = reader->pending.data + reader->start;
	struct csv_row row = {
		.line = reader->line,
		.offset = reader->dropped + reader->start,
		.n = reader->n,
		.fields = reader->fields,
		.bytes = reader->bytes,
		.fault = reader->fault,
		.raw = raw,
		.raw_n = without_line_end(raw, end - reader->start),
	};

	if (reader->cells.error != 0)
		return reader->cells.error;
	for (size_t i = 0; i < reader->n; i++)
		reader->fields[i] = (const char *)reader->cells.data + reader->at[i];
	if (row.fault == CSV_FINE && reader->is_nul_seen)
		row.fault = CSV_NUL_BYTE;
	if (row.n == 1 && row.bytes[0] == 0)
		row.n = 0;
	reader->answer = reader->row(reader->context, &row);
	reader->start = reader->parsed = reader->scanned = end;
	reader->line += lines_n;
	reader->lines_n = 0;
	reader->n = 0;
	reader->fault = CSV_FINE;
	reader->is_nul_seen = false;
	buf_clear(&reader->cells);
	return reader->answer;
}

/* Gives up the row and goes back to the line after the one in which its last field began: what
 * followed was read in the belief that a quote would be closed. */
static int refuse_row(struct csv_reader *reader, enum csv_fault fault)
{
	(void)csv_fini(&reader->parser, NULL, NULL, NULL); /* forgets its state */
	note_fault(reader, fault);
	return give_row(reader, reader->resume, reader->resume_lines_n);
}

/* Offset just behind the line that begins at parsed, or 0 when its end is not there yet. A CR may
 * stand alone or before an LF. */
static size_t find_line_end(struct csv_reader *reader, bool is_over)
{
	const uint8_t *data = reader->pending.data;
	size_t n = reader->pending.n;
	size_t i = reader->scanned;

	while (i < n && data[i] != '\n' && data[i] != '\r') {
		if (data[i] == '\0')
			reader->is_nul_seen = true;
		i++;
	}
	reader->scanned = i;
	if (i == n || (data[i] == '\r' && i + 1 == n && !is_over))
		return 0;
	return data[i] == '\r' && i + 1 < n && data[i + 1] == '\n' ? i + 2 : i + 1;
}

static int parse_line(struct csv_reader *reader, size_t end)
{
	size_t n = end - reader->parsed;

	if (reader->lines_n++ == 0) {
		reader->resume = end;
		reader->resume_lines_n = 1;
	}
	reader->line_end = end;
	if (csv_parse(&reader->parser, reader->pending.data + reader->parsed, n, add_field, NULL,
		      reader) < n)
		return csv_error(&reader->parser) == CSV_EPARSE ? refuse_row(reader, CSV_LONE_QUOTE)
								: fail(-ENOMEM);
	reader->parsed = reader->scanned = end;
	if (!reader->parser.quoted)
		return give_row(reader, end, reader->lines_n);
	/* Inside quotes: the row goes on, unless it is past believing. */
	if (reader->fault != CSV_FINE || reader->parser.entry_pos > CSV_FIELD_BYTES)
		return refuse_row(reader, CSV_LONE_QUOTE);
	return 0;
}

/* A line that is not whole yet: waits for more of it, unless it is longer than any row may be. */
static int hold_line(struct csv_reader *reader)
{
	if (reader->pending.n - reader->parsed <= ROW_BYTES)
		return 0;
	if (reader->lines_n > 0)
		return refuse_row(reader, CSV_LONE_QUOTE);
	reader->is_skipping = true;
	note_fault(reader, CSV_FIELD_TOO_LONG);
	return give_row(reader, reader->scanned, 1);
}

static int parse_lines(struct csv_reader *reader, bool is_over)
{
	while (reader->answer == 0) {
		size_t end = find_line_end(reader, is_over);
		size_t parsed = reader->parsed;
		int error = 0;

		if (reader->is_skipping) {
			reader->is_skipping = end == 0;
			reader->is_nul_seen = false;
			reader->scanned = end == 0 ? reader->scanned : end;
			reader->start = reader->parsed = reader->scanned;
		} else {
			error = end == 0 ? hold_line(reader) : parse_line(reader, end);
		}
		if (error != 0)
			return error;
		/* Nothing moved, forward or back: more bytes are wanted. */
		if (end == 0 && (reader->parsed == parsed || reader->is_skipping))
			return 0;
	}
	return reader->answer;
}

/* Spreadsheets put a byte order mark before UTF-8; left there, it would stand before the opening
 * quote of the first heading. */
static void skip_mark(struct csv_reader *reader, bool is_over)
{
	if (reader->is_begun || (reader->pending.n < 3 && !is_over))
		return;
	reader->is_begun = true;
	if (reader->pending.n < 3 || memcmp(reader->pending.data, "\xEF\xBB\xBF", 3) != 0)
		return;
	buf_drop(&reader->pending, 3);
	reader->dropped = 3;
}

/* Drops what has been given. */
static void settle(struct csv_reader *reader)
{
	buf_drop(&reader->pending, reader->start);
	reader->dropped += reader->start;
	reader->parsed -= reader->start;
	reader->scanned -= reader->start;
	reader->resume -= reader->resume < reader->start ? reader->resume : reader->start;
	reader->start = 0;
}

int csv_reader_feed(struct csv_reader *reader, const void *bytes, size_t n)
{
	const uint8_t *from = bytes;

	while (n > 0 && reader->answer == 0) {
		size_t slice = n < SLICE_BYTES ? n : SLICE_BYTES;
		int error = 0;

		buf_add(&reader->pending, from, slice);
		if (reader->pending.error != 0)
			return reader->pending.error;
		from += slice;
		n -= slice;
		skip_mark(reader, false);
		if (reader->is_begun)
			error = parse_lines(reader, false);
		if (error != 0)
			return error;
		settle(reader);
	}
	return reader->answer;
}

int csv_reader_end(struct csv_reader *reader)
{
	struct buf *pending = &reader->pending;
	int error;

	skip_mark(reader, true);
	if (pending->n > reader->parsed && pending->data[pending->n - 1] != '\n' &&
	    pending->data[pending->n - 1] != '\r')
		buf_add_byte(pending, '\n');
	if (pending->error != 0)
		return pending->error;
	error = parse_lines(reader, true);
	/* Each time round, one quote that was never closed. */
	while (error == 0 && reader->lines_n > 0) {
		error = refuse_row(reader, CSV_LONE_QUOTE);
		if (error == 0)
			error = parse_lines(reader, true);
	}
	return error;
}

void csv_add_field(struct buf *buf, const char *text, char delimiter)
{
	char special[] = {delimiter, '"', '\r', '\n', '\0'};
	bool is_formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
	size_t n = strlen(text);
	/* Outer blanks too: readers, ours among them, cut those that are not quoted. */
	bool is_quoted =
		text[strcspn(text, special)] != '\0' ||
		(n > 0 && (strchr(" \t", text[0]) != NULL || strchr(" \t", text[n - 1]) != NULL));

	if (is_quoted)
		buf_add_byte(buf, '"');
	if (is_formula)
		buf_add_byte(buf, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			buf_add_byte(buf, '"');
		buf_add_byte(buf, (uint8_t)*text);
	}
	if (is_quoted)
		buf_add_byte(buf, '"');
}
