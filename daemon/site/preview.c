#include "daemon/site/preview.h"

#include "daemon/site/book_adopt.h"
#include "daemon/site/reconcile_sheet.h"
#include "lib/own.h"

#include <errno.h>
#include <stdio.h>

/* What the books would give. */
struct outlook {
	struct release_figures figures;
	uint32_t waiting[PROGRAMME_MEASURES_MAX][PROGRAMME_CELLS_MAX];
	bool has_differences;
};

static void add_columns(struct sheet *sheet, bool has_differences)
{
	static const struct {
		const char *id;
		enum sheet_type type;
		const char *heading;
	} columns[] = {
		{"measure", SHEET_CODE, N_("Measure")},
		{"cell", SHEET_CODE, N_("Cell")},
		{"published", SHEET_COUNT, N_("Published")},
		{"waiting", SHEET_COUNT, N_("Waits")},
		{"corrections", SHEET_COUNT, N_("Corrections")},
		{"value", SHEET_COUNT, N_("In the report")},
		{"stays", SHEET_COUNT, N_("Waits on")},
	};

	for (size_t i = 0; i < array_n(columns); i++)
		sheet_column(sheet, columns[i].id, columns[i].type, columns[i].heading, false);
	if (has_differences)
		sheet_column(sheet, "differences", SHEET_COUNT, N_("Differences"), false);
}

/* What has left so far and what is still to come of a cell: published + waits + corrections +
 * differences is what the records say. */
static void add_cell(struct sheet *sheet, const struct book *book, const struct outlook *outlook,
		     size_t measure, size_t cell)
{
	const struct release_cell *figure = &outlook->figures.cells[measure][cell];
	struct book_balance balance;

	book_balance(book, measure, cell, &balance);
	sheet_add_number(sheet, balance.published);
	sheet_add_number(sheet, balance.waiting);
	sheet_add_number(sheet, balance.corrections);
	if (!outlook->figures.is_due[measure])
		sheet_add_empty(sheet);
	else if (figure->state == CELL_VALUE)
		sheet_add_number(sheet, figure->value);
	else
		sheet_add_state(sheet, (enum cell_state)figure->state);
	sheet_add_number(sheet, outlook->waiting[measure][cell]);
	if (outlook->has_differences)
		sheet_add_number(sheet, balance.differences);
}

/* How many events wait on in all, due or not. */
static uint64_t add_rows(struct sheet *sheet, const struct programme *programme,
			 const struct book *book, const struct outlook *outlook,
			 enum programme_language language)
{
	uint64_t waiting_n = 0;

	for (size_t m = 0; m < programme->measures_n; m++) {
		const struct programme_measure *measure = &programme->measures[m];

		for (size_t c = 0; c < measure->cells_n; c++) {
			waiting_n += outlook->waiting[m][c];
			sheet_add_code(sheet, measure->id, programme_text(measure->label, language),
				       NULL);
			sheet_add_code(sheet, measure->cells[c].id,
				       programme_text(measure->cells[c].label, language), NULL);
			add_cell(sheet, book, outlook, m, c);
		}
	}
	return waiting_n;
}

static void add_notes(struct sheet *sheet, const struct programme *programme, uint32_t period,
		      uint64_t waiting_n)
{
	char bytes[24], waiting[24], k[16];

	(void)snprintf(bytes, sizeof(bytes), "%zu", release_payload_bytes(programme, period));
	(void)snprintf(waiting, sizeof(waiting), "%llu", (unsigned long long)waiting_n);
	(void)snprintf(k, sizeof(k), "%u", programme->policy.k);
	sheet_note(sheet,
		   N_("The report is %1 bytes, whatever it says; it is signed, and encrypted to "
		      "the hub."),
		   bytes, NULL);
	sheet_note(sheet, N_("It holds these sums alone: no row about a person is in it."), NULL);
	if (waiting_n > 0)
		sheet_note(
			sheet,
			waiting_n == 1
				? N_("%1 event waits for a later report: fewer than %2 persons in "
				     "a figure, dated later, or not due this month.")
				: N_("%1 events wait for a later report: fewer than %2 persons in "
				     "a "
				     "figure, dated later, or not due this month."),
			waiting, k, NULL);
}

int preview_sheet(const struct parts *parts, enum programme_language language,
		  struct sheet **ret_sheet)
{
	own(mem_free) struct outlook *outlook = calloc(1, sizeof(*outlook));
	own(sheet_free) struct sheet *sheet = sheet_new("mia.preview/1", SHEET_TABLE);
	const struct programme *programme = parts->closing.programme;
	const struct book *book = store_book(parts->store);
	uint32_t period = book_next(book);
	char month[PERIOD_TEXT_BYTES];
	int error;

	if (outlook == NULL)
		return fail(-ENOMEM);
	error = book_preview(book, period, &outlook->figures, outlook->waiting);
	if (error != 0)
		return error;
	period_format_month(period, month);
	sheet_title(sheet, N_("The next report: %1, as it would be now"), month, NULL);
	outlook->has_differences = book_has_differences(book);
	add_columns(sheet, outlook->has_differences);
	add_notes(sheet, programme, period, add_rows(sheet, programme, book, outlook, language));
	if (outlook->has_differences)
		reconcile_note_differences(sheet);
	*ret_sheet = take(sheet);
	return 0;
}
