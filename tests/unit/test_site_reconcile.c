#include "daemon/site/reconcile.h"

#include "daemon/site/book_adopt.h"
#include "fixture_site.h"

#include <errno.h>

/* What another life of this site reported: the figures of nobody, but for so many who entered. */
struct other {
	uint64_t first; /* release */
	uint32_t period; /* of it */
	uint32_t entered; /* in each */
	uint8_t programme_xor; /* into the programme's hash: of a version that is not known */
};

static size_t measure_of(const struct stage *stage)
{
	return (size_t)programme_measure_index(stage->mia, "entered");
}

/* As the hub gives them back: signed by us, chained to ours before. */
static void sign_others(struct stage *stage, const struct other *other, struct release releases[],
			size_t n)
{
	own(mem_free) struct release_body *body = calloc(1, sizeof(*body));
	uint8_t prev[SIGN_HASH_BYTES];

	assert_non_null(body);
	assert_int_equal(outbox_hash(stage->parts.outbox, other->first - 1, prev), 0);
	for (size_t i = 0; i < n; i++) {
		own(buf_free) struct buf payload = {0};

		(void)snprintf(body->site, sizeof(body->site), SITE);
		body->n = other->first + i;
		body->period = other->period + (uint32_t)i;
		body->is_rehearsal = true;
		body->at_closed = calendar_cutoff(stage->mia, body->period);
		memcpy(body->programme, stage->mia->hash, sizeof(body->programme));
		body->programme[0] ^= other->programme_xor;
		for (size_t m = 0; m < stage->mia->measures_n; m++)
			body->figures.is_due[m] =
				programme_is_due(&stage->mia->measures[m], body->period);
		body->figures.cells[measure_of(stage)][0].value = other->entered;
		assert_int_equal(release_pack(body, stage->mia, &payload), 0);
		release_sign(&releases[i], body->n, prev, &payload, stage->parts.key);
		memcpy(prev, releases[i].hash, sizeof(prev));
	}
}

/* They take the place of ours, and everything stops. */
static void come_back(struct stage *stage, const struct other *other, size_t n, bool is_fork)
{
	struct release releases[4] = {{0}};
	int64_t at = date_to_moment(date_from_civil(2017, 8, 3));

	sign_others(stage, other, releases, n);
	assert_int_equal(outbox_adopt(stage->parts.outbox, releases, n, is_fork, at), 0);
	for (size_t i = 0; i < n; i++)
		release_free(&releases[i]);
}

static struct reconcile reconcile_of(struct stage *stage)
{
	return (struct reconcile){stage->parts.store, stage->parts.outbox, &stage->parts.versions};
}

static int acknowledge(struct stage *stage, struct fault *fault)
{
	const struct reconcile reconcile = reconcile_of(stage);

	return reconcile_acknowledge(&reconcile, "anna", BEGIN, fault);
}

static uint64_t missing(struct stage *stage)
{
	return reconcile_missing(store_book(stage->parts.store), stage->mia);
}

static uint32_t next_month(struct stage *stage)
{
	return book_next(store_book(stage->parts.store));
}

static struct book_balance entered_balance(struct stage *stage)
{
	struct book_balance balance;

	book_balance(store_book(stage->parts.store), measure_of(stage), 0, &balance);
	return balance;
}

/* April closed with six; May came back with seven, of whom three are recorded here. */
static void restore(struct stage *stage)
{
	const struct other may = {.first = 2, .period = FIRST + 1, .entered = 7};

	enter(stage, 6, date_from_civil(2017, 4, 20));
	close_month(stage);
	come_back(stage, &may, 1, false);
	enter(stage, 3, date_from_civil(2017, 5, 20));
}

/* ---- looking ---- */

static void nothing_came_back_to_a_site_that_was_never_restored(void **state)
{
	struct stage *stage = *state;
	const struct reconcile reconcile = reconcile_of(stage);
	struct reconcile_view view = {.returned.first = 7};

	close_month(stage);
	assert_int_equal(reconcile_look(&reconcile, &view), 0);
	assert_int_equal(view.returned.first, 0);
	assert_int_equal(missing(stage), 0);
}

