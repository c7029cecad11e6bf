#include "fixture_hub.h"

#include "daemon/hub/alarm.h"
#include "daemon/hub/warden.h"
#include "proto/wire.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <syslog.h>

/* One machine with south's key: its connection, and what came by it. */
struct machine {
	uint8_t route[4], greeting[MSG_NONCE_BYTES], token[MSG_TOKEN_BYTES], probe[MSG_NONCE_BYTES];
	const char *address;
	unsigned welcomes, probes, refusals;
};

static struct machine machines[3];
static struct suspensions suspensions;
static int64_t mono_ms;

static void open_door(struct stage *stage)
{
	door_free(&stage->door);
	assert_int_equal(door_new(&(struct door_settings){.programme = &stage->programme,
							  .roster = &stage->roster,
							  .suspensions = &suspensions,
							  .ledger = stage->ledger,
							  .county = stage->county,
							  .key = stage->hub_key},
				  &stage->door),
			 0);
}

static int make_machines(void **state)
{
	static const char *const addresses[] = {"192.0.2.1", "2001:db8::2", "192.0.2.3"};

	suspensions = (struct suspensions){0};
	mono_ms = 1000;
	for (size_t i = 0; i < 3; i++)
		machines[i] =
			(struct machine){.route = {0, 1, 2, (uint8_t)i}, .address = addresses[i]};
	if (make_stage(state) != 0)
		return -1;
	open_door(*state);
	return 0;
}

static void send(struct stage *stage, const struct machine *from, const struct msg *msg)
{
	own(buf_free) struct buf bytes = {0};
	const struct arrival arrival = {
		.name = fixture_sites[SOUTH].id,
		.address = from->address,
		.route = from->route,
		.route_n = sizeof(from->route),
		.mono_ms = mono_ms,
		.at_now = NOW,
	};
	struct arrival whole = arrival;

	msg_pack(msg, &bytes);
	assert_int_equal(bytes.error, 0);
	whole.bytes = bytes.data;
	whole.n = bytes.n;
	assert_int_equal(door_receive(stage->door, &whole), 0);
}

static void note(struct machine *machine, const struct door_out *out)
{
	struct msg msg;

	assert_int_equal(msg_unpack(out->bytes, out->n, FROM_HUB, &msg), 0);
	if (msg.type == MSG_WELCOME) {
		memcpy(machine->token, msg.WELCOME.token, sizeof(machine->token));
		machine->welcomes++;
	} else if (msg.type == MSG_PROBE) {
		memcpy(machine->probe, msg.PROBE.nonce, sizeof(machine->probe));
		machine->probes++;
	} else if (msg.type == MSG_REFUSAL) {
		assert_string_equal(msg.REFUSAL.code, "W016");
		machine->refusals +=
			memcmp(msg.REFUSAL.nonce, machine->greeting, MSG_NONCE_BYTES) == 0;
	}
}

/* A step of the hub; a machine that is not of gone takes what is sent to it. */
static void turn(struct stage *stage, const struct machine *gone, int failure)
{
	struct door_out out;
	size_t changed;

	assert_int_equal(door_flush(stage->door, NOW, &changed), 0);
	(void)warden_suspend_clones(stage->door, &suspensions, stage->ledger, &stage->programme,
				    NOW);
	while (door_next(stage->door, &out)) {
		size_t place = out.route[3];

		if (gone != &machines[place])
			note(&machines[place], &out);
		door_sent(stage->door, gone == &machines[place] ? failure : 0);
	}
}

static void greet(struct stage *stage, struct machine *from)
{
	struct msg msg = {.type = MSG_HELLO,
			  .HELLO = {.protocol = WIRE_PROTOCOL, .epoch = 1, .site = "south"}};

	from->greeting[0]++;
	from->greeting[1] = from->route[3];
	memcpy(msg.HELLO.nonce, from->greeting, sizeof(msg.HELLO.nonce));
	memcpy(msg.HELLO.programme, fixture_programme.hash, PROGRAMME_HASH_BYTES);
	send(stage, from, &msg);
}

