#include "lib/link.h"

#include <assert.h>
#include <czmq.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fail.h"
#include "lib/own.h"
#include "lib/tune.h"
#include "lib/vault.h"
#include "lib/zap.h"

#define ENDPOINT_BYTES 256

/* ZMQ_ZAP_ENFORCE_DOMAIN, which zmq.h of 4.3.4 declares among its drafts only (4.2). */
#define ENFORCE_DOMAIN 93

/* Frames looked at in one call: what is dropped must not hold the loop. */
#define FRAMES_AT_ONCE 64

#define BIND_TRIES 20
#define BIND_PAUSE_MS 50

struct link_server {
	void *context;
	void *socket; /* ROUTER; NULL after a list that could not be put in force */
	struct zap zap;
	uint8_t *secret; /* owned, locked */
	uint8_t public[LINK_KEY_BYTES];
	char domain[ZAP_DOMAIN_BYTES];
	char endpoint[ENDPOINT_BYTES];
	bool is_draining; /* inside a message that is too long, whose rest is to be dropped */
	struct link_counts counts;
};

static const struct tune SERVER_OPTIONS[] = {
	{ZMQ_ROUTER_MANDATORY, 1},
	{ZMQ_ROUTER_HANDOVER, 0},
	{ZMQ_CURVE_SERVER, 1},
	{ENFORCE_DOMAIN, 1},
};

static int set_options(struct link_server *server, const char *endpoint)
{
	int is_enforced = 0;
	size_t n = sizeof(is_enforced);
	int code = tune_link(server->socket, endpoint, LINK_MESSAGE_BYTES);

	if (code == 0)
		code = tune_set(server->socket, SERVER_OPTIONS, array_n(SERVER_OPTIONS));
	if (code == 0)
		code = tune_key(server->socket, ZMQ_CURVE_SECRETKEY, server->secret);
	if (code != 0)
		return code;
	if (zmq_setsockopt(server->socket, ZMQ_ZAP_DOMAIN, server->domain,
			   strlen(server->domain)) != 0)
		return fail(-errno);
	if (zmq_getsockopt(server->socket, ENFORCE_DOMAIN, &is_enforced, &n) != 0)
		return fail(-errno);
	return is_enforced == 1 ? 0 : fail(-EPROTO);
}

/* Where the proof dials: a wildcard is reached over 127.0.0.1 ([::] is bound for both families). */
static void dialled(const char *endpoint, char ret_endpoint[static ENDPOINT_BYTES])
{
	const char *port = strrchr(endpoint, ':');
	bool is_wildcard = strncmp(endpoint, "tcp://0.0.0.0:", 14) == 0 ||
			   strncmp(endpoint, "tcp://[::]:", 11) == 0;

	(void)snprintf(ret_endpoint, ENDPOINT_BYTES, "%s%s",
		       is_wildcard ? "tcp://127.0.0.1" : endpoint,
		       is_wildcard && port != NULL ? port : "");
}

/* Everything in the context is gone, and the port free, when this returns. */
static void unbind(struct link_server *server)
{
	tune_close(&server->socket);
	zap_close(&server->zap);
	tune_term(&server->context);
	server->is_draining = false;
}

static int open_sockets(struct link_server *server, const char *endpoint)
{
	int code;

	server->context = zmq_ctx_new();
	if (server->context == NULL)
		return fail(-errno);
	code = zap_open(&server->zap, server->context, server->domain);
	if (code != 0)
		return code;
	server->socket = zmq_socket(server->context, ZMQ_ROUTER);
	if (server->socket == NULL)
		return fail(-errno);
	code = set_options(server, endpoint);
	if (code == 0 && zmq_bind(server->socket, endpoint) != 0)
		code = fail(-errno);
	return code;
}

static int bind_and_prove(struct link_server *server, const char *endpoint)
{
	char bound[ENDPOINT_BYTES];
	char dial[ENDPOINT_BYTES];
	size_t n = sizeof(bound);
	int code = open_sockets(server, endpoint);

	if (code == 0 && zmq_getsockopt(server->socket, ZMQ_LAST_ENDPOINT, bound, &n) != 0)
		code = fail(-errno);
	if (code == 0) {
		dialled(bound, dial);
		code = zap_prove(&server->zap, dial, server->public);
	}
	if (code == 0)
		memcpy(server->endpoint, bound, sizeof(bound));
	else
		unbind(server);
	return code;
}

static int keep_settings(struct link_server *server, const struct link_server_settings *settings)
{
	if (*settings->domain == '\0' || strlen(settings->domain) >= sizeof(server->domain))
		return fail(-EINVAL);
	if (sodium_init() < 0)
		return fail(-ENOSYS);
	server->secret = secret_new(LINK_KEY_BYTES);
	if (server->secret == NULL)
		return fail(-errno);
	memcpy(server->secret, settings->secret, LINK_KEY_BYTES);
	memcpy(server->domain, settings->domain, strlen(settings->domain) + 1);
	link_key_public(server->secret, server->public);
	return 0;
}

int link_server_open(const struct link_server_settings *settings, const struct link_peer peers[],
		     size_t peers_n, struct link_server **ret_server)
{
	own(link_server_close) struct link_server *server = calloc(1, sizeof(*server));
	int code;

	if (server == NULL)
		return fail(-ENOMEM);
	code = keep_settings(server, settings);
	if (code == 0)
		code = zap_set_peers(&server->zap, peers, peers_n);
	if (code == 0)
		code = bind_and_prove(server, settings->endpoint);
	if (code == 0)
		*ret_server = take(server);
	return code;
}