static void the_days_that_are_lost_go_from_our_own_last_closing_to_the_return(void **state)
{
	struct stage *stage = *state;
	const struct reconcile reconcile = reconcile_of(stage);
	struct reconcile_view view;

	restore(stage);
	assert_int_equal(reconcile_look(&reconcile, &view), 0);
	assert_int_equal(view.returned.first, 2);
	assert_int_equal(view.returned.last, 2);
	assert_int_equal(view.first_period, FIRST + 1);
	assert_int_equal(view.last_period, FIRST + 1);
	assert_int_equal(view.lost_from, date_from_civil(2017, 5, 10));
	assert_int_equal(view.lost_to, date_from_civil(2017, 8, 3));
}

static void a_store_that_knew_nothing_has_lost_all_from_the_first_month_on(void **state)
{
	struct stage *stage = *state;
	const struct reconcile reconcile = reconcile_of(stage);
	const struct other all = {.first = 1, .period = FIRST, .entered = 5};
	struct reconcile_view view;

	come_back(stage, &all, 3, false);
	assert_int_equal(reconcile_look(&reconcile, &view), 0);
	assert_int_equal(view.lost_from, date_from_civil(2017, 4, 1));
	assert_int_equal(view.last_period, FIRST + 2);
}

static void a_trial_is_taken_back_to_the_last_leaf(void **state)
{
	struct stage *stage = *state;
	const struct reconcile reconcile = reconcile_of(stage);
	struct fault fault = {0};

	restore(stage);
	assert_int_equal(reconcile_adopt(&reconcile, &fault), 0);
	assert_int_equal(next_month(stage), FIRST + 2);
	assert_int_equal(missing(stage), 4);
	store_revert(stage->parts.store);
	assert_int_equal(next_month(stage), FIRST + 1);
	assert_int_equal(missing(stage), 0);
	assert_int_equal(entered_balance(stage).waiting, 3);
	assert_string_equal(outbox_halt(stage->parts.outbox), OUTBOX_RESTORED);
}

/* ---- acknowledging ---- */

static void an_acknowledgement_is_durable_and_ends_the_halt(void **state)
{
	struct stage *stage = *state;
	struct fault fault = {0};

	restore(stage);
	assert_int_equal(acknowledge(stage, &fault), 0);
	assert_last_event(stage, "reconciled first=2 last=2 operator=anna");
	assert_string_equal(outbox_halt(stage->parts.outbox), "");
	reopen_stage(stage);
	assert_string_equal(outbox_halt(stage->parts.outbox), "");
	assert_int_equal(next_month(stage), FIRST + 2);
	assert_int_equal(missing(stage), 4);
	assert_int_equal(entered_balance(stage).published, 13);
	assert_int_equal(entered_balance(stage).waiting, 0);
}

static void who_is_entered_again_is_not_reported_again(void **state)
{
	struct stage *stage = *state;
	struct fault fault = {0};

	restore(stage);
	assert_int_equal(acknowledge(stage, &fault), 0);
	enter(stage, 4, date_from_civil(2017, 5, 21));
	assert_int_equal(missing(stage), 0);
	close_month(stage);
	assert_int_equal(entered(stage, 3), 0);
	enter(stage, 5, date_from_civil(2017, 7, 2));
	close_month(stage);
	assert_int_equal(entered(stage, 4), 5);
	assert_int_equal(entered_balance(stage).published, 6 + 7 + 5);
}

