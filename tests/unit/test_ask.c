#include "proto/ask.h"

#include "fixture_county.h"
#include "lib/date.h"
#include "proto/errors.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define JUNE MONTH(2018, 6)

/* A request with options "name", "value", ... NULL. */
static struct request request_of(enum command command, const char *const options[])
{
	struct request request = {.command = command, .language = LANGUAGE_EN};

	for (; *options != NULL; options += 2) {
		size_t i = request.options_n++;

		(void)snprintf(request.options[i].name, sizeof(request.options[i].name), "%s",
			       options[0]);
		(void)snprintf(request.options[i].value, sizeof(request.options[i].value), "%s",
			       options[1]);
	}
	return request;
}

#define OPTIONS(...)                                                                               \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}

static struct totals_ask taken(const char *const options[])
{
	struct request request = request_of(COMMAND_TOTALS, options);
	struct totals_ask ask;
	struct fault fault = {0};

	assert_int_equal(ask_totals(&request, &fixture_programme, JUNE, &ask, &fault), 0);
	return ask;
}

static struct fault refused(const char *const options[])
{
	struct request request = request_of(COMMAND_TOTALS, options);
	struct totals_ask ask = {.measure = 77};
	struct fault fault = {0};

	assert_int_equal(ask_totals(&request, &fixture_programme, JUNE, &ask, &fault), -EBADMSG);
	assert_int_equal(ask.measure, 77);
	return fault;
}

static void a_month_is_over_on_its_cutoff_day(void **state)
{
	int64_t tenth = date_to_moment(date_from_civil(2018, 7, 10));

	(void)state;
	assert_int_equal(ask_until(&fixture_programme, tenth - 1), MONTH(2018, 5));
	assert_int_equal(ask_until(&fixture_programme, tenth), JUNE);
}

static void unless_told_all_that_is_closed_is_asked_for(void **state)
{
	struct totals_ask ask = taken(OPTIONS(NULL));

	(void)state;
	assert_int_equal(ask.range.first, MONTH(2018, 1));
	assert_int_equal(ask.range.last, JUNE);
	assert_int_equal(ask.site, -1);
	assert_int_equal(ask.measure, -1);
	assert_false(ask.by_site || ask.by_period);
}

static void before_the_first_month_is_over_the_range_is_none(void **state)
{
	struct request request = request_of(COMMAND_TOTALS, OPTIONS(NULL));
	struct totals_ask ask;

	(void)state;
	assert_int_equal(ask_totals(&request, &fixture_programme, MONTH(2017, 12), &ask, NULL), 0);
	assert_int_equal(ask.range.first, 0);
	assert_int_equal(ask.range.last, 0);
}

static void a_period_is_taken_as_written(void **state)
{
	struct totals_ask ask = taken(OPTIONS("period", "2018q2"));

	(void)state;
	assert_int_equal(ask.range.first, MONTH(2018, 4));
	assert_int_equal(ask.range.last, JUNE);
	assert_string_equal(refused(OPTIONS("period", "june")).code, "X002");
}

static void a_site_is_known_by_its_id_or_either_label(void **state)
{
	(void)state;
	assert_int_equal(taken(OPTIONS("site", "south")).site, SOUTH);
	assert_int_equal(taken(OPTIONS("site", "SÖDER")).site, SOUTH);
	assert_int_equal(taken(OPTIONS("measure", "left")).measure, LEFT);
	assert_int_equal(taken(OPTIONS("measure", "inskrivna")).measure, ENTERED);
}

static void a_name_that_is_not_there_gets_the_nearest_proposed(void **state)
{
	struct fault site = refused(OPTIONS("site", "sotuh"));
	struct fault measure = refused(OPTIONS("measure", "enterd"));

	(void)state;
	assert_string_equal(site.code, "X009");
	assert_non_null(strstr(site.remedy, "\"south\""));
	assert_string_equal(measure.code, "X009");
	assert_non_null(strstr(measure.remedy, "\"entered\""));
	assert_non_null(strstr(refused(OPTIONS("site", "qqqqqqqq")).remedy, "mia sites"));
}

