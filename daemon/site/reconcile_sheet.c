#include "daemon/site/reconcile_sheet.h"

#include "daemon/site/book_adopt.h"
#include "lib/date.h"
#include "lib/own.h"

#include <stdio.h>
#include <string.h>

static const struct word {
	const char *id, *phrase;
} words_of_mark[] = {
	[MARK_HELD] = {"held", N_("known to be all there was")},
	[MARK_LOST] = {"lost", N_("not known to be all there was")},
	[MARK_OTHER] = {"other", N_("known to be not all there was")},
};

struct telling {
	const struct reconcile_show *show;
	struct reconcile_view view;
	uint64_t missing;
	bool is_halted;
};

/* The first that applies, in the order of urgency. */
static struct word state_of(const struct telling *telling)
{
	const struct reconcile *reconcile = telling->show->reconcile;
	const char *halt = outbox_halt(reconcile->outbox);

	if (telling->is_halted && strcmp(halt, OUTBOX_FORKED) == 0)
		return (struct word){"forked", N_("the hub had other reports from us")};
	if (telling->is_halted)
		return (struct word){"adopted", N_("the hub had later reports from us")};
	if (telling->show->mark != MARK_HELD)
		return (struct word){"mark_lost", N_("the store may have been put back")};
	if (telling->view.returned.first != 0)
		return (struct word){"reconciled", N_("acknowledged")};
	return (struct word){"nothing", N_("nothing is to be done")};
}

void reconcile_note_differences(struct sheet *sheet)
{
	sheet_note(sheet,
		   N_("Differences were published in reports that the hub gave back, and are of "
		      "nobody known here: whoever is entered again, or comes, makes up for them "
		      "and is published no second time."),
		   NULL);
}

/* ---- the form ---- */

static void add_columns(struct sheet *sheet)
{
	sheet_column(sheet, "site", SHEET_CODE, N_("Site"), false);
	sheet_column(sheet, "state", SHEET_CODE, N_("State"), false);
	sheet_column(sheet, "code", SHEET_TEXT, N_("Code"), false);
	sheet_column(sheet, "mark", SHEET_CODE, N_("Our reports"), false);
	sheet_column(sheet, "came_back", SHEET_MOMENT, N_("Came back"), false);
	sheet_column(sheet, "first", SHEET_COUNT, N_("From report"), false);
	sheet_column(sheet, "last", SHEET_COUNT, N_("To report"), false);
	sheet_column(sheet, "first_period", SHEET_PERIOD, N_("From the month"), false);
	sheet_column(sheet, "last_period", SHEET_PERIOD, N_("To the month"), false);
	sheet_column(sheet, "lost_from", SHEET_DATE, N_("Records lost from"), false);
	sheet_column(sheet, "lost_to", SHEET_DATE, N_("Records lost to"), false);
	sheet_column(sheet, "difference", SHEET_COUNT, N_("Events without a record"), false);
}

static void add_view(struct sheet *sheet, const struct reconcile_view *view)
{
	if (view->returned.first == 0) {
		for (size_t i = 0; i < 7; i++)
			sheet_add_empty(sheet);
		return;
	}
	sheet_add_number(sheet, view->returned.at);
	sheet_add_number(sheet, (int64_t)view->returned.first);
	sheet_add_number(sheet, (int64_t)view->returned.last);
	sheet_add_number(sheet, view->first_period);
	sheet_add_number(sheet, view->last_period);
	sheet_add_number(sheet, view->lost_from);
	sheet_add_number(sheet, view->lost_to);
}

static void note_lost(struct sheet *sheet, const struct telling *telling)
{
	char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES], missing[24];

	if (telling->view.returned.first == 0)
		return;
	date_format(telling->view.lost_from, from);
	date_format(telling->view.lost_to, to);
	(void)snprintf(missing, sizeof(missing), "%llu", (unsigned long long)telling->missing);
	if (telling->is_halted)
		sheet_note(sheet,
			   N_("What was recorded from %1 to %2 may be lost here: enter it again "
			      "from the papers or the case system, before or after you "
			      "acknowledge. Nothing is counted twice by it."),
			   from, to, NULL);
	if (telling->missing > 0)
		sheet_note(sheet,
			   N_("%1 events in the figures have no record here: that is the "
			      "difference, and whoever is entered again fills it."),
			   missing, NULL);
}

