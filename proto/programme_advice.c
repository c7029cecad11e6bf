#include "proto/programme_advice.h"

#include "proto/period.h"
#include "proto/programme_budget.h"
#include "proto/programme_table.h"

#include <math.h>

#define MONTHS 12
#define QUARTER 3

/* Months in which entries are planned: those of both spans; 0 when they are open. */
static uint32_t months_of(const struct programme *programme, struct programme_span span)
{
	const struct programme_span whole = programme->operation;
	const int32_t from = span.from > whole.from ? span.from : whole.from;
	const int32_t to = span.to < whole.to ? span.to : whole.to;

	if (from == INT32_MIN || to == INT32_MAX || from > to)
		return 0;
	return period_of_day(to) - period_of_day(from) + 1;
}

/* Entries planned in so many months, of a target over the whole. */
static uint32_t planned(const struct programme_target targets[], size_t n, uint32_t months,
			uint32_t in)
{
	if (n == 0 || months == 0)
		return 0;
	return (uint32_t)((uint64_t)targets[n - 1].persons * in / months);
}

/* A site's table of one variable that comes by the quarter where a small site's comes by the
 * year. */
static bool is_quarterly(const struct programme_table *table)
{
	return table->scope == SCOPE_SITE && table->dims_n == 1 &&
	       table->cadence == CADENCE_QUARTER && table->small != CADENCE_QUARTER;
}

static size_t advise_sites(const struct programme *programme, struct programme_advice advice[])
{
	bool has_quarterly = false;
	size_t n = 0;

	for (size_t i = 0; i < programme->tables_n; i++)
		has_quarterly = has_quarterly || is_quarterly(&programme->tables[i]);
	for (size_t i = 0; i < programme->sites_n && has_quarterly; i++) {
		const struct programme_site *site = &programme->sites[i];
		const uint32_t entries = planned(site->targets, site->targets_n,
						 months_of(programme, site->span), QUARTER);

		if (!site->is_small && entries > 0 && entries < PROGRAMME_SMALL)
			advice[n++] = (struct programme_advice){.code = "P050",
								.id = site->id,
								.number = entries};
	}
	return n;
}

static uint32_t cells_of(const struct programme *programme, const struct programme_table *table)
{
	size_t cells = 1;

	for (size_t d = 0; d < table->dims_n; d++)
		cells *= programme_table_rows(programme, &programme->variables[table->dims[d]],
					      false);
	return cells == 0 ? 1 : (uint32_t)cells;
}

static bool advise_table(const struct programme *programme, const struct programme_table *table,
			 struct programme_advice *advice)
{
	const uint32_t months = months_of(programme, programme->operation);
	const uint32_t in = table->cadence == CADENCE_QUARTER ? QUARTER : MONTHS;
	const uint32_t persons = planned(programme->targets, programme->targets_n, months, in);
	const int32_t day = table->span.from > programme->operation.from
				    ? table->span.from
				    : programme->operation.from;
	const double moved =
		2 * programme_table_noise(programme, table, programme_sites_on(programme, day));

	*advice = (struct programme_advice){
		.code = "P051",
		.id = table->id,
		.number = persons / cells_of(programme, table),
		.of = (uint32_t)ceil(moved),
		.is_coarser = table->cadence != CADENCE_YEAR,
	};
	return persons > 0 && advice->number < advice->of;
}

size_t programme_advise(const struct programme *programme,
			struct programme_advice ret_advice[static PROGRAMME_ADVICE_MAX])
{
	size_t n = advise_sites(programme, ret_advice);

	for (size_t i = 0; i < programme->tables_n; i++)
		if (programme->tables[i].scope == SCOPE_COUNTY)
			n += advise_table(programme, &programme->tables[i], &ret_advice[n]);
	return n;
}