static void figures_are_split_by_site_period_or_both(void **state)
{
	struct totals_ask both = taken(OPTIONS("by", "period,site"));

	(void)state;
	assert_true(both.by_site && both.by_period);
	assert_true(taken(OPTIONS("by", "site")).by_site);
	assert_false(taken(OPTIONS("by", "site")).by_period);
	assert_true(taken(OPTIONS("all", "")).by_period);
	assert_string_equal(refused(OPTIONS("by", "sex")).code, "X002");
	assert_string_equal(refused(OPTIONS("by", "site,")).code, "X002");
	assert_string_equal(refused(OPTIONS("by", "")).code, "X002");
}

/* The answer's exit when north alone has reported January, asked on 10 February. */
static uint8_t exit_of(enum command command, const char *const options[])
{
	struct request request = request_of(command, options);
	const struct release_figures figures = fixture_figures(MONTH(2018, 1));
	struct county *county = NULL;
	own(answer_free) struct answer answer = {0};
	int64_t now = date_to_moment(date_from_civil(2018, 2, 10));

	assert_int_equal(county_new(&fixture_programme, &county), 0);
	assert_int_equal(county_set(county, MONTH(2018, 1), NORTH, &figures, now), 0);
	assert_int_equal(ask_figures(county, &request, now, &answer), 0);
	assert_int_equal(answer.sheets_n, 1);
	county_free(&county);
	return answer.exit;
}

static void an_answer_with_a_site_missing_says_so_by_its_exit(void **state)
{
	(void)state;
	assert_int_equal(exit_of(COMMAND_TOTALS, OPTIONS(NULL)), EXIT_INCOMPLETE);
	assert_int_equal(exit_of(COMMAND_GOALS, OPTIONS(NULL)), EXIT_INCOMPLETE);
	assert_int_equal(exit_of(COMMAND_TOTALS, OPTIONS("allow-partial", "")), EXIT_GOOD);
	assert_int_equal(exit_of(COMMAND_TOTALS, OPTIONS("site", "north")), EXIT_GOOD);
	assert_int_equal(exit_of(COMMAND_SITES, OPTIONS(NULL)), EXIT_GOOD);
	assert_int_equal(exit_of(COMMAND_TOTALS, OPTIONS("site", "nowhere")), EXIT_NOT_FOUND);
	assert_int_equal(exit_of(COMMAND_TOTALS, OPTIONS("period", "x")), EXIT_USAGE);
}

/* Both reports of January came on 10 February; asked for again on 1 April. */
static uint8_t exit_as_of(const char *day, int64_t *ret_value)
{
	struct request request = request_of(COMMAND_TOTALS, OPTIONS("measure", "entered", "period",
								    "2018-01", "as-of", day));
	struct release_figures figures = fixture_figures(MONTH(2018, 1));
	own(county_free) struct county *county = NULL;
	own(answer_free) struct answer answer = {0};
	int64_t came = date_to_moment(date_from_civil(2018, 2, 10)) + 3600;

	figures.cells[ENTERED][0].value = 7;
	assert_int_equal(county_new(&fixture_programme, &county), 0);
	assert_int_equal(county_set(county, MONTH(2018, 1), NORTH, &figures, came), 0);
	assert_int_equal(county_set(county, MONTH(2018, 1), SOUTH, &figures, came), 0);
	assert_int_equal(ask_figures(county, &request, date_to_moment(date_from_civil(2018, 4, 1)),
				     &answer),
			 0);
	*ret_value = answer.sheets[0]->rows_n > 0 ? answer.sheets[0]->cells[2].number : -1;
	return answer.exit;
}

static void as_of_a_day_counts_what_had_come_by_its_end(void **state)
{
	int64_t value;

	(void)state;
	assert_int_equal(exit_as_of("2018-02-10", &value), EXIT_GOOD);
	assert_int_equal(value, 14);
	assert_int_equal(exit_as_of("2018-02-10T00:59:59Z", &value), EXIT_INCOMPLETE);
	assert_int_equal(value, 0);
	assert_int_equal(exit_as_of("2018-02-10T01:00:00Z", &value), EXIT_GOOD);
	assert_int_equal(exit_as_of("2018-04-02", &value), EXIT_USAGE);
	assert_int_equal(exit_as_of("yesterday", &value), EXIT_USAGE);
}

