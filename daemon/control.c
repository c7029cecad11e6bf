#include "daemon/control.h"

#include "daemon/errand.h"
#include "daemon/seat.h"
#include "lib/date.h"
#include "lib/log.h"
#include "lib/own.h"
#include "lib/sock.h"
#include "lib/text.h"
#include "proto/errors.h"

#include <errno.h>
#include <grp.h>
#include <string.h>

#define WAIT_LOOK_MS 50
#define WAIT_PROGRESS_MS 2000
#define WAIT_DEFAULT_S 60
#define WAIT_MOST_S 86400

struct control {
	struct control_settings settings;
	int fd;
	struct seat seats[CONTROL_CLIENTS_MAX];
	size_t polled[CONTROL_POLL_MAX]; /* seat of each poll item */
};

static enum config_role role_of(const struct control *control)
{
	return strcmp(control->settings.face->role, "site") == 0 ? CONFIG_SITE : CONFIG_HUB;
}

static int group_of(const char *name, gid_t *ret_gid)
{
	const struct group *group = name[0] == '\0' ? NULL : getgrnam(name);

	if (name[0] != '\0' && group == NULL)
		return fail(-ENOENT);
	*ret_gid = group == NULL ? (gid_t)-1 : group->gr_gid;
	return 0;
}

int control_open(const struct control_settings *settings, struct control **ret_control)
{
	own(control_close) struct control *control = calloc(1, sizeof(*control));
	gid_t gid = (gid_t)-1;
	int status;

	if (control == NULL)
		return fail(-ENOMEM);
	control->settings = *settings;
	control->fd = -1;
	status = group_of(settings->config->text[CONFIG_group], &gid);
	if (status == 0)
		status = sock_listen(settings->socket_path, gid, &control->fd);
	if (status == 0)
		*ret_control = take(control);
	return status;
}

/* A stream that did not reach its end leaves nothing behind. */
static void abort_stream(struct control *control, const struct seat *seat)
{
	if (seat->state == SEAT_STREAMING)
		control->settings.face->stream_abort(control->settings.room);
}

static void drop(struct control *control, struct seat *seat)
{
	abort_stream(control, seat);
	seat_leave(seat);
}

void control_close(struct control **control)
{
	if (*control == NULL)
		return;
	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++)
		if ((*control)->seats[i].state != SEAT_FREE)
			drop(*control, &(*control)->seats[i]);
	if ((*control)->fd >= 0)
		(void)unlink((*control)->settings.socket_path);
	fd_close(&(*control)->fd);
	free(*control);
	*control = NULL;
}

/* ---- answers ---- */

/* Whatever the exchange was doing, from now on it answers. */
static void answer_with(struct control *control, struct seat *seat, const struct answer *answer,
			int64_t mono_ms)
{
	abort_stream(control, seat);
	if (seat_answer(seat, answer, mono_ms) == 0)
		return;
	log_failure("answer_lost", -ENOMEM, "operator=%s", seat->who.name);
	seat_leave(seat);
}

static void refuse(struct control *control, struct seat *seat, const struct fault *fault,
		   int64_t mono_ms)
{
	own(answer_free) struct answer answer = {0};

	(void)answer_fault(&answer, fault);
	answer_with(control, seat, &answer, mono_ms);
}

/* The end of a piece of work: its answer, its refusal (-EBADMSG) or the machine's failure. */
static void finish(struct control *control, struct seat *seat, int status,
		   const struct answer *answer, struct fault *fault, int64_t mono_ms)
{
	if (status == 0) {
		answer_with(control, seat, answer, mono_ms);
		return;
	}
	if (status != -EBADMSG || fault->code[0] == '\0') {
		(void)fault_set(fault, "X006", control->settings.config->text[CONFIG_owner],
				"Mend it and try again; nothing is half written.", "%s",
				fail_text(status));
		log_failure("command_failed", status, "operator=%s", seat->who.name);
	}
	refuse(control, seat, fault, mono_ms);
}

