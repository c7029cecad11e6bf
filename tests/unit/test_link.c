/* Links on real sockets over 127.0.0.1. Every wait is for a state; a negative is told by a later
 * positive: what a listed peer sends afterwards is the first thing to arrive. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <czmq.h>
#include <errno.h>
#include <sodium.h>

#include "lib/link.h"
#include "lib/own.h"

#define WAIT_US (20UL * 1000 * 1000)
#define STEP_MS 50
#define HOSTILE_TRIES 200

struct party {
	uint8_t secret[LINK_KEY_BYTES];
	uint8_t public[LINK_KEY_BYTES];
};

/* A hub with two listed sites, and a stranger. */
static struct party hub, botkyrka, nacka, stranger;
static struct link_peer peers[2];
static struct link_server *server;

static void make_party(struct party *party)
{
	randombytes_buf(party->secret, sizeof(party->secret));
	link_key_public(party->secret, party->public);
}

static void list_peer(struct link_peer *peer, const char *name, const struct party *party)
{
	(void)snprintf(peer->name, sizeof(peer->name), "%s", name);
	memcpy(peer->key, party->public, LINK_KEY_BYTES);
}

static int open_server(const char *endpoint, struct link_server **ret_server)
{
	const struct link_server_settings settings = {.endpoint = endpoint,
						      .domain = "mia",
						      .secret = hub.secret};

	return link_server_open(&settings, peers, array_n(peers), ret_server);
}

static int setup(void **state)
{
	(void)state;
	make_party(&hub);
	make_party(&botkyrka);
	make_party(&nacka);
	make_party(&stranger);
	list_peer(&peers[0], "botkyrka", &botkyrka);
	list_peer(&peers[1], "nacka", &nacka);
	return open_server("tcp://127.0.0.1:*", &server);
}

static int teardown(void **state)
{
	(void)state;
	link_server_close(&server);
	return 0;
}

static struct link_client *dial(const struct party *self, const uint8_t *server_key)
{
	struct link_client *client = NULL;
	const struct link_client_settings settings = {.endpoint = link_server_endpoint(server),
						      .server_key = server_key,
						      .secret = self->secret};

	assert_int_equal(link_client_open(&settings, &client), 0);
	return client;
}

/* One turn of the daemon's loop: waits for anything at the hub or at client (may be NULL). */
static void turn(struct link_client *client)
{
	zmq_pollitem_t items[4];
	size_t n = link_server_poll(server, items);

	if (client != NULL)
		n += link_client_poll(client, items + n);
	(void)zmq_poll(items, (int)n, STEP_MS);
	link_server_pump(server);
}

static enum link_event await_event(struct link_client *client)
{
	enum link_event event = LINK_NOTHING;
	void *watch = zmq_stopwatch_start();

	while (event == LINK_NOTHING && zmq_stopwatch_intermediate(watch) < WAIT_US) {
		turn(client);
		event = link_client_event(client);
	}
	(void)zmq_stopwatch_stop(watch);
	return event;
}

static void await_message(struct link_client *client, struct link_message *message)
{
	int code = -EAGAIN;
	void *watch = zmq_stopwatch_start();

	while (code == -EAGAIN && zmq_stopwatch_intermediate(watch) < WAIT_US) {
		code = link_server_receive(server, message);
		if (code == -EAGAIN)
			turn(client);
	}
	(void)zmq_stopwatch_stop(watch);
	assert_int_equal(code, 0);
}

static struct link_client *dial_in(const struct party *self)
{
	struct link_client *client = dial(self, hub.public);

	assert_int_equal(await_event(client), LINK_CONNECTED);
	return client;
}

static void assert_message(const struct link_message *message, const char *name, const char *text)
{
	assert_string_equal(message->name, name);
	assert_string_equal(message->address, "127.0.0.1"); /* which two of one key are named by */
	assert_int_equal(message->payload.n, strlen(text));
	assert_memory_equal(message->payload.data, text, strlen(text));
}