void link_server_close(struct link_server **server)
{
	if (*server == NULL)
		return;
	unbind(*server);
	zap_free(&(*server)->zap);
	secret_free(&(*server)->secret);
	free(*server);
	*server = NULL;
}

const char *link_server_endpoint(const struct link_server *server)
{
	return server->endpoint;
}

int link_server_set_peers(struct link_server *server, const struct link_peer peers[],
			  size_t peers_n)
{
	char endpoint[ENDPOINT_BYTES];
	int code = zap_set_peers(&server->zap, peers, peers_n);

	if (code != 0)
		return code;
	memcpy(endpoint, server->endpoint, sizeof(endpoint));
	unbind(server);
	code = bind_and_prove(server, endpoint);
	for (int i = 0; code == -EADDRINUSE && i < BIND_TRIES; i++) {
		(void)zmq_poll(NULL, 0, BIND_PAUSE_MS);
		code = bind_and_prove(server, endpoint);
	}
	return code;
}

void link_server_set_key(struct link_server *server, const uint8_t secret[static LINK_KEY_BYTES])
{
	memcpy(server->secret, secret, LINK_KEY_BYTES);
	link_key_public(server->secret, server->public);
}

size_t link_server_poll(struct link_server *server, zmq_pollitem_t ret_items[static 2])
{
	if (server->socket == NULL)
		return 0;
	ret_items[0] = (zmq_pollitem_t){.socket = server->socket, .events = ZMQ_POLLIN};
	ret_items[1] = (zmq_pollitem_t){.socket = server->zap.socket, .events = ZMQ_POLLIN};
	return 2;
}

int link_server_pump(struct link_server *server)
{
	return zap_pump(&server->zap);
}

void link_message_free(struct link_message *message)
{
	buf_free(&message->payload);
	*message = (struct link_message){0};
}

/* A frame that does not end a message of two: the message is dropped, and its rest as it comes. */
static void drop_frame(struct link_server *server, zframe_t *frame)
{
	server->counts.dropped_frames++;
	server->is_draining = zframe_more(frame);
}

/* Checked frames become a message: 0, -EAGAIN when the sender is nobody (any more), -errno. */
static int accept_message(struct link_server *server, zframe_t *route, zframe_t *payload,
			  struct link_message *message)
{
	/* Only the payload frame tells it: the route frame has none after a poll (4.2). */
	const char *name = zframe_meta(payload, "User-Id");
	const char *address = zframe_meta(payload, "Peer-Address");

	if (!zap_is_listed(&server->zap, name)) {
		server->counts.dropped_peers++;
		return -EAGAIN;
	}
	buf_clear(&message->payload);
	buf_add(&message->payload, zframe_data(payload), zframe_size(payload));
	if (message->payload.error != 0)
		return message->payload.error;
	(void)snprintf(message->name, sizeof(message->name), "%s", name);
	(void)snprintf(message->address, sizeof(message->address), "%s",
		       address != NULL ? address : "");
	memcpy(message->route, zframe_data(route), zframe_size(route));
	message->route_n = zframe_size(route);
	server->counts.received++;
	return 0;
}

/* One message or one dropped frame: 0, -EAGAIN nothing there, -EBADMSG dropped, -errno. */
static int receive_one(struct link_server *server, struct link_message *message)
{
	own(zframe_destroy) zframe_t *first = zframe_recv(server->socket);
	own(zframe_destroy) zframe_t *payload = NULL;
	int code;

	if (first == NULL)
		return errno == EINTR ? -EAGAIN : fail(-errno);
	if (server->is_draining || !zframe_more(first)) {
		drop_frame(server, first);
		return -EBADMSG;
	}
	payload = zframe_recv(server->socket); /* a message is there whole or not at all */
	if (payload == NULL)
		return fail(-errno);
	if (zframe_more(payload) || zframe_size(first) > LINK_ROUTE_BYTES) {
		drop_frame(server, payload);
		return -EBADMSG;
	}
	code = accept_message(server, first, payload, message);
	return code == -EAGAIN ? -EBADMSG : code;
}

int link_server_receive(struct link_server *server, struct link_message *message)
{
	int code = -EBADMSG;

	if (server->socket == NULL)
		return fail(-ENOTCONN);
	for (int i = 0; code == -EBADMSG && i < FRAMES_AT_ONCE; i++)
		code = receive_one(server, message);
	return code == -EBADMSG ? -EAGAIN : code;
}

int link_server_send(struct link_server *server, const uint8_t *route, size_t route_n,
		     const void *payload, size_t n)
{
	zmq_msg_t frame;

	if (n > LINK_MESSAGE_BYTES)
		return fail(-EMSGSIZE);
	if (server->socket == NULL)
		return fail(-ENOTCONN);
	/* Made first, so that nothing can fail once the route has been sent. */
	if (zmq_msg_init_size(&frame, n) != 0)
		return fail(-errno);
	if (n > 0)
		memcpy(zmq_msg_data(&frame), payload, n);
	if (zmq_send(server->socket, route, route_n, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0 ||
	    zmq_msg_send(&frame, server->socket, ZMQ_DONTWAIT) < 0) {
		int code = errno == EINTR ? -EAGAIN : -errno;

		server->counts.send_full += code == -EAGAIN;
		(void)zmq_msg_close(&frame);
		return fail(code);
	}
	server->counts.sent++;
	return 0;
}

void link_server_counts(const struct link_server *server, struct link_counts *ret_counts)
{
	*ret_counts = server->counts;
	ret_counts->accepted = server->zap.accepted;
	ret_counts->refused_keys = server->zap.refused;
}
