#include "daemon/hub/reach.h"

#include "lib/date.h"
#include "proto/ask.h"
#include "proto/coverage.h"

#include <errno.h>
#include <string.h>

bool reach_contact(const struct door *door, const struct county *county, int64_t at)
{
	const struct programme *programme = county_programme(county);
	uint32_t period = period_of_day(date_of_moment(at));

	for (size_t site = 0; site < programme->sites_n; site++) {
		struct door_view view;

		door_view(door, site, &view);
		if (programme_site_takes_part(&programme->sites[site], period) &&
		    county_last(county, site) == COUNTY_STAYS && !view.is_connected)
			return false;
	}
	return true;
}

bool reach_complete(const struct county *county, int64_t at)
{
	const struct programme *programme = county_programme(county);
	uint32_t until = ask_until(programme, at);
	const struct county_ask ask = {{coverage_start(programme), until}, -1, -1, -1, until};
	unsigned missing = 0;

	for (size_t site = 0; site < programme->sites_n; site++)
		missing += coverage_missing(county, &ask, site, NULL);
	return missing == 0;
}

int reach_state(const struct door *door, const struct county *county, int64_t at, const char *state,
		bool *ret_is_reached)
{
	if (strcmp(state, "ready") == 0)
		*ret_is_reached = true;
	else if (strcmp(state, "contact") == 0)
		*ret_is_reached = reach_contact(door, county, at);
	else if (strcmp(state, "received") == 0 || strcmp(state, "complete") == 0)
		*ret_is_reached = reach_complete(county, at);
	else
		return -EINVAL;
	return 0;
}
