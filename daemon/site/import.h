/*
 * Import: bytes of a delimited file in pieces of any size in, checked rows out. Finds encoding,
 * delimiter and the row of headings from the first 64 KiB, matches headings to record fields by the
 * programme's names, and turns each row into a record or into findings with line, column, code and
 * remedy. Stores nothing: what becomes of a good row is the caller's.
 */
#ifndef MIA_SITE_IMPORT_H
#define MIA_SITE_IMPORT_H

#include "daemon/site/import_person.h"
#include "lib/date.h"

#define IMPORT_BYTES_MAX ((uint64_t)1 << 30)
#define IMPORT_ROWS_MAX 1000000
#define IMPORT_HEAD_BYTES (64 * 1024)

/* All pointers are borrowed until import_free(). */
struct import_settings {
	const struct programme *programme;
	const struct programme_site *site;
	int32_t today;
	enum date_order dates;
	const char *encoding; /* "utf-8", "windows-1252", or NULL: find out */
	const char *map; /* text of a --map file (HEADING = FIELD lines), or NULL */
	uint64_t bytes; /* size of the file, for limits */
};

/* One data row. offset and bytes say where the row stands in the file as sent. Rows of items of one
 * person share a record, which is whole with the last of them. */
struct import_row {
	uint64_t line, offset, bytes;
	enum import_form form;
	struct record *record;
	bool is_whole; /* record is good, to be stored now */
	struct validate_result *result; /* findings so far (import's I... and validation's V...);
					   the caller may add its own */
};

/* What the caller needs for its own checks and does with the row: 0 to go on, else stop. Called
 * also for rows with errors. */
typedef int import_row_fn(void *context, struct import_row *row);
struct import_summary {
	const char *encoding; /* "UTF-8", "UTF-8 with BOM", "Windows-1252" */
	char delimiter;
	uint64_t heading_line; /* from 1 */
	uint64_t heading_offset, heading_bytes; /* of the row of headings */
	uint64_t rows, rows_refused, blank_lines;
	enum import_form form;
	char unknown_headings[256]; /* of columns not read, with commas between; cut */
	size_t unknown_headings_n;
};

struct import;
int import_new(const struct import_settings *settings, import_row_fn *row, import_known_fn *known,
	       void *context, struct import **ret_import);
void import_free(struct import **import);
/* 0, -EBADMSG with fault when the file as a whole cannot be read (wrong type, binary, unknown
 * headings, over a limit), -errno, or what row gave. */
int import_feed(struct import *import, const void *bytes, size_t n, struct fault *fault);
int import_end(struct import *import, struct fault *fault);
void import_summary(const struct import *import, struct import_summary *ret_summary);

#endif
