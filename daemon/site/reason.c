#include "daemon/site/reason.h"

#include "daemon/site/book_adopt.h"
#include "daemon/site/book_corrected.h"
#include "daemon/site/reconcile_sheet.h"

#include <inttypes.h>
#include <stdio.h>

bool reason_is_ours(const struct parts *parts, const struct why *why)
{
	const struct programme *programme = parts->closing.programme;

	return why->ask.site < 0 || &programme->sites[why->ask.site] == parts->site;
}

static void add_columns(struct sheet *sheet, bool has_differences)
{
	sheet_column(sheet, "cell", SHEET_CODE, N_("Cell"), false);
	sheet_column(sheet, "booked", SHEET_COUNT, N_("Newly booked"), false);
	sheet_column(sheet, "taken", SHEET_COUNT, N_("Corrected away"), false);
	sheet_column(sheet, "added", SHEET_COUNT, N_("Corrected to"), false);
	sheet_column(sheet, "value", SHEET_COUNT, N_("In the reports"), false);
	sheet_column(sheet, "waiting", SHEET_COUNT, N_("Waits"), false);
	sheet_column(sheet, "corrections", SHEET_COUNT, N_("Corrections that wait"), false);
	if (has_differences)
		sheet_column(sheet, "differences", SHEET_COUNT, N_("Differences"), false);
}

static void add_cell(struct sheet *sheet, const struct book *book, const struct why *why, int cell)
{
	struct book_corrected corrected;
	struct book_balance balance;

	book_corrected(book, why->ask.range, why->ask.measure, cell, &corrected);
	book_balance(book, (size_t)why->ask.measure, (size_t)cell, &balance);
	sheet_add_number(sheet, corrected.figures + corrected.taken - corrected.added);
	sheet_add_number(sheet, corrected.taken);
	sheet_add_number(sheet, corrected.added);
	sheet_add_number(sheet, corrected.figures);
	sheet_add_number(sheet, balance.waiting);
	sheet_add_number(sheet, balance.corrections);
	if (book_has_differences(book))
		sheet_add_number(sheet, balance.differences);
}

static void add_notes(struct sheet *sheet, bool has_differences)
{
	sheet_note(sheet,
		   N_("Newly booked less what was corrected away and with what was corrected to is "
		      "what our reports said."),
		   NULL);
	sheet_note(
		sheet,
		N_("A correction waits until it can be booked whole with every figure 0 or large "
		   "enough to be shown; `mia person show CASE --history` tells of each."),
		NULL);
	if (has_differences)
		reconcile_note_differences(sheet);
}

struct sheet *reason_sheet(const struct parts *parts, const struct why *why)
{
	const struct programme *programme = parts->closing.programme;
	const struct programme_measure *measure = &programme->measures[why->ask.measure];
	bool has_differences = book_has_differences(store_book(parts->store));
	struct sheet *sheet = sheet_new("mia.why.books/1", SHEET_TABLE);

	sheet_title(sheet, N_("In our own books: %1"),
		    programme_text(parts->site->label, why->ask.language), NULL);
	add_columns(sheet, has_differences);
	for (size_t c = 0; c < measure->cells_n; c++) {
		if (why->cell >= 0 && (size_t)why->cell != c)
			continue;
		sheet_add_code(sheet, measure->cells[c].id,
			       programme_text(measure->cells[c].label, why->ask.language), NULL);
		add_cell(sheet, store_book(parts->store), why, (int)c);
	}
	add_notes(sheet, has_differences);
	return sheet;
}

void reason_note(const struct parts *parts, enum programme_language language, struct sheet *sheet)
{
	const struct period_range ever = {RELEASE_PERIOD_MIN, RELEASE_PERIOD_MAX};
	struct book_corrected corrected;
	char some[16], all[16];

	book_corrected(store_book(parts->store), ever, -1, -1, &corrected);
	(void)snprintf(some, sizeof(some), "%" PRIu32, corrected.corrected);
	(void)snprintf(all, sizeof(all), "%" PRIu32, corrected.closings);
	sheet_note(sheet,
		   N_("%1: %2 of %3 reports hold corrections of earlier months, as our own books "
		      "know; those of others know theirs."),
		   programme_text(parts->site->label, language), some, all, NULL);
}
