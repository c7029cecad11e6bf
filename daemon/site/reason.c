#include "daemon/site/reason.h"

#include "lib/own.h"

#include <errno.h>
#include <stdlib.h>

/* What the books would give. */
struct outlook {
	struct release_figures figures;
	uint32_t waiting[PROGRAMME_MEASURES_MAX][PROGRAMME_CELLS_MAX];
};

bool reason_is_ours(const struct parts *parts, const struct why *why)
{
	const struct programme *programme = parts->closing.programme;

	return why->ask.site < 0 || &programme->sites[why->ask.site] == parts->site;
}

static void add_columns(struct sheet *sheet)
{
	sheet_column(sheet, "cell", SHEET_TEXT, N_("Cell"), false);
	sheet_column(sheet, "published", SHEET_COUNT, N_("Published"), false);
	sheet_column(sheet, "waiting", SHEET_COUNT, N_("Waits"), false);
	sheet_column(sheet, "corrections", SHEET_COUNT, N_("Corrections"), false);
	sheet_column(sheet, "next", SHEET_COUNT, N_("In the report"), false);
	sheet_column(sheet, "stays", SHEET_COUNT, N_("Waits on"), false);
}

static void add_cell(struct sheet *sheet, const struct book *book, const struct outlook *outlook,
		     size_t measure, size_t cell)
{
	struct book_balance balance;

	book_balance(book, measure, cell, &balance);
	sheet_add_number(sheet, balance.published);
	sheet_add_number(sheet, balance.waiting);
	sheet_add_number(sheet, balance.corrections);
	if (outlook->figures.is_due[measure])
		sheet_add_number(sheet, outlook->figures.cells[measure][cell].value);
	else
		sheet_add_empty(sheet);
	sheet_add_number(sheet, outlook->waiting[measure][cell]);
}

static void add_notes(struct sheet *sheet)
{
	sheet_note(sheet,
		   N_("Published, waiting and corrections together are what the records say."),
		   NULL);
	sheet_note(
		sheet,
		N_("Corrections: what will be added or taken away when each can be booked whole, "
		   "without a figure under the smallest shown. Those booked already are in the "
		   "months they were booked in; `mia person show CASE --history` tells which."),
		NULL);
}

int reason_sheet(const struct parts *parts, const struct why *why, struct sheet **ret_sheet)
{
	own(mem_free) struct outlook *outlook = calloc(1, sizeof(*outlook));
	own(sheet_free) struct sheet *sheet = sheet_new("mia.why.books/1", SHEET_TABLE);
	const struct book *book = store_book(parts->store);
	size_t measure = (size_t)why->ask.measure;
	const struct programme_measure *row = &parts->closing.programme->measures[measure];
	char month[PERIOD_TEXT_BYTES];
	int error;

	if (outlook == NULL || sheet == NULL)
		return fail(-ENOMEM);
	error = book_preview(book, book_next(book), &outlook->figures, outlook->waiting);
	if (error != 0)
		return error;
	period_format_month(book_next(book), month);
	sheet_title(sheet, N_("In our own books; the next report is %1"), month, NULL);
	add_columns(sheet);
	for (size_t c = 0; c < row->cells_n; c++) {
		if (why->cell >= 0 && (size_t)why->cell != c)
			continue;
		sheet_add_text(sheet, programme_text(row->cells[c].label, why->ask.language));
		add_cell(sheet, book, outlook, measure, c);
	}
	add_notes(sheet);
	*ret_sheet = take(sheet);
	return 0;
}
