#include "proto/rates.h"

#include "lib/date.h"
#include "proto/coverage.h"

#include <inttypes.h>
#include <stdio.h>

#define AHEAD_MONTHS 13 /* a measure by year comes within them */

static int32_t last_day_in_time(const struct programme *programme, uint32_t period)
{
	return period_last_day(period) + (int32_t)programme->policy.on_time_days;
}

/* The first month without a report, looking past those that are closed. */
static uint32_t find_next(const struct county *county, const struct county_ask *ask, size_t site)
{
	struct county_ask ahead = *ask;

	ahead.until = coverage_last(ask) + AHEAD_MONTHS;
	for (uint32_t p = ask->range.first; p <= ahead.until; p++)
		if (coverage_is_due(county, &ahead, p, site) &&
		    county_received(county, p, site) == 0)
			return p;
	return 0;
}

static enum rates_standing standing_of(const struct rates *rates, uint32_t until)
{
	if (rates->next == 0)
		return RATES_NONE;
	if (rates->days < 0)
		return RATES_OVERDUE;
	return rates->next <= until ? RATES_SOON : RATES_LATER;
}

void rates_of(const struct county *county, const struct county_ask *ask, size_t site, int32_t today,
	      struct rates *ret_rates)
{
	const struct programme *programme = county_programme(county);
	struct county_ask all_sites = *ask;
	struct rates rates = {0};

	all_sites.site = -1;
	for (uint32_t p = ask->range.first; p <= coverage_last(ask); p++) {
		int64_t at_received = county_received(county, p, site);
		int32_t by = last_day_in_time(programme, p);

		if (!coverage_is_due(county, &all_sites, p, site))
			continue;
		rates.due++;
		rates.reported += at_received != 0;
		rates.judged += at_received != 0 || today > by;
		rates.on_time += at_received != 0 && at_received < date_to_moment(by + 1);
	}
	rates.next = find_next(county, &all_sites, site);
	rates.by = rates.next == 0 ? 0 : last_day_in_time(programme, rates.next);
	rates.days = rates.next == 0 ? 0 : rates.by - today;
	rates.standing = standing_of(&rates, ask->until);
	*ret_rates = rates;
}

void rates_add(struct rates *into, const struct rates *site)
{
	into->due += site->due;
	into->reported += site->reported;
	into->judged += site->judged;
	into->on_time += site->on_time;
}

void rates_note(const struct county *county, const struct county_ask *ask, int32_t today,
		enum programme_language language, struct sheet *sheet)
{
	const struct programme *programme = county_programme(county);

	for (size_t site = 0; site < programme->sites_n; site++) {
		const char *label = programme_text(programme->sites[site].label, language);
		char month[PERIOD_TEXT_BYTES], by[DATE_TEXT_BYTES], days[16];
		struct rates rates;

		rates_of(county, ask, site, today, &rates);
		if (rates.standing != RATES_SOON && rates.standing != RATES_OVERDUE)
			continue;
		period_format_month(rates.next, month);
		date_format(rates.by, by);
		(void)snprintf(days, sizeof(days), "%" PRId32,
			       rates.days < 0 ? -rates.days : rates.days);
		if (rates.standing == RATES_SOON)
			sheet_note(sheet, N_("%1: the report for %2 is due by %3 (days left: %4)."),
				   label, month, by, days, NULL);
		else
			sheet_note(sheet,
				   N_("%1: the report for %2 was due by %3 (days overdue: %4)."),
				   label, month, by, days, NULL);
	}
}
