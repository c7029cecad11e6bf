#include "daemon/site/outbox.h"

#include "daemon/site/letter.h"
#include "fixture_site.h"

#include <errno.h>

static const uint8_t *own_key(const struct stage *stage)
{
	return roster_find(&stage->roster, SITE)->sign;
}

static void a_release_carries_the_books_figures_signed_and_chained(void **state)
{
	struct stage *stage = *state;
	own(release_free) struct release first = {0};
	own(release_free) struct release second = {0};
	uint8_t root[SIGN_HASH_BYTES];

	sign_chain_start(SITE, root);
	enter(stage, 6, date_from_civil(2017, 4, 20));
	close_month(stage);
	enter(stage, 7, date_from_civil(2017, 5, 20));
	close_month(stage);
	first = load_release(stage, 1);
	second = load_release(stage, 2);
	assert_memory_equal(first.prev, root, sizeof(root));
	assert_memory_equal(second.prev, first.hash, sizeof(root));
	assert_true(release_verify(&first, own_key(stage)));
	assert_true(release_verify(&second, own_key(stage)));
	assert_int_equal(entered(stage, 1), 6);
	assert_int_equal(entered(stage, 2), 7);
	assert_int_equal(outbox_last(stage->parts.outbox), 2);
	assert_int_equal(outbox_last_period(stage->parts.outbox), MONTH(2017, 5));
	assert_last_event(stage, "released n=2 period=2017-05");
}

static void a_month_in_which_nothing_happened_is_released_in_as_many_bytes(void **state)
{
	struct stage *stage = *state;
	own(release_free) struct release full = {0};
	own(release_free) struct release nil = {0};

	enter(stage, 500, date_from_civil(2017, 4, 20));
	close_month(stage);
	close_month(stage);
	full = load_release(stage, 1);
	nil = load_release(stage, 2);
	assert_int_equal(entered(stage, 1), 500);
	assert_int_equal(entered(stage, 2), 0);
	assert_int_equal(full.payload.n, nil.payload.n);
}

static void the_moment_of_sending_is_drawn_evenly_from_the_spread(void **state)
{
	static const struct {
		uint32_t random;
		int64_t wait;
	} cases[] = {{0, 0}, {UINT32_C(1) << 31, 300}, {UINT32_MAX, 600}};
	struct stage *stage = *state;
	int64_t at = calendar_cutoff(stage->mia, FIRST + 2);

	for (size_t i = 0; i < array_n(cases); i++) {
		own(release_free) struct release release = {0};
		int64_t at_send = 0;
		uint32_t period;

		assert_int_equal(closing_close(&stage->parts.closing, at, cases[i].random, &period),
				 0);
		assert_int_equal(outbox_load(stage->parts.outbox, i + 1, &release, &at_send), 0);
		assert_int_equal(at_send, at + cases[i].wait);
	}
	assert_int_equal(letter_due(stage->parts.outbox, 1), at);
}

/* Hours and seconds would tell that somebody was at work, or that an import held the closing up. */
static void a_release_tells_the_day_of_its_closing_at_most(void **state)
{
	struct stage *stage = *state;
	own(mem_free) struct release_body *body = calloc(1, sizeof(*body));
	const struct {
		int64_t at, told;
	} cases[] = {
		{calendar_end(FIRST) + 30000, calendar_end(FIRST)}, /* signed off early */
		{calendar_cutoff(stage->mia, FIRST + 1), calendar_cutoff(stage->mia, FIRST + 1)},
		{calendar_cutoff(stage->mia, FIRST + 2) + 77,
		 calendar_cutoff(stage->mia, FIRST + 2)}, /* held up by an import */
		{calendar_cutoff(stage->mia, FIRST + 9),
		 calendar_cutoff(stage->mia, FIRST + 3)}, /* was off for months */
	};

	assert_non_null(body);
	for (size_t i = 0; i < array_n(cases); i++) {
		uint32_t period;

		assert_int_equal(closing_close(&stage->parts.closing, cases[i].at, 0, &period), 0);
		read_body(stage, i + 1, body);
		assert_int_equal(body->at_closed, cases[i].told);
	}
}

