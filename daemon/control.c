#include "daemon/control.h"

#include "daemon/exchange.h"
#include "daemon/seat.h"
#include "lib/own.h"
#include "lib/sock.h"

#include <errno.h>
#include <grp.h>
#include <string.h>

struct control {
	struct exchange exchange;
	const char *socket_path;
	int fd;
	struct seat seats[CONTROL_CLIENTS_MAX];
	size_t polled[CONTROL_POLL_MAX]; /* seat of each poll item */
};

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
	control->exchange = (struct exchange){
		.face = settings->face,
		.room = settings->room,
		.config = settings->config,
		.set_clock = settings->set_clock,
		.reload = settings->reload,
		.context = settings->context,
	};
	control->socket_path = settings->socket_path;
	control->fd = -1;
	status = group_of(settings->config->text[CONFIG_group], &gid);
	if (status == 0)
		status = sock_listen(settings->socket_path, gid, &control->fd);
	if (status == 0)
		*ret_control = take(control);
	return status;
}

void control_close(struct control **control)
{
	if (*control == NULL)
		return;
	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++)
		if ((*control)->seats[i].state != SEAT_FREE)
			exchange_drop(&(*control)->exchange, &(*control)->seats[i]);
	if ((*control)->fd >= 0)
		(void)unlink((*control)->socket_path);
	fd_close(&(*control)->fd);
	free(*control);
	*control = NULL;
}

bool control_is_busy(const struct control *control)
{
	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++)
		if (exchange_is_at_work(&control->seats[i]))
			return true;
	return false;
}

void control_set_room(struct control *control, struct room *room)
{
	control->exchange.room = room;
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

		who.rights = config_rights(control->exchange.config, uid, &who.name);
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
		exchange_hear(&control->exchange, seat, now);
	if (seat->state == SEAT_WAITING)
		exchange_look_again(&control->exchange, seat, now);
	if (seat->state == SEAT_WORKING)
		exchange_go_on(&control->exchange, seat, now);
	if (seat->state == SEAT_ANSWERING && seat_send_pieces(seat, now->mono_ms) != 0)
		seat_leave(seat);
	if (seat->state != SEAT_FREE && now->mono_ms >= seat->silent_until_ms)
		exchange_drop(&control->exchange, seat);
}

void control_step(struct control *control, const zmq_pollitem_t items[], size_t n,
		  const struct room_time *now)
{
	for (size_t i = 1; i < n && control->exchange.room != NULL; i++) {
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

		if (seat->state == SEAT_WORKING)
			return 0;
		if (seat->state == SEAT_WAITING && seat->look_at_ms < due)
			due = seat->look_at_ms;
		if (seat->state != SEAT_FREE && seat->silent_until_ms < due)
			due = seat->silent_until_ms;
	}
	return due;
}