/* ---- the daemon's own commands ---- */

static int set_clock(struct control *control, const struct seat *seat, struct answer *ret_answer,
		     struct fault *fault)
{
	const struct control_settings *settings = &control->settings;
	char text[DATE_MOMENT_BYTES];
	int64_t at = 0;
	int status = errand_moment(&seat->request, settings->face->is_rehearsal(settings->room),
				   &at, fault);

	if (status == 0)
		status = settings->set_clock(settings->context, at, fault);
	if (status != 0)
		return status;
	date_format_moment(at, text);
	log_event(LOG_NOTICE, "clock_set", "at=%s operator=%s", text, seat->who.name);
	return errand_line("mia.clock/1", N_("The rehearsal's clock stands at %1."), text,
			   ret_answer);
}

static void finish_wait(struct control *control, struct seat *seat, bool is_reached,
			int64_t mono_ms)
{
	own(answer_free) struct answer answer = {0};
	struct fault fault = {0};
	const char *msgid = is_reached ? N_("Reached: %1.") : N_("Not reached in time: %1.");
	int status =
		errand_line("mia.wait/1", msgid, request_option(&seat->request, "until"), &answer);

	answer.exit = is_reached ? EXIT_GOOD : EXIT_TIME_OUT;
	finish(control, seat, status, &answer, &fault, mono_ms);
}

/* A waiting client is told that we live, and answered once the state holds or its time is over. */
static void look_again(struct control *control, struct seat *seat, const struct room_time *now)
{
	const struct frame alive = {.type = FRAME_PROGRESS};
	const char *state = request_option(&seat->request, "until");
	struct fault fault = {0};
	bool is_reached = false;
	int status = control->settings.face->has_reached(control->settings.room, now, state,
							 &is_reached);

	seat->look_at_ms = now->mono_ms + WAIT_LOOK_MS;
	if (status != 0) {
		(void)fault_set(&fault, "X002", "--until",
				"States are ready, contact, received and complete.",
				"\"%s\" is no state of this daemon", state);
		refuse(control, seat, &fault, now->mono_ms);
	} else if (is_reached || now->mono_ms >= seat->wait_until_ms) {
		finish_wait(control, seat, is_reached, now->mono_ms);
	} else if (now->mono_ms >= seat->progress_at_ms) {
		seat_send(seat, &alive);
		seat->progress_at_ms = now->mono_ms + WAIT_PROGRESS_MS;
	}
}

static void ask_wait(struct control *control, struct seat *seat, const struct room_time *now)
{
	const char *seconds = request_option(&seat->request, "timeout");
	struct fault fault = {0};
	uint64_t wait_s = WAIT_DEFAULT_S;

	if (request_option(&seat->request, "until") == NULL ||
	    (seconds != NULL && text_to_u64(seconds, WAIT_MOST_S, &wait_s) != 0)) {
		(void)fault_set(&fault, "X002", "wait", "See `mia help wait`.",
				"--until STATE is missing, or --timeout is not 0 to %d seconds",
				WAIT_MOST_S);
		refuse(control, seat, &fault, now->mono_ms);
		return;
	}
	seat->state = SEAT_WAITING;
	seat->wait_until_ms = now->mono_ms + (int64_t)wait_s * 1000;
	seat->progress_at_ms = now->mono_ms + WAIT_PROGRESS_MS;
	seat->silent_until_ms = INT64_MAX;
	look_again(control, seat, now);
}

/* ---- requests ---- */

static void ask(struct control *control, struct seat *seat, const struct room_time *now)
{
	const struct control_settings *settings = &control->settings;
	own(answer_free) struct answer answer = {0};
	struct fault fault = {0};
	int status;

	if (seat->request.command == COMMAND_CONFIG_SHOW)
		status = errand_config(settings->config, role_of(control), &answer);
	else if (seat->request.command == COMMAND_CLOCK_SET)
		status = set_clock(control, seat, &answer, &fault);
	else
		status = settings->face->ask(settings->room, now, &seat->who, &seat->request,
					     &answer);
	finish(control, seat, status, &answer, &fault, now->mono_ms);
}

