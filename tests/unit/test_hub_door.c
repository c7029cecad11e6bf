#include "fixture_hub.h"

#include "daemon/hub/reach.h"
#include "proto/county_result.h"
#include "proto/wire.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

/* A site at the other end: its chain, its connection, and what it heard. */
struct peer {
	struct stage *stage;
	size_t site;
	uint8_t route[4];
	uint8_t nonce[MSG_NONCE_BYTES], token[MSG_TOKEN_BYTES];
	uint64_t n;
	uint8_t head[SIGN_HASH_BYTES], before[SIGN_HASH_BYTES];
	char heard[512]; /* "WELCOME 0 RECEIPT 1 ..." */
	size_t heard_n;
};

static struct peer make_peer(struct stage *stage, size_t site)
{
	struct peer peer = {.stage = stage, .site = site, .route = {(uint8_t)site, 1}};

	sign_chain_start(fixture_sites[site].id, peer.head);
	return peer;
}

static void receive(const struct peer *peer, const void *bytes, size_t n, int64_t at)
{
	const struct arrival arrival = {
		.name = fixture_sites[peer->site].id,
		.route = peer->route,
		.route_n = sizeof(peer->route),
		.bytes = bytes,
		.n = n,
		.at_now = at,
	};

	assert_int_equal(door_receive(peer->stage->door, &arrival), 0);
}

static void send(const struct peer *peer, const struct msg *msg)
{
	own(buf_free) struct buf bytes = {0};

	msg_pack(msg, &bytes);
	assert_int_equal(bytes.error, 0);
	receive(peer, bytes.data, bytes.n, NOW);
}

static struct msg hello_of(struct peer *peer)
{
	struct msg msg = {.type = MSG_HELLO};

	peer->nonce[0]++;
	msg.HELLO.protocol = WIRE_PROTOCOL;
	msg.HELLO.n = peer->n;
	msg.HELLO.epoch = 1;
	memcpy(msg.HELLO.nonce, peer->nonce, sizeof(peer->nonce));
	(void)snprintf(msg.HELLO.site, sizeof(msg.HELLO.site), "%s", fixture_sites[peer->site].id);
	memcpy(msg.HELLO.programme, fixture_programme.hash, PROGRAMME_HASH_BYTES);
	return msg;
}

static void say_hello(struct peer *peer)
{
	struct msg msg = hello_of(peer);

	send(peer, &msg);
}

static void send_release(const struct peer *peer, const struct release *release)
{
	struct msg msg = {.type = MSG_RELEASE};

	msg.RELEASE = as_message(release, peer->token);
	send(peer, &msg);
}

/* The next month's release, entered persons in it. */
static void report(struct peer *peer, uint32_t entered)
{
	struct release release = {0};

	make_release(peer->stage, peer->site, peer->n + 1, MONTH(2018, 1) + (uint32_t)peer->n,
		     entered, peer->head, &release);
	send_release(peer, &release);
	memcpy(peer->before, peer->head, sizeof(peer->head));
	memcpy(peer->head, release.hash, sizeof(peer->head));
	peer->n++;
	release_free(&release);
}

static void hear(struct peer *peer, const char *what, uint64_t number)
{
	peer->heard_n +=
		(size_t)snprintf(peer->heard + peer->heard_n, sizeof(peer->heard) - peer->heard_n,
				 "%s %llu ", what, (unsigned long long)number);
}

static void understand(struct peer *peer, const struct door_out *out)
{
	const uint8_t *hub = sign_key_public(peer->stage->hub_key);
	struct msg msg;

	assert_int_equal(msg_unpack(out->bytes, out->n, FROM_HUB, &msg), 0);
	if (msg.type == MSG_WELCOME) {
		assert_memory_equal(msg.WELCOME.nonce, peer->nonce, sizeof(peer->nonce));
		memcpy(peer->token, msg.WELCOME.token, sizeof(peer->token));
		hear(peer, "WELCOME", msg.WELCOME.n);
	} else if (msg.type == MSG_RECEIPT) {
		assert_true(wire_check_receipt(&msg.RECEIPT, hub));
		assert_memory_equal(msg.RECEIPT.token, peer->token, sizeof(peer->token));
		hear(peer, "RECEIPT", msg.RECEIPT.n);
	} else if (msg.type == MSG_RESULT) {
		assert_true(wire_check_result(msg.RESULT.body, msg.RESULT.body_n, hub,
					      msg.RESULT.signature));
		hear(peer, "RESULT", msg.RESULT.period - MONTH(2018, 1) + 1);
	} else if (msg.type == MSG_REFUSAL) {
		assert_memory_equal(msg.REFUSAL.nonce, peer->nonce, sizeof(peer->nonce));
		hear(peer, msg.REFUSAL.code, msg.REFUSAL.n);
	} else {
		assert_int_equal(msg.type, MSG_CHAIN);
		hear(peer, "CHAIN", msg.CHAIN.n);
	}
}

