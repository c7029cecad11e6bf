#include "proto/forecast.h"

#include "lib/own.h"
#include "proto/coverage.h"
#include "proto/figure.h"
#include "proto/pace.h"

#define LONG_MONTHS 12
#define SHORT_MONTHS 6

struct table {
	const struct county *county;
	const struct programme *programme;
	struct county_ask coverage; /* every month, site and measure */
	enum programme_language language;
	struct sheet *sheet;
};

/* What is known of one site, or of the county. */
struct recruited {
	int site;
	uint32_t last; /* month it is known by; 0 none */
	uint32_t target; /* 0 none */
	struct county_sum entered, plan;
	int64_t months[LONG_MONTHS]; /* the latest, oldest first */
	size_t months_n;
};

static struct county_sum entered_in(const struct table *table, int site, struct period_range range)
{
	struct county_ask ask = table->coverage;

	ask.site = site;
	ask.range = range;
	return figure_of_kind(table->county, &ask, KIND_ENTERED);
}

static uint32_t first_month(const struct table *table, int site)
{
	uint32_t start = table->coverage.range.first;
	uint32_t first = site < 0 ? start : period_of_day(table->programme->sites[site].span.from);

	return first > start ? first : start;
}

/* Months up to the last, at most twelve, none before the first report. */
static void read_months(const struct table *table, struct recruited *into)
{
	uint32_t first = first_month(table, into->site);

	if (into->last >= first + LONG_MONTHS)
		first = into->last - LONG_MONTHS + 1;
	for (uint32_t p = first; p <= into->last; p++) {
		struct county_sum month =
			entered_in(table, into->site, (struct period_range){p, p});

		if (month.state == CELL_VALUE)
			into->months[into->months_n++] = month.value;
		else
			into->months_n = 0;
	}
}

static struct recruited read_site(const struct table *table, int site)
{
	struct recruited recruited = {
		.site = site,
		.last = figure_last_month(table->county, site, coverage_last(&table->coverage)),
		.entered = {.state = CELL_MISSING},
		.plan = {.state = CELL_NOT_COLLECTED},
	};
	uint32_t end = figure_plan_months(table->programme, site).last;
	uint32_t plan;

	(void)figure_target(table->programme, site, period_last_day(end), &recruited.target);
	if (recruited.last == 0)
		return recruited;
	recruited.entered =
		entered_in(table, site,
			   (struct period_range){first_month(table, site), recruited.last});
	if (figure_plan(table->programme, site, recruited.last, &plan))
		recruited.plan = (struct county_sum){.state = CELL_VALUE, .value = plan};
	read_months(table, &recruited);
	return recruited;
}

/* ---- cells ---- */

static void add_recruited_columns(struct sheet *sheet)
{
	sheet_column(sheet, "site", SHEET_CODE, N_("Site"), false);
	sheet_column(sheet, "target", SHEET_COUNT, N_("Target"), false);
	sheet_column(sheet, "plan", SHEET_COUNT, N_("Plan by now"), false);
	sheet_column(sheet, "entered", SHEET_COUNT, N_("Entered"), false);
	sheet_column(sheet, "difference", SHEET_COUNT, N_("Difference"), false);
	sheet_column(sheet, "ahead", SHEET_SHARE, N_("Of plan"), false);
	sheet_column(sheet, "last6", SHEET_COUNT, N_("Last 6 months"), false);
	sheet_column(sheet, "last12", SHEET_COUNT, N_("Last 12 months"), false);
}

static void add_forecast_columns(struct sheet *sheet)
{
	sheet_column(sheet, "site", SHEET_CODE, N_("Site"), false);
	sheet_column(sheet, "to_go", SHEET_COUNT, N_("To go"), false);
	sheet_column(sheet, "reached6", SHEET_PERIOD, N_("Pace of 6 months"), false);
	sheet_column(sheet, "reached12", SHEET_PERIOD, N_("Pace of 12 months"), false);
	sheet_column(sheet, "earliest", SHEET_PERIOD, N_("Earliest"), false);
	sheet_column(sheet, "latest", SHEET_PERIOD, N_("Latest"), false);
	sheet_column(sheet, "standing", SHEET_PHRASE, N_("Standing"), false);
}

