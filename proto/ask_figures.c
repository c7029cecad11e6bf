/* Answering what is asked of the county's figures: ask_figures() of proto/ask.h. */
#include "proto/ask.h"

#include "lib/date.h"
#include "lib/own.h"
#include "proto/compare.h"
#include "proto/county_before.h"
#include "proto/define.h"
#include "proto/errors.h"
#include "proto/flow.h"
#include "proto/forecast.h"
#include "proto/goals.h"
#include "proto/targets.h"
#include "proto/trend.h"
#include "proto/why.h"

#include <errno.h>
#include <string.h>

/* A question on its way to its answer. */
struct question {
	const struct county *county; /* what is known now, or was on the day of --as-of */
	const struct county *now;
	const struct request *request;
	struct totals_ask ask;
	int64_t at; /* --as-of, exclusive; INT64_MAX: now */
	int64_t at_now;
};

typedef struct sheet *sheet_fn(const struct county *county, const struct totals_ask *ask,
			       bool *ret_is_complete);
typedef int answer_fn(struct question *question, struct answer *answer, struct fault *fault);

/* Adds the sheet that is not NULL; what is missing shows in the exit. */
static int add_sheet(const struct question *question, struct sheet *sheet, bool is_complete,
		     struct answer *answer)
{
	const char *as_of = request_option(question->request, "as-of");

	if (as_of != NULL)
		sheet_note(sheet,
			   N_("As it was known on %1: reports that came later do not count."),
			   as_of, NULL);
	if (!is_complete && request_option(question->request, "allow-partial") == NULL)
		answer->exit = EXIT_INCOMPLETE;
	return answer_add(answer, &sheet);
}

static int answer_by(struct question *question, sheet_fn *make, struct answer *answer)
{
	bool is_complete = true;
	struct sheet *sheet = make(question->county, &question->ask, &is_complete);

	return add_sheet(question, sheet, is_complete, answer);
}

static int answer_totals(struct question *question, struct answer *answer, struct fault *fault)
{
	if (request_option(question->request, "own") != NULL)
		return fault_set(fault, "X002", "--own", "Ask a site.",
				 "a hub has no records, and so no figures of its own");
	return answer_by(question, totals_sheet, answer);
}

static int answer_trend(struct question *question, struct answer *answer, struct fault *fault)
{
	(void)fault;
	return answer_by(question, trend_sheet, answer);
}

static int answer_flow(struct question *question, struct answer *answer, struct fault *fault)
{
	(void)fault;
	return answer_by(question, flow_sheet, answer);
}

static int answer_targets(struct question *question, struct answer *answer, struct fault *fault)
{
	(void)fault;
	return answer_by(question, targets_sheet, answer);
}

static int answer_goals(struct question *question, struct answer *answer, struct fault *fault)
{
	int status = answer_by(question, goals_sheet, answer);

	(void)fault;
	if (status == 0 && request_option(question->request, "check") != NULL &&
	    !goals_are_reached(answer->sheets[0]))
		answer->exit = EXIT_CHECK_FAILED;
	if (status != 0 || request_option(question->request, "forecast") == NULL)
		return status;
	status = answer_by(question, forecast_recruited, answer);
	return status == 0 ? answer_by(question, forecast_sheet, answer) : status;
}

static int answer_sites(struct question *question, struct answer *answer, struct fault *fault)
{
	bool is_wide = request_option(question->request, "wide") != NULL;
	const struct totals_sites_ask ask = {
		.until = question->ask.until,
		.today = date_of_moment(question->at_now),
		.is_wide = is_wide,
		.language = question->ask.language,
	};
	struct sheet *sheet = totals_sites(question->county, &ask);

	(void)fault;
	return answer_add(answer, &sheet);
}

/* Two periods as they are known; or one, as it was known then and is now. */
static int answer_compare(struct question *question, struct answer *answer, struct fault *fault)
{
	const struct request *request = question->request;
	uint32_t until_now = ask_until(county_programme(question->now), question->at_now);
	struct compare_side sides[2] = {
		{.county = question->county, .until = question->ask.until},
		{.county = question->county, .until = question->ask.until},
	};
	bool is_complete = true;
	struct sheet *sheet;
	int status = ask_period(request, 0, &sides[0].range, fault);

	sides[1].range = sides[0].range;
	if (status == 0 && request->arguments_n > 1)
		status = ask_period(request, 1, &sides[1].range, fault);
	if (status != 0)
		return status;
	if (request->arguments_n < 2 && question->at == INT64_MAX)
		return fault_set(fault, "X002", "compare",
				 "Give two periods, or one and --as-of DATE.",
				 "there is nothing to compare %s with", request->arguments[0]);
	if (request->arguments_n < 2) {
		sides[0].at = question->at;
		sides[1].county = question->now;
		sides[1].until = until_now;
	}
	sheet = compare_sheet(sides, &question->ask, &is_complete);
	return add_sheet(question, sheet, is_complete, answer);
}

static int answer_why(struct question *question, struct answer *answer, struct fault *fault)
{
	struct why why;
	int status = why_read(question->request, county_programme(question->county),
			      question->ask.until, &why, fault);

	return status == 0 ? why_answer(question->county, &why, answer) : status;
}

static int answer_define(struct question *question, struct answer *answer, struct fault *fault)
{
	own(sheet_free) struct sheet *sheet = NULL;
	int status =
		define_sheet(county_programme(question->county), question->request, &sheet, fault);

	return status == 0 ? answer_add(answer, &sheet) : status;
}

static const struct {
	enum command command;
	answer_fn *answer;
} answers[] = {
	{COMMAND_TOTALS, answer_totals},   {COMMAND_GOALS, answer_goals},
	{COMMAND_TARGETS, answer_targets}, {COMMAND_TREND, answer_trend},
	{COMMAND_FLOW, answer_flow},       {COMMAND_COMPARE, answer_compare},
	{COMMAND_SITES, answer_sites},     {COMMAND_WHY, answer_why},
	{COMMAND_DEFINE, answer_define},
};

static answer_fn *answer_of(enum command command)
{
	for (size_t i = 0; i < array_n(answers); i++)
		if (answers[i].command == command)
			return answers[i].answer;
	return NULL;
}

/* What was known on the day of --as-of, when it was given. */
static int go_back(struct question *question, struct county **ret_then, struct fault *fault)
{
	const struct programme *programme = county_programme(question->now);
	int64_t at_last = question->at_now;
	int status = ask_as_of(question->request, question->at_now, &question->at, fault);

	if (status == 0 && question->at != INT64_MAX) {
		status = county_before(question->now, question->at, ret_then);
		question->county = *ret_then;
		at_last = question->at - 1;
	}
	if (status != 0)
		return status;
	return ask_totals(question->request, programme, ask_until(programme, at_last),
			  &question->ask, fault);
}

int ask_figures(const struct county *county, const struct request *request, int64_t at_now,
		struct answer *ret_answer)
{
	own(county_free) struct county *then = NULL;
	answer_fn *answer = answer_of(request->command);
	struct question question = {
		.county = county,
		.now = county,
		.request = request,
		.at_now = at_now,
	};
	struct fault fault = {0};
	int status;

	if (answer == NULL)
		return -ENOENT;
	status = go_back(&question, &then, &fault);
	if (status == 0)
		status = answer(&question, ret_answer, &fault);
	return status == -EBADMSG ? answer_fault(ret_answer, &fault) : status;
}
