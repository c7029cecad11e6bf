#include "daemon/hub/hub.h"

#include "daemon/hub/alarm.h"
#include "daemon/hub/clock_row.h"
#include "daemon/hub/ledger_read.h"
#include "daemon/hub/ledger_versions.h"
#include "daemon/hub/peers.h"
#include "daemon/hub/ledger_pin.h"
#include "daemon/hub/query.h"
#include "daemon/hub/reach.h"
#include "daemon/hub/refill.h"
#include "daemon/hub/usher.h"
#include "lib/link.h"
#include "lib/log.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/wire.h"

#include <errno.h>
#include <string.h>

#define DRAIN_MAX 256 /* messages taken in before a commit */
#define SEND_MAX 1024 /* messages sent before the socket is looked at again */
#define SOON_MS 20

struct room {
	struct room_settings settings; /* keys in it are not kept */
	struct ledger *ledger;
	struct versions versions;
	struct sign_key *key;
	struct county *county;
	struct suspensions suspensions;
	struct door *door;
	struct link_server *server;
	struct link_message message;
	int64_t clock_offset_s, mono_started_ms, mono_stepped_ms;
	uint64_t logged_n; /* audit events that were logged */
	bool was_connected[PROGRAMME_SITES_MAX];
};

static struct ledger_settings ledger_settings(const struct room_settings *settings)
{
	return (struct ledger_settings){
		.dir = settings->state_dir,
		.vault_key = settings->vault_key,
		.programme = settings->programme,
		.map_bytes = settings->store_bytes,
		.is_rehearsal = settings->is_rehearsal,
	};
}

/* ---- the clock of a rehearsal ---- */

static int64_t hub_clock_offset(const struct room *room)
{
	return room->clock_offset_s;
}

static int hub_keep_clock_offset(struct room *room, int64_t offset_s)
{
	int status;

	clock_row_put(room->ledger, offset_s);
	status = ledger_commit(room->ledger);
	if (status == 0)
		room->clock_offset_s = offset_s;
	return status;
}

/* ---- making and opening ---- */

static int hub_create(const struct room_settings *settings, const struct room_time *now,
		      struct fault *fault)
{
	const struct ledger_settings ledger_is = ledger_settings(settings);
	own(ledger_close) struct ledger *ledger = NULL;
	int status = ledger_create(&ledger_is);

	if (status == 0)
		status = ledger_open(&ledger_is, &ledger, fault);
	if (status != 0)
		return status;
	if (settings->is_rehearsal)
		clock_row_put(ledger, settings->clock_offset_s);
	ledger_audit(ledger, now->at,
		     settings->is_rehearsal ? "ledger_made rehearsal=yes"
					    : "ledger_made rehearsal=no");
	return ledger_commit(ledger);
}

static int open_door(struct room *room)
{
	const struct door_settings settings = {
		.programme = room->settings.programme,
		.versions = &room->versions,
		.roster = room->settings.roster,
		.suspensions = &room->suspensions,
		.ledger = room->ledger,
		.county = room->county,
		.key = room->key,
		.is_rehearsal = room->settings.is_rehearsal,
	};

	return door_new(&settings, &room->door);
}

static int open_server(struct room *room, const uint8_t *link_secret)
{
	struct link_peer peers[ROSTER_MEMBERS_MAX];
	const struct link_server_settings settings = {
		.endpoint = room->settings.endpoint,
		.domain = WIRE_DOMAIN,
		.secret = link_secret,
	};
	size_t peers_n = peers_list(room->settings.programme, room->settings.roster, peers);
	int status = link_server_open(&settings, peers, peers_n, &room->server);

	if (status == 0)
		log_event(LOG_NOTICE, "listening", "endpoint=%s sites=%zu not_in_programme=%zu",
			  link_server_endpoint(room->server), peers_n,
			  peers_unknown(room->settings.programme, room->settings.roster));
	return status;
}

static void hub_close(struct room **room)
{
	if (*room == NULL)
		return;
	link_message_free(&(*room)->message);
	link_server_close(&(*room)->server);
	door_free(&(*room)->door);
	county_free(&(*room)->county);
	sign_key_free(&(*room)->key);
	versions_free(&(*room)->versions);
	ledger_close(&(*room)->ledger);
	free(*room);
	*room = NULL;
}

