#include "daemon/site/import.h"

#include "daemon/site/import_cell.h"
#include "daemon/site/import_items.h"
#include "daemon/site/import_settle.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/sheet.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct import {
	struct import_settings settings;
	import_row_fn *row;
	import_known_fn *known;
	void *context;
	struct import_headings *headings;
	struct import_cells *cells;
	struct csv_reader *reader; /* NULL while the head is gathered */
	struct buf head_bytes;
	struct import_head head;
	struct import_columns columns;
	uint64_t bytes; /* fed so far */
	enum import_encoding encoding; /* of the rows; ASCII until one tells */
	struct demands *demands;
	struct record record, known_record;
	struct validate_result cell_findings, result;
	struct import_items *items; /* of a file of items */
	struct import_row waiting; /* a row of items not yet given; line 0: none */
	struct validate_result waiting_result;
	int stopped; /* what the row given while another was read said */
	struct import_summary summary;
	struct fault *fault; /* of the call in progress */
};

static int site_of(const struct import_settings *settings)
{
	return (int)(settings->site - settings->programme->sites);
}

int import_new(const struct import_settings *settings, import_row_fn *row, import_known_fn *known,
	       void *context, struct import **ret_import)
{
	own(import_free) struct import *import = calloc(1, sizeof(*import));
	struct fault fault; /* a room whose programme makes one does not open */
	int error;

	if (import == NULL)
		return fail(-ENOMEM);
	import->settings = *settings;
	import->row = row;
	import->known = known;
	import->context = context;
	import->items = calloc(1, sizeof(*import->items));
	if (import->items == NULL)
		return fail(-ENOMEM);
	record_clear(&import->record);
	record_clear(&import->known_record);
	import_items_clear(import->items);
	error = demands_new(settings->programme, &import->demands, &fault);
	if (error == 0)
		error = import_cells_new(settings->programme, settings->dates, settings->today,
					 &import->cells);
	if (error != 0)
		return error;
	import_cells_questions(import->cells, settings->programme, site_of(settings));
	*ret_import = take(import);
	return 0;
}

void import_free(struct import **import)
{
	struct import *old = *import;

	if (old == NULL)
		return;
	record_wipe(&old->record);
	record_wipe(&old->known_record);
	if (old->items != NULL)
		import_items_wipe(old->items);
	free(old->items);
	demands_free(&old->demands);
	csv_reader_free(&old->reader);
	import_headings_free(&old->headings);
	import_cells_free(&old->cells);
	buf_wipe(&old->head_bytes);
	free(old);
	*import = NULL;
}

/* ---- A row ---- */

/* What csv found, or what the bytes are. False when the row's cells cannot be trusted. */
static bool check_bytes(struct import *import, const struct csv_row *row)
{
	static const char *const codes[] = {
		[CSV_FIELD_TOO_LONG] = "I012",
		[CSV_TOO_MANY_COLUMNS] = "I013",
		[CSV_LONE_QUOTE] = "I011",
		[CSV_NUL_BYTE] = "I015",
	};
	struct validate_result *findings = &import->cell_findings;

	if (row->fault != CSV_FINE) {
		validate_add(findings, codes[row->fault], VALIDATE_ERROR, FIELD_N, "");
		return false;
	}
	for (size_t i = import->columns.n; i < row->n; i++) {
		if (row->bytes[i] == 0)
			continue;
		validate_add(findings, "I013", VALIDATE_ERROR, FIELD_N, "");
		return false;
	}
	if (import_is_ascii(row->raw, row->raw_n) || import->encoding == IMPORT_CP1252)
		return true;
	if (text_is_utf8((const char *)row->raw, row->raw_n)) {
		if (import->encoding == IMPORT_ASCII)
			import->encoding = IMPORT_UTF8;
		return true;
	}
	if (import->encoding == IMPORT_ASCII) {
		import->encoding = IMPORT_CP1252;
		import_cells_encoding(import->cells, IMPORT_CP1252);
		return true;
	}
	validate_add(findings, "I016", VALIDATE_ERROR, FIELD_N, "");
	return false;
}

