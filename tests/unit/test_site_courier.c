#include "daemon/site/courier.h"

#include "fixture_site.h"
#include "proto/county_result.h"

#include <errno.h>

/* A hub's half of the conversation, by hand. */
struct talk {
	struct stage *stage;
	struct courier *courier;
	struct courier_moment now;
	struct buf letter; /* the courier's last */
	struct msg said; /* the same, read */
	uint8_t token[MSG_TOKEN_BYTES];
};

static struct talk begin(struct stage *stage)
{
	struct talk talk = {.stage = stage, .courier = stage->parts.courier};

	talk.now = (struct courier_moment){.at = BEGIN + 86400 * 365, .mono_ms = 5000, .random = 0};
	memset(talk.token, 9, sizeof(talk.token));
	return talk;
}

static void end(struct talk *talk)
{
	buf_free(&talk->letter);
}

static enum courier_state state_of(const struct talk *talk)
{
	struct courier_view view;

	courier_view(talk->courier, &view);
	return view.state;
}

static struct courier_view view_of(const struct talk *talk)
{
	struct courier_view view;

	courier_view(talk->courier, &view);
	return view;
}

static enum courier_want tick(struct talk *talk)
{
	return courier_tick(talk->courier, &talk->now);
}

/* Takes the next letter off the courier and reads it as a hub would. */
static bool next(struct talk *talk)
{
	if (!courier_next(talk->courier, talk->now.at, &talk->letter))
		return false;
	assert_int_equal(msg_unpack(talk->letter.data, talk->letter.n, FROM_SITE, &talk->said), 0);
	courier_sent(talk->courier, talk->now.mono_ms);
	return true;
}

static int say(struct talk *talk, const struct msg *msg, enum courier_want *ret_want)
{
	own(buf_free) struct buf bytes = {0};

	msg_pack(msg, &bytes);
	assert_int_equal(bytes.error, 0);
	return courier_receive(talk->courier, bytes.data, bytes.n, &talk->now, ret_want);
}

static int say_receipt(struct talk *talk, uint64_t n, const uint8_t hash[32])
{
	struct msg msg = {.type = MSG_RECEIPT, .RECEIPT = {.n = n}};
	enum courier_want want;

	memcpy(msg.RECEIPT.hash, hash, 32);
	memcpy(msg.RECEIPT.token, talk->token, sizeof(talk->token));
	wire_sign_receipt(&msg.RECEIPT, talk->stage->hub_key);
	return say(talk, &msg, &want);
}

static int receipt_for(struct talk *talk, uint64_t n)
{
	uint8_t hash[SIGN_HASH_BYTES];

	assert_int_equal(outbox_hash(talk->stage->parts.outbox, n, hash), 0);
	return say_receipt(talk, n, hash);
}

static int say_refusal(struct talk *talk, uint64_t n, const char *code, enum courier_want *ret_want)
{
	struct msg msg = {.type = MSG_REFUSAL, .REFUSAL = {.n = n}};

	memcpy(msg.REFUSAL.nonce, talk->said.HELLO.nonce, MSG_NONCE_BYTES);
	(void)snprintf(msg.REFUSAL.code, sizeof(msg.REFUSAL.code), "%s", code);
	return say(talk, &msg, ret_want);
}

static struct msg welcome(const struct talk *talk, uint64_t n, const uint8_t hash[32])
{
	struct msg msg = {.type = MSG_WELCOME, .WELCOME = {.n = n}};

	memcpy(msg.WELCOME.nonce, talk->said.HELLO.nonce, MSG_NONCE_BYTES);
	memcpy(msg.WELCOME.token, talk->token, sizeof(talk->token));
	memcpy(msg.WELCOME.hash, hash, 32);
	return msg;
}

/* Dials and greets; talk->said is HELLO. */
static void greet(struct talk *talk)
{
	assert_int_equal(tick(talk), COURIER_DIAL);
	courier_connected(talk->courier, &talk->now);
	assert_true(next(talk));
	assert_int_equal(talk->said.type, MSG_HELLO);
}

/* Greets, and the hub has our first n. */
static void meet(struct talk *talk, uint64_t n)
{
	uint8_t hash[SIGN_HASH_BYTES];
	enum courier_want want;
	struct msg msg;

	greet(talk);
	assert_int_equal(outbox_hash(talk->stage->parts.outbox, n, hash), 0);
	msg = welcome(talk, n, hash);
	assert_int_equal(say(talk, &msg, &want), 0);
	assert_int_equal(want, COURIER_NOTHING);
	assert_int_equal(state_of(talk), COURIER_STREAMING);
}

