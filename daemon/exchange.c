#include "daemon/exchange.h"

#include "daemon/approve.h"
#include "lib/date.h"
#include "lib/log.h"
#include "lib/own.h"
#include "lib/sock.h"
#include "lib/text.h"
#include "proto/errors.h"

#include <errno.h>
#include <string.h>

#define WAIT_LOOK_MS 50
#define ALIVE_MS 2000
#define WAIT_DEFAULT_S 60
#define WAIT_MOST_S 86400

static enum config_role role_of(const struct exchange *exchange)
{
	return strcmp(exchange->face->role, "site") == 0 ? CONFIG_SITE : CONFIG_HUB;
}

/* What is streamed is a programme, gathered in the seat; every other file is the room's. */
static bool is_approval(const struct seat *seat)
{
	return seat->request.command == COMMAND_PROGRAMME_APPROVE;
}

bool exchange_is_at_work(const struct seat *seat)
{
	return (seat->state == SEAT_STREAMING && !is_approval(seat)) || seat->state == SEAT_WORKING;
}

/* A stream or a long question that did not reach its end leaves nothing behind. */
static void abort_work(const struct exchange *exchange, const struct seat *seat)
{
	if (seat->state == SEAT_STREAMING && !is_approval(seat))
		exchange->face->stream_abort(exchange->room);
	else if (seat->state == SEAT_WORKING)
		exchange->face->drop(exchange->room);
}

void exchange_drop(const struct exchange *exchange, struct seat *seat)
{
	abort_work(exchange, seat);
	seat_leave(seat);
}

/* ---- answers ---- */

/* Whatever the exchange was doing, from now on it answers. */
static void answer_with(const struct exchange *exchange, struct seat *seat,
			const struct answer *answer, int64_t mono_ms)
{
	abort_work(exchange, seat);
	if (seat_answer(seat, answer, mono_ms) == 0)
		return;
	log_failure("answer_lost", -ENOMEM, "operator=%s", seat->who.name);
	seat_leave(seat);
}

static void refuse(const struct exchange *exchange, struct seat *seat, const struct fault *fault,
		   int64_t mono_ms)
{
	own(answer_free) struct answer answer = {0};

	(void)answer_fault(&answer, fault);
	answer_with(exchange, seat, &answer, mono_ms);
}

/* The end of a piece of work: its answer, its refusal (-EBADMSG) or the machine's failure. */
static void finish(const struct exchange *exchange, struct seat *seat, int status,
		   const struct answer *answer, struct fault *fault, int64_t mono_ms)
{
	if (status == 0) {
		answer_with(exchange, seat, answer, mono_ms);
		return;
	}
	if (status != -EBADMSG || fault->code[0] == '\0') {
		(void)fault_set(fault, "X006", exchange->config->text[CONFIG_owner],
				"Mend it and try again; nothing is half written.", "%s",
				fail_text(status));
		log_failure("command_failed", status, "operator=%s", seat->who.name);
	}
	refuse(exchange, seat, fault, mono_ms);
}

/* ---- the daemon's own commands ---- */

static int set_clock(const struct exchange *exchange, const struct seat *seat,
		     struct answer *ret_answer, struct fault *fault)
{
	char text[DATE_MOMENT_BYTES];
	int64_t at = 0;
	int status = errand_moment(&seat->request, exchange->face->is_rehearsal(exchange->room),
				   &at, fault);

	if (status == 0)
		status = exchange->set_clock(exchange->context, at, fault);
	if (status != 0)
		return status;
	date_format_moment(at, text);
	log_event(LOG_NOTICE, "clock_set", "at=%s operator=%s", text, seat->who.name);
	return answer_line(ret_answer, "mia.clock/1", N_("The rehearsal's clock stands at %1."),
			   text, NULL);
}

static int reload(const struct exchange *exchange, struct answer *ret_answer, struct fault *fault)
{
	struct errand_reloaded reloaded = {0};
	int status = exchange->reload(exchange->context, &reloaded, fault);

	return status != 0 ? status : errand_reload(&reloaded, ret_answer);
}

static void finish_wait(const struct exchange *exchange, struct seat *seat, bool is_reached,
			int64_t mono_ms)
{
	own(answer_free) struct answer answer = {0};
	struct fault fault = {0};
	const char *msgid = is_reached ? N_("Reached: %1.") : N_("Not reached in time: %1.");
	int status = answer_line(&answer, "mia.wait/1", msgid,
				 request_option(&seat->request, "until"), NULL);

	answer.exit = is_reached ? EXIT_GOOD : EXIT_TIME_OUT;
	finish(exchange, seat, status, &answer, &fault, mono_ms);
}

