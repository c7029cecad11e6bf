#include "fixture_hub.h"

#include "proto/errors.h"

static const uint8_t token[MSG_TOKEN_BYTES] = {1};

/* One judgement: what the hub knows of the site, what came, and the verdict. */
struct trial {
	struct stage *stage;
	struct collect_context context;
	uint8_t start[SIGN_HASH_BYTES];
	struct release release, taken;
	struct release_body body;
	enum collect_verdict verdict;
};

static int make_trial(void **state)
{
	struct trial *trial = calloc(1, sizeof(*trial));
	void *stage = NULL;

	assert_non_null(trial);
	assert_int_equal(make_stage(&stage), 0);
	trial->stage = stage;
	sign_chain_start("south", trial->start);
	trial->context = (struct collect_context){
		.programme = &trial->stage->programme,
		.roster = &trial->stage->roster,
		.site = "south",
		.last_hash = trial->start,
		.at_now = NOW,
	};
	*state = trial;
	return 0;
}

static int strike_trial(void **state)
{
	struct trial *trial = *state;
	void *stage = trial->stage;

	release_free(&trial->release);
	release_free(&trial->taken);
	(void)strike_stage(&stage);
	free(trial);
	return 0;
}

static void judge(struct trial *trial)
{
	struct msg_RELEASE message = as_message(&trial->release, token);

	assert_int_equal(collect_judge(&trial->context, &message, &trial->verdict, &trial->taken,
				       &trial->body),
			 0);
}

/* Release n of south in a month of 2018, as it should be. */
static void send(struct trial *trial, uint64_t n, unsigned month)
{
	make_release(trial->stage, SOUTH, n, MONTH(2018, month), 7,
		     n == 1 ? NULL : trial->context.last_hash, &trial->release);
}

/* The same with a body of the test's own, signed by south. */
static void send_body(struct trial *trial, const struct release_body *body)
{
	struct buf payload = {0};

	assert_int_equal(release_pack(body, &trial->stage->programme, &payload), 0);
	release_sign(&trial->release, body->n, trial->start, &payload, trial->stage->keys[SOUTH]);
}

static void the_first_of_a_chain_is_accepted(void **state)
{
	struct trial *trial = *state;

	send(trial, 1, 3);
	judge(trial);
	assert_int_equal(trial->verdict, COLLECT_ACCEPT);
	assert_int_equal(trial->body.period, MONTH(2018, 3));
	assert_int_equal(trial->body.figures.cells[ENTERED][0].value, 7);
	assert_memory_equal(trial->taken.hash, trial->release.hash, SIGN_HASH_BYTES);
	assert_int_equal(trial->taken.payload.n, trial->release.payload.n);
}

static void the_next_month_is_accepted_and_no_other(void **state)
{
	struct trial *trial = *state;
	static const enum collect_verdict verdicts[] = {[3] = COLLECT_BAD_PERIOD,
							[4] = COLLECT_BAD_PERIOD,
							[5] = COLLECT_ACCEPT,
							[6] = COLLECT_BAD_PERIOD};

	trial->context.last_n = 1;
	trial->context.last_period = MONTH(2018, 4);
	for (unsigned month = 3; month <= 6; month++) {
		release_free(&trial->release);
		release_free(&trial->taken);
		send(trial, 2, month);
		judge(trial);
		assert_int_equal(trial->verdict, verdicts[month]);
	}
}

static void a_month_before_the_operation_is_refused(void **state)
{
	struct trial *trial = *state;

	make_release(trial->stage, SOUTH, 1, MONTH(2017, 12), 7, NULL, &trial->release);
	judge(trial);
	assert_int_equal(trial->verdict, COLLECT_BAD_PERIOD);
}

static void a_month_that_is_not_over_is_refused_but_for_a_clock_a_day_ahead(void **state)
{
	struct trial *trial = *state;
	int64_t last_day = date_to_moment(period_last_day(MONTH(2018, 6)));

	send(trial, 1, 6);
	trial->context.at_now = last_day - 1;
	judge(trial);
	assert_int_equal(trial->verdict, COLLECT_BAD_PERIOD);
	trial->context.at_now = last_day;
	judge(trial);
	assert_int_equal(trial->verdict, COLLECT_ACCEPT);
}

