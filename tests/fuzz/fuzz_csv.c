/*
 * Any bytes as a file of rows: never an error, no row or field beyond its bounds, no byte lost or
 * read twice, and the same rows however the file is cut into pieces. The first byte chooses the
 * delimiter, the second the pieces.
 */
#include "lib/csv.h"
#include "lib/own.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct seen {
	struct buf text; /* the rows, written so that two readings can be compared */
	size_t raw_n;
	uint64_t line;
};

static int see_row(void *context, const struct csv_row *row)
{
	struct seen *seen = context;

	assert(row->line > seen->line);
	assert(row->n <= CSV_COLUMNS_MAX);
	seen->line = row->line;
	seen->raw_n += row->raw_n;
	buf_add_u64le(&seen->text, row->line);
	buf_add_byte(&seen->text, (uint8_t)row->fault);
	for (size_t i = 0; i < row->n; i++) {
		assert(row->bytes[i] <= CSV_FIELD_BYTES);
		assert(row->fields[i][row->bytes[i]] == '\0');
		buf_add(&seen->text, row->fields[i], row->bytes[i] + 1);
	}
	buf_add(&seen->text, row->raw, row->raw_n);
	return 0;
}

static void read_in_pieces(char delimiter, const uint8_t *data, size_t n, size_t piece,
			   struct seen *seen)
{
	own(csv_reader_free) struct csv_reader *reader = NULL;

	assert(csv_reader_new(delimiter, see_row, seen, &reader) == 0);
	for (size_t at = 0; at < n; at += piece)
		assert(csv_reader_feed(reader, data + at, n - at < piece ? n - at : piece) == 0);
	assert(csv_reader_end(reader) == 0);
}

/* Each byte is a row's own or part of a line end; the mark at the beginning is neither. */
static void check_nothing_lost(const uint8_t *data, size_t n, const struct seen *seen)
{
	size_t ends_n = 0;

	for (size_t i = 0; i < n; i++)
		ends_n += data[i] == '\n' || data[i] == '\r' ? 1 : 0;
	assert(seen->raw_n <= n);
	assert(seen->raw_n + ends_n + 3 >= n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct seen whole = {0};
	struct seen pieces = {0};
	char delimiter;
	size_t piece;

	if (n < 2)
		return 0;
	delimiter = ";,\t"[data[0] % 3];
	piece = data[1] + 1u;
	read_in_pieces(delimiter, data + 2, n - 2, n, &whole);
	read_in_pieces(delimiter, data + 2, n - 2, piece, &pieces);
	assert(whole.text.n == pieces.text.n);
	assert(whole.text.n == 0 || memcmp(whole.text.data, pieces.text.data, whole.text.n) == 0);
	check_nothing_lost(data + 2, n - 2, &whole);
	buf_free(&whole.text);
	buf_free(&pieces.text);
	return 0;
}
