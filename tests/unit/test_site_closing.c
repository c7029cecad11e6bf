#include "daemon/site/closing.h"

#include "fixture_site.h"

#include <errno.h>

static void a_month_is_due_on_its_cut_off_day_and_not_before(void **state)
{
	struct stage *stage = *state;

	assert_int_equal(closing_due(&stage->parts.closing),
			 date_to_moment(date_from_civil(2017, 5, 10)));
	close_month(stage);
	assert_int_equal(closing_due(&stage->parts.closing),
			 date_to_moment(date_from_civil(2017, 6, 10)));
}

static void a_month_cannot_be_signed_off_before_it_is_over(void **state)
{
	struct stage *stage = *state;
	struct fault fault = {0};
	int64_t end = date_to_moment(date_from_civil(2017, 5, 1));

	assert_int_equal(closing_check(&stage->parts.closing, end - 1, &fault), -EBADMSG);
	assert_string_equal(fault.code, "X020");
	assert_non_null(strstr(fault.reason, "2017-04-30"));
	assert_int_equal(closing_check(&stage->parts.closing, end, &fault), 0);
}

static void nothing_closes_after_the_last_month(void **state)
{
	struct stage *stage = *state;
	struct fault fault = {0};
	uint32_t last = 0;

	while (closing_due(&stage->parts.closing) < INT64_MAX)
		last = close_month(stage);
	assert_int_equal(last, MONTH(2022, 12)); /* two years after December 2020 */
	assert_int_equal(closing_check(&stage->parts.closing, INT64_MAX / 2, &fault), -EBADMSG);
	assert_string_equal(fault.code, "X020");
}

/* A store that is made a year into the operation. */
static int make_late_stage(void **state)
{
	struct fault fault = {0};
	struct stage *stage;

	(void)make_bare_stage(state);
	stage = *state;
	assert_int_equal(parts_create(&stage->settings, date_to_moment(date_from_civil(2018, 4, 5)),
				      &fault),
			 0);
	open_stage(stage);
	return 0;
}

static void a_late_store_waits_for_its_history_and_books_it_where_it_belongs(void **state)
{
	struct stage *stage = *state;

	assert_int_equal(closing_due(&stage->parts.closing), INT64_MAX);
	enter(stage, 7, date_from_civil(2017, 6, 20));
	assert_int_equal(closing_due(&stage->parts.closing),
			 date_to_moment(date_from_civil(2017, 5, 10)));
	for (int i = 0; i < 4; i++)
		close_month(stage);
	assert_int_equal(entered(stage, 1), 0);
	assert_int_equal(entered(stage, 3), 7);
	assert_int_equal(entered(stage, 4), 0);
}

/* A store of the real thing, made in the first month. */
static int make_real_stage(void **state)
{
	struct fault fault = {0};
	struct stage *stage;

	(void)make_bare_stage(state);
	stage = *state;
	stage->settings.is_rehearsal = false;
	assert_int_equal(parts_create(&stage->settings, date_to_moment(date_from_civil(2017, 4, 5)),
				      &fault),
			 0);
	open_stage(stage);
	return 0;
}

static void a_clock_that_leaps_ahead_closes_nothing_by_itself(void **state)
{
	struct stage *stage = *state;
	struct closing *closing = &stage->parts.closing;
	struct fault fault = {0};
	int64_t cutoff = date_to_moment(date_from_civil(2017, 5, 10));
	int64_t in_ten_years = date_to_moment(date_from_civil(2027, 5, 10));

	assert_false(closing_look(closing, cutoff + INT64_C(184) * 86400));
	assert_int_equal(closing_due(closing), cutoff);
	assert_true(closing_look(closing, in_ten_years));
	assert_false(closing_look(closing, in_ten_years)); /* said once */
	assert_int_equal(closing_due(closing), INT64_MAX);
	assert_int_equal(closing_check(closing, in_ten_years, &fault), 0); /* but by hand */
	assert_false(closing_look(closing, cutoff)); /* put right */
	assert_int_equal(closing_due(closing), cutoff);
}

static void after_the_last_month_no_clock_is_doubtful(void **state)
{
	struct stage *stage = *state;

	while (closing_due(&stage->parts.closing) < INT64_MAX)
		(void)close_month(stage);
	assert_false(
		closing_look(&stage->parts.closing, date_to_moment(date_from_civil(2027, 5, 10))));
	assert_false(stage->parts.closing.is_clock_doubtful);
}

static void a_rehearsal_s_clock_may_leap(void **state)
{
	struct stage *stage = *state;

	assert_false(
		closing_look(&stage->parts.closing, date_to_moment(date_from_civil(2027, 5, 10))));
}

static void months_that_were_over_when_the_store_was_made_close_at_once(void **state)
{
	struct stage *stage = *state;
	int64_t a_year_later = date_to_moment(date_from_civil(2018, 4, 6));

	enter(stage, 7, date_from_civil(2017, 6, 20));
	assert_false(closing_look(&stage->parts.closing, a_year_later));
	assert_true(closing_due(&stage->parts.closing) < a_year_later);
}

static void signing_off_the_first_month_ends_the_wait(void **state)
{
	struct stage *stage = *state;
	struct fault fault = {0};

	assert_int_equal(closing_check(&stage->parts.closing,
				       date_to_moment(date_from_civil(2018, 4, 6)), &fault),
			 0);
	close_month(stage);
	assert_true(closing_due(&stage->parts.closing) < INT64_MAX);
}

