#include "proto/coverage.h"

#include "lib/own.h"

#include <inttypes.h>
#include <stdio.h>

uint32_t coverage_start(const struct programme *programme)
{
	uint32_t start = RELEASE_PERIOD_MAX;

	for (size_t site = 0; site < programme->sites_n; site++) {
		uint32_t first = period_of_day(programme->sites[site].span.from);

		if (first < start)
			start = first;
	}
	return start;
}

uint32_t coverage_last(const struct county_ask *ask)
{
	return ask->range.last < ask->until ? ask->range.last : ask->until;
}

void coverage_hold_to(struct county *county, const struct roster *roster)
{
	const struct programme *programme = county_programme(county);

	for (size_t site = 0; site < programme->sites_n; site++) {
		const struct roster_member *member = roster_find(roster, programme->sites[site].id);
		bool has_left = member != NULL && member->status == ROSTER_RETIRED;

		county_set_last(county, site, has_left ? 0 : COUNTY_STAYS);
	}
}

bool coverage_is_due(const struct county *county, const struct county_ask *ask, uint32_t period,
		     size_t site)
{
	const struct programme *programme = county_programme(county);

	if ((ask->site >= 0 && (size_t)ask->site != site) || period > ask->until ||
	    period > county_last(county, site) ||
	    !programme_site_takes_part(&programme->sites[site], period))
		return false;
	for (size_t m = 0; m < programme->measures_n; m++)
		if ((ask->measure < 0 || (size_t)ask->measure == m) &&
		    programme_is_due(&programme->measures[m], period))
			return true;
	return false;
}

bool coverage_is_site_due(const struct county *county, const struct county_ask *ask, size_t site)
{
	for (uint32_t period = ask->range.first; period <= coverage_last(ask); period++)
		if (coverage_is_due(county, ask, period, site))
			return true;
	return false;
}

bool coverage_is_month_due(const struct county *county, const struct county_ask *ask,
			   uint32_t period)
{
	for (size_t site = 0; site < county_programme(county)->sites_n; site++)
		if (coverage_is_due(county, ask, period, site))
			return true;
	return false;
}

static void add_run(struct buf *list, uint32_t first, uint32_t last)
{
	char text[PERIOD_TEXT_BYTES];

	period_format((struct period_range){first, last}, text);
	if (list != NULL)
		buf_printf(list, "%s%s", list->n > 0 ? ", " : "", text);
}

unsigned coverage_missing(const struct county *county, const struct county_ask *ask, size_t site,
			  struct buf *ret_list)
{
	uint32_t last = coverage_last(ask);
	uint32_t run = 0; /* first month of the run we are in */
	unsigned n = 0;

	for (uint32_t period = ask->range.first; period <= last; period++) {
		bool is_missing = coverage_is_due(county, ask, period, site) &&
				  county_figures(county, period, site) == NULL;

		n += is_missing;
		if (is_missing && run == 0)
			run = period;
		if (!is_missing && run != 0) {
			add_run(ret_list, run, period - 1);
			run = 0;
		}
	}
	if (run != 0)
		add_run(ret_list, run, last);
	return n;
}

void coverage_count(const struct county *county, const struct county_ask *ask,
		    unsigned *ret_expected, unsigned *ret_reported)
{
	const struct programme *programme = county_programme(county);
	unsigned expected = 0, reported = 0;

	for (size_t site = 0; site < programme->sites_n; site++) {
		if (!coverage_is_site_due(county, ask, site))
			continue;
		expected++;
		reported += coverage_missing(county, ask, site, NULL) == 0;
	}
	*ret_expected = expected;
	*ret_reported = reported;
}

static void note_hold(const struct programme *programme, struct sheet *sheet)
{
	char waiting[16], k[16];

	if (programme->policy.k < 2)
		return;
	(void)snprintf(waiting, sizeof(waiting), "%" PRIu32, programme->policy.k - 1);
	(void)snprintf(k, sizeof(k), "%" PRIu32, programme->policy.k);
	sheet_note(sheet,
		   N_("Up to %1 more persons may wait per site and figure, until at least %2 can "
		      "be shown together."),
		   waiting, k, NULL);
}

