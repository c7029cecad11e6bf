#include "proto/ask.h"

#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/coverage.h"
#include "proto/errors.h"
#include "proto/goals.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

uint32_t ask_until(const struct programme *programme, int64_t at_now)
{
	int32_t today = date_of_moment(at_now);

	return period_of_day(today - (int32_t)programme->policy.cutoff_days + 1) - 1;
}

static struct period_range closed_range(const struct programme *programme, uint32_t until)
{
	uint32_t start = coverage_start(programme);

	return until < start ? (struct period_range){0, 0} : (struct period_range){start, until};
}

/* ---- values ---- */

static int not_there(struct fault *fault, const char *option, const char *value,
		     const char *nearest)
{
	char remedy[128] = "`mia sites` and `mia totals` list what there is.";

	if (nearest != NULL)
		(void)snprintf(remedy, sizeof(remedy), "Did you mean \"%s\"?", nearest);
	return fault_set(fault, "X009", option, remedy, "\"%s\" is not there", value);
}

static int take_period(const char *value, struct totals_ask *ask, struct fault *fault)
{
	if (value == NULL || period_parse(value, &ask->range) == 0)
		return 0;
	return fault_set(fault, "X002", "--period",
			 "Write it as 2018-06, 2018q2, 2018 or 2018-01..2018-06.",
			 "\"%s\" is no period", value);
}

static bool is_called(const char *value, const char *id, struct programme_label label)
{
	return strcmp(value, id) == 0 || text_same_word(value, label.sv) ||
	       text_same_word(value, label.en);
}

static int take_site(const struct programme *programme, const char *value, struct totals_ask *ask,
		     struct fault *fault)
{
	const char *words[PROGRAMME_SITES_MAX];
	int nearest;

	ask->site = -1;
	for (size_t i = 0; i < programme->sites_n && value != NULL; i++) {
		const struct programme_site *site = &programme->sites[i];

		words[i] = site->id;
		if (is_called(value, site->id, site->label))
			ask->site = (int)i;
	}
	if (value == NULL || ask->site >= 0)
		return 0;
	nearest = text_nearest(value, words, programme->sites_n);
	return not_there(fault, "--site", value, nearest < 0 ? NULL : words[nearest]);
}

static int take_measure(const struct programme *programme, const char *value,
			struct totals_ask *ask, struct fault *fault)
{
	const char *words[PROGRAMME_MEASURES_MAX];
	int nearest;

	ask->measure = -1;
	for (size_t i = 0; i < programme->measures_n && value != NULL; i++) {
		const struct programme_measure *measure = &programme->measures[i];

		words[i] = measure->id;
		if (is_called(value, measure->id, measure->label))
			ask->measure = (int)i;
	}
	if (value == NULL || ask->measure >= 0)
		return 0;
	nearest = text_nearest(value, words, programme->measures_n);
	return not_there(fault, "--measure", value, nearest < 0 ? NULL : words[nearest]);
}

/* "site", "period", or both with a comma, in either order. */
static int take_by(const char *value, struct totals_ask *ask, struct fault *fault)
{
	const char *at = value;

	while (at != NULL) {
		size_t n = strcspn(at, ",");
		bool is_site = n == 4 && memcmp(at, "site", 4) == 0;

		if (!is_site && (n != 6 || memcmp(at, "period", 6) != 0))
			return fault_set(fault, "X002", "--by",
					 "Write --by site, --by period or --by site,period.",
					 "\"%s\" cannot be split by", value);
		ask->by_site = ask->by_site || is_site;
		ask->by_period = ask->by_period || !is_site;
		at = at[n] == ',' ? at + n + 1 : NULL;
	}
	return 0;
}

int ask_totals(const struct request *request, const struct programme *programme, uint32_t until,
	       struct totals_ask *ret_ask, struct fault *fault)
{
	bool is_all = request_option(request, "all") != NULL;
	struct totals_ask ask = {
		.range = closed_range(programme, until),
		.by_site = is_all,
		.by_period = is_all,
		.until = until,
		.language = request->language,
	};
	int status = take_period(request_option(request, "period"), &ask, fault);

	if (status == 0)
		status = take_site(programme, request_option(request, "site"), &ask, fault);
	if (status == 0)
		status = take_measure(programme, request_option(request, "measure"), &ask, fault);
	if (status == 0)
		status = take_by(request_option(request, "by"), &ask, fault);
	if (status == 0)
		*ret_ask = ask;
	return status;
}

/* ---- the answer ---- */

static int add_figures(const struct county *county, const struct request *request,
		       const struct totals_ask *ask, struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = NULL;
	bool is_complete = false;

	if (request->command == COMMAND_GOALS)
		sheet = goals_sheet(county, ask, &is_complete);
	else
		sheet = totals_sheet(county, ask, &is_complete);
	if (!is_complete && request_option(request, "allow-partial") == NULL)
		ret_answer->exit = EXIT_INCOMPLETE;
	return answer_add(ret_answer, &sheet);
}

int ask_figures(const struct county *county, const struct request *request, int64_t at_now,
		struct answer *ret_answer)
{
	const struct programme *programme = county_programme(county);
	uint32_t until = ask_until(programme, at_now);
	own(sheet_free) struct sheet *sheet = NULL;
	struct totals_ask ask;
	struct fault fault = {0};

	if (request->command == COMMAND_SITES) {
		sheet = totals_sites(county, until, date_of_moment(at_now), request->language);
		return answer_add(ret_answer, &sheet);
	}
	if (request->command != COMMAND_TOTALS && request->command != COMMAND_GOALS)
		return -ENOENT;
	if (ask_totals(request, programme, until, &ask, &fault) != 0)
		return answer_fault(ret_answer, &fault);
	return add_figures(county, request, &ask, ret_answer);
}