/* Sends all there is; what goes to peer is heard, the rest is lost sight of. */
static void deliver(struct peer *peer)
{
	struct door_out out;

	while (door_next(peer->stage->door, &out)) {
		if (memcmp(out.route, peer->route, sizeof(peer->route)) == 0)
			understand(peer, &out);
		door_sent(peer->stage->door, 0);
	}
}

static size_t flush(struct stage *stage)
{
	size_t changed = 0;

	assert_int_equal(door_flush(stage->door, NOW, &changed), 0);
	return changed;
}

/* A flush, and what the peer heard in it. */
static const char *heard(struct peer *peer)
{
	peer->heard_n = 0;
	peer->heard[0] = '\0';
	(void)flush(peer->stage);
	deliver(peer);
	return peer->heard;
}

static struct peer greeted_peer(struct stage *stage, size_t site)
{
	struct peer peer = make_peer(stage, site);

	say_hello(&peer);
	(void)heard(&peer);
	return peer;
}

static uint32_t entered(const struct stage *stage, size_t site, unsigned month)
{
	const struct release_figures *figures =
		county_figures(stage->county, MONTH(2018, month), site);

	return figures == NULL ? 0 : figures->cells[ENTERED][0].value;
}

static struct door_counts counts_of(const struct stage *stage)
{
	struct door_counts counts;

	door_counts(stage->door, &counts);
	return counts;
}

/* ---- greetings ---- */

static void a_greeting_is_answered_with_where_the_hub_stands(void **state)
{
	struct stage *stage = *state;
	struct peer peer = make_peer(stage, SOUTH);
	struct door_view view;

	say_hello(&peer);
	assert_string_equal(heard(&peer), "WELCOME 0 ");
	door_view(stage->door, SOUTH, &view);
	assert_true(view.is_connected);
	assert_int_equal(view.at_contact, NOW);
	report(&peer, 7);
	(void)heard(&peer);
	say_hello(&peer);
	(void)flush(stage);
	assert_string_equal(heard(&peer), "WELCOME 1 RESULT 1 ");
}

/* A greeting with one thing wrong; each is named and leaves the site's releases untaken. */
static void expect_refused(struct stage *stage, const struct msg *msg, struct peer *peer,
			   const char *expected)
{
	struct door_view view;

	send(peer, msg);
	assert_string_equal(heard(peer), expected);
	door_view(stage->door, SOUTH, &view);
	assert_false(view.is_connected);
	assert_memory_equal(view.refusal, expected, 4);
}

static void a_greeting_that_is_wrong_is_refused_by_name(void **state)
{
	struct stage *stage = *state;
	struct peer peer = make_peer(stage, SOUTH);
	struct msg msg = hello_of(&peer);

	msg.HELLO.protocol = 2;
	expect_refused(stage, &msg, &peer, "W011 0 ");
	msg = hello_of(&peer);
	(void)snprintf(msg.HELLO.site, sizeof(msg.HELLO.site), "north");
	expect_refused(stage, &msg, &peer, "W001 0 ");
	msg = hello_of(&peer);
	msg.HELLO.is_rehearsal = 1;
	expect_refused(stage, &msg, &peer, "W008 0 ");
	msg = hello_of(&peer);
	msg.HELLO.programme[5] ^= 1;
	expect_refused(stage, &msg, &peer, "W005 0 ");
	(void)snprintf(stage->roster.members[SOUTH].name, ROSTER_NAME_BYTES, "elsewhere");
	msg = hello_of(&peer);
	expect_refused(stage, &msg, &peer, "W010 0 ");
	assert_int_equal(counts_of(stage).refused, 5);
}

