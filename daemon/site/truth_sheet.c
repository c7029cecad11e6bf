#include "daemon/site/truth_sheet.h"

#include "daemon/site/book_adopt.h"
#include "daemon/site/calendar.h"
#include "daemon/site/reconcile_sheet.h"
#include "daemon/site/truth.h"
#include "lib/date.h"
#include "lib/own.h"
#include "proto/ask.h"

#include <errno.h>
#include <string.h>

struct truth_sheet {
	const struct parts *parts;
	struct truth *truth; /* owned */
	struct totals_ask ask;
	bool is_whole; /* every month there is: what waits can stand beside it */
	bool has_differences;
	int64_t *published; /* owned: months x cells of measures; see published_of() */
};

void truth_sheet_drop(void **context)
{
	struct truth_sheet *own_one = *context;

	truth_free(&own_one->truth);
	free(own_one->published);
	free(own_one);
	*context = NULL;
}

/* ---- the question ---- */

/* What is asked for of the months there are. */
static int fit_range(const struct parts *parts, uint32_t until, struct totals_ask *ask,
		     struct fault *fault)
{
	uint32_t first = calendar_first(parts->closing.programme, parts->site);
	uint32_t last = until > first ? until : first;

	if (ask->range.first < first)
		ask->range.first = first;
	if (ask->range.last > last || ask->range.last == 0)
		ask->range.last = last;
	return ask->range.first <= ask->range.last
		       ? 0
		       : fault_set(fault, "X009", "--period",
				   "Ask for months from the site's first one to the present.",
				   "there is nothing of that time");
}

static int read_ask(const struct sweep_ask *ask, struct truth_sheet *own_one, struct fault *fault)
{
	const struct parts *parts = ask->site->parts;
	const struct programme *programme = parts->closing.programme;
	uint32_t until = period_of_day(date_of_moment(ask->now->at));
	int error;

	if (!ask->site->is_reader)
		return fault_set(fault, "X004", "--own",
				 "Ask a reader; the county's totals are for everybody.",
				 "true counts, some of them of one person, are for readers");
	error = ask_totals(ask->request, programme, until, &own_one->ask, fault);
	if (error != 0)
		return error;
	if (own_one->ask.site >= 0 && &programme->sites[own_one->ask.site] != parts->site)
		return fault_set(fault, "X009", "--site", "Leave --site out.",
				 "a site has its own records only");
	own_one->is_whole = request_option(ask->request, "period") == NULL;
	return fit_range(parts, until, &own_one->ask, fault);
}

static size_t months_of(const struct truth_sheet *own_one)
{
	return own_one->ask.range.last - own_one->ask.range.first + 1;
}

static int prepare(const struct sweep_ask *ask, struct truth_sheet *own_one, struct fault *fault)
{
	int error = read_ask(ask, own_one, fault);

	if (error != 0)
		return error;
	own_one->parts = ask->site->parts;
	own_one->published =
		calloc(months_of(own_one) * PROGRAMME_MEASURES_MAX * PROGRAMME_CELLS_MAX,
		       sizeof(*own_one->published));
	if (own_one->published == NULL)
		return fail(-ENOMEM);
	return truth_new(ask->site->parts->closing.programme,
			 calendar_first(ask->site->parts->closing.programme,
					ask->site->parts->site),
			 own_one->ask.range, &own_one->truth, fault);
}

int truth_sheet_begin(const struct sweep_ask *ask, void **ret_context, struct fault *fault)
{
	struct truth_sheet *own_one;
	void *context;
	int error;

	if (request_option(ask->request, "own") == NULL)
		return -ENOENT;
	own_one = calloc(1, sizeof(*own_one));
	if (own_one == NULL)
		return fail(-ENOMEM);
	error = prepare(ask, own_one, fault);
	context = own_one;
	if (error != 0)
		truth_sheet_drop(&context);
	else
		*ret_context = context;
	return error;
}

int truth_sheet_visit(void *context, const struct store_person *person)
{
	struct truth_sheet *own_one = context;

	return truth_visit(own_one->truth, person);
}

/* ---- what was published ---- */

static int64_t *published_of(const struct truth_sheet *own_one, uint32_t period, size_t measure,
			     size_t cell)
{
	size_t month = period - own_one->ask.range.first;

	return &own_one->published[(month * PROGRAMME_MEASURES_MAX + measure) *
					   PROGRAMME_CELLS_MAX +
				   cell];
}

static void add_published(struct truth_sheet *own_one, const struct release_body *body)
{
	const struct programme *programme = own_one->parts->closing.programme;

	if (body->period < own_one->ask.range.first || body->period > own_one->ask.range.last)
		return;
	for (size_t m = 0; m < programme->measures_n; m++)
		for (size_t c = 0; c < programme->measures[m].cells_n; c++)
			*published_of(own_one, body->period, m, c) +=
				body->figures.cells[m][c].value;
}

