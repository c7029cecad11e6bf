#include "daemon/site/import_cell.h"

#include "daemon/site/import_words.h"
#include "daemon/site/invitation.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <string.h>

#define COUNT_MAX 1000000000
#define SHORT_BYTES 40 /* of a number or date */

struct import_cells {
	enum date_order dates;
	int32_t today;
	enum import_encoding encoding;
	struct import_words *words;
	struct buf text; /* the cell as UTF-8 */
};

int import_cells_new(const struct programme *programme, enum date_order dates, int32_t today,
		     struct import_cells **ret_cells)
{
	own(import_cells_free) struct import_cells *cells = calloc(1, sizeof(*cells));
	int error;

	if (cells == NULL)
		return fail(-ENOMEM);
	cells->dates = dates;
	cells->today = today;
	error = import_words_new(programme, &cells->words);
	if (error != 0)
		return error;
	*ret_cells = take(cells);
	return 0;
}

void import_cells_free(struct import_cells **cells)
{
	struct import_cells *old = *cells;

	if (old == NULL)
		return;
	import_words_free(&old->words);
	buf_wipe(&old->text);
	free(old);
	*cells = NULL;
}

void import_cells_questions(struct import_cells *cells, const struct programme *programme, int site)
{
	import_words_questions(cells->words, programme, site);
}

void import_cells_encoding(struct import_cells *cells, enum import_encoding encoding)
{
	cells->encoding = encoding;
}

/* The bytes at the start of text that are white space in the encoding: blanks, and the no-break
 * space that spreadsheets and web pages leave. */
static size_t blank_at(enum import_encoding encoding, const char *text, size_t n)
{
	if (n > 0 && (*text == ' ' || (*text >= '\t' && *text <= '\r')))
		return 1;
	if (encoding == IMPORT_CP1252)
		return n > 0 && (unsigned char)*text == 0xA0 ? 1 : 0;
	return n > 1 && memcmp(text, "\xC2\xA0", 2) == 0 ? 2 : 0;
}

static void trim(enum import_encoding encoding, const char **text, size_t *n)
{
	size_t blank;

	while ((blank = blank_at(encoding, *text, *n)) > 0) {
		*text += blank;
		*n -= blank;
	}
	for (;;) {
		if (*n > 0 && blank_at(encoding, *text + *n - 1, 1) == 1)
			*n -= 1;
		else if (*n > 1 && blank_at(encoding, *text + *n - 2, 2) == 2)
			*n -= 2;
		else
			return;
	}
}

static void refuse(const struct import_cell *cell, const char *code)
{
	validate_add(cell->findings, code, VALIDATE_ERROR, cell->field, "");
}

static void read_code(struct import_cells *cells, const struct import_cell *cell,
		      struct record *record)
{
	const struct import_word *word =
		import_words_find(cells->words, cell->field, cells->encoding, cell->bytes, cell->n);

	if (word->state == IMPORT_WORD_UNKNOWN) {
		validate_add(cell->findings, "I025", VALIDATE_ERROR, cell->field, word->nearest);
		return;
	}
	if (word->state == IMPORT_WORD_LOST_ZERO)
		validate_add(cell->findings, "I028", VALIDATE_WARN, cell->field, "");
	record->value[cell->field] = word->value;
}

/* The cell as a C string, when it is short enough to be a number or a date. */
static bool copy_short(const struct import_cell *cell, char ret_text[static SHORT_BYTES])
{
	if (cell->n >= SHORT_BYTES)
		return false;
	memcpy(ret_text, cell->bytes, cell->n);
	ret_text[cell->n] = '\0';
	return true;
}

static void read_date(const struct import_cells *cells, const struct import_cell *cell,
		      struct record *record)
{
	char text[SHORT_BYTES];
	int32_t day = 0;
	int error = -EINVAL;

	if (copy_short(cell, text))
		error = date_parse_any(text, cells->dates, cells->today, &day);
	if (error == 0)
		record->value[cell->field] = day;
	else
		refuse(cell, error == -EDOM ? "I024" : "I023");
}

/* 2018-04 and 201804; DATE_NONE when it is neither. */
static int32_t read_year_month(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	bool has_hyphen = digits == 4 && text[4] == '-';
	uint64_t year = 0, month = 0;
	char first[5];

	if (!has_hyphen && digits != 6)
		return DATE_NONE;
	memcpy(first, text, 4);
	first[4] = '\0';
	text += has_hyphen ? 5 : 4;
	if (strlen(text) != 2 || text_to_u64(first, 9999, &year) != 0 ||
	    text_to_u64(text, 99, &month) != 0 || !date_is_valid((int)year, (int)month, 1))
		return DATE_NONE;
	return date_from_civil((int)year, (int)month, 1);
}

/* A month, or a date in it: what is kept is its first day. Six digits are a date when they can be
 * one: of years from 2013 on they cannot be both. */