static void one_byte_changed_anywhere_is_a_bad_signature(void **state)
{
	struct trial *trial = *state;
	size_t last;

	send(trial, 1, 3);
	last = trial->release.payload.n - 1;
	trial->release.payload.data[last] ^= 1;
	judge(trial);
	assert_int_equal(trial->verdict, COLLECT_BAD_SIGNATURE);
	trial->release.payload.data[last] ^= 1;
	trial->release.signature[40] ^= 1;
	judge(trial);
	assert_int_equal(trial->verdict, COLLECT_BAD_SIGNATURE);
}

static void another_sites_key_is_a_bad_signature(void **state)
{
	struct trial *trial = *state;

	make_release(trial->stage, NORTH, 1, MONTH(2018, 3), 7, NULL, &trial->release);
	judge(trial);
	assert_int_equal(trial->verdict, COLLECT_BAD_SIGNATURE);
}

static void a_repeat_is_known_by_its_content(void **state)
{
	struct trial *trial = *state;

	send(trial, 1, 3);
	trial->context.last_n = 1;
	trial->context.last_hash = trial->context.known_hash = trial->release.hash;
	trial->context.last_period = MONTH(2018, 3);
	judge(trial);
	assert_int_equal(trial->verdict, COLLECT_KNOWN);
}

static void a_known_number_with_other_content_is_a_fork(void **state)
{
	struct trial *trial = *state;
	const uint8_t other[SIGN_HASH_BYTES] = {5};

	send(trial, 1, 3);
	trial->context.last_n = 4;
	trial->context.last_hash = trial->context.known_hash = other;
	judge(trial);
	assert_int_equal(trial->verdict, COLLECT_FORKED);
}

static void a_number_too_far_is_a_gap(void **state)
{
	struct trial *trial = *state;

	send(trial, 2, 3);
	judge(trial);
	assert_int_equal(trial->verdict, COLLECT_GAP);
	assert_null(collect_code(trial->verdict));
}

static void a_release_that_hangs_on_another_head_is_refused(void **state)
{
	struct trial *trial = *state;
	const uint8_t other[SIGN_HASH_BYTES] = {5};

	make_release(trial->stage, SOUTH, 1, MONTH(2018, 3), 7, other, &trial->release);
	judge(trial);
	assert_int_equal(trial->verdict, COLLECT_BAD_CHAIN);
}

static void another_programme_is_refused(void **state)
{
	struct trial *trial = *state;
	struct release_body body = fixture_body(MONTH(2018, 3));

	body.programme[0] ^= 1;
	send_body(trial, &body);
	judge(trial);
	assert_int_equal(trial->verdict, COLLECT_OTHER_PROGRAMME);
}

static void another_site_in_the_payload_is_refused(void **state)
{
	struct trial *trial = *state;
	struct release_body body = fixture_body(MONTH(2018, 3));

	(void)snprintf(body.site, sizeof(body.site), "north");
	send_body(trial, &body);
	judge(trial);
	assert_int_equal(trial->verdict, COLLECT_OTHER_SITE);
}

static void a_number_of_its_own_in_the_payload_is_bad_content(void **state)
{
	struct trial *trial = *state;
	struct release_body body = fixture_body(MONTH(2018, 3));
	struct buf payload = {0};

	body.n = 2;
	assert_int_equal(release_pack(&body, &trial->stage->programme, &payload), 0);
	release_sign(&trial->release, 1, trial->start, &payload, trial->stage->keys[SOUTH]);
	judge(trial);
	assert_int_equal(trial->verdict, COLLECT_BAD_CONTENT);
}

