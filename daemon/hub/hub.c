#include "daemon/hub/hub.h"

#include "daemon/hub/alarm.h"
#include "daemon/hub/clock_row.h"
#include "daemon/hub/ledger_read.h"
#include "daemon/hub/ledger_versions.h"
#include "daemon/hub/peers.h"
#include "daemon/hub/premises.h"
#include "daemon/hub/query.h"
#include "daemon/hub/reach.h"
#include "daemon/hub/usher.h"
#include "lib/link.h"
#include "lib/log.h"
#include "lib/own.h"

#include <errno.h>
#include <string.h>

#define DRAIN_MAX 256 /* messages taken in before a commit */
#define SEND_MAX 1024 /* messages sent before the socket is looked at again */
#define SOON_MS 20

struct room {
	struct premises premises;
	struct link_message message;
	int64_t mono_started_ms, mono_stepped_ms;
	uint64_t logged_n; /* audit events that were logged */
	bool was_connected[PROGRAMME_SITES_MAX];
};

/* ---- life ---- */

static void hub_close(struct room **room)
{
	if (*room == NULL)
		return;
	link_message_free(&(*room)->message);
	premises_close(&(*room)->premises);
	free(*room);
	*room = NULL;
}

static int hub_open(const struct room_settings *settings, const struct room_time *now,
		    struct room **ret_room, struct fault *fault)
{
	own(hub_close) struct room *room = calloc(1, sizeof(*room));
	int status;

	if (room == NULL)
		return fail(-ENOMEM);
	status = premises_open(settings, now->at, &room->premises, fault);
	if (status != 0)
		return status;
	room->mono_started_ms = now->mono_ms;
	room->logged_n = room->premises.opened_events_n;
	log_event(LOG_NOTICE, "listening", "endpoint=%s sites=%zu not_in_programme=%zu",
		  link_server_endpoint(room->premises.server), room->premises.listed_n,
		  peers_unknown(settings->programme, settings->roster));
	*ret_room = take(room);
	return 0;
}

static int hub_take_roster(struct room *room, const struct room_time *now,
			   const struct room_settings *settings, struct fault *fault)
{
	int listening = 0;
	int status = premises_take_roster(&room->premises, settings, now->at, &listening, fault);

	if (listening != 0)
		log_failure("not_listening", listening, "endpoint=%s",
			    room->premises.settings.endpoint);
	return status;
}

/* ---- the clock of a rehearsal ---- */

static int64_t hub_clock_offset(const struct room *room)
{
	return room->premises.clock_offset_s;
}

static int hub_keep_clock_offset(struct room *room, int64_t offset_s)
{
	int status;

	clock_row_put(room->premises.ledger, offset_s);
	status = ledger_commit(room->premises.ledger);
	if (status == 0)
		room->premises.clock_offset_s = offset_s;
	return status;
}

static bool hub_is_rehearsal(const struct room *room)
{
	return room->premises.settings.is_rehearsal;
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
	const struct programme *programme = room->premises.settings.programme;
	struct ledger_about about;

	ledger_about(room->premises.ledger, &about);
	if (about.state->events_n > room->logged_n)
		(void)ledger_events(room->premises.ledger, room->logged_n + 1, log_one, room);
	for (size_t site = 0; site < programme->sites_n; site++) {
		struct door_view view;

		door_view(room->premises.door, site, &view);
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
	int status = link_server_receive(room->premises.server, message);
	const struct arrival arrival = {
		.name = message->name,
		.address = message->address,
		.route = message->route,
		.route_n = message->route_n,
		.bytes = message->payload.data,
		.n = message->payload.n,
		.at_now = at,
		.mono_ms = room->mono_stepped_ms,
	};

	return status != 0 ? status : door_receive(room->premises.door, &arrival);
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

	for (size_t i = 0; i < SEND_MAX && door_next(room->premises.door, &out); i++)
		door_sent(room->premises.door, link_server_send(room->premises.server, out.route,
								out.route_n, out.bytes, out.n));
}

/* A full disk is lived with: nothing was accepted, the sites send again. What else fails in the
 * ledger is not, and a new start reads it anew. */
static int hub_step(struct room *room, const struct room_time *now)
{
	size_t changed = 0;
	int status;

	room->mono_stepped_ms = now->mono_ms;
	status = link_server_pump(room->premises.server);
	if (status == 0)
		status = drain(room, now->at);
	if (status != 0)
		return status;
	status = door_flush(room->premises.door, now->at, &changed);
	if (status == 0)
		status = warden_suspend_clones(room->premises.door, &room->premises.suspensions,
					       room->premises.ledger,
					       room->premises.settings.programme, now->at);
	if (status != 0)
		log_failure("not_stored", status, "remedy=\"%s\"",
			    status == -ENOSPC ? "make room on the disk" : "look at the disk");
	if (status != 0 && status != -ENOSPC)
		return status;
	send_out(room);
	log_news(room);
	return 0;
}

static size_t hub_poll(struct room *room, zmq_pollitem_t ret_items[static 4])
{
	return link_server_poll(room->premises.server, ret_items);
}

static void hub_due(const struct room *room, int64_t *ret_at, int64_t *ret_mono_ms)
{
	*ret_at = INT64_MAX;
	*ret_mono_ms = INT64_MAX;
	switch (door_waits(room->premises.door)) {
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
		.programme = room->premises.settings.programme,
		.roster = room->premises.settings.roster,
		.county = room->premises.county,
		.ledger = room->premises.ledger,
		.door = room->premises.door,
		.suspensions = &room->premises.suspensions,
		.recalls = &room->premises.recalls,
		.versions = &room->premises.versions,
		.mono_started_ms = room->mono_started_ms,
		.endpoint = link_server_endpoint(room->premises.server),
	};
	const struct warden warden = {
		.programme = room->premises.settings.programme,
		.roster = room->premises.settings.roster,
		.programme_key = room->premises.settings.programme_key,
		.key = room->premises.key,
		.ledger = room->premises.ledger,
		.door = room->premises.door,
		.suspensions = &room->premises.suspensions,
		.county = room->premises.county,
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
	return ledger_versions_approve(room->premises.ledger, &room->premises.versions, offer,
				       who->name, now->at, ret_answer);
}

static int hub_judge_version(struct room *room, const struct programme *programme, bool *ret_is_due,
			     struct fault *fault)
{
	return ledger_versions_judge(room->premises.ledger, &room->premises.versions, programme,
				     ret_is_due, fault);
}

static int hub_has_reached(struct room *room, const struct room_time *now, const char *state,
			   bool *ret_is_reached)
{
	return reach_state(room->premises.door, room->premises.county, now->at, state,
			   ret_is_reached);
}

const struct room_face hub_face = {
	.role = "hub",
	.create = premises_create,
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
	.judge_version = hub_judge_version,
	.print_states = door_print_states,
};