void coverage_set_title(const struct county *county, const struct county_ask *ask,
			enum programme_language language, const struct coverage_title *title,
			struct sheet *sheet)
{
	const struct programme *programme = county_programme(county);
	char period[PERIOD_TEXT_BYTES], reported[16], expected[16];
	unsigned expected_n, reported_n;

	if (ask->range.first == 0) {
		sheet_title(sheet, N_("No month is closed yet"), NULL);
		return;
	}
	period_format(ask->range, period);
	if (ask->site >= 0) {
		sheet_title(sheet, title->one,
			    programme_text(programme->sites[ask->site].label, language), period,
			    NULL);
		return;
	}
	coverage_count(county, ask, &expected_n, &reported_n);
	(void)snprintf(expected, sizeof(expected), "%u", expected_n);
	(void)snprintf(reported, sizeof(reported), "%u", reported_n);
	sheet_title(sheet, title->all, period, reported, expected, NULL);
}

/* A site that would take part in the range's last month, had it not left. */
static void note_left(const struct county *county, const struct county_ask *ask,
		      enum programme_language language, struct sheet *sheet)
{
	const struct programme *programme = county_programme(county);

	for (size_t site = 0; site < programme->sites_n; site++) {
		const char *label = programme_text(programme->sites[site].label, language);
		uint32_t last = county_last(county, site);
		char text[PERIOD_TEXT_BYTES];

		if ((ask->site >= 0 && (size_t)ask->site != site) || last >= coverage_last(ask) ||
		    !programme_site_takes_part(&programme->sites[site], coverage_last(ask)))
			continue;
		if (last == 0) {
			sheet_note(sheet, N_("%1 has left and never reported."), label, NULL);
			continue;
		}
		period_format_month(last, text);
		sheet_note(sheet, N_("%1 has left: its last report is of %2."), label, text, NULL);
	}
}

bool coverage_note_missing(const struct county *county, const struct county_ask *ask,
			   enum programme_language language, struct sheet *sheet)
{
	const struct programme *programme = county_programme(county);
	char until[PERIOD_TEXT_BYTES];
	bool is_complete = true;

	for (size_t site = 0; site < programme->sites_n; site++) {
		own(buf_free) struct buf list = {0};
		const char *months;

		if (coverage_missing(county, ask, site, &list) == 0)
			continue;
		is_complete = false;
		months = buf_text(&list);
		sheet_note(sheet, N_("%1 has not reported %2."),
			   programme_text(programme->sites[site].label, language),
			   months != NULL ? months : "?", NULL);
	}
	note_left(county, ask, language, sheet);
	if (ask->until > 0 && ask->range.last > ask->until) {
		period_format_month(ask->until, until);
		sheet_note(sheet,
			   N_("Months after %1 are not closed everywhere yet and not counted."),
			   until, NULL);
	}
	return is_complete;
}

bool coverage_note(const struct county *county, const struct county_ask *ask,
		   enum programme_language language, struct sheet *sheet)
{
	bool is_complete = coverage_note_missing(county, ask, language, sheet);

	note_hold(county_programme(county), sheet);
	return is_complete;
}

void coverage_add_sum(struct sheet *sheet, const struct county_sum *sum)
{
	if (sum->state == CELL_VALUE)
		sheet_add_number(sheet, sum->value);
	else
		sheet_add_state(sheet, sum->state);
}

void coverage_add_site(struct sheet *sheet, const struct programme *programme, int site,
		       enum programme_language language)
{
	static const struct programme_label county = {.sv = "Länet", .en = "County"};

	if (site < 0)
		sheet_add_code(sheet, "county", programme_text(county, language), NULL);
	else
		sheet_add_code(sheet, programme->sites[site].id,
			       programme_text(programme->sites[site].label, language), NULL);
}
