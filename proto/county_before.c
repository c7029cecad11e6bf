#include "proto/county_before.h"

#include "lib/fail.h"
#include "lib/own.h"

int county_before(const struct county *county, int64_t at, struct county **ret_county)
{
	own(county_free) struct county *before = NULL;
	size_t sites_n = county_programme(county)->sites_n;
	struct period_range range = county_range(county);
	int error = county_new(county_programme(county), &before);

	for (uint32_t p = range.first; p <= range.last && p != 0; p++)
		for (size_t site = 0; site < sites_n && error == 0; site++)
			if (county_figures(county, p, site) != NULL &&
			    county_received(county, p, site) < at)
				error = county_set(before, p, site, county_figures(county, p, site),
						   county_received(county, p, site));
	for (size_t site = 0; site < sites_n && error == 0; site++)
		county_set_last(before, site, county_last(county, site));
	if (error == 0)
		*ret_county = take(before);
	return error;
}
