#include "daemon/site/import_sniff.h"

#include "lib/own.h"
#include "lib/text.h"
#include "proto/sheet.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define KNOWN_HEADINGS_MIN 2
#define HEADING_BYTES_MAX 96
#define PROPOSALS_MAX 12

const char *import_encoding_name(enum import_encoding encoding)
{
	static const char *const names[] = {
		[IMPORT_ASCII] = "UTF-8",
		[IMPORT_UTF8] = "UTF-8",
		[IMPORT_UTF8_BOM] = "UTF-8 with BOM",
		[IMPORT_CP1252] = "Windows-1252",
	};

	return names[encoding];
}

bool import_is_ascii(const void *bytes, size_t n)
{
	const uint8_t *at = bytes;

	for (; n >= sizeof(uint64_t); at += sizeof(uint64_t), n -= sizeof(uint64_t)) {
		uint64_t eight;

		memcpy(&eight, at, sizeof(eight));
		if ((eight & 0x8080808080808080u) != 0)
			return false;
	}
	for (; n > 0; at++, n--)
		if (*at >= 0x80)
			return false;
	return true;
}

const char *import_text(enum import_encoding encoding, const char *bytes, size_t n, struct buf *buf)
{
	buf_clear(buf);
	if (encoding == IMPORT_CP1252) {
		if (text_from_cp1252(bytes, n, buf) != 0)
			return NULL;
	} else {
		if (!text_is_utf8(bytes, n))
			return NULL;
		buf_add(buf, bytes, n);
	}
	return buf_text(buf);
}

/* ---- What kind of file ---- */

static int refuse_document(const uint8_t *bytes, size_t n, struct fault *fault)
{
	static const struct {
		const char *magic;
		size_t n;
		const char *what;
	} documents[] = {
		{"PK\x03\x04", 4, N_("an Excel workbook (xlsx) or another zip file")},
		{"\xD0\xCF\x11\xE0", 4, N_("an old Excel workbook (xls)")},
		{"%PDF", 4, N_("a PDF")},
	};

	for (size_t i = 0; i < array_n(documents); i++)
		if (n >= documents[i].n && memcmp(bytes, documents[i].magic, documents[i].n) == 0)
			return fault_set(fault, "I001", "the file",
					 "Open it in its program and save it as CSV.",
					 "the file is %s, not a CSV file", documents[i].what);
	return 0;
}

/* A stray NUL is a fault of its row; a file of them is none of text. */
static int refuse_binary(const uint8_t *bytes, size_t n, struct fault *fault)
{
	bool is_utf16 =
		n >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0);
	size_t nuls = 0;
	size_t controls = 0;

	for (size_t i = 0; i < n; i++) {
		nuls += bytes[i] == 0 ? 1 : 0;
		controls += bytes[i] < 0x20 && strchr("\t\r\n\f", bytes[i]) == NULL ? 1 : 0;
	}
	if (is_utf16 || nuls * 4 > n)
		return fault_set(fault, "I010", "the file", "Save it as CSV UTF-8.",
				 "the file is in UTF-16 (\"Unicode text\"), or is no text at all");
	if (controls * 20 > n && controls >= 8)
		return fault_set(fault, "I002", "the file",
				 "Export it again as CSV from the case system.",
				 "the file is not text: %zu of its first %zu bytes are control "
				 "characters",
				 controls, n);
	return 0;
}

/* Bytes of the character of UTF-8 that begins at bytes, 0 when none does. */
static size_t character_at(const char *bytes, size_t n)
{
	for (size_t length = 2; length <= 4 && length <= n; length++)
		if (text_is_utf8(bytes, length))
			return length;
	return 0;
}

/* By the greater number: a row or two of another encoding must not turn the whole file. */
static bool is_utf8_head(const char *bytes, size_t n)
{
	size_t characters = 0;
	size_t others = 0;

	for (size_t i = 0; i < n;) {
		size_t length = bytes[i] > 0 ? 0 : character_at(bytes + i, n - i);

		characters += length > 0 ? 1 : 0;
		others += length == 0 && (unsigned char)bytes[i] >= 0x80 ? 1 : 0;
		i += length > 0 ? length : 1;
	}
	return characters > others;
}