static int read_published(struct truth_sheet *own_one)
{
	own(mem_free) struct release_body *body = calloc(1, sizeof(*body));
	int error = body == NULL ? fail(-ENOMEM) : 0;

	for (uint64_t n = 1; error == 0 && n <= outbox_last(own_one->parts->outbox); n++) {
		own(release_free) struct release release = {0};
		int64_t at_send = 0;

		error = outbox_load(own_one->parts->outbox, n, &release, &at_send);
		if (error == 0 && versions_unpack(&own_one->parts->versions, release.payload.data,
						  release.payload.n, body) == RELEASE_FINE)
			add_published(own_one, body);
	}
	return error;
}

/* ---- the sheet ---- */

static void add_columns(struct sheet *sheet, bool by_period, bool has_differences)
{
	if (by_period)
		sheet_column(sheet, "period", SHEET_PERIOD, N_("Period"), false);
	sheet_column(sheet, "of", SHEET_CODE, N_("Of"), false);
	sheet_column(sheet, "figure", SHEET_CODE, N_("Figure"), false);
	sheet_column(sheet, "cell", SHEET_CODE, N_("Cell"), false);
	sheet_column(sheet, "value", SHEET_COUNT, N_("Records say"), false);
	sheet_column(sheet, "published", SHEET_COUNT, N_("Published"), false);
	if (by_period)
		return;
	sheet_column(sheet, "waiting", SHEET_COUNT, N_("Waits"), false);
	sheet_column(sheet, "corrections", SHEET_COUNT, N_("Corrections"), false);
	if (has_differences)
		sheet_column(sheet, "differences", SHEET_COUNT, N_("Differences"), false);
}

static void add_indicator_name(struct sheet *sheet, const struct programme *programme,
			       const struct truth_row *row, enum programme_language language)
{
	const struct programme_indicator *indicator = &programme->indicators[row->index];
	const struct programme_pack *pack = &programme->packs[indicator->pack];
	const struct programme_group *group;

	sheet_add_code(sheet, pack->id, programme_text(pack->label, language), NULL);
	sheet_add_code(sheet, indicator->id, programme_text(indicator->label, language), NULL);
	if (row->part == 0) {
		sheet_add_code(sheet, "total", N_("total"), NULL);
		return;
	}
	group = &programme->variables[pack->by].groups[row->part - 1];
	sheet_add_code(sheet, group->id, programme_text(group->label, language), NULL);
}

/* Whom a pack's totals are of. */
static const char *const kind_words[KIND_N] = {
	[KIND_APPLIED] = N_("all who applied"),
	[KIND_DECLINED] = N_("all who declined"),
	[KIND_ENTERED] = N_("all who entered"),
	[KIND_REENTERED] = N_("all who came back"),
	[KIND_TRANSFERRED_IN] = N_("all transferred in"),
	[KIND_TRANSFERRED_OUT] = N_("all transferred out"),
	[KIND_SPELL_STARTED] = N_("all who began an activity"),
	[KIND_SPELL_ENDED] = N_("all who ended an activity"),
	[KIND_HOURS] = N_("all with hours"),
	[KIND_LEFT] = N_("all who left"),
	[KIND_FOLLOWED_UP] = N_("all followed up"),
	[KIND_ANSWERED] = N_("all answers"),
	[KIND_DEVIATION] = N_("all deviations"),
};

static void add_name(struct sheet *sheet, const struct programme *programme,
		     const struct truth_row *row, enum programme_language language)
{
	const struct programme_measure *measure = &programme->measures[row->index];
	const struct programme_pack *pack = &programme->packs[row->index];
	const char *kind;

	switch (row->type) {
	case TRUTH_MEASURE:
		sheet_add_code(sheet, "measures", N_("measures"), NULL);
		sheet_add_code(sheet, measure->id, programme_text(measure->label, language), NULL);
		sheet_add_code(sheet, measure->cells[row->part].id,
			       programme_text(measure->cells[row->part].label, language), NULL);
		return;
	case TRUTH_TOTAL:
	case TRUTH_COMPLETE:
		kind = programme_kind_name((enum programme_kind)row->part);
		sheet_add_code(sheet, pack->id, programme_text(pack->label, language), NULL);
		sheet_add_code(sheet, kind, kind_words[row->part], NULL);
		if (row->type == TRUTH_TOTAL)
			sheet_add_code(sheet, "total", N_("total"), NULL);
		else
			sheet_add_code(sheet, "complete", N_("complete"), NULL);
		return;
	case TRUTH_INDICATOR:
		add_indicator_name(sheet, programme, row, language);
		return;
	}
}