static void close_months(struct stage *stage, size_t n)
{
	for (size_t i = 0; i < n; i++)
		close_month(stage);
}

/* ---- the usual ---- */

static void a_greeting_says_who_we_are_and_where_our_chain_stands(void **state)
{
	struct talk talk = begin(*state);
	uint8_t head[SIGN_HASH_BYTES];

	close_months(*state, 2);
	greet(&talk);
	assert_int_equal(outbox_hash(talk.stage->parts.outbox, 2, head), 0);
	assert_int_equal(talk.said.HELLO.protocol, WIRE_PROTOCOL);
	assert_string_equal(talk.said.HELLO.site, SITE);
	assert_int_equal(talk.said.HELLO.n, 2);
	assert_memory_equal(talk.said.HELLO.hash, head, sizeof(head));
	assert_memory_equal(talk.said.HELLO.programme, talk.stage->mia->hash, 32);
	assert_int_equal(talk.said.HELLO.is_rehearsal, 1);
	assert_int_equal(talk.said.HELLO.epoch, 1);
	assert_false(next(&talk));
	end(&talk);
}

static void two_connections_have_two_nonces(void **state)
{
	struct talk talk = begin(*state);
	uint8_t nonce[MSG_NONCE_BYTES];

	greet(&talk);
	memcpy(nonce, talk.said.HELLO.nonce, sizeof(nonce));
	assert_int_equal(courier_lost(talk.courier, &talk.now, false), COURIER_HANG_UP);
	talk.now.mono_ms = courier_due_ms(talk.courier);
	greet(&talk);
	assert_memory_not_equal(nonce, talk.said.HELLO.nonce, sizeof(nonce));
	end(&talk);
}

static void releases_are_sent_in_order_and_receipted(void **state)
{
	struct talk talk = begin(*state);

	close_months(*state, 3);
	meet(&talk, 1);
	assert_true(next(&talk));
	assert_int_equal(talk.said.type, MSG_RELEASE);
	assert_int_equal(talk.said.RELEASE.n, 2);
	assert_memory_equal(talk.said.RELEASE.token, talk.token, sizeof(talk.token));
	assert_true(next(&talk));
	assert_int_equal(talk.said.RELEASE.n, 3);
	assert_false(next(&talk));
	assert_int_equal(view_of(&talk).under_way, 2);
	assert_int_equal(receipt_for(&talk, 3), 0);
	assert_int_equal(view_of(&talk).under_way, 0);
	assert_int_equal(outbox_received(talk.stage->parts.outbox), 3);
	assert_int_equal(courier_due_ms(talk.courier), INT64_MAX);
	end(&talk);
}

static void what_the_socket_did_not_take_comes_again(void **state)
{
	struct talk talk = begin(*state);
	own(buf_free) struct buf again = {0};

	close_months(*state, 1);
	meet(&talk, 0);
	assert_true(courier_next(talk.courier, talk.now.at, &talk.letter));
	assert_true(courier_next(talk.courier, talk.now.at, &again));
	assert_int_equal(again.n, talk.letter.n);
	assert_memory_equal(again.data, talk.letter.data, again.n);
	end(&talk);
}

static void at_most_eight_are_under_way(void **state)
{
	struct talk talk = begin(*state);
	size_t sent = 0;

	close_months(*state, 12);
	meet(&talk, 0);
	while (next(&talk))
		sent++;
	assert_int_equal(sent, WIRE_WINDOW);
	assert_int_equal(receipt_for(&talk, 2), 0);
	while (next(&talk))
		sent++;
	assert_int_equal(sent, WIRE_WINDOW + 2);
	end(&talk);
}

static void a_release_does_not_leave_before_its_moment(void **state)
{
	struct talk talk = begin(*state);
	uint32_t period;
	int64_t at = calendar_cutoff(talk.stage->mia, FIRST);

	assert_int_equal(closing_close(&talk.stage->parts.closing, at, UINT32_MAX, &period), 0);
	talk.now.at = at + 599;
	meet(&talk, 0);
	assert_int_equal(courier_due_at(talk.courier), at + 600);
	assert_false(next(&talk));
	talk.now.at = at + 600;
	assert_true(next(&talk));
	assert_int_equal(courier_due_at(talk.courier), INT64_MAX);
	end(&talk);
}

/* ---- what does not count ---- */

static void assert_dropped(struct talk *talk, int verdict, uint64_t dropped)
{
	assert_int_equal(verdict, -EBADMSG);
	assert_int_equal(view_of(talk).dropped, dropped);
	assert_int_equal(outbox_received(talk->stage->parts.outbox), 0);
}

