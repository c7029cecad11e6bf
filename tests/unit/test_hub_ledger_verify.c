#include "daemon/hub/ledger_verify.h"

#include "fixture_hub.h"
#include "proto/errors.h"

#include <errno.h>

#include "lib/fail.h"

#define FIRST (2018 * 12)
#define REPORTS 3

/* Reports of the first site, each with its event. */
static void report_as(struct stage *stage, const char *format)
{
	struct release release = {0};
	uint8_t prev[SIGN_HASH_BYTES];

	sign_chain_start(fixture_sites[0].id, prev);
	for (uint64_t n = 1; n <= REPORTS; n++) {
		char text[96];

		make_release(stage, 0, n, FIRST + (uint32_t)n, 7, prev, &release);
		ledger_add(stage->ledger, fixture_sites[0].id, &release, NOW);
		(void)snprintf(text, sizeof(text), "release_accepted site=%s n=%llu period=any",
			       fixture_sites[0].id, (unsigned long long)n);
		ledger_audit(stage->ledger, NOW, n == 2 && format != NULL ? format : text);
		assert_int_equal(ledger_commit(stage->ledger), 0);
		memcpy(prev, release.hash, sizeof(prev));
		release_free(&release);
	}
}

static struct ledger_verdict verdict_of(struct stage *stage)
{
	struct ledger_verdict verdict = {0};

	assert_int_equal(ledger_verify(stage->ledger, &stage->roster, &verdict), 0);
	return verdict;
}

static void assert_exit(struct stage *stage, int exit)
{
	own(answer_free) struct answer answer = {0};

	assert_int_equal(ledger_verify_answer(stage->ledger, &stage->roster, &answer), 0);
	assert_int_equal(answer.exit, exit);
}

static void a_ledger_as_it_was_written_holds(void **state)
{
	struct stage *stage = *state;
	struct ledger_verdict verdict;

	report_as(stage, NULL);
	verdict = verdict_of(stage);
	assert_int_equal(verdict.broken, 0);
	assert_int_equal(verdict.unsigned_one.n, 0);
	assert_int_equal(verdict.untold.n, 0);
	assert_int_equal(verdict.releases_n, REPORTS);
	assert_exit(stage, EXIT_GOOD);
}

/* Sealed rightly, by whoever has the hub's key; head: worked out anew or not. */
static void put_event(struct stage *stage, uint64_t n, struct ledger_event *event)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_free) struct buf row = {0};
	uint8_t key[8];

	safe_key_u64(n, key);
	ledger_row_pack_event(event, &row);
	safe_write(ledger_safe(stage->ledger), &txn);
	safe_put(&txn, LEDGER_EVENT, key, sizeof(key), NULL, row.data, row.n);
	assert_int_equal(safe_commit(&txn), 0);
}

static void get_event(struct stage *stage, uint64_t n, struct ledger_event *ret_event)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_free) struct buf row = {0};
	uint8_t key[8];

	safe_key_u64(n, key);
	safe_read(ledger_safe(stage->ledger), &txn);
	assert_int_equal(safe_get(&txn, LEDGER_EVENT, key, sizeof(key), NULL, &row), 0);
	assert_int_equal(ledger_row_read_event(&row, ret_event), 0);
}

static uint64_t events_n(const struct stage *stage)
{
	struct ledger_about about;

	ledger_about(stage->ledger, &about);
	return about.state->events_n;
}

static void an_altered_event_breaks_the_chain(void **state)
{
	struct stage *stage = *state;
	struct ledger_event event;

	report_as(stage, NULL);
	get_event(stage, 2, &event);
	event.at++;
	put_event(stage, 2, &event);
	assert_int_equal(verdict_of(stage).broken, 2);
	assert_exit(stage, EXIT_CHECK_FAILED);
}

static void events_in_each_others_place_break_the_chain(void **state)
{
	struct stage *stage = *state;
	struct ledger_event one, two;

	report_as(stage, NULL);
	get_event(stage, 1, &one);
	get_event(stage, 2, &two);
	put_event(stage, 1, &two);
	put_event(stage, 2, &one);
	assert_int_equal(verdict_of(stage).broken, 1);
}

/* The chain holds again; the reports are still there. */
static void a_chain_worked_out_anew_is_found_when_it_hides_or_invents_a_report(void **state)
{
	struct stage *stage = *state;
	uint8_t head[SIGN_HASH_BYTES] = {0};
	struct ledger_verdict verdict;

	report_as(stage, NULL);
	for (uint64_t n = 1; n <= events_n(stage); n++) {
		struct ledger_event event;

		get_event(stage, n, &event);
		if (strstr(event.text, " n=2 ") != NULL)
			(void)snprintf(event.text, sizeof(event.text), "nothing happened");
		ledger_row_chain_event(&event, head);
		memcpy(head, event.head, sizeof(head));
		put_event(stage, n, &event);
	}
	verdict = verdict_of(stage);
	assert_int_equal(verdict.broken, 0);
	assert_int_equal(verdict.untold.n, 3); /* told without the second */
	assert_string_equal(verdict.untold.site, fixture_sites[0].id);
	assert_exit(stage, EXIT_CHECK_FAILED);
}

static void an_event_of_a_report_that_is_not_there_is_found(void **state)
{
	struct stage *stage = *state;
	struct ledger_verdict verdict;

	report_as(stage, NULL);
	ledger_audit(stage->ledger, NOW, "release_accepted site=nowhere n=1 period=any");
	assert_int_equal(ledger_commit(stage->ledger), 0);
	verdict = verdict_of(stage);
	assert_string_equal(verdict.untold.site, "nowhere");
}

static void an_event_that_is_gone_is_refused_at_the_opening(void **state)
{
	struct stage *stage = *state;
	struct ledger *again = NULL;
	struct fault fault = {0};
	uint8_t key[8];

	report_as(stage, NULL);
	safe_key_u64(2, key);
	{
		own(safe_abort) struct safe_txn txn = {0};

		safe_write(ledger_safe(stage->ledger), &txn);
		safe_delete(&txn, LEDGER_EVENT, key, sizeof(key));
		assert_int_equal(safe_commit(&txn), 0);
	}
	assert_int_equal(verdict_of(stage).broken, 2);
	close_stage(stage);
	assert_int_equal(ledger_open(&stage->settings, &again, &fault), -EBADMSG);
	assert_string_equal(fault.code, "H001");
}

static void a_report_that_no_key_of_the_roster_signed_is_found(void **state)
{
	struct stage *stage = *state;

	report_as(stage, NULL);
	stage->roster.members[0].sign[0] ^= 1;
	assert_int_equal(verdict_of(stage).unsigned_one.n, 1);
	assert_exit(stage, EXIT_CHECK_FAILED);
	(void)snprintf(stage->roster.members[0].name, sizeof(stage->roster.members[0].name),
		       "other");
	assert_int_equal(verdict_of(stage).unsigned_one.n, 0); /* nobody's that is named */
}

#define ON_A_STAGE(test) cmocka_unit_test_setup_teardown(test, make_stage, strike_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_STAGE(a_ledger_as_it_was_written_holds),
		ON_A_STAGE(an_altered_event_breaks_the_chain),
		ON_A_STAGE(events_in_each_others_place_break_the_chain),
		ON_A_STAGE(a_chain_worked_out_anew_is_found_when_it_hides_or_invents_a_report),
		ON_A_STAGE(an_event_of_a_report_that_is_not_there_is_found),
		ON_A_STAGE(an_event_that_is_gone_is_refused_at_the_opening),
		ON_A_STAGE(a_report_that_no_key_of_the_roster_signed_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