static void what_does_not_exist_is_not_found(void **state)
{
	struct stage *stage = *state;
	own(release_free) struct release release = {0};
	uint8_t hash[SIGN_HASH_BYTES];
	int64_t at_send;

	close_month(stage);
	assert_int_equal(outbox_hash(stage->parts.outbox, 2, hash), -ENOENT);
	assert_int_equal(outbox_load(stage->parts.outbox, 2, &release, &at_send), -ENOENT);
	assert_int_equal(outbox_load(stage->parts.outbox, 0, &release, &at_send), -ENOENT);
}

/* ---- durable or not at all ---- */

/* Fills the map with rows nobody reads, down to the last page. */
static size_t fill_store(struct stage *stage)
{
	static const uint8_t junk[3000];
	size_t rows = 0;
	int error = 0;

	while (error == 0) {
		own(safe_abort) struct safe_txn txn = {0};
		char key[16];

		(void)snprintf(key, sizeof(key), "x.%zu", rows);
		safe_write(store_safe(stage->parts.store), &txn);
		safe_put(&txn, STORE_META, key, strlen(key), NULL, junk, sizeof(junk));
		error = safe_commit(&txn);
		rows += error == 0;
	}
	assert_int_equal(error, -ENOSPC);
	return rows;
}

static void make_room(struct stage *stage)
{
	assert_int_equal(kv_grow(safe_kv(store_safe(stage->parts.store))), 0);
}

static int64_t published(const struct stage *stage)
{
	struct book_balance balance;

	book_balance(store_book(stage->parts.store),
		     (size_t)programme_measure_index(stage->mia, "entered"), 0, &balance);
	return balance.published;
}

static void a_closing_that_cannot_be_committed_leaves_memory_as_the_disk(void **state)
{
	struct stage *stage = *state;
	uint32_t period = 0;

	enter(stage, 6, date_from_civil(2017, 4, 20));
	assert_true(fill_store(stage) > 100);
	for (int i = 0; i < 3; i++)
		assert_int_equal(closing_close(&stage->parts.closing,
					       calendar_cutoff(stage->mia, FIRST), 0, &period),
				 -ENOSPC);
	assert_int_equal(period, 0);
	assert_int_equal(book_next(store_book(stage->parts.store)), FIRST);
	assert_int_equal(published(stage), 0);
	assert_int_equal(outbox_last(stage->parts.outbox), 0);
	make_room(stage);
	assert_int_equal(close_month(stage), FIRST);
	assert_int_equal(entered(stage, 1), 6);
	assert_int_equal(published(stage), 6);
	reopen_stage(stage);
	assert_int_equal(book_next(store_book(stage->parts.store)), FIRST + 1);
	assert_int_equal(published(stage), 6);
	assert_int_equal(entered(stage, 1), 6);
}

static void a_receipt_that_cannot_be_committed_is_not_believed(void **state)
{
	struct stage *stage = *state;
	uint8_t hash[SIGN_HASH_BYTES];

	close_month(stage);
	assert_int_equal(outbox_hash(stage->parts.outbox, 1, hash), 0);
	(void)fill_store(stage);
	assert_int_equal(outbox_receipt(stage->parts.outbox, 1, hash, BEGIN), -ENOSPC);
	assert_int_equal(outbox_received(stage->parts.outbox), 0);
	make_room(stage);
	assert_int_equal(outbox_receipt(stage->parts.outbox, 1, hash, BEGIN), 0);
	assert_int_equal(outbox_received(stage->parts.outbox), 1);
}

/* ---- receipts ---- */

static void a_receipt_counts_with_our_own_hash_alone(void **state)
{
	struct stage *stage = *state;
	struct outbox *outbox = stage->parts.outbox;
	uint8_t hash[SIGN_HASH_BYTES];

	close_month(stage);
	close_month(stage);
	assert_int_equal(outbox_hash(outbox, 2, hash), 0);
	assert_int_equal(outbox_receipt(outbox, 1, hash, BEGIN), -EBADMSG);
	assert_int_equal(outbox_receipt(outbox, 3, hash, BEGIN), -EBADMSG);
	assert_int_equal(outbox_received(outbox), 0);
	assert_int_equal(outbox_receipt(outbox, 2, hash, BEGIN), 0);
	assert_int_equal(outbox_received(outbox), 2);
	assert_last_event(stage, "received n=2");
}

