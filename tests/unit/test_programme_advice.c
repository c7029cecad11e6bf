#include "proto/programme_advice.h"

#include "lib/own.h"
#include "proto/programme_budget.h"
#include "proto/programme_find.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture_programme.h"

#define MIA "proto/programme/mia.ini"

static void read_edited(const char *path, const struct fixture_slip *slip,
			struct programme **ret_programme)
{
	own(buf_free) struct buf file = {0}, text = {0};
	struct fault fault = {0};

	fixture_file(path, &file);
	fixture_edit(&file, slip, &text);
	if (programme_read(path, text.data, text.n, ret_programme, &fault) != 0)
		fail_msg("%s %s", fault.place, fault.reason);
}

static void nothing_is_to_be_said_of_the_two_programmes(void **state)
{
	static const char *const paths[] = {MIA, SECOND_PROGRAMME};

	(void)state;
	for (size_t i = 0; i < array_n(paths); i++) {
		own(programme_free) struct programme *programme = NULL;
		struct programme_advice advice[PROGRAMME_ADVICE_MAX];

		assert_int_equal(programme_open(paths[i], NULL, &programme, NULL), 0);
		assert_int_equal(programme_advise(programme, advice), 0);
	}
}

static void a_site_of_few_entries_is_told_to_call_itself_small(void **state)
{
	static const struct fixture_slip slip = {"[site varna]", "small = yes\n", "", "", ""};
	own(programme_free) struct programme *programme = NULL;
	struct programme_advice advice[PROGRAMME_ADVICE_MAX];

	(void)state;
	read_edited(MIA, &slip, &programme);
	assert_int_equal(programme_advise(programme, advice), 1);
	assert_string_equal(advice[0].code, "P050");
	assert_string_equal(advice[0].id, "varna");
	assert_int_equal(advice[0].number, 12); /* 180 in fifteen quarters */
}

static void a_table_that_drowns_in_noise_is_told_what_to_do(void **state)
{
	static const struct fixture_slip by_quarter = {"[table county_age_education]", "year",
						       "quarter", "", ""};
	static const struct fixture_slip too_fine = {"[table county_income_after]",
						     "income_main6, income_after6",
						     "income_main, income_after", "", ""};
	own(programme_free) struct programme *quarter = NULL, *fine = NULL;
	struct programme_advice advice[PROGRAMME_ADVICE_MAX];

	(void)state;
	read_edited(MIA, &by_quarter, &quarter);
	assert_int_equal(programme_advise(quarter, advice), 1);
	assert_string_equal(advice[0].code, "P051");
	assert_string_equal(advice[0].id, "county_age_education");
	assert_int_equal(advice[0].number, 5); /* 2500 * 3 / 45 months in thirty cells */
	assert_int_equal(advice[0].of, 9); /* twice 4.3 */
	assert_true(advice[0].is_coarser);
	read_edited(MIA, &too_fine, &fine);
	assert_int_equal(programme_advise(fine, advice), 1);
	assert_string_equal(advice[0].id, "county_income_after");
	assert_false(advice[0].is_coarser);
}

/* 3-privacy 3.4: epsilon 1, one cell a person, six sites of which two may collude: 1.662. */
static void the_noise_is_that_of_the_design(void **state)
{
	const struct programme programme = {.policy = {.collude = 2}};
	struct programme_table table = {.epsilon = 1000, .max_codes = 1};

	(void)state;
	assert_true(fabs(programme_table_noise(&programme, &table, 6) - 1.662) < 0.001);
	table.max_codes = 2;
	assert_true(programme_table_noise(&programme, &table, 6) > 3);
}

static void an_event_that_comes_again_is_charged_every_time(void **state)
{
	struct programme_table table = {.kind = KIND_ENTERED, .cadence = CADENCE_QUARTER};

	(void)state;
	assert_int_equal(programme_table_turns(&table), 1);
	table.kind = KIND_SPELL_STARTED;
	assert_int_equal(programme_table_turns(&table), 4);
	table.cadence = CADENCE_YEAR;
	assert_int_equal(programme_table_turns(&table), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_to_be_said_of_the_two_programmes),
		cmocka_unit_test(a_site_of_few_entries_is_told_to_call_itself_small),
		cmocka_unit_test(a_table_that_drowns_in_noise_is_told_what_to_do),
		cmocka_unit_test(the_noise_is_that_of_the_design),
		cmocka_unit_test(an_event_that_comes_again_is_charged_every_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
