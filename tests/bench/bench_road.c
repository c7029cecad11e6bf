#include "tests/bench/bench_road.h"

#include "lib/own.h"
#include "lib/tune.h"
#include "lib/vault.h"
#include "proto/wire.h"
#include "tests/bench/bench_site_at.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER_MS 30000

static int add_member(struct buf *text, const char *name, const uint8_t *sign, const uint8_t *link)
{
	struct roster_member member = {0};

	(void)snprintf(member.name, sizeof(member.name), "%s", name);
	memcpy(member.sign, sign, sizeof(member.sign));
	memcpy(member.link, link, sizeof(member.link));
	roster_add_card(text, &member);
	return text->error;
}

/* Keys for everybody, and the roster that names them. */
static int make_keys(struct bench_road *road)
{
	own(buf_free) struct buf text = {0};
	own(sign_key_free) struct sign_key *hub = NULL;
	uint8_t public[LINK_KEY_BYTES];
	struct fault fault = {0};
	int error;

	secret_random(road->hub_seed, sizeof(road->hub_seed));
	secret_random(road->hub_link, sizeof(road->hub_link));
	link_key_public(road->hub_link, road->hub_public);
	error = sign_key_new(road->hub_seed, &hub);
	roster_add_head(&text, 1);
	if (error == 0)
		error = add_member(&text, ROSTER_HUB, sign_key_public(hub), road->hub_public);
	for (size_t i = 0; i < road->peers_n && error == 0; i++) {
		struct bench_peer *peer = &road->peers[i];

		secret_random(peer->seed, sizeof(peer->seed));
		secret_random(peer->link, sizeof(peer->link));
		link_key_public(peer->link, public);
		error = sign_key_new(peer->seed, &peer->key);
		if (error == 0)
			error = add_member(&text, road->programme->sites[i].id,
					   sign_key_public(peer->key), public);
	}
	if (error == 0)
		error = roster_read("bench", text.data, text.n, road->roster, &fault);
	if (error == -EBADMSG)
		(void)fprintf(stderr, "bench: %s: %s\n", fault.code, fault.reason);
	return error;
}

/* One site's release number n, packed as the message it travels in. */
static int make_release(const struct programme *programme, const char *site, uint64_t n,
			uint8_t prev[static SIGN_HASH_BYTES], struct bench_peer *peer)
{
	uint32_t period = period_of_day(programme->operation.from) + (uint32_t)n - 1;
	own(mem_free) struct release_body *body = calloc(1, sizeof(*body));
	own(release_free) struct release release = {0};
	own(buf_free) struct buf payload = {0};
	struct msg msg = {.type = MSG_RELEASE};
	int error;

	if (body == NULL)
		return fail(-ENOMEM);
	(void)snprintf(body->site, sizeof(body->site), "%s", site);
	body->n = n;
	body->period = period;
	memcpy(body->programme, programme->hash, sizeof(body->programme));
	body->at_closed = BENCH_AT;
	for (size_t m = 0; m < programme->measures_n; m++) {
		body->figures.is_due[m] = programme_is_due(&programme->measures[m], period);
		for (size_t c = 0; c < programme->measures[m].cells_n; c++)
			body->figures.cells[m][c].value = programme->policy.k + (uint32_t)(n + c);
	}
	error = release_pack(body, programme, &payload);
	if (error < 0)
		return error;
	release_sign(&release, n, prev, &payload, peer->key);
	msg.RELEASE.n = n;
	memcpy(msg.RELEASE.prev, prev, SIGN_HASH_BYTES);
	msg.RELEASE.payload = release.payload.data;
	msg.RELEASE.payload_n = release.payload.n;
	memcpy(msg.RELEASE.signature, release.signature, SIGN_BYTES);
	msg_pack(&msg, &peer->messages[n - 1]);
	memcpy(prev, release.hash, SIGN_HASH_BYTES);
	peer->token_at = 4; /* array of 5, type, bin 8 of 16 */
	return peer->messages[n - 1].error;
}

