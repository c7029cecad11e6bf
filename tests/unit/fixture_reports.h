/* Reports of the small programme of fixture_county.h, and questions about them. Include after
 * cmocka. */
#ifndef MIA_TESTS_FIXTURE_REPORTS_H
#define MIA_TESTS_FIXTURE_REPORTS_H

#include "lib/date.h"
#include "proto/totals.h"
#include "tests/unit/fixture_county.h"

/* What a site says of a month: so many entered, and so many left in each cell. It came ten days
 * after the month's end. */
static inline void report(struct county *county, uint32_t period, size_t site, uint32_t entered,
			  uint32_t left)
{
	struct release_figures figures = fixture_figures(period);
	int64_t at = date_to_moment(period_last_day(period) + 10);

	figures.cells[ENTERED][0].value = entered;
	for (size_t c = 0; c < 3; c++)
		figures.cells[LEFT][c].value = left;
	assert_int_equal(county_set(county, period, site, &figures, at), 0);
}

static inline struct county *empty_county(void)
{
	struct county *county = NULL;

	assert_int_equal(county_new(&fixture_programme, &county), 0);
	return county;
}

/* Months of the county up to until, in English. */
static inline struct totals_ask ask_of(uint32_t first, uint32_t last, uint32_t until)
{
	return (struct totals_ask){
		.range = {first, last},
		.site = -1,
		.measure = -1,
		.until = until,
		.language = LANGUAGE_EN,
	};
}

#endif
