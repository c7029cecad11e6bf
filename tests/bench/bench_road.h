/*
 * The road between sites and a hub, for the benches of both: a programme with so many sites, keys
 * for all, a hub in a process of its own (the real conductor, or a bare loop), and sites played by
 * plain CURVE sockets.
 */
#ifndef MIA_TESTS_BENCH_ROAD_H
#define MIA_TESTS_BENCH_ROAD_H

#include "lib/link.h"
#include "lib/sign.h"
#include "proto/msg.h"
#include "proto/release.h"
#include "proto/roster.h"
#include "tests/bench/bench.h"

#include <sys/types.h>

#define BENCH_SITES_MAX 64
#define BENCH_MONTHS 45 /* April 2017 to December 2020 */

struct bench_peer {
	uint8_t seed[SIGN_SEED_BYTES], link[LINK_KEY_BYTES];
	struct sign_key *key;
	void *socket; /* DEALER, or NULL */
	uint8_t token[MSG_TOKEN_BYTES];
	uint64_t sent, received; /* releases, and receipts for them */
	uint64_t results; /* county results that came */
	double at_sent[BENCH_MONTHS + 1];
	struct buf messages[BENCH_MONTHS]; /* RELEASE, packed; token at token_at */
	size_t token_at;
};

struct bench_road {
	const struct bench_settings *settings;
	struct programme *programme;
	struct roster *roster;
	uint8_t hub_seed[SIGN_SEED_BYTES], hub_link[LINK_KEY_BYTES], hub_public[LINK_KEY_BYTES];
	char endpoint[64], dir[BENCH_PATH_BYTES];
	struct bench_peer peers[BENCH_SITES_MAX];
	size_t peers_n;
	void *context;
	pid_t hub;
};

/* Keys, roster, and every site's chain signed beforehand; its hub's folder will be dir/name. 0 or
 * -errno, printed. */
int bench_road_open(const struct bench_settings *settings, const char *name, size_t sites,
		    struct bench_road **ret_road);
void bench_road_close(struct bench_road **road);

/* How a hub lives in its process: until it is ended from outside. */
typedef int bench_serve_fn(const struct bench_road *road);
bench_serve_fn bench_serve_real, bench_serve_bare;
/* Starts one with a new store and greets it as every site; is_bare: no greeting, all zero tokens.
 */
int bench_road_start(struct bench_road *road, bench_serve_fn *serve, bool is_bare);
void bench_road_stop(struct bench_road *road);

/* Sends the site's next release: 0 or -EAGAIN. */
int bench_peer_send(struct bench_peer *peer);
/* Takes what has come: receipts move received on. 0, or -EBADMSG when it was refused. */
int bench_peer_take(struct bench_peer *peer);

#endif