static void ask_stream(struct control *control, struct seat *seat, const struct room_time *now)
{
	const struct frame credit = {.type = FRAME_CREDIT, .count = FRAME_CREDIT_MAX};
	const struct control_settings *settings = &control->settings;
	struct fault fault = {0};
	int status = settings->face->stream_begin(settings->room, now, &seat->who, &seat->request,
						  &fault);

	if (status == -EBUSY)
		status =
			fault_set(&fault, "X008", settings->config->text[CONFIG_owner],
				  "Wait for it to end and try again.", "another import is running");
	if (status != 0) {
		finish(control, seat, status, NULL, &fault, now->mono_ms);
		return;
	}
	seat->state = SEAT_STREAMING;
	seat_send(seat, &credit);
}

static bool may(const struct control *control, const struct seat *seat, struct fault *fault)
{
	const struct command_row *row = command_row(seat->request.command);
	unsigned here = role_of(control) == CONFIG_SITE ? AT_SITE : AT_HUB;

	if ((row->place & here) == 0)
		(void)fault_set(fault, "X001", row->words,
				"Ask the other daemon: --at NAME or --socket PATH.",
				"a %s has no such command", control->settings.face->role);
	else if ((seat->who.rights & 1u << row->right) == 0)
		(void)fault_set(fault, "X004", row->words,
				"Ask for the right under [operators] in miad.conf.",
				"the account \"%s\" may not do this here", seat->who.name);
	else
		return true;
	return false;
}

static void take_request(struct control *control, struct seat *seat, const struct buf *packet,
			 const struct room_time *now)
{
	struct fault fault = {0};
	int status = request_unpack(packet->data, packet->n, &seat->request, &fault);

	if (status != 0 && fault.code[0] == '\0')
		(void)fault_set(&fault, "X010", "request", "Use a mia of the daemon's version.",
				"%s", fail_text(status));
	if (status != 0 || !may(control, seat, &fault))
		refuse(control, seat, &fault, now->mono_ms);
	else if (seat->request.command == COMMAND_WAIT)
		ask_wait(control, seat, now);
	else if (seat->request.command == COMMAND_IMPORT)
		ask_stream(control, seat, now);
	else
		ask(control, seat, now);
}

/* ---- streams ---- */

static void break_stream(struct control *control, struct seat *seat, int64_t mono_ms)
{
	struct fault fault = {0};

	(void)fault_set(&fault, "X010", "stream", "Use a mia of the daemon's version.",
			"the file came in pieces that do not fit together");
	refuse(control, seat, &fault, mono_ms);
}

static void take_data(struct control *control, struct seat *seat, const struct frame *frame,
		      int64_t mono_ms)
{
	const struct frame credit = {.type = FRAME_CREDIT, .count = 1};
	struct fault fault = {0};
	int status;

	if (frame->seq != seat->stream_seq ||
	    seat->stream_bytes + frame->bytes_n > seat->request.stream_bytes) {
		break_stream(control, seat, mono_ms);
		return;
	}
	status = control->settings.face->stream_feed(control->settings.room, frame->bytes,
						     frame->bytes_n, &fault);
	seat->stream_seq++;
	seat->stream_bytes += frame->bytes_n;
	if (status != 0)
		finish(control, seat, status, NULL, &fault, mono_ms);
	else
		seat_send(seat, &credit);
}

static void end_stream(struct control *control, struct seat *seat, const struct frame *frame,
		       const struct room_time *now)
{
	own(answer_free) struct answer answer = {0};
	struct fault fault = {0};
	int status;

	if (frame->count != seat->stream_bytes ||
	    seat->stream_bytes != seat->request.stream_bytes) {
		break_stream(control, seat, now->mono_ms);
		return;
	}
	status = control->settings.face->stream_end(control->settings.room, now, &answer);
	seat->state = SEAT_ASKING; /* the stream is over, for good or bad */
	finish(control, seat, status, &answer, &fault, now->mono_ms);
}