static int hub_open(const struct room_settings *settings, const struct room_time *now,
		    struct room **ret_room, struct fault *fault)
{
	own(hub_close) struct room *room = calloc(1, sizeof(*room));
	const struct ledger_settings ledger_is = ledger_settings(settings);
	struct ledger_about about;
	int status;

	if (room == NULL)
		return fail(-ENOMEM);
	status = ledger_open(&ledger_is, &room->ledger, fault);
	if (status != 0)
		return status;
	ledger_about(room->ledger, &about);
	room->settings = *settings;
	room->settings.is_rehearsal = about.is_rehearsal;
	room->mono_started_ms = now->mono_ms;
	room->logged_n = about.state->events_n;
	status = clock_row_read(room->ledger, &room->clock_offset_s);
	if (status == 0)
		status = ledger_pin_roster(room->ledger, settings->roster, now->at, fault);
	if (status == 0)
		status = suspension_load(room->ledger, &room->suspensions, fault);
	if (status == 0)
		status = sign_key_new(settings->sign_seed, &room->key);
	if (status == 0)
		status = county_new(settings->programme, &room->county);
	if (status == 0)
		status = ledger_versions_open(room->ledger, settings, now->at, &room->versions,
					      fault);
	if (status == 0)
		status = refill_county(room->ledger, &room->versions, room->county, fault);
	if (status == 0)
		status = open_door(room);
	if (status == 0)
		status = open_server(room, settings->link_secret);
	if (status == 0)
		*ret_room = take(room);
	return status;
}

/* The list of keys changes with the socket: every connection ends, and whoever is still let in
 * comes again (4.2). */
static int hub_take_roster(struct room *room, const struct room_time *now,
			   const struct room_settings *settings, struct fault *fault)
{
	struct link_peer peers[ROSTER_MEMBERS_MAX];
	own(sign_key_free) struct sign_key *key = NULL;
	bool is_changed;
	int status = sign_key_new(settings->sign_seed, &key);

	if (status == 0)
		status = ledger_pin_roster(room->ledger, settings->roster, now->at, fault);
	if (status != 0)
		return status;
	room->settings.roster = settings->roster;
	is_changed = door_trust(room->door, settings->roster, key);
	sign_key_free(&room->key);
	room->key = take(key);
	if (!is_changed)
		return 0;
	link_server_set_key(room->server, settings->link_secret);
	status = link_server_set_peers(room->server, peers,
				       peers_list(room->settings.programme, settings->roster,
						  peers));
	if (status != 0)
		log_failure("not_listening", status, "endpoint=%s", room->settings.endpoint);
	return 0;
}

static bool hub_is_rehearsal(const struct room *room)
{
	return room->settings.is_rehearsal;
}

/* ---- the step ---- */

static int log_one(void *context, uint64_t number, int64_t at, const char *text)
{
	struct room *room = context;
	size_t n = strcspn(text, " ");
	char event[64];

	(void)at;
	(void)snprintf(event, sizeof(event), "%.*s", (int)n, text);
	log_event(alarm_priority(text), event, "%s", text[n] == '\0' ? "" : text + n + 1);
	room->logged_n = number;
	return 0;
}

/* Each audit event once, when it is durable; then who came and who went. */
static void log_news(struct room *room)
{
	const struct programme *programme = room->settings.programme;
	struct ledger_about about;

	ledger_about(room->ledger, &about);
	if (about.state->events_n > room->logged_n)
		(void)ledger_events(room->ledger, room->logged_n + 1, log_one, room);
	for (size_t site = 0; site < programme->sites_n; site++) {
		struct door_view view;

		door_view(room->door, site, &view);
		if (view.is_connected == room->was_connected[site])
			continue;
		room->was_connected[site] = view.is_connected;
		log_event(LOG_INFO, view.is_connected ? "contact" : "contact_lost", "site=%s",
			  programme->sites[site].id);
	}
}

static int take_in(struct room *room, int64_t at)
{
	struct link_message *message = &room->message;
	int status = link_server_receive(room->server, message);
	const struct arrival arrival = {
		.name = message->name,
		.route = message->route,
		.route_n = message->route_n,
		.bytes = message->payload.data,
		.n = message->payload.n,
		.at_now = at,
	};

	return status != 0 ? status : door_receive(room->door, &arrival);
}