void exchange_look_again(const struct exchange *exchange, struct seat *seat,
			 const struct room_time *now)
{
	const struct frame alive = {.type = FRAME_PROGRESS};
	const char *state = request_option(&seat->request, "until");
	struct fault fault = {0};
	bool is_reached = false;
	int status = exchange->face->has_reached(exchange->room, now, state, &is_reached);

	seat->look_at_ms = now->mono_ms + WAIT_LOOK_MS;
	if (status != 0) {
		(void)fault_set(&fault, "X002", "--until",
				"States are ready, contact, received and complete.",
				"\"%s\" is no state of this daemon", state);
		refuse(exchange, seat, &fault, now->mono_ms);
	} else if (is_reached || now->mono_ms >= seat->wait_until_ms) {
		finish_wait(exchange, seat, is_reached, now->mono_ms);
	} else if (now->mono_ms >= seat->progress_at_ms) {
		seat_send(seat, &alive);
		seat->progress_at_ms = now->mono_ms + ALIVE_MS;
	}
}

static void ask_wait(const struct exchange *exchange, struct seat *seat,
		     const struct room_time *now)
{
	const char *seconds = request_option(&seat->request, "timeout");
	struct fault fault = {0};
	uint64_t wait_s = WAIT_DEFAULT_S;

	if (request_option(&seat->request, "until") == NULL ||
	    (seconds != NULL && text_to_u64(seconds, WAIT_MOST_S, &wait_s) != 0)) {
		(void)fault_set(&fault, "X002", "wait", "See `mia help wait`.",
				"--until STATE is missing, or --timeout is not 0 to %d seconds",
				WAIT_MOST_S);
		refuse(exchange, seat, &fault, now->mono_ms);
		return;
	}
	seat->state = SEAT_WAITING;
	seat->wait_until_ms = now->mono_ms + (int64_t)wait_s * 1000;
	seat->progress_at_ms = now->mono_ms + ALIVE_MS;
	seat->silent_until_ms = INT64_MAX;
	exchange_look_again(exchange, seat, now);
}

/* ---- long questions ---- */

static void begin_work(struct seat *seat, int64_t mono_ms)
{
	seat->state = SEAT_WORKING;
	seat->progress_at_ms = mono_ms + ALIVE_MS;
	seat->silent_until_ms = INT64_MAX;
}

void exchange_go_on(const struct exchange *exchange, struct seat *seat, const struct room_time *now)
{
	const struct frame alive = {.type = FRAME_PROGRESS};
	own(answer_free) struct answer answer = {0};
	struct fault fault = {0};
	int status = exchange->face->go_on(exchange->room, now, &answer);

	if (status != -EINPROGRESS) {
		seat->state = SEAT_ASKING; /* the work is over, for good or bad */
		finish(exchange, seat, status, &answer, &fault, now->mono_ms);
	} else if (now->mono_ms >= seat->progress_at_ms) {
		seat_send(seat, &alive);
		seat->progress_at_ms = now->mono_ms + ALIVE_MS;
	}
}

/* ---- requests ---- */

static void ask(const struct exchange *exchange, struct seat *seat, const struct room_time *now)
{
	own(answer_free) struct answer answer = {0};
	struct fault fault = {0};
	int status;

	if (seat->request.command == COMMAND_CONFIG_SHOW)
		status = errand_config(exchange->config, role_of(exchange), &answer);
	else if (seat->request.command == COMMAND_CLOCK_SET)
		status = set_clock(exchange, seat, &answer, &fault);
	else if (seat->request.command == COMMAND_RELOAD)
		status = reload(exchange, &answer, &fault);
	else
		status = exchange->face->ask(exchange->room, now, &seat->who, &seat->request,
					     &answer);
	if (status == -EINPROGRESS)
		begin_work(seat, now->mono_ms);
	else
		finish(exchange, seat, status, &answer, &fault, now->mono_ms);
}

static void ask_stream(const struct exchange *exchange, struct seat *seat,
		       const struct room_time *now)
{
	const struct frame credit = {.type = FRAME_CREDIT, .count = FRAME_CREDIT_MAX};
	struct fault fault = {0};
	int status = is_approval(seat)
			     ? approve_begin(&seat->request, &fault)
			     : exchange->face->stream_begin(exchange->room, now, &seat->who,
							    &seat->request, &fault);

	if (status == -EBUSY)
		status =
			fault_set(&fault, "X008", exchange->config->text[CONFIG_owner],
				  "Wait for it to end and try again.", "another import is running");
	if (status != 0) {
		finish(exchange, seat, status, NULL, &fault, now->mono_ms);
		return;
	}
	seat->state = SEAT_STREAMING;
	seat_send(seat, &credit);
}

static bool may(const struct exchange *exchange, const struct seat *seat, struct fault *fault)
{
	static const char *const rights[] = {
		[RIGHT_EVERYONE] = "everyone",
		[RIGHT_STAFF] = "any",
		[RIGHT_READER] = "reader",
		[RIGHT_REGISTRAR] = "registrar",
		[RIGHT_ADMINISTRATOR] = "administrator",
		[RIGHT_COORDINATOR] = "coordinator",
	};
	const struct command_row *row = command_row(seat->request.command);
	unsigned here = role_of(exchange) == CONFIG_SITE ? AT_SITE : AT_HUB;

	if ((row->place & here) == 0)
		(void)fault_set(fault, "X001", row->words,
				"Ask the other daemon: --at NAME or --socket PATH.",
				"a %s has no such command", exchange->face->role);
	else if (row->right == RIGHT_STAFF && (seat->who.rights & 1u << RIGHT_STAFF) == 0)
		(void)fault_set(fault, "X004", row->words,
				"Ask for the right under [operators] in miad.conf.",
				"it is for those who have a right here, and your account has none");
	else if ((seat->who.rights & 1u << row->right) == 0)
		(void)fault_set(fault, "X004", row->words,
				"Ask for the right under [operators] in miad.conf.",
				"it needs the right \"%s\", which your account does not have",
				rights[row->right]);
	else
		return true;
	return false;
}