static void an_acknowledgement_that_cannot_be_committed_changes_nothing(void **state)
{
	static const uint8_t junk[3000];
	struct stage *stage = *state;
	struct fault fault = {0};
	int error = 0;

	restore(stage);
	for (size_t rows = 0; error == 0; rows++) {
		own(safe_abort) struct safe_txn txn = {0};
		char key[16];

		(void)snprintf(key, sizeof(key), "x.%zu", rows);
		safe_write(store_safe(stage->parts.store), &txn);
		safe_put(&txn, STORE_META, key, strlen(key), NULL, junk, sizeof(junk));
		error = safe_commit(&txn);
	}
	assert_int_equal(acknowledge(stage, &fault), -ENOSPC);
	assert_string_equal(outbox_halt(stage->parts.outbox), OUTBOX_RESTORED);
	assert_int_equal(next_month(stage), FIRST + 1);
	assert_int_equal(missing(stage), 0);
	assert_int_equal(kv_grow(safe_kv(store_safe(stage->parts.store))), 0);
	assert_int_equal(acknowledge(stage, &fault), 0);
	assert_int_equal(missing(stage), 4);
}

static void assert_refused(struct stage *stage)
{
	struct fault fault = {0};

	assert_int_equal(acknowledge(stage, &fault), -EBADMSG);
	assert_string_equal(fault.code, "X030");
	assert_string_equal(outbox_halt(stage->parts.outbox), OUTBOX_RESTORED);
	assert_int_equal(next_month(stage), FIRST + 1);
	assert_int_equal(missing(stage), 0);
}

static void a_report_by_a_version_that_is_not_known_is_named_and_changes_nothing(void **state)
{
	struct stage *stage = *state;
	const struct other other = {.first = 2,
				    .period = FIRST + 1,
				    .entered = 7,
				    .programme_xor = 1};

	close_month(stage);
	come_back(stage, &other, 1, false);
	assert_refused(stage);
}

static void a_chain_that_leaves_a_month_out_is_named_and_changes_nothing(void **state)
{
	struct stage *stage = *state;
	const struct other other = {.first = 2, .period = FIRST + 2, .entered = 7};

	close_month(stage);
	come_back(stage, &other, 1, false);
	assert_refused(stage);
}

/* ---- forks ---- */

static void a_fork_with_our_own_figures_adopts_nothing_and_keeps_ours(void **state)
{
	struct stage *stage = *state;
	const struct other same = {.first = 2, .period = FIRST + 1, .entered = 7};
	struct fault fault = {0};
	uint8_t hash[SIGN_HASH_BYTES];
	uint32_t figure, matched;
	bool is_held = false;

	close_month(stage);
	enter(stage, 7, date_from_civil(2017, 5, 20));
	close_month(stage);
	assert_int_equal(outbox_hash(stage->parts.outbox, 2, hash), 0);
	come_back(stage, &same, 1, true);
	assert_int_equal(acknowledge(stage, &fault), 0);
	assert_false(book_adoption(store_book(stage->parts.store), FIRST + 1, measure_of(stage), 0,
				   &figure, &matched));
	assert_int_equal(outbox_past_holds(stage->parts.store, 2, hash, &is_held), 0);
	assert_true(is_held);
	assert_int_equal(outbox_hash(stage->parts.outbox, 2, hash), 0);
	assert_int_equal(outbox_past_holds(stage->parts.store, 2, hash, &is_held), 0);
	assert_false(is_held);
}

static void what_we_closed_beyond_the_hubs_chain_waits_again(void **state)
{
	struct stage *stage = *state;
	const struct other same = {.first = 2, .period = FIRST + 1, .entered = 0};
	struct fault fault = {0};

	close_month(stage);
	close_month(stage);
	enter(stage, 6, date_from_civil(2017, 6, 20));
	close_month(stage);
	come_back(stage, &same, 1, true);
	assert_int_equal(acknowledge(stage, &fault), 0);
	assert_int_equal(next_month(stage), FIRST + 2);
	assert_int_equal(entered_balance(stage).published, 0);
	assert_int_equal(entered_balance(stage).waiting, 6);
	assert_int_equal(close_month(stage), FIRST + 2);
	assert_int_equal(entered(stage, 3), 6);
}

static void figures_of_a_fork_take_the_place_of_ours(void **state)
{
	struct stage *stage = *state;
	const struct other other = {.first = 2, .period = FIRST + 1, .entered = 9};
	struct fault fault = {0};

	close_month(stage);
	enter(stage, 6, date_from_civil(2017, 5, 20));
	close_month(stage);
	come_back(stage, &other, 1, true);
	assert_int_equal(acknowledge(stage, &fault), 0);
	reopen_stage(stage);
	assert_int_equal(entered_balance(stage).published, 9);
	assert_int_equal(entered_balance(stage).waiting, 0);
	assert_int_equal(missing(stage), 3);
}