static void a_welcome_with_another_nonce_is_dropped(void **state)
{
	struct talk talk = begin(*state);
	uint8_t root[SIGN_HASH_BYTES];
	enum courier_want want;
	struct msg msg;

	sign_chain_start(SITE, root);
	greet(&talk);
	msg = welcome(&talk, 0, root);
	msg.WELCOME.nonce[0] ^= 1;
	assert_dropped(&talk, say(&talk, &msg, &want), 1);
	assert_int_equal(state_of(&talk), COURIER_GREETING);
	end(&talk);
}

static void receipts_that_prove_nothing_are_dropped(void **state)
{
	struct talk talk = begin(*state);
	uint8_t hash[SIGN_HASH_BYTES];
	struct msg msg = {.type = MSG_RECEIPT, .RECEIPT = {.n = 1}};
	enum courier_want want;

	close_months(*state, 2);
	meet(&talk, 0);
	assert_int_equal(outbox_hash(talk.stage->parts.outbox, 1, hash), 0);
	assert_dropped(&talk, say_receipt(&talk, 1, hash), 1); /* nothing was sent yet */
	assert_true(next(&talk));
	talk.token[0] ^= 1;
	assert_dropped(&talk, say_receipt(&talk, 1, hash), 2); /* of another connection */
	talk.token[0] ^= 1;
	hash[0] ^= 1;
	assert_dropped(&talk, say_receipt(&talk, 1, hash), 3); /* of other content */
	hash[0] ^= 1;
	memcpy(msg.RECEIPT.hash, hash, sizeof(hash));
	memcpy(msg.RECEIPT.token, talk.token, sizeof(talk.token));
	wire_sign_receipt(&msg.RECEIPT, talk.stage->parts.key);
	assert_dropped(&talk, say(&talk, &msg, &want), 4); /* signed by us */
	assert_int_equal(say_receipt(&talk, 1, hash), 0);
	end(&talk);
}

static void bytes_that_are_no_message_are_dropped(void **state)
{
	struct talk talk = begin(*state);
	enum courier_want want;

	meet(&talk, 0);
	assert_dropped(&talk, courier_receive(talk.courier, "\x91\x63", 2, &talk.now, &want), 1);
	assert_dropped(&talk, courier_receive(talk.courier, "", 0, &talk.now, &want), 2);
	assert_int_equal(state_of(&talk), COURIER_STREAMING);
	end(&talk);
}

static void an_overtaken_receipt_takes_nothing_back(void **state)
{
	struct talk talk = begin(*state);

	close_months(*state, 2);
	meet(&talk, 0);
	assert_true(next(&talk) && next(&talk));
	assert_int_equal(receipt_for(&talk, 2), 0);
	assert_int_equal(receipt_for(&talk, 1), 0);
	assert_int_equal(outbox_received(talk.stage->parts.outbox), 2);
	end(&talk);
}

/* ---- waiting ---- */

static void a_dial_without_an_answer_is_given_up_after_twenty_five_seconds(void **state)
{
	struct talk talk = begin(*state);

	assert_int_equal(tick(&talk), COURIER_DIAL);
	talk.now.mono_ms += 24999;
	assert_int_equal(tick(&talk), COURIER_NOTHING);
	talk.now.mono_ms += 1;
	assert_int_equal(tick(&talk), COURIER_HANG_UP);
	assert_int_equal(state_of(&talk), COURIER_AWAY);
	assert_true(courier_due_ms(talk.courier) >= talk.now.mono_ms + WIRE_BACKOFF_MIN_MS);
	end(&talk);
}

static void sixty_seconds_without_a_receipt_end_the_connection(void **state)
{
	struct talk talk = begin(*state);

	close_months(*state, 2);
	meet(&talk, 0);
	talk.now.mono_ms += 3600 * 1000;
	assert_int_equal(tick(&talk), COURIER_NOTHING); /* nothing was owed */
	assert_true(next(&talk));
	talk.now.mono_ms += WIRE_SILENCE_MS - 1;
	assert_int_equal(tick(&talk), COURIER_NOTHING);
	assert_int_equal(courier_due_ms(talk.courier), talk.now.mono_ms + 1);
	talk.now.mono_ms += 1;
	assert_int_equal(tick(&talk), COURIER_HANG_UP);
	assert_int_equal(view_of(&talk).under_way, 0);
	end(&talk);
}

