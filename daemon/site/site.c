#include "daemon/site/site.h"

#include "daemon/site/arrival.h"
#include "daemon/site/desk.h"
#include "daemon/site/intake.h"
#include "daemon/site/order.h"
#include "daemon/site/parts.h"
#include "daemon/site/proof.h"
#include "daemon/site/query.h"
#include "daemon/site/question.h"
#include "daemon/site/road.h"
#include "daemon/site/upkeep.h"
#include "daemon/site/vouch.h"
#include "lib/log.h"
#include "lib/own.h"

#include <errno.h>
#include <string.h>
#include <sys/param.h>

#define CLOSINGS_MAX 64 /* in one step */
#define TEND_MS 60000
#define AGAIN_MS 60000 /* a closing that failed is tried again */

struct room {
	struct room_settings settings; /* of the keys, only the link's is kept */
	struct parts parts;
	struct road road;
	struct intake *intake; /* an import under way, or NULL */
	struct proof *proof; /* that figures hold together, before a month closes; or NULL */
	struct sweep *question; /* a long one being answered, or NULL */
	struct courier_view said; /* what the log last told of the courier */
	uint64_t said_received;
	int64_t mono_started_ms;
	int64_t tend_ms; /* when to look after the store */
	int64_t again_ms; /* when to try a failed closing again, 0: none failed */
	bool is_doubtful; /* something failed: is the store still good? */
};

/* ---- life ---- */

static void site_close(struct room **room)
{
	if (*room == NULL)
		return;
	intake_free(&(*room)->intake);
	sweep_free(&(*room)->question);
	proof_free(&(*room)->proof);
	road_close(&(*room)->road);
	parts_close(&(*room)->parts);
	free(*room);
	*room = NULL;
}

static int site_open(const struct room_settings *settings, const struct room_time *now,
		     struct room **ret_room, struct fault *fault)
{
	own(site_close) struct room *room = calloc(1, sizeof(*room));
	int error;

	if (room == NULL)
		return fail(-ENOMEM);
	error = parts_open(settings, now->at, &room->parts, fault);
	if (error != 0)
		return error;
	room->settings = *settings;
	room->settings.sign_seed = room->settings.vault_key = room->settings.index_key = NULL;
	room->mono_started_ms = now->mono_ms;
	room->said_received = outbox_received(room->parts.outbox);
	if (room->parts.closing.mark != MARK_HELD)
		log_event(LOG_WARNING, "unsure", "dir=%s mark=%s", settings->state_dir,
			  room->parts.closing.mark == MARK_LOST ? "lost" : "other");
	road_lay(&room->road, room->parts.courier, settings, room->parts.hub->link);
	*ret_room = take(room);
	return 0;
}

/* The hub may have another key, and we: the connection is made anew. */
static int site_take_roster(struct room *room, const struct room_time *now,
			    const struct room_settings *settings, struct fault *fault)
{
	int error = parts_take_roster(&room->parts, settings, now->at, fault);

	if (error != 0)
		return error;
	room->settings.roster = settings->roster;
	room->settings.link_secret = settings->link_secret;
	road_lay(&room->road, room->parts.courier, &room->settings, room->parts.hub->link);
	return 0;
}

static bool site_is_rehearsal(const struct room *room)
{
	return store_is_rehearsal(room->parts.store);
}

static int64_t site_clock_offset(const struct room *room)
{
	return room->parts.house.clock_offset_s;
}

static int site_keep_clock_offset(struct room *room, int64_t offset_s)
{
	return house_set_clock(room->parts.store, offset_s, &room->parts.house);
}

/* ---- the step ---- */

/* Something failed: it may be the store, so step() looks at it before it ends. */
static void doubt(struct room *room, const char *event, int error)
{
	log_failure(event, error, "dir=%s endpoint=%s", room->settings.state_dir,
		    room->settings.endpoint);
	room->is_doubtful = true;
}

static bool is_closing_due(struct room *room, int64_t at_now)
{
	if (closing_look(&room->parts.closing, at_now))
		log_event(LOG_WARNING, "not_closed", "reason=clock");
	return room->intake == NULL && at_now >= closing_due(&room->parts.closing);
}