static void a_site_that_speaks_for_another_leaves_the_other_alone(void **state)
{
	struct stage *stage = *state;
	struct peer north = greeted_peer(stage, NORTH), south = make_peer(stage, SOUTH);
	struct msg msg = hello_of(&south);

	(void)snprintf(msg.HELLO.site, sizeof(msg.HELLO.site), "north");
	send(&south, &msg);
	report(&north, 9);
	assert_string_equal(heard(&north), "RECEIPT 1 ");
	assert_int_equal(entered(stage, NORTH, 1), 9);
}

static void another_roster_is_let_in_and_noticed(void **state)
{
	struct stage *stage = *state;
	struct peer peer = make_peer(stage, SOUTH);
	struct msg msg = hello_of(&peer);
	struct door_view view;

	msg.HELLO.epoch = 2;
	send(&peer, &msg);
	assert_string_equal(heard(&peer), "WELCOME 0 ");
	door_view(stage->door, SOUTH, &view);
	assert_true(view.is_connected && view.is_roster_other);
}

/* ---- releases ---- */

static void a_release_counts_and_has_its_receipt_only_after_the_commit(void **state)
{
	struct stage *stage = *state;
	struct peer peer = greeted_peer(stage, SOUTH);
	struct door_out out;

	report(&peer, 12);
	assert_false(door_next(stage->door, &out));
	assert_int_equal(entered(stage, SOUTH, 1), 0);
	assert_string_equal(heard(&peer), "RECEIPT 1 ");
	assert_int_equal(entered(stage, SOUTH, 1), 12);
	reopen_stage(stage);
	assert_int_equal(entered(stage, SOUTH, 1), 12);
}

static void what_one_drain_brought_has_one_receipt(void **state)
{
	struct stage *stage = *state;
	struct peer peer = greeted_peer(stage, SOUTH);

	for (uint32_t i = 0; i < 8; i++)
		report(&peer, 5 + i);
	assert_int_equal(flush(stage), 8);
	assert_string_equal(heard(&peer), "RECEIPT 8 RESULT 1 RESULT 2 RESULT 3 RESULT 4 RESULT 5 "
					  "RESULT 6 RESULT 7 RESULT 8 ");
	assert_int_equal(county_head(stage->county, SOUTH)->n, 8);
}

static void a_repeat_has_its_receipt_again_and_changes_nothing(void **state)
{
	struct stage *stage = *state;
	struct peer peer = greeted_peer(stage, SOUTH);
	struct release release = {0};

	make_release(stage, SOUTH, 1, MONTH(2018, 1), 12, NULL, &release);
	send_release(&peer, &release);
	send_release(&peer, &release);
	assert_string_equal(heard(&peer), "RECEIPT 1 ");
	send_release(&peer, &release);
	assert_string_equal(heard(&peer), "RECEIPT 1 RESULT 1 ");
	assert_int_equal(entered(stage, SOUTH, 1), 12);
	assert_int_equal(counts_of(stage).accepted, 1);
	assert_int_equal(counts_of(stage).repeated, 2);
	release_free(&release);
}

static void a_gap_is_dropped_and_told_where_the_hub_stands(void **state)
{
	struct stage *stage = *state;
	struct peer peer = greeted_peer(stage, SOUTH);
	struct release release = {0};

	make_release(stage, SOUTH, 3, MONTH(2018, 3), 12, peer.head, &release);
	send_release(&peer, &release);
	assert_string_equal(heard(&peer), "RECEIPT 0 ");
	assert_int_equal(entered(stage, SOUTH, 3), 0);
	report(&peer, 7);
	assert_string_equal(heard(&peer), "RECEIPT 1 ");
	release_free(&release);
}

static void a_token_that_is_not_current_is_dropped_in_silence(void **state)
{
	struct stage *stage = *state;
	struct peer peer = greeted_peer(stage, SOUTH);
	uint8_t old[MSG_TOKEN_BYTES];

	memcpy(old, peer.token, sizeof(old));
	say_hello(&peer);
	assert_string_equal(heard(&peer), "WELCOME 0 ");
	memcpy(peer.token, old, sizeof(old));
	report(&peer, 7);
	memset(peer.token, 0, sizeof(peer.token));
	report(&peer, 7);
	assert_string_equal(heard(&peer), "");
	assert_int_equal(counts_of(stage).stale, 2);
	assert_int_equal(entered(stage, SOUTH, 1), 0);
}