static void messages_that_are_dropped_do_not_break_the_silence(void **state)
{
	struct talk talk = begin(*state);
	enum courier_want want;

	close_months(*state, 1);
	meet(&talk, 0);
	assert_true(next(&talk));
	talk.now.mono_ms += WIRE_SILENCE_MS - 1;
	assert_int_equal(courier_receive(talk.courier, "", 0, &talk.now, &want), -EBADMSG);
	talk.now.mono_ms += 1;
	assert_int_equal(tick(&talk), COURIER_HANG_UP);
	end(&talk);
}

static void waits_grow_while_nobody_answers_and_never_pass_five_minutes(void **state)
{
	struct talk talk = begin(*state);
	int64_t last = 0;
	int64_t wait = 0;

	for (int i = 0; i < 20; i++) {
		assert_int_equal(tick(&talk), COURIER_DIAL);
		assert_int_equal(courier_lost(talk.courier, &talk.now, false), COURIER_HANG_UP);
		wait = courier_due_ms(talk.courier) - talk.now.mono_ms;
		assert_true(wait >= last && wait >= WIRE_BACKOFF_MIN_MS &&
			    wait <= WIRE_BACKOFF_MAX_MS);
		last = wait;
		talk.now.mono_ms += wait;
	}
	assert_true(wait > WIRE_BACKOFF_MAX_MS / 2);
	meet(&talk, 0);
	assert_int_equal(courier_lost(talk.courier, &talk.now, false), COURIER_HANG_UP);
	assert_true(courier_due_ms(talk.courier) - talk.now.mono_ms < 2000);
	end(&talk);
}

static void a_new_connection_begins_after_what_the_hub_has(void **state)
{
	struct talk talk = begin(*state);

	close_months(*state, 3);
	meet(&talk, 0);
	assert_true(next(&talk) && next(&talk) && next(&talk));
	assert_int_equal(courier_lost(talk.courier, &talk.now, false), COURIER_HANG_UP);
	talk.now.mono_ms = courier_due_ms(talk.courier);
	meet(&talk, 2);
	assert_int_equal(outbox_received(talk.stage->parts.outbox), 2);
	assert_true(next(&talk));
	assert_int_equal(talk.said.RELEASE.n, 3);
	end(&talk);
}

/* ---- refusals ---- */

static void a_refusal_that_heals_is_kept_audited_once_and_tried_again(void **state)
{
	struct talk talk = begin(*state);
	enum courier_want want;
	uint64_t events;

	close_months(*state, 1);
	greet(&talk);
	assert_int_equal(say_refusal(&talk, 0, "W005", &want), 0);
	assert_int_equal(want, COURIER_HANG_UP);
	assert_int_equal(state_of(&talk), COURIER_AWAY);
	assert_string_equal(view_of(&talk).refusal, "W005");
	assert_last_event(*state, "refused n=0 code=W005");
	events = store_audit_count(talk.stage->parts.store);
	talk.now.mono_ms = courier_due_ms(talk.courier);
	greet(&talk);
	assert_int_equal(say_refusal(&talk, 0, "W005", &want), 0);
	assert_int_equal(store_audit_count(talk.stage->parts.store), events);
	talk.now.mono_ms = courier_due_ms(talk.courier);
	meet(&talk, 1);
	assert_string_equal(view_of(&talk).refusal, "");
	end(&talk);
}

static void waits_grow_while_the_same_report_is_refused_after_each_welcome(void **state)
{
	struct talk talk = begin(*state);
	enum courier_want want;
	int64_t wait = 0;

	close_months(*state, 1);
	for (int i = 0; i < 20; i++) {
		uint8_t nonce[MSG_NONCE_BYTES];

		meet(&talk, 0);
		memcpy(nonce, talk.said.HELLO.nonce, sizeof(nonce));
		assert_true(next(&talk));
		memcpy(talk.said.HELLO.nonce, nonce, sizeof(nonce));
		assert_int_equal(say_refusal(&talk, 1, "W009", &want), 0);
		assert_int_equal(want, COURIER_HANG_UP);
		wait = courier_due_ms(talk.courier) - talk.now.mono_ms;
		talk.now.mono_ms += wait;
	}
	assert_true(wait > WIRE_BACKOFF_MAX_MS / 2);
	end(&talk);
}