/* Reads the cells; true when the row has a number. */
static bool read_cells(struct import *import, const struct csv_row *row,
		       struct person_number *ret_number)
{
	size_t n = row->n < import->columns.n ? row->n : import->columns.n;

	for (size_t i = 0; i < n; i++) {
		struct import_cell cell = {
			.field = (enum record_field)import->columns.fields[i],
			.bytes = row->fields[i],
			.n = row->bytes[i],
			.findings = &import->cell_findings,
		};

		if (import->columns.fields[i] >= 0)
			import_cell_read(import->cells, &cell, &import->record, ret_number);
	}
	return import->record.identity.number[0] != '\0';
}

/* The findings of the cells behind those of the rules. */
static void add_cell_findings(struct import *import)
{
	for (size_t i = 0; i < import->cell_findings.findings_n; i++) {
		const struct validate_finding *finding = &import->cell_findings.findings[i];

		validate_add(&import->result, finding->code, finding->severity, finding->field,
			     finding->detail);
	}
	import->result.has_error = import->result.has_error || import->cell_findings.has_error;
}

static int give(struct import *import, struct import_row *row)
{
	int answer = import->row(import->context, row);

	import->summary.rows_refused += row->result->has_error ? 1 : 0;
	return answer;
}

/* A row of items waits for the next, which says whether the person's record is whole with it. */
static int give_waiting(struct import *import, bool is_whole)
{
	struct import_row row = import->waiting;

	if (row.line == 0)
		return 0;
	import->waiting.line = 0;
	row.record = &import->items->whole;
	row.is_whole = is_whole && import->items->is_good;
	row.result = &import->waiting_result;
	return give(import, &row);
}

/* Whether the row begins another person's, so that what is known of them must be asked after the
 * one before is stored. */
static int make_way(struct import *import, const struct record *record)
{
	bool is_next = import_items_is_next(import->items, record);
	int answer = give_waiting(import, !is_next);

	if (!is_next)
		import_items_wipe(import->items);
	return answer;
}

static void judge_items(struct import *import, const struct import_judge *judge,
			const struct import_read *read)
{
	import_settle_identity(&import->columns, read->number, read->record, read->findings);
	import->stopped = make_way(import, read->record);
	if (import->stopped != 0)
		return;
	if (!import->items->is_open)
		import_items_open(import->items, judge, read->record);
	import_items_judge(import->items, judge, read, &import->result);
}

static void judge_row(struct import *import, const struct person_number *number)
{
	const struct import_judge judge = {
		.columns = &import->columns,
		.rules = {.programme = import->settings.programme,
			  .site = import->settings.site,
			  .demands = import->demands,
			  .today = import->settings.today},
		.known = import->known,
		.context = import->context,
	};
	const struct import_read read = {&import->record, number, &import->cell_findings};

	if (import_form_is_items(import->columns.form))
		judge_items(import, &judge, &read);
	else if (import_form_is_apart(import->columns.form))
		import_apart_judge(&judge, &read, &import->result);
	else
		import_person_judge(&judge, &read, &import->known_record, &import->result);
}

static void read_row(struct import *import, const struct csv_row *row)
{
	struct person_number number = {0};

	record_clear(&import->record);
	import->cell_findings.findings_n = import->result.findings_n = 0;
	import->cell_findings.has_error = import->result.has_error = false;
	if (check_bytes(import, row)) {
		bool has_number = read_cells(import, row, &number);

		judge_row(import, has_number ? &number : NULL);
	}
	add_cell_findings(import);
	explicit_bzero(&number, sizeof(number));
}

static bool is_blank(const struct csv_row *row)
{
	if (row->fault != CSV_FINE)
		return false;
	for (size_t i = 0; i < row->n; i++)
		if (row->bytes[i] != 0)
			return false;
	return true;
}

static int refuse_rows(struct import *import, uint64_t line)
{
	char place[64];

	(void)snprintf(place, sizeof(place), N_("line %llu"), (unsigned long long)line);
	return fault_set(import->fault, "I007", place,
			 "Split the file, with the headings on top of each part.",
			 "the file has more than %d rows", IMPORT_ROWS_MAX);
}