static void answer(struct stage *stage, const struct machine *from)
{
	struct msg msg = {.type = MSG_ALIVE};

	memcpy(msg.ALIVE.nonce, from->probe, sizeof(msg.ALIVE.nonce));
	send(stage, from, &msg);
}

/* The first month's report, with the token that the machine has. */
static void report(struct stage *stage, const struct machine *from)
{
	struct release release = {0};
	struct msg msg = {.type = MSG_RELEASE};

	make_release(stage, SOUTH, 1, MONTH(2018, 1), 7, NULL, &release);
	msg.RELEASE = as_message(&release, from->token);
	send(stage, from, &msg);
	release_free(&release);
}

static uint64_t reports(const struct stage *stage)
{
	struct door_counts counts;

	door_counts(stage->door, &counts);
	return counts.accepted;
}

static bool is_suspended(void)
{
	return suspension_find(&suspensions, "south") != NULL;
}

/* The first greets, then the second, and the hub's question has come to the first. */
static void meet(struct stage *stage)
{
	greet(stage, &machines[0]);
	turn(stage, NULL, 0);
	greet(stage, &machines[1]);
	turn(stage, NULL, 0);
	assert_int_equal(machines[0].probes, 1);
	assert_int_equal(machines[1].welcomes, 1);
}

/* ---- a clone ---- */

static void two_connections_that_both_answer_are_suspended_and_named_and_told(void **state)
{
	struct stage *stage = *state;
	struct suspensions kept = {0};
	struct fault fault = {0};

	meet(stage);
	assert_int_equal(machines[1].probes, 0);
	answer(stage, &machines[0]);
	turn(stage, NULL, 0);
	assert_int_equal(machines[1].probes, 1);
	assert_false(is_suspended());
	answer(stage, &machines[1]);
	turn(stage, NULL, 0);
	assert_int_equal(suspension_load(stage->ledger, &kept, &fault), 0);
	assert_int_equal(kept.n, 1);
	assert_string_equal(kept.rows[0].why, "reason=clone first=192.0.2.1 second=2001:db8::2");
	assert_int_equal(machines[0].refusals, 1);
	assert_int_equal(machines[1].refusals, 1);
	assert_int_equal(alarm_priority("site_suspended site=south reason=clone first=a second=b"),
			 LOG_ALERT);
	assert_int_equal(alarm_priority("site_suspended site=south operator=anna"), LOG_INFO);
	assert_int_equal(alarm_priority("key_used_twice site=south first=a second=b"), LOG_ALERT);
}

static void nothing_is_taken_of_either_once_both_have_answered(void **state)
{
	struct stage *stage = *state;

	meet(stage);
	answer(stage, &machines[0]);
	turn(stage, NULL, 0);
	answer(stage, &machines[1]);
	report(stage, &machines[0]); /* in the same drain */
	report(stage, &machines[1]);
	greet(stage, &machines[0]);
	turn(stage, NULL, 0);
	report(stage, &machines[0]);
	turn(stage, NULL, 0);
	assert_int_equal(reports(stage), 0);
	assert_int_equal(machines[0].welcomes, 1);
	suspensions = (struct suspensions){0}; /* let in again, and the other machine is gone */
	greet(stage, &machines[1]);
	turn(stage, &machines[0], -EHOSTUNREACH);
	report(stage, &machines[1]);
	turn(stage, &machines[0], -EHOSTUNREACH);
	assert_int_equal(reports(stage), 1);
	assert_false(is_suspended());
}

static int hear(void *context, uint64_t number, int64_t at, const char *text)
{
	(void)number;
	(void)at;
	*(unsigned *)context +=
		strcmp(text, "key_used_twice site=south first=192.0.2.1 second=2001:db8::2") == 0;
	return 0;
}