static void add_plan(struct sheet *sheet, const struct recruited *recruited)
{
	struct county_sum difference = figure_difference(&recruited->entered, &recruited->plan);
	bool has_plan = recruited->plan.state == CELL_VALUE;

	if (recruited->target > 0)
		sheet_add_number(sheet, recruited->target);
	else
		sheet_add_empty(sheet);
	if (has_plan)
		sheet_add_number(sheet, recruited->plan.value);
	else
		sheet_add_empty(sheet);
	coverage_add_sum(sheet, &recruited->entered);
	if (has_plan)
		coverage_add_sum(sheet, &difference);
	else
		sheet_add_empty(sheet);
	if (has_plan && difference.state == CELL_VALUE && recruited->plan.value > 0)
		sheet_add_ratio(sheet, recruited->entered.value, recruited->plan.value, 0);
	else
		sheet_add_empty(sheet);
}

static const int64_t *latest_months(const struct recruited *recruited, size_t n)
{
	return &recruited->months[recruited->months_n - n];
}

static void add_recent(struct sheet *sheet, const struct recruited *recruited, size_t n)
{
	int64_t sum = 0;

	if (recruited->months_n < n) {
		sheet_add_empty(sheet);
		return;
	}
	for (size_t i = 0; i < n; i++)
		sum += latest_months(recruited, n)[i];
	sheet_add_number(sheet, sum);
}

static void add_month(struct sheet *sheet, const struct recruited *recruited, uint32_t ahead)
{
	if (ahead > 0)
		sheet_add_number(sheet, recruited->last + ahead);
	else
		sheet_add_empty(sheet);
}

/* Whether there is anything to look ahead to. */
static bool has_way_to_go(const struct recruited *recruited)
{
	return recruited->target > 0 && recruited->entered.state == CELL_VALUE &&
	       recruited->entered.value < recruited->target;
}

static struct pace pace_by(const struct recruited *recruited, size_t n)
{
	if (!has_way_to_go(recruited) || recruited->months_n < n)
		return (struct pace){0};
	return pace_of(latest_months(recruited, n), n,
		       recruited->target - recruited->entered.value);
}

/* ---- in words ---- */

/* Where it will end, when something did come in and enough is known. */
static void add_outlook(struct sheet *sheet, const struct recruited *recruited,
			const struct pace *pace, uint32_t end)
{
	uint32_t months = end > recruited->last ? end - recruited->last : 0;
	char about[PERIOD_TEXT_BYTES], earliest[PERIOD_TEXT_BYTES], latest[PERIOD_TEXT_BYTES];

	period_format_month(recruited->last + pace->expected, about);
	period_format_month(recruited->last + pace->earliest, earliest);
	period_format_month(recruited->last + pace->latest, latest);
	if (pace->earliest == 0 || pace->earliest > months)
		sheet_add_phrase(sheet, N_("not before the operation ends, at this pace"), NULL);
	else if (pace->expected == 0 || pace->expected > months)
		sheet_add_phrase(sheet, N_("hardly before the operation ends, at the earliest %1"),
				 earliest, NULL);
	else if (pace->latest == 0 || pace->latest > months)
		sheet_add_phrase(sheet,
				 N_("about %1, at the earliest %2, perhaps not before the "
				    "operation ends"),
				 about, earliest, NULL);
	else
		sheet_add_phrase(sheet, N_("about %1, most likely between %2 and %3"), about,
				 earliest, latest, NULL);
}

static void add_standing(const struct table *table, const struct recruited *recruited,
			 const struct pace *pace)
{
	uint32_t end = figure_plan_months(table->programme, recruited->site).last;

	if (recruited->target == 0)
		sheet_add_phrase(table->sheet, N_("no target"), NULL);
	else if (recruited->entered.state != CELL_VALUE)
		sheet_add_phrase(table->sheet, N_("not reported yet"), NULL);
	else if (!has_way_to_go(recruited))
		sheet_add_phrase(table->sheet, N_("✓ reached"), NULL);
	else if (recruited->months_n < LONG_MONTHS)
		sheet_add_phrase(table->sheet, N_("too few months to say"), NULL);
	else if (pace->expected == 0 && pace->earliest == 0)
		sheet_add_phrase(table->sheet, N_("nobody has entered for a year"), NULL);
	else
		add_outlook(table->sheet, recruited, pace, end);
}

