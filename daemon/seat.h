/*
 * A seat at the control socket: one client, its packets in and its answer going out in pieces,
 * without ever waiting for it.
 */
#ifndef MIA_DAEMON_SEAT_H
#define MIA_DAEMON_SEAT_H

#include "proto/frame.h"
#include "proto/room.h"

enum seat_state {
	SEAT_FREE,
	SEAT_ASKING, /* the request is due */
	SEAT_STREAMING, /* the file is coming */
	SEAT_WAITING, /* for a state of the room */
	SEAT_WORKING, /* a long question is answered slice by slice */
	SEAT_ANSWERING, /* pieces are going */
};

struct seat {
	enum seat_state state;
	int fd; /* owned */
	struct room_operator who; /* its name is operator_name */
	char operator_name[64];
	struct request request;
	int64_t silent_until_ms; /* then it is dropped */
	uint64_t stream_seq, stream_bytes; /* what came of the file */
	struct buf file; /* a programme that is offered, as far as it came */
	int64_t wait_until_ms, look_at_ms, progress_at_ms;
	struct buf answer;
	uint64_t piece, pieces;
};

/* Takes a client in on a free seat. fd is taken over. */
void seat_take(struct seat *seat, int fd, const struct room_operator *who, int64_t mono_ms);
/* Closes and frees the seat. */
void seat_leave(struct seat *seat);

/* Puts an answer on its way: the seat is ANSWERING. -ENOMEM. */
int seat_answer(struct seat *seat, const struct answer *answer, int64_t mono_ms);
/* Sends what the client takes: 0 when pieces are left, -EPIPE and its like when it is gone,
 * -ENODATA when all was sent: in both cases leave the seat. */
int seat_send_pieces(struct seat *seat, int64_t mono_ms);
/* Sends one small frame; one that does not read loses it and, by silence, its place. */
void seat_send(struct seat *seat, const struct frame *frame);

#endif
