#include "daemon/site/access.h"
#include "daemon/site/question.h"
#include "fixture_desk.h"

static void note(struct stage *stage, const char *event, uint64_t number, const char *who,
		 int32_t day)
{
	const struct access access = {.event = event,
				      .more = "",
				      .number = number,
				      .operator_name = who,
				      .at = date_to_moment(day)};

	assert_int_equal(access_note(stage->parts.store, &access), 0);
}

static size_t rows_n(const struct talk *talk)
{
	return sheet_of(talk, "mia.audit/1")->rows_n;
}

static int make_audited(void **state)
{
	int32_t day = date_from_civil(2018, 1, 1);

	(void)make_stage(state);
	note(*state, "person_shown", 17, "anna", day);
	note(*state, "person_shown", 18, "bo", day + 1);
	note(*state, "person_event", 17, "bo", day + 2);
	note(*state, "person_sought", 0, "anna", day + 3);
	return 0;
}

static void an_access_is_listed_by_case_operator_and_day(void **state)
{
	own(free_talk) struct talk *talk = new_talk();

	carry_out(*state, talk, COMMAND_AUDIT_SHOW);
	assert_int_equal(rows_n(talk), 4);
	put_option(talk, "case", "17");
	carry_out(*state, talk, COMMAND_AUDIT_SHOW);
	assert_int_equal(rows_n(talk), 2);
	put_option(talk, "operator", "bo");
	carry_out(*state, talk, COMMAND_AUDIT_SHOW);
	assert_int_equal(rows_n(talk), 2);
	put_option(talk, "operator", "bo");
	put_option(talk, "case", "17");
	carry_out(*state, talk, COMMAND_AUDIT_SHOW);
	assert_int_equal(rows_n(talk), 1);
	assert_string_equal(text_of(talk, "mia.audit/1", "done", 0), "person_event");
	put_option(talk, "since", "2018-01-03");
	carry_out(*state, talk, COMMAND_AUDIT_SHOW);
	assert_int_equal(rows_n(talk), 2);
	assert_true(cell_of(talk, "mia.audit/1", "case", 1)->is_empty);
	put_option(talk, "last", "1");
	carry_out(*state, talk, COMMAND_AUDIT_SHOW);
	assert_int_equal(rows_n(talk), 1);
	put_option(talk, "case", "x");
	carry_out(*state, talk, COMMAND_AUDIT_SHOW);
	assert_fault(talk, "X002", EXIT_USAGE);
}

static void events_of_the_house_hold_no_access(void **state)
{
	struct stage *stage = *state;
	const struct events_ask ask = {.since = INT64_MIN, .last = 2};
	own(sheet_free) struct sheet *sheet = events_sheet();

	assert_int_equal(access_house(stage->parts.store, &ask, sheet), 0);
	assert_int_equal(sheet->rows_n, 2); /* the hub and the programme that were pinned */
}

/* The long question asked to its end. */
static void verify(struct stage *stage, struct talk *talk)
{
	static const struct room_operator anna = {.name = "anna", .rights = ~0U};
	const struct query_site site = {.parts = &stage->parts};
	struct request request = {.command = COMMAND_AUDIT_VERIFY, .language = LANGUAGE_EN};
	struct room_time now = {.at = NOW, .mono_ms = 1};
	const struct sweep_ask ask = {.site = &site,
				      .now = &now,
				      .who = &anna,
				      .request = &request};
	struct sweep *sweep = NULL;
	int error;

	answer_free(&talk->answer);
	talk->answer = (struct answer){0};
	error = question_ask(&sweep, &ask, &talk->answer);
	assert_int_equal(error, -EINPROGRESS);
	while (error == -EINPROGRESS)
		error = question_go_on(&sweep, ++now.mono_ms, &talk->answer);
	assert_int_equal(error, 0);
}

static void a_chain_as_it_was_written_holds(void **state)
{
	own(free_talk) struct talk *talk = new_talk();

	verify(*state, talk);
	assert_int_equal(talk->answer.exit, EXIT_GOOD);
}

/* Event n says another thing, sealed rightly. */
static void rewrite(struct stage *stage, uint64_t n, const char *text)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_free) struct buf plain = {0}, old = {0};
	struct store_event event;
	uint8_t key[8];

	assert_int_equal(store_audit_read(stage->parts.store, n, &event, &old), 0);
	pack_array(&plain, 3);
	pack_i64(&plain, event.at);
	pack_str(&plain, text);
	pack_bin(&plain, event.salt, sizeof(event.salt));
	safe_key_u64(n, key);
	safe_write(store_safe(stage->parts.store), &txn);
	safe_put(&txn, STORE_EVENT, key, sizeof(key), NULL, plain.data, plain.n);
	assert_int_equal(safe_commit(&txn), 0);
}