static void add_published_cell(struct sheet *sheet, const struct truth_sheet *own_one,
			       const struct truth_row *row, struct period_range range)
{
	int64_t sum = 0;

	for (uint32_t period = range.first; period <= range.last; period++)
		sum += *published_of(own_one, period, row->index, row->part);
	sheet_add_number(sheet, sum);
}

static int waiting_columns(const struct truth_sheet *own_one)
{
	return own_one->has_differences ? 3 : 2;
}

static void add_empty(struct sheet *sheet, int n)
{
	while (n-- > 0)
		sheet_add_empty(sheet);
}

/* What waits is of no month yet. */
static void add_waiting(struct sheet *sheet, const struct truth_sheet *own_one,
			const struct truth_row *row)
{
	struct book_balance balance;

	book_balance(store_book(own_one->parts->store), row->index, row->part, &balance);
	if (!own_one->is_whole) {
		add_empty(sheet, waiting_columns(own_one));
		return;
	}
	sheet_add_number(sheet, balance.waiting);
	sheet_add_number(sheet, balance.corrections);
	if (own_one->has_differences)
		sheet_add_number(sheet, balance.differences);
}

static void add_figures(struct sheet *sheet, const struct truth_sheet *own_one, size_t i,
			struct period_range range)
{
	const struct truth_row *row = truth_row(own_one->truth, i);
	bool by_period = own_one->ask.by_period;

	if (truth_is_collected(own_one->truth, i, range))
		sheet_add_number(sheet, (int64_t)truth_sum(own_one->truth, i, range));
	else
		sheet_add_state(sheet, CELL_NOT_COLLECTED);
	if (row->type == TRUTH_MEASURE) {
		add_published_cell(sheet, own_one, row, range);
		if (!by_period)
			add_waiting(sheet, own_one, row);
		return;
	}
	add_empty(sheet, by_period ? 1 : 1 + waiting_columns(own_one));
}

/* A pack that begins later is not shown yet; one that has ended is, as not collected. */
static bool has_begun(const struct truth_sheet *own_one, const struct truth_row *row)
{
	const struct programme *programme = own_one->parts->closing.programme;
	size_t pack =
		row->type == TRUTH_INDICATOR ? programme->indicators[row->index].pack : row->index;

	return row->type == TRUTH_MEASURE ||
	       programme->packs[pack].span.from <= period_last_day(own_one->ask.range.last);
}

/* Whether a row was asked for. */
static bool is_wanted(const struct truth_sheet *own_one, const struct truth_row *row)
{
	if (own_one->ask.measure < 0)
		return has_begun(own_one, row);
	return row->type == TRUTH_MEASURE && row->index == own_one->ask.measure;
}

static void add_rows(struct sheet *sheet, const struct truth_sheet *own_one,
		     struct period_range range)
{
	for (size_t i = 0; i < truth_rows_n(own_one->truth); i++) {
		const struct truth_row *row = truth_row(own_one->truth, i);

		if (!is_wanted(own_one, row))
			continue;
		if (own_one->ask.by_period)
			sheet_add_ratio(sheet, range.first, range.last, 0);
		add_name(sheet, own_one->parts->closing.programme, row, own_one->ask.language);
		add_figures(sheet, own_one, i, range);
	}
}

static struct sheet *own_sheet(const struct truth_sheet *own_one)
{
	struct sheet *sheet = sheet_new("mia.own/1", SHEET_TABLE);
	struct period_range range = own_one->ask.range;
	char text[PERIOD_TEXT_BYTES];

	period_format(range, text);
	sheet_title(sheet, N_("What the records of %1 say, %2"),
		    programme_text(own_one->parts->site->label, own_one->ask.language), text, NULL);
	add_columns(sheet, own_one->ask.by_period, own_one->has_differences);
	if (!own_one->ask.by_period)
		add_rows(sheet, own_one, range);
	for (uint32_t period = range.first; own_one->ask.by_period && period <= range.last;
	     period++)
		add_rows(sheet, own_one, (struct period_range){period, period});
	sheet_note(sheet,
		   N_("These are true counts, some of them of few persons: for work in the house, "
		      "not to be passed on. What leaves the house is in mia preview."),
		   NULL);
	if (own_one->is_whole && !own_one->ask.by_period)
		sheet_note(sheet,
			   N_("Records = published + waits + corrections - those erased since they "
			      "were published."),
			   NULL);
	if (own_one->has_differences && !own_one->ask.by_period)
		reconcile_note_differences(sheet);
	return sheet;
}

int truth_sheet_finish(void *context, struct answer *ret_answer)
{
	struct truth_sheet *own_one = context;
	own(sheet_free) struct sheet *sheet = NULL;
	int error = read_published(own_one);

	if (error != 0)
		return error;
	own_one->has_differences = book_has_differences(store_book(own_one->parts->store));
	sheet = own_sheet(own_one);
	return answer_add(ret_answer, &sheet);
}