static void take_stream(struct control *control, struct seat *seat, const struct buf *packet,
			const struct room_time *now)
{
	struct frame frame = {0};

	seat->silent_until_ms = now->mono_ms + FRAME_SILENCE_MS;
	if (frame_unpack(packet->data, packet->n, FRAME_FROM_CLIENT, &frame) != 0)
		break_stream(control, seat, now->mono_ms);
	else if (frame.type == FRAME_DATA)
		take_data(control, seat, &frame, now->mono_ms);
	else if (frame.type == FRAME_END)
		end_stream(control, seat, &frame, now);
	else
		drop(control, seat);
}

/* ---- the step ---- */

static void hear(struct control *control, struct seat *seat, const struct room_time *now)
{
	own(buf_wipe) struct buf packet = {0};
	int status = sock_receive(seat->fd, &packet);

	if (status == -EAGAIN)
		return;
	if (status == 0 && seat->state == SEAT_ASKING)
		take_request(control, seat, &packet, now);
	else if (status == 0 && seat->state == SEAT_STREAMING)
		take_stream(control, seat, &packet, now);
	else
		drop(control, seat);
}

static struct seat *free_seat(struct control *control)
{
	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++)
		if (control->seats[i].state == SEAT_FREE)
			return &control->seats[i];
	return NULL;
}

static void welcome(struct control *control, int64_t mono_ms)
{
	int fd = -1;
	uid_t uid = 0;

	while (sock_accept(control->fd, &fd, &uid) == 0) {
		struct seat *seat = free_seat(control);
		struct room_operator who = {.uid = uid};

		who.rights = config_rights(control->settings.config, uid, &who.name);
		if (seat != NULL)
			seat_take(seat, take_fd(fd), &who, mono_ms);
		fd_close(&fd);
	}
}

size_t control_poll(struct control *control, zmq_pollitem_t ret_items[static CONTROL_POLL_MAX])
{
	size_t n = 0;

	ret_items[n++] = (zmq_pollitem_t){.fd = control->fd, .events = ZMQ_POLLIN};
	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		const struct seat *seat = &control->seats[i];

		if (seat->state == SEAT_FREE)
			continue;
		control->polled[n] = i;
		ret_items[n++] = (zmq_pollitem_t){
			.fd = seat->fd,
			.events = seat->state == SEAT_ANSWERING ? ZMQ_POLLOUT : ZMQ_POLLIN,
		};
	}
	return n;
}

static void serve(struct control *control, struct seat *seat, bool is_ready,
		  const struct room_time *now)
{
	if (is_ready && seat->state != SEAT_ANSWERING)
		hear(control, seat, now);
	if (seat->state == SEAT_WAITING)
		look_again(control, seat, now);
	if (seat->state == SEAT_ANSWERING && seat_send_pieces(seat, now->mono_ms) != 0)
		seat_leave(seat);
	if (seat->state != SEAT_FREE && now->mono_ms >= seat->silent_until_ms)
		drop(control, seat);
}

void control_step(struct control *control, const zmq_pollitem_t items[], size_t n,
		  const struct room_time *now)
{
	for (size_t i = 1; i < n; i++) {
		struct seat *seat = &control->seats[control->polled[i]];

		if (seat->state != SEAT_FREE)
			serve(control, seat, items[i].revents != 0, now);
	}
	if (n > 0 && items[0].revents != 0)
		welcome(control, now->mono_ms);
}

int64_t control_due_ms(const struct control *control)
{
	int64_t due = INT64_MAX;

	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		const struct seat *seat = &control->seats[i];

		if (seat->state == SEAT_WAITING && seat->look_at_ms < due)
			due = seat->look_at_ms;
		if (seat->state != SEAT_FREE && seat->silent_until_ms < due)
			due = seat->silent_until_ms;
	}
	return due;
}