static void a_refusal_of_what_we_are_halts_until_a_restart(void **state)
{
	struct talk talk = begin(*state);
	enum courier_want want;

	close_months(*state, 1);
	greet(&talk);
	assert_int_equal(say_refusal(&talk, 0, "W008", &want), 0);
	assert_int_equal(want, COURIER_HANG_UP);
	assert_int_equal(state_of(&talk), COURIER_HALTED);
	assert_int_equal(courier_due_ms(talk.courier), INT64_MAX);
	talk.now.mono_ms += 86400 * 1000;
	assert_int_equal(tick(&talk), COURIER_NOTHING);
	assert_true(closing_due(&talk.stage->parts.closing) < INT64_MAX); /* months still close */
	reopen_stage(*state);
	talk.courier = talk.stage->parts.courier;
	greet(&talk);
	end(&talk);
}

static void a_refusal_for_another_connection_is_dropped(void **state)
{
	struct talk talk = begin(*state);
	enum courier_want want;

	greet(&talk);
	talk.said.HELLO.nonce[3] ^= 1;
	assert_dropped(&talk, say_refusal(&talk, 0, "W008", &want), 1);
	assert_int_equal(want, COURIER_NOTHING);
	assert_int_equal(state_of(&talk), COURIER_GREETING);
	end(&talk);
}

/* Or a lying hub would write its own words into our audit. */
static void a_refusal_that_is_no_code_is_dropped(void **state)
{
	static const char *const words[] = {"", "W5", "W0055", "X023", "W1 n=2", "w005", "W 05"};
	struct talk talk = begin(*state);
	enum courier_want want;

	greet(&talk);
	for (size_t i = 0; i < array_n(words); i++)
		assert_dropped(&talk, say_refusal(&talk, 0, words[i], &want), i + 1);
	assert_int_equal(state_of(&talk), COURIER_GREETING);
	assert_string_equal(view_of(&talk).refusal, "");
	end(&talk);
}

static void a_key_the_hub_does_not_let_in_is_told_and_tried_again(void **state)
{
	struct talk talk = begin(*state);

	assert_int_equal(tick(&talk), COURIER_DIAL);
	assert_int_equal(courier_lost(talk.courier, &talk.now, true), COURIER_HANG_UP);
	assert_string_equal(view_of(&talk).refusal, "W012");
	talk.now.mono_ms = courier_due_ms(talk.courier);
	assert_int_equal(tick(&talk), COURIER_DIAL);
	end(&talk);
}

/* ---- our own chain at the hub ---- */

/* Another life of this site: more months closed by a second stage of the same keys. */
struct other {
	struct stage *stage;
	struct release releases[12];
	size_t n;
};

static struct other live_on(size_t months, size_t persons)
{
	struct other other = {.n = months};
	void *state = NULL;

	(void)make_stage(&state);
	other.stage = state;
	if (persons > 0)
		enter(other.stage, persons, date_from_civil(2017, 4, 3));
	close_months(other.stage, months);
	for (uint64_t n = 1; n <= months; n++)
		other.releases[n - 1] = load_release(other.stage, n);
	return other;
}

static void strike_other(struct other *other)
{
	void *state = other->stage;

	for (size_t i = 0; i < other->n; i++)
		release_free(&other->releases[i]);
	(void)strike_stage(&state);
}

/* The first n months of ours are the other's, as a store copied then would have them. */
static void copy_life(struct stage *stage, const struct other *other, size_t n)
{
	own(safe_abort) struct safe_txn txn = {0};
	struct outbox_position position = {.last = n,
					   .received = n,
					   .period = FIRST + (uint32_t)n - 1};

	memcpy(position.head, other->releases[n - 1].hash, sizeof(position.head));
	safe_write(store_safe(stage->parts.store), &txn);
	for (size_t i = 0; i < n; i++)
		outbox_row_put(&txn, &other->releases[i], 0);
	outbox_row_put_position(&txn, &position);
	assert_int_equal(safe_commit(&txn), 0);
	reopen_stage(stage);
}

static int say_chain(struct talk *talk, const struct release *release, enum courier_want *ret_want)
{
	struct msg msg = {.type = MSG_CHAIN, .CHAIN = {.n = release->n}};

	memcpy(msg.CHAIN.token, talk->token, sizeof(talk->token));
	memcpy(msg.CHAIN.prev, release->prev, sizeof(release->prev));
	memcpy(msg.CHAIN.signature, release->signature, sizeof(release->signature));
	msg.CHAIN.payload = release->payload.data;
	msg.CHAIN.payload_n = release->payload.n;
	return say(talk, &msg, ret_want);
}