static void read_month(const struct import_cells *cells, const struct import_cell *cell,
		       struct record *record)
{
	struct validate_result unsaid = {.findings_n = 0};
	struct import_cell whole = *cell;
	char text[SHORT_BYTES];
	int32_t day = DATE_NONE;
	struct date_civil civil;

	whole.findings = &unsaid;
	read_date(cells, &whole, record);
	if (!unsaid.has_error)
		day = record->value[cell->field];
	else if (copy_short(cell, text))
		day = read_year_month(text);
	if (day == DATE_NONE) {
		refuse(cell, "I040");
		return;
	}
	civil = date_to_civil(day);
	record->value[cell->field] = date_from_civil(civil.year, civil.month, 1);
}

/* 12, -3, 1,0 and 1.00: a spreadsheet's whole number may carry empty decimals. */
static void read_count(const struct import_cell *cell, struct record *record)
{
	char text[SHORT_BYTES];
	int64_t value = 0;
	size_t whole;

	if (!copy_short(cell, text)) {
		refuse(cell, "I026");
		return;
	}
	whole = strspn(text, "-0123456789");
	if ((text[whole] == ',' || text[whole] == '.') && text[whole + 1] == '0' &&
	    text[whole + 1 + strspn(text + whole + 1, "0")] == '\0')
		text[whole] = '\0';
	if (text_to_i64(text, -COUNT_MAX, COUNT_MAX, &value) != 0)
		refuse(cell, "I026");
	else
		record->value[cell->field] = (int32_t)value;
}

/* C0, DEL and C1, which the store's codec refuses as well. */
static bool has_control(const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte < 0x20 || byte == 0x7F || (byte == 0xC2 && (unsigned char)text[1] < 0xA0))
			return true;
	}
	return false;
}

/* Tokens and invitation codes are typed from paper, with blanks and hyphens to guide the eye. */
static void tidy(enum record_field field, char *text)
{
	char code[INVITATION_BYTES];
	size_t n = 0;

	if (field == FIELD_invitation_code) {
		if (invitation_read(text, code))
			memcpy(text, code, sizeof(code)); /* never longer than what was read */
	} else if (field == FIELD_transfer_in_token || field == FIELD_transfer_out_token) {
		for (size_t i = 0; text[i] != '\0'; i++)
			if (text[i] != ' ' && text[i] != '-')
				text[n++] = text[i];
		text[n] = '\0';
	}
}

static void read_text(struct import_cells *cells, const struct import_cell *cell,
		      struct record *record)
{
	const char *text = import_text(cells->encoding, cell->bytes, cell->n, &cells->text);
	size_t size = 0;
	char *place = record_text(record, cell->field, &size);

	if (text != NULL)
		tidy(cell->field, (char *)cells->text.data);
	if (text == NULL)
		refuse(cell, "I016");
	else if (strlen(text) >= size)
		refuse(cell, "I027");
	else if (has_control(text))
		refuse(cell, "I029");
	else
		text_copy(place, size, text);
}

static void read_number(const struct import_cells *cells, const struct import_cell *cell,
			struct record *record, struct person_number *ret_number)
{
	static const char *const codes[PERSON_FAULT_N] = {
		[PERSON_EMPTY] = "I018",       [PERSON_EXCEL_NUMBER] = "I021",
		[PERSON_LOST_ZERO] = "I022",   [PERSON_LETTER] = "I017",
		[PERSON_FORM] = "I018",        [PERSON_DATE] = "I019",
		[PERSON_CHECK_DIGIT] = "I014", [PERSON_FUTURE] = "I020",
	};
	char text[SHORT_BYTES];
	enum person_fault fault = PERSON_FORM;

	if (copy_short(cell, text))
		fault = person_parse(text, cells->today, ret_number);
	explicit_bzero(text, sizeof(text));
	if (fault != PERSON_FINE)
		refuse(cell, codes[fault]);
	else
		memcpy(record->identity.number, ret_number->digits, PERSON_NUMBER_BYTES);
}

void import_cell_read(struct import_cells *cells, const struct import_cell *given,
		      struct record *record, struct person_number *ret_number)
{
	struct import_cell cell = *given;

	trim(cells->encoding, &cell.bytes, &cell.n);
	if (cell.n == 0) {
		if (cell.field == FIELD_income)
			record->value[cell.field] = 0;
		return;
	}
	switch (record_row(cell.field)->type) {
	case RECORD_NUMBER_ID:
		read_number(cells, &cell, record, ret_number);
		return;
	case RECORD_TEXT:
		read_text(cells, &cell, record);
		return;
	case RECORD_DATE:
		if (cell.field == FIELD_hours_month)
			read_month(cells, &cell, record);
		else
			read_date(cells, &cell, record);
		return;
	case RECORD_COUNT:
		read_count(&cell, record);
		return;
	case RECORD_CODE:
	case RECORD_SET:
	case RECORD_BOOL:
	case RECORD_MUNICIPALITY:
		read_code(cells, &cell, record);
		return;
	}
}
