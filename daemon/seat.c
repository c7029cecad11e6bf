#include "daemon/seat.h"

#include "lib/own.h"
#include "lib/sock.h"
#include "lib/text.h"

#include <errno.h>

void seat_take(struct seat *seat, int fd, const struct room_operator *who, int64_t mono_ms)
{
	*seat = (struct seat){.state = SEAT_ASKING, .fd = fd, .who = *who};
	/* The settings the name stands in may be read again while the client is here. */
	text_copy(seat->operator_name, sizeof(seat->operator_name), who->name);
	seat->who.name = seat->operator_name;
	seat->silent_until_ms = mono_ms + FRAME_SILENCE_MS;
}

void seat_leave(struct seat *seat)
{
	fd_close(&seat->fd);
	buf_wipe(&seat->answer);
	buf_free(&seat->file);
	request_wipe(&seat->request);
	*seat = (struct seat){.state = SEAT_FREE, .fd = -1};
}

int seat_answer(struct seat *seat, const struct answer *answer, int64_t mono_ms)
{
	int status;

	buf_clear(&seat->answer);
	status = answer_pack(answer, &seat->answer);
	if (status != 0)
		return status;
	seat->state = SEAT_ANSWERING;
	seat->piece = 0;
	seat->pieces = frame_pieces(seat->answer.n);
	seat->silent_until_ms = mono_ms + FRAME_SILENCE_MS;
	return 0;
}

int seat_send_pieces(struct seat *seat, int64_t mono_ms)
{
	own(buf_wipe) struct buf packet = {0};

	while (seat->piece < seat->pieces) {
		struct frame frame = frame_piece(seat->answer.data, seat->answer.n, seat->piece);
		int status = frame_pack(&frame, &packet);

		if (status == 0)
			status = sock_send(seat->fd, packet.data, packet.n);
		if (status != 0)
			return status == -EAGAIN ? 0 : status;
		seat->piece++;
		seat->silent_until_ms = mono_ms + FRAME_SILENCE_MS;
	}
	return -ENODATA;
}

void seat_send(struct seat *seat, const struct frame *frame)
{
	own(buf_free) struct buf packet = {0};

	if (frame_pack(frame, &packet) == 0)
		(void)sock_send(seat->fd, packet.data, packet.n);
}
