#include "proto/totals.h"

#include "lib/own.h"
#include "proto/coverage.h"

#include <stdio.h>

/* What every part of a table needs. ask and sums differ in their measure only: -1 is all. */
static const char *text_in(const struct totals_table *table, struct programme_label label)
{
	return programme_text(label, table->ask->language);
}

static struct county_sum sum_of(const struct totals_table *table, struct period_range range,
				int site, int measure, int cell)
{
	struct county_ask ask = {
		.range = range,
		.site = site,
		.measure = measure,
		.cell = cell,
		.until = table->ask->until,
	};
	struct county_sum sum;

	county_sum(table->county, &ask, &sum);
	return sum;
}

/* Whether a measure has a place in the table: the one asked for, else all due in any of its months.
 */
static bool is_shown(const struct totals_table *table, size_t measure)
{
	if (table->ask->measure >= 0)
		return (size_t)table->ask->measure == measure;
	for (uint32_t p = table->ask->range.first; p <= coverage_last(&table->coverage); p++)
		if (programme_is_due(&table->programme->measures[measure], p))
			return true;
	return false;
}

static void add_title(const struct totals_table *table)
{
	const struct totals_ask *ask = table->ask;
	char period[PERIOD_TEXT_BYTES], reported[16], expected[16];
	const char *measure = NULL, *site = NULL;
	unsigned expected_n, reported_n;

	coverage_count(table->county, &table->coverage, &expected_n, &reported_n);
	(void)snprintf(expected, sizeof(expected), "%u", expected_n);
	(void)snprintf(reported, sizeof(reported), "%u", reported_n);
	period_format(ask->range, period);
	if (ask->measure >= 0)
		measure = text_in(table, table->programme->measures[ask->measure].label);
	if (ask->site >= 0)
		site = text_in(table, table->programme->sites[ask->site].label);
	if (ask->range.first == 0)
		sheet_title(table->sheet, N_("No month is closed yet"), NULL);
	else if (measure != NULL && site != NULL)
		sheet_title(table->sheet, N_("%1, %2, %3"), measure, site, period, NULL);
	else if (measure != NULL)
		sheet_title(table->sheet, N_("%1, %2 · %3 of %4 sites"), measure, period, reported,
			    expected, NULL);
	else if (site != NULL)
		sheet_title(table->sheet, N_("%1, %2"), site, period, NULL);
	else
		sheet_title(table->sheet, N_("The county's figures, %1 · %2 of %3 sites"), period,
			    reported, expected, NULL);
}

/* ---- wide tables: rows of sites or periods ---- */

static void add_figure_columns(const struct totals_table *table)
{
	const struct programme_measure *measure;

	if (table->ask->measure < 0) {
		for (size_t m = 0; m < table->programme->measures_n; m++) {
			measure = &table->programme->measures[m];
			if (is_shown(table, m))
				sheet_column(table->sheet, measure->id, SHEET_COUNT,
					     text_in(table, measure->label), true);
		}
		return;
	}
	measure = &table->programme->measures[table->ask->measure];
	for (size_t c = 0; c < measure->cells_n && measure->cells_n > 1; c++)
		sheet_column(table->sheet, measure->cells[c].id, SHEET_COUNT,
			     text_in(table, measure->cells[c].label), true);
	sheet_column(table->sheet, "total", SHEET_COUNT, N_("Total"), false);
}

/* A month in which a quarter's figure is not due has nothing to say about it. */
static void add_figure(const struct totals_table *table, struct period_range range, int site,
		       int measure, int cell)
{
	const struct programme_measure *row = &table->programme->measures[measure];
	struct county_sum sum = sum_of(table, range, site, measure, cell);

	if (range.first == range.last && table->ask->by_period &&
	    !programme_is_due(row, range.first))
		sheet_add_empty(table->sheet);
	else
		coverage_add_sum(table->sheet, &sum);
}

static void add_figures(const struct totals_table *table, struct period_range range, int site)
{
	int measure = table->ask->measure;
	size_t cells_n;

	if (measure < 0) {
		for (size_t m = 0; m < table->programme->measures_n; m++)
			if (is_shown(table, m))
				add_figure(table, range, site, (int)m, -1);
		return;
	}
	cells_n = table->programme->measures[measure].cells_n;
	for (size_t c = 0; c < cells_n && cells_n > 1; c++)
		add_figure(table, range, site, measure, (int)c);
	add_figure(table, range, site, measure, -1);
}

static void fill_by_site(const struct totals_table *table)
{
	sheet_column(table->sheet, "site", SHEET_CODE, N_("Site"), false);
	add_figure_columns(table);
	for (size_t site = 0; site < table->programme->sites_n; site++) {
		if (!coverage_is_site_due(table->county, &table->coverage, site))
			continue;
		coverage_add_site(table->sheet, table->programme, (int)site, table->ask->language);
		add_figures(table, table->ask->range, (int)site);
	}
	if (table->ask->site >= 0)
		return;
	coverage_add_site(table->sheet, table->programme, -1, table->ask->language);
	add_figures(table, table->ask->range, -1);
}

static void fill_by_period(const struct totals_table *table)
{
	uint32_t last = coverage_last(&table->coverage);

	sheet_column(table->sheet, "period", SHEET_PERIOD, N_("Period"), false);
	add_figure_columns(table);
	for (uint32_t p = table->ask->range.first; p <= last; p++) {
		if (!coverage_is_month_due(table->county, &table->coverage, p))
			continue;
		sheet_add_number(table->sheet, p);
		add_figures(table, (struct period_range){p, p}, table->ask->site);
	}
	if (table->ask->range.first == 0)
		return;
	sheet_add_ratio(table->sheet, table->ask->range.first, table->ask->range.last, 0);
	add_figures(table, table->ask->range, table->ask->site);
}