/* ---- the mark ---- */

static void a_mark_that_the_whole_chain_goes_through_is_put_at_its_head(void **state)
{
	struct stage *stage = *state;
	own(buf_free) struct buf mark = {0};
	struct fault fault = {0};
	char path[128];

	restore(stage);
	assert_int_equal(acknowledge(stage, &fault), 0);
	assert_int_equal(closing_go_on(&stage->parts.closing), 0);
	assert_int_equal(stage->parts.closing.mark, MARK_HELD);
	assert_true(closing_due(&stage->parts.closing) < INT64_MAX);
	(void)snprintf(path, sizeof(path), "%s/mark", stage->dir);
	assert_int_equal(file_read(path, 160, &mark), 0);
	assert_memory_equal(mark.data, "mia-mark 2 2 ", 13);
}

static void a_mark_of_what_was_superseded_is_as_good_as_lost(void **state)
{
	struct stage *stage = *state;
	const struct other other = {.first = 2, .period = FIRST + 1, .entered = 9};
	struct fault fault = {0};

	close_month(stage);
	close_month(stage);
	close_month(stage);
	come_back(stage, &other, 1, true);
	assert_int_equal(acknowledge(stage, &fault), 0);
	assert_int_equal(closing_go_on(&stage->parts.closing), 0);
	assert_int_equal(stage->parts.closing.mark, MARK_LOST);
	assert_true(closing_due(&stage->parts.closing) == INT64_MAX);
	assert_int_equal(closing_confirm(&stage->parts.closing, BEGIN), 0);
	reopen_stage(stage);
	assert_int_equal(stage->parts.closing.mark, MARK_HELD);
}

static void a_mark_ahead_of_what_came_back_stops_the_closings_still(void **state)
{
	struct stage *stage = *state;
	own(buf_free) struct buf mark = {0};
	struct fault fault = {0};
	char path[128];

	restore(stage);
	(void)snprintf(path, sizeof(path), "%s/mark", stage->dir);
	assert_int_equal(file_read(path, 160, &mark), 0);
	mark.data[strlen("mia-mark 2 ")] = '3';
	assert_int_equal(file_write(path, mark.data, mark.n, 0600), 0);
	assert_int_equal(acknowledge(stage, &fault), 0);
	assert_int_equal(closing_go_on(&stage->parts.closing), 0);
	assert_int_equal(stage->parts.closing.mark, MARK_OTHER);
	assert_true(closing_due(&stage->parts.closing) == INT64_MAX);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_stage, strike_stage)
	const struct CMUnitTest tests[] = {
		TEST(nothing_came_back_to_a_site_that_was_never_restored),
		TEST(the_days_that_are_lost_go_from_our_own_last_closing_to_the_return),
		TEST(a_store_that_knew_nothing_has_lost_all_from_the_first_month_on),
		TEST(a_trial_is_taken_back_to_the_last_leaf),
		TEST(an_acknowledgement_is_durable_and_ends_the_halt),
		TEST(who_is_entered_again_is_not_reported_again),
		TEST(an_acknowledgement_that_cannot_be_committed_changes_nothing),
		TEST(a_report_by_a_version_that_is_not_known_is_named_and_changes_nothing),
		TEST(a_chain_that_leaves_a_month_out_is_named_and_changes_nothing),
		TEST(a_fork_with_our_own_figures_adopts_nothing_and_keeps_ours),
		TEST(what_we_closed_beyond_the_hubs_chain_waits_again),
		TEST(figures_of_a_fork_take_the_place_of_ours),
		TEST(a_mark_that_the_whole_chain_goes_through_is_put_at_its_head),
		TEST(a_mark_of_what_was_superseded_is_as_good_as_lost),
		TEST(a_mark_ahead_of_what_came_back_stops_the_closings_still),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