static void a_goal_that_is_not_reached_fails_the_check(void **state)
{
	(void)state;
	assert_int_equal(exit_of(COMMAND_GOALS, OPTIONS("check", "")), EXIT_CHECK_FAILED);
	assert_int_equal(exit_of(COMMAND_GOALS, OPTIONS("check", "", "allow-partial", "")),
			 EXIT_CHECK_FAILED);
}

/* The schemas of an answer asked for on 10 February, when north has reported January. */
static void assert_answered(enum command command, const char *argument, const char *option,
			    const char *const schemas[])
{
	struct request request = request_of(command, OPTIONS(option, ""));
	const struct release_figures figures = fixture_figures(MONTH(2018, 1));
	own(county_free) struct county *county = NULL;
	own(answer_free) struct answer answer = {0};
	int64_t now = date_to_moment(date_from_civil(2018, 2, 10));
	size_t n = 0;

	if (argument != NULL)
		(void)snprintf(request.arguments[request.arguments_n++],
			       sizeof(request.arguments[0]), "%s", argument);
	assert_int_equal(county_new(&fixture_programme, &county), 0);
	assert_int_equal(county_set(county, MONTH(2018, 1), NORTH, &figures, now), 0);
	assert_int_equal(ask_figures(county, &request, now, &answer), 0);
	for (; schemas[n] != NULL; n++) {
		assert_true(n < answer.sheets_n);
		assert_string_equal(answer.sheets[n]->schema, schemas[n]);
	}
	assert_int_equal(answer.sheets_n, n);
}

static void every_question_has_its_sheets(void **state)
{
	static const struct {
		enum command command;
		const char *argument, *option;
		const char *schemas[4];
	} cases[] = {
		{COMMAND_TOTALS, NULL, "all", {"mia.totals/1"}},
		{COMMAND_GOALS, NULL, "allow-partial", {"mia.goals/1"}},
		{COMMAND_GOALS,
		 NULL,
		 "forecast",
		 {"mia.goals/1", "mia.recruited/1", "mia.forecast/1"}},
		{COMMAND_TARGETS, NULL, "allow-partial", {"mia.targets/1"}},
		{COMMAND_TREND, NULL, "allow-partial", {"mia.trend/1"}},
		{COMMAND_FLOW, NULL, "allow-partial", {"mia.flow/1"}},
		{COMMAND_COMPARE, "2018-01", "allow-partial", {"mia.error/1"}},
		{COMMAND_SITES, NULL, "wide", {"mia.sites/1"}},
		{COMMAND_WHY,
		 "entered",
		 "-",
		 {"mia.why/1", "mia.why.rules/1", "mia.why.reports/1"}},
		{COMMAND_WHY, "exited", "-", {"mia.error/1"}},
		{COMMAND_DEFINE, "left", "-", {"mia.define/1"}},
		{COMMAND_DEFINE, "qqqqqqq", "-", {"mia.error/1"}},
	};

	(void)state;
	for (size_t i = 0; i < array_n(cases); i++)
		assert_answered(cases[i].command, cases[i].argument, cases[i].option,
				cases[i].schemas);
}

static void another_command_is_not_answered_here(void **state)
{
	struct request request = request_of(COMMAND_STATUS, OPTIONS(NULL));
	own(county_free) struct county *county = NULL;
	own(answer_free) struct answer answer = {0};

	(void)state;
	assert_int_equal(county_new(&fixture_programme, &county), 0);
	assert_int_equal(ask_figures(county, &request, 0, &answer), -ENOENT);
	assert_int_equal(answer.sheets_n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_month_is_over_on_its_cutoff_day),
		cmocka_unit_test(unless_told_all_that_is_closed_is_asked_for),
		cmocka_unit_test(before_the_first_month_is_over_the_range_is_none),
		cmocka_unit_test(a_period_is_taken_as_written),
		cmocka_unit_test(a_site_is_known_by_its_id_or_either_label),
		cmocka_unit_test(a_name_that_is_not_there_gets_the_nearest_proposed),
		cmocka_unit_test(figures_are_split_by_site_period_or_both),
		cmocka_unit_test(an_answer_with_a_site_missing_says_so_by_its_exit),
		cmocka_unit_test(as_of_a_day_counts_what_had_come_by_its_end),
		cmocka_unit_test(a_goal_that_is_not_reached_fails_the_check),
		cmocka_unit_test(every_question_has_its_sheets),
		cmocka_unit_test(another_command_is_not_answered_here),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