static int drain(struct room *room, int64_t at)
{
	int status = 0;

	for (size_t i = 0; i < DRAIN_MAX && status == 0; i++)
		status = take_in(room, at);
	return status == -EAGAIN ? 0 : status;
}

static void send_out(struct room *room)
{
	struct door_out out;

	for (size_t i = 0; i < SEND_MAX && door_next(room->door, &out); i++)
		door_sent(room->door,
			  link_server_send(room->server, out.route, out.route_n, out.bytes, out.n));
}

/* A full disk is lived with: nothing was accepted, the sites send again. What else fails in the
 * ledger is not, and a new start reads it anew. */
static int hub_step(struct room *room, const struct room_time *now)
{
	size_t changed = 0;
	int status;

	room->mono_stepped_ms = now->mono_ms;
	link_server_pump(room->server);
	status = drain(room, now->at);
	if (status != 0)
		return status;
	status = door_flush(room->door, now->at, &changed);
	if (status != 0)
		log_failure("not_stored", status, "remedy=\"make room on the disk\"");
	if (status != 0 && status != -ENOSPC)
		return status;
	send_out(room);
	log_news(room);
	return 0;
}

static size_t hub_poll(struct room *room, zmq_pollitem_t ret_items[static 4])
{
	return link_server_poll(room->server, ret_items);
}

static void hub_due(const struct room *room, int64_t *ret_at, int64_t *ret_mono_ms)
{
	*ret_at = INT64_MAX;
	*ret_mono_ms = INT64_MAX;
	switch (door_waits(room->door)) {
	case DOOR_IDLE:
		break;
	case DOOR_SOON:
		*ret_mono_ms = room->mono_stepped_ms + SOON_MS;
		break;
	case DOOR_NOW:
		*ret_mono_ms = room->mono_stepped_ms;
		break;
	}
}

/* ---- questions ---- */

static int hub_ask(struct room *room, const struct room_time *now, const struct room_operator *who,
		   const struct request *request, struct answer *ret_answer)
{
	const struct query_hub hub = {
		.programme = room->settings.programme,
		.roster = room->settings.roster,
		.county = room->county,
		.ledger = room->ledger,
		.door = room->door,
		.suspensions = &room->suspensions,
		.versions = &room->versions,
		.mono_started_ms = room->mono_started_ms,
		.endpoint = link_server_endpoint(room->server),
	};
	const struct warden warden = {
		.programme = room->settings.programme,
		.roster = room->settings.roster,
		.programme_key = room->settings.programme_key,
		.key = room->key,
		.ledger = room->ledger,
		.door = room->door,
		.suspensions = &room->suspensions,
		.operator_name = who->name,
		.at_now = now->at,
	};
	struct fault fault = {0};
	int status = warden_carry_out(&warden, request, ret_answer);

	if (status == -ENOENT)
		status = usher_carry_out(&warden, request, ret_answer);

	if (status == -ENOENT)
		status = query_hub(&hub, now, request, ret_answer);
	if (status != -ENOENT)
		return status;
	(void)fault_set(&fault, "X001", command_row(request->command)->words,
			"See `mia help` for the commands.", "the hub has no such command");
	return answer_fault(ret_answer, &fault);
}

static int hub_take_programme(struct room *room, const struct room_time *now,
			      const struct room_operator *who, const struct approval_offer *offer,
			      struct answer *ret_answer)
{
	return ledger_versions_approve(room->ledger, &room->versions, offer, who->name, now->at,
				       ret_answer);
}

static int hub_has_reached(struct room *room, const struct room_time *now, const char *state,
			   bool *ret_is_reached)
{
	return reach_state(room->door, room->county, now->at, state, ret_is_reached);
}

const struct room_face hub_face = {
	.role = "hub",
	.create = hub_create,
	.open = hub_open,
	.close = hub_close,
	.is_rehearsal = hub_is_rehearsal,
	.clock_offset = hub_clock_offset,
	.keep_clock_offset = hub_keep_clock_offset,
	.poll = hub_poll,
	.due = hub_due,
	.step = hub_step,
	.ask = hub_ask,
	.has_reached = hub_has_reached,
	.take_roster = hub_take_roster,
	.take_programme = hub_take_programme,
	.print_states = door_print_states,
};