static bool is_name(const char *said, const char *const names[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcasecmp(said, names[i]) == 0)
			return true;
	return false;
}

static int find_encoding(const struct import_sample *sample, enum import_encoding *ret_encoding,
			 struct fault *fault)
{
	static const char *const utf8[] = {"utf-8", "utf8"};
	static const char *const cp1252[] = {"windows-1252", "cp1252", "latin1", "iso-8859-1"};
	const char *said = sample->encoding;
	bool has_mark = sample->n >= 3 && memcmp(sample->bytes, "\xEF\xBB\xBF", 3) == 0;

	if (has_mark)
		*ret_encoding = IMPORT_UTF8_BOM;
	else if (said != NULL && is_name(said, utf8, array_n(utf8)))
		*ret_encoding = IMPORT_UTF8;
	else if (said != NULL && is_name(said, cp1252, array_n(cp1252)))
		*ret_encoding = IMPORT_CP1252;
	else if (said != NULL)
		return fault_set(fault, "I010", "--encoding", "Say utf-8 or windows-1252.",
				 "there is no encoding of that name here");
	else if (import_is_ascii(sample->bytes, sample->n))
		*ret_encoding = IMPORT_ASCII;
	else
		*ret_encoding =
			is_utf8_head(sample->bytes, sample->n) ? IMPORT_UTF8 : IMPORT_CP1252;
	return 0;
}

/* ---- The row of headings ---- */

static const char delimiters[] = {';', ',', '\t'};

struct search {
	const struct import_headings *headings;
	struct import_head *head; /* its encoding is known */
	size_t known_n; /* headings known in the row found */
	const char *nearest; /* to some heading not known */
	size_t proposals_left; /* how often one may be looked for, which is slow; at first never */
};

static size_t digits_in(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text >= '0' && *text <= '9' ? 1 : 0;
	return n;
}

/* What mia itself puts at the end of a file of refused rows. */
#define OUR_COLUMN "MIA"

/* Names the heading in the summary, unless it looks like data: nothing of a person is echoed. */
static void note_unknown(struct import_head *head, const char *text)
{
	own(buf_free) struct buf safe = {0};
	size_t used = strlen(head->unknown);
	const char *word;

	if (strcmp(text, OUR_COLUMN) == 0)
		return;
	head->unknown_n++;
	if (digits_in(text) >= 6 || strlen(text) > HEADING_BYTES_MAX)
		return;
	text_escape(text, strlen(text), &safe);
	word = buf_text(&safe);
	if (word == NULL || used + safe.n + 3 > sizeof(head->unknown))
		return;
	(void)snprintf(head->unknown + used, sizeof(head->unknown) - used, "%s%s",
		       used > 0 ? ", " : "", word);
}

static void propose(struct search *search, const char *text)
{
	if (search->nearest != NULL || search->proposals_left == 0 || text[0] == '\0' ||
	    digits_in(text) >= 3)
		return;
	search->proposals_left--;
	search->nearest = import_headings_nearest(search->headings, text);
}

/* How many headings of a row are known: 0 or -ENOMEM, as a heading that there was no memory for is
 * not one that nobody knows. */
static int match_row(struct search *search, const struct csv_row *row, int16_t *columns,
		     size_t *ret_known)
{
	own(buf_free) struct buf buf = {0};
	size_t known = 0;

	for (size_t i = 0; i < row->n; i++) {
		const char *text =
			import_text(search->head->encoding, row->fields[i], row->bytes[i], &buf);
		int field = text == NULL ? IMPORT_HEADING_UNKNOWN
					 : import_headings_find(search->headings, text);

		if (field == IMPORT_HEADING_FAILED || buf.error == -ENOMEM)
			return fail(-ENOMEM);
		columns[i] = (int16_t)field;
		known += field >= 0 ? 1 : 0;
		if (text != NULL && field == IMPORT_HEADING_UNKNOWN)
			propose(search, text);
	}
	*ret_known = known;
	return 0;
}

