#include "proto/trend.h"

#include "lib/own.h"
#include "proto/coverage.h"
#include "proto/figure.h"

#define YEAR_MONTHS 12

/* What one row is about. */
struct subject {
	int site, measure;
};

static struct county_sum sum_of(const struct totals_table *table, struct subject subject,
				struct period_range range, int cell)
{
	struct county_ask ask = {range, subject.site, subject.measure, cell, table->ask->until};
	struct county_sum sum;

	county_sum(table->county, &ask, &sum);
	return sum;
}

static struct county_sum month_of(const struct totals_table *table, struct subject subject,
				  uint32_t period, int cell)
{
	return sum_of(table, subject, (struct period_range){period, period}, cell);
}

/* ---- one measure: a row a month, with a bar ---- */

/* The months that end in period, as the measure's cadence cuts them. */
static struct period_range span_of(const struct programme_measure *measure, uint32_t period)
{
	switch (measure->cadence) {
	case CADENCE_MONTH:
		break;
	case CADENCE_QUARTER:
		return period_quarter(period);
	case CADENCE_YEAR:
		return period_year(period);
	}
	return (struct period_range){period, period};
}

static bool is_row(const struct totals_table *table, const struct programme_measure *measure,
		   uint32_t period)
{
	return programme_is_due(measure, period) &&
	       coverage_is_month_due(table->county, &table->coverage, period);
}

static int64_t highest_of(const struct totals_table *table, struct subject subject,
			  struct period_range range)
{
	int64_t highest = 0;

	for (uint32_t p = range.first; p <= range.last; p++) {
		struct county_sum sum = month_of(table, subject, p, -1);

		if (sum.state == CELL_VALUE && sum.value > highest)
			highest = sum.value;
	}
	return highest;
}

static void add_bar(struct sheet *sheet, const struct county_sum *sum, int64_t highest)
{
	if (sum->state == CELL_VALUE && highest > 0)
		sheet_add_ratio(sheet, sum->value, highest, 0);
	else
		sheet_add_empty(sheet);
}

static void add_month(const struct totals_table *table, struct subject subject, uint32_t period,
		      int64_t highest)
{
	const struct programme_measure *measure = &table->programme->measures[subject.measure];
	struct county_sum sum = month_of(table, subject, period, -1), part;
	struct period_range span = span_of(measure, period);

	sheet_add_ratio(table->sheet, span.first, span.last, 0);
	for (size_t c = 0; c < measure->cells_n && measure->cells_n > 1; c++) {
		part = month_of(table, subject, period, (int)c);
		coverage_add_sum(table->sheet, &part);
	}
	coverage_add_sum(table->sheet, &sum);
	add_bar(table->sheet, &sum, highest);
	sheet_add_number(table->sheet, sum.sites_reported);
	sheet_add_number(table->sheet, sum.sites_expected);
}

static void fill_months(const struct totals_table *table)
{
	const struct programme_measure *measure = &table->programme->measures[table->ask->measure];
	struct subject subject = {table->ask->site, table->ask->measure};
	struct period_range range = {table->ask->range.first, coverage_last(&table->coverage)};
	int64_t highest = highest_of(table, subject, range);

	sheet_column(table->sheet, "period", SHEET_PERIOD, N_("Period"), false);
	for (size_t c = 0; c < measure->cells_n && measure->cells_n > 1; c++)
		sheet_column(table->sheet, measure->cells[c].id, SHEET_COUNT,
			     programme_text(measure->cells[c].label, table->ask->language), true);
	sheet_column(table->sheet, "value", SHEET_COUNT, N_("Number"), false);
	sheet_column(table->sheet, "bar", SHEET_BAR, N_("Course"), false);
	sheet_column(table->sheet, "sites_reported", SHEET_COUNT, N_("Sites reported"), false);
	sheet_column(table->sheet, "sites_expected", SHEET_COUNT, N_("of"), false);
	for (uint32_t p = range.first; p <= range.last; p++)
		if (is_row(table, measure, p))
			add_month(table, subject, p, highest);
}

/* ---- a line a measure or site ---- */

static const char *block_of(const struct county_sum *sum, int64_t highest)
{
	static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	static const int64_t n = array_n(blocks);

	switch (sum->state) {
	case CELL_SUPPRESSED:
		return "?";
	case CELL_MISSING:
		return "–";
	case CELL_NOT_COLLECTED:
		return "·";
	case CELL_VALUE:
	case CELL_ZERO:
		break;
	}
	if (sum->value <= 0 || highest <= 0)
		return ".";
	return blocks[((sum->value * n) - 1) / highest];
}

static struct period_range line_range(const struct totals_table *table)
{
	struct period_range range = {table->ask->range.first, coverage_last(&table->coverage)};

	if (range.first != 0 && range.last - range.first >= TREND_MONTHS)
		range.first = range.last - TREND_MONTHS + 1;
	return range;
}

static void add_line(const struct totals_table *table, struct subject subject)
{
	own(buf_free) struct buf line = {0};
	struct period_range range = line_range(table);
	int64_t highest = highest_of(table, subject, range);

	for (uint32_t p = range.first; p <= range.last && p != 0; p++) {
		struct county_sum sum = month_of(table, subject, p, -1);

		if (programme_is_due(&table->programme->measures[subject.measure], p))
			buf_add_text(&line, block_of(&sum, highest));
	}
	sheet_add_text(table->sheet, line.n > 0 ? buf_text(&line) : NULL);
}

static void add_latest(const struct totals_table *table, struct subject subject)
{
	struct period_range range = line_range(table);

	for (uint32_t p = range.last; p >= range.first && p != 0; p--) {
		struct county_sum sum = month_of(table, subject, p, -1);

		if (!programme_is_due(&table->programme->measures[subject.measure], p))
			continue;
		coverage_add_sum(table->sheet, &sum);
		return;
	}
	sheet_add_empty(table->sheet);
}