static void four_persons_are_held_and_published_with_the_fifth(void **state)
{
	struct stage *stage = *state;

	enter(stage, 4, date_from_civil(2017, 4, 20));
	close_month(stage);
	enter(stage, 1, date_from_civil(2017, 5, 20));
	close_month(stage);
	assert_int_equal(entered(stage, 1), 0);
	assert_int_equal(entered(stage, 2), 5);
}

/* ---- the mark ---- */

static void mark_path(const struct stage *stage, char ret_path[static 128])
{
	(void)snprintf(ret_path, 128, "%s/mark", stage->dir);
}

static void assert_mark(struct stage *stage, enum mark_state mark)
{
	reopen_stage(stage);
	assert_int_equal(stage->parts.closing.mark, mark);
	if (mark != MARK_HELD)
		assert_true(closing_due(&stage->parts.closing) == INT64_MAX);
	else
		assert_true(closing_due(&stage->parts.closing) < INT64_MAX);
}

static void a_store_whose_mark_is_missing_closes_nothing_until_it_is_confirmed(void **state)
{
	struct stage *stage = *state;
	struct fault fault = {0};
	char path[128];

	close_month(stage);
	assert_mark(stage, MARK_HELD);
	mark_path(stage, path);
	assert_int_equal(remove(path), 0);
	assert_mark(stage, MARK_LOST);
	assert_int_equal(closing_check(&stage->parts.closing, INT64_MAX / 2, &fault), -EBADMSG);
	assert_string_equal(fault.code, "W015");
	assert_int_equal(closing_confirm(&stage->parts.closing, BEGIN), 0);
	assert_last_event(stage, "confirmed n=1");
	assert_mark(stage, MARK_HELD);
}

/* As the mark says, written so many seconds before it was. */
static void write_mark(const struct stage *stage, const struct buf *mark, int64_t earlier_s)
{
	own(buf_free) struct buf text = {0};
	char path[128];
	long long at = 0;
	int head_n = 0;

	mark_path(stage, path);
	buf_add(&text, mark->data, mark->n);
	assert_int_equal(sscanf(buf_text(&text), "mia-mark 2 %*u %*s %n%lld", &head_n, &at), 1);
	text.n = (size_t)head_n;
	buf_printf(&text, "%lld\n", at - earlier_s);
	assert_int_equal(file_write(path, text.data, text.n, 0600), 0);
}

static void a_mark_is_held_by_the_chain_that_goes_through_it_alone(void **state)
{
	struct stage *stage = *state;
	own(buf_free) struct buf behind = {0};
	own(buf_free) struct buf here = {0};
	char path[128];

	mark_path(stage, path);
	close_month(stage);
	assert_int_equal(file_read(path, 160, &behind), 0);
	close_month(stage);
	assert_int_equal(file_read(path, 160, &here), 0);
	write_mark(stage, &behind, 0);
	assert_mark(stage, MARK_HELD); /* the power went between release and mark */
	here.data[strlen("mia-mark 2 ")] = '3';
	write_mark(stage, &here, 0);
	assert_mark(stage, MARK_OTHER); /* behind it */
	here.data[strlen("mia-mark 2 ")] = '1';
	write_mark(stage, &here, 0);
	assert_mark(stage, MARK_OTHER); /* beside it */
	assert_int_equal(file_write(path, "mia-mark 2 99999999999999999999999999 ", 38, 0600), 0);
	assert_mark(stage, MARK_LOST);
}

/* The whole folder was put back, the mark too. */
static void a_copied_mark_is_as_good_as_lost(void **state)
{
	struct stage *stage = *state;
	own(buf_free) struct buf mark = {0};
	char path[128];

	close_month(stage);
	mark_path(stage, path);
	assert_int_equal(file_read(path, 160, &mark), 0);
	write_mark(stage, &mark, 0);
	assert_mark(stage, MARK_HELD);
	write_mark(stage, &mark, 3600);
	assert_mark(stage, MARK_LOST);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_stage, strike_stage)
#define LATE(name) cmocka_unit_test_setup_teardown(name, make_late_stage, strike_stage)
	const struct CMUnitTest tests[] = {
		TEST(a_month_is_due_on_its_cut_off_day_and_not_before),
		TEST(a_month_cannot_be_signed_off_before_it_is_over),
		TEST(nothing_closes_after_the_last_month),
		LATE(a_late_store_waits_for_its_history_and_books_it_where_it_belongs),
		LATE(signing_off_the_first_month_ends_the_wait),
		TEST(a_store_whose_mark_is_missing_closes_nothing_until_it_is_confirmed),
		TEST(a_mark_is_held_by_the_chain_that_goes_through_it_alone),
		TEST(a_copied_mark_is_as_good_as_lost),
		TEST(a_rehearsal_s_clock_may_leap),
		LATE(months_that_were_over_when_the_store_was_made_close_at_once),
		cmocka_unit_test_setup_teardown(a_clock_that_leaps_ahead_closes_nothing_by_itself,
						make_real_stage, strike_stage),
		cmocka_unit_test_setup_teardown(after_the_last_month_no_clock_is_doubtful,
						make_real_stage, strike_stage),
		TEST(four_persons_are_held_and_published_with_the_fifth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