static void keep_row(struct search *search, const struct csv_row *row)
{
	own(buf_free) struct buf buf = {0};
	struct import_head *head = search->head;

	head->line = row->line;
	head->offset = row->offset;
	head->bytes = row->raw_n;
	head->columns_n = row->n;
	for (size_t i = 0; i < row->n; i++) {
		const char *text = import_text(head->encoding, row->fields[i], row->bytes[i], &buf);

		if (head->columns[i] != IMPORT_HEADING_UNKNOWN)
			continue;
		if (text != NULL && text[0] != '\0')
			note_unknown(head, text);
	}
}

static int look_at_row(void *context, const struct csv_row *row)
{
	struct search *search = context;
	int error;

	if (row->fault != CSV_FINE || row->n < KNOWN_HEADINGS_MIN)
		return 0;
	error = match_row(search, row, search->head->columns, &search->known_n);
	if (error != 0)
		return error;
	if (search->known_n < KNOWN_HEADINGS_MIN) {
		search->known_n = 0;
		return 0;
	}
	keep_row(search, row);
	return 1;
}

/* Searches the head for headings with one delimiter: 0 or -ENOMEM; found when known_n > 0. */
static int search_with(char delimiter, const struct import_sample *sample, struct search *search)
{
	own(csv_reader_free) struct csv_reader *reader = NULL;
	int error = csv_reader_new(delimiter, look_at_row, search, &reader);

	search->head->delimiter = delimiter;
	if (error == 0)
		error = csv_reader_feed(reader, sample->bytes, sample->n);
	if (error == 0 && sample->is_whole)
		error = csv_reader_end(reader);
	return error < 0 ? error : 0;
}

/* No headings were found: looks again for words that come near one. */
static int refuse_headings(const struct import_sample *sample,
			   const struct import_headings *headings, enum import_encoding encoding,
			   struct fault *fault)
{
	struct import_head head = {.encoding = encoding};
	struct search search = {.headings = headings,
				.head = &head,
				.proposals_left = PROPOSALS_MAX};

	for (size_t i = 0; i < array_n(delimiters) && search.nearest == NULL; i++) {
		int error = search_with(delimiters[i], sample, &search);

		if (error != 0)
			return error;
	}
	if (search.nearest == NULL)
		return fault_set(fault, "I005", "the first 64 KiB",
				 "Give the columns the programme's headings, or use --map FILE.",
				 "no row has two headings that the programme knows");
	return fault_set(fault, "I005", "the first 64 KiB",
			 "Correct the headings, or use --map FILE.",
			 "no row has two headings that the programme knows; did you mean \"%s\"?",
			 search.nearest);
}

/* The delimiter is the one under which most headings are known. */
static int find_headings(const struct import_sample *sample, const struct import_headings *headings,
			 struct import_head *head, struct fault *fault)
{
	enum import_encoding encoding = head->encoding;
	size_t best = 0;

	for (size_t i = 0; i < array_n(delimiters); i++) {
		struct import_head tried = {.encoding = encoding};
		struct search search = {.headings = headings, .head = &tried};
		int error = search_with(delimiters[i], sample, &search);

		if (error != 0)
			return error;
		if (search.known_n <= best)
			continue;
		best = search.known_n;
		*head = tried;
	}
	if (best == 0)
		return refuse_headings(sample, headings, encoding, fault);
	return 0;
}

int import_sniff(const struct import_sample *sample, const struct import_headings *headings,
		 struct import_head *ret_head, struct fault *fault)
{
	struct import_head head = {0};
	int error;

	if (sample->n == 0)
		return fault_set(fault, "I003", "the file", "Check that the right file was chosen.",
				 "the file is empty");
	error = refuse_document(sample->bytes, sample->n, fault);
	if (error == 0)
		error = refuse_binary(sample->bytes, sample->n, fault);
	if (error == 0)
		error = find_encoding(sample, &head.encoding, fault);
	if (error == 0)
		error = find_headings(sample, headings, &head, fault);
	if (error == 0)
		*ret_head = head;
	return error;
}