static void the_same_receipt_again_is_no_event(void **state)
{
	struct stage *stage = *state;
	uint8_t hash[SIGN_HASH_BYTES];
	uint64_t events;

	close_month(stage);
	assert_int_equal(outbox_hash(stage->parts.outbox, 1, hash), 0);
	assert_int_equal(outbox_receipt(stage->parts.outbox, 1, hash, BEGIN), 0);
	events = store_audit_count(stage->parts.store);
	assert_int_equal(outbox_receipt(stage->parts.outbox, 1, hash, BEGIN), 0);
	assert_int_equal(store_audit_count(stage->parts.store), events);
}

static void a_hub_that_went_back_gets_everything_again(void **state)
{
	struct stage *stage = *state;
	struct outbox *outbox = stage->parts.outbox;
	uint8_t hash[SIGN_HASH_BYTES];

	close_month(stage);
	close_month(stage);
	assert_int_equal(outbox_hash(outbox, 2, hash), 0);
	assert_int_equal(outbox_receipt(outbox, 2, hash, BEGIN), 0);
	sign_chain_start(SITE, hash);
	assert_int_equal(outbox_receipt(outbox, 0, hash, BEGIN), 0);
	assert_int_equal(outbox_received(outbox), 0);
	assert_last_event(stage, "hub_went_back n=0");
}

/* ---- restart ---- */

static void chain_and_positions_survive_a_restart(void **state)
{
	struct stage *stage = *state;
	uint8_t before[SIGN_HASH_BYTES];
	uint8_t after[SIGN_HASH_BYTES];
	uint8_t first[SIGN_HASH_BYTES];

	close_month(stage);
	close_month(stage);
	assert_int_equal(outbox_hash(stage->parts.outbox, 1, first), 0);
	assert_int_equal(outbox_hash(stage->parts.outbox, 2, before), 0);
	assert_int_equal(outbox_receipt(stage->parts.outbox, 1, first, BEGIN), 0);
	reopen_stage(stage);
	assert_int_equal(outbox_last(stage->parts.outbox), 2);
	assert_int_equal(outbox_received(stage->parts.outbox), 1);
	assert_int_equal(outbox_last_period(stage->parts.outbox), FIRST + 1);
	assert_int_equal(outbox_hash(stage->parts.outbox, 2, after), 0);
	assert_memory_equal(before, after, sizeof(before));
	assert_int_equal(letter_due(stage->parts.outbox, 2),
			 calendar_cutoff(stage->mia, FIRST + 1));
}

static void assert_not_opened(struct stage *stage, const char *code)
{
	struct fault fault = {0};

	close_stage(stage);
	assert_int_equal(parts_open(&stage->settings, BEGIN, &stage->parts, &fault), -EBADMSG);
	assert_string_equal(fault.code, code);
	close_stage(stage);
}

static void a_chain_with_a_missing_link_is_refused_at_start(void **state)
{
	struct stage *stage = *state;
	own(safe_abort) struct safe_txn txn = {0};
	uint8_t key[8];

	close_month(stage);
	close_month(stage);
	safe_key_u64(1, key);
	safe_write(store_safe(stage->parts.store), &txn);
	safe_delete(&txn, STORE_RELEASE, key, sizeof(key));
	assert_int_equal(safe_commit(&txn), 0);
	assert_not_opened(stage, "S014");
}

static void a_chain_with_an_altered_figure_is_refused_at_start(void **state)
{
	struct stage *stage = *state;
	own(safe_abort) struct safe_txn txn = {0};
	own(release_free) struct release release = {0};

	close_month(stage);
	release = load_release(stage, 1);
	release.payload.data[100] ^= 1;
	safe_write(store_safe(stage->parts.store), &txn);
	outbox_row_put(&txn, &release, BEGIN);
	assert_int_equal(safe_commit(&txn), 0);
	assert_not_opened(stage, "S014");
}

static void a_chain_signed_by_another_key_is_refused_at_start(void **state)
{
	struct stage *stage = *state;

	close_month(stage);
	stage->sign_seed[0] ^= 1;
	assert_not_opened(stage, "S014");
}

/* ---- adoption ---- */

static bool is_rehearsal(const struct stage *stage)
{
	return safe_identity(store_safe(stage->parts.store))->is_rehearsal;
}