static int make_chains(struct bench_road *road)
{
	int error = 0;

	for (size_t i = 0; i < road->peers_n; i++) {
		const char *site = road->programme->sites[i].id;
		uint8_t prev[SIGN_HASH_BYTES];

		sign_chain_start(site, prev);
		for (uint64_t n = 1; n <= BENCH_MONTHS && error == 0; n++)
			error = make_release(road->programme, site, n, prev, &road->peers[i]);
	}
	return error;
}

int bench_road_open(const struct bench_settings *settings, const char *name, size_t sites,
		    struct bench_road **ret_road)
{
	own(bench_road_close) struct bench_road *road = calloc(1, sizeof(*road));
	int error;

	if (road == NULL)
		return fail(-ENOMEM);
	road->settings = settings;
	road->peers_n = sites;
	bench_path(settings, name, road->dir);
	road->roster = calloc(1, sizeof(*road->roster));
	if (road->roster == NULL)
		return fail(-ENOMEM);
	error = bench_programme(settings, sites, &road->programme);
	if (error == 0)
		error = make_keys(road);
	if (error == 0)
		error = make_chains(road);
	if (error == 0)
		*ret_road = take(road);
	return error;
}

void bench_road_close(struct bench_road **road)
{
	if (*road == NULL)
		return;
	bench_road_stop(*road);
	for (size_t i = 0; i < (*road)->peers_n; i++) {
		sign_key_free(&(*road)->peers[i].key);
		for (size_t n = 0; n < BENCH_MONTHS; n++)
			buf_free(&(*road)->peers[i].messages[n]);
	}
	programme_free(&(*road)->programme);
	free((*road)->roster);
	free(*road);
	*road = NULL;
}

/* ---- a hub ---- */

/* A port nobody has, for a moment. */
static int find_port(struct bench_road *road)
{
	own(fd_close) int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(address);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, n) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &n) != 0)
		return fail(-errno);
	(void)snprintf(road->endpoint, sizeof(road->endpoint), "tcp://127.0.0.1:%u",
		       ntohs(address.sin_port));
	return 0;
}

static int dial(struct bench_road *road, struct bench_peer *peer)
{
	uint8_t public[LINK_KEY_BYTES];
	int wait_ms = ANSWER_MS;
	int error;

	peer->socket = zmq_socket(road->context, ZMQ_DEALER);
	if (peer->socket == NULL)
		return fail(-errno);
	link_key_public(peer->link, public);
	error = tune_link(peer->socket, road->endpoint, MSG_BYTES_MAX);
	if (error == 0)
		error = tune_key(peer->socket, ZMQ_CURVE_SERVERKEY, road->hub_public);
	if (error == 0)
		error = tune_key(peer->socket, ZMQ_CURVE_PUBLICKEY, public);
	if (error == 0)
		error = tune_key(peer->socket, ZMQ_CURVE_SECRETKEY, peer->link);
	if (error < 0)
		return error;
	(void)zmq_setsockopt(peer->socket, ZMQ_RCVTIMEO, &wait_ms, sizeof(wait_ms));
	(void)zmq_setsockopt(peer->socket, ZMQ_SNDTIMEO, &wait_ms, sizeof(wait_ms));
	return zmq_connect(peer->socket, road->endpoint) == 0 ? 0 : fail(-errno);
}

/* HELLO, and the token of the WELCOME. */
static int greet(struct bench_road *road, const char *site, struct bench_peer *peer)
{
	own(buf_free) struct buf packed = {0};
	struct msg msg = {.type = MSG_HELLO};
	uint8_t answer[512];
	int n;

	msg.HELLO.protocol = WIRE_PROTOCOL;
	secret_random(msg.HELLO.nonce, sizeof(msg.HELLO.nonce));
	(void)snprintf(msg.HELLO.site, sizeof(msg.HELLO.site), "%s", site);
	sign_chain_start(site, msg.HELLO.hash);
	memcpy(msg.HELLO.programme, road->programme->hash, sizeof(msg.HELLO.programme));
	msg.HELLO.epoch = road->roster->epoch;
	memcpy(msg.HELLO.roster, road->roster->hash, sizeof(msg.HELLO.roster));
	msg_pack(&msg, &packed);
	if (zmq_send(peer->socket, packed.data, packed.n, 0) < 0)
		return fail(-errno);
	n = zmq_recv(peer->socket, answer, sizeof(answer), 0);
	if (n < 0 || n > (int)sizeof(answer))
		return fail(n < 0 ? -errno : -EMSGSIZE);
	if (msg_unpack(answer, (size_t)n, FROM_HUB, &msg) != 0 || msg.type != MSG_WELCOME)
		return fail(-EPROTO);
	memcpy(peer->token, msg.WELCOME.token, sizeof(peer->token));
	return 0;
}

