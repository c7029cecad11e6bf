/*
 * The hub: releases a second from 64 sites that all have a whole chain to send, and how long one
 * release takes from a site's socket to its receipt.
 */
#include "lib/own.h"
#include "proto/wire.h"
#include "tests/bench/bench_road.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define WAIT_MS 30000

static bool is_done(const struct bench_road *road, uint64_t releases)
{
	for (size_t i = 0; i < road->peers_n; i++)
		if (road->peers[i].received < releases)
			return false;
	return true;
}

/* One look at every site: takes receipts in, sends while its window is open. */
static int pump(struct bench_road *road, uint64_t releases, size_t window)
{
	int error = 0;

	for (size_t i = 0; i < road->peers_n && error == 0; i++) {
		struct bench_peer *peer = &road->peers[i];

		error = bench_peer_take(peer);
		while (error == 0 && peer->sent < releases && peer->sent - peer->received < window)
			error = bench_peer_send(peer);
		if (error == -EAGAIN)
			error = 0;
	}
	return error;
}

static int wait_for_peers(const struct bench_road *road)
{
	zmq_pollitem_t items[BENCH_SITES_MAX];

	for (size_t i = 0; i < road->peers_n; i++)
		items[i] = (zmq_pollitem_t){.socket = road->peers[i].socket, .events = ZMQ_POLLIN};
	return zmq_poll(items, (int)road->peers_n, WAIT_MS) > 0 ? 0 : fail(-ETIMEDOUT);
}

static int exchange(struct bench_road *road, uint64_t releases, size_t window)
{
	int error = pump(road, releases, window);

	while (error == 0 && !is_done(road, releases)) {
		error = wait_for_peers(road);
		if (error == 0)
			error = pump(road, releases, window);
	}
	return error;
}

/* Releases a second of a hub. */
static int time_hub(struct bench_road *road, bench_serve_fn *serve, bool is_bare, double *ret_rate)
{
	int error = bench_road_start(road, serve, is_bare);
	double start = bench_now_s();

	if (error == 0)
		error = exchange(road, BENCH_MONTHS, WIRE_WINDOW);
	*ret_rate = (double)(road->peers_n * BENCH_MONTHS) / (bench_now_s() - start);
	bench_road_stop(road);
	return error < 0 ? bench_failed(is_bare ? "the bare hub" : "the hub", error) : 0;
}

int bench_hub(const struct bench_settings *settings)
{
	own(bench_road_close) struct bench_road *road = NULL;
	struct bench_row row = bench_row("hub", "releases/s", ">= 0.7");
	int error = bench_road_open(settings, "hub", BENCH_SITES_MAX, &road);

	if (error < 0)
		return bench_failed("64 sites", error);
	error = time_hub(road, bench_serve_bare, true, &row.bare);
	if (error == 0)
		error = time_hub(road, bench_serve_real, false, &row.value);
	row.n = BENCH_SITES_MAX * BENCH_MONTHS;
	if (error == 0)
		bench_print(&row);
	return error;
}

/* Until what follows from a release is over as well: its county result has come. */
static int wait_for_result(struct bench_peer *peer, uint64_t results)
{
	zmq_pollitem_t item = {.socket = peer->socket, .events = ZMQ_POLLIN};
	int error = 0;

	while (error == 0 && peer->results <= results)
		error = zmq_poll(&item, 1, WAIT_MS) > 0 ? bench_peer_take(peer) : fail(-ETIMEDOUT);
	return error;
}

static int time_receipt(struct bench_peer *peer, bool is_bare, double *ret_ms)
{
	zmq_pollitem_t item = {.socket = peer->socket, .events = ZMQ_POLLIN};
	uint64_t results = peer->results;
	int error = bench_peer_send(peer);

	while (error == 0 && peer->received < peer->sent)
		error = zmq_poll(&item, 1, WAIT_MS) > 0 ? bench_peer_take(peer) : fail(-ETIMEDOUT);
	*ret_ms = (bench_now_s() - peer->at_sent[peer->sent]) * 1000.0;
	return error == 0 && !is_bare ? wait_for_result(peer, results) : error;
}

/* Milliseconds from a release sent to its receipt, one release at a time, at both hubs in turn:
 * what the machine is doing besides is the same for both. */
static int take_turns(struct bench_road *real, struct bench_road *bare,
		      struct bench_samples *ret_real, struct bench_samples *ret_bare)
{
	double ms = 0;
	int error = 0;

	for (size_t turn = 0; turn < BENCH_MONTHS * real->peers_n && error == 0; turn++) {
		size_t site = turn % real->peers_n;

		error = bench_peer_take(&real->peers[site]);
		if (error == 0)
			error = time_receipt(&real->peers[site], false, &ms);
		bench_sample(ret_real, ms);
		if (error == 0)
			error = time_receipt(&bare->peers[site], true, &ms);
		bench_sample(ret_bare, ms);
	}
	return error;
}

int bench_receipt(const struct bench_settings *settings)
{
	own(bench_road_close) struct bench_road *real = NULL, *bare = NULL;
	own(bench_samples_free) struct bench_samples reals = {0}, bares = {0};
	struct bench_row row = bench_row("receipt", "ms", "<= 1.5");
	int error = bench_road_open(settings, "hub", 8, &real);

	if (error == 0)
		error = bench_road_open(settings, "bare", 8, &bare);
	if (error == 0)
		error = bench_road_start(real, bench_serve_real, false);
	if (error == 0)
		error = bench_road_start(bare, bench_serve_bare, true);
	if (error == 0)
		error = take_turns(real, bare, &reals, &bares);
	if (error < 0)
		return bench_failed("releases one by one", error);
	row.n = reals.n;
	row.p50 = row.value = bench_percentile(&reals, 0.5);
	row.p99 = bench_percentile(&reals, 0.99);
	row.bare_p50 = row.bare = bench_percentile(&bares, 0.5);
	row.bare_p99 = bench_percentile(&bares, 0.99);
	bench_print(&row);
	row.name = "receipt-p99";
	row.aim = "<= 4";
	row.value = row.p99;
	row.bare = row.bare_p99;
	bench_print(&row);
	return 0;
}