static void one_word_changed_breaks_the_chain(void **state)
{
	struct stage *stage = *state;
	own(free_talk) struct talk *talk = new_talk();

	rewrite(stage, store_audit_count(stage->parts.store) - 1,
		"person_event case=17 operator=anna");
	verify(stage, talk);
	assert_int_equal(talk->answer.exit, EXIT_CHECK_FAILED);
}

static void an_event_that_is_gone_breaks_the_chain(void **state)
{
	struct stage *stage = *state;
	own(free_talk) struct talk *talk = new_talk();
	own(safe_abort) struct safe_txn txn = {0};
	uint8_t key[8];

	safe_key_u64(3, key);
	safe_write(store_safe(stage->parts.store), &txn);
	safe_delete(&txn, STORE_EVENT, key, sizeof(key));
	assert_int_equal(safe_commit(&txn), 0);
	verify(stage, talk);
	assert_int_equal(talk->answer.exit, EXIT_CHECK_FAILED);
}

/* An entry of the log is sealed anew, with the same content, under a key of another. */
static void an_act_that_was_replaced_breaks_the_log(void **state)
{
	struct stage *stage = *state;
	own(free_talk) struct talk *talk = new_talk();
	own(safe_abort) struct safe_txn txn = {0};
	uint8_t key[8];

	enter(stage, 3, date_from_civil(2017, 5, 2));
	verify(stage, talk);
	assert_int_equal(talk->answer.exit, EXIT_GOOD);
	safe_key_u64(2, key);
	safe_write(store_safe(stage->parts.store), &txn);
	safe_put(&txn, STORE_LOG, key, sizeof(key), NULL, "other", 5);
	assert_int_equal(safe_commit(&txn), 0);
	verify(stage, talk);
	assert_int_equal(talk->answer.exit, EXIT_CHECK_FAILED);
	assert_int_equal(sheet_of(talk, "mia.verify/1")->rows_n, 4);
	assert_string_equal(text_of(talk, "mia.flaws/1", "flaw", 0), "acts");
	assert_int_equal(cell_of(talk, "mia.flaws/1", "case", 0)->number, 2);
}

/* What no chain tells: somebody the next file would bring in a second time. */
static void a_look_up_that_is_gone_is_a_row_and_an_event(void **state)
{
	struct stage *stage = *state;
	own(free_talk) struct talk *talk = new_talk();
	own(safe_cursor_close) struct safe_cursor cursor = {0};
	uint8_t key[VAULT_LOOKUP_BYTES];
	struct safe_txn txn;

	enter(stage, 1, date_from_civil(2017, 5, 2));
	safe_write(store_safe(stage->parts.store), &txn);
	assert_true(safe_seek(&txn, STORE_INDEX, NULL, 0, &cursor));
	memcpy(key, cursor.kv.key.data, sizeof(key));
	safe_cursor_close(&cursor);
	safe_delete(&txn, STORE_INDEX, key, sizeof(key));
	assert_int_equal(safe_commit(&txn), 0);
	verify(stage, talk);
	assert_int_equal(talk->answer.exit, EXIT_CHECK_FAILED);
	assert_int_equal(sheet_of(talk, "mia.flaws/1")->rows_n, 1);
	assert_string_equal(text_of(talk, "mia.flaws/1", "flaw", 0), "not_found");
	assert_int_equal(cell_of(talk, "mia.flaws/1", "case", 0)->number, 1);
	assert_last_event(stage, "store_damaged flaws=1 operator=anna");
}

#define ON_A_STAGE(test) cmocka_unit_test_setup_teardown(test, make_audited, strike_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_STAGE(an_access_is_listed_by_case_operator_and_day),
		ON_A_STAGE(events_of_the_house_hold_no_access),
		ON_A_STAGE(a_chain_as_it_was_written_holds),
		ON_A_STAGE(one_word_changed_breaks_the_chain),
		ON_A_STAGE(an_event_that_is_gone_breaks_the_chain),
		ON_A_STAGE(an_act_that_was_replaced_breaks_the_log),
		ON_A_STAGE(a_look_up_that_is_gone_is_a_row_and_an_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