static struct link_counts counts(void)
{
	struct link_counts now;

	link_server_counts(server, &now);
	return now;
}

/* The hub still serves, and nothing else reached it before. */
static void assert_alive(void)
{
	own(link_client_close) struct link_client *client = dial_in(&nacka);
	own(link_message_free) struct link_message message = {0};

	assert_int_equal(link_client_send(client, "alive", 5), 0);
	await_message(client, &message);
	assert_message(&message, "nacka", "alive");
}

/* ---- peers that libzmq dresses up ---- */

/* A socket outside lib/link, with a monitor, in a context of its own. */
struct hostile {
	void *context, *socket, *monitor;
};

static struct hostile hostile_new(void)
{
	struct hostile hostile = {.context = zmq_ctx_new()};
	const int zero = 0;
	const int never = -1;

	hostile.socket = zmq_socket(hostile.context, ZMQ_DEALER);
	(void)zmq_setsockopt(hostile.socket, ZMQ_LINGER, &zero, sizeof(zero));
	(void)zmq_setsockopt(hostile.socket, ZMQ_RECONNECT_IVL, &never, sizeof(never));
	(void)zmq_socket_monitor(hostile.socket, "inproc://monitor",
				 ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED |
					 ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
					 ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
					 ZMQ_EVENT_HANDSHAKE_FAILED_AUTH);
	hostile.monitor = zmq_socket(hostile.context, ZMQ_PAIR);
	assert_int_equal(zmq_connect(hostile.monitor, "inproc://monitor"), 0);
	return hostile;
}

static void hostile_free(struct hostile *hostile)
{
	const int zero = 0;

	(void)zmq_socket_monitor(hostile->socket, NULL, 0);
	(void)zmq_setsockopt(hostile->monitor, ZMQ_LINGER, &zero, sizeof(zero));
	(void)zmq_close(hostile->monitor);
	(void)zmq_close(hostile->socket);
	(void)zmq_ctx_term(hostile->context);
}

static void hostile_curve(struct hostile *hostile, const struct party *self)
{
	(void)zmq_setsockopt(hostile->socket, ZMQ_CURVE_SERVERKEY, hub.public, LINK_KEY_BYTES);
	(void)zmq_setsockopt(hostile->socket, ZMQ_CURVE_PUBLICKEY, self->public, LINK_KEY_BYTES);
	(void)zmq_setsockopt(hostile->socket, ZMQ_CURVE_SECRETKEY, self->secret, LINK_KEY_BYTES);
}

static void hostile_connect(struct hostile *hostile)
{
	assert_int_equal(zmq_connect(hostile->socket, link_server_endpoint(server)), 0);
}

/* The next monitored event of hostile, while the hub turns. */
static int hostile_event(struct hostile *hostile)
{
	zmq_pollitem_t items[3] = {{.socket = hostile->monitor, .events = ZMQ_POLLIN}};
	own(zmsg_destroy) zmsg_t *event = NULL;
	void *watch = zmq_stopwatch_start();
	uint16_t what;

	(void)link_server_poll(server, items + 1);
	while (items[0].revents == 0 && zmq_stopwatch_intermediate(watch) < WAIT_US) {
		(void)zmq_poll(items, 3, STEP_MS);
		link_server_pump(server);
	}
	(void)zmq_stopwatch_stop(watch);
	assert_int_equal(items[0].revents, ZMQ_POLLIN);
	event = zmsg_recv(hostile->monitor);
	assert_non_null(event);
	memcpy(&what, zframe_data(zmsg_first(event)), sizeof(what));
	return what;
}

