#include "proto/programme_budget.h"

#include "proto/programme_word.h"

#include <assert.h>
#include <math.h>

#define BEYOND 3 /* sites beside those that may stand with the hub */

size_t programme_sites_on(const struct programme *programme, int32_t day)
{
	size_t n = 0;

	for (size_t i = 0; i < programme->sites_n; i++)
		n += programme_holds(programme->sites[i].span, day);
	return n;
}

unsigned programme_table_turns(const struct programme_table *table)
{
	switch (table->kind) {
	case KIND_APPLIED:
	case KIND_DECLINED:
	case KIND_ENTERED:
	case KIND_LEFT:
	case KIND_FOLLOWED_UP:
		return 1;
	case KIND_REENTERED:
	case KIND_TRANSFERRED_IN:
	case KIND_TRANSFERRED_OUT:
	case KIND_SPELL_STARTED:
	case KIND_SPELL_ENDED:
	case KIND_HOURS:
	case KIND_ANSWERED:
	case KIND_DEVIATION:
	case KIND_N:
		break;
	}
	return table->cadence == CADENCE_QUARTER ? 4 : 1;
}

double programme_table_noise(const struct programme *programme, const struct programme_table *table,
			     size_t sites_n)
{
	const double n = (double)sites_n, t = programme->policy.collude;
	const double alpha = exp(-(double)table->epsilon / 1000 / table->max_codes);

	assert(n > t);
	return sqrt(n / (n - t) * 2 * alpha / ((1 - alpha) * (1 - alpha)));
}

/* The day on which a table begins. */
static int32_t first_day(const struct programme *programme, const struct programme_table *table)
{
	return table->span.from > programme->operation.from ? table->span.from
							    : programme->operation.from;
}

/* Per mille, of all county tables of a day. */
static uint64_t spent_on(const struct programme *programme, int32_t day)
{
	uint64_t spent = 0;

	for (size_t i = 0; i < programme->tables_n; i++) {
		const struct programme_table *table = &programme->tables[i];

		if (table->scope == SCOPE_COUNTY && programme_holds(table->span, day))
			spent += (uint64_t)table->epsilon * programme_table_turns(table);
	}
	return spent;
}

static int check_table(const struct programme_source *source, const struct programme *programme,
		       const struct programme_table *table)
{
	const unsigned line = programme_word_section(source, "table", table->id)->line;
	const int32_t day = first_day(programme, table);
	const size_t sites = programme_sites_on(programme, day);
	const uint64_t spent = spent_on(programme, day);

	if (sites < PROGRAMME_COUNTY_SITES || sites < programme->policy.collude + BEYOND)
		return programme_complain(
			source, line, "P043",
			"%s: %zu sites take part when it begins, and %u may stand "
			"with the hub (3-privacy 3.4)",
			table->id, sites, programme->policy.collude);
	if (spent > programme->policy.epsilon_year)
		return programme_complain(source, line, "P034",
					  "the county tables a person can be in add up to %llu per "
					  "mille in a year, of "
					  "%u (3-privacy 3.4)",
					  (unsigned long long)spent,
					  programme->policy.epsilon_year);
	return 0;
}

int programme_check_budget(const struct programme_source *source, const struct programme *programme)
{
	int error = 0;

	for (size_t i = 0; i < programme->tables_n && error == 0; i++)
		if (programme->tables[i].scope == SCOPE_COUNTY)
			error = check_table(source, programme, &programme->tables[i]);
	return error;
}
