#include "proto/county_sum.h"

#include <assert.h>

/* What a cell, or all cells, of the figures add to a sum. */
struct part {
	int64_t value;
	bool is_value, is_suppressed;
};

static struct part part_of(const struct release_cell cells[], size_t n)
{
	struct part part = {0};

	for (size_t c = 0; c < n; c++) {
		switch ((enum cell_state)cells[c].state) {
		case CELL_VALUE:
			part.value += cells[c].value;
			part.is_value = true;
			break;
		case CELL_ZERO:
			part.is_value = true;
			break;
		case CELL_SUPPRESSED:
			part.is_suppressed = true;
			break;
		case CELL_MISSING:
		case CELL_NOT_COLLECTED:
			break;
		}
	}
	return part;
}

/* The last month that is over for everybody, and before which the site had not left. */
static uint32_t last_of(const struct county *county, const struct county_ask *ask, size_t site)
{
	uint32_t last = ask->range.last < ask->until ? ask->range.last : ask->until;

	return county_last(county, site) < last ? county_last(county, site) : last;
}

/* Adds one site's months; all parts of the sum gather in gathered. */
static void add_site(const struct county *county, const struct county_ask *ask, size_t site,
		     struct part *gathered, struct county_sum *sum)
{
	const struct programme *programme = county_programme(county);
	const struct programme_measure *measure = &programme->measures[ask->measure];
	uint32_t last = last_of(county, ask, site);
	size_t first_cell = ask->cell < 0 ? 0 : (size_t)ask->cell;
	size_t cells_n = ask->cell < 0 ? measure->cells_n : 1;
	uint32_t expected = 0, reported = 0;

	for (uint32_t period = ask->range.first; period <= last; period++) {
		const struct release_figures *figures;
		struct part part;

		if (!programme_is_due(measure, period) ||
		    !programme_site_takes_part(&programme->sites[site], period))
			continue;
		expected++;
		figures = county_figures(county, period, site);
		if (figures == NULL || !figures->is_due[ask->measure])
			continue;
		reported++;
		part = part_of(&figures->cells[ask->measure][first_cell], cells_n);
		gathered->value += part.value;
		gathered->is_value |= part.is_value;
		gathered->is_suppressed |= part.is_suppressed;
	}
	sum->expected += expected;
	sum->reported += reported;
	sum->sites_expected += expected > 0;
	sum->sites_reported += expected > 0 && reported == expected;
}

void county_sum(const struct county *county, const struct county_ask *ask,
		struct county_sum *ret_sum)
{
	const struct programme *programme = county_programme(county);
	struct county_sum sum = {0};
	struct part part = {0};

	assert(ask->measure >= 0 && (size_t)ask->measure < programme->measures_n);
	assert(ask->cell < (int)programme->measures[ask->measure].cells_n);
	for (size_t site = 0; site < programme->sites_n; site++)
		if (ask->site < 0 || (size_t)ask->site == site)
			add_site(county, ask, site, &part, &sum);
	if (part.is_suppressed)
		sum.state = CELL_SUPPRESSED;
	else if (part.is_value)
		sum.state = CELL_VALUE;
	else if (sum.expected > 0 && sum.reported == 0)
		sum.state = CELL_MISSING;
	else
		sum.state = CELL_NOT_COLLECTED;
	sum.value = sum.state == CELL_VALUE ? part.value : 0;
	*ret_sum = sum;
}
