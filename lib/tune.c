#include "lib/tune.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <zmq.h>

#include "lib/fail.h"
#include "lib/own.h"

/* CURVE wraps a frame in 33 bytes (RFC 26: command name, nonce, box, flags), and libzmq measures
 * what comes off the wire. */
#define CURVE_BYTES 33

/* A dead peer that said nothing is noticed after 60 + 3 * 20 seconds, or when what was sent to it
 * is unacknowledged for a minute. A handshake takes 8 s on a line of 1 kbit/s: with 5 s for it such
 * a site never comes in. */
static const struct tune LINK_OPTIONS[] = {
	{ZMQ_LINGER, 0},
	{ZMQ_RCVTIMEO, 0},
	{ZMQ_SNDTIMEO, 0},
	{ZMQ_RCVHWM, 8},
	{ZMQ_SNDHWM, 8},
	{ZMQ_HANDSHAKE_IVL, 20000},
	{ZMQ_TCP_KEEPALIVE, 1},
	{ZMQ_TCP_KEEPALIVE_IDLE, 60},
	{ZMQ_TCP_KEEPALIVE_INTVL, 20},
	{ZMQ_TCP_KEEPALIVE_CNT, 3},
	{ZMQ_TCP_MAXRT, 60000},
};

int tune_set(void *socket, const struct tune rows[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (zmq_setsockopt(socket, rows[i].option, &rows[i].value, sizeof(rows[i].value)))
			return fail(-errno);
	return 0;
}

/* With ZMQ_IPV6 a dotted address would be bound and told as ::ffff:a.b.c.d. */
static int wants_ipv6(const char *endpoint)
{
	const char *host = strstr(endpoint, "://");
	const char *end;

	if (host == NULL)
		return 1;
	host += 3;
	end = host + strspn(host, "0123456789.");
	return end == host || *end != ':';
}

int tune_link(void *socket, const char *endpoint, int64_t largest_bytes)
{
	const struct tune ipv6 = {ZMQ_IPV6, wants_ipv6(endpoint)};
	const int64_t wrapped_bytes = largest_bytes + CURVE_BYTES;
	int code = tune_set(socket, LINK_OPTIONS, array_n(LINK_OPTIONS));

	if (code == 0)
		code = tune_set(socket, &ipv6, 1);
	if (code == 0 &&
	    zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &wrapped_bytes, sizeof(wrapped_bytes)))
		code = fail(-errno);
	return code;
}

int tune_key(void *socket, int option, const uint8_t key[static 32])
{
	return zmq_setsockopt(socket, option, key, 32) ? fail(-errno) : 0;
}

void tune_close(void **socket)
{
	if (*socket != NULL)
		(void)zmq_close(*socket);
	*socket = NULL;
}

void tune_term(void **context)
{
	while (*context != NULL && zmq_ctx_term(*context) != 0)
		assert(errno == EINTR);
	*context = NULL;
}