/* ---- rows ---- */

typedef void row_fn(const struct table *table, const struct recruited *recruited);

static void add_recruited(const struct table *table, const struct recruited *recruited)
{
	add_plan(table->sheet, recruited);
	add_recent(table->sheet, recruited, SHORT_MONTHS);
	add_recent(table->sheet, recruited, LONG_MONTHS);
}

static void add_forecast(const struct table *table, const struct recruited *recruited)
{
	struct pace of6 = pace_by(recruited, SHORT_MONTHS);
	struct pace of12 = pace_by(recruited, LONG_MONTHS);

	if (has_way_to_go(recruited))
		sheet_add_number(table->sheet, recruited->target - recruited->entered.value);
	else
		sheet_add_empty(table->sheet);
	add_month(table->sheet, recruited, of6.expected);
	add_month(table->sheet, recruited, of12.expected);
	add_month(table->sheet, recruited, of12.earliest);
	add_month(table->sheet, recruited, of12.latest);
	add_standing(table, recruited, &of12);
}

static void add_row(const struct table *table, int site, row_fn *add)
{
	struct recruited recruited = read_site(table, site);

	coverage_add_site(table->sheet, table->programme, site, table->language);
	add(table, &recruited);
}

static void add_rows(const struct table *table, row_fn *add)
{
	const struct programme *programme = table->programme;

	if (table->coverage.range.first == 0)
		return;
	for (size_t site = 0; site < programme->sites_n; site++)
		if (coverage_is_site_due(table->county, &table->coverage, site))
			add_row(table, (int)site, add);
	if (table->coverage.site < 0)
		add_row(table, -1, add);
}

static struct table table_of(const struct county *county, const struct totals_ask *ask,
			     struct sheet *sheet)
{
	uint32_t start = coverage_start(county_programme(county));
	struct table table = {
		.county = county,
		.programme = county_programme(county),
		.coverage = {{start, ask->until}, ask->site, -1, -1, ask->until},
		.language = ask->language,
		.sheet = sheet,
	};

	if (ask->until < start)
		table.coverage.range = (struct period_range){0, 0};
	return table;
}

struct sheet *forecast_recruited(const struct county *county, const struct totals_ask *ask,
				 bool *ret_is_complete)
{
	static const struct coverage_title title = {
		.all = N_("Recruited against plan, %1 · %2 of %3 sites"),
		.one = N_("Recruited against plan, %1, %2"),
	};
	own(sheet_free) struct sheet *sheet = sheet_new("mia.recruited/1", SHEET_TABLE);
	struct table table = table_of(county, ask, sheet);

	if (sheet == NULL)
		return NULL;
	coverage_set_title(county, &table.coverage, ask->language, &title, sheet);
	add_recruited_columns(sheet);
	add_rows(&table, add_recruited);
	sheet_note(sheet,
		   N_("The plan spreads the target in force evenly over the months of the "
		      "operation."),
		   NULL);
	*ret_is_complete = coverage_note(county, &table.coverage, ask->language, sheet);
	return take(sheet);
}

struct sheet *forecast_sheet(const struct county *county, const struct totals_ask *ask,
			     bool *ret_is_complete)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.forecast/1", SHEET_TABLE);
	struct table table = table_of(county, ask, sheet);

	if (sheet == NULL)
		return NULL;
	sheet_title(sheet, N_("When the targets will be reached"), NULL);
	add_forecast_columns(sheet);
	add_rows(&table, add_forecast);
	sheet_note(sheet,
		   N_("Earliest and latest hold four times in five, if people enter in the months "
		      "to come as many and as unevenly as in the last twelve; a change in what is "
		      "done is not foreseen."),
		   NULL);
	*ret_is_complete = coverage_note_missing(county, &table.coverage, ask->language, sheet);
	return take(sheet);
}
