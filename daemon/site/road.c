#include "daemon/site/road.h"

#include "lib/own.h"
#include "lib/vault.h"

#include <errno.h>

#define MESSAGES_MAX 64 /* taken in before the rest of the house has its turn */
#define STUCK_MS 250

struct courier_moment road_moment(const struct room_time *now)
{
	struct courier_moment moment = {.at = now->at, .mono_ms = now->mono_ms};

	secret_random(&moment.random, sizeof(moment.random));
	return moment;
}

void road_lay(struct road *road, struct courier *courier, const struct room_settings *settings,
	      const uint8_t *hub_key)
{
	link_client_close(&road->link);
	road->stuck_until_ms = 0;
	road->courier = courier;
	road->link_settings = (struct link_client_settings){
		.endpoint = settings->endpoint,
		.server_key = hub_key,
		.secret = settings->link_secret,
	};
}

void road_close(struct road *road)
{
	link_client_close(&road->link);
	buf_free(&road->message);
}

/* What the courier wants done with the socket. */
static int obey(struct road *road, const struct courier_moment *moment, enum courier_want want)
{
	int error;

	if (want == COURIER_NOTHING)
		return 0;
	link_client_close(&road->link);
	road->stuck_until_ms = 0;
	if (want == COURIER_HANG_UP)
		return 0;
	error = link_client_open(&road->link_settings, &road->link);
	if (error != 0)
		(void)courier_lost(road->courier, moment, false);
	return error;
}

static int follow(struct road *road, const struct courier_moment *moment)
{
	int error = obey(road, moment, courier_tick(road->courier, moment));
	enum link_event event = LINK_CONNECTED;

	while (road->link != NULL && event != LINK_NOTHING) {
		event = link_client_event(road->link);
		if (event == LINK_CONNECTED)
			courier_connected(road->courier, moment);
		else if (event != LINK_NOTHING)
			(void)obey(road, moment,
				   courier_lost(road->courier, moment, event == LINK_REFUSED));
	}
	return error;
}

static int receive(struct road *road, const struct courier_moment *moment)
{
	int error = 0;

	for (int i = 0; i < MESSAGES_MAX && road->link != NULL && error == 0; i++) {
		enum courier_want want = COURIER_NOTHING;

		error = link_client_receive(road->link, &road->message);
		if (error == -EAGAIN)
			return 0;
		if (error == 0)
			error = courier_receive(road->courier, road->message.data, road->message.n,
						moment, &want);
		if (error == -EBADMSG || error == -EMSGSIZE)
			error = 0; /* dropped; the courier counts them */
		(void)obey(road, moment, want);
	}
	return error;
}

static void send_letters(struct road *road, const struct courier_moment *moment)
{
	if (moment->mono_ms < road->stuck_until_ms)
		return;
	while (road->link != NULL && courier_next(road->courier, moment->at, &road->message)) {
		if (link_client_send(road->link, road->message.data, road->message.n) != 0) {
			road->stuck_until_ms = moment->mono_ms + STUCK_MS;
			return;
		}
		courier_sent(road->courier, moment->mono_ms);
	}
	road->stuck_until_ms = 0;
}

int road_step(struct road *road, const struct courier_moment *moment)
{
	int error = follow(road, moment);
	int received = receive(road, moment);

	send_letters(road, moment);
	return error != 0 ? error : received;
}

size_t road_poll(struct road *road, zmq_pollitem_t ret_items[static 2])
{
	return road->link == NULL ? 0 : link_client_poll(road->link, ret_items);
}

void road_due(const struct road *road, int64_t *ret_at, int64_t *ret_mono_ms)
{
	int64_t mono_ms = courier_due_ms(road->courier);
	bool is_stuck = road->stuck_until_ms != 0;

	*ret_at = is_stuck ? INT64_MAX : courier_due_at(road->courier);
	*ret_mono_ms = is_stuck && road->stuck_until_ms < mono_ms ? road->stuck_until_ms : mono_ms;
}
