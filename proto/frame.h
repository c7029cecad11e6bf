/*
 * Packets of the control socket (4.3): a request, the file that may follow it in pieces under
 * credit, and the answer in pieces. One packet is one canonical MessagePack array whose first
 * element is its type; the request itself (proto/command) is type 1. proto/README.md gives every
 * byte and the rules of the exchange.
 */
#ifndef MIA_PROTO_FRAME_H
#define MIA_PROTO_FRAME_H

#include "lib/buf.h"

#include <stdbool.h>

#define FRAME_BODY_BYTES (60 * 1024) /* the most one DATA or ANSWER carries */
#define FRAME_CREDIT_MAX 8 /* DATA packets a client may have under way */
#define FRAME_SILENCE_MS 5000 /* the longest between two packets of an exchange */

enum frame_type {
	FRAME_REQUEST = 1, /* proto/command's own; frame_unpack() refuses it */
	FRAME_DATA = 2, /* client: [2, seq uint, bytes bin] */
	FRAME_END = 3, /* client: [3, total bytes uint] */
	FRAME_ABORT = 4, /* client: [4] */
	FRAME_CREDIT = 5, /* daemon: [5, packets uint] */
	FRAME_PROGRESS = 6, /* daemon: [6, bytes uint, rows uint] */
	FRAME_ANSWER = 7, /* daemon: [7, seq uint, more bool, body bin] */
};

enum frame_sender { FRAME_FROM_CLIENT, FRAME_FROM_DAEMON };

/* Any packet but the request. What its type has no use for is zero. */
struct frame {
	enum frame_type type;
	uint64_t seq; /* DATA and ANSWER: 0, 1, 2 ... without gaps */
	bool has_more; /* ANSWER: another piece follows */
	const uint8_t *bytes; /* DATA and ANSWER: borrowed; of a received frame a view */
	size_t bytes_n; /* DATA 1..FRAME_BODY_BYTES, ANSWER 0..FRAME_BODY_BYTES */
	uint64_t count; /* END: bytes sent; CREDIT: packets more, 1..8; PROGRESS: bytes taken in */
	uint64_t rows; /* PROGRESS */
};

/* Replaces the packet's content by the frame: 0 or -ENOMEM. */
int frame_pack(const struct frame *frame, struct buf *ret_packet);
/* -EBADMSG malformed, unknown, or not for that sender to send; *ret_frame untouched then. */
int frame_unpack(const void *packet, size_t n, enum frame_sender sender, struct frame *ret_frame);

/* Piece seq of an answer's n bytes (seq < frame_pieces(n)); a view. */
struct frame frame_piece(const void *answer, size_t n, uint64_t seq);
/* How many pieces n bytes make; nothing is one empty piece. */
uint64_t frame_pieces(size_t n);

/* The other end: pieces joined again. Valid when zeroed; answer is owned. */
struct frame_join {
	struct buf answer;
	uint64_t seq;
	bool is_whole;
};
void frame_join_free(struct frame_join *join);
/* Takes an ANSWER in: 0 (ask is_whole), -EBADMSG out of order or after the last, -EMSGSIZE beyond
 * most bytes, -ENOMEM. */
int frame_join_add(struct frame_join *join, const struct frame *frame, size_t most);

#endif
