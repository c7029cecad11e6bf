#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/own.h"
#include "lib/pack.h"
#include "proto/frame.h"

static const struct frame samples[] = {
	{.type = FRAME_DATA, .seq = 7, .bytes = (const uint8_t *)"abc", .bytes_n = 3},
	{.type = FRAME_END, .count = 123456},
	{.type = FRAME_ABORT},
	{.type = FRAME_CREDIT, .count = 8},
	{.type = FRAME_PROGRESS, .count = 70000, .rows = 12},
	{.type = FRAME_ANSWER,
	 .seq = 1,
	 .has_more = true,
	 .bytes = (const uint8_t *)"x",
	 .bytes_n = 1},
};

static enum frame_sender sender_of(const struct frame *frame)
{
	return frame->type <= FRAME_ABORT ? FRAME_FROM_CLIENT : FRAME_FROM_DAEMON;
}

static void assert_same_frame(const struct frame *a, const struct frame *b)
{
	assert_int_equal(a->type, b->type);
	assert_int_equal(a->seq, b->seq);
	assert_int_equal(a->has_more, b->has_more);
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->rows, b->rows);
	assert_int_equal(a->bytes_n, b->bytes_n);
	if (a->bytes_n > 0)
		assert_memory_equal(a->bytes, b->bytes, a->bytes_n);
}

static void every_type_comes_back_as_it_was_packed(void **state)
{
	own(buf_free) struct buf packet = {0};

	(void)state;
	for (size_t i = 0; i < array_n(samples); i++) {
		struct frame back;

		assert_int_equal(frame_pack(&samples[i], &packet), 0);
		assert_int_equal(frame_unpack(packet.data, packet.n, sender_of(&samples[i]), &back),
				 0);
		assert_same_frame(&samples[i], &back);
	}
}

static void the_bytes_of_a_credit_are_those_of_the_readme(void **state)
{
	own(buf_free) struct buf packet = {0};

	(void)state;
	assert_int_equal(frame_pack(&samples[3], &packet), 0);
	assert_int_equal(packet.n, 3);
	assert_memory_equal(packet.data, "\x92\x05\x08", 3);
}

static void the_wrong_side_may_not_send_a_frame(void **state)
{
	own(buf_free) struct buf packet = {0};

	(void)state;
	for (size_t i = 0; i < array_n(samples); i++) {
		enum frame_sender wrong = sender_of(&samples[i]) == FRAME_FROM_CLIENT
						  ? FRAME_FROM_DAEMON
						  : FRAME_FROM_CLIENT;
		struct frame back = {.seq = 99};

		assert_int_equal(frame_pack(&samples[i], &packet), 0);
		assert_int_equal(frame_unpack(packet.data, packet.n, wrong, &back), -EBADMSG);
		assert_int_equal(back.seq, 99);
	}
}

static void every_truncation_and_every_trailing_byte_is_refused(void **state)
{
	own(buf_free) struct buf packet = {0};
	struct frame back;

	(void)state;
	for (size_t i = 0; i < array_n(samples); i++) {
		assert_int_equal(frame_pack(&samples[i], &packet), 0);
		for (size_t n = 0; n < packet.n; n++)
			assert_int_equal(frame_unpack(packet.data, n, sender_of(&samples[i]),
						      &back),
					 -EBADMSG);
		buf_add_byte(&packet, 0);
		assert_int_equal(frame_unpack(packet.data, packet.n, sender_of(&samples[i]), &back),
				 -EBADMSG);
	}
}

static void a_frame_that_says_nothing_is_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		enum frame_sender sender;
	} hostile[] = {
		{"\x93\x02\x00\xc4\x00", 5, FRAME_FROM_CLIENT}, /* empty DATA */
		{"\x92\x05\x00", 3, FRAME_FROM_DAEMON}, /* credit of none */
		{"\x92\x05\x09", 3, FRAME_FROM_DAEMON}, /* credit of nine */
		{"\x91\x01", 2, FRAME_FROM_CLIENT}, /* a request is proto/command's */
		{"\x91\x08", 2, FRAME_FROM_DAEMON}, /* unknown */
		{"\x92\x04\x00", 3, FRAME_FROM_CLIENT}, /* one element too many */
		{"\x92\x03\xcc\x05", 4, FRAME_FROM_CLIENT}, /* not the shortest form */
		{"\x92\x03\xff", 3, FRAME_FROM_CLIENT}, /* negative */
		{"\x04", 1, FRAME_FROM_CLIENT}, /* no array */
	};
	struct frame back;

	(void)state;
	for (size_t i = 0; i < array_n(hostile); i++)
		assert_int_equal(frame_unpack(hostile[i].bytes, hostile[i].n, hostile[i].sender,
					      &back),
				 -EBADMSG);
}

