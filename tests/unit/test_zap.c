#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <czmq.h>
#include <errno.h>
#include <sodium.h>

#include "lib/own.h"
#include "lib/zap.h"

#define ZAP_ENDPOINT "inproc://zeromq.zap.01"

static struct link_peer peer = {.name = "nacka", .key = {1, 2, 3}};
static void *context, *asker; /* REQ, in the place of a libzmq session */
static struct zap zap;

static int setup(void **state)
{
	const int zero = 0;

	(void)state;
	context = zmq_ctx_new();
	zap = (struct zap){0};
	assert_int_equal(zap_set_peers(&zap, &peer, 1), 0);
	assert_int_equal(zap_open(&zap, context, "mia"), 0);
	asker = zmq_socket(context, ZMQ_REQ);
	(void)zmq_setsockopt(asker, ZMQ_LINGER, &zero, sizeof(zero));
	return zmq_connect(asker, ZAP_ENDPOINT);
}

static int teardown(void **state)
{
	(void)state;
	(void)zmq_close(asker);
	zap_free(&zap);
	return zmq_ctx_term(context);
}

/* Frames of a request as text (NULL: the request ends there), and its key. */
struct asked {
	const char *version, *domain, *mechanism;
	const void *key;
	size_t key_n;
};

/* Sends it and gives the answer after one pump. */
static zmsg_t *ask(struct asked asked)
{
	zmsg_t *request = zmsg_new();

	zmsg_addstr(request, asked.version);
	zmsg_addstr(request, "7");
	zmsg_addstr(request, asked.domain);
	zmsg_addstr(request, "127.0.0.1");
	zmsg_addstr(request, "");
	if (asked.mechanism != NULL)
		zmsg_addstr(request, asked.mechanism);
	if (asked.key != NULL)
		zmsg_addmem(request, asked.key, asked.key_n);
	assert_int_equal(zmsg_send(&request, asker), 0);
	zap_pump(&zap);
	return zmsg_recv(asker);
}

static void assert_answer(struct asked asked, const char *status, const char *name)
{
	own(zmsg_destroy) zmsg_t *answer = ask(asked);

	assert_non_null(answer);
	assert_int_equal(zmsg_size(answer), 6);
	assert_true(zframe_streq(zmsg_first(answer), "1.0"));
	assert_true(zframe_streq(zmsg_next(answer), "7"));
	assert_true(zframe_streq(zmsg_next(answer), status));
	(void)zmsg_next(answer);
	assert_true(zframe_streq(zmsg_next(answer), name));
}

static void a_listed_key_is_admitted_under_its_name(void **state)
{
	(void)state;
	assert_answer((struct asked){"1.0", "mia", "CURVE", peer.key, 32}, "200", "nacka");
	assert_int_equal(zap.accepted, 1);
	assert_int_equal(zap.refused, 0);
}

static void everything_else_is_refused(void **state)
{
	static const uint8_t other[LINK_KEY_BYTES] = {1, 2, 4};
	static const struct asked refused[] = {
		{"1.0", "mia", "CURVE", other, 32},
		{"1.0", "mia", "CURVE", peer.key, 31},
		{"1.0", "mia", "CURVE", peer.key, 0},
		{"1.0", "mia", "CURVE", NULL, 0},
		{"1.0", "mia", NULL, NULL, 0},
		{"1.0", "mia", "NULL", NULL, 0},
		{"1.0", "mia", "PLAIN", "nacka", 5},
		{"1.0", "mia", "PLAIN", peer.key, 32},
		{"1.0", "mia", "GSSAPI", peer.key, 32},
		{"1.0", "", "CURVE", peer.key, 32},
		{"1.0", "global", "CURVE", peer.key, 32},
		{"1.1", "mia", "CURVE", peer.key, 32},
		{"", "mia", "CURVE", peer.key, 32},
	};

	(void)state;
	for (size_t i = 0; i < array_n(refused); i++)
		assert_answer(refused[i], "400", "");
	assert_int_equal(zap.accepted, 0);
	assert_int_equal(zap.refused, array_n(refused));
}

static void a_request_of_one_frame_is_refused(void **state)
{
	own(zmsg_destroy) zmsg_t *answer = NULL;

	(void)state;
	assert_int_equal(zmq_send(asker, "", 0, 0), 0);
	zap_pump(&zap);
	answer = zmsg_recv(asker);
	assert_int_equal(zmsg_size(answer), 6);
	assert_int_equal(zap.refused, 1);
}

static void a_handler_that_can_answer_no_more_says_so(void **state)
{
	char byte;

	(void)state;
	assert_int_equal(zap_pump(&zap), 0);
	assert_int_equal(zmq_send(asker, "", 0, 0), 0);
	assert_int_equal(zmq_recv(zap.socket, &byte, sizeof(byte), 0), 0); /* and never answered */
	assert_int_equal(zap_pump(&zap), -ENOTCONN);
}

static void an_empty_list_admits_nobody(void **state)
{
	(void)state;
	assert_int_equal(zap_set_peers(&zap, NULL, 0), 0);
	assert_answer((struct asked){"1.0", "mia", "CURVE", peer.key, 32}, "400", "");
	assert_false(zap_is_listed(&zap, "nacka"));
}

