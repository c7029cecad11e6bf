#include "lib/zap.h"

#include <assert.h>
#include <czmq.h>
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fail.h"
#include "lib/own.h"
#include "lib/tune.h"

#define ZAP_ENDPOINT "inproc://zeromq.zap.01"
#define ZAP_VERSION "1.0"
#define REQUESTS_AT_ONCE 256
#define PROOF_US (3UL * 1000 * 1000)
#define PROOF_STEP_MS 100

static const struct tune ZAP_OPTIONS[] = {
	{ZMQ_LINGER, 0},
	{ZMQ_RCVTIMEO, 0},
	{ZMQ_SNDTIMEO, 0},
};

/* Frames of a request that matter; key is NULL when one of them is missing. */
struct request {
	zframe_t *version, *id, *domain, *mechanism, *key;
};

int zap_open(struct zap *zap, void *context, const char *domain)
{
	int code;

	assert(zap->socket == NULL);
	if (*domain == '\0' || strlen(domain) >= sizeof(zap->domain))
		return fail(-EINVAL);
	if (sodium_init() < 0)
		return fail(-ENOSYS);
	zap->socket = zmq_socket(context, ZMQ_REP);
	if (zap->socket == NULL)
		return fail(-errno);
	code = tune_set(zap->socket, ZAP_OPTIONS, array_n(ZAP_OPTIONS));
	if (code == 0 && zmq_bind(zap->socket, ZAP_ENDPOINT) != 0)
		code = fail(-errno);
	if (code != 0)
		tune_close(&zap->socket);
	else
		memcpy(zap->domain, domain, strlen(domain) + 1);
	return code;
}

void zap_close(struct zap *zap)
{
	tune_close(&zap->socket);
}

void zap_free(struct zap *zap)
{
	zap_close(zap);
	mem_free(&zap->peers);
	zap->peers_n = 0;
}

int zap_set_peers(struct zap *zap, const struct link_peer peers[], size_t peers_n)
{
	own(mem_free) struct link_peer *copy = NULL;

	for (size_t i = 0; i < peers_n; i++) {
		size_t length = strnlen(peers[i].name, sizeof(peers[i].name));

		if (length == 0 || length == sizeof(peers[i].name))
			return fail(-EINVAL);
	}
	copy = calloc(peers_n + 1, sizeof(*copy));
	if (copy == NULL)
		return fail(-ENOMEM);
	if (peers_n > 0)
		memcpy(copy, peers, peers_n * sizeof(*copy));
	free(zap->peers);
	zap->peers = take(copy);
	zap->peers_n = peers_n;
	return 0;
}

bool zap_is_listed(const struct zap *zap, const char *name)
{
	for (size_t i = 0; name != NULL && i < zap->peers_n; i++)
		if (strcmp(zap->peers[i].name, name) == 0)
			return true;
	return false;
}

static const struct link_peer *peer_of(const struct zap *zap, const uint8_t *key)
{
	for (size_t i = 0; i < zap->peers_n; i++)
		if (memcmp(zap->peers[i].key, key, LINK_KEY_BYTES) == 0)
			return &zap->peers[i];
	return NULL;
}

/* Request: version, request id, domain, address, routing id, mechanism, credentials. */
static struct request request_of(zmsg_t *message)
{
	zframe_t *frames[7] = {0};
	zframe_t *frame = zmsg_first(message);

	/* zmsg_next() starts anew after its NULL. */
	for (size_t i = 0; i < array_n(frames) && frame != NULL; i++) {
		frames[i] = frame;
		frame = zmsg_next(message);
	}
	return (struct request){frames[0], frames[1], frames[2], frames[5], frames[6]};
}

/* The peer a request may go in as, NULL for none. */
static const struct link_peer *judge(struct zap *zap, const struct request *request)
{
	if (request->key == NULL || !zframe_streq(request->version, ZAP_VERSION) ||
	    !zframe_streq(request->domain, zap->domain) ||
	    !zframe_streq(request->mechanism, "CURVE") ||
	    zframe_size(request->key) != LINK_KEY_BYTES)
		return NULL;
	return peer_of(zap, zframe_data(request->key));
}

static void note_stranger(struct zap *zap, const struct request *request)
{
	if (request->key != NULL && zframe_size(request->key) == LINK_KEY_BYTES &&
	    memcmp(zframe_data(request->key), zap->stranger, LINK_KEY_BYTES) == 0)
		zap->is_stranger_refused = true;
}

/* Reply: version, request id, status, text, user id, metadata. */
static void answer(struct zap *zap, zmsg_t *message)
{
	struct request request = request_of(message);
	const struct link_peer *peer = judge(zap, &request);
	zmsg_t *reply = zmsg_new();

	zmsg_addstr(reply, ZAP_VERSION);
	if (request.id != NULL)
		zmsg_addmem(reply, zframe_data(request.id), zframe_size(request.id));
	else
		zmsg_addstr(reply, "");
	zmsg_addstr(reply, peer != NULL ? "200" : "400");
	zmsg_addstr(reply, peer != NULL ? "OK" : "No");
	zmsg_addstr(reply, peer != NULL ? peer->name : "");
	zmsg_addstr(reply, "");
	if (peer != NULL) {
		zap->accepted++;
	} else {
		zap->refused++;
		note_stranger(zap, &request);
	}
	(void)zmsg_send(&reply, zap->socket); /* a session that is gone needs no answer */
	zmsg_destroy(&reply);
}

int zap_pump(struct zap *zap)
{
	for (int i = 0; zap->socket != NULL && i < REQUESTS_AT_ONCE; i++) {
		own(zmsg_destroy) zmsg_t *message = zmsg_recv(zap->socket);

		/* EFSM: an answer could not be sent, and no more requests will come. */
		if (message == NULL)
			return errno == EAGAIN || errno == EINTR ? 0 : fail(-ENOTCONN);
		answer(zap, message);
	}
	return 0;
}

static int wait_for_refusal(struct zap *zap, struct link_client *client)
{
	enum link_event event = LINK_NOTHING;
	void *stopwatch = zmq_stopwatch_start();
	zmq_pollitem_t items[3];

	(void)link_client_poll(client, items);
	items[2] = (zmq_pollitem_t){.socket = zap->socket, .events = ZMQ_POLLIN};
	while (event == LINK_NOTHING && zmq_stopwatch_intermediate(stopwatch) < PROOF_US) {
		(void)zmq_poll(items, array_n(items), PROOF_STEP_MS);
		if (zap_pump(zap) != 0)
			break;
		event = link_client_event(client);
	}
	(void)zmq_stopwatch_stop(stopwatch);
	return event == LINK_REFUSED && zap->is_stranger_refused ? 0 : fail(-EPROTO);
}

int zap_prove(struct zap *zap, const char *endpoint,
	      const uint8_t server_key[static LINK_KEY_BYTES])
{
	own(link_client_close) struct link_client *client = NULL;
	uint8_t secret[LINK_KEY_BYTES];
	int code;

	randombytes_buf(secret, sizeof(secret));
	link_key_public(secret, zap->stranger);
	zap->is_stranger_refused = false;
	code = link_client_open(&(struct link_client_settings){.endpoint = endpoint,
							       .server_key = server_key,
							       .secret = secret},
				&client);
	sodium_memzero(secret, sizeof(secret));
	return code == 0 ? wait_for_refusal(zap, client) : code;
}