/* Twelve months that end before from the last: false when they are not all in the range. */
static bool year_of(const struct totals_table *table, struct subject subject, uint32_t before,
		    struct county_sum *ret_sum)
{
	uint32_t last = coverage_last(&table->coverage);
	uint32_t first = table->ask->range.first;

	if (first == 0 || last < first || last - first + 1 < before + YEAR_MONTHS)
		return false;
	last -= before;
	*ret_sum = sum_of(table, subject, (struct period_range){last - YEAR_MONTHS + 1, last}, -1);
	return true;
}

static void add_years(const struct totals_table *table, struct subject subject)
{
	struct county_sum year = {0}, before = {0}, difference;
	bool has_year = year_of(table, subject, 0, &year);
	bool has_before = year_of(table, subject, YEAR_MONTHS, &before);

	if (has_year)
		coverage_add_sum(table->sheet, &year);
	else
		sheet_add_empty(table->sheet);
	if (!has_before) {
		sheet_add_empty(table->sheet);
		sheet_add_empty(table->sheet);
		return;
	}
	difference = figure_difference(&year, &before);
	coverage_add_sum(table->sheet, &before);
	coverage_add_sum(table->sheet, &difference);
}

static void add_figures(const struct totals_table *table, struct subject subject)
{
	add_line(table, subject);
	add_latest(table, subject);
	add_years(table, subject);
}

static void add_line_columns(struct sheet *sheet)
{
	sheet_column(sheet, "line", SHEET_TEXT, N_("Course"), false);
	sheet_column(sheet, "latest", SHEET_COUNT, N_("Latest"), false);
	sheet_column(sheet, "year", SHEET_COUNT, N_("Last 12 months"), false);
	sheet_column(sheet, "year_before", SHEET_COUNT, N_("12 before"), false);
	sheet_column(sheet, "difference", SHEET_COUNT, N_("Difference"), false);
}

static void fill_measures(const struct totals_table *table)
{
	sheet_column(table->sheet, "measure", SHEET_CODE, N_("Figure"), false);
	add_line_columns(table->sheet);
	for (size_t m = 0; m < table->programme->measures_n; m++) {
		const struct programme_measure *measure = &table->programme->measures[m];

		if (!figure_has_kind(table->programme, line_range(table), measure->kind))
			continue;
		sheet_add_code(table->sheet, measure->id,
			       programme_text(measure->label, table->ask->language), NULL);
		add_figures(table, (struct subject){table->ask->site, (int)m});
	}
}

/* The measure the sites are compared by. */
static int measure_of(const struct totals_table *table)
{
	for (size_t m = 0; m < table->programme->measures_n && table->ask->measure < 0; m++)
		if (table->programme->measures[m].kind == KIND_ENTERED)
			return (int)m;
	return table->ask->measure;
}

static void add_site(const struct totals_table *table, struct subject subject)
{
	coverage_add_site(table->sheet, table->programme, subject.site, table->ask->language);
	add_figures(table, subject);
}

static void fill_sites(const struct totals_table *table)
{
	struct subject subject = {-1, measure_of(table)};

	sheet_column(table->sheet, "site", SHEET_CODE, N_("Site"), false);
	add_line_columns(table->sheet);
	if (subject.measure < 0)
		return;
	for (size_t site = 0; site < table->programme->sites_n; site++) {
		subject.site = (int)site;
		if (coverage_is_site_due(table->county, &table->coverage, site))
			add_site(table, subject);
	}
	if (table->ask->site >= 0)
		return;
	subject.site = -1;
	add_site(table, subject);
}

/* ---- the whole ---- */

static void set_title(const struct totals_table *table)
{
	static const struct coverage_title plain = {
		.all = N_("Course of the county's figures, %1 · %2 of %3 sites"),
		.one = N_("Course of %1, %2"),
	};
	const char *label;
	char period[PERIOD_TEXT_BYTES];

	coverage_set_title(table->county, &table->coverage, table->ask->language, &plain,
			   table->sheet);
	if (table->ask->range.first == 0 || measure_of(table) < 0 ||
	    (table->ask->measure < 0 && !table->ask->by_site))
		return;
	period_format(table->ask->range, period);
	label = programme_text(table->programme->measures[measure_of(table)].label,
			       table->ask->language);
	if (table->ask->site < 0)
		sheet_title(table->sheet, N_("%1, course over %2"), label, period, NULL);
	else
		sheet_title(table->sheet, N_("%1 of %3, course over %2"), label, period,
			    programme_text(table->programme->sites[table->ask->site].label,
					   table->ask->language),
			    NULL);
}

static void note_lines(struct sheet *sheet)
{
	sheet_note(sheet,
		   N_("A line has a block for each report of the last two years, against its own "
		      "highest: . is none, – is not reported."),
		   NULL);
}

struct sheet *trend_sheet(const struct county *county, const struct totals_ask *ask,
			  bool *ret_is_complete)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.trend/1", SHEET_TABLE);
	const struct totals_table table = totals_table(county, ask, ask->measure, sheet);
	bool has_lines = ask->by_site || ask->measure < 0;

	if (sheet == NULL)
		return NULL;
	set_title(&table);
	if (ask->by_site)
		fill_sites(&table);
	else if (ask->measure < 0)
		fill_measures(&table);
	else
		fill_months(&table);
	if (has_lines)
		note_lines(sheet);
	*ret_is_complete = coverage_note(county, &table.coverage, ask->language, sheet);
	return take(sheet);
}
