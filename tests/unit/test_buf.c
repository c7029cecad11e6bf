#include "lib/buf.h"
#include "lib/own.h"

#include <errno.h>
#include <stdarg.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

static void appends_of_every_kind_follow_one_another(void **state)
{
	static const uint8_t expected[] = "abcd12\x04\x03\x02\x01\x08\x07\x06\x05\x04\x03\x02\x01";
	own(buf_free) struct buf buf = {0};

	(void)state;
	buf_add(&buf, "ab", 2);
	buf_add_text(&buf, "c");
	buf_add_byte(&buf, 'd');
	buf_printf(&buf, "%d", 12);
	buf_add_u32le(&buf, 0x01020304);
	buf_add_u64le(&buf, 0x0102030405060708);
	assert_int_equal(buf.error, 0);
	assert_int_equal(buf.n, sizeof(expected) - 1);
	assert_memory_equal(buf.data, expected, buf.n);
}

static void a_growing_buffer_keeps_what_it_holds(void **state)
{
	own(buf_free) struct buf buf = {0};

	(void)state;
	for (uint32_t i = 0; i < 50000; i++)
		buf_add_u32le(&buf, i);
	assert_int_equal(buf.n, 200000);
	for (uint32_t i = 0; i < 50000; i++)
		assert_int_equal(buf.data[4 * i] | buf.data[4 * i + 1] << 8 |
					 buf.data[4 * i + 2] << 16,
				 i);
}

static void the_first_error_stays_and_nothing_is_appended_after_it(void **state)
{
	own(buf_free) struct buf buf = {0};

	(void)state;
	buf_add_text(&buf, "before");
	assert_null(buf_extend(&buf, SIZE_MAX));
	assert_int_equal(buf.error, -ENOMEM);
	buf_add_text(&buf, "after");
	buf_printf(&buf, "%s", "after");
	assert_null(buf_extend(&buf, 1));
	assert_null(buf_text(&buf));
	assert_int_equal(buf.error, -ENOMEM);
	assert_int_equal(buf.n, 6);
	buf_clear(&buf);
	buf_add_text(&buf, "anew");
	assert_int_equal(buf.error, 0);
	assert_string_equal(buf_text(&buf), "anew");
}

static void an_empty_buffer_reads_as_an_empty_text(void **state)
{
	own(buf_free) struct buf buf = {0};

	(void)state;
	assert_string_equal(buf_text(&buf), "");
	assert_int_equal(buf.n, 0);
	buf_add(&buf, NULL, 0);
	assert_non_null(buf_extend(&buf, 0));
	assert_int_equal(buf.n, 0);
}

static void the_text_of_a_buffer_ends_where_its_bytes_do(void **state)
{
	own(buf_free) struct buf buf = {0};

	(void)state;
	for (size_t n = 1; n < 300; n++) {
		buf_printf(&buf, "%c", 'x');
		assert_int_equal(strlen(buf_text(&buf)), n);
		assert_int_equal(buf.n, n);
	}
}

static void dropped_bytes_are_those_at_the_front(void **state)
{
	own(buf_free) struct buf buf = {0};

	(void)state;
	buf_drop(&buf, 0);
	buf_add_text(&buf, "abcdef");
	buf_drop(&buf, 2);
	assert_string_equal(buf_text(&buf), "cdef");
	buf_drop(&buf, 4);
	assert_string_equal(buf_text(&buf), "");
}

static void a_freed_buffer_is_as_new(void **state)
{
	struct buf buf = {0};

	(void)state;
	buf_free(&buf);
	buf_add_text(&buf, "secret");
	buf_wipe(&buf);
	assert_null(buf.data);
	assert_int_equal(buf.n, 0);
	assert_int_equal(buf.capacity, 0);
	buf_add_text(&buf, "again");
	assert_string_equal(buf_text(&buf), "again");
	buf_free(&buf);
	assert_null(buf.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(appends_of_every_kind_follow_one_another),
		cmocka_unit_test(a_growing_buffer_keeps_what_it_holds),
		cmocka_unit_test(the_first_error_stays_and_nothing_is_appended_after_it),
		cmocka_unit_test(an_empty_buffer_reads_as_an_empty_text),
		cmocka_unit_test(the_text_of_a_buffer_ends_where_its_bytes_do),
		cmocka_unit_test(dropped_bytes_are_those_at_the_front),
		cmocka_unit_test(a_freed_buffer_is_as_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