static void nobody_is_heard_before_a_greeting(void **state)
{
	struct stage *stage = *state;
	struct peer peer = make_peer(stage, SOUTH);

	report(&peer, 7);
	assert_string_equal(heard(&peer), "");
	assert_int_equal(counts_of(stage).stale, 1);
}

static int count_quarantine(void *context, const char *site, const char *code, int64_t at,
			    const void *message, size_t n)
{
	size_t *count = context;

	(void)site;
	(void)at;
	(void)message;
	(void)n;
	assert_string_equal(code, "W002");
	(*count)++;
	return 0;
}

static void a_refused_release_is_kept_and_nothing_follows_it_until_a_greeting(void **state)
{
	struct stage *stage = *state;
	struct peer peer = greeted_peer(stage, SOUTH);
	struct release release = {0};
	size_t kept = 0;

	make_release(stage, SOUTH, 1, MONTH(2018, 1), 12, NULL, &release);
	release.signature[3] ^= 1;
	send_release(&peer, &release);
	release.signature[3] ^= 1;
	send_release(&peer, &release);
	assert_string_equal(heard(&peer), "W002 1 ");
	assert_int_equal(entered(stage, SOUTH, 1), 0);
	assert_int_equal(ledger_walk_quarantine(stage->ledger, count_quarantine, &kept), 0);
	assert_int_equal(kept, 1);
	say_hello(&peer);
	assert_string_equal(heard(&peer), "WELCOME 0 ");
	send_release(&peer, &release);
	assert_string_equal(heard(&peer), "RECEIPT 1 ");
	release_free(&release);
}

static void good_releases_before_a_refused_one_have_their_receipt(void **state)
{
	struct stage *stage = *state;
	struct peer peer = greeted_peer(stage, SOUTH);
	struct release release = {0};

	report(&peer, 7);
	make_release(stage, SOUTH, 2, MONTH(2018, 5), 12, peer.head, &release);
	send_release(&peer, &release);
	assert_string_equal(heard(&peer), "RECEIPT 1 W009 2 ");
	release_free(&release);
}

static void refusals_that_are_kept_have_a_bound_a_day(void **state)
{
	struct stage *stage = *state;
	struct peer peer = make_peer(stage, SOUTH);
	struct ledger_about about;

	for (int i = 0; i < 100; i++) {
		struct msg msg = hello_of(&peer);

		msg.HELLO.protocol = 9;
		send(&peer, &msg);
		(void)flush(stage);
	}
	ledger_about(stage->ledger, &about);
	assert_int_equal(counts_of(stage).refused, 100);
	assert_int_equal(about.state->quarantined_n, 32);
	assert_int_equal(about.state->events_n, 32);
}

static void malformed_messages_are_counted_and_change_nothing(void **state)
{
	struct stage *stage = *state;
	struct peer peer = greeted_peer(stage, SOUTH);
	own(buf_free) struct buf bytes = {0};
	struct release release = {0};
	struct msg msg = {.type = MSG_RELEASE};

	make_release(stage, SOUTH, 1, MONTH(2018, 1), 12, NULL, &release);
	msg.RELEASE = as_message(&release, peer.token);
	msg_pack(&msg, &bytes);
	for (size_t n = 0; n < bytes.n; n += 97)
		receive(&peer, bytes.data, n, NOW);
	buf_add_byte(&bytes, 0);
	receive(&peer, bytes.data, bytes.n, NOW);
	assert_string_equal(heard(&peer), "");
	assert_true(counts_of(stage).malformed > 40);
	assert_int_equal(entered(stage, SOUTH, 1), 0);
	release_free(&release);
}

static void a_name_the_programme_does_not_know_is_dropped(void **state)
{
	struct stage *stage = *state;
	const struct arrival arrival = {.name = "nowhere",
					.route = (const uint8_t *)"r",
					.route_n = 1,
					.bytes = "x",
					.n = 1,
					.at_now = NOW};

	assert_int_equal(door_receive(stage->door, &arrival), 0);
	assert_int_equal(counts_of(stage).malformed, 1);
}

