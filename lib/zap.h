/*
 * The ZAP handler (ZeroMQ RFC 27) of lib/link's listening end: it admits CURVE clients whose key is
 * on a list in memory, under the name the list gives them, and nobody else. It runs in the caller's
 * thread, bound before and closed after every other socket of its context (4.2).
 */
#ifndef MIA_LIB_ZAP_H
#define MIA_LIB_ZAP_H

#include "lib/link.h"

#include <stdbool.h>

#define ZAP_DOMAIN_BYTES 64

/* Valid when zeroed. */
struct zap {
	void *socket; /* REP */
	char domain[ZAP_DOMAIN_BYTES];
	struct link_peer *peers;
	size_t peers_n;
	uint64_t accepted, refused;
	uint8_t stranger[LINK_KEY_BYTES]; /* the throwaway key of the last proof */
	bool is_stranger_refused;
};

/* Binds the handler in context for domain (not empty), keeping the list it has: 0 or -errno. */
int zap_open(struct zap *zap, void *context, const char *domain);
/* Closes the socket; list and counters stay. */
void zap_close(struct zap *zap);
/* zap_close, and forgets the list. */
void zap_free(struct zap *zap);

/* Copies the list, which holds from now on: 0, -EINVAL for a name that is empty or not terminated,
 * -ENOMEM; the old list stays on failure. A name may stand twice, while its key is being changed.
 */
int zap_set_peers(struct zap *zap, const struct link_peer peers[], size_t peers_n);
/* Is there a key under that name? NULL is nobody. */
bool zap_is_listed(const struct zap *zap, const char *name);

/* Answers waiting requests, some hundred at most: 0, -ENOTCONN when the socket serves no more. Then
 * nobody is let in (the domain is enforced), and the caller must not go on as if all was well. */
int zap_pump(struct zap *zap);

/* Dials endpoint with a key made for the purpose and waits, pumping, for the refusal: 0; -EPROTO
 * when it was let in, when we did not refuse it ourselves, or when nothing came within 3 s; -errno.
 */
int zap_prove(struct zap *zap, const char *endpoint,
	      const uint8_t server_key[static LINK_KEY_BYTES]);

#endif
