#include "proto/flow.h"

#include "lib/own.h"
#include "proto/coverage.h"
#include "proto/figure.h"

/* A direction, the kinds that make it up and what they are called. */
struct direction {
	const char *id, *heading;
	struct {
		enum programme_kind kind;
		const char *id, *heading;
	} parts[2];
	size_t parts_n;
};

static const struct direction in = {
	.id = "in",
	.heading = N_("In"),
	.parts = {{KIND_ENTERED, "entered", N_("Entered")},
		  {KIND_TRANSFERRED_IN, "transferred_in", N_("Transferred in")}},
	.parts_n = 2,
};
static const struct direction out = {
	.id = "out",
	.heading = N_("Out"),
	.parts = {{KIND_LEFT, "left", N_("Left")},
		  {KIND_TRANSFERRED_OUT, "transferred_out", N_("Transferred out")}},
	.parts_n = 2,
};

static struct period_range since_start(const struct totals_table *table, uint32_t last)
{
	return (struct period_range){coverage_start(table->programme), last};
}

/* Whether the programme counts part i of a direction at all. */
static bool has_part(const struct totals_table *table, const struct direction *direction, size_t i)
{
	return figure_has_kind(table->programme,
			       since_start(table, coverage_last(&table->coverage)),
			       direction->parts[i].kind);
}

static struct county_sum part_of(const struct totals_table *table,
				 const struct direction *direction, size_t i,
				 struct period_range range, int site)
{
	struct county_ask ask = {range, site, -1, -1, table->ask->until};

	return figure_of_kind(table->county, &ask, direction->parts[i].kind);
}

static struct county_sum sum_of(const struct totals_table *table, const struct direction *direction,
				struct period_range range, int site)
{
	struct county_sum sum = {.state = CELL_NOT_COLLECTED};

	for (size_t i = 0; i < direction->parts_n; i++) {
		struct county_sum part = part_of(table, direction, i, range, site);

		figure_merge(&sum, &part);
	}
	return sum;
}

/* ---- columns ---- */

static size_t count_parts(const struct totals_table *table, const struct direction *direction)
{
	size_t n = 0;

	for (size_t i = 0; i < direction->parts_n; i++)
		n += has_part(table, direction, i);
	return n;
}

static void add_direction_columns(const struct totals_table *table,
				  const struct direction *direction)
{
	for (size_t i = 0; i < direction->parts_n && count_parts(table, direction) > 1; i++)
		if (has_part(table, direction, i))
			sheet_column(table->sheet, direction->parts[i].id, SHEET_COUNT,
				     direction->parts[i].heading, false);
	sheet_column(table->sheet, direction->id, SHEET_COUNT, direction->heading, false);
}

static void add_columns(const struct totals_table *table)
{
	if (table->ask->by_site)
		sheet_column(table->sheet, "site", SHEET_CODE, N_("Site"), false);
	else
		sheet_column(table->sheet, "period", SHEET_PERIOD, N_("Period"), false);
	add_direction_columns(table, &in);
	add_direction_columns(table, &out);
	sheet_column(table->sheet, "net", SHEET_COUNT, N_("Net"), false);
	sheet_column(table->sheet, "active", SHEET_COUNT, N_("Active"), false);
	if (table->ask->by_site)
		return;
	sheet_column(table->sheet, "sites_reported", SHEET_COUNT, N_("Sites reported"), false);
	sheet_column(table->sheet, "sites_expected", SHEET_COUNT, N_("of"), false);
}

/* ---- rows ---- */

static void add_direction(const struct totals_table *table, const struct direction *direction,
			  struct period_range range, int site)
{
	struct county_sum sum = sum_of(table, direction, range, site);

	for (size_t i = 0; i < direction->parts_n && count_parts(table, direction) > 1; i++) {
		struct county_sum part = part_of(table, direction, i, range, site);

		if (has_part(table, direction, i))
			coverage_add_sum(table->sheet, &part);
	}
	coverage_add_sum(table->sheet, &sum);
}

static struct county_sum difference_of(const struct totals_table *table, struct period_range range,
				       int site)
{
	struct county_sum came = sum_of(table, &in, range, site);
	struct county_sum went = sum_of(table, &out, range, site);

	return figure_difference(&came, &went);
}

/* The last month's own state decides: what a site has not reported yet is not its state of before.
 */
static void add_active(const struct totals_table *table, struct period_range range, int site)
{
	struct county_sum month =
		difference_of(table, (struct period_range){range.last, range.last}, site);
	struct county_sum active = difference_of(table, since_start(table, range.last), site);

	if (month.state == CELL_VALUE)
		coverage_add_sum(table->sheet, &active);
	else
		sheet_add_state(table->sheet, month.state);
}

static void add_figures(const struct totals_table *table, struct period_range range, int site)
{
	struct county_sum net = difference_of(table, range, site);

	add_direction(table, &in, range, site);
	add_direction(table, &out, range, site);
	coverage_add_sum(table->sheet, &net);
	add_active(table, range, site);
	if (table->ask->by_site)
		return;
	sheet_add_number(table->sheet, net.sites_reported);
	sheet_add_number(table->sheet, net.sites_expected);
}

static struct period_range closed_range(const struct totals_table *table)
{
	return (struct period_range){table->ask->range.first, coverage_last(&table->coverage)};
}

static void fill_months(const struct totals_table *table)
{
	struct period_range range = closed_range(table);

	for (uint32_t p = range.first; p <= range.last && p != 0; p++) {
		if (!coverage_is_month_due(table->county, &table->coverage, p))
			continue;
		sheet_add_number(table->sheet, p);
		add_figures(table, (struct period_range){p, p}, table->ask->site);
	}
	if (range.first == 0 || range.last < range.first)
		return;
	sheet_add_ratio(table->sheet, range.first, range.last, 0);
	add_figures(table, range, table->ask->site);
}

static void fill_sites(const struct totals_table *table)
{
	struct period_range range = closed_range(table);

	if (range.first == 0 || range.last < range.first)
		return;
	for (size_t site = 0; site < table->programme->sites_n; site++) {
		if (!coverage_is_site_due(table->county, &table->coverage, site))
			continue;
		coverage_add_site(table->sheet, table->programme, (int)site, table->ask->language);
		add_figures(table, range, (int)site);
	}
	if (table->ask->site >= 0)
		return;
	coverage_add_site(table->sheet, table->programme, -1, table->ask->language);
	add_figures(table, range, -1);
}

struct sheet *flow_sheet(const struct county *county, const struct totals_ask *ask,
			 bool *ret_is_complete)
{
	static const struct coverage_title title = {
		.all = N_("Flow of participants, %1 · %2 of %3 sites"),
		.one = N_("Flow of participants, %1, %2"),
	};
	own(sheet_free) struct sheet *sheet = sheet_new("mia.flow/1", SHEET_TABLE);
	const struct totals_table table = totals_table(county, ask, -1, sheet);

	if (sheet == NULL)
		return NULL;
	coverage_set_title(county, &table.coverage, ask->language, &title, sheet);
	add_columns(&table);
	if (ask->by_site)
		fill_sites(&table);
	else
		fill_months(&table);
	sheet_note(sheet,
		   N_("Active is all that came in since the programme began, less all that went "
		      "out, as reported."),
		   NULL);
	*ret_is_complete = coverage_note(county, &table.coverage, ask->language, sheet);
	return take(sheet);
}
