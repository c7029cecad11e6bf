#include "proto/figure.h"

void figure_merge(struct county_sum *into, const struct county_sum *part)
{
	/* Of the states of two parts the one that their sum has. */
	static const unsigned char rank[CELL_STATES_N] = {
		[CELL_NOT_COLLECTED] = 0, [CELL_MISSING] = 1,    [CELL_ZERO] = 2,
		[CELL_VALUE] = 3,         [CELL_SUPPRESSED] = 4,
	};

	if (rank[part->state] > rank[into->state])
		into->state = part->state;
	into->value = into->state == CELL_VALUE ? into->value + part->value : 0;
	into->expected += part->expected;
	into->reported += part->reported;
	if (part->sites_expected > into->sites_expected) {
		into->sites_expected = part->sites_expected;
		into->sites_reported = part->sites_reported;
	}
}

struct county_sum figure_difference(const struct county_sum *a, const struct county_sum *b)
{
	struct county_sum difference = *a;

	if (a->state == CELL_VALUE)
		difference.state = b->state;
	difference.value = difference.state == CELL_VALUE ? a->value - b->value : 0;
	return difference;
}

static bool is_due_in(const struct programme_measure *measure, struct period_range range)
{
	for (uint32_t period = range.first; period <= range.last; period++)
		if (programme_is_due(measure, period))
			return true;
	return false;
}

bool figure_has_kind(const struct programme *programme, struct period_range range,
		     enum programme_kind kind)
{
	for (size_t m = 0; m < programme->measures_n; m++)
		if (programme->measures[m].kind == kind &&
		    is_due_in(&programme->measures[m], range))
			return true;
	return false;
}

struct county_sum figure_of_kind(const struct county *county, const struct county_ask *ask,
				 enum programme_kind kind)
{
	const struct programme *programme = county_programme(county);
	struct county_sum sum = {.state = CELL_NOT_COLLECTED}, part;
	struct county_ask one = *ask;

	one.cell = -1;
	for (size_t m = 0; m < programme->measures_n; m++) {
		if (programme->measures[m].kind != kind)
			continue;
		one.measure = (int)m;
		county_sum(county, &one, &part);
		figure_merge(&sum, &part);
	}
	return sum;
}

uint32_t figure_last_month(const struct county *county, int site, uint32_t until)
{
	struct period_range known = county_range(county);

	if (site < 0)
		return until;
	for (uint32_t p = until < known.last ? until : known.last; p >= known.first && p != 0; p--)
		if (county_figures(county, p, (size_t)site) != NULL)
			return p;
	return 0;
}

/* ---- targets and the plan ---- */

const struct programme_target *figure_targets(const struct programme *programme, int site,
					      size_t *ret_n)
{
	*ret_n = site < 0 ? programme->targets_n : programme->sites[site].targets_n;
	return site < 0 ? programme->targets : programme->sites[site].targets;
}

bool figure_target(const struct programme *programme, int site, int32_t day, uint32_t *ret_persons)
{
	size_t n;
	const struct programme_target *targets = figure_targets(programme, site, &n);

	return programme_target_on(targets, n, day, ret_persons);
}

struct period_range figure_plan_months(const struct programme *programme, int site)
{
	struct programme_span span = programme->operation;

	if (site >= 0 && programme->sites[site].span.from > span.from)
		span.from = programme->sites[site].span.from;
	if (site >= 0 && programme->sites[site].span.to < span.to)
		span.to = programme->sites[site].span.to;
	return (struct period_range){period_of_day(span.from), period_of_day(span.to)};
}

bool figure_plan(const struct programme *programme, int site, uint32_t period, uint32_t *ret_plan)
{
	struct period_range months = figure_plan_months(programme, site);
	uint32_t last = period < months.last ? period : months.last;
	uint64_t gone, of;
	uint32_t target;

	if (months.first > months.last || period < months.first ||
	    !figure_target(programme, site, period_last_day(period), &target))
		return false;
	gone = last - months.first + 1;
	of = months.last - months.first + 1;
	*ret_plan = (uint32_t)(((uint64_t)2 * target * gone + of) / (2 * of));
	return true;
}
