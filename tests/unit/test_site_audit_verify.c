#include "daemon/site/audit_verify.h"

#include "fixture_site.h"
#include "lib/pack.h"

#include <errno.h>

#include "lib/fail.h"

#define AUDIT_KEY "x.audit"

/* Three months with a report each, after whatever the opening told. */
static int make_reported(void **state)
{
	(void)make_stage(state);
	for (int i = 0; i < 3; i++) {
		enter(*state, 6, date_from_civil(2017, 4 + (unsigned)i, 20));
		close_month(*state);
	}
	return 0;
}

static struct audit_verdict verdict_of(struct stage *stage)
{
	struct audit_verdict verdict = {0};

	assert_int_equal(audit_verify(stage->parts.store, &verdict), 0);
	return verdict;
}

static void put_event(struct safe_txn *txn, uint64_t n, const struct store_event *event,
		      const char *text)
{
	own(buf_free) struct buf plain = {0};
	uint8_t key[8];

	pack_array(&plain, 3);
	pack_i64(&plain, event->at);
	pack_str(&plain, text);
	pack_bin(&plain, event->salt, sizeof(event->salt));
	safe_key_u64(n, key);
	safe_put(txn, STORE_EVENT, key, sizeof(key), NULL, plain.data, plain.n);
}

static void put_head(struct safe_txn *txn, uint64_t n, const uint8_t head[static SIGN_HASH_BYTES])
{
	own(buf_free) struct buf plain = {0};

	pack_array(&plain, 2);
	pack_u64(&plain, n);
	pack_bin(&plain, head, SIGN_HASH_BYTES);
	safe_put(txn, STORE_META, AUDIT_KEY, strlen(AUDIT_KEY), NULL, plain.data, plain.n);
}

/* As somebody does who has the house's keys: event n says another thing, only the first up_to
 * events are left, and the chain is worked out anew. */
static void work_out_anew(struct stage *stage, uint64_t n, const char *text, uint64_t up_to)
{
	uint64_t events_n = store_audit_count(stage->parts.store);
	uint8_t head[SIGN_HASH_BYTES] = {0};

	for (uint64_t i = 1; i <= events_n; i++) {
		own(safe_abort) struct safe_txn txn = {0};
		own(buf_free) struct buf was = {0};
		struct store_event event;
		uint8_t key[8];

		assert_int_equal(store_audit_read(stage->parts.store, i, &event, &was), 0);
		safe_write(store_safe(stage->parts.store), &txn);
		safe_key_u64(i, key);
		if (i > up_to) {
			safe_delete(&txn, STORE_EVENT, key, sizeof(key));
		} else {
			const char *said = i == n ? text : buf_text(&was);

			store_audit_next(head, &event, said);
			put_event(&txn, i, &event, said);
			put_head(&txn, i, head);
		}
		assert_int_equal(safe_commit(&txn), 0);
	}
}

static void a_log_as_it_was_written_agrees_with_its_reports(void **state)
{
	struct audit_verdict verdict = verdict_of(*state);

	assert_int_equal(verdict.broken, 0);
	assert_int_equal(verdict.untold, 0);
	assert_int_equal(verdict.told_n, 3);
	assert_int_equal(verdict.lost_n, 0);
}

static void a_chain_worked_out_anew_is_found_by_what_the_reports_told(void **state)
{
	struct stage *stage = *state;
	struct audit_verdict verdict;

	work_out_anew(stage, 1, "hub_pinned nobody", UINT64_MAX);
	verdict = verdict_of(stage);
	assert_int_equal(verdict.broken, 0); /* it agrees with itself */
	assert_int_equal(verdict.untold, 1);
	assert_int_equal(verdict.told_n, 0);
}

static void a_log_that_was_cut_short_is_found_by_the_last_report(void **state)
{
	struct stage *stage = *state;
	uint64_t events_n = store_audit_count(stage->parts.store);
	struct audit_verdict verdict;

	work_out_anew(stage, 0, "",
		      events_n - 1); /* what followed the last report has no witness */
	assert_int_equal(verdict_of(stage).untold, 0);
	work_out_anew(stage, 0, "", events_n - 2);
	verdict = verdict_of(stage);
	assert_int_equal(verdict.broken, 0);
	assert_int_equal(verdict.untold, 3);
}

static void a_report_that_the_hub_gave_back_tells_of_a_log_that_was_lost(void **state)
{
	struct stage *stage = *state;
	own(safe_abort) struct safe_txn txn = {0};
	struct audit_verdict verdict;

	work_out_anew(stage, 0, "", store_audit_count(stage->parts.store) - 2);
	safe_write(store_safe(stage->parts.store), &txn);
	store_audit(stage->parts.store, &txn, 1, "adopted first=3 last=3");
	assert_int_equal(safe_commit(&txn), 0);
	verdict = verdict_of(stage);
	assert_int_equal(verdict.untold, 0);
	assert_int_equal(verdict.lost_n, 1);
	assert_int_equal(verdict.told_n, 2);
}

#define ON_A_STAGE(test) cmocka_unit_test_setup_teardown(test, make_reported, strike_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_STAGE(a_log_as_it_was_written_agrees_with_its_reports),
		ON_A_STAGE(a_chain_worked_out_anew_is_found_by_what_the_reports_told),
		ON_A_STAGE(a_log_that_was_cut_short_is_found_by_the_last_report),
		ON_A_STAGE(a_report_that_the_hub_gave_back_tells_of_a_log_that_was_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