static void garbage_that_is_well_signed_is_bad_content(void **state)
{
	struct trial *trial = *state;
	struct buf payload = {0};

	buf_add(&payload, "\xff\x00garbage", 9);
	release_sign(&trial->release, 1, trial->start, &payload, trial->stage->keys[SOUTH]);
	judge(trial);
	assert_int_equal(trial->verdict, COLLECT_BAD_CONTENT);
}

/* What no honest packer writes is written into the bytes: the cells of "entered" follow its number
 * 2, as 92 02 c4 05 state u32le. */
static void a_figure_of_fewer_than_k_persons_is_bad_content(void **state)
{
	struct trial *trial = *state;
	static const uint8_t cell[] = {0x92, 0x02, 0xc4, 0x05, 0x00, 0x07, 0x00, 0x00, 0x00};
	uint8_t *at;
	struct buf payload = {0};

	send(trial, 1, 3);
	at = memmem(trial->release.payload.data, trial->release.payload.n, cell, sizeof(cell));
	assert_non_null(at);
	at[5] = 4;
	payload = trial->release.payload;
	trial->release.payload = (struct buf){0};
	release_sign(&trial->release, 1, trial->start, &payload, trial->stage->keys[SOUTH]);
	judge(trial);
	assert_int_equal(trial->verdict, COLLECT_BAD_CONTENT);
}

static void a_rehearsal_and_a_real_hub_do_not_mix(void **state)
{
	struct trial *trial = *state;
	struct release_body body = fixture_body(MONTH(2018, 3));

	body.is_rehearsal = true;
	send_body(trial, &body);
	judge(trial);
	assert_int_equal(trial->verdict, COLLECT_REHEARSAL);
	trial->context.is_rehearsal = true;
	judge(trial);
	assert_int_equal(trial->verdict, COLLECT_ACCEPT);
	release_free(&trial->taken);
	release_free(&trial->release);
	send(trial, 1, 3);
	judge(trial);
	assert_int_equal(trial->verdict, COLLECT_REHEARSAL);
}

static void a_site_that_left_the_roster_is_refused(void **state)
{
	struct trial *trial = *state;

	send(trial, 1, 3);
	(void)snprintf(trial->stage->roster.members[SOUTH].name, ROSTER_NAME_BYTES, "elsewhere");
	judge(trial);
	assert_int_equal(trial->verdict, COLLECT_NOT_IN_ROSTER);
}

static void every_refusal_has_a_row_among_the_errors(void **state)
{
	size_t refusals = 0;

	(void)state;
	for (int verdict = 0; verdict < COLLECT_VERDICTS_N; verdict++) {
		const char *code = collect_code((enum collect_verdict)verdict);

		if (code == NULL)
			continue;
		assert_non_null(error_find(code));
		refusals++;
	}
	assert_int_equal(refusals, 9);
}

#define on_trial(test) cmocka_unit_test_setup_teardown(test, make_trial, strike_trial)

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_trial(the_first_of_a_chain_is_accepted),
		on_trial(the_next_month_is_accepted_and_no_other),
		on_trial(a_month_before_the_operation_is_refused),
		on_trial(a_month_that_is_not_over_is_refused_but_for_a_clock_a_day_ahead),
		on_trial(one_byte_changed_anywhere_is_a_bad_signature),
		on_trial(another_sites_key_is_a_bad_signature),
		on_trial(a_repeat_is_known_by_its_content),
		on_trial(a_known_number_with_other_content_is_a_fork),
		on_trial(a_number_too_far_is_a_gap),
		on_trial(a_release_that_hangs_on_another_head_is_refused),
		on_trial(another_programme_is_refused),
		on_trial(another_site_in_the_payload_is_refused),
		on_trial(a_number_of_its_own_in_the_payload_is_bad_content),
		on_trial(garbage_that_is_well_signed_is_bad_content),
		on_trial(a_figure_of_fewer_than_k_persons_is_bad_content),
		on_trial(a_rehearsal_and_a_real_hub_do_not_mix),
		on_trial(a_site_that_left_the_roster_is_refused),
		cmocka_unit_test(every_refusal_has_a_row_among_the_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