static void a_second_that_stays_silent_is_an_alarm_and_no_suspension(void **state)
{
	struct stage *stage = *state;
	unsigned told = 0;

	for (unsigned i = 0; i < 40; i++) { /* as a flood: kept as refusals are, so many a day */
		greet(stage, &machines[0]);
		turn(stage, NULL, 0);
		greet(stage, &machines[1]);
		turn(stage, NULL, 0);
		answer(stage, &machines[0]);
		turn(stage, NULL, 0);
	}
	assert_false(is_suspended());
	assert_int_equal(ledger_events(stage->ledger, 1, hear, &told), 0);
	assert_int_equal(told, 32);
}

static void who_is_let_in_again_with_both_machines_running_is_suspended_again(void **state)
{
	struct stage *stage = *state;

	for (size_t i = 0; i < 3; i++) {
		suspensions = (struct suspensions){0};
		greet(stage, &machines[0]);
		turn(stage, NULL, 0);
		greet(stage, &machines[1]);
		turn(stage, NULL, 0);
		answer(stage, &machines[0]);
		turn(stage, NULL, 0);
		answer(stage, &machines[1]);
		turn(stage, NULL, 0);
		assert_true(is_suspended());
	}
}

static void a_suspension_that_cannot_be_stored_is_tried_again_and_nothing_is_taken(void **state)
{
	struct stage *stage = *state;
	struct rlimit whole, none = {0};

	meet(stage);
	answer(stage, &machines[0]);
	turn(stage, NULL, 0);
	answer(stage, &machines[1]);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &whole), 0);
	none.rlim_max = whole.rlim_max;
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0); /* no write succeeds */
	assert_true(warden_suspend_clones(stage->door, &suspensions, stage->ledger,
					  &stage->programme, NOW) < 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &whole), 0);
	assert_false(is_suspended());
	report(stage, &machines[1]);
	turn(stage, NULL, 0);
	assert_int_equal(reports(stage), 0);
	assert_true(is_suspended());
}

/* ---- no clone ---- */

static void a_former_connection_that_is_gone_is_no_clone_and_nobody_else_is_asked(void **state)
{
	struct stage *stage = *state;

	greet(stage, &machines[0]);
	turn(stage, NULL, 0);
	greet(stage, &machines[1]);
	turn(stage, &machines[0], -EHOSTUNREACH);
	report(stage, &machines[1]);
	turn(stage, NULL, 0);
	assert_int_equal(machines[0].probes + machines[1].probes, 0);
	assert_int_equal(reports(stage), 1);
	assert_false(is_suspended());
}

static void a_former_connection_that_is_half_open_is_no_clone(void **state)
{
	struct stage *stage = *state;

	meet(stage);
	report(stage, &machines[1]);
	turn(stage, NULL, 0);
	assert_int_equal(machines[1].probes, 0);
	assert_int_equal(reports(stage), 1);
	assert_false(is_suspended());
}

static void a_peer_that_comes_and_goes_is_no_clone(void **state)
{
	struct stage *stage = *state;

	for (unsigned i = 0; i < 1000; i++) {
		struct machine *now = &machines[i % 3], *former = &machines[(i + 2) % 3];

		greet(stage, now);
		turn(stage, former, i % 2 == 0 ? 0 : -EHOSTUNREACH);
		if (now->probes > 0)
			answer(stage, now);
		turn(stage, former, 0);
	}
	assert_int_equal(machines[0].welcomes, 334);
	assert_false(is_suspended());
}

static void a_greeting_again_on_the_same_connection_asks_nobody(void **state)
{
	struct stage *stage = *state;

	for (unsigned i = 0; i < 5; i++) {
		greet(stage, &machines[0]);
		turn(stage, NULL, 0);
	}
	assert_int_equal(machines[0].probes, 0);
	assert_int_equal(machines[0].welcomes, 5);
}

static void an_answer_that_takes_too_long_is_dropped(void **state)
{
	struct stage *stage = *state;

	meet(stage);
	mono_ms += CLONE_ANSWER_MS + 1;
	answer(stage, &machines[0]);
	turn(stage, NULL, 0);
	assert_int_equal(machines[1].probes, 0);
	greet(stage, &machines[0]);
	turn(stage, NULL, 0);
	answer(stage, &machines[1]);
	turn(stage, NULL, 0);
	assert_int_equal(machines[0].probes, 2);
	mono_ms += CLONE_ANSWER_MS + 1;
	answer(stage, &machines[0]);
	turn(stage, NULL, 0);
	assert_false(is_suspended());
}

