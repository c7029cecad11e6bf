/*
 * CURVE links over tcp with a ZAP handler of our own (4.2): only keys of an in-memory list are let
 * in, the domain is enforced, and a throwaway key that must be refused proves it at every start and
 * change. libzmq is never the queue. A message is one frame; anything longer is counted and
 * dropped.
 */
#ifndef MIA_LIB_LINK_H
#define MIA_LIB_LINK_H

#include "lib/buf.h"

#include <stdbool.h>
#include <zmq.h>

#define LINK_KEY_BYTES 32
#define LINK_NAME_BYTES 48
#define LINK_MESSAGE_BYTES (1024 * 1024)
#define LINK_ROUTE_BYTES 16
#define LINK_ADDRESS_BYTES 64

/* A CURVE key pair; the secret half lies in locked memory of the caller's. */
void link_key_public(const uint8_t secret[static LINK_KEY_BYTES],
		     uint8_t ret_public[static LINK_KEY_BYTES]);

struct link_peer {
	char name[LINK_NAME_BYTES]; /* becomes the User-Id */
	uint8_t key[LINK_KEY_BYTES]; /* CURVE public key */
};

/* ---- the end that listens ---- */
struct link_server;

struct link_server_settings {
	const char *endpoint; /* "tcp://[::]:5670"; port 0 or * takes a free one */
	const char *domain; /* ZAP domain, never empty */
	const uint8_t *secret; /* LINK_KEY_BYTES */
};

/* Counters since start, for status and tests. */
struct link_counts {
	uint64_t accepted, refused_keys, dropped_frames, dropped_peers, received, sent, send_full;
};

/* Binds the ZAP handler, sets the list, binds the socket and runs the self-test: 0, -EADDRINUSE,
 * -EPROTO when the throwaway key was let in, -errno. */
int link_server_open(const struct link_server_settings *settings, const struct link_peer peers[],
		     size_t peers_n, struct link_server **ret_server);
void link_server_close(struct link_server **server);
/* "tcp://127.0.0.1:40123": what it is bound to. */
const char *link_server_endpoint(const struct link_server *server);
/* Replaces the list, closes and re-binds (live peers of a key no longer listed are gone), self-test
 * again. */
int link_server_set_peers(struct link_server *server, const struct link_peer peers[],
			  size_t peers_n);
/* Another key of our own, in force from the next set_peers on. */
void link_server_set_key(struct link_server *server, const uint8_t secret[static LINK_KEY_BYTES]);
/* Two poll items (socket, ZAP handler), ZMQ_POLLIN; ask again after each set_peers, which makes new
 * ones. None (0) after a set_peers that failed. */
size_t link_server_poll(struct link_server *server, zmq_pollitem_t ret_items[static 2]);
/* Answers waiting ZAP requests; call whenever the loop wakes: 0, -ENOTCONN when the handler is
 * dead: it lets nobody in, and its daemon must end. */
int link_server_pump(struct link_server *server);

/* A message from a listed peer. name comes from the payload frame's User-Id and was checked against
 * the list as it is now. */
struct link_message {
	char name[LINK_NAME_BYTES];
	uint8_t route[LINK_ROUTE_BYTES]; /* where an answer goes */
	size_t route_n;
	char address[LINK_ADDRESS_BYTES]; /* the sender's IP address as libzmq tells it, "" unknown
					   */
	struct buf payload;
};
void link_message_free(struct link_message *message);
/* The next message without waiting: 0, -EAGAIN none, -errno. Reuses message's memory. */
int link_server_receive(struct link_server *server, struct link_message *message);
/* Sends without waiting: 0, -EHOSTUNREACH gone, -EAGAIN its queue is full (the caller keeps what it
 * had). */
int link_server_send(struct link_server *server, const uint8_t *route, size_t route_n,
		     const void *payload, size_t n);
void link_server_counts(const struct link_server *server, struct link_counts *ret_counts);

/* ---- the end that dials ---- */
struct link_client;

struct link_client_settings {
	const char *endpoint; /* "tcp://hub.example:5670" */
	const uint8_t *server_key; /* LINK_KEY_BYTES, the pinned CURVE key of the hub */
	const uint8_t *secret; /* LINK_KEY_BYTES, our own */
};

enum link_event {
	LINK_NOTHING,
	LINK_CONNECTED,
	LINK_DISCONNECTED,
	LINK_REFUSED /* handshake or authentication failed */
};

int link_client_open(const struct link_client_settings *settings, struct link_client **ret_client);
void link_client_close(struct link_client **client);
/* Two poll items (socket, monitor). */
size_t link_client_poll(struct link_client *client, zmq_pollitem_t ret_items[static 2]);
/* What happened to the connection since last asked, LINK_NOTHING when nothing more did. After
 * anything but CONNECTED: close and open anew (4.2). */
enum link_event link_client_event(struct link_client *client);
int link_client_receive(
	struct link_client *client,
	struct buf *ret_payload); /* 0, -EAGAIN, -EMSGSIZE dropped, -errno; replaces the content */
int link_client_send(struct link_client *client, const void *payload,
		     size_t n); /* 0, -EAGAIN, -errno */

#endif
