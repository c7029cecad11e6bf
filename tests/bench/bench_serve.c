/*
 * Two hubs in a process of their own: the conductor as it is, and the bare loop beside it: drain
 * the socket, verify, append, one durable commit, then answer.
 */
#include "daemon/hub/hub.h"
#include "lib/own.h"
#include "lib/tune.h"
#include "lib/vault.h"
#include "proto/wire.h"
#include "tests/bench/bench_road.h"
#include "tests/bench/bench_site_at.h"

#include <errno.h>
#include <lmdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define ROUTE_BYTES 16
#define DRAIN_MAX 256

static const uint8_t vault_key[VAULT_KEY_BYTES] = "bench: a vault key, no secret...";

static struct room_time now(void)
{
	return (struct room_time){.at = BENCH_AT + 40 * 86400,
				  .mono_ms = (int64_t)(bench_now_s() * 1000.0)};
}

static int step_for_ever(struct room *room)
{
	int error = 0;

	while (error == 0) {
		zmq_pollitem_t items[4];
		size_t n = hub_face.poll(room, items);
		struct room_time time = now();
		int64_t at, mono_ms;
		long wait_ms = 1000;

		hub_face.due(room, &at, &mono_ms);
		if (mono_ms - time.mono_ms < wait_ms)
			wait_ms = mono_ms > time.mono_ms ? (long)(mono_ms - time.mono_ms) : 0;
		(void)zmq_poll(items, (int)n, wait_ms);
		time = now();
		error = hub_face.step(room, &time);
	}
	return error;
}

int bench_serve_real(const struct bench_road *road)
{
	const struct room_settings settings = {.owner = ROSTER_HUB,
					       .state_dir = road->dir,
					       .endpoint = road->endpoint,
					       .programme = road->programme,
					       .roster = road->roster,
					       .sign_seed = road->hub_seed,
					       .link_secret = road->hub_link,
					       .vault_key = vault_key,
					       .store_bytes = (uint64_t)64 << 20};
	struct room_time time = now();
	struct room *room = NULL;
	struct fault fault = {0};
	int error = hub_face.create(&settings, time.at, &fault);

	if (error == 0)
		error = hub_face.open(&settings, &time, &room, &fault);
	if (error == 0)
		error = step_for_ever(room);
	return bench_failed("the hub", error);
}

/* ---- bare ---- */

struct bare_answer {
	uint8_t route[ROUTE_BYTES];
	size_t route_n;
	struct msg_RECEIPT receipt;
	bool is_greeting;
};

struct bare_hub {
	const struct bench_road *road;
	struct link_server *server;
	struct link_message message;
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi table;
	uint64_t rows;
	struct bare_answer answers[DRAIN_MAX];
	size_t answers_n;
};

static int open_bare(struct bare_hub *bare)
{
	const struct bench_road *road = bare->road;
	struct link_peer peers[BENCH_SITES_MAX] = {0};
	const struct link_server_settings settings = {.endpoint = road->endpoint,
						      .domain = WIRE_DOMAIN,
						      .secret = road->hub_link};
	int error;

	for (size_t i = 0; i < road->peers_n; i++) {
		(void)snprintf(peers[i].name, sizeof(peers[i].name), "%s",
			       road->programme->sites[i].id);
		link_key_public(road->peers[i].link, peers[i].key);
	}
	error = link_server_open(&settings, peers, road->peers_n, &bare->server);
	if (error == 0 &&
	    (mdb_env_create(&bare->env) != 0 ||
	     mdb_env_set_mapsize(bare->env, (size_t)1 << 30) != 0 ||
	     mdb_env_open(bare->env, road->dir, 0, 0600) != 0 ||
	     mdb_txn_begin(bare->env, NULL, 0, &bare->txn) != 0 ||
	     mdb_dbi_open(bare->txn, NULL, 0, &bare->table) != 0 || mdb_txn_commit(bare->txn) != 0))
		error = fail(-EIO);
	bare->txn = NULL;
	return error;
}

static int append_release(struct bare_hub *bare, const struct msg *msg)
{
	uint64_t number = htobe64(++bare->rows);
	MDB_val key = {sizeof(number), &number};
	MDB_val value = {msg->RELEASE.payload_n, (void *)(uintptr_t)msg->RELEASE.payload};

	if (bare->txn == NULL && mdb_txn_begin(bare->env, NULL, 0, &bare->txn) != 0)
		return fail(-EIO);
	return mdb_put(bare->txn, bare->table, &key, &value, MDB_APPEND) == 0 ? 0 : fail(-EIO);
}

static int take_release(struct bare_hub *bare, const struct msg *msg, struct bare_answer *answer)
{
	const struct roster_member *member = roster_find(bare->road->roster, bare->message.name);
	struct release release = {.n = msg->RELEASE.n};
	bool is_good;

	memcpy(release.prev, msg->RELEASE.prev, sizeof(release.prev));
	memcpy(release.signature, msg->RELEASE.signature, sizeof(release.signature));
	buf_add(&release.payload, msg->RELEASE.payload, msg->RELEASE.payload_n);
	is_good = member != NULL && release_verify(&release, member->sign);
	answer->receipt.n = release.n;
	memcpy(answer->receipt.hash, release.hash, sizeof(release.hash));
	release_free(&release);
	return is_good ? append_release(bare, msg) : fail(-EBADMSG);
}

static int take_message(struct bare_hub *bare)
{
	struct bare_answer *answer = &bare->answers[bare->answers_n++];
	struct msg msg;

	*answer = (struct bare_answer){.route_n = bare->message.route_n};
	memcpy(answer->route, bare->message.route, bare->message.route_n);
	answer->is_greeting = bare->message.payload.n == 1;
	if (answer->is_greeting)
		return 0;
	if (msg_unpack(bare->message.payload.data, bare->message.payload.n, FROM_SITE, &msg) != 0)
		return fail(-EBADMSG);
	return take_release(bare, &msg, answer);
}

static int answer_all(struct bare_hub *bare)
{
	int error = 0;

	if (bare->txn != NULL && mdb_txn_commit(take(bare->txn)) != 0)
		return fail(-EIO);
	for (size_t i = 0; i < bare->answers_n && error == 0; i++) {
		struct bare_answer *answer = &bare->answers[i];
		own(buf_free) struct buf packed = {0};
		struct msg msg = {.type = MSG_RECEIPT, .RECEIPT = answer->receipt};

		msg_pack(&msg, &packed);
		error = link_server_send(bare->server, answer->route, answer->route_n, packed.data,
					 answer->is_greeting ? 16 : packed.n);
	}
	bare->answers_n = 0;
	return error;
}

int bench_serve_bare(const struct bench_road *road)
{
	static struct bare_hub bare;
	int error;

	bare.road = road;
	error = open_bare(&bare);
	while (error == 0) {
		zmq_pollitem_t items[2];
		size_t n = link_server_poll(bare.server, items);

		(void)zmq_poll(items, (int)n, 1000);
		link_server_pump(bare.server);
		while (error == 0 && bare.answers_n < DRAIN_MAX &&
		       link_server_receive(bare.server, &bare.message) == 0)
			error = take_message(&bare);
		if (error == 0)
			error = answer_all(&bare);
	}
	return bench_failed("the bare hub", error);
}