static void a_commit_that_fails_accepts_nothing_and_no_receipt_leaves(void **state)
{
	struct stage *stage = *state;
	own(mem_free) uint8_t *large = calloc(1, MSG_BYTES_MAX);
	struct peer peer = greeted_peer(stage, SOUTH);
	size_t changed = 99;

	assert_non_null(large);
	report(&peer, 7);
	for (int i = 0; i < 4; i++)
		ledger_quarantine(stage->ledger, "north", "W002", large, MSG_BYTES_MAX - 100, NOW);
	assert_int_equal(door_flush(stage->door, NOW, &changed), -ENOSPC);
	assert_int_equal(changed, 99);
	assert_int_equal(entered(stage, SOUTH, 1), 0);
	assert_string_equal(heard(&peer), "");
	peer.n = 0;
	sign_chain_start("south", peer.head);
	report(&peer, 7);
	assert_string_equal(heard(&peer), "RECEIPT 1 ");
}

static void results_that_cannot_be_kept_are_not_tried_without_rest(void **state)
{
	struct stage *stage = *state;
	struct peer peer = greeted_peer(stage, SOUTH);
	struct rlimit whole, none = {0};
	size_t changed = 0;

	report(&peer, 7);
	assert_string_equal(heard(&peer), "RECEIPT 1 ");
	assert_int_equal(door_waits(stage->door), DOOR_NOW);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &whole), 0);
	none.rlim_max = whole.rlim_max;
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0); /* no write succeeds */
	assert_true(door_flush(stage->door, NOW, &changed) < 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &whole), 0);
	assert_int_equal(door_waits(stage->door), DOOR_IDLE);
	assert_string_equal(heard(&peer), "RESULT 1 ");
}

/* ---- results ---- */

static void a_changed_period_goes_to_every_greeted_site(void **state)
{
	struct stage *stage = *state;
	struct peer north = greeted_peer(stage, NORTH), south = greeted_peer(stage, SOUTH);

	report(&north, 7);
	assert_string_equal(heard(&north), "RECEIPT 1 ");
	assert_int_equal(door_waits(stage->door), DOOR_NOW);
	assert_string_equal(heard(&south), "RESULT 1 ");
	assert_int_equal(door_waits(stage->door), DOOR_IDLE);
	report(&south, 8);
	(void)flush(stage);
	assert_string_equal(heard(&north), "RESULT 1 ");
}

static void results_are_made_though_releases_never_cease(void **state)
{
	struct stage *stage = *state;
	struct peer north = greeted_peer(stage, NORTH), south = greeted_peer(stage, SOUTH);
	int flushes = 0;

	do {
		report(flushes % 2 == 0 ? &north : &south, 7);
		assert_int_equal(flush(stage), 1);
		flushes++;
	} while (door_waits(stage->door) == DOOR_NOW && flushes < 20);
	assert_int_equal(flushes, 16);
}

static void a_site_that_greets_gets_the_results_there_are(void **state)
{
	struct stage *stage = *state;
	struct peer north = greeted_peer(stage, NORTH), east = make_peer(stage, EAST);

	report(&north, 7);
	report(&north, 8);
	(void)heard(&north);
	(void)heard(&north);
	reopen_stage(stage);
	say_hello(&east);
	assert_string_equal(heard(&east), "WELCOME 0 RESULT 1 RESULT 2 ");
}

static void a_result_that_was_not_made_before_a_crash_is_made_after(void **state)
{
	struct stage *stage = *state;
	struct peer north = greeted_peer(stage, NORTH), south = make_peer(stage, SOUTH);

	report(&north, 7);
	(void)flush(stage); /* the release is durable, its result is not */
	reopen_stage(stage);
	assert_int_equal(door_waits(stage->door), DOOR_NOW);
	say_hello(&south);
	assert_string_equal(heard(&south), "WELCOME 0 RESULT 1 ");
}

