/* What a peer with a listed key can do that libzmq's own client would not: a CURVE client by hand
 * (ZeroMQ RFC 23 and 26), over plain TCP. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/link.h"
#include "lib/own.h"

#define STEP_MS 20
#define STEPS 1000
#define KEY LINK_KEY_BYTES
#define MAC crypto_box_MACBYTES

static uint8_t hub_secret[KEY], hub_public[KEY], site_secret[KEY], site_public[KEY];
static struct link_server *server;

static int setup(void **state)
{
	const struct link_server_settings settings = {.endpoint = "tcp://127.0.0.1:*",
						      .domain = "mia",
						      .secret = hub_secret};
	struct link_peer peer = {.name = "nacka"};

	(void)state;
	randombytes_buf(hub_secret, KEY);
	randombytes_buf(site_secret, KEY);
	link_key_public(hub_secret, hub_public);
	link_key_public(site_secret, site_public);
	memcpy(peer.key, site_public, KEY);
	return link_server_open(&settings, &peer, 1, &server);
}

static int teardown(void **state)
{
	(void)state;
	link_server_close(&server);
	return 0;
}

static void turn(void)
{
	zmq_pollitem_t items[2];

	(void)zmq_poll(items, (int)link_server_poll(server, items), STEP_MS);
	link_server_pump(server);
}

static struct link_counts counts(void)
{
	struct link_counts now;

	link_server_counts(server, &now);
	return now;
}

/* ---- the client by hand ---- */

struct raw {
	int fd;
	uint8_t secret[KEY], public[KEY]; /* of this connection: c' and C' */
	uint8_t far[KEY]; /* the hub's of this connection: S' */
	uint64_t nonce;
	struct buf sent; /* everything sent, to be replayed */
};

static void raw_free(struct raw *raw)
{
	fd_close(&raw->fd);
	buf_free(&raw->sent);
}

