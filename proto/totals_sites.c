/* The table of sites: totals_sites() of proto/totals.h. */
#include "proto/totals.h"

#include "lib/date.h"
#include "lib/own.h"
#include "proto/coverage.h"

/* ask: every site and measure, from the first month of any site to the last that is over. */
struct table {
	const struct county *county;
	const struct programme *programme;
	struct county_ask ask;
	int32_t today;
	enum programme_language language;
	struct sheet *sheet;
};

/* Reports of months that are over: how many are judged, in time and not there. */
struct punctuality {
	unsigned judged, on_time, missing;
};

/* A report that is still missing is judged once its last day has passed (2-domain, Calendar). */
static void judge_site(const struct table *table, size_t site, struct punctuality *into)
{
	uint32_t last = coverage_last(&table->ask);

	for (uint32_t p = table->ask.range.first; p <= last; p++) {
		int64_t at_received = county_received(table->county, p, site);
		int32_t last_day =
			period_last_day(p) + (int32_t)table->programme->policy.on_time_days;

		if (!coverage_is_due(table->programme, &table->ask, p, site))
			continue;
		into->missing += at_received == 0;
		into->judged += at_received != 0 || table->today > last_day;
		into->on_time += at_received != 0 && at_received < date_to_moment(last_day + 1);
	}
}

static int entered_measure(const struct programme *programme)
{
	for (size_t m = 0; m < programme->measures_n; m++)
		if (programme->measures[m].kind == KIND_ENTERED)
			return (int)m;
	return -1;
}

static void add_punctuality(struct sheet *sheet, const struct punctuality *punctuality)
{
	if (punctuality->judged > 0)
		sheet_add_ratio(sheet, punctuality->on_time, punctuality->judged, 0);
	else
		sheet_add_empty(sheet);
	sheet_add_number(sheet, punctuality->missing);
}

static bool find_target(const struct table *table, int site, uint32_t *ret_target)
{
	const struct programme *programme = table->programme;
	const struct programme_site *row = site < 0 ? NULL : &programme->sites[site];

	if (row == NULL)
		return programme_target_on(programme->targets, programme->targets_n, table->today,
					   ret_target);
	return programme_target_on(row->targets, row->targets_n, table->today, ret_target);
}

/* Target, entered and recruited of a site, or of the county (site -1). */
static void add_recruited(const struct table *table, int site)
{
	const struct programme *programme = table->programme;
	struct county_ask ask = table->ask;
	struct county_sum sum = {.state = CELL_NOT_COLLECTED};
	uint32_t target = 0;
	bool has_target = find_target(table, site, &target);

	ask.site = site;
	ask.measure = entered_measure(programme);
	if (ask.measure >= 0)
		county_sum(table->county, &ask, &sum);
	if (has_target)
		sheet_add_number(table->sheet, target);
	else
		sheet_add_empty(table->sheet);
	coverage_add_sum(table->sheet, &sum);
	if (has_target && target > 0 && sum.state == CELL_VALUE)
		sheet_add_ratio(table->sheet, sum.value, target, 0);
	else
		sheet_add_empty(table->sheet);
}

static void add_head(struct sheet *sheet, const struct county_head *head)
{
	if (head->period != 0)
		sheet_add_number(sheet, head->period);
	else
		sheet_add_empty(sheet);
	if (head->at_received != 0)
		sheet_add_number(sheet, head->at_received);
	else
		sheet_add_empty(sheet);
	sheet_add_number(sheet, (int64_t)head->n);
}

static void add_sites_columns(struct sheet *sheet)
{
	sheet_title(sheet, N_("Sites and their reports"), NULL);
	sheet_column(sheet, "site", SHEET_TEXT, N_("Site"), false);
	sheet_column(sheet, "last_period", SHEET_PERIOD, N_("Last report"), false);
	sheet_column(sheet, "received", SHEET_MOMENT, N_("Received"), false);
	sheet_column(sheet, "releases", SHEET_COUNT, N_("Reports"), false);
	sheet_column(sheet, "on_time", SHEET_SHARE, N_("On time"), false);
	sheet_column(sheet, "missing", SHEET_COUNT, N_("Missing"), false);
	sheet_column(sheet, "target", SHEET_COUNT, N_("Target"), false);
	sheet_column(sheet, "entered", SHEET_COUNT, N_("Entered"), false);
	sheet_column(sheet, "recruited", SHEET_SHARE, N_("Recruited"), false);
}

/* Sites appear when they join and stay while they owe or have sent something. */
static bool is_listed(const struct table *table, size_t site)
{
	return programme_site_takes_part(&table->programme->sites[site],
					 period_of_day(table->today)) ||
	       coverage_is_site_due(table->programme, &table->ask, site) ||
	       county_head(table->county, site)->n > 0;
}

static void add_rows(const struct table *table)
{
	struct punctuality all = {0};

	for (size_t site = 0; site < table->programme->sites_n; site++) {
		const struct programme_site *row = &table->programme->sites[site];
		struct punctuality own_reports = {0};

		if (!is_listed(table, site))
			continue;
		judge_site(table, site, &own_reports);
		sheet_add_text(table->sheet, programme_text(row->label, table->language));
		add_head(table->sheet, county_head(table->county, site));
		add_punctuality(table->sheet, &own_reports);
		add_recruited(table, (int)site);
		all.judged += own_reports.judged;
		all.on_time += own_reports.on_time;
		all.missing += own_reports.missing;
	}
	sheet_add_text(table->sheet, coverage_county(table->language));
	for (unsigned i = 0; i < 3; i++) /* no head of its own */
		sheet_add_empty(table->sheet);
	add_punctuality(table->sheet, &all);
	add_recruited(table, -1);
}

struct sheet *totals_sites(const struct county *county, uint32_t until, int32_t today,
			   enum programme_language language)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.sites/1", SHEET_TABLE);
	struct table table = {
		.county = county,
		.programme = county_programme(county),
		.ask = {{coverage_start(county_programme(county)), until}, -1, -1, -1, until},
		.today = today,
		.language = language,
		.sheet = sheet,
	};

	if (sheet == NULL)
		return NULL;
	add_sites_columns(sheet);
	add_rows(&table);
	(void)coverage_note(county, &table.ask, language, sheet);
	return take(sheet);
}
