/*
 * Delimited text as spreadsheets write it, on libcsv, fed in pieces of any size. What libcsv lets
 * pass is refused here: a field that grows past 4 KiB (no callback since), a lone quote, NUL bytes,
 * too many columns. A byte order mark at the start is skipped; blanks round an unquoted field are
 * cut; lines end with LF, CRLF or CR.
 */
#ifndef MIA_LIB_CSV_H
#define MIA_LIB_CSV_H

#include "lib/buf.h"

#include <stdbool.h>

#define CSV_FIELD_BYTES 4096
#define CSV_COLUMNS_MAX 256

enum csv_fault {
	CSV_FINE,
	CSV_FIELD_TOO_LONG, /* over CSV_FIELD_BYTES */
	CSV_TOO_MANY_COLUMNS, /* over CSV_COLUMNS_MAX */
	CSV_LONE_QUOTE, /* a quote inside an unquoted field, text after a closing quote, or a quote
			   never closed */
	CSV_NUL_BYTE,
};

/* One row. fields[i] are NUL-terminated, as in the file (still in its encoding), valid until row()
 * returns. line is that of its first byte, from 1. */
struct csv_row {
	uint64_t line;
	uint64_t offset; /* of its first byte, from the first byte fed */
	size_t n;
	const char *const *fields;
	const size_t *bytes; /* length of each */
	enum csv_fault fault; /* a row with a fault is given too, with what could be read of it;
				 fields may be empty */
	const uint8_t
		*raw; /* the row's own bytes without its line end, for the file of refused rows */
	size_t raw_n;
};

/* Called once a row, blank lines (no field, or one empty field) included with n = 0. Non-zero stops
 * the parse and is returned. */
typedef int csv_row_fn(void *context, const struct csv_row *row);

/* Ours are csv_reader_*: libcsv itself owns csv_init, csv_parse, csv_fini, csv_free and more. */
struct csv_reader;

/* delimiter is ';' ',' or '\t'. 0 or -ENOMEM. */
int csv_reader_new(char delimiter, csv_row_fn *row, void *context, struct csv_reader **ret_reader);
void csv_reader_free(struct csv_reader **reader);

/* Feeds n bytes. After a fault the reader resumes at the next line, so one bad row never swallows
 * the file. 0, -errno or row()'s answer. */
int csv_reader_feed(struct csv_reader *reader, const void *bytes, size_t n);
/* The file is over: gives the last row if it had no line end, and the fault of a quote never
 * closed. */
int csv_reader_end(struct csv_reader *reader);

/* Appends a field quoted where it must be, for output; a leading = + - @ tab or CR gets a ' before
 * it (formula cells). */
void csv_add_field(struct buf *buf, const char *text, char delimiter);

#endif
