#include "daemon/site/calendar.h"

#include "lib/date.h"

uint32_t calendar_first(const struct programme *programme, const struct programme_site *site)
{
	int32_t from = site->span.from > programme->operation.from ? site->span.from
								   : programme->operation.from;

	return period_of_day(from);
}

uint32_t calendar_last(const struct programme *programme)
{
	return period_of_day(programme->operation.to) + CALENDAR_AFTER_MONTHS;
}

int64_t calendar_end(uint32_t period)
{
	return date_to_moment(period_last_day(period) + 1);
}

/* cutoff_days after the last day: as ask_until() (proto/ask) counts what is over for everybody. */
int64_t calendar_cutoff(const struct programme *programme, uint32_t period)
{
	return date_to_moment(period_last_day(period) + (int32_t)programme->policy.cutoff_days);
}