static void a_listed_key_gets_through_and_its_name_is_told(void **state)
{
	own(link_client_close) struct link_client *client = dial_in(&botkyrka);
	own(link_message_free) struct link_message message = {0};
	own(buf_free) struct buf answer = {0};

	(void)state;
	assert_int_equal(link_client_send(client, "hej", 3), 0);
	await_message(client, &message);
	assert_message(&message, "botkyrka", "hej");
	assert_int_equal(link_server_send(server, message.route, message.route_n, "svar", 4), 0);
	while (link_client_receive(client, &answer) == -EAGAIN)
		turn(client);
	assert_int_equal(answer.n, 4);
	assert_memory_equal(answer.data, "svar", 4);
	assert_int_equal(counts().received, 1);
	assert_int_equal(counts().sent, 1);
	assert_int_equal(counts().accepted, 1);
}

static void the_largest_message_passes_and_a_larger_one_is_refused_at_the_source(void **state)
{
	own(link_client_close) struct link_client *client = dial_in(&botkyrka);
	own(link_message_free) struct link_message message = {0};
	own(mem_free) uint8_t *bytes = calloc(1, LINK_MESSAGE_BYTES + 1);

	(void)state;
	assert_int_equal(link_client_send(client, bytes, LINK_MESSAGE_BYTES + 1), -EMSGSIZE);
	assert_int_equal(link_client_send(client, bytes, LINK_MESSAGE_BYTES), 0);
	await_message(client, &message);
	assert_int_equal(message.payload.n, LINK_MESSAGE_BYTES);
	assert_int_equal(link_server_send(server, message.route, message.route_n, bytes,
					  LINK_MESSAGE_BYTES + 1),
			 -EMSGSIZE);
}

static void an_unlisted_key_is_refused_every_time(void **state)
{
	uint64_t before = counts().refused_keys;

	(void)state;
	for (int i = 0; i < HOSTILE_TRIES; i++) {
		own(link_client_close) struct link_client *client = dial(&stranger, hub.public);

		assert_int_equal(await_event(client), LINK_REFUSED);
		assert_int_equal(link_client_send(client, "in", 2), -EAGAIN);
	}
	assert_int_equal(counts().refused_keys, before + HOSTILE_TRIES);
	assert_int_equal(counts().accepted, 0);
	assert_alive();
}