static void a_result_tells_a_site_what_the_county_knows(void **state)
{
	struct stage *stage = *state;
	own(county_free) struct county *told = NULL;
	struct peer north = greeted_peer(stage, NORTH);
	struct door_out out;
	struct msg msg;
	uint32_t period;
	int64_t at_made;

	report(&north, 7);
	(void)heard(&north);
	(void)flush(stage);
	assert_true(door_next(stage->door, &out));
	assert_int_equal(msg_unpack(out.bytes, out.n, FROM_HUB, &msg), 0);
	assert_int_equal(msg.type, MSG_RESULT);
	assert_int_equal(county_new(&stage->programme, &told), 0);
	assert_int_equal(county_take_result(told, msg.RESULT.body, msg.RESULT.body_n, &period,
					    &at_made),
			 0);
	assert_int_equal(period, MONTH(2018, 1));
	assert_int_equal(county_figures(told, period, NORTH)->cells[ENTERED][0].value, 7);
	assert_memory_equal(county_head(told, NORTH)->hash, north.head, SIGN_HASH_BYTES);
	door_sent(stage->door, 0);
}

/* ---- sending ---- */

static void a_site_fetches_its_own_chain_in_order(void **state)
{
	struct stage *stage = *state;
	struct peer peer = greeted_peer(stage, SOUTH);
	struct msg msg = {.type = MSG_FETCH};

	for (uint32_t i = 0; i < 3; i++)
		report(&peer, 7);
	(void)heard(&peer);
	(void)heard(&peer);
	memcpy(msg.FETCH.token, peer.token, sizeof(peer.token));
	msg.FETCH.first = 2;
	msg.FETCH.last = 3;
	send(&peer, &msg);
	assert_string_equal(heard(&peer), "CHAIN 2 CHAIN 3 ");
	msg.FETCH.last = 1;
	send(&peer, &msg);
	assert_string_equal(heard(&peer), "");
	assert_int_equal(counts_of(stage).malformed, 1);
}

static void more_than_there_is_ends_a_fetch_at_the_end(void **state)
{
	struct stage *stage = *state;
	struct peer peer = greeted_peer(stage, SOUTH);
	struct msg msg = {.type = MSG_FETCH};

	report(&peer, 7);
	(void)heard(&peer);
	(void)heard(&peer);
	memcpy(msg.FETCH.token, peer.token, sizeof(peer.token));
	msg.FETCH.first = 1;
	msg.FETCH.last = UINT64_MAX;
	send(&peer, &msg);
	assert_string_equal(heard(&peer), "CHAIN 1 ");
	assert_int_equal(door_waits(stage->door), DOOR_IDLE);
}

static void a_full_queue_keeps_what_is_owed_and_others_are_served(void **state)
{
	struct stage *stage = *state;
	struct peer north = make_peer(stage, NORTH), south = make_peer(stage, SOUTH);
	struct door_out out;

	say_hello(&north);
	say_hello(&south);
	(void)flush(stage);
	assert_true(door_next(stage->door, &out));
	assert_memory_equal(out.route, north.route, out.route_n);
	door_sent(stage->door, -EAGAIN);
	assert_true(door_next(stage->door, &out));
	assert_memory_equal(out.route, south.route, out.route_n);
	door_sent(stage->door, 0);
	assert_false(door_next(stage->door, &out));
	assert_int_equal(door_waits(stage->door), DOOR_SOON);
	assert_string_equal(heard(&north), "WELCOME 0 ");
}

static void a_route_that_is_gone_is_forgotten_with_all_it_was_owed(void **state)
{
	struct stage *stage = *state;
	struct peer peer = make_peer(stage, SOUTH);
	struct door_out out;
	struct door_view view;

	say_hello(&peer);
	(void)flush(stage);
	assert_true(door_next(stage->door, &out));
	door_sent(stage->door, -EHOSTUNREACH);
	assert_false(door_next(stage->door, &out));
	door_view(stage->door, SOUTH, &view);
	assert_false(view.is_connected);
	assert_int_equal(view.at_contact, NOW);
	say_hello(&peer);
	assert_string_equal(heard(&peer), "WELCOME 0 ");
}

static void a_queue_that_stays_full_is_given_up(void **state)
{
	struct stage *stage = *state;
	struct peer peer = make_peer(stage, SOUTH);
	struct door_out out;
	int tries = 0;

	say_hello(&peer);
	for (; tries < 5000; tries++) {
		(void)flush(stage);
		if (!door_next(stage->door, &out))
			break;
		door_sent(stage->door, -EAGAIN);
	}
	assert_int_equal(tries, 3000);
}

static void a_quiet_session_is_probed_with_its_receipt(void **state)
{
	struct stage *stage = *state;
	struct peer peer = greeted_peer(stage, SOUTH);
	size_t changed;

	assert_string_equal(heard(&peer), "");
	assert_int_equal(door_flush(stage->door, NOW + 30, &changed), 0);
	deliver(&peer);
	assert_string_equal(peer.heard, "RECEIPT 0 ");
}