/* The hub knows all the other's releases; answers FETCH until the courier is content. */
static void meet_other(struct talk *talk, const struct other *other)
{
	const struct release *head = &other->releases[other->n - 1];
	enum courier_want want = COURIER_NOTHING;
	struct msg msg;

	greet(talk);
	msg = welcome(talk, head->n, head->hash);
	assert_int_equal(say(talk, &msg, &want), 0);
	assert_int_equal(state_of(talk), COURIER_FETCHING);
	while (next(talk)) {
		assert_int_equal(talk->said.type, MSG_FETCH);
		assert_true(talk->said.FETCH.last - talk->said.FETCH.first < WIRE_WINDOW);
		for (uint64_t n = talk->said.FETCH.first, last = talk->said.FETCH.last; n <= last;
		     n++)
			assert_int_equal(say_chain(talk, &other->releases[n - 1], &want), 0);
	}
	assert_int_equal(want, COURIER_HANG_UP);
}

static void assert_halted(struct talk *talk, const char *code, const struct other *other)
{
	struct outbox *outbox;
	uint8_t hash[SIGN_HASH_BYTES];

	assert_int_equal(state_of(talk), COURIER_HALTED);
	reopen_stage(talk->stage);
	talk->courier = talk->stage->parts.courier;
	outbox = talk->stage->parts.outbox;
	assert_int_equal(state_of(talk), COURIER_HALTED);
	assert_string_equal(view_of(talk).refusal, code);
	assert_int_equal(outbox_last(outbox), other->n);
	assert_int_equal(outbox_hash(outbox, other->n, hash), 0);
	assert_memory_equal(hash, other->releases[other->n - 1].hash, sizeof(hash));
	assert_int_equal(tick(talk), COURIER_NOTHING);
}

static void a_store_restored_from_a_backup_takes_its_later_reports_from_the_hub(void **state)
{
	struct other other = live_on(11, 6);
	struct talk talk;

	copy_life(*state, &other, 2);
	talk = begin(*state);
	meet_other(&talk, &other);
	assert_last_event(*state, "adopted first=3 last=11");
	assert_halted(&talk, "W013", &other);
	end(&talk);
	strike_other(&other);
}

static void a_new_store_with_an_old_key_takes_everything_from_the_hub(void **state)
{
	struct other other = live_on(3, 6);
	struct talk talk = begin(*state);

	meet_other(&talk, &other);
	assert_last_event(*state, "adopted first=1 last=3");
	assert_halted(&talk, "W013", &other);
	end(&talk);
	strike_other(&other);
}

static void a_longer_chain_that_does_not_go_through_our_head_is_a_fork(void **state)
{
	struct other other = live_on(4, 6);
	struct talk talk = begin(*state);

	close_months(*state, 2);
	meet_other(&talk, &other);
	assert_last_event(*state, "forked first=1 last=4");
	assert_halted(&talk, "W014", &other);
	end(&talk);
	strike_other(&other);
}

static void a_shorter_chain_of_other_content_is_a_fork(void **state)
{
	struct other other = live_on(2, 6);
	struct talk talk = begin(*state);

	close_months(*state, 5);
	meet_other(&talk, &other);
	assert_last_event(*state, "forked first=1 last=2");
	assert_halted(&talk, "W014", &other);
	end(&talk);
	strike_other(&other);
}

static void fetched_releases_that_are_not_ours_or_not_next_are_dropped(void **state)
{
	struct other other = live_on(3, 6);
	struct talk talk = begin(*state);
	enum courier_want want;
	struct msg msg;

	greet(&talk);
	msg = welcome(&talk, 3, other.releases[2].hash);
	assert_int_equal(say(&talk, &msg, &want), 0);
	assert_true(next(&talk));
	assert_dropped(&talk, say_chain(&talk, &other.releases[1], &want), 1);
	other.releases[0].signature[5] ^= 1;
	assert_dropped(&talk, say_chain(&talk, &other.releases[0], &want), 2);
	other.releases[0].signature[5] ^= 1;
	assert_int_equal(say_chain(&talk, &other.releases[0], &want), 0);
	assert_dropped(&talk, say_chain(&talk, &other.releases[0], &want), 3);
	assert_int_equal(outbox_last(talk.stage->parts.outbox), 0);
	talk.now.mono_ms += WIRE_SILENCE_MS;
	assert_int_equal(tick(&talk), COURIER_HANG_UP);
	end(&talk);
	strike_other(&other);
}

