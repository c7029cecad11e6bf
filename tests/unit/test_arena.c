#include "proto/arena.h"

#include "lib/own.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void pieces_are_zeroed_aligned_and_stay_where_they_are(void **state)
{
	own(arena_free) struct arena *arena = arena_new();
	unsigned char *pieces[2000];

	(void)state;
	assert_non_null(arena);
	for (size_t i = 0; i < array_n(pieces); i++) {
		const size_t n = i % 300;

		pieces[i] = arena_take(arena, n, 1);
		assert_non_null(pieces[i]);
		assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
		for (size_t j = 0; j < n; j++)
			assert_int_equal(pieces[i][j], 0);
		memset(pieces[i], (int)(i % 251), n);
	}
	for (size_t i = 0; i < array_n(pieces); i++)
		for (size_t j = 0; j < i % 300; j++)
			assert_int_equal(pieces[i][j], i % 251);
}

static void a_piece_may_be_larger_than_a_chunk(void **state)
{
	own(arena_free) struct arena *arena = arena_new();
	char *large = arena_take(arena, 1000, 1000);

	(void)state;
	assert_non_null(large);
	memset(large, 1, 1000000);
	assert_string_equal(arena_text(arena, "small again", 5), "small");
	assert_string_equal(arena_text(arena, "", 0), "");
}

static void a_product_that_overflows_is_no_piece(void **state)
{
	own(arena_free) struct arena *arena = arena_new();

	(void)state;
	assert_null(arena_take(arena, SIZE_MAX / 2, 4));
	assert_null(arena_take(arena, SIZE_MAX / 2 + 1, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_zeroed_aligned_and_stay_where_they_are),
		cmocka_unit_test(a_piece_may_be_larger_than_a_chunk),
		cmocka_unit_test(a_product_that_overflows_is_no_piece),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