static int connect_peers(struct bench_road *road, bool is_bare)
{
	int error = 0;

	road->context = zmq_ctx_new();
	if (road->context == NULL)
		return fail(-errno);
	for (size_t i = 0; i < road->peers_n && error == 0; i++) {
		struct bench_peer *peer = &road->peers[i];

		memset(peer->token, 0, sizeof(peer->token));
		peer->sent = peer->received = peer->results = 0;
		error = dial(road, peer);
		/* The first answer of a bare hub is to an empty greeting. */
		if (error == 0 && is_bare)
			error = zmq_send(peer->socket, "h", 1, 0) == 1 &&
						zmq_recv(peer->socket, peer->token, 16, 0) > 0
					? 0
					: fail(-errno);
		else if (error == 0)
			error = greet(road, road->programme->sites[i].id, peer);
		for (size_t n = 0; n < BENCH_MONTHS; n++)
			memcpy(peer->messages[n].data + peer->token_at, peer->token,
			       sizeof(peer->token));
	}
	return error;
}

/* What the hub logs goes to a file, as it would to a journal. */
static int log_apart(const struct bench_road *road)
{
	char path[BENCH_PATH_BYTES];

	(void)snprintf(path, sizeof(path), "%.4000s/log", road->dir);
	return freopen(path, "w", stderr) == NULL ? fail(-errno) : 0;
}

int bench_road_start(struct bench_road *road, bench_serve_fn *serve, bool is_bare)
{
	int error = find_port(road);

	if (error < 0)
		return error;
	bench_remove(road->dir);
	(void)mkdir(road->dir, 0700);
	(void)fflush(NULL);
	road->hub = fork();
	if (road->hub < 0)
		return fail(-errno);
	if (road->hub == 0)
		_exit(log_apart(road) < 0 || serve(road) < 0 ? 1 : 0);
	error = connect_peers(road, is_bare);
	if (error < 0)
		bench_road_stop(road);
	return error;
}

void bench_road_stop(struct bench_road *road)
{
	for (size_t i = 0; i < road->peers_n; i++)
		tune_close(&road->peers[i].socket);
	tune_term(&road->context);
	if (road->hub > 0) {
		(void)kill(road->hub, SIGKILL);
		(void)waitpid(road->hub, NULL, 0);
		road->hub = 0;
	}
	if (road->dir[0] != '\0')
		bench_remove(road->dir);
}

/* ---- a site ---- */

int bench_peer_send(struct bench_peer *peer)
{
	const struct buf *message = &peer->messages[peer->sent];

	if (zmq_send(peer->socket, message->data, message->n, ZMQ_DONTWAIT) < 0)
		return errno == EAGAIN ? -EAGAIN : fail(-errno);
	peer->at_sent[++peer->sent] = bench_now_s();
	return 0;
}

int bench_peer_take(struct bench_peer *peer)
{
	int error = 0;
	zmq_msg_t frame;

	(void)zmq_msg_init(&frame);
	while (error == 0 && zmq_msg_recv(&frame, peer->socket, ZMQ_DONTWAIT) >= 0) {
		struct msg msg = {0};

		error = msg_unpack(zmq_msg_data(&frame), zmq_msg_size(&frame), FROM_HUB, &msg);
		if (error == 0 && msg.type == MSG_RECEIPT)
			peer->received = msg.RECEIPT.n;
		if (error == 0 && msg.type == MSG_RESULT)
			peer->results++;
		if (error == 0 && msg.type == MSG_REFUSAL) {
			(void)fprintf(stderr, "bench: the hub refused: %s\n", msg.REFUSAL.code);
			error = fail(-EBADMSG);
		}
	}
	(void)zmq_msg_close(&frame);
	return error;
}