static void a_hub_that_names_a_head_it_cannot_show_gets_nothing_adopted(void **state)
{
	struct other other = live_on(2, 6);
	struct talk talk = begin(*state);
	uint8_t head[SIGN_HASH_BYTES] = {1};
	enum courier_want want;
	struct msg msg;

	greet(&talk);
	msg = welcome(&talk, 2, head);
	assert_int_equal(say(&talk, &msg, &want), 0);
	assert_true(next(&talk));
	assert_int_equal(say_chain(&talk, &other.releases[0], &want), 0);
	assert_dropped(&talk, say_chain(&talk, &other.releases[1], &want), 1);
	assert_int_equal(outbox_last(talk.stage->parts.outbox), 0);
	assert_string_equal(outbox_halt(talk.stage->parts.outbox), "");
	end(&talk);
	strike_other(&other);
}

static void another_start_than_ours_at_zero_is_dropped(void **state)
{
	struct talk talk = begin(*state);
	uint8_t root[SIGN_HASH_BYTES] = {1};
	enum courier_want want;
	struct msg msg;

	greet(&talk);
	msg = welcome(&talk, 0, root);
	assert_dropped(&talk, say(&talk, &msg, &want), 1);
	assert_int_equal(state_of(&talk), COURIER_GREETING);
	end(&talk);
}

/* ---- the county's results ---- */

static int say_result(struct talk *talk, const struct sign_key *key, uint32_t value,
		      int64_t at_made)
{
	own(county_free) struct county *county = NULL;
	own(mem_free) struct release_figures *figures = calloc(1, sizeof(*figures));
	own(buf_free) struct buf body = {0};
	size_t entered = (size_t)programme_measure_index(talk->stage->mia, "entered");
	struct msg msg = {.type = MSG_RESULT, .RESULT = {.period = FIRST}};
	enum courier_want want;

	for (size_t m = 0; m < talk->stage->mia->measures_n; m++)
		figures->is_due[m] = programme_is_due(&talk->stage->mia->measures[m], FIRST);
	figures->cells[entered][0] = (struct release_cell){CELL_VALUE, value};
	assert_int_equal(county_new(talk->stage->mia, &county), 0);
	assert_int_equal(county_set(county, FIRST, 0, figures, at_made), 0);
	assert_int_equal(county_pack_result(county, FIRST, at_made, &body), 0);
	msg.RESULT.body = body.data;
	msg.RESULT.body_n = body.n;
	wire_sign_result(body.data, body.n, key, msg.RESULT.signature);
	return say(talk, &msg, &want);
}

static uint32_t known_result(const struct talk *talk)
{
	const struct release_figures *figures = county_figures(talk->stage->parts.county, FIRST, 0);

	return figures == NULL
		       ? 0
		       : figures->cells[programme_measure_index(talk->stage->mia, "entered")][0]
				 .value;
}

static void the_result_made_last_counts_in_whatever_order_they_come(void **state)
{
	struct talk talk = begin(*state);
	const struct sign_key *hub = talk.stage->hub_key;

	meet(&talk, 0);
	assert_int_equal(say_result(&talk, hub, 17, 2000), 0);
	assert_int_equal(known_result(&talk), 17);
	assert_int_equal(say_result(&talk, hub, 11, 1000), 0);
	assert_int_equal(known_result(&talk), 17);
	assert_int_equal(say_result(&talk, hub, 23, 3000), 0);
	assert_int_equal(known_result(&talk), 23);
	reopen_stage(*state);
	assert_int_equal(known_result(&talk), 23);
	end(&talk);
}

static void a_result_the_hub_did_not_sign_is_dropped(void **state)
{
	struct talk talk = begin(*state);

	meet(&talk, 0);
	assert_dropped(&talk, say_result(&talk, talk.stage->parts.key, 17, 2000), 1);
	assert_int_equal(known_result(&talk), 0);
	end(&talk);
}

/* ---- is this connection alive? ---- */

static int say_probe(struct talk *talk, uint8_t fill)
{
	struct msg msg = {.type = MSG_PROBE};
	enum courier_want want;

	memset(msg.PROBE.nonce, fill, sizeof(msg.PROBE.nonce));
	return say(talk, &msg, &want);
}

static void expect_alive(struct talk *talk, uint8_t fill)
{
	uint8_t nonce[MSG_NONCE_BYTES];

	memset(nonce, fill, sizeof(nonce));
	assert_true(next(talk));
	assert_int_equal(talk->said.type, MSG_ALIVE);
	assert_memory_equal(talk->said.ALIVE.nonce, nonce, sizeof(nonce));
}