static void a_client_without_curve_gets_nothing_in(void **state)
{
	(void)state;
	for (int i = 0; i < HOSTILE_TRIES; i++) {
		struct hostile hostile = hostile_new();

		if (i % 2 == 1)
			(void)zmq_setsockopt(hostile.socket, ZMQ_PLAIN_USERNAME, "nacka", 5);
		if (i % 2 == 1)
			(void)zmq_setsockopt(hostile.socket, ZMQ_PLAIN_PASSWORD, "nacka", 5);
		hostile_connect(&hostile);
		/* It is taken at once, or the handshake has failed already and nobody is there. */
		(void)zmq_send(hostile.socket, "in", 2, ZMQ_DONTWAIT);
		assert_int_not_equal(hostile_event(&hostile), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
		hostile_free(&hostile);
	}
	assert_int_equal(counts().accepted, 0);
	assert_alive();
	assert_int_equal(counts().received, 1);
}

static void a_key_taken_off_the_list_is_cut_off_though_connected(void **state)
{
	own(link_client_close) struct link_client *kept = dial_in(&nacka);
	own(link_client_close) struct link_client *removed = dial_in(&botkyrka);
	own(link_client_close) struct link_client *again = NULL;
	own(mem_free) char *endpoint = strdup(link_server_endpoint(server));

	(void)state;
	assert_int_equal(link_client_send(removed, "too late", 8), 0);
	assert_int_equal(link_server_set_peers(server, &peers[1], 1), 0);
	assert_string_equal(link_server_endpoint(server), endpoint);
	assert_int_equal(await_event(removed), LINK_DISCONNECTED);
	assert_int_equal(await_event(kept), LINK_DISCONNECTED);
	again = dial(&botkyrka, hub.public);
	assert_int_equal(await_event(again), LINK_REFUSED);
	assert_alive();
}

static void a_key_put_on_the_list_gets_in_without_a_restart(void **state)
{
	struct link_peer grown[3] = {peers[0], peers[1]};
	own(link_client_close) struct link_client *client = NULL;

	(void)state;
	list_peer(&grown[2], "sodertalje", &stranger);
	assert_int_equal(link_server_set_peers(server, grown, 3), 0);
	client = dial_in(&stranger);
	assert_non_null(client);
	assert_alive();
}

static void a_bad_list_changes_nothing(void **state)
{
	struct link_peer nameless = peers[0];
	own(link_client_close) struct link_client *client = dial_in(&botkyrka);
	own(link_message_free) struct link_message message = {0};

	(void)state;
	nameless.name[0] = '\0';
	assert_int_equal(link_server_set_peers(server, &nameless, 1), -EINVAL);
	memset(nameless.name, 'x', sizeof(nameless.name));
	assert_int_equal(link_server_set_peers(server, &nameless, 1), -EINVAL);
	assert_int_equal(link_client_send(client, "still", 5), 0);
	await_message(client, &message);
	assert_message(&message, "botkyrka", "still");
}

static void a_wrong_server_key_is_refused(void **state)
{
	own(link_client_close) struct link_client *client = dial(&botkyrka, stranger.public);

	(void)state;
	assert_int_equal(await_event(client), LINK_REFUSED);
	assert_int_equal(counts().accepted, 0);
}

static void a_port_in_use_is_told(void **state)
{
	struct link_server *second = NULL;

	(void)state;
	assert_int_equal(open_server(link_server_endpoint(server), &second), -EADDRINUSE);
	assert_null(second);
}

static void a_wildcard_address_is_proved_too(void **state)
{
	struct link_server *second = NULL;

	(void)state;
	assert_int_equal(open_server("tcp://0.0.0.0:*", &second), 0);
	link_server_close(&second);
	assert_int_equal(open_server("tcp://*:*", &second), 0);
	link_server_close(&second);
	assert_null(second);
}

static void a_server_without_a_domain_is_refused(void **state)
{
	struct link_server *second = NULL;
	const struct link_server_settings settings = {.endpoint = "tcp://127.0.0.1:*",
						      .domain = "",
						      .secret = hub.secret};

	(void)state;
	assert_int_equal(link_server_open(&settings, peers, 2, &second), -EINVAL);
}

static void an_answer_to_a_peer_that_left_says_so(void **state)
{
	struct link_client *client = dial_in(&botkyrka);
	own(link_message_free) struct link_message message = {0};
	int code = 0;

	(void)state;
	assert_int_equal(link_client_send(client, "bye", 3), 0);
	await_message(client, &message);
	link_client_close(&client);
	for (int i = 0; i < 400 && code != -EHOSTUNREACH; i++) {
		turn(NULL);
		code = link_server_send(server, message.route, message.route_n, "x", 1);
	}
	assert_int_equal(code, -EHOSTUNREACH);
}

static void a_peer_that_does_not_read_fills_its_own_queue_only(void **state)
{
	own(link_client_close) struct link_client *client = dial_in(&botkyrka);
	own(link_message_free) struct link_message message = {0};
	own(mem_free) uint8_t *bytes = calloc(1, LINK_MESSAGE_BYTES);
	int code = 0;

	(void)state;
	assert_int_equal(link_client_send(client, "more", 4), 0);
	await_message(client, &message);
	for (int i = 0; i < 200 && code == 0; i++)
		code = link_server_send(server, message.route, message.route_n, bytes,
					LINK_MESSAGE_BYTES);
	assert_int_equal(code, -EAGAIN);
	assert_int_equal(counts().send_full, 1);
	assert_alive();
}

static void a_giant_frame_from_a_listed_key_ends_its_connection_only(void **state)
{
	struct hostile hostile = hostile_new();
	own(mem_free) uint8_t *bytes = calloc(1, 2 * LINK_MESSAGE_BYTES);

	(void)state;
	hostile_curve(&hostile, &botkyrka);
	hostile_connect(&hostile);
	assert_int_equal(hostile_event(&hostile), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
	assert_int_equal(zmq_send(hostile.socket, bytes, 2 * LINK_MESSAGE_BYTES, 0),
			 2 * LINK_MESSAGE_BYTES);
	assert_int_equal(hostile_event(&hostile), ZMQ_EVENT_DISCONNECTED);
	hostile_free(&hostile);
	assert_alive();
	assert_int_equal(counts().received, 1);
}

static void a_message_of_many_frames_is_dropped_and_counted(void **state)
{
	struct hostile hostile = hostile_new();
	own(link_message_free) struct link_message message = {0};

	(void)state;
	hostile_curve(&hostile, &botkyrka);
	hostile_connect(&hostile);
	for (int i = 0; i < 4999; i++)
		assert_int_equal(zmq_send(hostile.socket, "part", 4, ZMQ_SNDMORE), 4);
	assert_int_equal(zmq_send(hostile.socket, "end", 3, 0), 3);
	assert_int_equal(zmq_send(hostile.socket, "whole", 5, 0), 5);
	await_message(NULL, &message);
	assert_message(&message, "botkyrka", "whole");
	assert_int_equal(counts().dropped_frames, 5000);
	assert_int_equal(counts().received, 1);
	hostile_free(&hostile);
}

static void a_routing_id_of_the_peers_choosing_must_fit(void **state)
{
	struct hostile hostile = hostile_new();

	(void)state;
	(void)zmq_setsockopt(hostile.socket, ZMQ_ROUTING_ID, "seventeen letters", 17);
	hostile_curve(&hostile, &botkyrka);
	hostile_connect(&hostile);
	assert_int_equal(zmq_send(hostile.socket, "in", 2, 0), 2);
	for (int i = 0; i < 400 && counts().dropped_frames == 0; i++) {
		own(link_message_free) struct link_message message = {0};

		turn(NULL);
		assert_int_equal(link_server_receive(server, &message), -EAGAIN);
	}
	assert_int_equal(counts().dropped_frames, 1);
	hostile_free(&hostile);
	assert_alive();
}

/* A peer of that key which has chosen "same" as its routing id. */
static struct hostile hostile_same(const struct party *self)
{
	struct hostile hostile = hostile_new();

	(void)zmq_setsockopt(hostile.socket, ZMQ_ROUTING_ID, "same", 4);
	hostile_curve(&hostile, self);
	hostile_connect(&hostile);
	assert_int_equal(hostile_event(&hostile), ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
	return hostile;
}

static void one_peer_cannot_take_over_the_route_of_another(void **state)
{
	own(link_message_free) struct link_message message = {0};
	struct hostile first = hostile_same(&nacka);
	struct hostile second;
	char answer[8];

	(void)state;
	assert_int_equal(zmq_send(first.socket, "mine", 4, 0), 4);
	await_message(NULL, &message);
	assert_message(&message, "nacka", "mine");
	second = hostile_same(&botkyrka);
	assert_int_equal(zmq_send(second.socket, "mine!", 5, 0), 5);
	assert_alive();
	assert_int_equal(link_server_send(server, message.route, message.route_n, "yours", 5), 0);
	assert_int_equal(zmq_recv(first.socket, answer, sizeof(answer), 0), 5);
	assert_int_equal(zmq_recv(second.socket, answer, sizeof(answer), ZMQ_DONTWAIT), -1);
	hostile_free(&second);
	hostile_free(&first);
}

/* A plain TCP connection to the hub. */
static int raw_connect(void)
{
	const char *port = strrchr(link_server_endpoint(server), ':') + 1;
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((uint16_t)atoi(port)),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void garbage_on_the_port_does_no_harm(void **state)
{
	static const uint8_t greeting[] = "\xff\0\0\0\0\0\0\0\x01\x7f\x03\x01"
					  "CURVE";
	static const uint8_t giant[] = "\x06\x7f\xff\xff\xff\xff\xff\xff\xff"
				       "HELLO";
	static const uint8_t seed[randombytes_SEEDBYTES] = "test_link";
	uint8_t noise[512 * HOSTILE_TRIES / 10];

	(void)state;
	randombytes_buf_deterministic(noise, sizeof(noise), seed);
	for (size_t i = 0; i < HOSTILE_TRIES; i++) {
		own(fd_close) int fd = raw_connect();

		if (i % 2 == 0)
			(void)send(fd, greeting, 64 < sizeof(greeting) ? 64 : sizeof(greeting),
				   MSG_NOSIGNAL);
		if (i % 4 == 0)
			(void)send(fd, (uint8_t[47]){0}, 47, MSG_NOSIGNAL);
		if (i % 8 == 0)
			(void)send(fd, giant, sizeof(giant), MSG_NOSIGNAL);
		(void)send(fd, noise + i * 50, 1 + i, MSG_NOSIGNAL);
	}
	assert_alive();
	assert_int_equal(counts().received, 1);
}

static void connections_that_say_nothing_keep_nobody_out(void **state)
{
	int fds[HOSTILE_TRIES];

	(void)state;
	for (size_t i = 0; i < array_n(fds); i++)
		fds[i] = raw_connect();
	assert_alive();
	for (size_t i = 0; i < array_n(fds); i++)
		fd_close(&fds[i]);
}

static void a_hub_that_is_not_there_is_a_disconnection(void **state)
{
	own(link_client_close) struct link_client *client = NULL;
	own(mem_free) char *endpoint = strdup(link_server_endpoint(server));
	const struct link_client_settings settings = {.endpoint = endpoint,
						      .server_key = hub.public,
						      .secret = nacka.secret};
	enum link_event event = LINK_NOTHING;

	(void)state;
	link_server_close(&server);
	assert_int_equal(link_client_open(&settings, &client), 0);
	for (int i = 0; i < 400 && event == LINK_NOTHING; i++) {
		zmq_pollitem_t items[2];

		(void)zmq_poll(items, (int)link_client_poll(client, items), STEP_MS);
		event = link_client_event(client);
	}
	assert_int_equal(event, LINK_DISCONNECTED);
	assert_int_equal(link_client_send(client, "x", 1), -EAGAIN);
}

#define ON_A_HUB(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_HUB(a_listed_key_gets_through_and_its_name_is_told),
		ON_A_HUB(the_largest_message_passes_and_a_larger_one_is_refused_at_the_source),
		ON_A_HUB(an_unlisted_key_is_refused_every_time),
		ON_A_HUB(a_client_without_curve_gets_nothing_in),
		ON_A_HUB(a_key_taken_off_the_list_is_cut_off_though_connected),
		ON_A_HUB(a_key_put_on_the_list_gets_in_without_a_restart),
		ON_A_HUB(a_bad_list_changes_nothing),
		ON_A_HUB(a_wrong_server_key_is_refused),
		ON_A_HUB(a_port_in_use_is_told),
		ON_A_HUB(a_wildcard_address_is_proved_too),
		ON_A_HUB(a_server_without_a_domain_is_refused),
		ON_A_HUB(an_answer_to_a_peer_that_left_says_so),
		ON_A_HUB(a_peer_that_does_not_read_fills_its_own_queue_only),
		ON_A_HUB(a_giant_frame_from_a_listed_key_ends_its_connection_only),
		ON_A_HUB(a_message_of_many_frames_is_dropped_and_counted),
		ON_A_HUB(a_routing_id_of_the_peers_choosing_must_fit),
		ON_A_HUB(one_peer_cannot_take_over_the_route_of_another),
		ON_A_HUB(garbage_on_the_port_does_no_harm),
		ON_A_HUB(connections_that_say_nothing_keep_nobody_out),
		ON_A_HUB(a_hub_that_is_not_there_is_a_disconnection),
	};

	return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