/* Months close one after another, until one fails: then its turn comes again first. */
static void close_due(struct room *room, const struct room_time *now)
{
	char month[PERIOD_TEXT_BYTES];
	uint32_t period = 0;
	int error = 0;

	if (now->mono_ms < room->again_ms)
		return;
	for (int i = 0; i < CLOSINGS_MAX && error == 0 && is_closing_due(room, now->at); i++) {
		error = proof_close(&room->proof, &room->parts.closing, now->at,
				    road_moment(now).random, &period);
		if (error != 0)
			break;
		period_format_month(period, month);
		log_event(LOG_INFO, "released", "period=%s n=%llu", month,
			  (unsigned long long)outbox_last(room->parts.outbox));
	}
	room->again_ms = error == 0 ? 0 : now->mono_ms + (error == -EINPROGRESS ? 0 : AGAIN_MS);
	if (error == -ECANCELED)
		log_event(LOG_WARNING, "not_closed", "reason=check_failed");
	else if (error != 0 && error != -EINPROGRESS)
		doubt(room, "closing_failed", error);
}

static void travel(struct room *room, const struct room_time *now)
{
	const struct courier_moment moment = road_moment(now);
	int error = road_step(&room->road, &moment);

	if (error != 0)
		doubt(room, "road_failed", error);
}

/* One line for each thing that changed between us and the hub. */
static void tell(struct room *room)
{
	struct courier_view *said = &room->said;
	uint64_t received = outbox_received(room->parts.outbox);
	struct courier_view view;

	courier_view(room->parts.courier, &view);
	if (view.state == COURIER_STREAMING && said->state != COURIER_STREAMING)
		log_event(LOG_NOTICE, "hub_contact", "endpoint=%s round_trip_ms=%lld",
			  room->settings.endpoint, (long long)view.round_trip_ms);
	if (view.state != COURIER_STREAMING && said->state == COURIER_STREAMING)
		log_event(LOG_NOTICE, "hub_lost", "endpoint=%s state=%s", room->settings.endpoint,
			  courier_states_name(view.state));
	if (view.refusal[0] != '\0' && strcmp(view.refusal, said->refusal) != 0)
		log_event(LOG_WARNING, "refused", "code=%s state=%s", view.refusal,
			  courier_states_name(view.state));
	if (view.dropped != said->dropped)
		log_event(LOG_WARNING, "dropped", "messages=%llu",
			  (unsigned long long)(view.dropped - said->dropped));
	if (received != room->said_received)
		log_event(LOG_INFO, "received", "n=%llu", (unsigned long long)received);
	room->said = view;
	room->said_received = received;
}

static void tend(struct room *room, const struct room_time *now)
{
	const char *event = NULL;
	int error;

	if (now->mono_ms < room->tend_ms)
		return;
	room->tend_ms = now->mono_ms + TEND_MS;
	error = upkeep(room->parts.store, &event);
	if (error != 0)
		doubt(room, event, error);
}

/* After a failure: a store that LMDB gave up is opened anew by a new daemon, or not at all. */
static int check(struct room *room)
{
	int error = room->is_doubtful ? store_check(room->parts.store) : 0;

	room->is_doubtful = false;
	if (error != 0)
		log_failure("store_lost", error, "dir=%s", room->settings.state_dir);
	return error;
}

/* What is recorded becomes figures, figures travel, and what the hub says is kept. */
static int site_step(struct room *room, const struct room_time *now)
{
	close_due(room, now);
	travel(room, now);
	tell(room);
	tend(room, now);
	return check(room);
}

static size_t site_poll(struct room *room, zmq_pollitem_t ret_items[static 4])
{
	return road_poll(&room->road, ret_items);
}

static void site_due(const struct room *room, int64_t *ret_at, int64_t *ret_mono_ms)
{
	road_due(&room->road, ret_at, ret_mono_ms);
	*ret_mono_ms = MIN(*ret_mono_ms, room->tend_ms);
	if (room->is_doubtful)
		*ret_mono_ms = 0;
	if (room->intake == NULL && room->again_ms != 0)
		*ret_mono_ms = MIN(*ret_mono_ms, room->again_ms);
	else if (room->intake == NULL)
		*ret_at = MIN(*ret_at, closing_due(&room->parts.closing));
}

/* ---- questions and orders ---- */

/* What lasts a while is answered in slices (site_go_on), everything else at once. */
static int ask_query(struct room *room, const struct room_time *now,
		     const struct room_operator *who, const struct request *request,
		     struct answer *ret_answer)
{
	const struct query_site query = {
		.parts = &room->parts,
		.roster = room->settings.roster,
		.mono_started_ms = room->mono_started_ms,
		.endpoint = room->settings.endpoint,
		.is_staff = (who->rights & 1u << RIGHT_STAFF) != 0,
		.is_reader = (who->rights & 1u << RIGHT_READER) != 0,
	};
	const struct sweep_ask ask = {.site = &query, .now = now, .who = who, .request = request};
	int error = question_ask(&room->question, &ask, ret_answer);

	return error != -ENOENT ? error : query_site(&query, now, request, ret_answer);
}