static void a_probe_is_answered_first_and_once_and_what_streams_goes_on(void **state)
{
	struct talk talk = begin(*state);

	close_months(talk.stage, 2);
	meet(&talk, 0);
	assert_true(next(&talk));
	assert_int_equal(talk.said.RELEASE.n, 1);
	assert_int_equal(say_probe(&talk, 1), 0);
	assert_int_equal(say_probe(&talk, 2), 0); /* the later one counts */
	expect_alive(&talk, 2);
	assert_true(next(&talk));
	assert_int_equal(talk.said.type, MSG_RELEASE);
	assert_int_equal(talk.said.RELEASE.n, 2);
	assert_int_equal(view_of(&talk).under_way, 2);
	assert_false(next(&talk));
	end(&talk);
}

static void a_probe_is_answered_while_the_welcome_has_not_come(void **state)
{
	struct talk talk = begin(*state);

	greet(&talk);
	assert_int_equal(say_probe(&talk, 3), 0);
	expect_alive(&talk, 3);
	assert_false(next(&talk));
	assert_int_equal(state_of(&talk), COURIER_GREETING);
	end(&talk);
}

static void
a_probe_before_our_greeting_is_dropped_and_one_of_a_lost_connection_forgotten(void **state)
{
	struct talk talk = begin(*state);

	assert_int_equal(tick(&talk), COURIER_DIAL);
	courier_connected(talk.courier, &talk.now);
	assert_dropped(&talk, say_probe(&talk, 4), 1);
	assert_true(next(&talk));
	assert_int_equal(talk.said.type, MSG_HELLO);
	assert_int_equal(say_probe(&talk, 5), 0);
	assert_int_equal(courier_lost(talk.courier, &talk.now, false), COURIER_HANG_UP);
	talk.now.mono_ms = courier_due_ms(talk.courier);
	greet(&talk);
	assert_false(next(&talk));
	end(&talk);
}

static void the_states_print_as_a_graph(void **state)
{
	own(mem_free) char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);

	(void)state;
	assert_non_null(to);
	courier_states_print(to);
	(void)fclose(to);
	assert_non_null(strstr(text, "greeting -> streaming [label=\"welcomed\"]"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_stage, strike_stage)
	const struct CMUnitTest tests[] = {
		TEST(a_greeting_says_who_we_are_and_where_our_chain_stands),
		TEST(two_connections_have_two_nonces),
		TEST(releases_are_sent_in_order_and_receipted),
		TEST(what_the_socket_did_not_take_comes_again),
		TEST(at_most_eight_are_under_way),
		TEST(a_release_does_not_leave_before_its_moment),
		TEST(a_welcome_with_another_nonce_is_dropped),
		TEST(receipts_that_prove_nothing_are_dropped),
		TEST(bytes_that_are_no_message_are_dropped),
		TEST(an_overtaken_receipt_takes_nothing_back),
		TEST(a_dial_without_an_answer_is_given_up_after_twenty_five_seconds),
		TEST(sixty_seconds_without_a_receipt_end_the_connection),
		TEST(messages_that_are_dropped_do_not_break_the_silence),
		TEST(waits_grow_while_nobody_answers_and_never_pass_five_minutes),
		TEST(a_new_connection_begins_after_what_the_hub_has),
		TEST(a_refusal_that_heals_is_kept_audited_once_and_tried_again),
		TEST(waits_grow_while_the_same_report_is_refused_after_each_welcome),
		TEST(a_refusal_of_what_we_are_halts_until_a_restart),
		TEST(a_refusal_for_another_connection_is_dropped),
		TEST(a_refusal_that_is_no_code_is_dropped),
		TEST(a_key_the_hub_does_not_let_in_is_told_and_tried_again),
		TEST(a_store_restored_from_a_backup_takes_its_later_reports_from_the_hub),
		TEST(a_new_store_with_an_old_key_takes_everything_from_the_hub),
		TEST(a_longer_chain_that_does_not_go_through_our_head_is_a_fork),
		TEST(a_shorter_chain_of_other_content_is_a_fork),
		TEST(fetched_releases_that_are_not_ours_or_not_next_are_dropped),
		TEST(a_hub_that_names_a_head_it_cannot_show_gets_nothing_adopted),
		TEST(another_start_than_ours_at_zero_is_dropped),
		TEST(the_result_made_last_counts_in_whatever_order_they_come),
		TEST(a_result_the_hub_did_not_sign_is_dropped),
		TEST(a_probe_is_answered_first_and_once_and_what_streams_goes_on),
		TEST(a_probe_is_answered_while_the_welcome_has_not_come),
		TEST(a_probe_before_our_greeting_is_dropped_and_one_of_a_lost_connection_forgotten),
		TEST(the_states_print_as_a_graph),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