static void a_body_over_60_kib_is_refused(void **state)
{
	own(buf_free) struct buf packet = {0};
	static const uint8_t body[FRAME_BODY_BYTES + 1];
	struct frame back;

	(void)state;
	for (size_t n = FRAME_BODY_BYTES; n <= FRAME_BODY_BYTES + 1; n++) {
		buf_clear(&packet);
		pack_array(&packet, 3);
		pack_u64(&packet, FRAME_DATA);
		pack_u64(&packet, 0);
		pack_bin(&packet, body, n);
		assert_int_equal(frame_unpack(packet.data, packet.n, FRAME_FROM_CLIENT, &back),
				 n == FRAME_BODY_BYTES ? 0 : -EBADMSG);
	}
}

/* Cuts n bytes of an answer into pieces, packs and joins them. */
static void assert_answer_survives(size_t n)
{
	own(buf_free) struct buf answer = {0};
	own(buf_free) struct buf packet = {0};
	own(frame_join_free) struct frame_join join = {0};

	for (size_t i = 0; i < n; i++)
		buf_add_byte(&answer, (uint8_t)(i * 31));
	for (uint64_t seq = 0; seq < frame_pieces(n); seq++) {
		struct frame piece = frame_piece(answer.data, n, seq);
		struct frame back;

		assert_false(join.is_whole);
		assert_int_equal(frame_pack(&piece, &packet), 0);
		assert_true(packet.n <= 64 * 1024);
		assert_int_equal(frame_unpack(packet.data, packet.n, FRAME_FROM_DAEMON, &back), 0);
		assert_int_equal(frame_join_add(&join, &back, n), 0);
	}
	assert_true(join.is_whole);
	assert_int_equal(join.answer.n, n);
	if (n > 0)
		assert_memory_equal(join.answer.data, answer.data, n);
}

static void pieces_joined_are_the_answer(void **state)
{
	(void)state;
	assert_answer_survives(0);
	assert_answer_survives(1);
	assert_answer_survives(FRAME_BODY_BYTES);
	assert_answer_survives(FRAME_BODY_BYTES + 1);
	assert_answer_survives(5 * FRAME_BODY_BYTES - 1);
}

static void a_piece_out_of_order_after_the_last_or_over_the_bound_is_refused(void **state)
{
	own(frame_join_free) struct frame_join join = {0};
	struct frame piece = samples[5];

	(void)state;
	piece.seq = 1;
	assert_int_equal(frame_join_add(&join, &piece, 10), -EBADMSG);
	piece.seq = 0;
	assert_int_equal(frame_join_add(&join, &piece, 0), -EMSGSIZE);
	assert_int_equal(frame_join_add(&join, &piece, 1), 0);
	piece.seq = 1;
	assert_int_equal(frame_join_add(&join, &piece, 1), -EMSGSIZE);
	piece.has_more = false;
	assert_int_equal(frame_join_add(&join, &piece, 2), 0);
	assert_true(join.is_whole);
	piece.seq = 2;
	assert_int_equal(frame_join_add(&join, &piece, 10), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_comes_back_as_it_was_packed),
		cmocka_unit_test(the_bytes_of_a_credit_are_those_of_the_readme),
		cmocka_unit_test(the_wrong_side_may_not_send_a_frame),
		cmocka_unit_test(every_truncation_and_every_trailing_byte_is_refused),
		cmocka_unit_test(a_frame_that_says_nothing_is_refused),
		cmocka_unit_test(a_body_over_60_kib_is_refused),
		cmocka_unit_test(pieces_joined_are_the_answer),
		cmocka_unit_test(a_piece_out_of_order_after_the_last_or_over_the_bound_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