/* Releases n.. of a chain with the figures of nothing, as another life of this site signed them. */
static void sign_life(struct stage *stage, struct release releases[], size_t releases_n,
		      uint64_t first, bool is_of_rehearsal)
{
	own(mem_free) struct release_body *body = calloc(1, sizeof(*body));
	uint8_t prev[SIGN_HASH_BYTES];

	assert_int_equal(outbox_hash(stage->parts.outbox, first - 1, prev), 0);
	for (size_t i = 0; i < releases_n; i++) {
		own(buf_free) struct buf payload = {0};

		(void)snprintf(body->site, sizeof(body->site), SITE);
		body->n = first + i;
		body->period = FIRST + (uint32_t)(first + i) - 1;
		body->at_closed = 77;
		body->is_rehearsal = is_of_rehearsal;
		memcpy(body->programme, stage->mia->hash, sizeof(body->programme));
		for (size_t m = 0; m < stage->mia->measures_n; m++)
			body->figures.is_due[m] =
				programme_is_due(&stage->mia->measures[m], body->period);
		assert_int_equal(release_pack(body, stage->mia, &payload), 0);
		release_sign(&releases[i], body->n, prev, &payload, stage->parts.key);
		memcpy(prev, releases[i].hash, sizeof(prev));
	}
}

static void sign_other_life(struct stage *stage, struct release releases[], size_t releases_n,
			    uint64_t first)
{
	sign_life(stage, releases, releases_n, first, is_rehearsal(stage));
}

/* A hub has them, where a rehearsal was held with the same keys. */
static void a_rehearsals_reports_are_never_adopted_in_earnest_nor_the_reverse(void **state)
{
	struct stage *stage = *state;
	struct release theirs[2] = {{0}};
	uint8_t hash[SIGN_HASH_BYTES], after[SIGN_HASH_BYTES];

	close_month(stage);
	assert_int_equal(outbox_hash(stage->parts.outbox, 1, hash), 0);
	sign_life(stage, theirs, 2, 1, !is_rehearsal(stage));
	assert_int_equal(outbox_adopt(stage->parts.outbox, theirs, 2, true, BEGIN), -EBADMSG);
	assert_int_equal(outbox_last(stage->parts.outbox), 1);
	assert_int_equal(outbox_hash(stage->parts.outbox, 1, after), 0);
	assert_memory_equal(after, hash, sizeof(hash));
	assert_string_equal(outbox_halt(stage->parts.outbox), "");
	release_free(&theirs[0]);
	release_free(&theirs[1]);
}

/* Else the site would not find its chain whole at its next start. */
static void a_chain_that_begins_elsewhere_is_not_adopted(void **state)
{
	struct stage *stage = *state;
	struct release theirs[2] = {{0}};

	close_month(stage);
	sign_other_life(stage, theirs, 2, 2);
	theirs[0].prev[0] ^= 1;
	assert_int_equal(outbox_adopt(stage->parts.outbox, theirs, 2, false, BEGIN), -EBADMSG);
	assert_int_equal(outbox_last(stage->parts.outbox), 1);
	reopen_stage(stage);
	release_free(&theirs[0]);
	release_free(&theirs[1]);
}

static void adopted_releases_are_appended_and_stop_everything(void **state)
{
	struct stage *stage = *state;
	struct release others[2] = {{0}};
	struct fault fault = {0};
	uint8_t hash[SIGN_HASH_BYTES];

	close_month(stage);
	sign_other_life(stage, others, 2, 2);
	assert_int_equal(outbox_adopt(stage->parts.outbox, others, 2, false, BEGIN), 0);
	assert_last_event(stage, "adopted first=2 last=3");
	reopen_stage(stage);
	assert_int_equal(outbox_last(stage->parts.outbox), 3);
	assert_int_equal(outbox_received(stage->parts.outbox), 3);
	assert_int_equal(outbox_last_period(stage->parts.outbox), FIRST + 2);
	assert_int_equal(outbox_hash(stage->parts.outbox, 3, hash), 0);
	assert_memory_equal(hash, others[1].hash, sizeof(hash));
	assert_string_equal(outbox_halt(stage->parts.outbox), "W013");
	assert_int_equal(closing_due(&stage->parts.closing), INT64_MAX);
	assert_int_equal(closing_check(&stage->parts.closing, INT64_MAX / 2, &fault), -EBADMSG);
	assert_string_equal(fault.code, "W013");
	release_free(&others[0]);
	release_free(&others[1]);
}

