/* The table of sites: totals_sites() of proto/totals.h. */
#include "proto/totals.h"

#include "lib/own.h"
#include "proto/consistency.h"
#include "proto/coverage.h"
#include "proto/figure.h"
#include "proto/rates.h"

#include <inttypes.h>
#include <stdio.h>

/* coverage: every site and measure, from the first month of any site to the last that is over. */
struct table {
	const struct county *county;
	const struct programme *programme;
	const struct totals_sites_ask *ask;
	struct county_ask coverage;
	struct sheet *sheet;
};

/* ---- columns ---- */

static void add_columns(struct sheet *sheet, bool is_wide)
{
	sheet_title(sheet, N_("Sites and their reports"), NULL);
	sheet_column(sheet, "site", SHEET_CODE, N_("Site"), false);
	sheet_column(sheet, "last_period", SHEET_PERIOD, N_("Last report"), false);
	sheet_column(sheet, "received", SHEET_MOMENT, N_("Received"), false);
	sheet_column(sheet, "releases", SHEET_COUNT, N_("Reports"), false);
	sheet_column(sheet, "on_time", SHEET_SHARE, N_("On time"), false);
	sheet_column(sheet, "missing", SHEET_COUNT, N_("Missing"), false);
	sheet_column(sheet, "target", SHEET_COUNT, N_("Target"), false);
	sheet_column(sheet, "entered", SHEET_COUNT, N_("Entered"), false);
	sheet_column(sheet, "recruited", SHEET_SHARE, N_("Recruited"), false);
	if (!is_wide)
		return;
	sheet_column(sheet, "reporting", SHEET_SHARE, N_("Reported"), false);
	sheet_column(sheet, "next", SHEET_PERIOD, N_("Next report"), false);
	sheet_column(sheet, "due_by", SHEET_DATE, N_("Due by"), false);
	sheet_column(sheet, "standing", SHEET_PHRASE, N_("Standing"), false);
	sheet_column(sheet, "plan", SHEET_COUNT, N_("Plan by now"), false);
	sheet_column(sheet, "difference", SHEET_COUNT, N_("Difference"), false);
}

/* ---- cells ---- */

static void add_share(struct sheet *sheet, int64_t number, int64_t of)
{
	if (of > 0)
		sheet_add_ratio(sheet, number, of, 0);
	else
		sheet_add_empty(sheet);
}

static void add_positive(struct sheet *sheet, int64_t number)
{
	if (number > 0)
		sheet_add_number(sheet, number);
	else
		sheet_add_empty(sheet);
}

static void add_head(struct sheet *sheet, const struct county_head *head)
{
	add_positive(sheet, head->period);
	add_positive(sheet, head->at_received);
	sheet_add_number(sheet, (int64_t)head->n);
}

static struct county_sum entered_of(const struct table *table, int site)
{
	struct county_ask ask = table->coverage;

	ask.site = site;
	return figure_of_kind(table->county, &ask, KIND_ENTERED);
}

/* Target, entered and recruited of a site, or of the county (site -1). */
static void add_recruited(const struct table *table, int site)
{
	struct county_sum sum = entered_of(table, site);
	uint32_t target = 0;

	if (figure_target(table->programme, site, table->ask->today, &target))
		sheet_add_number(table->sheet, target);
	else
		sheet_add_empty(table->sheet);
	coverage_add_sum(table->sheet, &sum);
	add_share(table->sheet, sum.value, sum.state == CELL_VALUE ? target : 0);
}

static void add_standing(struct sheet *sheet, const struct rates *rates)
{
	char days[16];

	(void)snprintf(days, sizeof(days), "%" PRId32,
		       rates->days < 0 ? -rates->days : rates->days);
	switch (rates->standing) {
	case RATES_NONE:
		sheet_add_phrase(sheet, N_("nothing more is due"), NULL);
		return;
	case RATES_LATER:
		sheet_add_phrase(sheet, N_("in time"), NULL);
		return;
	case RATES_SOON:
		sheet_add_phrase(sheet, N_("due, days left: %1"), days, NULL);
		return;
	case RATES_OVERDUE:
		sheet_add_phrase(sheet, N_("overdue, days: %1"), days, NULL);
		return;
	}
}

static void add_plan(const struct table *table, int site)
{
	struct county_sum entered = entered_of(table, site);
	uint32_t last = figure_last_month(table->county, site, table->ask->until);
	uint32_t plan = 0;

	if (!figure_plan(table->programme, site, last, &plan)) {
		sheet_add_empty(table->sheet);
		sheet_add_empty(table->sheet);
		return;
	}
	sheet_add_number(table->sheet, plan);
	entered.value -= plan;
	coverage_add_sum(table->sheet, &entered);
}

/* The county has no next report of its own. */
static void add_wide(const struct table *table, int site, const struct rates *rates)
{
	struct sheet *sheet = table->sheet;

	add_share(sheet, rates->reported, rates->due);
	if (site >= 0 && rates->next != 0) {
		sheet_add_number(sheet, rates->next);
		sheet_add_number(sheet, rates->by);
	} else {
		sheet_add_empty(sheet);
		sheet_add_empty(sheet);
	}
	if (site >= 0)
		add_standing(sheet, rates);
	else
		sheet_add_empty(sheet);
	add_plan(table, site);
}

/* ---- rows ---- */

/* Sites appear when they join and stay while they owe or have sent something. */
static bool is_listed(const struct table *table, size_t site)
{
	return programme_site_takes_part(&table->programme->sites[site],
					 period_of_day(table->ask->today)) ||
	       coverage_is_site_due(table->county, &table->coverage, site) ||
	       county_head(table->county, site)->n > 0;
}

static void add_figures(const struct table *table, int site, const struct rates *rates)
{
	add_share(table->sheet, rates->on_time, rates->judged);
	sheet_add_number(table->sheet, rates->due - rates->reported);
	add_recruited(table, site);
	if (table->ask->is_wide)
		add_wide(table, site, rates);
}

static void add_rows(const struct table *table)
{
	struct rates all = {0};

	for (size_t site = 0; site < table->programme->sites_n; site++) {
		struct rates rates;

		if (!is_listed(table, site))
			continue;
		rates_of(table->county, &table->coverage, site, table->ask->today, &rates);
		rates_add(&all, &rates);
		coverage_add_site(table->sheet, table->programme, (int)site, table->ask->language);
		add_head(table->sheet, county_head(table->county, site));
		add_figures(table, (int)site, &rates);
	}
	coverage_add_site(table->sheet, table->programme, -1, table->ask->language);
	for (unsigned i = 0; i < 3; i++) /* no head of its own */
		sheet_add_empty(table->sheet);
	add_figures(table, -1, &all);
}

struct sheet *totals_sites(const struct county *county, const struct totals_sites_ask *ask)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.sites/1", SHEET_TABLE);
	const struct table table = {
		.county = county,
		.programme = county_programme(county),
		.ask = ask,
		.coverage = {{coverage_start(county_programme(county)), ask->until},
			     -1,
			     -1,
			     -1,
			     ask->until},
		.sheet = sheet,
	};

	if (sheet == NULL)
		return NULL;
	add_columns(sheet, ask->is_wide);
	add_rows(&table);
	rates_note(county, &table.coverage, ask->today, ask->language, sheet);
	consistency_note(county, ask->until, ask->language, sheet);
	(void)coverage_note(county, &table.coverage, ask->language, sheet);
	return take(sheet);
}
