#include "proto/targets.h"

#include "lib/own.h"
#include "proto/coverage.h"
#include "proto/figure.h"

/* A target from a day to a day. */
struct step {
	int site; /* -1 the county */
	int32_t from, to;
	uint32_t persons;
	const struct programme_target *before; /* NULL: it is the first */
	uint32_t until; /* last closed month of it; 0 none */
};

static void add_columns(struct sheet *sheet)
{
	sheet_column(sheet, "site", SHEET_CODE, N_("Site"), false);
	sheet_column(sheet, "from", SHEET_DATE, N_("From"), false);
	sheet_column(sheet, "to", SHEET_DATE, N_("To"), false);
	sheet_column(sheet, "target", SHEET_COUNT, N_("Target"), false);
	sheet_column(sheet, "change", SHEET_COUNT, N_("Change"), false);
	sheet_column(sheet, "until", SHEET_PERIOD, N_("Counted to"), false);
	sheet_column(sheet, "plan", SHEET_COUNT, N_("Plan by then"), false);
	sheet_column(sheet, "outcome", SHEET_COUNT, N_("Entered"), false);
	sheet_column(sheet, "difference", SHEET_COUNT, N_("Difference"), false);
	sheet_column(sheet, "recruited", SHEET_SHARE, N_("Recruited"), false);
}

static void add_empty(struct sheet *sheet, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		sheet_add_empty(sheet);
}

static struct county_sum entered_by(const struct totals_table *table, int site, uint32_t period)
{
	struct county_ask ask = {
		{coverage_start(table->programme), period}, site, -1, -1, table->ask->until};

	return figure_of_kind(table->county, &ask, KIND_ENTERED);
}

/* Plan, outcome and what lies between them, by the last closed month of the step. */
static void add_outcome(const struct totals_table *table, const struct step *step)
{
	struct county_sum outcome = entered_by(table, step->site, step->until);
	struct county_sum plan = {.state = CELL_NOT_COLLECTED}, difference;
	uint32_t planned;

	if (figure_plan(table->programme, step->site, step->until, &planned))
		plan = (struct county_sum){.state = CELL_VALUE, .value = planned};
	difference = figure_difference(&outcome, &plan);
	sheet_add_number(table->sheet, step->until);
	coverage_add_sum(table->sheet, &plan);
	coverage_add_sum(table->sheet, &outcome);
	coverage_add_sum(table->sheet, &difference);
	if (outcome.state == CELL_VALUE && step->persons > 0)
		sheet_add_ratio(table->sheet, outcome.value, step->persons, 0);
	else
		sheet_add_empty(table->sheet);
}

static void add_step(const struct totals_table *table, const struct step *step)
{
	coverage_add_site(table->sheet, table->programme, step->site, table->ask->language);
	sheet_add_number(table->sheet, step->from);
	sheet_add_number(table->sheet, step->to);
	sheet_add_number(table->sheet, step->persons);
	if (step->before != NULL)
		sheet_add_number(table->sheet, (int64_t)step->persons - step->before->persons);
	else
		sheet_add_empty(table->sheet);
	if (step->until != 0)
		add_outcome(table, step);
	else
		add_empty(table->sheet, 5);
}

/* The last month that ends within the step and is reported. */
static uint32_t until_of(const struct totals_table *table, const struct step *step)
{
	uint32_t last = period_of_day(step->to + 1) - 1;
	uint32_t known =
		figure_last_month(table->county, step->site, coverage_last(&table->coverage));

	last = last < known ? last : known;
	return table->ask->range.first != 0 && last >= period_of_day(step->from) ? last : 0;
}

static bool is_shown(const struct totals_table *table, const struct step *step)
{
	const struct period_range range = table->ask->range;

	return range.first == 0 ||
	       (period_of_day(step->from) <= range.last && period_of_day(step->to) >= range.first);
}

static void add_site(const struct totals_table *table, int site)
{
	size_t n;
	const struct programme_target *targets = figure_targets(table->programme, site, &n);
	int32_t end = period_last_day(figure_plan_months(table->programme, site).last);

	for (size_t i = 0; i < n; i++) {
		struct step step = {
			.site = site,
			.from = targets[i].from,
			.to = i + 1 < n ? targets[i + 1].from - 1 : end,
			.persons = targets[i].persons,
			.before = i > 0 ? &targets[i - 1] : NULL,
		};

		step.until = until_of(table, &step);
		if (is_shown(table, &step))
			add_step(table, &step);
	}
	if (n > 0)
		return;
	coverage_add_site(table->sheet, table->programme, site, table->ask->language);
	add_empty(table->sheet, 9);
}

/* Whether the site takes part in any month of the range, closed or not. */
static bool takes_part(const struct totals_table *table, size_t site)
{
	const struct period_range range = table->ask->range;
	const struct programme_span span = table->programme->sites[site].span;

	if (table->ask->site >= 0)
		return (size_t)table->ask->site == site;
	return range.first == 0 ||
	       (period_of_day(span.from) <= range.last && period_of_day(span.to) >= range.first);
}

struct sheet *targets_sheet(const struct county *county, const struct totals_ask *ask,
			    bool *ret_is_complete)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.targets/1", SHEET_TABLE);
	const struct totals_table table = totals_table(county, ask, -1, sheet);

	if (sheet == NULL)
		return NULL;
	sheet_title(sheet, N_("Targets, plan and outcome"), NULL);
	add_columns(sheet);
	for (size_t site = 0; site < table.programme->sites_n; site++)
		if (takes_part(&table, site))
			add_site(&table, (int)site);
	if (ask->site < 0)
		add_site(&table, -1);
	sheet_note(sheet,
		   N_("The plan spreads the target in force evenly over the months of the "
		      "operation."),
		   NULL);
	*ret_is_complete = coverage_note(county, &table.coverage, ask->language, sheet);
	return take(sheet);
}
