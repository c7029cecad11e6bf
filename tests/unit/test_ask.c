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
		cmocka_unit_test(another_command_is_not_answered_here),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