static int take_row(void *context, const struct csv_row *row)
{
	struct import *import = context;
	struct import_row given = {
		.line = row->line,
		.offset = row->offset,
		.bytes = row->raw_n,
		.form = import->summary.form,
		.record = &import->record,
		.result = &import->result,
	};

	if (row->line <= import->head.line)
		return 0;
	if (is_blank(row)) {
		import->summary.blank_lines++;
		return 0;
	}
	if (import->summary.rows == IMPORT_ROWS_MAX)
		return refuse_rows(import, row->line);
	read_row(import, row);
	import->summary.rows++;
	if (import->stopped != 0)
		return import->stopped;
	if (import_form_is_items(import->columns.form)) {
		import->waiting = given;
		import->waiting_result = import->result;
		return 0;
	}
	given.is_whole = !import->result.has_error;
	return give(import, &given);
}

/* ---- The file ---- */

static void summarise(struct import *import)
{
	struct import_summary *summary = &import->summary;

	summary->delimiter = import->head.delimiter;
	summary->heading_line = import->head.line;
	summary->heading_offset = import->head.offset;
	summary->heading_bytes = import->head.bytes;
	summary->form = import->columns.form;
	text_copy(summary->unknown_headings, sizeof(summary->unknown_headings),
		  import->head.unknown);
	summary->unknown_headings_n = import->head.unknown_n;
}

/* The head is there: finds out what the file is, and reads what was gathered. */
static int start(struct import *import, bool is_whole)
{
	struct buf *bytes = &import->head_bytes;
	struct import_sample sample = {
		.bytes = bytes->data,
		.n = bytes->n,
		.is_whole = is_whole,
		.encoding = import->settings.encoding,
	};
	int error = import_headings_new(import->settings.programme, site_of(&import->settings),
					import->settings.map, &import->headings, import->fault);

	if (error == 0)
		error = import_sniff(&sample, import->headings, &import->head, import->fault);
	if (error == 0)
		error = import_columns_settle(&import->head, &import->columns, import->fault);
	if (error != 0)
		return error;
	summarise(import);
	import->encoding = import->head.encoding;
	import_cells_encoding(import->cells, import->encoding);
	error = csv_reader_new(import->head.delimiter, take_row, import, &import->reader);
	if (error == 0)
		error = csv_reader_feed(import->reader, bytes->data, bytes->n);
	buf_wipe(bytes);
	return error;
}

static int refuse_bytes(struct fault *fault)
{
	return fault_set(fault, "I006", "the file",
			 "Split the file, with the headings on top of each part.",
			 "the file is larger than %llu MiB",
			 (unsigned long long)(IMPORT_BYTES_MAX >> 20));
}

int import_feed(struct import *import, const void *bytes, size_t n, struct fault *fault)
{
	size_t wanted;

	import->fault = fault;
	import->bytes += n;
	if (import->bytes > IMPORT_BYTES_MAX || import->settings.bytes > IMPORT_BYTES_MAX)
		return refuse_bytes(fault);
	if (import->reader != NULL)
		return csv_reader_feed(import->reader, bytes, n);
	wanted = IMPORT_HEAD_BYTES - import->head_bytes.n;
	if (wanted > n)
		wanted = n;
	buf_add(&import->head_bytes, bytes, wanted);
	if (import->head_bytes.error != 0)
		return import->head_bytes.error;
	if (import->head_bytes.n == IMPORT_HEAD_BYTES) {
		int error = start(import, false);

		if (error != 0)
			return error;
		return csv_reader_feed(import->reader, (const uint8_t *)bytes + wanted, n - wanted);
	}
	return 0;
}

int import_end(struct import *import, struct fault *fault)
{
	int error = 0;

	import->fault = fault;
	if (import->reader == NULL)
		error = start(import, true);
	if (error == 0)
		error = csv_reader_end(import->reader);
	if (error == 0)
		error = give_waiting(import, true);
	if (error == 0 && import->summary.rows == 0)
		return fault_set(fault, "I004", "the file", "Check the selection and export again.",
				 "the file has headings but no rows");
	return error;
}

void import_summary(const struct import *import, struct import_summary *ret_summary)
{
	*ret_summary = import->summary;
	ret_summary->encoding = import_encoding_name(import->encoding);
}
