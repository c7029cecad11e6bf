#include "lib/link.h"

#include <assert.h>
#include <czmq.h>
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fail.h"
#include "lib/own.h"
#include "lib/tune.h"

/* Every client has a context of its own, so one name serves them all. */
#define MONITOR "inproc://monitor"

/* Frames looked at in one call: a peer that sends ends of nothing must not hold the loop. */
#define FRAMES_AT_ONCE 64

struct link_client {
	void *context;
	void *socket; /* DEALER */
	void *monitor; /* PAIR */
	bool is_draining; /* inside a message that is too long, whose rest is to be dropped */
};

/* The courier makes a new socket after each loss (4.2), so libzmq must not redial by itself. A
 * release of 4 KiB keeps a line of 1 kbit/s, and so the answer to a heartbeat, for 35 s. */
static const struct tune CLIENT_OPTIONS[] = {
	{ZMQ_IMMEDIATE, 1},         {ZMQ_RECONNECT_IVL, -1},        {ZMQ_CONNECT_TIMEOUT, 10000},
	{ZMQ_HEARTBEAT_IVL, 10000}, {ZMQ_HEARTBEAT_TIMEOUT, 60000},
};

static const struct {
	int zmq_event;
	enum link_event event;
} EVENTS[] = {
	{ZMQ_EVENT_HANDSHAKE_SUCCEEDED, LINK_CONNECTED},
	{ZMQ_EVENT_DISCONNECTED, LINK_DISCONNECTED},
	{ZMQ_EVENT_CLOSED, LINK_DISCONNECTED},
	{ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL, LINK_REFUSED},
	{ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL, LINK_REFUSED},
	{ZMQ_EVENT_HANDSHAKE_FAILED_AUTH, LINK_REFUSED},
};

void link_key_public(const uint8_t secret[static LINK_KEY_BYTES],
		     uint8_t ret_public[static LINK_KEY_BYTES])
{
	int code = crypto_scalarmult_base(ret_public, secret);

	assert(code == 0);
	(void)code;
}

static int set_keys(struct link_client *client, const struct link_client_settings *settings)
{
	uint8_t public[LINK_KEY_BYTES];
	int code;

	link_key_public(settings->secret, public);
	code = tune_key(client->socket, ZMQ_CURVE_SERVERKEY, settings->server_key);
	if (code == 0)
		code = tune_key(client->socket, ZMQ_CURVE_PUBLICKEY, public);
	if (code == 0)
		code = tune_key(client->socket, ZMQ_CURVE_SECRETKEY, settings->secret);
	return code;
}

static int watch(struct link_client *client)
{
	const struct tune quiet[] = {{ZMQ_LINGER, 0}, {ZMQ_RCVTIMEO, 0}};
	int events = 0;

	for (size_t i = 0; i < array_n(EVENTS); i++)
		events |= EVENTS[i].zmq_event;
	if (zmq_socket_monitor(client->socket, MONITOR, events) != 0)
		return fail(-errno);
	client->monitor = zmq_socket(client->context, ZMQ_PAIR);
	if (client->monitor == NULL)
		return fail(-errno);
	if (tune_set(client->monitor, quiet, array_n(quiet)) != 0 ||
	    zmq_connect(client->monitor, MONITOR) != 0)
		return fail(-errno);
	return 0;
}

int link_client_open(const struct link_client_settings *settings, struct link_client **ret_client)
{
	own(link_client_close) struct link_client *client = calloc(1, sizeof(*client));
	int code;

	if (client == NULL)
		return fail(-ENOMEM);
	client->context = zmq_ctx_new();
	if (client->context == NULL)
		return fail(-errno);
	client->socket = zmq_socket(client->context, ZMQ_DEALER);
	if (client->socket == NULL)
		return fail(-errno);
	code = tune_link(client->socket, settings->endpoint, LINK_MESSAGE_BYTES);
	if (code == 0)
		code = tune_set(client->socket, CLIENT_OPTIONS, array_n(CLIENT_OPTIONS));
	if (code == 0)
		code = set_keys(client, settings);
	if (code == 0)
		code = watch(client);
	if (code != 0)
		return code;
	if (zmq_connect(client->socket, settings->endpoint) != 0)
		return fail(-errno);
	*ret_client = take(client);
	return 0;
}

void link_client_close(struct link_client **client)
{
	if (*client == NULL)
		return;
	if ((*client)->socket != NULL)
		(void)zmq_socket_monitor((*client)->socket, NULL, 0);
	tune_close(&(*client)->monitor);
	tune_close(&(*client)->socket);
	tune_term(&(*client)->context);
	free(*client);
	*client = NULL;
}

size_t link_client_poll(struct link_client *client, zmq_pollitem_t ret_items[static 2])
{
	ret_items[0] = (zmq_pollitem_t){.socket = client->socket, .events = ZMQ_POLLIN};
	ret_items[1] = (zmq_pollitem_t){.socket = client->monitor, .events = ZMQ_POLLIN};
	return 2;
}

static enum link_event event_of(const uint8_t frame[static 2])
{
	uint16_t zmq_event;

	memcpy(&zmq_event, frame, sizeof(zmq_event)); /* in the machine's byte order */
	for (size_t i = 0; i < array_n(EVENTS); i++)
		if (EVENTS[i].zmq_event == zmq_event)
			return EVENTS[i].event;
	return LINK_NOTHING;
}

enum link_event link_client_event(struct link_client *client)
{
	enum link_event event = LINK_NOTHING;
	uint8_t frame[8];
	char address[1];

	/* An event is two frames: u16 event, u32 value; and an address we know. */
	while (event == LINK_NOTHING &&
	       zmq_recv(client->monitor, frame, sizeof(frame), ZMQ_DONTWAIT) >= 2) {
		(void)zmq_recv(client->monitor, address, sizeof(address), ZMQ_DONTWAIT);
		event = event_of(frame);
	}
	return event;
}

/* The next frame, which may be a part of something longer: 0, -EAGAIN, -errno. */
static int next_frame(void *socket, zframe_t **ret_frame)
{
	zframe_t *frame = zframe_recv(socket);

	if (frame == NULL)
		return fail(errno == EINTR ? -EAGAIN : -errno);
	*ret_frame = frame;
	return 0;
}

int link_client_receive(struct link_client *client, struct buf *ret_payload)
{
	for (int i = 0; i < FRAMES_AT_ONCE; i++) {
		own(zframe_destroy) zframe_t *frame = NULL;
		bool was_draining = client->is_draining;
		int code = next_frame(client->socket, &frame);

		if (code != 0)
			return code;
		client->is_draining = zframe_more(frame);
		if (client->is_draining)
			continue;
		if (was_draining)
			return fail(-EMSGSIZE);
		buf_clear(ret_payload);
		buf_add(ret_payload, zframe_data(frame), zframe_size(frame));
		return ret_payload->error;
	}
	return fail(-EAGAIN);
}

int link_client_send(struct link_client *client, const void *payload, size_t n)
{
	if (n > LINK_MESSAGE_BYTES)
		return fail(-EMSGSIZE);
	if (zmq_send(client->socket, payload, n, ZMQ_DONTWAIT) >= 0)
		return 0;
	return fail(errno == EINTR ? -EAGAIN : -errno);
}
