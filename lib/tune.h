/*
 * The options of our ZeroMQ sockets, as tables (4.2), for both ends of lib/link and its ZAP
 * handler. Sockets are used from the caller's thread only and never wait: ZMQ_RCVTIMEO and
 * ZMQ_SNDTIMEO are 0.
 */
#ifndef MIA_LIB_TUNE_H
#define MIA_LIB_TUNE_H

#include <stddef.h>
#include <stdint.h>

/* One integer option, as zmq_setsockopt(3) names them. */
struct tune {
	int option;
	int value;
};

/* 0, or -errno of the first row that libzmq refuses. */
int tune_set(void *socket, const struct tune rows[], size_t n);

/* What every tcp socket of ours has: frames of at most largest_bytes before
 * encryption, eight waiting messages a
 * peer, 20 s for a handshake, no linger, TCP keepalive; IPv6 unless endpoint ("tcp://...") names a
 * dotted IPv4 address. 0 or -errno. */
int tune_link(void *socket, const char *endpoint, int64_t largest_bytes);

/* ZMQ_CURVE_SECRETKEY and its like, 32 bytes of binary: 0 or -errno. */
int tune_key(void *socket, int option, const uint8_t key[static 32]);

/* Close and leave NULL; NULL-safe. A context waits for its I/O thread, so that what was bound in it
 * is free afterwards. */
void tune_close(void **socket);
void tune_term(void **context);

#endif