static void a_forks_own_releases_are_archived_from_the_first_that_differs(void **state)
{
	struct stage *stage = *state;
	struct release theirs[2] = {{0}};
	own(safe_abort) struct safe_txn txn = {0};
	own(release_free) struct release kept = {0};
	uint64_t rows;

	close_month(stage);
	close_month(stage);
	close_month(stage);
	theirs[0] = load_release(stage, 1);
	sign_other_life(stage, &theirs[1], 1, 2);
	assert_int_equal(outbox_adopt(stage->parts.outbox, theirs, 2, true, BEGIN), 0);
	assert_last_event(stage, "forked first=2 last=2");
	reopen_stage(stage);
	assert_int_equal(outbox_last(stage->parts.outbox), 2);
	assert_string_equal(outbox_halt(stage->parts.outbox), "W014");
	kept = load_release(stage, 2);
	assert_memory_equal(kept.hash, theirs[1].hash, sizeof(kept.hash));
	safe_read(store_safe(stage->parts.store), &txn);
	rows = safe_count(&txn, STORE_RELEASE);
	assert_int_equal(rows, 2 + 2); /* the chain, and our own 2 and 3 in the archive */
	release_free(&theirs[0]);
	release_free(&theirs[1]);
}

static void a_position_of_before_returns_were_kept_is_read(void **state)
{
	struct stage *stage = *state;
	own(buf_free) struct buf row = {0};
	own(safe_abort) struct safe_txn txn = {0};
	struct outbox_position position;
	uint8_t head[SIGN_HASH_BYTES];

	close_month(stage);
	assert_int_equal(outbox_hash(stage->parts.outbox, 1, head), 0);
	pack_array(&row, 6);
	for (uint64_t i = 0; i < 3; i++)
		pack_u64(&row, i == 0);
	pack_u64(&row, FIRST);
	pack_bin(&row, head, sizeof(head));
	pack_str(&row, "W013");
	safe_write(store_safe(stage->parts.store), &txn);
	safe_put(&txn, STORE_META, "x.outbox", 8, NULL, row.data, row.n);
	assert_int_equal(safe_commit(&txn), 0);
	reopen_stage(stage);
	assert_int_equal(outbox_last(stage->parts.outbox), 1);
	assert_string_equal(outbox_halt(stage->parts.outbox), "W013");
	safe_read(store_safe(stage->parts.store), &txn);
	assert_int_equal(outbox_row_position(&txn, &position), 0);
	assert_int_equal(position.returned.first, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_stage, strike_stage)
	const struct CMUnitTest tests[] = {
		TEST(a_release_carries_the_books_figures_signed_and_chained),
		TEST(a_month_in_which_nothing_happened_is_released_in_as_many_bytes),
		TEST(the_moment_of_sending_is_drawn_evenly_from_the_spread),
		TEST(a_release_tells_the_day_of_its_closing_at_most),
		TEST(what_does_not_exist_is_not_found),
		TEST(a_closing_that_cannot_be_committed_leaves_memory_as_the_disk),
		TEST(a_receipt_that_cannot_be_committed_is_not_believed),
		TEST(a_receipt_counts_with_our_own_hash_alone),
		TEST(the_same_receipt_again_is_no_event),
		TEST(a_hub_that_went_back_gets_everything_again),
		TEST(chain_and_positions_survive_a_restart),
		TEST(a_chain_with_a_missing_link_is_refused_at_start),
		TEST(a_chain_with_an_altered_figure_is_refused_at_start),
		TEST(a_chain_signed_by_another_key_is_refused_at_start),
		TEST(adopted_releases_are_appended_and_stop_everything),
		TEST(a_rehearsals_reports_are_never_adopted_in_earnest_nor_the_reverse),
		TEST(a_chain_that_begins_elsewhere_is_not_adopted),
		TEST(a_forks_own_releases_are_archived_from_the_first_that_differs),
		TEST(a_position_of_before_returns_were_kept_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