/* ---- one row a measure, with its cells below it ---- */

static void add_measure_row(const struct totals_table *table, size_t measure, int cell)
{
	const struct programme_measure *row = &table->programme->measures[measure];
	struct county_sum sum =
		sum_of(table, table->ask->range, table->ask->site, (int)measure, cell);

	sheet_add_code(table->sheet, row->id, text_in(table, row->label), NULL);
	if (cell < 0)
		sheet_add_empty(table->sheet);
	else
		sheet_add_code(table->sheet, row->cells[cell].id,
			       text_in(table, row->cells[cell].label), NULL);
	coverage_add_sum(table->sheet, &sum);
	sheet_add_number(table->sheet, sum.sites_reported);
	sheet_add_number(table->sheet, sum.sites_expected);
}

static void fill_by_measure(const struct totals_table *table)
{
	sheet_column(table->sheet, "measure", SHEET_CODE, N_("Figure"), false);
	sheet_column(table->sheet, "cell", SHEET_CODE, N_("Of which"), false);
	sheet_column(table->sheet, "value", SHEET_COUNT, N_("Number"), false);
	sheet_column(table->sheet, "sites_reported", SHEET_COUNT, N_("Sites reported"), false);
	sheet_column(table->sheet, "sites_expected", SHEET_COUNT, N_("of"), false);
	for (size_t m = 0; m < table->programme->measures_n; m++) {
		const struct programme_measure *measure = &table->programme->measures[m];

		if (!is_shown(table, m))
			continue;
		add_measure_row(table, m, -1);
		for (size_t c = 0; c < measure->cells_n && measure->cells_n > 1; c++)
			add_measure_row(table, m, (int)c);
	}
}

/* ---- the long form: ids for programs, labels for people ---- */

static void add_long_rows(const struct totals_table *table, uint32_t period, int site,
			  size_t measure)
{
	static const char *const states[CELL_STATES_N] = {
		[CELL_VALUE] = "value",     [CELL_SUPPRESSED] = "suppressed",
		[CELL_MISSING] = "missing", [CELL_NOT_COLLECTED] = "not_collected",
		[CELL_ZERO] = "zero",
	};
	static const char *const state_words[CELL_STATES_N] = {
		[CELL_VALUE] = N_("known"),     [CELL_SUPPRESSED] = N_("not shown"),
		[CELL_MISSING] = N_("missing"), [CELL_NOT_COLLECTED] = N_("not collected"),
		[CELL_ZERO] = N_("zero"),
	};
	const struct programme_measure *row = &table->programme->measures[measure];

	for (size_t c = 0; c < row->cells_n; c++) {
		struct county_sum sum = sum_of(table, (struct period_range){period, period}, site,
					       (int)measure, (int)c);

		sheet_add_number(table->sheet, period);
		coverage_add_site(table->sheet, table->programme, site, table->ask->language);
		sheet_add_code(table->sheet, row->id, text_in(table, row->label), NULL);
		sheet_add_code(table->sheet, row->cells[c].id, text_in(table, row->cells[c].label),
			       NULL);
		sheet_add_code(table->sheet, states[sum.state], state_words[sum.state], NULL);
		coverage_add_sum(table->sheet, &sum);
	}
}

static void add_long_period(const struct totals_table *table, uint32_t period, int site)
{
	for (size_t m = 0; m < table->programme->measures_n; m++)
		if (is_shown(table, m) && programme_is_due(&table->programme->measures[m], period))
			add_long_rows(table, period, site, m);
}

static void fill_long(const struct totals_table *table)
{
	uint32_t last = coverage_last(&table->coverage);

	sheet_column(table->sheet, "period", SHEET_PERIOD, N_("Period"), false);
	sheet_column(table->sheet, "site", SHEET_CODE, N_("Site"), false);
	sheet_column(table->sheet, "measure", SHEET_CODE, N_("Figure"), false);
	sheet_column(table->sheet, "cell", SHEET_CODE, N_("Of which"), false);
	sheet_column(table->sheet, "state", SHEET_CODE, N_("State"), false);
	sheet_column(table->sheet, "value", SHEET_COUNT, N_("Number"), false);
	for (uint32_t p = table->ask->range.first; p <= last; p++) {
		if (!coverage_is_month_due(table->county, &table->coverage, p))
			continue;
		for (size_t site = 0; site < table->programme->sites_n; site++)
			if (coverage_is_due(table->county, &table->coverage, p, site))
				add_long_period(table, p, (int)site);
		if (table->ask->site < 0)
			add_long_period(table, p, -1);
	}
}

struct totals_table totals_table(const struct county *county, const struct totals_ask *ask,
				 int measure, struct sheet *sheet)
{
	return (struct totals_table){
		.county = county,
		.programme = county_programme(county),
		.ask = ask,
		.coverage = {ask->range, ask->site, measure, -1, ask->until},
		.sheet = sheet,
	};
}

struct sheet *totals_sheet(const struct county *county, const struct totals_ask *ask,
			   bool *ret_is_complete)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.totals/1", SHEET_TABLE);
	const struct totals_table table = totals_table(county, ask, ask->measure, sheet);

	if (sheet == NULL)
		return NULL;
	add_title(&table);
	if (ask->by_site && ask->by_period)
		fill_long(&table);
	else if (ask->by_site)
		fill_by_site(&table);
	else if (ask->by_period)
		fill_by_period(&table);
	else
		fill_by_measure(&table);
	*ret_is_complete = coverage_note(county, &table.coverage, ask->language, sheet);
	return take(sheet);
}
