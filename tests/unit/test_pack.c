#include "lib/pack.h"

#include "lib/own.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define START(...)                                                                                 \
	unpack_start((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void golden_bytes_of_every_type(void **state)
{
	static const uint8_t golden[] = {0x98, 0x00, 0xcd, 0x01, 0x00, 0xe0, 0xd0, 0xdf, 0xc3,
					 0xc0, 0xc4, 0x02, 0xab, 0xcd, 0xa3, 'm',  'i',  'a'};
	own(buf_free) struct buf buf = {0};

	(void)state;
	pack_array(&buf, 8);
	pack_u64(&buf, 0);
	pack_u64(&buf, 256);
	pack_i64(&buf, -32);
	pack_i64(&buf, -33);
	pack_bool(&buf, true);
	pack_nil(&buf);
	pack_bin(&buf, (const uint8_t[]){0xab, 0xcd}, 2);
	pack_str(&buf, "mia");
	assert_int_equal(buf.error, 0);
	assert_int_equal(buf.n, sizeof(golden));
	assert_memory_equal(buf.data, golden, sizeof(golden));
}

static void unsigned_numbers_come_back_at_every_width(void **state)
{
	(void)state;
	for (unsigned bit = 0; bit <= 64; bit++) {
		for (int off = -1; off <= 1; off++) {
			uint64_t value = (bit == 64 ? 0 : 1ULL << bit) + (uint64_t)(int64_t)off;
			own(buf_free) struct buf buf = {0};
			struct unpack in;

			pack_u64(&buf, value);
			in = unpack_start(buf.data, buf.n);
			assert_true(unpack_u64(&in, UINT64_MAX) == value);
			assert_int_equal(unpack_end(&in), 0);
		}
	}
}

static void signed_numbers_come_back_at_every_width(void **state)
{
	(void)state;
	for (unsigned bit = 0; bit <= 63; bit++) {
		for (int off = -1; off <= 1; off++) {
			int64_t value = (int64_t)(0 - (1ULL << bit) + (uint64_t)(int64_t)off);
			own(buf_free) struct buf buf = {0};
			struct unpack in;

			pack_i64(&buf, value);
			in = unpack_start(buf.data, buf.n);
			assert_true(unpack_i64(&in, INT64_MIN, INT64_MAX) == value);
			assert_int_equal(unpack_end(&in), 0);
		}
	}
}

static void a_number_over_its_bound_is_refused(void **state)
{
	struct unpack over = START(0x0b), negative = START(0xff),
		      large = START(0xcf, 0x80, 0, 0, 0, 0, 0, 0, 0);
	struct unpack below = START(0xf0);

	(void)state;
	assert_int_equal(unpack_u64(&over, 10), 0);
	assert_int_equal(over.error, -EMSGSIZE);
	assert_int_equal(unpack_u64(&negative, UINT64_MAX), 0);
	assert_int_equal(negative.error, -EMSGSIZE);
	assert_int_equal(unpack_i64(&large, INT64_MIN, INT64_MAX), 0);
	assert_int_equal(large.error, -EMSGSIZE);
	assert_int_equal(unpack_i64(&below, -15, 0), 0);
	assert_int_equal(below.error, -EMSGSIZE);
}

static int verdict(const uint8_t *bytes, size_t n)
{
	struct unpack in = unpack_start(bytes, n);

	unpack_skip(&in);
	return unpack_end(&in);
}

#define VERDICT(...) verdict((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void a_longer_form_than_needed_is_refused(void **state)
{
	static uint8_t wide[70000];

	(void)state;
	assert_int_equal(VERDICT(0xcc, 0x7f), -EBADMSG);
	assert_int_equal(VERDICT(0xcd, 0x00, 0xff), -EBADMSG);
	assert_int_equal(VERDICT(0xce, 0x00, 0x00, 0xff, 0xff), -EBADMSG);
	assert_int_equal(VERDICT(0xcf, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff), -EBADMSG);
	assert_int_equal(VERDICT(0xd0, 0x05), -EBADMSG);
	assert_int_equal(VERDICT(0xd0, 0xe0), -EBADMSG);
	assert_int_equal(VERDICT(0xd1, 0xff, 0x80), -EBADMSG);
	assert_int_equal(VERDICT(0xd2, 0xff, 0xff, 0x80, 0x00), -EBADMSG);
	assert_int_equal(VERDICT(0xd3, 0xff, 0xff, 0xff, 0xff, 0x80, 0, 0, 0), -EBADMSG);
	assert_int_equal(VERDICT(0xd9, 0x01, 'a'), -EBADMSG);
	assert_int_equal(VERDICT(0xc5, 0x00, 0x01, 0x00), -EBADMSG);
	assert_int_equal(VERDICT(0xdc, 0x00, 0x01, 0x00), -EBADMSG);
	memcpy(wide, (const uint8_t[]){0xc6, 0, 0, 0xff, 0xff}, 5);
	assert_int_equal(verdict(wide, 5 + 0xffff), -EBADMSG);
	memcpy(wide, (const uint8_t[]){0xdb, 0, 0, 0, 0xff}, 5);
	assert_int_equal(verdict(wide, 5 + 0xff), -EBADMSG);
	memcpy(wide, (const uint8_t[]){0xdd, 0, 0, 0, 0xff}, 5);
	assert_int_equal(verdict(wide, 5 + 0xff), -EBADMSG);
}

static void the_shortest_wide_forms_are_taken(void **state)
{
	static uint8_t wide[70000];

	(void)state;
	assert_int_equal(VERDICT(0xcc, 0x80), 0);
	assert_int_equal(VERDICT(0xd0, 0xdf), 0);
	assert_int_equal(VERDICT(0xd1, 0xff, 0x7f), 0);
	assert_int_equal(VERDICT(0xd2, 0xff, 0xff, 0x7f, 0xff), 0);
	assert_int_equal(VERDICT(0xd3, 0xff, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff), 0);
	memcpy(wide, (const uint8_t[]){0xc6, 0, 1, 0, 0}, 5);
	assert_int_equal(verdict(wide, 5 + 0x10000), 0);
	memcpy(wide, (const uint8_t[]){0xdd, 0, 1, 0, 0}, 5);
	assert_int_equal(verdict(wide, 5 + 0x10000), 0);
	memcpy(wide, (const uint8_t[]){0xdc, 0, 16}, 3);
	assert_int_equal(verdict(wide, 3 + 16), 0);
}

static void maps_floats_ext_and_the_unused_byte_are_refused(void **state)
{
	static const uint8_t refused[] = {0x80, 0x8f, 0xc1, 0xc7, 0xc8, 0xc9, 0xca, 0xcb,
					  0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xde, 0xdf};

	(void)state;
	for (size_t i = 0; i < sizeof(refused); i++) {
		uint8_t bytes[64] = {refused[i]};
		struct unpack in = unpack_start(bytes, sizeof(bytes));

		assert_int_equal(unpack_peek(&in), PACK_BAD);
		unpack_skip(&in);
		assert_int_equal(in.error, -EBADMSG);
	}
}

static void a_truncated_value_is_refused_at_every_length(void **state)
{
	own(buf_free) struct buf buf = {0};

	(void)state;
	pack_array(&buf, 4);
	pack_bin(&buf, "0123456789", 10);
	pack_str(&buf, "a text of more than thirty-one bytes, all told");
	pack_u64(&buf, UINT64_MAX);
	pack_i64(&buf, INT64_MIN);
	assert_int_equal(verdict(buf.data, buf.n), 0);
	for (size_t n = 0; n < buf.n; n++)
		assert_int_equal(verdict(buf.data, n), -ENODATA);
}

static void an_empty_buffer_is_short(void **state)
{
	struct unpack in = unpack_start(NULL, 0);

	(void)state;
	assert_int_equal(unpack_peek(&in), PACK_BAD);
	assert_false(unpack_nil(&in));
	assert_int_equal(unpack_u64(&in, 10), 0);
	assert_int_equal(in.error, -ENODATA);
}

static void a_count_over_the_bytes_left_is_refused(void **state)
{
	struct unpack huge = START(0xdd, 0xff, 0xff, 0xff, 0xff), three = START(0x93, 0, 0);
	struct unpack many = START(0x93, 0, 0, 0);

	(void)state;
	assert_int_equal(unpack_array(&huge, UINT32_MAX), 0);
	assert_int_equal(huge.error, -ENODATA);
	assert_int_equal(unpack_array(&three, 10), 0);
	assert_int_equal(three.error, -ENODATA);
	assert_int_equal(unpack_array(&many, 2), 0);
	assert_int_equal(many.error, -EMSGSIZE);
}

static void an_array_of_another_count_is_refused(void **state)
{
	struct unpack in = START(0x92, 0, 0);

	(void)state;
	unpack_array_of(&in, 3);
	assert_int_equal(unpack_end(&in), -EBADMSG);
}

static void nesting_ends_at_the_bound(void **state)
{
	static const uint8_t deep[] = {0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0xc0};

	(void)state;
	assert_int_equal(verdict(deep + 1, sizeof(deep) - 1), 0);
	assert_int_equal(verdict(deep, sizeof(deep)), -EMSGSIZE);
}

static void trailing_bytes_are_refused(void **state)
{
	(void)state;
	assert_int_equal(VERDICT(0x00), 0);
	assert_int_equal(VERDICT(0x00, 0x00), -EBADMSG);
}

static void an_array_that_was_not_left_is_refused(void **state)
{
	struct unpack in = START(0x90);

	(void)state;
	assert_int_equal(unpack_array(&in, 1), 0);
	assert_int_equal(unpack_end(&in), -EBADMSG);
}

static void a_first_failure_stays_and_reads_give_nothing(void **state)
{
	struct unpack in = START(0xc0, 0x01, 0xa1, 'a', 0xc4, 0x01, 0xff);
	char text[8] = "before";
	uint8_t bytes[3] = {1, 2, 3};
	size_t n = 9;

	(void)state;
	assert_int_equal(unpack_u64(&in, 10), 0);
	assert_int_equal(in.error, -EBADMSG);
	assert_int_equal(unpack_u64(&in, 10), 0);
	unpack_str(&in, text, sizeof(text));
	assert_string_equal(text, "");
	assert_null(unpack_bin(&in, 10, &n));
	assert_int_equal(n, 0);
	unpack_bin_of(&in, bytes, sizeof(bytes));
	assert_memory_equal(bytes, ((const uint8_t[]){0, 0, 0}), 3);
	assert_null(unpack_str_dup(&in, 10));
	assert_false(unpack_bool(&in));
	assert_false(unpack_nil(&in));
	assert_int_equal(unpack_array(&in, 1), 0);
	unpack_leave(&in);
	assert_int_equal(in.at, 0);
	assert_int_equal(unpack_end(&in), -EBADMSG);
}

static void text_is_utf8_without_control_characters(void **state)
{
	(void)state;
	for (unsigned byte = 0; byte < 256; byte++) {
		uint8_t bytes[2] = {0xa1, (uint8_t)byte};
		struct unpack in = unpack_start(bytes, 2);
		char text[8];

		unpack_str(&in, text, sizeof(text));
		assert_int_equal(unpack_end(&in), byte >= 0x20 && byte < 0x7f ? 0 : -EBADMSG);
	}
}

static void a_c1_control_is_refused_and_a_swedish_letter_taken(void **state)
{
	struct unpack csi = START(0xa2, 0xc2, 0x9b), letter = START(0xa2, 0xc3, 0xa5);
	char text[8];

	(void)state;
	unpack_str(&csi, text, sizeof(text));
	assert_int_equal(unpack_end(&csi), -EBADMSG);
	unpack_str(&letter, text, sizeof(text));
	assert_int_equal(unpack_end(&letter), 0);
	assert_string_equal(text, "å");
}

static void a_text_longer_than_its_room_is_refused(void **state)
{
	struct unpack fits = START(0xa3, 'a', 'b', 'c'), over = START(0xa3, 'a', 'b', 'c');
	char room[4], small[3];

	(void)state;
	unpack_str(&fits, room, sizeof(room));
	assert_int_equal(unpack_end(&fits), 0);
	assert_string_equal(room, "abc");
	unpack_str(&over, small, sizeof(small));
	assert_int_equal(unpack_end(&over), -EMSGSIZE);
	assert_string_equal(small, "");
}

static void an_owned_text_is_a_copy_with_an_end(void **state)
{
	struct unpack in = START(0xa3, 'a', 'b', 'c'), over = START(0xa3, 'a', 'b', 'c');
	own(mem_free) char *text = unpack_str_dup(&in, 3);

	(void)state;
	assert_string_equal(text, "abc");
	assert_int_equal(unpack_end(&in), 0);
	assert_null(unpack_str_dup(&over, 2));
	assert_int_equal(over.error, -EMSGSIZE);
}

static void a_bin_of_another_length_is_refused(void **state)
{
	struct unpack in = START(0xc4, 0x02, 1, 2), exact = START(0xc4, 0x02, 1, 2);
	uint8_t three[3] = {9, 9, 9}, two[2];

	(void)state;
	unpack_bin_of(&in, three, 3);
	assert_int_equal(in.error, -EBADMSG);
	assert_int_equal(three[0], 0);
	unpack_bin_of(&exact, two, 2);
	assert_int_equal(unpack_end(&exact), 0);
	assert_int_equal(two[1], 2);
}

static void nil_is_taken_only_where_it_stands(void **state)
{
	struct unpack in = START(0xc0, 0xc2);

	(void)state;
	assert_int_equal(unpack_peek(&in), PACK_NIL);
	assert_true(unpack_nil(&in));
	assert_false(unpack_nil(&in));
	assert_int_equal(in.error, 0);
	assert_false(unpack_bool(&in));
	assert_int_equal(unpack_end(&in), 0);
}

static void skip_stops_after_one_value(void **state)
{
	struct unpack in = START(0x92, 0x92, 0x01, 0xa1, 'x', 0x90, 0x07);

	(void)state;
	unpack_skip(&in);
	assert_int_equal(unpack_u64(&in, 10), 7);
	assert_int_equal(unpack_end(&in), 0);
}

static void a_text_too_long_to_write_sets_the_error(void **state)
{
	own(buf_free) struct buf buf = {0};

	(void)state;
	pack_bin(&buf, "", (size_t)UINT32_MAX + 1);
	assert_int_equal(buf.error, -EMSGSIZE);
	assert_int_equal(buf.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden_bytes_of_every_type),
		cmocka_unit_test(unsigned_numbers_come_back_at_every_width),
		cmocka_unit_test(signed_numbers_come_back_at_every_width),
		cmocka_unit_test(a_number_over_its_bound_is_refused),
		cmocka_unit_test(a_longer_form_than_needed_is_refused),
		cmocka_unit_test(the_shortest_wide_forms_are_taken),
		cmocka_unit_test(maps_floats_ext_and_the_unused_byte_are_refused),
		cmocka_unit_test(a_truncated_value_is_refused_at_every_length),
		cmocka_unit_test(an_empty_buffer_is_short),
		cmocka_unit_test(a_count_over_the_bytes_left_is_refused),
		cmocka_unit_test(an_array_of_another_count_is_refused),
		cmocka_unit_test(nesting_ends_at_the_bound),
		cmocka_unit_test(trailing_bytes_are_refused),
		cmocka_unit_test(an_array_that_was_not_left_is_refused),
		cmocka_unit_test(a_first_failure_stays_and_reads_give_nothing),
		cmocka_unit_test(text_is_utf8_without_control_characters),
		cmocka_unit_test(a_c1_control_is_refused_and_a_swedish_letter_taken),
		cmocka_unit_test(a_text_longer_than_its_room_is_refused),
		cmocka_unit_test(an_owned_text_is_a_copy_with_an_end),
		cmocka_unit_test(a_bin_of_another_length_is_refused),
		cmocka_unit_test(nil_is_taken_only_where_it_stands),
		cmocka_unit_test(skip_stops_after_one_value),
		cmocka_unit_test(a_text_too_long_to_write_sets_the_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