static void take_request(const struct exchange *exchange, struct seat *seat,
			 const struct buf *packet, const struct room_time *now)
{
	struct fault fault = {0};
	int status = request_unpack(packet->data, packet->n, &seat->request, &fault);

	if (status != 0 && fault.code[0] == '\0')
		(void)fault_set(&fault, "X010", "request", "Use a mia of the daemon's version.",
				"%s", fail_text(status));
	if (status != 0 || !may(exchange, seat, &fault))
		refuse(exchange, seat, &fault, now->mono_ms);
	else if (seat->request.command == COMMAND_WAIT)
		ask_wait(exchange, seat, now);
	else if (seat->request.command == COMMAND_IMPORT || is_approval(seat))
		ask_stream(exchange, seat, now);
	else
		ask(exchange, seat, now);
}

/* ---- streams ---- */

static void break_stream(const struct exchange *exchange, struct seat *seat, int64_t mono_ms)
{
	struct fault fault = {0};

	(void)fault_set(&fault, "X010", "stream", "Use a mia of the daemon's version.",
			"the file came in pieces that do not fit together");
	refuse(exchange, seat, &fault, mono_ms);
}

static void take_data(const struct exchange *exchange, struct seat *seat, const struct frame *frame,
		      int64_t mono_ms)
{
	const struct frame credit = {.type = FRAME_CREDIT, .count = 1};
	struct fault fault = {0};
	int status;

	if (frame->seq != seat->stream_seq ||
	    seat->stream_bytes + frame->bytes_n > seat->request.stream_bytes) {
		break_stream(exchange, seat, mono_ms);
		return;
	}
	status = is_approval(seat) ? approve_feed(seat, frame)
				   : exchange->face->stream_feed(exchange->room, frame->bytes,
								 frame->bytes_n, &fault);
	seat->stream_seq++;
	seat->stream_bytes += frame->bytes_n;
	if (status != 0)
		finish(exchange, seat, status, NULL, &fault, mono_ms);
	else
		seat_send(seat, &credit);
}

static int end_approval(const struct exchange *exchange, const struct seat *seat,
			const struct room_time *now, struct answer *ret_answer, struct fault *fault)
{
	own(programme_free) struct programme *programme = NULL;
	struct approval_offer offer;
	int status = approve_read(exchange->config, seat, now->at, &programme, &offer, fault);

	return status != 0 ? status
			   : exchange->face->take_programme(exchange->room, now, &seat->who, &offer,
							    ret_answer);
}

static void end_stream(const struct exchange *exchange, struct seat *seat,
		       const struct frame *frame, const struct room_time *now)
{
	own(answer_free) struct answer answer = {0};
	struct fault fault = {0};
	int status;

	if (frame->count != seat->stream_bytes ||
	    seat->stream_bytes != seat->request.stream_bytes) {
		break_stream(exchange, seat, now->mono_ms);
		return;
	}
	status = is_approval(seat) ? end_approval(exchange, seat, now, &answer, &fault)
				   : exchange->face->stream_end(exchange->room, now, &answer);
	seat->state = SEAT_ASKING; /* the stream is over, for good or bad */
	finish(exchange, seat, status, &answer, &fault, now->mono_ms);
}

static void take_stream(const struct exchange *exchange, struct seat *seat,
			const struct buf *packet, const struct room_time *now)
{
	struct frame frame = {0};

	seat->silent_until_ms = now->mono_ms + FRAME_SILENCE_MS;
	if (frame_unpack(packet->data, packet->n, FRAME_FROM_CLIENT, &frame) != 0)
		break_stream(exchange, seat, now->mono_ms);
	else if (frame.type == FRAME_DATA)
		take_data(exchange, seat, &frame, now->mono_ms);
	else if (frame.type == FRAME_END)
		end_stream(exchange, seat, &frame, now);
	else
		exchange_drop(exchange, seat);
}

void exchange_hear(const struct exchange *exchange, struct seat *seat, const struct room_time *now)
{
	own(buf_wipe) struct buf packet = {0};
	int status = sock_receive(seat->fd, &packet);

	if (status == -EAGAIN)
		return;
	if (status == 0 && seat->state == SEAT_ASKING)
		take_request(exchange, seat, &packet, now);
	else if (status == 0 && seat->state == SEAT_STREAMING)
		take_stream(exchange, seat, &packet, now);
	else
		exchange_drop(exchange, seat);
}