static void note_next(struct sheet *sheet, const struct telling *telling)
{
	enum mark_state mark = telling->show->mark;

	if (telling->is_halted)
		sheet_note(sheet,
			   N_("Nothing is closed or sent until `mia reconcile --acknowledge`. The "
			      "figures the hub has stand, whatever is done here."),
			   NULL);
	else if (mark == MARK_LOST)
		sheet_note(sheet,
			   N_("Telephone another association, not the hub: how many reports of "
			      "ours does `mia sites` show there? Then say `mia confirm N`."),
			   NULL);
	else if (mark == MARK_OTHER)
		sheet_note(sheet,
			   N_("There were more reports than the hub gave back: it must find them, "
			      "or you a later backup. Telephone the programme owner."),
			   NULL);
	else if (telling->view.returned.first != 0)
		sheet_note(sheet, N_("It was acknowledged: months close and reports leave again."),
			   NULL);
}

static struct sheet *form(const struct telling *telling)
{
	const struct reconcile_show *show = telling->show;
	struct sheet *sheet = sheet_new("mia.reconcile/1", SHEET_FORM);
	const char *halt = outbox_halt(show->reconcile->outbox);
	struct word state = state_of(telling);

	sheet_title(sheet, N_("Our reports, and what came back of them"), NULL);
	add_columns(sheet);
	sheet_add_code(sheet, show->site->id, programme_text(show->site->label, show->language),
		       NULL);
	sheet_add_code(sheet, state.id, state.phrase, NULL);
	sheet_add_text(sheet, telling->is_halted ? halt : NULL);
	sheet_add_code(sheet, words_of_mark[show->mark].id, words_of_mark[show->mark].phrase, NULL);
	add_view(sheet, &telling->view);
	sheet_add_number(sheet, (int64_t)telling->missing);
	note_lost(sheet, telling);
	note_next(sheet, telling);
	return sheet;
}

/* ---- the cells ---- */

static void add_cell(struct sheet *sheet, const struct reconcile_show *show, uint32_t period,
		     size_t measure, size_t cell)
{
	const struct programme_measure *of = &show->programme->measures[measure];
	uint32_t figure = 0, matched = 0;

	if (!book_adoption(store_book(show->reconcile->store), period, measure, cell, &figure,
			   &matched) ||
	    figure == 0)
		return;
	sheet_add_number(sheet, period);
	sheet_add_code(sheet, of->id, programme_text(of->label, show->language), NULL);
	sheet_add_code(sheet, of->cells[cell].id,
		       programme_text(of->cells[cell].label, show->language), NULL);
	sheet_add_number(sheet, figure);
	sheet_add_number(sheet, matched);
	sheet_add_number(sheet, figure - matched);
}

static struct sheet *cells(const struct telling *telling)
{
	const struct programme *programme = telling->show->programme;
	uint32_t next = book_next(store_book(telling->show->reconcile->store));
	struct sheet *sheet = sheet_new("mia.reconcile.cells/1", SHEET_TABLE);

	sheet_title(sheet, N_("Figures that were taken over"), NULL);
	sheet_column(sheet, "period", SHEET_PERIOD, N_("Month"), false);
	sheet_column(sheet, "measure", SHEET_CODE, N_("Measure"), false);
	sheet_column(sheet, "cell", SHEET_CODE, N_("Cell"), false);
	sheet_column(sheet, "figure", SHEET_COUNT, N_("Published"), false);
	sheet_column(sheet, "matched", SHEET_COUNT, N_("With a record here"), false);
	sheet_column(sheet, "difference", SHEET_COUNT, N_("Difference"), false);
	for (uint32_t period = period_of_day(programme->operation.from); period < next; period++)
		for (size_t m = 0; m < programme->measures_n; m++)
			for (size_t c = 0; c < programme->measures[m].cells_n; c++)
				add_cell(sheet, telling->show, period, m, c);
	return sheet;
}

int reconcile_sheets(const struct reconcile_show *show, struct answer *ret_answer)
{
	const struct reconcile *reconcile = show->reconcile;
	struct telling telling = {
		.show = show,
		.missing = reconcile_missing(store_book(reconcile->store), show->programme),
		.is_halted = outbox_halt(reconcile->outbox)[0] != '\0',
	};
	own(sheet_free) struct sheet *sheet = NULL;
	own(sheet_free) struct sheet *table = NULL;
	int error = reconcile_look(reconcile, &telling.view);

	if (error != 0)
		return error;
	sheet = form(&telling);
	error = answer_add(ret_answer, &sheet);
	if (error != 0 || telling.view.returned.first == 0)
		return error;
	table = cells(&telling);
	return answer_add(ret_answer, &table);
}