static int site_go_on(struct room *room, const struct room_time *now, struct answer *ret_answer)
{
	return question_go_on(&room->question, now->mono_ms, ret_answer);
}

static void site_drop(struct room *room)
{
	sweep_free(&room->question);
}

static int site_take_programme(struct room *room, const struct room_time *now,
			       const struct room_operator *who, const struct approval_offer *offer,
			       struct answer *ret_answer)
{
	return house_versions_approve(room->parts.store, &room->parts.versions, offer, who->name,
				      now->at, ret_answer);
}

static int site_judge_version(struct room *room, const struct programme *next, bool *ret_is_due,
			      struct fault *fault)
{
	return house_versions_judge(room->parts.store, &room->parts.versions, next, ret_is_due,
				    fault);
}

static int site_has_reached(struct room *room, const struct room_time *now, const char *state,
			    bool *ret_is_reached)
{
	return arrival_has_reached(&room->parts, now->at, is_closing_due(room, now->at), state,
				   ret_is_reached);
}

static int ask_desk(struct room *room, const struct room_time *now, const struct room_operator *who,
		    const struct request *request, struct answer *ret_answer)
{
	const struct desk desk = {.programme = room->settings.programme,
				  .site = room->parts.site,
				  .store = room->parts.store,
				  .operator_name = who->name,
				  .at_now = now->at,
				  .is_importing = room->intake != NULL};
	int error = desk_carry_out(&desk, request, ret_answer);

	room->is_doubtful |= error != 0 && error != -ENOENT;
	return error;
}

static int site_ask(struct room *room, const struct room_time *now, const struct room_operator *who,
		    const struct request *request, struct answer *ret_answer)
{
	const struct order order = {
		.parts = &room->parts,
		.operator_name = who->name,
		.at_now = now->at,
		.random = road_moment(now).random,
		.is_importing = room->intake != NULL,
	};
	int error = order_carry_out(&order, request, ret_answer);

	if (error != -ENOENT) {
		log_event(LOG_NOTICE, "order", "command=\"%s\" operator=%s exit=%d",
			  command_row(request->command)->words, who->name, ret_answer->exit);
		room->is_doubtful |= error != 0;
		return error;
	}
	error = vouch_carry_out(&room->parts, now, who, request, ret_answer);
	error = error != -ENOENT ? error : ask_desk(room, now, who, request, ret_answer);
	return error != -ENOENT ? error : ask_query(room, now, who, request, ret_answer);
}

static int site_stream_begin(struct room *room, const struct room_time *now,
			     const struct room_operator *who, const struct request *request,
			     struct fault *fault)
{
	const struct intake_settings settings = {
		.programme = room->settings.programme,
		.site = room->parts.site,
		.store = room->parts.store,
		.request = request,
		.operator_name = who->name,
		.at_now = now->at,
	};

	if (room->intake != NULL)
		return fail(-EBUSY);
	return intake_new(&settings, &room->intake, fault);
}

static void site_stream_abort(struct room *room)
{
	intake_free(&room->intake);
}

static int site_stream_feed(struct room *room, const void *bytes, size_t n, struct fault *fault)
{
	int error = intake_feed(room->intake, bytes, n, fault);

	if (error != 0)
		intake_free(&room->intake);
	room->is_doubtful |= error != 0 && error != -EBADMSG;
	return error;
}

static int site_stream_end(struct room *room, const struct room_time *now,
			   struct answer *ret_answer)
{
	struct intake_counts counts;
	int error = intake_end(room->intake, ret_answer);

	(void)now;
	intake_counts(room->intake, &counts);
	if (error == 0)
		log_event(LOG_INFO, "import", "rows=%llu refused=%llu batch=%llu",
			  (unsigned long long)counts.rows, (unsigned long long)counts.refused,
			  (unsigned long long)counts.batch);
	room->is_doubtful |= error != 0;
	intake_free(&room->intake);
	return error;
}

const struct room_face site_face = {
	.role = "site",
	.create = parts_create,
	.open = site_open,
	.close = site_close,
	.is_rehearsal = site_is_rehearsal,
	.clock_offset = site_clock_offset,
	.keep_clock_offset = site_keep_clock_offset,
	.poll = site_poll,
	.due = site_due,
	.step = site_step,
	.ask = site_ask,
	.go_on = site_go_on,
	.drop = site_drop,
	.stream_begin = site_stream_begin,
	.stream_feed = site_stream_feed,
	.stream_end = site_stream_end,
	.stream_abort = site_stream_abort,
	.has_reached = site_has_reached,
	.take_roster = site_take_roster,
	.take_programme = site_take_programme,
	.judge_version = site_judge_version,
	.print_states = courier_states_print,
};