static int dial(void)
{
	const char *port = strrchr(link_server_endpoint(server), ':') + 1;
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((uint16_t)atoi(port)),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* False when the hub has closed. */
static bool put(struct raw *raw, const void *bytes, size_t n)
{
	buf_add(&raw->sent, bytes, n);
	return send(raw->fd, bytes, n, MSG_NOSIGNAL) == (ssize_t)n;
}

/* One ZMTP frame, in the long form: flags 6 command, 2 message. */
static bool put_frame(struct raw *raw, uint8_t flags, const struct buf *body)
{
	own(buf_free) struct buf frame = {0};

	buf_add_byte(&frame, flags);
	for (int shift = 56; shift >= 0; shift -= 8)
		buf_add_byte(&frame, (uint8_t)(body->n >> shift));
	buf_add(&frame, body->data, body->n);
	return put(raw, frame.data, frame.n);
}

/* Whole n bytes while the hub turns; false when it closed instead. */
static bool get(struct raw *raw, uint8_t *bytes, size_t n)
{
	size_t have = 0;

	for (int i = 0; i < STEPS && have < n; i++) {
		ssize_t got = recv(raw->fd, bytes + have, n - have, MSG_DONTWAIT);

		if (got == 0 || (got < 0 && errno != EAGAIN))
			return false;
		if (got > 0)
			have += (size_t)got;
		else
			turn();
	}
	return have == n;
}

/* nonce: 16 letters and 8 bytes of the counter. Adds the counter and the box. */
static void add_box(struct raw *raw, struct buf *body, const char *letters, const void *plain,
		    size_t n, const uint8_t far[static KEY])
{
	uint8_t nonce[crypto_box_NONCEBYTES] = {0};
	uint8_t *box;

	memcpy(nonce, letters, 16);
	raw->nonce++;
	for (int i = 0; i < 8; i++)
		nonce[16 + i] = (uint8_t)(raw->nonce >> (56 - 8 * i));
	buf_add(body, nonce + 16, 8);
	box = buf_extend(body, n + MAC);
	assert_non_null(box);
	assert_int_equal(crypto_box_easy(box, plain, n, nonce, far, raw->secret), 0);
}

static void say_hello(struct raw *raw)
{
	own(buf_free) struct buf body = {0};
	const uint8_t zeros[72] = {0};

	buf_add(&body, "\x05HELLO\x01", 8); /* version 1.0 */
	buf_add(&body, zeros, 72);
	buf_add(&body, raw->public, KEY);
	add_box(raw, &body, "CurveZMQHELLO---", zeros, 64, hub_public);
	assert_true(put_frame(raw, 6, &body));
}

/* WELCOME: two bytes of framing, "\7WELCOME", 16 of nonce, a box of S' and 96 of cookie. */
static bool hear_welcome(struct raw *raw, uint8_t ret_cookie[static 96])
{
	uint8_t frame[2 + 168];
	uint8_t nonce[crypto_box_NONCEBYTES] = "WELCOME-";
	uint8_t plain[KEY + 96];

	if (!get(raw, frame, sizeof(frame)))
		return false;
	memcpy(nonce + 8, frame + 10, 16);
	assert_int_equal(crypto_box_open_easy(plain, frame + 26, 144, nonce, hub_public,
					      raw->secret),
			 0);
	memcpy(raw->far, plain, KEY);
	memcpy(ret_cookie, plain + KEY, 96);
	return true;
}

static void say_initiate(struct raw *raw, const uint8_t cookie[static 96])
{
	own(buf_free) struct buf body = {0};
	own(buf_free) struct buf plain = {0};
	uint8_t nonce[crypto_box_NONCEBYTES] = "VOUCH---";
	uint8_t vouched[2 * KEY];
	uint8_t vouch[2 * KEY + MAC];

	randombytes_buf(nonce + 8, 16);
	memcpy(vouched, raw->public, KEY);
	memcpy(vouched + KEY, hub_public, KEY);
	assert_int_equal(crypto_box_easy(vouch, vouched, sizeof(vouched), nonce, raw->far,
					 site_secret),
			 0);
	buf_add(&plain, site_public, KEY);
	buf_add(&plain, nonce + 8, 16);
	buf_add(&plain, vouch, sizeof(vouch));
	buf_add(&plain,
		"\x0bSocket-Type\0\0\0\x06"
		"DEALER",
		22);
	buf_add(&body, "\x08INITIATE", 9);
	buf_add(&body, cookie, 96);
	add_box(raw, &body, "CurveZMQINITIATE", plain.data, plain.n, raw->far);
	assert_true(put_frame(raw, 6, &body));
}

/* Greets and shakes hands as the listed site; READY has arrived. */
static void shake_hands(struct raw *raw)
{
	const uint8_t greeting[64] = "\xff\0\0\0\0\0\0\0\x01\x7f\x03\x01"
				     "CURVE";
	uint8_t in[64];
	uint8_t cookie[96];

	raw->fd = dial();
	randombytes_buf(raw->secret, KEY);
	link_key_public(raw->secret, raw->public);
	assert_true(put(raw, greeting, sizeof(greeting)));
	assert_true(get(raw, in, sizeof(in)));
	say_hello(raw);
	assert_true(hear_welcome(raw, cookie));
	say_initiate(raw, cookie);
	assert_true(get(raw, in, 2));
	assert_int_equal(in[0], 4);
	assert_true(get(raw, in, 6));
	assert_memory_equal(in, "\x05READY", 6);
}

/* flags 1: more frames follow. */
static bool say(struct raw *raw, uint8_t flags, const void *text, size_t n)
{
	own(buf_free) struct buf body = {0};
	own(buf_free) struct buf plain = {0};

	buf_add_byte(&plain, flags);
	buf_add(&plain, text, n);
	buf_add(&body, "\x07MESSAGE", 8);
	add_box(raw, &body, "CurveZMQMESSAGEC", plain.data, plain.n, raw->far);
	return put_frame(raw, 2, &body);
}

static void assert_arrives(const char *text)
{
	own(link_message_free) struct link_message message = {0};
	int code = -EAGAIN;

	for (int i = 0; i < STEPS && code == -EAGAIN; i++) {
		code = link_server_receive(server, &message);
		if (code == -EAGAIN)
			turn();
	}
	assert_int_equal(code, 0);
	assert_string_equal(message.name, "nacka");
	assert_int_equal(message.payload.n, strlen(text));
	assert_memory_equal(message.payload.data, text, strlen(text));
}

/* The hub serves somebody new, and nothing else was waiting. */
static void assert_alive(void)
{
	own(raw_free) struct raw raw = {.fd = -1};

	shake_hands(&raw);
	assert_true(say(&raw, 0, "alive", 5));
	assert_arrives("alive");
}

/* The connection ends, whatever the hub had still sent on it. */
static void assert_closed(struct raw *raw)
{
	uint8_t byte;

	while (get(raw, &byte, 1))
		;
	assert_true(recv(raw->fd, &byte, 1, MSG_DONTWAIT) == 0 || errno == ECONNRESET);
}

static void a_client_by_hand_is_served_like_any_other(void **state)
{
	(void)state;
	assert_alive();
	assert_int_equal(counts().accepted, 1);
}

static void a_message_that_never_ends_is_never_seen(void **state)
{
	own(raw_free) struct raw raw = {.fd = -1};
	static const uint8_t part[1000] = {0};

	(void)state;
	shake_hands(&raw);
	for (int i = 0; i < 5000; i++)
		assert_true(say(&raw, 1, part, sizeof(part)));
	assert_alive();
	fd_close(&raw.fd);
	assert_alive();
	assert_int_equal(counts().received, 2);
	assert_int_equal(counts().dropped_frames, 0);
}

static void a_message_of_one_byte_too_many_ends_the_connection(void **state)
{
	own(raw_free) struct raw raw = {.fd = -1};
	own(mem_free) uint8_t *bytes = calloc(1, LINK_MESSAGE_BYTES + 1);

	(void)state;
	shake_hands(&raw);
	(void)say(&raw, 0, bytes, LINK_MESSAGE_BYTES + 1);
	assert_closed(&raw);
	assert_alive();
	assert_int_equal(counts().received, 1);
}

static void a_handshake_that_was_overheard_is_worth_nothing(void **state)
{
	own(raw_free) struct raw heard = {.fd = -1};
	own(raw_free) struct raw replay = {.fd = -1};

	(void)state;
	shake_hands(&heard);
	assert_true(say(&heard, 0, "once", 4));
	assert_arrives("once");
	replay.fd = dial();
	assert_true(put(&replay, heard.sent.data, heard.sent.n));
	assert_closed(&replay);
	assert_alive();
	assert_int_equal(counts().received, 2);
}

static void a_message_said_twice_on_one_connection_arrives_once(void **state)
{
	own(raw_free) struct raw raw = {.fd = -1};

	(void)state;
	shake_hands(&raw);
	assert_true(say(&raw, 0, "once", 4));
	assert_arrives("once");
	raw.nonce--;
	assert_true(say(&raw, 0, "once", 4));
	assert_closed(&raw);
	assert_alive();
	assert_int_equal(counts().received, 2);
}

static void a_message_sealed_for_somebody_else_ends_the_connection(void **state)
{
	own(raw_free) struct raw raw = {.fd = -1};

	(void)state;
	shake_hands(&raw);
	raw.far[0] ^= 1;
	assert_true(say(&raw, 0, "bent", 4));
	assert_closed(&raw);
	assert_alive();
	assert_int_equal(counts().received, 1);
}

#define ON_A_HUB(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_HUB(a_client_by_hand_is_served_like_any_other),
		ON_A_HUB(a_message_that_never_ends_is_never_seen),
		ON_A_HUB(a_message_of_one_byte_too_many_ends_the_connection),
		ON_A_HUB(a_handshake_that_was_overheard_is_worth_nothing),
		ON_A_HUB(a_message_said_twice_on_one_connection_arrives_once),
		ON_A_HUB(a_message_sealed_for_somebody_else_ends_the_connection),
	};

	return cmocka_run_group_tests_name("link_server", tests, NULL, NULL);
}
