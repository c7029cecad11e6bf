#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "proto/pace.h"

static void an_even_pace_is_a_matter_of_division(void **state)
{
	static const int64_t tens[12] = {10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10};
	struct pace pace = pace_of(tens, 12, 95);

	(void)state;
	assert_int_equal(pace.expected, 10);
	assert_int_equal(pace.earliest, 10);
	assert_int_equal(pace.latest, 10);
}

/* Six months of 0 and six of 20: mean 10, variance 1200 / 11 = 109.09. To 100 the bounds are, by
 * hand: after 7 months 70 + 1.2816 * sqrt(109.09 * (7 + 49 / 12)) = 114.6, after 6 60 +
 * 1.2816 * sqrt(109.09 * 9) = 100.2; after 14 140 - 1.2816 * sqrt(109.09 * (14 + 196 / 12)) =
 * 66.3; the lower one reaches 100 after 20: 200 - 1.2816 * sqrt(109.09 * (20 + 400 / 12)) = 102.3.
 */
static void an_uneven_pace_is_less_sure(void **state)
{
	static const int64_t uneven[12] = {0, 20, 0, 20, 0, 20, 0, 20, 0, 20, 0, 20};
	struct pace pace = pace_of(uneven, 12, 100);

	(void)state;
	assert_int_equal(pace.expected, 10);
	assert_int_equal(pace.earliest, 6);
	assert_int_equal(pace.latest, 20);
}

static void the_earliest_is_never_after_the_expected_nor_that_after_the_latest(void **state)
{
	static const int64_t months[12] = {9, 14, 0, 7, 12, 8, 11, 0, 16, 5, 9, 10};

	(void)state;
	for (int64_t to_go = 1; to_go < 2000; to_go += 13) {
		struct pace pace = pace_of(months, 12, to_go);

		assert_true(pace.earliest >= 1 && pace.earliest <= pace.expected);
		assert_true(pace.latest >= pace.expected);
	}
}

static void where_nothing_comes_in_nothing_is_reached(void **state)
{
	static const int64_t none[6] = {0};
	struct pace pace = pace_of(none, 6, 1);

	(void)state;
	assert_int_equal(pace.expected, 0);
	assert_int_equal(pace.earliest, 0);
	assert_int_equal(pace.latest, 0);
}

/* One month of 12 among eleven of nothing: its own bound stays below what is to go for ever. */
static void where_one_month_made_it_all_the_latest_is_never(void **state)
{
	static const int64_t lucky[12] = {[5] = 12};
	struct pace pace = pace_of(lucky, 12, 24);

	(void)state;
	assert_int_equal(pace.expected, 24);
	assert_true(pace.earliest < 24);
	assert_int_equal(pace.latest, 0);
}

static void one_month_alone_tells_no_spread(void **state)
{
	static const int64_t one[1] = {5};
	struct pace pace = pace_of(one, 1, 12);

	(void)state;
	assert_int_equal(pace.expected, 3);
	assert_int_equal(pace.earliest, 0);
	assert_int_equal(pace.latest, 0);
}

static void what_lies_beyond_a_century_is_not_said(void **state)
{
	static const int64_t slow[12] = {1};

	(void)state;
	assert_int_equal(pace_of(slow, 12, 100).expected, 1200);
	assert_int_equal(pace_of(slow, 12, 101).expected, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_even_pace_is_a_matter_of_division),
		cmocka_unit_test(an_uneven_pace_is_less_sure),
		cmocka_unit_test(
			the_earliest_is_never_after_the_expected_nor_that_after_the_latest),
		cmocka_unit_test(where_nothing_comes_in_nothing_is_reached),
		cmocka_unit_test(where_one_month_made_it_all_the_latest_is_never),
		cmocka_unit_test(one_month_alone_tells_no_spread),
		cmocka_unit_test(what_lies_beyond_a_century_is_not_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
