/*
 * What kind of file an import was given, from its first bytes: encoding, delimiter, and the row of
 * headings, which is the first with two or more headings that are known; what stands above it is
 * preamble.
 */
#ifndef MIA_SITE_IMPORT_SNIFF_H
#define MIA_SITE_IMPORT_SNIFF_H

#include "daemon/site/import_heading.h"
#include "lib/csv.h"

#define IMPORT_UNKNOWN_BYTES 256

/* ASCII: nothing in the head tells which; the first other byte will. */
enum import_encoding { IMPORT_ASCII, IMPORT_UTF8, IMPORT_UTF8_BOM, IMPORT_CP1252 };

struct import_head {
	enum import_encoding encoding;
	char delimiter;
	uint64_t line, offset, bytes; /* of the row of headings */
	int16_t columns[CSV_COLUMNS_MAX]; /* the field of each, or IMPORT_HEADING_... */
	size_t columns_n;
	char unknown[IMPORT_UNKNOWN_BYTES]; /* headings nobody knows, with commas between */
	size_t unknown_n;
};

/* The first n bytes of the file, all of it when is_whole. encoding is what the user said, or NULL.
 */
struct import_sample {
	const void *bytes;
	size_t n;
	bool is_whole;
	const char *encoding;
};

/* -EBADMSG with fault: a workbook or a document (I001), no text (I002), empty (I003), no headings
 * (I005), an encoding that cannot be read (I010). */
int import_sniff(const struct import_sample *sample, const struct import_headings *headings,
		 struct import_head *ret_head, struct fault *fault);

/* "UTF-8", "UTF-8 with BOM", "Windows-1252". */
const char *import_encoding_name(enum import_encoding encoding);
/* The bytes as UTF-8 in buf, which is cleared first: NULL when they are no text in the encoding. */
const char *import_text(enum import_encoding encoding, const char *bytes, size_t n,
			struct buf *buf);
/* Whether no byte is over 0x7F. */
bool import_is_ascii(const void *bytes, size_t n);

#endif
