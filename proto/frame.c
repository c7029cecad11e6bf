#include "proto/frame.h"

#include "lib/fail.h"
#include "lib/pack.h"

#include <assert.h>
#include <errno.h>

/* Who sends a type, and of how many elements its array is. */
static const struct {
	enum frame_sender sender;
	uint32_t elements;
} shapes[] = {
	[FRAME_DATA] = {FRAME_FROM_CLIENT, 3},     [FRAME_END] = {FRAME_FROM_CLIENT, 2},
	[FRAME_ABORT] = {FRAME_FROM_CLIENT, 1},    [FRAME_CREDIT] = {FRAME_FROM_DAEMON, 2},
	[FRAME_PROGRESS] = {FRAME_FROM_DAEMON, 3}, [FRAME_ANSWER] = {FRAME_FROM_DAEMON, 4},
};

int frame_pack(const struct frame *frame, struct buf *ret_packet)
{
	assert(frame->type >= FRAME_DATA && frame->type <= FRAME_ANSWER);
	assert(frame->bytes_n <= FRAME_BODY_BYTES);

	buf_clear(ret_packet);
	pack_array(ret_packet, shapes[frame->type].elements);
	pack_u64(ret_packet, frame->type);
	switch (frame->type) {
	case FRAME_DATA:
		pack_u64(ret_packet, frame->seq);
		pack_bin(ret_packet, frame->bytes, frame->bytes_n);
		break;
	case FRAME_END:
	case FRAME_CREDIT:
		pack_u64(ret_packet, frame->count);
		break;
	case FRAME_PROGRESS:
		pack_u64(ret_packet, frame->count);
		pack_u64(ret_packet, frame->rows);
		break;
	case FRAME_ANSWER:
		pack_u64(ret_packet, frame->seq);
		pack_bool(ret_packet, frame->has_more);
		pack_bin(ret_packet, frame->bytes, frame->bytes_n);
		break;
	case FRAME_REQUEST:
	case FRAME_ABORT:
		break;
	}
	return ret_packet->error;
}

static void unpack_fields(struct unpack *in, struct frame *to)
{
	switch (to->type) {
	case FRAME_DATA:
		to->seq = unpack_u64(in, UINT64_MAX);
		to->bytes = unpack_bin(in, FRAME_BODY_BYTES, &to->bytes_n);
		break;
	case FRAME_END:
		to->count = unpack_u64(in, UINT64_MAX);
		break;
	case FRAME_CREDIT:
		to->count = unpack_u64(in, FRAME_CREDIT_MAX);
		break;
	case FRAME_PROGRESS:
		to->count = unpack_u64(in, UINT64_MAX);
		to->rows = unpack_u64(in, UINT64_MAX);
		break;
	case FRAME_ANSWER:
		to->seq = unpack_u64(in, UINT64_MAX);
		to->has_more = unpack_bool(in);
		to->bytes = unpack_bin(in, FRAME_BODY_BYTES, &to->bytes_n);
		break;
	case FRAME_REQUEST:
	case FRAME_ABORT:
		break;
	}
}

/* Nothing may be sent for nothing: an empty DATA or a credit of none would only keep the other end
 * awake. */
static bool says_something(const struct frame *frame)
{
	if (frame->type == FRAME_DATA)
		return frame->bytes_n > 0;
	if (frame->type == FRAME_CREDIT)
		return frame->count > 0;
	return true;
}

int frame_unpack(const void *packet, size_t n, enum frame_sender sender, struct frame *ret_frame)
{
	struct unpack in = unpack_start(packet, n);
	struct frame frame = {0};
	uint32_t elements = unpack_array(&in, 4);
	uint64_t type = unpack_u64(&in, FRAME_ANSWER);

	if (in.error != 0 || type < FRAME_DATA || elements != shapes[type].elements ||
	    shapes[type].sender != sender)
		return fail(-EBADMSG);
	frame.type = (enum frame_type)type;
	unpack_fields(&in, &frame);
	unpack_leave(&in);
	if (unpack_end(&in) != 0 || !says_something(&frame))
		return fail(-EBADMSG);
	*ret_frame = frame;
	return 0;
}

uint64_t frame_pieces(size_t n)
{
	return n == 0 ? 1 : (n + FRAME_BODY_BYTES - 1) / FRAME_BODY_BYTES;
}

struct frame frame_piece(const void *answer, size_t n, uint64_t seq)
{
	size_t at = (size_t)seq * FRAME_BODY_BYTES;
	bool has_more = seq + 1 < frame_pieces(n);

	assert(seq < frame_pieces(n));
	return (struct frame){
		.type = FRAME_ANSWER,
		.seq = seq,
		.has_more = has_more,
		.bytes = n == 0 ? NULL : (const uint8_t *)answer + at,
		.bytes_n = has_more ? FRAME_BODY_BYTES : n - at,
	};
}

void frame_join_free(struct frame_join *join)
{
	buf_free(&join->answer);
	*join = (struct frame_join){0};
}

int frame_join_add(struct frame_join *join, const struct frame *frame, size_t most)
{
	if (frame->type != FRAME_ANSWER || join->is_whole || frame->seq != join->seq)
		return fail(-EBADMSG);
	if (frame->bytes_n > most || join->answer.n > most - frame->bytes_n)
		return fail(-EMSGSIZE);
	buf_add(&join->answer, frame->bytes, frame->bytes_n);
	if (join->answer.error != 0)
		return join->answer.error;
	join->seq++;
	join->is_whole = !frame->has_more;
	return 0;
}