/* ---- the whole ---- */

static void an_empty_hub_is_filled_again_by_its_sites(void **state)
{
	struct stage *stage = *state;
	struct peer north = greeted_peer(stage, NORTH), south = greeted_peer(stage, SOUTH);
	struct county_sum sum;
	const struct county_ask ask = {
		{MONTH(2018, 1), MONTH(2018, 3)}, -1, ENTERED, -1, MONTH(2018, 3)};

	for (uint32_t i = 0; i < 3; i++) {
		report(&south, 10 + i);
		report(&north, 20);
	}
	assert_string_equal(heard(&south), "RECEIPT 3 ");
	reopen_stage(stage);
	county_sum(stage->county, &ask, &sum);
	assert_int_equal(sum.value, 33 + 60);
	assert_int_equal(sum.reported, 6);
}

static void complete_is_when_nothing_past_its_cutoff_is_missing(void **state)
{
	struct stage *stage = *state;
	struct peer north = greeted_peer(stage, NORTH), south = greeted_peer(stage, SOUTH);
	int64_t cutoff = date_to_moment(period_last_day(MONTH(2018, 1)) + 10);

	assert_true(reach_complete(stage->county, cutoff - 1));
	assert_false(reach_complete(stage->county, cutoff));
	report(&north, 7);
	(void)heard(&north);
	assert_false(reach_complete(stage->county, cutoff));
	report(&south, 7);
	(void)heard(&south);
	assert_true(reach_complete(stage->county, cutoff));
	assert_true(reach_contact(stage->door, stage->county, cutoff));
	assert_false(reach_contact(stage->door, stage->county, NOW)); /* east takes part */
	county_set_last(stage->county, EAST, 0);
	assert_true(reach_contact(stage->door, stage->county, NOW)); /* and has left */
}

#define on_stage(test) cmocka_unit_test_setup_teardown(test, make_stage, strike_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_stage(a_greeting_is_answered_with_where_the_hub_stands),
		on_stage(a_greeting_that_is_wrong_is_refused_by_name),
		on_stage(a_site_that_speaks_for_another_leaves_the_other_alone),
		on_stage(another_roster_is_let_in_and_noticed),
		on_stage(a_release_counts_and_has_its_receipt_only_after_the_commit),
		on_stage(what_one_drain_brought_has_one_receipt),
		on_stage(a_repeat_has_its_receipt_again_and_changes_nothing),
		on_stage(a_gap_is_dropped_and_told_where_the_hub_stands),
		on_stage(a_token_that_is_not_current_is_dropped_in_silence),
		on_stage(nobody_is_heard_before_a_greeting),
		on_stage(a_refused_release_is_kept_and_nothing_follows_it_until_a_greeting),
		on_stage(good_releases_before_a_refused_one_have_their_receipt),
		on_stage(refusals_that_are_kept_have_a_bound_a_day),
		on_stage(malformed_messages_are_counted_and_change_nothing),
		on_stage(a_name_the_programme_does_not_know_is_dropped),
		on_stage(a_commit_that_fails_accepts_nothing_and_no_receipt_leaves),
		on_stage(results_that_cannot_be_kept_are_not_tried_without_rest),
		on_stage(a_changed_period_goes_to_every_greeted_site),
		on_stage(results_are_made_though_releases_never_cease),
		on_stage(a_site_that_greets_gets_the_results_there_are),
		on_stage(a_result_that_was_not_made_before_a_crash_is_made_after),
		on_stage(a_result_tells_a_site_what_the_county_knows),
		on_stage(a_site_fetches_its_own_chain_in_order),
		on_stage(more_than_there_is_ends_a_fetch_at_the_end),
		on_stage(a_full_queue_keeps_what_is_owed_and_others_are_served),
		on_stage(a_route_that_is_gone_is_forgotten_with_all_it_was_owed),
		on_stage(a_queue_that_stays_full_is_given_up),
		on_stage(a_quiet_session_is_probed_with_its_receipt),
		on_stage(an_empty_hub_is_filled_again_by_its_sites),
		on_stage(complete_is_when_nothing_past_its_cutoff_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