static void a_name_may_have_two_keys_while_one_is_replaced(void **state)
{
	const struct link_peer both[] = {peer, {.name = "nacka", .key = {9}}};

	(void)state;
	assert_int_equal(zap_set_peers(&zap, both, 2), 0);
	assert_answer((struct asked){"1.0", "mia", "CURVE", both[0].key, 32}, "200", "nacka");
	assert_answer((struct asked){"1.0", "mia", "CURVE", both[1].key, 32}, "200", "nacka");
}

static void nobody_is_not_on_the_list(void **state)
{
	(void)state;
	assert_true(zap_is_listed(&zap, "nacka"));
	assert_false(zap_is_listed(&zap, "nack"));
	assert_false(zap_is_listed(&zap, ""));
	assert_false(zap_is_listed(&zap, NULL));
}

static void a_second_handler_in_one_context_is_refused(void **state)
{
	struct zap second = {0};

	(void)state;
	assert_int_equal(zap_open(&second, context, "mia"), -EADDRINUSE);
	assert_null(second.socket);
}

/* A CURVE server in another context: with nobody to ask, libzmq admits any key (4.2). */
static void an_open_door_is_found_out(void **state)
{
	void *other = zmq_ctx_new();
	void *door = zmq_socket(other, ZMQ_ROUTER);
	uint8_t secret[LINK_KEY_BYTES], public[LINK_KEY_BYTES];
	char endpoint[64];
	size_t n = sizeof(endpoint);
	const int one = 1, zero = 0;

	(void)state;
	randombytes_buf(secret, sizeof(secret));
	link_key_public(secret, public);
	(void)zmq_setsockopt(door, ZMQ_LINGER, &zero, sizeof(zero));
	(void)zmq_setsockopt(door, ZMQ_CURVE_SERVER, &one, sizeof(one));
	(void)zmq_setsockopt(door, ZMQ_CURVE_SECRETKEY, secret, sizeof(secret));
	assert_int_equal(zmq_bind(door, "tcp://127.0.0.1:*"), 0);
	assert_int_equal(zmq_getsockopt(door, ZMQ_LAST_ENDPOINT, endpoint, &n), 0);
	assert_int_equal(zap_prove(&zap, endpoint, public), -EPROTO);
	(void)zmq_close(door);
	(void)zmq_ctx_term(other);
}

/* A refusal that is not ours (a wrong server key fails before ZAP is asked) proves nothing. */
static void a_refusal_by_somebody_else_is_no_proof(void **state)
{
	void *door = zmq_socket(context, ZMQ_ROUTER);
	uint8_t secret[LINK_KEY_BYTES], public[LINK_KEY_BYTES];
	char endpoint[64];
	size_t n = sizeof(endpoint);
	const int one = 1, zero = 0;

	(void)state;
	randombytes_buf(secret, sizeof(secret));
	link_key_public(secret, public);
	(void)zmq_setsockopt(door, ZMQ_LINGER, &zero, sizeof(zero));
	(void)zmq_setsockopt(door, ZMQ_CURVE_SERVER, &one, sizeof(one));
	(void)zmq_setsockopt(door, ZMQ_CURVE_SECRETKEY, secret, sizeof(secret));
	(void)zmq_setsockopt(door, ZMQ_ZAP_DOMAIN, "mia", 3);
	assert_int_equal(zmq_bind(door, "tcp://127.0.0.1:*"), 0);
	assert_int_equal(zmq_getsockopt(door, ZMQ_LAST_ENDPOINT, endpoint, &n), 0);
	assert_int_equal(zap_prove(&zap, endpoint, public), 0);
	public[0] ^= 1;
	assert_int_equal(zap_prove(&zap, endpoint, public), -EPROTO);
	(void)zmq_close(door);
}

/* The kernel completes the connection; nobody ever greets. */
static void silence_is_no_proof(void **state)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(address);
	own(fd_close) int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char endpoint[64];

	(void)state;
	assert_int_equal(bind(fd, (struct sockaddr *)&address, n), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &n), 0);
	(void)snprintf(endpoint, sizeof(endpoint), "tcp://127.0.0.1:%d", ntohs(address.sin_port));
	assert_int_equal(zap_prove(&zap, endpoint, peer.key), -EPROTO);
}

#define ON_A_HANDLER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_HANDLER(a_listed_key_is_admitted_under_its_name),
		ON_A_HANDLER(everything_else_is_refused),
		ON_A_HANDLER(a_request_of_one_frame_is_refused),
		ON_A_HANDLER(a_handler_that_can_answer_no_more_says_so),
		ON_A_HANDLER(an_empty_list_admits_nobody),
		ON_A_HANDLER(a_name_may_have_two_keys_while_one_is_replaced),
		ON_A_HANDLER(nobody_is_not_on_the_list),
		ON_A_HANDLER(a_second_handler_in_one_context_is_refused),
		ON_A_HANDLER(an_open_door_is_found_out),
		ON_A_HANDLER(a_refusal_by_somebody_else_is_no_proof),
		ON_A_HANDLER(silence_is_no_proof),
	};

	return cmocka_run_group_tests_name("zap", tests, NULL, NULL);
}