static void an_answer_is_good_once_and_on_the_connection_that_was_asked(void **state)
{
	struct stage *stage = *state;
	uint8_t old[MSG_NONCE_BYTES];

	meet(stage);
	memcpy(machines[1].probe, machines[0].probe, sizeof(old));
	answer(stage, &machines[1]); /* of the other's question */
	answer(stage, &machines[2]); /* never greeted */
	turn(stage, NULL, 0);
	assert_int_equal(machines[1].probes, 0);
	memcpy(old, machines[0].probe, sizeof(old));
	answer(stage, &machines[0]);
	answer(stage, &machines[0]);
	turn(stage, NULL, 0);
	memcpy(machines[1].probe, old, sizeof(old));
	answer(stage, &machines[1]); /* again the other's */
	turn(stage, NULL, 0);
	assert_false(is_suspended());
	greet(stage, &machines[2]); /* everything begins anew */
	turn(stage, NULL, 0);
	memcpy(machines[1].probe, old, sizeof(old));
	answer(stage, &machines[1]);
	turn(stage, NULL, 0);
	assert_int_equal(machines[2].probes, 0);
	assert_false(is_suspended());
}

static void a_former_connection_whose_queue_is_full_is_asked_again_and_then_forgotten(void **state)
{
	struct stage *stage = *state;
	unsigned turns = 0;

	greet(stage, &machines[0]);
	turn(stage, NULL, 0);
	greet(stage, &machines[1]);
	turn(stage, &machines[0], -EAGAIN);
	assert_int_equal(machines[1].welcomes, 1);
	while (door_waits(stage->door) == DOOR_SOON && turns < 5000) {
		turn(stage, &machines[0], -EAGAIN);
		turns++;
	}
	assert_int_equal(turns, 1499);
	greet(stage, &machines[2]);
	turn(stage, &machines[1], -EAGAIN);
	turn(stage, NULL, 0);
	assert_int_equal(machines[1].probes, 1);
}

/* ---- the table ---- */

static void every_state_is_in_the_picture(void **state)
{
	static const char *const words[] = {"digraph clone {",
					    "alone -> former_asked [label=\"HELLO elsewhere\"]",
					    "former_asked -> latter_asked [label=\"ALIVE\"]",
					    "latter_asked -> clone [label=\"ALIVE\"]",
					    "clone -> alone [label=\"suspended\"]"};
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);

	(void)state;
	assert_non_null(to);
	door_print_states(to);
	assert_int_equal(fclose(to), 0);
	for (size_t i = 0; i < array_n(words); i++)
		assert_non_null(strstr(text, words[i]));
	free(text);
}

#define on_machines(test) cmocka_unit_test_setup_teardown(test, make_machines, strike_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_machines(two_connections_that_both_answer_are_suspended_and_named_and_told),
		on_machines(nothing_is_taken_of_either_once_both_have_answered),
		on_machines(a_second_that_stays_silent_is_an_alarm_and_no_suspension),
		on_machines(who_is_let_in_again_with_both_machines_running_is_suspended_again),
		on_machines(a_suspension_that_cannot_be_stored_is_tried_again_and_nothing_is_taken),
		on_machines(a_former_connection_that_is_gone_is_no_clone_and_nobody_else_is_asked),
		on_machines(a_former_connection_that_is_half_open_is_no_clone),
		on_machines(a_peer_that_comes_and_goes_is_no_clone),
		on_machines(a_greeting_again_on_the_same_connection_asks_nobody),
		on_machines(an_answer_that_takes_too_long_is_dropped),
		on_machines(an_answer_is_good_once_and_on_the_connection_that_was_asked),
		on_machines(
			a_former_connection_whose_queue_is_full_is_asked_again_and_then_forgotten),
		cmocka_unit_test(every_state_is_in_the_picture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
