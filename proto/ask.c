#include "proto/ask.h"

#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/coverage.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define DAY_S 86400

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
	char remedy[128] = N_("`mia sites` and `mia totals` list what there is.");

	if (nearest != NULL)
		(void)snprintf(remedy, sizeof(remedy), N_("Did you mean \"%s\"?"), nearest);
	return fault_set(fault, "X009", option, remedy, "\"%s\" is not there", value);
}

static int read_period(const char *place, const char *value, struct period_range *ret_range,
		       struct fault *fault)
{
	if (period_parse(value, ret_range) == 0)
		return 0;
	return fault_set(fault, "X002", place,
			 "Write it as 2018-06, 2018q2, 2018 or 2018-01..2018-06.",
			 "\"%s\" is no period", value);
}

static int take_period(const char *value, struct totals_ask *ask, struct fault *fault)
{
	return value == NULL ? 0 : read_period("--period", value, &ask->range, fault);
}

int ask_period(const struct request *request, size_t i, struct period_range *ret_range,
	       struct fault *fault)
{
	return read_period(command_row(request->command)->words, request->arguments[i], ret_range,
			   fault);
}

static bool is_called(const char *value, const char *id, struct programme_label label)
{
	return strcmp(value, id) == 0 || text_same_word(value, label.sv) ||
	       text_same_word(value, label.en);
}

int ask_find_site(const struct programme *programme, const char *word)
{
	for (size_t i = 0; i < programme->sites_n; i++)
		if (is_called(word, programme->sites[i].id, programme->sites[i].label))
			return (int)i;
	return -1;
}

int ask_find_measure(const struct programme *programme, const char *word)
{
	for (size_t i = 0; i < programme->measures_n; i++)
		if (is_called(word, programme->measures[i].id, programme->measures[i].label))
			return (int)i;
	return -1;
}

static int take_site(const struct programme *programme, const char *value, struct totals_ask *ask,
		     struct fault *fault)
{
	const char *words[PROGRAMME_SITES_MAX];
	int nearest;

	ask->site = value == NULL ? -1 : ask_find_site(programme, value);
	if (value == NULL || ask->site >= 0)
		return 0;
	for (size_t i = 0; i < programme->sites_n; i++)
		words[i] = programme->sites[i].id;
	nearest = text_nearest(value, words, programme->sites_n);
	return not_there(fault, "--site", value, nearest < 0 ? NULL : words[nearest]);
}

static int take_measure(const struct programme *programme, const char *value,
			struct totals_ask *ask, struct fault *fault)
{
	const char *words[PROGRAMME_MEASURES_MAX];
	int nearest;

	ask->measure = value == NULL ? -1 : ask_find_measure(programme, value);
	if (value == NULL || ask->measure >= 0)
		return 0;
	for (size_t i = 0; i < programme->measures_n; i++)
		words[i] = programme->measures[i].id;
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

int ask_as_of(const struct request *request, int64_t at_now, int64_t *ret_at, struct fault *fault)
{
	const char *value = request_option(request, "as-of");
	int64_t at = INT64_MAX;

	if (value != NULL && date_parse_moment(value, &at) != 0)
		return fault_set(fault, "X002", "--as-of",
				 "Write it as 2018-07-01 or 2018-07-01T06:00:00Z.",
				 "\"%s\" is no day", value);
	if (value != NULL && at > at_now)
		return fault_set(fault, "X002", "--as-of", "Give a day that has been.",
				 "%s is yet to come", value);
	if (value != NULL)
		at += strlen(value) < DATE_TEXT_BYTES ? DAY_S : 1;
	*ret_at = at;
	return 0;
}
